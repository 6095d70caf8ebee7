/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-value-text.h"

#include <glib/gi18n-lib.h>

#define MAX_PARTS 8

static char *
describe_text (const char *text)
{
  glong n = g_utf8_strlen (text, -1);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Text, %lu character", "Text, %lu characters", (gulong) n), (gulong) n);
}

char *
heddle_value_describe (JsonNode *value)
{
  guint n;

  if (heddle_json_is_null (value))
    return g_strdup (_ ("Nothing"));
  if (heddle_json_is_string (value))
    return describe_text (json_node_get_string (value));
  if (heddle_json_is_number (value))
    return g_strdup (_ ("Number"));
  if (JSON_NODE_HOLDS_VALUE (value))
    return g_strdup (_ ("Yes or no"));
  if (JSON_NODE_HOLDS_ARRAY (value))
    {
      n = json_array_get_length (json_node_get_array (value));
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "List, %u element", "List, %u elements", n), n);
    }
  n = json_object_get_size (json_node_get_object (value));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Object, %u member", "Object, %u members", n), n);
}

/* Spaces of all kinds become one. Returns how many characters were written. */
static guint
append_text (GString *line,
             const char *text,
             guint max)
{
  guint n = 0;

  for (; *text != '\0' && n < max; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      gboolean is_space = g_unichar_isspace (c) || g_unichar_iscntrl (c);

      if (is_space && (line->len == 0 || line->str[line->len - 1] == ' '))
        continue;
      g_string_append_unichar (line, is_space ? ' ' : c);
      n++;
    }
  if (*text != '\0')
    g_string_append (line, "…");
  return n;
}

static void
append_members (GString *line,
                JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  guint n = 0;

  if (json_object_get_size (object) == 0)
    {
      g_string_append (line, "{}");
      return;
    }
  g_string_append (line, "{ ");
  json_object_iter_init_ordered (&iter, object);
  while (n < MAX_PARTS && json_object_iter_next_ordered (&iter, &name, NULL))
    {
      g_string_append (line, n++ > 0 ? ", " : "");
      append_text (line, name, 40);
    }
  g_string_append (line, json_object_get_size (object) > n ? ", … }" : " }");
}

static void
append_value (GString *line,
              JsonNode *value,
              guint max)
{
  if (heddle_json_is_null (value))
    g_string_append (line, "null");
  else if (heddle_json_is_string (value))
    append_text (line, json_node_get_string (value), max);
  else if (JSON_NODE_HOLDS_OBJECT (value))
    append_members (line, json_node_get_object (value));
  else if (JSON_NODE_HOLDS_VALUE (value))
    heddle_json_append_text (line, value, HEDDLE_JSON_COMPACT, 0);
}

static void
append_elements (GString *line,
                 JsonArray *array,
                 guint max)
{
  guint length = json_array_get_length (array);
  guint n = 0;

  g_string_append (line, "[ ");
  for (; n < MIN (length, MAX_PARTS) && line->len < max; n++)
    {
      JsonNode *element = json_array_get_element (array, n);

      g_string_append (line, n > 0 ? ", " : "");
      if (JSON_NODE_HOLDS_ARRAY (element))
        g_string_append (line, "[…]");
      else
        append_value (line, element, 40);
    }
  g_string_append (line, length > n ? ", … ]" : " ]");
}

char *
heddle_value_dup_line (JsonNode *value,
                       guint max)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GString) cut = NULL;

  if (value != NULL && JSON_NODE_HOLDS_ARRAY (value) && json_array_get_length (json_node_get_array (value)) == 0)
    g_string_append (line, "[]");
  else if (value != NULL && JSON_NODE_HOLDS_ARRAY (value))
    append_elements (line, json_node_get_array (value), max);
  else
    append_value (line, value, max);
  if (g_utf8_strlen (line->str, -1) <= max + 1)
    return g_string_free (g_steal_pointer (&line), FALSE);
  cut = g_string_new (NULL);
  append_text (cut, line->str, max);
  return g_string_free (g_steal_pointer (&cut), FALSE);
}

gboolean
heddle_path_is_identifier (const char *name)
{
  if (!g_ascii_isalpha (*name) && *name != '_' && *name != '$')
    return FALSE;
  for (name++; *name != '\0'; name++)
    {
      if (!g_ascii_isalnum (*name) && *name != '_' && *name != '$')
        return FALSE;
    }
  return TRUE;
}

void
heddle_path_append_member (GString *path,
                           const char *name)
{
  if (heddle_path_is_identifier (name))
    {
      g_string_append_printf (path, ".%s", name);
      return;
    }
  g_string_append_c (path, '[');
  heddle_json_append_string (path, name);
  g_string_append_c (path, ']');
}
