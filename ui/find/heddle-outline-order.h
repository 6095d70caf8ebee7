/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * The nodes as values flow through them, as if there were no frames; ties in document order. A circle is entered at its first
 * node. Borrowed const HeddleNode*, until the next edit. O(nodes + edges).
 */
GPtrArray *heddle_outline_order_list (HeddleGraph *graph) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
