/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-scene-private.h"

#define MAX_DEPTH 64 /* of frames in frames that are drawn as such */

HeddleCanvasScene *
heddle_canvas_scene_new (const HeddleCanvasSceneHooks *hooks)
{
  HeddleCanvasScene *self = g_new0 (HeddleCanvasScene, 1);

  if (hooks != NULL)
    self->hooks = *hooks;
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_canvas_item_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->edges = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_canvas_edge_free);
  self->by_ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->loops = g_ptr_array_new ();
  self->lifted = g_ptr_array_new ();
  self->lifted_edges = g_ptr_array_new ();
  self->dynamic = g_ptr_array_new ();
  self->unrouted = g_ptr_array_new ();
  self->changed = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
  self->cards = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
  self->item_grid = heddle_canvas_grid_new ();
  self->edge_grid = heddle_canvas_grid_new ();
  return self;
}

void
heddle_canvas_scene_free (HeddleCanvasScene *self)
{
  heddle_canvas_scene_load (self, NULL);
  g_ptr_array_unref (self->loops);
  g_ptr_array_unref (self->lifted);
  g_ptr_array_unref (self->lifted_edges);
  g_ptr_array_unref (self->dynamic);
  g_ptr_array_unref (self->unrouted);
  g_array_unref (self->changed);
  g_array_unref (self->cards);
  g_ptr_array_unref (self->edges);
  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->by_ends);
  heddle_canvas_grid_free (self->item_grid);
  heddle_canvas_grid_free (self->edge_grid);
  g_free (self);
}

static void
notify (HeddleCanvasScene *self, HeddleCanvasItemFunc func, HeddleCanvasItem *item)
{
  if (func != NULL)
    func (item, self->hooks.user_data);
}

static void
damage (HeddleCanvasScene *self, const graphene_rect_t *area)
{
  if (self->hooks.damaged != NULL)
    self->hooks.damaged (area, self->hooks.user_data);
}

void
heddle_canvas_scene_index_item (HeddleCanvasScene *self, HeddleCanvasItem *item, gboolean inside)
{
  graphene_rect_t bounds;

  if (item->stands_in != NULL || item->lifted)
    return;
  heddle_canvas_item_get_bounds (item, &bounds);
  damage (self, &bounds);
  heddle_canvas_scene_note_place (self, item);
  if (inside)
    heddle_canvas_grid_insert (self->item_grid, item, &bounds);
  else
    heddle_canvas_grid_remove (self->item_grid, item, &bounds);
}

void
heddle_canvas_scene_index_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge, gboolean inside)
{
  gboolean is_kept = !heddle_canvas_edge_is_dynamic (edge);
  guint n_pieces = heddle_canvas_curve_get_n_pieces (&edge->curve);
  graphene_rect_t bounds;

  self->knows_dynamic = FALSE;
  for (guint i = 0; i < n_pieces && !edge->folded && !edge->lifted; i++)
    {
      heddle_canvas_curve_get_piece (&edge->curve, i, n_pieces, &bounds);
      if (inside)
        heddle_canvas_grid_insert (self->edge_grid, edge, &bounds);
      else
        heddle_canvas_grid_remove (self->edge_grid, edge, &bounds);
      if (is_kept)
        damage (self, &bounds);
    }
}

void
heddle_canvas_scene_damage_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge)
{
  guint n_pieces = heddle_canvas_curve_get_n_pieces (&edge->curve);
  graphene_rect_t bounds;

  self->knows_dynamic = FALSE;
  for (guint i = 0; i < n_pieces; i++)
    {
      heddle_canvas_curve_get_piece (&edge->curve, i, n_pieces, &bounds);
      damage (self, &bounds);
    }
}

static void
update_edges_of (HeddleCanvasScene *self, HeddleCanvasItem *item)
{
  for (guint i = 0; i < item->edges->len; i++)
    {
      HeddleCanvasEdge *edge = item->edges->pdata[i];

      heddle_canvas_scene_index_edge (self, edge, FALSE);
      heddle_canvas_scene_forget_route (self, edge);
      heddle_canvas_edge_update (edge);
      heddle_canvas_scene_index_edge (self, edge, TRUE);
    }
}

static void
set_points (HeddleCanvasScene *self, HeddleCanvasEdge *edge, const HeddlePoint *points, guint n_points)
{
  if (n_points == edge->n_points && (n_points == 0 || memcmp (points, edge->points, n_points * sizeof *points) == 0))
    return;
  heddle_canvas_scene_index_edge (self, edge, FALSE);
  heddle_canvas_edge_set_points (edge, points, n_points);
  heddle_canvas_scene_forget_route (self, edge);
  heddle_canvas_edge_update (edge);
  heddle_canvas_scene_index_edge (self, edge, TRUE);
}

void
heddle_canvas_scene_set_edge_points (HeddleCanvasScene *self, HeddleCanvasEdge *edge, const HeddlePoint *points, guint n_points)
{
  set_points (self, edge, points, n_points);
  heddle_canvas_scene_route (self);
}

static char *
ends_key (const char *from, const char *from_port, const char *to, const char *to_port)
{
  return g_strjoin ("\001", from, from_port, to, to_port, NULL);
}

static void
add_edge (HeddleCanvasScene *self, HeddleGraph *graph, const HeddleEdge *model, char *key)
{
  HeddleCanvasItem *from = heddle_canvas_scene_find (self, model->from);
  HeddleCanvasItem *to = heddle_canvas_scene_find (self, model->to);
  HeddleCanvasEdge *edge;

  /* A dangling edge is a problem to be listed, not something to be drawn. */
  if (from == NULL || to == NULL)
    {
      g_free (key);
      return;
    }
  edge = heddle_canvas_edge_new (from, model->from_port, to, model->to_port);
  edge->is_tool = heddle_graph_is_tool_edge (graph, model);
  if (heddle_canvas_edge_set_points (edge, model->points, model->n_points))
    heddle_canvas_edge_update (edge);
  edge->stamp = self->stamp;
  heddle_canvas_scene_unroute_edge (self, edge);
  g_ptr_array_add (from->edges, edge);
  if (to != from)
    g_ptr_array_add (to->edges, edge);
  g_ptr_array_add (self->edges, edge);
  g_hash_table_insert (self->by_ends, key, edge);
  heddle_canvas_scene_index_edge (self, edge, TRUE);
}

static void
remove_edge (HeddleCanvasScene *self, HeddleCanvasEdge *edge)
{
  g_autofree char *key = ends_key (edge->from->id, edge->from_port, edge->to->id, edge->to_port);

  heddle_canvas_scene_index_edge (self, edge, FALSE);
  g_ptr_array_remove_fast (edge->from->edges, edge);
  if (edge->to != edge->from)
    g_ptr_array_remove_fast (edge->to->edges, edge);
  g_hash_table_remove (self->by_ends, key);
  g_ptr_array_remove_fast (self->loops, edge);
  g_ptr_array_remove_fast (self->dynamic, edge);
  if (edge->lifted)
    g_ptr_array_remove_fast (self->lifted_edges, edge);
  if (edge->unrouted)
    g_ptr_array_remove_fast (self->unrouted, edge);
  g_ptr_array_remove_fast (self->edges, edge);
}

static void
sync_edges (HeddleCanvasScene *self, HeddleGraph *graph)
{
  self->stamp++;
  for (guint i = 0; i < heddle_graph_get_n_edges (graph); i++)
    {
      const HeddleEdge *model = heddle_graph_get_edge (graph, i);
      char *key = ends_key (model->from, model->from_port, model->to, model->to_port);
      HeddleCanvasEdge *edge = g_hash_table_lookup (self->by_ends, key);

      if (edge == NULL)
        {
          add_edge (self, graph, model, key);
          continue;
        }
      edge->stamp = self->stamp;
      set_points (self, edge, model->points, model->n_points);
      g_free (key);
    }
  for (guint i = self->edges->len; i > 0; i--)
    {
      HeddleCanvasEdge *edge = self->edges->pdata[i - 1];

      if (edge->stamp != self->stamp)
        remove_edge (self, edge);
    }
}

static void
add_item (HeddleCanvasScene *self, HeddleCanvasItem *item)
{
  g_ptr_array_add (self->items, item);
  g_hash_table_insert (self->by_id, item->id, item);
  heddle_canvas_scene_index_item (self, item, TRUE);
  notify (self, self->hooks.added, item);
}

static void
remove_item (HeddleCanvasScene *self, HeddleCanvasItem *item)
{
  while (item->edges->len > 0)
    remove_edge (self, item->edges->pdata[0]);
  notify (self, self->hooks.removed, item);
  heddle_canvas_scene_index_item (self, item, FALSE);
  heddle_canvas_scene_unfold (self, item);
  if (item->lifted)
    g_ptr_array_remove_fast (self->lifted, item);
  g_hash_table_remove (self->by_id, item->id);
  g_ptr_array_remove_fast (self->items, item);
}

/* Points between two nodes that are both dragged go along, half of the way with each. */
static void
drag_points (HeddleCanvasItem *item, double dx, double dy)
{
  for (guint i = 0; i < item->edges->len; i++)
    {
      HeddleCanvasEdge *edge = item->edges->pdata[i];
      double share = edge->from == edge->to ? 1 : .5;

      for (guint j = 0; j < edge->n_points && edge->from->moving && edge->to->moving; j++)
        {
          edge->points[j].x += dx * share;
          edge->points[j].y += dy * share;
        }
    }
}

void
heddle_canvas_scene_place (HeddleCanvasScene *self, HeddleCanvasItem *item, double x, double y)
{
  if (item->x == x && item->y == y)
    return;
  drag_points (item, x - item->x, y - item->y);
  heddle_canvas_scene_index_item (self, item, FALSE);
  item->x = x;
  item->y = y;
  heddle_canvas_scene_index_item (self, item, TRUE);
  if (item->lifted)
    self->is_late = TRUE;
  else
    update_edges_of (self, item);
  notify (self, self->hooks.changed, item);
}

void
heddle_canvas_scene_set_bounds (HeddleCanvasScene *self, HeddleCanvasItem *item, const graphene_rect_t *bounds)
{
  heddle_canvas_scene_index_item (self, item, FALSE);
  item->x = bounds->origin.x;
  item->y = bounds->origin.y;
  item->width = bounds->size.width;
  item->height = bounds->size.height;
  heddle_canvas_scene_index_item (self, item, TRUE);
  update_edges_of (self, item);
  heddle_canvas_scene_route (self);
  heddle_canvas_item_drop_cache (item);
  notify (self, self->hooks.changed, item);
}

static void
sync_node (HeddleCanvasScene *self, const HeddleNode *node)
{
  HeddleCanvasItem *item = heddle_canvas_scene_find (self, node->id);

  if (item == NULL)
    {
      add_item (self, heddle_canvas_item_new_for_node (node));
      return;
    }
  heddle_canvas_scene_index_item (self, item, FALSE);
  heddle_canvas_item_update_node (item, node);
  heddle_canvas_scene_index_item (self, item, TRUE);
  heddle_canvas_scene_place (self, item, node->x, node->y);
  update_edges_of (self, item);
  notify (self, self->hooks.changed, item);
}

static void
sync_annotation (HeddleCanvasScene *self, const HeddleAnnotation *annotation)
{
  HeddleCanvasItem *item = heddle_canvas_scene_find (self, annotation->id);

  if (item == NULL)
    {
      add_item (self, heddle_canvas_item_new_for_annotation (annotation));
      return;
    }
  heddle_canvas_scene_index_item (self, item, FALSE);
  heddle_canvas_item_update_annotation (item, annotation);
  heddle_canvas_scene_index_item (self, item, TRUE);
  heddle_canvas_scene_place (self, item, annotation->x, annotation->y);
  notify (self, self->hooks.changed, item);
}

static void
sync_id (HeddleCanvasScene *self, HeddleGraph *graph, const char *id)
{
  const HeddleNode *node = heddle_graph_find_node (graph, id);
  const HeddleAnnotation *annotation = node == NULL ? heddle_graph_find_annotation (graph, id) : NULL;
  HeddleCanvasItem *item;

  if (node != NULL)
    sync_node (self, node);
  else if (annotation != NULL)
    sync_annotation (self, annotation);
  else if ((item = heddle_canvas_scene_find (self, id)) != NULL)
    remove_item (self, item);
}

/* Where a node goes, points of its edges may go, too. */
static void
sync_points (HeddleCanvasScene *self, GPtrArray *models)
{
  for (guint i = 0; i < models->len; i++)
    {
      const HeddleEdge *model = models->pdata[i];
      HeddleCanvasEdge *edge = heddle_canvas_scene_find_edge (self, model->from, model->from_port, model->to, model->to_port);

      if (edge != NULL)
        set_points (self, edge, model->points, model->n_points);
    }
}

static void
sync_position (HeddleCanvasScene *self, HeddleGraph *graph, const char *id)
{
  const HeddleNode *node = heddle_graph_find_node (graph, id);
  HeddleCanvasItem *item = heddle_canvas_scene_find (self, id);

  if (node == NULL || item == NULL)
    {
      sync_id (self, graph, id);
      return;
    }
  heddle_canvas_scene_index_item (self, item, FALSE);
  if (heddle_canvas_item_update_size (item, node))
    {
      update_edges_of (self, item);
      notify (self, self->hooks.changed, item);
    }
  heddle_canvas_scene_index_item (self, item, TRUE);
  heddle_canvas_scene_place (self, item, node->x, node->y);
  sync_points (self, heddle_graph_get_out_edges (graph, id));
  sync_points (self, heddle_graph_get_in_edges (graph, id));
}

static void
remove_vanished (HeddleCanvasScene *self, HeddleGraph *graph)
{
  for (guint i = self->items->len; i > 0; i--)
    {
      HeddleCanvasItem *item = self->items->pdata[i - 1];
      gboolean is_node = item->kind == HEDDLE_CANVAS_ITEM_NODE;

      if (graph == NULL || (is_node ? heddle_graph_find_node (graph, item->id) == NULL : heddle_graph_find_annotation (graph, item->id) == NULL))
        remove_item (self, item);
    }
}

/* Frames in frames in frames, whatever a file says. */
static guint
measure_depth (HeddleCanvasItem *item)
{
  guint depth = 0;

  for (HeddleCanvasItem *parent = item->parent; parent != NULL && depth <= MAX_DEPTH; parent = parent->parent)
    depth++;
  return depth;
}

static void
link_parent (HeddleCanvasScene *self, HeddleCanvasItem *item)
{
  HeddleCanvasItem *parent = heddle_canvas_scene_find (self, item->parent_id);

  item->parent = parent != NULL && parent != item && heddle_canvas_item_is_container (parent) ? parent : NULL;
  item->n_former_children = item->n_children;
  item->n_children = 0;
}

static void
link_parents (HeddleCanvasScene *self)
{
  for (guint i = 0; i < self->items->len; i++)
    link_parent (self, self->items->pdata[i]);
  for (guint i = 0; i < self->items->len; i++)
    {
      HeddleCanvasItem *item = self->items->pdata[i];

      item->depth = measure_depth (item);
      if (item->depth > MAX_DEPTH)
        {
          item->parent = NULL;
          item->depth = 0;
        }
      if (item->parent != NULL)
        item->parent->n_children++;
    }
  for (guint i = 0; i < self->items->len; i++)
    {
      HeddleCanvasItem *item = self->items->pdata[i];

      if (item->n_children == item->n_former_children)
        continue;
      heddle_canvas_item_drop_cache (item);
      notify (self, self->hooks.changed, item);
    }
}

static void
update_roles (HeddleCanvasScene *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      if (heddle_canvas_item_update_role (self->items->pdata[i]))
        notify (self, self->hooks.changed, self->items->pdata[i]);
    }
}

void
heddle_canvas_scene_load (HeddleCanvasScene *self, HeddleGraph *graph)
{
  remove_vanished (self, graph);
  if (graph == NULL)
    {
      g_array_set_size (self->changed, 0);
      return;
    }
  for (guint i = 0; i < heddle_graph_get_n_annotations (graph); i++)
    sync_annotation (self, heddle_graph_get_annotation (graph, i));
  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    sync_node (self, heddle_graph_get_node (graph, i));
  sync_edges (self, graph);
  link_parents (self);
  heddle_canvas_scene_fold (self);
  heddle_canvas_scene_find_loops (self, graph);
  heddle_canvas_scene_route (self);
  update_roles (self);
}

void
heddle_canvas_scene_apply (HeddleCanvasScene *self, HeddleGraph *graph, const HeddleChange *change)
{
  gboolean only_layout = change->flags == HEDDLE_CHANGE_LAYOUT;

  if (change->nodes == NULL)
    {
      if (change->flags != HEDDLE_CHANGE_META)
        heddle_canvas_scene_load (self, graph);
      return;
    }
  for (guint i = 0; i < change->nodes->len; i++)
    if (only_layout)
      sync_position (self, graph, change->nodes->pdata[i]);
    else
      sync_id (self, graph, change->nodes->pdata[i]);
  if (change->flags & (HEDDLE_CHANGE_EDGES | HEDDLE_CHANGE_NODES))
    sync_edges (self, graph);
  if (only_layout)
    {
      heddle_canvas_scene_fold (self);
      heddle_canvas_scene_route_loops (self);
      heddle_canvas_scene_route (self);
      return;
    }
  link_parents (self);
  heddle_canvas_scene_fold (self);
  if (change->flags & HEDDLE_CHANGE_EDGES)
    heddle_canvas_scene_find_loops (self, graph);
  else
    heddle_canvas_scene_route_loops (self);
  heddle_canvas_scene_route (self);
  update_roles (self);
}

GPtrArray *
heddle_canvas_scene_get_items (HeddleCanvasScene *self)
{
  return self->items;
}

GPtrArray *
heddle_canvas_scene_get_edges (HeddleCanvasScene *self)
{
  return self->edges;
}

HeddleCanvasItem *
heddle_canvas_scene_find (HeddleCanvasScene *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
}

HeddleCanvasEdge *
heddle_canvas_scene_find_edge (HeddleCanvasScene *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  g_autofree char *key = ends_key (from, from_port, to, to_port);

  return g_hash_table_lookup (self->by_ends, key);
}

gboolean
heddle_canvas_scene_get_bounds (HeddleCanvasScene *self, gboolean only_selected, graphene_rect_t *bounds)
{
  gboolean found = FALSE;

  for (guint i = 0; i < self->items->len; i++)
    {
      HeddleCanvasItem *item = self->items->pdata[i];
      graphene_rect_t own;

      if (item->stands_in != NULL || (only_selected && !item->selected))
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
