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

static GArray *
sort_topologically (HeddleGraph *graph)
{
  g_autofree guint *missing = g_new (guint, graph->nodes->len + 1); /* in-edges from nodes not in the order */
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

/* Tarjan's search for strongly connected components, without recursion. */
typedef struct
{
  HeddleGraph *graph;
  guint *seen; /* when a node was first seen, from 1; 0: not yet */
  guint *low;  /* the earliest seen node it leads back to */
  guint *next; /* its next out-edge to follow */
  guint *component;
  guint n_seen, n_components;
  GArray *path;    /* nodes being followed */
  GArray *pending; /* nodes without a component */
} Search;

static void
enter (Search *search, guint node)
{
  search->seen[node] = search->low[node] = ++search->n_seen;
  g_array_append_val (search->path, node);
  g_array_append_val (search->pending, node);
}

static void
leave (Search *search, guint node)
{
  g_array_set_size (search->path, search->path->len - 1);
  if (search->path->len > 0)
    {
      guint parent = g_array_index (search->path, guint, search->path->len - 1);

      search->low[parent] = MIN (search->low[parent], search->low[node]);
    }
  if (search->low[node] != search->seen[node])
    return;

  search->n_components++;
  while (search->component[node] == 0)
    {
      guint last = g_array_index (search->pending, guint, search->pending->len - 1);

      search->component[last] = search->n_components;
      g_array_set_size (search->pending, search->pending->len - 1);
    }
}

static void
follow_from (Search *search, guint root)
{
  enter (search, root);
  while (search->path->len > 0)
    {
      guint node = g_array_index (search->path, guint, search->path->len - 1);
      HeddleVertex *vertex = vertex_at (search->graph, node);
      HeddleLink *link;

      if (search->next[node] == vertex->out->len)
        {
          leave (search, node);
          continue;
        }
      link = g_ptr_array_index (vertex->out, search->next[node]++);
      if (link->to->node == NULL)
        continue;
      if (search->seen[link->to->node->index] == 0)
        enter (search, link->to->node->index);
      else if (search->component[link->to->node->index] == 0)
        search->low[node] = MIN (search->low[node], search->seen[link->to->node->index]);
    }
}

/* For each node the number of its component, from 1. */
static guint *
find_components (HeddleGraph *graph)
{
  g_autofree guint *seen = g_new0 (guint, graph->nodes->len + 1);
  g_autofree guint *low = g_new0 (guint, graph->nodes->len + 1);
  g_autofree guint *next = g_new0 (guint, graph->nodes->len + 1);
  g_autoptr (GArray) path = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) pending = g_array_new (FALSE, FALSE, sizeof (guint));
  Search search = { graph, seen, low, next, g_new0 (guint, graph->nodes->len + 1), 0, 0, path, pending };

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      if (seen[i] == 0)
        follow_from (&search, i);
    }
  return search.component;
}

/* A node before this one in the same component; NULL when it is not on a cycle. */
static HeddleVertex *
find_predecessor (HeddleVertex *vertex, const guint *components)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->in, i);

      if (link->from->node != NULL && components[link->from->node->index] == components[vertex->node->index])
        return link->from;
    }
  return NULL;
}

static char *
describe_cycle (HeddleVertex *start, const guint *components)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  HeddleVertex *vertex = start;

  do
    {
      g_ptr_array_add (names, vertex->id);
      vertex = find_predecessor (vertex, components);
    }
  while (vertex != start);

  /* It was walked against the arrows. */
  g_string_append_printf (text, "“%s” → ", start->id);
  for (guint i = names->len; i > 1; i--)
    {
      guint place = names->len - i;

      if (place < MAX_NAMES)
        g_string_append_printf (text, "“%s” → ", (const char *) g_ptr_array_index (names, i - 1));
      else if (place == MAX_NAMES)
        g_string_append (text, "… → ");
    }
  g_string_append_printf (text, "“%s”", start->id);
  return g_strdup_printf (_ ("These nodes wait for each other in a circle: %s. Delete one of the connections."), text->str);
}

/* Walking back within a component ends in a cycle; one is told for each component. */
static void
report_cycles (HeddleGraph *graph, GPtrArray *problems)
{
  g_autofree guint *components = find_components (graph);
  g_autofree gboolean *told = g_new0 (gboolean, graph->nodes->len + 2);

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = vertex_at (graph, i);
      guint mark = ++graph->mark;

      if (told[components[i]] || find_predecessor (vertex, components) == NULL)
        continue;
      told[components[i]] = TRUE;
      while (vertex->mark != mark)
        {
          vertex->mark = mark;
          vertex = find_predecessor (vertex, components);
        }
      heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL, NULL, describe_cycle (vertex, components));
    }
}

GArray *
heddle_graph_check_cycles (HeddleGraph *graph, GPtrArray *problems)
{
  GArray *order = sort_topologically (graph);

  if (order->len < graph->nodes->len)
    report_cycles (graph, problems);
  return order;
}
