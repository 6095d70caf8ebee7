/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_TEMPLATE_VIEW_TEXT,       /* text with {{ }} in it */
  HEDDLE_TEMPLATE_VIEW_EXPRESSION, /* one expression */
  HEDDLE_TEMPLATE_VIEW_JSON,
  HEDDLE_TEMPLATE_VIEW_CODE, /* a program, without expressions */
} HeddleTemplateViewMode;

/*
 * A text editor that marks {{ expressions }} with the engine's own parser and completes
 * references to nodes and their results. context is borrowed and outlives the view.
 */
GtkWidget *heddle_template_view_new (HeddleTemplateViewMode mode, const HeddleParamContext *context);
/* Colours a program by its language, "javascript" or "python". */
void heddle_template_view_set_language (GtkWidget *view, const char *language);

G_END_DECLS
