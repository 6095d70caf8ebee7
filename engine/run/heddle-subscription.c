/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-subscription.h"

HeddleSubscription *
heddle_subscription_new (GMainContext *context, guint interval_ms, HeddleRunEventsFunc func, gpointer user_data, GDestroyNotify destroy)
{
  HeddleSubscription *self = g_atomic_rc_box_new0 (HeddleSubscription);

  self->context = context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();
  self->interval_ms = interval_ms;
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}

HeddleSubscription *
heddle_subscription_ref (HeddleSubscription *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleSubscription *self = data;

  g_clear_pointer (&self->wakeup, g_source_unref);
  g_main_context_unref (self->context);
}

void
heddle_subscription_unref (HeddleSubscription *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static guint
delay_of (const HeddleSubscription *self)
{
  gint64 next = self->delivered + self->interval_ms * G_GINT64_CONSTANT (1000);
  gint64 wait = (next - g_get_monotonic_time () + 999) / 1000;

  return self->interval_ms == 0 || self->delivered == 0 ? 0 : CLAMP (wait, 0, self->interval_ms);
}

void
heddle_subscription_wake (HeddleSubscription *self, GSourceFunc callback, gpointer data, GDestroyNotify destroy)
{
  guint delay = delay_of (self);

  g_assert (self->wakeup == NULL && !self->gone);

  self->wakeup = delay > 0 ? g_timeout_source_new (delay) : g_idle_source_new ();
  g_source_set_priority (self->wakeup, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->wakeup, "heddle-run-events");
  g_source_set_callback (self->wakeup, callback, data, destroy);
  g_source_attach (self->wakeup, self->context);
}

static gboolean
destroy_cb (gpointer data)
{
  HeddleSubscription *self = data;

  self->destroy (self->user_data);
  return G_SOURCE_REMOVE;
}

void
heddle_subscription_close (HeddleSubscription *self)
{
  if (self->destroy != NULL)
    g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, destroy_cb, heddle_subscription_ref (self),
                                (GDestroyNotify) heddle_subscription_unref);
}

/* A node in one scope. */
typedef struct
{
  const char *node;  /* interned */
  const char *scope; /* or NULL */
} Place;

static guint
place_hash (gconstpointer data)
{
  const Place *place = data;

  return g_direct_hash (place->node) ^ (place->scope != NULL ? g_str_hash (place->scope) : 0);
}

static gboolean
place_equal (gconstpointer a, gconstpointer b)
{
  const Place *left = a, *right = b;

  return left->node == right->node && g_strcmp0 (left->scope, right->scope) == 0;
}

/* A delta that may still grow: its place in the batch and the text so far. */
typedef struct
{
  Place place;
  guint index;
  GString *text; /* NULL: only the one event */
} Growing;

static void
growing_free (gpointer data)
{
  Growing *growing = data;

  if (growing->text != NULL)
    g_string_free (growing->text, TRUE);
  g_free (growing);
}

static void
merge (GPtrArray *batch, Growing *growing)
{
  HeddleEvent *first = g_ptr_array_index (batch, growing->index);
  HeddleEvent *merged;

  if (growing->text == NULL)
    return;
  merged = heddle_event_new (HEDDLE_EVENT_NODE_DELTA, first->node);
  merged->scope = first->scope != NULL ? g_ref_string_acquire (first->scope) : NULL;
  merged->seq = first->seq;
  merged->time = first->time;
  merged->attempt = first->attempt;
  merged->text = g_string_free (g_steal_pointer (&growing->text), FALSE);
  g_ptr_array_index (batch, growing->index) = merged;
  heddle_event_unref (first);
}

static void
settle (GPtrArray *batch, GHashTable *open, const HeddleEvent *event)
{
  const Place place = { event->node, event->scope };
  Growing *growing = g_hash_table_lookup (open, &place);

  if (growing == NULL)
    return;
  merge (batch, growing);
  g_hash_table_remove (open, &place);
}

static void
grow (GPtrArray *batch, GHashTable *open, HeddleEvent *event)
{
  const Place place = { event->node, event->scope };
  Growing *growing = g_hash_table_lookup (open, &place);

  if (growing == NULL)
    {
      growing = g_new0 (Growing, 1);
      growing->place = place;
      growing->index = batch->len;
      g_hash_table_insert (open, &growing->place, growing);
      g_ptr_array_add (batch, heddle_event_ref (event));
      return;
    }
  if (growing->text == NULL)
    growing->text = g_string_new (((HeddleEvent *) g_ptr_array_index (batch, growing->index))->text);
  g_string_append (growing->text, event->text);
}

static void
settle_all (GPtrArray *batch, GHashTable *open)
{
  GHashTableIter iter;
  gpointer growing;

  g_hash_table_iter_init (&iter, open);
  while (g_hash_table_iter_next (&iter, NULL, &growing))
    merge (batch, growing);
}

GPtrArray *
heddle_subscription_merge_deltas (HeddleEvent *const *events, guint n_events)
{
  GPtrArray *batch = g_ptr_array_new_full (n_events, (GDestroyNotify) heddle_event_unref);
  g_autoptr (GHashTable) open = g_hash_table_new_full (place_hash, place_equal, NULL, growing_free); /* Place → Growing, which holds it */

  for (guint i = 0; i < n_events; i++)
    {
      if (events[i] == NULL)
        continue;
      if (events[i]->kind == HEDDLE_EVENT_NODE_DELTA)
        {
          grow (batch, open, events[i]);
          continue;
        }
      if (events[i]->node != NULL)
        settle (batch, open, events[i]);
      g_ptr_array_add (batch, heddle_event_ref (events[i]));
    }
  settle_all (batch, open);
  return batch;
}
