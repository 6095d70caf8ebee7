/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The spans of a trace that people see: what is inside of a folded one is hidden, and on demand every item that did not fail. Items of
 * containers are folded at first, everything else is not.
 *
 * Signal "changed": what is folded, or what could be, is not what it was.
 */
#define HEDDLE_TYPE_SPAN_ROWS (heddle_span_rows_get_type ())
G_DECLARE_FINAL_TYPE (HeddleSpanRows, heddle_span_rows, HEDDLE, SPAN_ROWS, GObject)

HeddleSpanRows *heddle_span_rows_new (void) G_GNUC_WARN_UNUSED_RESULT;
GListModel *heddle_span_rows_get_model (HeddleSpanRows *self); /* of HeddleSpan; borrowed */
void heddle_span_rows_set_trace (HeddleSpanRows *self, HeddleTrace *trace);
gboolean heddle_span_rows_is_foldable (HeddleSpanRows *self, HeddleSpan *span);
gboolean heddle_span_rows_is_folded (HeddleSpanRows *self, HeddleSpan *span);
void heddle_span_rows_set_folded (HeddleSpanRows *self, HeddleSpan *span, gboolean folded);
void heddle_span_rows_set_only_failed (HeddleSpanRows *self, gboolean only_failed);
/* Unfolds what the span is in. */
void heddle_span_rows_reveal (HeddleSpanRows *self, HeddleSpan *span);
/* Its row, or GTK_INVALID_LIST_POSITION. */
guint heddle_span_rows_find (HeddleSpanRows *self, HeddleSpan *span);

G_END_DECLS
