/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-scene-private.h"

/* What is in a collapsed item is in no grid, so that it is neither drawn nor picked; edges over its border end at its side. */

static void
list_collapsed_groups (HeddleCanvasScene *self, GPtrArray *groups)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      HeddleCanvasItem *item = self->items->pdata[i];

      if (item->collapsed && item->kind == HEDDLE_CANVAS_ITEM_FRAME)
        g_ptr_array_add (groups, item);
    }
}

/* Whether it lies wholly in the group as that is when it is open, and is smaller. */
static gboolean
lies_in (const HeddleCanvasItem *item, const HeddleCanvasItem *group)
{
  double height = item->kind == HEDDLE_CANVAS_ITEM_FRAME ? item->full_height : item->height;

  return item != group && item->x >= group->x && item->y >= group->y && item->x + item->width <= group->x + group->width && item->y + height <= group->y + group->full_height && (item->width < group->width || height < group->full_height);
}

static HeddleCanvasItem *
find_group (const HeddleCanvasItem *item, GPtrArray *groups)
{
  HeddleCanvasItem *largest = NULL;

  for (guint i = 0; i < groups->len; i++)
    {
      HeddleCanvasItem *group = groups->pdata[i];

      if (lies_in (item, group) && (largest == NULL || group->width * group->full_height > largest->width * largest->full_height))
        largest = group;
    }
  return largest;
}

/* The outermost one: that is not in another. */
static HeddleCanvasItem *
find_stand_in (const HeddleCanvasItem *item, GPtrArray *groups)
{
  const HeddleCanvasItem *outermost = item;
  HeddleCanvasItem *found = NULL, *group;

  for (HeddleCanvasItem *parent = item->parent; parent != NULL; parent = parent->parent)
    {
      outermost = parent;
      if (parent->collapsed)
        found = parent;
    }
  group = find_group (outermost, groups);
  if (group == NULL && found == NULL)
    group = find_group (item, groups);
  return group != NULL ? group : found;
}

static void
set_stand_in (HeddleCanvasScene *self, HeddleCanvasItem *item, HeddleCanvasItem *stand_in)
{
  if (item->stands_in == stand_in)
    return;
  for (guint i = 0; i < item->edges->len; i++)
    heddle_canvas_scene_index_edge (self, item->edges->pdata[i], FALSE);
  heddle_canvas_scene_index_item (self, item, FALSE);
  self->n_folded += (stand_in != NULL) - (item->stands_in != NULL);
  item->stands_in = stand_in;
  heddle_canvas_scene_index_item (self, item, TRUE);
  for (guint i = 0; i < item->edges->len; i++)
    {
      HeddleCanvasEdge *edge = item->edges->pdata[i];

      edge->folded = heddle_canvas_edge_get_seen (edge, TRUE) == heddle_canvas_edge_get_seen (edge, FALSE) && edge->from != edge->to;
      heddle_canvas_scene_forget_route (self, edge);
      heddle_canvas_edge_update (edge);
      heddle_canvas_scene_index_edge (self, edge, TRUE);
    }
  if (self->hooks.changed != NULL)
    self->hooks.changed (item, self->hooks.user_data);
}

/* Nodes in each collapsed item, which says so. */
static void
count_folded (HeddleCanvasScene *self)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      const HeddleCanvasItem *item = self->items->pdata[i];

      if (item->stands_in != NULL && item->kind == HEDDLE_CANVAS_ITEM_NODE)
        g_hash_table_insert (counts, item->stands_in, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, item->stands_in)) + 1));
    }
  for (guint i = 0; i < self->items->len; i++)
    {
      HeddleCanvasItem *item = self->items->pdata[i];
      guint n_folded = GPOINTER_TO_UINT (g_hash_table_lookup (counts, item));

      if (item->n_folded == n_folded)
        continue;
      item->n_folded = n_folded;
      heddle_canvas_item_drop_cache (item);
      if (self->hooks.changed != NULL)
        self->hooks.changed (item, self->hooks.user_data);
    }
}

void
heddle_canvas_scene_fold (HeddleCanvasScene *self)
{
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();

  list_collapsed_groups (self, groups);
  for (guint i = 0; i < self->items->len; i++)
    {
      HeddleCanvasItem *item = self->items->pdata[i];

      set_stand_in (self, item, find_stand_in (item, groups));
    }
  count_folded (self);
}

void
heddle_canvas_scene_unfold (HeddleCanvasScene *self, HeddleCanvasItem *item)
{
  if (item->stands_in != NULL)
    self->n_folded--;
  for (guint i = 0; self->n_folded > 0 && i < self->items->len; i++)
    {
      HeddleCanvasItem *other = self->items->pdata[i];

      if (other->stands_in == item)
        set_stand_in (self, other, NULL);
    }
}

GPtrArray *
heddle_canvas_scene_list_folded (HeddleCanvasScene *self, const HeddleCanvasItem *item)
{
  GPtrArray *folded = g_ptr_array_new ();

  for (guint i = 0; item->collapsed && i < self->items->len; i++)
    if (((HeddleCanvasItem *) self->items->pdata[i])->stands_in == item)
      g_ptr_array_add (folded, self->items->pdata[i]);
  return folded;
}
