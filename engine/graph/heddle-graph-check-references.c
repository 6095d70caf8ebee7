/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "value/heddle-text.h"

/* Suggestions cost a look at every node, so a wholly broken file gets only so many. */
#define MAX_SUGGESTIONS 50

typedef struct
{
  HeddleVertex *user;
  HeddleVertex *place; /* where in the flow it is evaluated: the node itself, or the agent that calls it */
  HeddleVertex *target;
  const HeddleRootUse *use;
} Query;

static const char *
find_nearest (HeddleGraph *graph, const char *name, const HeddleVertex *except)
{
  guint best = (guint) MAX (strlen (name) / 3, 1) + 1;
  const char *nearest = NULL;

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);
      guint distance = vertex != except ? heddle_text_distance (name, vertex->id) : G_MAXUINT;

      if (distance < best)
        {
          best = distance;
          nearest = vertex->id;
        }
    }
  return nearest;
}

static char *
describe_unknown (HeddleGraph *graph, HeddleVertex *user, const char *root, guint *n_suggestions)
{
  const char *nearest = (*n_suggestions)++ < MAX_SUGGESTIONS ? find_nearest (graph, root, user) : NULL;

  if (nearest != NULL)
    return g_strdup_printf (_ ("There is no node “$%s”. Did you mean “$%s”?"), root, nearest);
  return g_strdup_printf (_ ("There is no node “$%s”. Name one that runs before this one."), root);
}

static gboolean
is_neighbour (HeddleVertex *user, HeddleVertex *target)
{
  for (guint i = 0; i < user->in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (user->in, i);

      if (link->from == target)
        return TRUE;
    }
  return FALSE;
}

/* Adds the agents that call a tool; FALSE when it is none, but a step of the flow. */
static gboolean
add_callers (HeddleVertex *vertex, guint mark, GPtrArray *places)
{
  gboolean is_tool = FALSE;

  for (guint i = 0; i < vertex->out->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->out, i);

      if (!heddle_link_is_tool (link))
        continue;
      is_tool = TRUE;
      if (link->to->mark == mark)
        continue;
      link->to->mark = mark;
      g_ptr_array_add (places, link->to);
    }
  return is_tool;
}

/* A tool sees what the agents see that call it; agents can be tools themselves. */
static void
add_queries (HeddleGraph *graph, HeddleVertex *user, HeddleVertex *target, const HeddleRootUse *use, GArray *queries)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new ();
  guint mark = ++graph->mark;

  user->mark = mark;
  g_ptr_array_add (places, user);
  for (guint i = 0; i < places->len; i++)
    {
      HeddleVertex *place = g_ptr_array_index (places, i);
      /* The agent has no result while its tools work. */
      Query query = { user, target == place ? user : place, target, use };

      if (!add_callers (place, mark, places) && !is_neighbour (place, target))
        g_array_append_val (queries, query);
    }
}

/* Reports what one look tells, and leaves the rest, whether there is a longer path, as queries. */
static void
check_use (HeddleGraph *graph, HeddleVertex *user, const HeddleRootUse *use, GArray *queries, guint handled, guint *n_suggestions, GPtrArray *problems)
{
  HeddleVertex *target = heddle_graph_find_vertex (graph, use->root);

  if (target == NULL || target->node == NULL)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, user->id, NULL, use->param,
                             describe_unknown (graph, user, use->root, n_suggestions));
  else if (target == user)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, user->id, NULL, use->param,
                             g_strdup_printf (_ ("“$%s” is this node itself, which has no result yet. Name one that runs before it."),
                                              use->root));
  else if (heddle_vertex_is_tool (target))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, user->id, NULL, use->param,
                             g_strdup_printf (_ ("“$%s” is a tool, which has a result for each call and none of its own. Name the agent that calls it."),
                                              use->root));
  else
    add_queries (graph, user, target, use, queries);
}

static GArray *
list_queries (HeddleGraph *graph, GPtrArray *problems)
{
  GArray *queries = g_array_new (FALSE, FALSE, sizeof (Query));
  guint handled = heddle_graph_mark_handled (graph);
  guint n_suggestions = 0;

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);
      const HeddleNodeCheck *check = heddle_vertex_get_check (vertex);

      for (guint j = 0; j < check->uses->len; j++)
        check_use (graph, vertex, g_ptr_array_index (check->uses, j), queries, handled, &n_suggestions, problems);
    }
  return queries;
}

static int
compare_targets (gconstpointer a, gconstpointer b)
{
  guint first = ((const Query *) a)->target->node->index;
  guint second = ((const Query *) b)->target->node->index;

  return first < second ? -1 : first > second;
}

/* Each target has a bit; afterwards a node has the bits of those that lead to it. */
static void
spread (HeddleGraph *graph, GArray *order, guint64 *bits)
{
  for (guint i = 0; i < order->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, g_array_index (order, guint, i));

      for (guint j = 0; j < vertex->out->len; j++)
        {
          HeddleLink *link = g_ptr_array_index (vertex->out, j);

          if (link->to->node != NULL)
            bits[link->to->node->index] |= bits[vertex->node->index];
        }
    }
}

static void
report_late (const Query *query, GPtrArray *problems)
{
  heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, query->user->id, NULL, query->use->param,
                           g_strdup_printf (_ ("“$%s” may not have run by then, as no connection leads from it to “%s”. Connect them, directly or through others."),
                                            query->use->root, heddle_node_get_title (query->user->node)));
}

/* Up to 64 targets from the first query on; returns the number of queries they cover. */
static guint
answer_some (HeddleGraph *graph, GArray *order, GArray *queries, guint first, guint64 *bits, GPtrArray *problems)
{
  g_autofree guint *numbers = g_new (guint, queries->len - first);
  guint n_targets = 0;
  guint end = first;

  memset (bits, 0, sizeof (guint64) * graph->nodes->len);
  for (; end < queries->len; end++)
    {
      HeddleVertex *target = g_array_index (queries, Query, end).target;

      if (end == first || target != g_array_index (queries, Query, end - 1).target)
        n_targets++;
      if (n_targets > 64)
        break;
      bits[target->node->index] = G_GUINT64_CONSTANT (1) << (n_targets - 1);
      numbers[end - first] = n_targets - 1;
    }
  spread (graph, order, bits);
  for (guint i = first; i < end; i++)
    {
      const Query *query = &g_array_index (queries, Query, i);

      if ((bits[query->place->node->index] & G_GUINT64_CONSTANT (1) << numbers[i - first]) == 0)
        report_late (query, problems);
    }
  return end;
}

void
heddle_graph_check_references (HeddleGraph *graph, GArray *order, GPtrArray *problems)
{
  g_autoptr (GArray) queries = list_queries (graph, problems);
  g_autofree guint64 *bits = g_new (guint64, graph->nodes->len + 1);
  guint next = 0;

  /* Within a cycle there is no before; it is reported already. */
  if (order->len < graph->nodes->len)
    return;
  g_array_sort (queries, compare_targets);
  while (next < queries->len)
    next = answer_some (graph, order, queries, next, bits, problems);
}
