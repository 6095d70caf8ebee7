/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-draw.h"
#include "canvas/heddle-canvas-draw-frame.h"
#include "canvas/heddle-canvas-draw-note.h"

#define TEXT_LINES 3
#define FAR_MODE_SCALE 1.7f
#define BLOCK_ACCENT 48 /* how much of a far card has the colour of its kind */

HeddleCanvasDetail
heddle_canvas_detail_for_zoom (double zoom)
{
  if (zoom >= .5)
    return HEDDLE_CANVAS_DETAIL_FULL;
  return zoom >= .2 ? HEDDLE_CANVAS_DETAIL_OUTLINE : HEDDLE_CANVAS_DETAIL_BLOCK;
}

static float
get_border (const HeddleCanvasPainter *p, GdkRGBA *color)
{
  if (heddle_canvas_painter_get_line (p, color))
    return p->palette->border_width + 1;
  *color = p->palette->border;
  return p->palette->border_width;
}

static void
draw_body (const HeddleCanvasPainter *p)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, p->item->width, p->item->height);
  graphene_rect_t below = GRAPHENE_RECT_INIT (-1, 1, p->item->width + 2, p->item->height + 2);
  GdkRGBA border;
  float width = get_border (p, &border);

  /* A flat shape instead of a blurred shadow, which on the cairo renderer costs more than the card. */
  if (p->palette->shadow.alpha > 0)
    heddle_canvas_paint_fill (p->snapshot, &below, HEDDLE_CANVAS_RADIUS + 1, &p->palette->shadow);
  heddle_canvas_paint_fill (p->snapshot, &bounds, HEDDLE_CANVAS_RADIUS, &p->palette->card);
  heddle_canvas_paint_stroke (p->snapshot, &bounds, HEDDLE_CANVAS_RADIUS, width, &border);
}

/* Of the name of a port at this height: beside the header there is little room, below it what the other side has no names in. */
static double
get_label_room (const HeddleCanvasItem *item, double y)
{
  if (heddle_canvas_item_get_n_outer_ports (item, TRUE) <= 1 || heddle_canvas_item_get_n_outer_ports (item, FALSE) > 1)
    return item->width / 2 - 20;
  return y < HEDDLE_CANVAS_HEADER ? 72 : item->width - 2 * HEDDLE_CANVAS_PADDING;
}

static void
draw_ports (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;

  for (guint i = 0; i < item->inputs->len; i++)
    {
      const HeddleCanvasPort *port = heddle_canvas_item_get_port (item, FALSE, i);

      if (port->hidden)
        continue;
      heddle_canvas_paint_port (p, 0, port->y, &p->palette->port);
      if (i > 0)
        heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_SMALL, port->title, &p->palette->dim, &GRAPHENE_RECT_INIT (HEDDLE_CANVAS_PADDING, port->y - 8, item->width / 2 - 20, 16), 1);
    }
  for (guint i = 0; i < item->outputs->len; i++)
    {
      const HeddleCanvasPort *port = heddle_canvas_item_get_port (item, TRUE, i);
      double room = get_label_room (item, port->y);

      if (port->hidden)
        continue;
      heddle_canvas_paint_port (p, item->width, port->y, heddle_canvas_painter_get_port_color (p, port, TRUE));
      if (heddle_canvas_item_get_n_outer_ports (item, TRUE) > 1)
        heddle_canvas_paint_aligned_text (p, HEDDLE_CANVAS_FONT_SMALL, PANGO_ALIGN_RIGHT, port->title, &p->palette->dim, &GRAPHENE_RECT_INIT (item->width - HEDDLE_CANVAS_PADDING - room, port->y - 8, room, 16));
    }
}

/* Of a stream one wants to see the end: the last whole lines that fit. */
static void
draw_stream_end (const HeddleCanvasPainter *p, const char *text, const graphene_rect_t *box)
{
  g_autoptr (PangoLayout) layout = heddle_canvas_style_create_layout (p->style, HEDDLE_CANVAS_FONT_BODY, text, box->size.width, 1000);
  int n_lines = pango_layout_get_line_count (layout);
  int height;
  double hidden;

  pango_layout_get_pixel_size (layout, NULL, &height);
  hidden = n_lines > TEXT_LINES ? (double) height * (n_lines - TEXT_LINES) / n_lines : 0;
  gtk_snapshot_push_clip (p->snapshot, box);
  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &GRAPHENE_POINT_INIT (box->origin.x, box->origin.y - hidden));
  gtk_snapshot_append_layout (p->snapshot, layout, &p->palette->text);
  gtk_snapshot_restore (p->snapshot);
  gtk_snapshot_pop (p->snapshot);
}

static const char *
get_empty_text (const HeddleCanvasItem *item)
{
  return item->type->flags & HEDDLE_NODE_FINISH ? _ ("The result of a run shows here.") : _ ("Nothing written yet.");
}

static void
draw_text_area (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  graphene_rect_t box = GRAPHENE_RECT_INIT (HEDDLE_CANVAS_PADDING + 2, item->height - HEDDLE_CANVAS_TEXT_HEIGHT, item->width - 2 * HEDDLE_CANVAS_PADDING - 4, 50);

  if (!item->has_text_area)
    return;
  /* Pango counts lines within a paragraph, so a text of several would leave the card. */
  gtk_snapshot_push_clip (p->snapshot, &box);
  if (item->in_run && item->text != NULL && heddle_canvas_item_is_running (item))
    draw_stream_end (p, item->text, &box);
  else if (item->in_run && item->text != NULL)
    heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_BODY, item->text, &p->palette->text, &box, TEXT_LINES);
  else if (!item->in_run)
    heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_BODY, item->preview != NULL ? item->preview : get_empty_text (item), &p->palette->dim, &box, TEXT_LINES);
  gtk_snapshot_pop (p->snapshot);
}

static void
draw_card (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  double width = item->width - HEDDLE_CANVAS_TEXT_LEFT - HEDDLE_CANVAS_PADDING;
  guint n_outputs = heddle_canvas_item_get_n_outer_ports (item, TRUE);

  draw_body (p);
  heddle_canvas_paint_header (p, width - (item->collapsed ? 20 : 0), width - (n_outputs > 1 ? get_label_room (item, 0) : 0));
  if (item->collapsed)
    heddle_canvas_paint_fold (p);
  draw_text_area (p);
  draw_ports (p);
}

/*
 * At low zoom the title stands alone. Hundreds of these are in view, so they are put together from
 * what costs least.
 */
static void
draw_outline (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  GdkRGBA border;
  float line = 2 * get_border (p, &border);
  double left = HEDDLE_CANVAS_PADDING + 16;
  double taken;

  heddle_canvas_paint_fill (p->snapshot, &GRAPHENE_RECT_INIT (0, 0, item->width, item->height), HEDDLE_CANVAS_RADIUS, &border);
  heddle_canvas_paint_fill (p->snapshot, &GRAPHENE_RECT_INIT (line, line, item->width - 2 * line, item->height - 2 * line), HEDDLE_CANVAS_RADIUS - line, &p->palette->card);
  gtk_snapshot_append_color (p->snapshot, heddle_canvas_painter_get_accent (p), &GRAPHENE_RECT_INIT (HEDDLE_CANVAS_PADDING, HEDDLE_CANVAS_PADDING, 8, item->height - 2 * HEDDLE_CANVAS_PADDING));
  taken = heddle_canvas_paint_far_state (p, item->height / 2);
  left += heddle_canvas_paint_far_breakpoint (p, left, item->height / 2);
  heddle_canvas_paint_far_title (p, left, item->height / 2, taken, &p->palette->text);
  heddle_canvas_paint_far_ports (p);
}

static void
draw_grip (const HeddleCanvasPainter *p, const GdkRGBA *color)
{
  for (int i = 0; i < 3; i++)
    for (int j = 0; j <= i; j++)
      gtk_snapshot_append_color (p->snapshot, color, &GRAPHENE_RECT_INIT (p->item->width - 7 - 4 * (2 - i), p->item->height - 7 - 4 * j, 2, 2));
}

static char *
dup_group_title (const HeddleCanvasItem *item)
{
  const char *title = *item->title != '\0' ? item->title : _ ("Group");

  if (!item->collapsed)
    return g_strdup (title);
  /* Translators: the title of a collapsed group, and how many nodes are in it. */
  return g_strdup_printf (ngettext ("%s · %u node", "%s · %u nodes", item->n_folded), title, item->n_folded);
}

static void
draw_group (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  const GdkRGBA *color = heddle_canvas_find_color (p->palette, item->color);
  GdkRGBA fill = color != NULL ? *color : p->palette->frame;
  const GdkRGBA *border = color != NULL ? color : &p->palette->frame_border;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, item->width, item->height);
  graphene_rect_t title = GRAPHENE_RECT_INIT (30, 7, item->width - 44, 20);
  g_autofree char *shown = dup_group_title (item);

  if (color != NULL)
    fill.alpha = p->palette->tint_alpha;
  heddle_canvas_paint_fill (p->snapshot, &bounds, HEDDLE_CANVAS_RADIUS, &fill);
  heddle_canvas_paint_stroke (p->snapshot, &bounds, HEDDLE_CANVAS_RADIUS, item->selected ? 2 : 1, item->selected ? &p->palette->accent : border);
  heddle_canvas_paint_fold (p);
  heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_HEADING, shown, color != NULL ? color : &p->palette->dim, &title, 1);
  if (!item->collapsed)
    draw_grip (p, border);
}

static void
draw_node (const HeddleCanvasPainter *p, HeddleCanvasDetail detail)
{
  if (heddle_canvas_item_is_container (p->item) && !p->item->collapsed)
    heddle_canvas_draw_frame_front (p, detail == HEDDLE_CANVAS_DETAIL_FULL);
  else if (detail == HEDDLE_CANVAS_DETAIL_FULL)
    draw_card (p);
  else
    draw_outline (p);
}

static void
draw (const HeddleCanvasPainter *p, HeddleCanvasDetail detail)
{
  gboolean is_on = p->item->mode == HEDDLE_NODE_ON;

  if (p->item->kind == HEDDLE_CANVAS_ITEM_NOTE)
    heddle_canvas_draw_note (p);
  else if (p->item->kind == HEDDLE_CANVAS_ITEM_FRAME)
    draw_group (p);
  else
    {
      if (!is_on)
        gtk_snapshot_push_opacity (p->snapshot, HEDDLE_CANVAS_DIMMED);
      draw_node (p, detail);
      if (!is_on)
        gtk_snapshot_pop (p->snapshot);
      heddle_canvas_paint_mode (p, detail == HEDDLE_CANVAS_DETAIL_FULL ? 1 : FAR_MODE_SCALE);
    }
}

static guint
get_slot (HeddleCanvasItem *item, HeddleCanvasDetail detail, guint scale)
{
  if (item->cache_scale != scale)
    heddle_canvas_item_drop_cache (item);
  item->cache_scale = scale;
  return MIN (detail, HEDDLE_CANVAS_N_DETAILS - 1);
}

GskRenderNode *
heddle_canvas_draw_item (HeddleCanvasItem *item, HeddleCanvasStyle *style, HeddleCanvasDetail detail, guint scale)
{
  guint slot = get_slot (item, detail, scale);

  if (item->cache[slot] == NULL)
    {
      HeddleCanvasPainter painter = { item, style, heddle_canvas_style_get_palette (style), gtk_snapshot_new (), scale };

      draw (&painter, detail);
      item->cache[slot] = gtk_snapshot_free_to_node (painter.snapshot);
    }
  return item->cache[slot];
}

GskRenderNode *
heddle_canvas_draw_back (HeddleCanvasItem *item, HeddleCanvasStyle *style, HeddleCanvasDetail detail, guint scale)
{
  guint slot = get_slot (item, detail, scale);

  if (item->back[slot] == NULL)
    {
      HeddleCanvasPainter painter = { item, style, heddle_canvas_style_get_palette (style), gtk_snapshot_new (), scale };

      heddle_canvas_draw_frame_back (&painter, detail == HEDDLE_CANVAS_DETAIL_FULL);
      item->back[slot] = gtk_snapshot_free_to_node (painter.snapshot);
    }
  return item->back[slot];
}

static void
get_block_colors (const HeddleCanvasItem *item, const HeddleCanvasPalette *palette, GdkRGBA *fill, GdkRGBA *accent)
{
  *fill = palette->block;
  *accent = palette->category[heddle_canvas_item_get_category (item)];
  if (item->kind != HEDDLE_CANVAS_ITEM_NODE)
    *fill = *accent = item->kind == HEDDLE_CANVAS_ITEM_NOTE ? palette->note : palette->frame;
  else if (item->selected || heddle_canvas_item_is_running (item))
    *fill = *accent = palette->accent;
  else if (item->in_run && item->state == HEDDLE_SPAN_FAILED)
    *fill = *accent = palette->error;
  if (heddle_canvas_item_is_off (item) || item->mode != HEDDLE_NODE_ON)
    fill->alpha = accent->alpha = .4f;
}

void
heddle_canvas_get_blocks (const HeddleCanvasItem *item, const HeddleCanvasPalette *palette, HeddleCanvasBlock blocks[2])
{
  get_block_colors (item, palette, &blocks[0].color, &blocks[1].color);
  heddle_canvas_item_get_bounds (item, &blocks[0].bounds);
  blocks[1].bounds = blocks[0].bounds;
  if (heddle_canvas_item_is_container (item) && !item->collapsed)
    {
      /* What is in it must be told apart from it. */
      blocks[0].color = blocks[1].color;
      blocks[0].color.alpha = palette->tint_alpha * 2;
      blocks[1].bounds.size.height = HEDDLE_CANVAS_HEADER;
    }
  else
    {
      blocks[1].bounds.size.width = BLOCK_ACCENT;
    }
}

void
heddle_canvas_draw_block (const HeddleCanvasItem *item, HeddleCanvasStyle *style, GtkSnapshot *snapshot)
{
  HeddleCanvasBlock blocks[2];

  heddle_canvas_get_blocks (item, heddle_canvas_style_get_palette (style), blocks);
  gtk_snapshot_append_color (snapshot, &blocks[0].color, &blocks[0].bounds);
  if (item->kind == HEDDLE_CANVAS_ITEM_NODE)
    gtk_snapshot_append_color (snapshot, &blocks[1].color, &blocks[1].bounds);
}
