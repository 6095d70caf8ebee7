/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-curve.h"

#include <math.h>

#define N_SAMPLES 32

/* How far the curve runs straight out of a port before it turns. */
static double
get_reach (double dx, double dy)
{
  if (dx >= 0)
    return MAX (dx / 2, MIN (fabs (dy) / 2, 56));
  return CLAMP (-dx / 2, 72, 320);
}

void
heddle_canvas_curve_init (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2)
{
  double reach = get_reach (x2 - x1, y2 - y1);

  curve->x[0] = x1;
  curve->y[0] = y1;
  curve->x[1] = x1 + reach;
  curve->y[1] = y1;
  curve->x[2] = x2 - reach;
  curve->y[2] = y2;
  curve->x[3] = x2;
  curve->y[3] = y2;
}

static double
bezier (const double *p, double t)
{
  double s = 1 - t;

  return s * s * s * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t * t * t * p[3];
}

static double
derivative (const double *p, double t)
{
  double s = 1 - t;

  return 3 * s * s * (p[1] - p[0]) + 6 * s * t * (p[2] - p[1]) + 3 * t * t * (p[3] - p[2]);
}

void
heddle_canvas_curve_get_point (const HeddleCanvasCurve *curve, double t, double *x, double *y)
{
  *x = bezier (curve->x, t);
  *y = bezier (curve->y, t);
}

double
heddle_canvas_curve_get_angle (const HeddleCanvasCurve *curve, double t)
{
  return atan2 (derivative (curve->y, t), derivative (curve->x, t));
}

void
heddle_canvas_curve_get_bounds (const HeddleCanvasCurve *curve, graphene_rect_t *bounds)
{
  double left = MIN (MIN (curve->x[0], curve->x[1]), MIN (curve->x[2], curve->x[3]));
  double right = MAX (MAX (curve->x[0], curve->x[1]), MAX (curve->x[2], curve->x[3]));
  double top = MIN (curve->y[0], curve->y[3]);
  double bottom = MAX (curve->y[0], curve->y[3]);

  graphene_rect_init (bounds, left, top, right - left, bottom - top);
}

guint
heddle_canvas_curve_get_n_pieces (const HeddleCanvasCurve *curve)
{
  double length = hypot (curve->x[3] - curve->x[0], curve->y[3] - curve->y[0]);

  return length < 512 ? 1 : (guint) CLAMP (length / 256, 4, 256);
}

void
heddle_canvas_curve_get_piece (const HeddleCanvasCurve *curve, guint piece, guint n_pieces, graphene_rect_t *bounds)
{
  double x1, y1, x2, y2;

  if (n_pieces == 1)
    {
      heddle_canvas_curve_get_bounds (curve, bounds);
      return;
    }
  heddle_canvas_curve_get_point (curve, (double) piece / n_pieces, &x1, &y1);
  heddle_canvas_curve_get_point (curve, (double) (piece + 1) / n_pieces, &x2, &y2);
  graphene_rect_init (bounds, MIN (x1, x2) - 8, MIN (y1, y2) - 8, fabs (x2 - x1) + 16, fabs (y2 - y1) + 16);
}

static double
segment_distance (double x1, double y1, double x2, double y2, double x, double y)
{
  double dx = x2 - x1, dy = y2 - y1;
  double square = dx * dx + dy * dy;
  double t = square > 0 ? CLAMP (((x - x1) * dx + (y - y1) * dy) / square, 0, 1) : 0;

  return hypot (x - x1 - t * dx, y - y1 - t * dy);
}

double
heddle_canvas_curve_get_distance (const HeddleCanvasCurve *curve, double x, double y)
{
  double best = G_MAXDOUBLE;
  double last_x = curve->x[0], last_y = curve->y[0];

  for (int i = 1; i <= N_SAMPLES; i++)
    {
      double next_x, next_y;

      heddle_canvas_curve_get_point (curve, (double) i / N_SAMPLES, &next_x, &next_y);
      best = MIN (best, segment_distance (last_x, last_y, next_x, next_y, x, y));
      last_x = next_x;
      last_y = next_y;
    }
  return best;
}

gboolean
heddle_canvas_curve_touches (const HeddleCanvasCurve *curve, const graphene_rect_t *area)
{
  for (int i = 0; i <= N_SAMPLES; i++)
    {
      double x, y;

      heddle_canvas_curve_get_point (curve, (double) i / N_SAMPLES, &x, &y);
      if (graphene_rect_contains_point (area, &GRAPHENE_POINT_INIT (x, y)))
        return TRUE;
    }
  return FALSE;
}
