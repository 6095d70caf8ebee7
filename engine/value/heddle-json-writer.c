/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-json.h"

#include <math.h>
#include <string.h>

static void write_node (GString *out, JsonNode *node, HeddleJsonFlags flags, guint indent);

static void
append_escape (GString *out, guchar byte)
{
  static const char letters[] = "\"\\bfnrt";
  static const char meanings[] = "\"\\\b\f\n\r\t";
  const char *found = byte != 0 ? strchr (meanings, byte) : NULL;

  if (found != NULL)
    {
      g_string_append_c (out, '\\');
      g_string_append_c (out, letters[found - meanings]);
    }
  else
    {
      g_string_append_printf (out, "\\u%04x", byte);
    }
}

static void
append_quoted (GString *out, const char *text)
{
  const char *run = text;

  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if ((guchar) *p >= 0x20 && *p != '"' && *p != '\\')
        continue;
      g_string_append_len (out, run, p - run);
      append_escape (out, *p);
      run = p + 1;
    }
  g_string_append (out, run);
  g_string_append_c (out, '"');
}

void
heddle_json_append_string (GString *out, const char *text)
{
  g_autofree char *valid = NULL;

  g_return_if_fail (out != NULL);
  g_return_if_fail (text != NULL);

  if (!g_utf8_validate (text, -1, NULL))
    valid = g_utf8_make_valid (text, -1);
  append_quoted (out, valid != NULL ? valid : text);
}

static void
break_line (GString *out, HeddleJsonFlags flags, guint indent)
{
  if ((flags & HEDDLE_JSON_PRETTY) == 0)
    return;
  g_string_append_c (out, '\n');
  for (guint i = 0; i < indent; i++)
    g_string_append (out, "  ");
}

static void
write_array (GString *out, JsonArray *array, HeddleJsonFlags flags, guint indent)
{
  guint length = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      break_line (out, flags, indent + 1);
      write_node (out, json_array_get_element (array, i), flags, indent + 1);
    }
  if (length > 0)
    break_line (out, flags, indent);
  g_string_append_c (out, ']');
}

static void
write_object (GString *out, JsonObject *object, HeddleJsonFlags flags, guint indent)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  gboolean first = TRUE;

  g_string_append_c (out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      break_line (out, flags, indent + 1);
      heddle_json_append_string (out, name);
      g_string_append (out, (flags & HEDDLE_JSON_PRETTY) != 0 ? ": " : ":");
      write_node (out, value, flags, indent + 1);
    }
  if (!first)
    break_line (out, flags, indent);
  g_string_append_c (out, '}');
}

static void
write_scalar (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    heddle_json_append_string (out, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_INT64)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (type == G_TYPE_DOUBLE && isfinite (json_node_get_double (node)))
    heddle_json_append_number (out, json_node_get_double (node));
  else
    g_string_append (out, "null");
}

static void
write_node (GString *out, JsonNode *node, HeddleJsonFlags flags, guint indent)
{
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    write_array (out, json_node_get_array (node), flags, indent);
  else if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    write_object (out, json_node_get_object (node), flags, indent);
  else if (node != NULL && JSON_NODE_HOLDS_VALUE (node))
    write_scalar (out, node);
  else
    g_string_append (out, "null");
}

void
heddle_json_append_text (GString *out, JsonNode *node, HeddleJsonFlags flags, guint indent)
{
  g_return_if_fail (out != NULL);

  write_node (out, node, flags, indent);
}

char *
heddle_json_to_text (JsonNode *node, HeddleJsonFlags flags)
{
  GString *out = g_string_new (NULL);

  write_node (out, node, flags, 0);
  return g_string_free (out, FALSE);
}

char *
heddle_json_to_display (JsonNode *node)
{
  if (heddle_json_is_null (node))
    return g_strdup ("");
  if (heddle_json_is_string (node))
    return g_strdup (json_node_get_string (node));
  return heddle_json_to_text (node, HEDDLE_JSON_COMPACT);
}
