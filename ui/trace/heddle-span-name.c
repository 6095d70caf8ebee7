/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-span-name.h"

#include "trace/heddle-span-look.h"

#include <glib/gi18n-lib.h>

#define INDENT 12
/* What is nested deeper than this is not set in further: the name must have room. */
#define MAX_INDENT 8

struct _HeddleSpanName
{
  GtkWidget parent_instance;

  GtkWidget *arrow;
  GtkWidget *icon;
  GtkWidget *label;
  HeddleSpanRows *rows;
  HeddleSpan *span;
};

G_DEFINE_FINAL_TYPE (HeddleSpanName, heddle_span_name, GTK_TYPE_WIDGET)

static void
arrow_clicked_cb (HeddleSpanName *self)
{
  heddle_span_rows_set_folded (self->rows, self->span, !heddle_span_rows_is_folded (self->rows, self->span));
}

static const char *
get_arrow_icon (GtkWidget *widget,
                gboolean folded)
{
  if (!folded)
    return "pan-down-symbolic";
  return gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? "pan-end-symbolic-rtl" : "pan-end-symbolic";
}

static void
update_arrow (HeddleSpanName *self)
{
  gboolean foldable, folded;

  if (self->span == NULL)
    return;
  foldable = heddle_span_rows_is_foldable (self->rows, self->span);
  folded = heddle_span_rows_is_folded (self->rows, self->span);
  gtk_widget_set_opacity (self->arrow, foldable ? 1 : 0);
  gtk_widget_set_sensitive (self->arrow, foldable);
  gtk_button_set_icon_name (GTK_BUTTON (self->arrow), get_arrow_icon (self->arrow, folded));
  gtk_widget_set_tooltip_text (self->arrow, !foldable ? NULL : folded ? _ ("Show what happened inside (Right)")
                                                                      : _ ("Hide what happened inside (Left)"));
  if (foldable)
    gtk_accessible_update_state (GTK_ACCESSIBLE (self->arrow), GTK_ACCESSIBLE_STATE_EXPANDED, !folded, -1);
  else
    gtk_accessible_reset_state (GTK_ACCESSIBLE (self->arrow), GTK_ACCESSIBLE_STATE_EXPANDED);
}

static void
update_state (HeddleSpanName *self)
{
  HeddleSpanState state = heddle_span_get_state (self->span);
  const char *classes[] = { heddle_span_state_get_class (state), NULL };
  g_autofree char *tooltip = g_strdup_printf ("%s · %s", heddle_span_get_name (self->span), heddle_span_state_get_title (state));

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), heddle_span_state_get_icon (state));
  gtk_widget_set_css_classes (self->icon, classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, heddle_span_state_get_title (state), -1);
  gtk_widget_set_tooltip_text (self->label, tooltip);
}

static void
show_span (HeddleSpanName *self)
{
  guint depth = heddle_span_get_depth (self->span);

  gtk_label_set_label (GTK_LABEL (self->label), heddle_span_get_name (self->span));
  gtk_widget_set_margin_start (self->arrow, INDENT * (int) (MIN (depth, MAX_INDENT) - MIN (depth, 1)));
  gtk_widget_set_visible (self->arrow, depth > 0);
  if (depth == 0)
    gtk_widget_add_css_class (self->label, "heading");
  else
    gtk_widget_remove_css_class (self->label, "heading");
  update_arrow (self);
  update_state (self);
}

void
heddle_span_name_set_span (HeddleSpanName *self,
                           HeddleSpan *span)
{
  g_return_if_fail (HEDDLE_IS_SPAN_NAME (self));

  if (self->span == span)
    return;
  if (self->span != NULL)
    g_signal_handlers_disconnect_by_data (self->span, self);
  g_set_object (&self->span, span);
  if (span == NULL)
    return;
  g_signal_connect_object (span, "notify::state", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  show_span (self);
}

GtkWidget *
heddle_span_name_new (HeddleSpanRows *rows)
{
  HeddleSpanName *self = g_object_new (HEDDLE_TYPE_SPAN_NAME, NULL);

  self->rows = g_object_ref (rows);
  g_signal_connect_object (rows, "changed", G_CALLBACK (update_arrow), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
heddle_span_name_dispose (GObject *object)
{
  HeddleSpanName *self = HEDDLE_SPAN_NAME (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->span);
  g_clear_object (&self->rows);
  G_OBJECT_CLASS (heddle_span_name_parent_class)->dispose (object);
}

static void
heddle_span_name_class_init (HeddleSpanNameClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_span_name_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
heddle_span_name_init (HeddleSpanName *self)
{
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), 4);
  self->arrow = gtk_button_new_from_icon_name ("pan-end-symbolic");
  gtk_widget_add_css_class (self->arrow, "flat");
  gtk_widget_add_css_class (self->arrow, "span-arrow");
  gtk_widget_set_valign (self->arrow, GTK_ALIGN_CENTER);
  /* Left and Right do the same for the row. */
  gtk_widget_set_focusable (self->arrow, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->arrow), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("What happened inside"), -1);
  g_signal_connect_object (self->arrow, "clicked", G_CALLBACK (arrow_clicked_cb), self, G_CONNECT_SWAPPED);
  self->icon = gtk_image_new ();
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  /* All names are equally wide, whatever the text: the bars must stand in line. */
  gtk_label_set_width_chars (GTK_LABEL (self->label), 1);
  gtk_label_set_max_width_chars (GTK_LABEL (self->label), 1);
  gtk_widget_set_hexpand (self->label, TRUE);
  gtk_widget_set_parent (self->arrow, GTK_WIDGET (self));
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}
