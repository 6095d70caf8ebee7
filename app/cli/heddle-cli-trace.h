/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * The trace of a run as a tree on standard error: a line for each node when it ends, with what
 * happened inside it, and on a terminal a live region below for the nodes that are running.
 */
typedef struct _HeddleCliTrace HeddleCliTrace;

/* quiet: no live region, as the terminal is used for something else too. */
HeddleCliTrace *heddle_cli_trace_new (HeddleTrace *trace, HeddlePlan *plan, gboolean quiet) G_GNUC_WARN_UNUSED_RESULT;
void heddle_cli_trace_start (HeddleCliTrace *self, const char *name);
/* Prints what the events (already applied to the trace) ended; redraws the live region. */
void heddle_cli_trace_update (HeddleCliTrace *self, GPtrArray *events);
/* Redraws the live region: spinner and elapsed time. */
void heddle_cli_trace_tick (HeddleCliTrace *self);
/* The terminal is needed for something else: takes the region away, and keeps what comes until released. */
void heddle_cli_trace_hold (HeddleCliTrace *self);
void heddle_cli_trace_release (HeddleCliTrace *self);
void heddle_cli_trace_finish (HeddleCliTrace *self);
void heddle_cli_trace_free (HeddleCliTrace *self);
gboolean heddle_cli_trace_is_interactive (HeddleCliTrace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCliTrace, heddle_cli_trace_free)

G_END_DECLS
