/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#define GAP 4
#define RADIUS 14
#define MAX_RINGS 400 /* more are not told apart, and each is drawn by itself */

/* What a search has found, with a ring around it. */

static gboolean
hash_is_same (GHashTable *found, const char *const *ids)
{
  guint n = 0;

  for (; ids != NULL && ids[n] != NULL; n++)
    if (found == NULL || !g_hash_table_contains (found, ids[n]))
      return FALSE;
  return n == (found != NULL ? g_hash_table_size (found) : 0);
}

void
heddle_canvas_set_found (HeddleCanvas *self, const char *const *ids)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  if (hash_is_same (self->found, ids))
    return;
  g_clear_pointer (&self->found, g_hash_table_unref);
  if (ids != NULL && *ids != NULL)
    self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (; ids != NULL && *ids != NULL; ids++)
    g_hash_table_add (self->found, g_strdup (*ids));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
draw_ring (HeddleCanvas *self, const HeddleCanvasItem *item, GtkSnapshot *snapshot, double offset_x, double offset_y)
{
  const GdkRGBA *color = &heddle_canvas_style_get_palette (self->style)->warning;
  const float width = MAX (3 * MIN (self->zoom, 1), 2);
  graphene_rect_t bounds;
  GskRoundedRect shape;

  graphene_rect_init (&bounds, offset_x + (item->x - GAP) * self->zoom, offset_y + (item->y - GAP) * self->zoom, (item->width + 2 * GAP) * self->zoom, (item->height + 2 * GAP) * self->zoom);
  gsk_rounded_rect_init_from_rect (&shape, &bounds, RADIUS * self->zoom);
  gtk_snapshot_append_border (snapshot, &shape, (const float[]){ width, width, width, width }, (const GdkRGBA[]){ *color, *color, *color, *color });
}

void
heddle_canvas_snapshot_found (HeddleCanvas *self, GtkSnapshot *snapshot)
{
  g_autoptr (GPtrArray) items = NULL;
  graphene_rect_t view;
  double x, y;
  guint n_rings = 0;

  if (self->found == NULL)
    return;
  items = g_ptr_array_new ();
  heddle_canvas_get_render_offset (self, &x, &y);
  heddle_canvas_get_world_view (self, 8, &view);
  heddle_canvas_scene_query_items (self->scene, &view, items);
  for (guint i = 0; i < items->len && n_rings < MAX_RINGS; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];

      if (!g_hash_table_contains (self->found, item->id))
        continue;
      draw_ring (self, item, snapshot, x, y);
      n_rings++;
    }
}
