/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-painter.h"
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* What gestures draw while they last, and what the hovered edge offers. */
#define GHOST_OPACITY .8
#define PLUS_RADIUS 10.f
#define GUIDE_OVERHANG 12 /* how far a guide goes beyond what it joins, in pixels */

typedef struct
{
  HeddleCanvas *canvas;
  GtkSnapshot *snapshot;
  const HeddleCanvasPalette *palette;
  double offset_x, offset_y;
} Layer;

static double
to_view_x (const Layer *l, double x)
{
  return l->offset_x + x * l->canvas->zoom;
}

static double
to_view_y (const Layer *l, double y)
{
  return l->offset_y + y * l->canvas->zoom;
}

static void
draw_ghost (const Layer *l, HeddleCanvasItem *item)
{
  HeddleCanvas *self = l->canvas;

  if (item->stands_in != NULL)
    return;
  gtk_snapshot_save (l->snapshot);
  gtk_snapshot_translate (l->snapshot, &GRAPHENE_POINT_INIT (to_view_x (l, item->x + self->ghost_x), to_view_y (l, item->y + self->ghost_y)));
  gtk_snapshot_scale (l->snapshot, self->zoom, self->zoom);
  if (heddle_canvas_item_is_container (item))
    gtk_snapshot_append_node (l->snapshot, heddle_canvas_draw_back (item, self->style, self->detail, self->scale));
  gtk_snapshot_append_node (l->snapshot, heddle_canvas_draw_item (item, self->style, self->detail, self->scale));
  gtk_snapshot_restore (l->snapshot);
}

static void
draw_ghosts (const Layer *l)
{
  if (l->canvas->mode != HEDDLE_CANVAS_MODE_DUPLICATE)
    return;
  gtk_snapshot_push_opacity (l->snapshot, GHOST_OPACITY);
  for (guint i = 0; i < l->canvas->starts->len; i++)
    draw_ghost (l, g_array_index (l->canvas->starts, HeddleCanvasStart, i).item);
  gtk_snapshot_pop (l->snapshot);
}

static void
draw_guide (const Layer *l, const HeddleCanvasGuide *guide)
{
  double at = round (guide->horizontal ? to_view_y (l, guide->at) : to_view_x (l, guide->at));
  double start = (guide->horizontal ? to_view_x (l, guide->start) : to_view_y (l, guide->start)) - GUIDE_OVERHANG;
  double end = (guide->horizontal ? to_view_x (l, guide->end) : to_view_y (l, guide->end)) + GUIDE_OVERHANG;

  gtk_snapshot_append_color (l->snapshot, &l->palette->accent, guide->horizontal ? &GRAPHENE_RECT_INIT (start, at, end - start, 1) : &GRAPHENE_RECT_INIT (at, start, 1, end - start));
}

static void
draw_guides (const Layer *l)
{
  for (guint i = 0; i < l->canvas->guides->len; i++)
    draw_guide (l, &g_array_index (l->canvas->guides, HeddleCanvasGuide, i));
}

static void
draw_cut_edges (const Layer *l, cairo_t *cr)
{
  HeddleCanvas *self = l->canvas;

  cairo_save (cr);
  cairo_translate (cr, l->offset_x, l->offset_y);
  cairo_scale (cr, self->zoom, self->zoom);
  for (guint i = 0; i < self->cut->len; i++)
    {
      HeddleCanvasStroke stroke;

      heddle_canvas_edge_get_stroke (self->cut->pdata[i], l->palette, &stroke);
      stroke.color = l->palette->error;
      stroke.width = 3;
      stroke.dashed = TRUE;
      heddle_canvas_stroke_draw (&stroke, cr, self->zoom);
    }
  cairo_restore (cr);
}

/* The line from where the button went down, and what it cuts. */
static void
draw_knife (const Layer *l)
{
  HeddleCanvas *self = l->canvas;
  const GdkRGBA *color = &l->palette->error;
  cairo_t *cr;

  if (self->mode != HEDDLE_CANVAS_MODE_KNIFE)
    return;
  cr = gtk_snapshot_append_cairo (l->snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self))));
  draw_cut_edges (l, cr);
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, self->press_x, self->press_y);
  cairo_line_to (cr, self->pointer_x, self->pointer_y);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* On the hovered edge: a button that puts a node into it. */
static void
draw_plus (const Layer *l)
{
  HeddleCanvas *self = l->canvas;
  const GdkRGBA *accent = &l->palette->accent;
  graphene_rect_t bounds;
  double x, y;

  if (self->mode != HEDDLE_CANVAS_MODE_NONE || self->hovered_edge == NULL || !heddle_canvas_get_plus (self, self->hovered_edge, &x, &y))
    return;
  x = round (x);
  y = round (y);
  graphene_rect_init (&bounds, x - PLUS_RADIUS, y - PLUS_RADIUS, 2 * PLUS_RADIUS, 2 * PLUS_RADIUS);
  heddle_canvas_paint_fill (l->snapshot, &bounds, PLUS_RADIUS, &l->palette->card);
  heddle_canvas_paint_stroke (l->snapshot, &bounds, PLUS_RADIUS, 2, accent);
  gtk_snapshot_append_color (l->snapshot, accent, &GRAPHENE_RECT_INIT (x - 5, y - 1, 10, 2));
  gtk_snapshot_append_color (l->snapshot, accent, &GRAPHENE_RECT_INIT (x - 1, y - 5, 2, 10));
}

static void
draw_bend (const Layer *l, const HeddlePoint *point, gboolean chosen)
{
  float radius = chosen ? 7 : 5;
  double x = round (to_view_x (l, point->x)), y = round (to_view_y (l, point->y));
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x - radius, y - radius, 2 * radius, 2 * radius);

  heddle_canvas_paint_fill (l->snapshot, &bounds, radius, chosen ? &l->palette->accent : &l->palette->card);
  heddle_canvas_paint_stroke (l->snapshot, &bounds, radius, 2, &l->palette->accent);
}

static void
draw_bends_of (const Layer *l, const HeddleCanvasEdge *edge, int chosen)
{
  for (guint i = 0; i < edge->n_points; i++)
    draw_bend (l, &edge->points[i], (int) i == chosen);
}

/* Handles of the hovered edge, and of the one that is selected. */
static void
draw_bends (const Layer *l)
{
  HeddleCanvas *self = l->canvas;
  const HeddleCanvasEdge *single = self->detail != HEDDLE_CANVAS_DETAIL_BLOCK ? self->single_edge : NULL;

  if (self->hovered_edge != NULL && self->hovered_edge != single && self->detail != HEDDLE_CANVAS_DETAIL_BLOCK)
    draw_bends_of (l, self->hovered_edge, -1);
  if (single != NULL)
    draw_bends_of (l, single, self->chosen_bend);
}

void
heddle_canvas_draw_gestures (HeddleCanvas *self, GtkSnapshot *snapshot)
{
  Layer layer = { self, snapshot, heddle_canvas_style_get_palette (self->style), 0, 0 };

  heddle_canvas_get_render_offset (self, &layer.offset_x, &layer.offset_y);
  draw_ghosts (&layer);
  draw_guides (&layer);
  draw_knife (&layer);
  draw_bends (&layer);
  draw_plus (&layer);
}
