/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-expr-tree.h"

typedef struct
{
  GPtrArray *references;
  GPtrArray *parameters; /* the names that are parameters here; interned, so compared by address */
} Walk;

static void walk_node (Walk *walk, const ExprNode *node, const ExprNode *owner);

static void
reference_free (HeddleReference *reference)
{
  g_free (reference->root);
  g_free (reference->path);
  g_free (reference);
}

GPtrArray *
expr_references_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) reference_free);
}

/* One constant step behind a reference: ".name", ["name"] or [2]. */
static gboolean
append_step (GString *path, const ExprNode *step)
{
  if (step->kind == EXPR_NODE_MEMBER || (step->kind == EXPR_NODE_INDEX && step->right->kind == EXPR_NODE_LITERAL && step->right->value.type == EXPR_STRING))
    {
      const ExprText *name = step->kind == EXPR_NODE_MEMBER ? step->value.text : step->right->value.text;

      g_string_append_printf (path, "%s%.*s", path->len > 0 ? "." : "", (int) name->size, name->bytes);
      return TRUE;
    }
  if (step->kind == EXPR_NODE_INDEX && step->right->kind == EXPR_NODE_LITERAL && step->right->value.type == EXPR_NUMBER)
    {
      g_string_append_printf (path, "%s%.0f", path->len > 0 ? "." : "", step->right->value.number);
      return TRUE;
    }
  return FALSE;
}

/* top is the outermost member access above the root; a called one is a method and not part of the path. */
static void
append_path (GString *path, const ExprNode *top, const ExprNode *root, gboolean *constant)
{
  if (top == root)
    return;
  append_path (path, top->left, root, constant);
  *constant = *constant && append_step (path, top);
}

static gboolean
is_parameter (const Walk *walk, const char *name)
{
  return g_ptr_array_find (walk->parameters, name, NULL);
}

static const ExprNode *
find_root (const ExprNode *node)
{
  while (node->kind == EXPR_NODE_MEMBER || node->kind == EXPR_NODE_INDEX)
    node = node->left;
  return node;
}

static void
add_reference (Walk *walk, const ExprNode *root, const ExprNode *top, gboolean shorthand)
{
  HeddleReference *reference;
  g_autoptr (GString) path = NULL;
  gboolean constant = TRUE;

  if (root->name[0] != '$' || root->name[1] == '\0' || is_parameter (walk, root->name))
    return;

  path = g_string_new (NULL);
  append_path (path, top, root, &constant);
  reference = g_new0 (HeddleReference, 1);
  reference->root = g_strdup (root->name + 1);
  reference->path = g_strdup (path->str);
  /* Parentheses around the name widen the span of the node, not of the name. */
  reference->start = root->at;
  reference->end = root->at + strlen (root->name);
  reference->shorthand = shorthand;
  g_ptr_array_add (walk->references, reference);
}

static void
add_parameters (Walk *walk, const ExprNode *pattern)
{
  if (pattern == NULL)
    return;
  if (pattern->kind == EXPR_NODE_NAME)
    g_ptr_array_add (walk->parameters, (gpointer) pattern->name);
  else if (pattern->kind == EXPR_NODE_PROPERTY)
    add_parameters (walk, pattern->right);
  else if (pattern->kind == EXPR_NODE_ASSIGN || pattern->kind == EXPR_NODE_SPREAD)
    add_parameters (walk, pattern->left);
  for (guint i = 0; i < pattern->n_items; i++)
    add_parameters (walk, pattern->items[i]);
}

/* In a pattern only defaults and computed names are expressions. */
static void
walk_pattern (Walk *walk, const ExprNode *pattern)
{
  if (pattern == NULL)
    return;
  if (pattern->kind == EXPR_NODE_ASSIGN)
    {
      walk_pattern (walk, pattern->left);
      walk_node (walk, pattern->right, NULL);
    }
  else if (pattern->kind == EXPR_NODE_PROPERTY)
    {
      if (pattern->left != NULL)
        walk_node (walk, pattern->left, NULL);
      walk_pattern (walk, pattern->right);
    }
  else if (pattern->kind == EXPR_NODE_SPREAD)
    {
      walk_pattern (walk, pattern->left);
    }
  for (guint i = 0; i < pattern->n_items; i++)
    walk_pattern (walk, pattern->items[i]);
}

static void
walk_lambda (Walk *walk, const ExprNode *node)
{
  guint outside = walk->parameters->len;

  for (guint i = 0; i < node->n_items; i++)
    add_parameters (walk, node->items[i]);
  for (guint i = 0; i < node->n_items; i++)
    walk_pattern (walk, node->items[i]);
  walk_node (walk, node->left, NULL);
  g_ptr_array_set_size (walk->parameters, (int) outside);
}

/* A chain of member accesses down to a name is one reference; keys in brackets have their own. */
static void
walk_access (Walk *walk, const ExprNode *node, const ExprNode *owner)
{
  const ExprNode *root = find_root (node);
  gboolean called = owner != NULL && owner->kind == EXPR_NODE_CALL && owner->left == node && node != root;

  if (root->kind == EXPR_NODE_NAME)
    add_reference (walk, root, called ? node->left : node, owner != NULL && owner->shorthand);
  else
    walk_node (walk, root, NULL);
  for (const ExprNode *step = node; step != root; step = step->left)
    {
      if (step->kind == EXPR_NODE_INDEX)
        walk_node (walk, step->right, NULL);
    }
}

static void
walk_node (Walk *walk, const ExprNode *node, const ExprNode *owner)
{
  if (node == NULL)
    return;
  if (node->kind == EXPR_NODE_LAMBDA)
    {
      walk_lambda (walk, node);
      return;
    }
  if (node->kind == EXPR_NODE_NAME || node->kind == EXPR_NODE_MEMBER || node->kind == EXPR_NODE_INDEX)
    {
      walk_access (walk, node, owner);
      return;
    }

  walk_node (walk, node->left, node);
  walk_node (walk, node->right, node);
  walk_node (walk, node->other, NULL);
  for (guint i = 0; i < node->n_items; i++)
    walk_node (walk, node->items[i], NULL);
}

static int
compare_starts (const void *a, const void *b)
{
  const HeddleReference *first = *(HeddleReference *const *) a, *second = *(HeddleReference *const *) b;

  return first->start < second->start ? -1 : first->start > second->start;
}

void
expr_tree_collect (const ExprTree *tree, GPtrArray *references)
{
  g_autoptr (GPtrArray) parameters = g_ptr_array_new ();
  Walk walk = { references, parameters };

  walk_node (&walk, tree->root, NULL);
  g_ptr_array_sort (references, compare_starts);
}

/* A shorthand {$old} has to become {$old: $new}, or the member would change its name. */
char *
expr_rename_references (const char *source, GPtrArray *references, const char *old_root, const char *new_root)
{
  GString *renamed = g_string_new (NULL);
  guint copied = 0;

  for (guint i = 0; i < references->len; i++)
    {
      const HeddleReference *reference = g_ptr_array_index (references, i);

      if (strcmp (reference->root, old_root) != 0)
        continue;
      g_string_append_len (renamed, source + copied, reference->start - copied);
      if (reference->shorthand)
        g_string_append_printf (renamed, "$%s: ", old_root);
      g_string_append_printf (renamed, "$%s", new_root);
      copied = reference->end;
    }
  g_string_append (renamed, source + copied);
  return g_string_free (renamed, FALSE);
}
