/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_MCP_STDIO_TRANSPORT,
  HEDDLE_MCP_HTTP_TRANSPORT,
} HeddleMcpTransportKind;

/* One variable of a server's environment: with a value, or with that of a credential. */
typedef struct
{
  char *name;
  char *value;      /* or NULL */
  char *credential; /* name or NULL */
} HeddleMcpVariable;

/* How an MCP server is reached. */
typedef struct
{
  char *name;
  HeddleMcpTransportKind transport;
  char **command;   /* program and arguments; of stdio */
  GPtrArray *env;   /* HeddleMcpVariable*; of stdio */
  char *url;        /* of HTTP */
  char *credential; /* name or NULL; of HTTP */
  guint timeout;    /* of a call, in seconds */
} HeddleMcpServerInfo;

#define HEDDLE_MCP_DEFAULT_TIMEOUT 60
#define HEDDLE_MCP_MAX_TIMEOUT 600

HeddleMcpServerInfo *heddle_mcp_server_info_new (const char *name, HeddleMcpTransportKind transport) G_GNUC_WARN_UNUSED_RESULT;
HeddleMcpServerInfo *heddle_mcp_server_info_copy (const HeddleMcpServerInfo *info) G_GNUC_WARN_UNUSED_RESULT;
void heddle_mcp_server_info_free (HeddleMcpServerInfo *info);
/* value or credential is NULL. */
void heddle_mcp_server_info_add_variable (HeddleMcpServerInfo *info, const char *name, const char *value, const char *credential);
/* INVALID with a sentence when something about it cannot be. */
gboolean heddle_mcp_server_info_check (const HeddleMcpServerInfo *info, GError **error);
/* {"name","transport":"stdio|http","command","args","env":[{"name","value" or "credential"}],"url","credential","timeout"}, and back (NULL: without a name). */
JsonNode *heddle_mcp_server_info_to_json (const HeddleMcpServerInfo *info) G_GNUC_WARN_UNUSED_RESULT;
HeddleMcpServerInfo *heddle_mcp_server_info_from_json (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleMcpServerInfo, heddle_mcp_server_info_free)

G_END_DECLS
