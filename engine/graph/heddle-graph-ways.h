/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph-check.h"

G_BEGIN_DECLS

/* Two nodes of which it is asked whether both can run without an order between them. */
typedef struct
{
  HeddleVertex *first, *second;      /* as they are told */
  HeddleVertex *a, *b;               /* they or the frames around them that are beside each other */
  const HeddleLink *a_link, *b_link; /* or edges that leave a and b; NULL: the nodes themselves */
  gboolean is_settled;               /* they have an order, or only one of them runs */
} HeddlePair;

/*
 * Marks those pairs (HeddlePair) as settled of which only one can be, as they need different outputs of one node. links: as heddle_graph_sort
 * gives them. FALSE: there are too many nodes with several outputs to tell.
 */
gboolean heddle_graph_find_exclusions (HeddleGraph *graph, const GPtrArray *links, GArray *pairs) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
