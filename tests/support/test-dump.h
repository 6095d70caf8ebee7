/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-trace.h"

G_BEGIN_DECLS

/* All that a trace shows, as text: two that look the same give the same. */
char *test_dump_trace (HeddleTrace *trace) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
