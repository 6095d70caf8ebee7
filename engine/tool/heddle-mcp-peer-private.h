/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tool/heddle-mcp-peer.h"

G_BEGIN_DECLS

struct _HeddleMcpPeer
{
  GObject parent_instance;

  HeddleMcpTransport *transport;
  char *name;
  void (*tools_changed) (gpointer user_data);
  gpointer tools_changed_data;
  GHashTable *pending; /* id → Pending, owned */
  gint64 last_id;
  gboolean open;
  gboolean modern;
  char *version;
  JsonNode *server;
  JsonNode *capabilities;
  GError *closed; /* why, once it is */
};

/* name, version and what it can do, from the result of "initialize" or "server/discover". */
void heddle_mcp_peer_agree (HeddleMcpPeer *self, const char *version, gboolean modern, JsonNode *result);
void heddle_mcp_peer_notify (HeddleMcpPeer *self, const char *method, JsonObject *params);
JsonNode *heddle_mcp_peer_get_client_info (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
