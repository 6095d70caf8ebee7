/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

#define DROP_PREFIX "heddle-node:"

/* Where a new node goes: its corner in the world, and the container it is in, or NULL. */
typedef struct
{
  double x, y;
  HeddleCanvasItem *frame;
} Place;

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

  if (!can_splice (self, node_id, edge))
    return;
  heddle_document_disconnect (self->document, from, from_port, to, to_port);
  heddle_document_connect (self->document, from, from_port, id, input, NULL);
  heddle_document_connect (self->document, id, outputs->pdata[0], to, to_port, NULL);
}

/* In another frame the graph can say whether it fits only when the node is there. */
static gboolean
may_splice (HeddleCanvas *self, const HeddleCanvasItem *item, const HeddleCanvasEdge *edge)
{
  if (heddle_canvas_edge_get_frame (edge) == item->parent)
    return can_splice (self, item->id, edge);
  return !edge->is_tool && item->inputs->len > 0 && item->outputs->len > 0;
}

/* Only a single loose node with both an input and an output can be put into an edge. */
void
heddle_canvas_update_splice (HeddleCanvas *self)
{
  const HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, 0).item;
  HeddleCanvasEdge *edge = NULL;

  if (self->starts->len == 1 && item->kind == HEDDLE_CANVAS_ITEM_NODE && item->edges->len == 0)
    edge = heddle_canvas_scene_pick_edge (self->scene, item->x + item->width / 2, item->y + 36, 28);
  if (edge != NULL && !may_splice (self, item, edge))
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
  g_clear_pointer (&self->pending_to, g_free);
  g_clear_pointer (&self->pending_to_port, g_free);
}

void
heddle_canvas_end_search (HeddleCanvas *self)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_cancel_pending (self);
  heddle_canvas_take_focus (self, NULL);
}

gboolean
heddle_canvas_can_insert (HeddleCanvas *self, const HeddleNodeType *type)
{
  g_autofree char *output = NULL;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);

  if (self->pending_node == NULL)
    return TRUE;
  if (self->pending_output && get_first_port (type->inputs) == NULL)
    return FALSE;
  if (self->pending_output && self->pending_to == NULL)
    return TRUE;
  output = dup_first_output (type);
  return output != NULL;
}

/* World coordinates of the new card's corner. */
static void
add_node (HeddleCanvas *self, const char *type_id, const Place *place, HeddleCanvasEdge *splice)
{
  const char *ids[] = { NULL, NULL };
  g_autofree char *id = NULL;
  g_autofree char *frame_id = place->frame != NULL ? g_strdup (place->frame->id) : NULL;
  gboolean is_first = place->frame != NULL && place->frame->n_children == 0;
  HeddleCanvasItem *item;

  heddle_document_begin (self->document, _ ("Add Node"));
  id = g_strdup (heddle_document_add_node (self->document, type_id, NULL, snap (place->x), snap (place->y)));
  ids[0] = id;
  if (frame_id != NULL && !heddle_canvas_nest (self, ids, frame_id))
    {
      heddle_document_abort (self->document);
      heddle_canvas_cancel_pending (self);
      return;
    }
  if (splice != NULL)
    {
      heddle_canvas_splice (self, id, splice);
      heddle_canvas_make_room (self, splice, id);
    }
  else if (self->pending_node != NULL)
    connect_pending (self, id);
  else if (is_first)
    heddle_canvas_wire_first (self, id);
  heddle_document_end (self->document);
  heddle_canvas_cancel_pending (self);

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

/* A frame around the place is no obstacle, but its header is. */
static gboolean
is_in_the_way (const HeddleCanvasItem *item, const Place *place)
{
  if (item->kind != HEDDLE_CANVAS_ITEM_NODE)
    return FALSE;
  if (place->frame != NULL && (item == place->frame || heddle_canvas_item_is_within (place->frame, item)))
    return place->y < item->y + HEDDLE_CANVAS_HEADER;
  return TRUE;
}

static gboolean
is_taken (HeddleCanvas *self, const Place *place)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  heddle_canvas_scene_query_items (self->scene, &GRAPHENE_RECT_INIT (place->x, place->y, HEDDLE_CANVAS_CARD_WIDTH, HEDDLE_CANVAS_CARD_HEIGHT), items);
  for (guint i = 0; i < items->len; i++)
    if (is_in_the_way (items->pdata[i], place))
      return TRUE;
  return FALSE;
}

/* Aside until no other card is covered. */
static void
move_to_free_place (HeddleCanvas *self, Place *place)
{
  for (int i = 0; i < 64 && is_taken (self, place); i++)
    {
      place->x += 2 * HEDDLE_CANVAS_GRID_STEP;
      place->y += 2 * HEDDLE_CANVAS_GRID_STEP;
    }
}

static HeddleCanvasItem *
get_pending_frame (HeddleCanvas *self)
{
  HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, self->pending_node);
  int port = item != NULL ? heddle_canvas_item_find_port (item, self->pending_output, self->pending_port) : -1;

  if (port < 0)
    return NULL;
  return heddle_canvas_item_get_port (item, self->pending_output, (guint) port)->inner ? item : item->parent;
}

/* In the middle of the edge that the search was for. */
static void
insert_in_edge (HeddleCanvas *self, const char *type_id, HeddleCanvasEdge *edge)
{
  Place place = { .frame = heddle_canvas_edge_get_frame (edge) };

  heddle_canvas_curve_get_point (&edge->curve, .5, &place.x, &place.y);
  place.x -= HEDDLE_CANVAS_CARD_WIDTH / 2;
  place.y -= HEDDLE_CANVAS_CARD_HEIGHT / 2;
  add_node (self, type_id, &place, edge);
}

void
heddle_canvas_insert_node (HeddleCanvas *self, const char *type_id, double x, double y)
{
  gboolean before = self->pending_node != NULL && !self->pending_output;
  HeddleCanvasEdge *edge = heddle_canvas_find_pending_edge (self);
  Place place;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (type_id != NULL);

  if (!check_type (self, type_id))
    return;
  if (edge != NULL)
    {
      insert_in_edge (self, type_id, edge);
      return;
    }
  heddle_canvas_to_world (self, x, y, &place.x, &place.y);
  place.frame = self->pending_node != NULL ? get_pending_frame (self) : heddle_canvas_scene_pick_container (self->scene, place.x, place.y);
  place.y -= HEDDLE_CANVAS_CARD_HEIGHT / 2;
  /* The port that takes the waiting edge comes to lie where that edge was dropped. */
  if (self->pending_node != NULL)
    {
      place.x -= before ? HEDDLE_CANVAS_CARD_WIDTH : 0;
    }
  else
    {
      place.x -= HEDDLE_CANVAS_CARD_WIDTH / 2;
      move_to_free_place (self, &place);
    }
  add_node (self, type_id, &place, NULL);
}

/* A selected frame is where one is at work. */
static HeddleCanvasItem *
get_selected_frame (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) selected = heddle_canvas_list_selected (self, FALSE);

  return selected->len == 1 && heddle_canvas_item_is_container (selected->pdata[0]) ? selected->pdata[0] : NULL;
}

void
heddle_canvas_add_node_at_center (HeddleCanvas *self, const char *type_id)
{
  Place place;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (type_id != NULL);

  if (!check_type (self, type_id))
    return;
  heddle_canvas_cancel_pending (self);
  place.frame = get_selected_frame (self);
  if (place.frame != NULL)
    {
      place.x = place.frame->x + HEDDLE_FRAME_SIDE;
      place.y = place.frame->y + HEDDLE_FRAME_TOP;
    }
  else
    {
      heddle_canvas_to_world (self, gtk_widget_get_width (GTK_WIDGET (self)) / 2., gtk_widget_get_height (GTK_WIDGET (self)) / 2., &place.x, &place.y);
      place.frame = heddle_canvas_scene_pick_container (self->scene, place.x, place.y);
      place.x = snap (place.x - HEDDLE_CANVAS_CARD_WIDTH / 2);
      place.y = snap (place.y - HEDDLE_CANVAS_CARD_HEIGHT / 2);
    }
  move_to_free_place (self, &place);
  add_node (self, type_id, &place, NULL);
}

void
heddle_canvas_request_search (HeddleCanvas *self, double x, double y)
{
  if (self->document == NULL)
    return;
  heddle_canvas_cancel_pending (self);
  heddle_canvas_emit_search (self, x, y, FALSE);
}

/* Where a node that is dragged from the palette would come to lie: on an edge, in a frame. */
static HeddleCanvasEdge *
find_place (HeddleCanvas *self, double x, double y, Place *place)
{
  HeddleCanvasEdge *edge;

  heddle_canvas_to_world (self, x, y, &place->x, &place->y);
  edge = heddle_canvas_scene_pick_edge (self->scene, place->x, place->y, 20);
  place->frame = edge != NULL ? heddle_canvas_edge_get_frame (edge) : heddle_canvas_scene_pick_container (self->scene, place->x, place->y);
  return edge;
}

static GdkDragAction
drop_motion_cb (GtkDropTarget *target, double x, double y, HeddleCanvas *self)
{
  Place place;

  self->hovered_edge = find_place (self, x, y, &place);
  heddle_canvas_set_drop_frame (self, place.frame);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return GDK_ACTION_COPY;
}

static void
drop_leave_cb (GtkDropTarget *target, HeddleCanvas *self)
{
  self->hovered_edge = NULL;
  heddle_canvas_set_drop_frame (self, NULL);
}

char *
heddle_canvas_dup_node_at (HeddleCanvas *self, double x, double y)
{
  HeddleCanvasItem *item;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), NULL);

  heddle_canvas_to_world (self, x, y, &x, &y);
  item = heddle_canvas_scene_pick_item (self->scene, x, y);
  return item != NULL && item->kind == HEDDLE_CANVAS_ITEM_NODE ? g_strdup (item->id) : NULL;
}

void
heddle_canvas_mark_drop (HeddleCanvas *self, const char *node_id)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_set_drop_frame (self, node_id != NULL ? heddle_canvas_scene_find (self->scene, node_id) : NULL);
}

/* Files, or the text of a workflow. */
static gboolean
drop_workflow (HeddleCanvas *self, const GValue *value, double x, double y)
{
  if (self->document == NULL)
    return FALSE;
  heddle_canvas_to_world (self, x, y, &x, &y);
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return heddle_canvas_offer_files (self, g_value_get_boxed (value), x, y);
  return g_value_get_string (value) != NULL && heddle_canvas_offer_text (self, g_value_get_string (value), x, y);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, HeddleCanvas *self)
{
  const char *text = G_VALUE_HOLDS_STRING (value) ? g_value_get_string (value) : NULL;
  HeddleCanvasEdge *edge;
  Place place;

  heddle_canvas_set_drop_frame (self, NULL);
  if (text != NULL && heddle_canvas_drop_template (self, text, x, y))
    return TRUE;
  if (text == NULL || !g_str_has_prefix (text, DROP_PREFIX))
    return drop_workflow (self, value, x, y);
  if (!check_type (self, text + strlen (DROP_PREFIX)))
    return FALSE;
  heddle_canvas_cancel_pending (self);
  edge = find_place (self, x, y, &place);
  place.x -= HEDDLE_CANVAS_CARD_WIDTH / 2;
  place.y -= HEDDLE_CANVAS_CARD_HEIGHT / 2;
  add_node (self, text + strlen (DROP_PREFIX), &place, edge);
  return TRUE;
}

void
heddle_canvas_install_drop (HeddleCanvas *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_STRING };

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));

  g_signal_connect (target, "motion", G_CALLBACK (drop_motion_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (drop_leave_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
