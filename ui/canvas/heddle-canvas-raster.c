/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-raster.h"

#include <math.h>
#include <sys/mman.h>

#define TILE_STRIDE (HEDDLE_CANVAS_TILE_SIZE * 4)
#define TILE_BYTES (HEDDLE_CANVAS_TILE_SIZE * TILE_STRIDE)

static void
clear_stroke (gpointer data)
{
  heddle_canvas_curve_clear (&((HeddleCanvasStroke *) data)->curve);
}

static void
clear_stamp (gpointer data)
{
  gsk_render_node_unref (((HeddleCanvasStamp *) data)->node);
}

void
heddle_canvas_content_add_stamp (GArray *stamps, GskRenderNode *node, double x, double y, float opacity)
{
  HeddleCanvasStamp stamp = { node, x, y, opacity };

  /* What draws nothing has no node. */
  if (node == NULL)
    return;
  gsk_render_node_ref (node);
  g_array_append_val (stamps, stamp);
}

static GArray *
stamps_new (void)
{
  GArray *stamps = g_array_new (FALSE, FALSE, sizeof (HeddleCanvasStamp));

  g_array_set_clear_func (stamps, clear_stamp);
  return stamps;
}

void
heddle_canvas_content_init (HeddleCanvasContent *content)
{
  content->strokes = g_array_new (FALSE, FALSE, sizeof (HeddleCanvasStroke));
  g_array_set_clear_func (content->strokes, clear_stroke);
  content->blocks = g_array_new (FALSE, FALSE, sizeof (HeddleCanvasBlock));
  content->ground = stamps_new ();
  content->cards = stamps_new ();
}

void
heddle_canvas_content_clear (HeddleCanvasContent *content)
{
  g_array_unref (content->strokes);
  g_array_unref (content->blocks);
  g_array_unref (content->ground);
  g_array_unref (content->cards);
}

static void
paint_background (const HeddleCanvasContent *content, double left, double top, cairo_t *cr)
{
  double step = content->dot_step * content->scale;

  gdk_cairo_set_source_rgba (cr, &content->background);
  cairo_paint (cr);
  if (step <= 0)
    return;
  gdk_cairo_set_source_rgba (cr, &content->dot);
  for (double y = floor (top / step); y * step < top + HEDDLE_CANVAS_TILE_SIZE; y++)
    for (double x = floor (left / step); x * step < left + HEDDLE_CANVAS_TILE_SIZE; x++)
      cairo_rectangle (cr, round (x * step) - left, round (y * step) - top, content->dot_size, content->dot_size);
  cairo_fill (cr);
}

static void
paint_blocks (const HeddleCanvasContent *content, cairo_t *cr)
{
  for (guint i = 0; i < content->blocks->len; i++)
    {
      const HeddleCanvasBlock *block = &g_array_index (content->blocks, HeddleCanvasBlock, i);

      gdk_cairo_set_source_rgba (cr, &block->color);
      cairo_rectangle (cr, block->bounds.origin.x, block->bounds.origin.y, block->bounds.size.width, block->bounds.size.height);
      cairo_fill (cr);
    }
}

/* Nodes do not change, and all that they draw with was made when they were. */
static void
paint_stamps (GArray *stamps, cairo_t *cr)
{
  for (guint i = 0; i < stamps->len; i++)
    {
      const HeddleCanvasStamp *stamp = &g_array_index (stamps, HeddleCanvasStamp, i);

      cairo_save (cr);
      cairo_translate (cr, stamp->x, stamp->y);
      if (stamp->opacity < 1)
        cairo_push_group (cr);
      gsk_render_node_draw (stamp->node, cr);
      if (stamp->opacity < 1)
        {
          cairo_pop_group_to_source (cr);
          cairo_paint_with_alpha (cr, stamp->opacity);
        }
      cairo_restore (cr);
    }
}

static gboolean
is_empty (const HeddleCanvasContent *content)
{
  return content->strokes->len + content->blocks->len + content->ground->len + content->cards->len == 0 && content->background.alpha == 0;
}

static void
free_pixels (gpointer pixels)
{
  munmap (pixels, TILE_BYTES);
}

/* Straight from the system: in malloc's heap the megabytes that come and go leave holes that nothing else fits into. */
static cairo_surface_t *
create_surface (cairo_format_t format)
{
  static const cairo_user_data_key_t key;
  gpointer pixels = mmap (NULL, TILE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  cairo_surface_t *surface;

  if (pixels == MAP_FAILED)
    g_error ("There is no memory for a picture of %d bytes.", TILE_BYTES);
  surface = cairo_image_surface_create_for_data (pixels, format, HEDDLE_CANVAS_TILE_SIZE, HEDDLE_CANVAS_TILE_SIZE, TILE_STRIDE);
  cairo_surface_set_user_data (surface, &key, pixels, free_pixels);
  return surface;
}

cairo_surface_t *
heddle_canvas_content_raster (const HeddleCanvasContent *content, gint64 column, gint64 row)
{
  double left = (double) column * HEDDLE_CANVAS_TILE_SIZE, top = (double) row * HEDDLE_CANVAS_TILE_SIZE;
  cairo_format_t format = content->background.alpha > 0 ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32;
  cairo_surface_t *surface;
  cairo_t *cr;

  if (is_empty (content))
    return NULL;
  surface = create_surface (format);
  cr = cairo_create (surface);
  if (content->background.alpha > 0)
    paint_background (content, left, top, cr);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  cairo_translate (cr, -left, -top);
  cairo_scale (cr, content->scale, content->scale);
  paint_blocks (content, cr);
  paint_stamps (content->ground, cr);
  for (guint i = 0; i < content->strokes->len; i++)
    heddle_canvas_stroke_draw (&g_array_index (content->strokes, HeddleCanvasStroke, i), cr, content->scale);
  paint_stamps (content->cards, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}
