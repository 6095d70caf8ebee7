/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-curve.h"
#include "canvas/heddle-canvas-item.h"
#include "canvas/heddle-canvas-palette.h"

G_BEGIN_DECLS

/* An edge between two items of a scene. Plain data owned by the scene. */
typedef struct
{
  HeddleCanvasItem *from;
  HeddleCanvasItem *to;
  char *from_port;
  char *to_port;
  HeddlePoint *points; /* that its line is led through, from its start to its end */
  guint n_points;
  HeddleCanvasCurve curve;
  HeddleEdgeState state; /* in the run that is shown */
  guint stamp;
  HeddleCanvasLane lane; /* that it runs along when it is led */
  double apart;          /* how far it is moved to lie beside others: its lane, or its middle */
  graphene_rect_t area;  /* of one that is led around cards: where they are */
  guint selected : 1;
  guint is_led : 1;   /* around what lies between its ends */
  guint unrouted : 1; /* it is not known yet what does */
  guint is_loop : 1;  /* it leads back */
  guint is_tool : 1;  /* nothing flows: the target calls the source */
  guint hidden : 1;   /* its end is being dragged */
  guint moving : 1;   /* a point of it is being dragged */
  guint lifted : 1;   /* an end of it is, and the scene keeps it out of the grid */
  guint folded : 1;   /* wholly in a collapsed item, where it does not show */
} HeddleCanvasEdge;

/* How to draw an edge; a value, so that worker threads can have copies. What is kept must share its curve. */
typedef struct
{
  HeddleCanvasCurve curve;
  GdkRGBA color;
  float width;
  float dash_offset;
  guint8 dashed;
  guint8 marked; /* an arrow: a value passed here */
  guint8 looped; /* a round arrow: it leads back */
} HeddleCanvasStroke;

HeddleCanvasEdge *heddle_canvas_edge_new (HeddleCanvasItem *from, const char *from_port, HeddleCanvasItem *to, const char *to_port) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_edge_free (HeddleCanvasEdge *self);
/* What is seen of its ends: the item, or the collapsed one that it is in. */
HeddleCanvasItem *heddle_canvas_edge_get_seen (const HeddleCanvasEdge *self, gboolean output);
void heddle_canvas_edge_get_ends (const HeddleCanvasEdge *self, HeddlePoint *start, HeddlePoint *end);
/* Recomputes the curve from where its items are. */
void heddle_canvas_edge_update (HeddleCanvasEdge *self);
/* For the next update; FALSE: these it has. */
gboolean heddle_canvas_edge_set_points (HeddleCanvasEdge *self, const HeddlePoint *points, guint n_points);
/* Makes the bounds so large that the line is within them: led around cards or through points, it may go beyond its ends. */
void heddle_canvas_edge_extend (const HeddleCanvasEdge *self, graphene_rect_t *bounds);
/* The point within the distance that is nearest, or -1. */
int heddle_canvas_edge_find_point (const HeddleCanvasEdge *self, double x, double y, double distance);
/* The place on the line that is nearest, and where among the points one would be put there. */
guint heddle_canvas_edge_find_place (const HeddleCanvasEdge *self, double x, double y, HeddlePoint *place);
/* Below both ends. */
double heddle_canvas_edge_get_level (const HeddleCanvasItem *from, const HeddleCanvasItem *to);
/* Whether it ends at an inner port of a container. */
gboolean heddle_canvas_edge_is_inner (const HeddleCanvasEdge *self);
/* The container that it lies in, or NULL. */
HeddleCanvasItem *heddle_canvas_edge_get_frame (const HeddleCanvasEdge *self);
gboolean heddle_canvas_edge_update_run (HeddleCanvasEdge *self, HeddleTrace *trace);
/* Whether it changes from frame to frame, so that it must not be kept in a tile. */
gboolean heddle_canvas_edge_is_dynamic (const HeddleCanvasEdge *self);
void heddle_canvas_edge_get_stroke (const HeddleCanvasEdge *self, const HeddleCanvasPalette *palette, HeddleCanvasStroke *stroke);

/* In a context that is set up in world units. scale: device pixels per unit, to keep thin lines visible. Any thread. */
/* Only its colour, width and dashes. */
void heddle_canvas_stroke_begin (const HeddleCanvasStroke *self, cairo_t *cr, double scale);
void heddle_canvas_stroke_draw (const HeddleCanvasStroke *self, cairo_t *cr, double scale);

G_END_DECLS
