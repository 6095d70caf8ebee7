/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"
#include "graph/heddle-graph-loops.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-tool-spec.h"

/* Marks the neighbours of the next vertex in the queue; TRUE when one has the other side's mark. */
static gboolean
expand (GPtrArray *queue, guint *next, gboolean forward, guint own_mark, guint other_mark)
{
  HeddleVertex *vertex = g_ptr_array_index (queue, (*next)++);
  GPtrArray *links = forward ? vertex->out : vertex->in;

  for (guint i = 0; i < links->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (links, i);
      HeddleVertex *neighbour = forward ? link->to : link->from;

      if (heddle_link_is_inner (link))
        continue;
      if (neighbour->mark == other_mark)
        return TRUE;
      if (neighbour->mark == own_mark)
        continue;
      neighbour->mark = own_mark;
      g_ptr_array_add (queue, neighbour);
    }
  return FALSE;
}

/* Whether one leads to the other, or to itself, by at least one edge. Searches from both ends by turns and stops when either side is exhausted. */
static gboolean
has_path (HeddleGraph *self, HeddleVertex *source, HeddleVertex *target)
{
  g_autoptr (GPtrArray) ahead = g_ptr_array_new ();
  g_autoptr (GPtrArray) behind = g_ptr_array_new ();
  guint next_ahead = 0;
  guint next_behind = 0;
  guint mark_ahead = ++self->mark;
  guint mark_behind = ++self->mark;

  if (source != target)
    {
      source->mark = mark_ahead;
      target->mark = mark_behind;
    }
  g_ptr_array_add (ahead, source);
  g_ptr_array_add (behind, target);
  while (next_ahead < ahead->len && next_behind < behind->len)
    {
      if (expand (ahead, &next_ahead, TRUE, mark_ahead, mark_behind) ||
          expand (behind, &next_behind, FALSE, mark_behind, mark_ahead))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_output (const HeddleNode *node, const char *port)
{
  g_autoptr (GPtrArray) outputs = heddle_node_list_outputs (node);

  return g_ptr_array_find_with_equal_func (outputs, port, g_str_equal, NULL);
}

static char *
refuse_source (const HeddleNode *node, const char *port)
{
  const char *title = heddle_node_get_title (node);

  if (node->type == NULL)
    return g_strdup_printf (_ ("“%s” is of a type this Heddle does not know, so it cannot be connected."), title);
  if (has_output (node, port) || heddle_node_has_inner_output (node, port))
    return NULL;
  if (*heddle_node_get_default_output (node) == '\0')
    return g_strdup_printf (_ ("“%s” ends the workflow: nothing can follow it."), title);
  return g_strdup_printf (_ ("“%s” has no output “%s”."), title, port);
}

static char *
refuse_target (const HeddleNode *node, const char *port)
{
  const char *title = heddle_node_get_title (node);

  if (node->type == NULL)
    return g_strdup_printf (_ ("“%s” is of a type this Heddle does not know, so it cannot be connected."), title);
  if (heddle_node_type_find_input (node->type, port) != NULL || heddle_node_has_inner_input (node, port))
    return NULL;
  if (*heddle_node_get_default_input (node) == '\0')
    return g_strdup_printf (_ ("“%s” begins the workflow: nothing can come before it."), title);
  return g_strdup_printf (_ ("“%s” has no input “%s”."), title, port);
}

/* A node is either a step of the flow or a tool. */
static char *
refuse_mixing (HeddleGraph *self, const HeddleNode *source, const char *from_port, const HeddleNode *target, const char *to_port)
{
  const HeddleVertex *from = heddle_graph_find_vertex (self, source->id);
  const HeddleVertex *to = heddle_graph_find_vertex (self, target->id);

  if (heddle_port_takes_tools (heddle_node_type_find_input (target->type, to_port)))
    {
      char *reason = heddle_graph_refuse_tool (source, from_port);

      if (reason != NULL || !heddle_vertex_has_flow (from))
        return reason;
      return g_strdup_printf (_ ("“%s” is a step of the flow, and a tool is not. Delete its other connections first, or add a node of its own for the agent."),
                              heddle_node_get_title (source));
    }
  if (heddle_vertex_is_tool (from))
    return g_strdup_printf (_ ("“%s” is a tool: its result goes to the agent that calls it, and nowhere else."), heddle_node_get_title (source));
  if (heddle_vertex_is_tool (to))
    return g_strdup_printf (_ ("“%s” is a tool: it gets its arguments from the agent that calls it."), heddle_node_get_title (target));
  return NULL;
}

/* A port within a frame is for the nodes right in it. */
static char *
refuse_inner (const HeddleNode *container, const HeddleNode *node)
{
  if (g_strcmp0 (node->parent, container->id) == 0)
    return NULL;
  return g_strdup_printf (_ ("“%s” is not in the frame of “%s”. Drag it into the frame first, or use a port on the outside of the frame."),
                          heddle_node_get_title (node), heddle_node_get_title (container));
}

static const char *
get_container_title (HeddleGraph *self, const HeddleNode *node)
{
  const HeddleNode *container = node->parent != NULL ? heddle_graph_find_node (self, node->parent) : NULL;

  return container != NULL ? heddle_node_get_title (container) : node->parent;
}

/* A connection never leads over a frame: what is in it is read and handed on by the frame itself. */
static char *
refuse_crossing (HeddleGraph *self, const HeddleNode *source, const HeddleNode *target)
{
  if (heddle_node_is_beside (source, target))
    return NULL;
  if (g_strcmp0 (source->parent, target->id) == 0)
    return g_strdup_printf (_ ("“%s” is in the frame of “%s”. Connect it to a port on the inside of the frame."),
                            heddle_node_get_title (source), heddle_node_get_title (target));
  if (g_strcmp0 (target->parent, source->id) == 0)
    return g_strdup_printf (_ ("“%s” is in the frame of “%s”. Draw this from a port on the inside of the frame."),
                            heddle_node_get_title (target), heddle_node_get_title (source));
  /* A file can name a frame that is not there, beside which nothing stands. */
  if (source->parent == NULL || heddle_vertex_lift_beside (heddle_graph_find_vertex (self, target->id), heddle_graph_find_vertex (self, source->id)) != NULL)
    return g_strdup_printf (_ ("“%s” is in the frame of “%s” and “%s” is not. Its expressions can read “$%s” without a connection; to wait for it, connect it to the frame."),
                            heddle_node_get_title (target), get_container_title (self, target), heddle_node_get_title (source), source->id);
  return g_strdup_printf (_ ("“%s” is in the frame of “%s” and “%s” is not. Connect it to a port on the inside of the frame, and the frame to “%s”."),
                          heddle_node_get_title (source), get_container_title (self, source), heddle_node_get_title (target), heddle_node_get_title (target));
}

char *
heddle_graph_refuse_levels (HeddleGraph *self, const HeddleNode *source, const char *from_port, const HeddleNode *target, const char *to_port)
{
  gboolean from_inner = heddle_node_has_inner_output (source, from_port);
  gboolean to_inner = heddle_node_has_inner_input (target, to_port);

  if (from_inner)
    return refuse_inner (source, target);
  return to_inner ? refuse_inner (target, source) : refuse_crossing (self, source, target);
}

static char *
refuse_tangle (HeddleGraph *self, const HeddleTangle *tangle)
{
  const HeddleNode *first = heddle_graph_get_node (self, g_array_index (tangle->entries, guint, 0));
  const HeddleNode *second = heddle_graph_get_node (self, g_array_index (tangle->entries, guint, 1));

  return g_strdup_printf (_ ("This would make a circle that is entered at “%s” and at “%s”. A circle is a loop, and its rounds begin at one node: let everything from outside lead there."),
                          heddle_node_get_title (first), heddle_node_get_title (second));
}

static char *
refuse_tool_circle (const HeddleNode *source, const HeddleNode *target)
{
  return g_strdup_printf (_ ("This would make a circle of agents that call each other: “%s” already leads to “%s”."), heddle_node_get_title (target),
                          heddle_node_get_title (source));
}

/* An edge that leads back makes a loop if its circle has one entry, and so may one that leads into a circle. */
static char *
refuse_loop (HeddleGraph *self, const HeddleNode *source, const HeddleNode *target, gboolean leads_back)
{
  g_autoptr (HeddleLoopSearch) before = heddle_graph_search_loops (self, NULL, NULL);
  g_autoptr (HeddleLoopSearch) after = heddle_graph_search_loops (self, source, target);

  if (after->tangles->len > before->tangles->len)
    return refuse_tangle (self, g_ptr_array_index (after->tangles, after->tangles->len - 1));
  if (after->is_too_deep)
    return g_strdup_printf (_ ("There would be circles within more than %d circles. Put a part of the workflow into a Subflow."), HEDDLE_MAX_NESTING);
  /* What leads back without being a circle of steps leads over tools. */
  if (leads_back && after->tangles->len == 0 && after->loop_of[target->index] < 0)
    return refuse_tool_circle (source, target);
  return NULL;
}

static char *
refuse_circle (HeddleGraph *self, const HeddleNode *source, const char *from_port, const HeddleNode *target, const char *to_port)
{
  gboolean from_frame = heddle_node_has_inner_output (source, from_port);
  gboolean is_tool = heddle_port_takes_tools (heddle_node_type_find_input (target->type, to_port));
  HeddleVertex *from = heddle_graph_find_vertex (self, source->id);
  HeddleVertex *to = heddle_graph_find_vertex (self, target->id);
  gboolean leads_back = !from_frame && has_path (self, to, from);

  if (is_tool)
    return leads_back ? refuse_tool_circle (source, target) : NULL;
  if (!leads_back && !has_path (self, to, to))
    return NULL;
  return refuse_loop (self, from_frame ? NULL : source, target, leads_back);
}

static char *
refuse (HeddleGraph *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  const HeddleNode *source = heddle_graph_find_node (self, from);
  const HeddleNode *target = heddle_graph_find_node (self, to);
  char *reason;

  if (source == NULL || target == NULL)
    return g_strdup_printf (_ ("There is no node “%s”."), source == NULL ? from : to);
  if (source == target)
    return g_strdup (_ ("A node cannot be connected to itself."));
  reason = refuse_source (source, from_port);
  if (reason == NULL)
    reason = refuse_target (target, to_port);
  if (reason == NULL)
    reason = heddle_graph_refuse_levels (self, source, from_port, target, to_port);
  if (reason == NULL)
    reason = refuse_mixing (self, source, from_port, target, to_port);
  if (reason != NULL)
    return reason;
  if (heddle_graph_find_edge (self, from, from_port, to, to_port) != NULL)
    return g_strdup (_ ("These two are already connected."));
  return heddle_node_has_inner_input (target, to_port) ? NULL : refuse_circle (self, source, from_port, target, to_port);
}

gboolean
heddle_graph_can_connect (HeddleGraph *self, const char *from, const char *from_port, const char *to, const char *to_port, char **reason)
{
  g_autofree char *refusal = NULL;
  gboolean allowed;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (from != NULL && from_port != NULL && to != NULL && to_port != NULL, FALSE);

  refusal = refuse (self, from, from_port, to, to_port);
  allowed = refusal == NULL;
  if (reason != NULL)
    *reason = g_steal_pointer (&refusal);
  return allowed;
}
