/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

#define DROP_PREFIX "heddle-node:"

static double
snap (double value)
{
  return round (value / HEDDLE_CANVAS_GRID_STEP) * HEDDLE_CANVAS_GRID_STEP;
}

static const char *
get_first_port (const HeddlePortSpec *ports)
{
  return ports != NULL ? ports->name : NULL;
}

static char *
dup_first_output (const HeddleNodeType *type)
{
  g_autoptr (JsonObject) params = json_object_new ();
  g_autoptr (GPtrArray) names = heddle_node_type_list_outputs (type, params);

  return names->len > 0 ? g_strdup (names->pdata[0]) : NULL;
}

/* Puts a node in the middle of an edge: what came along it now passes through the node. */
void
heddle_canvas_splice (HeddleCanvas *self, const char *node_id, HeddleCanvasEdge *edge)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_canvas_get_graph (self), node_id);
  g_autofree char *from = g_strdup (edge->from->id);
  g_autofree char *from_port = g_strdup (edge->from_port);
  g_autofree char *to = g_strdup (edge->to->id);
  g_autofree char *to_port = g_strdup (edge->to_port);
  g_autofree char *id = g_strdup (node_id);
  g_autofree char *input = g_strdup (get_first_port (node->type->inputs));
  g_autoptr (GPtrArray) outputs = heddle_node_list_outputs (node);

  heddle_document_disconnect (self->document, from, from_port, to, to_port);
  heddle_document_connect (self->document, from, from_port, id, input, NULL);
  heddle_document_connect (self->document, id, outputs->pdata[0], to, to_port, NULL);
}

/* Asks the graph, which knows a new node before the scene does. */
static gboolean
can_splice (HeddleCanvas *self, const char *id, const HeddleCanvasEdge *edge)
{
  HeddleGraph *graph = heddle_canvas_get_graph (self);
  const HeddleNode *node = heddle_graph_find_node (graph, id);
  const char *input = node->type != NULL ? get_first_port (node->type->inputs) : NULL;
  g_autoptr (GPtrArray) outputs = heddle_node_list_outputs (node);

  if (input == NULL || outputs->len == 0 || g_str_equal (edge->from->id, id) || g_str_equal (edge->to->id, id))
    return FALSE;
  return heddle_graph_can_connect (graph, edge->from->id, edge->from_port, id, input, NULL) &&
         heddle_graph_can_connect (graph, id, outputs->pdata[0], edge->to->id, edge->to_port, NULL);
}

/* Only a single loose node with both an input and an output can be put into an edge. */
void
heddle_canvas_update_splice (HeddleCanvas *self)
{
  const HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, 0).item;
  HeddleCanvasEdge *edge = NULL;

  if (self->starts->len == 1 && item->kind == HEDDLE_CANVAS_ITEM_NODE && item->edges->len == 0)
    edge = heddle_canvas_scene_pick_edge (self->scene, item->x + item->width / 2, item->y + 36, 28);
  if (edge != NULL && !can_splice (self, item->id, edge))
    edge = NULL;
  if (edge != self->splice)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->splice = edge;
}

static gboolean
find_fitting_port (HeddleCanvas *self, const char *id, char **port)
{
  HeddleGraph *graph = heddle_canvas_get_graph (self);
  const HeddleNode *node = heddle_graph_find_node (graph, id);
  g_autoptr (GPtrArray) outputs = heddle_node_list_outputs (node);

  if (self->pending_output)
    {
      for (const HeddlePortSpec *spec = node->type->inputs; spec != NULL && spec->name != NULL; spec++)
        if (heddle_graph_can_connect (graph, self->pending_node, self->pending_port, id, spec->name, NULL))
          return (*port = g_strdup (spec->name)) != NULL;
      return FALSE;
    }
  for (guint i = 0; i < outputs->len; i++)
    if (heddle_graph_can_connect (graph, id, outputs->pdata[i], self->pending_node, self->pending_port, NULL))
      return (*port = g_strdup (outputs->pdata[i])) != NULL;
  return FALSE;
}

static void
connect_pending (HeddleCanvas *self, const char *id)
{
  g_autofree char *port = NULL;

  if (heddle_graph_find_node (heddle_canvas_get_graph (self), self->pending_node) == NULL || !find_fitting_port (self, id, &port))
    return;
  if (self->pending_output)
    heddle_document_connect (self->document, self->pending_node, self->pending_port, id, port, NULL);
  else
    heddle_document_connect (self->document, id, port, self->pending_node, self->pending_port, NULL);
}

void
heddle_canvas_cancel_pending (HeddleCanvas *self)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  g_clear_pointer (&self->pending_node, g_free);
  g_clear_pointer (&self->pending_port, g_free);
}

gboolean
heddle_canvas_can_insert (HeddleCanvas *self, const HeddleNodeType *type)
{
  g_autofree char *output = NULL;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);

  if (self->pending_node == NULL)
    return TRUE;
  if (self->pending_output)
    return get_first_port (type->inputs) != NULL;
  output = dup_first_output (type);
  return output != NULL;
}

/* World coordinates of the new card's corner. */
static void
add_node (HeddleCanvas *self, const char *type_id, double x, double y, HeddleCanvasEdge *splice)
{
  const char *ids[] = { NULL, NULL };
  g_autofree char *id = NULL;
  HeddleCanvasItem *item;

  heddle_document_begin (self->document, _ ("Add Node"));
  id = g_strdup (heddle_document_add_node (self->document, type_id, NULL, snap (x), snap (y)));
  if (self->pending_node != NULL)
    connect_pending (self, id);
  else if (splice != NULL && can_splice (self, id, splice))
    heddle_canvas_splice (self, id, splice);
  heddle_document_end (self->document);
  heddle_canvas_cancel_pending (self);

  ids[0] = id;
  heddle_canvas_select (self, ids);
  item = heddle_canvas_scene_find (self->scene, id);
  if (item != NULL)
    heddle_canvas_focus_item (self, item);
}

static gboolean
check_type (HeddleCanvas *self, const char *type_id)
{
  g_autofree char *message = NULL;

  if (self->document == NULL)
    return FALSE;
  if (heddle_registry_lookup (type_id) != NULL)
    return TRUE;
  message = g_strdup_printf (_ ("There is no node type “%s” in this version."), type_id);
  heddle_canvas_emit_message (self, message);
  return FALSE;
}

static gboolean
is_taken (HeddleCanvas *self, double x, double y)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  heddle_canvas_scene_query_items (self->scene, &GRAPHENE_RECT_INIT (x, y, HEDDLE_CANVAS_CARD_WIDTH, HEDDLE_CANVAS_CARD_HEIGHT), items);
  for (guint i = 0; i < items->len; i++)
    if (((HeddleCanvasItem *) items->pdata[i])->kind == HEDDLE_CANVAS_ITEM_NODE)
      return TRUE;
  return FALSE;
}

/* Aside until no other card is covered. */
static void
move_to_free_place (HeddleCanvas *self, double *x, double *y)
{
  for (int i = 0; i < 64 && is_taken (self, *x, *y); i++)
    {
      *x += 2 * HEDDLE_CANVAS_GRID_STEP;
      *y += 2 * HEDDLE_CANVAS_GRID_STEP;
    }
}

void
heddle_canvas_insert_node (HeddleCanvas *self, const char *type_id, double x, double y)
{
  gboolean before = self->pending_node != NULL && !self->pending_output;
  double world_x, world_y;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (type_id != NULL);

  if (!check_type (self, type_id))
    return;
  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  world_y -= HEDDLE_CANVAS_CARD_HEIGHT / 2;
  /* The port that takes the waiting edge comes to lie where that edge was dropped. */
  if (self->pending_node != NULL)
    {
      world_x -= before ? HEDDLE_CANVAS_CARD_WIDTH : 0;
    }
  else
    {
      world_x -= HEDDLE_CANVAS_CARD_WIDTH / 2;
      move_to_free_place (self, &world_x, &world_y);
    }
  add_node (self, type_id, world_x, world_y, NULL);
}

void
heddle_canvas_add_node_at_center (HeddleCanvas *self, const char *type_id)
{
  double x, y;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (type_id != NULL);

  if (!check_type (self, type_id))
    return;
  heddle_canvas_cancel_pending (self);
  heddle_canvas_to_world (self, gtk_widget_get_width (GTK_WIDGET (self)) / 2., gtk_widget_get_height (GTK_WIDGET (self)) / 2., &x, &y);
  x = snap (x - HEDDLE_CANVAS_CARD_WIDTH / 2);
  y = snap (y - HEDDLE_CANVAS_CARD_HEIGHT / 2);
  move_to_free_place (self, &x, &y);
  add_node (self, type_id, x, y, NULL);
}

void
heddle_canvas_request_search (HeddleCanvas *self, double x, double y)
{
  if (self->document == NULL)
    return;
  heddle_canvas_cancel_pending (self);
  heddle_canvas_emit_search (self, x, y, FALSE);
}

static GdkDragAction
drop_motion_cb (GtkDropTarget *target, double x, double y, HeddleCanvas *self)
{
  double world_x, world_y;

  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  self->hovered_edge = heddle_canvas_scene_pick_edge (self->scene, world_x, world_y, 20);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return GDK_ACTION_COPY;
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, HeddleCanvas *self)
{
  const char *text = g_value_get_string (value);
  double world_x, world_y;
  HeddleCanvasEdge *edge;

  if (text == NULL || !g_str_has_prefix (text, DROP_PREFIX) || !check_type (self, text + strlen (DROP_PREFIX)))
    return FALSE;
  heddle_canvas_cancel_pending (self);
  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  edge = heddle_canvas_scene_pick_edge (self->scene, world_x, world_y, 20);
  add_node (self, text + strlen (DROP_PREFIX), world_x - HEDDLE_CANVAS_CARD_WIDTH / 2, world_y - HEDDLE_CANVAS_CARD_HEIGHT / 2, edge);
  return TRUE;
}

void
heddle_canvas_install_drop (HeddleCanvas *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);

  g_signal_connect (target, "motion", G_CALLBACK (drop_motion_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
