/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-problem-rows.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

/* A list longer than this helps nobody; the rest follows when these are mended. */
#define MAX_ROWS 100

static GtkWidget *
line_new (const char *text,
          const char *css_class)
{
  GtkWidget *label = heddle_label_new (text, css_class);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  return label;
}

static GtkWidget *
severity_icon_new (HeddleSeverity severity)
{
  gboolean is_error = severity == HEDDLE_SEVERITY_ERROR;
  GtkWidget *icon = gtk_image_new_from_icon_name (is_error ? "dialog-error-symbolic" : "dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, is_error ? "error" : "warning");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_error ? _ ("Error") : _ ("Warning"), -1);
  return icon;
}

static GtkWidget *
row_new (HeddleProblem *problem,
         HeddleGraph *graph)
{
  const HeddleNode *node = problem->node != NULL ? heddle_graph_find_node (graph, problem->node) : NULL;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *labels = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  if (node != NULL)
    gtk_box_append (GTK_BOX (labels), line_new (heddle_node_get_title (node), "heading"));
  gtk_box_append (GTK_BOX (labels), line_new (problem->message, NULL));
  gtk_box_append (GTK_BOX (box), severity_icon_new (problem->severity));
  gtk_box_append (GTK_BOX (box), labels);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), node != NULL);
  gtk_widget_add_css_class (row, "problem-row");
  g_object_set_data_full (G_OBJECT (row), "heddle-problem", heddle_problem_ref (problem), (GDestroyNotify) heddle_problem_unref);
  return row;
}

void
heddle_problem_rows_fill (GtkListBox *list,
                          GPtrArray *problems,
                          HeddleGraph *graph)
{
  heddle_list_box_clear (list);
  for (guint i = 0; i < MIN (problems->len, MAX_ROWS); i++)
    gtk_list_box_append (list, row_new (g_ptr_array_index (problems, i), graph));
}

const HeddleProblem *
heddle_problem_row_get_problem (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-problem");
}
