/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "value/heddle-json.h"

#include <string.h>

/* Beyond so many at once a new one is closed at once. */
#define MAX_CONNECTIONS 4096
/* How long a refused client may go on sending, so that it sees the answer rather than a broken connection. */
#define LINGER_MS 2000
#define CONNECTION_KEY "heddle-connection"

struct _HeddleConnection
{
  HeddleServerCore *core;
  GSocketConnection *stream; /* kept by libsoup, watched by a weak reference */
  GSocketAddress *client;
  SoupServerMessage *message; /* borrowed; NULL before the head is there */
  GSource *deadline;
  GSource *drain;
  char *refusal;            /* being written */
  GSource *watch;           /* whether the client hangs up */
  HeddleServedRun *awaited; /* what it waits for then */
};

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stop_watching (HeddleConnection *self)
{
  clear_source (&self->watch);
  g_clear_pointer (&self->awaited, heddle_served_run_unref);
}

static void
connection_free (HeddleConnection *self)
{
  stop_watching (self);
  clear_source (&self->deadline);
  clear_source (&self->drain);
  g_object_unref (self->client);
  g_free (self->refusal);
  g_free (self);
}

static void
gone_cb (gpointer data, GObject *stream)
{
  HeddleConnection *self = data;

  self->stream = NULL;
  g_hash_table_remove (self->core->connections, self->client);
  connection_free (self);
}

static void
stop_stream (HeddleConnection *self)
{
  g_socket_shutdown (g_socket_connection_get_socket (self->stream), TRUE, TRUE, NULL);
}

void
heddle_connection_close (HeddleConnection *self)
{
  clear_source (&self->drain);
  clear_source (&self->deadline);
  stop_stream (self);
  /* Paused for the refusal, libsoup learns of the end now. */
  if (self->message != NULL && self->refusal != NULL)
    soup_server_message_unpause (self->message);
}

static gboolean
deadline_cb (gpointer data)
{
  HeddleConnection *self = data;

  clear_source (&self->deadline);
  if (self->message != NULL && self->refusal == NULL && soup_server_message_get_status (self->message) == 0)
    heddle_connection_refuse (self, SOUP_STATUS_REQUEST_TIMEOUT, "timeout", "The request took too long to arrive.");
  else
    heddle_connection_close (self);
  return G_SOURCE_REMOVE;
}

void
heddle_connection_set_deadline (HeddleConnection *self, guint timeout_ms)
{
  clear_source (&self->deadline);
  if (timeout_ms == 0)
    return;
  self->deadline = g_timeout_source_new (timeout_ms);
  g_source_set_callback (self->deadline, deadline_cb, self, NULL);
  g_source_attach (self->deadline, self->core->context);
}

void
heddle_connection_accept (HeddleServerCore *core, GSocketConnection *stream)
{
  g_autoptr (GSocketAddress) client = g_socket_connection_get_remote_address (stream, NULL);
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (stream, NULL);
  g_autoptr (GError) error = NULL;
  HeddleConnection *self;

  if (client == NULL || local == NULL || g_hash_table_size (core->connections) >= MAX_CONNECTIONS)
    return;
  self = g_new0 (HeddleConnection, 1);
  self->core = core;
  self->stream = stream;
  self->client = g_object_ref (client);
  g_object_weak_ref (G_OBJECT (stream), gone_cb, self);
  g_hash_table_insert (core->connections, client, self);
  heddle_connection_set_deadline (self, core->options.timeout_ms);
  if (!soup_server_accept_iostream (core->soup, G_IO_STREAM (stream), local, client, &error))
    g_debug ("A connection was not taken: %s", error->message);
}

HeddleConnection *
heddle_connection_find (HeddleServerCore *core, SoupServerMessage *message)
{
  return g_hash_table_lookup (core->connections, soup_server_message_get_remote_address (message));
}

void
heddle_connection_set_message (HeddleConnection *self, SoupServerMessage *message)
{
  stop_watching (self);
  self->message = message;
}

/* The client is gone when it closed its side. More of it, another request, is not read here. */
static gboolean
has_hung_up (GSocket *socket)
{
  char byte;
  GInputVector vector = { &byte, sizeof byte };
  int flags = G_SOCKET_MSG_PEEK;

  return g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL) <= 0;
}

static gboolean
watch_cb (GSocket *socket, GIOCondition condition, gpointer data)
{
  HeddleConnection *self = data;
  g_autoptr (HeddleServedRun) run = heddle_served_run_ref (self->awaited);

  stop_watching (self);
  if (has_hung_up (socket))
    heddle_served_run_cancel (run);
  return G_SOURCE_REMOVE;
}

void
heddle_connection_await (HeddleConnection *self, HeddleServedRun *run)
{
  stop_watching (self);
  self->awaited = heddle_served_run_ref (run);
  self->watch = g_socket_create_source (g_socket_connection_get_socket (self->stream), G_IO_IN | G_IO_HUP | G_IO_ERR, NULL);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (watch_cb), self, NULL);
  g_source_attach (self->watch, self->core->context);
}

static gboolean
drain_cb (GSocket *socket, GIOCondition condition, gpointer data)
{
  HeddleConnection *self = data;
  char buffer[65536];

  if (g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL) > 0)
    return G_SOURCE_CONTINUE;
  heddle_connection_close (self);
  return G_SOURCE_REMOVE;
}

static void
refused_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  /* Keeps the connection alive until here. */
  g_autoptr (GSocketConnection) stream = data;
  GSocket *socket = g_socket_connection_get_socket (stream);
  HeddleConnection *self = g_object_get_data (G_OBJECT (stream), CONNECTION_KEY);

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  self->drain = g_socket_create_source (socket, G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (self->drain, G_SOURCE_FUNC (drain_cb), self, NULL);
  g_source_attach (self->drain, self->core->context);
}

static char *
create_refusal (guint status, const char *code, const char *text)
{
  g_autoptr (JsonNode) body = heddle_error_body (code, text, NULL);
  g_autofree char *json = heddle_json_to_text (body, HEDDLE_JSON_COMPACT);

  return g_strdup_printf ("HTTP/1.1 %u %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s\n", status,
                          soup_status_get_phrase (status), strlen (json) + 1, json);
}

void
heddle_connection_refuse (HeddleConnection *self, guint status, const char *code, const char *text)
{
  if (self->refusal != NULL)
    return;
  self->refusal = create_refusal (status, code, text);
  /* libsoup would read all of the body first. While it pauses, the answer goes out beside it. */
  soup_server_message_pause (self->message);
  soup_server_message_set_status (self->message, status, NULL);
  heddle_connection_set_deadline (self, LINGER_MS);
  g_object_set_data (G_OBJECT (self->stream), CONNECTION_KEY, self);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->stream)), self->refusal, strlen (self->refusal),
                                   G_PRIORITY_DEFAULT, NULL, refused_cb, g_object_ref (self->stream));
}
