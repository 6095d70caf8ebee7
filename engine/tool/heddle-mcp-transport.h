/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

#include "tool/heddle-json-rpc.h"
#include "tool/heddle-mcp-log.h"
#include "tool/heddle-mcp-reaper.h"

G_BEGIN_DECLS

/*
 * What carries messages to one MCP server and back: a process's pipes or HTTP. Lives on the context that is the
 * thread's default when it starts. Nothing is told any more once it was closed.
 */
#define HEDDLE_TYPE_MCP_TRANSPORT (heddle_mcp_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (HeddleMcpTransport, heddle_mcp_transport, HEDDLE, MCP_TRANSPORT, GObject)

typedef struct
{
  void (*message) (JsonNode *message, gpointer user_data);
  /* The request gets no answer. reply: what the server said in the protocol's form; one of the two may be NULL. */
  void (*failed) (gint64 id, const GError *error, JsonNode *reply, gpointer user_data);
  /* The connection is over; at most once, and not for a close of ours. */
  void (*closed) (const GError *error, gpointer user_data);
} HeddleMcpListener;

struct _HeddleMcpTransportClass
{
  GObjectClass parent_class;

  gboolean (*start) (HeddleMcpTransport *self, GError **error);
  void (*send) (HeddleMcpTransport *self, JsonNode *message, JsonObject *fields);
  gboolean (*forget) (HeddleMcpTransport *self, gint64 id);
  void (*agree) (HeddleMcpTransport *self, const char *version, gboolean modern);
  void (*close) (HeddleMcpTransport *self);
};

/* listener is copied. */
void heddle_mcp_transport_set_listener (HeddleMcpTransport *self, const HeddleMcpListener *listener, gpointer user_data);
gboolean heddle_mcp_transport_start (HeddleMcpTransport *self, GError **error);
/* fields: further HTTP header fields (name → text) or NULL. */
void heddle_mcp_transport_send (HeddleMcpTransport *self, JsonNode *message, JsonObject *fields);
/* Nobody waits for the answer to this request any more. TRUE when letting go of it tells the server. */
gboolean heddle_mcp_transport_forget (HeddleMcpTransport *self, gint64 id);
/* Both sides know now how they speak. */
void heddle_mcp_transport_agree (HeddleMcpTransport *self, const char *version, gboolean modern);
/* Ends in good manner and returns at once. */
void heddle_mcp_transport_close (HeddleMcpTransport *self);
HeddleMcpLog *heddle_mcp_transport_get_log (HeddleMcpTransport *self);

/* For subclasses. */
void heddle_mcp_transport_set_log (HeddleMcpTransport *self, HeddleMcpLog *log);
const HeddleJsonRpcFuncs *heddle_mcp_transport_get_reader_funcs (void); /* user data: the transport */
void heddle_mcp_transport_tell_failed (HeddleMcpTransport *self, gint64 id, const GError *error, JsonNode *reply);
void heddle_mcp_transport_tell_closed (HeddleMcpTransport *self, const GError *error);

G_END_DECLS
