/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tool/heddle-mcp-setting.h"
#include "tool/heddle-mcp-transport.h"

G_BEGIN_DECLS

/* An MCP server that is a process of ours: messages one per line through its pipes, standard error into the log. */
#define HEDDLE_TYPE_MCP_STDIO (heddle_mcp_stdio_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMcpStdio, heddle_mcp_stdio, HEDDLE, MCP_STDIO, HeddleMcpTransport)

typedef struct
{
  const char *name;           /* of the server, for messages */
  const char *const *command; /* program and arguments, never through a shell */
  GPtrArray *variables;       /* HeddleMcpSetting*: the environment beside the few usual ones */
} HeddleMcpProcess;

/* Copies process. */
HeddleMcpTransport *heddle_mcp_stdio_new (const HeddleMcpProcess *process, HeddleMcpLog *log, HeddleMcpReaper *reaper) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
