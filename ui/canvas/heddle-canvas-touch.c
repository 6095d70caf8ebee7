/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* Fingers, on the screen or on a touchpad: what they leave moving glides on; two of them pan and pinch; one that rests opens the menu. */
#define FINGER 44.     /* pixels that a target of a finger is wide at least */
#define FINGER_REACH 2 /* of a finger, to that of a pointer */
#define FRICTION 4.    /* by how much a second slows down, as an exponent */
#define MIN_SPEED 20.  /* pixels a second: it rests */
#define MAX_SPEED 6000.
#define MAX_FRAME .05 /* seconds: after a long frame it does not leap */

gboolean
heddle_canvas_is_by_finger (GtkEventController *controller)
{
  GdkDevice *device = gtk_event_controller_get_current_event_device (controller);

  return device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN;
}

double
heddle_canvas_get_reach (HeddleCanvas *self, double distance)
{
  return (self->touched_by_finger ? FINGER_REACH : 1) * distance / self->zoom;
}

void
heddle_canvas_grow_target (HeddleCanvas *self, graphene_rect_t *area)
{
  double missing_x = FINGER / self->zoom - area->size.width;
  double missing_y = FINGER / self->zoom - area->size.height;

  if (self->touched_by_finger)
    graphene_rect_inset (area, (float) -MAX (missing_x / 2, 0), (float) -MAX (missing_y / 2, 0));
}

void
heddle_canvas_stop_gliding (HeddleCanvas *self)
{
  if (self->glide != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->glide);
  self->glide = 0;
}

static gboolean
glide_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  HeddleCanvas *self = HEDDLE_CANVAS (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double passed = self->glide_time != 0 ? MIN ((now - self->glide_time) / 1e6, MAX_FRAME) : 0;
  double kept = exp (-FRICTION * passed);

  self->glide_time = now;
  heddle_canvas_pan (self, self->glide_x * passed, self->glide_y * passed);
  self->glide_x *= kept;
  self->glide_y *= kept;
  if (hypot (self->glide_x, self->glide_y) > MIN_SPEED)
    return G_SOURCE_CONTINUE;
  self->glide = 0;
  return G_SOURCE_REMOVE;
}

void
heddle_canvas_glide (HeddleCanvas *self, double velocity_x, double velocity_y)
{
  heddle_canvas_stop_gliding (self);
  if (!heddle_canvas_may_animate (self) || hypot (velocity_x, velocity_y) <= MIN_SPEED)
    return;
  self->glide_x = CLAMP (velocity_x, -MAX_SPEED, MAX_SPEED);
  self->glide_y = CLAMP (velocity_y, -MAX_SPEED, MAX_SPEED);
  self->glide_time = 0;
  self->glide = gtk_widget_add_tick_callback (GTK_WIDGET (self), glide_cb, NULL, NULL);
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, HeddleCanvas *self)
{
  heddle_canvas_cancel_gesture (self);
  heddle_canvas_stop_gliding (self);
  self->pinch_zoom = self->zoom;
  self->pinch_x = self->pointer_x;
  self->pinch_y = self->pointer_y;
  gtk_gesture_get_bounding_box_center (gesture, &self->pinch_x, &self->pinch_y);
}

/* What is between the fingers stays there, wherever they go. */
static void
pinch_cb (GtkGestureZoom *gesture, double scale, HeddleCanvas *self)
{
  double x = self->pointer_x, y = self->pointer_y;

  gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  heddle_canvas_pan (self, x - self->pinch_x, y - self->pinch_y);
  self->pinch_x = x;
  self->pinch_y = y;
  heddle_canvas_zoom_at (self, self->pinch_zoom * scale / self->zoom, x, y);
}

/* A finger that was lifted while it moved the view. */
static void
swipe_cb (GtkGestureSwipe *gesture, double velocity_x, double velocity_y, HeddleCanvas *self)
{
  if (self->mode == HEDDLE_CANVAS_MODE_PAN || self->ended_pan)
    heddle_canvas_glide (self, velocity_x, velocity_y);
}

static void
long_press_cb (GtkGestureLongPress *gesture, double x, double y, HeddleCanvas *self)
{
  if (self->mode == HEDDLE_CANVAS_MODE_PRESS || self->mode == HEDDLE_CANVAS_MODE_NONE)
    heddle_canvas_press_menu (self, x, y);
}

void
heddle_canvas_install_touch (HeddleCanvas *self, GtkGesture *drag)
{
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *hold = gtk_gesture_long_press_new ();
  GtkGesture *swipe = gtk_gesture_swipe_new ();

  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (hold), TRUE);
  g_signal_connect (hold, "pressed", G_CALLBACK (long_press_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (hold));
  gtk_gesture_group (hold, drag);

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (swipe), TRUE);
  g_signal_connect (swipe, "swipe", G_CALLBACK (swipe_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (swipe));
  gtk_gesture_group (swipe, drag);
}
