/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-span-rows.h"

G_BEGIN_DECLS

/* The name of a span in a list, set in by its depth: an arrow that folds what is inside, an icon for the state, the name. */
#define HEDDLE_TYPE_SPAN_NAME (heddle_span_name_get_type ())
G_DECLARE_FINAL_TYPE (HeddleSpanName, heddle_span_name, HEDDLE, SPAN_NAME, GtkWidget)

GtkWidget *heddle_span_name_new (HeddleSpanRows *rows);
void heddle_span_name_set_span (HeddleSpanName *self, HeddleSpan *span); /* NULL: none */

G_END_DECLS
