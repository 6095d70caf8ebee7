/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph-private.h"

G_BEGIN_DECLS

/* Circles of the flow, as drawing, validation and plans need them; see heddle-graph-loops.c. */

/* A circle that several of its nodes are entered from outside at: nobody can say where a round begins. */
typedef struct
{
  GArray *nodes;   /* guint: indices of nodes, in document order */
  GArray *entries; /* guint: those of them that are entered, at least two */
} HeddleTangle;

typedef struct
{
  GPtrArray *loops;      /* HeddleGraphLoop*, outer ones before those in them */
  GPtrArray *tangles;    /* HeddleTangle* */
  GHashTable *back;      /* set of HeddleLink*: those that lead back to the entry of their loop */
  GHashTable *unentered; /* set of HeddleGraphLoop*: nothing leads into them */
  int *loop_of;          /* by node index: the innermost loop, or -1 */
  guint *depth;          /* by node index: in how many loops it is */
  gboolean is_too_deep;  /* there are circles in more than HEDDLE_MAX_NESTING circles; they were not looked at */
} HeddleLoopSearch;

/* As if there were an edge from one node to another, or, from NULL, from the frame around it; both NULL: the graph as it is. */
HeddleLoopSearch *heddle_graph_search_loops (HeddleGraph *self, const HeddleNode *from, const HeddleNode *to) G_GNUC_WARN_UNUSED_RESULT;
void heddle_loop_search_free (HeddleLoopSearch *search);
/* Whether it is a step of the flow to the next one within its level: between two nodes of one frame, and for no tool. */
gboolean heddle_link_is_flow (const HeddleLink *link);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleLoopSearch, heddle_loop_search_free)

G_END_DECLS
