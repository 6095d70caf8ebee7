/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-database.h"
#include "store/heddle-store-lease.h"

G_BEGIN_DECLS

/*
 * The thread that owns the store's connection. It is handed records, which it writes in groups,
 * and calls, which it answers after everything handed over before them is written.
 */
typedef struct _HeddleStoreThread HeddleStoreThread;
typedef struct _HeddleStoreRecord HeddleStoreRecord;

/* A write nobody waits for; the first member of a larger struct. */
struct _HeddleStoreRecord
{
  /* On the thread, in a transaction; called again after a failure, so it must not change the record. */
  gboolean (*write) (HeddleStoreThread *thread, HeddleStoreRecord *record, GError **error);
  void (*free) (HeddleStoreRecord *record);
  guint n_events;
  gboolean full; /* on the disk, not only with the kernel, before the next group */
  /* Somebody waits: it is written at once, and this is called on the thread when it is; or NULL. */
  void (*written) (HeddleStoreRecord *record);
};

/* On the thread, outside a transaction. NULL means error is set. */
typedef gpointer (*HeddleStoreFunc) (HeddleStoreThread *thread, gpointer data, GError **error);
/* On the thread, when a group could not be written, which is kept and tried again; with NULL when writing works again. */
typedef void (*HeddleStoreFailed) (const GError *error, gpointer user_data);

/* user_data is destroyed with the thread, also on error. */
HeddleStoreThread *heddle_store_thread_new (const char *path, HeddleStoreFailed failed, gpointer user_data, GDestroyNotify destroy, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what is left and ends the thread. */
void heddle_store_thread_stop (HeddleStoreThread *self);

/* Takes the record. Any thread, never blocks. */
void heddle_store_thread_push (HeddleStoreThread *self, HeddleStoreRecord *record);
/* Blocks for the answer. Any other thread. */
gpointer heddle_store_thread_call (HeddleStoreThread *self, HeddleStoreFunc func, gpointer data, GError **error);
/* Answers with the task (data: its task data), whose result free_result frees. Takes the task. */
void heddle_store_thread_call_task (HeddleStoreThread *self, HeddleStoreFunc func, GTask *task, GDestroyNotify free_result);
/* Nobody waits for it. */
void heddle_store_thread_do (HeddleStoreThread *self, HeddleStoreFunc func);

/* For functions on the thread. */
HeddleDatabase *heddle_store_thread_get_database (HeddleStoreThread *self);
HeddleLease *heddle_store_thread_get_lease (HeddleStoreThread *self);
/* Whether records wait because they could not be written. */
gboolean heddle_store_thread_is_behind (HeddleStoreThread *self);
/* Those (HeddleStoreRecord *), oldest first. Borrowed, until the next call that writes or forgets. */
const GList *heddle_store_thread_peek_waiting (HeddleStoreThread *self);
/* Forgets waiting records for which match returns TRUE. */
void heddle_store_thread_forget (HeddleStoreThread *self, gboolean (*match) (HeddleStoreRecord *record, gconstpointer data), gconstpointer data);

G_END_DECLS
