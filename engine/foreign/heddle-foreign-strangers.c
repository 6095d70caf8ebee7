/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-foreign.h"

#include <string.h>

#include "value/heddle-json.h"

/* Workflows of tools that are not read, told apart by what only they have, so that they can be named. */

static JsonNode *
get_first (JsonNode *array)
{
  if (array == NULL || !JSON_NODE_HOLDS_ARRAY (array) || json_array_get_length (json_node_get_array (array)) == 0)
    return NULL;
  return json_array_get_element (json_node_get_array (array), 0);
}

static gboolean
has_member (JsonNode *node, const char *name)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) && json_object_has_member (json_node_get_object (node), name);
}

static JsonNode *
get_member (JsonNode *node, const char *name)
{
  return has_member (node, name) ? json_object_get_member (json_node_get_object (node), name) : NULL;
}

/* Nodes as a web page's flow library draws them; who made them shows in what hangs on them. */
static const char *
identify_flow (JsonNode *root)
{
  JsonNode *flow = has_member (root, "data") ? get_member (root, "data") : root;
  JsonNode *node = get_first (get_member (flow, "nodes"));
  JsonNode *data = get_member (node, "data");

  if (node == NULL || data == NULL || !has_member (flow, "edges"))
    return NULL;
  if (has_member (data, "inputParams") || has_member (data, "inputAnchors"))
    return "Flowise";
  if (has_member (get_member (data, "node"), "template"))
    return "Langflow";
  return has_member (node, "position") ? "React Flow" : NULL;
}

/* A prompt of ComfyUI is an object of nodes by number. */
static gboolean
is_comfy (JsonNode *root)
{
  JsonObjectIter iter;
  JsonNode *member;

  if (has_member (root, "last_node_id") && has_member (root, "links"))
    return TRUE;
  json_object_iter_init (&iter, json_node_get_object (root));
  return json_object_iter_next (&iter, NULL, &member) && has_member (member, "class_type") && has_member (member, "inputs");
}

/* Tabs and settings come before the first node with wires. */
static gboolean
is_node_red (JsonArray *flow)
{
  for (guint i = 0; i < json_array_get_length (flow); i++)
    if (has_member (json_array_get_element (flow, i), "wires"))
      return TRUE;
  return FALSE;
}

static const char *
identify_json (JsonNode *root)
{
  if (JSON_NODE_HOLDS_ARRAY (root))
    return is_node_red (json_node_get_array (root)) ? "Node-RED" : NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root) || has_member (root, "format"))
    return NULL;
  if (has_member (root, "kind") && has_member (root, "workflow"))
    return "Dify";
  if (is_comfy (root))
    return "ComfyUI";
  if (has_member (root, "StartAt") && has_member (root, "States"))
    return "AWS Step Functions";
  return identify_flow (root);
}

/* What is not JSON, by lines that only it has. */
static const char *
identify_text (const char *text)
{
  if (strstr (text, "kind: app") != NULL && strstr (text, "workflow:") != NULL)
    return "Dify";
  if (strstr (text, "StateGraph(") != NULL || strstr (text, "langgraph") != NULL)
    return "LangGraph";
  if (strstr (text, "attachedData:") != NULL && strstr (text, "graphs:") != NULL)
    return "Rivet";
  return NULL;
}

const char *
heddle_foreign_name_stranger (const char *text)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  root = heddle_json_parse (text, -1, NULL);
  return root != NULL ? identify_json (root) : identify_text (text);
}
