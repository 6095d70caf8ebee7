/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-curve.h"

#include <math.h>

#define N_SAMPLES 32    /* of each piece */
#define AROUND_BULGE 64 /* how far a line that goes back swings out */

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

  curve->n_beziers = 1;
  curve->x[0] = x1;
  curve->y[0] = y1;
  curve->x[1] = x1 + reach;
  curve->y[1] = y1;
  curve->x[2] = x2 - reach;
  curve->y[2] = y2;
  curve->x[3] = x2;
  curve->y[3] = y2;
}

static void
set_points (HeddleCanvasCurve *curve, const double (*points)[2], guint n_points)
{
  for (guint i = 0; i < n_points; i++)
    {
      curve->x[i] = points[i][0];
      curve->y[i] = points[i][1];
    }
  curve->n_beziers = (n_points - 1) / 3;
}

void
heddle_canvas_curve_init_around (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2, double level)
{
  const double out = x1 + AROUND_BULGE, in = x2 - AROUND_BULGE;
  const double points[][2] = {
    { x1, y1 },
    { out, y1 },
    { out, level },
    { x1, level },
    { x1 + (x2 - x1) / 3, level },
    { x2 - (x2 - x1) / 3, level },
    { x2, level },
    { in, level },
    { in, y2 },
    { x2, y2 },
  };

  set_points (curve, points, G_N_ELEMENTS (points));
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

/* Which piece of the line t lies on, and where on it. */
static guint
find_bezier (const HeddleCanvasCurve *curve, double *t)
{
  double along = *t * curve->n_beziers;
  guint index = (guint) CLAMP (along, 0, curve->n_beziers - 1);

  *t = along - index;
  return 3 * index;
}

void
heddle_canvas_curve_get_point (const HeddleCanvasCurve *curve, double t, double *x, double *y)
{
  guint first = find_bezier (curve, &t);

  *x = bezier (curve->x + first, t);
  *y = bezier (curve->y + first, t);
}

double
heddle_canvas_curve_get_angle (const HeddleCanvasCurve *curve, double t)
{
  guint first = find_bezier (curve, &t);

  return atan2 (derivative (curve->y + first, t), derivative (curve->x + first, t));
}

/* The line lies within its control points. */
void
heddle_canvas_curve_get_bounds (const HeddleCanvasCurve *curve, graphene_rect_t *bounds)
{
  double left = curve->x[0], right = left, top = curve->y[0], bottom = top;

  for (guint i = 1; i <= 3 * curve->n_beziers; i++)
    {
      left = MIN (left, curve->x[i]);
      right = MAX (right, curve->x[i]);
      top = MIN (top, curve->y[i]);
      bottom = MAX (bottom, curve->y[i]);
    }
  graphene_rect_init (bounds, left, top, right - left, bottom - top);
}

static double
get_length (const HeddleCanvasCurve *curve)
{
  double length = 0;

  for (guint i = 3; i <= 3 * curve->n_beziers; i += 3)
    length += hypot (curve->x[i] - curve->x[i - 3], curve->y[i] - curve->y[i - 3]);
  return length;
}

guint
heddle_canvas_curve_get_n_pieces (const HeddleCanvasCurve *curve)
{
  double length = get_length (curve);

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
  int n_samples = N_SAMPLES * (int) curve->n_beziers;
  double best = G_MAXDOUBLE;
  double last_x = curve->x[0], last_y = curve->y[0];

  for (int i = 1; i <= n_samples; i++)
    {
      double next_x, next_y;

      heddle_canvas_curve_get_point (curve, (double) i / n_samples, &next_x, &next_y);
      best = MIN (best, segment_distance (last_x, last_y, next_x, next_y, x, y));
      last_x = next_x;
      last_y = next_y;
    }
  return best;
}

gboolean
heddle_canvas_curve_touches (const HeddleCanvasCurve *curve, const graphene_rect_t *area)
{
  int n_samples = N_SAMPLES * (int) curve->n_beziers;

  for (int i = 0; i <= n_samples; i++)
    {
      double x, y;

      heddle_canvas_curve_get_point (curve, (double) i / n_samples, &x, &y);
      if (graphene_rect_contains_point (area, &GRAPHENE_POINT_INIT (x, y)))
        return TRUE;
    }
  return FALSE;
}
