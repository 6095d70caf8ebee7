/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-expr-value.h"
#include "heddle-expr.h"

G_BEGIN_DECLS

typedef enum
{
  EXPR_NODE_LITERAL,
  EXPR_NODE_REGEXP,
  EXPR_NODE_NAME,        /* name; "$router" keeps its '$' */
  EXPR_NODE_ARRAY,       /* items; NULL is a hole */
  EXPR_NODE_OBJECT,      /* items: PROPERTY or SPREAD */
  EXPR_NODE_PROPERTY,    /* key: value.text, or left when computed; right: the value */
  EXPR_NODE_TEMPLATE,    /* items */
  EXPR_NODE_SPREAD,      /* left */
  EXPR_NODE_UNARY,       /* operation left */
  EXPR_NODE_BINARY,      /* left operation right */
  EXPR_NODE_LOGICAL,     /* left operation right; right only when needed */
  EXPR_NODE_CONDITIONAL, /* left ? right : other */
  EXPR_NODE_MEMBER,      /* left.value */
  EXPR_NODE_INDEX,       /* left[right] */
  EXPR_NODE_CALL,        /* left (items) */
  EXPR_NODE_CHAIN,       /* left, where ?. stops */
  EXPR_NODE_LAMBDA,      /* items => left */
  EXPR_NODE_SEQUENCE,    /* items */
  EXPR_NODE_ASSIGN,      /* left = right: only as the default of a parameter */
} ExprNodeKind;

typedef enum
{
  EXPR_OP_NONE,
  EXPR_OP_COALESCE,
  EXPR_OP_OR,
  EXPR_OP_AND,
  EXPR_OP_BIT_OR,
  EXPR_OP_BIT_XOR,
  EXPR_OP_BIT_AND,
  EXPR_OP_EQUAL,
  EXPR_OP_NOT_EQUAL,
  EXPR_OP_SAME,
  EXPR_OP_NOT_SAME,
  EXPR_OP_LESS,
  EXPR_OP_GREATER,
  EXPR_OP_LESS_EQUAL,
  EXPR_OP_GREATER_EQUAL,
  EXPR_OP_IN,
  EXPR_OP_SHIFT_LEFT,
  EXPR_OP_SHIFT_RIGHT,
  EXPR_OP_SHIFT_RIGHT_UNSIGNED,
  EXPR_OP_ADD,
  EXPR_OP_SUBTRACT,
  EXPR_OP_MULTIPLY,
  EXPR_OP_DIVIDE,
  EXPR_OP_REMAINDER,
  EXPR_OP_POWER,
  EXPR_OP_NOT,
  EXPR_OP_BIT_NOT,
  EXPR_OP_MINUS,
  EXPR_OP_PLUS,
  EXPR_OP_TYPEOF,
  EXPR_OP_VOID,
} ExprOperator;

/* Spans are byte offsets into the source; at is where an error about the operation itself points. */
struct _ExprNode
{
  ExprNodeKind kind;
  ExprOperator operation;
  gboolean optional;  /* ?. */
  gboolean enclosed;  /* stood in parentheses */
  gboolean shorthand; /* {a} */
  guint height;
  guint32 start;
  guint32 end;
  guint32 at;
  const char *name;
  ExprValue value;
  ExprNode *left;
  ExprNode *right;
  ExprNode *other;
  ExprNode **items;
  guint n_items;
};

/* A parsed source, or one {{ }} of a template. Owns its regular expressions. */
typedef struct
{
  ExprNode *root;
  guint32 end; /* where parsing stopped */
  ExprArena arena;
  GPtrArray *patterns;
} ExprTree;

/*
 * Parses source[start, end). in_template: the expression ends before "}}" and tree->end is there.
 * The tree must not move afterwards. Errors as heddle_expr_compile has them.
 */
gboolean expr_tree_parse (ExprTree *tree, const char *source, guint32 start, guint32 end, gboolean in_template, GError **error);
void expr_tree_clear (ExprTree *tree);

/* " (column N)", with the line when there are several. */
char *expr_describe_place (const char *source, guint32 offset);

G_END_DECLS
