/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* Nodes go into and out of the frames of containers: which frame that is, and what goes with it. */

/* Whether no frame around it is moved, which would take it along. */
static gboolean
is_moved_by_itself (const HeddleCanvasItem *item)
{
  guint left = item->depth;

  for (const HeddleCanvasItem *frame = item->parent; frame != NULL && left > 0; frame = frame->parent, left--)
    if (frame->moving)
      return FALSE;
  return TRUE;
}

GPtrArray *
heddle_canvas_list_moved (HeddleCanvas *self)
{
  GPtrArray *items = g_ptr_array_new ();

  for (guint i = 0; i < self->starts->len; i++)
    {
      HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, i).item;

      if (is_moved_by_itself (item))
        g_ptr_array_add (items, item);
    }
  return items;
}

HeddleCanvasItem *
heddle_canvas_find_nest (HeddleCanvas *self, double x, double y)
{
  double world_x, world_y;

  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  return heddle_canvas_scene_pick_container (self->scene, world_x, world_y);
}

void
heddle_canvas_set_drop_frame (HeddleCanvas *self, HeddleCanvasItem *frame)
{
  if (self->drop_frame == frame)
    return;
  self->drop_frame = frame;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
heddle_canvas_update_nest (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) moved = heddle_canvas_list_moved (self);
  HeddleCanvasItem *frame = heddle_canvas_find_nest (self, self->pointer_x, self->pointer_y);
  gboolean changes = FALSE;

  for (guint i = 0; i < moved->len; i++)
    {
      const HeddleCanvasItem *item = moved->pdata[i];

      changes = changes || (item->kind == HEDDLE_CANVAS_ITEM_NODE && item->parent != frame);
    }
  heddle_canvas_set_drop_frame (self, changes ? frame : NULL);
}

char **
heddle_canvas_dup_nesting_ids (GPtrArray *items, const HeddleCanvasItem *frame)
{
  g_autoptr (GPtrArray) nesting = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];

      if (item->kind == HEDDLE_CANVAS_ITEM_NODE && item->parent != frame)
        g_ptr_array_add (nesting, items->pdata[i]);
    }
  return heddle_canvas_dup_ids (nesting);
}

gboolean
heddle_canvas_nest (HeddleCanvas *self, const char *const *ids, const char *frame)
{
  HeddleGraph *graph = heddle_canvas_get_graph (self);
  guint before = heddle_graph_get_n_edges (graph);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  guint n_cut;

  if (*ids == NULL)
    return TRUE;
  if (!heddle_document_set_parent (self->document, ids, frame, &error))
    {
      heddle_canvas_emit_message (self, error->message);
      return FALSE;
    }
  n_cut = before - heddle_graph_get_n_edges (graph);
  if (n_cut == 0)
    return TRUE;
  message = g_strdup_printf (ngettext ("%u connection would have led over the frame and was removed. Undo brings it back.",
                                       "%u connections would have led over the frame and were removed. Undo brings them back.", n_cut),
                             n_cut);
  heddle_canvas_emit_message (self, message);
  return TRUE;
}

/* The first node in an empty frame is what runs in it, so it is joined to where the body begins and ends. */
void
heddle_canvas_wire_first (HeddleCanvas *self, const char *node_id)
{
  HeddleGraph *graph = heddle_canvas_get_graph (self);
  const HeddleNode *node = heddle_graph_find_node (graph, node_id);
  const HeddleNode *frame = node->parent != NULL ? heddle_graph_find_node (graph, node->parent) : NULL;
  g_autoptr (GPtrArray) outputs = node->type != NULL ? heddle_node_list_outputs (node) : NULL;
  g_autofree char *id = g_strdup (node_id);
  g_autofree char *frame_id = frame != NULL ? g_strdup (frame->id) : NULL;
  const HeddlePortSpec *begin, *end, *input;

  if (frame == NULL || frame->type == NULL || outputs == NULL)
    return;
  begin = frame->type->inner_outputs;
  end = frame->type->inner_inputs;
  input = node->type->inputs;
  if (begin != NULL && begin->name != NULL && input != NULL && input->name != NULL)
    heddle_document_connect (self->document, frame_id, begin->name, id, input->name, NULL);
  if (end != NULL && end->name != NULL && outputs->len == 1)
    heddle_document_connect (self->document, id, outputs->pdata[0], frame_id, end->name, NULL);
}
