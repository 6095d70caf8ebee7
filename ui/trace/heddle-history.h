/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The runs of one workflow, newest first. Signal "run-activated" (const char *run_id). */
#define HEDDLE_TYPE_HISTORY (heddle_history_get_type ())
G_DECLARE_FINAL_TYPE (HeddleHistory, heddle_history, HEDDLE, HISTORY, GtkWidget)

GtkWidget *heddle_history_new (HeddleStore *store);
void heddle_history_set_workflow (HeddleHistory *self, const char *workflow_id);
/* The run that is shown elsewhere gets a mark; NULL: none. */
void heddle_history_set_current (HeddleHistory *self, const char *run_id);
void heddle_history_refresh (HeddleHistory *self);

G_END_DECLS
