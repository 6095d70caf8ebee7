/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <string.h>

#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

/* Finds the templates and expressions in parameters. */

typedef struct
{
  const char *param;
  HeddleTextMap map;
  gpointer data;
  const char *only; /* of objects, just this member holds text; NULL: all */
} Walk;

/* NULL: unchanged. The depth is that of JSON that was read, so it is bounded. */
static JsonNode *
map_node (Walk *walk, JsonNode *node, gboolean is_expression);

static JsonNode *
map_string (Walk *walk, JsonNode *node, gboolean is_expression)
{
  const char *text = json_node_get_string (node);
  g_autofree char *mapped = walk->map (walk->param, text, is_expression, walk->data);

  if (mapped == NULL || strcmp (mapped, text) == 0)
    return NULL;
  return heddle_json_string (mapped);
}

static JsonNode *
map_array (Walk *walk, JsonArray *array)
{
  JsonArray *copy = json_array_sized_new (json_array_get_length (array));
  gboolean changed = FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonNode *mapped = map_node (walk, element, FALSE);

      changed = changed || mapped != NULL;
      json_array_add_element (copy, mapped != NULL ? mapped : json_node_ref (element));
    }
  if (changed)
    return heddle_json_array (copy);
  json_array_unref (copy);
  return NULL;
}

static JsonNode *
map_object (Walk *walk, JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  gboolean changed = FALSE;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      gboolean holds_text = walk->only == NULL || strcmp (name, walk->only) == 0;
      JsonNode *mapped = holds_text ? map_node (walk, value, FALSE) : NULL;

      changed = changed || mapped != NULL;
      json_object_set_member (copy, name, mapped != NULL ? mapped : json_node_ref (value));
    }
  if (changed)
    return heddle_json_object (copy);
  json_object_unref (copy);
  return NULL;
}

static JsonNode *
map_node (Walk *walk, JsonNode *node, gboolean is_expression)
{
  if (heddle_json_is_string (node))
    return map_string (walk, node, is_expression);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return map_array (walk, json_node_get_array (node));
  if (JSON_NODE_HOLDS_OBJECT (node))
    return map_object (walk, json_node_get_object (node));
  return NULL;
}

/* An expression may also be written as a template of just one. */
static gboolean
is_in_braces (JsonNode *value)
{
  const char *text = heddle_json_is_string (value) ? json_node_get_string (value) : "";

  return g_str_has_prefix (text + strspn (text, " \t\r\n"), "{{");
}

static JsonNode *
map_param (Walk *walk, const HeddleParamSpec *spec, JsonNode *value)
{
  if (spec->kind == HEDDLE_PARAM_EXPRESSION)
    return map_node (walk, value, !is_in_braces (value));
  if (!heddle_param_has_templates (spec))
    return NULL;
  if (spec->kind == HEDDLE_PARAM_PAIRS || spec->kind == HEDDLE_PARAM_CASES)
    walk->only = "value";
  return map_node (walk, value, FALSE);
}

JsonObject *
heddle_params_map_texts (const HeddleNodeType *type, JsonObject *params, HeddleTextMap map, gpointer data)
{
  JsonObject *copy = json_object_new ();
  gboolean changed = FALSE;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, params);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      const HeddleParamSpec *spec = type != NULL ? heddle_node_type_find_param (type, name) : NULL;
      Walk walk = { name, map, data, NULL };
      JsonNode *mapped = NULL;

      if (spec != NULL)
        mapped = map_param (&walk, spec, value);
      else if (type == NULL)
        mapped = map_node (&walk, value, FALSE);
      changed = changed || mapped != NULL;
      json_object_set_member (copy, name, mapped != NULL ? mapped : json_node_ref (value));
    }
  if (changed)
    return copy;
  json_object_unref (copy);
  return NULL;
}
