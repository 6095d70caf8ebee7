/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-expr-lexer.h"

G_BEGIN_DECLS

typedef struct
{
  ExprLexer lexer;
  ExprTree *tree;
  GHashTable *names; /* interned, so that parameters compare by address */
  guint nesting;
  guint32 assigned_at; /* of the first "=" that is not yet known to be a default, or G_MAXUINT32 */
} ExprParser;

/* Looking at and taking tokens. */
gboolean expr_parser_sees (ExprParser *parser, const char *mark);
gboolean expr_parser_sees_word (ExprParser *parser, const char *word);
void expr_parser_next (ExprParser *parser);
gboolean expr_parser_accept (ExprParser *parser, const char *mark);
gboolean expr_parser_expect (ExprParser *parser, const char *mark);
/* NULL, with the error that says what is missing here. */
ExprNode *expr_parser_fail_here (ExprParser *parser, const char *missing);
/* FALSE, with the error set, when brackets are nested too deeply; the caller counts nesting down. */
gboolean expr_parser_enter (ExprParser *parser);

/* Nodes live in the tree's arena. A node is finished once its children are set. */
const char *expr_parser_intern (ExprParser *parser, const char *name);
ExprNode *expr_parser_new_node (ExprParser *parser, ExprNodeKind kind, guint32 start);
ExprNode *expr_parser_finish (ExprParser *parser, ExprNode *node, guint32 end);
ExprText *expr_parser_new_text (ExprParser *parser, const char *bytes, gsize size);
ExprNode *expr_parser_new_literal (ExprParser *parser, ExprValue value, guint32 start, guint32 end);
void expr_parser_take_items (ExprParser *parser, ExprNode *node, GPtrArray *items);

/* The grammar, from the loosest to the tightest; each returns NULL with the error set. */
ExprNode *expr_parser_read_sequence (ExprParser *parser);
ExprNode *expr_parser_read_assignment (ExprParser *parser);
ExprNode *expr_parser_read_primary (ExprParser *parser);
ExprNode *expr_parser_read_default (ExprParser *parser, ExprNode *target);
gboolean expr_parser_read_elements (ExprParser *parser, const char *closing, gboolean holes, GPtrArray *items, guint32 *end);
ExprNode *expr_parser_wrap_items (ExprParser *parser, GPtrArray *items);

G_END_DECLS
