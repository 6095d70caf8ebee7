/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-eval.h"
#include "value/heddle-text.h"

#define MAX_SHOWN 60 /* characters of the source that a message quotes */
#define MAX_LISTED 8 /* names that a message lists */

const char *
expr_nearest (const char *name, const char *const *names)
{
  const char *nearest = NULL;
  guint best = MAX (1, strlen (name) / 3) + 1;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      guint found = heddle_text_distance (name, names[i]);

      if (found < best && found < strlen (names[i]))
        {
          best = found;
          nearest = names[i];
        }
    }
  return nearest;
}

static char *
quote_source (ExprEval *eval, const ExprNode *node)
{
  const char *start = eval->source + node->start;
  const char *end = eval->source + node->end;

  if (g_utf8_pointer_to_offset (start, end) <= MAX_SHOWN)
    return g_strndup (start, end - start);
  end = g_utf8_offset_to_pointer (start, MAX_SHOWN - 1);
  return g_strdup_printf ("%.*s…", (int) (end - start), start);
}

/* ".length", "[2]" or "()": what was asked of the base. */
static char *
quote_step (ExprEval *eval, const ExprNode *node)
{
  const char *start = eval->source + node->left->end;
  g_autofree char *step = NULL;

  if (node->kind == EXPR_NODE_MEMBER)
    return g_strdup_printf (".%s", node->name);
  step = g_strndup (start, eval->source + node->end - start);
  return g_strdup (g_strstrip (step));
}

static GPtrArray *
list_members (ExprEval *eval, ExprValue value)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  ExprEntry *entries;
  guint count = 0;

  if (value.type == EXPR_OBJECT)
    {
      entries = expr_record_entries (eval, value.record, &count);
      for (guint i = 0; i < MIN (count, 1000); i++)
        g_ptr_array_add (names, g_strndup (entries[i].key->bytes, entries[i].key->size));
    }
  g_ptr_array_add (names, NULL);
  return names;
}

/* Expressions change nothing, so what led to the missing member can simply be evaluated again. */
static char *
suggest_member (ExprEval *eval, const ExprNode *missing)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autofree char *base = NULL;
  const char *nearest;
  ExprValue owner;

  if (missing->kind != EXPR_NODE_MEMBER)
    return NULL;
  owner = expr_evaluate (eval, missing->left);
  if (eval->failed)
    return NULL;
  names = list_members (eval, owner);
  nearest = expr_nearest (missing->name, (const char *const *) names->pdata);
  if (nearest == NULL)
    return NULL;
  base = quote_source (eval, missing->left);
  return g_strdup_printf ("%s.%s", base, nearest);
}

ExprValue
expr_fail_missing (ExprEval *eval, const ExprNode *node, ExprValue base)
{
  g_autofree char *source = quote_source (eval, node->left);
  g_autofree char *step = quote_step (eval, node);
  g_autofree char *suggestion = base.type == EXPR_UNDEFINED ? suggest_member (eval, node->left) : NULL;

  if (base.type == EXPR_NULL)
    return expr_eval_fail_at (eval, node, _ ("%s is null, so %s has no value"), source, step);
  if (suggestion != NULL)
    return expr_eval_fail_at (eval, node, _ ("%s is missing, so %s has no value; did you mean %s?"), source, step, suggestion);
  return expr_eval_fail_at (eval, node, _ ("%s is missing, so %s has no value"), source, step);
}

static char *
join_roots (char **roots)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; roots[i] != NULL && i < MAX_LISTED; i++)
    g_string_append_printf (joined, "%s$%s", i > 0 ? ", " : "", roots[i]);
  if (g_strv_length (roots) > MAX_LISTED)
    g_string_append (joined, "…");
  return g_string_free (joined, FALSE);
}

static ExprValue
fail_unknown_root (ExprEval *eval, const ExprNode *node)
{
  g_auto (GStrv) roots = eval->scope->list_roots != NULL ? eval->scope->list_roots (eval->scope->data) : NULL;
  const char *nearest = expr_nearest (node->name + 1, (const char *const *) roots);
  g_autofree char *known = roots != NULL && roots[0] != NULL ? join_roots (roots) : NULL;

  if (nearest != NULL)
    return expr_eval_fail_at (eval, node, _ ("%s is not known; did you mean $%s?"), node->name, nearest);
  if (known != NULL)
    return expr_eval_fail_at (eval, node, _ ("%s is not known; there are %s"), node->name, known);
  return expr_eval_fail_at (eval, node, _ ("%s is not known"), node->name);
}

static gboolean
is_root (ExprEval *eval, const char *name)
{
  return eval->scope->lookup != NULL && eval->scope->lookup (name, eval->scope->data) != NULL;
}

ExprValue
expr_fail_unknown (ExprEval *eval, const ExprNode *node)
{
  const char *nearest;

  if (node->name[0] == '$' && node->name[1] != '\0')
    return fail_unknown_root (eval, node);
  if (is_root (eval, node->name))
    return expr_eval_fail_at (eval, node, _ ("%s is not known; did you mean $%s?"), node->name, node->name);

  nearest = expr_nearest (node->name, expr_list_globals ());
  if (nearest != NULL)
    return expr_eval_fail_at (eval, node, _ ("%s is not known; did you mean %s?"), node->name, nearest);
  return expr_eval_fail_at (eval, node, _ ("%s is not known; text needs quotes and a node’s result begins with $"), node->name);
}

static void
add_names (GPtrArray *names, const ExprBuiltin *table)
{
  for (; table != NULL && table->name != NULL; table++)
    {
      if (table->func != NULL)
        g_ptr_array_add (names, (gpointer) table->name);
    }
}

static char *
suggest_method (ExprValue base, const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  add_names (names, base.type == EXPR_FUNCTION ? base.function->members : expr_method_table (base.type));
  g_ptr_array_add (names, NULL);
  return g_strdup (expr_nearest (name, (const char *const *) names->pdata));
}

/* Those that people reach for although a list cannot be changed. */
static gboolean
would_change (ExprValue base, const char *name)
{
  static const char *const changing[] = { "push", "unshift", "splice", "copyWithin", NULL };

  return base.type == EXPR_ARRAY && g_strv_contains (changing, name);
}

ExprValue
expr_fail_not_function (ExprEval *eval, const ExprNode *callee, ExprValue base, ExprText *name)
{
  g_autofree char *source = quote_source (eval, callee);
  g_autofree char *word = name != NULL ? g_strndup (name->bytes, name->size) : NULL;
  g_autofree char *suggestion = word != NULL ? suggest_method (base, word) : NULL;

  if (word != NULL && would_change (base, word))
    return expr_eval_fail_at (eval, callee, _ ("%s would change a list, which an expression cannot; build a new one with [...list, value] or slice()"), source);
  if (suggestion != NULL)
    return expr_eval_fail_at (eval, callee, _ ("%s is not a function; did you mean .%s()?"), source, suggestion);
  return expr_eval_fail_at (eval, callee, _ ("%s is not a function"), source);
}
