/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-scene-private.h"

/*
 * Lines go around cards. Where a line goes is looked for again when one of its ends is elsewhere, or a card that it crosses or
 * goes around; all others stay as they are.
 */

#define MAX_CARDS 256    /* near one line */
#define MAX_CHANGED 4096 /* places; after more, all lines are looked at */

typedef struct
{
  HeddleCanvasScene *scene;
  const graphene_rect_t *area;
  const HeddleCanvasItem *frame; /* that the cards are in */
  GArray *cards;
} Collection;

static gboolean
is_card (const HeddleCanvasItem *item)
{
  return item->stands_in == NULL && (item->kind == HEDDLE_CANVAS_ITEM_NODE || (item->kind == HEDDLE_CANVAS_ITEM_FRAME && item->collapsed));
}

static void
collect_card (gpointer thing, gpointer user_data)
{
  HeddleCanvasItem *item = thing;
  Collection *collection = user_data;
  graphene_rect_t bounds;

  if (item->stamp == collection->scene->stamp || item->parent != collection->frame || !is_card (item))
    return;
  item->stamp = collection->scene->stamp;
  heddle_canvas_item_get_bounds (item, &bounds);
  if (graphene_rect_intersection (&bounds, collection->area, NULL))
    g_array_append_val (collection->cards, bounds);
}

static void
collect_cards (Collection *collection)
{
  HeddleCanvasScene *self = collection->scene;

  self->stamp++;
  g_array_set_size (collection->cards, 0);
  heddle_canvas_grid_query (self->item_grid, collection->area, collect_card, collection);
  for (guint i = 0; i < self->lifted->len; i++)
    collect_card (self->lifted->pdata[i], collection);
}

/* The container that the line is drawn in; an end in a collapsed one is where that is. */
static const HeddleCanvasItem *
get_frame (const HeddleCanvasEdge *edge)
{
  if (edge->from->stands_in == NULL)
    return heddle_canvas_edge_get_frame (edge);
  return heddle_canvas_edge_get_seen (edge, edge->to->stands_in != NULL)->parent;
}

gboolean
heddle_canvas_scene_find_lane (HeddleCanvasScene *self, const HeddleCanvasEdge *edge, HeddleCanvasLane *lane, graphene_rect_t *area)
{
  Collection collection = { self, area, get_frame (edge), self->cards };
  HeddlePoint start, end;

  heddle_canvas_edge_get_ends (edge, &start, &end);
  if (!heddle_canvas_route_get_area (&start, &end, area))
    return FALSE;
  collect_cards (&collection);
  if (!heddle_canvas_route_is_blocked (&start, &end, self->cards, area))
    return FALSE;
  collect_cards (&collection);
  return self->cards->len <= MAX_CARDS && heddle_canvas_route_find (&start, &end, self->cards, lane);
}

void
heddle_canvas_scene_lead_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge, const HeddleCanvasLane *lane)
{
  if (lane == NULL ? !edge->is_led : edge->is_led && memcmp (&edge->lane, lane, sizeof *lane) == 0)
    return;
  heddle_canvas_scene_index_edge (self, edge, FALSE);
  edge->is_led = lane != NULL;
  edge->apart = 0;
  if (lane != NULL)
    edge->lane = *lane;
  heddle_canvas_edge_update (edge);
  heddle_canvas_scene_index_edge (self, edge, TRUE);
}

void
heddle_canvas_scene_unroute_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge)
{
  if (edge->unrouted)
    return;
  edge->unrouted = TRUE;
  g_ptr_array_add (self->unrouted, edge);
}

void
heddle_canvas_scene_note_place (HeddleCanvasScene *self, const HeddleCanvasItem *item)
{
  graphene_rect_t bounds;

  if (!is_card (item))
    return;
  heddle_canvas_item_get_bounds (item, &bounds);
  g_array_append_val (self->changed, bounds);
}

static void
unroute_near_cb (gpointer thing, gpointer user_data)
{
  HeddleCanvasEdge *edge = thing;
  Collection *collection = user_data;
  graphene_rect_t bounds;

  if (edge->unrouted)
    return;
  heddle_canvas_curve_get_bounds (&edge->curve, &bounds);
  graphene_rect_inset (&bounds, -1, -1);
  if (graphene_rect_intersection (&bounds, collection->area, NULL))
    heddle_canvas_scene_unroute_edge (collection->scene, edge);
}

/* Whether a line that is led around cards looked out for them where any has changed. around: all of these places. */
static gboolean
looks_at_changed (HeddleCanvasScene *self, const HeddleCanvasEdge *edge, const graphene_rect_t *around)
{
  if (!edge->is_led || !graphene_rect_intersection (&edge->area, around, NULL))
    return FALSE;
  for (guint i = 0; i < self->changed->len; i++)
    if (graphene_rect_intersection (&edge->area, &g_array_index (self->changed, graphene_rect_t, i), NULL))
      return TRUE;
  return FALSE;
}

/* Lines that crossed a card where it was or may cross it where it is, and those that look out for cards there. */
static void
unroute_changed (HeddleCanvasScene *self)
{
  gboolean is_much = self->changed->len > MAX_CHANGED;
  graphene_rect_t around = { 0 };

  for (guint i = 0; i < self->changed->len && !is_much; i++)
    {
      Collection collection = { self, &g_array_index (self->changed, graphene_rect_t, i) };

      heddle_canvas_grid_query (self->edge_grid, collection.area, unroute_near_cb, &collection);
      if (i == 0)
        around = *collection.area;
      graphene_rect_union (&around, collection.area, &around);
    }
  for (guint i = 0; i < self->edges->len && self->changed->len > 0; i++)
    if (is_much || looks_at_changed (self, self->edges->pdata[i], &around))
      heddle_canvas_scene_unroute_edge (self, self->edges->pdata[i]);
  g_array_set_size (self->changed, 0);
}

void
heddle_canvas_scene_route (HeddleCanvasScene *self)
{
  HeddleCanvasLane lane;

  if (self->changed->len == 0 && self->unrouted->len == 0)
    return;
  unroute_changed (self);
  for (guint i = 0; i < self->unrouted->len; i++)
    {
      HeddleCanvasEdge *edge = self->unrouted->pdata[i];

      edge->unrouted = FALSE;
      if (!edge->is_loop)
        heddle_canvas_scene_lead_edge (self, edge, edge->n_points == 0 && !edge->folded && heddle_canvas_scene_find_lane (self, edge, &lane, &edge->area) ? &lane : NULL);
    }
  g_ptr_array_set_size (self->unrouted, 0);
  heddle_canvas_scene_set_edges_apart (self);
}

void
heddle_canvas_scene_forget_route (HeddleCanvasScene *self, HeddleCanvasEdge *edge)
{
  if (edge->is_led && !edge->is_loop)
    edge->is_led = FALSE;
  edge->apart = 0;
  heddle_canvas_scene_unroute_edge (self, edge);
}
