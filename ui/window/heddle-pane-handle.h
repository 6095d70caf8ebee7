/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The line between two panes, to be dragged, or moved by the arrow keys while it has the focus. Tab passes it by.
 *
 * Signals: "resize-begin" (); "resize" (int pixels, to the right or down from where it began); "resize-end" ().
 */
#define HEDDLE_TYPE_PANE_HANDLE (heddle_pane_handle_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePaneHandle, heddle_pane_handle, HEDDLE, PANE_HANDLE, GtkWidget)

/* orientation: that of the line. label: whose size it is, for assistive technology. */
GtkWidget *heddle_pane_handle_new (GtkOrientation orientation, const char *label) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
