/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

#include "tool/heddle-mcp-client.h"

G_BEGIN_DECLS

/*
 * The MCP servers that the person has set up, by name. A workflow only names one: it cannot bring a command of its own.
 * Kept in the settings, without a secret: credentials are named. Thread-safe.
 */
#define HEDDLE_TYPE_MCP_SERVERS (heddle_mcp_servers_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMcpServers, heddle_mcp_servers, HEDDLE, MCP_SERVERS, GObject)

/* store may be NULL: then nothing is kept. secrets may be NULL. */
HeddleMcpServers *heddle_mcp_servers_new (HeddleStore *store, HeddleSecrets *secrets) G_GNUC_WARN_UNUSED_RESULT;
/* HeddleMcpServerInfo*, by name. */
GPtrArray *heddle_mcp_servers_list (HeddleMcpServers *self) G_GNUC_WARN_UNUSED_RESULT;
HeddleMcpServerInfo *heddle_mcp_servers_lookup (HeddleMcpServers *self, const char *name) G_GNUC_WARN_UNUSED_RESULT; /* NULL: none */
/* In place of the one with that name. INVALID with a sentence when something about it cannot be. */
gboolean heddle_mcp_servers_set (HeddleMcpServers *self, const HeddleMcpServerInfo *info, GError **error);
/* The same, in place of old_name, which may be NULL or a server that is renamed. */
gboolean heddle_mcp_servers_replace (HeddleMcpServers *self, const char *old_name, const HeddleMcpServerInfo *info, GError **error);
gboolean heddle_mcp_servers_remove (HeddleMcpServers *self, const char *name, GError **error);

/* A client for the thread's default context, which has to be that of http. It connects when it is first used. NOT_FOUND. */
HeddleMcpClient *heddle_mcp_servers_connect (HeddleMcpServers *self, const char *name, HeddleHttp *http, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for one that is not set up (yet). */
HeddleMcpClient *heddle_mcp_servers_try (HeddleMcpServers *self, const HeddleMcpServerInfo *info, HeddleHttp *http) G_GNUC_WARN_UNUSED_RESULT;
/* Waits for the processes of clients that are gone; at most some seconds. */
void heddle_mcp_servers_shutdown (HeddleMcpServers *self);

G_END_DECLS
