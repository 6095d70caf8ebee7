/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>

/* Names in a message; a longer circle is cut short. */
#define MAX_NAMES 6

static HeddleVertex *
vertex_at (HeddleGraph *graph, guint index)
{
  return g_ptr_array_index (graph->nodes, index);
}

static guint
count_sources (HeddleVertex *vertex)
{
  guint count = 0;

  for (guint i = 0; i < vertex->in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->in, i);

      count += link->from->node != NULL;
    }
  return count;
}

/* missing: for each node, how many of its in-edges come from nodes not in the order. */
static GArray *
sort_topologically (HeddleGraph *graph, guint *missing)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint), graph->nodes->len);

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      missing[i] = count_sources (vertex_at (graph, i));
      if (missing[i] == 0)
        g_array_append_val (order, i);
    }
  for (guint i = 0; i < order->len; i++)
    {
      HeddleVertex *vertex = vertex_at (graph, g_array_index (order, guint, i));

      for (guint j = 0; j < vertex->out->len; j++)
        {
          HeddleLink *link = g_ptr_array_index (vertex->out, j);

          if (link->to->node != NULL && --missing[link->to->node->index] == 0)
            g_array_append_val (order, link->to->node->index);
        }
    }
  return order;
}

/* Some node before this one that is itself on or behind a cycle. */
static HeddleVertex *
find_predecessor (HeddleVertex *vertex, const guint *missing)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->in, i);

      if (link->from->node != NULL && missing[link->from->node->index] > 0)
        return link->from;
    }
  return NULL;
}

static char *
describe_cycle (HeddleVertex *start, const guint *missing)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  HeddleVertex *vertex = start;

  do
    {
      g_ptr_array_add (names, vertex->id);
      vertex = find_predecessor (vertex, missing);
    }
  while (vertex != start);

  /* It was walked against the arrows. */
  for (guint i = names->len; i > 0; i--)
    {
      guint place = names->len - i;

      if (place < MAX_NAMES)
        g_string_append_printf (text, "“%s” → ", (const char *) g_ptr_array_index (names, i - 1));
      else if (place == MAX_NAMES)
        g_string_append (text, "… → ");
    }
  g_string_append_printf (text, "“%s”", (const char *) g_ptr_array_index (names, names->len - 1));
  return g_strdup_printf (_ ("These nodes wait for each other in a circle: %s. Delete one of the connections."), text->str);
}

/* Each node that is not in the order has one such node before it, so walking back ends in a cycle. */
GArray *
heddle_graph_check_cycles (HeddleGraph *graph, GPtrArray *problems)
{
  g_autofree guint *missing = g_new (guint, graph->nodes->len + 1);
  GArray *order = sort_topologically (graph, missing);
  guint first_mark = graph->mark + 1;

  for (guint i = 0; i < graph->nodes->len && order->len < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = vertex_at (graph, i);
      guint mark;

      if (missing[i] == 0)
        continue;
      mark = ++graph->mark;
      while (vertex->mark < first_mark)
        {
          vertex->mark = mark;
          vertex = find_predecessor (vertex, missing);
        }
      if (vertex->mark == mark)
        heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL, NULL, describe_cycle (vertex, missing));
    }
  return order;
}
