/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-run.h"

G_BEGIN_DECLS

/*
 * One listener of a run: remembers how far it has read and is woken in its own context. The run
 * calls it with its lock held, except for deliver.
 */
typedef struct
{
  guint id;
  guint interval_ms;
  GMainContext *context;
  HeddleRunEventsFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  guint n_read;     /* events of the run that were delivered */
  gint64 delivered; /* monotonic time of the last batch */
  GSource *wakeup;  /* pending, or NULL */
  gboolean busy;    /* its function is being called */
  gboolean gone;    /* nothing more is delivered */
} HeddleSubscription;

HeddleSubscription *heddle_subscription_new (GMainContext *context, guint interval_ms, HeddleRunEventsFunc func, gpointer user_data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
HeddleSubscription *heddle_subscription_ref (HeddleSubscription *self);
void heddle_subscription_unref (HeddleSubscription *self);
/* Makes callback run in the subscription's context once, soon or when the interval is over. Nothing may be pending. */
void heddle_subscription_wake (HeddleSubscription *self, GSourceFunc callback, gpointer data, GDestroyNotify destroy);
/* Destroys the user's data in the context; once, after the last delivery. Without the run's lock. */
void heddle_subscription_close (HeddleSubscription *self);

/* Deltas of one node in one scope with nothing else of it between them become one; NULLs are passed over. New array that owns its events. */
GPtrArray *heddle_subscription_merge_deltas (HeddleEvent *const *events, guint n_events) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
