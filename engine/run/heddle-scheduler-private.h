/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-index-queue.h"
#include "run/heddle-budget.h"
#include "run/heddle-node-run-private.h"
#include "run/heddle-scheduler.h"

G_BEGIN_DECLS

/* Inside of the scheduler, for its own files. */

typedef struct
{
  HeddleNodeRun *run;     /* the attempt under way, or NULL */
  GSource *retry;         /* waits for the next one, or NULL */
  GSource *attempt_timer; /* of the attempt under way, or NULL */
  GSource *timer;         /* of all attempts, or NULL */
  gboolean expired;       /* the time of all attempts ran out while it stood in the queue */
  guint attempt;
} HeddleStepRun;

struct _HeddleScheduler
{
  HeddleEngineCore *core;
  HeddleRun *run;
  HeddlePlan *plan;
  HeddleRunValues *values;
  HeddleDurability durability;
  HeddleStepRun *steps;
  HeddleIndexQueue ready;
  guint n_running;
  guint n_retrying;
  guint64 last_span;
  HeddleBudget *budget;
  GSource *cancel_source;
  gulong cancel_handler;
  GSource *pump_source;
  GPtrArray *unstored; /* events that the store has not got yet */
  GHashTable *shared;  /* key → GObject, owned */
  GArray *followers;   /* what is done once all went well */
  /* A node that takes up failures, and the failure it was given. */
  int handler;         /* index of the step; -1: none, or it had its turn */
  gboolean is_handled; /* the handler was given the failure */
  GError *failure;     /* or NULL */
  guint failed_step;   /* of failure */
  JsonNode *failure_record;
  gboolean pumping;
  gboolean ended;
};

void heddle_scheduler_clear_source (GSource **source);
void heddle_scheduler_enqueue (HeddleScheduler *self, guint index);
void heddle_scheduler_schedule_pump (HeddleScheduler *self);
/* Cancels what is under way and forgets what is queued. */
void heddle_scheduler_stop_all (HeddleScheduler *self, const char *reason);
/* Ends the run; output, error, node and note may be NULL. */
void heddle_scheduler_finish (HeddleScheduler *self, HeddleRunState state, JsonNode *output, const GError *error, const char *node, const char *note);

/* Failures (heddle-scheduler-failure.c). */
/* {name: value, "live":[port]}; takes value. live_port -1: none. */
JsonNode *heddle_scheduler_ended_data (const HeddleStep *step, int live_port, const char *name, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;
/* An attempt failed: another follows, or what the step's policy says. */
void heddle_scheduler_take_failure (HeddleScheduler *self, HeddleNodeRun *node_run);
/* The time of a step ran out before another attempt began. */
void heddle_scheduler_take_expiry (HeddleScheduler *self, guint index);
/* An attempt begins. */
void heddle_scheduler_start_timers (HeddleScheduler *self, guint index);
/* Nothing failed: the handler is skipped, and what waits for it goes on. FALSE when there is none that waits. */
gboolean heddle_scheduler_drop_handler (HeddleScheduler *self);
/* The branch of the handler is through. */
void heddle_scheduler_finish_handled (HeddleScheduler *self);

G_END_DECLS
