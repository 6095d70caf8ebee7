/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-http-private.h"

#include "heddle-error.h"
#include "net/heddle-sse.h"
#include "tool/heddle-mcp-header.h"
#include "tool/heddle-mcp-protocol.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STREAM_BYTES (256 * 1024 * 1024)
#define LISTEN_IDLE_MS (60 * 60 * 1000)
#define RETRY_MS 1000
#define MAX_RETRY_MS 30000
#define MAX_RESUMES 5

typedef enum
{
  FORM_NONE, /* nothing, or nothing that is of use */
  FORM_JSON,
  FORM_EVENTS,
} Form;

struct _HeddleMcpExchange
{
  HeddleMcpHttp *owner;
  gint64 id; /* of the request; 0: no answer is awaited */
  gboolean listens;
  gboolean begins_session;
  GBytes *body;       /* NULL: GET */
  GPtrArray *headers; /* HeddleMcpSetting of this message */
  GCancellable *cancellable;
  GSource *timer; /* while it waits to be taken up again; or NULL */
  Form form;
  char *type; /* Content-Type of what came */
  HeddleSse *events;
  gsize event_bytes; /* since the last event */
  GString *json;
  gboolean too_large;
  gboolean answered;
  char *last_id; /* of an event, to go on from */
  gint64 retry_ms;
  guint resumes; /* without anything new */
};

static void
exchange_free (HeddleMcpExchange *self)
{
  g_ptr_array_remove_fast (self->owner->exchanges, self);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_pointer (&self->events, heddle_sse_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_ptr_array_unref (self->headers);
  g_string_free (self->json, TRUE);
  g_object_unref (self->cancellable);
  g_free (self->last_id);
  g_free (self->type);
  g_object_unref (self->owner);
  g_free (self);
}

gint64
heddle_mcp_exchange_get_id (HeddleMcpExchange *self)
{
  return self->id;
}

void
heddle_mcp_exchange_cancel (HeddleMcpExchange *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->timer != NULL)
    exchange_free (self);
}

/* A server that could not read the request does not know its id; here it can be no other. */
static gboolean
is_anonymous_error (JsonNode *message)
{
  JsonNode *id = heddle_json_member (message, "id");

  return heddle_json_rpc_get_kind (message) == HEDDLE_JSON_RPC_ERROR && (id == NULL || JSON_NODE_HOLDS_NULL (id));
}

static void
message_cb (JsonNode *message, gpointer user_data)
{
  HeddleMcpExchange *self = user_data;

  if (self->id > 0 && is_anonymous_error (message))
    {
      self->answered = TRUE;
      heddle_mcp_transport_tell_failed (HEDDLE_MCP_TRANSPORT (self->owner), self->id, NULL, message);
      return;
    }
  if (self->id > 0 && heddle_json_rpc_get_id (message) == self->id && heddle_json_rpc_get_kind (message) >= HEDDLE_JSON_RPC_RESULT)
    self->answered = TRUE;
  heddle_mcp_transport_get_reader_funcs ()->message (message, self->owner);
}

static void
noise_cb (const char *text, const char *why, gpointer user_data)
{
  HeddleMcpExchange *self = user_data;

  heddle_mcp_transport_get_reader_funcs ()->noise (text, why, self->owner);
}

static void
read_messages (HeddleMcpExchange *self, const char *text, gsize length)
{
  static const HeddleJsonRpcFuncs funcs = { message_cb, noise_cb };

  heddle_json_rpc_read (text, length, &funcs, self);
}

/* An event with an id and no data only says from where to go on. */
static void
event_cb (const char *event, const char *data, gpointer user_data)
{
  HeddleMcpExchange *self = user_data;

  self->event_bytes = 0;
  self->resumes = 0;
  if (!g_cancellable_is_cancelled (self->cancellable))
    read_messages (self, data, strlen (data));
}

static gboolean
is_type (const char *type, const char *wanted)
{
  gsize length = strcspn (type, "; \t");

  return length == strlen (wanted) && g_ascii_strncasecmp (type, wanted, length) == 0;
}

static void
head_cb (const HeddleHttpResponse *response, gpointer user_data)
{
  HeddleMcpExchange *self = user_data;
  const char *type = heddle_http_response_get_header (response, "content-type");
  const char *session = heddle_http_response_get_header (response, "mcp-session-id");

  g_free (self->type);
  self->type = g_strdup (type == NULL ? "" : type);
  self->form = is_type (self->type, "text/event-stream") ? FORM_EVENTS : is_type (self->type, "application/json") ? FORM_JSON
                                                                                                                  : FORM_NONE;
  g_clear_pointer (&self->events, heddle_sse_free);
  self->events = heddle_sse_new (event_cb, self);
  self->event_bytes = 0;
  g_string_truncate (self->json, 0);
  if (self->begins_session && session != NULL && response->status < 300)
    {
      g_free (self->owner->session);
      self->owner->session = g_strdup (session);
    }
}

static void
chunk_cb (const char *data, gsize length, gpointer user_data)
{
  HeddleMcpExchange *self = user_data;

  if (self->too_large || self->form == FORM_NONE)
    return;
  self->event_bytes += length;
  if (self->event_bytes > HEDDLE_JSON_RPC_MAX_BYTES)
    {
      self->too_large = TRUE;
      g_cancellable_cancel (self->cancellable);
    }
  else if (self->form == FORM_EVENTS)
    {
      heddle_sse_feed (self->events, data, length);
    }
  else
    {
      g_string_append_len (self->json, data, length);
    }
}

static void
add_owners_headers (HeddleMcpExchange *self, GPtrArray *headers)
{
  HeddleMcpHttp *owner = self->owner;

  for (guint i = 0; i < owner->headers->len; i++)
    {
      const HeddleMcpSetting *header = g_ptr_array_index (owner->headers, i);

      heddle_mcp_settings_add (headers, header->name, header->value, header->is_secret);
    }
  if (owner->session != NULL && !self->begins_session)
    heddle_mcp_settings_add (headers, "Mcp-Session-Id", owner->session, FALSE);
  if (owner->version != NULL && !self->begins_session)
    heddle_mcp_settings_add (headers, "MCP-Protocol-Version", owner->version, FALSE);
}

GArray *
heddle_mcp_settings_to_headers (GPtrArray *settings)
{
  GArray *headers = g_array_new (TRUE, TRUE, sizeof (HeddleHttpHeader));

  for (guint i = 0; i < settings->len; i++)
    {
      const HeddleMcpSetting *setting = g_ptr_array_index (settings, i);
      HeddleHttpHeader header = { setting->name, setting->value, setting->is_secret };

      g_array_append_val (headers, header);
    }
  return headers;
}

/* Recursive: a stream that broke off is asked for again. */
static void send (HeddleMcpExchange *self);

static gboolean
resume_cb (gpointer data)
{
  HeddleMcpExchange *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  send (self);
  return G_SOURCE_REMOVE;
}

static void
resume (HeddleMcpExchange *self)
{
  gint64 wait = self->retry_ms >= 0 ? self->retry_ms : RETRY_MS << self->resumes;

  self->resumes++;
  g_clear_pointer (&self->body, g_bytes_unref);
  self->timer = g_timeout_source_new (MIN (wait, MAX_RETRY_MS));
  g_source_set_callback (self->timer, resume_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static gboolean
can_resume (HeddleMcpExchange *self)
{
  if (self->form != FORM_EVENTS || self->answered || self->resumes >= MAX_RESUMES || g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  return self->listens || (self->id > 0 && self->last_id != NULL);
}

static void
tell_failed (HeddleMcpExchange *self, const GError *error, JsonNode *reply)
{
  if (self->id > 0 && !self->answered)
    heddle_mcp_transport_tell_failed (HEDDLE_MCP_TRANSPORT (self->owner), self->id, error, reply);
}

static GError *
no_answer_error (HeddleMcpExchange *self)
{
  g_autofree char *host = heddle_http_dup_host (self->owner->url);
  GError *error;

  if (self->form == FORM_EVENTS)
    return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_BROKEN_STREAM, _ ("%s ended its stream of events before the answer came."), host);
  if (self->form == FORM_NONE && *self->type != '\0')
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("%s answered with %s, where an MCP server answers with JSON or a stream of events."),
                         host, self->type);
  else
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("%s did not answer with a message of the Model Context Protocol."), host);
  heddle_error_set_hint (error, _ ("Check the server's address; it often ends with /mcp."));
  return error;
}

static GError *
too_large_error (HeddleMcpExchange *self)
{
  g_autofree char *host = heddle_http_dup_host (self->owner->url);

  return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("%s sent a message of more than 16 MiB."), host);
}

/* The error object of a refused request, which came as its body. */
static JsonNode *
read_refusal (const HeddleHttpResponse *response)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);
  g_autoptr (JsonNode) reply = heddle_json_parse_limited (data == NULL ? "" : data, size, HEDDLE_JSON_RPC_MAX_BYTES, NULL);

  return heddle_json_rpc_get_kind (reply) == HEDDLE_JSON_RPC_ERROR ? g_steal_pointer (&reply) : NULL;
}

static void
take_response (HeddleMcpExchange *self, const HeddleHttpResponse *response)
{
  g_autoptr (GError) error = heddle_http_error_from_response (response, NULL);
  g_autoptr (JsonNode) reply = error == NULL ? NULL : read_refusal (response);

  if (error != NULL)
    {
      tell_failed (self, error, reply);
      return;
    }
  if (self->form == FORM_EVENTS)
    heddle_sse_end (self->events);
  else if (self->form == FORM_JSON)
    read_messages (self, self->json->str, self->json->len);
}

static void
note_position (HeddleMcpExchange *self)
{
  const char *last_id = self->events == NULL ? NULL : heddle_sse_get_last_id (self->events);
  gint64 retry_ms = self->events == NULL ? -1 : heddle_sse_get_retry (self->events);

  /* Both hold for the streams that follow, too. */
  if (retry_ms >= 0)
    self->retry_ms = retry_ms;
  if (last_id == NULL)
    return;
  g_free (self->last_id);
  self->last_id = g_strdup (last_id);
}

static void
end (HeddleMcpExchange *self, const GError *error)
{
  g_autoptr (GError) problem = NULL;

  if (self->too_large)
    problem = too_large_error (self);
  else if (error != NULL)
    problem = g_error_copy (error);
  else
    problem = no_answer_error (self);
  if (self->too_large || !g_cancellable_is_cancelled (self->cancellable))
    tell_failed (self, problem, NULL);
  exchange_free (self);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleMcpExchange *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleHttpResponse) response = heddle_http_send_finish (self->owner->http, result, &error);

  if (response != NULL)
    take_response (self, response);
  note_position (self);
  if (response != NULL && response->status >= 400)
    exchange_free (self);
  else if (can_resume (self))
    resume (self);
  else
    end (self, error);
}

static void
send (HeddleMcpExchange *self)
{
  g_autoptr (GPtrArray) settings = heddle_mcp_settings_copy (self->headers);
  g_autoptr (GArray) headers = NULL;
  HeddleHttpRequest request = {
    .method = self->body == NULL ? "GET" : "POST",
    .url = self->owner->url,
    .body = self->body,
    .content_type = "application/json",
    .idle_timeout_ms = LISTEN_IDLE_MS,
    .max_bytes = STREAM_BYTES,
    .head = head_cb,
    .chunk = chunk_cb,
    .chunk_data = self,
  };

  heddle_mcp_settings_add (settings, "Accept", self->body == NULL ? "text/event-stream" : "application/json, text/event-stream", FALSE);
  heddle_mcp_settings_add (settings, "Accept-Encoding", "identity", FALSE);
  add_owners_headers (self, settings);
  if (self->last_id != NULL)
    heddle_mcp_settings_add (settings, "Last-Event-ID", self->last_id, FALSE);
  headers = heddle_mcp_settings_to_headers (settings);
  request.headers = (const HeddleHttpHeader *) (gpointer) headers->data;
  heddle_http_send_async (self->owner->http, &request, self->cancellable, sent_cb, self);
}

static HeddleMcpExchange *
exchange_new (HeddleMcpHttp *owner)
{
  HeddleMcpExchange *self = g_new0 (HeddleMcpExchange, 1);

  self->owner = g_object_ref (owner);
  self->headers = heddle_mcp_settings_new ();
  self->cancellable = g_cancellable_new ();
  self->type = g_strdup ("");
  self->json = g_string_new (NULL);
  self->retry_ms = -1;
  g_ptr_array_add (owner->exchanges, self);
  return self;
}

/* What the headers repeat of a message of the modern era, so that those between need not read it. */
static void
add_message_headers (HeddleMcpExchange *self, JsonNode *message)
{
  JsonNode *params = heddle_json_member (message, "params");
  const char *version = heddle_json_get_string (heddle_json_member (params, "_meta"), HEDDLE_MCP_META_VERSION, NULL);
  const char *name = heddle_json_get_string (params, "name", NULL);

  if (version == NULL)
    return;
  heddle_mcp_settings_add (self->headers, "MCP-Protocol-Version", version, FALSE);
  heddle_mcp_settings_add (self->headers, "Mcp-Method", heddle_json_get_string (message, "method", ""), FALSE);
  if (name != NULL)
    {
      g_autofree char *code = heddle_mcp_header_encode (name);

      heddle_mcp_settings_add (self->headers, "Mcp-Name", code, FALSE);
    }
}

static void
add_field (JsonObject *object, const char *name, JsonNode *value, gpointer user_data)
{
  HeddleMcpExchange *self = user_data;

  heddle_mcp_settings_add (self->headers, name, json_node_get_string (value), FALSE);
}

void
heddle_mcp_exchange_start (HeddleMcpHttp *owner, JsonNode *message, JsonObject *fields)
{
  HeddleMcpExchange *self = exchange_new (owner);
  g_autofree char *text = heddle_json_to_text (message, HEDDLE_JSON_COMPACT);
  gsize length = strlen (text);

  if (heddle_json_rpc_get_kind (message) == HEDDLE_JSON_RPC_REQUEST)
    self->id = heddle_json_rpc_get_id (message);
  self->begins_session = strcmp (heddle_json_get_string (message, "method", ""), "initialize") == 0;
  self->body = g_bytes_new_take (g_steal_pointer (&text), length);
  add_message_headers (self, message);
  if (fields != NULL)
    json_object_foreach_member (fields, add_field, self);
  send (self);
}

void
heddle_mcp_exchange_listen (HeddleMcpHttp *owner)
{
  HeddleMcpExchange *self = exchange_new (owner);

  self->listens = TRUE;
  send (self);
}
