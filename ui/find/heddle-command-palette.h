/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "find/heddle-command.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * One field for everything: what can be done, opened or added, by a few letters of its name. Without any it shows what was
 * chosen last. Commands may come while somebody types. Signal "chosen" (HeddleCommand*, valid for the call): after the
 * window has gone, so that what is done has the focus.
 */
#define HEDDLE_TYPE_COMMAND_PALETTE (heddle_command_palette_get_type ())
G_DECLARE_FINAL_TYPE (HeddleCommandPalette, heddle_command_palette, HEDDLE, COMMAND_PALETTE, AdwWindow)

GtkWidget *heddle_command_palette_new (GtkWindow *parent);
/* Takes the command. */
void heddle_command_palette_take (HeddleCommandPalette *self, HeddleCommand *command);

G_END_DECLS
