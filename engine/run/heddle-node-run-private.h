/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "expr/heddle-expr.h"
#include "run/heddle-node-run.h"
#include "run/heddle-scheduler.h"

G_BEGIN_DECLS

/* One attempt at one step. */
struct _HeddleNodeRun
{
  HeddleScheduler *scheduler; /* borrowed; NULL once the run no longer listens */
  HeddleEngineCore *core;
  HeddleRun *run;
  const HeddleStep *step; /* lives as long as the run's plan */
  guint attempt;
  GCancellable *cancellable;
  HeddleScope scope;

  JsonNode **inputs;  /* one per input port, NULL where absent */
  JsonNode *arriving; /* $input */
  JsonNode *params;   /* resolved, sealed; NULL when that failed */
  gpointer loaded;    /* the type's struct */

  GTask *task; /* from when run() returned without an end */
  gboolean ended;
  JsonNode *output;
  int live_port; /* -1: none */
  GError *error;
  JsonObject *results; /* further keys; or NULL */

  GString *text; /* streamed so far */
  gsize text_stored;
  gint64 text_stored_at;
  GArray *spans; /* of OpenSpan */
};

HeddleNodeRun *heddle_node_run_new (HeddleScheduler *scheduler, HeddleEngineCore *core, HeddleRun *run, const HeddleStep *step, guint attempt) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves inputs and parameters, tells that the node starts, and runs its type. It may have ended when this returns. */
void heddle_node_run_start (HeddleNodeRun *self);
/* The run listens no more: whatever comes is dropped. Cancels what is under way. */
void heddle_node_run_detach (HeddleNodeRun *self);
/* Tells about the streamed text and closes spans, before an event that ends the attempt. */
void heddle_node_run_flush (HeddleNodeRun *self, HeddleScheduler *scheduler);
/* {"output":…, further keys}; takes the parts. */
JsonNode *heddle_node_run_take_result (HeddleNodeRun *self) G_GNUC_WARN_UNUSED_RESULT;
HeddleEvent *heddle_node_run_new_event (HeddleNodeRun *self, HeddleEventKind kind) G_GNUC_WARN_UNUSED_RESULT;

/* Copies attributes (may be NULL) over target. */
void heddle_node_run_merge (JsonObject *target, JsonNode *attributes);
/* Ends the spans that are still open; of the node run's own file for spans. */
void heddle_node_run_close_spans (HeddleNodeRun *self, HeddleScheduler *scheduler, const GError *error);

G_END_DECLS
