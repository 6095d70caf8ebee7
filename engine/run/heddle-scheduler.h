/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-engine-core.h"
#include "run/heddle-run-values.h"

G_BEGIN_DECLS

/*
 * Drives one run on the engine thread: starts what is ready, takes what nodes report, retries, and
 * ends the run. Refcounted (the engine's list has one reference while the run lasts).
 */
typedef struct _HeddleScheduler HeddleScheduler;

/* Begins the run and adds itself to the engine's list. */
void heddle_scheduler_start (HeddleEngineCore *core, HeddleRun *run, JsonNode *input, const HeddleRunOptions *options);
HeddleScheduler *heddle_scheduler_ref (HeddleScheduler *self);
void heddle_scheduler_unref (HeddleScheduler *self);

/* Stops everything at once; the run ends as cancelled. Does nothing when it has ended. */
void heddle_scheduler_cancel (HeddleScheduler *self);

/* The program ends: everything stops; a run that is stored can go on later, others end as cancelled. */
void heddle_scheduler_interrupt (HeddleScheduler *self);
HeddleRun *heddle_scheduler_get_run (HeddleScheduler *self); /* borrowed */
/* The same for another reason, which people are told. */
void heddle_scheduler_interrupt_for (HeddleScheduler *self, const GError *reason);
/* Nothing more is started while a run that is stored cannot be, with the reason; NULL: it can again. */
void heddle_scheduler_set_paused (HeddleScheduler *self, const GError *reason);

/* Goes on with what stands still before a node, to the next one that has a breakpoint. */
void heddle_scheduler_continue (HeddleScheduler *self);
/* Starts the node that it stands before, and stands still before the next; one that does not stand still comes to stand. */
void heddle_scheduler_step (HeddleScheduler *self);
/* Of now on; NULL: none. */
void heddle_scheduler_set_breakpoints (HeddleScheduler *self, const char *const *nodes);

/* For node runs. */
HeddleAsking heddle_scheduler_get_asking (HeddleScheduler *self);
void heddle_scheduler_emit (HeddleScheduler *self, HeddleEvent *event); /* takes it */
/* The same for a run that is stored; answers once the event is safe on the disk, as of heddle_store_append_events_async (). */
void heddle_scheduler_commit (HeddleScheduler *self, HeddleEvent *event, GAsyncReadyCallback callback, gpointer user_data);
guint64 heddle_scheduler_next_span (HeddleScheduler *self);
/* What a span has used by now, in place of what it told before. */
void heddle_scheduler_report_usage (HeddleScheduler *self, guint64 span, JsonNode *usage, gboolean ended);
HeddleDurability heddle_scheduler_get_durability (HeddleScheduler *self);
void heddle_scheduler_node_ended (HeddleScheduler *self, HeddleNodeRun *node_run);

/* A node run waits for people: it needs no slot meanwhile. */
void heddle_scheduler_set_waiting (HeddleScheduler *self, HeddleNodeRun *node_run, gboolean waiting);
/* A run that goes over a list of so many items may take as many more steps, unless a person limits them. */
void heddle_scheduler_allow_steps (HeddleScheduler *self, guint64 n_steps);

/* What its nodes share; borrowed, gone when the run ends. */
GObject *heddle_scheduler_get_shared (HeddleScheduler *self, const char *key);
void heddle_scheduler_take_shared (HeddleScheduler *self, const char *key, GObject *object);
void heddle_scheduler_after_success (HeddleScheduler *self, void (*func) (gpointer data), gpointer data, GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleScheduler, heddle_scheduler_unref)

G_END_DECLS
