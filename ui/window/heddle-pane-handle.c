/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-pane-handle.h"

#define KEY_STEP 16

struct _HeddlePaneHandle
{
  GtkWidget parent_instance;

  GtkOrientation orientation;
  double start; /* of a drag, in the parent */
};

enum
{
  RESIZE_BEGIN,
  RESIZE,
  RESIZE_END,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddlePaneHandle, heddle_pane_handle, GTK_TYPE_WIDGET)

/* The handle moves under the pointer, its parent does not. */
static double
get_position (HeddlePaneHandle *self,
              double x,
              double y)
{
  double parent_x, parent_y;

  gtk_widget_translate_coordinates (GTK_WIDGET (self), gtk_widget_get_parent (GTK_WIDGET (self)), x, y, &parent_x, &parent_y);
  return self->orientation == GTK_ORIENTATION_VERTICAL ? parent_x : parent_y;
}

static void
drag_begin_cb (GtkGestureDrag *gesture,
               double x,
               double y,
               HeddlePaneHandle *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  self->start = get_position (self, x, y);
  g_signal_emit (self, signals[RESIZE_BEGIN], 0);
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double offset_x,
                double offset_y,
                HeddlePaneHandle *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  g_signal_emit (self, signals[RESIZE], 0, (int) (get_position (self, x + offset_x, y + offset_y) - self->start));
}

static void
drag_end_cb (GtkGestureDrag *gesture,
             double offset_x,
             double offset_y,
             HeddlePaneHandle *self)
{
  g_signal_emit (self, signals[RESIZE_END], 0);
}

static gboolean
step_cb (GtkWidget *widget,
         GVariant *args,
         gpointer user_data)
{
  HeddlePaneHandle *self = HEDDLE_PANE_HANDLE (widget);
  int dx, dy;

  g_variant_get (args, "(ii)", &dx, &dy);
  g_signal_emit (self, signals[RESIZE_BEGIN], 0);
  g_signal_emit (self, signals[RESIZE], 0, self->orientation == GTK_ORIENTATION_VERTICAL ? dx : dy);
  g_signal_emit (self, signals[RESIZE_END], 0);
  return GDK_EVENT_STOP;
}

static gboolean
heddle_pane_handle_focus (GtkWidget *widget,
                          GtkDirectionType direction)
{
  return FALSE;
}

static void
add_bindings (GtkWidgetClass *klass)
{
  static const struct
  {
    guint key;
    int dx, dy;
  } steps[] = {
    { GDK_KEY_Left, -KEY_STEP, 0 },
    { GDK_KEY_Right, KEY_STEP, 0 },
    { GDK_KEY_Up, 0, -KEY_STEP },
    { GDK_KEY_Down, 0, KEY_STEP },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    gtk_widget_class_add_binding (klass, steps[i].key, 0, step_cb, "(ii)", steps[i].dx, steps[i].dy);
}

static void
heddle_pane_handle_class_init (HeddlePaneHandleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  widget_class->focus = heddle_pane_handle_focus;
  signals[RESIZE_BEGIN] = g_signal_new ("resize-begin", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RESIZE] = g_signal_new ("resize", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[RESIZE_END] = g_signal_new ("resize-end", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "panehandle");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SEPARATOR);
  add_bindings (widget_class);
}

static void
heddle_pane_handle_init (HeddlePaneHandle *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
heddle_pane_handle_new (GtkOrientation orientation,
                        const char *label)
{
  HeddlePaneHandle *self = g_object_new (HEDDLE_TYPE_PANE_HANDLE, NULL);
  gboolean vertical = orientation == GTK_ORIENTATION_VERTICAL;

  self->orientation = orientation;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), vertical ? "col-resize" : "row-resize");
  gtk_widget_add_css_class (GTK_WIDGET (self), vertical ? "vertical" : "horizontal");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}
