/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-openai-private.h"

#include "heddle-error.h"
#include "net/heddle-http.h"
#include "net/heddle-sse.h"
#include "provider/heddle-openai-reply.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_REPLY_BYTES (256 * 1024 * 1024)

typedef struct
{
  HeddleHttp *http;
  HeddleEndpoint *endpoint; /* what messages and hints need, without the credential */
  char *model;
  char *input_text;
  gboolean stream;
  HeddleOpenaiReply *reply;
  HeddleSse *sse;
  GByteArray *raw; /* a stream's bytes until its first event, as it may be no stream */
} Chat;

static void
chat_free (gpointer data)
{
  Chat *chat = data;

  heddle_http_unref (chat->http);
  heddle_endpoint_free (chat->endpoint);
  g_free (chat->model);
  g_free (chat->input_text);
  heddle_openai_reply_free (chat->reply);
  heddle_sse_free (chat->sse);
  g_byte_array_unref (chat->raw);
  g_free (chat);
}

/* Strict mode refuses schemas that leave anything open. */
static gboolean
is_strict_schema (JsonNode *schema)
{
  JsonObject *properties = heddle_json_get_object (schema, "properties");
  JsonArray *required = heddle_json_get_array (schema, "required");
  JsonNode *items = heddle_json_member (schema, "items");
  g_autoptr (GList) names = properties == NULL ? NULL : json_object_get_members (properties);
  gboolean is_object = properties != NULL || strcmp (heddle_json_get_string (schema, "type", ""), "object") == 0;

  if (is_object && (heddle_json_get_boolean (schema, "additionalProperties", TRUE) || required == NULL ||
                    json_array_get_length (required) != g_list_length (names)))
    return FALSE;
  for (GList *link = names; link != NULL; link = link->next)
    {
      if (!is_strict_schema (json_object_get_member (properties, link->data)))
        return FALSE;
    }
  return items == NULL || is_strict_schema (items);
}

static JsonObject *
create_response_format (const HeddleChatRequest *request)
{
  JsonObject *format = json_object_new ();
  JsonObject *wrapper;

  if (request->response_schema == NULL)
    {
      json_object_set_string_member (format, "type", "json_object");
      return format;
    }
  wrapper = json_object_new ();
  json_object_set_string_member (wrapper, "name", "answer");
  if (is_strict_schema (request->response_schema))
    json_object_set_boolean_member (wrapper, "strict", TRUE);
  json_object_set_member (wrapper, "schema", json_node_ref (request->response_schema));
  json_object_set_string_member (format, "type", "json_schema");
  json_object_set_object_member (format, "json_schema", wrapper);
  return format;
}

static GBytes *
create_body (const HeddleEndpoint *endpoint,
             const HeddleChatRequest *request)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  char *text;

  json_object_set_string_member (object, "model", heddle_model_reference_get_model (request->model));
  json_object_set_member (object, "messages", json_node_ref (request->messages));
  if (request->temperature >= 0)
    json_object_set_double_member (object, "temperature", request->temperature);
  if (request->max_tokens > 0)
    /* OpenAI's newer models refuse the old name, all others know only that one. */
    json_object_set_int_member (object, g_strcmp0 (endpoint->host, "api.openai.com") == 0 ? "max_completion_tokens" : "max_tokens",
                                request->max_tokens);
  if (request->response_schema != NULL || request->response_json)
    json_object_set_object_member (object, "response_format", create_response_format (request));
  if (request->stream)
    {
      JsonObject *options = json_object_new ();

      json_object_set_boolean_member (options, "include_usage", TRUE);
      json_object_set_boolean_member (object, "stream", TRUE);
      json_object_set_object_member (object, "stream_options", options);
    }
  node = heddle_json_object (object);
  text = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);
  return g_bytes_new_take (text, strlen (text));
}

GError *
heddle_openai_error_from_response (const HeddleHttpResponse *response,
                                   const HeddleEndpoint *endpoint,
                                   const char *model)
{
  GError *error = heddle_http_error_from_response (response, endpoint->host);
  HeddleErrorDetail *detail = heddle_error_detail (error);

  if (error == NULL)
    return NULL;
  if (error->code == HEDDLE_ERROR_AUTH)
    {
      g_free (detail->hint);
      detail->hint = g_strdup (endpoint->key_hint);
    }
  if (error->code == HEDDLE_ERROR_NOT_FOUND && model != NULL)
    {
      g_free (detail->hint);
      detail->hint = g_strdup_printf (_ ("Check that the provider “%s” has a model “%s” and that its address is right."), endpoint->provider, model);
    }
  return error;
}

static void
event_cb (const char *event,
          const char *data,
          gpointer user_data)
{
  Chat *chat = user_data;

  heddle_openai_reply_add_event (chat->reply, data);
}

static void
chunk_cb (const char *data,
          gsize length,
          gpointer user_data)
{
  Chat *chat = user_data;

  if (!heddle_openai_reply_has_events (chat->reply))
    g_byte_array_append (chat->raw, (const guint8 *) data, length);
  heddle_sse_feed (chat->sse, data, length);
}

static void
read_whole (Chat *chat,
            const HeddleHttpResponse *response)
{
  if (!chat->stream)
    {
      gsize length;
      const char *body = g_bytes_get_data (response->body, &length);

      heddle_openai_reply_add_body (chat->reply, body == NULL ? "" : body, length);
      return;
    }
  heddle_sse_end (chat->sse);
  if (!heddle_openai_reply_has_events (chat->reply) && chat->raw->len > 0)
    heddle_openai_reply_add_body (chat->reply, (const char *) chat->raw->data, chat->raw->len);
}

static void
sent_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Chat *chat = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (HeddleHttpResponse) response = heddle_http_send_finish (chat->http, result, &error);
  HeddleChatResponse *answer;

  if (response != NULL)
    error = heddle_openai_error_from_response (response, chat->endpoint, chat->model);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  read_whole (chat, response);
  answer = heddle_openai_reply_finish (chat->reply, chat->input_text, &error);
  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (answer->model == NULL)
    answer->model = g_strdup (chat->model);
  g_task_return_pointer (task, answer, (GDestroyNotify) heddle_chat_response_free);
}

HeddleEndpoint *
heddle_endpoint_copy_public (const HeddleEndpoint *endpoint)
{
  HeddleEndpoint *copy = g_new0 (HeddleEndpoint, 1);

  copy->provider = g_strdup (endpoint->provider);
  copy->base_url = g_strdup (endpoint->base_url);
  copy->host = g_strdup (endpoint->host);
  copy->key_hint = g_strdup (endpoint->key_hint);
  return copy;
}

static Chat *
create_chat (HeddleHttp *http,
             const HeddleEndpoint *endpoint,
             const HeddleChatRequest *request)
{
  Chat *chat = g_new0 (Chat, 1);

  chat->http = heddle_http_ref (http);
  chat->endpoint = heddle_endpoint_copy_public (endpoint);
  chat->model = g_strdup (heddle_model_reference_get_model (request->model));
  chat->input_text = heddle_messages_to_text (request->messages);
  chat->stream = request->stream;
  chat->reply = heddle_openai_reply_new (endpoint->host, request->delta, request->delta_data);
  chat->sse = heddle_sse_new (event_cb, chat);
  chat->raw = g_byte_array_new ();
  return chat;
}

void
heddle_openai_chat_async (HeddleHttp *http,
                          const HeddleEndpoint *endpoint,
                          const HeddleChatRequest *request,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GBytes) body = create_body (endpoint, request);
  g_autofree char *url = g_strconcat (endpoint->base_url, "/chat/completions", NULL);
  Chat *chat = create_chat (http, endpoint, request);
  HeddleHttpHeader headers[] = {
    { "Accept", request->stream ? "text/event-stream" : "application/json", FALSE },
    /* A proxy that compresses also gathers before it sends. */
    { "Accept-Encoding", "identity", FALSE },
    { endpoint->header_value == NULL ? NULL : endpoint->header_name, endpoint->header_value, TRUE },
    { NULL, NULL, FALSE },
  };
  HeddleHttpRequest message = {
    .method = "POST",
    .url = url,
    .headers = headers,
    .body = body,
    .content_type = "application/json",
    .timeout_ms = request->timeout_ms,
    .max_bytes = MAX_REPLY_BYTES,
    .chunk = request->stream ? chunk_cb : NULL,
    .chunk_data = chat,
  };

  g_task_set_source_tag (task, heddle_openai_chat_async);
  g_task_set_task_data (task, chat, chat_free);
  heddle_http_send_async (http, &message, cancellable, sent_cb, g_object_ref (task));
}

HeddleChatResponse *
heddle_openai_chat_finish (GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
