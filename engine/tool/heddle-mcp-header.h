/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* What of a request is repeated in HTTP header fields since 2026-07-28, so that those between may route by it. */

/* A text as the value of a field: as it is, or =?base64?…?= where it could not stand in one. */
char *heddle_mcp_header_encode (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a tool's input schema uses "x-mcp-header" as it may; otherwise the tool must not be called. */
gboolean heddle_mcp_header_check (JsonNode *schema, GError **error);
/* The fields for a call with these arguments: "Mcp-Param-…" → text; NULL: none. schema has passed the check. */
JsonObject *heddle_mcp_header_fields (JsonNode *schema, JsonNode *arguments) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
