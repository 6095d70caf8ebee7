/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tool/heddle-mcp-client.h"
#include "tool/heddle-mcp-log.h"
#include "tool/heddle-mcp-peer.h"

G_BEGIN_DECLS

struct _HeddleMcpClient
{
  GObject parent_instance;

  HeddleMcpServerInfo *info;
  HeddleHttp *http;
  HeddleSecrets *secrets;
  HeddleMcpReaper *reaper;
  HeddleMcpLog *log;

  HeddleMcpPeer *peer;   /* NULL: not connected */
  gboolean only_legacy;  /* it did not outlive the question whether it is a modern one */
  GPtrArray *waiters;    /* who waits for the connection that is being made; owned */
  GCancellable *opening; /* while it is being made, else NULL */

  JsonNode *tools;    /* or NULL: to be asked for */
  gint64 tools_until; /* monotonic, µs */
  gboolean listening; /* a modern server tells of changes */
};

/* What an answer, or that a session is over, means for the connection. */
gboolean heddle_mcp_client_lost_session (HeddleMcpClient *self, const GError *error);
/* The definition of one of the tools listed, or NULL. Borrowed. */
JsonNode *heddle_mcp_client_find_tool (HeddleMcpClient *self, const char *name);
/* After each opening: asks a modern server to tell of changes. */
void heddle_mcp_client_listen (HeddleMcpClient *self);

/* A transport for info. variables: HeddleMcpSetting* of the environment or the headers. */
HeddleMcpPeer *heddle_mcp_client_create_peer (HeddleMcpClient *self, GPtrArray *settings) G_GNUC_WARN_UNUSED_RESULT;

/* The values of all credentials that info names, and the plain ones: HeddleMcpSetting*. */
void heddle_mcp_credentials_async (const HeddleMcpServerInfo *info, HeddleSecrets *secrets, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_mcp_credentials_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
