/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-export.h"

#include "canvas/heddle-canvas-draw.h"
#include "canvas/heddle-canvas-scene.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define MARGIN 32
#define MAX_SIDE 32000.     /* of a picture of pixels, in pixels: what cairo can do */
#define MAX_PIXELS 100e6    /* 400 MB while it is drawn */
#define MAX_PAGE 14400.     /* of a PDF, in points: what programs show */
#define VECTOR_ICON_SCALE 4 /* icons are pixels everywhere */
#define SLICE 64            /* things that are drawn at once */

/* What lies below comes first. */
typedef enum
{
  PASS_BELOW, /* groups, notes, and what containers have below their nodes */
  PASS_EDGES,
  PASS_NODES,
  N_PASSES
} Pass;

typedef struct
{
  HeddleCanvasFormat format;
  guint scale;
  HeddleCanvasExportProgress progress;
  gpointer progress_data;

  HeddleCanvasScene *scene;
  HeddleCanvasStyle *style;
  GHashTable *chosen; /* borrowed items; NULL: all */
  GPtrArray *items;
  GPtrArray *edges;
  graphene_rect_t bounds; /* in the world, with a margin */
  double zoom;

  GByteArray *bytes;
  cairo_surface_t *surface;
  cairo_t *cr;
  Pass pass;
  guint next;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_clear_pointer (&export->cr, cairo_destroy);
  g_clear_pointer (&export->surface, cairo_surface_destroy);
  g_clear_pointer (&export->items, g_ptr_array_unref);
  g_clear_pointer (&export->edges, g_ptr_array_unref);
  g_clear_pointer (&export->chosen, g_hash_table_unref);
  heddle_canvas_scene_free (export->scene);
  heddle_canvas_style_free (export->style);
  g_byte_array_unref (export->bytes);
  g_free (export);
}

const char *
heddle_canvas_format_get_suffix (HeddleCanvasFormat format)
{
  static const char *const suffixes[] = { "png", "svg", "pdf" };

  g_return_val_if_fail (format < HEDDLE_CANVAS_N_FORMATS, NULL);

  return suffixes[format];
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
is_chosen (const Export *export, HeddleCanvasItem *item)
{
  return export->chosen == NULL || g_hash_table_contains (export->chosen, item);
}

/* What is in a container that is chosen is drawn with it. */
static void
choose (Export *export, HeddleCanvasItem *item)
{
  g_autoptr (GPtrArray) within = heddle_canvas_item_is_container (item) ? heddle_canvas_scene_list_within (export->scene, item) : NULL;

  g_hash_table_add (export->chosen, item);
  for (guint i = 0; within != NULL && i < within->len; i++)
    g_hash_table_add (export->chosen, within->pdata[i]);
}

static void
choose_all (Export *export, const char *const *ids)
{
  if (ids == NULL)
    return;
  export->chosen = g_hash_table_new (NULL, NULL);
  for (; *ids != NULL; ids++)
    {
      HeddleCanvasItem *item = heddle_canvas_scene_find (export->scene, *ids);

      if (item != NULL)
        choose (export, item);
    }
}

static void
include_edges (Export *export)
{
  GPtrArray *edges = heddle_canvas_scene_get_edges (export->scene);

  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleCanvasEdge *edge = edges->pdata[i];

      if (is_chosen (export, edge->from) && is_chosen (export, edge->to))
        heddle_canvas_edge_extend (edge, &export->bounds);
    }
}

static gboolean
measure (Export *export)
{
  GPtrArray *items = heddle_canvas_scene_get_items (export->scene);
  gboolean any;

  for (guint i = 0; i < items->len; i++)
    ((HeddleCanvasItem *) items->pdata[i])->selected = is_chosen (export, items->pdata[i]);
  any = heddle_canvas_scene_get_bounds (export->scene, TRUE, &export->bounds);
  /* Selected things look different. */
  for (guint i = 0; i < items->len; i++)
    ((HeddleCanvasItem *) items->pdata[i])->selected = FALSE;
  if (any)
    include_edges (export);
  graphene_rect_inset (&export->bounds, -MARGIN, -MARGIN);
  return any;
}

static gboolean
check_pixels (Export *export, GError **error)
{
  double width = ceil (export->bounds.size.width * export->scale), height = ceil (export->bounds.size.height * export->scale);

  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               _ ("The picture would have %.0f by %.0f pixels, which is too large. Choose a smaller scale, a selection, or SVG."), width, height);
  return FALSE;
}

static gboolean
open_surface (Export *export, GError **error)
{
  double width = export->bounds.size.width, height = export->bounds.size.height;

  export->zoom = 1;
  switch (export->format)
    {
    case HEDDLE_CANVAS_PNG:
      if (!check_pixels (export, error))
        return FALSE;
      export->zoom = export->scale;
      export->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * export->scale), (int) ceil (height * export->scale));
      break;
    case HEDDLE_CANVAS_SVG:
      export->surface = cairo_svg_surface_create_for_stream (write_cb, export->bytes, width, height);
      cairo_svg_surface_set_document_unit (export->surface, CAIRO_SVG_UNIT_PX);
      break;
    case HEDDLE_CANVAS_PDF:
      export->zoom = MIN (MAX_PAGE / MAX (width, height), 1);
      export->surface = cairo_pdf_surface_create_for_stream (write_cb, export->bytes, width * export->zoom, height * export->zoom);
      break;
    case HEDDLE_CANVAS_N_FORMATS:
      g_assert_not_reached ();
    }
  export->cr = cairo_create (export->surface);
  if (cairo_status (export->cr) == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("The picture cannot be drawn: %s"), cairo_status_to_string (cairo_status (export->cr)));
  return FALSE;
}

static void
draw_node (Export *export, const HeddleCanvasItem *item, GskRenderNode *node)
{
  if (node == NULL)
    return;
  cairo_save (export->cr);
  cairo_translate (export->cr, item->x, item->y);
  gsk_render_node_draw (node, export->cr);
  cairo_restore (export->cr);
}

static void
draw_item (Export *export, HeddleCanvasItem *item)
{
  guint scale = export->format == HEDDLE_CANVAS_PNG ? export->scale : VECTOR_ICON_SCALE;
  gboolean is_node = item->kind == HEDDLE_CANVAS_ITEM_NODE;

  if (!is_chosen (export, item))
    return;
  if (export->pass == PASS_BELOW && heddle_canvas_item_is_container (item) && !item->collapsed)
    draw_node (export, item, heddle_canvas_draw_back (item, export->style, HEDDLE_CANVAS_DETAIL_FULL, scale));
  else if (is_node == (export->pass == PASS_NODES))
    draw_node (export, item, heddle_canvas_draw_item (item, export->style, HEDDLE_CANVAS_DETAIL_FULL, scale));
  /* Pictures of ten thousand cards need not be kept. */
  if (export->pass == PASS_NODES)
    heddle_canvas_item_drop_cache (item);
}

static void
draw_edge (Export *export, HeddleCanvasEdge *edge)
{
  HeddleCanvasStroke stroke;

  if (!is_chosen (export, edge->from) || !is_chosen (export, edge->to))
    return;
  heddle_canvas_edge_get_stroke (edge, heddle_canvas_style_get_palette (export->style), &stroke);
  cairo_save (export->cr);
  heddle_canvas_stroke_draw (&stroke, export->cr, export->zoom);
  cairo_restore (export->cr);
}

static void
tell_progress (const Export *export)
{
  guint n_all = 2 * export->items->len + export->edges->len;
  guint n_done = export->next;

  if (export->pass > PASS_BELOW)
    n_done += export->items->len;
  if (export->pass > PASS_EDGES)
    n_done += export->edges->len;
  if (export->progress != NULL)
    export->progress (n_all > 0 ? (double) n_done / n_all : 1, export->progress_data);
}

/* TRUE when all is drawn. */
static gboolean
draw_slice (Export *export)
{
  GPtrArray *things = export->pass == PASS_EDGES ? export->edges : export->items;
  guint end = MIN (export->next + SLICE, things->len);

  for (; export->next < end; export->next++)
    {
      if (export->pass == PASS_EDGES)
        draw_edge (export, things->pdata[export->next]);
      else
        draw_item (export, things->pdata[export->next]);
    }
  tell_progress (export);
  if (export->next == things->len)
    {
      export->pass++;
      export->next = 0;
    }
  return export->pass == N_PASSES;
}

/* Packing pixels takes long. */
static void
pack_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Export *export = data;
  cairo_status_t status;

  if (export->format == HEDDLE_CANVAS_PNG)
    status = cairo_surface_write_to_png_stream (export->surface, write_cb, export->bytes);
  else
    {
      cairo_surface_finish (export->surface);
      status = cairo_surface_status (export->surface);
    }
  if (status == CAIRO_STATUS_SUCCESS)
    g_task_return_pointer (task, g_bytes_new (export->bytes->data, export->bytes->len), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("The picture cannot be drawn: %s"), cairo_status_to_string (status));
}

static gboolean
slice_cb (gpointer user_data)
{
  GTask *task = user_data;
  Export *export = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (!draw_slice (export))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&export->cr, cairo_destroy);
  g_task_run_in_thread (task, pack_thread);
  return G_SOURCE_REMOVE;
}

static void
prepare (Export *export, HeddleTrace *trace)
{
  const GdkRGBA *canvas = &heddle_canvas_style_get_palette (export->style)->canvas;

  export->items = g_ptr_array_new ();
  export->edges = g_ptr_array_new ();
  heddle_canvas_scene_query_items (export->scene, &export->bounds, export->items);
  heddle_canvas_scene_query_edges (export->scene, &export->bounds, export->edges);
  for (guint i = 0; trace != NULL && i < export->items->len; i++)
    heddle_canvas_item_update_run (export->items->pdata[i], trace);
  for (guint i = 0; trace != NULL && i < export->edges->len; i++)
    heddle_canvas_edge_update_run (export->edges->pdata[i], trace);
  gdk_cairo_set_source_rgba (export->cr, canvas);
  cairo_paint (export->cr);
  cairo_scale (export->cr, export->zoom, export->zoom);
  cairo_translate (export->cr, -export->bounds.origin.x, -export->bounds.origin.y);
}

void
heddle_canvas_export_async (HeddleGraph *graph, const HeddleCanvasExport *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GSource) source = NULL;
  Export *export;
  GError *error = NULL;

  g_return_if_fail (HEDDLE_IS_GRAPH (graph));
  g_return_if_fail (options != NULL && options->format < HEDDLE_CANVAS_N_FORMATS);

  export = g_new0 (Export, 1);
  export->format = options->format;
  export->scale = CLAMP (options->scale, 1, 4);
  export->progress = options->progress;
  export->progress_data = options->progress_data;
  export->bytes = g_byte_array_new ();
  export->scene = heddle_canvas_scene_new (NULL);
  export->style = heddle_canvas_style_new ();
  heddle_canvas_style_set_palette (export->style, heddle_canvas_palette_get (options->dark, FALSE));
  heddle_canvas_scene_load (export->scene, graph);
  choose_all (export, options->ids);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_canvas_export_async);
  g_task_set_task_data (task, export, export_free);
  if (!measure (export))
    g_set_error_literal (&error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There is nothing to draw. Add a node first."));
  else
    open_surface (export, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  prepare (export, options->trace);
  source = g_idle_source_new ();
  g_task_attach_source (task, source, slice_cb);
}

GBytes *
heddle_canvas_export_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
