/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tool/heddle-mcp-setting.h"
#include "tool/heddle-mcp-transport.h"

G_BEGIN_DECLS

/*
 * An MCP server behind the "streamable HTTP" transport of both eras: each message is a POST, answered by JSON or by a
 * stream of events, which is taken up again where it broke off when the server gave its events ids.
 */
#define HEDDLE_TYPE_MCP_HTTP (heddle_mcp_http_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMcpHttp, heddle_mcp_http, HEDDLE, MCP_HTTP, HeddleMcpTransport)

/* headers: HeddleMcpSetting*, sent with every request; copied. */
HeddleMcpTransport *heddle_mcp_http_new (HeddleHttp *http, const char *url, GPtrArray *headers, HeddleMcpLog *log, HeddleMcpReaper *reaper) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
