/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* What goes into tiles: lines, and on large workflows cards as well. */

#define DOT_STEP 32
#define MIN_DOT_STEP 18
#define DOT_SIZE 2

double
heddle_canvas_get_dot_step (double zoom)
{
  double step = DOT_STEP;

  while (step * zoom < MIN_DOT_STEP)
    step *= 2;
  return step;
}

static void
fill_background (HeddleCanvas *self, const HeddleCanvasPalette *palette, HeddleCanvasContent *content)
{
  int factor = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  content->background = palette->canvas;
  content->dot = palette->dot;
  content->dot_step = heddle_canvas_get_dot_step (content->scale / factor);
  content->dot_size = DOT_SIZE * factor;
}

static void
add_blocks (const HeddleCanvasItem *item, const HeddleCanvasPalette *palette, double dx, double dy, GArray *blocks)
{
  HeddleCanvasBlock pair[2];

  heddle_canvas_get_blocks (item, palette, pair);
  graphene_rect_offset (&pair[0].bounds, -dx, -dy);
  graphene_rect_offset (&pair[1].bounds, -dx, -dy);
  g_array_append_vals (blocks, pair, 2);
}

/* When it looks different from before, this is so in all tiles. */
static void
note_look (HeddleCanvas *self, HeddleCanvasItem *item)
{
  gboolean is_faint = heddle_canvas_item_is_faint (item);
  graphene_rect_t bounds;

  if (item->drawn_look == item->look && item->drawn_faint == is_faint)
    return;
  heddle_canvas_item_get_bounds (item, &bounds);
  if (item->drawn_look != 0)
    heddle_canvas_tiles_damage (self->tiles, &bounds);
  item->drawn_look = item->look;
  item->drawn_faint = is_faint;
}

void
heddle_canvas_note_looks (HeddleCanvas *self)
{
  for (guint i = 0; i < self->shown->len; i++)
    if (!((HeddleCanvasItem *) self->shown->pdata[i])->moving)
      note_look (self, self->shown->pdata[i]);
}

static void
add_item (HeddleCanvas *self, HeddleCanvasItem *item, double dx, double dy, HeddleCanvasContent *content)
{
  double x = item->x - dx, y = item->y - dy;
  float opacity = heddle_canvas_item_is_faint (item) ? heddle_canvas_style_get_palette (self->style)->faint : 1;
  gboolean is_node = item->kind == HEDDLE_CANVAS_ITEM_NODE;

  if (self->detail == HEDDLE_CANVAS_DETAIL_BLOCK)
    {
      add_blocks (item, heddle_canvas_style_get_palette (self->style), dx, dy, content->blocks);
      return;
    }
  if (heddle_canvas_item_is_container (item) && !item->collapsed)
    heddle_canvas_content_add_stamp (content->ground, heddle_canvas_draw_back (item, self->style, self->detail, self->scale), x, y, opacity);
  heddle_canvas_content_add_stamp (is_node ? content->cards : content->ground, heddle_canvas_draw_item (item, self->style, self->detail, self->scale), x, y, opacity);
}

static void
add_edge (HeddleCanvas *self, const HeddleCanvasEdge *edge, HeddleCanvasContent *content)
{
  HeddleCanvasStroke stroke;

  heddle_canvas_edge_get_stroke (edge, heddle_canvas_style_get_palette (self->style), &stroke);
  heddle_canvas_curve_share (&stroke.curve);
  g_array_append_val (content->strokes, stroke);
}

void
heddle_canvas_fill_tile (const graphene_rect_t *area, HeddleCanvasContent *content, gpointer user_data)
{
  HeddleCanvas *self = user_data;
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GPtrArray) edges = g_ptr_array_new ();

  if (self->tiles_have_all)
    fill_background (self, heddle_canvas_style_get_palette (self->style), content);
  if (self->tiles_have_items)
    heddle_canvas_scene_query_items (self->scene, area, items);
  for (guint i = 0; i < items->len; i++)
    if (!((HeddleCanvasItem *) items->pdata[i])->moving)
      {
        note_look (self, items->pdata[i]);
        add_item (self, items->pdata[i], 0, 0, content);
      }
  heddle_canvas_scene_query_edges (self->scene, area, edges);
  for (guint i = 0; i < edges->len; i++)
    if (!((HeddleCanvasEdge *) edges->pdata[i])->hidden && !heddle_canvas_edge_is_dynamic (edges->pdata[i]))
      add_edge (self, edges->pdata[i], content);
}

/* What many things that are dragged at once look like, where they were when they were taken hold of. */
void
heddle_canvas_fill_lifted (const graphene_rect_t *area, HeddleCanvasContent *content, gpointer user_data)
{
  HeddleCanvas *self = user_data;
  GPtrArray *items = heddle_canvas_scene_get_lifted (self->scene);
  GPtrArray *edges = heddle_canvas_scene_get_lifted_edges (self->scene);
  graphene_rect_t bounds;
  double dx, dy;

  heddle_canvas_scene_get_shift (self->scene, &dx, &dy);
  for (guint i = 0; self->tiles_have_items && i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];

      heddle_canvas_item_get_bounds (item, &bounds);
      graphene_rect_offset (&bounds, -dx, -dy);
      if (item->stands_in == NULL && graphene_rect_intersection (&bounds, area, NULL))
        add_item (self, item, dx, dy, content);
    }
  for (guint i = 0; i < edges->len; i++)
    {
      HeddleCanvasEdge *edge = edges->pdata[i];

      if (!edge->from->lifted || !edge->to->lifted || edge->folded || edge->hidden)
        continue;
      heddle_canvas_curve_get_bounds (&edge->curve, &bounds);
      graphene_rect_inset (&bounds, -8, -8);
      if (graphene_rect_intersection (&bounds, area, NULL))
        add_edge (self, edge, content);
    }
}
