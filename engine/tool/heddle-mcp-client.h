/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

#include "tool/heddle-mcp-reaper.h"
#include "tool/heddle-mcp-server-info.h"

G_BEGIN_DECLS

/*
 * An MCP server in use. It is connected to when it is first needed, once even when several ask at the same time, and
 * again when it went away in between. One context, the thread's default when it is made. The last reference ends the
 * connection in good manner without waiting for it.
 */
#define HEDDLE_TYPE_MCP_CLIENT (heddle_mcp_client_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMcpClient, heddle_mcp_client, HEDDLE, MCP_CLIENT, GObject)

/* info is copied. secrets may be NULL. */
HeddleMcpClient *heddle_mcp_client_new (const HeddleMcpServerInfo *info, HeddleHttp *http, HeddleSecrets *secrets, HeddleMcpReaper *reaper) G_GNUC_WARN_UNUSED_RESULT;
const HeddleMcpServerInfo *heddle_mcp_client_get_info (HeddleMcpClient *self);

void heddle_mcp_client_open_async (HeddleMcpClient *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_mcp_client_open_finish (HeddleMcpClient *self, GAsyncResult *result, GError **error);
/* Ends the connection now; the next use makes another. */
void heddle_mcp_client_close (HeddleMcpClient *self);

/* {"server","transport"} and once connected {"server_name","server_version","protocol_version","era":"modern|legacy"}, for spans and people. */
JsonNode *heddle_mcp_client_describe (HeddleMcpClient *self) G_GNUC_WARN_UNUSED_RESULT;
/* What the server wrote beside the protocol: its standard error, log messages, what could not be understood. */
char *heddle_mcp_client_dup_log (HeddleMcpClient *self) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Tools as the server defines them: an array of {"name","title","description","inputSchema":object,"outputSchema","annotations"}.
 * Kept as long as the server says, or until it tells of a change.
 */
void heddle_mcp_client_list_tools_async (HeddleMcpClient *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_mcp_client_list_tools_finish (HeddleMcpClient *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  const char *tool;
  JsonNode *arguments; /* object or NULL */
  guint timeout_ms;    /* without progress; 0: the server's. Ten minutes are the most in any case. */
  /* At most ten times a second: 0…1, or -1 when the whole is unknown; text may be NULL. May be NULL. */
  void (*progress) (double fraction, const char *text, gpointer user_data);
  gpointer progress_data;
} HeddleMcpCall;

/* What a tool gave back; see heddle-mcp-result.h. */
typedef struct _HeddleMcpResult HeddleMcpResult;

/* NOT_FOUND when the server has no such tool; what went wrong in the tool itself is a result. */
void heddle_mcp_client_call_async (HeddleMcpClient *self, const HeddleMcpCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleMcpResult *heddle_mcp_client_call_finish (HeddleMcpClient *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
