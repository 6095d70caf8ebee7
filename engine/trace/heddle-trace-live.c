/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

/* The trace may go while events are on their way. */
static GWeakRef *
weak_ref_new (gpointer object)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, object);
  return ref;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
events_cb (HeddleRun *run,
           GPtrArray *events,
           gpointer user_data)
{
  g_autoptr (HeddleTrace) self = g_weak_ref_get (user_data);

  if (self != NULL)
    heddle_trace_apply (self, events);
}

HeddleTrace *
heddle_trace_new_live (HeddleRun *run,
                       guint interval_ms)
{
  HeddleTrace *self;

  g_return_val_if_fail (HEDDLE_IS_RUN (run), NULL);

  self = heddle_trace_new (heddle_run_get_id (run), heddle_run_get_started (run));
  self->run = g_object_ref (run);
  /* Known before the first event, so that whoever shows the trace at once has something to show. */
  g_free (self->root->name);
  self->root->name = g_strdup (heddle_plan_get_name (heddle_run_get_plan (run)));
  self->subscription = heddle_run_subscribe (run, NULL, interval_ms, events_cb, weak_ref_new (self), weak_ref_free);
  return self;
}
