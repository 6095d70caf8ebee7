/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-node-type.h"
#include "value/heddle-text.h"

/* Suggestions cost a look at every node, so a wholly broken file gets only so many. */
#define MAX_SUGGESTIONS 50

typedef struct
{
  HeddleVertex *user;
  HeddleVertex *place; /* where in the flow it is evaluated: the node itself, or the agent that calls it, or a frame around it */
  HeddleVertex *target;
  const HeddleRootUse *use;
} Query;

typedef struct
{
  HeddleGraph *graph;
  const HeddleLoopSearch *loops;
  const gboolean *handled;
  GArray *queries; /* Query */
  GPtrArray *problems;
  guint n_suggestions;
} Check;

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
is_neighbour (const Check *check, const HeddleVertex *user, const HeddleVertex *target)
{
  for (guint i = 0; i < user->in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (user->in, i);

      if (link->from == target && heddle_link_is_flow (link) && !g_hash_table_contains (check->loops->back, link))
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

static void
add_query (Check *check, HeddleVertex *user, HeddleVertex *place, HeddleVertex *target, const HeddleRootUse *use)
{
  /* The agent has no result while its tools work. */
  Query query = { user, target == place ? user : heddle_vertex_lift_beside (place, target), target, use };

  if (query.place == NULL || query.place == target || check->handled[query.place->node->index] || is_neighbour (check, query.place, target))
    return;
  g_array_append_val (check->queries, query);
}

/* A tool sees what the agents see that call it; agents can be tools themselves. */
static void
add_queries (Check *check, HeddleVertex *user, HeddleVertex *target, const HeddleRootUse *use)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new ();
  guint mark = ++check->graph->mark;

  user->mark = mark;
  g_ptr_array_add (places, user);
  for (guint i = 0; i < places->len; i++)
    {
      HeddleVertex *place = g_ptr_array_index (places, i);

      if (!add_callers (place, mark, places))
        add_query (check, user, place, target, use);
    }
}

/* What one look tells about a use; NULL: it takes a search. */
static char *
refuse_use (Check *check, HeddleVertex *user, HeddleVertex *target, const char *root)
{
  if (target == NULL || target->node == NULL)
    return describe_unknown (check->graph, user, root, &check->n_suggestions);
  if (target == user)
    return g_strdup_printf (_ ("“$%s” is this node itself, which has no result yet. Name one that runs before it."), root);
  if (heddle_vertex_is_tool (target))
    return g_strdup_printf (_ ("“$%s” is a tool, which has a result for each call and none of its own. Name the agent that calls it."), root);
  /* A frame that is not there, or is in itself, is told as a problem of its own. */
  if (target->parent != NULL && heddle_vertex_lift_beside (user, target) == NULL)
    return g_strdup_printf (_ ("“$%s” is in the frame of “%s”, and only nodes in there can read it. Connect it to the inside of the frame, and read “$%s”."),
                            root, target->parent->id, target->parent->id);
  return NULL;
}

static void
check_use (Check *check, HeddleVertex *user, const HeddleRootUse *use)
{
  HeddleVertex *target = heddle_graph_find_vertex (check->graph, use->root);
  char *reason = refuse_use (check, user, target, use->root);

  if (reason == NULL && target->node->mode == HEDDLE_NODE_OFF)
    heddle_problem_list_add (check->problems, HEDDLE_SEVERITY_WARNING, user->id, NULL, use->param,
                             g_strdup_printf (_ ("“$%s” is turned off, so it has no result. Turn it on, or read another node."), use->root));

  if (reason != NULL)
    heddle_problem_list_add (check->problems, HEDDLE_SEVERITY_ERROR, user->id, NULL, use->param, reason);
  else
    add_queries (check, user, target, use);
}

/* In the body of a loop, or in a circle, or a tool of an agent in one. */
static gboolean
has_rounds (const Check *check, const HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->out->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->out, i);

      if (heddle_link_is_tool (link) && check->loops->loop_of[link->to->node->index] >= 0)
        return TRUE;
    }
  for (guint i = 0; vertex != NULL && vertex->node != NULL && i <= HEDDLE_MAX_NESTING; i++)
    {
      const HeddleNodeType *type = vertex->node->type;

      if (check->loops->loop_of[vertex->node->index] >= 0 || (i > 0 && type != NULL && (type->flags & HEDDLE_NODE_REPEATS) != 0))
        return TRUE;
      vertex = vertex->parent;
    }
  return FALSE;
}

static void
list_queries (Check *check)
{
  for (guint i = 0; i < check->graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (check->graph->nodes, i);
      const HeddleNodeCheck *node = heddle_vertex_get_check (vertex);

      if (!heddle_vertex_is_active (vertex))
        continue;
      for (guint j = 0; j < node->uses->len; j++)
        check_use (check, vertex, g_ptr_array_index (node->uses, j));
      if (node->loop_param != NULL && !has_rounds (check, vertex))
        heddle_problem_list_add (check->problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL, node->loop_param,
                                 g_strdup (_ ("“$loop” and “$map” have a value only in the frame of a Loop or Map, or in a circle. Put the node into one, or write $input.")));
    }
}

static int
compare_targets (gconstpointer a, gconstpointer b)
{
  guint first = ((const Query *) a)->target->node->index;
  guint second = ((const Query *) b)->target->node->index;

  return first < second ? -1 : first > second;
}

/* Whether both are in one circle, so that the target runs in the round before at least. */
static gboolean
are_in_one_loop (const HeddleLoopSearch *loops, const Query *query)
{
  for (int outer = loops->loop_of[query->target->node->index]; outer >= 0;)
    {
      for (int inner = loops->loop_of[query->place->node->index]; inner >= 0;)
        {
          if (inner == outer)
            return TRUE;
          inner = ((HeddleGraphLoop *) g_ptr_array_index (loops->loops, inner))->parent;
        }
      outer = ((HeddleGraphLoop *) g_ptr_array_index (loops->loops, outer))->parent;
    }
  return FALSE;
}

static void
report_late (Check *check, const Query *query)
{
  const char *root = query->use->root;

  if (are_in_one_loop (check->loops, query) && query->use->is_careful)
    return;
  if (are_in_one_loop (check->loops, query))
    heddle_problem_list_add (check->problems, HEDDLE_SEVERITY_WARNING, query->user->id, NULL, query->use->param,
                             g_strdup_printf (_ ("“$%s” runs later in the circle, so it is null here in the first round. Write “$%s?.output”, or read what comes back as $input."), root, root));
  else
    heddle_problem_list_add (check->problems, HEDDLE_SEVERITY_ERROR, query->user->id, NULL, query->use->param,
                             g_strdup_printf (_ ("“$%s” may not have run by then, as no connection leads from it to “%s”. Connect them, directly or through others."),
                                              root, heddle_node_get_title (query->user->node)));
}

/* Up to 64 targets from the first query on; returns the number of queries they cover. Afterwards a node has the bits of those that lead to it. */
static guint
answer_some (Check *check, const GPtrArray *links, guint first, guint64 *bits)
{
  const GArray *queries = check->queries;
  g_autofree guint *numbers = g_new (guint, queries->len - first);
  guint n_targets = 0;
  guint end = first;

  memset (bits, 0, sizeof (guint64) * check->graph->nodes->len);
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
  heddle_links_spread (links, bits);
  for (guint i = first; i < end; i++)
    {
      const Query *query = &g_array_index (queries, Query, i);

      if ((bits[query->place->node->index] & G_GUINT64_CONSTANT (1) << numbers[i - first]) == 0)
        report_late (check, query);
    }
  return end;
}

void
heddle_graph_check_references (HeddleGraph *graph, const HeddleLoopSearch *loops, const GPtrArray *links, GPtrArray *problems)
{
  g_autoptr (GArray) queries = g_array_new (FALSE, FALSE, sizeof (Query));
  g_autofree gboolean *handled = heddle_graph_list_handled (graph);
  g_autofree guint64 *bits = g_new (guint64, graph->nodes->len + 1);
  Check check = { graph, loops, handled, queries, problems, 0 };
  guint next = 0;

  list_queries (&check);
  /* Within a tangle there is no before; it is reported already. */
  if (links == NULL)
    return;
  g_array_sort (queries, compare_targets);
  while (next < queries->len)
    next = answer_some (&check, links, next, bits);
}
