/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-scene-private.h"

#include <math.h>

typedef struct
{
  HeddleCanvasScene *scene;
  const graphene_rect_t *area;
  GPtrArray *found;
} Query;

static void
collect_item (gpointer thing, gpointer user_data)
{
  HeddleCanvasItem *item = thing;
  Query *query = user_data;
  graphene_rect_t bounds;

  if (item->stamp == query->scene->stamp)
    return;
  item->stamp = query->scene->stamp;
  heddle_canvas_item_get_bounds (item, &bounds);
  if (graphene_rect_intersection (&bounds, query->area, NULL))
    g_ptr_array_add (query->found, item);
}

static void
collect_edge (gpointer thing, gpointer user_data)
{
  HeddleCanvasEdge *edge = thing;
  Query *query = user_data;

  if (edge->stamp == query->scene->stamp)
    return;
  edge->stamp = query->scene->stamp;
  g_ptr_array_add (query->found, edge);
}

static void
collect_lifted (HeddleCanvasEdge *edge, Query *query)
{
  graphene_rect_t bounds;

  heddle_canvas_curve_get_bounds (&edge->curve, &bounds);
  graphene_rect_inset (&bounds, -8, -8);
  if (!edge->folded && graphene_rect_intersection (&bounds, query->area, NULL))
    collect_edge (edge, query);
}

static int
get_layer (const HeddleCanvasItem *item)
{
  if (item->kind == HEDDLE_CANVAS_ITEM_FRAME)
    return 0;
  if (heddle_canvas_item_is_container (item))
    return 1;
  return item->kind == HEDDLE_CANVAS_ITEM_NOTE ? 2 : 3;
}

/* Larger groups lie below smaller ones, and containers below what is in them. */
static int
compare_depth (gconstpointer a, gconstpointer b)
{
  const HeddleCanvasItem *first = *(HeddleCanvasItem *const *) a;
  const HeddleCanvasItem *second = *(HeddleCanvasItem *const *) b;

  if (get_layer (first) != get_layer (second))
    return get_layer (first) - get_layer (second);
  if (first->kind == HEDDLE_CANVAS_ITEM_FRAME)
    return second->width * second->height > first->width * first->height ? 1 : -1;
  if (first->depth != second->depth)
    return first->depth < second->depth ? -1 : 1;
  return first->index < second->index ? -1 : first->index > second->index;
}

void
heddle_canvas_scene_query_items (HeddleCanvasScene *self, const graphene_rect_t *area, GPtrArray *items)
{
  Query query = { self, area, items };

  self->stamp++;
  heddle_canvas_grid_query (self->item_grid, area, collect_item, &query);
  for (guint i = 0; i < self->lifted->len; i++)
    if (((HeddleCanvasItem *) self->lifted->pdata[i])->stands_in == NULL)
      collect_item (self->lifted->pdata[i], &query);
  g_ptr_array_sort (items, compare_depth);
}

void
heddle_canvas_scene_query_edges (HeddleCanvasScene *self, const graphene_rect_t *area, GPtrArray *edges)
{
  Query query = { self, area, edges };

  self->stamp++;
  heddle_canvas_grid_query (self->edge_grid, area, collect_edge, &query);
  heddle_canvas_scene_lead_lifted (self);
  for (guint i = 0; i < self->lifted_edges->len; i++)
    collect_lifted (self->lifted_edges->pdata[i], &query);
}

/* Inside a frame one works on what is in it; only its header and what resizes it take hold of the frame. */
static gboolean
is_hit (const HeddleCanvasItem *item, double x, double y)
{
  if (x < item->x || y < item->y || x > item->x + item->width || y > item->y + item->height)
    return FALSE;
  return y <= item->y + heddle_canvas_item_get_solid_height (item) || heddle_canvas_item_get_sides (item, x, y, HEDDLE_CANVAS_SIDE_DISTANCE) != 0;
}

HeddleCanvasItem *
heddle_canvas_scene_pick_item (HeddleCanvasScene *self, double x, double y)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  heddle_canvas_scene_query_items (self, &GRAPHENE_RECT_INIT (x - 1, y - 1, 2, 2), items);
  for (guint i = items->len; i > 0; i--)
    if (is_hit (items->pdata[i - 1], x, y))
      return items->pdata[i - 1];
  return NULL;
}

HeddleCanvasEdge *
heddle_canvas_scene_pick_edge (HeddleCanvasScene *self, double x, double y, double distance)
{
  g_autoptr (GPtrArray) edges = g_ptr_array_new ();
  HeddleCanvasEdge *best = NULL;

  heddle_canvas_scene_query_edges (self, &GRAPHENE_RECT_INIT (x - distance, y - distance, 2 * distance, 2 * distance), edges);
  for (guint i = 0; i < edges->len; i++)
    {
      HeddleCanvasEdge *edge = edges->pdata[i];
      double own = heddle_canvas_curve_get_distance (&edge->curve, x, y);

      if (own <= distance)
        {
          distance = own;
          best = edge;
        }
    }
  return best;
}

HeddleCanvasItem *
heddle_canvas_scene_pick_port (HeddleCanvasScene *self, double x, double y, double distance, gboolean *output, guint *port)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  HeddleCanvasItem *best = NULL;

  heddle_canvas_scene_query_items (self, &GRAPHENE_RECT_INIT (x - distance, y - distance, 2 * distance, 2 * distance), items);
  for (guint i = 0; i < items->len; i++)
    for (int side = 0; side < 2; side++)
      for (guint j = 0; j < heddle_canvas_item_get_n_ports (items->pdata[i], side); j++)
        {
          double px, py;

          heddle_canvas_item_get_port_position (items->pdata[i], side, j, &px, &py);
          if (heddle_canvas_item_get_port (items->pdata[i], side, j)->hidden || hypot (px - x, py - y) > distance)
            continue;
          distance = hypot (px - x, py - y);
          best = items->pdata[i];
          *output = side;
          *port = j;
        }
  return best;
}

HeddleCanvasItem *
heddle_canvas_scene_pick_container (HeddleCanvasScene *self, double x, double y)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  graphene_point_t point = GRAPHENE_POINT_INIT (x, y);

  heddle_canvas_scene_query_items (self, &GRAPHENE_RECT_INIT (x - 1, y - 1, 2, 2), items);
  for (guint i = items->len; i > 0; i--)
    {
      HeddleCanvasItem *item = items->pdata[i - 1];
      graphene_rect_t bounds;

      heddle_canvas_item_get_bounds (item, &bounds);
      if (heddle_canvas_item_is_container (item) && !item->moving && graphene_rect_contains_point (&bounds, &point))
        return item;
    }
  return NULL;
}

GPtrArray *
heddle_canvas_scene_list_within (HeddleCanvasScene *self, const HeddleCanvasItem *container)
{
  GPtrArray *within = g_ptr_array_new ();

  for (guint i = 0; i < self->items->len; i++)
    if (heddle_canvas_item_is_within (self->items->pdata[i], container))
      g_ptr_array_add (within, self->items->pdata[i]);
  return within;
}

gboolean
heddle_canvas_scene_get_extent (HeddleCanvasScene *self, graphene_rect_t *extent)
{
  if (!heddle_canvas_scene_get_bounds (self, FALSE, extent))
    return FALSE;
  for (guint i = 0; i < self->edges->len; i++)
    heddle_canvas_edge_extend (self->edges->pdata[i], extent);
  return TRUE;
}

gboolean
heddle_canvas_scene_get_content (HeddleCanvasScene *self, const HeddleCanvasItem *container, graphene_rect_t *bounds)
{
  gboolean found = FALSE;

  for (guint i = 0; i < self->items->len; i++)
    {
      const HeddleCanvasItem *item = self->items->pdata[i];
      graphene_rect_t own;

      if (item->parent != container)
        continue;
      heddle_canvas_item_get_bounds (item, &own);
      if (found)
        graphene_rect_union (bounds, &own, bounds);
      else
        *bounds = own;
      found = TRUE;
    }
  return found;
}
