/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-rates.h"

#include "value/heddle-cancel-watch.h"

#define WINDOW (60 * G_USEC_PER_SEC)
/* From here on, a new one looks for those that can go. */
#define MANY_GATES 32

/* A call of the last minute. */
typedef struct
{
  gint64 begun;
  gint64 tokens; /* estimated, then known */
} Entry;

/* All that is asked of one key. */
typedef struct
{
  HeddleRateLimits limits; /* as of the latest who came */
  guint n_running;
  GQueue recent;     /* of Entry*, a reference each, oldest first; kept only where a limit needs it */
  GQueue waiting;    /* of GTask*, owned: in the order they came */
  gint64 held_until; /* the other side wants to be left alone; 0: not */
  GSource *timer;    /* looks again when there may be room; or NULL */
} Gate;

struct _HeddleRates
{
  GMutex lock;       /* guards all of it */
  GHashTable *gates; /* key → Gate* */
  gint64 (*now) (gpointer data);
  gpointer clock_data;
};

struct _HeddleRateCall
{
  HeddleRates *rates;
  char *key;
  Entry *entry;
};

/* What a waiter brings. */
typedef struct
{
  HeddleRates *rates;
  char *key;
  gint64 tokens;
  HeddleCancelWatch *cancelled; /* or NULL */
} Waiter;

/* One that may go on, told when the lock is free again. */
typedef struct
{
  GTask *task;
  HeddleRateCall *call;
} Admitted;

static gint64
monotonic_now (gpointer data)
{
  return g_get_monotonic_time ();
}

static void
entry_unref (gpointer entry)
{
  g_atomic_rc_box_release (entry);
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
gate_free (gpointer data)
{
  Gate *gate = data;

  /* A waiter holds the rates, so there is none by now. */
  g_assert (g_queue_is_empty (&gate->waiting));

  g_queue_clear_full (&gate->recent, entry_unref);
  clear_source (&gate->timer);
  g_free (gate);
}

HeddleRates *
heddle_rates_new (void)
{
  HeddleRates *self = g_atomic_rc_box_new0 (HeddleRates);

  g_mutex_init (&self->lock);
  self->gates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, gate_free);
  self->now = monotonic_now;
  return self;
}

HeddleRates *
heddle_rates_ref (HeddleRates *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleRates *self = data;

  g_hash_table_unref (self->gates);
  g_mutex_clear (&self->lock);
}

void
heddle_rates_unref (HeddleRates *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  g_clear_pointer (&waiter->cancelled, heddle_cancel_watch_free);
  g_free (waiter->key);
  heddle_rates_unref (waiter->rates);
  g_free (waiter);
}

static void
forget_old (Gate *gate, gint64 now)
{
  Entry *oldest;

  while ((oldest = g_queue_peek_head (&gate->recent)) != NULL && oldest->begun + WINDOW <= now)
    entry_unref (g_queue_pop_head (&gate->recent));
}

/* Nobody is in it or waits for it, and nothing of it matters to who comes next. */
static gboolean
is_idle (Gate *gate, gint64 now)
{
  forget_old (gate, now);
  return gate->n_running == 0 && g_queue_is_empty (&gate->waiting) && g_queue_is_empty (&gate->recent) && gate->held_until <= now;
}

static gboolean
is_idle_cb (gpointer key, gpointer gate, gpointer now)
{
  return is_idle (gate, *(const gint64 *) now);
}

/* Those whose last minute or hold was not over when they were left. */
static void
drop_idle (HeddleRates *self)
{
  gint64 now = self->now (self->clock_data);

  g_hash_table_foreach_remove (self->gates, is_idle_cb, &now);
}

static Gate *
ensure_gate (HeddleRates *self, const char *key)
{
  Gate *gate = g_hash_table_lookup (self->gates, key);

  if (gate == NULL)
    {
      if (g_hash_table_size (self->gates) >= MANY_GATES)
        drop_idle (self);
      gate = g_new0 (Gate, 1);
      g_hash_table_insert (self->gates, g_strdup (key), gate);
    }
  return gate;
}

static gint64
count_tokens (Gate *gate)
{
  gint64 sum = 0;

  for (GList *item = gate->recent.head; item != NULL; item = item->next)
    sum += ((Entry *) item->data)->tokens;
  return sum;
}

/* FALSE: not yet; again is when to look once more, -1: when a call ends. */
static gboolean
may_pass (Gate *gate, gint64 tokens, gint64 now, gint64 *again)
{
  const HeddleRateLimits *limits = &gate->limits;
  guint n_recent;

  *again = -1;
  forget_old (gate, now);
  if (gate->held_until > now)
    {
      *again = gate->held_until;
      return FALSE;
    }
  n_recent = g_queue_get_length (&gate->recent);
  if (limits->parallel > 0 && gate->n_running >= limits->parallel)
    return FALSE;
  if (limits->requests_per_minute > 0 && n_recent >= limits->requests_per_minute)
    {
      *again = ((Entry *) g_queue_peek_nth (&gate->recent, n_recent - limits->requests_per_minute))->begun + WINDOW;
      return FALSE;
    }
  if (limits->tokens_per_minute > 0 && n_recent > 0 && count_tokens (gate) + tokens > limits->tokens_per_minute)
    {
      *again = ((Entry *) g_queue_peek_head (&gate->recent))->begun + WINDOW;
      return FALSE;
    }
  return TRUE;
}

static HeddleRateCall *
admit (HeddleRates *self, Gate *gate, const Waiter *waiter, gint64 now)
{
  HeddleRateCall *call = g_new0 (HeddleRateCall, 1);

  call->rates = heddle_rates_ref (self);
  call->key = g_strdup (waiter->key);
  call->entry = g_atomic_rc_box_new0 (Entry);
  call->entry->begun = now;
  call->entry->tokens = waiter->tokens;
  gate->n_running++;
  if (gate->limits.requests_per_minute > 0 || gate->limits.tokens_per_minute > 0)
    g_queue_push_tail (&gate->recent, g_atomic_rc_box_acquire (call->entry));
  return call;
}

static void look (HeddleRates *self, const char *key);

static gboolean
timer_cb (gpointer data)
{
  const Waiter *waiter = data;

  look (waiter->rates, waiter->key);
  return G_SOURCE_REMOVE;
}

/* In the context of the first who waits: it is there as long as that one is. */
static void
set_timer (HeddleRates *self, Gate *gate, gint64 delay)
{
  GTask *task = g_queue_peek_head (&gate->waiting);
  const Waiter *first = g_task_get_task_data (task);
  Waiter *data = g_new0 (Waiter, 1);

  data->rates = heddle_rates_ref (self);
  data->key = g_strdup (first->key);
  gate->timer = g_timeout_source_new (MAX (delay, 0) / 1000 + 1);
  g_source_set_static_name (gate->timer, "heddle-rates");
  g_source_set_callback (gate->timer, timer_cb, data, waiter_free);
  g_source_attach (gate->timer, g_task_get_context (task));
}

/* With the lock: lets through what may. */
static void
let_through (HeddleRates *self, Gate *gate, GArray *admitted)
{
  gint64 now = self->now (self->clock_data);
  gint64 again = -1;
  GTask *task;

  while ((task = g_queue_peek_head (&gate->waiting)) != NULL)
    {
      Waiter *waiter = g_task_get_task_data (task);
      Admitted one = { task, NULL };

      if (!may_pass (gate, waiter->tokens, now, &again))
        break;
      g_queue_pop_head (&gate->waiting);
      one.call = admit (self, gate, waiter, now);
      g_array_append_val (admitted, one);
    }
  if (task != NULL && again >= 0)
    set_timer (self, gate, again - now);
}

static void
drop_call (gpointer data)
{
  heddle_rates_leave (data, 0);
}

static void
tell (GArray *admitted)
{
  for (guint i = 0; i < admitted->len; i++)
    {
      const Admitted *one = &g_array_index (admitted, Admitted, i);

      g_task_return_pointer (one->task, one->call, drop_call);
      g_object_unref (one->task);
    }
  g_array_unref (admitted);
}

static void
look (HeddleRates *self, const char *key)
{
  GArray *admitted = g_array_new (FALSE, FALSE, sizeof (Admitted));
  GSource *timer = NULL;
  Gate *gate;

  g_mutex_lock (&self->lock);
  gate = g_hash_table_lookup (self->gates, key);
  if (gate != NULL)
    {
      timer = g_steal_pointer (&gate->timer);
      let_through (self, gate, admitted);
      if (is_idle (gate, self->now (self->clock_data)))
        g_hash_table_remove (self->gates, key);
    }
  g_mutex_unlock (&self->lock);
  clear_source (&timer);
  tell (admitted);
}

static void
cancelled_cb (gpointer data)
{
  GTask *task = data;
  const Waiter *waiter = g_task_get_task_data (task);
  gboolean was_waiting;
  Gate *gate;

  g_mutex_lock (&waiter->rates->lock);
  gate = g_hash_table_lookup (waiter->rates->gates, waiter->key);
  was_waiting = gate != NULL && g_queue_remove (&gate->waiting, task);
  g_mutex_unlock (&waiter->rates->lock);
  if (!was_waiting)
    return;
  look (waiter->rates, waiter->key);
  g_task_return_error_if_cancelled (task);
  g_object_unref (task);
}

void
heddle_rates_enter_async (HeddleRates *self, const char *key, const HeddleRateLimits *limits, gint64 tokens, void (*waiting) (gpointer data), gpointer waiting_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Waiter *waiter;
  gboolean waits;
  Gate *gate;

  g_return_if_fail (self != NULL && key != NULL && limits != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_rates_enter_async);
  waiter = g_new0 (Waiter, 1);
  waiter->rates = heddle_rates_ref (self);
  waiter->key = g_strdup (key);
  waiter->tokens = MAX (tokens, 0);
  g_task_set_task_data (task, waiter, waiter_free);
  waiter->cancelled = heddle_cancel_watch_new (cancellable, g_task_get_context (task), cancelled_cb, task);

  g_mutex_lock (&self->lock);
  ensure_gate (self, key)->limits = *limits;
  g_queue_push_tail (&ensure_gate (self, key)->waiting, g_object_ref (task));
  g_mutex_unlock (&self->lock);
  look (self, key);
  g_mutex_lock (&self->lock);
  gate = g_hash_table_lookup (self->gates, key);
  waits = gate != NULL && g_queue_find (&gate->waiting, task) != NULL;
  g_mutex_unlock (&self->lock);
  if (waits && waiting != NULL)
    waiting (waiting_data);
}

HeddleRateCall *
heddle_rates_enter_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
heddle_rates_hold (HeddleRates *self, const char *key, gint64 milliseconds)
{
  Gate *gate;
  gint64 until;

  g_return_if_fail (self != NULL && key != NULL);

  if (milliseconds <= 0 || milliseconds > HEDDLE_RATES_MOST_HOLD)
    return;
  g_mutex_lock (&self->lock);
  gate = ensure_gate (self, key);
  until = self->now (self->clock_data) + milliseconds * 1000;
  gate->held_until = MAX (gate->held_until, until);
  g_mutex_unlock (&self->lock);
}

void
heddle_rates_leave (HeddleRateCall *call, gint64 tokens)
{
  HeddleRates *self;

  g_return_if_fail (call != NULL);

  self = call->rates;
  g_mutex_lock (&self->lock);
  ensure_gate (self, call->key)->n_running--;
  if (tokens >= 0)
    call->entry->tokens = tokens;
  g_mutex_unlock (&self->lock);
  look (self, call->key);
  entry_unref (call->entry);
  g_free (call->key);
  g_free (call);
  heddle_rates_unref (self);
}

void
heddle_rates_set_clock (HeddleRates *self, gint64 (*now) (gpointer data), gpointer data)
{
  self->now = now;
  self->clock_data = data;
}

guint
heddle_rates_count (HeddleRates *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_hash_table_size (self->gates);
}

void
heddle_rates_look (HeddleRates *self)
{
  g_autofree char **borrowed = NULL;
  g_auto (GStrv) keys = NULL;

  g_mutex_lock (&self->lock);
  borrowed = (char **) g_hash_table_get_keys_as_array (self->gates, NULL);
  keys = g_strdupv (borrowed);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; keys[i] != NULL; i++)
    look (self, keys[i]);
}
