/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-picture-marks.h"

#define RADIUS 8.0
#define LINE 2.0
#define SIGN 3.5

static void
add_frame (cairo_t *cr, const graphene_rect_t *area)
{
  const double x = area->origin.x - LINE, y = area->origin.y - LINE;
  const double width = area->size.width + 2 * LINE, height = area->size.height + 2 * LINE;
  const double radius = MIN (6, MIN (width, height) / 2);

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

/* A plus, a minus, or a pen's stroke, around 0, 0. */
static void
add_sign (cairo_t *cr, HeddleDifferenceKind kind)
{
  if (kind == HEDDLE_DIFFERENCE_CHANGED || kind == HEDDLE_DIFFERENCE_MOVED)
    {
      cairo_move_to (cr, -SIGN, 1.5);
      cairo_curve_to (cr, -SIGN / 2, -SIGN, SIGN / 2, SIGN, SIGN, -1.5);
      return;
    }
  cairo_move_to (cr, -SIGN, 0);
  cairo_line_to (cr, SIGN, 0);
  if (kind != HEDDLE_DIFFERENCE_ADDED)
    return;
  cairo_move_to (cr, 0, -SIGN);
  cairo_line_to (cr, 0, SIGN);
}

static const GdkRGBA *
get_color (HeddleDifferenceKind kind, const HeddleCanvasPalette *palette)
{
  switch (kind)
    {
    case HEDDLE_DIFFERENCE_ADDED:
      return &palette->ok;
    case HEDDLE_DIFFERENCE_REMOVED:
      return &palette->error;
    case HEDDLE_DIFFERENCE_CHANGED:
    case HEDDLE_DIFFERENCE_MOVED:
    default:
      return &palette->warning;
    }
}

void
heddle_canvas_picture_mark_draw (HeddleDifferenceKind kind, const HeddleCanvasPalette *palette, const graphene_rect_t *area, cairo_t *cr)
{
  gdk_cairo_set_source_rgba (cr, get_color (kind, palette));
  cairo_set_line_width (cr, LINE);
  add_frame (cr, area);
  cairo_stroke (cr);
  cairo_save (cr);
  cairo_translate (cr, area->origin.x, area->origin.y);
  cairo_arc (cr, 0, 0, RADIUS, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  gdk_cairo_set_source_rgba (cr, &palette->card);
  add_sign (cr, kind);
  cairo_stroke (cr);
  cairo_restore (cr);
}
