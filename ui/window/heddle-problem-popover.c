/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-problem-popover.h"

#include "common/heddle-problem-rows.h"
#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

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
  const HeddleProblem *problem = heddle_problem_row_get_problem (row);

  g_signal_emit (self, signals[PROBLEM_ACTIVATED], 0, problem->node, problem->param);
  gtk_popover_popdown (GTK_POPOVER (self));
}

void
heddle_problem_popover_set_problems (HeddleProblemPopover *self,
                                     GPtrArray *problems,
                                     HeddleGraph *graph)
{
  g_return_if_fail (HEDDLE_IS_PROBLEM_POPOVER (self));

  heddle_problem_rows_fill (self->list, problems, graph);
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
  gtk_list_box_set_placeholder (self->list, heddle_label_new (_ ("Nothing is wrong with this workflow."), "dim-label"));
  g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 400);
  gtk_widget_set_size_request (scroller, 360, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_popover_set_child (GTK_POPOVER (self), scroller);
}
