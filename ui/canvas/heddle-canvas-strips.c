/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-strips.h"

#include <math.h>

#define HEIGHT 128 /* of a strip, in pixels */
#define ALIGNED 16 /* pixels: where a strip may begin */

/* From left to before right, in pixels of the picture; empty when they are equal. */
typedef struct
{
  int left, right;
} Strip;

struct _HeddleCanvasStrips
{
  int scale_factor;
  int x, y; /* of the picture, in pixels of the view */
  int width, height;
  cairo_surface_t *surface;
  cairo_t *cr;
  GArray *strips; /* of Strip */
};

HeddleCanvasStrips *
heddle_canvas_strips_new (const graphene_rect_t *bounds, int scale_factor)
{
  HeddleCanvasStrips *self = g_new0 (HeddleCanvasStrips, 1);

  self->scale_factor = scale_factor;
  self->x = (int) floor (bounds->origin.x * scale_factor);
  self->y = (int) floor (bounds->origin.y * scale_factor);
  self->width = MAX ((int) ceil ((bounds->origin.x + bounds->size.width) * scale_factor) - self->x, 1);
  self->height = MAX ((int) ceil ((bounds->origin.y + bounds->size.height) * scale_factor) - self->y, 1);
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, self->width, self->height);
  self->cr = cairo_create (self->surface);
  cairo_translate (self->cr, -self->x, -self->y);
  cairo_scale (self->cr, scale_factor, scale_factor);
  self->strips = g_array_new (FALSE, TRUE, sizeof (Strip));
  g_array_set_size (self->strips, (guint) (self->height + HEIGHT - 1) / HEIGHT);
  return self;
}

cairo_t *
heddle_canvas_strips_get_cairo (HeddleCanvasStrips *self)
{
  return self->cr;
}

static void
extend (Strip *strip, int left, int right)
{
  if (strip->left == strip->right)
    *strip = (Strip){ left, right };
  else
    *strip = (Strip){ MIN (strip->left, left), MAX (strip->right, right) };
}

void
heddle_canvas_strips_mark (HeddleCanvasStrips *self, const graphene_rect_t *area)
{
  const double factor = self->scale_factor;
  int left = (int) CLAMP (floor (area->origin.x * factor) - self->x, 0, self->width) / ALIGNED * ALIGNED;
  int right = (int) CLAMP (ceil ((area->origin.x + area->size.width) * factor) - self->x, 0, self->width);
  int top = (int) CLAMP (floor (area->origin.y * factor) - self->y, 0, self->height);
  int bottom = (int) CLAMP (ceil ((area->origin.y + area->size.height) * factor) - self->y, 0, self->height);

  if (left >= right)
    return;
  for (int i = top / HEIGHT; i * HEIGHT < bottom; i++)
    extend (&g_array_index (self->strips, Strip, i), left, right);
}

static void
append (HeddleCanvasStrips *self, guint index, GtkSnapshot *snapshot)
{
  const Strip *strip = &g_array_index (self->strips, Strip, index);
  int stride = cairo_image_surface_get_stride (self->surface);
  int top = (int) index * HEIGHT, width = strip->right - strip->left, height = MIN (HEIGHT, self->height - top);
  double factor = self->scale_factor;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (self->surface) + (gsize) top * stride + (gsize) strip->left * 4,
                                      (gsize) (height - 1) * stride + (gsize) width * 4,
                                      (GDestroyNotify) cairo_surface_destroy, cairo_surface_reference (self->surface));
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
  gtk_snapshot_append_texture (snapshot, texture,
                               &GRAPHENE_RECT_INIT ((self->x + strip->left) / factor, (self->y + top) / factor, width / factor, height / factor));
}

void
heddle_canvas_strips_free_to_snapshot (HeddleCanvasStrips *self, GtkSnapshot *snapshot)
{
  cairo_destroy (self->cr);
  cairo_surface_flush (self->surface);
  for (guint i = 0; i < self->strips->len; i++)
    if (g_array_index (self->strips, Strip, i).right > g_array_index (self->strips, Strip, i).left)
      append (self, i, snapshot);
  cairo_surface_destroy (self->surface);
  g_array_unref (self->strips);
  g_free (self);
}
