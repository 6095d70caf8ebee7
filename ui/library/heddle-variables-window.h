/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The page of the variables that outlive a run: looked at, searched, added, edited and deleted; what a run changes meanwhile
 * shows at once. Signal "show-run" (const char *run): the run that wrote a variable is asked for.
 */
#define HEDDLE_TYPE_VARIABLES_WINDOW (heddle_variables_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleVariablesWindow, heddle_variables_window, HEDDLE, VARIABLES_WINDOW, AdwWindow)

/* The store outlives the window. */
GtkWidget *heddle_variables_window_new (HeddleStore *store);

G_END_DECLS
