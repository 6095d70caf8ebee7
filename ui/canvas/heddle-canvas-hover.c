/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-draw-note.h"
#include "canvas/heddle-canvas-private.h"

/* What the pointer is over, while no button is held. */

gboolean
heddle_canvas_is_on_fold (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y)
{
  graphene_rect_t bounds;
  double world_x, world_y;

  if (!heddle_canvas_item_get_fold_bounds (item, &bounds))
    return FALSE;
  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  heddle_canvas_grow_target (self, &bounds);
  return graphene_rect_contains_point (&bounds, &GRAPHENE_POINT_INIT (world_x - item->x, world_y - item->y));
}

/* Where somebody may be led by a note. */
static gboolean
is_safe (const char *url)
{
  return g_str_has_prefix (url, "https://") || g_str_has_prefix (url, "http://") || g_str_has_prefix (url, "mailto:");
}

char *
heddle_canvas_dup_link (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y)
{
  g_autofree char *url = NULL;

  if (item->kind != HEDDLE_CANVAS_ITEM_NOTE)
    return NULL;
  heddle_canvas_to_world (self, x, y, &x, &y);
  url = heddle_canvas_dup_link_at (item, self->style, x, y);
  return url != NULL && is_safe (url) ? g_steal_pointer (&url) : NULL;
}

gboolean
heddle_canvas_open_link (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y)
{
  g_autofree char *url = heddle_canvas_dup_link (self, item, x, y);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (url == NULL)
    return FALSE;
  gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, url, GDK_CURRENT_TIME);
  return TRUE;
}

static const char *
get_hover_cursor (HeddleCanvas *self, double x, double y)
{
  if (self->pressed_end.item != NULL)
    return "crosshair";
  if (self->space_held)
    return "grab";
  if (self->pressed_plus)
    return "pointer";
  if (self->pressed_edge != NULL && heddle_canvas_find_bend (self, self->pressed_edge, x, y) >= 0)
    return "move";
  if (self->pressed_item == NULL)
    return NULL;
  if (heddle_canvas_get_picker_step (self, self->pressed_item, x, y) != 0 || heddle_canvas_is_on_fold (self, self->pressed_item, x, y))
    return "pointer";
  return heddle_canvas_sides_get_cursor (heddle_canvas_get_sides_at (self, self->pressed_item, x, y));
}

static void
hover (HeddleCanvas *self, double x, double y)
{
  HeddleCanvasEdge *edge;
  HeddleCanvasItem *port_item = self->pressed_end.item;

  heddle_canvas_pick (self, x, y);
  edge = self->pressed_edge;
  if (edge != self->hovered_edge || port_item != self->pressed_end.item)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->hovered_edge = edge;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), get_hover_cursor (self, x, y));
  self->pressed_item = NULL;
  self->pressed_edge = NULL;
  self->pressed_plus = FALSE;
}

/* Beneath a menu the pointer stays where it was opened: what is chosen there is for that place. */
static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, HeddleCanvas *self)
{
  if (self->popover != NULL)
    return;
  self->pointer_inside = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  if (self->wire_follows)
    heddle_canvas_update_wire (self, x, y);
  else if (self->mode == HEDDLE_CANVAS_MODE_NONE && !heddle_canvas_is_by_finger (GTK_EVENT_CONTROLLER (controller)))
    {
      self->touched_by_finger = FALSE;
      hover (self, x, y);
    }
}

static void
leave_cb (GtkEventControllerMotion *controller, HeddleCanvas *self)
{
  if (self->popover != NULL)
    return;
  self->pointer_inside = FALSE;
  if (self->mode != HEDDLE_CANVAS_MODE_NONE)
    return;
  heddle_canvas_forget_press (self);
  self->hovered_edge = NULL;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
heddle_canvas_install_hover (HeddleCanvas *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}
