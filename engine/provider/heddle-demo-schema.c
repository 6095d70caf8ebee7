/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include "value/heddle-json.h"

#include <string.h>

#define MAX_KEYS 40

static JsonObject *
create_schema (const char *type)
{
  JsonObject *schema = json_object_new ();

  json_object_set_string_member (schema, "type", type);
  return schema;
}

/* "billing|technical" or "billing, technical or other" in an example is a choice. */
static JsonObject *
schema_of_text (const char *example)
{
  JsonObject *schema = create_schema ("string");
  g_auto (GStrv) choices = g_strsplit (example, "|", -1);
  JsonArray *array;

  if (g_strv_length (choices) < 2)
    return schema;
  array = json_array_new ();
  for (char **choice = choices; *choice != NULL; choice++)
    json_array_add_string_element (array, g_strstrip (*choice));
  json_object_set_array_member (schema, "enum", array);
  return schema;
}

/* Recursive: an example holds examples. Depth is bounded by the reader's. */
static JsonObject *
schema_of_example (JsonNode *example)
{
  JsonObject *schema;
  JsonObject *properties;
  g_autoptr (GList) names = NULL;

  if (heddle_json_is_string (example))
    return schema_of_text (json_node_get_string (example));
  if (heddle_json_is_number (example))
    return create_schema (json_node_get_value_type (example) == G_TYPE_INT64 ? "integer" : "number");
  if (JSON_NODE_HOLDS_VALUE (example) && json_node_get_value_type (example) == G_TYPE_BOOLEAN)
    return create_schema ("boolean");
  if (JSON_NODE_HOLDS_ARRAY (example))
    {
      JsonArray *array = json_node_get_array (example);

      schema = create_schema ("array");
      json_object_set_object_member (schema, "items",
                                     json_array_get_length (array) > 0 ? schema_of_example (json_array_get_element (array, 0)) : create_schema ("string"));
      return schema;
    }
  if (!JSON_NODE_HOLDS_OBJECT (example))
    return create_schema ("string");

  schema = create_schema ("object");
  properties = json_object_new ();
  names = json_object_get_members (json_node_get_object (example));
  for (GList *link = names; link != NULL; link = link->next)
    json_object_set_object_member (properties, link->data, schema_of_example (json_object_get_member (json_node_get_object (example), link->data)));
  json_object_set_object_member (schema, "properties", properties);
  return schema;
}

/* The end of the object that begins at text; NULL when it is not closed. */
static const char *
find_end (const char *text)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (in_string && *p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '"')
        in_string = !in_string;
      else if (!in_string && *p == '{')
        depth++;
      else if (!in_string && *p == '}' && --depth == 0)
        return p + 1;
    }
  return NULL;
}

static JsonNode *
find_example (const char *prompt)
{
  for (const char *p = strchr (prompt, '{'); p != NULL; p = strchr (p + 1, '{'))
    {
      const char *end = find_end (p);
      JsonNode *example = end == NULL ? NULL : heddle_json_parse (p, end - p, NULL);

      if (end == NULL)
        return NULL;
      if (example != NULL && JSON_NODE_HOLDS_OBJECT (example) && json_object_get_size (json_node_get_object (example)) > 0)
        return example;
      g_clear_pointer (&example, json_node_unref);
    }
  return NULL;
}

/* "with the keys name, email and amount": the list behind the word. */
static JsonObject *
schema_of_key_list (const char *prompt)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\b(?:keys?|fields?|propert(?:y|ies)|members?|attributes?|extract)\\b[:\\s]+(?:(?:are|the|named|called|following)[:\\s]+)*([^.\\n]+)", G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *list = NULL;
  g_auto (GStrv) parts = NULL;
  JsonObject *schema;
  JsonObject *properties;

  if (!g_regex_match (regex, prompt, 0, &match))
    return NULL;
  list = g_match_info_fetch (match, 1);
  parts = g_regex_split_simple ("\\s*[,;]\\s*(?:and\\s+)?|\\s+and\\s+", list, G_REGEX_CASELESS, 0);
  properties = json_object_new ();
  for (char **part = parts; *part != NULL && json_object_get_size (properties) < MAX_KEYS; part++)
    {
      g_autofree char *key = NULL;
      g_autoptr (GMatchInfo) word = NULL;
      g_autoptr (GRegex) name = g_regex_new ("^(?:the |an? )?[\"'`“]?([\\p{L}_][\\p{L}\\d_-]*)[\"'`”]?", G_REGEX_CASELESS, 0, NULL);

      if (!g_regex_match (name, *part, 0, &word))
        continue;
      key = g_match_info_fetch (word, 1);
      json_object_set_object_member (properties, key, create_schema ("string"));
    }
  schema = create_schema ("object");
  json_object_set_object_member (schema, "properties", properties);
  return schema;
}

JsonNode *
heddle_demo_schema_from_prompt (const char *prompt)
{
  g_autoptr (JsonNode) example = find_example (prompt);
  JsonObject *schema = example != NULL ? schema_of_example (example) : schema_of_key_list (prompt);

  return schema == NULL ? NULL : heddle_json_object (schema);
}
