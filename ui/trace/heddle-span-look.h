/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* How a span looks wherever it is shown. */

/* Name of the symbolic icon of a span's state. */
const char *heddle_span_state_get_icon (HeddleSpanState state);
/* CSS class for the state: "success", "error", "warning", "accent", "dim-label". */
const char *heddle_span_state_get_class (HeddleSpanState state);
/* CSS class of the span's type or kind: "category-models" …. */
char *heddle_span_dup_category_class (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
