/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-timeline.h"

#include "trace/heddle-timeline-bar.h"
#include "trace/heddle-timeline-ruler.h"
#include "trace/heddle-span-menu.h"
#include "trace/heddle-span-name.h"

#include <glib/gi18n-lib.h>

#define NAME_WIDTH 210

struct _HeddleTimeline
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *list;
  HeddleTimelineScale *scale;
  HeddleSpanRows *rows;
};

enum
{
  SPAN_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleTimeline, heddle_timeline, GTK_TYPE_WIDGET)

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item,
          HeddleTimeline *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *name = heddle_span_name_new (self->rows);

  gtk_widget_set_size_request (name, NAME_WIDTH, -1);
  gtk_widget_set_hexpand (name, FALSE);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), heddle_timeline_bar_new (self->scale));
  heddle_span_menu_attach (row, item, GTK_SINGLE_SELECTION (gtk_list_view_get_model (GTK_LIST_VIEW (self->list))));
  gtk_list_item_set_child (item, row);
}

static void
show_span (GtkListItem *item,
           HeddleSpan *span)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  heddle_span_name_set_span (HEDDLE_SPAN_NAME (gtk_widget_get_first_child (row)), span);
  heddle_timeline_bar_set_span (HEDDLE_TIMELINE_BAR (gtk_widget_get_last_child (row)), span);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item,
         HeddleTimeline *self)
{
  show_span (item, gtk_list_item_get_item (item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *item,
           HeddleTimeline *self)
{
  show_span (item, NULL);
}

static void
activate_cb (HeddleTimeline *self,
             guint position)
{
  g_signal_emit (self, signals[SPAN_ACTIVATED], 0, position);
}

static GtkWidget *
ruler_row_new (HeddleTimeline *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *space = gtk_label_new (NULL);
  GtkWidget *ruler = heddle_timeline_ruler_new (self->scale);

  gtk_widget_set_size_request (space, NAME_WIDTH, -1);
  gtk_widget_set_hexpand (ruler, TRUE);
  gtk_widget_add_css_class (row, "timeline-ruler");
  gtk_box_append (GTK_BOX (row), space);
  gtk_box_append (GTK_BOX (row), ruler);
  return row;
}

GtkWidget *
heddle_timeline_new (GtkSingleSelection *selection,
                     HeddleSpanRows *rows)
{
  HeddleTimeline *self = g_object_new (HEDDLE_TYPE_TIMELINE, NULL);

  self->rows = g_object_ref (rows);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), GTK_SELECTION_MODEL (selection));
  return GTK_WIDGET (self);
}

void
heddle_timeline_set_duration (HeddleTimeline *self,
                              gint64 duration,
                              gboolean running)
{
  g_return_if_fail (HEDDLE_IS_TIMELINE (self));

  heddle_timeline_scale_set_duration (self->scale, duration, running);
}

void
heddle_timeline_scroll_to (HeddleTimeline *self,
                           guint position)
{
  g_return_if_fail (HEDDLE_IS_TIMELINE (self));

  gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", position);
}

static void
heddle_timeline_dispose (GObject *object)
{
  HeddleTimeline *self = HEDDLE_TIMELINE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->scale);
  g_clear_object (&self->rows);
  G_OBJECT_CLASS (heddle_timeline_parent_class)->dispose (object);
}

static void
heddle_timeline_class_init (HeddleTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_timeline_dispose;
  signals[SPAN_ACTIVATED] = g_signal_new ("span-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_timeline_init (HeddleTimeline *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->scale = heddle_timeline_scale_new ();
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  self->list = gtk_list_view_new (NULL, factory);
  gtk_widget_add_css_class (self->list, "timeline");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Timeline"), -1);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), ruler_row_new (self));
  gtk_box_append (GTK_BOX (self->box), scroller);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}
