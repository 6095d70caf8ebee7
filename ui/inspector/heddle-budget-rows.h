/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What a run of the workflow may use, to be edited, and above it a guess of what it will cost. */
#define HEDDLE_TYPE_BUDGET_ROWS (heddle_budget_rows_get_type ())
G_DECLARE_FINAL_TYPE (HeddleBudgetRows, heddle_budget_rows, HEDDLE, BUDGET_ROWS, GtkWidget)

GtkWidget *heddle_budget_rows_new (void);
/* Both may be NULL; without models nothing is guessed. */
void heddle_budget_rows_set_document (HeddleBudgetRows *self, HeddleDocument *document);
void heddle_budget_rows_set_models (HeddleBudgetRows *self, HeddleModels *models);

G_END_DECLS
