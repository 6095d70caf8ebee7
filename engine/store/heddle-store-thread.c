/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-thread.h"

/* A group is written when it is this old or this large. */
#define GROUP_INTERVAL_US (5 * 1000)
#define GROUP_EVENTS 256
/* How soon a group that could not be written is tried again. */
#define RETRY_INTERVAL_US G_USEC_PER_SEC

typedef struct
{
  HeddleStoreFunc func;
  gpointer data;
  gboolean alone; /* nobody waits; or */
  GTask *task;    /* or, for a caller that waits: */
  gpointer result;
  GError *error;
  gboolean done; /* guarded by the thread's lock */
  GDestroyNotify free_result;
} Call;

typedef struct
{
  HeddleStoreRecord *record; /* or */
  Call *call;
} Job;

struct _HeddleStoreThread
{
  GThread *thread;
  GMutex lock;
  GCond wake;
  GCond answered;
  GArray *jobs; /* of Job; these five are guarded by the lock */
  guint n_events;
  gint64 oldest; /* when the first record came; monotonic; 0: there is none */
  gboolean urgent;
  gboolean stopping;

  /* Of the thread alone. */
  HeddleDatabase *database;
  HeddleLease *lease;
  GQueue waiting;  /* of HeddleStoreRecord* that are not written yet */
  gint64 retry_at; /* monotonic; 0: the last group was written */
  char *failure;   /* what was told last */
  gboolean detached;
  HeddleStoreFailed failed;
  gpointer user_data;
  GDestroyNotify destroy;
};

HeddleDatabase *
heddle_store_thread_get_database (HeddleStoreThread *self)
{
  g_assert (g_thread_self () == self->thread);

  return self->database;
}

HeddleLease *
heddle_store_thread_get_lease (HeddleStoreThread *self)
{
  g_assert (g_thread_self () == self->thread);

  return self->lease;
}

gboolean
heddle_store_thread_is_behind (HeddleStoreThread *self)
{
  g_assert (g_thread_self () == self->thread);

  return !g_queue_is_empty (&self->waiting);
}

const GList *
heddle_store_thread_peek_waiting (HeddleStoreThread *self)
{
  g_assert (g_thread_self () == self->thread);

  return self->waiting.head;
}

static void
record_free (HeddleStoreRecord *record)
{
  record->free (record);
}

void
heddle_store_thread_forget (HeddleStoreThread *self,
                            gboolean (*match) (HeddleStoreRecord *record, gconstpointer data),
                            gconstpointer data)
{
  g_assert (g_thread_self () == self->thread);

  for (GList *link = self->waiting.head, *next; link != NULL; link = next)
    {
      next = link->next;
      if (!match (link->data, data))
        continue;
      record_free (link->data);
      g_queue_delete_link (&self->waiting, link);
    }
}

/* A record that the schema refuses would be refused for ever and must not hold up the others. */
static gboolean
is_hopeless (HeddleStoreThread *self)
{
  int result = sqlite3_errcode (heddle_database_get_handle (self->database)) & 0xff;

  return result == SQLITE_CONSTRAINT || result == SQLITE_MISMATCH || result == SQLITE_TOOBIG;
}

static gboolean
write_record (HeddleStoreThread *self,
              HeddleStoreRecord *record,
              GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (record->write (self, record, &local_error))
    return TRUE;
  if (is_hopeless (self))
    {
      g_warning ("A record was left out: %s", local_error->message);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
write_group (HeddleStoreThread *self,
             gboolean full,
             GError **error)
{
  const char *pragma = full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";

  if (!heddle_database_exec (self->database, pragma, error) || !heddle_database_begin (self->database, error))
    return FALSE;
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    {
      if (!write_record (self, link->data, error))
        return FALSE;
    }
  return heddle_database_commit (self->database, error);
}

static void
tell_failure (HeddleStoreThread *self,
              const GError *error)
{
  self->retry_at = g_get_monotonic_time () + RETRY_INTERVAL_US;
  if (g_strcmp0 (self->failure, error->message) == 0)
    return;
  g_free (self->failure);
  self->failure = g_strdup (error->message);
  self->failed (error, self->user_data);
}

static void
end_group (HeddleStoreThread *self)
{
  HeddleStoreRecord *record;

  while ((record = g_queue_pop_head (&self->waiting)) != NULL)
    {
      if (record->written != NULL)
        record->written (record);
      record_free (record);
    }
  if (self->failure != NULL)
    self->failed (NULL, self->user_data);
  g_clear_pointer (&self->failure, g_free);
}

/* All that waits goes into one transaction; on failure all of it stays. */
static void
write_waiting (HeddleStoreThread *self)
{
  g_autoptr (GError) error = NULL;
  gboolean full = FALSE;

  if (g_queue_is_empty (&self->waiting))
    return;
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    full |= ((HeddleStoreRecord *) link->data)->full;

  if (!write_group (self, full, &error))
    {
      heddle_database_rollback (self->database);
      tell_failure (self, error);
      return;
    }
  end_group (self);
  self->retry_at = 0;
}

static void
answer_task (HeddleStoreThread *self,
             Call *call)
{
  g_autoptr (GTask) task = g_steal_pointer (&call->task);
  GError *error = NULL;
  gpointer result;

  if (!g_task_return_error_if_cancelled (task))
    {
      result = call->func (self, g_task_get_task_data (task), &error);
      if (result != NULL)
        g_task_return_pointer (task, result, call->free_result);
      else
        g_task_return_error (task, error);
    }
  g_free (call);
}

static void
do_alone (HeddleStoreThread *self,
          Call *call)
{
  g_autoptr (GError) error = NULL;

  if (call->func (self, NULL, &error) == NULL)
    g_info ("%s", error->message);
  g_free (call);
}

static void
answer (HeddleStoreThread *self,
        Call *call)
{
  if (call->alone)
    {
      do_alone (self, call);
      return;
    }
  if (call->task != NULL)
    {
      answer_task (self, call);
      return;
    }
  call->result = call->func (self, call->data, &call->error);
  g_mutex_lock (&self->lock);
  call->done = TRUE;
  g_cond_broadcast (&self->answered);
  g_mutex_unlock (&self->lock);
}

static void
work (HeddleStoreThread *self,
      GArray *jobs,
      gboolean stopping)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      Job *job = &g_array_index (jobs, Job, i);

      if (job->record != NULL)
        {
          g_queue_push_tail (&self->waiting, job->record);
          continue;
        }
      write_waiting (self);
      answer (self, job->call);
    }
  if (stopping || g_get_monotonic_time () >= self->retry_at)
    write_waiting (self);
}

/* 0: nothing to do until somebody calls. */
static gint64
next_deadline (HeddleStoreThread *self)
{
  gint64 group = self->oldest == 0 ? 0 : self->oldest + GROUP_INTERVAL_US;

  if (group != 0 && self->retry_at != 0)
    return MIN (group, self->retry_at);
  return MAX (group, self->retry_at);
}

/* Sleeps until there is work and takes it. */
static GArray *
take_jobs (HeddleStoreThread *self,
           gboolean *stopping)
{
  GArray *jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  GArray *taken;
  gboolean late = FALSE;

  g_mutex_lock (&self->lock);
  while (!late && !self->urgent && !self->stopping && self->n_events < GROUP_EVENTS)
    {
      gint64 deadline = next_deadline (self);

      if (deadline == 0)
        g_cond_wait (&self->wake, &self->lock);
      else
        late = !g_cond_wait_until (&self->wake, &self->lock, deadline);
    }
  taken = g_steal_pointer (&self->jobs);
  self->jobs = jobs;
  self->n_events = 0;
  self->oldest = 0;
  self->urgent = FALSE;
  *stopping = self->stopping;
  g_mutex_unlock (&self->lock);
  return taken;
}

static void
store_thread_free (HeddleStoreThread *self)
{
  if (!g_queue_is_empty (&self->waiting))
    g_info ("%u records could not be written: %s", self->waiting.length, self->failure);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) record_free);
  g_clear_pointer (&self->database, heddle_database_close);
  g_clear_pointer (&self->lease, heddle_lease_free);
  self->destroy (self->user_data);
  g_array_unref (self->jobs);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  g_cond_clear (&self->answered);
  g_free (self->failure);
  g_free (self);
}

static gpointer
store_thread (gpointer data)
{
  HeddleStoreThread *self = data;
  gboolean stopping = FALSE;

  while (!stopping)
    {
      g_autoptr (GArray) jobs = take_jobs (self, &stopping);

      work (self, jobs, stopping);
    }
  if (self->detached)
    {
      g_thread_unref (self->thread);
      store_thread_free (self);
    }
  return NULL;
}

HeddleStoreThread *
heddle_store_thread_new (const char *path,
                         HeddleStoreFailed failed,
                         gpointer user_data,
                         GDestroyNotify destroy,
                         GError **error)
{
  g_autoptr (HeddleDatabase) database = heddle_database_open (path, error);
  HeddleLease *lease = database == NULL ? NULL : heddle_lease_new (path, error);
  HeddleStoreThread *self;

  if (lease == NULL)
    {
      destroy (user_data);
      return NULL;
    }
  self = g_new0 (HeddleStoreThread, 1);
  self->database = g_steal_pointer (&database);
  self->lease = lease;
  self->jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  self->failed = failed;
  self->user_data = user_data;
  self->destroy = destroy;
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  g_cond_init (&self->answered);
  g_queue_init (&self->waiting);
  g_mutex_lock (&self->lock); /* so that it sees itself in self->thread */
  self->thread = g_thread_new ("heddle-store", store_thread, self);
  g_mutex_unlock (&self->lock);
  return self;
}

/* The last reference to a store may go on its own thread, with the task it has just answered. */
void
heddle_store_thread_stop (HeddleStoreThread *self)
{
  gboolean inside = g_thread_self () == self->thread;

  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  self->detached = inside;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  if (inside)
    return;
  g_thread_join (self->thread);
  store_thread_free (self);
}

void
heddle_store_thread_push (HeddleStoreThread *self,
                          HeddleStoreRecord *record)
{
  Job job = { .record = record };
  gboolean first;

  g_mutex_lock (&self->lock);
  first = self->oldest == 0;
  if (first)
    self->oldest = g_get_monotonic_time ();
  g_array_append_val (self->jobs, job);
  self->n_events += record->n_events;
  self->urgent |= record->written != NULL;
  if (first || self->urgent || self->n_events >= GROUP_EVENTS)
    g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

static void
push_call (HeddleStoreThread *self,
           Call *call)
{
  Job job = { .call = call };

  g_array_append_val (self->jobs, job);
  self->urgent = TRUE;
  g_cond_signal (&self->wake);
}

gpointer
heddle_store_thread_call (HeddleStoreThread *self,
                          HeddleStoreFunc func,
                          gpointer data,
                          GError **error)
{
  Call call = { .func = func, .data = data };

  g_assert (g_thread_self () != self->thread);

  g_mutex_lock (&self->lock);
  push_call (self, &call);
  while (!call.done)
    g_cond_wait (&self->answered, &self->lock);
  g_mutex_unlock (&self->lock);
  if (call.error != NULL)
    g_propagate_error (error, call.error);
  return call.result;
}

void
heddle_store_thread_call_task (HeddleStoreThread *self,
                               HeddleStoreFunc func,
                               GTask *task,
                               GDestroyNotify free_result)
{
  Call *call = g_new0 (Call, 1);

  call->func = func;
  call->task = task;
  call->free_result = free_result;
  g_mutex_lock (&self->lock);
  push_call (self, call);
  g_mutex_unlock (&self->lock);
}

void
heddle_store_thread_do (HeddleStoreThread *self,
                        HeddleStoreFunc func)
{
  Call *call = g_new0 (Call, 1);

  call->func = func;
  call->alone = TRUE;
  g_mutex_lock (&self->lock);
  push_call (self, call);
  g_mutex_unlock (&self->lock);
}
