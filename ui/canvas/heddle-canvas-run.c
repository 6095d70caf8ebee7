/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-card.h"
#include "canvas/heddle-canvas-private.h"

#define BORDER 36    /* where a drag starts to pan the view, in pixels */
#define PAN_SPEED 12 /* pixels a frame at the very border */

gboolean
heddle_canvas_may_animate (HeddleCanvas *self)
{
  gboolean animate = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animate, NULL);
  return animate;
}

static void
update_item (HeddleCanvas *self, HeddleCanvasItem *item, gboolean announce)
{
  gboolean had_picker = heddle_canvas_item_has_picker (item);

  if (item->kind != HEDDLE_CANVAS_ITEM_NODE || !heddle_canvas_item_update_run (item, self->trace))
    return;
  if (had_picker != heddle_canvas_item_has_picker (item))
    heddle_canvas_update_actions (self);
  heddle_canvas_redraw_item (self, item);
  if (announce)
    heddle_canvas_card_update_accessible (HEDDLE_CANVAS_CARD (item->widget));
}

static void
update_edges (HeddleCanvas *self, HeddleCanvasItem *item)
{
  for (guint i = 0; i < item->edges->len; i++)
    {
      HeddleCanvasEdge *edge = item->edges->pdata[i];

      /* Also when its state stays: how it is drawn depends on the nodes at its ends. */
      heddle_canvas_edge_update_run (edge, self->trace);
      heddle_canvas_scene_damage_edge (self->scene, edge);
    }
}

void
heddle_canvas_refresh_run (HeddleCanvas *self)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);
  GPtrArray *edges = heddle_canvas_scene_get_edges (self->scene);

  for (guint i = 0; i < items->len; i++)
    update_item (self, items->pdata[i], TRUE);
  for (guint i = 0; i < edges->len; i++)
    if (heddle_canvas_edge_update_run (edges->pdata[i], self->trace))
      heddle_canvas_scene_damage_edge (self->scene, edges->pdata[i]);
  heddle_canvas_scene_forget_dynamic_edges (self->scene);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  heddle_canvas_update_tick (self);
}

/* However many batches came since the last frame, each node is looked at once. */
static void
flush_touched (HeddleCanvas *self)
{
  GHashTableIter iter;
  gpointer id;

  if (g_hash_table_size (self->touched) == 0)
    return;
  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, id);
      HeddleSpanState before;
      gboolean was_next;

      if (item == NULL)
        continue;
      before = item->state;
      was_next = item->is_next;
      update_item (self, item, FALSE);
      if (item->state == before && item->is_next == was_next)
        continue;
      update_edges (self, item);
      heddle_canvas_note_news (self, item);
      heddle_canvas_card_update_accessible (HEDDLE_CANVAS_CARD (item->widget));
    }
  g_hash_table_remove_all (self->touched);
  heddle_canvas_refresh_map (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
trace_updated_cb (HeddleTrace *trace, const char *const *nodes, HeddleCanvas *self)
{
  for (; nodes != NULL && *nodes != NULL; nodes++)
    g_hash_table_add (self->touched, g_strdup (*nodes));
  heddle_canvas_update_tick (self);
}

/* The end of a run decides about everything that was not reached. */
static void
trace_state_cb (HeddleTrace *trace, GParamSpec *pspec, HeddleCanvas *self)
{
  heddle_canvas_refresh_run (self);
  heddle_canvas_note_news (self, NULL);
}

void
heddle_canvas_set_trace (HeddleCanvas *self, HeddleTrace *trace)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  if (self->trace == trace)
    return;
  g_clear_signal_handler (&self->trace_handler, self->trace);
  g_clear_signal_handler (&self->trace_state_handler, self->trace);
  g_hash_table_remove_all (self->touched);
  g_set_object (&self->trace, trace);
  if (trace != NULL)
    {
      self->trace_handler = g_signal_connect (trace, "updated", G_CALLBACK (trace_updated_cb), self);
      self->trace_state_handler = g_signal_connect (trace, "notify::state", G_CALLBACK (trace_state_cb), self);
    }
  heddle_canvas_refresh_run (self);
}

static gboolean
has_running (HeddleCanvas *self)
{
  for (guint i = 0; i < self->shown->len; i++)
    if (heddle_canvas_item_is_running (self->shown->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_dragging (HeddleCanvas *self)
{
  return self->mode > HEDDLE_CANVAS_MODE_PAN;
}

static void
animate_running (HeddleCanvas *self)
{
  if (!has_running (self))
    return;
  for (guint i = 0; i < self->shown->len; i++)
    {
      HeddleCanvasItem *item = self->shown->pdata[i];

      if (!heddle_canvas_item_is_running (item))
        continue;
      /* The clock on the card goes on between events. */
      update_item (self, item, FALSE);
      gtk_widget_queue_draw (item->widget);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static double
get_push (double position, double size)
{
  if (position < BORDER)
    return PAN_SPEED * MIN ((BORDER - position) / BORDER, 1);
  if (position > size - BORDER)
    return -PAN_SPEED * MIN ((position - size + BORDER) / BORDER, 1);
  return 0;
}

/* Dragging against the border brings what lies behind it into view. */
static void
pan_at_border (HeddleCanvas *self)
{
  double dx, dy;

  if (!is_dragging (self) || self->wire_follows)
    return;
  dx = get_push (self->pointer_x, gtk_widget_get_width (GTK_WIDGET (self)));
  dy = get_push (self->pointer_y, gtk_widget_get_height (GTK_WIDGET (self)));
  if (dx == 0 && dy == 0)
    return;
  heddle_canvas_pan (self, dx, dy);
  self->press_x += dx;
  self->press_y += dy;
  heddle_canvas_update_drag (self);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  HeddleCanvas *self = HEDDLE_CANVAS (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  if (self->tick_start == 0)
    self->tick_start = now;
  self->phase = heddle_canvas_may_animate (self) ? (now - self->tick_start) / 1e6 : 0;
  flush_touched (self);
  animate_running (self);
  pan_at_border (self);
  if (has_running (self) || is_dragging (self))
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  self->tick_start = 0;
  return G_SOURCE_REMOVE;
}

void
heddle_canvas_update_tick (HeddleCanvas *self)
{
  if (self->tick != 0 || gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  if (g_hash_table_size (self->touched) > 0 || has_running (self) || is_dragging (self))
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}
