/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "heddle-expr-eval.h"

G_BEGIN_DECLS

/* Immutable once compiled, so a literal serves every thread. */
struct _ExprRegexp
{
  char *source;
  char *flags;
  gboolean global;
  gboolean sticky;
  guint n_groups; /* with the whole match */
  pcre2_code *code;
  pcre2_match_context *limits;
};

/* One walk over one text. */
typedef struct
{
  ExprEval *eval;
  const ExprRegexp *regexp;
  ExprText *text;
  pcre2_match_data *data;
  gboolean anchored; /* only a match right at the start counts */
  gsize *groups;     /* pairs of byte offsets; G_MAXSIZE where a group did not take part */
} ExprMatcher;

void expr_matcher_init (ExprMatcher *matcher, ExprEval *eval, const ExprRegexp *regexp, ExprText *text);
void expr_matcher_clear (ExprMatcher *matcher);
gboolean expr_matcher_find (ExprMatcher *matcher, gsize from);
gsize expr_matcher_next (const ExprMatcher *matcher); /* where to go on after a match */
ExprValue expr_matcher_group (const ExprMatcher *matcher, guint group);
ExprValue expr_matcher_names (const ExprMatcher *matcher); /* undefined when no group has a name */

G_END_DECLS
