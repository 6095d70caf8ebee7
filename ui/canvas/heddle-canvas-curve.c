/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-curve.h"

#include <math.h>

#define N_SAMPLES 32     /* of each piece */
#define AROUND_BULGE 64  /* how far a line that goes back swings out */
#define SMOOTHNESS .35   /* length of the handles at a point, of the way to the next */
#define PIECE_LENGTH 256 /* of what is put into the grid as one */
#define MAX_COORDINATE 1e8

static const double *
get_x (const HeddleCanvasCurve *curve)
{
  return curve->more != NULL ? curve->more : curve->x;
}

static const double *
get_y (const HeddleCanvasCurve *curve)
{
  return curve->more != NULL ? curve->more + 3 * curve->n_beziers + 1 : curve->y;
}

/* How far the curve runs straight out of a port before it turns. */
static double
get_reach (double dx, double dy)
{
  if (dx >= 0)
    return MAX (dx / 2, MIN (fabs (dy) / 2, 56));
  return CLAMP (-dx / 2, 72, 320);
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
  curve->more = NULL;
}

void
heddle_canvas_curve_init (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2)
{
  double reach = get_reach (x2 - x1, y2 - y1);
  const double points[][2] = { { x1, y1 }, { x1 + reach, y1 }, { x2 - reach, y2 }, { x2, y2 } };

  set_points (curve, points, G_N_ELEMENTS (points));
}

/* How far it is led straight out of a port or into one. */
static double
get_lane_reach (double dx, double dy)
{
  return dx > 0 ? get_reach (dx, dy) : AROUND_BULGE;
}

void
heddle_canvas_curve_init_along (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2, const HeddleCanvasLane *lane)
{
  const double first = x1 + lane->out, last = x2 - lane->in, level = lane->level;
  const double direction = last < first ? -1 : 1;
  const double out = get_lane_reach (lane->out, level - y1), in = get_lane_reach (lane->in, level - y2);
  const double points[][2] = {
    { x1, y1 },
    { x1 + out, y1 },
    { first - direction * out, level },
    { first, level },
    { first + (last - first) / 3, level },
    { last - (last - first) / 3, level },
    { last, level },
    { last + direction * in, level },
    { x2 - in, y2 },
    { x2, y2 },
  };

  set_points (curve, points, G_N_ELEMENTS (points));
}

/* At a point the line runs the way from the one before to the one after it. */
static void
set_handles (double *x, double *y, guint at)
{
  double dx = x[at + 3] - x[at - 3], dy = y[at + 3] - y[at - 3];
  double length = hypot (dx, dy);
  double before = SMOOTHNESS * hypot (x[at] - x[at - 3], y[at] - y[at - 3]);
  double after = SMOOTHNESS * hypot (x[at + 3] - x[at], y[at + 3] - y[at]);

  if (length > 0)
    {
      dx /= length;
      dy /= length;
    }
  x[at - 1] = x[at] - dx * before;
  y[at - 1] = y[at] - dy * before;
  x[at + 1] = x[at] + dx * after;
  y[at + 1] = y[at] + dy * after;
}

/* A file may say anything. */
static double
sanitize (double coordinate)
{
  return isfinite (coordinate) ? CLAMP (coordinate, -MAX_COORDINATE, MAX_COORDINATE) : 0;
}

void
heddle_canvas_curve_init_through (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2, const HeddlePoint *points, guint n_points)
{
  guint last = 3 * (n_points + 1);
  double *x, *y;

  if (n_points == 0)
    {
      heddle_canvas_curve_init (curve, x1, y1, x2, y2);
      return;
    }
  curve->n_beziers = n_points + 1;
  curve->more = g_atomic_rc_box_alloc (2 * sizeof (double) * (last + 1));
  x = curve->more;
  y = curve->more + last + 1;
  x[0] = x1;
  y[0] = y1;
  x[last] = x2;
  y[last] = y2;
  for (guint i = 0; i < n_points; i++)
    {
      x[3 * i + 3] = sanitize (points[i].x);
      y[3 * i + 3] = sanitize (points[i].y);
    }
  x[1] = x1 + get_reach (x[3] - x1, y[3] - y1);
  y[1] = y1;
  x[last - 1] = x2 - get_reach (x2 - x[last - 3], y2 - y[last - 3]);
  y[last - 1] = y2;
  for (guint i = 3; i < last; i += 3)
    set_handles (x, y, i);
}

void
heddle_canvas_curve_share (const HeddleCanvasCurve *curve)
{
  if (curve->more != NULL)
    g_atomic_rc_box_acquire (curve->more);
}

void
heddle_canvas_curve_clear (HeddleCanvasCurve *curve)
{
  g_clear_pointer (&curve->more, g_atomic_rc_box_release);
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

  *x = bezier (get_x (curve) + first, t);
  *y = bezier (get_y (curve) + first, t);
}

double
heddle_canvas_curve_get_angle (const HeddleCanvasCurve *curve, double t)
{
  guint first = find_bezier (curve, &t);

  return atan2 (derivative (get_y (curve) + first, t), derivative (get_x (curve) + first, t));
}

/* A line lies within its control points. */
static void
get_hull (const double *x, const double *y, guint n, graphene_rect_t *bounds)
{
  double left = x[0], right = left, top = y[0], bottom = top;

  for (guint i = 1; i < n; i++)
    {
      left = MIN (left, x[i]);
      right = MAX (right, x[i]);
      top = MIN (top, y[i]);
      bottom = MAX (bottom, y[i]);
    }
  graphene_rect_init (bounds, left, top, right - left, bottom - top);
}

void
heddle_canvas_curve_get_bounds (const HeddleCanvasCurve *curve, graphene_rect_t *bounds)
{
  get_hull (get_x (curve), get_y (curve), 3 * curve->n_beziers + 1, bounds);
}

static double
get_longest (const HeddleCanvasCurve *curve)
{
  const double *x = get_x (curve), *y = get_y (curve);
  double longest = 0;

  for (guint i = 3; i <= 3 * curve->n_beziers; i += 3)
    longest = MAX (longest, hypot (x[i] - x[i - 3], y[i] - y[i - 3]));
  return longest;
}

/* As many of each Bézier curve. */
guint
heddle_canvas_curve_get_n_pieces (const HeddleCanvasCurve *curve)
{
  double longest = get_longest (curve);
  guint n_each = longest < 2 * PIECE_LENGTH ? 1 : (guint) CLAMP (longest / PIECE_LENGTH, 4, 256);

  return n_each * curve->n_beziers;
}

guint
heddle_canvas_curve_get_n_long_pieces (const HeddleCanvasCurve *curve, double length)
{
  return (guint) CLAMP (ceil (get_longest (curve) / length), 1, 256) * curve->n_beziers;
}

/* The handles of the part of a curve between two places on it. */
static void
cut (const double *p, double start, double end, double part[4])
{
  part[0] = bezier (p, start);
  part[1] = part[0] + derivative (p, start) * (end - start) / 3;
  part[3] = bezier (p, end);
  part[2] = part[3] - derivative (p, end) * (end - start) / 3;
}

void
heddle_canvas_curve_bow (HeddleCanvasCurve *curve, double distance)
{
  double angle = heddle_canvas_curve_get_angle (curve, .5);
  double first[2][4], second[2][4];

  g_assert (curve->n_beziers == 1);
  cut (curve->x, 0, .5, first[0]);
  cut (curve->y, 0, .5, first[1]);
  cut (curve->x, .5, 1, second[0]);
  cut (curve->y, .5, 1, second[1]);
  memcpy (curve->x, first[0], sizeof first[0]);
  memcpy (curve->y, first[1], sizeof first[1]);
  memcpy (curve->x + 3, second[0], sizeof second[0]);
  memcpy (curve->y + 3, second[1], sizeof second[1]);
  /* The middle and its handles. */
  for (guint i = 2; i <= 4; i++)
    {
      curve->x[i] -= sin (angle) * distance;
      curve->y[i] += cos (angle) * distance;
    }
  curve->n_beziers = 2;
}

void
heddle_canvas_curve_get_piece (const HeddleCanvasCurve *curve, guint piece, guint n_pieces, graphene_rect_t *bounds)
{
  guint n_each = n_pieces / curve->n_beziers;
  guint first = 3 * (piece / n_each);
  double start = (double) (piece % n_each) / n_each;
  double x[4], y[4];

  cut (get_x (curve) + first, start, start + 1. / n_each, x);
  cut (get_y (curve) + first, start, start + 1. / n_each, y);
  get_hull (x, y, G_N_ELEMENTS (x), bounds);
  graphene_rect_inset (bounds, -8, -8);
}

/* Distance to a piece of a straight line, and where on it that is, from 0 to 1. */
static double
segment_distance (double x1, double y1, double x2, double y2, double x, double y, double *at)
{
  double dx = x2 - x1, dy = y2 - y1;
  double square = dx * dx + dy * dy;

  *at = square > 0 ? CLAMP (((x - x1) * dx + (y - y1) * dy) / square, 0, 1) : 0;
  return hypot (x - x1 - *at * dx, y - y1 - *at * dy);
}

double
heddle_canvas_curve_find_nearest (const HeddleCanvasCurve *curve, double x, double y, double *t)
{
  guint n_samples = N_SAMPLES * curve->n_beziers;
  double best = G_MAXDOUBLE;
  double last_x = get_x (curve)[0], last_y = get_y (curve)[0];

  for (guint i = 1; i <= n_samples; i++)
    {
      double next_x, next_y, at, own;

      heddle_canvas_curve_get_point (curve, (double) i / n_samples, &next_x, &next_y);
      own = segment_distance (last_x, last_y, next_x, next_y, x, y, &at);
      if (own < best)
        {
          best = own;
          *t = (i - 1 + at) / n_samples;
        }
      last_x = next_x;
      last_y = next_y;
    }
  return best;
}

double
heddle_canvas_curve_get_distance (const HeddleCanvasCurve *curve, double x, double y)
{
  double t = 0;

  return heddle_canvas_curve_find_nearest (curve, x, y, &t);
}

void
heddle_canvas_curve_trace (const HeddleCanvasCurve *curve, cairo_t *cr)
{
  const double *x = get_x (curve), *y = get_y (curve);

  cairo_move_to (cr, x[0], y[0]);
  for (guint i = 0; i < 3 * curve->n_beziers; i += 3)
    cairo_curve_to (cr, x[i + 1], y[i + 1], x[i + 2], y[i + 2], x[i + 3], y[i + 3]);
}

void
heddle_canvas_curve_trace_coarsely (const HeddleCanvasCurve *curve, cairo_t *cr)
{
  guint n = HEDDLE_CANVAS_CURVE_N_COARSE * curve->n_beziers;

  cairo_move_to (cr, get_x (curve)[0], get_y (curve)[0]);
  for (guint i = 1; i <= n; i++)
    {
      double x, y;

      heddle_canvas_curve_get_point (curve, (double) i / n, &x, &y);
      cairo_line_to (cr, x, y);
    }
}
