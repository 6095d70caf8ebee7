/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-panes-private.h"

#include "window/heddle-pane-handle.h"

#include <glib/gi18n-lib.h>

static HeddlePane
find_pane (HeddlePanes *self,
           GtkWidget *handle)
{
  for (guint i = 0; i < HEDDLE_N_PANES; i++)
    if (self->panes[i].handle == handle)
      return i;
  g_assert_not_reached ();
}

static int
get_extent (HeddlePanes *self,
            HeddlePane pane)
{
  return pane == HEDDLE_PANE_BOTTOM ? gtk_widget_get_height (self->panes[pane].box) : gtk_widget_get_width (self->panes[pane].box);
}

static void
resize_begin_cb (HeddlePanes *self,
                 GtkWidget *handle)
{
  HeddlePane pane = find_pane (self, handle);

  self->panes[pane].size_before = get_extent (self, pane);
}

static void
resize_cb (HeddlePanes *self,
           int pixels,
           GtkWidget *handle)
{
  HeddlePane pane = find_pane (self, handle);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int sign = (pane == HEDDLE_PANE_START ? 1 : -1) * (rtl && pane != HEDDLE_PANE_BOTTOM ? -1 : 1);
  int room = pane == HEDDLE_PANE_BOTTOM ? gtk_widget_get_height (self->content) - HEDDLE_PANES_CONTENT_HEIGHT : gtk_widget_get_width (self->content) - HEDDLE_PANES_CONTENT_WIDTH;
  int most = MAX (get_extent (self, pane) + room, self->panes[pane].least);

  self->panes[pane].size = CLAMP (self->panes[pane].size_before + sign * pixels, self->panes[pane].least, most);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
resize_end_cb (HeddlePanes *self,
               GtkWidget *handle)
{
  HeddlePane pane = find_pane (self, handle);

  _heddle_panes_notify_size (self, pane);
}

GtkWidget *
_heddle_panes_create_handle (HeddlePanes *self,
                             HeddlePane pane,
                             const char *title)
{
  g_autofree char *label = g_strdup_printf (_ ("Size of the panel “%s”"), title);
  GtkWidget *handle = heddle_pane_handle_new (pane == HEDDLE_PANE_BOTTOM ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, label);

  g_signal_connect_object (handle, "resize-begin", G_CALLBACK (resize_begin_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (handle, "resize", G_CALLBACK (resize_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (handle, "resize-end", G_CALLBACK (resize_end_cb), self, G_CONNECT_SWAPPED);
  return handle;
}
