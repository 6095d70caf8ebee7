/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>

#include "graph/heddle-arcs.h"

/* Circles, and the order in which nodes run besides them. */

/* Names in a message; a longer circle is cut short. */
#define MAX_NAMES 6

static HeddleVertex *
vertex_at (HeddleGraph *graph, guint index)
{
  return g_ptr_array_index (graph->nodes, index);
}

static gboolean
leads_on (const HeddleLoopSearch *loops, const HeddleLink *link)
{
  return heddle_link_is_flow (link) && !g_hash_table_contains (loops->back, link);
}

/* How many edges lead on to each node. */
static guint *
count_before (HeddleGraph *graph, const HeddleLoopSearch *loops)
{
  guint *counts = g_new0 (guint, graph->nodes->len + 1);

  for (guint i = 0; i < graph->links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (graph->links, i);

      if (leads_on (loops, link))
        counts[link->to->node->index]++;
    }
  return counts;
}

GPtrArray *
heddle_graph_sort (HeddleGraph *graph, const HeddleLoopSearch *loops)
{
  g_autofree guint *missing = count_before (graph, loops); /* edges from nodes that are not in the order */
  g_autofree guint *order = g_new (guint, graph->nodes->len + 1);
  GPtrArray *sorted = NULL;
  guint length = 0;

  if (loops->tangles->len > 0 || loops->is_too_deep)
    return NULL;
  sorted = g_ptr_array_sized_new (graph->links->len);
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      if (missing[i] == 0)
        order[length++] = i;
    }
  for (guint i = 0; i < length; i++)
    {
      GPtrArray *links = vertex_at (graph, order[i])->out;

      for (guint j = 0; j < links->len; j++)
        {
          HeddleLink *link = g_ptr_array_index (links, j);

          if (!leads_on (loops, link))
            continue;
          g_ptr_array_add (sorted, link);
          if (--missing[link->to->node->index] == 0)
            order[length++] = link->to->node->index;
        }
    }
  return sorted;
}

void
heddle_links_spread (const GPtrArray *links, guint64 *bits)
{
  for (guint i = 0; i < links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (links, i);

      bits[link->to->node->index] |= bits[link->from->node->index];
    }
}

static void
add_name (GString *text, guint place, const char *name)
{
  if (place > MAX_NAMES)
    return;
  g_string_append (text, place > 0 ? ", " : "");
  if (place < MAX_NAMES)
    g_string_append_printf (text, _ ("“%s”"), name);
  else
    g_string_append (text, "…");
}

static char *
name_nodes (HeddleGraph *graph, const GArray *nodes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < nodes->len; i++)
    add_name (text, i, vertex_at (graph, g_array_index (nodes, guint, i))->id);
  return g_string_free (text, FALSE);
}

static char *
name_loop (const HeddleGraphLoop *loop)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < loop->nodes->len; i++)
    add_name (text, i, g_ptr_array_index (loop->nodes, i));
  return g_string_free (text, FALSE);
}

static gboolean
holds (const HeddleTangle *tangle, const HeddleVertex *vertex)
{
  for (guint i = 0; i < tangle->nodes->len; i++)
    {
      if (vertex->node != NULL && g_array_index (tangle->nodes, guint, i) == vertex->node->index)
        return TRUE;
    }
  return FALSE;
}

/* The input by which it is entered from outside of the circle. */
static const char *
find_entrance (const HeddleTangle *tangle, const HeddleVertex *entry)
{
  for (guint i = 0; i < entry->in->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (entry->in, i);

      if (!holds (tangle, link->from))
        return link->edge.to_port;
    }
  return NULL;
}

/* One error, and a mark on the canvas for each of the entries. */
static void
report_tangle (HeddleGraph *graph, const HeddleTangle *tangle, GPtrArray *problems)
{
  g_autofree char *nodes = name_nodes (graph, tangle->nodes);
  g_autofree char *entries = name_nodes (graph, tangle->entries);

  for (guint i = 0; i < tangle->entries->len; i++)
    {
      const HeddleVertex *entry = vertex_at (graph, g_array_index (tangle->entries, guint, i));

      heddle_problem_list_add (problems, i == 0 ? HEDDLE_SEVERITY_ERROR : HEDDLE_SEVERITY_WARNING, entry->id, find_entrance (tangle, entry), NULL,
                               g_strdup_printf (_ ("The circle of %s is entered at %s. Rounds of a circle begin at one node: let everything from outside lead to one of them."),
                                                nodes, entries));
    }
}

static gboolean
has_way_out (HeddleGraph *graph, const HeddleGraphLoop *loop)
{
  g_autoptr (GHashTable) inside = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < loop->nodes->len; i++)
    g_hash_table_add (inside, g_ptr_array_index (loop->nodes, i));
  for (guint i = 0; i < loop->nodes->len; i++)
    {
      GPtrArray *edges = heddle_graph_get_out_edges (graph, g_ptr_array_index (loop->nodes, i));

      for (guint j = 0; j < edges->len; j++)
        {
          const HeddleEdge *edge = g_ptr_array_index (edges, j);

          if (!g_hash_table_contains (inside, edge->to) && !heddle_node_has_inner_output (heddle_graph_find_node (graph, edge->from), edge->from_port))
            return TRUE;
        }
    }
  return FALSE;
}

static void
check_loop (HeddleGraph *graph, const HeddleLoopSearch *loops, HeddleGraphLoop *loop, GPtrArray *problems)
{
  g_autofree char *nodes = name_loop (loop);

  if (g_hash_table_contains (loops->unentered, loop))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, loop->entry, NULL, NULL,
                             g_strdup_printf (_ ("Nothing leads into the circle of %s, so it begins here, right at the start and without an input. Connect something to it."),
                                              nodes));
  if (!has_way_out (graph, loop))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, loop->entry, NULL, NULL,
                             g_strdup_printf (_ ("Nothing leads out of the circle of %s, so it goes round until its limit. Connect a way out, such as one of the outputs of an If-Else."),
                                              nodes));
}

static void
check_self (const HeddleLink *link, GPtrArray *problems)
{
  if (link->from == link->to && link->to->node != NULL)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, link->to->id, link->edge.to_port, NULL,
                             g_strdup_printf (_ ("“%s” is connected to itself. Delete the connection."), heddle_node_get_title (link->to->node)));
}

/* Agents that are tools of each other would never end. */
static void
check_tool_circles (HeddleGraph *graph, GPtrArray *problems)
{
  g_autoptr (GArray) arcs = g_array_new (FALSE, FALSE, sizeof (HeddleArc));
  g_autofree guint *components = NULL;
  g_autofree gboolean *told = NULL;
  guint n_components;

  for (guint i = 0; i < graph->links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (graph->links, i);
      HeddleArc arc;

      if (link->from->node == NULL || link->to->node == NULL || !heddle_link_is_tool (link))
        continue;
      arc = (HeddleArc){ link->from->node->index, link->to->node->index };
      g_array_append_val (arcs, arc);
    }
  components = heddle_arcs_find_components (graph->nodes->len, (const HeddleArc *) arcs->data, arcs->len, &n_components);
  told = g_new0 (gboolean, n_components + 1);
  for (guint i = 0; i < arcs->len; i++)
    {
      const HeddleArc *arc = &g_array_index (arcs, HeddleArc, i);
      const HeddleVertex *from = vertex_at (graph, arc->from);
      const HeddleVertex *to = vertex_at (graph, arc->to);

      if (from == to || components[arc->from] != components[arc->to] || told[components[arc->to]])
        continue;
      told[components[arc->to]] = TRUE;
      heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, to->id, NULL, NULL,
                               g_strdup_printf (_ ("“%s” and “%s” are in a circle of agents that call each other. Delete one of the connections."),
                                                from->id, to->id));
    }
}

void
heddle_graph_check_cycles (HeddleGraph *graph, const HeddleLoopSearch *loops, GPtrArray *problems)
{
  for (guint i = 0; i < loops->tangles->len; i++)
    report_tangle (graph, g_ptr_array_index (loops->tangles, i), problems);
  for (guint i = 0; i < loops->loops->len; i++)
    check_loop (graph, loops, g_ptr_array_index (loops->loops, i), problems);
  for (guint i = 0; i < graph->links->len; i++)
    check_self (g_ptr_array_index (graph->links, i), problems);
  check_tool_circles (graph, problems);
  if (loops->is_too_deep)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, NULL, NULL, NULL,
                             g_strdup_printf (_ ("There are circles within more than %d circles. Put a part of the workflow into a Subflow."), HEDDLE_MAX_NESTING));
}
