/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * What the inspector shows without a node: the workflow's name and description, and what is wrong with it.
 * Signal "problem-activated" (const char *node, const char *param): param may be NULL.
 */
#define HEDDLE_TYPE_WORKFLOW_PAGE (heddle_workflow_page_get_type ())
G_DECLARE_FINAL_TYPE (HeddleWorkflowPage, heddle_workflow_page, HEDDLE, WORKFLOW_PAGE, GtkWidget)

GtkWidget *heddle_workflow_page_new (void);
/* May be NULL. */
void heddle_workflow_page_set_document (HeddleWorkflowPage *self, HeddleDocument *document);
/* HeddleProblem*, of the document; NULL: none. */
/* For what a run may cost; NULL: nothing is said of it. */
void heddle_workflow_page_set_models (HeddleWorkflowPage *self, HeddleModels *models);
void heddle_workflow_page_set_problems (HeddleWorkflowPage *self, GPtrArray *problems);

G_END_DECLS
