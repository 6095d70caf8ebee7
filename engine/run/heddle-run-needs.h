/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"
#include "run/heddle-past.h"

G_BEGIN_DECLS

/* What a node needs: the nodes that come before it, by edges and by what expressions read, over the frames of containers. */

/* Ids of the node, of what it needs, and of what is in containers that it needs; a set. */
GHashTable *heddle_run_needs_list (HeddlePlan *plan, const char *node) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Whether the node can run alone, with results of the past for all that it needs directly. With pins: pinned results count as well. The error says
 * which nodes have none.
 */
gboolean heddle_run_needs_check (HeddlePlan *plan, const char *node, HeddlePast *past, gboolean use_pins, GError **error);

G_END_DECLS
