/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The handbook: the pages of data/help, and a page for each node type made from its descriptor. */
#define HEDDLE_TYPE_HELP_WINDOW (heddle_help_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleHelpWindow, heddle_help_window, HEDDLE, HELP_WINDOW, AdwWindow)

GtkWidget *heddle_help_window_new (void);
/* name: of a page of the handbook. */
void heddle_help_window_show_page (HeddleHelpWindow *self, const char *name);

/* A page of the handbook in the user's language. */
typedef struct
{
  char *name;
  char *title;
} HeddleHelpPage;
/* Of HeddleHelpPage, in their order. */
GPtrArray *heddle_help_list_pages (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
