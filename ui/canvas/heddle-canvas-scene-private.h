/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

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
  guint n_folded; /* items that another stands in for */
};

/* heddle-canvas-scene.c */
void heddle_canvas_scene_route_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge, gboolean is_loop, double level);

/* Takes what shows out of the grid or puts it in. */
void heddle_canvas_scene_index_item (HeddleCanvasScene *self, HeddleCanvasItem *item, gboolean inside);
void heddle_canvas_scene_index_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge, gboolean inside);

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

G_END_DECLS
