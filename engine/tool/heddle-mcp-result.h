/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* What a tool of an MCP server gave back. */
typedef struct _HeddleMcpResult
{
  JsonNode *content;    /* array of {"type":"text","text"}, {"type":"image|audio","mime","data":base64}, {"type":"resource","uri","mime","text" or "data"}, {"type":"link","uri","name","description","mime"} */
  JsonNode *structured; /* as the tool's output schema says, or NULL */
  gboolean is_error;    /* the tool failed and says so itself */
} HeddleMcpResult;

/* From the result of "tools/call". SERVER when it is none, or asks back. */
HeddleMcpResult *heddle_mcp_result_new (JsonNode *result, const char *server, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_mcp_result_free (HeddleMcpResult *self);
/* {"content","structured","is_error"} and back, for the record. */
JsonNode *heddle_mcp_result_to_json (const HeddleMcpResult *self) G_GNUC_WARN_UNUSED_RESULT;
HeddleMcpResult *heddle_mcp_result_from_json (JsonNode *json) G_GNUC_WARN_UNUSED_RESULT;
/* For a pipeline: what is structured, else the text when there is nothing but text, else the content. */
JsonNode *heddle_mcp_result_to_value (const HeddleMcpResult *self) G_GNUC_WARN_UNUSED_RESULT;
/* For a model and for errors: what is text, and a word for everything else. */
char *heddle_mcp_result_to_text (const HeddleMcpResult *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleMcpResult, heddle_mcp_result_free)

G_END_DECLS
