/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-item.h"
#include "canvas/heddle-canvas-style.h"

G_BEGIN_DECLS

#define HEDDLE_CANVAS_RADIUS 12
#define HEDDLE_CANVAS_PADDING 12
#define HEDDLE_CANVAS_DIMMED .5    /* opacity of what takes no part in runs */
#define HEDDLE_CANVAS_TEXT_LEFT 54 /* beside the icon */

/* What drawing one item needs, with its top left at 0, 0. */
typedef struct
{
  HeddleCanvasItem *item;
  HeddleCanvasStyle *style;
  const HeddleCanvasPalette *palette;
  GtkSnapshot *snapshot;
  guint scale; /* pixels a unit, of pictures */
} HeddleCanvasPainter;

void heddle_canvas_paint_fill (GtkSnapshot *snapshot, const graphene_rect_t *bounds, float radius, const GdkRGBA *color);
void heddle_canvas_paint_stroke (GtkSnapshot *snapshot, const graphene_rect_t *bounds, float radius, float width, const GdkRGBA *color);
/* Lines of text, ellipsized; returns how wide they came out. */
double heddle_canvas_paint_text (const HeddleCanvasPainter *p, HeddleCanvasFont font, const char *text, const GdkRGBA *color, const graphene_rect_t *box, int lines);
/* One line in the box, aligned to its right or its middle. */
void heddle_canvas_paint_aligned_text (const HeddleCanvasPainter *p, HeddleCanvasFont font, PangoAlignment alignment, const char *text, const GdkRGBA *color, const graphene_rect_t *box);
void heddle_canvas_paint_mark (const HeddleCanvasPainter *p, HeddleCanvasMark mark, double x, double y, int size);

/* Parts that cards and frames have in common. */
void heddle_canvas_paint_port (const HeddleCanvasPainter *p, double x, double y, const GdkRGBA *color);
void heddle_canvas_paint_icon (const HeddleCanvasPainter *p);
void heddle_canvas_paint_state (const HeddleCanvasPainter *p);
/* Icon, title, what it will do, and its name or what became of it; with so much room for the second and third line. */
void heddle_canvas_paint_header (const HeddleCanvasPainter *p, double detail_width, double status_width);
/* On a level, with so much room left free at both sides. Returns how wide it came out. */
double heddle_canvas_paint_far_title (const HeddleCanvasPainter *p, double left, double middle, double right, const GdkRGBA *color);
/* The sign of a breakpoint, before the title. Returns how much room it takes there. */
double heddle_canvas_paint_far_breakpoint (const HeddleCanvasPainter *p, double left, double middle);
/* What became of the node on a run, else that something is wrong with it. Returns how much room that takes at the right. */
double heddle_canvas_paint_far_state (const HeddleCanvasPainter *p, double middle);
void heddle_canvas_paint_far_ports (const HeddleCanvasPainter *p);

const GdkRGBA *heddle_canvas_painter_get_accent (const HeddleCanvasPainter *p);
const GdkRGBA *heddle_canvas_painter_get_port_color (const HeddleCanvasPainter *p, const HeddleCanvasPort *port, gboolean output);
/* The colour of a line around what is selected, runs or failed; FALSE: none of these. */
gboolean heddle_canvas_painter_get_line (const HeddleCanvasPainter *p, GdkRGBA *color);
/* The button that collapses or expands it. */
void heddle_canvas_paint_fold (const HeddleCanvasPainter *p);
/* The sign of what takes no part in runs, on the upper border; scale: larger where it is seen from afar. */
void heddle_canvas_paint_mode (const HeddleCanvasPainter *p, float scale);
/* Where the state mark is. */
void heddle_canvas_get_mark_bounds (const HeddleCanvasItem *item, graphene_rect_t *bounds);

G_END_DECLS
