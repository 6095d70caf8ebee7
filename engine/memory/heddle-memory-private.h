/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "memory/heddle-memory-rows.h"
#include "net/heddle-http.h"
#include "store/heddle-store-lease.h"

G_BEGIN_DECLS

/* What the thread works with; it alone, so that it may end after the object has. */
typedef struct
{
  GAsyncQueue *jobs;
  HeddleDatabase *database;
  HeddleLease *lease;
  GHashTable *counted;     /* gint64*: lessons in n_pending */
  GHashTable *passed_over; /* gint64*: lessons that failed since the last one came */
  guint n_running;         /* extractions */
  HeddleMemory *waits;     /* a reference while a lesson waits for another process, else NULL */
} HeddleMemoryWorker;

struct _HeddleMemory
{
  GObject parent_instance;

  HeddleModels *models;
  GMainContext *context; /* of the creator */
  GAsyncQueue *jobs;
  GThread *thread; /* NULL after shutdown */

  GMutex lock; /* guards what follows */
  GCond settled;
  guint n_pending;
  gboolean is_closed;
  gboolean resumes; /* when there is a network */
  GMainContext *network;
  HeddleHttp *http;
  GCancellable *cancellable; /* of the requests on network */
};

/* Work for the thread. data is destroyed there; at once, and FALSE, after shutdown. */
typedef void (*HeddleMemoryJob) (HeddleMemory *self, HeddleMemoryWorker *worker, gpointer data);
gboolean heddle_memory_push (HeddleMemory *self, HeddleMemoryJob func, gpointer data, GDestroyNotify destroy);

/* Work for a task (taken), with its task data; the result is the task's. changes: in a transaction, followed by "changed". */
typedef gpointer (*HeddleMemoryWork) (HeddleDatabase *database, gpointer request, GError **error);
void heddle_memory_call (HeddleMemory *self, GTask *task, HeddleMemoryWork work, GDestroyNotify free_result, gboolean changes);

/* From any thread. */
void heddle_memory_emit_changed (HeddleMemory *self);
/* Begins what can be begun. On the thread. */
void heddle_memory_pump (HeddleMemory *self, HeddleMemoryWorker *worker);
/* How many lessons there are to wait for changed by so many. Any thread. */
void heddle_memory_count (HeddleMemory *self, gint change);

G_END_DECLS
