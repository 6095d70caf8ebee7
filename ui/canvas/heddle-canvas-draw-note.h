/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-painter.h"

G_BEGIN_DECLS

/* A note: its text as Markdown. */
void heddle_canvas_draw_note (const HeddleCanvasPainter *p);
/* Where the link at a point of the world leads; NULL: there is none. */
char *heddle_canvas_dup_link_at (const HeddleCanvasItem *item, HeddleCanvasStyle *style, double x, double y) G_GNUC_WARN_UNUSED_RESULT;
/* Of a note or a group, by its name in the file; NULL: the ordinary one. */
const GdkRGBA *heddle_canvas_find_color (const HeddleCanvasPalette *palette, const char *name);

G_END_DECLS
