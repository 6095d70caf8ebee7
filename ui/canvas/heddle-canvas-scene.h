/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-edge.h"
#include "canvas/heddle-canvas-grid.h"
#include "canvas/heddle-canvas-item.h"

G_BEGIN_DECLS

/*
 * What is to be drawn of a graph, in world units, with a spatial index. It follows the graph when
 * told what changed, and keeps items and edges that stay. Knows no widget; used by the canvas and
 * by pictures of workflows. Main thread only.
 */
typedef struct _HeddleCanvasScene HeddleCanvasScene;
typedef void (*HeddleCanvasItemFunc) (HeddleCanvasItem *item, gpointer user_data);
/* Told where edges changed, to redraw what was kept of them. */
typedef void (*HeddleCanvasDamageFunc) (const graphene_rect_t *area, gpointer user_data);

typedef struct
{
  HeddleCanvasItemFunc added;
  HeddleCanvasItemFunc removed; /* last chance to let go of it */
  HeddleCanvasItemFunc changed; /* looks different or is elsewhere */
  HeddleCanvasDamageFunc damaged;
  gpointer user_data;
} HeddleCanvasSceneHooks;

HeddleCanvasScene *heddle_canvas_scene_new (const HeddleCanvasSceneHooks *hooks) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_scene_free (HeddleCanvasScene *self);

/* graph NULL: nothing. What stays under the same id keeps its selection. */
void heddle_canvas_scene_load (HeddleCanvasScene *self, HeddleGraph *graph);
void heddle_canvas_scene_apply (HeddleCanvasScene *self, HeddleGraph *graph, const HeddleChange *change);

GPtrArray *heddle_canvas_scene_get_items (HeddleCanvasScene *self); /* HeddleCanvasItem*, no order */
GPtrArray *heddle_canvas_scene_get_edges (HeddleCanvasScene *self); /* HeddleCanvasEdge*, no order */
HeddleCanvasItem *heddle_canvas_scene_find (HeddleCanvasScene *self, const char *id);
HeddleCanvasEdge *heddle_canvas_scene_find_edge (HeddleCanvasScene *self, const char *from, const char *from_port, const char *to, const char *to_port);
/* Of all items, or of those selected; FALSE when there are none. */
gboolean heddle_canvas_scene_get_bounds (HeddleCanvasScene *self, gboolean only_selected, graphene_rect_t *bounds);

/* Of all items and of the lines between them, which may be led around them. */
gboolean heddle_canvas_scene_get_extent (HeddleCanvasScene *self, graphene_rect_t *extent);

/* Moves what is drawn, not the document. */
void heddle_canvas_scene_place (HeddleCanvasScene *self, HeddleCanvasItem *item, double x, double y);
void heddle_canvas_scene_set_bounds (HeddleCanvasScene *self, HeddleCanvasItem *item, const graphene_rect_t *bounds);
/*
 * Takes hold of an item that is about to be dragged: while it is, placing it is cheap. When more than HEDDLE_CANVAS_MANY are,
 * the lines between two of them stay behind, by as much as get_shift says.
 */
#define HEDDLE_CANVAS_MANY 40
void heddle_canvas_scene_lift (HeddleCanvasScene *self, HeddleCanvasItem *item);
/* Lets go of all. */
void heddle_canvas_scene_settle (HeddleCanvasScene *self);
GPtrArray *heddle_canvas_scene_get_lifted (HeddleCanvasScene *self);
GPtrArray *heddle_canvas_scene_get_lifted_edges (HeddleCanvasScene *self);
gboolean heddle_canvas_scene_get_shift (HeddleCanvasScene *self, double *dx, double *dy);
/* Borrowed edges that must not be kept in tiles; without the lines that stay behind. */
GPtrArray *heddle_canvas_scene_get_dynamic_edges (HeddleCanvasScene *self);
/* What decides about that has changed. */
void heddle_canvas_scene_forget_dynamic_edges (HeddleCanvasScene *self);
/* Leads a line through other points; damages where it was and is. */
void heddle_canvas_scene_set_edge_points (HeddleCanvasScene *self, HeddleCanvasEdge *edge, const HeddlePoint *points, guint n_points);
void heddle_canvas_scene_damage_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge);

/* Each once, sorted back to front (groups, containers from the outside in, notes, cards in document order). */
void heddle_canvas_scene_query_items (HeddleCanvasScene *self, const graphene_rect_t *area, GPtrArray *items);
void heddle_canvas_scene_query_edges (HeddleCanvasScene *self, const graphene_rect_t *area, GPtrArray *edges);

HeddleCanvasItem *heddle_canvas_scene_pick_item (HeddleCanvasScene *self, double x, double y);
HeddleCanvasEdge *heddle_canvas_scene_pick_edge (HeddleCanvasScene *self, double x, double y, double distance);
/* The nearest port within the distance. */
HeddleCanvasItem *heddle_canvas_scene_pick_port (HeddleCanvasScene *self, double x, double y, double distance, gboolean *output, guint *port);
/* The innermost container around a point; none that is being moved. */
HeddleCanvasItem *heddle_canvas_scene_pick_container (HeddleCanvasScene *self, double x, double y);
/* Borrowed items in it, at whatever depth. */
GPtrArray *heddle_canvas_scene_list_within (HeddleCanvasScene *self, const HeddleCanvasItem *container) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed items in whose place a collapsed one is seen; they go where it goes. */
GPtrArray *heddle_canvas_scene_list_folded (HeddleCanvasScene *self, const HeddleCanvasItem *item) G_GNUC_WARN_UNUSED_RESULT;
/* Around what is directly in it; FALSE when it is empty. */
gboolean heddle_canvas_scene_get_content (HeddleCanvasScene *self, const HeddleCanvasItem *container, graphene_rect_t *bounds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCanvasScene, heddle_canvas_scene_free)

G_END_DECLS
