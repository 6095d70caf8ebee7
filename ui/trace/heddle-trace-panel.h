/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

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

/* services is borrowed and outlives the widget; the store is asked for the history. */
GtkWidget *heddle_trace_panel_new (const HeddleServices *services);
/* The workflow whose history is listed. */
void heddle_trace_panel_set_workflow (HeddleTracePanel *self, const char *workflow_id);
/* Live or past; NULL: an empty state that teaches. */
void heddle_trace_panel_set_trace (HeddleTracePanel *self, HeddleTrace *trace);
/* Selects the span of a node, if it is in the trace. */
void heddle_trace_panel_select_node (HeddleTracePanel *self, const char *node_id);
/* Reads the history again: a run began or ended. */
void heddle_trace_panel_refresh_history (HeddleTracePanel *self);

G_END_DECLS
