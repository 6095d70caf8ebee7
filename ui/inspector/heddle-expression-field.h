/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/*
 * A field for text with expressions, one expression, JSON or code: the editor with completion, below it what it comes to. Values that
 * are dragged onto it become expressions where they are dropped. Ctrl+E opens it in a window.
 * Signals "changed": the text is another one; "checked": whether it is wrong may be known now.
 */
#define HEDDLE_TYPE_EXPRESSION_FIELD (heddle_expression_field_get_type ())
G_DECLARE_FINAL_TYPE (HeddleExpressionField, heddle_expression_field, HEDDLE, EXPRESSION_FIELD, GtkWidget)

/* title: what assistive technology calls it. max_height: 0 for one line, in which Return does nothing. context outlives the widget. */
GtkWidget *heddle_expression_field_new (HeddleTemplateViewMode mode, const HeddleParamContext *context, const char *title, int min_height, int max_height);
GtkWidget *heddle_expression_field_get_view (HeddleExpressionField *self);
HeddleTemplateViewMode heddle_expression_field_get_mode (HeddleExpressionField *self);
char *heddle_expression_field_dup_text (HeddleExpressionField *self) G_GNUC_WARN_UNUSED_RESULT;
/* Nothing happens to a text that is shown already. */
void heddle_expression_field_set_text (HeddleExpressionField *self, const char *text);
void heddle_expression_field_set_placeholder (HeddleExpressionField *self, const char *text);
/* The values may have changed that it is previewed with. */
void heddle_expression_field_refresh (HeddleExpressionField *self);
/* Whether it says by itself that its text is wrong. */
gboolean heddle_expression_field_has_error (HeddleExpressionField *self);
/* A problem with the value that is told elsewhere, for the window; NULL or "": none. */
void heddle_expression_field_set_problem (HeddleExpressionField *self, const char *problem);
/* Opens the window. */
void heddle_expression_field_pop_out (HeddleExpressionField *self);
/* Whether a person is at it, here or in the window. */
gboolean heddle_expression_field_is_edited (HeddleExpressionField *self);

/* An expression as it stands in a text: within a string of JSON its quotes are escaped. */
char *heddle_expression_dup_written (HeddleTemplateViewMode mode, const char *expression) G_GNUC_WARN_UNUSED_RESULT;
/* Puts an expression where the cursor is, in braces where those are needed and the cursor is in none, and in JSON in quotes as well. */
void heddle_expression_insert (GtkTextView *view, HeddleTemplateViewMode mode, const char *expression);

G_END_DECLS
