/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-edge.h"

#include <math.h>

#define WIDTH 2.f
#define WIDTH_STRONG 2.6f
#define MIN_DEVICE_WIDTH 0.7
#define MARKER_MIN_SCALE 0.35
#define LEVEL_DISTANCE 28 /* below cards */
#define LOOP_SIGN 9.      /* radius */
#define LOOPED_MARKER_AT .42

HeddleCanvasEdge *
heddle_canvas_edge_new (HeddleCanvasItem *from, const char *from_port, HeddleCanvasItem *to, const char *to_port)
{
  HeddleCanvasEdge *self = g_new0 (HeddleCanvasEdge, 1);

  self->from = from;
  self->to = to;
  self->from_port = g_strdup (from_port);
  self->to_port = g_strdup (to_port);
  heddle_canvas_edge_update (self);
  return self;
}

void
heddle_canvas_edge_free (HeddleCanvasEdge *self)
{
  heddle_canvas_curve_clear (&self->curve);
  g_free (self->points);
  g_free (self->from_port);
  g_free (self->to_port);
  g_free (self);
}

HeddleCanvasItem *
heddle_canvas_edge_get_seen (const HeddleCanvasEdge *self, gboolean output)
{
  HeddleCanvasItem *item = output ? self->from : self->to;

  return item->stands_in != NULL ? item->stands_in : item;
}

/* At its port, or at the side of the collapsed item that it leads into. */
static void
get_end (const HeddleCanvasEdge *self, gboolean output, double *x, double *y)
{
  HeddleCanvasItem *item = output ? self->from : self->to;
  const HeddleCanvasItem *seen = heddle_canvas_edge_get_seen (self, output);

  if (seen == item)
    {
      heddle_canvas_item_get_port_position (item, output, heddle_canvas_item_find_port (item, output, output ? self->from_port : self->to_port), x, y);
      return;
    }
  *x = seen->x + (output ? seen->width : 0);
  *y = seen->y + MIN (seen->height, HEDDLE_CANVAS_CARD_HEIGHT) / 2;
}

void
heddle_canvas_edge_get_ends (const HeddleCanvasEdge *self, HeddlePoint *start, HeddlePoint *end)
{
  get_end (self, TRUE, &start->x, &start->y);
  get_end (self, FALSE, &end->x, &end->y);
}

void
heddle_canvas_edge_update (HeddleCanvasEdge *self)
{
  HeddleCanvasLane lane = self->lane;
  HeddlePoint start, end;

  heddle_canvas_edge_get_ends (self, &start, &end);
  heddle_canvas_curve_clear (&self->curve);
  lane.level += self->apart;
  if (self->n_points > 0)
    heddle_canvas_curve_init_through (&self->curve, start.x, start.y, end.x, end.y, self->points, self->n_points);
  else if (self->is_led)
    heddle_canvas_curve_init_along (&self->curve, start.x, start.y, end.x, end.y, &lane);
  else
    heddle_canvas_curve_init (&self->curve, start.x, start.y, end.x, end.y);
  if (self->curve.n_beziers == 1 && self->apart != 0)
    heddle_canvas_curve_bow (&self->curve, self->apart);
}

void
heddle_canvas_edge_extend (const HeddleCanvasEdge *self, graphene_rect_t *bounds)
{
  guint n_pieces = 4 * self->curve.n_beziers;
  graphene_rect_t own;

  heddle_canvas_curve_get_bounds (&self->curve, &own);
  if (self->folded || graphene_rect_contains_rect (bounds, &own))
    return;
  /* The handles lie farther out than the line does. */
  for (guint i = 0; i < n_pieces; i++)
    {
      heddle_canvas_curve_get_piece (&self->curve, i, n_pieces, &own);
      graphene_rect_union (bounds, &own, bounds);
    }
}

gboolean
heddle_canvas_edge_set_points (HeddleCanvasEdge *self, const HeddlePoint *points, guint n_points)
{
  gsize size = n_points * sizeof *points;

  if (n_points == self->n_points && (n_points == 0 || memcmp (points, self->points, size) == 0))
    return FALSE;
  g_free (self->points);
  self->points = n_points > 0 ? g_memdup2 (points, size) : NULL;
  self->n_points = n_points;
  return TRUE;
}

int
heddle_canvas_edge_find_point (const HeddleCanvasEdge *self, double x, double y, double distance)
{
  int found = -1;

  for (guint i = 0; i < self->n_points; i++)
    {
      double own = hypot (self->points[i].x - x, self->points[i].y - y);

      if (own > distance)
        continue;
      distance = own;
      found = (int) i;
    }
  return found;
}

guint
heddle_canvas_edge_find_place (const HeddleCanvasEdge *self, double x, double y, HeddlePoint *place)
{
  double t = 0;

  heddle_canvas_curve_find_nearest (&self->curve, x, y, &t);
  heddle_canvas_curve_get_point (&self->curve, t, &place->x, &place->y);
  return MIN ((guint) (t * (self->n_points + 1)), self->n_points);
}

static gboolean
is_inner (const HeddleCanvasItem *item, gboolean output, const char *name)
{
  int port = heddle_canvas_item_find_port (item, output, name);

  return port >= 0 && heddle_canvas_item_get_port (item, output, (guint) port)->inner;
}

double
heddle_canvas_edge_get_level (const HeddleCanvasItem *from, const HeddleCanvasItem *to)
{
  return MAX (from->y + from->height, to->y + to->height) + LEVEL_DISTANCE;
}

gboolean
heddle_canvas_edge_is_inner (const HeddleCanvasEdge *self)
{
  return is_inner (self->from, TRUE, self->from_port) || is_inner (self->to, FALSE, self->to_port);
}

HeddleCanvasItem *
heddle_canvas_edge_get_frame (const HeddleCanvasEdge *self)
{
  if (is_inner (self->from, TRUE, self->from_port))
    return self->from;
  return is_inner (self->to, FALSE, self->to_port) ? self->to : self->from->parent;
}

gboolean
heddle_canvas_edge_update_run (HeddleCanvasEdge *self, HeddleTrace *trace)
{
  HeddleEdgeState state = trace != NULL ? heddle_trace_get_edge_state (trace, self->from->id, self->from_port) : HEDDLE_EDGE_PENDING;

  if (state == self->state)
    return FALSE;
  self->state = state;
  return TRUE;
}

gboolean
heddle_canvas_edge_is_dynamic (const HeddleCanvasEdge *self)
{
  return self->selected || self->moving || (self->is_tool && heddle_canvas_item_is_running (self->from)) || self->from->moving || self->to->moving || (self->state == HEDDLE_EDGE_LIVE && heddle_canvas_item_is_running (self->to));
}

void
heddle_canvas_edge_get_stroke (const HeddleCanvasEdge *self, const HeddleCanvasPalette *palette, HeddleCanvasStroke *stroke)
{
  gboolean in_run = self->from->in_run;
  gboolean is_off = self->state == HEDDLE_EDGE_DEAD || (heddle_canvas_item_is_off (self->from) && in_run) ||
                    self->from->mode == HEDDLE_NODE_OFF || self->to->mode == HEDDLE_NODE_OFF;

  *stroke = (HeddleCanvasStroke){ .curve = self->curve, .color = palette->edge, .width = WIDTH };
  if (self->selected)
    {
      stroke->color = palette->accent;
      stroke->width = WIDTH_STRONG;
    }
  else if (self->is_tool)
    {
      stroke->color = palette->accent;
    }
  else if (is_off)
    {
      stroke->color.alpha = .55f;
    }
  else if (self->state == HEDDLE_EDGE_LIVE)
    {
      stroke->color = heddle_canvas_item_is_running (self->to) ? palette->accent : palette->ok;
      stroke->width = WIDTH_STRONG;
    }
  stroke->dashed = is_off || self->is_tool;
  stroke->marked = self->state == HEDDLE_EDGE_LIVE;
  stroke->looped = self->is_loop;
}

static void
draw_marker (const HeddleCanvasStroke *self, cairo_t *cr)
{
  double at = self->looped ? LOOPED_MARKER_AT : .5;
  double x, y;

  heddle_canvas_curve_get_point (&self->curve, at, &x, &y);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, heddle_canvas_curve_get_angle (&self->curve, at));
  cairo_move_to (cr, 6, 0);
  cairo_line_to (cr, -5, -5.5);
  cairo_line_to (cr, -5, 5.5);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_restore (cr);
}

/* Whatever the colour of the line is. */
static void
set_sign_color (const HeddleCanvasStroke *self, cairo_t *cr)
{
  const GdkRGBA white = { 1, 1, 1, 1 };
  double tone = heddle_canvas_palette_contrast (&self->color, &white) >= 3 ? 1 : .08;

  cairo_set_source_rgb (cr, tone, tone, tone);
}

/* A round arrow in the middle: what comes here goes around again. */
static void
draw_loop_sign (const HeddleCanvasStroke *self, cairo_t *cr)
{
  double x, y;

  heddle_canvas_curve_get_point (&self->curve, .5, &x, &y);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_arc (cr, 0, 0, LOOP_SIGN, 0, 2 * G_PI);
  cairo_fill (cr);
  set_sign_color (self, cr);
  cairo_set_line_width (cr, 1.8);
  cairo_arc (cr, 0, 0, 4.4, -G_PI / 6, 1.4 * G_PI);
  cairo_stroke (cr);
  cairo_move_to (cr, -1.6, -7);
  cairo_line_to (cr, 2.6, -4.3);
  cairo_line_to (cr, -1.8, -1.6);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_restore (cr);
}

void
heddle_canvas_stroke_begin (const HeddleCanvasStroke *self, cairo_t *cr, double scale)
{
  const double dashes[] = { 5, 5 };

  cairo_set_source_rgba (cr, self->color.red, self->color.green, self->color.blue, self->color.alpha);
  cairo_set_line_width (cr, MAX (self->width, MIN_DEVICE_WIDTH / scale));
  cairo_set_dash (cr, dashes, self->dashed ? 2 : 0, self->dash_offset);
}

void
heddle_canvas_stroke_draw (const HeddleCanvasStroke *self, cairo_t *cr, double scale)
{
  heddle_canvas_stroke_begin (self, cr, scale);
  heddle_canvas_curve_trace (&self->curve, cr);
  cairo_stroke (cr);
  if (scale < MARKER_MIN_SCALE)
    return;
  if (self->marked)
    draw_marker (self, cr);
  if (self->looped)
    draw_loop_sign (self, cr);
}
