/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Arrows between points that are numbers from 0. */
typedef struct
{
  guint from, to;
} HeddleArc;

/*
 * The strongly connected components: points that lead to each other, directly or through others. Returns for each point the number of
 * its component, from 0 (free with g_free). O(points + arcs), without recursion.
 */
guint *heddle_arcs_find_components (guint n_points, const HeddleArc *arcs, guint n_arcs, guint *n_components) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
