/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "store/heddle-store.h"
#include "value/heddle-json.h"

#include <string.h>

/* What may wait for a client that reads slowly; past it the client is let go and can come again with Last-Event-ID. */
#define MAX_PENDING (4 * 1024 * 1024)
#define HEARTBEAT_SECONDS 15
/* Of streamed text pieces are put together for so long. */
#define INTERVAL_MS 50

/* One client that follows a run. */
typedef struct
{
  HeddleExchange *exchange;
  HeddleRun *run; /* NULL until it has begun, and for stored ones */
  guint subscription;
  guint64 seen; /* the seq of the last event that the client has */
  gsize pending;
  GSource *heartbeat;
  gboolean complete;
} Stream;

static void
stop_listening (Stream *self)
{
  if (self->subscription != 0)
    heddle_run_unsubscribe (self->run, self->subscription);
  self->subscription = 0;
  if (self->heartbeat == NULL)
    return;
  g_source_destroy (self->heartbeat);
  g_clear_pointer (&self->heartbeat, g_source_unref);
}

static void
stream_free (gpointer data)
{
  Stream *self = data;

  g_clear_object (&self->run);
  heddle_exchange_unref (self->exchange);
  g_free (self);
}

static void
finished_cb (SoupServerMessage *message, gpointer data)
{
  stop_listening (data);
}

static void
wrote_cb (SoupServerMessage *message, guint n_bytes, gpointer data)
{
  Stream *self = data;

  self->pending -= MIN (self->pending, n_bytes);
}

static void
send_text (Stream *self, const char *text, gsize length)
{
  if (self->exchange->is_done || self->complete)
    return;
  soup_message_body_append (soup_server_message_get_response_body (self->exchange->message), SOUP_MEMORY_COPY, text, length);
  self->pending += length;
  soup_server_message_unpause (self->exchange->message);
}

static void
complete (Stream *self)
{
  if (self->exchange->is_done || self->complete)
    return;
  self->complete = TRUE;
  stop_listening (self);
  soup_message_body_complete (soup_server_message_get_response_body (self->exchange->message));
  soup_server_message_unpause (self->exchange->message);
}

static void
let_go (Stream *self)
{
  static const char text[] = "event: error\ndata: {\"error\":{\"code\":\"too_slow\",\"message\":\"The events were not read in time. Come again with Last-Event-ID.\"}}\n\n";

  send_text (self, text, strlen (text));
  complete (self);
}

static void
append_event (GString *out, HeddleEvent *event)
{
  g_autoptr (JsonNode) node = heddle_event_to_json (event);
  g_autofree char *data = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);

  g_string_append_printf (out, "id: %" G_GUINT64_FORMAT "\nevent: %s\ndata: %s\n\n", event->seq, heddle_event_kind_to_string (event->kind), data);
}

static void
send_events (Stream *self, GPtrArray *events)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const HeddleEvent *last = events->len > 0 ? g_ptr_array_index (events, events->len - 1) : NULL;

  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);

      if (event->seq <= self->seen)
        continue;
      append_event (text, event);
      self->seen = event->seq;
    }
  if (text->len > 0)
    send_text (self, text->str, text->len);
  if (last != NULL && last->kind == HEDDLE_EVENT_RUN_FINISHED)
    complete (self);
  else if (self->pending > MAX_PENDING)
    let_go (self);
}

static void
events_cb (HeddleRun *run, GPtrArray *events, gpointer data)
{
  Stream *self = data;
  const HeddleEvent *last = g_ptr_array_index (events, events->len - 1);

  /* The run closes the subscription behind its last event. */
  if (last->kind == HEDDLE_EVENT_RUN_FINISHED)
    self->subscription = 0;
  send_events (self, events);
}

static gboolean
heartbeat_cb (gpointer data)
{
  Stream *self = data;

  if (self->pending > MAX_PENDING)
    let_go (self);
  else
    send_text (self, ": still here\n\n", strlen (": still here\n\n"));
  return G_SOURCE_CONTINUE;
}

static guint64
read_last_id (HeddleExchange *exchange)
{
  const char *text = heddle_exchange_get_header (exchange, "Last-Event-ID");
  guint64 id = 0;

  if (text != NULL)
    g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &id, NULL);
  return id;
}

static Stream *
stream_new (HeddleExchange *exchange)
{
  Stream *self = g_new0 (Stream, 1);
  SoupServerMessage *message = exchange->message;

  self->exchange = heddle_exchange_ref (exchange);
  self->seen = read_last_id (exchange);
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_cb), self);
  g_object_set_data_full (G_OBJECT (message), "heddle-stream", self, stream_free);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message), SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  heddle_exchange_set_header (exchange, "Content-Type", "text/event-stream");
  heddle_exchange_set_header (exchange, "Cache-Control", "no-store");
  heddle_exchange_set_header (exchange, "Connection", "close");
  self->heartbeat = g_timeout_source_new_seconds (HEARTBEAT_SECONDS);
  g_source_set_callback (self->heartbeat, heartbeat_cb, self, NULL);
  g_source_attach (self->heartbeat, exchange->core->context);
  return self;
}

static void
follow_cb (HeddleServedRun *run, gpointer data)
{
  Stream *self = g_object_get_data (G_OBJECT (data), "heddle-stream");

  if (self == NULL || self->exchange->is_done)
    return;
  if (run->run == NULL)
    {
      complete (self);
      return;
    }
  self->run = g_object_ref (run->run);
  self->subscription = heddle_run_subscribe (run->run, self->exchange->core->context, INTERVAL_MS, events_cb, self, NULL);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SoupServerMessage) message = data;
  HeddleExchange *exchange = heddle_exchange_get (message);
  HeddleRunInfo *info = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_run_finish (HEDDLE_STORE (source), result, &info, NULL, NULL);

  if (exchange->is_done || events == NULL || info->started_by == NULL)
    {
      heddle_exchange_fail (exchange, SOUP_STATUS_NOT_FOUND, "not_found", "There is no run with this id that was started through this server.");
    }
  else
    {
      Stream *self = stream_new (exchange);

      send_events (self, events);
      complete (self);
    }
  heddle_run_info_free (info);
}

void
heddle_serve_events (HeddleExchange *exchange, const char *id)
{
  HeddleServedRun *run = g_hash_table_lookup (exchange->core->runs, id);

  exchange->run = g_strdup (id);
  if (run != NULL)
    {
      stream_new (exchange);
      send_text (g_object_get_data (G_OBJECT (exchange->message), "heddle-stream"), ": events\n\n", strlen (": events\n\n"));
      heddle_served_run_watch (run, FALSE, follow_cb, g_object_ref (exchange->message), g_object_unref);
    }
  else if (exchange->core->options.store != NULL && g_uuid_string_is_valid (id))
    {
      heddle_exchange_pause (exchange);
      heddle_store_load_run_async (exchange->core->options.store, id, NULL, loaded_cb, g_object_ref (exchange->message));
    }
  else
    {
      heddle_exchange_fail (exchange, SOUP_STATUS_NOT_FOUND, "not_found", "There is no run with this id that was started through this server.");
    }
}
