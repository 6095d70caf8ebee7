/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-models-private.h"

#include "heddle-error.h"
#include "net/heddle-http.h"
#include "provider/heddle-gate.h"
#include "provider/heddle-demo.h"
#include "value/heddle-money.h"

#include <string.h>

/* What a call needs once its endpoint is known. */
typedef struct
{
  HeddleHttp *http;
  HeddleChatRequest *chat;
  char *model;
  char **texts;
  char *provider;
  HeddleGatePass *pass;     /* let through by the limits; or NULL */
  GAsyncReadyCallback next; /* gets the endpoint */
} Call;

/* tokens: what was used, -1: not known. error: why it failed, or NULL. */
static void
leave (Call *call,
       gint64 tokens,
       const GError *error)
{
  HeddleGatePass *pass = g_steal_pointer (&call->pass);

  if (pass != NULL)
    heddle_gate_pass_leave (pass, tokens, error);
}

/* Whoever else waits for this server is not sent on to be refused as well. */
static void
fail (GTask *task,
      GError *error)
{
  leave (g_task_get_task_data (task), -1, error);
  g_task_return_error (task, error);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  leave (call, -1, NULL);
  heddle_http_unref (call->http);
  g_free (call->provider);
  g_clear_pointer (&call->chat, heddle_chat_request_free);
  g_free (call->model);
  g_strfreev (call->texts);
  g_free (call);
}

static GTask *
create_call (HeddleModels *self,
             HeddleHttp *http,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->http = heddle_http_ref (http);
  g_task_set_task_data (task, call, call_free);
  return task;
}

/* NULL for the demo provider and, with the task ended, for a reference that is wrong. */
static char *
dup_remote_provider (HeddleModels *self,
                     GTask *task,
                     const char *reference,
                     gboolean *is_demo)
{
  g_autofree char *provider = NULL;
  GError *error = NULL;

  *is_demo = FALSE;
  if (!heddle_models_check_reference (self, reference, &error))
    {
      g_task_return_error (task, error);
      return NULL;
    }
  provider = g_strndup (reference, strcspn (reference, "/"));
  *is_demo = strcmp (provider, "demo") == 0;
  return *is_demo ? NULL : g_steal_pointer (&provider);
}

static void
entered_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->pass = heddle_gate_enter_finish (result, &error);
  if (call->pass == NULL)
    g_task_return_error (task, error);
  else
    heddle_models_resolve_async (g_task_get_source_object (task), call->provider, g_task_get_cancellable (task), call->next, g_object_ref (task));
}

static void
waiting_cb (gpointer data)
{
  const Call *call = g_task_get_task_data (data);

  if (call->chat != NULL && call->chat->waiting != NULL)
    call->chat->waiting (call->chat->delta_data);
}

/* Goes on to next with the endpoint, as soon as the provider's limits let it. */
static void
enter (GTask *task,
       const char *provider,
       gint64 tokens,
       GAsyncReadyCallback next)
{
  HeddleModels *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autofree char *key = heddle_models_dup_rate_key (self, provider);
  g_autofree char *url = heddle_models_dup_base_url (self, provider);
  const HeddleGateEntry entry = { .key = key, .url = url, .tokens = tokens, .waiting = waiting_cb, .waiting_data = task };

  call->provider = g_strdup (provider);
  call->next = next;
  heddle_gate_enter_async (heddle_models_get_limits_table (self), &entry, g_task_get_cancellable (task), entered_cb, g_object_ref (task));
}

static gint64
estimate_chat (const HeddleChatRequest *request)
{
  g_autofree char *text = heddle_messages_to_text (request->messages);

  return heddle_tokens_estimate (text) + MAX (request->max_tokens, 0);
}

static gint64
estimate_texts (const char *const *texts)
{
  gint64 tokens = 0;

  for (; *texts != NULL; texts++)
    tokens += heddle_tokens_estimate (*texts);
  return tokens;
}

/* Whoever answered, here its usage gets a price. */
static void
return_response (GTask *task,
                 HeddleChatResponse *response,
                 GError *error)
{
  Call *call = g_task_get_task_data (task);

  if (response == NULL)
    {
      fail (task, error);
      return;
    }
  leave (call, heddle_money_add (heddle_usage_get_input (&response->usage), heddle_usage_get_output (&response->usage)), NULL);
  heddle_models_apply_price (g_task_get_source_object (task), call->chat->model, &response->usage);
  g_task_return_pointer (task, response, (GDestroyNotify) heddle_chat_response_free);
}

static void
chat_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  HeddleChatResponse *response = heddle_remote_chat_finish (result, &error);

  return_response (task, response, error);
}

static void
demo_chat_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  HeddleChatResponse *response = heddle_demo_chat_finish (result, &error);

  return_response (task, response, error);
}

static void
chat_endpoint_cb (GObject *source,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  const HeddleEndpoint *endpoint = heddle_models_resolve_finish (result, &error);

  if (endpoint == NULL)
    g_task_return_error (task, error);
  else
    heddle_remote_chat_async (call->http, endpoint, call->chat, g_task_get_cancellable (task), chat_cb, g_object_ref (task));
}

void
heddle_models_chat_async (HeddleModels *self,
                          HeddleHttp *http,
                          const HeddleChatRequest *request,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *provider = NULL;
  gboolean is_demo;
  Call *call;

  g_return_if_fail (HEDDLE_IS_MODELS (self));
  g_return_if_fail (http != NULL);
  g_return_if_fail (request != NULL);

  task = create_call (self, http, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_models_chat_async);
  call = g_task_get_task_data (task);
  call->chat = heddle_chat_request_copy (request);
  provider = dup_remote_provider (self, task, request->model, &is_demo);
  if (is_demo)
    heddle_demo_chat_async (request, cancellable, demo_chat_cb, g_object_ref (task));
  else if (provider != NULL)
    enter (task, provider, estimate_chat (call->chat), chat_endpoint_cb);
}

HeddleChatResponse *
heddle_models_chat_finish (HeddleModels *self,
                           GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
embed_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  HeddleEmbeddings *embeddings = heddle_remote_embed_finish (result, &error);

  if (embeddings == NULL)
    {
      fail (task, error);
      return;
    }
  leave (g_task_get_task_data (task), embeddings->input_tokens, NULL);
  g_task_return_pointer (task, embeddings, (GDestroyNotify) heddle_embeddings_free);
}

static void
embed_endpoint_cb (GObject *source,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  const HeddleEndpoint *endpoint = heddle_models_resolve_finish (result, &error);

  if (endpoint == NULL)
    g_task_return_error (task, error);
  else
    heddle_remote_embed_async (call->http, endpoint, call->model, (const char *const *) call->texts,
                               g_task_get_cancellable (task), embed_cb, g_object_ref (task));
}

void
heddle_models_embed_async (HeddleModels *self,
                           HeddleHttp *http,
                           const char *model,
                           const char *const *texts,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *provider = NULL;
  gboolean is_demo;
  Call *call;

  g_return_if_fail (HEDDLE_IS_MODELS (self));
  g_return_if_fail (http != NULL);
  g_return_if_fail (texts != NULL);

  task = create_call (self, http, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_models_embed_async);
  call = g_task_get_task_data (task);
  provider = dup_remote_provider (self, task, model, &is_demo);
  if (is_demo)
    {
      g_task_return_pointer (task, heddle_demo_embed (texts), (GDestroyNotify) heddle_embeddings_free);
    }
  else if (provider != NULL)
    {
      call->model = g_strdup (heddle_model_reference_get_model (model));
      call->texts = g_strdupv ((char **) texts);
      enter (task, provider, estimate_texts (texts), embed_endpoint_cb);
    }
}

HeddleEmbeddings *
heddle_models_embed_finish (HeddleModels *self,
                            GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
list_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HeddleModels *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  char **names = heddle_remote_list_finish (result, &error);

  if (names == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, heddle_models_remember (self, call->model, names), (GDestroyNotify) g_strfreev);
}

static void
list_endpoint_cb (GObject *source,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  const HeddleEndpoint *endpoint = heddle_models_resolve_finish (result, &error);

  if (endpoint == NULL)
    g_task_return_error (task, error);
  else
    heddle_remote_list_async (call->http, endpoint, g_task_get_cancellable (task), list_cb, g_object_ref (task));
}

void
heddle_models_list_async (HeddleModels *self,
                          HeddleHttp *http,
                          const char *provider,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  const char *const demo[] = { HEDDLE_DEMO_EMBEDDING, HEDDLE_DEMO_MODEL, NULL };
  g_autoptr (GTask) task = NULL;
  Call *call;

  g_return_if_fail (HEDDLE_IS_MODELS (self));
  g_return_if_fail (http != NULL);
  g_return_if_fail (provider != NULL);

  task = create_call (self, http, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_models_list_async);
  call = g_task_get_task_data (task);
  call->model = g_strdup (provider);
  if (strcmp (provider, "demo") == 0)
    g_task_return_pointer (task, g_strdupv ((char **) demo), (GDestroyNotify) g_strfreev);
  else
    heddle_models_resolve_async (self, provider, cancellable, list_endpoint_cb, g_object_ref (task));
}

char **
heddle_models_list_finish (HeddleModels *self,
                           GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
