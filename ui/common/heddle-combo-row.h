/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * A row to choose one of some titles, which are shown whole: AdwComboRow cuts them after 20 letters. Long titles wrap in
 * the list, and the chosen one stands below the title of the row. Floating.
 */
GtkWidget *heddle_combo_row_new (GtkStringList *titles);

G_END_DECLS
