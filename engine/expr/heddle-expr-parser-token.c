/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-eval.h"

#define MAX_NESTING 200 /* brackets within brackets; keeps the parser's own stack small */

gboolean
expr_parser_sees (ExprParser *parser, const char *mark)
{
  const ExprToken *token = &parser->lexer.token;

  return !parser->lexer.failed && token->kind == EXPR_TOKEN_MARK && strcmp (token->mark, mark) == 0;
}

gboolean
expr_parser_sees_word (ExprParser *parser, const char *word)
{
  const ExprToken *token = &parser->lexer.token;

  return !parser->lexer.failed && token->kind == EXPR_TOKEN_NAME && strcmp (token->text->str, word) == 0;
}

void
expr_parser_next (ExprParser *parser)
{
  expr_lexer_next (&parser->lexer);
}

ExprNode *
expr_parser_fail_here (ExprParser *parser, const char *missing)
{
  const ExprToken *token = &parser->lexer.token;
  ExprLexer *lexer = &parser->lexer;

  if (lexer->failed)
    return NULL;
  if (token->kind == EXPR_TOKEN_END)
    expr_lexer_fail (lexer, token->start, _ ("The expression ends where %s is expected"), missing);
  else
    expr_lexer_fail (lexer, token->start, _ ("“%.*s” stands where %s is expected"), (int) MIN (token->end - token->start, 40),
                     lexer->source + token->start, missing);
  return NULL;
}

gboolean
expr_parser_expect (ExprParser *parser, const char *mark)
{
  if (!expr_parser_sees (parser, mark))
    {
      expr_parser_fail_here (parser, mark);
      return FALSE;
    }
  expr_parser_next (parser);
  return !parser->lexer.failed;
}

gboolean
expr_parser_accept (ExprParser *parser, const char *mark)
{
  if (!expr_parser_sees (parser, mark))
    return FALSE;
  expr_parser_next (parser);
  return TRUE;
}

const char *
expr_parser_intern (ExprParser *parser, const char *name)
{
  const char *known = g_hash_table_lookup (parser->names, name);

  if (known == NULL)
    {
      known = expr_arena_copy (&parser->tree->arena, name, strlen (name));
      g_hash_table_add (parser->names, (gpointer) known);
    }
  return known;
}

ExprNode *
expr_parser_new_node (ExprParser *parser, ExprNodeKind kind, guint32 start)
{
  ExprNode *node = expr_arena_alloc0 (&parser->tree->arena, sizeof (ExprNode));

  node->kind = kind;
  node->start = start;
  node->at = start;
  return node;
}

/* Everything that walks a tree recurses, so its height is bounded here, once. */
ExprNode *
expr_parser_finish (ExprParser *parser, ExprNode *node, guint32 end)
{
  const ExprNode *children[] = { node->left, node->right, node->other };
  guint height = 0;

  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    height = children[i] != NULL ? MAX (height, children[i]->height) : height;
  for (guint i = 0; i < node->n_items; i++)
    height = node->items[i] != NULL ? MAX (height, node->items[i]->height) : height;

  node->height = height + 1;
  node->end = end;
  if (node->height < EXPR_MAX_DEPTH)
    return node;
  expr_lexer_fail (&parser->lexer, node->at, _ ("The expression is nested too deeply"));
  return NULL;
}

ExprText *
expr_parser_new_text (ExprParser *parser, const char *bytes, gsize size)
{
  ExprText *text = expr_arena_alloc0 (&parser->tree->arena, sizeof (ExprText));

  text->bytes = expr_arena_copy (&parser->tree->arena, bytes, size);
  text->size = size;
  text->length = g_utf8_strlen (text->bytes, size);
  return text;
}

ExprNode *
expr_parser_new_literal (ExprParser *parser, ExprValue value, guint32 start, guint32 end)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_LITERAL, start);

  node->value = value;
  return expr_parser_finish (parser, node, end);
}

void
expr_parser_take_items (ExprParser *parser, ExprNode *node, GPtrArray *items)
{
  node->n_items = items->len;
  node->items = expr_arena_alloc (&parser->tree->arena, MAX (items->len, 1) * sizeof (ExprNode *));
  if (items->len > 0)
    memcpy (node->items, items->pdata, items->len * sizeof (ExprNode *));
}

gboolean
expr_parser_enter (ExprParser *parser)
{
  if (++parser->nesting <= MAX_NESTING)
    return TRUE;
  return expr_lexer_fail (&parser->lexer, parser->lexer.token.start, _ ("The expression is nested too deeply"));
}
