/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-scene-private.h"

/* Edges that lead back, and how they go around what lies between. */

#define CLEARANCE 28   /* between the line and cards */
#define GIVE 20        /* how far up it may be moved, to lie apart from other lines */
#define MAX_LOWERED 16 /* times that something is in the way */

static gboolean
is_in_the_way (const HeddleCanvasItem *item, const HeddleCanvasEdge *edge)
{
  return item->kind == HEDDLE_CANVAS_ITEM_NODE && item->parent == edge->to->parent;
}

/* The lowest that any card reaches which the level crosses; FALSE: it crosses none. */
static gboolean
find_obstacle (HeddleCanvasScene *self, const HeddleCanvasEdge *edge, double level, double *bottom)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  double left = MIN (edge->from->x + edge->from->width, edge->to->x) - CLEARANCE;
  double right = MAX (edge->from->x + edge->from->width, edge->to->x) + CLEARANCE;

  *bottom = -G_MAXDOUBLE;
  heddle_canvas_scene_query_items (self, &GRAPHENE_RECT_INIT (left, level - CLEARANCE / 2, right - left, CLEARANCE), items);
  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];

      if (is_in_the_way (item, edge))
        *bottom = MAX (*bottom, item->y + item->height);
    }
  return *bottom > -G_MAXDOUBLE;
}

static double
find_level (HeddleCanvasScene *self, const HeddleCanvasEdge *edge)
{
  double level = heddle_canvas_edge_get_level (edge->from, edge->to);
  double bottom = 0;

  for (guint i = 0; i < MAX_LOWERED && find_obstacle (self, edge, level, &bottom); i++)
    level = bottom + CLEARANCE;
  return level;
}

static gboolean
is_member (const HeddleGraphLoop *loop, const char *id)
{
  for (guint i = 0; i < loop->nodes->len; i++)
    if (g_str_equal (loop->nodes->pdata[i], id))
      return TRUE;
  return FALSE;
}

static void
mark_loop (HeddleCanvasScene *self, const HeddleGraphLoop *loop)
{
  HeddleCanvasItem *entry = heddle_canvas_scene_find (self, loop->entry);

  for (guint i = 0; entry != NULL && i < entry->edges->len; i++)
    {
      HeddleCanvasEdge *edge = entry->edges->pdata[i];

      if (edge->to == entry && !edge->is_tool && !heddle_canvas_edge_is_inner (edge) && is_member (loop, edge->from->id))
        g_ptr_array_add (self->loops, edge);
    }
}

static void
release (HeddleCanvasScene *self, HeddleCanvasEdge *edge)
{
  edge->is_loop = FALSE;
  heddle_canvas_scene_lead_edge (self, edge, NULL);
  heddle_canvas_scene_unroute_edge (self, edge);
}

void
heddle_canvas_scene_find_loops (HeddleCanvasScene *self, HeddleGraph *graph)
{
  g_autoptr (GPtrArray) loops = heddle_graph_list_loops (graph);
  g_autoptr (GPtrArray) before = g_ptr_array_copy (self->loops, NULL, NULL);

  g_ptr_array_set_size (self->loops, 0);
  for (guint i = 0; i < loops->len; i++)
    mark_loop (self, loops->pdata[i]);
  for (guint i = 0; i < before->len; i++)
    if (!g_ptr_array_find (self->loops, before->pdata[i], NULL))
      release (self, before->pdata[i]);
  heddle_canvas_scene_route_loops (self);
}

void
heddle_canvas_scene_route_loops (HeddleCanvasScene *self)
{
  for (guint i = 0; i < self->loops->len; i++)
    {
      HeddleCanvasEdge *edge = self->loops->pdata[i];

      edge->is_loop = TRUE;
      heddle_canvas_scene_lead_edge (self, edge, &(HeddleCanvasLane){ .level = find_level (self, edge), .give = -GIVE });
    }
}
