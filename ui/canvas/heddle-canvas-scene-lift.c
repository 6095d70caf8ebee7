/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-scene-private.h"

/* What is being dragged is in no grid, and its lines are only led anew when somebody asks for them. */

void
heddle_canvas_scene_lift (HeddleCanvasScene *self, HeddleCanvasItem *item)
{
  if (item->lifted)
    return;
  if (self->lifted->len == 0)
    {
      self->lift_x = item->x;
      self->lift_y = item->y;
    }
  heddle_canvas_scene_index_item (self, item, FALSE);
  item->lifted = TRUE;
  g_ptr_array_add (self->lifted, item);
  for (guint i = 0; i < item->edges->len; i++)
    {
      HeddleCanvasEdge *edge = item->edges->pdata[i];

      if (edge->lifted)
        continue;
      heddle_canvas_scene_index_edge (self, edge, FALSE);
      edge->lifted = TRUE;
      g_ptr_array_add (self->lifted_edges, edge);
    }
}

void
heddle_canvas_scene_settle (HeddleCanvasScene *self)
{
  for (guint i = 0; i < self->lifted->len; i++)
    {
      HeddleCanvasItem *item = self->lifted->pdata[i];

      item->lifted = FALSE;
      heddle_canvas_scene_index_item (self, item, TRUE);
    }
  for (guint i = 0; i < self->lifted_edges->len; i++)
    {
      HeddleCanvasEdge *edge = self->lifted_edges->pdata[i];

      edge->lifted = FALSE;
      heddle_canvas_scene_forget_route (self, edge);
      heddle_canvas_edge_update (edge);
      heddle_canvas_scene_index_edge (self, edge, TRUE);
    }
  g_ptr_array_set_size (self->lifted, 0);
  g_ptr_array_set_size (self->lifted_edges, 0);
  self->is_late = FALSE;
  heddle_canvas_scene_route (self);
}

GPtrArray *
heddle_canvas_scene_get_lifted (HeddleCanvasScene *self)
{
  return self->lifted;
}

GPtrArray *
heddle_canvas_scene_get_lifted_edges (HeddleCanvasScene *self)
{
  return self->lifted_edges;
}

gboolean
heddle_canvas_scene_get_shift (HeddleCanvasScene *self, double *dx, double *dy)
{
  const HeddleCanvasItem *first = self->lifted->len > HEDDLE_CANVAS_MANY ? self->lifted->pdata[0] : NULL;

  *dx = first != NULL ? first->x - self->lift_x : 0;
  *dy = first != NULL ? first->y - self->lift_y : 0;
  return first != NULL;
}

/* Whether the line moves as a whole with what is dragged. */
static gboolean
stays_behind (HeddleCanvasScene *self, const HeddleCanvasEdge *edge)
{
  return self->lifted->len > HEDDLE_CANVAS_MANY && edge->from->lifted && edge->to->lifted;
}

/* A few lines find their way while they are dragged. */
static void
lead (HeddleCanvasScene *self, HeddleCanvasEdge *edge)
{
  gboolean is_few = self->lifted_edges->len <= HEDDLE_CANVAS_MANY;

  if (!edge->is_loop)
    edge->is_led = is_few && edge->n_points == 0 && heddle_canvas_scene_find_lane (self, edge, &edge->lane, &edge->area);
  heddle_canvas_edge_update (edge);
}

void
heddle_canvas_scene_lead_lifted (HeddleCanvasScene *self)
{
  for (guint i = 0; self->is_late && i < self->lifted_edges->len; i++)
    if (!stays_behind (self, self->lifted_edges->pdata[i]))
      lead (self, self->lifted_edges->pdata[i]);
  self->is_late = FALSE;
}

void
heddle_canvas_scene_forget_dynamic_edges (HeddleCanvasScene *self)
{
  self->knows_dynamic = FALSE;
}

GPtrArray *
heddle_canvas_scene_get_dynamic_edges (HeddleCanvasScene *self)
{
  heddle_canvas_scene_lead_lifted (self);
  if (self->knows_dynamic)
    return self->dynamic;
  g_ptr_array_set_size (self->dynamic, 0);
  for (guint i = 0; i < self->edges->len; i++)
    {
      HeddleCanvasEdge *edge = self->edges->pdata[i];

      if (!edge->folded && heddle_canvas_edge_is_dynamic (edge) && !stays_behind (self, edge))
        g_ptr_array_add (self->dynamic, edge);
    }
  self->knows_dynamic = TRUE;
  return self->dynamic;
}
