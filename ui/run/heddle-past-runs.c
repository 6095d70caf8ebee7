/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-past-runs.h"

#include "run/heddle-store-watch.h"

#define MAX_RUNS 200

struct _HeddlePastRuns
{
  GObject parent_instance;

  HeddleStore *store;
  char *workflow;
  GPtrArray *runs;           /* HeddleRunInfo, newest first */
  GPtrArray *interrupted;    /* those of runs */
  GCancellable *cancellable; /* of the listing under way */
  GError *error;             /* of the last one, or NULL */
  HeddleStoreWatch *watch;   /* while somebody watches */
  guint n_watching;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddlePastRuns, heddle_past_runs, G_TYPE_OBJECT)

static void
take_runs (HeddlePastRuns *self,
           GPtrArray *runs)
{
  g_ptr_array_set_size (self->interrupted, 0);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  self->runs = runs;
  for (guint i = 0; i < runs->len; i++)
    {
      HeddleRunInfo *info = g_ptr_array_index (runs, i);

      if (info->state == HEDDLE_RUN_INTERRUPTED)
        g_ptr_array_add (self->interrupted, info);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddlePastRuns) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *runs = heddle_store_list_runs_finish (HEDDLE_STORE (object), result, &error);

  if (runs == NULL && heddle_error_is_cancelled (error))
    return;
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  take_runs (self, runs != NULL ? runs : g_ptr_array_new ());
}

void
heddle_past_runs_refresh (HeddlePastRuns *self)
{
  g_return_if_fail (HEDDLE_IS_PAST_RUNS (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->store == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  heddle_store_list_runs_async (self->store, self->workflow, MAX_RUNS, self->cancellable, listed_cb, g_object_ref (self));
}

void
heddle_past_runs_watch (HeddlePastRuns *self)
{
  g_return_if_fail (HEDDLE_IS_PAST_RUNS (self));

  if (self->n_watching++ > 0 || self->store == NULL)
    return;
  self->watch = heddle_store_watch_new (self->store, (HeddleStoreWatchFunc) heddle_past_runs_refresh, self);
  heddle_past_runs_refresh (self);
}

void
heddle_past_runs_unwatch (HeddlePastRuns *self)
{
  g_return_if_fail (HEDDLE_IS_PAST_RUNS (self));
  g_return_if_fail (self->n_watching > 0);

  if (--self->n_watching > 0)
    return;
  g_clear_pointer (&self->watch, heddle_store_watch_free);
}

GPtrArray *
heddle_past_runs_list (HeddlePastRuns *self)
{
  g_return_val_if_fail (HEDDLE_IS_PAST_RUNS (self), NULL);

  return self->runs;
}

const GError *
heddle_past_runs_get_error (HeddlePastRuns *self)
{
  g_return_val_if_fail (HEDDLE_IS_PAST_RUNS (self), NULL);

  return self->error;
}

const HeddleRunInfo *
heddle_past_runs_get_latest (HeddlePastRuns *self)
{
  g_return_val_if_fail (HEDDLE_IS_PAST_RUNS (self), NULL);

  return self->runs->len > 0 ? g_ptr_array_index (self->runs, 0) : NULL;
}

const HeddleRunInfo *
heddle_past_runs_find (HeddlePastRuns *self,
                       const char *run)
{
  g_return_val_if_fail (HEDDLE_IS_PAST_RUNS (self), NULL);

  for (guint i = 0; i < self->runs->len; i++)
    {
      const HeddleRunInfo *info = g_ptr_array_index (self->runs, i);

      if (g_strcmp0 (info->id, run) == 0)
        return info;
    }
  return NULL;
}

GPtrArray *
heddle_past_runs_get_interrupted (HeddlePastRuns *self)
{
  g_return_val_if_fail (HEDDLE_IS_PAST_RUNS (self), NULL);

  return self->interrupted;
}

HeddlePastRuns *
heddle_past_runs_new (HeddleStore *store,
                      const char *workflow)
{
  HeddlePastRuns *self = g_object_new (HEDDLE_TYPE_PAST_RUNS, NULL);

  g_set_object (&self->store, store);
  self->workflow = g_strdup (workflow);
  heddle_past_runs_refresh (self);
  return self;
}

static void
heddle_past_runs_dispose (GObject *object)
{
  HeddlePastRuns *self = HEDDLE_PAST_RUNS (object);

  g_clear_pointer (&self->watch, heddle_store_watch_free);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (heddle_past_runs_parent_class)->dispose (object);
}

static void
heddle_past_runs_finalize (GObject *object)
{
  HeddlePastRuns *self = HEDDLE_PAST_RUNS (object);

  g_clear_error (&self->error);
  g_ptr_array_unref (self->interrupted);
  g_ptr_array_unref (self->runs);
  g_free (self->workflow);
  G_OBJECT_CLASS (heddle_past_runs_parent_class)->finalize (object);
}

static void
heddle_past_runs_class_init (HeddlePastRunsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_past_runs_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_past_runs_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_past_runs_init (HeddlePastRuns *self)
{
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_run_info_free);
  self->interrupted = g_ptr_array_new ();
}
