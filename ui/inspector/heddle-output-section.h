/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/*
 * What the node gave in the run that is shown, and whether its output is pinned. Its buttons are the actions "win.pin",
 * "win.edit-pin" and "win.fork". Hidden while there is neither an output nor a pin.
 */
#define HEDDLE_TYPE_OUTPUT_SECTION (heddle_output_section_get_type ())
G_DECLARE_FINAL_TYPE (HeddleOutputSection, heddle_output_section, HEDDLE, OUTPUT_SECTION, AdwBin)

/* context is borrowed and outlives the section. */
GtkWidget *heddle_output_section_new (const HeddleParamContext *context);
/* Shows the context's node as it is now. */
void heddle_output_section_update (HeddleOutputSection *self);

G_END_DECLS
