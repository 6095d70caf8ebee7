/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-loops.h"

#include "graph/heddle-arcs.h"

/*
 * Nodes that lead to each other are a loop when one of them alone is entered from outside. Without the edges that lead back to that
 * one, the circles that are left are the loops within it, and so on.
 */

#define NOWHERE G_MAXUINT

typedef struct
{
  HeddleGraph *graph;
  HeddleLoopSearch *result;
  GArray *arcs;              /* HeddleArc, by indices of nodes */
  GPtrArray *links;          /* HeddleLink* of each arc; NULL: the one that is not there yet */
  gboolean *is_back;         /* by arc */
  const HeddleNode *entered; /* as if its frame led to it; or NULL */
  guint *region;             /* by node: the loop being looked into, 0 for the whole at first; NOWHERE: looked at */
} Work;

static void
tangle_free (HeddleTangle *tangle)
{
  g_array_unref (tangle->nodes);
  g_array_unref (tangle->entries);
  g_free (tangle);
}

void
heddle_graph_loop_free (HeddleGraphLoop *loop)
{
  g_free (loop->entry);
  g_ptr_array_unref (loop->nodes);
  g_free (loop);
}

void
heddle_loop_search_free (HeddleLoopSearch *search)
{
  g_ptr_array_unref (search->loops);
  g_ptr_array_unref (search->tangles);
  g_hash_table_unref (search->back);
  g_hash_table_unref (search->unentered);
  g_free (search->loop_of);
  g_free (search->depth);
  g_free (search);
}

static HeddleLoopSearch *
result_new (guint n_nodes)
{
  HeddleLoopSearch *result = g_new0 (HeddleLoopSearch, 1);

  result->loops = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_graph_loop_free);
  result->tangles = g_ptr_array_new_with_free_func ((GDestroyNotify) tangle_free);
  result->back = g_hash_table_new (NULL, NULL);
  result->unentered = g_hash_table_new (NULL, NULL);
  result->loop_of = g_new (int, n_nodes + 1);
  result->depth = g_new0 (guint, n_nodes + 1);
  for (guint i = 0; i < n_nodes; i++)
    result->loop_of[i] = -1;
  return result;
}

gboolean
heddle_link_is_flow (const HeddleLink *link)
{
  const HeddleNode *from = link->from->node;
  const HeddleNode *to = link->to->node;

  return from != NULL && to != NULL && from != to && heddle_node_is_beside (from, to) && !heddle_link_is_inner (link) &&
         !heddle_link_is_tool (link);
}

static void
add_arc (Work *work, guint from, guint to, HeddleLink *link)
{
  HeddleArc arc = { from, to };

  g_array_append_val (work->arcs, arc);
  g_ptr_array_add (work->links, link);
}

static void
add_arcs (Work *work)
{
  for (guint i = 0; i < work->graph->links->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (work->graph->links, i);

      if (heddle_link_is_flow (link))
        add_arc (work, link->from->node->index, link->to->node->index, link);
    }
}

static gboolean
is_entered_from_frame (const HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->in, i);

      if (heddle_node_has_inner_output (link->from->node, link->edge.from_port))
        return TRUE;
    }
  return FALSE;
}

/* The circles within the regions: for each node the number of its circle, NOWHERE when it is in none. NULL: there are none. */
static guint *
find_circles (Work *work, guint *n_circles)
{
  guint n_nodes = work->graph->nodes->len;
  g_autoptr (GArray) active = g_array_new (FALSE, FALSE, sizeof (HeddleArc));
  g_autofree guint *sizes = NULL;
  g_autofree guint *circles = NULL;
  guint largest = 0;

  for (guint i = 0; i < work->arcs->len; i++)
    {
      HeddleArc arc = g_array_index (work->arcs, HeddleArc, i);

      if (!work->is_back[i] && work->region[arc.from] != NOWHERE && work->region[arc.from] == work->region[arc.to])
        g_array_append_val (active, arc);
    }
  if (active->len == 0)
    return NULL;

  circles = heddle_arcs_find_components (n_nodes, (const HeddleArc *) active->data, active->len, n_circles);
  sizes = g_new0 (guint, *n_circles + 1);
  for (guint i = 0; i < n_nodes; i++)
    {
      sizes[circles[i]]++;
      largest = MAX (largest, sizes[circles[i]]);
    }
  for (guint i = 0; i < n_nodes; i++)
    {
      if (sizes[circles[i]] == 1)
        circles[i] = NOWHERE;
    }
  return largest > 1 ? g_steal_pointer (&circles) : NULL;
}

/* By node: whether its circle is entered there. */
static gboolean *
find_entries (Work *work, const guint *circles)
{
  gboolean *is_entry = g_new0 (gboolean, work->graph->nodes->len + 1);

  for (guint i = 0; i < work->arcs->len; i++)
    {
      const HeddleArc *arc = &g_array_index (work->arcs, HeddleArc, i);

      if (circles[arc->to] != NOWHERE && circles[arc->from] != circles[arc->to])
        is_entry[arc->to] = TRUE;
    }
  for (guint i = 0; i < work->graph->nodes->len; i++)
    {
      if (circles[i] != NOWHERE && is_entered_from_frame (g_ptr_array_index (work->graph->nodes, i)))
        is_entry[i] = TRUE;
    }
  if (work->entered != NULL && circles[work->entered->index] != NOWHERE)
    is_entry[work->entered->index] = TRUE;
  return is_entry;
}

/* Each circle with its nodes and its entries (HeddleTangle*, for the caller to free), by its first node. */
static GPtrArray *
collect_circles (Work *work, const guint *circles, guint n_circles)
{
  GPtrArray *list = g_ptr_array_new ();
  g_autofree HeddleTangle **by_number = g_new0 (HeddleTangle *, n_circles + 1);
  g_autofree gboolean *is_entry = find_entries (work, circles);

  for (guint i = 0; i < work->graph->nodes->len; i++)
    {
      HeddleTangle **circle = circles[i] != NOWHERE ? &by_number[circles[i]] : NULL;

      if (circle == NULL)
        continue;
      if (*circle == NULL)
        {
          *circle = g_new0 (HeddleTangle, 1);
          (*circle)->nodes = g_array_new (FALSE, FALSE, sizeof (guint));
          (*circle)->entries = g_array_new (FALSE, FALSE, sizeof (guint));
          g_ptr_array_add (list, *circle);
        }
      g_array_append_val ((*circle)->nodes, i);
      if (is_entry[i])
        g_array_append_val ((*circle)->entries, i);
    }
  return list;
}

static const char *
get_id (Work *work, guint node)
{
  return ((HeddleVertex *) g_ptr_array_index (work->graph->nodes, node))->id;
}

/* A circle that nothing leads into begins with its first node. */
static guint
add_loop (Work *work, const HeddleTangle *circle)
{
  guint entry = g_array_index (circle->entries->len > 0 ? circle->entries : circle->nodes, guint, 0);
  HeddleGraphLoop *loop = g_new0 (HeddleGraphLoop, 1);
  int number = (int) work->result->loops->len;

  loop->entry = g_strdup (get_id (work, entry));
  loop->parent = work->result->loop_of[entry];
  loop->nodes = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < circle->nodes->len; i++)
    {
      guint node = g_array_index (circle->nodes, guint, i);

      g_ptr_array_add (loop->nodes, g_strdup (get_id (work, node)));
      work->result->loop_of[node] = number;
      work->result->depth[node]++;
      work->region[node] = (guint) number + 1;
    }
  g_ptr_array_add (work->result->loops, loop);
  if (circle->entries->len == 0)
    g_hash_table_add (work->result->unentered, loop);
  return entry;
}

static void
mark_back (Work *work, const guint *circles, const gboolean *is_loop_entry)
{
  for (guint i = 0; i < work->arcs->len; i++)
    {
      const HeddleArc *arc = &g_array_index (work->arcs, HeddleArc, i);
      HeddleLink *link = g_ptr_array_index (work->links, i);

      if (!is_loop_entry[arc->to] || circles[arc->from] != circles[arc->to])
        continue;
      work->is_back[i] = TRUE;
      if (link != NULL)
        g_hash_table_add (work->result->back, link);
    }
}

/* Takes the circles in the regions as loops or tangles; FALSE when there are none. */
static gboolean
look_deeper (Work *work, guint depth)
{
  guint n_nodes = work->graph->nodes->len;
  guint n_circles = 0;
  g_autofree guint *circles = find_circles (work, &n_circles);
  g_autoptr (GPtrArray) list = NULL;
  g_autofree gboolean *is_loop_entry = NULL;

  work->result->is_too_deep = circles != NULL && depth >= HEDDLE_MAX_NESTING;
  if (circles == NULL || work->result->is_too_deep)
    return FALSE;

  list = collect_circles (work, circles, n_circles);
  is_loop_entry = g_new0 (gboolean, n_nodes + 1);
  for (guint i = 0; i < n_nodes; i++)
    work->region[i] = NOWHERE;
  for (guint i = 0; i < list->len; i++)
    {
      HeddleTangle *circle = g_ptr_array_index (list, i);

      if (circle->entries->len > 1)
        {
          g_ptr_array_add (work->result->tangles, circle);
          continue;
        }
      is_loop_entry[add_loop (work, circle)] = TRUE;
      tangle_free (circle);
    }
  mark_back (work, circles, is_loop_entry);
  return TRUE;
}

HeddleLoopSearch *
heddle_graph_search_loops (HeddleGraph *self, const HeddleNode *from, const HeddleNode *to)
{
  g_autoptr (GArray) arcs = g_array_new (FALSE, FALSE, sizeof (HeddleArc));
  g_autoptr (GPtrArray) links = g_ptr_array_new ();
  g_autofree guint *region = g_new0 (guint, self->nodes->len + 1);
  g_autofree gboolean *is_back = NULL;
  Work work = { self, result_new (self->nodes->len), arcs, links, NULL, from == NULL ? to : NULL, region };

  add_arcs (&work);
  if (from != NULL)
    add_arc (&work, from->index, to->index, NULL);
  is_back = g_new0 (gboolean, arcs->len + 1);
  work.is_back = is_back;
  for (guint depth = 0; look_deeper (&work, depth); depth++)
    ;
  return work.result;
}

GPtrArray *
heddle_graph_list_loops (HeddleGraph *self)
{
  g_autoptr (HeddleLoopSearch) search = NULL;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  search = heddle_graph_search_loops (self, NULL, NULL);
  return g_ptr_array_ref (search->loops);
}
