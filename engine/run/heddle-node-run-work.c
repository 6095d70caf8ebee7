/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-run-private.h"

#include "heddle-error.h"

/* One piece of work on its way to the pool and back. */
typedef struct
{
  HeddleNodeRun *node_run;
  GMainContext *context;
  GCancellable *cancellable;
  HeddleWorkFunc func;
  gpointer data;
  GDestroyNotify destroy;
  HeddleWorkDone done;
  gpointer result;
  GError *error;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->destroy != NULL)
    work->destroy (work->data);
  g_clear_error (&work->error);
  heddle_node_run_unref (work->node_run);
  g_free (work);
}

static gboolean
done_cb (gpointer data)
{
  Work *work = data;

  work->done (work->node_run, work->result, work->error, work->data);
  return G_SOURCE_REMOVE;
}

static void
work_thread (gpointer data)
{
  Work *work = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  if (!g_cancellable_set_error_if_cancelled (work->cancellable, &work->error))
    work->result = work->func (work->data, work->cancellable, &work->error);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "heddle-work-done");
  g_source_set_callback (source, done_cb, work, work_free);
  g_source_attach (source, work->context);
}

void
heddle_node_run_in_thread (HeddleNodeRun *self, HeddleWorkFunc func, gpointer data, GDestroyNotify destroy, HeddleWorkDone done)
{
  Work *work;

  g_return_if_fail (self != NULL && func != NULL && done != NULL);

  work = g_new0 (Work, 1);
  work->node_run = heddle_node_run_ref (self);
  work->context = self->core->context;
  work->cancellable = self->cancellable;
  work->func = func;
  work->data = data;
  work->destroy = destroy;
  work->done = done;
  heddle_engine_core_push (self->core, work_thread, work);
}
