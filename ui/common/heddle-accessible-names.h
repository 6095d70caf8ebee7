/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * What assistive technology calls buttons. GTK 4.8 names one by what it holds, which for a picture is the
 * name of its class, and takes a mnemonic for a part of the name.
 */

/* Names a button that shows no words, or words that are not enough. */
void heddle_accessible_set_name (GtkWidget *button, const char *name);

/*
 * From now on, whatever comes to the screen has a name: a button without words that of its tooltip, a search what
 * it asks for, a row of a list its title. To be called once.
 */
void heddle_accessible_names_install (void);

G_END_DECLS
