/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* Where something new comes to lie: on the grid, and over no other card. */
#define MAX_STEPS 64 /* aside */

double
heddle_canvas_snap (double value)
{
  return round (value / HEDDLE_CANVAS_GRID_STEP) * HEDDLE_CANVAS_GRID_STEP;
}

void
heddle_canvas_place_measure (HeddleCanvasPlace *place, const char *json)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, NULL);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  for (guint i = 0; graph != NULL && i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);
      double width, height;

      heddle_node_get_size (node, &width, &height);
      if (i == 0)
        bounds = GRAPHENE_RECT_INIT (node->x, node->y, width, height);
      else
        graphene_rect_union (&bounds, &GRAPHENE_RECT_INIT (node->x, node->y, width, height), &bounds);
    }
  place->width = bounds.size.width;
  place->height = bounds.size.height;
}

/* A frame around the place is no obstacle, but its header is. */
static gboolean
is_in_the_way (const HeddleCanvasItem *item, const HeddleCanvasPlace *place)
{
  if (item->kind != HEDDLE_CANVAS_ITEM_NODE)
    return FALSE;
  if (place->frame != NULL && (item == place->frame || heddle_canvas_item_is_within (place->frame, item)))
    return place->y < item->y + HEDDLE_CANVAS_HEADER;
  return TRUE;
}

gboolean
heddle_canvas_place_is_taken (HeddleCanvas *self, const HeddleCanvasPlace *place)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  heddle_canvas_scene_query_items (self->scene, &GRAPHENE_RECT_INIT (place->x, place->y, place->width, place->height), items);
  for (guint i = 0; i < items->len; i++)
    if (is_in_the_way (items->pdata[i], place))
      return TRUE;
  return FALSE;
}

void
heddle_canvas_place_find_free (HeddleCanvas *self, HeddleCanvasPlace *place)
{
  for (guint i = 0; i < MAX_STEPS && heddle_canvas_place_is_taken (self, place); i++)
    {
      place->x += 2 * HEDDLE_CANVAS_GRID_STEP;
      place->y += 2 * HEDDLE_CANVAS_GRID_STEP;
    }
}
