/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "registry/heddle-policy.h"
#include "value/heddle-json.h"

/* Roots that mean something else in expressions; sorted. */
static const char *const reserved[] = {
  "args",
  "env",
  "error",
  "global",
  "index",
  "input",
  "item",
  "loop",
  "map",
  "now",
  "run",
  "vars",
};

JsonObject *
heddle_json_dup_extra (JsonObject *object, const char *const *known)
{
  JsonObject *extra = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (g_strv_contains (known, name))
        continue;
      if (extra == NULL)
        extra = json_object_new ();
      json_object_set_member (extra, name, json_node_ref (value));
    }
  return extra;
}

void
heddle_json_add_extra (JsonObject *object, JsonObject *extra)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (extra == NULL)
    return;
  json_object_iter_init_ordered (&iter, extra);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    heddle_json_set_member (object, name, json_node_ref (value));
}

gboolean
heddle_json_read_numbers (JsonNode *json, double *numbers, guint count)
{
  JsonArray *array;

  if (json == NULL || !JSON_NODE_HOLDS_ARRAY (json))
    return FALSE;
  array = json_node_get_array (json);
  if (json_array_get_length (array) != count)
    return FALSE;
  for (guint i = 0; i < count; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!heddle_json_is_number (element))
        return FALSE;
      numbers[i] = json_node_get_double (element);
      if (!(fabs (numbers[i]) <= HEDDLE_CANVAS_LIMIT))
        return FALSE;
    }
  return TRUE;
}

JsonNode *
heddle_json_numbers (const double *numbers, guint count)
{
  JsonArray *array = json_array_sized_new (count);

  for (guint i = 0; i < count; i++)
    json_array_add_element (array, heddle_json_double (numbers[i]));
  return heddle_json_array (array);
}

gboolean
heddle_node_id_is_identifier (const char *id)
{
  if (!g_ascii_isalpha (*id) && *id != '_')
    return FALSE;
  for (const char *p = id; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '_')
        return FALSE;
    }
  return TRUE;
}

gboolean
heddle_node_id_is_reserved (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (reserved); i++)
    {
      if (strcmp (id, reserved[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
heddle_node_id_check (const char *id, GError **error)
{
  g_return_val_if_fail (id != NULL, FALSE);

  if (*id == '\0')
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Enter a name for the node."));
  else if (!heddle_node_id_is_identifier (id))
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                 _ ("“%.80s” cannot be a name: use letters A to Z, digits and “_”, and do not begin with a digit."), id);
  else if (heddle_node_id_is_reserved (id))
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                 _ ("“%s” already means something else in expressions. Choose another name."), id);
  else
    return TRUE;
  return FALSE;
}

HeddleNode *
heddle_node_new (const char *id, const char *type_id)
{
  HeddleNode *node = g_new0 (HeddleNode, 1);

  node->id = g_strdup (id);
  node->type_id = g_strdup (type_id);
  node->type = heddle_registry_lookup (type_id);
  node->params = json_object_new ();
  return node;
}

void
heddle_node_free (HeddleNode *node)
{
  g_free (node->id);
  g_free (node->type_id);
  g_free (node->title);
  json_object_unref (node->params);
  g_clear_pointer (&node->policy, json_object_unref);
  g_clear_pointer (&node->tool, json_object_unref);
  g_clear_pointer (&node->pin, json_node_unref);
  g_free (node->parent);
  g_clear_pointer (&node->extra, json_object_unref);
  g_free (node);
}

const char *
heddle_node_get_title (const HeddleNode *node)
{
  g_return_val_if_fail (node != NULL, NULL);

  if (node->title != NULL)
    return node->title;
  return node->type != NULL ? _ (node->type->title) : node->type_id;
}

GPtrArray *
heddle_node_list_outputs (const HeddleNode *node)
{
  g_return_val_if_fail (node != NULL, NULL);

  if (node->type == NULL)
    return g_ptr_array_new_with_free_func (g_free);
  return heddle_policy_list_outputs (node->policy, node->type, node->params);
}

const char *
heddle_node_get_default_input (const HeddleNode *node)
{
  if (node == NULL || node->type == NULL || node->type->inputs == NULL || node->type->inputs[0].name == NULL)
    return "";
  return node->type->inputs[0].name;
}

const char *
heddle_node_get_default_output (const HeddleNode *node)
{
  if (node == NULL || node->type == NULL || node->type->outputs == NULL || node->type->outputs[0].name == NULL)
    return "";
  return node->type->outputs[0].name;
}

static gboolean
equals_json_text (JsonNode *value, const char *text)
{
  g_autoptr (JsonNode) node = NULL;

  if (text == NULL)
    return FALSE;
  node = heddle_json_parse (text, -1, NULL);
  return node != NULL && heddle_json_equal (value, node);
}

gboolean
heddle_param_is_default (const HeddleNodeType *type, const char *param, JsonNode *value)
{
  const HeddleParamSpec *spec = type != NULL ? heddle_node_type_find_param (type, param) : NULL;

  if (spec == NULL)
    return FALSE;
  switch (spec->kind)
    {
    case HEDDLE_PARAM_STRING:
    case HEDDLE_PARAM_TEXT:
    case HEDDLE_PARAM_EXPRESSION:
    case HEDDLE_PARAM_MODEL:
    case HEDDLE_PARAM_CREDENTIAL:
    case HEDDLE_PARAM_KNOWLEDGE:
    case HEDDLE_PARAM_WORKFLOW:
    case HEDDLE_PARAM_MCP_SERVER:
    case HEDDLE_PARAM_CHOICE:
      return heddle_json_is_string (value) &&
             strcmp (json_node_get_string (value), spec->def.s != NULL ? spec->def.s : "") == 0;
    case HEDDLE_PARAM_INT:
      return heddle_json_is_number (value) && json_node_get_double (value) == (double) spec->def.i;
    case HEDDLE_PARAM_DOUBLE:
      return heddle_json_is_number (value) && json_node_get_double (value) == spec->def.d;
    case HEDDLE_PARAM_BOOLEAN:
      return JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_BOOLEAN &&
             json_node_get_boolean (value) == spec->def.b;
    case HEDDLE_PARAM_JSON:
    case HEDDLE_PARAM_PAIRS:
    case HEDDLE_PARAM_FIELDS:
    case HEDDLE_PARAM_CASES:
    case HEDDLE_PARAM_NAMES:
      return equals_json_text (value, spec->def.s);
    default:
      return FALSE;
    }
}

/* Parameters the type does not know come behind those it does. */
static guint
rank (const HeddleNodeType *type, const char *param)
{
  guint index = 0;

  if (type == NULL)
    return G_MAXUINT;
  HEDDLE_FOREACH_PARAM (spec, type)
    {
      if (strcmp (spec->name, param) == 0)
        return index;
      index++;
    }
  return G_MAXUINT;
}

guint
heddle_node_get_param_index (const HeddleNode *node, const char *param)
{
  guint own_rank = rank (node->type, param);
  JsonObjectIter iter;
  const char *name;
  guint index = 0;

  json_object_iter_init_ordered (&iter, node->params);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      if (strcmp (name, param) == 0 || rank (node->type, name) > own_rank)
        return index;
      index++;
    }
  return index;
}

static void
copy_member (JsonObject *target, JsonObject *source, const char *name, const HeddleNodeType *type)
{
  JsonNode *value = json_object_get_member (source, name);

  if (value != NULL && !heddle_param_is_default (type, name, value))
    json_object_set_member (target, name, json_node_ref (value));
}

static void
copy_known_members (JsonObject *target, JsonObject *source, const HeddleNodeType *type)
{
  HEDDLE_FOREACH_PARAM (spec, type)
    {
      if (json_object_has_member (source, spec->name))
        copy_member (target, source, spec->name, type);
    }
}

void
heddle_node_take_params (HeddleNode *node, JsonObject *params)
{
  JsonObject *ordered = json_object_new ();
  JsonObjectIter iter;
  const char *name;

  if (node->type != NULL)
    copy_known_members (ordered, params, node->type);
  json_object_iter_init_ordered (&iter, params);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      if (rank (node->type, name) == G_MAXUINT)
        copy_member (ordered, params, name, NULL);
    }
  json_object_unref (params);
  json_object_seal (ordered);
  json_object_unref (node->params);
  node->params = ordered;
}

static gboolean
fail_member (GError **error, const char *id, const char *member, const char *expected)
{
  /* Translators: the last %s is a kind of value such as "text". */
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” of node “%.80s” must be %s."), member, id, expected);
  return FALSE;
}

static gboolean
check_object_members (JsonNode *json, const char *id, GError **error)
{
  static const char *const objects[] = { "params", "policy", "tool", "pin" };

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      JsonNode *object = heddle_json_member (json, objects[i]);

      if (object != NULL && !JSON_NODE_HOLDS_OBJECT (object))
        return fail_member (error, id, objects[i], _ ("an object"));
    }
  return TRUE;
}

static gboolean
check_parent (JsonNode *json, const char *id, GError **error)
{
  JsonNode *parent = heddle_json_member (json, "parent");

  return parent == NULL || heddle_node_id_is_identifier (heddle_json_get_string (json, "parent", "")) ||
         fail_member (error, id, "parent", _ ("the id of the node that it is in"));
}

static gboolean
check_members (JsonNode *json, GError **error)
{
  const char *id = heddle_json_get_string (json, "id", NULL);
  JsonNode *title = heddle_json_member (json, "title");

  if (id == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A node has no “id”. Give each node a name of its own."));
      return FALSE;
    }
  if (!heddle_node_id_is_identifier (id))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("The node id “%.80s” must begin with a letter or “_” and hold only letters A to Z, digits and “_”."), id);
      return FALSE;
    }
  if (*heddle_json_get_string (json, "type", "") == '\0')
    return fail_member (error, id, "type", _ ("the name of a node type"));
  if (title != NULL && !heddle_json_is_string (title))
    return fail_member (error, id, "title", _ ("text"));
  return check_parent (json, id, error) && check_object_members (json, id, error);
}

static JsonObject *
respell_object (const char *name, JsonObject *object)
{
  return strcmp (name, "policy") == 0 ? heddle_params_respell (&heddle_policy_type, object) : json_object_ref (object);
}

HeddleNode *
heddle_node_new_from_json (JsonNode *json, GError **error)
{
  static const char *const known[] = { "id", "type", "parent", "title", "mode", "collapsed", "params", "policy", "tool", "pin", NULL };
  JsonObject *params;
  HeddleNode *node;

  if (!check_members (json, error))
    return NULL;

  node = heddle_node_new (heddle_json_get_string (json, "id", NULL), heddle_json_get_string (json, "type", NULL));
  node->parent = g_strdup (heddle_json_get_string (json, "parent", NULL));
  node->title = g_strdup (heddle_json_get_string (json, "title", NULL));
  params = heddle_json_get_object (json, "params");
  if (params != NULL)
    heddle_node_take_params (node, node->type != NULL ? heddle_params_respell (node->type, params) : json_object_ref (params));
  for (const char *const *name = heddle_node_list_object_names (); *name != NULL; name++)
    {
      JsonObject *part = heddle_json_get_object (json, *name);

      if (part != NULL)
        heddle_node_take_object (node, *name, respell_object (*name, part));
    }
  node->extra = heddle_json_dup_extra (json_node_get_object (json), known);
  for (const char *const *name = heddle_node_list_state_names (); *name != NULL; name++)
    heddle_node_set_state (node, *name, heddle_json_member (json, *name));
  return node;
}

static void
add_states (JsonObject *object, const HeddleNode *node)
{
  for (const char *const *name = heddle_node_list_state_names (); *name != NULL; name++)
    {
      JsonNode *state = heddle_node_dup_state (node, *name);

      if (state != NULL)
        json_object_set_member (object, *name, state);
    }
}

JsonNode *
heddle_node_to_json (const HeddleNode *node)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "id", heddle_json_string (node->id));
  json_object_set_member (object, "type", heddle_json_string (node->type_id));
  if (node->parent != NULL)
    json_object_set_member (object, "parent", heddle_json_string (node->parent));
  if (node->title != NULL)
    json_object_set_member (object, "title", heddle_json_string (node->title));
  add_states (object, node);
  if (json_object_get_size (node->params) > 0)
    json_object_set_member (object, "params", heddle_json_object (json_object_ref (node->params)));
  for (const char *const *name = heddle_node_list_object_names (); *name != NULL; name++)
    {
      JsonNode *part = heddle_node_dup_object (node, *name);

      if (part != NULL)
        json_object_set_member (object, *name, part);
    }
  heddle_json_add_extra (object, node->extra);
  return heddle_json_object (object);
}
