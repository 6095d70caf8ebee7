/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"
#include "run/heddle-run.h"

G_BEGIN_DECLS

/*
 * Workflows, their versions and journals, runs, events, spans, and small settings. One thread owns
 * the connection. Calls without _async block until that thread answered and are for the command
 * line, tests and other threads than the UI's; _async ones complete in the caller's context.
 * Answers see everything handed over before.
 *
 * Signal "write-failed" (GError*): in the context the store was made in, once for each cause, when
 * the journal or a recording could not be written. Nothing is lost: it is tried again.
 * Signal "variable-changed" (const char *name): in the same context, when a variable of all runs was written or deleted
 * through this store; other processes are not heard of.
 */
#define HEDDLE_TYPE_STORE (heddle_store_get_type ())
G_DECLARE_FINAL_TYPE (HeddleStore, heddle_store, HEDDLE, STORE, GObject)

/* path NULL: the default path. */
HeddleStore *heddle_store_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *heddle_store_get_path (HeddleStore *self);
/* Waits until everything handed over so far is written; FALSE when it could not be (yet), see "write-failed". */
gboolean heddle_store_flush (HeddleStore *self);

typedef struct
{
  char *id;
  char *name;
  char *json;      /* canonical; only from load, else NULL */
  gint64 modified; /* µs since the epoch */
  guint n_nodes;
  char *last_run_state; /* or NULL */
  gint64 last_run;      /* or 0 */
} HeddleWorkflowInfo;
void heddle_workflow_info_free (HeddleWorkflowInfo *info);

typedef struct
{
  char *id;
  char *workflow;
  char *name;
  HeddleRunState state;
  gint64 started;  /* µs since the epoch */
  gint64 duration; /* µs; -1 while running */
  gint64 tokens;   /* -1: none */
  gint64 cost;     /* nano-USD; -1: unknown, or no tokens */
  gboolean cost_partly_unknown;
  char *summary;         /* first line of output or error */
  char *started_by;      /* "endpoint", "webhook", "schedule", "fork"; NULL: a person */
  char *parent;          /* id of the run that a fork began with, which may be gone; or NULL */
  guint n_questions;     /* of an interrupted run: questions to a person that nobody has answered */
  guint n_doubts;        /* same: nodes of which nobody knows whether they had their effect */
  gboolean is_elsewhere; /* another process is at it: here it can only be looked at */
} HeddleRunInfo;
void heddle_run_info_free (HeddleRunInfo *info);

/* Newest first; array owns HeddleWorkflowInfo*, with json set (for pictures). */
GPtrArray *heddle_store_list_workflows (HeddleStore *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_list_workflows_async (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_list_workflows_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By id, else by name (newest). HEDDLE_ERROR_NOT_FOUND. journal: array of the groups of edits made after the JSON, oldest first; NULL node when there are none. */
HeddleWorkflowInfo *heddle_store_load_workflow (HeddleStore *self, const char *id_or_name, JsonNode **journal, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_load_workflow_async (HeddleStore *self, const char *id_or_name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleWorkflowInfo *heddle_store_load_workflow_finish (HeddleStore *self, GAsyncResult *result, JsonNode **journal, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Writes the canonical JSON as a new version (heddle-store-versions.h) and makes history of the journal, which is empty then. JSON that changed
 * without edits in the journal, as from a file, begins a new history. HEDDLE_ERROR_BUSY: see heddle-store-editing.h. Safe against power loss when
 * it returns.
 */
gboolean heddle_store_save_workflow (HeddleStore *self, const char *id, const char *name, const char *json, GError **error);
void heddle_store_save_workflow_async (HeddleStore *self, const char *id, const char *name, const char *json, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_save_workflow_finish (HeddleStore *self, GAsyncResult *result, GError **error);
/* Appends one group of edits (HeddleChange.edits), also of a workflow that is yet to be saved; written within 50 ms, see "write-failed". Never blocks. */
void heddle_store_append_journal (HeddleStore *self, const char *id, JsonNode *edits);
/* With its versions, runs, conversations and breakpoints. idle: HEDDLE_ERROR_BUSY when it is active, runs, or is edited by another program. */
gboolean heddle_store_delete_workflow (HeddleStore *self, const char *id, GError **error);
gboolean heddle_store_delete_idle_workflow (HeddleStore *self, const char *id, GError **error);
void heddle_store_delete_workflow_async (HeddleStore *self, const char *id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_delete_workflow_finish (HeddleStore *self, GAsyncResult *result, GError **error);

/* Recording, from the engine thread; never blocks, written in groups (≤ 5 ms or 256 events). Spans are kept up to date for querying. */
void heddle_store_begin_run (HeddleStore *self, HeddleRun *run, HeddleDurability durability);
void heddle_store_append_events (HeddleStore *self, HeddleRun *run, GPtrArray *events);
/*
 * The same, complete once it is safe against power loss: for what has to be known before something is done that cannot be taken back. While
 * nothing can be written it waits; it fails only when the store goes.
 */
void heddle_store_append_events_async (HeddleStore *self, HeddleRun *run, GPtrArray *events, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_append_events_finish (HeddleStore *self, GAsyncResult *result, GError **error);

/*
 * Calls func in the context (NULL: the caller's thread default) when writing begins to fail, with the error, and when it works again, with NULL;
 * soon when it fails already. Returns an id for unwatch, after which it is not called any more. Who stops iterating the context unwatches first.
 */
typedef void (*HeddleStoreWritingFunc) (const GError *error, gpointer data);
guint heddle_store_watch_writing (HeddleStore *self, GMainContext *context, HeddleStoreWritingFunc func, gpointer data);
void heddle_store_unwatch_writing (HeddleStore *self, guint id);

/* workflow NULL: of all. Newest first, at most limit. */
GPtrArray *heddle_store_list_runs (HeddleStore *self, const char *workflow, guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_list_runs_async (HeddleStore *self, const char *workflow, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_list_runs_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Events of a past run and the workflow JSON it ran (transfer full); run by id or unique prefix. */
GPtrArray *heddle_store_load_run (HeddleStore *self, const char *run, HeddleRunInfo **info, char **source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_load_run_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_load_run_finish (HeddleStore *self, GAsyncResult *result, HeddleRunInfo **info, char **source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Events of one item of a container, and of all within it, in a run that is over or under way: scope is "map1#3", see HeddleEvent. */
GPtrArray *heddle_store_load_scope (HeddleStore *self, const char *run, const char *scope, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_load_scope_async (HeddleStore *self, const char *run, const char *scope, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_load_scope_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Small settings that are no secrets (providers, …); value NULL deletes. Blocking, sub-millisecond. */
JsonNode *heddle_store_get_setting (HeddleStore *self, const char *key) G_GNUC_WARN_UNUSED_RESULT; /* NULL when unset */
gboolean heddle_store_set_setting (HeddleStore *self, const char *key, JsonNode *value, GError **error);

G_END_DECLS
