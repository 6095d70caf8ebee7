/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A memory as a picture: entities, what is known of them, and how they are related. Moved by dragging and the arrow keys, zoomed
 * by the wheel and + and −, all of it shown by 0. Signal "chosen" (const char *name): an entity was clicked.
 */
#define HEDDLE_TYPE_MEMORY_PICTURE (heddle_memory_picture_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMemoryPicture, heddle_memory_picture, HEDDLE, MEMORY_PICTURE, GtkWidget)

/* facts: of HeddleMemoryFact*, or NULL; borrowed for the call. Those that hold are drawn, the first hundred or so. */
void heddle_memory_picture_set_facts (HeddleMemoryPicture *self, GPtrArray *facts);

G_END_DECLS
