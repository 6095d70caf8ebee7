/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-expr-node.h"

G_BEGIN_DECLS

typedef enum
{
  EXPR_TOKEN_END,
  EXPR_TOKEN_NUMBER,
  EXPR_TOKEN_STRING,
  EXPR_TOKEN_NAME,
  EXPR_TOKEN_MARK,
} ExprTokenKind;

typedef struct
{
  ExprTokenKind kind;
  guint32 start;
  guint32 end;
  const char *mark; /* of the static table */
  double number;
  GString *text; /* the name or the unescaped string; the lexer's, valid until the next token */
} ExprToken;

typedef struct
{
  const char *source;
  guint32 position;
  guint32 end;
  ExprToken token;
  GString *text;
  GError **error;
  gboolean failed;
} ExprLexer;

void expr_lexer_init (ExprLexer *lexer, const char *source, guint32 start, guint32 end, GError **error);
void expr_lexer_clear (ExprLexer *lexer);

/* Each returns FALSE with the error set when the text there is not part of the language. */
gboolean expr_lexer_next (ExprLexer *lexer);
/* From a "/" token: leaves pattern and flags as byte spans and stands behind them. */
gboolean expr_lexer_read_regexp (ExprLexer *lexer, guint32 *pattern_end);
/* From position, inside backquotes: the text up to "${" or "`" is in lexer->text and position behind that. */
gboolean expr_lexer_read_template (ExprLexer *lexer, gboolean *ended);

gboolean expr_lexer_fail (ExprLexer *lexer, guint32 at, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
