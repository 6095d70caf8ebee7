/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Providers of models and credentials. */
#define HEDDLE_TYPE_PREFERENCES (heddle_preferences_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePreferences, heddle_preferences, HEDDLE, PREFERENCES, AdwPreferencesWindow)

/* services is borrowed and outlives the window. */
GtkWidget *heddle_preferences_new (const HeddleServices *services);

/* A page of them, for adw_preferences_window_set_visible_page_name (). */
typedef struct
{
  const char *name;
  const char *title; /* not translated yet */
  const char *icon;
} HeddlePreferencesPage;
/* Ends with a name of NULL. */
const HeddlePreferencesPage *heddle_preferences_list_pages (void);

G_END_DECLS
