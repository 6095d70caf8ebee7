/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/*
 * Puts an expression into one of some fields, HeddleParamEditor*, that are shown and take one; of several it asks which, in a list at the
 * top of the widget that they are in. FALSE: there is none.
 */
gboolean heddle_field_chooser_insert (GtkWidget *widget, GPtrArray *editors, const char *expression);

/* Puts it behind what is in the field, or in its place while that is only the default. FALSE: the field takes none. */
gboolean heddle_field_chooser_append (HeddleParamEditor *editor, const char *expression);

G_END_DECLS
