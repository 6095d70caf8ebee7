/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What assistive technology can do with widgets of GTK and libadwaita. GTK 4.8 tells it of no action of a row of a
 * list or of a choice, and of one of a text field that does nothing.
 */

/*
 * From now on a row of a list has the action row.activate, which is a click on it; a choice has choice.next and
 * choice.previous; and activating a text field is Enter in it. To be called once, before there are such widgets:
 * a class takes the actions over from its parent when it is made.
 */
void heddle_accessible_actions_install (void);

G_END_DECLS
