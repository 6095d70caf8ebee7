/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-style.h"

#include <math.h>

struct _HeddleCanvasStyle
{
  const HeddleCanvasPalette *palette;
  PangoContext *pango;
  PangoFontDescription *fonts[HEDDLE_CANVAS_N_FONTS];
  GHashTable *textures; /* owned key → GdkTexture */
};

/* Sizes are in canvas units, so that a card holds the same text on every machine. */
static const struct
{
  double size;
  PangoWeight weight;
} font_specs[HEDDLE_CANVAS_N_FONTS] = {
  [HEDDLE_CANVAS_FONT_TITLE] = { 14, PANGO_WEIGHT_BOLD },
  [HEDDLE_CANVAS_FONT_BODY] = { 12, PANGO_WEIGHT_NORMAL },
  [HEDDLE_CANVAS_FONT_SMALL] = { 11.5, PANGO_WEIGHT_NORMAL },
  [HEDDLE_CANVAS_FONT_HEADING] = { 14, PANGO_WEIGHT_SEMIBOLD },
};

static char *
dup_font_name (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  char *name = NULL;

  if (settings != NULL)
    g_object_get (settings, "gtk-font-name", &name, NULL);
  return name != NULL ? name : g_strdup ("Cantarell 11");
}

/* Unhinted and unrounded: at fractional zoom, rounded glyph positions tear words apart. */
static PangoContext *
create_pango (void)
{
  PangoContext *pango = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (pango, options);
  cairo_font_options_destroy (options);
  pango_context_set_round_glyph_positions (pango, FALSE);
  return pango;
}

HeddleCanvasStyle *
heddle_canvas_style_new (void)
{
  HeddleCanvasStyle *self = g_new0 (HeddleCanvasStyle, 1);
  g_autofree char *name = dup_font_name ();

  self->palette = heddle_canvas_palette_get (FALSE, FALSE);
  self->pango = create_pango ();
  self->textures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  for (int i = 0; i < HEDDLE_CANVAS_N_FONTS; i++)
    {
      self->fonts[i] = pango_font_description_from_string (name);
      pango_font_description_set_absolute_size (self->fonts[i], font_specs[i].size * PANGO_SCALE);
      pango_font_description_set_weight (self->fonts[i], font_specs[i].weight);
    }
  return self;
}

void
heddle_canvas_style_free (HeddleCanvasStyle *self)
{
  for (int i = 0; i < HEDDLE_CANVAS_N_FONTS; i++)
    pango_font_description_free (self->fonts[i]);
  g_object_unref (self->pango);
  g_hash_table_unref (self->textures);
  g_free (self);
}

const HeddleCanvasPalette *
heddle_canvas_style_get_palette (HeddleCanvasStyle *self)
{
  return self->palette;
}

void
heddle_canvas_style_set_palette (HeddleCanvasStyle *self, const HeddleCanvasPalette *palette)
{
  if (self->palette == palette)
    return;
  self->palette = palette;
  g_hash_table_remove_all (self->textures);
}

PangoLayout *
heddle_canvas_style_create_layout (HeddleCanvasStyle *self, HeddleCanvasFont font, const char *text, double width, int lines)
{
  PangoLayout *layout = pango_layout_new (self->pango);

  pango_layout_set_font_description (layout, self->fonts[font]);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, (int) (MAX (width, 1) * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  if (lines == 1)
    {
      pango_layout_set_single_paragraph_mode (layout, TRUE);
    }
  else
    {
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_set_height (layout, -lines);
    }
  return layout;
}

static GdkTexture *
texture_from_surface (cairo_surface_t *surface)
{
  int height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = NULL;

  cairo_surface_flush (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) stride * height);
  return gdk_memory_texture_new (cairo_image_surface_get_width (surface), height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static void
rounded_square (cairo_t *cr, double size, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, size - radius, radius, radius, -G_PI_2, 0);
  cairo_arc (cr, size - radius, size - radius, radius, 0, G_PI_2);
  cairo_arc (cr, radius, size - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, radius, radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
draw_icon (cairo_t *cr, const char *icon_name, const GdkRGBA *color, double size, guint scale)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (theme, icon_name, NULL, (int) size, (int) scale, GTK_TEXT_DIR_LTR, GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  const GdkRGBA colors[] = { *color, *color, *color, *color };
  GskRenderNode *node;

  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, size, size, colors, G_N_ELEMENTS (colors));
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return;
  gsk_render_node_draw (node, cr);
  gsk_render_node_unref (node);
}

static GdkTexture *
render_badge (HeddleCanvasStyle *self, const char *icon_name, const GdkRGBA *color, int size, guint scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size * (int) scale, size * (int) scale);
  cairo_t *cr = cairo_create (surface);
  double icon_size = size / 2.;
  GdkTexture *texture;

  cairo_scale (cr, scale, scale);
  rounded_square (cr, size, size / 4.);
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, self->palette->badge_alpha);
  cairo_fill (cr);
  cairo_translate (cr, (size - icon_size) / 2, (size - icon_size) / 2);
  draw_icon (cr, icon_name, color, icon_size, scale);
  cairo_destroy (cr);
  texture = texture_from_surface (surface);
  cairo_surface_destroy (surface);
  return texture;
}

GdkTexture *
heddle_canvas_style_get_badge (HeddleCanvasStyle *self, const char *icon_name, HeddleCategory category, int size, guint scale)
{
  g_autofree char *key = g_strdup_printf ("%s %d %d %u", icon_name, category, size, scale);
  GdkTexture *texture = g_hash_table_lookup (self->textures, key);

  if (texture == NULL)
    {
      texture = render_badge (self, icon_name, &self->palette->category[category], size, scale);
      g_hash_table_insert (self->textures, g_steal_pointer (&key), texture);
    }
  return texture;
}

static GdkTexture *
render_mark (HeddleCanvasStyle *self, HeddleCanvasMark mark, int size, guint scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size * (int) scale, size * (int) scale);
  cairo_t *cr = cairo_create (surface);
  GdkTexture *texture;

  cairo_scale (cr, size * scale / 16., size * scale / 16.);
  heddle_canvas_mark_draw (mark, self->palette, cr);
  cairo_destroy (cr);
  texture = texture_from_surface (surface);
  cairo_surface_destroy (surface);
  return texture;
}

GdkTexture *
heddle_canvas_style_get_mark (HeddleCanvasStyle *self, HeddleCanvasMark mark, int size, guint scale)
{
  g_autofree char *key = g_strdup_printf ("%d %d %u", mark, size, scale);
  GdkTexture *texture = g_hash_table_lookup (self->textures, key);

  if (texture == NULL)
    {
      texture = render_mark (self, mark, size, scale);
      g_hash_table_insert (self->textures, g_steal_pointer (&key), texture);
    }
  return texture;
}
