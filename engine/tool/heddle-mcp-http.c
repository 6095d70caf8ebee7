/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-http-private.h"

#include "heddle-error.h"

#define GOODBYE_MS 2000

G_DEFINE_FINAL_TYPE (HeddleMcpHttp, heddle_mcp_http, HEDDLE_TYPE_MCP_TRANSPORT)

static void
heddle_mcp_http_finalize (GObject *object)
{
  HeddleMcpHttp *self = HEDDLE_MCP_HTTP (object);

  g_clear_pointer (&self->http, heddle_http_unref);
  g_clear_pointer (&self->reaper, heddle_mcp_reaper_unref);
  g_ptr_array_unref (self->exchanges);
  g_ptr_array_unref (self->headers);
  g_free (self->session);
  g_free (self->version);
  g_free (self->url);
  G_OBJECT_CLASS (heddle_mcp_http_parent_class)->finalize (object);
}

static gboolean
heddle_mcp_http_start (HeddleMcpTransport *transport, GError **error)
{
  return TRUE;
}

static void
heddle_mcp_http_send (HeddleMcpTransport *transport, JsonNode *message, JsonObject *fields)
{
  heddle_mcp_exchange_start (HEDDLE_MCP_HTTP (transport), message, fields);
}

static gboolean
heddle_mcp_http_forget (HeddleMcpTransport *transport, gint64 id)
{
  HeddleMcpHttp *self = HEDDLE_MCP_HTTP (transport);

  for (guint i = self->exchanges->len; i > 0; i--)
    {
      HeddleMcpExchange *exchange = g_ptr_array_index (self->exchanges, i - 1);

      if (heddle_mcp_exchange_get_id (exchange) == id)
        heddle_mcp_exchange_cancel (exchange);
    }
  return self->modern;
}

/* Servers of before 2026-07-28 speak of their own accord on a stream of their own, if they have one. */
static void
heddle_mcp_http_agree (HeddleMcpTransport *transport, const char *version, gboolean modern)
{
  HeddleMcpHttp *self = HEDDLE_MCP_HTTP (transport);

  self->modern = modern;
  if (modern)
    return;
  self->version = g_strdup (version);
  heddle_mcp_exchange_listen (self);
}

/* What is needed to end a session from another thread. */
typedef struct
{
  char *url;
  GPtrArray *headers;
} Goodbye;

static void
said_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (result));
  gboolean *done = user_data;
  g_autoptr (HeddleHttpResponse) response = g_task_propagate_pointer (task, NULL);

  *done = TRUE;
}

/* Whether the server takes it makes no difference: a session that nobody uses ends by itself. */
static void
say_goodbye (gpointer data)
{
  g_autofree Goodbye *goodbye = data;
  g_autofree char *url = goodbye->url;
  g_autoptr (GPtrArray) settings = goodbye->headers;
  g_autoptr (GArray) headers = heddle_mcp_settings_to_headers (settings);
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  gboolean done = FALSE;
  HeddleHttpRequest request = {
    .method = "DELETE",
    .url = url,
    .headers = (const HeddleHttpHeader *) (gpointer) headers->data,
    .timeout_ms = GOODBYE_MS,
  };

  heddle_http_send_async (http, &request, NULL, said_cb, &done);
  while (!done)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
heddle_mcp_http_close (HeddleMcpTransport *transport)
{
  HeddleMcpHttp *self = HEDDLE_MCP_HTTP (transport);
  Goodbye *goodbye;

  for (guint i = self->exchanges->len; i > 0; i--)
    heddle_mcp_exchange_cancel (g_ptr_array_index (self->exchanges, i - 1));
  if (self->session == NULL)
    return;
  goodbye = g_new0 (Goodbye, 1);
  goodbye->url = g_strdup (self->url);
  goodbye->headers = heddle_mcp_settings_copy (self->headers);
  heddle_mcp_settings_add (goodbye->headers, "Mcp-Session-Id", self->session, FALSE);
  if (self->version != NULL)
    heddle_mcp_settings_add (goodbye->headers, "MCP-Protocol-Version", self->version, FALSE);
  heddle_mcp_reaper_push (self->reaper, say_goodbye, goodbye);
}

static void
heddle_mcp_http_class_init (HeddleMcpHttpClass *klass)
{
  HeddleMcpTransportClass *transport_class = HEDDLE_MCP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_mcp_http_finalize;
  transport_class->start = heddle_mcp_http_start;
  transport_class->send = heddle_mcp_http_send;
  transport_class->forget = heddle_mcp_http_forget;
  transport_class->agree = heddle_mcp_http_agree;
  transport_class->close = heddle_mcp_http_close;
}

static void
heddle_mcp_http_init (HeddleMcpHttp *self)
{
  self->exchanges = g_ptr_array_new ();
}

HeddleMcpTransport *
heddle_mcp_http_new (HeddleHttp *http, const char *url, GPtrArray *headers, HeddleMcpLog *log, HeddleMcpReaper *reaper)
{
  HeddleMcpHttp *self = g_object_new (HEDDLE_TYPE_MCP_HTTP, NULL);

  self->http = heddle_http_ref (http);
  self->url = g_strdup (url);
  self->headers = heddle_mcp_settings_copy (headers);
  self->reaper = heddle_mcp_reaper_ref (reaper);
  heddle_mcp_transport_set_log (HEDDLE_MCP_TRANSPORT (self), log);
  return HEDDLE_MCP_TRANSPORT (self);
}
