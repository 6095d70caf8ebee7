/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-trace.h"

G_BEGIN_DECLS

/* How figures of a run are written everywhere, in the window and on the command line. All translated, transfer full. */
char *heddle_format_duration (gint64 microseconds) G_GNUC_WARN_UNUSED_RESULT; /* "390 ms", "2.31 s", "1:05 min" */
/* One line without control characters, cut to a number of characters. */
char *heddle_format_line (const char *text, guint width) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_format_tokens (gint64 tokens, gboolean estimated) G_GNUC_WARN_UNUSED_RESULT; /* "≈ 214 tokens" */
char *heddle_format_span_tokens (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;             /* NULL when it used none */
/* "$0.0042", see heddle_money_format; NULL when it used no tokens. */
char *heddle_format_span_cost (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_format_span_usage (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT; /* "214 tokens · $0.0042"; NULL when it used none */
/* How long it took, or so far with now (µs since run start). -1 start: NULL. */
char *heddle_format_span_duration (HeddleSpan *span, gint64 now) G_GNUC_WARN_UNUSED_RESULT;
/* That the limits of the provider hold it back, or did; NULL: they did not. */
const char *heddle_format_span_waiting (HeddleSpan *span);
/* Of the node of a container: "12 of 50 · 1 failed"; NULL when it is none or has no items. */
char *heddle_format_span_progress (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;
/* A sentence about the items that are not listed; NULL when all are. */
char *heddle_format_span_folded (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;
/* Where a result that was not made comes from: "from the run 01J…"; NULL: it was made. */
char *heddle_format_span_source (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;
/* One short fact beside the bar: the branch, the passages found, the tokens. NULL when there is none. */
char *heddle_format_span_note (HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
