/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-variable.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const ops[] = {
  [HEDDLE_VARIABLE_SET] = "set",
  [HEDDLE_VARIABLE_APPEND] = "append",
  [HEDDLE_VARIABLE_ADD] = "add",
  [HEDDLE_VARIABLE_MERGE] = "merge",
  [HEDDLE_VARIABLE_DELETE] = "delete",
};

gboolean
heddle_variable_op_from_string (const char *text, HeddleVariableOp *op)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (ops); i++)
    {
      if (strcmp (ops[i], text) == 0)
        {
          *op = (HeddleVariableOp) i;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
is_identifier (const char *name)
{
  gsize length = strlen (name);

  return length > 0 && length <= HEDDLE_VARIABLE_MAX_NAME && !g_ascii_isdigit (*name) &&
         strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == length;
}

gboolean
heddle_variable_check_name (const char *name, GError **error)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  if (is_identifier (name))
    return TRUE;
  shown = g_utf8_make_valid (name, (gssize) MIN (strlen (name), 80));
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               _ ("“%s” cannot be the name of a variable: use letters A to Z, digits and “_”, %d at most, and do not begin with a digit."), shown,
               HEDDLE_VARIABLE_MAX_NAME);
  return FALSE;
}

static JsonNode *
refuse (GError **error, const char *name, const char *expected)
{
  /* Translators: the second %s is a kind of value such as "a number". */
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The variable “%s” and what is to change it must be %s."), name, expected);
  return NULL;
}

static JsonNode *
append (const char *name, JsonNode *old, JsonNode *value, GError **error)
{
  JsonArray *list = NULL;
  g_autofree char *text = NULL;

  if (old != NULL && heddle_json_is_string (old) && heddle_json_is_string (value))
    {
      text = g_strconcat (json_node_get_string (old), json_node_get_string (value), NULL);
      return heddle_json_string (text);
    }
  if (!heddle_json_is_null (old) && !JSON_NODE_HOLDS_ARRAY (old))
    return refuse (error, name, _ ("a list and an item, or two texts"));
  list = json_array_new ();
  for (guint i = 0; !heddle_json_is_null (old) && i < json_array_get_length (json_node_get_array (old)); i++)
    json_array_add_element (list, json_node_ref (json_array_get_element (json_node_get_array (old), i)));
  json_array_add_element (list, json_node_ref (value));
  return heddle_json_array (list);
}

static gboolean
is_int (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_INT64;
}

static JsonNode *
add (const char *name, JsonNode *old, JsonNode *value, GError **error)
{
  gint64 sum;

  if (!heddle_json_is_number (value) || (!heddle_json_is_null (old) && !heddle_json_is_number (old)))
    return refuse (error, name, _ ("numbers"));
  if (heddle_json_is_null (old))
    return json_node_ref (value);
  if (is_int (old) && is_int (value) && !__builtin_add_overflow (json_node_get_int (old), json_node_get_int (value), &sum))
    return heddle_json_int (sum);
  return heddle_json_double (json_node_get_double (old) + json_node_get_double (value));
}

static void
copy_members (JsonObject *target, JsonNode *source)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (source));
  while (json_object_iter_next_ordered (&iter, &member, &value))
    json_object_set_member (target, member, json_node_ref (value));
}

static JsonNode *
merge (const char *name, JsonNode *old, JsonNode *value, GError **error)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (value) || (!heddle_json_is_null (old) && !JSON_NODE_HOLDS_OBJECT (old)))
    return refuse (error, name, _ ("objects"));
  object = json_object_new ();
  if (!heddle_json_is_null (old))
    copy_members (object, old);
  copy_members (object, value);
  return heddle_json_object (object);
}

static JsonNode *
combine (HeddleVariableOp op, const char *name, JsonNode *old, JsonNode *value, GError **error)
{
  switch (op)
    {
    case HEDDLE_VARIABLE_APPEND:
      return append (name, old, value, error);
    case HEDDLE_VARIABLE_ADD:
      return add (name, old, value, error);
    case HEDDLE_VARIABLE_MERGE:
      return merge (name, old, value, error);
    case HEDDLE_VARIABLE_DELETE:
      return heddle_json_null ();
    case HEDDLE_VARIABLE_SET:
    default:
      return json_node_ref (value);
    }
}

/* What could not be read back is not kept: nesting grows with appending and merging. */
static gboolean
fits (JsonNode *value, const char *name, GError **error)
{
  g_autofree char *text = heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
  g_autoptr (JsonNode) again = NULL;
  g_autoptr (GError) reason = NULL;

  again = heddle_json_parse_limited (text, -1, HEDDLE_VARIABLE_MAX_BYTES, &reason);
  if (again == NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The variable “%s” gets too large: %s"), name, reason->message);
  return again != NULL;
}

JsonNode *
heddle_variable_apply (HeddleVariableOp op, const char *name, JsonNode *old, JsonNode *value, GError **error)
{
  g_autoptr (JsonNode) result = NULL;

  g_return_val_if_fail (name != NULL && (value != NULL || op == HEDDLE_VARIABLE_DELETE), NULL);

  if (!heddle_variable_check_name (name, error))
    return NULL;
  result = combine (op, name, old, value, error);
  if (result == NULL || !fits (result, name, error))
    return NULL;
  return g_steal_pointer (&result);
}
