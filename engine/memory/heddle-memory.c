/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "memory/heddle-memory-recall.h"

/* How often a lesson that waits for another process is looked at. */
#define POLL_US 100000

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleMemory, heddle_memory, G_TYPE_OBJECT)

typedef struct
{
  HeddleMemory *self; /* NULL: the thread ends */
  HeddleMemoryJob func;
  gpointer data;
  GDestroyNotify destroy;
} Job;

static void
job_run (Job *job,
         HeddleMemoryWorker *worker)
{
  job->func (job->self, worker, job->data);
  if (job->destroy != NULL)
    job->destroy (job->data);
  g_object_unref (job->self);
  g_free (job);
}

static void
worker_free (HeddleMemoryWorker *worker)
{
  g_clear_object (&worker->waits);
  g_hash_table_unref (worker->counted);
  g_hash_table_unref (worker->passed_over);
  heddle_database_close (worker->database);
  heddle_lease_free (worker->lease);
  g_async_queue_unref (worker->jobs);
  g_free (worker);
}

static void
poll_queue (HeddleMemoryWorker *worker)
{
  g_autoptr (HeddleMemory) self = g_steal_pointer (&worker->waits);

  heddle_memory_pump (self, worker);
}

static gpointer
worker_thread (gpointer data)
{
  HeddleMemoryWorker *worker = data;
  gboolean ends = FALSE;

  while (!ends)
    {
      Job *job = worker->waits != NULL ? g_async_queue_timeout_pop (worker->jobs, POLL_US) : g_async_queue_pop (worker->jobs);

      ends = job != NULL && job->self == NULL;
      if (job == NULL)
        poll_queue (worker);
      else if (!ends)
        job_run (job, worker);
      else
        g_free (job);
    }
  worker_free (worker);
  return NULL;
}

static HeddleMemoryWorker *
worker_new (const char *path,
            GError **error)
{
  g_autoptr (HeddleDatabase) database = heddle_database_open (path, error);
  HeddleLease *lease = database == NULL ? NULL : heddle_lease_new (path, error);
  HeddleMemoryWorker *worker;

  if (lease == NULL)
    return NULL;
  worker = g_new0 (HeddleMemoryWorker, 1);
  worker->database = g_steal_pointer (&database);
  worker->lease = lease;
  worker->jobs = g_async_queue_new ();
  worker->counted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  worker->passed_over = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return worker;
}

/* Behind the job that ends the thread there comes none. */
static gboolean
push_job (HeddleMemory *self,
          Job *job)
{
  gboolean is_open;

  g_mutex_lock (&self->lock);
  is_open = !self->is_closed;
  if (is_open)
    g_async_queue_push (self->jobs, job);
  g_mutex_unlock (&self->lock);
  return is_open;
}

gboolean
heddle_memory_push (HeddleMemory *self,
                    HeddleMemoryJob func,
                    gpointer data,
                    GDestroyNotify destroy)
{
  Job *job = g_new0 (Job, 1);

  job->self = g_object_ref (self);
  job->func = func;
  job->data = data;
  job->destroy = destroy;
  if (push_job (self, job))
    return TRUE;
  if (destroy != NULL)
    destroy (data);
  g_object_unref (self);
  g_free (job);
  return FALSE;
}

static gboolean
emit_changed_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

void
heddle_memory_emit_changed (HeddleMemory *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, emit_changed_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

/* One call of the public functions. */
typedef struct
{
  GTask *task;
  HeddleMemoryWork work;
  GDestroyNotify free_result;
  gboolean changes;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_object_unref (call->task);
  g_free (call);
}

static gpointer
call_work (const Call *call,
           HeddleDatabase *database,
           GError **error)
{
  gpointer request = g_task_get_task_data (call->task);
  g_autoptr (GError) local = NULL;
  gpointer result;

  if (!call->changes)
    return call->work (database, request, error);
  if (!heddle_database_begin (database, error))
    return NULL;
  result = call->work (database, request, &local);
  if (!heddle_memory_end (database, local == NULL, local == NULL ? &local : NULL) && result != NULL && call->free_result != NULL)
    call->free_result (g_steal_pointer (&result));
  if (local == NULL)
    return result;
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static void
call_job (HeddleMemory *self,
          HeddleMemoryWorker *worker,
          gpointer data)
{
  Call *call = data;
  GError *error = NULL;
  gpointer result;

  if (g_task_return_error_if_cancelled (call->task))
    return;
  result = call_work (call, worker->database, &error);
  if (error == NULL && call->changes)
    heddle_memory_emit_changed (self);
  if (error == NULL)
    g_task_return_pointer (call->task, result, call->free_result);
  else
    g_task_return_error (call->task, error);
}

void
heddle_memory_call (HeddleMemory *self,
                    GTask *task,
                    HeddleMemoryWork work,
                    GDestroyNotify free_result,
                    gboolean changes)
{
  Call *call = g_new0 (Call, 1);
  g_autoptr (GTask) kept = g_object_ref (task);

  call->task = task;
  call->work = work;
  call->free_result = free_result;
  call->changes = changes;
  if (!heddle_memory_push (self, call_job, call, call_free))
    g_task_return_new_error (kept, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("Heddle is closing."));
}

void
heddle_memory_count (HeddleMemory *self,
                     gint change)
{
  g_mutex_lock (&self->lock);
  self->n_pending += change;
  if (self->n_pending == 0)
    g_cond_broadcast (&self->settled);
  g_mutex_unlock (&self->lock);
}

guint
heddle_memory_get_n_pending (HeddleMemory *self)
{
  guint n_pending;

  g_return_val_if_fail (HEDDLE_IS_MEMORY (self), 0);

  g_mutex_lock (&self->lock);
  n_pending = self->n_pending;
  g_mutex_unlock (&self->lock);
  return n_pending;
}

gboolean
heddle_memory_wait (HeddleMemory *self,
                    guint timeout_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  gboolean is_settled;

  g_return_val_if_fail (HEDDLE_IS_MEMORY (self), TRUE);

  g_mutex_lock (&self->lock);
  while (self->n_pending > 0 && g_cond_wait_until (&self->settled, &self->lock, deadline))
    continue;
  is_settled = self->n_pending == 0;
  g_mutex_unlock (&self->lock);
  return is_settled;
}

void
heddle_memory_set_network (HeddleMemory *self,
                           GMainContext *context,
                           HeddleHttp *http)
{
  g_autoptr (GCancellable) ended = NULL;
  gboolean resumes;

  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail ((context == NULL) == (http == NULL));

  g_mutex_lock (&self->lock);
  ended = g_steal_pointer (&self->cancellable);
  g_clear_pointer (&self->network, g_main_context_unref);
  g_clear_pointer (&self->http, heddle_http_unref);
  self->network = context != NULL ? g_main_context_ref (context) : NULL;
  self->http = http != NULL ? heddle_http_ref (http) : NULL;
  self->cancellable = g_cancellable_new ();
  resumes = self->resumes && http != NULL;
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (ended);
  if (resumes)
    heddle_memory_resume (self);
}

static void
stop_thread (HeddleMemory *self)
{
  GThread *thread = g_steal_pointer (&self->thread);

  if (thread == NULL)
    return;
  g_async_queue_push (self->jobs, g_new0 (Job, 1));
  /* The last reference may have gone with a job of the thread itself, which then ends by itself. */
  if (thread == g_thread_self ())
    g_thread_unref (thread);
  else
    g_thread_join (thread);
}

void
heddle_memory_shutdown (HeddleMemory *self)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));

  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->lock);
  stop_thread (self);
}

static void
heddle_memory_finalize (GObject *object)
{
  HeddleMemory *self = HEDDLE_MEMORY (object);

  stop_thread (self);
  g_clear_pointer (&self->jobs, g_async_queue_unref);
  g_clear_pointer (&self->network, g_main_context_unref);
  g_clear_pointer (&self->http, heddle_http_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->models);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->settled);

  G_OBJECT_CLASS (heddle_memory_parent_class)->finalize (object);
}

static void
heddle_memory_class_init (HeddleMemoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_memory_finalize;

  signals[CHANGED] = g_signal_new ("changed", HEDDLE_TYPE_MEMORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_memory_init (HeddleMemory *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->settled);
}

HeddleMemory *
heddle_memory_new (const char *path,
                   HeddleModels *models,
                   GError **error)
{
  HeddleMemoryWorker *worker;
  HeddleMemory *self;

  g_return_val_if_fail (path != NULL, NULL);

  worker = worker_new (path, error);
  if (worker == NULL)
    return NULL;
  self = g_object_new (HEDDLE_TYPE_MEMORY, NULL);
  self->models = models != NULL ? g_object_ref (models) : NULL;
  self->jobs = g_async_queue_ref (worker->jobs);
  self->thread = g_thread_new ("heddle-memory", worker_thread, worker);
  return self;
}

typedef struct
{
  char **graphs;
  char *query;
  gsize max_chars;
} Recall;

static void
recall_free (gpointer data)
{
  Recall *recall = data;

  g_strfreev (recall->graphs);
  g_free (recall->query);
  g_free (recall);
}

static gpointer
recall_work (HeddleDatabase *database,
             gpointer request,
             GError **error)
{
  const Recall *recall = request;

  return heddle_memory_recall (database, (const char *const *) recall->graphs, recall->query, recall->max_chars, error);
}

void
heddle_memory_recall_async (HeddleMemory *self,
                            const char *const *graphs,
                            const char *query,
                            gsize max_chars,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;
  Recall *recall;

  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graphs != NULL && query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_memory_recall_async);
  recall = g_new0 (Recall, 1);
  recall->graphs = g_strdupv ((char **) graphs);
  recall->query = g_strdup (query);
  recall->max_chars = max_chars;
  g_task_set_task_data (task, recall, recall_free);
  heddle_memory_call (self, task, recall_work, g_free, FALSE);
}

char *
heddle_memory_recall_finish (HeddleMemory *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
