/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Which item of a container is shown on the canvas and in the details: "Item 4 of 50", with the one before, the next, the next that failed,
 * any by its number, or always the latest. Hidden where there is nothing to choose.
 *
 * Signal "item-chosen" (const char *scope): a certain one was, which the trace may not list any more.
 */
#define HEDDLE_TYPE_ITEM_CHOOSER (heddle_item_chooser_get_type ())
G_DECLARE_FINAL_TYPE (HeddleItemChooser, heddle_item_chooser, HEDDLE, ITEM_CHOOSER, GtkWidget)

GtkWidget *heddle_item_chooser_new (void);
/* container: id of its node; NULL: the first one there is. */
void heddle_item_chooser_set_container (HeddleItemChooser *self, HeddleTrace *trace, const char *container);

G_END_DECLS
