/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tool/heddle-tool.h"

G_BEGIN_DECLS

/* One tool of an MCP server, for a model. */
#define HEDDLE_TYPE_MCP_TOOL (heddle_mcp_tool_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMcpTool, heddle_mcp_tool, HEDDLE, MCP_TOOL, HeddleTool)

/*
 * server: its name in the settings; definition: one element of heddle_mcp_client_list_tools_finish (). Its annotations are a stranger's words: a tool that
 * says of itself that it destroys needs an approval, one that says the contrary gains nothing by it.
 */
HeddleTool *heddle_mcp_tool_new (const char *server, JsonNode *definition) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
