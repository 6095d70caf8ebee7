/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-budget-rows.h"

#include "common/heddle-follow.h"
#include "inspector/heddle-limit-rows.h"

#include <glib/gi18n-lib.h>

static const HeddleLimit limits[] = {
  { "cost", N_ ("Cost in US Dollars"), TRUE },
  { "tokens", N_ ("Tokens"), FALSE },
  { "seconds", N_ ("Seconds"), FALSE },
  { "steps", N_ ("Steps (empty: 10,000)"), FALSE },
  { NULL },
};

struct _HeddleBudgetRows
{
  GtkWidget parent_instance;

  HeddleLimitRows *rows;
  HeddleDocument *document;
  HeddleModels *models;
};

G_DEFINE_FINAL_TYPE (HeddleBudgetRows, heddle_budget_rows, GTK_TYPE_WIDGET)

static void
update (HeddleBudgetRows *self)
{
  g_autofree char *estimated = NULL;
  g_autofree char *text = NULL;
  HeddleEstimate estimate = { 0 };

  if (self->document == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (self->models != NULL)
    {
      estimate = heddle_estimate_graph (heddle_document_get_graph (self->document), self->models);
      estimated = heddle_estimate_to_text (&estimate);
    }
  text = g_strjoin (" ", _ ("A run stops when it has used more than this."), estimated, NULL);
  heddle_limit_rows_set_description (self->rows, text);
}

void
heddle_budget_rows_set_document (HeddleBudgetRows *self,
                                 HeddleDocument *document)
{
  g_return_if_fail (HEDDLE_IS_BUDGET_ROWS (self));

  if (!heddle_follow_document (self, &self->document, document, G_CALLBACK (update)))
    return;
  heddle_limit_rows_set_document (self->rows, document);
  update (self);
}

void
heddle_budget_rows_set_models (HeddleBudgetRows *self,
                               HeddleModels *models)
{
  g_return_if_fail (HEDDLE_IS_BUDGET_ROWS (self));

  if (g_set_object (&self->models, models))
    update (self);
}

GtkWidget *
heddle_budget_rows_new (void)
{
  return g_object_new (HEDDLE_TYPE_BUDGET_ROWS, NULL);
}

static void
heddle_budget_rows_dispose (GObject *object)
{
  HeddleBudgetRows *self = HEDDLE_BUDGET_ROWS (object);
  GtkWidget *rows = GTK_WIDGET (g_steal_pointer (&self->rows));

  if (rows != NULL)
    gtk_widget_unparent (rows);
  heddle_follow_document (self, &self->document, NULL, NULL);
  g_clear_object (&self->models);
  G_OBJECT_CLASS (heddle_budget_rows_parent_class)->dispose (object);
}

static void
heddle_budget_rows_class_init (HeddleBudgetRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_budget_rows_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_budget_rows_init (HeddleBudgetRows *self)
{
  self->rows = HEDDLE_LIMIT_ROWS (heddle_limit_rows_new (_ ("Budget"), "budget", _ ("Change Budget"), limits));
  gtk_widget_set_parent (GTK_WIDGET (self->rows), GTK_WIDGET (self));
  g_signal_connect_after (self, "map", G_CALLBACK (update), NULL);
}
