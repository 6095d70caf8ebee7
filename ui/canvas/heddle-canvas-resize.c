/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

#define MIN_WIDTH (5 * HEDDLE_CANVAS_GRID_STEP)
#define MIN_HEIGHT (3 * HEDDLE_CANVAS_GRID_STEP)

HeddleCanvasSides
heddle_canvas_get_sides_at (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y)
{
  double world_x, world_y;

  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  return heddle_canvas_item_get_sides (item, world_x, world_y, HEDDLE_CANVAS_SIDE_DISTANCE);
}

const char *
heddle_canvas_sides_get_cursor (HeddleCanvasSides sides)
{
  gboolean across = sides & (HEDDLE_CANVAS_SIDE_LEFT | HEDDLE_CANVAS_SIDE_RIGHT);
  gboolean along = sides & (HEDDLE_CANVAS_SIDE_TOP | HEDDLE_CANVAS_SIDE_BOTTOM);

  if (across && along)
    return ((sides & HEDDLE_CANVAS_SIDE_LEFT) != 0) == ((sides & HEDDLE_CANVAS_SIDE_TOP) != 0) ? "nwse-resize" : "nesw-resize";
  return across ? "ew-resize" : along ? "ns-resize"
                                      : NULL;
}

void
heddle_canvas_begin_resize (HeddleCanvas *self, HeddleCanvasItem *item, HeddleCanvasSides sides)
{
  HeddleCanvasStart start = { item, item->x, item->y };

  g_array_set_size (self->starts, 0);
  g_array_append_val (self->starts, start);
  self->sides = sides;
  heddle_canvas_item_get_bounds (item, &self->resize_start);
}

/* Around what is in it, with room for the header and the ports; and it has a least size at each of its sides. */
static void
get_least (HeddleCanvas *self, const HeddleCanvasItem *item, graphene_rect_t *least)
{
  const graphene_rect_t *start = &self->resize_start;
  gboolean is_container = heddle_canvas_item_is_container (item);
  double width = is_container ? HEDDLE_FRAME_WIDTH : MIN_WIDTH;
  double height = is_container ? HEDDLE_FRAME_HEIGHT : MIN_HEIGHT;
  graphene_rect_t content;

  graphene_rect_init (least,
                      self->sides & HEDDLE_CANVAS_SIDE_LEFT ? start->origin.x + start->size.width - width : start->origin.x,
                      self->sides & HEDDLE_CANVAS_SIDE_TOP ? start->origin.y + start->size.height - height : start->origin.y,
                      width, height);
  if (!is_container || !heddle_canvas_scene_get_content (self->scene, item, &content))
    return;
  graphene_rect_init (&content, content.origin.x - HEDDLE_FRAME_SIDE, content.origin.y - HEDDLE_FRAME_TOP,
                      content.size.width + 2 * HEDDLE_FRAME_SIDE, content.size.height + HEDDLE_FRAME_TOP + HEDDLE_FRAME_BOTTOM);
  graphene_rect_union (least, &content, least);
}

/* Where the sides that are dragged would be. */
static void
drag_sides (HeddleCanvas *self, double dx, double dy, graphene_rect_t *box)
{
  const graphene_rect_t *start = &self->resize_start;
  double left = start->origin.x, top = start->origin.y;
  double right = left + start->size.width, bottom = top + start->size.height;

  if (self->sides & HEDDLE_CANVAS_SIDE_LEFT)
    left += dx;
  if (self->sides & HEDDLE_CANVAS_SIDE_TOP)
    top += dy;
  if (self->sides & HEDDLE_CANVAS_SIDE_RIGHT)
    right += dx;
  if (self->sides & HEDDLE_CANVAS_SIDE_BOTTOM)
    bottom += dy;
  /* Left as it is when dragged over the other side; it has a least size anyway. */
  box->origin = GRAPHENE_POINT_INIT (left, top);
  box->size = GRAPHENE_SIZE_INIT (right - left, bottom - top);
}

static void
snap_sides (HeddleCanvas *self, graphene_rect_t *box)
{
  double left = box->origin.x, top = box->origin.y;
  double right = left + box->size.width, bottom = top + box->size.height;

  if (self->sides & HEDDLE_CANVAS_SIDE_LEFT)
    left = heddle_canvas_snap (left);
  if (self->sides & HEDDLE_CANVAS_SIDE_TOP)
    top = heddle_canvas_snap (top);
  if (self->sides & HEDDLE_CANVAS_SIDE_RIGHT)
    right = heddle_canvas_snap (right);
  if (self->sides & HEDDLE_CANVAS_SIDE_BOTTOM)
    bottom = heddle_canvas_snap (bottom);
  box->origin = GRAPHENE_POINT_INIT (left, top);
  box->size = GRAPHENE_SIZE_INIT (right - left, bottom - top);
}

/* The sides that are not dragged stay where they are. */
static void
hold_least (HeddleCanvas *self, const graphene_rect_t *least, graphene_rect_t *box)
{
  double left = box->origin.x, top = box->origin.y;
  double right = left + box->size.width, bottom = top + box->size.height;

  if (self->sides & HEDDLE_CANVAS_SIDE_LEFT)
    left = MIN (left, least->origin.x);
  if (self->sides & HEDDLE_CANVAS_SIDE_TOP)
    top = MIN (top, least->origin.y);
  if (self->sides & HEDDLE_CANVAS_SIDE_RIGHT)
    right = MAX (right, least->origin.x + least->size.width);
  if (self->sides & HEDDLE_CANVAS_SIDE_BOTTOM)
    bottom = MAX (bottom, least->origin.y + least->size.height);
  graphene_rect_init (box, left, top, right - left, bottom - top);
}

void
heddle_canvas_update_resize (HeddleCanvas *self, double x, double y)
{
  HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, 0).item;
  graphene_rect_t raw, box, least;

  drag_sides (self, (x - self->press_x) / self->zoom, (y - self->press_y) / self->zoom, &raw);
  box = raw;
  snap_sides (self, &box);
  heddle_canvas_guide_resize (self, &raw, &box);
  get_least (self, item, &least);
  hold_least (self, &least, &box);
  heddle_canvas_scene_set_bounds (self->scene, item, &box);
  heddle_canvas_queue (self);
}

static void
commit_annotation (HeddleCanvas *self, const HeddleAnnotation *annotation, const graphene_rect_t *bounds)
{
  g_autofree char *id = g_strdup (annotation->id);
  g_autofree char *text = g_strdup (annotation->text);
  g_autofree char *color = g_strdup (annotation->color);

  heddle_document_begin (self->document, _ ("Resize"));
  heddle_document_set_annotation (self->document, id, text, color, bounds->origin.x, bounds->origin.y, bounds->size.width, bounds->size.height);
  heddle_document_end (self->document);
}

static void
commit_frame (HeddleCanvas *self, const char *node_id, const graphene_rect_t *bounds)
{
  g_autofree char *id = g_strdup (node_id);

  heddle_document_begin (self->document, _ ("Resize"));
  heddle_document_set_frame (self->document, id, bounds->origin.x, bounds->origin.y, bounds->size.width, bounds->size.height);
  heddle_document_end (self->document);
}

void
heddle_canvas_end_resize (HeddleCanvas *self, gboolean commit)
{
  const HeddleAnnotation *annotation;
  HeddleCanvasItem *item;
  graphene_rect_t bounds;

  heddle_canvas_clear_guides (self);
  if (self->starts->len == 0)
    return;
  item = g_array_index (self->starts, HeddleCanvasStart, 0).item;
  g_array_set_size (self->starts, 0);
  heddle_canvas_item_get_bounds (item, &bounds);
  annotation = heddle_graph_find_annotation (heddle_canvas_get_graph (self), item->id);
  if (!commit || graphene_rect_equal (&bounds, &self->resize_start))
    heddle_canvas_scene_set_bounds (self->scene, item, &self->resize_start);
  else if (annotation != NULL)
    commit_annotation (self, annotation, &bounds);
  else
    commit_frame (self, item->id, &bounds);
  heddle_canvas_queue (self);
}
