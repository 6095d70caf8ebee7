/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Words of the Model Context Protocol, https://modelcontextprotocol.io/specification */

#define HEDDLE_MCP_VERSION_MODERN "2026-07-28"
#define HEDDLE_MCP_VERSION_LEGACY "2025-11-25"

#define HEDDLE_MCP_META_VERSION "io.modelcontextprotocol/protocolVersion"
#define HEDDLE_MCP_META_CLIENT "io.modelcontextprotocol/clientInfo"
#define HEDDLE_MCP_META_CAPABILITIES "io.modelcontextprotocol/clientCapabilities"
#define HEDDLE_MCP_META_SERVER "io.modelcontextprotocol/serverInfo"
