/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-wire.h"

#include "value/heddle-json.h"

#include <stdarg.h>
#include <string.h>

JsonObject *
heddle_wire_object (const char *name, ...)
{
  JsonObject *object = json_object_new ();
  va_list arguments;

  va_start (arguments, name);
  for (; name != NULL; name = va_arg (arguments, const char *))
    {
      const char *value = va_arg (arguments, const char *);

      if (value != NULL)
        json_object_set_member (object, name, heddle_json_string (value));
    }
  va_end (arguments);
  return object;
}

JsonObject *
heddle_wire_add_object (JsonObject *object, const char *member)
{
  JsonObject *child = json_object_new ();

  json_object_set_object_member (object, member, child);
  return child;
}

JsonArray *
heddle_wire_add_array (JsonObject *object, const char *member)
{
  JsonArray *child = json_array_new ();

  json_object_set_array_member (object, member, child);
  return child;
}

void
heddle_wire_add_number (JsonObject *object, const char *member, double number)
{
  json_object_set_member (object, member, heddle_json_double (number));
}

void
heddle_wire_add_node (JsonObject *object, const char *member, JsonNode *node)
{
  if (node != NULL)
    json_object_set_member (object, member, json_node_ref (node));
}

JsonObject *
heddle_wire_copy_object (JsonNode *node)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return copy;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (copy, name, json_node_ref (value));
  return copy;
}

GBytes *
heddle_wire_to_bytes (JsonObject *object)
{
  g_autoptr (JsonNode) node = heddle_json_object (object);
  char *text = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);

  return g_bytes_new_take (text, strlen (text));
}

char *
heddle_wire_data_url (const char *mime, const char *base64)
{
  return g_strconcat ("data:", mime, ";base64,", base64, NULL);
}

guint
heddle_wire_length (JsonArray *array)
{
  return array == NULL ? 0 : json_array_get_length (array);
}
