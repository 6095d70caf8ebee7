/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <math.h>
#include <string.h>

/* How the field of a parameter is stored in the params struct. */
typedef enum
{
  STORE_TEXT,
  STORE_INT,
  STORE_DOUBLE,
  STORE_BOOLEAN,
  STORE_NODE,
} Storage;

static const char *const kind_names[] = {
  [HEDDLE_PARAM_STRING] = "string",
  [HEDDLE_PARAM_TEXT] = "text",
  [HEDDLE_PARAM_EXPRESSION] = "expression",
  [HEDDLE_PARAM_MODEL] = "model",
  [HEDDLE_PARAM_CREDENTIAL] = "credential",
  [HEDDLE_PARAM_KNOWLEDGE] = "knowledge",
  [HEDDLE_PARAM_WORKFLOW] = "workflow",
  [HEDDLE_PARAM_MCP_SERVER] = "mcp_server",
  [HEDDLE_PARAM_CHOICE] = "choice",
  [HEDDLE_PARAM_INT] = "int",
  [HEDDLE_PARAM_DOUBLE] = "double",
  [HEDDLE_PARAM_BOOLEAN] = "boolean",
  [HEDDLE_PARAM_JSON] = "json",
  [HEDDLE_PARAM_PAIRS] = "pairs",
  [HEDDLE_PARAM_FIELDS] = "fields",
  [HEDDLE_PARAM_CASES] = "cases",
  [HEDDLE_PARAM_NAMES] = "names",
};

static const char *const value_type_names[] = {
  [HEDDLE_VALUE_ANY] = "any",
  [HEDDLE_VALUE_TEXT] = "text",
  [HEDDLE_VALUE_NUMBER] = "number",
  [HEDDLE_VALUE_BOOLEAN] = "boolean",
  [HEDDLE_VALUE_LIST] = "list",
  [HEDDLE_VALUE_OBJECT] = "object",
};

const char *
heddle_param_kind_to_string (HeddleParamKind kind)
{
  g_return_val_if_fail (kind > 0 && kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

const char *
heddle_value_type_to_string (HeddleValueType type)
{
  g_return_val_if_fail (type < G_N_ELEMENTS (value_type_names), NULL);

  return value_type_names[type];
}

static Storage
storage_of (const HeddleParamSpec *spec)
{
  switch (spec->kind)
    {
    case HEDDLE_PARAM_INT:
      return STORE_INT;
    case HEDDLE_PARAM_DOUBLE:
      return STORE_DOUBLE;
    case HEDDLE_PARAM_BOOLEAN:
      return STORE_BOOLEAN;
    case HEDDLE_PARAM_EXPRESSION:
    case HEDDLE_PARAM_JSON:
    case HEDDLE_PARAM_PAIRS:
    case HEDDLE_PARAM_FIELDS:
    case HEDDLE_PARAM_CASES:
    case HEDDLE_PARAM_NAMES:
      return STORE_NODE;
    case HEDDLE_PARAM_STRING:
    case HEDDLE_PARAM_TEXT:
    case HEDDLE_PARAM_MODEL:
    case HEDDLE_PARAM_CREDENTIAL:
    case HEDDLE_PARAM_KNOWLEDGE:
    case HEDDLE_PARAM_WORKFLOW:
    case HEDDLE_PARAM_MCP_SERVER:
    case HEDDLE_PARAM_CHOICE:
    default:
      return spec->keep_type ? STORE_NODE : STORE_TEXT;
    }
}

const HeddleParamSpec *
heddle_node_type_find_param (const HeddleNodeType *type, const char *name)
{
  g_return_val_if_fail (type != NULL && name != NULL, NULL);

  HEDDLE_FOREACH_PARAM (p, type)
    {
      if (strcmp (p->name, name) == 0)
        return p;
    }
  return NULL;
}

JsonNode *
heddle_param_dup_default (const HeddleParamSpec *spec)
{
  g_return_val_if_fail (spec != NULL, NULL);

  switch (spec->kind)
    {
    case HEDDLE_PARAM_INT:
      return heddle_json_int (spec->def.i);
    case HEDDLE_PARAM_DOUBLE:
      return heddle_json_double (spec->def.d);
    case HEDDLE_PARAM_BOOLEAN:
      return heddle_json_boolean (spec->def.b);
    case HEDDLE_PARAM_JSON:
    case HEDDLE_PARAM_PAIRS:
    case HEDDLE_PARAM_FIELDS:
    case HEDDLE_PARAM_CASES:
    case HEDDLE_PARAM_NAMES:
      return spec->def.s != NULL ? heddle_json_parse (spec->def.s, -1, NULL) : NULL;
    case HEDDLE_PARAM_STRING:
    case HEDDLE_PARAM_TEXT:
    case HEDDLE_PARAM_EXPRESSION:
    case HEDDLE_PARAM_MODEL:
    case HEDDLE_PARAM_CREDENTIAL:
    case HEDDLE_PARAM_KNOWLEDGE:
    case HEDDLE_PARAM_WORKFLOW:
    case HEDDLE_PARAM_MCP_SERVER:
    case HEDDLE_PARAM_CHOICE:
    default:
      return spec->def.s != NULL ? heddle_json_string (spec->def.s) : NULL;
    }
}

static JsonNode *
dup_value (const HeddleParamSpec *spec, JsonObject *params)
{
  JsonNode *value = params != NULL ? json_object_get_member (params, spec->name) : NULL;

  return value != NULL ? json_node_ref (value) : heddle_param_dup_default (spec);
}

JsonNode *
heddle_params_dup_value (const HeddleNodeType *type, JsonObject *params, const char *name)
{
  const HeddleParamSpec *spec = heddle_node_type_find_param (type, name);

  return spec != NULL ? dup_value (spec, params) : NULL;
}

const char *
heddle_params_get_string (JsonObject *params, const char *name, const char *fallback)
{
  JsonNode *value = params != NULL ? json_object_get_member (params, name) : NULL;

  return heddle_json_is_string (value) ? json_node_get_string (value) : fallback;
}

double
heddle_params_get_double (JsonObject *params, const char *name, double fallback)
{
  JsonNode *value = params != NULL ? json_object_get_member (params, name) : NULL;

  return heddle_json_is_number (value) ? json_node_get_double (value) : fallback;
}

static gboolean
says_yes (JsonNode *value)
{
  if (heddle_json_is_blank (value))
    return FALSE;
  if (JSON_NODE_HOLDS_ARRAY (value))
    return json_array_get_length (json_node_get_array (value)) > 0;
  if (heddle_json_is_number (value))
    return json_node_get_double (value) != 0;
  return json_node_get_value_type (value) != G_TYPE_BOOLEAN || json_node_get_boolean (value);
}

gboolean
heddle_param_is_visible (const HeddleNodeType *type, const HeddleParamSpec *spec, JsonObject *params)
{
  const char *equals;
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (JsonNode) value = NULL;
  g_auto (GStrv) accepted = NULL;
  const HeddleParamSpec *other;

  g_return_val_if_fail (type != NULL && spec != NULL, FALSE);

  if (spec->visible_if == NULL)
    return TRUE;
  equals = strchrnul (spec->visible_if, '=');
  name = g_strndup (spec->visible_if, equals - spec->visible_if);
  other = heddle_node_type_find_param (type, name);
  if (other == NULL || other == spec || !heddle_param_is_visible (type, other, params))
    return FALSE;

  value = dup_value (other, params);
  if (*equals == '\0')
    return says_yes (value);
  shown = heddle_json_to_display (value);
  accepted = g_strsplit (equals + 1, "|", -1);
  return g_strv_contains ((const char *const *) accepted, shown);
}

gboolean
heddle_param_has_templates (const HeddleParamSpec *spec)
{
  g_return_val_if_fail (spec != NULL, FALSE);

  switch (spec->kind)
    {
    case HEDDLE_PARAM_STRING:
    case HEDDLE_PARAM_TEXT:
    case HEDDLE_PARAM_MODEL:
    case HEDDLE_PARAM_JSON:
      return spec->is_template;
    case HEDDLE_PARAM_PAIRS:
    case HEDDLE_PARAM_CASES:
      return TRUE;
    case HEDDLE_PARAM_EXPRESSION:
    case HEDDLE_PARAM_CREDENTIAL:
    case HEDDLE_PARAM_KNOWLEDGE:
    case HEDDLE_PARAM_WORKFLOW:
    case HEDDLE_PARAM_MCP_SERVER:
    case HEDDLE_PARAM_CHOICE:
    case HEDDLE_PARAM_INT:
    case HEDDLE_PARAM_DOUBLE:
    case HEDDLE_PARAM_BOOLEAN:
    case HEDDLE_PARAM_FIELDS:
    case HEDDLE_PARAM_NAMES:
    default:
      return FALSE;
    }
}

static gboolean
fail (const HeddleParamSpec *spec, GError **error, const char *message)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, "%s: %s", _ (spec->title), message);
  return FALSE;
}

static gboolean
load_text (const HeddleParamSpec *spec, JsonNode *value, char **field, GError **error)
{
  if (spec->kind == HEDDLE_PARAM_CHOICE && !heddle_param_check_value (spec, value, error))
    return FALSE;
  *field = heddle_json_is_null (value) ? NULL : heddle_json_to_display (value);
  return TRUE;
}

static gboolean
load_number (const HeddleParamSpec *spec, JsonNode *value, gpointer field, GError **error)
{
  if (!heddle_param_check_value (spec, value, error))
    return FALSE;
  if (spec->kind == HEDDLE_PARAM_INT)
    *(gint64 *) field = json_node_get_int (value);
  else
    *(double *) field = json_node_get_double (value);
  return TRUE;
}

static gboolean
load_value (const HeddleParamSpec *spec, JsonNode *value, gpointer field, GError **error)
{
  switch (storage_of (spec))
    {
    case STORE_TEXT:
      return load_text (spec, value, field, error);
    case STORE_INT:
    case STORE_DOUBLE:
      return load_number (spec, value, field, error);
    case STORE_BOOLEAN:
      if (!heddle_param_check_value (spec, value, error))
        return FALSE;
      *(gboolean *) field = json_node_get_boolean (value);
      return TRUE;
    case STORE_NODE:
    default:
      *(JsonNode **) field = json_node_ref (value);
      return TRUE;
    }
}

static gboolean
load_param (const HeddleNodeType *type, const HeddleParamSpec *spec, JsonObject *values, gpointer params, GError **error)
{
  g_autoptr (JsonNode) value = dup_value (spec, values);

  if (value != NULL)
    return load_value (spec, value, G_STRUCT_MEMBER_P (params, spec->offset), error);
  if (spec->required && !spec->is_late && heddle_param_is_visible (type, spec, values))
    return fail (spec, error, _ ("A value is required. Fill in this parameter of the node."));
  return TRUE;
}

gpointer
heddle_params_load (const HeddleNodeType *type, JsonObject *values, GError **error)
{
  gpointer params;

  g_return_val_if_fail (type != NULL, NULL);

  params = g_malloc0 (MAX (type->params_size, 1));
  HEDDLE_FOREACH_PARAM (p, type)
    {
      if (!load_param (type, p, values, params, error))
        {
          heddle_params_free (type, params);
          return NULL;
        }
    }
  return params;
}

void
heddle_params_free (const HeddleNodeType *type, gpointer params)
{
  g_return_if_fail (type != NULL);

  if (params == NULL)
    return;
  HEDDLE_FOREACH_PARAM (p, type)
    {
      gpointer field = G_STRUCT_MEMBER_P (params, p->offset);

      if (storage_of (p) == STORE_TEXT)
        g_free (*(char **) field);
      else if (storage_of (p) == STORE_NODE)
        g_clear_pointer ((JsonNode **) field, json_node_unref);
    }
  g_free (params);
}
