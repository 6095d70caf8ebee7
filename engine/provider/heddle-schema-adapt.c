/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-schema-adapt.h"

#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

static const char *const unknown_to_strict[] = { "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
                                                 "patternProperties", "propertyNames", "unevaluatedProperties", "contains", "prefixItems", NULL };
static const char *const unknown_to_anthropic[] = { "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
                                                    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "pattern", NULL };
/* Members that hold schemas by name, and those that hold a list of them. */
static const char *const maps[] = { "properties", "$defs", "definitions", NULL };
static const char *const lists[] = { "anyOf", "oneOf", "allOf", NULL };

static gboolean
is_object_schema (JsonNode *schema)
{
  return heddle_json_get_object (schema, "properties") != NULL || strcmp (heddle_json_get_string (schema, "type", ""), "object") == 0;
}

static gboolean
requires_all (JsonNode *schema)
{
  JsonObject *properties = heddle_json_get_object (schema, "properties");
  JsonArray *required = heddle_json_get_array (schema, "required");

  return properties != NULL && json_object_get_size (properties) > 0 && heddle_wire_length (required) == json_object_get_size (properties);
}

/* Recursive: a schema has schemas in it. */
static gboolean can_be_strict (JsonNode *schema);

static gboolean
can_map_be_strict (JsonNode *schema,
                   const char *member)
{
  JsonObject *map = heddle_json_get_object (schema, member);
  JsonObjectIter iter;
  JsonNode *value;

  if (map == NULL)
    return TRUE;
  json_object_iter_init (&iter, map);
  while (json_object_iter_next (&iter, NULL, &value))
    {
      if (!can_be_strict (value))
        return FALSE;
    }
  return TRUE;
}

static gboolean
can_list_be_strict (JsonArray *list)
{
  for (guint i = 0; i < heddle_wire_length (list); i++)
    {
      if (!can_be_strict (json_array_get_element (list, i)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
can_be_strict (JsonNode *schema)
{
  JsonNode *additional = heddle_json_member (schema, "additionalProperties");
  JsonNode *items = heddle_json_member (schema, "items");

  if (schema == NULL || !JSON_NODE_HOLDS_OBJECT (schema))
    return FALSE;
  for (guint i = 0; unknown_to_strict[i] != NULL; i++)
    {
      if (heddle_json_member (schema, unknown_to_strict[i]) != NULL)
        return FALSE;
    }
  if (is_object_schema (schema) && (!requires_all (schema) || (additional != NULL && JSON_NODE_HOLDS_OBJECT (additional))))
    return FALSE;
  for (guint i = 0; maps[i] != NULL; i++)
    {
      if (!can_map_be_strict (schema, maps[i]))
        return FALSE;
    }
  return can_list_be_strict (heddle_json_get_array (schema, "anyOf")) && (items == NULL || can_be_strict (items));
}

/* Recursive, as before. */
static JsonNode *close_objects (JsonNode *schema, const char *const *left_out);

static JsonNode *
close_map (JsonNode *map,
           const char *const *left_out)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (map));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (copy, name, close_objects (value, left_out));
  return heddle_json_object (copy);
}

static JsonNode *
close_list (JsonNode *list,
            const char *const *left_out)
{
  JsonArray *array = json_node_get_array (list);
  JsonArray *copy = json_array_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (copy, close_objects (json_array_get_element (array, i), left_out));
  return heddle_json_array (copy);
}

static JsonNode *
close_member (const char *name,
              JsonNode *value,
              const char *const *left_out)
{
  if (g_strv_contains (maps, name) && JSON_NODE_HOLDS_OBJECT (value))
    return close_map (value, left_out);
  if (g_strv_contains (lists, name) && JSON_NODE_HOLDS_ARRAY (value))
    return close_list (value, left_out);
  return strcmp (name, "items") == 0 ? close_objects (value, left_out) : json_node_ref (value);
}

static JsonNode *
close_objects (JsonNode *schema,
               const char *const *left_out)
{
  JsonObject *copy;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (schema))
    return json_node_ref (schema);
  copy = json_object_new ();
  json_object_iter_init_ordered (&iter, json_node_get_object (schema));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (!g_strv_contains (left_out, name) && strcmp (name, "$schema") != 0)
        json_object_set_member (copy, name, close_member (name, value, left_out));
    }
  if (is_object_schema (schema))
    json_object_set_boolean_member (copy, "additionalProperties", FALSE);
  return heddle_json_object (copy);
}

JsonNode *
heddle_schema_to_strict (JsonNode *schema)
{
  static const char *const nothing[] = { NULL };

  return can_be_strict (schema) ? close_objects (schema, nothing) : NULL;
}

JsonNode *
heddle_schema_to_anthropic (JsonNode *schema)
{
  return close_objects (schema, unknown_to_anthropic);
}

char *
heddle_schema_to_instruction (JsonNode *schema)
{
  g_autofree char *text = heddle_json_to_text (schema, HEDDLE_JSON_COMPACT);

  return g_strconcat ("Answer only with JSON that is valid against this JSON Schema:\n", text, NULL);
}
