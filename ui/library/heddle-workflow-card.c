/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-workflow-card.h"

#include "canvas/heddle-canvas-picture.h"
#include "common/heddle-accessible-names.h"
#include "common/heddle-widgets.h"

#define PICTURE_WIDTH 220
#define PICTURE_HEIGHT 124

static GtkWidget *
lines_new (const char *text,
           const char *css_class,
           int lines)
{
  GtkWidget *label = heddle_label_new (text, css_class);

  gtk_label_set_wrap (GTK_LABEL (label), lines > 1);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), lines);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  return label;
}

static GtkWidget *
picture_new (HeddleGraph *graph)
{
  g_autoptr (GdkPaintable) paintable = heddle_canvas_picture_new (graph);
  GtkWidget *picture = gtk_picture_new_for_paintable (paintable);

  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_widget_set_size_request (picture, PICTURE_WIDTH, PICTURE_HEIGHT);
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (picture, "workflow-picture");
  return picture;
}

GtkWidget *
heddle_workflow_card_new (HeddleGraph *graph,
                          const char *title,
                          const char *subtitle)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *tooltip = g_strconcat (title, "\n", subtitle, NULL);

  gtk_box_append (GTK_BOX (box), picture_new (graph));
  gtk_box_append (GTK_BOX (box), lines_new (title, "heading", 1));
  gtk_box_append (GTK_BOX (box), lines_new (subtitle, "dim-label", 2));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "workflow-card");
  gtk_widget_set_tooltip_text (button, tooltip);
  heddle_accessible_set_name (button, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  return button;
}
