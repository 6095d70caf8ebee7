/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

static double
snap (double value)
{
  return round (value / HEDDLE_CANVAS_GRID_STEP) * HEDDLE_CANVAS_GRID_STEP;
}

static void
damage_edges (HeddleCanvas *self, HeddleCanvasItem *item)
{
  for (guint i = 0; i < item->edges->len; i++)
    heddle_canvas_scene_damage_edge (self->scene, item->edges->pdata[i]);
}

static void
take_hold (HeddleCanvas *self, HeddleCanvasItem *item)
{
  HeddleCanvasStart start = { item, item->x, item->y };

  if (item->moving)
    return;
  item->moving = TRUE;
  g_array_append_val (self->starts, start);
  damage_edges (self, item);
}

static void
let_go (HeddleCanvas *self)
{
  for (guint i = 0; i < self->starts->len; i++)
    {
      HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, i).item;

      item->moving = FALSE;
      damage_edges (self, item);
    }
  g_array_set_size (self->starts, 0);
}

/* What lies wholly inside a frame goes where the frame goes. */
static void
take_contents (HeddleCanvas *self, const HeddleCanvasItem *frame)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  graphene_rect_t area, bounds;

  heddle_canvas_item_get_bounds (frame, &area);
  heddle_canvas_scene_query_items (self->scene, &area, items);
  for (guint i = 0; i < items->len; i++)
    {
      heddle_canvas_item_get_bounds (items->pdata[i], &bounds);
      if (items->pdata[i] != frame && graphene_rect_contains_rect (&area, &bounds))
        take_hold (self, items->pdata[i]);
    }
}

void
heddle_canvas_begin_move (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) selected = heddle_canvas_list_selected (self, FALSE);

  for (guint i = 0; i < selected->len; i++)
    take_hold (self, selected->pdata[i]);
  for (guint i = 0; i < selected->len; i++)
    if (((HeddleCanvasItem *) selected->pdata[i])->kind == HEDDLE_CANVAS_ITEM_FRAME)
      take_contents (self, selected->pdata[i]);
}

/* What the pointer holds comes to lie on the grid; everything else keeps its distance to it. */
static void
get_snapped_offset (HeddleCanvas *self, double x, double y, double *dx, double *dy)
{
  HeddleCanvasStart lead = g_array_index (self->starts, HeddleCanvasStart, 0);

  for (guint i = 0; i < self->starts->len; i++)
    if (g_array_index (self->starts, HeddleCanvasStart, i).item == self->pressed_item)
      lead = g_array_index (self->starts, HeddleCanvasStart, i);
  *dx = snap (lead.x + (x - self->press_x) / self->zoom) - lead.x;
  *dy = snap (lead.y + (y - self->press_y) / self->zoom) - lead.y;
}

static void
place (HeddleCanvas *self, double dx, double dy)
{
  for (guint i = 0; i < self->starts->len; i++)
    {
      const HeddleCanvasStart *start = &g_array_index (self->starts, HeddleCanvasStart, i);

      heddle_canvas_scene_place (self->scene, start->item, start->x + dx, start->y + dy);
    }
  heddle_canvas_queue (self);
}

void
heddle_canvas_update_move (HeddleCanvas *self, double x, double y)
{
  double dx, dy;

  if (self->starts->len == 0)
    return;
  get_snapped_offset (self, x, y, &dx, &dy);
  place (self, dx, dy);
  heddle_canvas_update_splice (self);
}

static void
commit_move (HeddleCanvas *self, double dx, double dy)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_auto (GStrv) ids = NULL;
  HeddleCanvasEdge *splice = self->splice;

  for (guint i = 0; i < self->starts->len; i++)
    g_ptr_array_add (items, g_array_index (self->starts, HeddleCanvasStart, i).item);
  ids = heddle_canvas_dup_ids (items);
  let_go (self);
  if (dx == 0 && dy == 0)
    return;
  heddle_document_begin (self->document, splice != NULL ? _ ("Insert Node") : _ ("Move"));
  heddle_document_move (self->document, (const char *const *) ids, dx, dy);
  if (splice != NULL)
    heddle_canvas_splice (self, ids[0], splice);
  heddle_document_end (self->document);
}

void
heddle_canvas_end_move (HeddleCanvas *self, gboolean commit)
{
  double dx = 0, dy = 0;

  if (self->starts->len == 0)
    return;
  if (commit)
    {
      const HeddleCanvasStart *first = &g_array_index (self->starts, HeddleCanvasStart, 0);

      dx = first->item->x - first->x;
      dy = first->item->y - first->y;
      /* The document will say where they are now, by the same numbers. */
      commit_move (self, dx, dy);
    }
  else
    {
      place (self, 0, 0);
      let_go (self);
    }
  self->splice = NULL;
  heddle_canvas_queue (self);
}

gboolean
heddle_canvas_is_on_grip (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y)
{
  double world_x, world_y;

  if (item->kind == HEDDLE_CANVAS_ITEM_NODE)
    return FALSE;
  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  return world_x > item->x + item->width - HEDDLE_CANVAS_GRIP && world_y > item->y + item->height - HEDDLE_CANVAS_GRIP;
}

void
heddle_canvas_begin_resize (HeddleCanvas *self, HeddleCanvasItem *item)
{
  HeddleCanvasStart start = { item, item->width, item->height };

  g_array_set_size (self->starts, 0);
  g_array_append_val (self->starts, start);
}

void
heddle_canvas_update_resize (HeddleCanvas *self, double x, double y)
{
  const HeddleCanvasStart *start = &g_array_index (self->starts, HeddleCanvasStart, 0);
  double width = start->x + (x - self->press_x) / self->zoom;
  double height = start->y + (y - self->press_y) / self->zoom;

  heddle_canvas_scene_resize (self->scene, start->item, MAX (snap (width), 5 * HEDDLE_CANVAS_GRID_STEP), MAX (snap (height), 3 * HEDDLE_CANVAS_GRID_STEP));
  heddle_canvas_queue (self);
}

void
heddle_canvas_end_resize (HeddleCanvas *self, gboolean commit)
{
  HeddleCanvasStart start;
  const HeddleAnnotation *annotation;
  HeddleCanvasItem *item;
  g_autofree char *text = NULL;
  g_autofree char *color = NULL;

  if (self->starts->len == 0)
    return;
  start = g_array_index (self->starts, HeddleCanvasStart, 0);
  item = start.item;
  g_array_set_size (self->starts, 0);
  annotation = heddle_graph_find_annotation (heddle_canvas_get_graph (self), item->id);
  if (!commit || annotation == NULL)
    {
      heddle_canvas_scene_resize (self->scene, item, start.x, start.y);
      heddle_canvas_queue (self);
      return;
    }
  text = g_strdup (annotation->text);
  color = g_strdup (annotation->color);
  heddle_document_begin (self->document, _ ("Resize"));
  heddle_document_set_annotation (self->document, item->id, text, color, item->x, item->y, item->width, item->height);
  heddle_document_end (self->document);
}
