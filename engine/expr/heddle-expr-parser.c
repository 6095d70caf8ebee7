/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-eval.h"

static const struct
{
  const char *mark;
  ExprOperator operation;
  int precedence;
} binary_operators[] = {
  { "??", EXPR_OP_COALESCE, 1 },
  { "||", EXPR_OP_OR, 2 },
  { "&&", EXPR_OP_AND, 3 },
  { "|", EXPR_OP_BIT_OR, 4 },
  { "^", EXPR_OP_BIT_XOR, 5 },
  { "&", EXPR_OP_BIT_AND, 6 },
  { "==", EXPR_OP_EQUAL, 7 },
  { "!=", EXPR_OP_NOT_EQUAL, 7 },
  { "===", EXPR_OP_SAME, 7 },
  { "!==", EXPR_OP_NOT_SAME, 7 },
  { "<", EXPR_OP_LESS, 8 },
  { ">", EXPR_OP_GREATER, 8 },
  { "<=", EXPR_OP_LESS_EQUAL, 8 },
  { ">=", EXPR_OP_GREATER_EQUAL, 8 },
  { "in", EXPR_OP_IN, 8 },
  { "<<", EXPR_OP_SHIFT_LEFT, 9 },
  { ">>", EXPR_OP_SHIFT_RIGHT, 9 },
  { ">>>", EXPR_OP_SHIFT_RIGHT_UNSIGNED, 9 },
  { "+", EXPR_OP_ADD, 10 },
  { "-", EXPR_OP_SUBTRACT, 10 },
  { "*", EXPR_OP_MULTIPLY, 11 },
  { "/", EXPR_OP_DIVIDE, 11 },
  { "%", EXPR_OP_REMAINDER, 11 },
  { "**", EXPR_OP_POWER, 12 },
};

static const struct
{
  const char *mark;
  ExprOperator operation;
} unary_operators[] = {
  { "!", EXPR_OP_NOT },
  { "-", EXPR_OP_MINUS },
  { "+", EXPR_OP_PLUS },
  { "~", EXPR_OP_BIT_NOT },
  { "typeof", EXPR_OP_TYPEOF },
  { "void", EXPR_OP_VOID },
};

static ExprNode *parse_unary (ExprParser *parser);

static ExprNode *
parse_call (ExprParser *parser, ExprNode *callee, guint32 at)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_CALL, callee->start);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint32 end, assigned_before = parser->assigned_at;

  node->at = at;
  node->left = callee;
  expr_parser_next (parser);
  if (!expr_parser_read_elements (parser, ")", FALSE, items, &end))
    return NULL;
  if (parser->assigned_at != assigned_before)
    return NULL;
  expr_parser_take_items (parser, node, items);
  return expr_parser_finish (parser, node, end);
}

static ExprNode *
parse_index (ExprParser *parser, ExprNode *base, guint32 at)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_INDEX, base->start);
  guint32 end;

  node->at = at;
  node->left = base;
  expr_parser_next (parser);
  node->right = expr_parser_read_sequence (parser);
  end = parser->lexer.token.end;
  if (node->right == NULL || !expr_parser_expect (parser, "]"))
    return NULL;
  return expr_parser_finish (parser, node, end);
}

static ExprNode *
parse_member (ExprParser *parser, ExprNode *base, guint32 at)
{
  const ExprToken *token = &parser->lexer.token;
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_MEMBER, base->start);

  if (parser->lexer.failed || token->kind != EXPR_TOKEN_NAME)
    return expr_parser_fail_here (parser, _ ("a member name"));
  node->at = at;
  node->left = base;
  node->value = expr_text_value (expr_parser_new_text (parser, token->text->str, token->text->len));
  node->name = node->value.text->bytes;
  expr_parser_finish (parser, node, token->end);
  expr_parser_next (parser);
  return parser->lexer.failed ? NULL : node;
}

/* One step of a chain, or node itself when there is none. */
static ExprNode *
parse_step (ExprParser *parser, ExprNode *node)
{
  guint32 at = parser->lexer.token.start;
  gboolean optional = expr_parser_accept (parser, "?.");
  ExprNode *step;

  if (expr_parser_sees (parser, "("))
    step = parse_call (parser, node, at);
  else if (expr_parser_sees (parser, "["))
    step = parse_index (parser, node, at);
  else if (optional || expr_parser_accept (parser, "."))
    step = parse_member (parser, node, at);
  else
    return node;
  if (step != NULL)
    step->optional = optional;
  return step;
}

static ExprNode *
parse_chain (ExprParser *parser)
{
  ExprNode *node = expr_parser_read_primary (parser);
  gboolean optional = FALSE;
  ExprNode *chain;

  if (node == NULL || (node->kind == EXPR_NODE_LAMBDA && !node->enclosed))
    return node;
  for (ExprNode *step = parse_step (parser, node); step != node; step = parse_step (parser, node))
    {
      if (step == NULL)
        return NULL;
      optional |= step->optional;
      node = step;
    }
  if (!optional)
    return node;

  chain = expr_parser_new_node (parser, EXPR_NODE_CHAIN, node->start);
  chain->left = node;
  return expr_parser_finish (parser, chain, node->end);
}

static ExprNode *
parse_operand (ExprParser *parser, ExprOperator operation)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_UNARY, parser->lexer.token.start);

  expr_parser_next (parser);
  node->operation = operation;
  node->left = expr_parser_enter (parser) ? parse_unary (parser) : NULL;
  parser->nesting--;
  return node->left != NULL ? expr_parser_finish (parser, node, node->left->end) : NULL;
}

static ExprNode *
parse_unary (ExprParser *parser)
{
  for (guint i = 0; i < G_N_ELEMENTS (unary_operators); i++)
    {
      if (expr_parser_sees (parser, unary_operators[i].mark) || expr_parser_sees_word (parser, unary_operators[i].mark))
        return parse_operand (parser, unary_operators[i].operation);
    }
  return parse_chain (parser);
}

static int
find_binary (ExprParser *parser)
{
  for (guint i = 0; i < G_N_ELEMENTS (binary_operators); i++)
    {
      if (expr_parser_sees (parser, binary_operators[i].mark) || (binary_operators[i].operation == EXPR_OP_IN && expr_parser_sees_word (parser, "in")))
        return (int) i;
    }
  return -1;
}

static gboolean
mixes_with_coalesce (const ExprNode *node)
{
  return node->kind == EXPR_NODE_LOGICAL && !node->enclosed && (node->operation == EXPR_OP_OR || node->operation == EXPR_OP_AND);
}

/* The two combinations that ECMAScript refuses because people misread them. */
static gboolean
check_operands (ExprParser *parser, const ExprNode *node)
{
  if (node->operation == EXPR_OP_POWER && node->left->kind == EXPR_NODE_UNARY && !node->left->enclosed)
    return expr_lexer_fail (&parser->lexer, node->at, _ ("Put the signed number in front of ** in parentheses"));
  if (node->operation == EXPR_OP_COALESCE && (mixes_with_coalesce (node->left) || mixes_with_coalesce (node->right)))
    return expr_lexer_fail (&parser->lexer, node->at, _ ("Put parentheses where ?? is combined with || or &&"));
  if ((node->operation == EXPR_OP_OR || node->operation == EXPR_OP_AND) && node->left->operation == EXPR_OP_COALESCE && !node->left->enclosed)
    return expr_lexer_fail (&parser->lexer, node->at, _ ("Put parentheses where ?? is combined with || or &&"));
  return TRUE;
}

static ExprNode *
parse_binary (ExprParser *parser, int minimum)
{
  ExprNode *left = parse_unary (parser);
  int found;

  while (left != NULL && (found = find_binary (parser)) >= 0 && binary_operators[found].precedence >= minimum)
    {
      int precedence = binary_operators[found].precedence;
      gboolean logical = precedence <= 3;
      ExprNode *node = expr_parser_new_node (parser, logical ? EXPR_NODE_LOGICAL : EXPR_NODE_BINARY, left->start);

      if (left->kind == EXPR_NODE_LAMBDA && !left->enclosed)
        return expr_parser_fail_here (parser, _ ("the end of the function"));
      node->at = parser->lexer.token.start;
      node->operation = binary_operators[found].operation;
      node->left = left;
      expr_parser_next (parser);
      node->right = expr_parser_enter (parser) ? parse_binary (parser, node->operation == EXPR_OP_POWER ? precedence : precedence + 1) : NULL;
      parser->nesting--;
      if (node->right == NULL || !check_operands (parser, node))
        return NULL;
      left = expr_parser_finish (parser, node, node->right->end);
    }
  return left;
}

static ExprNode *
parse_conditional (ExprParser *parser)
{
  ExprNode *condition = parse_binary (parser, 1);
  ExprNode *node;

  if (condition == NULL || !expr_parser_sees (parser, "?"))
    return condition;

  node = expr_parser_new_node (parser, EXPR_NODE_CONDITIONAL, condition->start);
  expr_parser_next (parser);
  node->left = condition;
  node->right = expr_parser_read_assignment (parser);
  if (node->right == NULL || !expr_parser_expect (parser, ":"))
    return NULL;
  node->other = expr_parser_read_assignment (parser);
  return node->other != NULL ? expr_parser_finish (parser, node, node->other->end) : NULL;
}

static gboolean
sees_assignment (ExprParser *parser)
{
  const ExprToken *token = &parser->lexer.token;

  if (parser->lexer.failed || token->kind != EXPR_TOKEN_MARK)
    return FALSE;
  return strcmp (token->mark, "++") == 0 || strcmp (token->mark, "--") == 0 ||
         (strlen (token->mark) > 1 && g_str_has_suffix (token->mark, "=") && strstr ("=== !== >= <= ==", token->mark) == NULL);
}

ExprNode *
expr_parser_read_assignment (ExprParser *parser)
{
  ExprNode *node = expr_parser_enter (parser) ? parse_conditional (parser) : NULL;

  if (node != NULL && expr_parser_sees (parser, "="))
    node = expr_parser_read_default (parser, node);
  if (sees_assignment (parser))
    {
      expr_lexer_fail (&parser->lexer, parser->lexer.token.start, _ ("An expression cannot change a value"));
      node = NULL;
    }
  parser->nesting--;
  return node;
}

ExprNode *
expr_parser_read_sequence (ExprParser *parser)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  do
    {
      ExprNode *item = expr_parser_read_assignment (parser);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
    }
  while (expr_parser_accept (parser, ","));
  return expr_parser_wrap_items (parser, items);
}

static gboolean
sees_template_end (ExprParser *parser)
{
  const ExprToken *token = &parser->lexer.token;

  return expr_parser_sees (parser, "}") && token->end < parser->lexer.end && parser->lexer.source[token->end] == '}';
}

static gboolean
parse_source (ExprParser *parser, gboolean in_template)
{
  const ExprToken *token = &parser->lexer.token;

  expr_parser_next (parser);
  parser->tree->root = expr_parser_read_sequence (parser);
  if (parser->assigned_at != G_MAXUINT32)
    expr_lexer_fail (&parser->lexer, parser->assigned_at, _ ("An expression cannot change a value; === compares"));
  if (parser->lexer.failed || parser->tree->root == NULL)
    return FALSE;

  parser->tree->end = token->start;
  if (in_template ? !sees_template_end (parser) : token->kind != EXPR_TOKEN_END)
    expr_parser_fail_here (parser, in_template ? "}}" : _ ("the end"));
  return !parser->lexer.failed;
}

gboolean
expr_tree_parse (ExprTree *tree, const char *source, guint32 start, guint32 end, gboolean in_template, GError **error)
{
  ExprParser parser = { .tree = tree, .assigned_at = G_MAXUINT32 };
  gboolean parsed;

  expr_arena_init (&tree->arena);
  tree->patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) expr_regexp_free);
  tree->root = NULL;
  parser.names = g_hash_table_new (g_str_hash, g_str_equal);
  expr_lexer_init (&parser.lexer, source, start, end, error);

  parsed = parse_source (&parser, in_template);

  expr_lexer_clear (&parser.lexer);
  g_hash_table_unref (parser.names);
  if (!parsed)
    expr_tree_clear (tree);
  return parsed;
}

void
expr_tree_clear (ExprTree *tree)
{
  g_ptr_array_unref (tree->patterns);
  expr_arena_clear (&tree->arena);
}
