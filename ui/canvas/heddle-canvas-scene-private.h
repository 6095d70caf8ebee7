/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-route.h"
#include "canvas/heddle-canvas-scene.h"

G_BEGIN_DECLS

struct _HeddleCanvasScene
{
  HeddleCanvasSceneHooks hooks;
  GPtrArray *items;
  GHashTable *by_id; /* borrowed id → item */
  GPtrArray *edges;
  GHashTable *by_ends; /* owned key → edge */
  HeddleCanvasGrid *item_grid;
  HeddleCanvasGrid *edge_grid;
  GPtrArray *loops; /* borrowed: edges that lead back */
  guint stamp;
  GPtrArray *lifted;       /* borrowed: items that are being dragged */
  GPtrArray *lifted_edges; /* borrowed: theirs */
  double lift_x, lift_y;   /* where the first of them was */
  gboolean is_late;        /* lines of these are not where their ends are */
  GPtrArray *dynamic;      /* borrowed: edges that change from frame to frame */
  gboolean knows_dynamic;
  guint n_folded;      /* items that another stands in for */
  GPtrArray *unrouted; /* borrowed: edges that a way is to be looked for */
  GArray *changed;     /* of graphene_rect_t: where cards were or are now since ways were looked for */
  GArray *cards;       /* of graphene_rect_t: in use while one is */
};

/* heddle-canvas-scene.c */
/* Takes what shows out of the grid or puts it in. */
void heddle_canvas_scene_index_item (HeddleCanvasScene *self, HeddleCanvasItem *item, gboolean inside);
void heddle_canvas_scene_index_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge, gboolean inside);

/* heddle-canvas-scene-apart.c */
/* Draws lines that would lie on each other side by side. */
void heddle_canvas_scene_set_edges_apart (HeddleCanvasScene *self);

/* heddle-canvas-scene-fold.c */
/* Finds what is in collapsed items now, and leads edges to those. */
void heddle_canvas_scene_fold (HeddleCanvasScene *self);
/* Before it goes: nothing is seen as it any more. */
void heddle_canvas_scene_unfold (HeddleCanvasScene *self, HeddleCanvasItem *item);

/* heddle-canvas-scene-lift.c */
/* Leads lines of what is dragged to where their ends are now. */
void heddle_canvas_scene_lead_lifted (HeddleCanvasScene *self);

/* heddle-canvas-scene-loops.c */
/* Which edges lead back. */
void heddle_canvas_scene_find_loops (HeddleCanvasScene *self, HeddleGraph *graph);
/* Around what lies in their way now. */
void heddle_canvas_scene_route_loops (HeddleCanvasScene *self);

/* heddle-canvas-scene-route.c */
/* Around cards that are in the way of a line; area: where they were looked for. */
gboolean heddle_canvas_scene_find_lane (HeddleCanvasScene *self, const HeddleCanvasEdge *edge, HeddleCanvasLane *lane, graphene_rect_t *area);
/* lane NULL: straight to its end. */
void heddle_canvas_scene_lead_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge, const HeddleCanvasLane *lane);
/* Its ends have changed; to be followed by an update of the edge. */
void heddle_canvas_scene_forget_route (HeddleCanvasScene *self, HeddleCanvasEdge *edge);
void heddle_canvas_scene_unroute_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge);
/* A card comes or goes. */
void heddle_canvas_scene_note_place (HeddleCanvasScene *self, const HeddleCanvasItem *item);
/* Looks for ways where anything has changed since it last did. */
void heddle_canvas_scene_route (HeddleCanvasScene *self);

G_END_DECLS
