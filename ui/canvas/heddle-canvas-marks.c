/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-marks.h"

#include <math.h>

static const GdkRGBA *
get_color (HeddleCanvasMark mark, const HeddleCanvasPalette *palette)
{
  switch (mark)
    {
    case HEDDLE_CANVAS_MARK_OK:
    case HEDDLE_CANVAS_MARK_REUSED:
      return &palette->ok;
    case HEDDLE_CANVAS_MARK_FAILED:
    case HEDDLE_CANVAS_MARK_BREAKPOINT:
      return &palette->error;
    case HEDDLE_CANVAS_MARK_WARNING:
    case HEDDLE_CANVAS_MARK_LIMITED:
    case HEDDLE_CANVAS_MARK_DOUBT:
    case HEDDLE_CANVAS_MARK_PAUSED:
      return &palette->warning;
    case HEDDLE_CANVAS_MARK_RUNNING:
    case HEDDLE_CANVAS_MARK_ASKING:
    case HEDDLE_CANVAS_MARK_PIN:
      return &palette->accent;
    case HEDDLE_CANVAS_MARK_PREVIOUS:
    case HEDDLE_CANVAS_MARK_NEXT:
    case HEDDLE_CANVAS_MARK_OFF:
    case HEDDLE_CANVAS_MARK_BYPASS:
    case HEDDLE_CANVAS_MARK_EXPANDED:
    case HEDDLE_CANVAS_MARK_COLLAPSED:
      return &palette->text;
    default:
      return &palette->dim;
    }
}

static void
polyline (cairo_t *cr, const double (*points)[2], guint n_points)
{
  for (guint i = 0; i < n_points; i++)
    cairo_line_to (cr, points[i][0], points[i][1]);
  cairo_stroke (cr);
}

static void
dot (cairo_t *cr, double x, double y, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  cairo_fill (cr);
}

/* A filled disc with the sign cut out of it in the colour of the card. */
static void
draw_disc (cairo_t *cr, const HeddleCanvasPalette *palette)
{
  dot (cr, 8, 8, 7.5);
  gdk_cairo_set_source_rgba (cr, &palette->card);
}

static void
draw_check (cairo_t *cr)
{
  polyline (cr, (const double[][2]){ { 3, 8.5 }, { 6.5, 12 }, { 13, 4.5 } }, 3);
}

static void
draw_exclamation (cairo_t *cr, const HeddleCanvasPalette *palette)
{
  draw_disc (cr, palette);
  polyline (cr, (const double[][2]){ { 8, 4.2 }, { 8, 8.4 } }, 2);
  dot (cr, 8, 11.6, 1.1);
}

static void
draw_question (cairo_t *cr, const HeddleCanvasPalette *palette)
{
  draw_disc (cr, palette);
  cairo_set_line_width (cr, 1.7);
  cairo_arc (cr, 8, 6.2, 2.3, -G_PI, G_PI / 3);
  cairo_line_to (cr, 8, 9.4);
  cairo_stroke (cr);
  dot (cr, 8, 12, 1.1);
}

/* A power switch. */
static void
draw_switch (cairo_t *cr)
{
  cairo_arc (cr, 8, 8.6, 5.4, -G_PI / 3, 4 * G_PI / 3);
  cairo_stroke (cr);
  polyline (cr, (const double[][2]){ { 8, 2 }, { 8, 8 } }, 2);
}

/* An arrow that goes over a dot. */
static void
draw_detour (cairo_t *cr)
{
  dot (cr, 8, 11.5, 2);
  cairo_arc (cr, 8, 11.5, 5.8, G_PI, 2 * G_PI - .35);
  cairo_stroke (cr);
  polyline (cr, (const double[][2]){ { 10.4, 8.6 }, { 13.8, 10.4 }, { 15, 6.6 } }, 3);
}

static void
draw_person (cairo_t *cr, const HeddleCanvasPalette *palette)
{
  draw_disc (cr, palette);
  dot (cr, 8, 5.8, 2.2);
  cairo_arc (cr, 8, 12.8, 4.1, -G_PI, 0);
  cairo_close_path (cr);
  cairo_fill (cr);
}

/* Eight sides, with a bar across it. */
static void
draw_stop_sign (cairo_t *cr, const HeddleCanvasPalette *palette)
{
  for (int i = 0; i < 8; i++)
    cairo_line_to (cr, 8 + 7.9 * cos (G_PI_4 * (i + .5)), 8 + 7.9 * sin (G_PI_4 * (i + .5)));
  cairo_close_path (cr);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &palette->card);
  cairo_set_line_width (cr, 2.6);
  polyline (cr, (const double[][2]){ { 4.6, 8 }, { 11.4, 8 } }, 2);
}

static void
draw_pause (cairo_t *cr)
{
  cairo_set_line_width (cr, 3.4);
  polyline (cr, (const double[][2]){ { 5, 3.5 }, { 5, 12.5 } }, 2);
  polyline (cr, (const double[][2]){ { 11, 3.5 }, { 11, 12.5 } }, 2);
}

static void
draw_dots (cairo_t *cr)
{
  for (int i = 0; i < 3; i++)
    dot (cr, 3.5 + 4.5 * i, 8, 1.4);
}

/* A check mark that comes from further back. */
static void
draw_reused (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.8);
  polyline (cr, (const double[][2]){ { 5.2, 2.2 }, { 2.2, 5 }, { 5.2, 7.8 } }, 3);
  cairo_move_to (cr, 2.6, 5);
  cairo_line_to (cr, 9.4, 5);
  cairo_arc (cr, 9.4, 9.2, 4.2, -G_PI_2, G_PI_2);
  cairo_line_to (cr, 5, 13.4);
  cairo_stroke (cr);
}

static void
draw_limited (cairo_t *cr)
{
  polyline (cr, (const double[][2]){ { 1.8, 8 }, { 9.6, 8 } }, 2);
  polyline (cr, (const double[][2]){ { 6.4, 4.8 }, { 9.6, 8 }, { 6.4, 11.2 } }, 3);
  polyline (cr, (const double[][2]){ { 13.4, 3 }, { 13.4, 13 } }, 2);
}

static void
draw_pin (cairo_t *cr)
{
  cairo_move_to (cr, 5, 2);
  cairo_line_to (cr, 11, 2);
  cairo_line_to (cr, 10.4, 6.6);
  cairo_line_to (cr, 12.8, 9.6);
  cairo_line_to (cr, 3.2, 9.6);
  cairo_line_to (cr, 5.6, 6.6);
  cairo_close_path (cr);
  cairo_fill (cr);
  polyline (cr, (const double[][2]){ { 8, 9.6 }, { 8, 14.4 } }, 2);
}

static void
draw_shield (cairo_t *cr)
{
  cairo_move_to (cr, 8, 1);
  cairo_line_to (cr, 14, 3.4);
  cairo_curve_to (cr, 14, 9, 12, 13, 8, 15);
  cairo_curve_to (cr, 4, 13, 2, 9, 2, 3.4);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_plain (HeddleCanvasMark mark, cairo_t *cr)
{
  switch (mark)
    {
    case HEDDLE_CANVAS_MARK_OK:
      draw_check (cr);
      break;
    case HEDDLE_CANVAS_MARK_SKIPPED:
      polyline (cr, (const double[][2]){ { 4, 8 }, { 12, 8 } }, 2);
      break;
    case HEDDLE_CANVAS_MARK_CANCELLED:
      cairo_rectangle (cr, 4, 4, 8, 8);
      cairo_fill (cr);
      break;
    case HEDDLE_CANVAS_MARK_RUNNING:
      cairo_arc (cr, 8, 8, 6, 0, 1.5 * G_PI);
      cairo_stroke (cr);
      break;
    case HEDDLE_CANVAS_MARK_REUSED:
      draw_reused (cr);
      break;
    case HEDDLE_CANVAS_MARK_LIMITED:
      draw_limited (cr);
      break;
    case HEDDLE_CANVAS_MARK_PIN:
      draw_pin (cr);
      break;
    case HEDDLE_CANVAS_MARK_POLICY:
      draw_shield (cr);
      break;
    case HEDDLE_CANVAS_MARK_PREVIOUS:
      polyline (cr, (const double[][2]){ { 10, 3.5 }, { 5.5, 8 }, { 10, 12.5 } }, 3);
      break;
    case HEDDLE_CANVAS_MARK_NEXT:
    case HEDDLE_CANVAS_MARK_COLLAPSED:
      polyline (cr, (const double[][2]){ { 6, 3.5 }, { 10.5, 8 }, { 6, 12.5 } }, 3);
      break;
    case HEDDLE_CANVAS_MARK_EXPANDED:
      polyline (cr, (const double[][2]){ { 3.5, 6 }, { 8, 10.5 }, { 12.5, 6 } }, 3);
      break;
    case HEDDLE_CANVAS_MARK_OFF:
      draw_switch (cr);
      break;
    case HEDDLE_CANVAS_MARK_BYPASS:
      draw_detour (cr);
      break;
    case HEDDLE_CANVAS_MARK_PAUSED:
      draw_pause (cr);
      break;
    default:
      draw_dots (cr);
    }
}

void
heddle_canvas_mark_draw (HeddleCanvasMark mark, const HeddleCanvasPalette *palette, cairo_t *cr)
{
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  gdk_cairo_set_source_rgba (cr, get_color (mark, palette));
  if (mark == HEDDLE_CANVAS_MARK_FAILED || mark == HEDDLE_CANVAS_MARK_WARNING)
    draw_exclamation (cr, palette);
  else if (mark == HEDDLE_CANVAS_MARK_DOUBT)
    draw_question (cr, palette);
  else if (mark == HEDDLE_CANVAS_MARK_ASKING)
    draw_person (cr, palette);
  else if (mark == HEDDLE_CANVAS_MARK_BREAKPOINT)
    draw_stop_sign (cr, palette);
  else
    draw_plain (mark, cr);
}
