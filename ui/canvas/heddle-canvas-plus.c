/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* The button in the middle of an edge, which searches for a node and puts it there. */
#define MIN_LENGTH 44   /* of an edge that has the button, in pixels */
#define LOOP_PLUS_AT .6 /* beside the sign of a loop */
#define PLUS_AT .5

gboolean
heddle_canvas_get_plus (HeddleCanvas *self, const HeddleCanvasEdge *edge, double *x, double *y)
{
  double x1, y1, x2, y2, offset_x, offset_y;

  if (edge->is_tool || edge->hidden || self->detail == HEDDLE_CANVAS_DETAIL_BLOCK)
    return FALSE;
  heddle_canvas_curve_get_point (&edge->curve, 0, &x1, &y1);
  heddle_canvas_curve_get_point (&edge->curve, 1, &x2, &y2);
  if (!edge->is_loop && hypot (x2 - x1, y2 - y1) * self->zoom < MIN_LENGTH)
    return FALSE;
  heddle_canvas_curve_get_point (&edge->curve, edge->is_loop ? LOOP_PLUS_AT : PLUS_AT, x, y);
  heddle_canvas_get_render_offset (self, &offset_x, &offset_y);
  *x = offset_x + *x * self->zoom;
  *y = offset_y + *y * self->zoom;
  return TRUE;
}

void
heddle_canvas_request_insert (HeddleCanvas *self, const HeddleCanvasEdge *edge)
{
  double x, y, offset_x, offset_y;

  heddle_canvas_curve_get_point (&edge->curve, PLUS_AT, &x, &y);
  heddle_canvas_get_render_offset (self, &offset_x, &offset_y);
  heddle_canvas_cancel_pending (self);
  self->pending_node = g_strdup (edge->from->id);
  self->pending_port = g_strdup (edge->from_port);
  self->pending_to = g_strdup (edge->to->id);
  self->pending_to_port = g_strdup (edge->to_port);
  self->pending_output = TRUE;
  heddle_canvas_emit_search (self, offset_x + x * self->zoom, offset_y + y * self->zoom, TRUE);
}

HeddleCanvasEdge *
heddle_canvas_find_pending_edge (HeddleCanvas *self)
{
  if (self->pending_to == NULL)
    return NULL;
  return heddle_canvas_scene_find_edge (self->scene, self->pending_node, self->pending_port, self->pending_to, self->pending_to_port);
}
