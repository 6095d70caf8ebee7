/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* A drag with Alt: what is selected stays, and copies of it are put where they are dropped. */

void
heddle_canvas_begin_duplicate (HeddleCanvas *self)
{
  heddle_canvas_begin_move (self);
  /* Only the copies move; those are drawn on top. */
  for (guint i = 0; i < self->starts->len; i++)
    g_array_index (self->starts, HeddleCanvasStart, i).item->moving = FALSE;
  self->ghost_x = self->ghost_y = 0;
}

/* Not a frame that is itself copied. */
static HeddleCanvasItem *
find_nest (HeddleCanvas *self)
{
  HeddleCanvasItem *frame = heddle_canvas_find_nest (self, self->pointer_x, self->pointer_y);

  for (guint i = 0; i < self->starts->len && frame != NULL; i++)
    {
      const HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, i).item;

      if (frame == item || heddle_canvas_item_is_within (frame, item))
        frame = item->parent;
    }
  return frame;
}

void
heddle_canvas_update_duplicate (HeddleCanvas *self, double x, double y)
{
  if (self->starts->len == 0)
    return;
  heddle_canvas_get_drag_offset (self, x, y, &self->ghost_x, &self->ghost_y);
  heddle_canvas_set_drop_frame (self, find_nest (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
commit (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_auto (GStrv) ids = NULL;
  g_autofree char *json = NULL;
  HeddleCanvasItem *nest = find_nest (self);
  double x = G_MAXDOUBLE, y = G_MAXDOUBLE;

  for (guint i = 0; i < self->starts->len; i++)
    {
      HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, i).item;

      g_ptr_array_add (items, item);
      x = MIN (x, item->x);
      y = MIN (y, item->y);
    }
  ids = heddle_canvas_dup_ids (items);
  json = heddle_graph_selection_to_json (heddle_canvas_get_graph (self), (const char *const *) ids);
  g_array_set_size (self->starts, 0);
  heddle_canvas_add (self, &(HeddleCanvasAddition){ .label = _ ("Duplicate"), .text = json, .x = x + self->ghost_x, .y = y + self->ghost_y, .nest = nest });
}

void
heddle_canvas_end_duplicate (HeddleCanvas *self, gboolean commits)
{
  heddle_canvas_clear_guides (self);
  heddle_canvas_set_drop_frame (self, NULL);
  if (commits && self->starts->len > 0 && (self->ghost_x != 0 || self->ghost_y != 0))
    commit (self);
  g_array_set_size (self->starts, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
