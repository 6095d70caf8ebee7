/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <graphene.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

#define HEDDLE_CANVAS_CURVE_MAX_PIECES 3
#define HEDDLE_CANVAS_CURVE_N_COARSE 5 /* straight pieces that a Bézier curve is drawn as where it must be fast */

/*
 * The line of an edge, which leaves and enters horizontally: one cubic Bézier curve, or several where it goes around or
 * through points. World units. A value; what is led through points shares them with its copies (heddle_canvas_curve_share).
 */
typedef struct
{
  double x[3 * HEDDLE_CANVAS_CURVE_MAX_PIECES + 1]; /* each piece begins where the one before ends */
  double y[3 * HEDDLE_CANVAS_CURVE_MAX_PIECES + 1];
  double *more; /* reference counted: all x, then all y, where there are more pieces than that; or NULL */
  guint n_beziers;
} HeddleCanvasCurve;

/* A level that a line runs along, to go around what lies between its ends. */
typedef struct
{
  double level;
  double out, in; /* how far after its start it is there, and before its end it leaves it; both 0: it turns around at them */
  double give;    /* how far it may be moved, to lie apart from other lines: down, or up when it is negative */
  double spare;   /* how far the other way, when that is not enough */
} HeddleCanvasLane;

void heddle_canvas_curve_init (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2);
void heddle_canvas_curve_init_along (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2, const HeddleCanvasLane *lane);
/* Moves the middle of a single Bézier curve sideways; its ends stay as they are. */
void heddle_canvas_curve_bow (HeddleCanvasCurve *curve, double distance);
/* Smoothly through points, in their order. To be cleared. */
void heddle_canvas_curve_init_through (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2, const HeddlePoint *points, guint n_points);
/* What was copied by assignment holds its points, too, and is to be cleared. Any thread. */
void heddle_canvas_curve_share (const HeddleCanvasCurve *curve);
void heddle_canvas_curve_clear (HeddleCanvasCurve *curve);

/* t from 0 to 1 over the whole line. */
void heddle_canvas_curve_get_point (const HeddleCanvasCurve *curve, double t, double *x, double *y);
/* Direction at t in radians. */
double heddle_canvas_curve_get_angle (const HeddleCanvasCurve *curve, double t);
void heddle_canvas_curve_get_bounds (const HeddleCanvasCurve *curve, graphene_rect_t *bounds);
/* In how many pieces it must be cut so that their bounds follow it closely. */
guint heddle_canvas_curve_get_n_pieces (const HeddleCanvasCurve *curve);
/* The same, where pieces of this length do. */
guint heddle_canvas_curve_get_n_long_pieces (const HeddleCanvasCurve *curve, double length);
void heddle_canvas_curve_get_piece (const HeddleCanvasCurve *curve, guint piece, guint n_pieces, graphene_rect_t *bounds);
double heddle_canvas_curve_get_distance (const HeddleCanvasCurve *curve, double x, double y);
/* The same, with the place on the line that is nearest. */
double heddle_canvas_curve_find_nearest (const HeddleCanvasCurve *curve, double x, double y, double *t);
/* Makes it the path of a context that is in world units. Any thread. */
void heddle_canvas_curve_trace (const HeddleCanvasCurve *curve, cairo_t *cr);
/* Adds it to the path as a few straight pieces, which cost far less to draw. */
void heddle_canvas_curve_trace_coarsely (const HeddleCanvasCurve *curve, cairo_t *cr);

G_END_DECLS
