/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-item.h"

G_BEGIN_DECLS

/* heddle-canvas-item.c */
/* The first characters as one paragraph: Pango counts the lines of each paragraph on its own. */
char *heddle_canvas_dup_paragraph (const char *text) G_GNUC_WARN_UNUSED_RESULT;

#define HEDDLE_CANVAS_MAX_PREVIEW 400 /* characters of a text on a card */

/* heddle-canvas-item-ports.c */
GArray *heddle_canvas_port_array_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the ports over from the node; the item's type is set. */
void heddle_canvas_item_load_ports (HeddleCanvasItem *self, const HeddleNode *node);
void heddle_canvas_item_place_ports (HeddleCanvasItem *self);

G_END_DECLS
