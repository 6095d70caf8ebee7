/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <graphene.h>
#include <glib.h>

G_BEGIN_DECLS

/* The line of an edge: one cubic Bézier curve that leaves and enters horizontally. World units. */
typedef struct
{
  double x[4];
  double y[4];
} HeddleCanvasCurve;

void heddle_canvas_curve_init (HeddleCanvasCurve *curve, double x1, double y1, double x2, double y2);
void heddle_canvas_curve_get_point (const HeddleCanvasCurve *curve, double t, double *x, double *y);
/* Direction at t in radians. */
double heddle_canvas_curve_get_angle (const HeddleCanvasCurve *curve, double t);
void heddle_canvas_curve_get_bounds (const HeddleCanvasCurve *curve, graphene_rect_t *bounds);
/* In how many pieces it must be cut so that their bounds follow it closely. */
guint heddle_canvas_curve_get_n_pieces (const HeddleCanvasCurve *curve);
void heddle_canvas_curve_get_piece (const HeddleCanvasCurve *curve, guint piece, guint n_pieces, graphene_rect_t *bounds);
double heddle_canvas_curve_get_distance (const HeddleCanvasCurve *curve, double x, double y);
gboolean heddle_canvas_curve_touches (const HeddleCanvasCurve *curve, const graphene_rect_t *area);

G_END_DECLS
