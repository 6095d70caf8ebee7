/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * Shows a variable over parent to be edited as JSON; info NULL: a new one, whose name is not among taken (names as keys).
 * Only what is right can be saved. What the store refuses is told over parent, with what was typed.
 */
void heddle_variable_edit (GtkWindow *parent, HeddleStore *store, const HeddleVariableInfo *info, GHashTable *taken);

G_END_DECLS
