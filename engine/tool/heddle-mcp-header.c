/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-header.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define KEY "x-mcp-header"
#define PREFIX "=?base64?"
#define SUFFIX "?="
#define MAX_SAFE_INTEGER 9007199254740991

static gboolean
is_plain (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || g_ascii_isspace (text[0]) || g_ascii_isspace (text[length - 1]))
    return FALSE;
  if (g_str_has_prefix (text, PREFIX) && g_str_has_suffix (text, SUFFIX))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (*text != '\t' && (*text < 0x20 || *text > 0x7e))
        return FALSE;
    }
  return TRUE;
}

char *
heddle_mcp_header_encode (const char *text)
{
  g_autofree char *code = NULL;

  if (is_plain (text))
    return g_strdup (text);
  code = g_base64_encode ((const guchar *) text, strlen (text));
  return g_strconcat (PREFIX, code, SUFFIX, NULL);
}

/* What a walk through a schema has seen. */
typedef struct
{
  GHashTable *names; /* in lower case */
  char *fault;
} Check;

static gboolean
is_token (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isalnum (*text) && strchr ("!#$%&'*+-.^_`|~", *text) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_primitive (const char *type)
{
  static const char *const types[] = { "string", "integer", "boolean", NULL };

  return g_strv_contains (types, type);
}

static void
check_declaration (Check *check, JsonNode *schema, gboolean reachable)
{
  JsonNode *declared = heddle_json_member (schema, KEY);
  const char *name = heddle_json_is_string (declared) ? json_node_get_string (declared) : "";
  char *key = g_ascii_strdown (name, -1);

  if (!reachable)
    check->fault = g_strdup (_ ("it names a header for a value that is not always in the same place"));
  else if (!is_token (name))
    check->fault = g_strdup (_ ("it names a header that no header may be named"));
  else if (!is_primitive (heddle_json_get_string (schema, "type", "")))
    check->fault = g_strdup_printf (_ ("its header “%s” is for a value that is no text, integer or boolean"), name);
  else if (g_hash_table_contains (check->names, key))
    check->fault = g_strdup_printf (_ ("its header “%s” is there twice"), name);
  g_hash_table_add (check->names, key);
}

/* Recursive: schemas nest, at most as deep as JSON does. */
static void check_schema (Check *check, JsonNode *schema, gboolean reachable, gboolean is_root);

static void
check_members (Check *check, JsonObject *members, gboolean reachable)
{
  JsonObjectIter iter;
  JsonNode *child;

  json_object_iter_init (&iter, members);
  while (check->fault == NULL && json_object_iter_next (&iter, NULL, &child))
    check_schema (check, child, reachable, FALSE);
}

/* Everything but "properties" leads to where a value may or may not be. */
static void
check_elsewhere (Check *check, JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *list = json_node_get_array (node);

      for (guint i = 0; check->fault == NULL && i < json_array_get_length (list); i++)
        check_elsewhere (check, json_array_get_element (list, i));
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      check_schema (check, node, FALSE, FALSE);
    }
}

static gboolean
holds_schemas (const char *keyword)
{
  static const char *const keywords[] = { "items", "prefixItems", "contains", "additionalProperties", "unevaluatedProperties",
                                          "unevaluatedItems", "propertyNames", "oneOf", "anyOf", "allOf", "not", "if", "then", "else", NULL };

  return g_strv_contains (keywords, keyword);
}

static gboolean
holds_named_schemas (const char *keyword)
{
  static const char *const keywords[] = { "patternProperties", "dependentSchemas", "$defs", "definitions", NULL };

  return g_strv_contains (keywords, keyword);
}

static void
check_schema (Check *check, JsonNode *schema, gboolean reachable, gboolean is_root)
{
  JsonObjectIter iter;
  const char *keyword;
  JsonNode *node;

  if (!JSON_NODE_HOLDS_OBJECT (schema))
    return;
  if (heddle_json_member (schema, KEY) != NULL)
    check_declaration (check, schema, reachable && !is_root);
  json_object_iter_init (&iter, json_node_get_object (schema));
  while (check->fault == NULL && json_object_iter_next (&iter, &keyword, &node))
    {
      if (strcmp (keyword, "properties") == 0 && JSON_NODE_HOLDS_OBJECT (node))
        check_members (check, json_node_get_object (node), reachable);
      else if (holds_named_schemas (keyword) && JSON_NODE_HOLDS_OBJECT (node))
        check_members (check, json_node_get_object (node), FALSE);
      else if (holds_schemas (keyword))
        check_elsewhere (check, node);
    }
}

gboolean
heddle_mcp_header_check (JsonNode *schema, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Check check = { names, NULL };

  check_schema (&check, schema, TRUE, TRUE);
  if (check.fault == NULL)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, check.fault);
  g_free (check.fault);
  return FALSE;
}

/* NULL: a value that is not sent in a header. */
static char *
value_to_text (JsonNode *value)
{
  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value))
    return NULL;
  if (heddle_json_is_number (value) && fabs (json_node_get_double (value)) > MAX_SAFE_INTEGER)
    return NULL;
  return heddle_json_to_display (value);
}

static void
add_fields (JsonObject *fields, JsonNode *schema, JsonNode *value)
{
  JsonObject *properties = heddle_json_get_object (schema, "properties");
  const char *name = heddle_json_get_string (schema, KEY, NULL);
  g_autofree char *text = name == NULL ? NULL : value_to_text (value);
  JsonObjectIter iter;
  const char *member;
  JsonNode *child;

  if (text != NULL)
    {
      g_autofree char *field = g_strconcat ("Mcp-Param-", name, NULL);
      g_autofree char *code = heddle_mcp_header_encode (text);

      json_object_set_string_member (fields, field, code);
    }
  if (properties == NULL)
    return;
  json_object_iter_init (&iter, properties);
  while (json_object_iter_next (&iter, &member, &child))
    add_fields (fields, child, heddle_json_member (value, member));
}

JsonObject *
heddle_mcp_header_fields (JsonNode *schema, JsonNode *arguments)
{
  g_autoptr (JsonObject) fields = json_object_new ();

  add_fields (fields, schema, arguments);
  return json_object_get_size (fields) == 0 ? NULL : g_steal_pointer (&fields);
}
