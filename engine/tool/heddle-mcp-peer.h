/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tool/heddle-mcp-transport.h"

G_BEGIN_DECLS

/*
 * One connection to an MCP server from its beginning to its end: finds out how the server speaks, matches answers to
 * requests, answers what the server asks. One context, the thread's default.
 */
#define HEDDLE_TYPE_MCP_PEER (heddle_mcp_peer_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMcpPeer, heddle_mcp_peer, HEDDLE, MCP_PEER, GObject)

/* Takes the transport. name: of the server, for messages. tools_changed: the list is no longer what it was; may be NULL. */
HeddleMcpPeer *heddle_mcp_peer_new (HeddleMcpTransport *transport, const char *name, void (*tools_changed) (gpointer user_data), gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Starts the transport and agrees with the server on a version. only_legacy: without asking first whether it is a modern
 * one, for a process that does not outlive the question. To be called once. *spent: closed by the question.
 */
void heddle_mcp_peer_open_async (HeddleMcpPeer *self, gboolean only_legacy, guint timeout_ms, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_mcp_peer_open_finish (HeddleMcpPeer *self, GAsyncResult *result, gboolean *spent, GError **error);
void heddle_mcp_peer_close (HeddleMcpPeer *self);
gboolean heddle_mcp_peer_is_open (HeddleMcpPeer *self);
/* After the opening. Borrowed. */
gboolean heddle_mcp_peer_is_modern (HeddleMcpPeer *self);
const char *heddle_mcp_peer_get_version (HeddleMcpPeer *self);
JsonNode *heddle_mcp_peer_get_server (HeddleMcpPeer *self);       /* {"name","version",…} or NULL */
JsonNode *heddle_mcp_peer_get_capabilities (HeddleMcpPeer *self); /* object or NULL */

typedef struct
{
  const char *method;
  JsonObject *params; /* or NULL; copied */
  JsonObject *fields; /* further HTTP headers or NULL */
  guint timeout_ms;   /* without a sign of life; 0: none */
  guint max_ms;       /* with signs of life; 0: none */
  /* 0…1, or -1 when the whole is unknown; text may be NULL. NULL: not asked for. */
  void (*progress) (double fraction, const char *text, gpointer user_data);
  gpointer progress_data;
} HeddleMcpRequest;

/* The result, an object. Fails with what the server said, TIMEOUT, SERVER when it is gone, G_IO_ERROR_CANCELLED; the server is told of the last two. */
void heddle_mcp_peer_request_async (HeddleMcpPeer *self, const HeddleMcpRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_mcp_peer_request_finish (HeddleMcpPeer *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
