/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-painter.h"
#include "canvas/heddle-canvas-private.h"

#include <math.h>

#define DASH_SPEED 36
#define MAX_DIRECT_EDGES 40  /* a workflow with more is tiled */
#define MAX_DIRECT_ITEMS 24  /* same */
#define MAX_DIRECT_CARDS 60  /* so many are drawn as they are until there are tiles */
#define MAX_SMOOTH_EDGES 150 /* when more move at once, they are drawn as a few straight pieces each */

typedef struct
{
  HeddleCanvas *canvas;
  GtkSnapshot *snapshot;
  const HeddleCanvasPalette *palette;
  double width, height;
  double offset_x, offset_y;
  graphene_rect_t view; /* in the world */
  gboolean with_cairo;
  gboolean is_tiled;
  gboolean has_shift; /* much is dragged at once, so far: */
  double shift_x, shift_y;
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

static void
repeat_dot (const Frame *f, double left, double top, double step)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, f->width, f->height);
  graphene_rect_t tile = GRAPHENE_RECT_INIT (left - step / 2, top - step / 2, step, step);

  gtk_snapshot_push_repeat (f->snapshot, &bounds, &tile);
  gtk_snapshot_append_color (f->snapshot, &f->palette->dot, &GRAPHENE_RECT_INIT (round (left), round (top), 2, 2));
  gtk_snapshot_pop (f->snapshot);
}

/* The GL renderer of GTK 4.8 draws a repeat of something small with cairo and hands over a picture of the whole view. */
static void
draw_dots (const Frame *f)
{
  double step = heddle_canvas_get_dot_step (f->canvas->zoom) * f->canvas->zoom;
  double left = fmod (f->offset_x, step), top = fmod (f->offset_y, step);

  if (f->with_cairo)
    {
      repeat_dot (f, left, top, step);
      return;
    }
  for (double y = top - step; y < f->height; y += step)
    for (double x = left - step; x < f->width; x += step)
      gtk_snapshot_append_color (f->snapshot, &f->palette->dot, &GRAPHENE_RECT_INIT (round (x), round (y), 2, 2));
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
    gtk_snapshot_push_opacity (f->snapshot, f->palette->faint);
  gtk_snapshot_append_node (f->snapshot, heddle_canvas_draw_back (item, self->style, self->detail, self->scale));
  if (faint)
    gtk_snapshot_pop (f->snapshot);
  light.alpha = .14f;
  if (item == self->drop_frame)
    heddle_canvas_paint_fill (f->snapshot, &GRAPHENE_RECT_INIT (0, 0, item->width, item->height), HEDDLE_CANVAS_RADIUS, &light);
  gtk_snapshot_restore (f->snapshot);
}

static guint
get_kind (HeddleCanvas *self)
{
  return self->tiles_have_items ? 1 + self->detail : 0;
}

/*
 * A large workflow is drawn in tiles. On the cairo renderer, where each node costs as much as drawing what it shows, they hold
 * the background, too.
 */
static void
choose_layers (Frame *f)
{
  HeddleCanvas *self = f->canvas;
  guint n_edges = heddle_canvas_scene_get_edges (self->scene)->len;
  gboolean is_large = n_edges > MAX_DIRECT_EDGES || heddle_canvas_scene_get_items (self->scene)->len > MAX_DIRECT_ITEMS;

  f->is_tiled = is_large || (!f->with_cairo && n_edges > 0);
  f->has_shift = heddle_canvas_scene_get_shift (self->scene, &f->shift_x, &f->shift_y);
  self->tiles_have_items = is_large;
  self->tiles_have_all = is_large;
  if (self->tiles_have_items)
    heddle_canvas_note_looks (self);
}

/* What changes from frame to frame is drawn on top of tiles. */
static gboolean
is_direct (const Frame *f, HeddleCanvasItem *item)
{
  HeddleCanvas *self = f->canvas;

  if (!self->tiles_have_items)
    return TRUE;
  if (item->lifted && f->has_shift)
    return FALSE;
  return item->moving || item == self->drop_frame || heddle_canvas_item_is_running (item) || gtk_widget_has_visible_focus (item->widget);
}

/* What lies below the edges: groups, containers and notes. */
static void
draw_ground (const Frame *f)
{
  HeddleCanvas *self = f->canvas;

  for (guint i = 0; i < self->shown->len; i++)
    {
      HeddleCanvasItem *item = self->shown->pdata[i];

      if (!is_direct (f, item))
        continue;
      if (heddle_canvas_item_is_container (item) && !item->collapsed)
        draw_back (f, item);
      else if (item->kind != HEDDLE_CANVAS_ITEM_NODE)
        gtk_widget_snapshot_child (GTK_WIDGET (self), item->widget, f->snapshot);
    }
}

static void
draw_cards_that (const Frame *f, gboolean all, gboolean are_moving)
{
  HeddleCanvas *self = f->canvas;

  for (guint i = 0; i < self->shown->len; i++)
    {
      HeddleCanvasItem *item = self->shown->pdata[i];

      if (item->kind == HEDDLE_CANVAS_ITEM_NODE && item->moving == are_moving && (all || is_direct (f, item)))
        gtk_widget_snapshot_child (GTK_WIDGET (self), item->widget, f->snapshot);
    }
}

/* What is dragged lies above what it passes. */
static void
draw_cards (const Frame *f, gboolean all)
{
  draw_cards_that (f, all, FALSE);
  draw_cards_that (f, all, TRUE);
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

/* Seen from afar: all of a small workflow, of a large one only what is dragged. */
static void
draw_blocks (const Frame *f)
{
  HeddleCanvas *self = f->canvas;
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  if (self->detail != HEDDLE_CANVAS_DETAIL_BLOCK || (self->tiles_have_items && (f->has_shift || self->mode == HEDDLE_CANVAS_MODE_NONE)))
    return;
  heddle_canvas_scene_query_items (self->scene, &f->view, items);
  gtk_snapshot_save (f->snapshot);
  gtk_snapshot_translate (f->snapshot, &GRAPHENE_POINT_INIT (f->offset_x, f->offset_y));
  gtk_snapshot_scale (f->snapshot, self->zoom, self->zoom);
  for (guint i = 0; i < items->len; i++)
    if (!self->tiles_have_items || ((HeddleCanvasItem *) items->pdata[i])->moving)
      heddle_canvas_draw_block (items->pdata[i], self->style, f->snapshot);
  gtk_snapshot_restore (f->snapshot);
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
init_tile_view (const Frame *f, HeddleCanvasTileView *view)
{
  HeddleCanvas *self = f->canvas;

  *view = (HeddleCanvasTileView){
    .zoom = self->zoom,
    .x = f->offset_x,
    .y = f->offset_y,
    .width = f->width,
    .height = f->height,
    .scale_factor = gtk_widget_get_scale_factor (GTK_WIDGET (self)),
    .kind = get_kind (self),
    .as_textures = !f->with_cairo,
    .is_settled = self->settle == 0,
  };
}

/* FALSE: cards are missing from them. */
static gboolean
draw_tiles (const Frame *f)
{
  HeddleCanvas *self = f->canvas;
  HeddleCanvasTileView view;

  init_tile_view (f, &view);
  if (self->tiles_have_all)
    view.background = f->palette->canvas;
  return heddle_canvas_tiles_snapshot (self->tiles, f->snapshot, &view) || view.kind == 0 || self->shown->len > MAX_DIRECT_CARDS || heddle_canvas_tiles_get_kind (self->tiles) != 0;
}

/* What is dragged goes where it goes as one picture, on whole pixels. */
static void
draw_lifted (const Frame *f)
{
  HeddleCanvas *self = f->canvas;
  HeddleCanvasTileView view;

  if (!f->has_shift)
    return;
  init_tile_view (f, &view);
  view.x = round ((view.x + f->shift_x * view.zoom) * view.scale_factor) / view.scale_factor;
  view.y = round ((view.y + f->shift_y * view.zoom) * view.scale_factor) / view.scale_factor;
  heddle_canvas_tiles_snapshot (self->lifted, f->snapshot, &view);
}

static gboolean
is_on_top (const Frame *f, const HeddleCanvasEdge *edge)
{
  return edge == f->canvas->hovered_edge || edge == f->canvas->splice || heddle_canvas_edge_is_dynamic (edge);
}

/* Only as large as what is drawn in it: on GL such a node is uploaded as a picture in each frame. */
static gboolean
get_edges_bounds (const Frame *f, GPtrArray *edges, graphene_rect_t *bounds, guint *n_edges)
{
  guint n = 0;

  for (guint i = edges->len; i > 0; i--)
    {
      HeddleCanvasEdge *edge = edges->pdata[i - 1];
      graphene_rect_t own;

      heddle_canvas_curve_get_bounds (&edge->curve, &own);
      graphene_rect_inset (&own, -12, -12);
      if (!graphene_rect_intersection (&own, &f->view, NULL))
        {
          g_ptr_array_remove_index (edges, i - 1);
          continue;
        }
      if (n > 0)
        graphene_rect_union (bounds, &own, bounds);
      else
        *bounds = own;
      n++;
    }
  *n_edges = n;
  if (n == 0)
    return FALSE;
  to_view (f, bounds, bounds);
  return graphene_rect_intersection (bounds, &GRAPHENE_RECT_INIT (0, 0, f->width, f->height), bounds);
}

static gboolean
is_kept (HeddleCanvas *self, const HeddleCanvasEdge *edge)
{
  return edge != NULL && !edge->folded && !heddle_canvas_edge_is_dynamic (edge);
}

/* All of a small workflow; of a large one what moves, is selected or runs, and what is below the pointer. */
static GPtrArray *
list_edges (const Frame *f)
{
  HeddleCanvas *self = f->canvas;
  GPtrArray *edges = g_ptr_array_new ();

  if (!f->is_tiled)
    {
      heddle_canvas_scene_query_edges (self->scene, &f->view, edges);
      return edges;
    }
  g_ptr_array_extend (edges, heddle_canvas_scene_get_dynamic_edges (self->scene), NULL, NULL);
  if (is_kept (self, self->hovered_edge))
    g_ptr_array_add (edges, self->hovered_edge);
  if (is_kept (self, self->splice) && self->splice != self->hovered_edge)
    g_ptr_array_add (edges, self->splice);
  return edges;
}

static void
draw_each_edge (const Frame *f, cairo_t *cr, GPtrArray *edges)
{
  for (guint i = 0; i < edges->len; i++)
    if (!is_on_top (f, edges->pdata[i]))
      draw_edge (f, cr, edges->pdata[i]);
  for (guint i = 0; i < edges->len; i++)
    if (is_on_top (f, edges->pdata[i]))
      draw_edge (f, cr, edges->pdata[i]);
}

/* What looks alike is one path, without smoothing and arrows: hundreds of lines in each frame of a drag. */
static void
draw_many_edges (const Frame *f, cairo_t *cr, GPtrArray *edges)
{
  HeddleCanvasStroke stroke, last = { 0 };

  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleCanvasEdge *edge = edges->pdata[i];

      if (edge->hidden)
        continue;
      heddle_canvas_edge_get_stroke (edge, f->palette, &stroke);
      if (!gdk_rgba_equal (&stroke.color, &last.color) || stroke.width != last.width || stroke.dashed != last.dashed)
        cairo_stroke (cr);
      heddle_canvas_stroke_begin (&stroke, cr, f->canvas->zoom);
      heddle_canvas_curve_trace_coarsely (&stroke.curve, cr);
      last = stroke;
    }
  cairo_stroke (cr);
}

static void
draw_edges (const Frame *f)
{
  g_autoptr (GPtrArray) edges = list_edges (f);
  HeddleCanvasInk ink;
  graphene_rect_t bounds;
  gboolean coarsely;
  guint n_drawn;

  if (!get_edges_bounds (f, edges, &bounds, &n_drawn))
    return;
  coarsely = n_drawn > MAX_SMOOTH_EDGES;
  heddle_canvas_ink_begin (&ink, f->canvas, f->snapshot, &bounds);
  for (guint i = 0; i < edges->len; i++)
    heddle_canvas_ink_mark (&ink, &((HeddleCanvasEdge *) edges->pdata[i])->curve, coarsely);
  if (coarsely)
    draw_many_edges (f, ink.cr, edges);
  else
    draw_each_edge (f, ink.cr, edges);
  heddle_canvas_ink_end (&ink);
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
  HeddleCanvasInk ink;

  if (self->mode != HEDDLE_CANVAS_MODE_WIRE)
    return;
  if (self->refusal != NULL)
    stroke.color = f->palette->error;
  stroke.dashed = self->refusal != NULL;
  heddle_canvas_get_wire_curve (self, &stroke.curve);
  stroke.looped = heddle_canvas_wire_is_loop (self);
  draw_open_ports (f);
  draw_port_ring (f, self->wire.item, self->wire.output, self->wire.port, TRUE);
  heddle_canvas_ink_begin (&ink, self, f->snapshot, &GRAPHENE_RECT_INIT (0, 0, f->width, f->height));
  heddle_canvas_ink_mark (&ink, &stroke.curve, FALSE);
  heddle_canvas_stroke_draw (&stroke, ink.cr, self->zoom);
  heddle_canvas_ink_end (&ink);
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

static void
draw_world (const Frame *f)
{
  HeddleCanvas *self = f->canvas;
  gboolean has_cards = TRUE;

  if (!self->tiles_have_all || !f->with_cairo)
    draw_background (f);
  if (!self->tiles_have_all)
    draw_dots (f);
  if (self->tiles_have_items)
    has_cards = draw_tiles (f);
  draw_ground (f);
  if (f->is_tiled && !self->tiles_have_items)
    draw_tiles (f);
  draw_lifted (f);
  draw_blocks (f);
  draw_edges (f);
  draw_cards (f, !has_cards);
}

void
heddle_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HeddleCanvas *self = HEDDLE_CANVAS (widget);
  Frame frame = { self, snapshot, heddle_canvas_style_get_palette (self->style), gtk_widget_get_width (widget), gtk_widget_get_height (widget) };

  heddle_canvas_get_render_offset (self, &frame.offset_x, &frame.offset_y);
  heddle_canvas_get_world_view (self, 8, &frame.view);
  frame.with_cairo = heddle_canvas_draws_with_cairo (self);
  choose_layers (&frame);
  draw_world (&frame);
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
