/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-remote-private.h"

#include "heddle-error.h"
#include "net/heddle-ndjson.h"
#include "net/heddle-sse.h"
#include "provider/heddle-wire.h"

#include <glib/gi18n-lib.h>

#define MAX_REPLY_BYTES (256 * 1024 * 1024)
#define DEFAULT_PROGRESS_MS (10 * 60 * 1000)
/* A stream is over when it says so, but some servers forget to close it, or to say so behind the last piece. */
#define CLOSE_MS 2000
#define FINISH_MS 10000

typedef struct
{
  HeddleHttp *http;
  const HeddleAdapter *adapter;
  HeddleChatRequest *request;
  HeddleEndpoint *endpoint; /* what messages and hints need, without the credential */
  HeddleToolNames *names;
  HeddleReply *reply;
  HeddleSse *sse;
  HeddleNdjson *lines;
  GByteArray *raw;           /* a stream's bytes until its first event, as it may be no stream */
  GCancellable *cancellable; /* of our own: the progress timer cancels too */
  GCancellable *user_cancellable;
  gulong user_handler;
  GSource *timer;
  gboolean is_late;
} Chat;

static void
stop_timer (Chat *chat)
{
  if (chat->timer == NULL)
    return;
  g_source_destroy (chat->timer);
  g_clear_pointer (&chat->timer, g_source_unref);
}

static void
chat_free (gpointer data)
{
  Chat *chat = data;
  gpointer *state = heddle_reply_get_state (chat->reply);

  stop_timer (chat);
  if (*state != NULL && chat->adapter->state_free != NULL)
    chat->adapter->state_free (*state);
  g_cancellable_disconnect (chat->user_cancellable, chat->user_handler);
  g_clear_object (&chat->user_cancellable);
  g_object_unref (chat->cancellable);
  heddle_reply_free (chat->reply);
  heddle_sse_free (chat->sse);
  heddle_ndjson_free (chat->lines);
  g_byte_array_unref (chat->raw);
  heddle_tool_names_free (chat->names);
  heddle_endpoint_free (chat->endpoint);
  heddle_chat_request_free (chat->request);
  heddle_http_unref (chat->http);
  g_free (chat);
}

static gboolean
late_cb (gpointer user_data)
{
  Chat *chat = user_data;

  chat->is_late = TRUE;
  stop_timer (chat);
  g_cancellable_cancel (chat->cancellable);
  return G_SOURCE_REMOVE;
}

/* Comments keep a connection, but they are no progress. */
static void
start_timer (Chat *chat,
             guint ms)
{
  if (chat->timer == NULL)
    {
      chat->timer = g_timeout_source_new (ms);
      g_source_set_callback (chat->timer, late_cb, chat, NULL);
      g_source_attach (chat->timer, g_main_context_get_thread_default ());
    }
  g_source_set_ready_time (chat->timer, g_get_monotonic_time () + ms * (gint64) 1000);
}

static void
note_progress (Chat *chat)
{
  guint limit = chat->request->progress_timeout_ms > 0 ? chat->request->progress_timeout_ms : DEFAULT_PROGRESS_MS;

  if (heddle_reply_is_done (chat->reply))
    limit = CLOSE_MS;
  else if (heddle_reply_is_finished (chat->reply))
    limit = MIN (limit, FINISH_MS);
  start_timer (chat, limit);
}

static void
event_cb (const char *event,
          const char *data,
          gpointer user_data)
{
  Chat *chat = user_data;

  heddle_reply_add_event (chat->reply, data, chat->adapter->take);
  note_progress (chat);
}

static void
line_cb (const char *line,
         gpointer user_data)
{
  event_cb ("", line, user_data);
}

static void
chunk_cb (const char *data,
          gsize length,
          gpointer user_data)
{
  Chat *chat = user_data;

  if (!heddle_reply_has_events (chat->reply))
    g_byte_array_append (chat->raw, (const guint8 *) data, length);
  if (chat->adapter->is_lines)
    heddle_ndjson_feed (chat->lines, data, length);
  else
    heddle_sse_feed (chat->sse, data, length);
}

static void
read_whole (Chat *chat,
            const HeddleHttpResponse *response)
{
  if (!chat->request->stream)
    {
      gsize length;
      const char *body = g_bytes_get_data (response->body, &length);

      heddle_reply_add_body (chat->reply, body == NULL ? "" : body, length, chat->adapter->take);
      return;
    }
  if (chat->adapter->is_lines)
    heddle_ndjson_end (chat->lines);
  else
    heddle_sse_end (chat->sse);
  if (!heddle_reply_has_events (chat->reply) && chat->raw->len > 0)
    heddle_reply_add_body (chat->reply, (const char *) chat->raw->data, chat->raw->len, chat->adapter->take);
}

static HeddleChatResponse *
create_response (Chat *chat,
                 GError **error)
{
  HeddleChatResponse *answer;

  heddle_reply_release (chat->reply);
  if (chat->adapter->end != NULL)
    chat->adapter->end (chat->reply);
  answer = heddle_reply_finish (chat->reply, error);
  if (answer != NULL && answer->model == NULL)
    answer->model = g_strdup (heddle_model_reference_get_model (chat->request->model));
  return answer;
}

static GError *
late_error (Chat *chat)
{
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT, _ ("%s keeps the connection, but does not go on with its answer."), chat->endpoint->host);

  heddle_error_set_hint (error, _ ("Try again. A server that is loading a model may need some minutes the first time."));
  return error;
}

static void
take_request_id (Chat *chat,
                 const HeddleHttpResponse *response,
                 GError *error)
{
  static const char *const headers[] = { "x-request-id", "request-id", NULL };
  HeddleErrorDetail *detail = heddle_error_detail (error);

  for (guint i = 0; response != NULL && headers[i] != NULL; i++)
    {
      const char *id = heddle_http_response_get_header (response, headers[i]);

      heddle_reply_set_request_id (chat->reply, id);
      if (detail != NULL && detail->request_id == NULL)
        detail->request_id = g_strdup (id);
    }
}

/* Whether all of the answer came, although the connection did not end well. */
static gboolean
is_whole (Chat *chat)
{
  if (g_cancellable_is_cancelled (chat->user_cancellable))
    return FALSE;
  return heddle_reply_is_done (chat->reply) || (chat->is_late && heddle_reply_is_finished (chat->reply));
}

/* The answer, or what went wrong. */
static HeddleChatResponse *
conclude (Chat *chat,
          const HeddleHttpResponse *response,
          GError **error)
{
  HeddleChatResponse *answer;

  if (response == NULL && is_whole (chat))
    {
      g_clear_error (error);
      return create_response (chat, error);
    }
  if (response == NULL && chat->is_late)
    {
      g_clear_error (error);
      g_propagate_error (error, late_error (chat));
    }
  if (response == NULL)
    return NULL;
  *error = heddle_remote_error_from_response (response, chat->endpoint, heddle_model_reference_get_model (chat->request->model));
  if (*error != NULL)
    return NULL;
  take_request_id (chat, response, NULL);
  read_whole (chat, response);
  answer = create_response (chat, error);
  if (*error != NULL)
    heddle_remote_explain_error (*error, chat->endpoint, heddle_model_reference_get_model (chat->request->model));
  take_request_id (chat, response, *error);
  return answer;
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

  stop_timer (chat);
  answer = conclude (chat, response, &error);
  if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, answer, (GDestroyNotify) heddle_chat_response_free);
}

static void
user_cancelled_cb (GCancellable *user,
                   gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static Chat *
create_chat (HeddleHttp *http,
             const HeddleEndpoint *endpoint,
             const HeddleChatRequest *request,
             GCancellable *cancellable)
{
  Chat *chat = g_new0 (Chat, 1);

  chat->http = heddle_http_ref (http);
  chat->adapter = heddle_adapter_find (endpoint->kind);
  chat->request = heddle_chat_request_copy (request);
  chat->endpoint = heddle_endpoint_copy_public (endpoint);
  chat->names = heddle_tool_names_new (request->tools, request->messages);
  chat->reply = heddle_reply_new (chat->request, endpoint->kind, endpoint->host, chat->names);
  if (endpoint->header_value != NULL)
    heddle_reply_hide (chat->reply, endpoint->header_value);
  chat->sse = heddle_sse_new (event_cb, chat);
  chat->lines = heddle_ndjson_new (line_cb, chat);
  chat->raw = g_byte_array_new ();
  chat->cancellable = g_cancellable_new ();
  if (cancellable == NULL)
    return chat;
  chat->user_cancellable = g_object_ref (cancellable);
  chat->user_handler = g_cancellable_connect (cancellable, G_CALLBACK (user_cancelled_cb), g_object_ref (chat->cancellable), g_object_unref);
  return chat;
}

static void
send (GTask *task,
      Chat *chat,
      const HeddleEndpoint *endpoint,
      const char *path,
      GBytes *body)
{
  g_autofree char *url = heddle_adapter_dup_url (chat->adapter, endpoint->base_url, path);
  gboolean stream = chat->request->stream;
  HeddleHttpHeader headers[HEDDLE_REMOTE_MAX_HEADERS];
  HeddleHttpRequest message = {
    .method = "POST",
    .url = url,
    .headers = headers,
    .body = body,
    .content_type = "application/json",
    .timeout_ms = chat->request->timeout_ms,
    .idle_timeout_ms = DEFAULT_PROGRESS_MS,
    .max_bytes = MAX_REPLY_BYTES,
    .chunk = stream ? chunk_cb : NULL,
    .chunk_data = chat,
  };

  heddle_remote_set_headers (headers, endpoint, chat->adapter, !stream ? "application/json" : chat->adapter->is_lines ? "application/x-ndjson"
                                                                                                                      : "text/event-stream");
  note_progress (chat);
  heddle_http_send_async (chat->http, &message, chat->cancellable, sent_cb, g_object_ref (task));
}

void
heddle_remote_chat_async (HeddleHttp *http,
                          const HeddleEndpoint *endpoint,
                          const HeddleChatRequest *request,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Chat *chat = create_chat (http, endpoint, request, cancellable);
  HeddleChatCall call = {
    .endpoint = endpoint,
    .profile = heddle_profile_find (endpoint->profile, endpoint->base_url),
    .request = chat->request,
    .model = heddle_model_reference_get_model (chat->request->model),
    .names = chat->names,
  };
  GError *error = NULL;
  JsonObject *object = chat->adapter->create_chat (&call, &error);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) body = NULL;

  g_task_set_source_tag (task, heddle_remote_chat_async);
  g_task_set_task_data (task, chat, chat_free);
  if (object == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  path = chat->adapter->dup_chat_path (&call);
  body = heddle_wire_to_bytes (object);
  send (task, chat, endpoint, path, body);
}

HeddleChatResponse *
heddle_remote_chat_finish (GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
