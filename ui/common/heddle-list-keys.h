/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Up and down, by row and by page, choose a row of the list while the keyboard stays in a text field. */
void heddle_list_keys_install (GtkListBox *list, GtkWidget *field);

G_END_DECLS
