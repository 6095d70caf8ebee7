/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "value/heddle-json.h"

#include <string.h>

#define EXCHANGE_KEY "heddle-exchange"
/* How long a client may take to read its answer. */
#define WRITE_TIMEOUT_MS 60000

static void
finished_cb (SoupServerMessage *message, gpointer data)
{
  HeddleExchange *self = data;
  HeddleServerRequest request = {
    .time = self->time,
    .duration = g_get_monotonic_time () - self->started,
    .method = self->method,
    .path = self->path,
    .client = self->client,
    .status = soup_server_message_get_status (message),
    .workflow = self->workflow,
    .run = self->run,
  };

  HeddleConnection *connection = heddle_connection_find (self->core, message);

  self->is_done = TRUE;
  if (connection != NULL)
    heddle_connection_set_message (connection, NULL);
  self->core->log (self->core, &request);
}

/* Names of workflows belong into the log, control characters that could forge a line of it do not. */
static char *
dup_path (SoupServerMessage *message)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));
  g_autofree char *start = g_strndup (path, 256);

  return g_utf8_make_valid (start, -1);
}

HeddleExchange *
heddle_exchange_new (HeddleServerCore *core, SoupServerMessage *message)
{
  HeddleExchange *self = g_new0 (HeddleExchange, 1);

  self->core = core;
  self->message = message;
  self->n_refs = 1;
  self->client = g_strdup (soup_server_message_get_remote_host (message));
  self->method = g_strdup (soup_server_message_get_method (message));
  self->path = dup_path (message);
  self->time = g_get_real_time ();
  self->started = g_get_monotonic_time ();
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), self);
  g_object_set_data_full (G_OBJECT (message), EXCHANGE_KEY, self, (GDestroyNotify) heddle_exchange_unref);
  return self;
}

HeddleExchange *
heddle_exchange_get (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), EXCHANGE_KEY);
}

HeddleExchange *
heddle_exchange_ref (HeddleExchange *self)
{
  self->n_refs++;
  return self;
}

void
heddle_exchange_unref (HeddleExchange *self)
{
  if (--self->n_refs > 0)
    return;
  g_free (self->client);
  g_free (self->method);
  g_free (self->path);
  g_free (self->workflow);
  g_free (self->run);
  g_free (self);
}

void
heddle_exchange_pause (HeddleExchange *self)
{
  self->is_paused = TRUE;
  soup_server_message_pause (self->message);
}

const char *
heddle_exchange_get_header (HeddleExchange *self, const char *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (self->message), name);
}

void
heddle_exchange_set_header (HeddleExchange *self, const char *name, const char *value)
{
  if (!self->is_done)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name, value);
}

void
heddle_exchange_reply_text (HeddleExchange *self, guint status, const char *type, const char *text)
{
  HeddleConnection *connection;

  if (self->is_done)
    return;
  connection = heddle_connection_find (self->core, self->message);
  heddle_exchange_set_header (self, "Connection", "close");
  heddle_exchange_set_header (self, "Cache-Control", "no-store");
  heddle_exchange_set_header (self, "X-Content-Type-Options", "nosniff");
  soup_server_message_set_status (self->message, status, status == HEDDLE_STATUS_TOO_MANY_REQUESTS ? "Too Many Requests" : NULL);
  soup_server_message_set_response (self->message, type, SOUP_MEMORY_COPY, text, strlen (text));
  if (connection != NULL)
    heddle_connection_set_deadline (connection, WRITE_TIMEOUT_MS);
  if (self->is_paused)
    soup_server_message_unpause (self->message);
  self->is_paused = FALSE;
}

void
heddle_exchange_reply (HeddleExchange *self, guint status, JsonNode *body)
{
  g_autoptr (JsonNode) owned = body;
  g_autofree char *text = heddle_json_to_text (owned, HEDDLE_JSON_COMPACT);
  g_autofree char *line = g_strconcat (text, "\n", NULL);

  heddle_exchange_reply_text (self, status, "application/json", line);
}

JsonNode *
heddle_error_body (const char *code, const char *message, const char *pointer)
{
  JsonObject *error = json_object_new ();
  JsonObject *body = json_object_new ();

  json_object_set_string_member (error, "code", code);
  json_object_set_member (error, "message", heddle_json_string (message));
  if (pointer != NULL)
    json_object_set_member (error, "pointer", heddle_json_string (pointer));
  json_object_set_object_member (body, "error", error);
  return heddle_json_object (body);
}

void
heddle_exchange_fail_at (HeddleExchange *self, guint status, const char *code, const char *message, const char *pointer)
{
  heddle_exchange_reply (self, status, heddle_error_body (code, message, pointer));
}

void
heddle_exchange_fail (HeddleExchange *self, guint status, const char *code, const char *message)
{
  heddle_exchange_fail_at (self, status, code, message, NULL);
}

void
heddle_exchange_fail_later (HeddleExchange *self, guint status, const char *code, const char *message, guint retry_after)
{
  g_autofree char *seconds = g_strdup_printf ("%u", retry_after);

  heddle_exchange_set_header (self, "Retry-After", seconds);
  heddle_exchange_fail (self, status, code, message);
}
