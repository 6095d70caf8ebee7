/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"

#include "heddle-error.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

#include <string.h>

/* Messages here are for whoever writes a node type, so they are not translated. */
static gboolean G_GNUC_PRINTF (3, 4)
  fail (const HeddleNodeType *type, GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *what = NULL;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, "%s: %s", type->id != NULL ? type->id : "?", what);
  return FALSE;
}

static gboolean
is_sentence (const char *text)
{
  return text != NULL && g_ascii_isupper (*text) && (g_str_has_suffix (text, ".") || g_str_has_suffix (text, "?"));
}

static gboolean
is_word (const char *text, const char *also)
{
  if (text == NULL || !g_ascii_islower (*text))
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    {
      if (!g_ascii_islower (*c) && !g_ascii_isdigit (*c) && strchr (also, *c) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_identity (const HeddleNodeType *type, GError **error)
{
  if (!is_word (type->id, "-"))
    return fail (type, error, "the id must be lower-case words joined by hyphens");
  if (type->version == 0)
    return fail (type, error, "the version counts from 1");
  if (type->title == NULL || *type->title == '\0')
    return fail (type, error, "there is no title");
  if (!is_sentence (type->summary))
    return fail (type, error, "the summary is not a sentence");
  if (type->icon_name == NULL || !g_str_has_prefix (type->icon_name, "heddle-") || !g_str_has_suffix (type->icon_name, "-symbolic"))
    return fail (type, error, "the icon must be heddle-…-symbolic");
  if (type->category >= HEDDLE_N_CATEGORIES)
    return fail (type, error, "the category is unknown");
  if (type->run == NULL)
    return fail (type, error, "it cannot run");
  return TRUE;
}

static gboolean
check_ports (const HeddleNodeType *type, const HeddlePortSpec *ports, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (const HeddlePortSpec *p = ports; p != NULL && p->name != NULL; p++)
    {
      if (!is_word (p->name, "_-"))
        return fail (type, error, "“%s” is no name for a port", p->name);
      if (p->title == NULL || *p->title == '\0')
        return fail (type, error, "port %s has no title", p->name);
      if (!g_hash_table_add (names, (gpointer) p->name))
        return fail (type, error, "two ports are called %s", p->name);
    }
  return TRUE;
}

/* A port of a frame is told from those outside by its name alone. */
static gboolean
check_inner_ports (const HeddleNodeType *type, GError **error)
{
  gboolean is_container = (type->flags & HEDDLE_NODE_CONTAINER) != 0;

  if (is_container != (type->inner_outputs != NULL) || is_container != (type->inner_inputs != NULL))
    return fail (type, error, "a container has inner ports of both kinds, and nothing else has any");
  for (const HeddlePortSpec *p = type->inner_inputs; p != NULL && p->name != NULL; p++)
    {
      if (heddle_node_type_find_input (type, p->name) != NULL)
        return fail (type, error, "the port %s is inside the frame and outside of it", p->name);
    }
  for (const HeddlePortSpec *p = type->outputs; p != NULL && p->name != NULL; p++)
    {
      if (heddle_node_type_find_inner_output (type, p->name) != NULL)
        return fail (type, error, "the port %s is inside the frame and outside of it", p->name);
    }
  return check_ports (type, type->inner_inputs, error) && check_ports (type, type->inner_outputs, error);
}

static gboolean
has_choice (const HeddleParamSpec *spec, const char *id)
{
  for (const HeddleChoice *c = spec->choices; c != NULL && c->id != NULL; c++)
    {
      if (g_strcmp0 (c->id, id) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_before (const HeddleNodeType *type, const HeddleParamSpec *first, const HeddleParamSpec *second)
{
  HEDDLE_FOREACH_PARAM (p, type)
    {
      if (p == first || p == second)
        return p == first && first != second;
    }
  return FALSE;
}

static gboolean
check_visible_if (const HeddleNodeType *type, const HeddleParamSpec *spec, GError **error)
{
  const char *equals = spec->visible_if != NULL ? strchrnul (spec->visible_if, '=') : NULL;
  g_autofree char *name = NULL;
  g_auto (GStrv) values = NULL;
  const HeddleParamSpec *other;

  if (spec->visible_if == NULL)
    return TRUE;
  name = g_strndup (spec->visible_if, equals - spec->visible_if);
  other = heddle_node_type_find_param (type, name);
  if (other == NULL || !is_before (type, other, spec))
    return fail (type, error, "visible_if of %s needs a parameter before it", spec->name);
  values = g_strsplit (*equals == '=' ? equals + 1 : "", "|", -1);
  for (guint i = 0; other->kind == HEDDLE_PARAM_CHOICE && values[i] != NULL; i++)
    {
      if (!has_choice (other, values[i]))
        return fail (type, error, "visible_if of %s: %s is no choice of %s", spec->name, values[i], name);
    }
  return TRUE;
}

static gboolean
check_default (const HeddleNodeType *type, const HeddleParamSpec *spec, GError **error)
{
  g_autoptr (JsonNode) value = heddle_param_dup_default (spec);
  g_autoptr (GError) reason = NULL;

  if (value != NULL && !heddle_param_check_value (spec, value, &reason))
    return fail (type, error, "the default of %s does not fit: %s", spec->name, reason->message);
  if (value == NULL && (spec->kind == HEDDLE_PARAM_CHOICE || (spec->def.s != NULL && spec->kind >= HEDDLE_PARAM_JSON)))
    return fail (type, error, "the default of %s is missing or no JSON", spec->name);
  return TRUE;
}

static gboolean
check_param (const HeddleNodeType *type, const HeddleParamSpec *spec, GError **error)
{
  if (!is_word (spec->name, "_"))
    return fail (type, error, "“%s” is no name for a parameter", spec->name);
  if (heddle_node_type_find_param (type, spec->name) != spec)
    return fail (type, error, "two parameters are called %s", spec->name);
  if (spec->title == NULL || *spec->title == '\0')
    return fail (type, error, "parameter %s has no title", spec->name);
  if (spec->help != NULL && !is_sentence (spec->help))
    return fail (type, error, "the help of %s is not a sentence", spec->name);
  if (spec->offset >= type->params_size)
    return fail (type, error, "parameter %s lies outside of the params struct", spec->name);
  return check_visible_if (type, spec, error) && check_default (type, spec, error);
}

static gboolean
check_params (const HeddleNodeType *type, GError **error)
{
  guint n_main = 0;

  HEDDLE_FOREACH_PARAM (p, type)
    {
      n_main += p->is_main;
      if (!check_param (type, p, error))
        return FALSE;
    }
  return n_main <= 1 || fail (type, error, "only one parameter can be the main one");
}

static gboolean
check_results (const HeddleNodeType *type, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_add (names, (gpointer) "output");
  if (type->main_alias != NULL)
    g_hash_table_add (names, (gpointer) type->main_alias);
  for (const HeddleResultKey *r = type->results; r != NULL && r->name != NULL; r++)
    {
      if (!is_word (r->name, "_") || r->title == NULL)
        return fail (type, error, "result key %s has no good name or no title", r->name);
      if (!g_hash_table_add (names, (gpointer) r->name))
        return fail (type, error, "the result key %s is taken", r->name);
    }
  return TRUE;
}

static gboolean
check_example_params (const HeddleNodeType *type, JsonNode *example, GError **error)
{
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();

  heddle_params_check (type, heddle_json_get_object (example, "params"), "example", problems);
  if (problems->len > 0)
    return fail (type, error, "example: %s", ((HeddleProblem *) g_ptr_array_index (problems, 0))->message);
  return TRUE;
}

static gboolean
check_example (const HeddleNodeType *type, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonNode) example = NULL;
  JsonObjectIter iter;
  const char *port;

  if (type->example == NULL)
    return fail (type, error, "there is no example");
  example = heddle_json_parse (type->example, -1, &reason);
  if (example == NULL || !JSON_NODE_HOLDS_OBJECT (example))
    return fail (type, error, "the example is not a JSON object: %s", reason != NULL ? reason->message : "");
  if (heddle_json_get_object (example, "inputs") != NULL)
    {
      json_object_iter_init (&iter, heddle_json_get_object (example, "inputs"));
      while (json_object_iter_next (&iter, &port, NULL))
        {
          if (heddle_node_type_find_input (type, port) == NULL)
            return fail (type, error, "the example uses the unknown port %s", port);
        }
    }
  return check_example_params (type, example, error);
}

gboolean
heddle_node_type_check (const HeddleNodeType *type, GError **error)
{
  g_return_val_if_fail (type != NULL, FALSE);

  return check_identity (type, error) &&
         check_ports (type, type->inputs, error) &&
         check_ports (type, type->outputs, error) &&
         check_inner_ports (type, error) &&
         check_params (type, error) &&
         check_results (type, error) &&
         check_example (type, error);
}
