/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "heddle-expr-array.h"
#include "heddle-expr-eval.h"

/* Calls the first argument with (element, index, list). */
static ExprValue
visit (ExprEval *eval, const ExprCall *call, guint index, ExprValue element)
{
  ExprValue args[] = { element, expr_number (index), call->self };

  return expr_call (eval, expr_arg (call, 0), args, G_N_ELEMENTS (args));
}

static ExprValue
visit_at (ExprEval *eval, const ExprCall *call, guint index)
{
  return visit (eval, call, index, expr_list_get (eval, call->self.list, index));
}

static gboolean
check_function (ExprEval *eval, const ExprCall *call)
{
  if (call->self.type != EXPR_ARRAY)
    {
      expr_eval_fail (eval, _ ("This method needs a list"));
      return FALSE;
    }
  if (expr_is_callable (expr_arg (call, 0)))
    return TRUE;
  expr_eval_fail (eval, _ ("This method needs a function, such as x => x.name"));
  return FALSE;
}

ExprValue
expr_array_map (ExprEval *eval, const ExprCall *call)
{
  ExprList *mapped;

  if (!check_function (eval, call))
    return EXPR_VALUE_UNDEFINED;
  mapped = expr_list_new (eval, call->self.list->length);
  for (guint i = 0; i < call->self.list->length && !eval->failed; i++)
    expr_list_add (eval, mapped, visit_at (eval, call, i));
  return expr_list_value (mapped);
}

ExprValue
expr_array_filter (ExprEval *eval, const ExprCall *call)
{
  ExprList *kept = expr_list_new (eval, 0);

  if (!check_function (eval, call))
    return EXPR_VALUE_UNDEFINED;
  for (guint i = 0; i < call->self.list->length && !eval->failed; i++)
    {
      ExprValue element = expr_list_get (eval, call->self.list, i);

      if (expr_to_boolean (visit (eval, call, i, element)))
        expr_list_add (eval, kept, element);
    }
  return expr_list_value (kept);
}

ExprValue
expr_array_for_each (ExprEval *eval, const ExprCall *call)
{
  if (!check_function (eval, call))
    return EXPR_VALUE_UNDEFINED;
  for (guint i = 0; i < call->self.list->length && !eval->failed; i++)
    visit_at (eval, call, i);
  return EXPR_VALUE_UNDEFINED;
}

/* The first index, or from the end the last, whose element gives expected; -1 when there is none. */
static gint64
search (ExprEval *eval, const ExprCall *call, gboolean expected, gboolean backwards)
{
  guint length;

  if (!check_function (eval, call))
    return -1;
  length = call->self.list->length;
  for (guint i = 0; i < length && !eval->failed; i++)
    {
      guint index = backwards ? length - 1 - i : i;

      if (expr_to_boolean (visit_at (eval, call, index)) == expected)
        return index;
    }
  return -1;
}

ExprValue
expr_array_some (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (search (eval, call, TRUE, FALSE) >= 0);
}

ExprValue
expr_array_every (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (search (eval, call, FALSE, FALSE) < 0);
}

static ExprValue
element_or_undefined (ExprEval *eval, const ExprCall *call, gint64 index)
{
  return index >= 0 && !eval->failed ? expr_list_get (eval, call->self.list, (guint) index) : EXPR_VALUE_UNDEFINED;
}

ExprValue
expr_array_find (ExprEval *eval, const ExprCall *call)
{
  return element_or_undefined (eval, call, search (eval, call, TRUE, FALSE));
}

ExprValue
expr_array_find_last (ExprEval *eval, const ExprCall *call)
{
  return element_or_undefined (eval, call, search (eval, call, TRUE, TRUE));
}

ExprValue
expr_array_find_index (ExprEval *eval, const ExprCall *call)
{
  return expr_number (search (eval, call, TRUE, FALSE));
}

ExprValue
expr_array_find_last_index (ExprEval *eval, const ExprCall *call)
{
  return expr_number (search (eval, call, TRUE, TRUE));
}

static ExprValue
reduce (ExprEval *eval, const ExprCall *call, gboolean backwards)
{
  guint length, first = 0;
  ExprValue sum = expr_arg (call, 1);

  if (!check_function (eval, call))
    return EXPR_VALUE_UNDEFINED;
  length = call->self.list->length;
  if (call->n_args < 2)
    {
      if (length == 0)
        return expr_eval_fail (eval, _ ("An empty list has nothing to reduce; give an initial value"));
      sum = expr_list_get (eval, call->self.list, backwards ? length - 1 : 0);
      first = 1;
    }

  for (guint i = first; i < length && !eval->failed; i++)
    {
      guint index = backwards ? length - 1 - i : i;
      ExprValue args[] = { sum, expr_list_get (eval, call->self.list, index), expr_number (index), call->self };

      sum = expr_call (eval, call->args[0], args, G_N_ELEMENTS (args));
    }
  return sum;
}

ExprValue
expr_array_reduce (ExprEval *eval, const ExprCall *call)
{
  return reduce (eval, call, FALSE);
}

ExprValue
expr_array_reduce_right (ExprEval *eval, const ExprCall *call)
{
  return reduce (eval, call, TRUE);
}

ExprValue
expr_array_flat_map (ExprEval *eval, const ExprCall *call)
{
  ExprList *flat = expr_list_new (eval, 0);

  if (!check_function (eval, call))
    return EXPR_VALUE_UNDEFINED;
  for (guint i = 0; i < call->self.list->length && !eval->failed; i++)
    {
      ExprValue part = visit_at (eval, call, i);

      if (part.type == EXPR_ARRAY)
        expr_iterate (eval, part, flat);
      else
        expr_list_add (eval, flat, part);
    }
  return expr_list_value (flat);
}
