/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-painter.h"
#include "canvas/heddle-canvas-private.h"

#include <math.h>

#define DOT_STEP 32
#define MIN_DOT_STEP 18
#define DASH_SPEED 36
#define MAX_DIRECT_EDGES 40 /* more are tiled */
#define MAX_DIRECT_BLOCKS 1500
#define MAX_SMOOTH_EDGES 150 /* so many that move at once are drawn without smoothing */

typedef struct
{
  HeddleCanvas *canvas;
  GtkSnapshot *snapshot;
  const HeddleCanvasPalette *palette;
  double width, height;
  double offset_x, offset_y;
  graphene_rect_t view; /* in the world */
} Frame;

static void
to_view (const Frame *f, const graphene_rect_t *world, graphene_rect_t *view)
{
  graphene_rect_init (view,
                      f->offset_x + world->origin.x * f->canvas->zoom,
                      f->offset_y + world->origin.y * f->canvas->zoom,
                      world->size.width * f->canvas->zoom,
                      world->size.height * f->canvas->zoom);
}

static void
draw_background (const Frame *f)
{
  gtk_snapshot_append_color (f->snapshot, &f->palette->canvas, &GRAPHENE_RECT_INIT (0, 0, f->width, f->height));
}

/* Dots further apart at lower zoom, so that they never become a grey mass. */
static void
draw_dots (const Frame *f)
{
  double step = DOT_STEP * f->canvas->zoom;
  double left, top;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, f->width, f->height);
  graphene_rect_t tile;

  while (step < MIN_DOT_STEP)
    step *= 2;
  left = fmod (f->offset_x, step) - step / 2;
  top = fmod (f->offset_y, step) - step / 2;
  graphene_rect_init (&tile, left, top, step, step);
  gtk_snapshot_push_repeat (f->snapshot, &bounds, &tile);
  gtk_snapshot_append_color (f->snapshot, &f->palette->dot, &GRAPHENE_RECT_INIT (round (left + step / 2), round (top + step / 2), 2, 2));
  gtk_snapshot_pop (f->snapshot);
}

/* A container's tint lies below its nodes and their edges; the card's widget draws what lies above. */
static void
draw_back (const Frame *f, HeddleCanvasItem *item)
{
  HeddleCanvas *self = f->canvas;
  gboolean faint = heddle_canvas_item_is_faint (item);
  GdkRGBA light = f->palette->accent;

  gtk_snapshot_save (f->snapshot);
  gtk_snapshot_translate (f->snapshot, &GRAPHENE_POINT_INIT (f->offset_x + item->x * self->zoom, f->offset_y + item->y * self->zoom));
  gtk_snapshot_scale (f->snapshot, self->zoom, self->zoom);
  if (faint)
    gtk_snapshot_push_opacity (f->snapshot, HEDDLE_CANVAS_FAINT);
  gtk_snapshot_append_node (f->snapshot, heddle_canvas_draw_back (item, self->style, self->detail, self->scale));
  if (faint)
    gtk_snapshot_pop (f->snapshot);
  light.alpha = .14f;
  if (item == self->drop_frame)
    heddle_canvas_paint_fill (f->snapshot, &GRAPHENE_RECT_INIT (0, 0, item->width, item->height), HEDDLE_CANVAS_RADIUS, &light);
  gtk_snapshot_restore (f->snapshot);
}

/* What lies below the edges: groups, containers and notes. */
static void
draw_ground (const Frame *f)
{
  HeddleCanvas *self = f->canvas;

  for (guint i = 0; i < self->shown->len; i++)
    {
      HeddleCanvasItem *item = self->shown->pdata[i];

      if (heddle_canvas_item_is_container (item))
        draw_back (f, item);
      else if (item->kind != HEDDLE_CANVAS_ITEM_NODE)
        gtk_widget_snapshot_child (GTK_WIDGET (self), item->widget, f->snapshot);
    }
}

static void
draw_cards (const Frame *f)
{
  HeddleCanvas *self = f->canvas;

  for (guint i = 0; i < self->shown->len; i++)
    {
      HeddleCanvasItem *item = self->shown->pdata[i];

      if (item->kind == HEDDLE_CANVAS_ITEM_NODE)
        gtk_widget_snapshot_child (GTK_WIDGET (self), item->widget, f->snapshot);
    }
}

/* The frame that takes what is being dropped. */
static void
draw_drop_frame (const Frame *f)
{
  const GdkRGBA *color = &f->palette->accent;
  graphene_rect_t bounds;

  if (f->canvas->drop_frame == NULL)
    return;
  heddle_canvas_item_get_bounds (f->canvas->drop_frame, &bounds);
  to_view (f, &bounds, &bounds);
  graphene_rect_inset (&bounds, -2, -2);
  heddle_canvas_paint_stroke (f->snapshot, &bounds, HEDDLE_CANVAS_RADIUS * f->canvas->zoom + 2, 3, color);
}

static void
draw_blocks (const Frame *f)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  HeddleCanvas *self = f->canvas;
  gboolean tiled;

  if (self->detail == HEDDLE_CANVAS_DETAIL_BLOCK)
    heddle_canvas_scene_query_items (self->scene, &f->view, items);
  tiled = items->len > MAX_DIRECT_BLOCKS;
  if (tiled != self->tiles_have_blocks)
    heddle_canvas_tiles_clear (self->tiles);
  self->tiles_have_blocks = tiled;
  gtk_snapshot_save (f->snapshot);
  gtk_snapshot_translate (f->snapshot, &GRAPHENE_POINT_INIT (f->offset_x, f->offset_y));
  gtk_snapshot_scale (f->snapshot, self->zoom, self->zoom);
  for (guint i = 0; i < items->len; i++)
    if (!tiled || ((HeddleCanvasItem *) items->pdata[i])->moving)
      heddle_canvas_draw_block (items->pdata[i], self->style, f->snapshot);
  gtk_snapshot_restore (f->snapshot);
}

/*
 * A cairo node in view space, never under a GSK scale: replay rounds a scale to 1/256 and draws far
 * things pixels away from where they belong.
 */
static cairo_t *
begin_cairo (const Frame *f, const graphene_rect_t *bounds)
{
  cairo_t *cr = gtk_snapshot_append_cairo (f->snapshot, bounds);

  cairo_translate (cr, f->offset_x, f->offset_y);
  cairo_scale (cr, f->canvas->zoom, f->canvas->zoom);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  return cr;
}

static void
draw_edge (const Frame *f, cairo_t *cr, HeddleCanvasEdge *edge)
{
  HeddleCanvasStroke stroke;

  if (edge->hidden)
    return;
  heddle_canvas_edge_get_stroke (edge, f->palette, &stroke);
  if (edge == f->canvas->hovered_edge || edge == f->canvas->splice)
    {
      stroke.width += 1.5f;
      if (edge == f->canvas->splice)
        stroke.color = f->palette->accent;
    }
  if (edge->state == HEDDLE_EDGE_LIVE && heddle_canvas_item_is_running (edge->to))
    {
      stroke.dashed = TRUE;
      stroke.dash_offset = (float) -fmod (f->canvas->phase * DASH_SPEED, 10);
    }
  heddle_canvas_stroke_draw (&stroke, cr, f->canvas->zoom);
}

static void
fill_blocks (HeddleCanvas *self, const graphene_rect_t *area, GArray *blocks)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  const HeddleCanvasPalette *palette = heddle_canvas_style_get_palette (self->style);
  HeddleCanvasBlock pair[2];

  heddle_canvas_scene_query_items (self->scene, area, items);
  for (guint i = 0; i < items->len; i++)
    if (!((HeddleCanvasItem *) items->pdata[i])->moving)
      {
        heddle_canvas_get_blocks (items->pdata[i], palette, pair);
        g_array_append_vals (blocks, pair, 2);
      }
}

void
heddle_canvas_fill_tile (const graphene_rect_t *area, HeddleCanvasContent *content, gpointer user_data)
{
  HeddleCanvas *self = user_data;
  g_autoptr (GPtrArray) edges = g_ptr_array_new ();
  const HeddleCanvasPalette *palette = heddle_canvas_style_get_palette (self->style);
  HeddleCanvasStroke stroke;

  if (self->tiles_have_blocks)
    fill_blocks (self, area, content->blocks);
  heddle_canvas_scene_query_edges (self->scene, area, edges);
  for (guint i = 0; i < edges->len; i++)
    {
      HeddleCanvasEdge *edge = edges->pdata[i];

      if (edge->hidden || heddle_canvas_edge_is_dynamic (edge))
        continue;
      heddle_canvas_edge_get_stroke (edge, palette, &stroke);
      heddle_canvas_curve_share (&stroke.curve);
      g_array_append_val (content->strokes, stroke);
    }
}

static gboolean
draws_with_cairo (HeddleCanvas *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GskRenderer *renderer = native != NULL ? gtk_native_get_renderer (native) : NULL;

  return renderer != NULL && g_str_equal (G_OBJECT_TYPE_NAME (renderer), "GskCairoRenderer");
}

static void
draw_tiles (const Frame *f, gboolean with_cairo)
{
  HeddleCanvasTileView view = {
    .zoom = f->canvas->zoom,
    .x = f->offset_x,
    .y = f->offset_y,
    .width = f->width,
    .height = f->height,
    .scale_factor = gtk_widget_get_scale_factor (GTK_WIDGET (f->canvas)),
    .as_textures = !with_cairo,
    .is_settled = f->canvas->settle == 0,
  };

  heddle_canvas_tiles_snapshot (f->canvas->tiles, f->snapshot, &view);
}

static gboolean
is_on_top (const Frame *f, const HeddleCanvasEdge *edge)
{
  return edge == f->canvas->hovered_edge || edge == f->canvas->splice || heddle_canvas_edge_is_dynamic (edge);
}

/* Only as large as what is drawn in it: on GL such a node is uploaded as a picture in each frame. */
static gboolean
get_edges_bounds (const Frame *f, GPtrArray *edges, gboolean only_top, graphene_rect_t *bounds, guint *n_edges)
{
  guint n = 0;

  for (guint i = 0; i < edges->len; i++)
    {
      HeddleCanvasEdge *edge = edges->pdata[i];
      graphene_rect_t own;

      if (only_top && !is_on_top (f, edge))
        continue;
      heddle_canvas_curve_get_bounds (&edge->curve, &own);
      if (n > 0)
        graphene_rect_union (bounds, &own, bounds);
      else
        *bounds = own;
      n++;
    }
  *n_edges = n;
  if (n == 0)
    return FALSE;
  graphene_rect_inset (bounds, -12, -12);
  to_view (f, bounds, bounds);
  return graphene_rect_intersection (bounds, &GRAPHENE_RECT_INIT (0, 0, f->width, f->height), bounds);
}

/*
 * Few edges are drawn as they are, many come from tiles; what moves, is selected or runs is drawn
 * on top. On GL tiles are always better.
 */
static void
draw_edges (const Frame *f)
{
  g_autoptr (GPtrArray) edges = g_ptr_array_new ();
  gboolean with_cairo = draws_with_cairo (f->canvas);
  graphene_rect_t bounds;
  gboolean tiled;
  guint n_drawn;
  cairo_t *cr;

  heddle_canvas_scene_query_edges (f->canvas->scene, &f->view, edges);
  tiled = edges->len > 0 && (!with_cairo || edges->len > MAX_DIRECT_EDGES || f->canvas->tiles_have_blocks);
  if (tiled)
    draw_tiles (f, with_cairo);
  if (!get_edges_bounds (f, edges, tiled, &bounds, &n_drawn))
    return;
  cr = begin_cairo (f, &bounds);
  if (n_drawn > MAX_SMOOTH_EDGES)
    cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (guint i = 0; !tiled && i < edges->len; i++)
    if (!is_on_top (f, edges->pdata[i]))
      draw_edge (f, cr, edges->pdata[i]);
  for (guint i = 0; i < edges->len; i++)
    if (is_on_top (f, edges->pdata[i]))
      draw_edge (f, cr, edges->pdata[i]);
  cairo_destroy (cr);
}

static void
draw_box (const Frame *f)
{
  GdkRGBA fill = f->palette->accent;
  const GdkRGBA *line = &f->palette->accent;
  graphene_rect_t box;
  GskRoundedRect shape;

  if (f->canvas->mode != HEDDLE_CANVAS_MODE_BOX)
    return;
  to_view (f, &f->canvas->box, &box);
  fill.alpha = .12f;
  gtk_snapshot_append_color (f->snapshot, &fill, &box);
  gsk_rounded_rect_init_from_rect (&shape, &box, 0);
  gtk_snapshot_append_border (f->snapshot, &shape, (const float[]){ 1, 1, 1, 1 }, (const GdkRGBA[]){ *line, *line, *line, *line });
}

static void
draw_port_ring (const Frame *f, const HeddleCanvasItem *item, gboolean output, guint port, gboolean strong)
{
  const GdkRGBA *color = &f->palette->accent;
  float radius = (strong ? 11 : 8) * CLAMP (f->canvas->zoom, .6, 1.5);
  GdkRGBA fill = *color;
  graphene_rect_t bounds;
  GskRoundedRect shape;
  double x, y;

  heddle_canvas_item_get_port_position (item, output, port, &x, &y);
  x = f->offset_x + x * f->canvas->zoom;
  y = f->offset_y + y * f->canvas->zoom;
  graphene_rect_init (&bounds, x - radius, y - radius, 2 * radius, 2 * radius);
  gsk_rounded_rect_init_from_rect (&shape, &bounds, radius);
  fill.alpha = strong ? .35f : .2f;
  gtk_snapshot_push_rounded_clip (f->snapshot, &shape);
  gtk_snapshot_append_color (f->snapshot, &fill, &bounds);
  gtk_snapshot_pop (f->snapshot);
  gtk_snapshot_append_border (f->snapshot, &shape, (const float[]){ 2, 2, 2, 2 }, (const GdkRGBA[]){ *color, *color, *color, *color });
}

/* Ports that could take the edge being drawn. */
static void
draw_open_ports (const Frame *f)
{
  HeddleCanvas *self = f->canvas;

  for (guint i = 0; i < self->shown->len; i++)
    {
      HeddleCanvasItem *item = self->shown->pdata[i];
      gboolean output = !self->wire.output;

      if (item->kind != HEDDLE_CANVAS_ITEM_NODE || item->dimmed || item == self->wire.item)
        continue;
      for (guint j = 0; j < heddle_canvas_item_get_n_ports (item, output); j++)
        if (heddle_canvas_is_port_open (self, item, j))
          draw_port_ring (f, item, output, j, item == self->target.item && j == self->target.port);
    }
}

static void
draw_refusal (const Frame *f)
{
  HeddleCanvas *self = f->canvas;
  g_autoptr (PangoLayout) layout = NULL;
  graphene_rect_t bounds;
  GskRoundedRect shape;
  int width, height;

  if (self->refusal == NULL)
    return;
  layout = heddle_canvas_style_create_layout (self->style, HEDDLE_CANVAS_FONT_BODY, self->refusal, 280, 6);
  pango_layout_get_pixel_size (layout, &width, &height);
  graphene_rect_init (&bounds, MIN (self->pointer_x + 16, MAX (f->width - width - 28, 8)), MIN (self->pointer_y + 18, MAX (f->height - height - 24, 8)), width + 20, height + 12);
  gsk_rounded_rect_init_from_rect (&shape, &bounds, 8);
  gtk_snapshot_push_rounded_clip (f->snapshot, &shape);
  gtk_snapshot_append_color (f->snapshot, &f->palette->card, &bounds);
  gtk_snapshot_pop (f->snapshot);
  gtk_snapshot_append_border (f->snapshot, &shape, (const float[]){ 1, 1, 1, 1 }, (const GdkRGBA[]){ f->palette->error, f->palette->error, f->palette->error, f->palette->error });
  gtk_snapshot_save (f->snapshot);
  gtk_snapshot_translate (f->snapshot, &GRAPHENE_POINT_INIT (bounds.origin.x + 10, bounds.origin.y + 6));
  gtk_snapshot_append_layout (f->snapshot, layout, &f->palette->error);
  gtk_snapshot_restore (f->snapshot);
}

static void
draw_wire (const Frame *f)
{
  HeddleCanvas *self = f->canvas;
  HeddleCanvasStroke stroke = { .color = f->palette->accent, .width = 2.4f };
  cairo_t *cr;

  if (self->mode != HEDDLE_CANVAS_MODE_WIRE)
    return;
  if (self->refusal != NULL)
    stroke.color = f->palette->error;
  stroke.dashed = self->refusal != NULL;
  heddle_canvas_get_wire_curve (self, &stroke.curve);
  stroke.looped = heddle_canvas_wire_is_loop (self);
  draw_open_ports (f);
  draw_port_ring (f, self->wire.item, self->wire.output, self->wire.port, TRUE);
  cr = begin_cairo (f, &GRAPHENE_RECT_INIT (0, 0, f->width, f->height));
  heddle_canvas_stroke_draw (&stroke, cr, self->zoom);
  cairo_destroy (cr);
  draw_refusal (f);
}

/* The port under the pointer grows, to say that an edge can be drawn from it. */
static void
draw_hovered_port (const Frame *f)
{
  HeddleCanvas *self = f->canvas;

  if (self->mode == HEDDLE_CANVAS_MODE_NONE && self->pressed_end.item != NULL)
    draw_port_ring (f, self->pressed_end.item, self->pressed_end.output, self->pressed_end.port, FALSE);
}

void
heddle_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HeddleCanvas *self = HEDDLE_CANVAS (widget);
  Frame frame = { self, snapshot, heddle_canvas_style_get_palette (self->style), gtk_widget_get_width (widget), gtk_widget_get_height (widget) };

  heddle_canvas_get_render_offset (self, &frame.offset_x, &frame.offset_y);
  heddle_canvas_get_world_view (self, 8, &frame.view);
  draw_background (&frame);
  draw_dots (&frame);
  draw_ground (&frame);
  draw_blocks (&frame);
  draw_edges (&frame);
  draw_cards (&frame);
  draw_drop_frame (&frame);
  draw_hovered_port (&frame);
  draw_wire (&frame);
  draw_box (&frame);
  heddle_canvas_draw_gestures (self, snapshot);
  heddle_canvas_snapshot_found (self, snapshot);
  gtk_widget_snapshot_child (widget, self->hint, snapshot);
  gtk_widget_snapshot_child (widget, self->minimap, snapshot);
  gtk_widget_snapshot_child (widget, self->controls, snapshot);
}
