/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-card.h"
#include "canvas/heddle-canvas-private.h"

/* Where runs are to stand still, with a sign on the card. The canvas is told: this is no part of the workflow. */

void
heddle_canvas_take_breakpoint (HeddleCanvas *self, HeddleCanvasItem *item)
{
  gboolean has_breakpoint = item->kind == HEDDLE_CANVAS_ITEM_NODE && self->breakpoints != NULL && g_hash_table_contains (self->breakpoints, item->id);

  if (item->has_breakpoint == has_breakpoint)
    return;
  item->has_breakpoint = has_breakpoint;
  heddle_canvas_item_drop_cache (item);
  heddle_canvas_redraw_item (self, item);
  heddle_canvas_card_update_accessible (HEDDLE_CANVAS_CARD (item->widget));
}

void
heddle_canvas_set_breakpoints (HeddleCanvas *self, const char *const *nodes)
{
  GPtrArray *items;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  g_clear_pointer (&self->breakpoints, g_hash_table_unref);
  if (nodes != NULL && *nodes != NULL)
    self->breakpoints = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (; nodes != NULL && *nodes != NULL; nodes++)
    g_hash_table_add (self->breakpoints, g_strdup (*nodes));
  items = heddle_canvas_scene_get_items (self->scene);
  for (guint i = 0; i < items->len; i++)
    heddle_canvas_take_breakpoint (self, items->pdata[i]);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Whether all nodes that are selected have one. */
gboolean
heddle_canvas_has_breakpoints (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = heddle_canvas_list_selected (self, FALSE);

  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];

      if (item->kind == HEDDLE_CANVAS_ITEM_NODE && !item->has_breakpoint)
        return FALSE;
    }
  return TRUE;
}
