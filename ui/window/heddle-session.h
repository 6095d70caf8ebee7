/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-past-runs.h"

G_BEGIN_DECLS

/*
 * One open workflow: its document, saved as it changes, its problems, and the run that is looked
 * at. Knows no widget. UI thread.
 *
 * Properties: "trace" (HeddleTrace, nullable), "running", "saved", "pause-reason" (nullable: why the run does not go on
 * for now). Signals: "problems-changed", "run-ended", "questions-changed", "breakpoints-changed",
 * "save-failed" (GError).
 */
#define HEDDLE_TYPE_SESSION (heddle_session_get_type ())
G_DECLARE_FINAL_TYPE (HeddleSession, heddle_session, HEDDLE, SESSION, GObject)

/* is_new: the store has not got it yet; it is written at the first change, or at once with save. services is borrowed. */
HeddleSession *heddle_session_new (const HeddleServices *services, HeddleDocument *document, gboolean is_new) G_GNUC_WARN_UNUSED_RESULT;
const HeddleServices *heddle_session_get_services (HeddleSession *self);
HeddleDocument *heddle_session_get_document (HeddleSession *self);
HeddleGraph *heddle_session_get_graph (HeddleSession *self);
const char *heddle_session_get_workflow_id (HeddleSession *self);

/* Of the document as it is now; checked in an idle moment after each change. Borrowed, never NULL. */
GPtrArray *heddle_session_get_problems (HeddleSession *self);

/* Hands the whole workflow to the store; returns at once. */
void heddle_session_save (HeddleSession *self);
gboolean heddle_session_is_saved (HeddleSession *self);
/* Whether it was never handed to the store, as there is nothing in it. */
gboolean heddle_session_is_new (HeddleSession *self);
/* Whether the last try to save failed; it is tried again. "saved" is notified when this begins. */
gboolean heddle_session_has_save_failed (HeddleSession *self);

/*
 * Compiles and starts; fails with the first problem. Pinned outputs stand for their nodes. until: only this node and what it needs
 * runs; NULL: all. stepping: it stands still before the first node. The previous trace is replaced.
 */
gboolean heddle_session_run (HeddleSession *self, JsonNode *input, const char *until, gboolean stepping, GError **error);
/* Also ends the making of a run that begins with a stored one. */
void heddle_session_stop (HeddleSession *self);
/* Nobody looks at it any more: what is under way stops, and can go on when the workflow is opened again. */
void heddle_session_leave (HeddleSession *self);
gboolean heddle_session_is_running (HeddleSession *self);
/* The id of the run that is under way; NULL: none, or it is not made yet. Borrowed. */
const char *heddle_session_get_live_run (HeddleSession *self);
const char *heddle_session_get_pause_reason (HeddleSession *self);

/* Nodes before which runs of this window stand still, sorted. They are kept beside the workflow, for this person. */
char **heddle_session_dup_breakpoints (HeddleSession *self) G_GNUC_WARN_UNUSED_RESULT;
/* Sets them on all of these nodes, or takes them away where all have one; a run under way is told. */
void heddle_session_toggle_breakpoints (HeddleSession *self, const char *const *nodes);
/* The node before which the run stands still; NULL: it does not. Borrowed. */
const char *heddle_session_get_next_node (HeddleSession *self);
/* As of heddle_engine_continue () and heddle_engine_step (), for the run that is under way. */
void heddle_session_continue (HeddleSession *self);
void heddle_session_step (HeddleSession *self);

/* A run that begins with what a stored one has done, see HeddleRunAgain; zeroed: goes on with what did not finish. */
typedef struct
{
  const char *run;    /* NULL: the one that is looked at, else the latest */
  gboolean as_it_was; /* with the workflow as it ran then, not as it is now */
  const char *from;
  const char *until;
  JsonNode *outputs;
  gboolean replay;
  const char *live;
} HeddleSessionAgain;
/* Both are followed like any run once they have begun. */
void heddle_session_run_again_async (HeddleSession *self, const HeddleSessionAgain *again, GAsyncReadyCallback callback, gpointer user_data);
void heddle_session_resume_async (HeddleSession *self, const char *run, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_session_begin_finish (HeddleSession *self, GAsyncResult *result, GError **error);
/* The stored run that another would begin with: the one that is looked at, else the latest; NULL: none. Borrowed. */
const char *heddle_session_get_base_run (HeddleSession *self);
/* Of that run. */
HeddleRunState heddle_session_get_base_state (HeddleSession *self);
/* Stored runs of the workflow. Never NULL; borrowed. */
HeddlePastRuns *heddle_session_get_past_runs (HeddleSession *self);
/* Looks at no run, unless one is under way, and reads the stored ones again. */
void heddle_session_forget_run (HeddleSession *self);
/* Whether the run that is under way is the one that is looked at. */
gboolean heddle_session_shows_live (HeddleSession *self);

/* What the run asks people, and the answer, as of heddle_run_dup_questions () and heddle_run_answer (). */
JsonNode *heddle_session_dup_questions (HeddleSession *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_session_answer (HeddleSession *self, const char *question, JsonNode *answer, GError **error);
/* The input of the latest run started here, or NULL. Borrowed. */
JsonNode *heddle_session_get_last_input (HeddleSession *self);

/* Live or past, or NULL. Borrowed. */
HeddleTrace *heddle_session_get_trace (HeddleSession *self);
/* Shows a past run. */
void heddle_session_show_run_async (HeddleSession *self, const char *run_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_session_show_run_finish (HeddleSession *self, GAsyncResult *result, GError **error);

/* The first node that begins a run, or NULL. Borrowed until the next edit. */
const HeddleNode *heddle_session_find_start_node (HeddleSession *self);

G_END_DECLS
