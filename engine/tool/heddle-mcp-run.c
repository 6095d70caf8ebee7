/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-run.h"

#include "heddle-error.h"
#include "tool/heddle-mcp-servers.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

HeddleMcpClient *
heddle_mcp_run_dup_client (HeddleNodeRun *run, const char *server, GError **error)
{
  g_autofree char *key = g_strconcat ("mcp:", server, NULL);
  HeddleMcpServers *servers = heddle_node_run_get_mcp_servers (run);
  GObject *shared = heddle_node_run_get_shared (run, key);
  HeddleMcpClient *client;

  if (shared != NULL)
    return HEDDLE_MCP_CLIENT (g_object_ref (shared));
  if (servers == NULL)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("No MCP servers are set up here."));
      return NULL;
    }
  client = heddle_mcp_servers_connect (servers, server, heddle_node_run_get_http (run), error);
  if (client != NULL)
    heddle_node_run_set_shared (run, key, G_OBJECT (g_object_ref (client)));
  return client;
}

static void
copy_member (JsonObject *object, const char *name, JsonNode *value, gpointer user_data)
{
  json_object_set_member (user_data, name, json_node_ref (value));
}

void
heddle_mcp_run_note_server (HeddleNodeRun *run, guint64 span, HeddleMcpClient *client, gboolean with_log)
{
  g_autoptr (JsonNode) description = heddle_mcp_client_describe (client);
  g_autofree char *log = heddle_mcp_client_dup_log (client);
  JsonObject *attributes = json_object_new ();

  json_object_foreach_member (json_node_get_object (description), copy_member, attributes);
  if (with_log && *log != '\0')
    json_object_set_string_member (attributes, "server_log", log);
  heddle_node_run_update_span (run, span, heddle_json_object (attributes));
}

void
heddle_mcp_run_note_progress (HeddleNodeRun *run, guint64 span, double fraction, const char *text)
{
  JsonObject *attributes = json_object_new ();

  if (fraction >= 0)
    json_object_set_double_member (attributes, "progress", fraction);
  if (text != NULL)
    json_object_set_string_member (attributes, "progress_text", text);
  heddle_node_run_update_span (run, span, heddle_json_object (attributes));
}
