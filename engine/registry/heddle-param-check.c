/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"

#include "expr/heddle-expr.h"
#include "heddle-error.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

#include <math.h>
#include <string.h>

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, message);
  return FALSE;
}

static char *
strip_braces (const char *source)
{
  g_autofree char *text = g_strstrip (g_strdup (source));
  gsize length = strlen (text);

  if (length < 4 || !g_str_has_prefix (text, "{{") || !g_str_has_suffix (text, "}}"))
    return NULL;
  return g_strndup (text + 2, length - 4);
}

HeddleExpr *
heddle_param_compile_expression (const char *source, GError **error)
{
  g_autofree char *inside = NULL;

  g_return_val_if_fail (source != NULL, NULL);

  /* No expression can begin with "{{": a key cannot be an object. */
  inside = strip_braces (source);
  return heddle_expr_compile (inside != NULL ? inside : source, error);
}

static gboolean
check_template (const HeddleParamSpec *spec, const char *text, GError **error)
{
  g_autoptr (HeddleTemplate) compiled = heddle_template_compile (text, spec->escape, error);

  return compiled != NULL;
}

static gboolean
check_text (const HeddleParamSpec *spec, JsonNode *value, GError **error)
{
  if (!heddle_json_is_string (value))
    return fail (error, _ ("This must be a text."));
  return !spec->is_template || check_template (spec, json_node_get_string (value), error);
}

static gboolean
check_expression (JsonNode *value, GError **error)
{
  g_autoptr (HeddleExpr) compiled = NULL;
  const char *source;

  if (!heddle_json_is_string (value))
    return fail (error, _ ("This must be an expression, written as a text."));
  source = json_node_get_string (value);
  if (source[strspn (source, " \t\n")] == '\0')
    return TRUE;
  compiled = heddle_param_compile_expression (source, error);
  return compiled != NULL;
}

static gboolean
check_choice (const HeddleParamSpec *spec, JsonNode *value, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (const HeddleChoice *c = spec->choices; c != NULL && c->id != NULL; c++)
    {
      if (heddle_json_is_string (value) && strcmp (c->id, json_node_get_string (value)) == 0)
        return TRUE;
      g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "", c->id);
    }
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This must be one of: %s."), known->str);
  return FALSE;
}

static gboolean
check_number (const HeddleParamSpec *spec, JsonNode *value, GError **error)
{
  double number;

  if (!heddle_json_is_number (value))
    return fail (error, _ ("This must be a number."));
  number = json_node_get_double (value);
  if (spec->kind == HEDDLE_PARAM_INT && number != floor (number))
    return fail (error, _ ("This must be a whole number."));
  if (spec->min < spec->max && (number < spec->min || number > spec->max))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This must be a number from %g to %g."), spec->min, spec->max);
      return FALSE;
    }
  return TRUE;
}

/* Not recursive in the size of the data: the reader caps depth at HEDDLE_JSON_MAX_DEPTH. */
static gboolean
check_json (const HeddleParamSpec *spec, JsonNode *value, GError **error)
{
  JsonObjectIter iter;
  JsonNode *member;

  if (heddle_json_is_string (value))
    return !heddle_param_has_templates (spec) || check_template (spec, json_node_get_string (value), error);
  if (JSON_NODE_HOLDS_ARRAY (value))
    {
      JsonArray *array = json_node_get_array (value);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          if (!check_json (spec, json_array_get_element (array, i), error))
            return FALSE;
        }
    }
  if (JSON_NODE_HOLDS_OBJECT (value))
    {
      json_object_iter_init (&iter, json_node_get_object (value));
      while (json_object_iter_next (&iter, NULL, &member))
        {
          if (!check_json (spec, member, error))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_row (const HeddleParamSpec *spec, JsonNode *row, GHashTable *names, GError **error)
{
  const char *name = heddle_json_get_string (row, "name", NULL);
  JsonNode *value = heddle_json_member (row, "value");

  if (name == NULL)
    return fail (error, _ ("Each entry needs a name."));
  if (*name == '\0')
    return fail (error, _ ("An entry has no name. Name it or remove it."));
  if (!g_hash_table_add (names, (gpointer) name))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The name “%s” is used twice. Names must differ."), name);
      return FALSE;
    }
  return value == NULL || check_json (spec, value, error);
}

static gboolean
check_field (JsonNode *row, GError **error)
{
  static const char *const types[] = { "text", "multiline", "number", "boolean", "choice", "json", "image", "file", NULL };
  const char *type = heddle_json_get_string (row, "type", "text");
  JsonArray *choices = heddle_json_get_array (row, "choices");

  if (!g_strv_contains (types, type))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("“%s” is not a type of field. Use text, multiline, number, boolean, choice, json, image or file."), type);
      return FALSE;
    }
  if (g_str_equal (type, "choice") && (choices == NULL || json_array_get_length (choices) == 0))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The field “%s” needs at least one choice."),
                   heddle_json_get_string (row, "name", ""));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_rows (const HeddleParamSpec *spec, JsonNode *value, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *rows;

  if (!JSON_NODE_HOLDS_ARRAY (value))
    return fail (error, _ ("This must be a list of entries that have names."));
  rows = json_node_get_array (value);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);

      if (!check_row (spec, row, names, error))
        return FALSE;
      if (spec->kind == HEDDLE_PARAM_FIELDS && !check_field (row, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_empty (JsonNode *value)
{
  if (heddle_json_is_null (value))
    return TRUE;
  if (JSON_NODE_HOLDS_ARRAY (value))
    return json_array_get_length (json_node_get_array (value)) == 0;
  if (heddle_json_is_string (value))
    {
      const char *text = json_node_get_string (value);

      return text[strspn (text, " \t\r\n")] == '\0';
    }
  return FALSE;
}

static gboolean
check_list (JsonNode *value, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;

  if (array == NULL)
    return fail (error, _ ("This must be a list of texts."));
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!heddle_json_is_string (item) || is_empty (item))
        return fail (error, _ ("An entry of this list is empty or no text. Fill it in or remove it."));
    }
  return TRUE;
}

gboolean
heddle_param_check_value (const HeddleParamSpec *spec, JsonNode *value, GError **error)
{
  g_return_val_if_fail (spec != NULL && value != NULL, FALSE);

  switch (spec->kind)
    {
    case HEDDLE_PARAM_STRING:
    case HEDDLE_PARAM_TEXT:
    case HEDDLE_PARAM_MODEL:
    case HEDDLE_PARAM_CREDENTIAL:
    case HEDDLE_PARAM_KNOWLEDGE:
    case HEDDLE_PARAM_WORKFLOW:
    case HEDDLE_PARAM_MCP_SERVER:
      return check_text (spec, value, error);
    case HEDDLE_PARAM_EXPRESSION:
      return check_expression (value, error);
    case HEDDLE_PARAM_CHOICE:
      return check_choice (spec, value, error);
    case HEDDLE_PARAM_INT:
    case HEDDLE_PARAM_DOUBLE:
      return check_number (spec, value, error);
    case HEDDLE_PARAM_BOOLEAN:
      if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_BOOLEAN)
        return TRUE;
      return fail (error, _ ("This must be true or false."));
    case HEDDLE_PARAM_JSON:
      return check_json (spec, value, error);
    case HEDDLE_PARAM_PAIRS:
    case HEDDLE_PARAM_FIELDS:
    case HEDDLE_PARAM_CASES:
      return check_rows (spec, value, error);
    case HEDDLE_PARAM_NAMES:
      return check_list (value, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static void
add_problem (GPtrArray *problems, HeddleSeverity severity, const char *node_id, const char *param, const char *message)
{
  g_ptr_array_add (problems, heddle_problem_new (severity, node_id, NULL, param, message));
}

static void
check_names (const HeddleNodeType *type, JsonObject *params, const char *node_id, GPtrArray *problems)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, params);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      g_autofree char *message = NULL;

      if (heddle_node_type_find_param (type, name) != NULL)
        continue;
      message = g_strdup_printf (_ ("This node has no parameter “%s”. It is kept but has no effect."), name);
      add_problem (problems, HEDDLE_SEVERITY_WARNING, node_id, name, message);
    }
}

static void
check_param (const HeddleNodeType *type, const HeddleParamSpec *spec, JsonObject *params, const char *node_id, GPtrArray *problems)
{
  g_autoptr (JsonNode) value = heddle_params_dup_value (type, params, spec->name);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (is_empty (value) && spec->required && heddle_param_is_visible (type, spec, params))
    {
      message = g_strdup_printf (_ ("“%s” is empty. Fill it in."), _ (spec->title));
      add_problem (problems, HEDDLE_SEVERITY_ERROR, node_id, spec->name, message);
    }
  else if (value != NULL && !heddle_param_check_value (spec, value, &error))
    {
      message = g_strdup_printf ("%s: %s", _ (spec->title), error->message);
      add_problem (problems, HEDDLE_SEVERITY_ERROR, node_id, spec->name, message);
    }
}

void
heddle_params_check (const HeddleNodeType *type, JsonObject *params, const char *node_id, GPtrArray *problems)
{
  g_autoptr (JsonObject) none = NULL;

  g_return_if_fail (type != NULL && problems != NULL);

  if (params == NULL)
    params = none = json_object_new ();
  check_names (type, params, node_id, problems);
  HEDDLE_FOREACH_PARAM (p, type)
    check_param (type, p, params, node_id, problems);
  if (type->check != NULL)
    type->check (params, node_id, problems);
}
