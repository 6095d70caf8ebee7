/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is known of one span: facts, output, the messages really sent, inputs, error. */
#define HEDDLE_TYPE_SPAN_DETAILS (heddle_span_details_get_type ())
G_DECLARE_FINAL_TYPE (HeddleSpanDetails, heddle_span_details, HEDDLE, SPAN_DETAILS, GtkWidget)

GtkWidget *heddle_span_details_new (void);
/* NULL: nothing selected. */
void heddle_span_details_set_span (HeddleSpanDetails *self, HeddleSpan *span);

G_END_DECLS
