/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-input.h"

#include "cli/heddle-cli.h"

#include "heddle-engine.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Taken as bytes: JSON is UTF-8, whatever the locale says. */
static JsonNode *
parse_json (const char *argument,
            GError **error)
{
  g_autofree char *text = NULL;
  JsonNode *node;
  gsize length;

  if (argument[0] == '@' || strcmp (argument, "-") == 0)
    text = heddle_cli_read_file (argument[0] == '@' ? argument + 1 : argument, &length, error);
  else
    {
      text = g_strdup (argument);
      length = strlen (text);
    }
  if (text == NULL)
    return NULL;
  node = heddle_json_parse (text, length, error);
  if (node == NULL)
    g_prefix_error (error, _ ("--input is not JSON: "));
  return node;
}

/* The length of FIELD in FIELD=…; 0: it is something else. No JSON begins with a name and a sign of equality. */
static gsize
field_length (const char *argument)
{
  gsize length = 0;

  while (g_ascii_isalpha (argument[length]) || argument[length] == '_' || (length > 0 && g_ascii_isdigit (argument[length])))
    length++;
  return argument[length] == '=' ? length : 0;
}

static gboolean
add_field (JsonObject *fields,
           const char *argument,
           GError **error)
{
  gsize length = field_length (argument);
  g_autofree char *name = g_strndup (argument, length);
  const char *text = argument + length + 1;
  JsonNode *value = text[0] == '@' ? heddle_file_value_load (text + 1, error) : heddle_json_string (text);

  if (value == NULL)
    {
      g_prefix_error (error, "--input %s: ", name);
      return FALSE;
    }
  json_object_set_member (fields, name, value);
  return TRUE;
}

static gboolean
copy_members (JsonObject *fields,
              JsonNode *object,
              GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (object))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("--input is given several times, but one of them is no JSON object and no FIELD=TEXT. Give one value, or fields."));
      return FALSE;
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (object));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (fields, name, json_node_ref (value));
  return TRUE;
}

static gboolean
add_argument (JsonObject *fields,
              const char *argument,
              GError **error)
{
  g_autoptr (JsonNode) json = NULL;

  if (field_length (argument) > 0)
    return add_field (fields, argument, error);
  json = parse_json (argument, error);
  return json != NULL && copy_members (fields, json, error);
}

JsonNode *
heddle_cli_parse_input (const char *const *arguments,
                        GError **error)
{
  g_autoptr (JsonObject) fields = NULL;

  g_return_val_if_fail (arguments != NULL && arguments[0] != NULL, NULL);

  if (arguments[1] == NULL && field_length (arguments[0]) == 0)
    return parse_json (arguments[0], error);
  fields = json_object_new ();
  for (guint i = 0; arguments[i] != NULL; i++)
    {
      if (!add_argument (fields, arguments[i], error))
        return NULL;
    }
  return heddle_json_object (g_steal_pointer (&fields));
}
