/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The popover that asks for a run's input: one row for each field of the Input node,
 * or what a trigger would bring.
 * Signal "run" (): the person wants it to run with what dup_input gives.
 */
#define HEDDLE_TYPE_INPUT_FORM (heddle_input_form_get_type ())
G_DECLARE_FINAL_TYPE (HeddleInputForm, heddle_input_form, HEDDLE, INPUT_FORM, GtkPopover)

GtkWidget *heddle_input_form_new (void);
/* fields: array of field descriptors (see HEDDLE_PARAM_FIELDS); values: object of what was entered before, or NULL. */
void heddle_input_form_set_fields (HeddleInputForm *self, JsonNode *fields, JsonNode *values);
/* Asks for one value in place of fields, as JSON; dup_input then gives it as it is. value: what is there to begin with. */
void heddle_input_form_set_payload (HeddleInputForm *self, const char *title, JsonNode *value);
/* A sentence about what the run may cost, or NULL. */
void heddle_input_form_set_estimate (HeddleInputForm *self, const char *text);
/* An object of the fields, or the payload; NULL with a sentence about the first field that is not right, which gets the focus. */
JsonNode *heddle_input_form_dup_input (HeddleInputForm *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
