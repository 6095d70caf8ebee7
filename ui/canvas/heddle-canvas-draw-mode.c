/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-painter.h"

/* A word with a sign on the upper border of what takes no part in runs: colour is never the only sign. */
#define LEFT 12
#define TOP -11
#define HEIGHT 20
#define MARK 14
#define MAX_WIDTH 120

static const char *
get_word (HeddleNodeMode mode)
{
  return mode == HEDDLE_NODE_OFF ? C_ ("node", "Off") : C_ ("node", "Bypassed");
}

void
heddle_canvas_paint_mode (const HeddleCanvasPainter *p, float scale)
{
  g_autoptr (PangoLayout) layout = NULL;
  graphene_rect_t bounds;
  int width;

  if (p->item->mode == HEDDLE_NODE_ON)
    return;
  layout = heddle_canvas_style_create_layout (p->style, HEDDLE_CANVAS_FONT_SMALL, get_word (p->item->mode), MAX_WIDTH, 1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  bounds = GRAPHENE_RECT_INIT (0, TOP, width + MARK + 20, HEIGHT);
  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &GRAPHENE_POINT_INIT (LEFT, 0));
  gtk_snapshot_scale (p->snapshot, scale, scale);
  heddle_canvas_paint_fill (p->snapshot, &bounds, HEIGHT / 2, &p->palette->card);
  heddle_canvas_paint_stroke (p->snapshot, &bounds, HEIGHT / 2, 1.5f, &p->palette->dim);
  heddle_canvas_paint_mark (p, p->item->mode == HEDDLE_NODE_OFF ? HEDDLE_CANVAS_MARK_OFF : HEDDLE_CANVAS_MARK_BYPASS, 7, TOP + 3, MARK);
  gtk_snapshot_translate (p->snapshot, &GRAPHENE_POINT_INIT (MARK + 11, TOP + 2));
  gtk_snapshot_append_layout (p->snapshot, layout, &p->palette->text);
  gtk_snapshot_restore (p->snapshot);
}

void
heddle_canvas_paint_fold (const HeddleCanvasPainter *p)
{
  graphene_rect_t bounds;

  if (heddle_canvas_item_get_fold_bounds (p->item, &bounds))
    heddle_canvas_paint_mark (p, p->item->collapsed ? HEDDLE_CANVAS_MARK_COLLAPSED : HEDDLE_CANVAS_MARK_EXPANDED, bounds.origin.x + 2, bounds.origin.y + 2, 16);
}
