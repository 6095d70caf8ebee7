/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-gate.h"

#include "heddle-error.h"
#include "net/heddle-http.h"

struct _HeddleGatePass
{
  HeddleRates *rates;
  char *key; /* NULL: none */
  HeddleRateCall *of_key;
  HeddleRateCall *of_host;
};

/* A request on its way in. */
typedef struct
{
  HeddleGatePass *pass;
  char *host; /* key; NULL: none */
  HeddleRateLimits host_limits;
  void (*waiting) (gpointer data);
  gpointer waiting_data;
} Entry;

static void
leave (HeddleRateCall **call, gint64 tokens)
{
  HeddleRateCall *left = g_steal_pointer (call);

  if (left != NULL)
    heddle_rates_leave (left, tokens);
}

static void
pass_free (HeddleGatePass *pass)
{
  leave (&pass->of_host, -1);
  leave (&pass->of_key, -1);
  heddle_rates_unref (pass->rates);
  g_free (pass->key);
  g_free (pass);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->pass, pass_free);
  g_free (entry->host);
  g_free (entry);
}

static void
return_pass (GTask *task)
{
  Entry *entry = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&entry->pass), (GDestroyNotify) pass_free);
}

static void
passed_host_cb (GObject *source,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Entry *entry = g_task_get_task_data (task);
  GError *error = NULL;

  entry->pass->of_host = heddle_rates_enter_finish (result, &error);
  if (entry->pass->of_host == NULL)
    g_task_return_error (task, error);
  else
    return_pass (task);
}

/* Who has a place of its host never waits for one of its key, so the two cannot wait for each other. */
static void
enter_host (GTask *task)
{
  const Entry *entry = g_task_get_task_data (task);

  if (entry->host == NULL)
    return_pass (task);
  else
    heddle_rates_enter_async (entry->pass->rates, entry->host, &entry->host_limits, 0, entry->waiting, entry->waiting_data,
                              g_task_get_cancellable (task), passed_host_cb, g_object_ref (task));
}

static void
passed_key_cb (GObject *source,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Entry *entry = g_task_get_task_data (task);
  GError *error = NULL;

  entry->pass->of_key = heddle_rates_enter_finish (result, &error);
  if (entry->pass->of_key == NULL)
    g_task_return_error (task, error);
  else
    enter_host (task);
}

static Entry *
entry_new (HeddleLimits *limits,
           const HeddleGateEntry *wanted)
{
  Entry *entry = g_new0 (Entry, 1);
  g_autofree char *host = wanted->url != NULL ? heddle_http_dup_host (wanted->url) : NULL;

  entry->pass = g_new0 (HeddleGatePass, 1);
  entry->pass->rates = heddle_rates_ref (heddle_limits_get_rates (limits));
  entry->pass->key = g_strdup (wanted->key);
  entry->host = host != NULL ? g_strconcat ("host:", host, NULL) : NULL;
  heddle_limits_get_host (limits, &entry->host_limits);
  entry->waiting = wanted->waiting;
  entry->waiting_data = wanted->waiting_data;
  return entry;
}

void
heddle_gate_enter_async (HeddleLimits *limits,
                         const HeddleGateEntry *wanted,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  HeddleRateLimits of_key;

  g_return_if_fail (limits != NULL && wanted != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_gate_enter_async);
  g_task_set_task_data (task, entry_new (limits, wanted), entry_free);
  if (wanted->key == NULL)
    {
      enter_host (task);
      return;
    }
  heddle_limits_get_effective (limits, wanted->key, &of_key);
  heddle_rates_enter_async (heddle_limits_get_rates (limits), wanted->key, &of_key, wanted->tokens, wanted->waiting, wanted->waiting_data,
                            cancellable, passed_key_cb, g_object_ref (task));
}

HeddleGatePass *
heddle_gate_enter_finish (GAsyncResult *result,
                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
heddle_gate_pass_leave (HeddleGatePass *pass,
                        gint64 tokens,
                        const GError *error)
{
  const HeddleErrorDetail *detail;

  g_return_if_fail (pass != NULL);

  detail = error != NULL && heddle_error_is_retryable (error) ? heddle_error_detail (error) : NULL;
  /* Before the place is free for the next. */
  if (detail != NULL && detail->retry_after > 0 && pass->key != NULL)
    heddle_rates_hold (pass->rates, pass->key, detail->retry_after);
  leave (&pass->of_host, -1);
  leave (&pass->of_key, tokens);
  pass_free (pass);
}
