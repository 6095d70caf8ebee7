/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The context menu of a span. What begins with it are actions of the window, win.run-from, win.fork and win.pin-output, with
 * "scope/node" as their parameter, or just "node" where it is in no container; those that do not exist are left out.
 */
void heddle_span_menu_popup (GtkWidget *widget, HeddleSpan *span, double x, double y);
/* Makes a secondary click on a list item's widget select it and open its menu. */
void heddle_span_menu_attach (GtkWidget *widget, GtkListItem *item, GtkSingleSelection *selection);

G_END_DECLS
