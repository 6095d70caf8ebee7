/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-past-runs.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The bottom panel: timeline (waterfall) and table of spans, the details of the selected one, and the history of
 * the workflow's runs.
 *
 * Signals: "node-activated" (const char *node_id): show it on the canvas. "run-activated"
 * (const char *run_id): a past run was chosen in the history.
 */
#define HEDDLE_TYPE_TRACE_PANEL (heddle_trace_panel_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTracePanel, heddle_trace_panel, HEDDLE, TRACE_PANEL, GtkWidget)

/* services is borrowed and outlives the widget. */
GtkWidget *heddle_trace_panel_new (const HeddleServices *services);
/* What the history lists. */
void heddle_trace_panel_set_past_runs (HeddleTracePanel *self, HeddlePastRuns *past_runs);
/* Live or past; NULL: an empty state that teaches. */
void heddle_trace_panel_set_trace (HeddleTracePanel *self, HeddleTrace *trace);
/* Selects the span of a node, if it is in the trace. */
void heddle_trace_panel_select_node (HeddleTracePanel *self, const char *node_id);

G_END_DECLS
