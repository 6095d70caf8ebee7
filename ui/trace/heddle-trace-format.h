/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* How figures of a run are written everywhere in the window. All translated, transfer full. */
char *heddle_format_duration (gint64 microseconds) G_GNUC_WARN_UNUSED_RESULT;             /* "390 ms", "2.31 s", "1:05 min" */
char *heddle_format_tokens (gint64 tokens, gboolean estimated) G_GNUC_WARN_UNUSED_RESULT; /* "≈ 214 tokens" */
char *heddle_format_span_tokens (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;             /* NULL when it used none */
/* How long it took, or so far with now (µs since run start). -1 start: NULL. */
char *heddle_format_span_duration (HeddleSpan *span, gint64 now) G_GNUC_WARN_UNUSED_RESULT;
/* One short fact beside the bar: the branch, the passages found, the tokens. NULL when there is none. */
char *heddle_format_span_note (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;
/* Name of the symbolic icon of a span's state. */
const char *heddle_span_state_get_icon (HeddleSpanState state);
/* CSS class for the state: "success", "error", "warning", "accent", "dim-label". */
const char *heddle_span_state_get_class (HeddleSpanState state);
/* CSS class of the span's type or kind: "category-models" …. */
char *heddle_span_dup_category_class (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
