/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One field of the input form: its widget and the way to and from JSON, by the field's type. */
typedef struct _HeddleInputRow HeddleInputRow;

/* field: {"name","title","type","required","default","choices"}; value: what was entered before or NULL. */
HeddleInputRow *heddle_input_row_new (JsonNode *field, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;
void heddle_input_row_free (HeddleInputRow *self);
const char *heddle_input_row_get_name (HeddleInputRow *self);
GtkWidget *heddle_input_row_get_widget (HeddleInputRow *self); /* a row of a list box */
/* NULL without error: left empty. */
JsonNode *heddle_input_row_dup_value (HeddleInputRow *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Calls func (object) after each change of what is entered, for as long as the object is there. */
void heddle_input_row_watch (HeddleInputRow *self, GCallback func, gpointer object);
void heddle_input_row_focus (HeddleInputRow *self);

G_END_DECLS
