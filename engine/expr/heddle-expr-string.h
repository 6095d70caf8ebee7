/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-expr-eval.h"

G_BEGIN_DECLS

/* The methods of text that take a text or a regular expression. */
ExprValue expr_string_match (ExprEval *eval, const ExprCall *call);
ExprValue expr_string_match_all (ExprEval *eval, const ExprCall *call);
ExprValue expr_string_replace (ExprEval *eval, const ExprCall *call);
ExprValue expr_string_replace_all (ExprEval *eval, const ExprCall *call);
ExprValue expr_string_search (ExprEval *eval, const ExprCall *call);
ExprValue expr_string_split (ExprEval *eval, const ExprCall *call);

G_END_DECLS
