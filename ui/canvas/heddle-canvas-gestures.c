/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/*
 * One drag gesture for every button and one state machine: a press is remembered, a motion beyond
 * the threshold decides what it becomes, a release without one is a click. Nothing changes the
 * document before its end, so a cancelled gesture has nothing to take back.
 */
#define THRESHOLD 5
#define PLUS_DISTANCE 12 /* where a press takes hold of an edge's button, in pixels */

static const GdkModifierType add_modifiers = GDK_CONTROL_MASK | GDK_SHIFT_MASK;

static void
set_mode (HeddleCanvas *self, HeddleCanvasMode mode)
{
  const char *cursor = mode == HEDDLE_CANVAS_MODE_PAN ? "grabbing" : mode == HEDDLE_CANVAS_MODE_MOVE   ? "move"
                                                                   : mode == HEDDLE_CANVAS_MODE_RESIZE ? heddle_canvas_sides_get_cursor (self->sides)
                                                                                                       : NULL;

  self->mode = mode;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), cursor);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  heddle_canvas_update_tick (self);
}

void
heddle_canvas_forget_press (HeddleCanvas *self)
{
  self->pressed_item = NULL;
  self->pressed_edge = NULL;
  self->pressed_end.item = NULL;
  self->pressed_plus = FALSE;
}

static gboolean
is_on_plus (HeddleCanvas *self, const HeddleCanvasEdge *edge, double x, double y)
{
  double plus_x, plus_y;

  /* Under a finger it shows only when the edge was touched before. */
  if (edge == NULL || (self->touched_by_finger && edge != self->hovered_edge) || !heddle_canvas_get_plus (self, edge, &plus_x, &plus_y))
    return FALSE;
  return hypot (x - plus_x, y - plus_y) <= heddle_canvas_get_reach (self, PLUS_DISTANCE) * self->zoom;
}

/* The port, else the item, else the edge under a point of the widget. */
void
heddle_canvas_pick (HeddleCanvas *self, double x, double y)
{
  double world_x, world_y;

  heddle_canvas_forget_press (self);
  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  if (self->detail != HEDDLE_CANVAS_DETAIL_BLOCK)
    self->pressed_end.item = heddle_canvas_scene_pick_port (self->scene, world_x, world_y, heddle_canvas_get_reach (self, HEDDLE_CANVAS_PORT_DISTANCE), &self->pressed_end.output, &self->pressed_end.port);
  if (self->pressed_end.item != NULL)
    return;
  self->pressed_item = heddle_canvas_scene_pick_item (self->scene, world_x, world_y);
  if (self->pressed_item != NULL)
    return;
  /* The button reaches beyond the line that shows it. */
  if (is_on_plus (self, self->hovered_edge, x, y))
    self->pressed_edge = self->hovered_edge;
  else
    self->pressed_edge = heddle_canvas_scene_pick_edge (self->scene, world_x, world_y, heddle_canvas_get_reach (self, HEDDLE_CANVAS_EDGE_DISTANCE));
  self->pressed_plus = is_on_plus (self, self->pressed_edge, x, y);
}

static void
begin_box (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) selected = NULL;

  if (!(self->modifiers & add_modifiers))
    heddle_canvas_unselect_all (self);
  selected = heddle_canvas_list_selected (self, FALSE);
  g_ptr_array_set_size (self->box_base, 0);
  g_ptr_array_extend (self->box_base, selected, NULL, NULL);
  set_mode (self, HEDDLE_CANVAS_MODE_BOX);
}

/* A frame counts only when it lies wholly inside, or every box within it would take it along. */
static gboolean
is_in_box (HeddleCanvas *self, const HeddleCanvasItem *item)
{
  graphene_rect_t bounds;

  heddle_canvas_item_get_bounds (item, &bounds);
  if (heddle_canvas_item_is_hollow (item))
    return graphene_rect_contains_rect (&self->box, &bounds);
  return graphene_rect_intersection (&self->box, &bounds, NULL);
}

static void
update_box (HeddleCanvas *self, double x, double y)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);
  double x1, y1, x2, y2;

  heddle_canvas_to_world (self, self->press_x, self->press_y, &x1, &y1);
  heddle_canvas_to_world (self, x, y, &x2, &y2);
  graphene_rect_init (&self->box, MIN (x1, x2), MIN (y1, y2), fabs (x2 - x1), fabs (y2 - y1));
  heddle_canvas_freeze_selection (self);
  for (guint i = 0; i < items->len; i++)
    heddle_canvas_set_item_selected (self, items->pdata[i], is_in_box (self, items->pdata[i]) || g_ptr_array_find (self->box_base, items->pdata[i], NULL));
  heddle_canvas_thaw_selection (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
begin_wire (HeddleCanvas *self)
{
  HeddleCanvasEnd end = self->pressed_end;
  gboolean detach = !end.output && !(self->modifiers & add_modifiers);

  set_mode (self, HEDDLE_CANVAS_MODE_WIRE);
  heddle_canvas_begin_wire (self, &end, detach);
}

static void
begin_item_drag (HeddleCanvas *self)
{
  HeddleCanvasItem *item = self->pressed_item;
  HeddleCanvasSides sides = heddle_canvas_get_sides_at (self, item, self->press_x, self->press_y);

  if (sides != 0)
    {
      heddle_canvas_begin_resize (self, item, sides);
      set_mode (self, HEDDLE_CANVAS_MODE_RESIZE);
      return;
    }
  if (!item->selected)
    {
      if (!(self->modifiers & add_modifiers))
        heddle_canvas_unselect_all (self);
      heddle_canvas_set_item_selected (self, item, TRUE);
    }
  gtk_widget_grab_focus (item->widget);
  heddle_canvas_begin_move (self);
  set_mode (self, HEDDLE_CANVAS_MODE_MOVE);
}

static void
begin_duplicate (HeddleCanvas *self)
{
  if (!self->pressed_item->selected)
    heddle_canvas_select_only (self, self->pressed_item);
  set_mode (self, HEDDLE_CANVAS_MODE_DUPLICATE);
  heddle_canvas_begin_duplicate (self);
}

/* The bend of an edge that is under the press, or -1. */
static int
get_pressed_bend (HeddleCanvas *self)
{
  return self->pressed_edge != NULL ? heddle_canvas_find_bend (self, self->pressed_edge, self->press_x, self->press_y) : -1;
}

static void
begin_bend (HeddleCanvas *self, guint bend)
{
  heddle_canvas_begin_bend (self, self->pressed_edge, bend);
  set_mode (self, HEDDLE_CANVAS_MODE_BEND);
}

/* On nothing: a finger pans, with which one cannot turn a wheel. */
static void
begin_drag_on_empty (HeddleCanvas *self)
{
  int bend = get_pressed_bend (self);

  if ((self->modifiers & add_modifiers) == add_modifiers)
    set_mode (self, HEDDLE_CANVAS_MODE_KNIFE);
  else if (bend >= 0)
    begin_bend (self, (guint) bend);
  else if (self->pressed_plus)
    set_mode (self, HEDDLE_CANVAS_MODE_NONE);
  else if (self->touched_by_finger)
    set_mode (self, HEDDLE_CANVAS_MODE_PAN);
  else
    begin_box (self);
}

/* Some window managers take a press with Alt for themselves, so it may also be held down later. */
static void
begin_drag_from (HeddleCanvas *self)
{
  if (self->pressed_end.item != NULL)
    begin_wire (self);
  else if (self->pressed_item != NULL && self->held & GDK_ALT_MASK)
    begin_duplicate (self);
  else if (self->pressed_item != NULL)
    begin_item_drag (self);
  else
    begin_drag_on_empty (self);
}

static void
begin_drag (HeddleCanvas *self)
{
  if (self->button == GDK_BUTTON_MIDDLE || self->space_held)
    set_mode (self, HEDDLE_CANVAS_MODE_PAN);
  else if (self->button != GDK_BUTTON_PRIMARY)
    set_mode (self, HEDDLE_CANVAS_MODE_NONE);
  else
    begin_drag_from (self);
}

void
heddle_canvas_update_drag (HeddleCanvas *self)
{
  double x = self->pointer_x, y = self->pointer_y;

  switch (self->mode)
    {
    case HEDDLE_CANVAS_MODE_PAN:
      heddle_canvas_pan (self, x - self->last_x, y - self->last_y);
      break;
    case HEDDLE_CANVAS_MODE_BOX:
      update_box (self, x, y);
      break;
    case HEDDLE_CANVAS_MODE_MOVE:
      heddle_canvas_update_move (self, x, y);
      break;
    case HEDDLE_CANVAS_MODE_RESIZE:
      heddle_canvas_update_resize (self, x, y);
      break;
    case HEDDLE_CANVAS_MODE_WIRE:
      heddle_canvas_update_wire (self, x, y);
      break;
    case HEDDLE_CANVAS_MODE_DUPLICATE:
      heddle_canvas_update_duplicate (self, x, y);
      break;
    case HEDDLE_CANVAS_MODE_KNIFE:
      heddle_canvas_update_knife (self, x, y);
      break;
    case HEDDLE_CANVAS_MODE_BEND:
      heddle_canvas_update_bend (self, x, y);
      break;
    default:
      break;
    }
  self->last_x = x;
  self->last_y = y;
}

static void
click_item (HeddleCanvas *self, HeddleCanvasItem *item)
{
  if (self->modifiers & add_modifiers)
    heddle_canvas_set_item_selected (self, item, !item->selected);
  else
    heddle_canvas_select_only (self, item);
  gtk_widget_grab_focus (item->widget);
}

static void
click_edge (HeddleCanvas *self, HeddleCanvasEdge *edge)
{
  gboolean selected = edge->selected;

  heddle_canvas_freeze_selection (self);
  if (!(self->modifiers & add_modifiers))
    heddle_canvas_unselect_all (self);
  heddle_canvas_set_edge_selected (self, edge, !(self->modifiers & add_modifiers) || !selected);
  heddle_canvas_thaw_selection (self);
  heddle_canvas_choose_bend (self, heddle_canvas_find_bend (self, edge, self->pointer_x, self->pointer_y));
  if (self->touched_by_finger)
    self->hovered_edge = edge;
}

/* A click on a port starts an edge that follows the pointer until the next click. */
static void
click_port (HeddleCanvas *self)
{
  HeddleCanvasEnd end = self->pressed_end;

  if ((self->modifiers | self->held) & GDK_ALT_MASK)
    {
      heddle_canvas_cut_port (self, &end);
      return;
    }
  self->wire_follows = TRUE;
  set_mode (self, HEDDLE_CANVAS_MODE_WIRE);
  heddle_canvas_begin_wire (self, &end, FALSE);
  heddle_canvas_update_wire (self, self->pointer_x, self->pointer_y);
}

/* The arrows in the header of a container that has run several items. */
static gboolean
click_picker (HeddleCanvas *self)
{
  int step = heddle_canvas_get_picker_step (self, self->pressed_item, self->press_x, self->press_y);

  if (step != 0)
    heddle_canvas_step_item (self, self->pressed_item, step);
  return step != 0;
}

/* The button in the header of a container or a group. */
static gboolean
click_fold (HeddleCanvas *self)
{
  if (!heddle_canvas_is_on_fold (self, self->pressed_item, self->press_x, self->press_y))
    return FALSE;
  heddle_canvas_select_only (self, self->pressed_item);
  heddle_canvas_toggle_collapsed (self);
  return TRUE;
}

static gboolean
click_on_item (HeddleCanvas *self)
{
  if (click_picker (self) || click_fold (self))
    return TRUE;
  return self->modifiers & GDK_CONTROL_MASK && heddle_canvas_open_link (self, self->pressed_item, self->press_x, self->press_y);
}

static void
click (HeddleCanvas *self)
{
  if (self->button != GDK_BUTTON_PRIMARY)
    return;
  if (self->pressed_end.item != NULL)
    click_port (self);
  else if (self->pressed_item != NULL && click_on_item (self))
    return;
  else if (self->pressed_item != NULL)
    click_item (self, self->pressed_item);
  else if (self->pressed_plus)
    heddle_canvas_request_insert (self, self->pressed_edge);
  else if (self->pressed_edge != NULL)
    click_edge (self, self->pressed_edge);
  else if (!(self->modifiers & add_modifiers))
    heddle_canvas_unselect_all (self);
}

static void
end_wire (HeddleCanvas *self, gboolean commit)
{
  self->mode = HEDDLE_CANVAS_MODE_NONE;
  self->wire_follows = FALSE;
  heddle_canvas_end_wire (self, commit);
}

static void
end_drag (HeddleCanvas *self, gboolean commit)
{
  HeddleCanvasMode mode = self->mode;

  self->ended_pan = commit && mode == HEDDLE_CANVAS_MODE_PAN;
  set_mode (self, HEDDLE_CANVAS_MODE_NONE);
  if (mode == HEDDLE_CANVAS_MODE_MOVE)
    heddle_canvas_end_move (self, commit);
  else if (mode == HEDDLE_CANVAS_MODE_RESIZE)
    heddle_canvas_end_resize (self, commit);
  else if (mode == HEDDLE_CANVAS_MODE_WIRE)
    end_wire (self, commit);
  else if (mode == HEDDLE_CANVAS_MODE_DUPLICATE)
    heddle_canvas_end_duplicate (self, commit);
  else if (mode == HEDDLE_CANVAS_MODE_KNIFE)
    heddle_canvas_end_knife (self, commit);
  else if (mode == HEDDLE_CANVAS_MODE_BEND)
    heddle_canvas_end_bend (self, commit);
  heddle_canvas_forget_press (self);
}

gboolean
heddle_canvas_cancel_gesture (HeddleCanvas *self)
{
  if (self->mode == HEDDLE_CANVAS_MODE_NONE)
    {
      heddle_canvas_forget_press (self);
      return FALSE;
    }
  self->suppress_click = TRUE;
  end_drag (self, FALSE);
  return TRUE;
}

/* Presses on the buttons above the canvas are theirs. */
static gboolean
is_on_control (HeddleCanvas *self, double x, double y)
{
  GtkWidget *target = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  return target != NULL && (gtk_widget_is_ancestor (target, self->controls) || target == self->controls || target == self->minimap);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, HeddleCanvas *self)
{
  self->button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  self->held = self->modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  self->suppress_click = self->ended_pan = FALSE;
  self->touched_by_finger = heddle_canvas_is_by_finger (GTK_EVENT_CONTROLLER (gesture));
  heddle_canvas_stop_gliding (self);
  if (is_on_control (self, x, y))
    {
      /* Denied, it would wait for a release that the button keeps, and miss the next press. */
      gtk_event_controller_reset (GTK_EVENT_CONTROLLER (gesture));
      return;
    }
  self->pointer_x = self->press_x = self->last_x = x;
  self->pointer_y = self->press_y = self->last_y = y;
  if (gtk_widget_get_focus_child (GTK_WIDGET (self)) == NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->mode == HEDDLE_CANVAS_MODE_WIRE)
    {
      /* The second click of an edge drawn by clicks. */
      heddle_canvas_update_wire (self, x, y);
      end_wire (self, self->button == GDK_BUTTON_PRIMARY);
      self->suppress_click = TRUE;
      heddle_canvas_forget_press (self);
      return;
    }
  heddle_canvas_pick (self, x, y);
  set_mode (self, HEDDLE_CANVAS_MODE_PRESS);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, HeddleCanvas *self)
{
  double start_x, start_y;

  if (!gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y))
    {
      start_x = self->press_x;
      start_y = self->press_y;
    }
  self->pointer_x = start_x + dx;
  self->pointer_y = start_y + dy;
  self->held = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  if (self->mode == HEDDLE_CANVAS_MODE_PRESS && hypot (dx, dy) >= THRESHOLD)
    begin_drag (self);
  if (self->mode != HEDDLE_CANVAS_MODE_NONE && self->mode != HEDDLE_CANVAS_MODE_PRESS)
    heddle_canvas_update_drag (self);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, HeddleCanvas *self)
{
  if (self->wire_follows)
    return;
  self->held = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  if (self->mode == HEDDLE_CANVAS_MODE_PRESS)
    {
      self->mode = HEDDLE_CANVAS_MODE_NONE;
      if (!self->suppress_click)
        click (self);
      if (self->mode == HEDDLE_CANVAS_MODE_NONE)
        heddle_canvas_forget_press (self);
      return;
    }
  end_drag (self, TRUE);
}

static void
drag_cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, HeddleCanvas *self)
{
  heddle_canvas_cancel_gesture (self);
}

static void
expand (HeddleCanvas *self, HeddleCanvasItem *item)
{
  heddle_canvas_select_only (self, item);
  heddle_canvas_toggle_collapsed (self);
}

static void
double_click (HeddleCanvas *self, double x, double y)
{
  heddle_canvas_cancel_gesture (self);
  heddle_canvas_pick (self, x, y);
  if (self->pressed_item != NULL && self->pressed_item->collapsed)
    expand (self, self->pressed_item);
  else if (self->pressed_item != NULL && self->pressed_item->kind == HEDDLE_CANVAS_ITEM_NODE)
    heddle_canvas_emit_open (self, self->pressed_item->id);
  else if (self->pressed_item != NULL)
    heddle_canvas_edit_item (self, self->pressed_item);
  else if (self->pressed_edge != NULL && !self->pressed_plus)
    heddle_canvas_toggle_bend (self, self->pressed_edge, x, y);
  else if (self->pressed_edge == NULL && self->pressed_end.item == NULL)
    heddle_canvas_request_search (self, x, y);
  heddle_canvas_forget_press (self);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, HeddleCanvas *self)
{
  if (n_press == 2 && !is_on_control (self, x, y) && !(self->modifiers & add_modifiers))
    double_click (self, x, y);
}

void
heddle_canvas_press_menu (HeddleCanvas *self, double x, double y)
{
  heddle_canvas_cancel_gesture (self);
  heddle_canvas_pick (self, x, y);
  if (self->pressed_end.item != NULL)
    self->pressed_item = self->pressed_end.item;
  if (self->pressed_item != NULL && !self->pressed_item->selected)
    heddle_canvas_select_only (self, self->pressed_item);
  if (self->pressed_edge != NULL)
    click_edge (self, self->pressed_edge);
  if (self->pressed_item == NULL && self->pressed_edge == NULL)
    heddle_canvas_unselect_all (self);
  heddle_canvas_forget_press (self);
  heddle_canvas_show_menu (self, x, y);
}

static void
secondary_cb (GtkGestureClick *gesture, int n_press, double x, double y, HeddleCanvas *self)
{
  if (is_on_control (self, x, y))
    return;
  self->modifiers = 0;
  self->pointer_x = x;
  self->pointer_y = y;
  heddle_canvas_press_menu (self, x, y);
}

static void
install_clicks (HeddleCanvas *self, GtkGesture *drag)
{
  GtkGesture *primary = gtk_gesture_click_new ();
  GtkGesture *secondary = gtk_gesture_click_new ();

  g_signal_connect (primary, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (primary));
  gtk_gesture_group (primary, drag);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect (secondary, "pressed", G_CALLBACK (secondary_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (secondary));
}

void
heddle_canvas_install_gestures (HeddleCanvas *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  install_clicks (self, drag);
  heddle_canvas_install_touch (self, drag);
  heddle_canvas_install_hover (self);
}
