/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "heddle-expr-eval.h"

const ExprBuiltin *
expr_method_table (ExprType type)
{
  static const ExprBuiltin *const tables[EXPR_N_TYPES] = {
    [EXPR_BOOLEAN] = expr_boolean_methods,
    [EXPR_NUMBER] = expr_number_methods,
    [EXPR_INTEGER] = expr_number_methods,
    [EXPR_STRING] = expr_string_methods,
    [EXPR_ARRAY] = expr_array_methods,
    [EXPR_OBJECT] = expr_object_methods,
    [EXPR_REGEXP] = expr_regexp_methods,
    [EXPR_FUNCTION] = expr_function_methods,
  };

  return tables[type];
}

const ExprBuiltin *
expr_find_builtin (const ExprBuiltin *table, const char *name)
{
  for (; table != NULL && table->name != NULL; table++)
    {
      if (table->name[0] == name[0] && strcmp (table->name, name) == 0)
        return table;
    }
  return NULL;
}

ExprValue
expr_builtin_value (ExprEval *eval, const ExprBuiltin *builtin)
{
  ExprFunction *function;

  if (builtin->func == NULL)
    return expr_number (builtin->constant);
  function = expr_arena_alloc0 (&eval->arena, sizeof (ExprFunction));
  function->builtin = builtin;
  return (ExprValue){ .type = EXPR_FUNCTION, .function = function };
}

static gboolean
find_method (ExprEval *eval, ExprValue value, ExprText *name, ExprValue *found)
{
  const char *word = expr_text_c_string (eval, name);
  const ExprBuiltin *builtin;

  if (word == NULL)
    return FALSE;
  builtin = expr_find_builtin (expr_method_table (value.type), word);
  if (builtin == NULL)
    builtin = expr_find_builtin (expr_object_methods, word);
  if (builtin != NULL)
    *found = expr_builtin_value (eval, builtin);
  return builtin != NULL;
}

static gboolean
is_word (const ExprText *name, const char *word)
{
  return name->size == strlen (word) && memcmp (name->bytes, word, name->size) == 0;
}

static ExprValue
character_at (ExprEval *eval, ExprText *text, guint index)
{
  if (index >= expr_text_length (text))
    return EXPR_VALUE_UNDEFINED;
  if (text->length != text->size)
    expr_eval_charge (eval, text->size / 64);
  return expr_text_value (expr_text_slice (eval, text, index, (gsize) index + 1));
}

static gboolean
find_in_list (ExprEval *eval, ExprList *list, ExprText *name, ExprValue *found)
{
  guint index;

  if (is_word (name, "length"))
    *found = expr_number (list->length);
  else if (expr_to_array_index (name, &index) && index < list->length)
    *found = expr_list_get (eval, list, index);
  else
    return list->extra != NULL && expr_record_get (eval, list->extra, name, found);
  return TRUE;
}

static gboolean
find_in_text (ExprEval *eval, ExprText *text, ExprText *name, ExprValue *found)
{
  guint index;

  if (is_word (name, "length"))
    *found = expr_number (expr_text_length (text));
  else if (expr_to_array_index (name, &index) && index < expr_text_length (text))
    *found = character_at (eval, text, index);
  else
    return FALSE;
  return TRUE;
}

static gboolean
find_in_function (ExprEval *eval, const ExprFunction *function, ExprText *name, ExprValue *found)
{
  const char *word = expr_text_c_string (eval, name);
  const ExprBuiltin *builtin = word != NULL ? expr_find_builtin (function->members, word) : NULL;

  if (builtin != NULL)
    *found = expr_builtin_value (eval, builtin);
  else if (is_word (name, "length") && function->lambda != NULL)
    *found = expr_number (function->lambda->n_items);
  else if (is_word (name, "name") && function->builtin != NULL)
    *found = expr_string (eval, function->builtin->name);
  else
    return FALSE;
  return TRUE;
}

static gboolean
find_own (ExprEval *eval, ExprValue value, ExprText *name, ExprValue *found)
{
  switch ((int) value.type)
    {
    case EXPR_OBJECT:
      return expr_record_get (eval, value.record, name, found);
    case EXPR_ARRAY:
      return find_in_list (eval, value.list, name, found);
    case EXPR_STRING:
      return find_in_text (eval, value.text, name, found);
    case EXPR_FUNCTION:
      return find_in_function (eval, value.function, name, found);
    case EXPR_REGEXP:
      *found = expr_regexp_member (eval, value.regexp, name);
      return found->type != EXPR_UNDEFINED;
    default:
      return FALSE;
    }
}

ExprValue
expr_member (ExprEval *eval, ExprValue value, ExprText *name)
{
  ExprValue found;

  if (find_own (eval, value, name, &found) || find_method (eval, value, name, &found))
    return found;
  return EXPR_VALUE_UNDEFINED;
}

gboolean
expr_has_member (ExprEval *eval, ExprValue value, ExprText *name)
{
  ExprValue found;

  return find_own (eval, value, name, &found) || find_method (eval, value, name, &found);
}

gboolean
expr_has_own_member (ExprEval *eval, ExprValue value, ExprText *name)
{
  ExprValue found;

  return find_own (eval, value, name, &found);
}

ExprValue
expr_index (ExprEval *eval, ExprValue value, ExprValue key)
{
  if (key.type == EXPR_NUMBER && key.number >= 0 && key.number < G_MAXUINT && key.number == trunc (key.number))
    {
      if (value.type == EXPR_ARRAY)
        return expr_list_get (eval, value.list, (guint) key.number);
      if (value.type == EXPR_STRING)
        return character_at (eval, value.text, (guint) key.number);
    }
  return expr_member (eval, value, expr_to_text (eval, key));
}
