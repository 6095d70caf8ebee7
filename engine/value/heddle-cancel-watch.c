/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-cancel-watch.h"

struct _HeddleCancelWatch
{
  GCancellable *cancellable;
  GSource *source;
  gulong handler; /* 0: it was cancelled before */
  void (*func) (gpointer data);
  gpointer data;
};

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  g_source_set_ready_time (source, -1);
  return callback (data);
}

static gboolean
tell_cb (gpointer data)
{
  const HeddleCancelWatch *self = data;

  self->func (self->data);
  return G_SOURCE_REMOVE;
}

static void
wake_cb (GCancellable *cancellable, gpointer source)
{
  g_source_set_ready_time (source, 0);
}

HeddleCancelWatch *
heddle_cancel_watch_new (GCancellable *cancellable, GMainContext *context, void (*func) (gpointer data), gpointer data)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  HeddleCancelWatch *self;

  g_return_val_if_fail (func != NULL, NULL);

  if (cancellable == NULL)
    return NULL;
  self = g_new0 (HeddleCancelWatch, 1);
  self->cancellable = g_object_ref (cancellable);
  self->func = func;
  self->data = data;
  self->source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "heddle-cancel");
  g_source_set_priority (self->source, G_PRIORITY_HIGH);
  g_source_set_callback (self->source, tell_cb, self, NULL);
  g_source_attach (self->source, context != NULL ? context : g_main_context_get_thread_default ());
  /* The handler has a reference of its own: it may be under way in another thread when the watch goes. */
  self->handler = g_cancellable_connect (cancellable, G_CALLBACK (wake_cb), g_source_ref (self->source), (GDestroyNotify) g_source_unref);
  return self;
}

void
heddle_cancel_watch_free (HeddleCancelWatch *self)
{
  if (self == NULL)
    return;
  /* Not by g_cancellable_disconnect (), which waits for the cancel that this may be part of. */
  g_clear_signal_handler (&self->handler, self->cancellable);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_object_unref (self->cancellable);
  g_free (self);
}
