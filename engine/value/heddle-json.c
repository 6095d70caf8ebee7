/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-json.h"

#include <math.h>
#include <string.h>

static JsonNode *
seal (JsonNode *node)
{
  json_node_seal (node);
  return node;
}

JsonNode *
heddle_json_null (void)
{
  return seal (json_node_init_null (json_node_alloc ()));
}

JsonNode *
heddle_json_string (const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return heddle_json_null ();
  if (!g_utf8_validate (text, -1, NULL))
    valid = g_utf8_make_valid (text, -1);
  return seal (json_node_init_string (json_node_alloc (), valid != NULL ? valid : text));
}

JsonNode *
heddle_json_int (gint64 value)
{
  return seal (json_node_init_int (json_node_alloc (), value));
}

JsonNode *
heddle_json_double (double value)
{
  if (!isfinite (value))
    return heddle_json_null ();
  return seal (json_node_init_double (json_node_alloc (), value));
}

JsonNode *
heddle_json_boolean (gboolean value)
{
  return seal (json_node_init_boolean (json_node_alloc (), value));
}

JsonNode *
heddle_json_object (JsonObject *object)
{
  JsonNode *node;

  g_return_val_if_fail (object != NULL, NULL);

  node = json_node_alloc ();
  json_node_init (node, JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return seal (node);
}

JsonNode *
heddle_json_array (JsonArray *array)
{
  JsonNode *node;

  g_return_val_if_fail (array != NULL, NULL);

  node = json_node_alloc ();
  json_node_init (node, JSON_NODE_ARRAY);
  json_node_take_array (node, array);
  return seal (node);
}

static gboolean
holds (JsonNode *node, GType type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

gboolean
heddle_json_is_string (JsonNode *node)
{
  return holds (node, G_TYPE_STRING);
}

gboolean
heddle_json_is_number (JsonNode *node)
{
  return holds (node, G_TYPE_INT64) || holds (node, G_TYPE_DOUBLE);
}

gboolean
heddle_json_is_null (JsonNode *node)
{
  return node == NULL || JSON_NODE_HOLDS_NULL (node);
}

static gboolean
arrays_equal (JsonArray *a, JsonArray *b)
{
  guint length = json_array_get_length (a);

  if (a == b)
    return TRUE;
  if (length != json_array_get_length (b))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      if (!heddle_json_equal (json_array_get_element (a, i), json_array_get_element (b, i)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
objects_equal (JsonObject *a, JsonObject *b)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (a == b)
    return TRUE;
  if (json_object_get_size (a) != json_object_get_size (b))
    return FALSE;

  json_object_iter_init (&iter, a);
  while (json_object_iter_next (&iter, &name, &value))
    {
      if (!json_object_has_member (b, name) || !heddle_json_equal (value, json_object_get_member (b, name)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scalars_equal (JsonNode *a, JsonNode *b)
{
  if (holds (a, G_TYPE_INT64) && holds (b, G_TYPE_INT64))
    return json_node_get_int (a) == json_node_get_int (b);
  if (heddle_json_is_number (a) && heddle_json_is_number (b))
    return json_node_get_double (a) == json_node_get_double (b);
  if (heddle_json_is_string (a) && heddle_json_is_string (b))
    return strcmp (json_node_get_string (a), json_node_get_string (b)) == 0;
  if (holds (a, G_TYPE_BOOLEAN) && holds (b, G_TYPE_BOOLEAN))
    return json_node_get_boolean (a) == json_node_get_boolean (b);
  return FALSE;
}

gboolean
heddle_json_equal (JsonNode *a, JsonNode *b)
{
  if (heddle_json_is_null (a) || heddle_json_is_null (b))
    return heddle_json_is_null (a) && heddle_json_is_null (b);
  if (a == b)
    return TRUE;
  if (JSON_NODE_HOLDS_ARRAY (a) && JSON_NODE_HOLDS_ARRAY (b))
    return arrays_equal (json_node_get_array (a), json_node_get_array (b));
  if (JSON_NODE_HOLDS_OBJECT (a) && JSON_NODE_HOLDS_OBJECT (b))
    return objects_equal (json_node_get_object (a), json_node_get_object (b));
  return scalars_equal (a, b);
}

void
heddle_json_set_member (JsonObject *object, const char *member, JsonNode *value)
{
  if (json_object_get_member (object, member) == value)
    json_node_unref (value);
  else
    json_object_set_member (object, member, value);
}

JsonNode *
heddle_json_member (JsonNode *node, const char *member)
{
  g_return_val_if_fail (member != NULL, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  return json_object_get_member (json_node_get_object (node), member);
}

const char *
heddle_json_get_string (JsonNode *node, const char *member, const char *fallback)
{
  JsonNode *value = heddle_json_member (node, member);

  return heddle_json_is_string (value) ? json_node_get_string (value) : fallback;
}

/* A double is taken when it is in range; its fraction is cut off. */
gint64
heddle_json_get_int (JsonNode *node, const char *member, gint64 fallback)
{
  JsonNode *value = heddle_json_member (node, member);

  if (holds (value, G_TYPE_INT64))
    return json_node_get_int (value);
  if (holds (value, G_TYPE_DOUBLE) && fabs (json_node_get_double (value)) < 9.2e18)
    return (gint64) json_node_get_double (value);
  return fallback;
}

double
heddle_json_get_double (JsonNode *node, const char *member, double fallback)
{
  JsonNode *value = heddle_json_member (node, member);

  return heddle_json_is_number (value) ? json_node_get_double (value) : fallback;
}

gboolean
heddle_json_get_boolean (JsonNode *node, const char *member, gboolean fallback)
{
  JsonNode *value = heddle_json_member (node, member);

  return holds (value, G_TYPE_BOOLEAN) ? json_node_get_boolean (value) : fallback;
}

JsonArray *
heddle_json_get_array (JsonNode *node, const char *member)
{
  JsonNode *value = heddle_json_member (node, member);

  return value != NULL && JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
}

JsonObject *
heddle_json_get_object (JsonNode *node, const char *member)
{
  JsonNode *value = heddle_json_member (node, member);

  return value != NULL && JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;
}

gboolean
heddle_json_is_blank (JsonNode *node)
{
  return heddle_json_is_null (node) || (heddle_json_is_string (node) && *json_node_get_string (node) == '\0');
}

gboolean
heddle_json_is_truthy (JsonNode *node)
{
  if (heddle_json_is_null (node))
    return FALSE;
  if (heddle_json_is_string (node))
    return *json_node_get_string (node) != '\0';
  if (heddle_json_is_number (node))
    return json_node_get_double (node) != 0;
  return !JSON_NODE_HOLDS_VALUE (node) || json_node_get_boolean (node);
}

JsonNode *
heddle_json_copy_object (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  g_return_val_if_fail (object != NULL, heddle_json_object (copy));

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (copy, name, json_node_ref (value));
  return heddle_json_object (copy);
}

JsonNode *
heddle_json_copy_array (JsonArray *array)
{
  guint length = array != NULL ? json_array_get_length (array) : 0;
  JsonArray *copy = json_array_sized_new (length);

  for (guint i = 0; i < length; i++)
    json_array_add_element (copy, json_node_ref (json_array_get_element (array, i)));
  return heddle_json_array (copy);
}
