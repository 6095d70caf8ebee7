/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <math.h>

#include "heddle-expr-eval.h"

typedef enum
{
  KEYS,
  VALUES,
  ENTRIES,
} Aspect;

static ExprValue
pair (ExprEval *eval, ExprValue first, ExprValue second)
{
  ExprList *list = expr_list_new (eval, 2);

  expr_list_add (eval, list, first);
  expr_list_add (eval, list, second);
  return expr_list_value (list);
}

static ExprValue
show_aspect (ExprEval *eval, Aspect aspect, ExprValue key, ExprValue value)
{
  if (aspect == KEYS)
    return key;
  return aspect == VALUES ? value : pair (eval, key, value);
}

static void
list_record (ExprEval *eval, ExprRecord *record, Aspect aspect, ExprList *into)
{
  guint count;
  ExprEntry *entries = expr_record_entries (eval, record, &count);

  for (guint i = 0; i < count && !eval->failed; i++)
    expr_list_add (eval, into, show_aspect (eval, aspect, expr_text_value (entries[i].key), entries[i].value));
}

static ExprValue
list_aspect (ExprEval *eval, ExprValue value, Aspect aspect)
{
  ExprList *list = expr_list_new (eval, 0);
  ExprList *elements;

  if (expr_is_nullish (value))
    return expr_eval_fail (eval, _ ("There is no object to list"));
  if (value.type == EXPR_OBJECT)
    list_record (eval, value.record, aspect, list);
  if (value.type != EXPR_ARRAY && value.type != EXPR_STRING)
    return expr_list_value (list);

  elements = expr_list_new (eval, 0);
  expr_iterate (eval, value, elements);
  for (guint i = 0; i < elements->length && !eval->failed; i++)
    expr_list_add (eval, list, show_aspect (eval, aspect, expr_text_value (expr_to_text (eval, expr_number (i))), elements->items[i]));
  return expr_list_value (list);
}

static ExprValue
object_keys (ExprEval *eval, const ExprCall *call)
{
  return list_aspect (eval, expr_arg (call, 0), KEYS);
}

static ExprValue
object_values (ExprEval *eval, const ExprCall *call)
{
  return list_aspect (eval, expr_arg (call, 0), VALUES);
}

static ExprValue
object_entries (ExprEval *eval, const ExprCall *call)
{
  return list_aspect (eval, expr_arg (call, 0), ENTRIES);
}

static ExprValue
object_from_entries (ExprEval *eval, const ExprCall *call)
{
  ExprRecord *record = expr_record_new (eval);
  ExprList *entries = expr_list_new (eval, 0);

  if (!expr_iterate (eval, expr_arg (call, 0), entries))
    return EXPR_VALUE_UNDEFINED;
  for (guint i = 0; i < entries->length && !eval->failed; i++)
    {
      ExprValue entry = entries->items[i];

      if (entry.type < EXPR_ARRAY)
        return expr_eval_fail (eval, _ ("Each entry must be a list of name and value"));
      expr_record_set (eval, record, expr_to_text (eval, expr_index (eval, entry, expr_number (0))), expr_index (eval, entry, expr_number (1)));
    }
  return expr_record_value (record);
}

/* Values do not change, so the first argument is copied instead of filled. */
static ExprValue
object_assign (ExprEval *eval, const ExprCall *call)
{
  ExprRecord *record = expr_record_new (eval);

  if (expr_is_nullish (expr_arg (call, 0)))
    return expr_eval_fail (eval, _ ("There is no object to add members to"));
  for (guint i = 0; i < call->n_args && !eval->failed; i++)
    expr_spread_members (eval, call->args[i], record);
  return expr_record_value (record);
}

static gboolean
same_value (ExprValue a, ExprValue b)
{
  if (a.type == EXPR_NUMBER && b.type == EXPR_NUMBER && a.number == 0 && b.number == 0)
    return signbit (a.number) == signbit (b.number);
  return expr_same_value_zero (a, b);
}

static ExprValue
object_is (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (same_value (expr_arg (call, 0), expr_arg (call, 1)));
}

static ExprValue
object_freeze (ExprEval *eval, const ExprCall *call)
{
  return expr_arg (call, 0);
}

static ExprValue
object_has_own (ExprEval *eval, const ExprCall *call)
{
  if (expr_is_nullish (expr_arg (call, 0)))
    return expr_eval_fail (eval, _ ("There is no object to look into"));
  return expr_boolean (expr_has_own_member (eval, call->args[0], expr_to_text (eval, expr_arg (call, 1))));
}

static void
add_to_group (ExprEval *eval, ExprRecord *groups, ExprText *key, ExprValue item)
{
  ExprValue group;

  if (!expr_record_get (eval, groups, key, &group))
    {
      group = expr_list_value (expr_list_new (eval, 0));
      expr_record_set (eval, groups, key, group);
    }
  expr_list_add (eval, group.list, item);
}

static ExprValue
object_group_by (ExprEval *eval, const ExprCall *call)
{
  ExprRecord *groups = expr_record_new (eval);
  ExprList *items = expr_list_new (eval, 0);

  if (!expr_iterate (eval, expr_arg (call, 0), items))
    return EXPR_VALUE_UNDEFINED;
  for (guint i = 0; i < items->length && !eval->failed; i++)
    {
      ExprValue args[] = { items->items[i], expr_number (i) };
      ExprText *key = expr_to_text (eval, expr_call (eval, expr_arg (call, 1), args, 2));

      add_to_group (eval, groups, key, items->items[i]);
    }
  return expr_record_value (groups);
}

const ExprBuiltin expr_object_members[] = {
  { "assign", object_assign },
  { "entries", object_entries },
  { "freeze", object_freeze },
  { "fromEntries", object_from_entries },
  { "groupBy", object_group_by },
  { "hasOwn", object_has_own },
  { "is", object_is },
  { "keys", object_keys },
  { "values", object_values },
  { NULL },
};

static ExprValue
method_to_string (ExprEval *eval, const ExprCall *call)
{
  return expr_text_value (expr_to_text (eval, call->self));
}

static ExprValue
method_value_of (ExprEval *eval, const ExprCall *call)
{
  return call->self;
}

static ExprValue
method_has_own_property (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (expr_has_own_member (eval, call->self, expr_to_text (eval, expr_arg (call, 0))));
}

/* Also found on values of every other type. */
const ExprBuiltin expr_object_methods[] = {
  { "hasOwnProperty", method_has_own_property },
  { "propertyIsEnumerable", method_has_own_property },
  { "toLocaleString", method_to_string },
  { "toString", method_to_string },
  { "valueOf", method_value_of },
  { NULL },
};
