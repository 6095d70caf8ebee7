/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include "palette/heddle-palette.h"

#include <string.h>

/* Nodes and templates that are searched for, chosen from the palette or dropped from there: where they come to lie, and what they join. */

/* What comes onto the canvas: a node of a type, or what a template holds. */
typedef struct
{
  const char *type_id;
  const char *json;
} What;

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

static void
measure (const What *what, HeddleCanvasPlace *place)
{
  place->width = HEDDLE_CANVAS_CARD_WIDTH;
  place->height = HEDDLE_CANVAS_CARD_HEIGHT;
  if (what->json == NULL)
    return;
  heddle_canvas_place_measure (place, what->json);
  place->width = MAX (place->width, HEDDLE_CANVAS_CARD_WIDTH);
  place->height = MAX (place->height, HEDDLE_CANVAS_CARD_HEIGHT);
}

/* Around a place of the world. */
static void
center (HeddleCanvasPlace *place)
{
  place->x -= place->width / 2;
  place->y -= place->height / 2;
}

static void
add (HeddleCanvas *self, const What *what, const HeddleCanvasPlace *place, HeddleCanvasEdge *splice)
{
  g_autoptr (GPtrArray) added = NULL;
  const HeddleCanvasAddition addition = {
    .label = what->type_id != NULL ? _ ("Add Node") : _ ("Insert Template"),
    .type_id = what->type_id,
    .text = what->json,
    .x = heddle_canvas_snap (place->x),
    .y = heddle_canvas_snap (place->y),
    .nest = place->frame,
    .splice = splice,
    .joins = TRUE,
    .join_x = heddle_canvas_snap (self->pending_output ? place->x : place->x + place->width - HEDDLE_CANVAS_CARD_WIDTH),
    .join_y = heddle_canvas_snap (place->y),
  };
  gboolean done = heddle_canvas_add (self, &addition);

  heddle_canvas_cancel_pending (self);
  if (!done)
    return;
  added = heddle_canvas_list_selected (self, FALSE);
  if (added->len > 0)
    heddle_canvas_focus_item (self, added->pdata[0]);
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
place_in_edge (HeddleCanvasPlace *place, const HeddleCanvasEdge *edge)
{
  place->frame = heddle_canvas_edge_get_frame (edge);
  heddle_canvas_curve_get_point (&edge->curve, .5, &place->x, &place->y);
  center (place);
}

/* The port that takes the waiting edge comes to lie where that edge was dropped, if nothing is in the way. */
static void
place_at_pending (HeddleCanvas *self, HeddleCanvasPlace *place)
{
  place->frame = get_pending_frame (self);
  place->x -= self->pending_output ? 0 : place->width;
  place->y -= HEDDLE_CANVAS_CARD_HEIGHT / 2;
}

/* x, y: of the widget, where it was searched for. */
static void
insert (HeddleCanvas *self, const What *what, double x, double y)
{
  HeddleCanvasEdge *edge = heddle_canvas_find_pending_edge (self);
  HeddleCanvasPlace place = { 0 };

  measure (what, &place);
  heddle_canvas_to_world (self, x, y, &place.x, &place.y);
  if (edge != NULL)
    place_in_edge (&place, edge);
  else if (self->pending_node != NULL)
    place_at_pending (self, &place);
  else
    {
      place.frame = heddle_canvas_scene_pick_container (self->scene, place.x, place.y);
      center (&place);
      heddle_canvas_place_find_free (self, &place);
    }
  add (self, what, &place, edge);
}

void
heddle_canvas_insert_node (HeddleCanvas *self, const char *type_id, double x, double y)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (type_id != NULL);

  if (check_type (self, type_id))
    insert (self, &(What){ .type_id = type_id }, x, y);
}

void
heddle_canvas_insert_template_at (HeddleCanvas *self, const char *json, double x, double y)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (json != NULL);

  if (self->document != NULL)
    insert (self, &(What){ .json = json }, x, y);
}

/* A selected frame is where one is at work. */
static HeddleCanvasItem *
get_selected_frame (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) selected = heddle_canvas_list_selected (self, FALSE);

  return selected->len == 1 && heddle_canvas_item_is_container (selected->pdata[0]) ? selected->pdata[0] : NULL;
}

static void
add_at_center (HeddleCanvas *self, const What *what)
{
  HeddleCanvasPlace place = { .frame = get_selected_frame (self) };

  heddle_canvas_cancel_pending (self);
  measure (what, &place);
  if (place.frame != NULL)
    {
      place.x = place.frame->x + HEDDLE_FRAME_SIDE;
      place.y = place.frame->y + HEDDLE_FRAME_TOP;
    }
  else
    {
      heddle_canvas_to_world (self, gtk_widget_get_width (GTK_WIDGET (self)) / 2., gtk_widget_get_height (GTK_WIDGET (self)) / 2., &place.x, &place.y);
      place.frame = heddle_canvas_scene_pick_container (self->scene, place.x, place.y);
      center (&place);
    }
  heddle_canvas_place_find_free (self, &place);
  add (self, what, &place, NULL);
}

void
heddle_canvas_add_node_at_center (HeddleCanvas *self, const char *type_id)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (type_id != NULL);

  if (check_type (self, type_id))
    add_at_center (self, &(What){ .type_id = type_id });
}

void
heddle_canvas_insert_template (HeddleCanvas *self, const char *json)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (json != NULL);

  if (self->document != NULL)
    add_at_center (self, &(What){ .json = json });
}

void
heddle_canvas_request_search (HeddleCanvas *self, double x, double y)
{
  if (self->document == NULL)
    return;
  heddle_canvas_cancel_pending (self);
  heddle_canvas_emit_search (self, x, y, FALSE);
}

void
heddle_canvas_request_after (HeddleCanvas *self, const HeddleCanvasItem *item)
{
  graphene_rect_t at;

  if (item->outputs->len == 0)
    {
      heddle_canvas_emit_message (self, _ ("Nothing follows this node: it has no output."));
      return;
    }
  heddle_canvas_cancel_pending (self);
  heddle_canvas_scroll_to (self, item);
  heddle_canvas_get_node_bounds (self, item->id, &at);
  self->pending_node = g_strdup (item->id);
  self->pending_port = g_strdup (heddle_canvas_item_get_port (item, TRUE, 0)->name);
  self->pending_output = TRUE;
  self->pending_settles = TRUE;
  heddle_canvas_emit_search (self, at.origin.x + at.size.width, at.origin.y + at.size.height / 2, TRUE);
}

/* Where what is dragged from the palette would come to lie: on an edge, in a frame. */
static HeddleCanvasEdge *
find_drop_place (HeddleCanvas *self, double x, double y, HeddleCanvasPlace *place)
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
  HeddleCanvasPlace place;

  self->hovered_edge = find_drop_place (self, x, y, &place);
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

/* FALSE: the text names nothing of the palette. */
static gboolean
read_what (const char *text, What *what)
{
  *what = (What){ NULL, NULL };
  if (text != NULL && g_str_has_prefix (text, HEDDLE_PALETTE_DRAG_PREFIX))
    what->type_id = text + strlen (HEDDLE_PALETTE_DRAG_PREFIX);
  else if (text != NULL && g_str_has_prefix (text, HEDDLE_PALETTE_DRAG_TEMPLATE_PREFIX))
    what->json = text + strlen (HEDDLE_PALETTE_DRAG_TEMPLATE_PREFIX);
  return what->type_id != NULL || what->json != NULL;
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, HeddleCanvas *self)
{
  const char *text = G_VALUE_HOLDS_STRING (value) ? g_value_get_string (value) : NULL;
  HeddleCanvasPlace place = { 0 };
  HeddleCanvasEdge *edge;
  What what;

  drop_leave_cb (target, self);
  if (!read_what (text, &what))
    return drop_workflow (self, value, x, y);
  if (self->document == NULL || (what.type_id != NULL && !check_type (self, what.type_id)))
    return FALSE;
  heddle_canvas_cancel_pending (self);
  edge = find_drop_place (self, x, y, &place);
  measure (&what, &place);
  center (&place);
  add (self, &what, &place, edge);
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
