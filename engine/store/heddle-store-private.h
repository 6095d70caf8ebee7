/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store-thread.h"
#include "store/heddle-store.h"

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
} HeddleRunHead;

void heddle_store_record_run (HeddleStore *self, const HeddleRunHead *head, HeddleDurability durability);
void heddle_store_record_events (HeddleStore *self, const char *run, GPtrArray *events);

/* "variable-changed"; on the thread. */
void heddle_store_tell_variable (HeddleStoreNotifier *notifier, const char *name);
/* On the thread, in a transaction: keeps the spans table up to date with one event. */
gboolean heddle_store_write_span (HeddleDatabase *database, gint64 run, HeddleEvent *event, GError **error);
/* On the thread: runs whose process is gone become interrupted. */
gboolean heddle_store_recover_runs (HeddleStoreThread *thread, GError **error);
/* On the thread, in a transaction: remove what nothing needs any more. */
gboolean heddle_store_sweep_sources (HeddleDatabase *database, GError **error);
gboolean heddle_store_sweep_blobs (HeddleDatabase *database, GError **error);
/* Whether a record is an edit of this workflow (const char *). */
gboolean heddle_store_is_journal_of (HeddleStoreRecord *record, gconstpointer workflow);

/* Copy of a text column; NULL for NULL. */
char *heddle_store_dup_column (sqlite3_stmt *stmt, int column) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
