/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-fields.h"

#include "heddle-error.h"
#include "value/heddle-file-value.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *
heddle_field_get_title (JsonNode *field)
{
  const char *title = heddle_json_get_string (field, "title", NULL);

  return title != NULL && *title != '\0' ? title : heddle_json_get_string (field, "name", "");
}

static JsonNode *
refuse (JsonNode *field, JsonNode *value, const char *expected, GError **error)
{
  g_autofree char *shown = heddle_json_to_display (value);
  g_autofree char *start = g_utf8_substring (shown, 0, MIN (g_utf8_strlen (shown, -1), 40));

  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The field “%s” must be %s, but “%s” was given."), heddle_field_get_title (field),
               expected, start);
  return NULL;
}

static JsonNode *
to_number (JsonNode *field, JsonNode *value, GError **error)
{
  g_autoptr (JsonNode) parsed = NULL;

  if (heddle_json_is_number (value))
    return json_node_ref (value);
  if (heddle_json_is_string (value))
    {
      g_autofree char *text = g_strstrip (g_strdup (json_node_get_string (value)));

      parsed = heddle_json_parse (text, -1, NULL);
    }
  if (parsed != NULL && heddle_json_is_number (parsed))
    return g_steal_pointer (&parsed);
  return refuse (field, value, _ ("a number"), error);
}

static JsonNode *
to_boolean (JsonNode *field, JsonNode *value, GError **error)
{
  static const char *const yes[] = { "true", "yes", "on", "1", NULL };
  static const char *const no[] = { "false", "no", "off", "0", NULL };
  g_autofree char *shown = heddle_json_to_display (value);
  g_autofree char *word = g_ascii_strdown (g_strstrip (shown), -1);

  if (g_strv_contains (yes, word))
    return heddle_json_boolean (TRUE);
  if (g_strv_contains (no, word))
    return heddle_json_boolean (FALSE);
  return refuse (field, value, _ ("true or false"), error);
}

static JsonNode *
to_choice (JsonNode *field, JsonNode *value, GError **error)
{
  JsonArray *choices = heddle_json_get_array (field, "choices");
  g_autofree char *shown = heddle_json_to_display (value);
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; choices != NULL && i < json_array_get_length (choices); i++)
    {
      g_autofree char *choice = heddle_json_to_display (json_array_get_element (choices, i));

      if (strcmp (choice, shown) == 0)
        return heddle_json_string (shown);
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", choice);
    }
  g_string_prepend (known, _ ("one of: "));
  return refuse (field, value, known->str, error);
}

/* A form gives text, so text that is meant as a list or an object is read. */
static JsonNode *
to_json (JsonNode *field, JsonNode *value, GError **error)
{
  const char *text = heddle_json_is_string (value) ? json_node_get_string (value) : "";
  JsonNode *parsed;

  text += strspn (text, " \t\r\n");
  if (*text != '{' && *text != '[')
    return json_node_ref (value);
  parsed = heddle_json_parse (text, -1, error);
  if (parsed == NULL)
    g_prefix_error (error, "%s: ", heddle_field_get_title (field));
  return parsed;
}

static JsonNode *
to_file (JsonNode *field, JsonNode *value, gboolean is_image, GError **error)
{
  g_autoptr (JsonNode) file = heddle_file_value_read (value, error);

  if (file == NULL)
    {
      g_prefix_error (error, "%s: ", heddle_field_get_title (field));
      return NULL;
    }
  if (!is_image || heddle_file_value_is_image (file))
    return g_steal_pointer (&file);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The field “%s” takes a picture, but “%s” is none. Choose a PNG, JPEG, GIF or WebP file."),
               heddle_field_get_title (field), heddle_json_get_string (file, "name", ""));
  return NULL;
}

static JsonNode *
to_text (JsonNode *value)
{
  g_autofree char *shown = NULL;

  if (heddle_json_is_string (value))
    return json_node_ref (value);
  shown = heddle_json_to_display (value);
  return heddle_json_string (shown);
}

static JsonNode *
coerce (JsonNode *field, JsonNode *value, GError **error)
{
  const char *type = heddle_json_get_string (field, "type", "text");

  if (g_str_equal (type, "number"))
    return to_number (field, value, error);
  if (g_str_equal (type, "boolean"))
    return to_boolean (field, value, error);
  if (g_str_equal (type, "choice"))
    return to_choice (field, value, error);
  if (g_str_equal (type, "json"))
    return to_json (field, value, error);
  if (g_str_equal (type, "image") || g_str_equal (type, "file"))
    return to_file (field, value, g_str_equal (type, "image"), error);
  return to_text (value);
}

/* What an optional field that was not given holds: a text can always be worked with. */
static JsonNode *
absent_value (JsonNode *field)
{
  const char *type = heddle_json_get_string (field, "type", "text");

  if (g_str_equal (type, "text") || g_str_equal (type, "multiline"))
    return heddle_json_string ("");
  return heddle_json_null ();
}

static JsonNode *
read_field (JsonNode *field, JsonNode *given, GError **error)
{
  JsonNode *value = heddle_json_is_blank (given) ? heddle_json_member (field, "default") : given;

  if (!heddle_json_is_blank (value))
    return coerce (field, value, error);
  if (!heddle_json_get_boolean (field, "required", FALSE))
    return absent_value (field);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The field “%s” is required, but nothing was given for it."),
               heddle_field_get_title (field));
  return NULL;
}

/* A run input that is no object is meant for the first field. */
static JsonNode *
given_value (JsonNode *input, const char *name, guint index)
{
  if (input != NULL && JSON_NODE_HOLDS_OBJECT (input))
    return heddle_json_member (input, name);
  return index == 0 ? input : NULL;
}

JsonObject *
heddle_fields_read (JsonNode *fields, JsonNode *input, const char **at, GError **error)
{
  JsonArray *list = fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) ? json_node_get_array (fields) : NULL;
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *field = json_array_get_element (list, i);
      const char *name = heddle_json_get_string (field, "name", "");
      JsonNode *value = read_field (field, given_value (input, name, i), error);

      if (value == NULL)
        {
          if (at != NULL)
            *at = name;
          return NULL;
        }
      json_object_set_member (object, name, value);
    }
  return g_steal_pointer (&object);
}
