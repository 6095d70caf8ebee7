/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-problem-popover.h"

#include <glib/gi18n-lib.h>

/* A list longer than this helps nobody; the rest follows when these are mended. */
#define MAX_ROWS 100

struct _HeddleProblemPopover
{
  GtkPopover parent_instance;

  GtkListBox *list;
};

enum
{
  PROBLEM_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleProblemPopover, heddle_problem_popover, GTK_TYPE_POPOVER)

static void
row_activated_cb (HeddleProblemPopover *self,
                  GtkListBoxRow *row)
{
  const HeddleProblem *problem = g_object_get_data (G_OBJECT (row), "heddle-problem");

  g_signal_emit (self, signals[PROBLEM_ACTIVATED], 0, problem->node, problem->param);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static GtkWidget *
label_new (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
row_new (HeddleProblem *problem,
         HeddleGraph *graph)
{
  const HeddleNode *node = problem->node != NULL ? heddle_graph_find_node (graph, problem->node) : NULL;
  gboolean is_error = problem->severity == HEDDLE_SEVERITY_ERROR;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *labels = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (is_error ? "dialog-error-symbolic" : "dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, is_error ? "error" : "warning");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, is_error ? _ ("Error") : _ ("Warning"), -1);
  if (node != NULL)
    gtk_box_append (GTK_BOX (labels), label_new (heddle_node_get_title (node), "heading"));
  gtk_box_append (GTK_BOX (labels), label_new (problem->message, NULL));
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), labels);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_add_css_class (row, "problem-row");
  g_object_set_data_full (G_OBJECT (row), "heddle-problem", heddle_problem_ref (problem), (GDestroyNotify) heddle_problem_unref);
  return row;
}

void
heddle_problem_popover_set_problems (HeddleProblemPopover *self,
                                     GPtrArray *problems,
                                     HeddleGraph *graph)
{
  GtkListBoxRow *row;

  g_return_if_fail (HEDDLE_IS_PROBLEM_POPOVER (self));

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < MIN (problems->len, MAX_ROWS); i++)
    gtk_list_box_append (self->list, row_new (g_ptr_array_index (problems, i), graph));
}

GtkWidget *
heddle_problem_popover_new (void)
{
  return g_object_new (HEDDLE_TYPE_PROBLEM_POPOVER, NULL);
}

static void
heddle_problem_popover_class_init (HeddleProblemPopoverClass *klass)
{
  signals[PROBLEM_ACTIVATED] = g_signal_new ("problem-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
heddle_problem_popover_init (HeddleProblemPopover *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();

  self->list = GTK_LIST_BOX (list);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (self->list, label_new (_ ("Nothing is wrong with this workflow."), "dim-label"));
  g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 400);
  gtk_widget_set_size_request (scroller, 360, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_popover_set_child (GTK_POPOVER (self), scroller);
}
