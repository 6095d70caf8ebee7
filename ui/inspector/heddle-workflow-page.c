/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-workflow-page.h"

#include "common/heddle-follow.h"
#include "common/heddle-problem-rows.h"
#include "common/heddle-widgets.h"
#include "inspector/heddle-budget-rows.h"
#include "inspector/heddle-limit-rows.h"
#include "inspector/heddle-pool-rows.h"

#include <glib/gi18n-lib.h>

static const HeddleLimit retention[] = {
  { "runs", N_ ("Runs (empty: 500)"), FALSE },
  { "days", N_ ("Days"), FALSE },
  { "megabytes", N_ ("Megabytes"), FALSE },
  { NULL },
};

struct _HeddleWorkflowPage
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkEditable *name_row;
  GtkListBox *texts;
  GtkTextBuffer *description;
  GtkLabel *size;
  HeddleBudgetRows *budget;
  HeddlePoolRows *pools;
  AdwBin *retention_bin;
  HeddleLimitRows *retention;
  GtkWidget *problems_group;
  GtkListBox *problems;

  HeddleDocument *document;
  gboolean updating; /* the rows are being filled, not edited */
};

enum
{
  PROBLEM_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleWorkflowPage, heddle_workflow_page, GTK_TYPE_WIDGET)

static void
update_size (HeddleWorkflowPage *self,
             HeddleGraph *graph)
{
  guint n = heddle_graph_get_n_nodes (graph);
  g_autofree char *nodes = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u node", "%u nodes", n), n);
  g_autofree char *text = g_strdup_printf ("%s. %s", nodes, n > 0 ? _ ("Select one to edit it.") : _ ("Double-click the canvas to add the first."));

  gtk_label_set_label (self->size, text);
}

static char *
dup_description (HeddleWorkflowPage *self)
{
  char *text = NULL;

  g_object_get (self->description, "text", &text, NULL);
  return text;
}

static void
show_description (HeddleWorkflowPage *self,
                  const char *text)
{
  g_autofree char *shown = dup_description (self);

  if (text == NULL)
    text = "";
  if (!g_str_equal (shown, text))
    gtk_text_buffer_set_text (self->description, text, -1);
}

static void
update (HeddleWorkflowPage *self)
{
  HeddleGraph *graph;

  if (self->document == NULL)
    return;
  graph = heddle_document_get_graph (self->document);
  self->updating = TRUE;
  heddle_editable_set_text (self->name_row, heddle_graph_get_name (graph));
  show_description (self, heddle_graph_get_description (graph));
  self->updating = FALSE;
  update_size (self, graph);
}

static void
document_changed_cb (HeddleWorkflowPage *self,
                     HeddleChange *change)
{
  if (change->flags & (HEDDLE_CHANGE_META | HEDDLE_CHANGE_NODES))
    update (self);
}

static void
name_changed_cb (HeddleWorkflowPage *self)
{
  if (self->document != NULL && !self->updating)
    heddle_document_set_name (self->document, gtk_editable_get_text (self->name_row));
}

static void
description_changed_cb (HeddleWorkflowPage *self)
{
  g_autofree char *text = NULL;

  if (self->document == NULL || self->updating)
    return;
  text = dup_description (self);
  heddle_document_set_description (self->document, text);
}

static void
problem_activated_cb (HeddleWorkflowPage *self,
                      GtkListBoxRow *row)
{
  const HeddleProblem *problem = heddle_problem_row_get_problem (row);

  g_signal_emit (self, signals[PROBLEM_ACTIVATED], 0, problem->node, problem->param);
}

void
heddle_workflow_page_set_document (HeddleWorkflowPage *self,
                                   HeddleDocument *document)
{
  g_return_if_fail (HEDDLE_IS_WORKFLOW_PAGE (self));

  if (!heddle_follow_document (self, &self->document, document, G_CALLBACK (document_changed_cb)))
    return;
  heddle_budget_rows_set_document (self->budget, document);
  heddle_pool_rows_set_document (self->pools, document);
  heddle_limit_rows_set_document (self->retention, document);
  update (self);
}

void
heddle_workflow_page_set_models (HeddleWorkflowPage *self,
                                 HeddleModels *models)
{
  g_return_if_fail (HEDDLE_IS_WORKFLOW_PAGE (self));

  heddle_budget_rows_set_models (self->budget, models);
}

void
heddle_workflow_page_set_problems (HeddleWorkflowPage *self,
                                   GPtrArray *problems)
{
  gboolean any = problems != NULL && problems->len > 0;

  g_return_if_fail (HEDDLE_IS_WORKFLOW_PAGE (self));

  gtk_widget_set_visible (self->problems_group, any);
  if (any && self->document != NULL)
    heddle_problem_rows_fill (self->problems, problems, heddle_document_get_graph (self->document));
  else
    heddle_list_box_clear (self->problems);
}

GtkWidget *
heddle_workflow_page_new (void)
{
  return g_object_new (HEDDLE_TYPE_WORKFLOW_PAGE, NULL);
}

static void
heddle_workflow_page_dispose (GObject *object)
{
  HeddleWorkflowPage *self = HEDDLE_WORKFLOW_PAGE (object);

  heddle_workflow_page_set_document (self, NULL);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (heddle_workflow_page_parent_class)->dispose (object);
}

static void
heddle_workflow_page_class_init (HeddleWorkflowPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_workflow_page_dispose;
  signals[PROBLEM_ACTIVATED] = g_signal_new ("problem-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (HEDDLE_TYPE_BUDGET_ROWS);
  g_type_ensure (HEDDLE_TYPE_POOL_ROWS);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-workflow-page.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, texts);
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, size);
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, budget);
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, pools);
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, retention_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, problems_group);
  gtk_widget_class_bind_template_child (widget_class, HeddleWorkflowPage, problems);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, problem_activated_cb);
}

static void
heddle_workflow_page_init (HeddleWorkflowPage *self)
{
  GtkWidget *view = heddle_text_view_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->description = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_signal_connect_object (self->description, "changed", G_CALLBACK (description_changed_cb), self, G_CONNECT_SWAPPED);
  self->retention = HEDDLE_LIMIT_ROWS (heddle_limit_rows_new (_ ("Runs"), "retention", _ ("Change How Long Runs Are Kept"), retention));
  heddle_limit_rows_set_description (self->retention, _ ("Which past runs of this workflow are kept. The oldest go first."));
  adw_bin_set_child (self->retention_bin, GTK_WIDGET (self->retention));
  gtk_list_box_append (self->texts, heddle_text_row_new (_ ("Description"), view, 72, 200));
}
