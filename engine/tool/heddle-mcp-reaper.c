/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-reaper.h"

#include <signal.h>

/* How long a process may take to end, each time it is told more clearly. */
#define GRACE_MS 2000
#define POLL_MS 10

struct _HeddleMcpReaper
{
  gatomicrefcount ref_count;
  GMutex lock;
  GCond idle;
  guint n_busy; /* guarded by the lock */
};

typedef struct
{
  HeddleMcpReaper *reaper;
  void (*func) (gpointer data);
  gpointer data;
} Job;

HeddleMcpReaper *
heddle_mcp_reaper_new (void)
{
  HeddleMcpReaper *self = g_new0 (HeddleMcpReaper, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->idle);
  return self;
}

HeddleMcpReaper *
heddle_mcp_reaper_ref (HeddleMcpReaper *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heddle_mcp_reaper_unref (HeddleMcpReaper *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->idle);
  g_free (self);
}

static void
job_done (HeddleMcpReaper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->n_busy--;
  g_cond_broadcast (&self->idle);
}

static gpointer
job_thread (gpointer data)
{
  g_autofree Job *job = data;
  g_autoptr (HeddleMcpReaper) self = job->reaper;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  job->func (job->data);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  job_done (self);
  return NULL;
}

void
heddle_mcp_reaper_push (HeddleMcpReaper *self, void (*func) (gpointer data), gpointer data)
{
  Job *job = g_new (Job, 1);

  job->reaper = heddle_mcp_reaper_ref (self);
  job->func = func;
  job->data = data;
  g_mutex_lock (&self->lock);
  self->n_busy++;
  g_mutex_unlock (&self->lock);
  g_thread_unref (g_thread_new ("heddle-mcp-end", job_thread, job));
}

void
heddle_mcp_reaper_wait (HeddleMcpReaper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (self->n_busy > 0)
    g_cond_wait (&self->idle, &self->lock);
}

typedef struct
{
  GSubprocess *process;
  GMainLoop *loop;
  gboolean ended;
} Wait;

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  wait->ended = g_subprocess_wait_finish (wait->process, result, NULL);
  g_main_loop_quit (wait->loop);
}

static gboolean
cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static gboolean
wait_for_end (GSubprocess *process)
{
  GMainContext *context = g_main_context_get_thread_default ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (GSource) timer = g_timeout_source_new (GRACE_MS);
  Wait wait = { process, loop, FALSE };

  g_source_set_callback (timer, cancel_cb, cancellable, NULL);
  g_source_attach (timer, context);
  g_subprocess_wait_async (process, cancellable, ended_cb, &wait);
  g_main_loop_run (loop);
  g_source_destroy (timer);
  return wait.ended;
}

/* A process and those it started itself, which belong to its group and end with it. */
typedef struct
{
  GSubprocess *process;
  pid_t group;
} Family;

static void
end_family (gpointer data)
{
  g_autofree Family *family = data;
  g_autoptr (GSubprocess) process = family->process;

  if (!wait_for_end (process) && kill (-family->group, SIGTERM) == 0 && !wait_for_end (process))
    {
      kill (-family->group, SIGKILL);
      wait_for_end (process);
    }
  /* Those that it left behind. */
  if (kill (-family->group, SIGTERM) != 0)
    return;
  for (guint i = 0; i < GRACE_MS / POLL_MS && kill (-family->group, 0) == 0; i++)
    g_usleep (POLL_MS * 1000);
  kill (-family->group, SIGKILL);
}

void
heddle_mcp_reaper_take_process (HeddleMcpReaper *self, GSubprocess *process, pid_t group)
{
  Family *family;

  if (group == 0)
    {
      g_object_unref (process);
      return;
    }
  family = g_new (Family, 1);
  family->process = process;
  family->group = group;
  heddle_mcp_reaper_push (self, end_family, family);
}
