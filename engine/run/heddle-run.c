/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-run-private.h"

#include "run/heddle-past.h"
#include "run/heddle-questions.h"
#include "run/heddle-subscription.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

/* Events of nodes in containers that are kept for whoever comes later. */
#define MAX_ITEM_EVENTS 10000

struct _HeddleRun
{
  GObject parent_instance;

  char *id;
  HeddlePlan *plan;
  JsonNode *trigger; /* or NULL */
  JsonNode *options;
  guint depth;           /* runs it is within */
  HeddleNodeRun *caller; /* borrowed, or NULL */
  HeddleEffects *effects;
  gint64 started;   /* wall clock */
  gint64 monotonic; /* at the same moment */
  GCancellable *cancellable;

  GMutex lock; /* guards all below */
  HeddleRunState state;
  JsonNode *output;
  GError *error;
  GPtrArray *events;   /* HeddleEvent*; NULL: of an item, and forgotten */
  guint n_looked_at;   /* of them, for what may be forgotten */
  guint n_item_events; /* that are kept beyond those */
  guint64 n_missing;   /* events that have a number and were not kept: pieces of text, before the run went on */
  GPtrArray *subscriptions;
  guint last_id;

  HeddleQuestions *questions; /* thread-safe by itself */
};

G_DEFINE_FINAL_TYPE (HeddleRun, heddle_run, G_TYPE_OBJECT)

static const struct
{
  const char *id;
  const char *title;
} states[] = {
  [HEDDLE_RUN_RUNNING] = { "running", N_ ("Running") },
  [HEDDLE_RUN_OK] = { "ok", N_ ("Finished") },
  [HEDDLE_RUN_FAILED] = { "failed", N_ ("Failed") },
  [HEDDLE_RUN_CANCELLED] = { "cancelled", N_ ("Stopped") },
  [HEDDLE_RUN_INTERRUPTED] = { "interrupted", N_ ("Interrupted") },
};

const char *
heddle_run_state_to_string (HeddleRunState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (states), NULL);

  return states[state].id;
}

const char *
heddle_run_state_get_title (HeddleRunState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (states), NULL);

  return _ (states[state].title);
}

static void
heddle_run_finalize (GObject *object)
{
  HeddleRun *self = HEDDLE_RUN (object);

  g_free (self->id);
  heddle_plan_unref (self->plan);
  g_clear_pointer (&self->trigger, json_node_unref);
  heddle_effects_free (self->effects);
  json_node_unref (self->options);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->output, json_node_unref);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->events);
  for (guint i = 0; i < self->subscriptions->len; i++)
    heddle_subscription_close (g_ptr_array_index (self->subscriptions, i));
  g_ptr_array_unref (self->subscriptions);
  heddle_questions_free (self->questions);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (heddle_run_parent_class)->finalize (object);
}

static void
heddle_run_class_init (HeddleRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_run_finalize;
}

static void
free_event (gpointer event)
{
  if (event != NULL)
    heddle_event_unref (event);
}

static void
heddle_run_init (HeddleRun *self)
{
  g_mutex_init (&self->lock);
  self->questions = heddle_questions_new ();
  self->effects = heddle_effects_new (NULL, NULL);
  self->options = heddle_json_object (json_object_new ());
  self->cancellable = g_cancellable_new ();
  self->events = g_ptr_array_new_with_free_func (free_event);
  self->subscriptions = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_subscription_unref);
}

/* UUID version 7 (RFC 9562): 48 bits of milliseconds, 12 of their fraction, the rest random. */
static char *
make_id (gint64 now)
{
  guint64 milliseconds = now / 1000;
  guint fraction = (now % 1000) * 4096 / 1000;

  return g_strdup_printf ("%08x-%04x-7%03x-%04x-%04x%08x", (guint) (milliseconds >> 16), (guint) (milliseconds & 0xffff), fraction,
                          0x8000 | (g_random_int () & 0x3fff), g_random_int () & 0xffff, g_random_int ());
}

char *
heddle_run_make_id (void)
{
  return make_id (g_get_real_time ());
}

HeddleRun *
heddle_run_new (HeddlePlan *plan, const char *id, JsonNode *trigger)
{
  HeddleRun *self = g_object_new (HEDDLE_TYPE_RUN, NULL);

  self->plan = heddle_plan_ref (plan);
  self->started = g_get_real_time ();
  self->monotonic = g_get_monotonic_time ();
  self->id = id != NULL ? g_strdup (id) : make_id (self->started);
  self->trigger = trigger != NULL ? json_node_ref (trigger) : NULL;
  return self;
}

HeddleRun *
heddle_run_new_continued (HeddlePlan *plan, const char *id, gint64 started, HeddlePast *past, GPtrArray *events)
{
  HeddleRun *self = heddle_run_new (plan, id, heddle_past_get_trigger (past));

  self->started = started;
  self->monotonic -= heddle_past_get_last_time (past);
  self->n_missing = heddle_past_get_last_seq (past) - events->len;
  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);

      g_ptr_array_add (self->events, heddle_event_ref (event));
      self->n_item_events += event->scope != NULL;
    }
  return self;
}

const char *
heddle_run_get_id (HeddleRun *self)
{
  g_return_val_if_fail (HEDDLE_IS_RUN (self), NULL);

  return self->id;
}

JsonNode *
heddle_run_get_trigger (HeddleRun *self)
{
  g_return_val_if_fail (HEDDLE_IS_RUN (self), NULL);

  return self->trigger;
}

JsonNode *
heddle_run_get_options (HeddleRun *self)
{
  g_return_val_if_fail (HEDDLE_IS_RUN (self), NULL);

  return self->options;
}

void
heddle_run_take_options (HeddleRun *self, JsonNode *options)
{
  json_node_unref (self->options);
  self->options = options;
}

HeddlePlan *
heddle_run_get_plan (HeddleRun *self)
{
  g_return_val_if_fail (HEDDLE_IS_RUN (self), NULL);

  return self->plan;
}

gint64
heddle_run_get_started (HeddleRun *self)
{
  g_return_val_if_fail (HEDDLE_IS_RUN (self), 0);

  return self->started;
}

gint64
heddle_run_get_elapsed (HeddleRun *self)
{
  g_return_val_if_fail (HEDDLE_IS_RUN (self), 0);

  return g_get_monotonic_time () - self->monotonic;
}

HeddleRunState
heddle_run_get_state (HeddleRun *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (HEDDLE_IS_RUN (self), HEDDLE_RUN_FAILED);

  locker = g_mutex_locker_new (&self->lock);
  return self->state;
}

JsonNode *
heddle_run_dup_output (HeddleRun *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (HEDDLE_IS_RUN (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  if (self->output != NULL)
    return json_node_ref (self->output);
  if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, _ ("The run has not finished yet."));
  return NULL;
}

void
heddle_run_cancel (HeddleRun *self)
{
  g_return_if_fail (HEDDLE_IS_RUN (self));

  g_cancellable_cancel (self->cancellable);
}

void
heddle_run_set_depth (HeddleRun *self, guint depth)
{
  self->depth = depth;
}

void
heddle_run_set_caller (HeddleRun *self, HeddleNodeRun *caller)
{
  self->caller = caller;
}

HeddleNodeRun *
heddle_run_get_caller (HeddleRun *self)
{
  return self->caller;
}

guint
heddle_run_get_depth (HeddleRun *self)
{
  return self->depth;
}

void
heddle_run_set_effects (HeddleRun *self, HeddleEffects *effects)
{
  heddle_effects_free (self->effects);
  self->effects = effects;
}

HeddleEffects *
heddle_run_get_effects (HeddleRun *self)
{
  return self->effects;
}

GCancellable *
heddle_run_get_cancellable (HeddleRun *self)
{
  return self->cancellable;
}

void
heddle_run_add_question (HeddleRun *self, JsonNode *question, GMainContext *context, HeddleAnswerFunc func, gpointer data, GDestroyNotify destroy)
{
  heddle_questions_add (self->questions, question, context, func, data, destroy);
}

gboolean
heddle_run_withdraw_question (HeddleRun *self, const char *id)
{
  return heddle_questions_withdraw (self->questions, id);
}

JsonNode *
heddle_run_dup_questions (HeddleRun *self)
{
  g_return_val_if_fail (HEDDLE_IS_RUN (self), NULL);

  return heddle_questions_list (self->questions);
}

gboolean
heddle_run_answer (HeddleRun *self, const char *question, JsonNode *answer, GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_RUN (self), FALSE);
  g_return_val_if_fail (question != NULL, FALSE);

  return heddle_questions_answer (self->questions, question, answer, error);
}

/* One delivery under way: keeps run and subscription alive until its source is gone. */
typedef struct
{
  HeddleRun *run;
  HeddleSubscription *subscription;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_object_unref (delivery->run);
  heddle_subscription_unref (delivery->subscription);
  g_free (delivery);
}

static GPtrArray *
take_batch (HeddleRun *self, HeddleSubscription *subscription)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint first = subscription->n_read;

  g_clear_pointer (&subscription->wakeup, g_source_unref);
  if (subscription->gone || first == self->events->len)
    return NULL;
  subscription->busy = TRUE;
  subscription->delivered = g_get_monotonic_time ();
  subscription->n_read = self->events->len;
  return heddle_subscription_merge_deltas ((HeddleEvent *const *) self->events->pdata + first, self->events->len - first);
}

/* Whether it is over: the last batch was delivered, or its function unsubscribed it. */
static gboolean
end_batch (HeddleRun *self, HeddleSubscription *subscription, gboolean is_last)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  subscription->busy = FALSE;
  if (is_last && !subscription->gone)
    {
      subscription->gone = TRUE;
      g_ptr_array_remove (self->subscriptions, subscription);
    }
  return subscription->gone;
}

static gboolean
deliver_cb (gpointer data)
{
  Delivery *delivery = data;
  HeddleSubscription *subscription = delivery->subscription;
  g_autoptr (GPtrArray) batch = take_batch (delivery->run, subscription);
  const HeddleEvent *last;

  if (batch == NULL)
    return G_SOURCE_REMOVE;
  last = g_ptr_array_index (batch, batch->len - 1);
  subscription->func (delivery->run, batch, subscription->user_data);
  if (end_batch (delivery->run, subscription, last->kind == HEDDLE_EVENT_RUN_FINISHED))
    heddle_subscription_close (subscription);
  return G_SOURCE_REMOVE;
}

/* With the lock held. */
static void
wake (HeddleRun *self, HeddleSubscription *subscription)
{
  Delivery *delivery;

  if (subscription->wakeup != NULL)
    return;
  delivery = g_new (Delivery, 1);
  delivery->run = g_object_ref (self);
  delivery->subscription = heddle_subscription_ref (subscription);
  heddle_subscription_wake (subscription, deliver_cb, delivery, delivery_free);
}

/* With the lock held, as for append. */
static void
number (HeddleRun *self, HeddleEvent *event)
{
  event->seq = self->n_missing + self->events->len + 1;
  event->time = heddle_run_get_elapsed (self);
}

void
heddle_run_number (HeddleRun *self, HeddleEvent *event)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  number (self, event);
}

static gboolean
is_read (HeddleRun *self, guint index)
{
  for (guint i = 0; i < self->subscriptions->len; i++)
    {
      if (((HeddleSubscription *) g_ptr_array_index (self->subscriptions, i))->n_read <= index)
        return FALSE;
    }
  return TRUE;
}

/*
 * Who watches a map of very many items from its beginning hears of all of them, but who comes later only of the latest: the rest would be all
 * that the run's memory is full of. The database has them.
 */
static void
forget_old_items (HeddleRun *self)
{
  while (self->n_item_events > MAX_ITEM_EVENTS && is_read (self, self->n_looked_at))
    {
      guint index = self->n_looked_at++;
      HeddleEvent *event = g_ptr_array_index (self->events, index);

      if (event == NULL || event->scope == NULL)
        continue;
      heddle_event_unref (event);
      g_ptr_array_index (self->events, index) = NULL;
      self->n_item_events--;
    }
}

static HeddleEvent *
append (HeddleRun *self, HeddleEvent *event)
{
  if (event->seq == 0)
    number (self, event);
  g_ptr_array_add (self->events, event);
  self->n_item_events += event->scope != NULL;
  forget_old_items (self);
  return event;
}

HeddleEvent *
heddle_run_append (HeddleRun *self, HeddleEvent *event)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return append (self, event);
}

GPtrArray *
heddle_run_dup_events (HeddleRun *self)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->events->len; i++)
    {
      if (g_ptr_array_index (self->events, i) != NULL)
        g_ptr_array_add (events, heddle_event_ref (g_ptr_array_index (self->events, i)));
    }
  return events;
}

void
heddle_run_notify (HeddleRun *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->subscriptions->len; i++)
    {
      HeddleSubscription *subscription = g_ptr_array_index (self->subscriptions, i);

      if (subscription->n_read < self->events->len)
        wake (self, subscription);
    }
}

HeddleEvent *
heddle_run_finish (HeddleRun *self, HeddleRunState state, JsonNode *output, const GError *error, HeddleEvent *event)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_assert (self->state == HEDDLE_RUN_RUNNING);

  self->state = state;
  self->output = output != NULL ? json_node_ref (output) : NULL;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  return append (self, event);
}

guint
heddle_run_subscribe (HeddleRun *self, GMainContext *context, guint interval_ms, HeddleRunEventsFunc func, gpointer user_data, GDestroyNotify destroy)
{
  HeddleSubscription *subscription;
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (HEDDLE_IS_RUN (self) && func != NULL, 0);

  subscription = heddle_subscription_new (context, interval_ms, func, user_data, destroy);
  locker = g_mutex_locker_new (&self->lock);
  subscription->id = ++self->last_id;
  g_ptr_array_add (self->subscriptions, subscription);
  if (self->events->len > 0)
    wake (self, subscription);
  return self->last_id;
}

/* The subscription, gone from the list, with its pending wakeup. */
static HeddleSubscription *
steal_subscription (HeddleRun *self, guint id, GSource **wakeup, gboolean *busy)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->subscriptions->len; i++)
    {
      HeddleSubscription *subscription = g_ptr_array_index (self->subscriptions, i);

      if (subscription->id != id)
        continue;
      subscription->gone = TRUE;
      *busy = subscription->busy;
      *wakeup = g_steal_pointer (&subscription->wakeup);
      return g_ptr_array_steal_index (self->subscriptions, i);
    }
  return NULL;
}

void
heddle_run_unsubscribe (HeddleRun *self, guint id)
{
  HeddleSubscription *subscription;
  g_autoptr (GSource) wakeup = NULL;
  gboolean busy;

  g_return_if_fail (HEDDLE_IS_RUN (self));

  subscription = steal_subscription (self, id, &wakeup, &busy);
  if (subscription == NULL)
    return;
  if (wakeup != NULL)
    g_source_destroy (wakeup);
  if (!busy)
    heddle_subscription_close (subscription);
  heddle_subscription_unref (subscription);
}
