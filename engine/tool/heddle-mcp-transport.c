/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-transport.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  HeddleMcpLog *log;
  HeddleMcpListener listener;
  gpointer listener_data;
  gboolean closed;
} HeddleMcpTransportPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (HeddleMcpTransport, heddle_mcp_transport, G_TYPE_OBJECT)

static HeddleMcpTransportPrivate *
get_private (HeddleMcpTransport *self)
{
  return heddle_mcp_transport_get_instance_private (self);
}

static void
heddle_mcp_transport_finalize (GObject *object)
{
  HeddleMcpTransportPrivate *private = get_private (HEDDLE_MCP_TRANSPORT (object));

  g_clear_pointer (&private->log, heddle_mcp_log_unref);
  G_OBJECT_CLASS (heddle_mcp_transport_parent_class)->finalize (object);
}

static void
heddle_mcp_transport_class_init (HeddleMcpTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_mcp_transport_finalize;
}

static void
heddle_mcp_transport_init (HeddleMcpTransport *self)
{
}

void
heddle_mcp_transport_set_listener (HeddleMcpTransport *self, const HeddleMcpListener *listener, gpointer user_data)
{
  HeddleMcpTransportPrivate *private = get_private (self);

  private->listener = *listener;
  private->listener_data = user_data;
}

void
heddle_mcp_transport_set_log (HeddleMcpTransport *self, HeddleMcpLog *log)
{
  HeddleMcpTransportPrivate *private = get_private (self);

  g_assert (private->log == NULL);

  private->log = heddle_mcp_log_ref (log);
}

HeddleMcpLog *
heddle_mcp_transport_get_log (HeddleMcpTransport *self)
{
  return get_private (self)->log;
}

gboolean
heddle_mcp_transport_start (HeddleMcpTransport *self, GError **error)
{
  return HEDDLE_MCP_TRANSPORT_GET_CLASS (self)->start (self, error);
}

void
heddle_mcp_transport_send (HeddleMcpTransport *self, JsonNode *message, JsonObject *fields)
{
  if (!get_private (self)->closed)
    HEDDLE_MCP_TRANSPORT_GET_CLASS (self)->send (self, message, fields);
}

gboolean
heddle_mcp_transport_forget (HeddleMcpTransport *self, gint64 id)
{
  return get_private (self)->closed || HEDDLE_MCP_TRANSPORT_GET_CLASS (self)->forget (self, id);
}

void
heddle_mcp_transport_agree (HeddleMcpTransport *self, const char *version, gboolean modern)
{
  HEDDLE_MCP_TRANSPORT_GET_CLASS (self)->agree (self, version, modern);
}

void
heddle_mcp_transport_close (HeddleMcpTransport *self)
{
  HeddleMcpTransportPrivate *private = get_private (self);

  if (private->closed)
    return;
  private->closed = TRUE;
  HEDDLE_MCP_TRANSPORT_GET_CLASS (self)->close (self);
}

static void
message_cb (JsonNode *message, gpointer user_data)
{
  HeddleMcpTransportPrivate *private = get_private (user_data);

  if (!private->closed)
  private->listener.message (message, private->listener_data);
}

/* What a server prints where only messages may stand is often the reason why it does not work. */
static void
noise_cb (const char *text, const char *why, gpointer user_data)
{
  HeddleMcpTransportPrivate *private = get_private (user_data);
  g_autofree char *line = g_strdup_printf (_ ("Not understood: %s (%s)"), text, why);

  if (!private->closed)
    heddle_mcp_log_add (private->log, line);
}

const HeddleJsonRpcFuncs *
heddle_mcp_transport_get_reader_funcs (void)
{
  static const HeddleJsonRpcFuncs funcs = { message_cb, noise_cb };

  return &funcs;
}

void
heddle_mcp_transport_tell_failed (HeddleMcpTransport *self, gint64 id, const GError *error, JsonNode *reply)
{
  HeddleMcpTransportPrivate *private = get_private (self);

  if (!private->closed)
  private->listener.failed (id, error, reply, private->listener_data);
}

void
heddle_mcp_transport_tell_closed (HeddleMcpTransport *self, const GError *error)
{
  HeddleMcpTransportPrivate *private = get_private (self);

  if (private->closed)
    return;
  /* First, as the listener may let go of the transport. */
  private->closed = TRUE;
  HEDDLE_MCP_TRANSPORT_GET_CLASS (self)->close (self);
  private->listener.closed (error, private->listener_data);
}
