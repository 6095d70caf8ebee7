/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-eval.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-error.h"

#define STEPS_BETWEEN_LOOKS 2048

void
expr_eval_init (ExprEval *eval, const HeddleScope *scope, const char *source)
{
  /* The arena's own bytes stay as they are: clearing them would cost more than many an expression. */
  memset (eval, 0, G_STRUCT_OFFSET (ExprEval, arena));
  expr_arena_init (&eval->arena);
  eval->scope = scope;
  eval->source = source;
  eval->next_look = STEPS_BETWEEN_LOOKS;
}

void
expr_eval_clear (ExprEval *eval)
{
  expr_arena_clear (&eval->arena);
  g_clear_pointer (&eval->patterns, g_ptr_array_unref);
  g_clear_pointer (&eval->nodes, g_ptr_array_unref);
  g_clear_error (&eval->error);
}

static ExprValue
fail_with (ExprEval *eval, const ExprNode *node, HeddleErrorCode code, const char *cause)
{
  g_autofree char *place = NULL;

  if (eval->failed)
    return EXPR_VALUE_UNDEFINED;
  eval->failed = TRUE;
  place = expr_describe_place (eval->source, node != NULL ? node->at : 0);
  g_set_error (&eval->error, HEDDLE_ERROR, code, "%s %s", cause, place);
  return EXPR_VALUE_UNDEFINED;
}

ExprValue
expr_eval_fail (ExprEval *eval, const char *format, ...)
{
  g_autofree char *cause = NULL;
  va_list args;

  va_start (args, format);
  cause = g_strdup_vprintf (format, args);
  va_end (args);
  return fail_with (eval, eval->node, HEDDLE_ERROR_EXPRESSION, cause);
}

ExprValue
expr_eval_fail_at (ExprEval *eval, const ExprNode *node, const char *format, ...)
{
  g_autofree char *cause = NULL;
  va_list args;

  va_start (args, format);
  cause = g_strdup_vprintf (format, args);
  va_end (args);
  return fail_with (eval, node, HEDDLE_ERROR_EXPRESSION, cause);
}

ExprValue
expr_eval_fail_limit (ExprEval *eval, const char *message)
{
  return fail_with (eval, eval->node, HEDDLE_ERROR_LIMIT, message);
}

gboolean
expr_eval_reserve (ExprEval *eval, gsize bytes)
{
  if (G_LIKELY (bytes <= EXPR_MAX_MEMORY && eval->arena.used + eval->kept + bytes <= EXPR_MAX_MEMORY))
    return TRUE;
  expr_eval_fail_limit (eval, _ ("The expression needs more memory than one evaluation may use"));
  return FALSE;
}

static void
look_at_budget (ExprEval *eval)
{
  gint64 now = g_get_monotonic_time ();

  eval->next_look = eval->steps + STEPS_BETWEEN_LOOKS;
  if (eval->deadline == 0)
    eval->deadline = now + EXPR_MAX_TIME;
  if (eval->steps > EXPR_MAX_STEPS)
    expr_eval_fail_limit (eval, _ ("The expression takes more steps than one evaluation may take"));
  else if (now > eval->deadline)
    expr_eval_fail_limit (eval, _ ("The expression takes longer than one evaluation may take"));
  expr_eval_reserve (eval, 0);
}

gboolean
expr_eval_charge (ExprEval *eval, gsize steps)
{
  eval->steps += steps;
  if (G_UNLIKELY (eval->steps >= eval->next_look))
    look_at_budget (eval);
  return !eval->failed;
}

void
expr_eval_keep (ExprEval *eval, JsonNode *node, gsize estimated_size)
{
  if (eval->nodes == NULL)
    eval->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_ptr_array_add (eval->nodes, node);
  eval->kept += estimated_size;
}

double
expr_eval_now (ExprEval *eval)
{
  const HeddleScope *scope = eval->scope;

  if (eval->now == 0 && scope->now == 0 && scope->get_now != NULL)
    eval->now = (double) scope->get_now (scope->data);
  else if (eval->now == 0)
    eval->now = (double) (scope->now != 0 ? scope->now : g_get_real_time () / 1000);
  return eval->now;
}

static ExprValue
current_time (ExprEval *eval)
{
  char *text = expr_date_to_iso (expr_eval_now (eval));
  GString *taken = g_string_new (text);

  g_free (text);
  return expr_text_value (expr_text_take (eval, taken));
}

static ExprValue
evaluate_name (ExprEval *eval, const ExprNode *node)
{
  ExprValue value;

  for (const ExprBinding *binding = eval->bindings; binding != NULL; binding = binding->next)
    {
      if (binding->name == node->name)
        return binding->value;
    }

  if (node->name[0] == '$' && node->name[1] != '\0')
    {
      JsonNode *root;

      if (strcmp (node->name, "$now") == 0)
        return current_time (eval);
      root = eval->scope->lookup != NULL ? eval->scope->lookup (node->name + 1, eval->scope->data) : NULL;
      return root != NULL ? expr_from_node (eval, root) : expr_fail_unknown (eval, node);
    }
  return expr_find_global (node->name, &value) ? value : expr_fail_unknown (eval, node);
}

gboolean
expr_iterate (ExprEval *eval, ExprValue value, ExprList *into)
{
  if (value.type == EXPR_ARRAY)
    {
      for (guint i = 0; i < value.list->length && expr_eval_charge (eval, 1); i++)
        expr_list_add (eval, into, expr_list_get (eval, value.list, i));
      return !eval->failed;
    }
  if (value.type == EXPR_STRING)
    {
      const char *p = value.text->bytes, *end = p + value.text->size;

      while (p < end && expr_eval_charge (eval, 1))
        {
          const char *following = g_utf8_next_char (p);

          expr_list_add (eval, into, expr_text_value (expr_text_wrap (eval, p, following - p)));
          p = following;
        }
      return !eval->failed;
    }
  expr_eval_fail (eval, _ ("Only a list or a text can be taken apart into its elements"));
  return FALSE;
}

ExprList *
expr_evaluate_items (ExprEval *eval, const ExprNode *node)
{
  ExprList *list = expr_list_new (eval, node->n_items);

  for (guint i = 0; i < node->n_items && !eval->failed; i++)
    {
      const ExprNode *item = node->items[i];
      const ExprNode *before = eval->node;

      if (item == NULL)
        {
          expr_list_add (eval, list, EXPR_VALUE_UNDEFINED);
        }
      else if (item->kind == EXPR_NODE_SPREAD)
        {
          ExprValue spread = expr_evaluate (eval, item->left);

          eval->node = item;
          if (!eval->failed)
            expr_iterate (eval, spread, list);
          eval->node = before;
        }
      else
        {
          expr_list_add (eval, list, expr_evaluate (eval, item));
        }
    }
  return list;
}

void
expr_spread_members (ExprEval *eval, ExprValue value, ExprRecord *into)
{
  ExprEntry *entries;
  guint count;

  if (value.type == EXPR_OBJECT)
    {
      entries = expr_record_entries (eval, value.record, &count);
      for (guint i = 0; i < count && !eval->failed; i++)
        expr_record_set (eval, into, entries[i].key, entries[i].value);
    }
  else if (value.type == EXPR_ARRAY || value.type == EXPR_STRING)
    {
      ExprList *list = expr_list_new (eval, 0);

      expr_iterate (eval, value, list);
      for (guint i = 0; i < list->length && !eval->failed; i++)
        expr_record_set (eval, into, expr_to_text (eval, expr_number (i)), list->items[i]);
    }
}

static ExprValue
evaluate_object (ExprEval *eval, const ExprNode *node)
{
  ExprRecord *record = expr_record_new (eval);

  for (guint i = 0; i < node->n_items && !eval->failed; i++)
    {
      const ExprNode *item = node->items[i];

      if (item->kind == EXPR_NODE_SPREAD)
        {
          expr_spread_members (eval, expr_evaluate (eval, item->left), record);
        }
      else
        {
          ExprText *key = item->left != NULL ? expr_to_text (eval, expr_evaluate (eval, item->left)) : item->value.text;

          expr_record_set (eval, record, key, expr_evaluate (eval, item->right));
        }
    }
  return expr_record_value (record);
}

static ExprValue
evaluate_template (ExprEval *eval, const ExprNode *node)
{
  ExprText *text = expr_text_wrap (eval, "", 0);

  for (guint i = 0; i < node->n_items && !eval->failed; i++)
    text = expr_text_concat (eval, text, expr_to_text (eval, expr_evaluate (eval, node->items[i])));
  return expr_text_value (text);
}

/* "typeof nosuch" is the one place where an unknown name is no error. */
static ExprValue
evaluate_unary (ExprEval *eval, const ExprNode *node)
{
  ExprValue value = expr_evaluate (eval, node->left);

  if (eval->failed && node->operation == EXPR_OP_TYPEOF && node->left->kind == EXPR_NODE_NAME &&
      g_error_matches (eval->error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION))
    {
      g_clear_error (&eval->error);
      eval->failed = FALSE;
    }
  return expr_unary (eval, node->operation, value);
}

static ExprValue
evaluate_binary (ExprEval *eval, const ExprNode *node)
{
  ExprValue left = expr_evaluate (eval, node->left);
  ExprValue right;

  if (eval->failed)
    return EXPR_VALUE_UNDEFINED;
  right = expr_evaluate (eval, node->right);
  if (eval->failed)
    return EXPR_VALUE_UNDEFINED;
  eval->node = node;
  return expr_binary (eval, node->operation, left, right);
}

static ExprValue
evaluate_logical (ExprEval *eval, const ExprNode *node)
{
  ExprValue left = expr_evaluate (eval, node->left);
  gboolean decided;

  if (eval->failed)
    return EXPR_VALUE_UNDEFINED;
  if (node->operation == EXPR_OP_COALESCE)
    decided = !expr_is_nullish (left);
  else
    decided = expr_to_boolean (left) == (node->operation == EXPR_OP_OR);
  return decided ? left : expr_evaluate (eval, node->right);
}

static ExprValue
evaluate_conditional (ExprEval *eval, const ExprNode *node)
{
  ExprValue condition = expr_evaluate (eval, node->left);

  if (eval->failed)
    return EXPR_VALUE_UNDEFINED;
  return expr_evaluate (eval, expr_to_boolean (condition) ? node->right : node->other);
}

/* FALSE when there is nothing to take a member of: skipped by ?. or an error. */
gboolean
expr_evaluate_base (ExprEval *eval, const ExprNode *node, ExprValue *base)
{
  *base = expr_evaluate (eval, node->left);
  if (eval->failed || eval->skipping)
    return FALSE;
  if (!expr_is_nullish (*base))
    return TRUE;
  if (node->optional)
    eval->skipping = TRUE;
  else
    expr_fail_missing (eval, node, *base);
  return FALSE;
}

static ExprValue
evaluate_member (ExprEval *eval, const ExprNode *node)
{
  ExprValue base, key;

  if (!expr_evaluate_base (eval, node, &base))
    return EXPR_VALUE_UNDEFINED;
  if (node->kind == EXPR_NODE_MEMBER)
    return expr_member (eval, base, node->value.text);

  key = expr_evaluate (eval, node->right);
  return eval->failed ? EXPR_VALUE_UNDEFINED : expr_index (eval, base, key);
}

static ExprValue
evaluate_chain (ExprEval *eval, const ExprNode *node)
{
  ExprValue value = expr_evaluate (eval, node->left);

  eval->skipping = FALSE;
  return value;
}

static ExprValue
evaluate_lambda (ExprEval *eval, const ExprNode *node)
{
  ExprFunction *function = expr_arena_alloc0 (&eval->arena, sizeof (ExprFunction));

  function->lambda = node;
  function->bindings = eval->bindings;
  return (ExprValue){ .type = EXPR_FUNCTION, .function = function };
}

static ExprValue
evaluate_sequence (ExprEval *eval, const ExprNode *node)
{
  ExprValue value = EXPR_VALUE_UNDEFINED;

  for (guint i = 0; i < node->n_items && !eval->failed; i++)
    value = expr_evaluate (eval, node->items[i]);
  return value;
}

static ExprValue
evaluate_kind (ExprEval *eval, const ExprNode *node)
{
  switch (node->kind)
    {
    case EXPR_NODE_LITERAL:
    case EXPR_NODE_REGEXP:
      return node->value;
    case EXPR_NODE_NAME:
      return evaluate_name (eval, node);
    case EXPR_NODE_ARRAY:
      return expr_list_value (expr_evaluate_items (eval, node));
    case EXPR_NODE_OBJECT:
      return evaluate_object (eval, node);
    case EXPR_NODE_TEMPLATE:
      return evaluate_template (eval, node);
    case EXPR_NODE_UNARY:
      return evaluate_unary (eval, node);
    case EXPR_NODE_BINARY:
      return evaluate_binary (eval, node);
    case EXPR_NODE_LOGICAL:
      return evaluate_logical (eval, node);
    case EXPR_NODE_CONDITIONAL:
      return evaluate_conditional (eval, node);
    case EXPR_NODE_MEMBER:
    case EXPR_NODE_INDEX:
      return evaluate_member (eval, node);
    case EXPR_NODE_CALL:
      return expr_evaluate_call (eval, node);
    case EXPR_NODE_CHAIN:
      return evaluate_chain (eval, node);
    case EXPR_NODE_LAMBDA:
      return evaluate_lambda (eval, node);
    case EXPR_NODE_SEQUENCE:
      return evaluate_sequence (eval, node);
    case EXPR_NODE_PROPERTY:
    case EXPR_NODE_SPREAD:
    case EXPR_NODE_ASSIGN:
    default:
      g_assert_not_reached ();
    }
}

ExprValue
expr_evaluate (ExprEval *eval, const ExprNode *node)
{
  ExprValue value = EXPR_VALUE_UNDEFINED;

  if (!expr_eval_charge (eval, 1))
    return value;
  if (eval->depth >= EXPR_MAX_DEPTH)
    return fail_with (eval, node, HEDDLE_ERROR_LIMIT, _ ("The functions of this expression call each other too deeply"));

  eval->depth++;
  value = evaluate_kind (eval, node);
  eval->depth--;
  return eval->failed ? EXPR_VALUE_UNDEFINED : value;
}
