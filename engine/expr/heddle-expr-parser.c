/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-eval.h"
#include "heddle-expr-lexer.h"
#include "value/heddle-json.h"

#define MAX_NESTING 200 /* brackets within brackets; keeps the parser's own stack small */

typedef struct
{
  ExprLexer lexer;
  ExprTree *tree;
  GHashTable *names; /* interned, so that parameters compare by address */
  guint nesting;
  guint32 assigned_at; /* of the first "=" that is not yet known to be a default, or G_MAXUINT32 */
} Parser;

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

static const char *const reserved_words[] = {
  "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else",
  "enum", "export", "extends", "finally", "for", "function", "if", "import", "in", "instanceof", "let", "new",
  "return", "super", "switch", "this", "throw", "try", "typeof", "var", "void", "while", "with", "yield", NULL
};

static ExprNode *parse_assignment (Parser *parser);
static ExprNode *parse_sequence (Parser *parser);
static ExprNode *parse_unary (Parser *parser);

static gboolean
sees (Parser *parser, const char *mark)
{
  const ExprToken *token = &parser->lexer.token;

  return !parser->lexer.failed && token->kind == EXPR_TOKEN_MARK && strcmp (token->mark, mark) == 0;
}

static gboolean
sees_word (Parser *parser, const char *word)
{
  const ExprToken *token = &parser->lexer.token;

  return !parser->lexer.failed && token->kind == EXPR_TOKEN_NAME && strcmp (token->text->str, word) == 0;
}

static void
next (Parser *parser)
{
  expr_lexer_next (&parser->lexer);
}

static ExprNode *
fail_here (Parser *parser, const char *missing)
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

static gboolean
expect (Parser *parser, const char *mark)
{
  if (!sees (parser, mark))
    {
      fail_here (parser, mark);
      return FALSE;
    }
  next (parser);
  return !parser->lexer.failed;
}

static gboolean
accept (Parser *parser, const char *mark)
{
  if (!sees (parser, mark))
    return FALSE;
  next (parser);
  return TRUE;
}

static const char *
intern (Parser *parser, const char *name)
{
  const char *known = g_hash_table_lookup (parser->names, name);

  if (known == NULL)
    {
      known = expr_arena_copy (&parser->tree->arena, name, strlen (name));
      g_hash_table_add (parser->names, (gpointer) known);
    }
  return known;
}

static ExprNode *
node_new (Parser *parser, ExprNodeKind kind, guint32 start)
{
  ExprNode *node = expr_arena_alloc0 (&parser->tree->arena, sizeof (ExprNode));

  node->kind = kind;
  node->start = start;
  node->at = start;
  return node;
}

/* Everything that walks a tree recurses, so its height is bounded here, once. */
static ExprNode *
finish (Parser *parser, ExprNode *node, guint32 end)
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

static ExprText *
text_new (Parser *parser, const char *bytes, gsize size)
{
  ExprText *text = expr_arena_alloc0 (&parser->tree->arena, sizeof (ExprText));

  text->bytes = expr_arena_copy (&parser->tree->arena, bytes, size);
  text->size = size;
  text->length = g_utf8_strlen (text->bytes, size);
  return text;
}

static ExprNode *
literal_new (Parser *parser, ExprValue value, guint32 start, guint32 end)
{
  ExprNode *node = node_new (parser, EXPR_NODE_LITERAL, start);

  node->value = value;
  return finish (parser, node, end);
}

static void
take_items (Parser *parser, ExprNode *node, GPtrArray *items)
{
  node->n_items = items->len;
  node->items = expr_arena_alloc (&parser->tree->arena, MAX (items->len, 1) * sizeof (ExprNode *));
  if (items->len > 0)
    memcpy (node->items, items->pdata, items->len * sizeof (ExprNode *));
}

static gboolean
enter (Parser *parser)
{
  if (++parser->nesting <= MAX_NESTING)
    return TRUE;
  return expr_lexer_fail (&parser->lexer, parser->lexer.token.start, _ ("The expression is nested too deeply"));
}

/* The part of an expression that was read as one turns out to be a parameter list: check that it can be. */
static gboolean
check_pattern (Parser *parser, const ExprNode *node, gboolean last)
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
parse_lambda (Parser *parser, GPtrArray *parameters, guint32 start)
{
  ExprNode *node = node_new (parser, EXPR_NODE_LAMBDA, start);

  for (guint i = 0; i < parameters->len; i++)
    {
      if (!check_pattern (parser, g_ptr_array_index (parameters, i), i + 1 == parameters->len))
        return NULL;
    }
  take_items (parser, node, parameters);

  next (parser);
  if (sees (parser, "{"))
    {
      expr_lexer_fail (&parser->lexer, parser->lexer.token.start, _ ("A function is one expression here; put an object in parentheses: => ({…})"));
      return NULL;
    }
  node->left = parse_assignment (parser);
  return node->left != NULL ? finish (parser, node, node->left->end) : NULL;
}

static ExprNode *
parse_spread (Parser *parser)
{
  ExprNode *node = node_new (parser, EXPR_NODE_SPREAD, parser->lexer.token.start);

  next (parser);
  node->left = parse_assignment (parser);
  return node->left != NULL ? finish (parser, node, node->left->end) : NULL;
}

/* Elements up to the closing mark, which is consumed; a missing element of an array is NULL. */
static gboolean
parse_elements (Parser *parser, const char *closing, gboolean holes, GPtrArray *items, guint32 *end)
{
  while (!sees (parser, closing))
    {
      ExprNode *item = NULL;

      if (!(holes && sees (parser, ",")))
        {
          item = sees (parser, "...") ? parse_spread (parser) : parse_assignment (parser);
          if (item == NULL)
            return FALSE;
        }
      g_ptr_array_add (items, item);
      if (!sees (parser, closing) && !sees (parser, ","))
        {
          fail_here (parser, closing);
          return FALSE;
        }
      accept (parser, ",");
    }
  *end = parser->lexer.token.end;
  return expect (parser, closing);
}

static ExprNode *
parse_array (Parser *parser)
{
  ExprNode *node = node_new (parser, EXPR_NODE_ARRAY, parser->lexer.token.start);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint32 end;

  next (parser);
  if (!parse_elements (parser, "]", TRUE, items, &end))
    return NULL;
  take_items (parser, node, items);
  return finish (parser, node, end);
}

static ExprNode *
name_node (Parser *parser)
{
  const ExprToken *token = &parser->lexer.token;
  ExprNode *node = node_new (parser, EXPR_NODE_NAME, token->start);

  node->name = intern (parser, token->text->str);
  return finish (parser, node, token->end);
}

static gboolean
is_reserved (const char *name)
{
  return g_strv_contains (reserved_words, name);
}

/* "= value" behind something that may become a parameter. */
static ExprNode *
parse_default (Parser *parser, ExprNode *target)
{
  ExprNode *node = node_new (parser, EXPR_NODE_ASSIGN, target->start);

  node->at = parser->lexer.token.start;
  parser->assigned_at = MIN (parser->assigned_at, node->at);
  next (parser);
  node->left = target;
  node->right = parse_assignment (parser);
  return node->right != NULL ? finish (parser, node, node->right->end) : NULL;
}

static ExprNode *
parse_shorthand (Parser *parser, ExprNode *property, ExprNode *name)
{
  if (name == NULL || is_reserved (name->name))
    return fail_here (parser, ":");
  property->shorthand = TRUE;
  property->right = sees (parser, "=") ? parse_default (parser, name) : name;
  return property->right != NULL ? finish (parser, property, property->right->end) : NULL;
}

static gboolean
parse_computed_key (Parser *parser, ExprNode *property)
{
  next (parser);
  property->left = parse_assignment (parser);
  return property->left != NULL && expect (parser, "]");
}

static ExprNode *
parse_property (Parser *parser)
{
  const ExprToken *token = &parser->lexer.token;
  ExprNode *node = node_new (parser, EXPR_NODE_PROPERTY, token->start);
  ExprNode *name = NULL;

  if (sees (parser, "["))
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
      node->value = expr_text_value (text_new (parser, key->str, key->len));
      name = token->kind == EXPR_TOKEN_NAME ? name_node (parser) : NULL;
      next (parser);
    }
  else
    {
      return fail_here (parser, _ ("a member name"));
    }

  if (!sees (parser, ":"))
    return node->left == NULL ? parse_shorthand (parser, node, name) : fail_here (parser, ":");
  next (parser);
  node->right = parse_assignment (parser);
  return node->right != NULL ? finish (parser, node, node->right->end) : NULL;
}

static ExprNode *
parse_object (Parser *parser)
{
  ExprNode *node = node_new (parser, EXPR_NODE_OBJECT, parser->lexer.token.start);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint32 end;

  next (parser);
  while (!sees (parser, "}"))
    {
      ExprNode *item = sees (parser, "...") ? parse_spread (parser) : parse_property (parser);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
      if (!sees (parser, ",") && !sees (parser, "}"))
        return fail_here (parser, "}");
      accept (parser, ",");
    }
  end = parser->lexer.token.end;
  next (parser);
  take_items (parser, node, items);
  return finish (parser, node, end);
}

/* One "${ }" of a template literal; the lexer then goes on with the text behind it. */
static gboolean
parse_substitution (Parser *parser, GPtrArray *items)
{
  ExprNode *item;

  next (parser);
  item = parse_sequence (parser);
  if (item == NULL)
    return FALSE;
  g_ptr_array_add (items, item);
  if (!sees (parser, "}"))
    {
      fail_here (parser, "}");
      return FALSE;
    }
  parser->lexer.position = parser->lexer.token.end;
  return TRUE;
}

static ExprNode *
parse_template (Parser *parser)
{
  ExprNode *node = node_new (parser, EXPR_NODE_TEMPLATE, parser->lexer.token.start);
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
        g_ptr_array_add (items, literal_new (parser, expr_text_value (text_new (parser, text->str, text->len)), start, parser->lexer.position));
      if (!ended && !parse_substitution (parser, items))
        return NULL;
    }
  take_items (parser, node, items);
  finish (parser, node, parser->lexer.position);
  next (parser);
  return parser->lexer.failed ? NULL : node;
}

static ExprNode *
parse_regexp (Parser *parser)
{
  ExprLexer *lexer = &parser->lexer;
  ExprNode *node = node_new (parser, EXPR_NODE_REGEXP, lexer->token.start);
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
  finish (parser, node, lexer->position);
  next (parser);
  return lexer->failed ? NULL : node;
}

static ExprNode *
wrap_items (Parser *parser, GPtrArray *items)
{
  ExprNode *first = g_ptr_array_index (items, 0);
  ExprNode *node;

  if (items->len == 1)
    return first;
  node = node_new (parser, EXPR_NODE_SEQUENCE, first->start);
  take_items (parser, node, items);
  return finish (parser, node, ((ExprNode *) g_ptr_array_index (items, items->len - 1))->end);
}

/* Parentheses or the parameters of a function: only what follows them tells. */
static ExprNode *
parse_parenthesized (Parser *parser)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint32 start = parser->lexer.token.start, end, assigned_before = parser->assigned_at;
  ExprNode *node;

  next (parser);
  if (!parse_elements (parser, ")", FALSE, items, &end))
    return NULL;
  if (sees (parser, "=>"))
    {
      parser->assigned_at = assigned_before;
      return parse_lambda (parser, items, start);
    }

  if (items->len == 0)
    return fail_here (parser, "=>");
  for (guint i = 0; i < items->len; i++)
    {
      node = g_ptr_array_index (items, i);
      if (node->kind == EXPR_NODE_SPREAD)
        {
          expr_lexer_fail (&parser->lexer, node->start, _ ("“...” belongs into a list, an object or a call"));
          return NULL;
        }
    }
  node = wrap_items (parser, items);
  if (node != NULL)
    {
      node->enclosed = TRUE;
      node->start = start;
      node->end = end;
    }
  return node;
}

static ExprNode *
parse_word (Parser *parser)
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
      if (!sees_word (parser, words[i].word))
        continue;
      next (parser);
      return literal_new (parser, words[i].value, token.start, token.end);
    }

  if (is_reserved (token.text->str))
    {
      expr_lexer_fail (&parser->lexer, token.start, _ ("“%s” is not part of an expression"), token.text->str);
      return NULL;
    }

  node = name_node (parser);
  next (parser);
  if (node != NULL && sees (parser, "=>"))
    {
      g_autoptr (GPtrArray) parameters = g_ptr_array_new ();

      g_ptr_array_add (parameters, node);
      return parse_lambda (parser, parameters, node->start);
    }
  return node;
}

static ExprNode *
parse_primary (Parser *parser)
{
  ExprToken token = parser->lexer.token;
  ExprNode *node;

  if (parser->lexer.failed)
    return NULL;

  switch (token.kind)
    {
    case EXPR_TOKEN_NUMBER:
      next (parser);
      return literal_new (parser, expr_number (token.number), token.start, token.end);
    case EXPR_TOKEN_STRING:
      node = literal_new (parser, expr_text_value (text_new (parser, token.text->str, token.text->len)), token.start, token.end);
      next (parser);
      return node;
    case EXPR_TOKEN_NAME:
      return parse_word (parser);
    case EXPR_TOKEN_MARK:
      if (sees (parser, "("))
        return parse_parenthesized (parser);
      if (sees (parser, "["))
        return parse_array (parser);
      if (sees (parser, "{"))
        return parse_object (parser);
      if (sees (parser, "`"))
        return parse_template (parser);
      if (sees (parser, "/") || sees (parser, "/="))
        return parse_regexp (parser);
      return fail_here (parser, _ ("a value"));
    case EXPR_TOKEN_END:
    default:
      return fail_here (parser, _ ("a value"));
    }
}

static ExprNode *
parse_call (Parser *parser, ExprNode *callee, guint32 at)
{
  ExprNode *node = node_new (parser, EXPR_NODE_CALL, callee->start);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint32 end, assigned_before = parser->assigned_at;

  node->at = at;
  node->left = callee;
  next (parser);
  if (!parse_elements (parser, ")", FALSE, items, &end))
    return NULL;
  if (parser->assigned_at != assigned_before)
    return NULL;
  take_items (parser, node, items);
  return finish (parser, node, end);
}

static ExprNode *
parse_index (Parser *parser, ExprNode *base, guint32 at)
{
  ExprNode *node = node_new (parser, EXPR_NODE_INDEX, base->start);
  guint32 end;

  node->at = at;
  node->left = base;
  next (parser);
  node->right = parse_sequence (parser);
  end = parser->lexer.token.end;
  if (node->right == NULL || !expect (parser, "]"))
    return NULL;
  return finish (parser, node, end);
}

static ExprNode *
parse_member (Parser *parser, ExprNode *base, guint32 at)
{
  const ExprToken *token = &parser->lexer.token;
  ExprNode *node = node_new (parser, EXPR_NODE_MEMBER, base->start);

  if (parser->lexer.failed || token->kind != EXPR_TOKEN_NAME)
    return fail_here (parser, _ ("a member name"));
  node->at = at;
  node->left = base;
  node->value = expr_text_value (text_new (parser, token->text->str, token->text->len));
  node->name = node->value.text->bytes;
  finish (parser, node, token->end);
  next (parser);
  return parser->lexer.failed ? NULL : node;
}

/* One step of a chain, or node itself when there is none. */
static ExprNode *
parse_step (Parser *parser, ExprNode *node)
{
  guint32 at = parser->lexer.token.start;
  gboolean optional = accept (parser, "?.");
  ExprNode *step;

  if (sees (parser, "("))
    step = parse_call (parser, node, at);
  else if (sees (parser, "["))
    step = parse_index (parser, node, at);
  else if (optional || accept (parser, "."))
    step = parse_member (parser, node, at);
  else
    return node;
  if (step != NULL)
    step->optional = optional;
  return step;
}

static ExprNode *
parse_chain (Parser *parser)
{
  ExprNode *node = parse_primary (parser);
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

  chain = node_new (parser, EXPR_NODE_CHAIN, node->start);
  chain->left = node;
  return finish (parser, chain, node->end);
}

static ExprNode *
parse_operand (Parser *parser, ExprOperator operation)
{
  ExprNode *node = node_new (parser, EXPR_NODE_UNARY, parser->lexer.token.start);

  next (parser);
  node->operation = operation;
  node->left = enter (parser) ? parse_unary (parser) : NULL;
  parser->nesting--;
  return node->left != NULL ? finish (parser, node, node->left->end) : NULL;
}

static ExprNode *
parse_unary (Parser *parser)
{
  for (guint i = 0; i < G_N_ELEMENTS (unary_operators); i++)
    {
      if (sees (parser, unary_operators[i].mark) || sees_word (parser, unary_operators[i].mark))
        return parse_operand (parser, unary_operators[i].operation);
    }
  return parse_chain (parser);
}

static int
find_binary (Parser *parser)
{
  for (guint i = 0; i < G_N_ELEMENTS (binary_operators); i++)
    {
      if (sees (parser, binary_operators[i].mark) || (binary_operators[i].operation == EXPR_OP_IN && sees_word (parser, "in")))
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
check_operands (Parser *parser, const ExprNode *node)
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
parse_binary (Parser *parser, int minimum)
{
  ExprNode *left = parse_unary (parser);
  int found;

  while (left != NULL && (found = find_binary (parser)) >= 0 && binary_operators[found].precedence >= minimum)
    {
      int precedence = binary_operators[found].precedence;
      gboolean logical = precedence <= 3;
      ExprNode *node = node_new (parser, logical ? EXPR_NODE_LOGICAL : EXPR_NODE_BINARY, left->start);

      if (left->kind == EXPR_NODE_LAMBDA && !left->enclosed)
        return fail_here (parser, _ ("the end of the function"));
      node->at = parser->lexer.token.start;
      node->operation = binary_operators[found].operation;
      node->left = left;
      next (parser);
      node->right = enter (parser) ? parse_binary (parser, node->operation == EXPR_OP_POWER ? precedence : precedence + 1) : NULL;
      parser->nesting--;
      if (node->right == NULL || !check_operands (parser, node))
        return NULL;
      left = finish (parser, node, node->right->end);
    }
  return left;
}

static ExprNode *
parse_conditional (Parser *parser)
{
  ExprNode *condition = parse_binary (parser, 1);
  ExprNode *node;

  if (condition == NULL || !sees (parser, "?"))
    return condition;

  node = node_new (parser, EXPR_NODE_CONDITIONAL, condition->start);
  next (parser);
  node->left = condition;
  node->right = parse_assignment (parser);
  if (node->right == NULL || !expect (parser, ":"))
    return NULL;
  node->other = parse_assignment (parser);
  return node->other != NULL ? finish (parser, node, node->other->end) : NULL;
}

static gboolean
sees_assignment (Parser *parser)
{
  const ExprToken *token = &parser->lexer.token;

  if (parser->lexer.failed || token->kind != EXPR_TOKEN_MARK)
    return FALSE;
  return strcmp (token->mark, "++") == 0 || strcmp (token->mark, "--") == 0 ||
         (strlen (token->mark) > 1 && g_str_has_suffix (token->mark, "=") && strstr ("=== !== >= <= ==", token->mark) == NULL);
}

static ExprNode *
parse_assignment (Parser *parser)
{
  ExprNode *node = enter (parser) ? parse_conditional (parser) : NULL;

  if (node != NULL && sees (parser, "="))
    node = parse_default (parser, node);
  if (sees_assignment (parser))
    {
      expr_lexer_fail (&parser->lexer, parser->lexer.token.start, _ ("An expression cannot change a value"));
      node = NULL;
    }
  parser->nesting--;
  return node;
}

static ExprNode *
parse_sequence (Parser *parser)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  do
    {
      ExprNode *item = parse_assignment (parser);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
    }
  while (accept (parser, ","));
  return wrap_items (parser, items);
}

static gboolean
sees_template_end (Parser *parser)
{
  const ExprToken *token = &parser->lexer.token;

  return sees (parser, "}") && token->end < parser->lexer.end && parser->lexer.source[token->end] == '}';
}

static gboolean
parse_source (Parser *parser, gboolean in_template)
{
  const ExprToken *token = &parser->lexer.token;

  next (parser);
  parser->tree->root = parse_sequence (parser);
  if (parser->assigned_at != G_MAXUINT32)
    expr_lexer_fail (&parser->lexer, parser->assigned_at, _ ("An expression cannot change a value; === compares"));
  if (parser->lexer.failed || parser->tree->root == NULL)
    return FALSE;

  parser->tree->end = token->start;
  if (in_template ? !sees_template_end (parser) : token->kind != EXPR_TOKEN_END)
    fail_here (parser, in_template ? "}}" : _ ("the end"));
  return !parser->lexer.failed;
}

gboolean
expr_tree_parse (ExprTree *tree, const char *source, guint32 start, guint32 end, gboolean in_template, GError **error)
{
  Parser parser = { .tree = tree, .assigned_at = G_MAXUINT32 };
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
