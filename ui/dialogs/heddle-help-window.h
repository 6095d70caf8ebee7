/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The handbook: the pages of data/help, and a page for each node type made from its descriptor. */
#define HEDDLE_TYPE_HELP_WINDOW (heddle_help_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleHelpWindow, heddle_help_window, HEDDLE, HELP_WINDOW, AdwWindow)

GtkWidget *heddle_help_window_new (void);

G_END_DECLS
