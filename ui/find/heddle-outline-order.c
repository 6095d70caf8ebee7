/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-outline-order.h"

/* How many edges of each node are still to come, by its index; -1: it is listed. */
typedef struct
{
  HeddleGraph *graph;
  int *waiting;
  GPtrArray *order;
} Walk;

static void
count_edges (Walk *walk)
{
  for (guint i = 0; i < heddle_graph_get_n_edges (walk->graph); i++)
    {
      const HeddleEdge *edge = heddle_graph_get_edge (walk->graph, i);
      const HeddleNode *to = heddle_graph_find_node (walk->graph, edge->to);

      if (to != NULL && heddle_graph_find_node (walk->graph, edge->from) != NULL && !heddle_graph_is_inner_edge (walk->graph, edge))
        walk->waiting[to->index]++;
    }
}

static void
take (Walk *walk,
      const HeddleNode *node)
{
  walk->waiting[node->index] = -1;
  g_ptr_array_add (walk->order, (gpointer) node);
}

static void
release_targets (Walk *walk,
                 const HeddleNode *node)
{
  GPtrArray *edges = heddle_graph_get_out_edges (walk->graph, node->id);

  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *edge = edges->pdata[i];
      const HeddleNode *to = heddle_graph_find_node (walk->graph, edge->to);

      if (to == NULL || walk->waiting[to->index] <= 0 || heddle_graph_is_inner_edge (walk->graph, edge))
        continue;
      if (--walk->waiting[to->index] == 0)
        take (walk, to);
    }
}

GPtrArray *
heddle_outline_order_list (HeddleGraph *graph)
{
  guint n_nodes = heddle_graph_get_n_nodes (graph);
  g_autofree int *waiting = g_new0 (int, n_nodes + 1);
  Walk walk = { graph, waiting, g_ptr_array_sized_new (n_nodes) };
  guint next = 0;

  count_edges (&walk);
  for (guint i = 0; i < n_nodes; i++)
    if (waiting[i] == 0)
      take (&walk, heddle_graph_get_node (graph, i));
  for (guint i = 0; i < n_nodes; i++)
    {
      /* All that is left lies behind a circle. */
      for (; i == walk.order->len; next++)
        if (waiting[next] >= 0)
          take (&walk, heddle_graph_get_node (graph, next));
      release_targets (&walk, walk.order->pdata[i]);
    }
  return walk.order;
}
