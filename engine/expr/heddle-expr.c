/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-expr-eval.h"
#include "heddle-expr-tree.h"
#include "value/heddle-json.h"

#define MAX_SOURCE (1024 * 1024)

struct _HeddleExpr
{
  char *source;
  ExprTree tree;
};

gboolean
expr_check_source (const char *source, GError **error)
{
  const char *invalid;

  if (!g_utf8_validate (source, -1, &invalid))
    {
      g_autofree char *place = expr_describe_place (source, (guint32) MIN (invalid - source, MAX_SOURCE));

      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION, _ ("The text is not valid UTF-8 %s"), place);
      return FALSE;
    }
  if (strlen (source) <= MAX_SOURCE)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The text is larger than one megabyte %s"), _ ("(column 1)"));
  return FALSE;
}

HeddleExpr *
heddle_expr_compile (const char *source, GError **error)
{
  HeddleExpr *expr;

  g_return_val_if_fail (source != NULL, NULL);

  if (!expr_check_source (source, error))
    return NULL;
  expr = g_new (HeddleExpr, 1);
  expr->source = g_strdup (source);
  if (expr_tree_parse (&expr->tree, expr->source, 0, strlen (source), FALSE, error))
    return expr;
  g_free (expr->source);
  g_free (expr);
  return NULL;
}

void
heddle_expr_free (HeddleExpr *expr)
{
  g_return_if_fail (expr != NULL);

  expr_tree_clear (&expr->tree);
  g_free (expr->source);
  g_free (expr);
}

JsonNode *
expr_tree_evaluate (const ExprTree *tree, const char *source, const HeddleScope *scope, GError **error)
{
  ExprEval eval;
  ExprValue value;
  JsonNode *node = NULL;

  expr_eval_init (&eval, scope, source);
  value = expr_evaluate (&eval, tree->root);
  if (!eval.failed)
    node = expr_to_node (&eval, value);
  if (eval.failed)
    {
      g_clear_pointer (&node, json_node_unref);
      g_propagate_error (error, g_steal_pointer (&eval.error));
    }
  expr_eval_clear (&eval);
  return node;
}

JsonNode *
heddle_expr_evaluate (HeddleExpr *expr, const HeddleScope *scope, GError **error)
{
  g_return_val_if_fail (expr != NULL, NULL);
  g_return_val_if_fail (scope != NULL, NULL);

  return expr_tree_evaluate (&expr->tree, expr->source, scope, error);
}

/* The message ends with the place in every language, so its last number is the column. */
/* The last number before end, and where it begins; NULL: there is none. */
static const char *
find_number (const char *message, const char *end)
{
  const char *start = end;

  while (start > message && g_ascii_isdigit (start[-1]))
    start--;
  return start < end ? start : NULL;
}

/* The place stands in parentheses at the end of the message: its last number is the column. */
static const char *
find_column (const GError *error)
{
  if (error->domain != HEDDLE_ERROR || !g_str_has_suffix (error->message, ")"))
    return NULL;
  return find_number (error->message, error->message + strlen (error->message) - 1);
}

guint
heddle_expr_error_column (const GError *error)
{
  const char *column;

  g_return_val_if_fail (error != NULL, 0);

  column = find_column (error);
  return column != NULL ? (guint) g_ascii_strtoull (column, NULL, 10) : 0;
}

guint
heddle_expr_error_line (const GError *error)
{
  const char *column, *end, *line;

  g_return_val_if_fail (error != NULL, 0);

  column = find_column (error);
  if (column == NULL)
    return 0;
  /* Another number before it, within the parentheses, is the line. */
  for (end = column; end > error->message && end[-1] != '(' && !g_ascii_isdigit (end[-1]);)
    end--;
  line = find_number (error->message, end);
  return line != NULL ? (guint) g_ascii_strtoull (line, NULL, 10) : 1;
}

static JsonNode *
lookup_in_context (const char *root, gpointer data)
{
  JsonNode *context = data;
  JsonNode *found = heddle_json_member (heddle_json_member (context, "nodes"), root);

  if (found == NULL && strcmp (root, "nodes") != 0)
    found = heddle_json_member (context, root);
  return found;
}

static void
add_names (GPtrArray *names, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;

  if (object == NULL)
    return;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      if (strcmp (name, "nodes") != 0)
        g_ptr_array_add (names, g_strdup (name));
    }
}

static char **
list_context_roots (gpointer data)
{
  JsonNode *context = data;
  GPtrArray *names = g_ptr_array_new ();

  add_names (names, heddle_json_get_object (context, "nodes"));
  if (JSON_NODE_HOLDS_OBJECT (context))
    add_names (names, json_node_get_object (context));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

void
heddle_scope_init_context (HeddleScope *scope, JsonNode *context)
{
  g_return_if_fail (scope != NULL);
  g_return_if_fail (context != NULL);

  *scope = (HeddleScope){ .lookup = lookup_in_context, .list_roots = list_context_roots, .data = context };
}

GPtrArray *
heddle_expr_list_references (HeddleExpr *expr)
{
  GPtrArray *references;

  g_return_val_if_fail (expr != NULL, NULL);

  references = expr_references_new ();
  expr_tree_collect (&expr->tree, references);
  return references;
}

char *
heddle_expr_rename (const char *source, const char *old_root, const char *new_root)
{
  g_autoptr (HeddleExpr) expr = NULL;
  g_autoptr (GPtrArray) references = NULL;

  g_return_val_if_fail (source != NULL && old_root != NULL && new_root != NULL, NULL);

  expr = heddle_expr_compile (source, NULL);
  if (expr == NULL)
    return g_strdup (source);
  references = heddle_expr_list_references (expr);
  return expr_rename_references (source, references, old_root, new_root);
}
