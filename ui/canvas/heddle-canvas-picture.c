/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-picture.h"

#include <adwaita.h>

#include "canvas/heddle-canvas-draw.h"
#include "canvas/heddle-canvas-picture-marks.h"
#include "canvas/heddle-canvas-scene.h"

#define MARGIN 12
#define MAX_ZOOM .6
#define MIN_TITLE_ZOOM .3

struct _HeddleCanvasPicture
{
  GObject parent_instance;

  HeddleCanvasScene *scene;
  HeddleCanvasStyle *style;
  GHashTable *marks; /* id → HeddleDifferenceKind, or NULL */
};

/* How the world is laid into the area of the picture. */
typedef struct
{
  double zoom, x, y;
  HeddleCanvasDetail detail;
} Fit;

static gboolean
find_fit (HeddleCanvasPicture *self, double width, double height, Fit *fit)
{
  graphene_rect_t bounds;

  if (!heddle_canvas_scene_get_extent (self->scene, &bounds) || width <= 2 * MARGIN || height <= 2 * MARGIN)
    return FALSE;
  fit->zoom = MIN (MIN ((width - 2 * MARGIN) / bounds.size.width, (height - 2 * MARGIN) / bounds.size.height), MAX_ZOOM);
  /* A title that cannot be read is no title: below this, cards are shapes. */
  fit->detail = fit->zoom < MIN_TITLE_ZOOM ? HEDDLE_CANVAS_DETAIL_BLOCK : heddle_canvas_detail_for_zoom (fit->zoom);
  fit->x = width / 2 - (bounds.origin.x + bounds.size.width / 2) * fit->zoom;
  fit->y = height / 2 - (bounds.origin.y + bounds.size.height / 2) * fit->zoom;
  return TRUE;
}

static void
snapshot_edges (HeddleCanvasPicture *self, GtkSnapshot *snapshot, const Fit *fit, double width, double height)
{
  GPtrArray *edges = heddle_canvas_scene_get_edges (self->scene);
  const HeddleCanvasPalette *palette = heddle_canvas_style_get_palette (self->style);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  cairo_translate (cr, fit->x, fit->y);
  cairo_scale (cr, fit->zoom, fit->zoom);
  for (guint i = 0; i < edges->len; i++)
    {
      HeddleCanvasStroke stroke;

      heddle_canvas_edge_get_stroke (edges->pdata[i], palette, &stroke);
      heddle_canvas_stroke_draw (&stroke, cr, fit->zoom);
    }
  cairo_destroy (cr);
}

static void
snapshot_item (HeddleCanvasPicture *self, GtkSnapshot *snapshot, HeddleCanvasItem *item, HeddleCanvasDetail detail)
{
  if (detail == HEDDLE_CANVAS_DETAIL_BLOCK)
    {
      heddle_canvas_draw_block (item, self->style, snapshot);
      return;
    }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (item->x, item->y));
  gtk_snapshot_append_node (snapshot, heddle_canvas_draw_item (item, self->style, detail, 1));
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_back (HeddleCanvasPicture *self, GtkSnapshot *snapshot, HeddleCanvasItem *item, HeddleCanvasDetail detail)
{
  if (detail == HEDDLE_CANVAS_DETAIL_BLOCK)
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (item->x, item->y));
  gtk_snapshot_append_node (snapshot, heddle_canvas_draw_back (item, self->style, detail, 1));
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_items (HeddleCanvasPicture *self, GtkSnapshot *snapshot, const Fit *fit, gboolean nodes)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  graphene_rect_t bounds;

  if (!heddle_canvas_scene_get_bounds (self->scene, FALSE, &bounds))
    return;
  heddle_canvas_scene_query_items (self->scene, &bounds, items);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (fit->x, fit->y));
  gtk_snapshot_scale (snapshot, fit->zoom, fit->zoom);
  for (guint i = 0; i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];

      if (!nodes && heddle_canvas_item_is_container (item) && !item->collapsed)
        snapshot_back (self, snapshot, item, fit->detail);
      else if ((item->kind == HEDDLE_CANVAS_ITEM_NODE) == nodes)
        snapshot_item (self, snapshot, item, fit->detail);
    }
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_marks (HeddleCanvasPicture *self, GtkSnapshot *snapshot, const Fit *fit, double width, double height)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);
  const HeddleCanvasPalette *palette = heddle_canvas_style_get_palette (self->style);
  cairo_t *cr;

  if (self->marks == NULL || g_hash_table_size (self->marks) == 0)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];
      gpointer kind;

      if (g_hash_table_lookup_extended (self->marks, item->id, NULL, &kind))
        heddle_canvas_picture_mark_draw (GPOINTER_TO_INT (kind), palette,
                                         &GRAPHENE_RECT_INIT (fit->x + item->x * fit->zoom, fit->y + item->y * fit->zoom,
                                                              item->width * fit->zoom, item->height * fit->zoom),
                                         cr);
    }
  cairo_destroy (cr);
}

static void
heddle_canvas_picture_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width, double height)
{
  HeddleCanvasPicture *self = HEDDLE_CANVAS_PICTURE (paintable);
  const HeddleCanvasPalette *palette = heddle_canvas_style_get_palette (self->style);
  Fit fit;

  gtk_snapshot_append_color (snapshot, &palette->canvas, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (!find_fit (self, width, height, &fit))
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  snapshot_items (self, snapshot, &fit, FALSE);
  snapshot_edges (self, snapshot, &fit, width, height);
  snapshot_items (self, snapshot, &fit, TRUE);
  snapshot_marks (self, snapshot, &fit, width, height);
  gtk_snapshot_pop (snapshot);
}

static void
heddle_canvas_picture_paintable_init (GdkPaintableInterface *iface)
{
  iface->snapshot = heddle_canvas_picture_snapshot;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (HeddleCanvasPicture, heddle_canvas_picture, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, heddle_canvas_picture_paintable_init))

static void
style_changed_cb (AdwStyleManager *manager, GParamSpec *pspec, HeddleCanvasPicture *self)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);

  heddle_canvas_style_set_palette (self->style, heddle_canvas_palette_get (adw_style_manager_get_dark (manager), adw_style_manager_get_high_contrast (manager)));
  for (guint i = 0; i < items->len; i++)
    heddle_canvas_item_drop_cache (items->pdata[i]);
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}

static void
heddle_canvas_picture_finalize (GObject *object)
{
  HeddleCanvasPicture *self = HEDDLE_CANVAS_PICTURE (object);

  heddle_canvas_scene_free (self->scene);
  heddle_canvas_style_free (self->style);
  g_clear_pointer (&self->marks, g_hash_table_unref);
  G_OBJECT_CLASS (heddle_canvas_picture_parent_class)->finalize (object);
}

static void
heddle_canvas_picture_class_init (HeddleCanvasPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_canvas_picture_finalize;
}

static void
heddle_canvas_picture_init (HeddleCanvasPicture *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  self->scene = heddle_canvas_scene_new (NULL);
  self->style = heddle_canvas_style_new ();
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (style_changed_cb), self, 0);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (style_changed_cb), self, 0);
}

GdkPaintable *
heddle_canvas_picture_new (HeddleGraph *graph)
{
  HeddleCanvasPicture *self;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (graph), NULL);

  self = g_object_new (HEDDLE_TYPE_CANVAS_PICTURE, NULL);
  heddle_canvas_scene_load (self->scene, graph);
  style_changed_cb (adw_style_manager_get_default (), NULL, self);
  return GDK_PAINTABLE (self);
}

GdkPaintable *
heddle_canvas_picture_new_marked (HeddleGraph *graph, GHashTable *marks)
{
  GdkPaintable *paintable = heddle_canvas_picture_new (graph);

  g_return_val_if_fail (marks != NULL, paintable);

  HEDDLE_CANVAS_PICTURE (paintable)->marks = g_hash_table_ref (marks);
  return paintable;
}
