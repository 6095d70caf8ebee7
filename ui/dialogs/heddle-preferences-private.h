/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The pages of the preferences, each a file of its own, and what they do in the same way. A page reads
 * what it shows whenever it is mapped, because another page may have changed it.
 */
GtkWidget *heddle_preferences_providers_new (const HeddleServices *services);
GtkWidget *heddle_preferences_credentials_new (const HeddleServices *services);
GtkWidget *heddle_preferences_servers_new (const HeddleServices *services);
GtkWidget *heddle_preferences_prices_new (const HeddleServices *services);
GtkWidget *heddle_preferences_limits_new (const HeddleServices *services);

/* Shows a toast in the window of the page, or nothing once that has gone. */
void heddle_preferences_tell (gpointer page, const char *message);
/* A button at the end of a row; clicked (page, button) finds the name by heddle_preferences_get_name (button). */
GtkWidget *heddle_preferences_add_button (GtkWidget *row, const char *icon, const char *tooltip, const char *name, GCallback clicked, gpointer page);
const char *heddle_preferences_get_name (GtkButton *button);
/* Takes rows (borrowed) out of their group. */
void heddle_preferences_remove_rows (AdwPreferencesGroup *group, GPtrArray *rows);
/* What was entered, without space around it. */
char *heddle_preferences_dup_text (gpointer editable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
