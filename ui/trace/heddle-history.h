/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-past-runs.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The runs of one workflow, newest first. Signal "run-activated" (const char *run_id). */
#define HEDDLE_TYPE_HISTORY (heddle_history_get_type ())
G_DECLARE_FINAL_TYPE (HeddleHistory, heddle_history, HEDDLE, HISTORY, GtkWidget)

GtkWidget *heddle_history_new (void);
/* What is listed; NULL: nothing. Watched while the list can be seen. */
void heddle_history_set_past_runs (HeddleHistory *self, HeddlePastRuns *past_runs);
/* The run that is shown elsewhere gets a mark; NULL: none. */
void heddle_history_set_current (HeddleHistory *self, const char *run_id);

G_END_DECLS
