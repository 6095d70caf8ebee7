/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * From now on, a popover that was closed takes no part in what the pointer does. GTK 4.8 keeps its surface, and when
 * something moved in the window it may tell the hidden popover that the pointer is in it, as long as the pointer is where
 * the popover was: the next press is then one in the popover, and nothing happens where people see the pointer. To be
 * called once, before the first window.
 */
void heddle_popovers_install (void);

G_END_DECLS
