/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-qdrant-request.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "knowledge/heddle-knowledge-private.h"
#include "secret/heddle-secrets.h"
#include "value/heddle-json.h"

#define TIMEOUT_MS 60000

/* On its way through the network context. */
typedef struct
{
  HeddleKnowledge *knowledge;
  HeddleHttp *http;
  HeddleVectorServer *server;
  HeddleSecretHeader *header; /* or NULL */
  char *method;
  char *url;
  GBytes *body;
  GCancellable *cancellable;
  HeddleQdrantDone done;
  gpointer data;
} Call;

static void
call_free (Call *call)
{
  g_object_unref (call->knowledge);
  g_clear_pointer (&call->http, heddle_http_unref);
  heddle_vector_server_free (call->server);
  g_clear_pointer (&call->header, heddle_secrets_header_free);
  g_free (call->method);
  g_free (call->url);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_clear_object (&call->cancellable);
  g_free (call);
}

static void
end (Call *call, JsonNode *result, GError *error)
{
  call->done (result, error, call->data);
  call_free (call);
}

static GBytes *
create_body (JsonNode *body)
{
  char *text;

  if (body == NULL)
    return NULL;
  text = heddle_json_to_text (body, HEDDLE_JSON_COMPACT);
  return g_bytes_new_take (text, strlen (text));
}

static JsonNode *
parse (const HeddleHttpResponse *response, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);

  return heddle_json_parse (data != NULL ? data : "", size, error);
}

/* {"status":{"error":"…"}} says what is wrong; the status alone only that something is. */
static GError *
create_error (const HeddleHttpResponse *response)
{
  GError *error = heddle_http_error_from_response (response, NULL);
  g_autoptr (JsonNode) body = error != NULL ? parse (response, NULL) : NULL;
  const char *reason = heddle_json_get_string (heddle_json_member (body, "status"), "error", NULL);

  if (reason != NULL)
    g_prefix_error (&error, "%s: ", reason);
  return error;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;
  g_autoptr (HeddleHttpResponse) response = heddle_http_send_finish (call->http, result, &error);
  g_autoptr (JsonNode) body = NULL;
  JsonNode *value;

  if (response != NULL)
    error = create_error (response);
  if (error == NULL)
    body = parse (response, &error);
  value = heddle_json_member (body, "result");
  if (error == NULL && value == NULL)
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("“%s” did not answer as a Qdrant server does. Check its address."), call->server->url);
  end (call, error == NULL ? json_node_ref (value) : NULL, error);
}

static void
send_http (Call *call)
{
  const HeddleHttpHeader headers[] = {
    { .name = call->header != NULL ? call->header->name : NULL, .value = call->header != NULL ? call->header->value : NULL, .is_secret = TRUE },
    { NULL },
  };
  const HeddleHttpRequest request = {
    .method = call->method,
    .url = call->url,
    .headers = headers,
    .body = call->body,
    .content_type = "application/json",
    .timeout_ms = TIMEOUT_MS,
  };

  heddle_http_send_async (call->http, &request, call->cancellable, sent_cb, call);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;

  call->header = heddle_secrets_lookup_finish (HEDDLE_SECRETS (source), result, &error);
  if (call->header != NULL)
    send_http (call);
  else
    end (call, NULL, error);
}

static void
authorize (Call *call)
{
  HeddleSecrets *secrets = call->knowledge->secrets;

  if (call->server->credential == NULL)
    send_http (call);
  else if (secrets != NULL)
    heddle_secrets_lookup_async (secrets, call->server->credential, call->cancellable, looked_up_cb, call);
  else
    end (call, NULL, g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_AUTH, _ ("The credential “%s” cannot be read here."), call->server->credential));
}

static GError *
create_no_network_error (void)
{
  return g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_NETWORK, _ ("No vector server can be used here. Search by keywords instead."));
}

/* On the network context, whose owner has told the HTTP client by now. */
static gboolean
begin_cb (gpointer user_data)
{
  Call *call = user_data;

  call->http = heddle_knowledge_ref_http (call->knowledge);
  if (call->http == NULL)
    end (call, NULL, create_no_network_error ());
  else
    authorize (call);
  return G_SOURCE_REMOVE;
}

void
heddle_qdrant_send (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantRequest *request, GCancellable *cancellable, HeddleQdrantDone done, gpointer data)
{
  Call *call = g_new0 (Call, 1);
  g_autoptr (GMainContext) context = heddle_knowledge_ref_network (knowledge);
  g_autoptr (GSource) source = NULL;

  call->knowledge = g_object_ref (knowledge);
  call->server = heddle_vector_server_copy (server);
  call->method = g_strdup (request->method);
  call->url = g_strconcat (server->url, request->path, NULL);
  call->body = create_body (request->body);
  call->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  call->done = done;
  call->data = data;
  if (context == NULL)
    {
      end (call, NULL, create_no_network_error ());
      return;
    }
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "heddle-qdrant");
  g_source_set_callback (source, begin_cb, call, NULL);
  g_source_attach (source, context);
}

/* Lets a thread wait for a request. */
typedef struct
{
  GMutex lock;
  GCond ended;
  gboolean has_ended;
  JsonNode *result;
  GError *error;
} Waiter;

static void
ended_cb (JsonNode *result, GError *error, gpointer data)
{
  Waiter *waiter = data;

  g_mutex_lock (&waiter->lock);
  waiter->result = result;
  waiter->error = error;
  waiter->has_ended = TRUE;
  g_cond_signal (&waiter->ended);
  g_mutex_unlock (&waiter->lock);
}

JsonNode *
heddle_qdrant_send_sync (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantRequest *request, GCancellable *cancellable, GError **error)
{
  Waiter waiter = { 0 };

  g_mutex_init (&waiter.lock);
  g_cond_init (&waiter.ended);
  heddle_qdrant_send (knowledge, server, request, cancellable, ended_cb, &waiter);
  g_mutex_lock (&waiter.lock);
  while (!waiter.has_ended)
    g_cond_wait (&waiter.ended, &waiter.lock);
  g_mutex_unlock (&waiter.lock);
  g_mutex_clear (&waiter.lock);
  g_cond_clear (&waiter.ended);
  if (waiter.error != NULL)
    g_propagate_error (error, waiter.error);
  return waiter.result;
}
