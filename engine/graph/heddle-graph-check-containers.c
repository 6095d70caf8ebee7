/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-node-type.h"

/* Frames, what is in them, and the edges at their inner ports. */

static void
report (GPtrArray *problems, HeddleSeverity severity, const char *node, const char *port, char *message)
{
  heddle_problem_list_add (problems, severity, node, port, NULL, message);
}

static void
check_parent (const HeddleVertex *vertex, GPtrArray *problems)
{
  const HeddleNode *node = vertex->node;
  const HeddleNode *parent = vertex->parent->node;

  if (parent == NULL)
    report (problems, HEDDLE_SEVERITY_ERROR, node->id, NULL,
            g_strdup_printf (_ ("It is to be in the frame of “%s”, and there is no such node. Move it out, or into another frame."), node->parent));
  else if (!heddle_node_is_container (parent))
    report (problems, HEDDLE_SEVERITY_ERROR, node->id, NULL,
            g_strdup_printf (_ ("It is to be in “%s”, which is no frame. Move it out, or into a Loop, a Map or a Subflow."), node->parent));
  else if (node->type != NULL && (node->type->flags & HEDDLE_NODE_START) != 0)
    report (problems, HEDDLE_SEVERITY_ERROR, node->id, NULL,
            g_strdup_printf (_ ("“%s” begins a run and cannot be in a frame. Move it out; in the frame, begin at the port on its left side."),
                             heddle_node_get_title (node)));
}

static gboolean
is_ended (const HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->in, i);

      if (heddle_node_has_inner_input (vertex->node, link->edge.to_port))
        return TRUE;
    }
  return FALSE;
}

static void
check_body (const HeddleVertex *vertex, GPtrArray *problems)
{
  const HeddleNode *node = vertex->node;
  const HeddlePortSpec *end = node->type != NULL ? node->type->inner_inputs : NULL;

  if (!heddle_vertex_is_active (vertex))
    return;
  if (vertex->children->len == 0)
    report (problems, HEDDLE_SEVERITY_ERROR, node->id, NULL, g_strdup (_ ("The frame is empty. Drag nodes into it.")));
  else if (end != NULL && !is_ended (vertex))
    report (problems, HEDDLE_SEVERITY_WARNING, node->id, end->name,
            g_strdup_printf (_ ("Nothing leads to “%s” inside of the frame, so no value comes out of it. Connect the last node in there to it."), _ (end->title)));
}

static void
check_link (HeddleGraph *graph, const HeddleLink *link, GPtrArray *problems)
{
  const HeddleEdge *edge = &link->edge;
  char *reason;

  if (link->from->node == NULL || link->to->node == NULL)
    return;
  reason = heddle_graph_refuse_levels (graph, link->from->node, edge->from_port, link->to->node, edge->to_port);
  if (reason != NULL)
    report (problems, HEDDLE_SEVERITY_ERROR, edge->to, edge->to_port, reason);
}

/* What a way up meets that leads back to itself, instead of a number of frames. */
#define ENDLESS G_MAXUINT

/* By node: in how many frames it is. A way up is followed once only. */
static guint *
count_frames (HeddleGraph *graph)
{
  enum
  {
    NEW = 0,
    OPEN = 1,
    DONE = 2
  };
  guint *counts = g_new0 (guint, graph->nodes->len + 1);
  g_autofree guint8 *states = g_new0 (guint8, graph->nodes->len + 1);
  g_autoptr (GPtrArray) way = g_ptr_array_new ();

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);
      guint count = 0;

      g_ptr_array_set_size (way, 0);
      for (; vertex != NULL && vertex->node != NULL && states[vertex->node->index] == NEW; vertex = vertex->parent)
        {
          states[vertex->node->index] = OPEN;
          g_ptr_array_add (way, (gpointer) vertex);
        }
      if (vertex != NULL && vertex->node != NULL)
        count = states[vertex->node->index] == OPEN || counts[vertex->node->index] == ENDLESS ? ENDLESS : counts[vertex->node->index] + 1;
      for (guint j = way->len; j > 0; j--)
        {
          const HeddleVertex *on_way = g_ptr_array_index (way, j - 1);

          states[on_way->node->index] = DONE;
          counts[on_way->node->index] = count;
          count = count == ENDLESS ? ENDLESS : count + 1;
        }
    }
  return counts;
}

/* Circles around it count as frames do, also those around the frames that it is in. */
static guint
count_levels (const HeddleVertex *vertex, const HeddleLoopSearch *loops)
{
  guint levels = 0;

  for (guint i = 0; vertex != NULL && vertex->node != NULL && i <= HEDDLE_MAX_NESTING + 1; i++)
    {
      levels += loops->depth[vertex->node->index] + (i > 0);
      vertex = vertex->parent;
    }
  return levels;
}

static void
check_depth (HeddleGraph *graph, const HeddleLoopSearch *loops, GPtrArray *problems)
{
  g_autofree guint *counts = count_frames (graph);

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);

      if (counts[i] == ENDLESS)
        report (problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL, g_strdup (_ ("The frame that it is in is inside of itself. Move it out.")));
      else if (counts[i] + loops->depth[i] > 0 && count_levels (vertex, loops) > HEDDLE_MAX_NESTING)
        report (problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL,
                g_strdup_printf (_ ("“%s” is inside of more than %d frames and circles. Move it further out."), heddle_node_get_title (vertex->node),
                                 HEDDLE_MAX_NESTING));
    }
}

void
heddle_graph_check_containers (HeddleGraph *graph, const HeddleLoopSearch *loops, GPtrArray *problems)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);

      if (vertex->parent != NULL)
        check_parent (vertex, problems);
      if (heddle_node_is_container (vertex->node))
        check_body (vertex, problems);
    }
  for (guint i = 0; i < graph->links->len; i++)
    check_link (graph, g_ptr_array_index (graph->links, i), problems);
  check_depth (graph, loops, problems);
}
