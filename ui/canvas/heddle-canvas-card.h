/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-private.h"

G_BEGIN_DECLS

/*
 * The widget of one item: no children, no CSS, it only appends the item's kept picture. It is there
 * for focus, tooltips and assistive technology, which need a widget in GTK 4.8. Child of a canvas.
 */
#define HEDDLE_TYPE_CANVAS_CARD (heddle_canvas_card_get_type ())
G_DECLARE_FINAL_TYPE (HeddleCanvasCard, heddle_canvas_card, HEDDLE, CANVAS_CARD, GtkWidget)

/* The item must outlive it. */
GtkWidget *heddle_canvas_card_new (HeddleCanvas *canvas, HeddleCanvasItem *item) G_GNUC_WARN_UNUSED_RESULT;
HeddleCanvasItem *heddle_canvas_card_get_item (HeddleCanvasCard *self);
/* Tells assistive technology the name, the description and where the edges lead. */
void heddle_canvas_card_update_accessible (HeddleCanvasCard *self);

G_END_DECLS
