/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-json-schema-private.h"

#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

static gint64
get_count (JsonNode *schema, const char *name, gint64 fallback)
{
  return (gint64) CLAMP (heddle_json_get_double (schema, name, (double) fallback), 0, (double) G_MAXINT32);
}

/* Equal values have equal hashes: members count in any order, 1 is 1.0. */
static guint
hash_value (gconstpointer data)
{
  JsonNode *value = (JsonNode *) data;
  guint hash = 17;

  if (heddle_json_is_string (value))
    return g_str_hash (json_node_get_string (value));
  if (heddle_json_is_number (value))
    {
      double number = json_node_get_double (value) + 0.0; /* -0 is 0 */

      return g_double_hash (&number);
    }
  if (JSON_NODE_HOLDS_ARRAY (value))
    {
      JsonArray *array = json_node_get_array (value);

      for (guint i = 0; i < json_array_get_length (array); i++)
        hash = hash * 31 + hash_value (json_array_get_element (array, i));
      return hash;
    }
  if (JSON_NODE_HOLDS_OBJECT (value))
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (value));
      while (json_object_iter_next (&iter, &name, &member))
        hash += g_str_hash (name) * 31 + hash_value (member);
      return hash;
    }
  return heddle_json_is_null (value) ? 1 : 2 + (guint) json_node_get_boolean (value);
}

static gboolean
equal_values (gconstpointer a, gconstpointer b)
{
  return heddle_json_equal ((JsonNode *) a, (JsonNode *) b);
}

static gboolean
check_unique (SchemaCheck *self, JsonNode *schema, JsonArray *items)
{
  g_autoptr (GHashTable) seen = NULL;

  if (!heddle_json_get_boolean (schema, "uniqueItems", FALSE))
    return TRUE;
  seen = g_hash_table_new (hash_value, equal_values);
  for (guint i = 0; i < json_array_get_length (items) && schema_check_charge (self, 2); i++)
    {
      if (!g_hash_table_add (seen, json_array_get_element (items, i)))
        return schema_check_refuse (self, _ ("Must not have the same item twice, but item %u was there before."), i);
    }
  return TRUE;
}

static gboolean
check_contains (SchemaCheck *self, JsonNode *schema, JsonArray *items)
{
  JsonNode *wanted = heddle_json_member (schema, "contains");
  gint64 min = get_count (schema, "minContains", 1);
  gint64 max = get_count (schema, "maxContains", G_MAXINT32);
  gint64 n_found = 0;

  if (wanted == NULL)
    return TRUE;
  for (guint i = 0; i < json_array_get_length (items) && self->fatal == NULL; i++)
    n_found += schema_check_quietly (self, wanted, json_array_get_element (items, i)) ? 1 : 0;
  if (self->fatal != NULL)
    return FALSE;
  if (n_found >= min && n_found <= max)
    return TRUE;
  return schema_check_refuse (self, _ ("Has %d items of the kind that it must contain, which is too few or too many."), (int) n_found);
}

/* What the nth item has to be: its own schema, that of the others, or NULL. Drafts before 2020 have a list in "items". */
static JsonNode *
item_schema (JsonNode *schema, guint index)
{
  JsonNode *items = heddle_json_member (schema, "items");
  JsonArray *prefix = heddle_json_get_array (schema, "prefixItems");

  if (prefix == NULL && items != NULL && JSON_NODE_HOLDS_ARRAY (items))
    {
      prefix = json_node_get_array (items);
      items = heddle_json_member (schema, "additionalItems");
    }
  if (prefix != NULL && index < json_array_get_length (prefix))
    return json_array_get_element (prefix, index);
  return items;
}

static gboolean
check_items (SchemaCheck *self, JsonNode *schema, JsonArray *items)
{
  gboolean fits = TRUE;

  for (guint i = 0; i < json_array_get_length (items) && self->fatal == NULL; i++)
    {
      JsonNode *rule = item_schema (schema, i);

      if (rule != NULL)
        fits &= schema_check_child (self, rule, json_array_get_element (items, i), NULL, i);
    }
  return fits;
}

gboolean
schema_check_array (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  JsonArray *items = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
  gint64 n_items, limit;
  gboolean fits;

  if (items == NULL)
    return TRUE;
  n_items = json_array_get_length (items);
  limit = get_count (schema, "minItems", 0);
  if (n_items < limit)
    return schema_check_refuse (self, _ ("Must have at least %d items, but has %d."), (int) limit, (int) n_items);
  limit = get_count (schema, "maxItems", G_MAXINT32);
  if (n_items > limit)
    return schema_check_refuse (self, _ ("Must have at most %d items, but has %d."), (int) limit, (int) n_items);
  fits = check_items (self, schema, items);
  fits &= check_unique (self, schema, items);
  return check_contains (self, schema, items) && fits;
}

static gboolean
check_names (SchemaCheck *self, JsonArray *names, JsonObject *object)
{
  gboolean fits = TRUE;

  for (guint i = 0; names != NULL && i < json_array_get_length (names) && schema_check_charge (self, 1); i++)
    {
      JsonNode *name = json_array_get_element (names, i);

      if (heddle_json_is_string (name) && !json_object_has_member (object, json_node_get_string (name)))
        fits = schema_check_refuse (self, _ ("The property “%s” is missing."), json_node_get_string (name));
    }
  return fits;
}

static gboolean
check_dependencies (SchemaCheck *self, JsonNode *schema, JsonObject *object)
{
  JsonObject *dependencies = heddle_json_get_object (schema, "dependentRequired");
  gboolean fits = TRUE;
  JsonObjectIter iter;
  const char *name;
  JsonNode *names;

  if (dependencies == NULL)
    return TRUE;
  json_object_iter_init_ordered (&iter, dependencies);
  while (json_object_iter_next_ordered (&iter, &name, &names))
    {
      if (json_object_has_member (object, name) && JSON_NODE_HOLDS_ARRAY (names))
        fits &= check_names (self, json_node_get_array (names), object);
    }
  return fits;
}

static gboolean
check_patterns (SchemaCheck *self, JsonNode *schema, const char *name, JsonNode *member, gboolean *is_known)
{
  JsonObject *patterns = heddle_json_get_object (schema, "patternProperties");
  gboolean fits = TRUE;
  JsonObjectIter iter;
  const char *pattern;
  JsonNode *rule;

  if (patterns == NULL)
    return TRUE;
  json_object_iter_init_ordered (&iter, patterns);
  while (self->fatal == NULL && json_object_iter_next_ordered (&iter, &pattern, &rule))
    {
      if (!schema_check_matches (self, pattern, name))
        continue;
      *is_known = TRUE;
      fits &= schema_check_child (self, rule, member, name, 0);
    }
  return fits;
}

static gboolean
check_other (SchemaCheck *self, JsonNode *rule, const char *name, JsonNode *member)
{
  if (rule == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_VALUE (rule) && json_node_get_value_type (rule) == G_TYPE_BOOLEAN && !json_node_get_boolean (rule))
    return schema_check_refuse (self, _ ("The property “%s” is not allowed."), name);
  return schema_check_child (self, rule, member, name, 0);
}

static gboolean
check_name (SchemaCheck *self, JsonNode *schema, const char *name)
{
  JsonNode *rule = heddle_json_member (schema, "propertyNames");
  g_autoptr (JsonNode) text = NULL;

  if (rule == NULL)
    return TRUE;
  text = heddle_json_string (name);
  return schema_check_child (self, rule, text, name, 0);
}

static gboolean
check_member (SchemaCheck *self, JsonNode *schema, const char *name, JsonNode *member)
{
  JsonNode *rule = heddle_json_member (heddle_json_member (schema, "properties"), name);
  gboolean is_known = rule != NULL;
  gboolean fits = check_name (self, schema, name);

  if (rule != NULL)
    fits &= schema_check_child (self, rule, member, name, 0);
  fits &= check_patterns (self, schema, name, member, &is_known);
  if (!is_known && self->fatal == NULL)
    fits &= check_other (self, heddle_json_member (schema, "additionalProperties"), name, member);
  return fits;
}

gboolean
schema_check_object (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;
  gboolean fits;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  gint64 n_members;

  if (object == NULL)
    return TRUE;
  n_members = json_object_get_size (object);
  if (n_members < get_count (schema, "minProperties", 0) || n_members > get_count (schema, "maxProperties", G_MAXINT32))
    return schema_check_refuse (self, _ ("Has %d properties, which is too few or too many."), (int) n_members);
  fits = check_names (self, heddle_json_get_array (schema, "required"), object);
  fits &= check_dependencies (self, schema, object);
  json_object_iter_init_ordered (&iter, object);
  while (self->fatal == NULL && schema_check_charge (self, 1) && json_object_iter_next_ordered (&iter, &name, &member))
    fits &= check_member (self, schema, name, member);
  return fits;
}
