/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-http-gate.h"

#include "heddle-error.h"
#include "net/heddle-http.h"

struct _HeddleHttpPass
{
  HeddleRates *gates;
  char *credential; /* key; NULL: none */
  HeddleRateCall *of_credential;
  HeddleRateCall *of_host;
};

/* A request on its way in. */
typedef struct
{
  HeddleHttpPass *pass;
  char *host; /* key */
  void (*waiting) (gpointer data);
  gpointer waiting_data;
} Entry;

static void
leave (HeddleRateCall *call)
{
  heddle_rates_leave (call, -1);
}

static void
pass_free (HeddleHttpPass *pass)
{
  g_clear_pointer (&pass->of_host, leave);
  g_clear_pointer (&pass->of_credential, leave);
  heddle_rates_unref (pass->gates);
  g_free (pass->credential);
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
    g_task_return_pointer (task, g_steal_pointer (&entry->pass), (GDestroyNotify) pass_free);
}

/* Who has a place of its host never waits for one of its credential, so the two cannot wait for each other. */
static void
enter_host (GTask *task)
{
  static const HeddleRateLimits limits = { .parallel = HEDDLE_HTTP_GATE_PER_HOST };
  const Entry *entry = g_task_get_task_data (task);

  heddle_rates_enter_async (entry->pass->gates, entry->host, &limits, 0, entry->waiting, entry->waiting_data,
                            g_task_get_cancellable (task), passed_host_cb, g_object_ref (task));
}

static void
passed_credential_cb (GObject *source,
                      GAsyncResult *result,
                      gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Entry *entry = g_task_get_task_data (task);
  GError *error = NULL;

  entry->pass->of_credential = heddle_rates_enter_finish (result, &error);
  if (entry->pass->of_credential == NULL)
    g_task_return_error (task, error);
  else
    enter_host (task);
}

void
heddle_http_gate_enter_async (HeddleRates *gates,
                              const char *credential,
                              const char *url,
                              void (*waiting) (gpointer data),
                              gpointer waiting_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  static const HeddleRateLimits limits = { .parallel = HEDDLE_HTTP_GATE_PER_CREDENTIAL };
  g_autoptr (GTask) task = NULL;
  g_autofree char *host = NULL;
  Entry *entry;

  g_return_if_fail (gates != NULL && url != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_http_gate_enter_async);
  host = heddle_http_dup_host (url);
  entry = g_new0 (Entry, 1);
  entry->pass = g_new0 (HeddleHttpPass, 1);
  entry->pass->gates = heddle_rates_ref (gates);
  entry->pass->credential = credential != NULL ? g_strconcat ("credential:", credential, NULL) : NULL;
  entry->host = g_strconcat ("host:", host, NULL);
  entry->waiting = waiting;
  entry->waiting_data = waiting_data;
  g_task_set_task_data (task, entry, entry_free);
  if (credential == NULL)
    enter_host (task);
  else
    heddle_rates_enter_async (gates, entry->pass->credential, &limits, 0, waiting, waiting_data, cancellable, passed_credential_cb, g_object_ref (task));
}

HeddleHttpPass *
heddle_http_gate_enter_finish (GAsyncResult *result,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
heddle_http_pass_leave (HeddleHttpPass *pass,
                        const GError *error)
{
  const HeddleErrorDetail *detail;

  g_return_if_fail (pass != NULL);

  detail = error != NULL && heddle_error_is_retryable (error) ? heddle_error_detail (error) : NULL;
  /* Before the place is free for the next. */
  if (detail != NULL && detail->retry_after > 0 && pass->credential != NULL)
    heddle_rates_hold (pass->gates, pass->credential, detail->retry_after);
  pass_free (pass);
}
