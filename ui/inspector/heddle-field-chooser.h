/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

typedef void (*HeddleFieldChosen) (HeddleParamEditor *editor, const char *expression, gpointer user_data);

/* Asks which of some fields an expression goes into, HeddleParamEditor*: a list at the top of the widget, which outlives it. */
void heddle_field_chooser_popup (GtkWidget *widget, GPtrArray *fields, const char *expression, HeddleFieldChosen chosen, gpointer user_data);

G_END_DECLS
