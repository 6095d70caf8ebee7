/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * Asks for what a node is to have given: a text, or any JSON, which is checked while it is typed. Enter with Ctrl accepts.
 * Signal "accepted" (JsonNode *value): once, and then the dialog goes. Escape closes it.
 */
#define HEDDLE_TYPE_OUTPUT_DIALOG (heddle_output_dialog_get_type ())
G_DECLARE_FINAL_TYPE (HeddleOutputDialog, heddle_output_dialog, HEDDLE, OUTPUT_DIALOG, AdwWindow)

/* All texts are translated; value NULL: JSON null. accept has a mnemonic. */
GtkWidget *heddle_output_dialog_new (GtkWindow *parent, const char *title, const char *explanation, const char *accept, JsonNode *value);

G_END_DECLS
