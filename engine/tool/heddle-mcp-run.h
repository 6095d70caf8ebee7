/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run.h"
#include "tool/heddle-mcp-client.h"

G_BEGIN_DECLS

/*
 * What a node run asks of MCP servers. The client of a server is shared by all nodes of a run and lives as long as it; a replayed run
 * has none and is answered from its record. Engine thread.
 */

/* The tools of a server: array as of heddle_mcp_client_list_tools_finish (). Fails with NOT_FOUND where the server is not set up. */
void heddle_mcp_run_list_tools_async (HeddleNodeRun *run, const char *server, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_mcp_run_list_tools_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Calls a tool and says in span how the server was reached. Everything of call but its progress data is copied. */
void heddle_mcp_run_call_async (HeddleNodeRun *run, const char *server, const HeddleMcpCall *call, guint64 span, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleMcpResult *heddle_mcp_run_call_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Says in a span how far a call is. */
void heddle_mcp_run_note_progress (HeddleNodeRun *run, guint64 span, double fraction, const char *text);

G_END_DECLS
