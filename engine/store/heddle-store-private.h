/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store-claims.h"
#include "store/heddle-store-thread.h"

G_BEGIN_DECLS

/* Tells what the store's thread notices in the context the store was made in. */
typedef struct _HeddleStoreNotifier HeddleStoreNotifier;

struct _HeddleStore
{
  GObject parent_instance;
  char *path;
  HeddleStoreNotifier *notifier; /* of the thread */
  HeddleStoreThread *thread;
  GMutex lock;
  GHashTable *recording; /* id of a run that is recorded → HeddleDurability; guarded by the lock */
};

/* A task of the caller for heddle_store_thread_call_task; data is freed with it. */
GTask *heddle_store_new_task (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag, gpointer data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

/* What begin_run needs to know of a run. */
typedef struct
{
  const char *id;
  const char *workflow;
  const char *name;
  const char *source;
  gint64 started;         /* µs since the epoch */
  const char *started_by; /* or NULL */
  const char *options;    /* JSON text, or NULL */
  const char *parent;     /* or NULL */
} HeddleRunHead;

void heddle_store_record_run (HeddleStore *self, const HeddleRunHead *head, HeddleDurability durability);
/* Events of the run are recorded from now on. */
void heddle_store_expect_events (HeddleStore *self, const char *run, HeddleDurability durability);
void heddle_store_record_events (HeddleStore *self, const char *run, GPtrArray *events);

/* "variable-changed"; on the thread. */
void heddle_store_tell_variable (HeddleStoreNotifier *notifier, const char *name);
/* On the thread, in a transaction: keeps the spans table up to date with one event. */
gboolean heddle_store_write_span (HeddleDatabase *database, gint64 run, HeddleEvent *event, GError **error);
/* On the thread: as heddle_store_load_workflow (). */
HeddleWorkflowInfo *heddle_store_read_workflow (HeddleDatabase *database, const char *id_or_name, JsonNode **journal, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Columns of a run r for heddle_store_read_run (), the first is its key. */
#define HEDDLE_RUN_COLUMNS "SELECT r.key, r.id, r.workflow, r.name, r.state, r.started, r.duration, r.tokens, r.summary, r.cost, r.cost_unknown, r.started_by, " \
                           "r.parent, r.n_questions, r.n_doubts, r.lease "
#define HEDDLE_RUN_N_COLUMNS 16
/* These five on the thread. */
HeddleRunInfo *heddle_store_read_run (HeddleStoreThread *thread, sqlite3_stmt *stmt) G_GNUC_WARN_UNUSED_RESULT;
/* Fills all of found but its events from the run with this id or the only one it is the start of; returns its key, or 0 with error. */
gint64 heddle_store_find_run (HeddleStoreThread *thread, const char *id, HeddleStoredRun *found, GError **error);
/* Its events after the one with this number, at most so many. */
GPtrArray *heddle_store_read_events (HeddleStoreThread *thread, gint64 run, guint64 after, guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of one scope and of all within it. */
GPtrArray *heddle_store_read_scope (HeddleStoreThread *thread, gint64 run, const char *scope, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In a transaction, when the event that ends it is there: what was under way is not any more, and what a person has to say is counted. */
gboolean heddle_store_interrupt_run (HeddleDatabase *database, gint64 run, GError **error);
/* The same with that event. */
gboolean heddle_store_end_run (HeddleDatabase *database, gint64 run, GError **error);
/* Same: keeps the questions that are open up to date with one event. */
gboolean heddle_store_write_question (HeddleDatabase *database, gint64 run, HeddleEvent *event, GError **error);
/* On the thread: runs whose process is gone become interrupted. */
gboolean heddle_store_recover_runs (HeddleStoreThread *thread, GError **error);
/* Of a row of blobs: nothing refers to it any more. */
#define HEDDLE_UNUSED_BLOB "NOT EXISTS (SELECT 1 FROM run_blobs WHERE blob = blobs.id)"
/* On the thread, in a transaction: removes runs of the workflow beyond what it keeps. source: id of the text that says how much. */
gboolean heddle_store_trim_runs (HeddleDatabase *database, const char *workflow, gint64 source, GError **error);
/* The same for all workflows, in a transaction of its own. */
gboolean heddle_store_trim_all (HeddleStoreThread *thread, GError **error);
/* On the thread, in a transaction: remove what nothing needs any more. */
gboolean heddle_store_sweep_sources (HeddleDatabase *database, GError **error);
gboolean heddle_store_sweep_blobs (HeddleDatabase *database, GError **error);
/*
 * On the thread, in the transaction of a save: what the journal has of the workflow, also what still waits, becomes history. changed: the text is
 * another than before. label: of the last edit, or as it was.
 */
gboolean heddle_store_take_journal (HeddleStoreThread *thread, const char *workflow, gboolean changed, char **label, GError **error);
/* On the thread: whether no other program has the workflow open; else HEDDLE_ERROR_BUSY. */
gboolean heddle_store_may_edit (HeddleStoreThread *thread, const char *workflow, GError **error);
/* Whether a record is an edit of this workflow (const char *). */
gboolean heddle_store_is_journal_of (HeddleStoreRecord *record, gconstpointer workflow);

/* Copy of a text column; NULL for NULL. */
char *heddle_store_dup_column (sqlite3_stmt *stmt, int column) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
