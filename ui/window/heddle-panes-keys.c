/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-panes-private.h"

/* As one reads: start, content, end, bottom; what lies over the content is alone. */
static guint
list_in_order (HeddlePanes *self,
               GtkWidget **order)
{
  GtkWidget *const all[] = { self->panes[HEDDLE_PANE_START].box, self->content, self->panes[HEDDLE_PANE_END].box, self->panes[HEDDLE_PANE_BOTTOM].box };
  guint n = 0;

  if (self->open != HEDDLE_PANES_NONE)
    {
      order[0] = self->panes[self->open].box;
      return 1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i] != NULL && gtk_widget_get_visible (all[i]))
      order[n++] = all[i];
  return n;
}

static int
find_focused (HeddlePanes *self,
              GtkWidget **order,
              guint n)
{
  GtkWidget *child = gtk_widget_get_focus_child (GTK_WIDGET (self));

  for (guint i = 0; i < n; i++)
    if (order[i] == child)
      return (int) i;
  return HEDDLE_PANES_NONE;
}

static gboolean
heddle_panes_focus (GtkWidget *widget,
                    GtkDirectionType direction)
{
  HeddlePanes *self = HEDDLE_PANES (widget);
  GtkWidget *order[HEDDLE_N_PANES + 1];
  gboolean back = direction == GTK_DIR_TAB_BACKWARD || direction == GTK_DIR_LEFT || direction == GTK_DIR_UP;
  int n = (int) list_in_order (self, order);
  int at = find_focused (self, order, n);

  if (at == HEDDLE_PANES_NONE)
    at = back ? n - 1 : 0;
  for (; at >= 0 && at < n; at += back ? -1 : 1)
    if (gtk_widget_child_focus (order[at], direction))
      return TRUE;
  return FALSE;
}

static gboolean
next_pane_cb (GtkWidget *widget,
              GVariant *args,
              gpointer user_data)
{
  HeddlePanes *self = HEDDLE_PANES (widget);
  GtkWidget *order[HEDDLE_N_PANES + 1];
  int n = (int) list_in_order (self, order);
  int at = find_focused (self, order, n);
  int step;

  g_variant_get (args, "(i)", &step);
  for (int i = 0; i < n; i++)
    {
      at = (at + step + n) % n;
      gtk_widget_set_focus_child (order[at], NULL);
      if (gtk_widget_child_focus (order[at], GTK_DIR_TAB_FORWARD))
        return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

static gboolean
next_handle_cb (GtkWidget *widget,
                GVariant *args,
                gpointer user_data)
{
  HeddlePanes *self = HEDDLE_PANES (widget);
  GtkWidget *child = gtk_widget_get_focus_child (widget);
  guint at = HEDDLE_N_PANES - 1;

  for (guint i = 0; i < HEDDLE_N_PANES; i++)
    if (self->panes[i].handle == child)
      at = i;
  for (guint i = 1; i <= HEDDLE_N_PANES; i++)
    if (gtk_widget_grab_focus (self->panes[(at + i) % HEDDLE_N_PANES].handle))
      return GDK_EVENT_STOP;
  return GDK_EVENT_PROPAGATE;
}

static gboolean
escape_cb (GtkWidget *widget,
           GVariant *args,
           gpointer user_data)
{
  return heddle_panes_close (HEDDLE_PANES (widget));
}

void
_heddle_panes_class_install_keys (GtkWidgetClass *widget_class)
{
  widget_class->focus = heddle_panes_focus;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F6, 0, next_pane_cb, "(i)", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F6, GDK_SHIFT_MASK, next_pane_cb, "(i)", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F8, 0, next_handle_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
}
