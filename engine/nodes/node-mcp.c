/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "tool/heddle-mcp-run.h"
#include "tool/heddle-mcp-tool.h"
#include "value/heddle-json.h"

#include <string.h>

typedef struct
{
  char *server;
  JsonNode *tools;
} Params;

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Tools"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_MCP_SERVER (Params, server, N_ ("MCP server"), .help = N_ ("One of those in the preferences."), .required = TRUE, .is_main = TRUE),
  HEDDLE_NAMES (Params, tools, N_ ("Tools"), .help = N_ ("Those that the agent may use; “*” stands for any letters. Empty: all of the server's."), .def.s = "[]"),
  { NULL },
};

typedef struct
{
  HeddleNodeRun *run;
  char *server;
  JsonNode *allowed; /* array of patterns; empty: all */
} Listing;

static void
listing_free (Listing *listing)
{
  heddle_node_run_unref (listing->run);
  g_free (listing->server);
  json_node_unref (listing->allowed);
  g_free (listing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listing, listing_free)

static gboolean
is_allowed (JsonArray *patterns, const char *name)
{
  for (guint i = 0; i < json_array_get_length (patterns); i++)
    {
      JsonNode *pattern = json_array_get_element (patterns, i);

      if (heddle_json_is_string (pattern) && g_pattern_match_simple (json_node_get_string (pattern), name))
        return TRUE;
    }
  return json_array_get_length (patterns) == 0;
}

static GPtrArray *
create_tools (const Listing *listing, JsonArray *definitions)
{
  GPtrArray *tools = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < json_array_get_length (definitions); i++)
    {
      JsonNode *definition = json_array_get_element (definitions, i);

      if (is_allowed (json_node_get_array (listing->allowed), heddle_json_get_string (definition, "name", "")))
        g_ptr_array_add (tools, heddle_mcp_tool_new (listing->server, definition));
    }
  return tools;
}

/* What a person wrote and no tool of the server fits is a mistake that should not pass in silence. */
static GError *
find_unknown (const Listing *listing, JsonArray *definitions)
{
  JsonArray *patterns = json_node_get_array (listing->allowed);

  for (guint i = 0; i < json_array_get_length (patterns); i++)
    {
      const char *pattern = json_array_get_string_element (patterns, i);
      gboolean found = FALSE;

      for (guint n = 0; !found && n < json_array_get_length (definitions); n++)
        found = g_pattern_match_simple (pattern, heddle_json_get_string (json_array_get_element (definitions, n), "name", ""));
      if (!found)
        return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("The MCP server “%s” has no tool “%s”."),
                            listing->server, pattern);
    }
  return NULL;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Listing) listing = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) tools = heddle_mcp_run_list_tools_finish (result, &error);

  if (tools != NULL)
    error = find_unknown (listing, json_node_get_array (tools));
  if (error != NULL)
    heddle_node_run_fail (listing->run, error);
  else
    heddle_node_run_complete_tools (listing->run, create_tools (listing, json_node_get_array (tools)));
}

static void
list_tools (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  Listing *listing = g_new0 (Listing, 1);

  listing->run = heddle_node_run_ref (node_run);
  listing->server = g_strdup (p->server);
  listing->allowed = json_node_ref (p->tools);
  heddle_mcp_run_list_tools_async (node_run, p->server, heddle_node_run_get_cancellable (node_run), listed_cb, listing);
}

/* Only where nobody calls it: what a run of the node by itself gives. */
static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  heddle_node_run_fail (node_run, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("An MCP server is used by an agent. Connect it to the agent's tools.")));
}

static char *
describe (JsonObject *values)
{
  const char *server = heddle_params_get_string (values, "server", "");
  JsonNode *tools = json_object_get_member (values, "tools");
  guint n_tools = tools != NULL && JSON_NODE_HOLDS_ARRAY (tools) ? json_array_get_length (json_node_get_array (tools)) : 0;

  if (n_tools == 0)
    return g_strdup (server);
  return g_strdup_printf (ngettext ("%s, %u tool", "%s, %u tools", n_tools), server, n_tools);
}

const HeddleNodeType heddle_node_type_mcp = {
  .id = "mcp",
  .version = 1,
  .title = N_ ("MCP Server"),
  .summary = N_ ("Gives an agent the tools of an MCP server."),
  .keywords = N_ ("model context protocol tools function calling"),
  .icon_name = "heddle-mcp-symbolic",
  .category = HEDDLE_CATEGORY_MODELS,
  .effect = HEDDLE_EFFECT_UNSAFE,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"server\":\"everything\",\"tools\":[\"echo\",\"get-*\"]}}",
  .describe = describe,
  .run = run,
  .list_tools = list_tools,
};
