/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-eval.h"
#include "heddle-expr-parser.h"
#include "value/heddle-json.h"

static const char *const reserved_words[] = {
  "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else",
  "enum", "export", "extends", "finally", "for", "function", "if", "import", "in", "instanceof", "let", "new",
  "return", "super", "switch", "this", "throw", "try", "typeof", "var", "void", "while", "with", "yield", NULL
};

/* The part of an expression that was read as one turns out to be a parameter list: check that it can be. */
static gboolean
check_pattern (ExprParser *parser, const ExprNode *node, gboolean last)
{
  if (node == NULL)
    return TRUE;

  switch (node->kind)
    {
    case EXPR_NODE_NAME:
      return TRUE;
    case EXPR_NODE_ASSIGN:
      return check_pattern (parser, node->left, FALSE);
    case EXPR_NODE_PROPERTY:
      return check_pattern (parser, node->right, FALSE);
    case EXPR_NODE_SPREAD:
      if (!last)
        return expr_lexer_fail (&parser->lexer, node->start, _ ("Only the last parameter can be a rest parameter"));
      return check_pattern (parser, node->left, FALSE);
    case EXPR_NODE_ARRAY:
    case EXPR_NODE_OBJECT:
      for (guint i = 0; i < node->n_items; i++)
        {
          if (!check_pattern (parser, node->items[i], i + 1 == node->n_items))
            return FALSE;
        }
      return TRUE;
    case EXPR_NODE_LITERAL:
    case EXPR_NODE_REGEXP:
    case EXPR_NODE_TEMPLATE:
    case EXPR_NODE_UNARY:
    case EXPR_NODE_BINARY:
    case EXPR_NODE_LOGICAL:
    case EXPR_NODE_CONDITIONAL:
    case EXPR_NODE_MEMBER:
    case EXPR_NODE_INDEX:
    case EXPR_NODE_CALL:
    case EXPR_NODE_CHAIN:
    case EXPR_NODE_LAMBDA:
    case EXPR_NODE_SEQUENCE:
    default:
      return expr_lexer_fail (&parser->lexer, node->start, _ ("This cannot be a parameter of a function"));
    }
}

/* At "=>", with the parameters read. */
static ExprNode *
parse_lambda (ExprParser *parser, GPtrArray *parameters, guint32 start)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_LAMBDA, start);

  for (guint i = 0; i < parameters->len; i++)
    {
      if (!check_pattern (parser, g_ptr_array_index (parameters, i), i + 1 == parameters->len))
        return NULL;
    }
  expr_parser_take_items (parser, node, parameters);

  expr_parser_next (parser);
  if (expr_parser_sees (parser, "{"))
    {
      expr_lexer_fail (&parser->lexer, parser->lexer.token.start, _ ("A function is one expression here; put an object in parentheses: => ({…})"));
      return NULL;
    }
  node->left = expr_parser_read_assignment (parser);
  return node->left != NULL ? expr_parser_finish (parser, node, node->left->end) : NULL;
}

static ExprNode *
parse_spread (ExprParser *parser)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_SPREAD, parser->lexer.token.start);

  expr_parser_next (parser);
  node->left = expr_parser_read_assignment (parser);
  return node->left != NULL ? expr_parser_finish (parser, node, node->left->end) : NULL;
}

/* Elements up to the closing mark, which is consumed; a missing element of an array is NULL. */
gboolean
expr_parser_read_elements (ExprParser *parser, const char *closing, gboolean holes, GPtrArray *items, guint32 *end)
{
  while (!expr_parser_sees (parser, closing))
    {
      ExprNode *item = NULL;

      if (!(holes && expr_parser_sees (parser, ",")))
        {
          item = expr_parser_sees (parser, "...") ? parse_spread (parser) : expr_parser_read_assignment (parser);
          if (item == NULL)
            return FALSE;
        }
      g_ptr_array_add (items, item);
      if (!expr_parser_sees (parser, closing) && !expr_parser_sees (parser, ","))
        {
          expr_parser_fail_here (parser, closing);
          return FALSE;
        }
      expr_parser_accept (parser, ",");
    }
  *end = parser->lexer.token.end;
  return expr_parser_expect (parser, closing);
}

static ExprNode *
parse_array (ExprParser *parser)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_ARRAY, parser->lexer.token.start);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint32 end;

  expr_parser_next (parser);
  if (!expr_parser_read_elements (parser, "]", TRUE, items, &end))
    return NULL;
  expr_parser_take_items (parser, node, items);
  return expr_parser_finish (parser, node, end);
}

static ExprNode *
name_node (ExprParser *parser)
{
  const ExprToken *token = &parser->lexer.token;
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_NAME, token->start);

  node->name = expr_parser_intern (parser, token->text->str);
  return expr_parser_finish (parser, node, token->end);
}

static gboolean
is_reserved (const char *name)
{
  return g_strv_contains (reserved_words, name);
}

/* "= value" behind something that may become a parameter. */
ExprNode *
expr_parser_read_default (ExprParser *parser, ExprNode *target)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_ASSIGN, target->start);

  node->at = parser->lexer.token.start;
  parser->assigned_at = MIN (parser->assigned_at, node->at);
  expr_parser_next (parser);
  node->left = target;
  node->right = expr_parser_read_assignment (parser);
  return node->right != NULL ? expr_parser_finish (parser, node, node->right->end) : NULL;
}

static ExprNode *
parse_shorthand (ExprParser *parser, ExprNode *property, ExprNode *name)
{
  if (name == NULL || is_reserved (name->name))
    return expr_parser_fail_here (parser, ":");
  property->shorthand = TRUE;
  property->right = expr_parser_sees (parser, "=") ? expr_parser_read_default (parser, name) : name;
  return property->right != NULL ? expr_parser_finish (parser, property, property->right->end) : NULL;
}

static gboolean
parse_computed_key (ExprParser *parser, ExprNode *property)
{
  expr_parser_next (parser);
  property->left = expr_parser_read_assignment (parser);
  return property->left != NULL && expr_parser_expect (parser, "]");
}

static ExprNode *
parse_property (ExprParser *parser)
{
  const ExprToken *token = &parser->lexer.token;
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_PROPERTY, token->start);
  ExprNode *name = NULL;

  if (expr_parser_sees (parser, "["))
    {
      if (!parse_computed_key (parser, node))
        return NULL;
    }
  else if (token->kind == EXPR_TOKEN_NAME || token->kind == EXPR_TOKEN_STRING || token->kind == EXPR_TOKEN_NUMBER)
    {
      g_autoptr (GString) key = g_string_new (NULL);

      if (token->kind == EXPR_TOKEN_NUMBER)
        heddle_json_append_number (key, token->number);
      else
        g_string_append_len (key, token->text->str, token->text->len);
      node->value = expr_text_value (expr_parser_new_text (parser, key->str, key->len));
      name = token->kind == EXPR_TOKEN_NAME ? name_node (parser) : NULL;
      expr_parser_next (parser);
    }
  else
    {
      return expr_parser_fail_here (parser, _ ("a member name"));
    }

  if (!expr_parser_sees (parser, ":"))
    return node->left == NULL ? parse_shorthand (parser, node, name) : expr_parser_fail_here (parser, ":");
  expr_parser_next (parser);
  node->right = expr_parser_read_assignment (parser);
  return node->right != NULL ? expr_parser_finish (parser, node, node->right->end) : NULL;
}

static ExprNode *
parse_object (ExprParser *parser)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_OBJECT, parser->lexer.token.start);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint32 end;

  expr_parser_next (parser);
  while (!expr_parser_sees (parser, "}"))
    {
      ExprNode *item = expr_parser_sees (parser, "...") ? parse_spread (parser) : parse_property (parser);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
      if (!expr_parser_sees (parser, ",") && !expr_parser_sees (parser, "}"))
        return expr_parser_fail_here (parser, "}");
      expr_parser_accept (parser, ",");
    }
  end = parser->lexer.token.end;
  expr_parser_next (parser);
  expr_parser_take_items (parser, node, items);
  return expr_parser_finish (parser, node, end);
}

/* One "${ }" of a template literal; the lexer then goes on with the text behind it. */
static gboolean
parse_substitution (ExprParser *parser, GPtrArray *items)
{
  ExprNode *item;

  expr_parser_next (parser);
  item = expr_parser_read_sequence (parser);
  if (item == NULL)
    return FALSE;
  g_ptr_array_add (items, item);
  if (!expr_parser_sees (parser, "}"))
    {
      expr_parser_fail_here (parser, "}");
      return FALSE;
    }
  parser->lexer.position = parser->lexer.token.end;
  return TRUE;
}

static ExprNode *
parse_template (ExprParser *parser)
{
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_TEMPLATE, parser->lexer.token.start);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  gboolean ended = FALSE;

  parser->lexer.position = parser->lexer.token.end;
  while (!ended)
    {
      guint32 start = parser->lexer.position;
      GString *text = parser->lexer.text;

      if (!expr_lexer_read_template (&parser->lexer, &ended))
        return NULL;
      if (text->len > 0)
        g_ptr_array_add (items, expr_parser_new_literal (parser, expr_text_value (expr_parser_new_text (parser, text->str, text->len)), start, parser->lexer.position));
      if (!ended && !parse_substitution (parser, items))
        return NULL;
    }
  expr_parser_take_items (parser, node, items);
  expr_parser_finish (parser, node, parser->lexer.position);
  expr_parser_next (parser);
  return parser->lexer.failed ? NULL : node;
}

static ExprNode *
parse_regexp (ExprParser *parser)
{
  ExprLexer *lexer = &parser->lexer;
  ExprNode *node = expr_parser_new_node (parser, EXPR_NODE_REGEXP, lexer->token.start);
  g_autofree char *flags = NULL;
  g_autofree char *message = NULL;
  ExprRegexp *regexp;
  guint32 pattern_end;

  if (!expr_lexer_read_regexp (lexer, &pattern_end))
    return NULL;
  flags = g_strndup (lexer->source + pattern_end + 1, lexer->position - pattern_end - 1);
  regexp = expr_regexp_compile (lexer->source + node->start + 1, pattern_end - node->start - 1, flags, &message);
  if (regexp == NULL)
    {
      expr_lexer_fail (lexer, node->start, _ ("This regular expression is not valid: %s"), message);
      return NULL;
    }
  g_ptr_array_add (parser->tree->patterns, regexp);
  node->value = (ExprValue){ .type = EXPR_REGEXP, .regexp = regexp };
  expr_parser_finish (parser, node, lexer->position);
  expr_parser_next (parser);
  return lexer->failed ? NULL : node;
}

ExprNode *
expr_parser_wrap_items (ExprParser *parser, GPtrArray *items)
{
  ExprNode *first = g_ptr_array_index (items, 0);
  ExprNode *node;

  if (items->len == 1)
    return first;
  node = expr_parser_new_node (parser, EXPR_NODE_SEQUENCE, first->start);
  expr_parser_take_items (parser, node, items);
  return expr_parser_finish (parser, node, ((ExprNode *) g_ptr_array_index (items, items->len - 1))->end);
}

/* Parentheses or the parameters of a function: only what follows them tells. */
static ExprNode *
parse_parenthesized (ExprParser *parser)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint32 start = parser->lexer.token.start, end, assigned_before = parser->assigned_at;
  ExprNode *node;

  expr_parser_next (parser);
  if (!expr_parser_read_elements (parser, ")", FALSE, items, &end))
    return NULL;
  if (expr_parser_sees (parser, "=>"))
    {
      parser->assigned_at = assigned_before;
      return parse_lambda (parser, items, start);
    }

  if (items->len == 0)
    return expr_parser_fail_here (parser, "=>");
  for (guint i = 0; i < items->len; i++)
    {
      node = g_ptr_array_index (items, i);
      if (node->kind == EXPR_NODE_SPREAD)
        {
          expr_lexer_fail (&parser->lexer, node->start, _ ("“...” belongs into a list, an object or a call"));
          return NULL;
        }
    }
  node = expr_parser_wrap_items (parser, items);
  if (node != NULL)
    {
      node->enclosed = TRUE;
      node->start = start;
      node->end = end;
    }
  return node;
}

static ExprNode *
parse_word (ExprParser *parser)
{
  static const struct
  {
    const char *word;
    ExprValue value;
  } words[] = {
    { "true", { .type = EXPR_BOOLEAN, .boolean = TRUE } },
    { "false", { .type = EXPR_BOOLEAN, .boolean = FALSE } },
    { "null", { .type = EXPR_NULL } },
  };
  ExprToken token = parser->lexer.token;
  ExprNode *node;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (!expr_parser_sees_word (parser, words[i].word))
        continue;
      expr_parser_next (parser);
      return expr_parser_new_literal (parser, words[i].value, token.start, token.end);
    }

  if (is_reserved (token.text->str))
    {
      expr_lexer_fail (&parser->lexer, token.start, _ ("“%s” is not part of an expression"), token.text->str);
      return NULL;
    }

  node = name_node (parser);
  expr_parser_next (parser);
  if (node != NULL && expr_parser_sees (parser, "=>"))
    {
      g_autoptr (GPtrArray) parameters = g_ptr_array_new ();

      g_ptr_array_add (parameters, node);
      return parse_lambda (parser, parameters, node->start);
    }
  return node;
}

ExprNode *
expr_parser_read_primary (ExprParser *parser)
{
  ExprToken token = parser->lexer.token;
  ExprNode *node;

  if (parser->lexer.failed)
    return NULL;

  switch (token.kind)
    {
    case EXPR_TOKEN_NUMBER:
      expr_parser_next (parser);
      return expr_parser_new_literal (parser, expr_number (token.number), token.start, token.end);
    case EXPR_TOKEN_STRING:
      node = expr_parser_new_literal (parser, expr_text_value (expr_parser_new_text (parser, token.text->str, token.text->len)), token.start, token.end);
      expr_parser_next (parser);
      return node;
    case EXPR_TOKEN_NAME:
      return parse_word (parser);
    case EXPR_TOKEN_MARK:
      if (expr_parser_sees (parser, "("))
        return parse_parenthesized (parser);
      if (expr_parser_sees (parser, "["))
        return parse_array (parser);
      if (expr_parser_sees (parser, "{"))
        return parse_object (parser);
      if (expr_parser_sees (parser, "`"))
        return parse_template (parser);
      if (expr_parser_sees (parser, "/") || expr_parser_sees (parser, "/="))
        return parse_regexp (parser);
      return expr_parser_fail_here (parser, _ ("a value"));
    case EXPR_TOKEN_END:
    default:
      return expr_parser_fail_here (parser, _ ("a value"));
    }
}
