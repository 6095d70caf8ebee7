/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "expr/heddle-expr.h"
#include "run/heddle-node-run.h"
#include "run/heddle-scheduler.h"
#include "run/heddle-scope-run.h"
#include "tool/heddle-tool.h"

G_BEGIN_DECLS

typedef struct _HeddleProgress HeddleProgress;
void heddle_progress_free (HeddleProgress *progress);

/* One attempt at one step. */
struct _HeddleNodeRun
{
  HeddleScheduler *scheduler; /* borrowed; NULL once the run no longer listens */
  HeddleScopeRun *scope_run;  /* borrowed, as long as scheduler is there */
  HeddleEngineCore *core;
  HeddleRun *run;
  const HeddleStep *step; /* lives as long as the run's plan */
  guint attempt;
  GCancellable *cancellable;
  HeddleScope scope;
  gint64 now;             /* that its expressions see; 0: none has asked */
  JsonNode *source;       /* where its result is from, when it did not run for it; or NULL */
  char *cache_key;        /* what its result is kept by; or NULL */
  gboolean uses_state;    /* of the run or of others: an equal one may give something else */
  GRefString *scope_path; /* where it is, see HeddleEvent; NULL: in no container */
  char *key;              /* for Idempotency-Key, once it was asked for */
  JsonNode *run_info;     /* $run as this node sees it, once it was asked for */

  JsonNode **inputs;  /* one per input port, NULL where absent */
  JsonNode *arriving; /* $input */
  JsonNode *params;   /* resolved, sealed; NULL when that failed */
  gpointer loaded;    /* the type's struct */

  GTask *task; /* from when run() returned without an end */
  gboolean ended;
  JsonNode *output;
  int live_port;     /* -1: none */
  JsonNode *sent;    /* {port: value} of all live ports in place of live_port; or NULL */
  JsonObject *vars;  /* variables of the run that it has set; or NULL */
  gboolean has_slot; /* of the run */
  GError *error;
  char *skip_reason;   /* translated: it ended without having run; or NULL */
  JsonObject *results; /* further keys; or NULL */

  GString *text; /* streamed so far */
  gsize text_stored;
  gint64 text_stored_at;
  GArray *spans; /* of OpenSpan; of a call: those of the step that it belongs to */

  gpointer data; /* of the node type */
  GDestroyNotify destroy_data;
  GPtrArray *bodies;        /* HeddleScopeRun*, owned: under way; or NULL */
  HeddleProgress *progress; /* or NULL */
  gboolean limited;         /* the result is what there was when a limit ended it */

  GPtrArray *calls; /* HeddleNodeRun*, owned: what this one has called and waits for; or NULL */

  /* Of a call of a tool, which is no step of its own: */
  HeddleNodeRun *caller; /* owned; NULL: this is a step of the flow */
  GTask *call;           /* what the caller waits for */
  guint call_index;      /* from 1, among those of the caller; of a step, and of a listing, 0 */
  gulong cancel_handler;
  guint64 base;         /* the span that all of it is in */
  JsonNode *args;       /* $args; or NULL */
  JsonNode *transcript; /* what came before, when it takes over; or NULL */
  gboolean is_listing;  /* of the type's tools instead of run () */
  GPtrArray *tools;     /* what that gave; or NULL */
};

/* A tool that is to be called. */
typedef struct
{
  const HeddleStep *step;
  JsonNode *arguments;  /* an object; NULL: its tools are to be listed */
  JsonNode *transcript; /* messages so far: it takes over; or NULL */
  guint64 span;
  guint index; /* see HeddleToolCall */
} HeddleStepCall;

/* At most so many calls within calls: agents that call agents, and workflows that call themselves. */
#define HEDDLE_MAX_CALL_DEPTH 16

HeddleNodeRun *heddle_node_run_new_call (HeddleNodeRun *caller, const HeddleStepCall *call) G_GNUC_WARN_UNUSED_RESULT;
/* Runs a tool as part of this node run: same services, spans within those of this one. The result object. */
void heddle_node_run_call_async (HeddleNodeRun *self, const HeddleStepCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_node_run_call_finish (HeddleNodeRun *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the caller what came of a call that has ended. */
void heddle_node_run_end_call (HeddleNodeRun *self);
/* The step that a call belongs to, in the end; of a step itself. */
HeddleNodeRun *heddle_node_run_get_root (HeddleNodeRun *self);

HeddleNodeRun *heddle_node_run_new (HeddleScopeRun *scope, const HeddleStep *step, guint attempt) G_GNUC_WARN_UNUSED_RESULT;
/* What arrived at its ports, by their names. */
JsonObject *heddle_node_run_inputs_to_json (HeddleNodeRun *self) G_GNUC_WARN_UNUSED_RESULT;
/* What a step would be given now, without beginning it. */
JsonNode *heddle_node_run_dup_arriving (HeddleScopeRun *scope, const HeddleStep *step) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves inputs and parameters, tells that the node starts, and runs its type. It may have ended when this returns. */
void heddle_node_run_start (HeddleNodeRun *self);
/* Runs its type: what start does, unless its result is there already. */
void heddle_node_run_run_type (HeddleNodeRun *self);
/* Takes a result that is there already, or runs the type. */
void heddle_node_run_go_on (HeddleNodeRun *self);
/* Ends: it did not run, and nothing behind it is live. */
void heddle_node_run_skip (HeddleNodeRun *self, const char *reason);
/* The run listens no more: whatever comes is dropped. Cancels what is under way. */
void heddle_node_run_detach (HeddleNodeRun *self);
/* Tells about the streamed text and closes spans, before an event that ends the attempt. */
void heddle_node_run_flush (HeddleNodeRun *self, HeddleScheduler *scheduler);
/* {"output":…, further keys}; takes the parts. */
JsonNode *heddle_node_run_take_result (HeddleNodeRun *self) G_GNUC_WARN_UNUSED_RESULT;
/* Indices of the ports that are live; of guint. */
GArray *heddle_node_run_list_live (HeddleNodeRun *self) G_GNUC_WARN_UNUSED_RESULT;
/* What else the event of its end says. */
void heddle_node_run_describe_end (HeddleNodeRun *self, JsonObject *data);
/* Ends: these ports are live with these values, {port: value}; consumed, as output is. */
void heddle_node_run_complete_sent (HeddleNodeRun *self, JsonNode *sent, JsonNode *output);
HeddleEvent *heddle_node_run_new_event (HeddleNodeRun *self, HeddleEventKind kind) G_GNUC_WARN_UNUSED_RESULT;

/* Bodies (heddle-node-run-body.c, heddle-rounds.c). */
/* $loop of one body; last NULL: JSON null. */
JsonNode *heddle_node_run_make_loop (guint index, JsonNode *item, JsonNode *last) G_GNUC_WARN_UNUSED_RESULT;
/* Begins a body that is ready to; consumes the reference. */
void heddle_node_run_begin_body (HeddleNodeRun *self, HeddleScopeRun *body);
/* A body is through; gives up the reference that the node run has. */
void heddle_node_run_forget_body (HeddleNodeRun *self, HeddleScopeRun *body);
void heddle_node_run_detach_bodies (HeddleNodeRun *self);
void heddle_node_run_tell_bodies_stopped (HeddleNodeRun *self, const char *reason);
/* Runs a circle until it is left. */
void heddle_rounds_run (HeddleNodeRun *self);

/* Index of a name, or -1. */
int heddle_node_run_find_port (GPtrArray *ports, const char *name);
/* Copies attributes (may be NULL) over target. */
void heddle_node_run_merge (JsonObject *target, JsonNode *attributes);
/* Ends the spans that are still open, of a call only its own. */
void heddle_node_run_close_spans (HeddleNodeRun *self, HeddleScheduler *scheduler, const GError *error);

G_END_DECLS
