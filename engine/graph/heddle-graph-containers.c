/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <math.h>
#include <string.h>

#include "registry/heddle-node-type.h"

/* Nodes that are frames around others. */

gboolean
heddle_node_is_container (const HeddleNode *node)
{
  g_return_val_if_fail (node != NULL, FALSE);

  return node->type != NULL ? (node->type->flags & HEDDLE_NODE_CONTAINER) != 0 : node->width > 0;
}

gboolean
heddle_node_is_beside (const HeddleNode *node, const HeddleNode *other)
{
  return g_strcmp0 (node->parent, other->parent) == 0;
}

/* Whether node is right in other, which is a container. */
static gboolean
is_child (const HeddleNode *node, const HeddleNode *other)
{
  return node != NULL && other != NULL && other->type != NULL && (other->type->flags & HEDDLE_NODE_CONTAINER) != 0 &&
         g_strcmp0 (node->parent, other->id) == 0;
}

const char *
heddle_node_get_default_output_to (const HeddleNode *from, const HeddleNode *to)
{
  return is_child (to, from) ? from->type->inner_outputs[0].name : heddle_node_get_default_output (from);
}

const char *
heddle_node_get_default_input_from (const HeddleNode *to, const HeddleNode *from)
{
  return is_child (from, to) ? to->type->inner_inputs[0].name : heddle_node_get_default_input (to);
}

gboolean
heddle_node_has_inner_output (const HeddleNode *node, const char *port)
{
  return node != NULL && node->type != NULL && heddle_node_type_find_inner_output (node->type, port) != NULL;
}

gboolean
heddle_node_has_inner_input (const HeddleNode *node, const char *port)
{
  return node != NULL && node->type != NULL && heddle_node_type_find_inner_input (node->type, port) != NULL;
}

gboolean
heddle_link_is_inner (const HeddleLink *link)
{
  return heddle_node_has_inner_output (link->from->node, link->edge.from_port) ||
         heddle_node_has_inner_input (link->to->node, link->edge.to_port);
}

gboolean
heddle_graph_is_inner_edge (HeddleGraph *self, const HeddleEdge *edge)
{
  const HeddleNode *from, *to;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self) && edge != NULL, FALSE);

  from = heddle_graph_find_node (self, edge->from);
  to = heddle_graph_find_node (self, edge->to);
  return heddle_node_has_inner_output (from, edge->from_port) || heddle_node_has_inner_input (to, edge->to_port);
}

/* A file can have nodes that are in each other, so the way up is no longer than there are nodes. */
gboolean
heddle_graph_is_within (HeddleGraph *self, const char *id, const char *container)
{
  const HeddleVertex *vertex;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (id != NULL && container != NULL, FALSE);

  vertex = heddle_graph_find_vertex (self, id);
  for (guint i = 0; vertex != NULL && i <= self->nodes->len; i++)
    {
      vertex = vertex->parent;
      if (vertex != NULL && strcmp (vertex->id, container) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What is deeper than frames may be is reported as such, and not followed to its end. */
HeddleVertex *
heddle_vertex_lift_beside (HeddleVertex *vertex, const HeddleVertex *other)
{
  for (guint i = 0; vertex != NULL && vertex->parent != other->parent && i <= HEDDLE_MAX_NESTING; i++)
    vertex = vertex->parent;
  return vertex != NULL && vertex->node != NULL && vertex->parent == other->parent ? vertex : NULL;
}

GPtrArray *
heddle_graph_list_children (HeddleGraph *self, const char *container)
{
  GPtrArray *ids = g_ptr_array_new ();
  const HeddleVertex *vertex;
  const GPtrArray *from;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), ids);

  vertex = container != NULL ? heddle_graph_find_vertex (self, container) : NULL;
  from = container == NULL ? self->nodes : vertex != NULL ? vertex->children
                                                          : self->no_edges;
  for (guint i = 0; i < from->len; i++)
    {
      HeddleVertex *child = g_ptr_array_index (from, i);

      if (container != NULL || child->parent == NULL)
        g_ptr_array_add (ids, child->id);
    }
  return ids;
}

static void
add_id (GPtrArray *ids, GHashTable *seen, const char *id)
{
  if (g_hash_table_add (seen, (gpointer) id))
    g_ptr_array_add (ids, g_strdup (id));
}

char **
heddle_graph_dup_ids_within (HeddleGraph *self, const char *const *ids)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *all = g_ptr_array_new ();

  for (guint i = 0; ids[i] != NULL; i++)
    add_id (all, seen, ids[i]);
  for (guint i = 0; i < all->len; i++)
    {
      HeddleVertex *vertex = heddle_graph_find_vertex (self, g_ptr_array_index (all, i));

      if (vertex == NULL || vertex->node == NULL || !heddle_node_is_container (vertex->node))
        continue;
      for (guint j = 0; j < vertex->children->len; j++)
        add_id (all, seen, ((HeddleVertex *) g_ptr_array_index (vertex->children, j))->id);
    }
  g_ptr_array_add (all, NULL);
  return (char **) g_ptr_array_free (all, FALSE);
}

static gboolean
is_in_any (HeddleGraph *graph, const HeddleVertex *vertex, GHashTable *chosen)
{
  const HeddleVertex *outer = vertex->parent;

  for (guint i = 0; outer != NULL && outer != vertex && i < graph->nodes->len; i++)
    {
      if (g_hash_table_contains (chosen, outer->id))
        return TRUE;
      outer = outer->parent;
    }
  return FALSE;
}

GPtrArray *
heddle_graph_list_outermost (HeddleGraph *graph, const char *const *ids)
{
  g_autoptr (GHashTable) chosen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *outermost = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; ids[i] != NULL; i++)
    g_hash_table_add (chosen, (gpointer) ids[i]);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleVertex *vertex = heddle_graph_find_vertex (graph, ids[i]);

      if (vertex != NULL && vertex->node != NULL && !is_in_any (graph, vertex, chosen))
        g_ptr_array_add (outermost, g_strdup (ids[i]));
    }
  return outermost;
}

/* What is less than that outside of a frame is the rounding of numbers. */
#define TOLERANCE 0.01

typedef struct
{
  double left, top, right, bottom;
} Box;

static void
include (Box *box, const HeddleNode *node)
{
  double width, height;

  heddle_node_get_size (node, &width, &height);
  /* What is collapsed can be expanded without making room first. */
  width = MAX (width, node->width);
  height = MAX (height, node->height);

  box->left = MIN (box->left, node->x - HEDDLE_FRAME_SIDE);
  box->top = MIN (box->top, node->y - HEDDLE_FRAME_TOP);
  box->right = MAX (box->right, node->x + width + HEDDLE_FRAME_SIDE);
  box->bottom = MAX (box->bottom, node->y + height + HEDDLE_FRAME_BOTTOM);
}

/* Moves the ends of a line outwards until it holds what it must; whole numbers, so that it is the same when it is read again. */
static void
stretch (double *start, double *length, double low, double high)
{
  double end = MAX (*start + *length, high);

  if (low >= *start - TOLERANCE && high <= *start + *length + TOLERANCE)
    return;
  if (low < *start - TOLERANCE)
    *start = MAX (floor (low), -HEDDLE_CANVAS_LIMIT);
  *length = MIN (ceil (end - *start), HEDDLE_CANVAS_LIMIT);
}

void
heddle_vertex_measure_frame (const HeddleVertex *vertex, double frame[4])
{
  const HeddleNode *node = vertex->node;
  Box box = { node->x, node->y, node->x, node->y };

  for (guint i = 0; i < vertex->children->len; i++)
    include (&box, ((HeddleVertex *) g_ptr_array_index (vertex->children, i))->node);
  frame[0] = node->x;
  frame[1] = node->y;
  frame[2] = MAX (node->width, HEDDLE_FRAME_WIDTH);
  frame[3] = MAX (node->height, HEDDLE_FRAME_HEIGHT);
  stretch (&frame[0], &frame[2], box.left, box.right);
  stretch (&frame[1], &frame[3], box.top, box.bottom);
}

static gboolean
is_in_a_frame (const HeddleVertex *vertex)
{
  return vertex->parent != NULL && vertex->parent->node != NULL && heddle_node_is_container (vertex->parent->node);
}

static void
make_large_enough (HeddleGraph *self, const HeddleNode *node)
{
  heddle_graph_set_size (self, node->id, MAX (node->width, HEDDLE_FRAME_WIDTH), MAX (node->height, HEDDLE_FRAME_HEIGHT));
}

/* From the outside inwards; frames that are in each other are left out. */
static GPtrArray *
list_frames (HeddleGraph *self)
{
  GPtrArray *frames = g_ptr_array_new ();

  for (guint i = 0; i < self->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (self->nodes, i);

      if (!is_in_a_frame (vertex) && heddle_node_is_container (vertex->node))
        g_ptr_array_add (frames, vertex);
    }
  for (guint i = 0; i < frames->len; i++)
    {
      GPtrArray *children = ((HeddleVertex *) g_ptr_array_index (frames, i))->children;

      for (guint j = 0; j < children->len; j++)
        {
          HeddleVertex *child = g_ptr_array_index (children, j);

          if (heddle_node_is_container (child->node))
            g_ptr_array_add (frames, child);
        }
    }
  return frames;
}

void
heddle_graph_fit_frames (HeddleGraph *self)
{
  g_autoptr (GPtrArray) frames = list_frames (self);

  for (guint i = 0; i < self->nodes->len; i++)
    {
      const HeddleNode *node = heddle_graph_get_node (self, i);

      if (heddle_node_is_container (node))
        make_large_enough (self, node);
    }
  for (guint i = frames->len; i > 0; i--)
    {
      HeddleVertex *vertex = g_ptr_array_index (frames, i - 1);
      double frame[4];

      heddle_vertex_measure_frame (vertex, frame);
      heddle_graph_set_position (self, vertex->id, frame[0], frame[1]);
      heddle_graph_set_size (self, vertex->id, frame[2], frame[3]);
    }
}
