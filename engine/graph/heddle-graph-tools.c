/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <string.h>

#include "expr/heddle-expr.h"
#include "registry/heddle-tool-spec.h"
#include "value/heddle-json.h"

/* Nodes that are tools of others. */

gboolean
heddle_graph_is_tool_edge (HeddleGraph *self, const HeddleEdge *edge)
{
  const HeddleNode *to;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self) && edge != NULL, FALSE);

  to = heddle_graph_find_node (self, edge->to);
  return to != NULL && to->type != NULL && heddle_port_takes_tools (heddle_node_type_find_input (to->type, edge->to_port));
}

gboolean
heddle_link_is_tool (const HeddleLink *link)
{
  const HeddleNode *to = link->to->node;

  return to != NULL && to->type != NULL && heddle_port_takes_tools (heddle_node_type_find_input (to->type, link->edge.to_port));
}

gboolean
heddle_vertex_is_tool (const HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->out->len; i++)
    {
      if (heddle_link_is_tool (g_ptr_array_index (vertex->out, i)))
        return TRUE;
    }
  return FALSE;
}

gboolean
heddle_graph_is_tool (HeddleGraph *self, const char *id)
{
  HeddleVertex *vertex;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self) && id != NULL, FALSE);

  vertex = heddle_graph_find_vertex (self, id);
  return vertex != NULL && heddle_vertex_is_tool (vertex);
}

typedef struct
{
  JsonObject *properties;
  JsonArray *required;
} Arguments;

static void
add_argument (Arguments *arguments, const HeddleReference *reference)
{
  g_autofree char *name = g_strndup (reference->path, strcspn (reference->path, ".["));
  JsonObject *schema;

  if (strcmp (reference->root, "args") != 0 || *name == '\0' || json_object_has_member (arguments->properties, name))
    return;
  schema = json_object_new ();
  json_object_set_string_member (schema, "type", "string");
  json_object_set_object_member (arguments->properties, name, schema);
  json_array_add_string_element (arguments->required, name);
}

static char *
collect_arguments (const char *param, const char *text, gboolean is_expression, gpointer data)
{
  g_autoptr (GPtrArray) references = NULL;

  if (strstr (text, "$args") == NULL)
    return NULL;
  if (is_expression)
    {
      g_autoptr (HeddleExpr) expr = heddle_expr_compile (text, NULL);

      references = expr != NULL ? heddle_expr_list_references (expr) : NULL;
    }
  else
    {
      g_autoptr (HeddleTemplate) compiled = heddle_template_compile (text, HEDDLE_ESCAPE_NONE, NULL);

      references = compiled != NULL ? heddle_template_list_references (compiled) : NULL;
    }
  for (guint i = 0; references != NULL && i < references->len; i++)
    add_argument (data, g_ptr_array_index (references, i));
  return NULL;
}

/* What its templates ask for; NULL when that is nothing. */
static JsonNode *
derive_parameters (const HeddleNode *node)
{
  Arguments arguments = { json_object_new (), json_array_new () };
  JsonObject *schema = json_object_new ();
  gboolean is_empty;

  json_object_set_string_member (schema, "type", "object");
  json_object_set_object_member (schema, "properties", arguments.properties);
  json_object_set_array_member (schema, "required", arguments.required);
  if (node->type != NULL && heddle_params_map_texts (node->type, node->params, collect_arguments, &arguments) != NULL)
    g_assert_not_reached ();
  is_empty = json_object_get_size (arguments.properties) == 0;
  if (!is_empty)
    return heddle_json_object (schema);
  json_object_unref (schema);
  return NULL;
}

static JsonNode *
make_parameters (const HeddleNode *node, JsonNode *by_type)
{
  static const char any[] = "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},\"required\":[\"input\"]}";
  g_autoptr (JsonNode) own = heddle_node_dup_object (node, "tool");
  JsonObject *schema = heddle_json_get_object (own, "schema");
  JsonArray *fields = heddle_json_get_array (own, "parameters");
  JsonNode *derived;

  if (schema != NULL)
    return json_node_ref (heddle_json_member (own, "schema"));
  if (fields != NULL && json_array_get_length (fields) > 0)
    return heddle_fields_to_schema (fields);
  derived = derive_parameters (node);
  if (derived != NULL)
    return derived;
  if (heddle_json_get_object (by_type, "parameters") != NULL)
    return json_node_ref (heddle_json_member (by_type, "parameters"));
  return heddle_json_parse (any, -1, NULL);
}

/* What the person calls the node says what this one is for, what the type says is how it works. */
static char *
make_description (const HeddleNode *node, JsonNode *by_type)
{
  const char *general = heddle_json_get_string (by_type, "description", "");

  if (node->title == NULL)
    return g_strdup (general);
  return *general != '\0' ? g_strdup_printf ("%s. %s", node->title, general) : g_strdup (node->title);
}

static void
set_text (JsonObject *object, const char *name, const char *text, const char *fallback)
{
  json_object_set_member (object, name, heddle_json_string (text != NULL && *text != '\0' ? text : fallback));
}

JsonNode *
heddle_node_dup_tool_spec (const HeddleNode *node)
{
  g_autoptr (JsonNode) own = NULL;
  g_autoptr (JsonNode) by_type = NULL;
  g_autofree char *description = NULL;
  JsonObject *spec;

  g_return_val_if_fail (node != NULL, NULL);

  own = heddle_node_dup_object (node, "tool");
  by_type = node->type != NULL && node->type->tool != NULL ? heddle_json_parse (node->type->tool, -1, NULL) : NULL;
  description = make_description (node, by_type);
  spec = json_object_new ();
  set_text (spec, "name", heddle_json_get_string (own, "name", NULL), node->id);
  set_text (spec, "description", heddle_json_get_string (own, "description", NULL), description);
  json_object_set_member (spec, "parameters", make_parameters (node, by_type));
  set_text (spec, "approval", heddle_json_get_string (own, "approval", NULL), "agent");
  json_object_set_member (spec, "timeout", heddle_json_int (CLAMP (heddle_json_get_int (own, "timeout", 0), 0, 86400)));
  json_object_set_boolean_member (spec, "hand_off", node->type != NULL && (node->type->flags & HEDDLE_NODE_AGENT) != 0 && heddle_json_get_boolean (own, "hand_off", FALSE));
  return heddle_json_object (spec);
}
