/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-effects-private.h"
#include "run/heddle-run.h"

G_BEGIN_DECLS

/* The engine's side of a run. */

/* Takes the answer, NULL when it is declined, in the context given; not called when the question is withdrawn. */
typedef void (*HeddleAnswerFunc) (JsonNode *answer, gpointer data);
void heddle_run_add_question (HeddleRun *self, JsonNode *question, GMainContext *context, HeddleAnswerFunc func, gpointer data, GDestroyNotify destroy);
/* FALSE when it is answered already, or on its way. */
gboolean heddle_run_withdraw_question (HeddleRun *self, const char *id);

/* id, trigger: may be NULL, see HeddleRunOptions. */
HeddleRun *heddle_run_new (HeddlePlan *plan, const char *id, JsonNode *trigger) G_GNUC_WARN_UNUSED_RESULT;
/* A stored run that goes on: with its events so far, and numbers and times that follow them. Its options are those it was stored with. */
HeddleRun *heddle_run_new_continued (HeddlePlan *plan, const char *id, gint64 started, HeddlePast *past, GPtrArray *events) G_GNUC_WARN_UNUSED_RESULT;
/* See heddle_run_get_options (). Takes it, sealed. Set before it starts. */
void heddle_run_take_options (HeddleRun *self, JsonNode *options);
/* How many runs it is within: 0 for one that was started by itself. Set before it starts. */
void heddle_run_set_depth (HeddleRun *self, guint depth);
guint heddle_run_get_depth (HeddleRun *self);
/* What called the workflow, and asks in its place; NULL: nothing did. Borrowed, as long as the run is under way. Set before it starts. */
void heddle_run_set_caller (HeddleRun *self, HeddleNodeRun *caller);
HeddleNodeRun *heddle_run_get_caller (HeddleRun *self);
/* What it asks the world; without a set one it only records. Takes it; set before it starts. get: borrowed, engine thread. */
void heddle_run_set_effects (HeddleRun *self, HeddleEffects *effects);
HeddleEffects *heddle_run_get_effects (HeddleRun *self);
/* Cancelled by heddle_run_cancel(). Borrowed. */
GCancellable *heddle_run_get_cancellable (HeddleRun *self);
/* Gives the event its number and time. Takes it; returns it borrowed. Subscribers hear of it with the next notify. Engine thread. */
HeddleEvent *heddle_run_append (HeddleRun *self, HeddleEvent *event);
/* Gives the next event its number and time before it is delivered, so that it can be recorded first. Engine thread. */
void heddle_run_number (HeddleRun *self, HeddleEvent *event);
/* All so far that are kept. Engine thread. */
GPtrArray *heddle_run_dup_events (HeddleRun *self) G_GNUC_WARN_UNUSED_RESULT;
/* Wakes the subscribers, each at most once per interval. */
void heddle_run_notify (HeddleRun *self);
/* The last event. output: what dup_output gives; or error. Both may be NULL. Engine thread. */
HeddleEvent *heddle_run_finish (HeddleRun *self, HeddleRunState state, JsonNode *output, const GError *error, HeddleEvent *event);

G_END_DECLS
