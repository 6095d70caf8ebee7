/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run.h"
#include "run/heddle-ready-queue.h"
#include "run/heddle-run-values.h"
#include "run/heddle-scheduler.h"

G_BEGIN_DECLS

/*
 * One instance of a plan under way: the run's own, or a body, which is an item of a map, a round of a loop or the inside of a subflow.
 * Its steps, values and failures are its own; slots, budget and events are the run's. Refcounted; engine thread.
 */
typedef struct
{
  HeddleNodeRun *run;     /* the attempt under way, or NULL */
  GSource *retry;         /* waits for the next one, or NULL */
  GSource *attempt_timer; /* of the attempt under way, or NULL */
  GSource *timer;         /* of all attempts, or NULL */
  gboolean queued;        /* could start, and waits for a slot */
  gboolean has_pool;      /* holds a slot of its pool */
  guint n_lost;           /* attempts that ended with an earlier process */
  gboolean failed_before; /* an earlier process saw it fail */
  gboolean expired;       /* the time of all attempts ran out while it stood in the queue */
  gboolean is_settled;    /* it was in doubt, and is to be done again */
  gboolean passed;        /* breakpoints and single steps stop it no more */
  guint attempt;
} HeddleStepRun;

/* Called once, unless the scope is stopped: everything in it is through, or it failed. error, record: why; else NULL. */
typedef void (*HeddleScopeEnded) (HeddleScopeRun *self, const GError *error, JsonNode *record);

struct _HeddleScopeRun
{
  HeddleScheduler *scheduler; /* borrowed: it stops all scopes before it goes */
  HeddleNodeRun *container;   /* borrowed, as it owns the scope; NULL: the run's own scope */
  guint index;                /* of the item or round */
  guint64 serial;
  GRefString *path; /* "map1#3"; NULL: the run's own */
  HeddlePlan *plan;
  HeddleRunValues *values;
  HeddleStepRun *steps;
  JsonNode **entry_inputs; /* by port, of the entry of a circle; or NULL */
  HeddleScopeEnded func;
  HeddleBodyFunc body_func; /* of a container's body, called by func; or NULL */
  gpointer data;

  guint n_running;
  guint n_retrying;
  guint n_queued;
  gboolean marked; /* the scheduler will look at it */
  gboolean ended;

  /* A node that takes up failures, and the failure it was given. */
  int handler;         /* index of the step; -1: none, or it had its turn */
  gboolean is_handled; /* the handler was given the failure */
  GError *failure;     /* or NULL */
  guint failed_step;   /* of failure */
  JsonNode *failure_record;
  JsonNode *error_record; /* of failure, as nodes get it */
};

/* values is consumed. container NULL: the run's own. */
HeddleScopeRun *heddle_scope_run_new (HeddleScheduler *scheduler, HeddleNodeRun *container, guint index, HeddleRunValues *values) G_GNUC_WARN_UNUSED_RESULT;
HeddleScopeRun *heddle_scope_run_ref (HeddleScopeRun *self);
void heddle_scope_run_unref (HeddleScopeRun *self);

const HeddleStep *heddle_scope_run_get_step (HeddleScopeRun *self, guint index);
HeddleEvent *heddle_scope_run_new_event (HeddleScopeRun *self, HeddleEventKind kind, guint index) G_GNUC_WARN_UNUSED_RESULT;

/* Makes ready what waits for nothing. start: see heddle_flow_start (). */
void heddle_scope_run_start (HeddleScopeRun *self, const char *start);
/* Takes what the flow has decided, and ends the scope when nothing is left. */
void heddle_scope_run_advance (HeddleScopeRun *self);
/* A step could start. */
void heddle_scope_run_enqueue (HeddleScopeRun *self, guint index);
/* Takes a step, found in the queue, from it; FALSE when it waits there no more. */
gboolean heddle_scope_run_dequeue (HeddleScopeRun *self, guint index);
/* Cancels what is under way and forgets what is queued; told as cancelled, sockets are closed before. Nothing of it is called back. */
void heddle_scope_run_stop (HeddleScopeRun *self, const char *reason);
/* The two halves of it, for a container that is stopped with what is around it. */
void heddle_scope_run_detach (HeddleScopeRun *self);
void heddle_scope_run_tell_stopped (HeddleScopeRun *self, const char *reason);
/* Cancels one step that is under way or could begin, as the node by goes on without it; its out-edges are dead, and the scope goes on. */
void heddle_scope_run_cancel_step (HeddleScopeRun *self, guint index, const char *by, const char *reason);
/* Ends a scope in which something failed. note: translated or NULL, for people. */
void heddle_scope_run_end_failed (HeddleScopeRun *self, const GError *error, JsonNode *record, const char *node, const char *note);
/* Forgets the attempt of a step, with its slots; returns it. */
HeddleNodeRun *heddle_scope_run_take_attempt (HeddleScopeRun *self, guint index) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleScopeRun, heddle_scope_run_unref)

G_END_DECLS
