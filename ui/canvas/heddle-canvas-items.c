/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* Looking at another item of a container that has run its body several times. */

int
heddle_canvas_get_picker_step (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y)
{
  graphene_rect_t bounds;
  graphene_point_t point;

  if (self->detail != HEDDLE_CANVAS_DETAIL_FULL || !heddle_canvas_item_has_picker (item))
    return 0;
  heddle_canvas_to_world (self, x, y, &x, &y);
  point = GRAPHENE_POINT_INIT (x - item->x, y - item->y);
  heddle_canvas_item_get_picker_bounds (item, &bounds);
  heddle_canvas_grow_target (self, &bounds);
  if (!graphene_rect_contains_point (&bounds, &point))
    return 0;
  return point.x < bounds.origin.x + bounds.size.width / 2 ? -1 : 1;
}

/* Beyond the last one is the latest, whichever that will be. */
void
heddle_canvas_step_item (HeddleCanvas *self, const HeddleCanvasItem *item, int step)
{
  int next = item->shown_item + step;

  if (self->trace == NULL || next < 0)
    return;
  heddle_trace_choose_item (self->trace, item->id, next >= item->last_item ? -1 : next);
  heddle_canvas_refresh_run (self);
}

HeddleCanvasItem *
heddle_canvas_find_picker (HeddleCanvasItem *item)
{
  guint left = item->depth;

  for (; item != NULL; item = left-- > 0 ? item->parent : NULL)
    if (heddle_canvas_item_has_picker (item))
      return item;
  return NULL;
}
