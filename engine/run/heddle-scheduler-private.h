/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-budget.h"
#include "run/heddle-node-run-private.h"
#include "run/heddle-ready-queue.h"
#include "run/heddle-scheduler.h"
#include "run/heddle-scope-run.h"
#include "value/heddle-cancel-watch.h"

G_BEGIN_DECLS

/* Inside of the scheduler, for its own files. */

/* Where a person who looks on wants the run to stand still (heddle-scheduler-breaks.c). */
typedef struct
{
  GHashTable *nodes;    /* ids with a breakpoint, owned; NULL: none */
  gboolean stepping;    /* before whatever starts next, too */
  HeddleReadyStep next; /* before which it stands, with a reference of its scope; scope NULL: it goes on */
  GArray *waiting;      /* of HeddleReadyStep, with references: what else could start meanwhile */
  gint64 since;         /* monotonic: when it came to stand */
} HeddleBreaks;

struct _HeddleScheduler
{
  HeddleEngineCore *core;
  HeddleRun *run;
  HeddlePlan *plan;
  HeddleScopeRun *root; /* the run's own scope */
  HeddleDurability durability;
  HeddleReadyQueue ready;
  GQueue marked;   /* of HeddleScopeRun*, owned: to be looked at */
  guint n_running; /* that hold a slot */
  guint64 last_span;
  guint64 last_serial;
  HeddleBudget *budget;
  HeddleCancelWatch *cancel_watch;
  GSource *pump_source;
  GPtrArray *unstored; /* events that the store has not got yet */
  GHashTable *shared;  /* key → GObject, owned */
  GArray *followers;   /* what is done once all went well */
  HeddlePast *past;    /* or NULL */
  gboolean resumes;    /* past is this run's own */
  gint64 gone;         /* µs that no process was at it, before it went on */
  char *until;         /* the node that is asked for; or NULL */
  GHashTable *needed;  /* ids of what until needs; NULL: everything */
  gboolean use_pins;   /* steps with a pinned result give it */
  gboolean paused;     /* nothing more is started, as nothing can be stored */
  HeddleBreaks breaks;
  gboolean interrupted; /* what is stopped now is not stored as stopped */
  gboolean pumping;
  gboolean ended;
};

void heddle_scheduler_clear_source (GSource **source);
gboolean heddle_scheduler_is_stored (HeddleScheduler *self);
/* The values of variables that outlive runs are there. */
void heddle_scheduler_begin (HeddleScheduler *self, const char *start);
/* Loads them first (heddle-scheduler-variables.c). */
void heddle_scheduler_begin_with_variables (HeddleScheduler *self, const char *start);

/* An earlier run (heddle-scheduler-past.c). */
void heddle_scheduler_take_options (HeddleScheduler *self, const HeddleRunOptions *options);
void heddle_scheduler_drop_past (HeddleScheduler *self);
/* Tells that the run goes on, or of what it takes from another. */
void heddle_scheduler_tell_past (HeddleScheduler *self);
/* Whether it is seen to: it is not needed, its result was taken, or its next attempt is due later. */
gboolean heddle_scope_run_take_past (HeddleScopeRun *self, guint index);
/* Whether its log says already that the step was skipped. */
gboolean heddle_scope_run_was_skipped (HeddleScopeRun *self, guint index);
/* The output of the node that was asked for; NULL: none was, or it did not run. */
JsonNode *heddle_scheduler_dup_asked (HeddleScheduler *self) G_GNUC_WARN_UNUSED_RESULT;
guint64 heddle_scheduler_next_serial (HeddleScheduler *self);
void heddle_scheduler_schedule_pump (HeddleScheduler *self);
/* Takes the reference of the scope. TRUE: the step has to wait for others to end. */
gboolean heddle_scheduler_queue (HeddleScheduler *self, const HeddleReadyStep *step);
/* Something happened in the scope: it is looked at soon. */
void heddle_scheduler_mark (HeddleScheduler *self, HeddleScopeRun *scope);
/* What runs holds one of the run's slots, but not while it waits for a body or for people. */
void heddle_scheduler_take_slot (HeddleScheduler *self, HeddleNodeRun *node_run);
void heddle_scheduler_give_slot (HeddleScheduler *self, HeddleNodeRun *node_run);
/* Ends the run; output, error, node and note may be NULL. */
void heddle_scheduler_finish (HeddleScheduler *self, HeddleRunState state, JsonNode *output, const GError *error, const char *node, const char *note);
/* The run's own scope is through. */
void heddle_scheduler_finish_well (HeddleScheduler *self);

/* Breakpoints and single steps (heddle-scheduler-breaks.c). */
void heddle_scheduler_init_breaks (HeddleScheduler *self, const HeddleRunOptions *options);
void heddle_scheduler_clear_breaks (HeddleScheduler *self);
gboolean heddle_scheduler_is_standing (HeddleScheduler *self);
/* A step, just taken from the queue, that waits because the run stands still. The reference stays the caller's. */
gboolean heddle_scheduler_put_aside (HeddleScheduler *self, const HeddleReadyStep *step);
/* The run comes to stand before this step, which would run now. The reference stays the caller's. */
gboolean heddle_scheduler_stop_before (HeddleScheduler *self, const HeddleReadyStep *step);
/* It goes on when what it stood before is not to run any more. */
void heddle_scheduler_check_break (HeddleScheduler *self);
/* Says again why it stands still, after another reason has gone. */
void heddle_scheduler_tell_break (HeddleScheduler *self);

/* Failures (heddle-scheduler-failure.c). */
/* {name: value, "live":[ports], "sent"?}; takes value; sent may be NULL. */
JsonNode *heddle_scheduler_ended_data (const HeddleStep *step, const guint *live_ports, guint n_live, const char *name, JsonNode *value, JsonNode *sent) G_GNUC_WARN_UNUSED_RESULT;
/* An attempt failed: another follows, or what the step's policy says. */
void heddle_scope_run_take_failure (HeddleScopeRun *self, HeddleNodeRun *node_run);
/* The time of a step ran out before another attempt began. */
void heddle_scope_run_take_expiry (HeddleScopeRun *self, guint index);
/* The step failed before the run went on, and fails again without an attempt. */
void heddle_scope_run_take_old_failure (HeddleScopeRun *self, guint index);
/* The next attempt begins so much later. */
void heddle_scope_run_wait_for_retry (HeddleScopeRun *self, guint index, guint delay);
/* An attempt begins. */
void heddle_scope_run_start_timers (HeddleScopeRun *self, guint index);
/* Nothing failed: the handler is skipped, and what waits for it goes on. FALSE when there is none that waits. */
gboolean heddle_scope_run_drop_handler (HeddleScopeRun *self);
/* The branch of the run's handler is through. */
void heddle_scheduler_finish_handled (HeddleScheduler *self);

G_END_DECLS
