/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run.h"
#include "tool/heddle-mcp-client.h"

G_BEGIN_DECLS

/* The client of a server that all nodes of a run share, and which lives as long as the run. New reference; NOT_FOUND. */
HeddleMcpClient *heddle_mcp_run_dup_client (HeddleNodeRun *run, const char *server, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Says in a span how the server was reached and, when something went wrong, what it wrote itself. */
void heddle_mcp_run_note_server (HeddleNodeRun *run, guint64 span, HeddleMcpClient *client, gboolean with_log);
/* Says in a span how far a call is. */
void heddle_mcp_run_note_progress (HeddleNodeRun *run, guint64 span, double fraction, const char *text);

G_END_DECLS
