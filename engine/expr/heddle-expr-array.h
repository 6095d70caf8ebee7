/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-expr-eval.h"

G_BEGIN_DECLS

/* The methods of lists that call back. */
ExprValue expr_array_every (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_filter (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_find (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_find_index (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_find_last (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_find_last_index (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_flat_map (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_for_each (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_map (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_reduce (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_reduce_right (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_some (ExprEval *eval, const ExprCall *call);
ExprValue expr_array_sort (ExprEval *eval, const ExprCall *call);

G_END_DECLS
