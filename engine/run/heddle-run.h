/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-event.h"
#include "plan/heddle-plan.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_RUN_RUNNING,
  HEDDLE_RUN_OK,
  HEDDLE_RUN_FAILED,
  HEDDLE_RUN_CANCELLED,
  HEDDLE_RUN_INTERRUPTED, /* its process is gone; only for stored runs */
} HeddleRunState;

typedef enum
{
  HEDDLE_DURABILITY_NORMAL,
  HEDDLE_DURABILITY_FULL,
  HEDDLE_DURABILITY_MEMORY, /* nothing is stored */
} HeddleDurability;

const char *heddle_run_state_to_string (HeddleRunState state); /* "ok" */
const char *heddle_run_state_get_title (HeddleRunState state); /* translated */

/*
 * A handle on a running or finished run. Thread-safe. The scheduler behind it lives on the engine
 * thread; this object never exposes it.
 */
#define HEDDLE_TYPE_RUN (heddle_run_get_type ())
G_DECLARE_FINAL_TYPE (HeddleRun, heddle_run, HEDDLE, RUN, GObject)

/* A new sortable unique id, for who has to know it before the run begins. */
char *heddle_run_make_id (void) G_GNUC_WARN_UNUSED_RESULT;
const char *heddle_run_get_id (HeddleRun *self);
/* What started it, see HeddleRunOptions; NULL: a person. Borrowed. */
JsonNode *heddle_run_get_trigger (HeddleRun *self);
/* What else it was started with, an object that heddle_run_options_to_json () made. Borrowed. */
JsonNode *heddle_run_get_options (HeddleRun *self);
HeddlePlan *heddle_run_get_plan (HeddleRun *self);
gint64 heddle_run_get_started (HeddleRun *self); /* microseconds since the epoch */
/* Microseconds that it has been under way, up to now; times of events count like this. What lay between an interruption and going on is left out. */
gint64 heddle_run_get_elapsed (HeddleRun *self);
HeddleRunState heddle_run_get_state (HeddleRun *self);
/* After the end: the output (new reference, maybe JSON null) or NULL with the run's error. */
JsonNode *heddle_run_dup_output (HeddleRun *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stops everything; sockets are closed before the next event. Any thread, any number of times. */
void heddle_run_cancel (HeddleRun *self);

/*
 * What people are asked while the run waits: an array of {"id","kind","title","text","schema":JSON Schema of the answer}, oldest
 * first; "node" is who asks. Of kind "approval" also "tool", "tool_node" and "arguments"; the answer is {"approve":boolean,
 * "arguments":object in place of the given ones,"reason":why not}. Of kind "approval-step" also "value", "editable", "fields"? as of
 * HEDDLE_PARAM_FIELDS, "until"? with "otherwise", "who" and, when an answer did not do, "problem"; the answer is {"approve":boolean,
 * "value":in place of the given one,"fields":object,"reason":text}. Sealed. Any thread.
 */
JsonNode *heddle_run_dup_questions (HeddleRun *self) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an answer fits the schema of a question; NULL, which declines, does. HEDDLE_ERROR_INVALID. */
gboolean heddle_question_check_answer (JsonNode *question, JsonNode *answer, GError **error);
/* answer NULL: the person declines, and what asked fails. Fails with HEDDLE_ERROR_NOT_FOUND when the question is not open any more, and HEDDLE_ERROR_INVALID when the answer does not fit its schema. Any thread. */
gboolean heddle_run_answer (HeddleRun *self, const char *question, JsonNode *answer, GError **error);

/*
 * Delivers batches of events (HeddleEvent*, all since the first, in order) in the given context
 * (NULL: the caller's thread default), at most once per interval_ms (0: as soon as possible).
 * The last batch holds RUN_FINISHED. Adjacent deltas of one node in a batch are merged.
 * Returns an id for unsubscribe; the data is destroyed in the context. Who stops iterating the context unsubscribes first.
 */
typedef void (*HeddleRunEventsFunc) (HeddleRun *run, GPtrArray *events, gpointer user_data);
guint heddle_run_subscribe (HeddleRun *self, GMainContext *context, guint interval_ms, HeddleRunEventsFunc func, gpointer user_data, GDestroyNotify destroy);
void heddle_run_unsubscribe (HeddleRun *self, guint id);

G_END_DECLS
