/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "heddle-expr-eval.h"

static gboolean bind_pattern (ExprEval *eval, const ExprNode *pattern, ExprValue value);

static void
bind_name (ExprEval *eval, const char *name, ExprValue value)
{
  ExprBinding *binding = expr_arena_alloc (&eval->arena, sizeof (ExprBinding));

  *binding = (ExprBinding){ name, value, eval->bindings };
  eval->bindings = binding;
}

static gboolean
bind_elements (ExprEval *eval, const ExprNode *pattern, ExprList *elements)
{
  for (guint i = 0; i < pattern->n_items; i++)
    {
      const ExprNode *item = pattern->items[i];

      if (item != NULL && item->kind == EXPR_NODE_SPREAD)
        {
          ExprList *rest = expr_list_new (eval, 0);

          for (guint j = i; j < elements->length; j++)
            expr_list_add (eval, rest, elements->items[j]);
          return bind_pattern (eval, item->left, expr_list_value (rest));
        }
      if (item != NULL && !bind_pattern (eval, item, expr_list_get (eval, elements, i)))
        return FALSE;
    }
  return !eval->failed;
}

static gboolean
bind_list (ExprEval *eval, const ExprNode *pattern, ExprValue value)
{
  ExprList *elements = expr_list_new (eval, 0);

  eval->node = pattern;
  return expr_iterate (eval, value, elements) && bind_elements (eval, pattern, elements);
}

static gboolean
is_taken (const ExprList *taken, const ExprText *key)
{
  for (guint i = 0; i < taken->length; i++)
    {
      if (expr_text_equal (taken->items[i].text, key))
        return TRUE;
    }
  return FALSE;
}

static ExprValue
rest_of_record (ExprEval *eval, ExprValue value, const ExprList *taken)
{
  ExprRecord *rest = expr_record_new (eval);
  ExprEntry *entries;
  guint count = 0;

  if (value.type != EXPR_OBJECT)
    return expr_record_value (rest);
  entries = expr_record_entries (eval, value.record, &count);
  for (guint i = 0; i < count && !eval->failed; i++)
    {
      if (!is_taken (taken, entries[i].key))
        expr_record_set (eval, rest, entries[i].key, entries[i].value);
    }
  return expr_record_value (rest);
}

static gboolean
bind_record (ExprEval *eval, const ExprNode *pattern, ExprValue value)
{
  ExprList *taken = expr_list_new (eval, 0);

  if (expr_is_nullish (value))
    {
      expr_eval_fail_at (eval, pattern, _ ("There is no object to take members from"));
      return FALSE;
    }

  for (guint i = 0; i < pattern->n_items; i++)
    {
      const ExprNode *item = pattern->items[i];
      ExprText *key;

      if (item->kind == EXPR_NODE_SPREAD)
        return bind_pattern (eval, item->left, rest_of_record (eval, value, taken));
      key = item->left != NULL ? expr_to_text (eval, expr_evaluate (eval, item->left)) : item->value.text;
      expr_list_add (eval, taken, expr_text_value (key));
      if (eval->failed || !bind_pattern (eval, item->right, expr_member (eval, value, key)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
bind_pattern (ExprEval *eval, const ExprNode *pattern, ExprValue value)
{
  switch ((int) pattern->kind)
    {
    case EXPR_NODE_NAME:
      bind_name (eval, pattern->name, value);
      return TRUE;
    case EXPR_NODE_ASSIGN:
      if (value.type == EXPR_UNDEFINED)
        value = expr_evaluate (eval, pattern->right);
      return !eval->failed && bind_pattern (eval, pattern->left, value);
    case EXPR_NODE_ARRAY:
      return bind_list (eval, pattern, value);
    case EXPR_NODE_OBJECT:
      return bind_record (eval, pattern, value);
    default:
      g_assert_not_reached ();
    }
}

static ExprValue
call_lambda (ExprEval *eval, const ExprFunction *function, const ExprValue *args, guint n_args)
{
  ExprBinding *bindings = eval->bindings;
  ExprMark mark = expr_arena_mark (&eval->arena);
  ExprList list = { .items = (ExprValue *) args, .length = n_args };
  ExprValue value = EXPR_VALUE_UNDEFINED;

  eval->bindings = function->bindings;
  if (bind_elements (eval, function->lambda, &list))
    value = expr_evaluate (eval, function->lambda->left);
  eval->bindings = bindings;

  /* Nothing that was made inside can be reached any more, unless it is the result. */
  if (value.type < EXPR_STRING)
    expr_arena_release (&eval->arena, &mark);
  return value;
}

ExprValue
expr_call (ExprEval *eval, ExprValue function, const ExprValue *args, guint n_args)
{
  if (!expr_eval_charge (eval, 1))
    return EXPR_VALUE_UNDEFINED;
  if (function.type == EXPR_FUNCTION && function.function->lambda != NULL)
    return call_lambda (eval, function.function, args, n_args);
  if (function.type == EXPR_FUNCTION && function.function->builtin != NULL)
    {
      ExprCall call = { .args = args, .n_args = n_args };

      return function.function->builtin->func (eval, &call);
    }
  return expr_eval_fail (eval, _ ("A function is expected here"));
}

/* What "base.name" calls: a member that is a function, or a method of the type. */
static ExprValue
find_callee (ExprEval *eval, const ExprNode *callee, ExprValue base, ExprText **name)
{
  if (callee->kind == EXPR_NODE_INDEX)
    {
      ExprValue key = expr_evaluate (eval, callee->right);

      *name = expr_to_text (eval, key);
    }
  else
    {
      *name = callee->value.text;
    }
  return eval->failed ? EXPR_VALUE_UNDEFINED : expr_member (eval, base, *name);
}

static ExprValue
apply (ExprEval *eval, const ExprNode *node, ExprValue self, ExprValue function)
{
  const ExprNode *before = eval->node;
  ExprList *args = expr_evaluate_items (eval, node);
  ExprValue value;

  if (eval->failed)
    return EXPR_VALUE_UNDEFINED;

  eval->node = node->left;
  if (function.function->lambda != NULL)
    {
      value = call_lambda (eval, function.function, args->items, args->length);
    }
  else
    {
      ExprCall call = { .self = self, .args = args->items, .n_args = args->length };

      value = function.function->builtin->func (eval, &call);
    }
  eval->node = before;
  return value;
}

ExprValue
expr_evaluate_call (ExprEval *eval, const ExprNode *node)
{
  const ExprNode *callee = node->left;
  gboolean is_method = callee->kind == EXPR_NODE_MEMBER || callee->kind == EXPR_NODE_INDEX;
  ExprValue self = EXPR_VALUE_UNDEFINED, function;
  ExprText *name = NULL;

  if (is_method)
    {
      if (!expr_evaluate_base (eval, callee, &self))
        return EXPR_VALUE_UNDEFINED;
      function = find_callee (eval, callee, self, &name);
    }
  else
    {
      function = expr_evaluate (eval, callee);
    }

  if (eval->failed || eval->skipping)
    return EXPR_VALUE_UNDEFINED;
  if (node->optional && expr_is_nullish (function))
    {
      eval->skipping = TRUE;
      return EXPR_VALUE_UNDEFINED;
    }
  if (!expr_is_callable (function))
    return expr_fail_not_function (eval, callee, self, name);
  return apply (eval, node, self, function);
}
