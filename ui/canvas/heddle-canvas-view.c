/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

#define ZOOM_STEP 1.25
#define WHEEL_STEP 1.15
#define WHEEL_PIXELS 64
#define FIT_MARGIN 32
#define SETTLE_TIME 300 /* milliseconds */

double
heddle_canvas_get_zoom (HeddleCanvas *self)
{
  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), 1);

  return self->zoom;
}

/* The offset that drawing uses falls on device pixels, so that a pan never blurs lines. */
void
heddle_canvas_get_render_offset (HeddleCanvas *self, double *x, double *y)
{
  int factor = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  *x = round (self->offset_x * factor) / factor;
  *y = round (self->offset_y * factor) / factor;
}

void
heddle_canvas_to_world (HeddleCanvas *self, double x, double y, double *world_x, double *world_y)
{
  double offset_x, offset_y;

  heddle_canvas_get_render_offset (self, &offset_x, &offset_y);
  *world_x = (x - offset_x) / self->zoom;
  *world_y = (y - offset_y) / self->zoom;
}

void
heddle_canvas_get_world_view (HeddleCanvas *self, double margin, graphene_rect_t *view)
{
  double left, top, right, bottom;

  heddle_canvas_to_world (self, -margin, -margin, &left, &top);
  heddle_canvas_to_world (self, gtk_widget_get_width (GTK_WIDGET (self)) + margin, gtk_widget_get_height (GTK_WIDGET (self)) + margin, &right, &bottom);
  graphene_rect_init (view, left, top, right - left, bottom - top);
}

static guint
get_picture_scale (HeddleCanvas *self)
{
  double needed = self->zoom * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  return needed <= 1 ? 1 : needed <= 2 ? 2
                                       : 4;
}

static void
redraw_cards (HeddleCanvas *self)
{
  for (guint i = 0; i < self->shown->len; i++)
    gtk_widget_queue_draw (((HeddleCanvasItem *) self->shown->pdata[i])->widget);
}

static gboolean
settled_cb (gpointer user_data)
{
  HeddleCanvas *self = user_data;

  self->settle = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
await_rest (HeddleCanvas *self)
{
  g_clear_handle_id (&self->settle, g_source_remove);
  self->settle = g_timeout_add (SETTLE_TIME, settled_cb, self);
}

void
heddle_canvas_get_view (HeddleCanvas *self, double *zoom, double *offset_x, double *offset_y)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  *zoom = self->zoom;
  *offset_x = self->offset_x;
  *offset_y = self->offset_y;
}

void
heddle_canvas_set_view (HeddleCanvas *self, double zoom, double offset_x, double offset_y)
{
  gboolean zoomed;

  zoom = CLAMP (zoom, HEDDLE_CANVAS_MIN_ZOOM, HEDDLE_CANVAS_MAX_ZOOM);
  zoomed = zoom != self->zoom;
  self->zoom = zoom;
  self->offset_x = offset_x;
  self->offset_y = offset_y;
  self->is_fitted = FALSE;
  heddle_canvas_update_map (self);
  if (zoomed)
    {
      HeddleCanvasDetail detail = heddle_canvas_detail_for_zoom (zoom);
      guint scale = get_picture_scale (self);

      if (detail != self->detail || scale != self->scale)
        redraw_cards (self);
      self->detail = detail;
      self->scale = scale;
      await_rest (self);
      g_object_notify (G_OBJECT (self), "zoom");
      heddle_canvas_update_controls (self);
    }
  heddle_canvas_queue (self);
}

void
heddle_canvas_zoom_at (HeddleCanvas *self, double factor, double x, double y)
{
  double zoom = CLAMP (self->zoom * factor, HEDDLE_CANVAS_MIN_ZOOM, HEDDLE_CANVAS_MAX_ZOOM);
  double ratio = zoom / self->zoom;

  heddle_canvas_set_view (self, zoom, x - (x - self->offset_x) * ratio, y - (y - self->offset_y) * ratio);
}

void
heddle_canvas_pan (HeddleCanvas *self, double dx, double dy)
{
  heddle_canvas_set_view (self, self->zoom, self->offset_x + dx, self->offset_y + dy);
}

void
heddle_canvas_set_zoom (HeddleCanvas *self, double zoom)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_zoom_at (self, zoom / self->zoom, gtk_widget_get_width (GTK_WIDGET (self)) / 2., gtk_widget_get_height (GTK_WIDGET (self)) / 2.);
}

void
heddle_canvas_zoom_in (HeddleCanvas *self)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_set_zoom (self, self->zoom * ZOOM_STEP);
}

void
heddle_canvas_zoom_out (HeddleCanvas *self)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_set_zoom (self, self->zoom / ZOOM_STEP);
}

void
heddle_canvas_zoom_reset (HeddleCanvas *self)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_set_zoom (self, 1);
}

/* How much of the height the buttons at the bottom take, where there is room beside them. */
static double
get_covered (HeddleCanvas *self)
{
  double covered = gtk_widget_get_height (self->controls);

  return covered < gtk_widget_get_height (GTK_WIDGET (self)) / 4. ? covered : 0;
}

void
heddle_canvas_fit_bounds (HeddleCanvas *self, const graphene_rect_t *bounds, double max_zoom)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double bottom = height - get_covered (self);
  double zoom = MIN ((width - 2 * FIT_MARGIN) / MAX (bounds->size.width, 1), (bottom - 2 * FIT_MARGIN) / MAX (bounds->size.height, 1));
  double top;

  zoom = CLAMP (zoom, HEDDLE_CANVAS_MIN_ZOOM, max_zoom);
  /* In the middle of all, if that is above what covers the bottom. */
  top = MIN ((height - bounds->size.height * zoom) / 2, bottom - FIT_MARGIN - bounds->size.height * zoom);
  heddle_canvas_set_view (self, zoom, width / 2 - (bounds->origin.x + bounds->size.width / 2) * zoom, top - bounds->origin.y * zoom);
}

void
heddle_canvas_fit (HeddleCanvas *self)
{
  graphene_rect_t bounds;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  if (heddle_canvas_scene_get_extent (self->scene, &bounds))
    heddle_canvas_fit_bounds (self, &bounds, 1);
  else
    heddle_canvas_set_view (self, 1, 0, 0);
  self->is_fitted = TRUE;
}

void
heddle_canvas_fit_selection (HeddleCanvas *self)
{
  graphene_rect_t bounds;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  if (heddle_canvas_scene_get_bounds (self->scene, TRUE, &bounds))
    heddle_canvas_fit_bounds (self, &bounds, 1.5);
  else
    heddle_canvas_fit (self);
}

/* How far to move so that [start, start + length] lies within [0, size]. */
static double
get_correction (double start, double length, double size)
{
  const double margin = 24;

  if (start < margin)
    return margin - start;
  if (start + length > size - margin)
    return MAX (size - margin - start - length, margin - start);
  return 0;
}

void
heddle_canvas_scroll_to (HeddleCanvas *self, const HeddleCanvasItem *item)
{
  double dx, dy;

  if (self->zoom < .3)
    heddle_canvas_set_zoom (self, .7);
  dx = get_correction (self->offset_x + item->x * self->zoom, item->width * self->zoom, gtk_widget_get_width (GTK_WIDGET (self)));
  dy = get_correction (self->offset_y + item->y * self->zoom, item->height * self->zoom, gtk_widget_get_height (GTK_WIDGET (self)));
  if (dx != 0 || dy != 0)
    heddle_canvas_pan (self, dx, dy);
}

void
heddle_canvas_reveal (HeddleCanvas *self, const char *node_id)
{
  HeddleCanvasItem *item;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  item = heddle_canvas_scene_find (self->scene, node_id);
  if (item == NULL)
    return;
  heddle_canvas_scroll_to (self, item);
  heddle_canvas_select_only (self, item);
  heddle_canvas_focus_item (self, item);
}

void
heddle_canvas_uncover (HeddleCanvas *self, const char *node_id, const graphene_rect_t *cover)
{
  const double gap = 12;
  graphene_rect_t bounds;
  double bottom;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (cover != NULL);

  if (!heddle_canvas_get_node_bounds (self, node_id, &bounds) || !graphene_rect_intersection (&bounds, cover, NULL))
    return;
  bottom = cover->origin.y + cover->size.height + gap;
  if (bottom + bounds.size.height <= gtk_widget_get_height (GTK_WIDGET (self)))
    heddle_canvas_pan (self, 0, bottom - bounds.origin.y);
  else if (bounds.size.width + gap <= cover->origin.x)
    heddle_canvas_pan (self, cover->origin.x - gap - bounds.origin.x - bounds.size.width, 0);
}

/* A mouse wheel zooms; fingers on a touchpad pan, and zoom with Ctrl. GDK's unit tells them apart. */
static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, HeddleCanvas *self)
{
  GdkModifierType modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gboolean is_wheel = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL;

  heddle_canvas_stop_gliding (self);
  self->scroll_zooms = FALSE;
  if (modifiers & GDK_CONTROL_MASK || (is_wheel && !(modifiers & GDK_SHIFT_MASK)))
    {
      double steps = is_wheel ? dy : dy / WHEEL_PIXELS;

      self->scroll_zooms = TRUE;
      heddle_canvas_zoom_at (self, pow (WHEEL_STEP, -steps), self->pointer_x, self->pointer_y);
      return GDK_EVENT_STOP;
    }
  if (is_wheel)
    heddle_canvas_pan (self, -(dx + dy) * WHEEL_PIXELS, 0);
  else
    heddle_canvas_pan (self, -dx, -dy);
  return GDK_EVENT_STOP;
}

/* The fingers left the touchpad while they moved. */
static void
decelerate_cb (GtkEventControllerScroll *controller, double velocity_x, double velocity_y, HeddleCanvas *self)
{
  if (!self->scroll_zooms)
    heddle_canvas_glide (self, -velocity_x, -velocity_y);
}

void
heddle_canvas_install_scrolling (HeddleCanvas *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES | GTK_EVENT_CONTROLLER_SCROLL_KINETIC);

  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (scroll, "decelerate", G_CALLBACK (decelerate_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}
