/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-item.h"
#include "canvas/heddle-canvas-style.h"
#include "canvas/heddle-canvas-tiles.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_CANVAS_DETAIL_FULL,    /* from zoom 0.5 */
  HEDDLE_CANVAS_DETAIL_OUTLINE, /* shape and title, from 0.2 */
  HEDDLE_CANVAS_DETAIL_BLOCK,   /* two rectangles */
} HeddleCanvasDetail;

HeddleCanvasDetail heddle_canvas_detail_for_zoom (double zoom);

/* The picture of an item with its top left at 0, 0; kept in the item until its cache is dropped. Borrowed. */
GskRenderNode *heddle_canvas_draw_item (HeddleCanvasItem *item, HeddleCanvasStyle *style, HeddleCanvasDetail detail, guint scale);
/* The same of what a container has below its nodes and their edges. */
GskRenderNode *heddle_canvas_draw_back (HeddleCanvasItem *item, HeddleCanvasStyle *style, HeddleCanvasDetail detail, guint scale);
/* The same seen from afar, as two rectangles at its place. */
void heddle_canvas_get_blocks (const HeddleCanvasItem *item, const HeddleCanvasPalette *palette, HeddleCanvasBlock blocks[2]);
void heddle_canvas_draw_block (const HeddleCanvasItem *item, HeddleCanvasStyle *style, GtkSnapshot *snapshot);

G_END_DECLS
