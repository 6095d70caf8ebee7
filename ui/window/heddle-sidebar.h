/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The panel at the start of an editor: one page of several, chosen by a row of buttons, which is left out
 * when there is only one. Property "page" (string): the name of the one that is shown.
 */
#define HEDDLE_TYPE_SIDEBAR (heddle_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (HeddleSidebar, heddle_sidebar, HEDDLE, SIDEBAR, GtkWidget)

GtkWidget *heddle_sidebar_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* title: translated. */
void heddle_sidebar_add_page (HeddleSidebar *self, const char *name, const char *title, const char *icon, GtkWidget *child);
const char *heddle_sidebar_get_page (HeddleSidebar *self);
void heddle_sidebar_set_page (HeddleSidebar *self, const char *name);

G_END_DECLS
