/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* A line drawn over edges that cuts all it crosses, when the button is let go. */
#define N_SAMPLES 24 /* of each piece of a curve */

typedef struct
{
  double x1, y1, x2, y2;
} Line;

/* On which side of a line a point lies, and how far. */
static double
get_side (const Line *line, double x, double y)
{
  return (line->x2 - line->x1) * (y - line->y1) - (line->y2 - line->y1) * (x - line->x1);
}

static gboolean
lines_cross (const Line *a, const Line *b)
{
  gboolean parts_b = (get_side (a, b->x1, b->y1) > 0) != (get_side (a, b->x2, b->y2) > 0);
  gboolean parts_a = (get_side (b, a->x1, a->y1) > 0) != (get_side (b, a->x2, a->y2) > 0);

  return parts_a && parts_b;
}

static gboolean
crosses (const HeddleCanvasCurve *curve, const Line *knife)
{
  guint n_samples = N_SAMPLES * curve->n_beziers;
  Line piece;

  heddle_canvas_curve_get_point (curve, 0, &piece.x2, &piece.y2);
  for (guint i = 1; i <= n_samples; i++)
    {
      piece.x1 = piece.x2;
      piece.y1 = piece.y2;
      heddle_canvas_curve_get_point (curve, (double) i / n_samples, &piece.x2, &piece.y2);
      if (lines_cross (&piece, knife))
        return TRUE;
    }
  return FALSE;
}

void
heddle_canvas_update_knife (HeddleCanvas *self, double x, double y)
{
  g_autoptr (GPtrArray) edges = g_ptr_array_new ();
  Line knife;

  heddle_canvas_to_world (self, self->press_x, self->press_y, &knife.x1, &knife.y1);
  heddle_canvas_to_world (self, x, y, &knife.x2, &knife.y2);
  heddle_canvas_scene_query_edges (self->scene, &GRAPHENE_RECT_INIT (MIN (knife.x1, knife.x2) - 1, MIN (knife.y1, knife.y2) - 1, fabs (knife.x2 - knife.x1) + 2, fabs (knife.y2 - knife.y1) + 2), edges);
  g_ptr_array_set_size (self->cut, 0);
  for (guint i = 0; i < edges->len; i++)
    if (crosses (&((HeddleCanvasEdge *) edges->pdata[i])->curve, &knife))
      g_ptr_array_add (self->cut, edges->pdata[i]);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
heddle_canvas_end_knife (HeddleCanvas *self, gboolean commit)
{
  if (commit && self->cut->len > 0)
    {
      heddle_document_begin (self->document, _ ("Cut Connections"));
      for (guint i = 0; i < self->cut->len; i++)
        {
          const HeddleCanvasEdge *edge = self->cut->pdata[i];

          heddle_document_disconnect (self->document, edge->from->id, edge->from_port, edge->to->id, edge->to_port);
        }
      /* What they point to goes when the group ends. */
      g_ptr_array_set_size (self->cut, 0);
      heddle_document_end (self->document);
    }
  g_ptr_array_set_size (self->cut, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
