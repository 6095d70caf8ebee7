/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"
#include "trace/heddle-value-origin.h"

G_BEGIN_DECLS

/*
 * The expression by which the context's node says a value that was seen elsewhere: a neighbour's result, what arrives, the item of the
 * frame around it, an element of what a map gave. NULL with HEDDLE_ERROR_INVALID and the reason when there is none.
 */
char *heddle_value_expression_dup (const HeddleParamContext *context, const HeddleValueOrigin *origin, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
