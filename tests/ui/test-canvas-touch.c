/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "canvas/heddle-canvas-private.h"

/* Fingers, as far as it goes without a screen to touch: how large targets are, which gestures hear them, and what these do. */

static gpointer
find_gesture (Fixture *f, GType type, guint nth)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (f->canvas));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_OBJECT_TYPE (controller) == type && nth-- == 0)
        return controller;
    }
  return NULL;
}

/* The same point is beside a port for a pointer, and on it for a finger. */
static void
test_reach (Fixture *f, gconstpointer data)
{
  double x, y;

  canvas_test_get_port (f, "check", FALSE, "in", &x, &y);
  heddle_canvas_pick (f->canvas, x - 21, y);
  g_assert_null (f->canvas->pressed_end.item);
  f->canvas->touched_by_finger = TRUE;
  heddle_canvas_pick (f->canvas, x - 21, y);
  g_assert_nonnull (f->canvas->pressed_end.item);
  heddle_canvas_pick (f->canvas, x, y + 23);
  g_assert_nonnull (f->canvas->pressed_end.item);
  heddle_canvas_pick (f->canvas, x - 30, y);
  g_assert_null (f->canvas->pressed_end.item);
  /* At any zoom as wide in pixels. */
  heddle_canvas_set_zoom (f->canvas, .5);
  canvas_test_get_port (f, "check", FALSE, "in", &x, &y);
  heddle_canvas_pick (f->canvas, x - 21, y);
  g_assert_nonnull (f->canvas->pressed_end.item);
  heddle_canvas_forget_press (f->canvas);
}

/* What is an area in a header is 44 pixels in both ways. */
static void
test_areas (Fixture *f, gconstpointer data)
{
  graphene_rect_t area = GRAPHENE_RECT_INIT (10, 10, 20, 60);

  heddle_canvas_grow_target (f->canvas, &area);
  g_assert_cmpfloat (area.size.width, ==, 20);
  f->canvas->touched_by_finger = TRUE;
  heddle_canvas_grow_target (f->canvas, &area);
  g_assert_cmpfloat (area.size.width, ==, 44);
  g_assert_cmpfloat (area.origin.x, ==, -2);
  g_assert_cmpfloat (area.size.height, ==, 60);
}

/* The button of an edge is not hit by chance: a finger shows it first. */
static void
test_plus (Fixture *f, gconstpointer data)
{
  double x, y, x2, y2;

  canvas_test_get_port (f, "begin", TRUE, "out", &x, &y);
  canvas_test_get_port (f, "ask", FALSE, "in", &x2, &y2);
  f->canvas->touched_by_finger = TRUE;
  x = (x + x2) / 2;
  y = (y + y2) / 2;
  heddle_canvas_pick (f->canvas, x, y);
  g_assert_nonnull (f->canvas->pressed_edge);
  g_assert_false (f->canvas->pressed_plus);
  f->canvas->hovered_edge = f->canvas->pressed_edge;
  heddle_canvas_pick (f->canvas, x, y + 20);
  g_assert_true (f->canvas->pressed_plus);
  heddle_canvas_forget_press (f->canvas);
}

/* Drags and clicks are of the mouse and of fingers, a long press only of fingers. */
static void
test_gestures (Fixture *f, gconstpointer data)
{
  GtkGestureSingle *drag = find_gesture (f, GTK_TYPE_GESTURE_DRAG, 0);
  GtkGestureSingle *click = find_gesture (f, GTK_TYPE_GESTURE_CLICK, 0);
  GtkGestureSingle *hold = find_gesture (f, GTK_TYPE_GESTURE_LONG_PRESS, 0);
  GtkGestureSingle *swipe = find_gesture (f, GTK_TYPE_GESTURE_SWIPE, 0);

  g_assert_nonnull (find_gesture (f, GTK_TYPE_GESTURE_ZOOM, 0));
  g_assert_false (gtk_gesture_single_get_touch_only (drag));
  g_assert_false (gtk_gesture_single_get_exclusive (drag));
  g_assert_false (gtk_gesture_single_get_touch_only (click));
  g_assert_true (gtk_gesture_single_get_touch_only (hold));
  g_assert_true (gtk_gesture_single_get_touch_only (swipe));
  g_assert_true (gtk_gesture_is_grouped_with (GTK_GESTURE (drag), GTK_GESTURE (hold)));
}

static void
test_long_press (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) selected = NULL;
  double x, y;

  canvas_test_get_center (f, "ask", &x, &y);
  g_signal_emit_by_name (find_gesture (f, GTK_TYPE_GESTURE_LONG_PRESS, 0), "pressed", x, y);
  canvas_test_settle (200);
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstr (selected[0], ==, "ask");
  g_assert_true (GTK_IS_POPOVER_MENU (f->canvas->popover));
  gtk_popover_popdown (GTK_POPOVER (f->canvas->popover));
  canvas_test_settle (200);
}

#define ADD(name, func) g_test_add ("/canvas-touch/" name, Fixture, NULL, canvas_test_set_up, func, canvas_test_tear_down)

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  ADD ("reach", test_reach);
  ADD ("areas", test_areas);
  ADD ("plus", test_plus);
  ADD ("gestures", test_gestures);
  ADD ("long-press", test_long_press);
  return g_test_run ();
}
