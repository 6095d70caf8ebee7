/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-value-origin.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A value to look at: text as people read it, a tree for JSON, or raw; with a button that copies
 * it. The way chosen is kept while values change.
 */
#define HEDDLE_TYPE_VALUE_VIEW (heddle_value_view_get_type ())
G_DECLARE_FINAL_TYPE (HeddleValueView, heddle_value_view, HEDDLE, VALUE_VIEW, GtkWidget)

GtkWidget *heddle_value_view_new (void);
/* NULL: nothing to show. */
void heddle_value_view_set_value (HeddleValueView *self, JsonNode *value);
/* Whose value it is, so that its tree can be dragged onto fields; NULL: not known. Set before or after the value. */
void heddle_value_view_set_origin (HeddleValueView *self, const HeddleValueOrigin *origin);
/* Streaming text: appended without a jump when it continues what is shown. */
void heddle_value_view_set_text (HeddleValueView *self, const char *text);

G_END_DECLS
