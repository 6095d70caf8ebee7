/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/heddle-plan-private.h"

#include "value/heddle-json.h"

#include <string.h>

/* JSON with templates somewhere inside. A part without any is a constant, so that expanding copies only the way to templates. */
typedef struct
{
  JsonNode *constant;
  HeddleTemplate *text;
  GPtrArray *names; /* char*; of an object's members */
  GPtrArray *items; /* Compound* */
} Compound;

typedef struct
{
  const HeddleParamSpec *spec;
  GHashTable *roots;
} Compiler;

static void
compound_free (gpointer data)
{
  Compound *compound = data;

  g_clear_pointer (&compound->constant, json_node_unref);
  g_clear_pointer (&compound->text, heddle_template_free);
  g_clear_pointer (&compound->names, g_ptr_array_unref);
  g_clear_pointer (&compound->items, g_ptr_array_unref);
  g_free (compound);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Compound, compound_free)

static void
add_roots (GHashTable *roots, GPtrArray *references)
{
  for (guint i = 0; i < references->len; i++)
    {
      const HeddleReference *reference = g_ptr_array_index (references, i);

      g_hash_table_add (roots, g_strdup (reference->root));
    }
  g_ptr_array_unref (references);
}

static HeddleTemplate *
compile_text (const Compiler *compiler, const char *source, GError **error)
{
  HeddleTemplate *text = heddle_template_compile (source, compiler->spec->escape, error);

  if (text != NULL)
    add_roots (compiler->roots, heddle_template_list_references (text));
  return text;
}

static Compound *compound_new (const Compiler *compiler, JsonNode *value, gboolean is_row, GError **error);

static gboolean
add_item (Compound *compound, const Compiler *compiler, const char *name, JsonNode *value, gboolean is_row, GError **error)
{
  Compound *item = compound_new (compiler, value, is_row, error);

  if (item == NULL)
    return FALSE;
  g_ptr_array_add (compound->items, item);
  if (name != NULL)
    g_ptr_array_add (compound->names, g_strdup (name));
  return TRUE;
}

static gboolean
add_elements (Compound *compound, const Compiler *compiler, JsonArray *array, gboolean is_row, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (!add_item (compound, compiler, NULL, json_array_get_element (array, i), is_row, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_members (Compound *compound, const Compiler *compiler, JsonObject *object, gboolean is_row, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  compound->names = g_ptr_array_new_with_free_func (g_free);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      /* The name of a row is never a template. */
      if (is_row && strcmp (name, "value") != 0)
        {
          Compound *item = g_new0 (Compound, 1);

          item->constant = json_node_ref (value);
          g_ptr_array_add (compound->items, item);
          g_ptr_array_add (compound->names, g_strdup (name));
        }
      else if (!add_item (compound, compiler, name, value, FALSE, error))
        {
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_constant (const Compound *compound)
{
  for (guint i = 0; i < compound->items->len; i++)
    {
      const Compound *item = g_ptr_array_index (compound->items, i);

      if (item->constant == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
compound_init_text (Compound *compound, const Compiler *compiler, JsonNode *value, GError **error)
{
  g_autoptr (HeddleTemplate) text = compile_text (compiler, json_node_get_string (value), error);

  if (text == NULL)
    return FALSE;
  if (strstr (json_node_get_string (value), "{{") == NULL)
    compound->constant = json_node_ref (value);
  else
    compound->text = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
compound_init_container (Compound *compound, const Compiler *compiler, JsonNode *value, gboolean is_row, GError **error)
{
  compound->items = g_ptr_array_new_with_free_func (compound_free);
  if (JSON_NODE_HOLDS_ARRAY (value) && !add_elements (compound, compiler, json_node_get_array (value), is_row, error))
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (value) && !add_members (compound, compiler, json_node_get_object (value), is_row, error))
    return FALSE;
  if (is_constant (compound))
    compound->constant = json_node_ref (value);
  return TRUE;
}

/* Recursion is bounded by HEDDLE_JSON_MAX_DEPTH. */
static Compound *
compound_new (const Compiler *compiler, JsonNode *value, gboolean is_row, GError **error)
{
  g_autoptr (Compound) compound = g_new0 (Compound, 1);

  if (JSON_NODE_HOLDS_ARRAY (value) || JSON_NODE_HOLDS_OBJECT (value))
    {
      if (!compound_init_container (compound, compiler, value, is_row, error))
        return NULL;
    }
  else if (heddle_json_is_string (value))
    {
      if (!compound_init_text (compound, compiler, value, error))
        return NULL;
    }
  else
    {
      compound->constant = json_node_ref (value);
    }
  return g_steal_pointer (&compound);
}

static JsonNode *compound_expand (const Compound *compound, const HeddleScope *scope, GError **error);

static JsonNode *
expand_array (const Compound *compound, const HeddleScope *scope, GError **error)
{
  g_autoptr (JsonArray) array = json_array_sized_new (compound->items->len);

  for (guint i = 0; i < compound->items->len; i++)
    {
      JsonNode *value = compound_expand (g_ptr_array_index (compound->items, i), scope, error);

      if (value == NULL)
        return NULL;
      json_array_add_element (array, value);
    }
  return heddle_json_array (g_steal_pointer (&array));
}

static JsonNode *
expand_object (const Compound *compound, const HeddleScope *scope, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; i < compound->items->len; i++)
    {
      JsonNode *value = compound_expand (g_ptr_array_index (compound->items, i), scope, error);

      if (value == NULL)
        return NULL;
      json_object_set_member (object, g_ptr_array_index (compound->names, i), value);
    }
  return heddle_json_object (g_steal_pointer (&object));
}

static JsonNode *
compound_expand (const Compound *compound, const HeddleScope *scope, GError **error)
{
  if (compound->constant != NULL)
    return json_node_ref (compound->constant);
  if (compound->text != NULL)
    return heddle_template_expand (compound->text, scope, TRUE, error);
  return compound->names != NULL ? expand_object (compound, scope, error) : expand_array (compound, scope, error);
}

static gboolean
init_text (HeddlePlanParam *param, const Compiler *compiler, JsonNode *value, GError **error)
{
  const char *source = json_node_get_string (value);
  g_autoptr (HeddleTemplate) text = compile_text (compiler, source, error);

  if (text == NULL)
    return FALSE;
  /* "\{{" is constant too, but has to be expanded once to lose its backslash. */
  if (strstr (source, "{{") == NULL)
    param->constant = json_node_ref (value);
  else
    param->text = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
init_expression (HeddlePlanParam *param, const Compiler *compiler, JsonNode *value, GError **error)
{
  param->expr = heddle_param_compile_expression (json_node_get_string (value), error);
  if (param->expr == NULL)
    return FALSE;
  add_roots (compiler->roots, heddle_expr_list_references (param->expr));
  return TRUE;
}

static gboolean
init_compound (HeddlePlanParam *param, const Compiler *compiler, JsonNode *value, GError **error)
{
  gboolean has_rows = compiler->spec->kind == HEDDLE_PARAM_PAIRS || compiler->spec->kind == HEDDLE_PARAM_CASES;
  g_autoptr (Compound) compound = compound_new (compiler, value, has_rows, error);

  if (compound == NULL)
    return FALSE;
  if (compound->constant != NULL)
    param->constant = json_node_ref (compound->constant);
  else
    param->compound = g_steal_pointer (&compound);
  return TRUE;
}

static gboolean
is_blank (JsonNode *value)
{
  const char *text = heddle_json_is_string (value) ? json_node_get_string (value) : "x";

  return text[strspn (text, " \t\r\n")] == '\0';
}

gboolean
heddle_plan_param_init (HeddlePlanParam *param, const HeddleParamSpec *spec, JsonNode *value, GHashTable *roots, GError **error)
{
  Compiler compiler = { spec, roots };

  *param = (HeddlePlanParam){ .spec = spec };
  if (value == NULL)
    return TRUE;
  if (!heddle_param_check_value (spec, value, error))
    return FALSE;
  /* An editor that was emptied means: unset. */
  if ((spec->keep_type || spec->kind == HEDDLE_PARAM_EXPRESSION) && is_blank (value))
    return TRUE;
  if (spec->kind == HEDDLE_PARAM_EXPRESSION)
    return init_expression (param, &compiler, value, error);
  if (heddle_param_has_templates (spec))
    return heddle_json_is_string (value) && spec->kind != HEDDLE_PARAM_JSON ? init_text (param, &compiler, value, error)
                                                                            : init_compound (param, &compiler, value, error);
  param->constant = json_node_ref (value);
  return TRUE;
}

void
heddle_plan_param_clear (HeddlePlanParam *param)
{
  g_clear_pointer (&param->constant, json_node_unref);
  g_clear_pointer (&param->text, heddle_template_free);
  g_clear_pointer (&param->expr, heddle_expr_free);
  g_clear_pointer (&param->compound, compound_free);
}

JsonNode *
heddle_plan_param_resolve (const HeddlePlanParam *param, const HeddleScope *scope, GError **error)
{
  if (param->constant != NULL)
    return json_node_ref (param->constant);
  if (param->text != NULL)
    return heddle_template_expand (param->text, scope, param->spec->keep_type, error);
  if (param->expr != NULL)
    return heddle_expr_evaluate (param->expr, scope, error);
  if (param->compound != NULL)
    return compound_expand (param->compound, scope, error);
  return NULL;
}
