/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-timeline.h"

#include "trace/heddle-timeline-bar.h"
#include "trace/heddle-timeline-ruler.h"
#include "trace/heddle-span-look.h"

#include <glib/gi18n-lib.h>

#define NAME_WIDTH 190
#define INDENT 14

struct _HeddleTimeline
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *list;
  HeddleTimelineScale *scale;
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
  GtkWidget *name = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_size_request (name, NAME_WIDTH, -1);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  /* All names are equally wide, whatever the text: the bars must stand in line. */
  gtk_label_set_width_chars (GTK_LABEL (label), 1);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_hexpand (name, FALSE);
  gtk_box_append (GTK_BOX (name), icon);
  gtk_box_append (GTK_BOX (name), label);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), heddle_timeline_bar_new (self->scale));
  gtk_list_item_set_child (item, row);
}

static void
update_icon (GtkImage *icon,
             GParamSpec *pspec,
             HeddleSpan *span)
{
  HeddleSpanState state = heddle_span_get_state (span);
  const char *classes[] = { heddle_span_state_get_class (state), NULL };

  gtk_image_set_from_icon_name (icon, heddle_span_state_get_icon (state));
  gtk_widget_set_css_classes (GTK_WIDGET (icon), classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, heddle_span_state_get_title (state), -1);
}

static void
span_state_cb (HeddleSpan *span,
               GParamSpec *pspec,
               GtkImage *icon)
{
  update_icon (icon, pspec, span);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item,
         HeddleTimeline *self)
{
  HeddleSpan *span = gtk_list_item_get_item (item);
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *name = gtk_widget_get_first_child (row);
  GtkWidget *icon = gtk_widget_get_first_child (name);
  GtkWidget *label = gtk_widget_get_last_child (name);

  gtk_label_set_label (GTK_LABEL (label), heddle_span_get_name (span));
  gtk_widget_set_tooltip_text (name, heddle_span_get_name (span));
  gtk_widget_set_margin_start (icon, INDENT * heddle_span_get_depth (span));
  if (heddle_span_get_depth (span) == 0)
    gtk_widget_add_css_class (label, "heading");
  else
    gtk_widget_remove_css_class (label, "heading");
  update_icon (GTK_IMAGE (icon), NULL, span);
  g_signal_connect_object (span, "notify::state", G_CALLBACK (span_state_cb), icon, 0);
  heddle_timeline_bar_set_span (HEDDLE_TIMELINE_BAR (gtk_widget_get_last_child (row)), span);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *item,
           HeddleTimeline *self)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *icon = gtk_widget_get_first_child (gtk_widget_get_first_child (row));

  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), icon);
  heddle_timeline_bar_set_span (HEDDLE_TIMELINE_BAR (gtk_widget_get_last_child (row)), NULL);
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
heddle_timeline_new (GtkSingleSelection *selection)
{
  HeddleTimeline *self = g_object_new (HEDDLE_TYPE_TIMELINE, NULL);

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
