/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-draw.h"

#define RADIUS 12
#define PADDING 12
#define BADGE 32
#define BADGE_TOP 20 /* its middle on a level with the first port */
#define MARK 16
#define TEXT_LEFT (PADDING + BADGE + 10)
#define PORT_RADIUS 6.f
#define TEXT_LINES 3
#define OUTLINE_TEXT_SCALE 1.7f

typedef struct
{
  HeddleCanvasItem *item;
  HeddleCanvasStyle *style;
  const HeddleCanvasPalette *palette;
  GtkSnapshot *snapshot;
  guint scale;
} Painter;

HeddleCanvasDetail
heddle_canvas_detail_for_zoom (double zoom)
{
  if (zoom >= .5)
    return HEDDLE_CANVAS_DETAIL_FULL;
  return zoom >= .2 ? HEDDLE_CANVAS_DETAIL_OUTLINE : HEDDLE_CANVAS_DETAIL_BLOCK;
}

static void
fill_rounded (GtkSnapshot *snapshot, const graphene_rect_t *bounds, float radius, const GdkRGBA *color)
{
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, bounds, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, color, bounds);
  gtk_snapshot_pop (snapshot);
}

static void
stroke_rounded (GtkSnapshot *snapshot, const graphene_rect_t *bounds, float radius, float width, const GdkRGBA *color)
{
  const float widths[] = { width, width, width, width };
  const GdkRGBA colors[] = { *color, *color, *color, *color };
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, bounds, radius);
  gtk_snapshot_append_border (snapshot, &shape, widths, colors);
}

/* Draws lines of text and returns how wide they came out. */
static double
draw_text (const Painter *p, HeddleCanvasFont font, const char *text, const GdkRGBA *color, const graphene_rect_t *box, int lines)
{
  g_autoptr (PangoLayout) layout = heddle_canvas_style_create_layout (p->style, font, text, box->size.width, lines);
  int width;

  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &box->origin);
  gtk_snapshot_append_layout (p->snapshot, layout, color);
  gtk_snapshot_restore (p->snapshot);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static void
draw_right_text (const Painter *p, HeddleCanvasFont font, const char *text, const GdkRGBA *color, const graphene_rect_t *box)
{
  g_autoptr (PangoLayout) layout = heddle_canvas_style_create_layout (p->style, font, text, box->size.width, 1);

  pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &box->origin);
  gtk_snapshot_append_layout (p->snapshot, layout, color);
  gtk_snapshot_restore (p->snapshot);
}

static void
get_border (const Painter *p, GdkRGBA *color, float *width)
{
  const HeddleCanvasItem *item = p->item;

  *color = p->palette->border;
  *width = p->palette->border_width;
  if (item->selected || heddle_canvas_item_is_running (item))
    *color = p->palette->accent;
  else if (item->in_run && item->state == HEDDLE_SPAN_FAILED)
    *color = p->palette->error;
  else
    return;
  *width = 2;
}

static void
draw_body (const Painter *p)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, p->item->width, p->item->height);
  graphene_rect_t below = GRAPHENE_RECT_INIT (-1, 1, p->item->width + 2, p->item->height + 2);
  GdkRGBA border;
  float width;

  /* A flat shape instead of a blurred shadow, which on the cairo renderer costs more than the card. */
  if (p->palette->shadow.alpha > 0)
    fill_rounded (p->snapshot, &below, RADIUS + 1, &p->palette->shadow);
  fill_rounded (p->snapshot, &bounds, RADIUS, &p->palette->card);
  get_border (p, &border, &width);
  stroke_rounded (p->snapshot, &bounds, RADIUS, width, &border);
}

static void
draw_port (const Painter *p, double x, double y, const GdkRGBA *color)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x - PORT_RADIUS, y - PORT_RADIUS, 2 * PORT_RADIUS, 2 * PORT_RADIUS);

  fill_rounded (p->snapshot, &bounds, PORT_RADIUS, &p->palette->card);
  stroke_rounded (p->snapshot, &bounds, PORT_RADIUS, 2, color);
}

static double
get_label_room (const HeddleCanvasItem *item)
{
  return item->outputs->len > 1 && item->inputs->len <= 1 ? 72 : item->width / 2 - 20;
}

static void
draw_ports (const Painter *p)
{
  const HeddleCanvasItem *item = p->item;
  const GdkRGBA *accent = &p->palette->category[heddle_canvas_item_get_category (item)];
  double room = get_label_room (item);

  for (guint i = 0; i < item->inputs->len; i++)
    {
      const HeddleCanvasPort *port = heddle_canvas_item_get_port (item, FALSE, i);

      if (port->hidden)
        continue;
      draw_port (p, 0, port->y, &p->palette->port);
      if (i > 0)
        draw_text (p, HEDDLE_CANVAS_FONT_SMALL, port->title, &p->palette->dim, &GRAPHENE_RECT_INIT (PADDING, port->y - 8, room, 16), 1);
    }
  for (guint i = 0; i < item->outputs->len; i++)
    {
      const HeddleCanvasPort *port = heddle_canvas_item_get_port (item, TRUE, i);

      draw_port (p, item->width, port->y, g_strcmp0 (port->name, HEDDLE_ERROR_PORT) == 0 ? &p->palette->error : accent);
      if (item->outputs->len > 1)
        draw_right_text (p, HEDDLE_CANVAS_FONT_SMALL, port->title, &p->palette->dim, &GRAPHENE_RECT_INIT (item->width - PADDING - room, port->y - 8, room, 16));
    }
}

static gboolean
find_mark (const HeddleCanvasItem *item, HeddleCanvasMark *mark)
{
  static const HeddleCanvasMark marks[] = {
    [HEDDLE_SPAN_READY] = HEDDLE_CANVAS_MARK_WAITING,
    [HEDDLE_SPAN_RETRY] = HEDDLE_CANVAS_MARK_WAITING,
    [HEDDLE_SPAN_ASKING] = HEDDLE_CANVAS_MARK_WARNING,
    [HEDDLE_SPAN_OK] = HEDDLE_CANVAS_MARK_OK,
    [HEDDLE_SPAN_FAILED] = HEDDLE_CANVAS_MARK_FAILED,
    [HEDDLE_SPAN_SKIPPED] = HEDDLE_CANVAS_MARK_SKIPPED,
    [HEDDLE_SPAN_CANCELLED] = HEDDLE_CANVAS_MARK_CANCELLED,
    [HEDDLE_SPAN_HANDLED] = HEDDLE_CANVAS_MARK_WARNING,
    [HEDDLE_SPAN_CACHED] = HEDDLE_CANVAS_MARK_OK,
    [HEDDLE_SPAN_LIMITED] = HEDDLE_CANVAS_MARK_WARNING,
    [HEDDLE_SPAN_DOUBT] = HEDDLE_CANVAS_MARK_WARNING,
  };

  if (!item->in_run || item->state == HEDDLE_SPAN_PENDING || item->state == HEDDLE_SPAN_RUNNING)
    return FALSE;
  *mark = marks[item->state];
  return TRUE;
}

/* Two lines of text stand lower than three. */
static double
get_title_top (const HeddleCanvasItem *item)
{
  return item->detail != NULL ? 9 : 16;
}

void
heddle_canvas_get_mark_bounds (const HeddleCanvasItem *item, graphene_rect_t *bounds)
{
  graphene_rect_init (bounds, item->width - PADDING - MARK, 8, MARK, MARK);
}

static void
draw_mark (const Painter *p)
{
  HeddleCanvasMark mark;
  graphene_rect_t bounds;

  if (!find_mark (p->item, &mark))
    return;
  heddle_canvas_get_mark_bounds (p->item, &bounds);
  gtk_snapshot_append_texture (p->snapshot, heddle_canvas_style_get_mark (p->style, mark, MARK, p->scale), &bounds);
}

/* A problem sits on the corner of the icon, where a run never draws. */
static void
draw_problem (const Painter *p)
{
  HeddleCanvasMark mark = p->item->severity == HEDDLE_SEVERITY_ERROR ? HEDDLE_CANVAS_MARK_FAILED : HEDDLE_CANVAS_MARK_WARNING;
  graphene_rect_t ring = GRAPHENE_RECT_INIT (PADDING + BADGE - 11, BADGE_TOP + BADGE - 9, 18, 18);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (PADDING + BADGE - 9, BADGE_TOP + BADGE - 7, 14, 14);

  if (p->item->problem == NULL)
    return;
  fill_rounded (p->snapshot, &ring, 9, &p->palette->card);
  gtk_snapshot_append_texture (p->snapshot, heddle_canvas_style_get_mark (p->style, mark, 14, p->scale), &bounds);
}

static void
draw_header (const Painter *p)
{
  const HeddleCanvasItem *item = p->item;
  const char *icon = item->type != NULL && item->type->icon_name != NULL ? item->type->icon_name : "dialog-question-symbolic";
  GdkTexture *badge = heddle_canvas_style_get_badge (p->style, icon, heddle_canvas_item_get_category (item), BADGE, p->scale);
  double width = item->width - TEXT_LEFT - PADDING;

  gtk_snapshot_append_texture (p->snapshot, badge, &GRAPHENE_RECT_INIT (PADDING, BADGE_TOP, BADGE, BADGE));
  draw_text (p, HEDDLE_CANVAS_FONT_TITLE, item->title, &p->palette->text, &GRAPHENE_RECT_INIT (TEXT_LEFT, get_title_top (item), width - (item->in_run ? MARK + 4 : 0), 20), 1);
  if (item->detail != NULL)
    draw_text (p, HEDDLE_CANVAS_FONT_BODY, item->detail, &p->palette->dim, &GRAPHENE_RECT_INIT (TEXT_LEFT, 29, width, 18), 1);
}

/* The last line is the name in expressions, which a tool has none of, and on a run what became of the node. */
static void
draw_status (const Painter *p)
{
  const HeddleCanvasItem *item = p->item;
  double width = item->width - TEXT_LEFT - (item->outputs->len > 1 ? get_label_room (item) + PADDING : PADDING);
  graphene_rect_t box = GRAPHENE_RECT_INIT (TEXT_LEFT, get_title_top (item) + (item->detail != NULL ? 38 : 21), width, 16);
  gboolean failed = item->in_run && item->state == HEDDLE_SPAN_FAILED;

  if (item->in_run && item->status != NULL)
    {
      draw_text (p, HEDDLE_CANVAS_FONT_SMALL, item->status, failed ? &p->palette->error : &p->palette->dim, &box, 1);
    }
  else if (!item->in_run)
    {
      g_autofree char *name = item->role != NULL ? g_strdup (item->role) : g_strdup_printf ("$%s", item->id);

      draw_text (p, HEDDLE_CANVAS_FONT_SMALL, name, &p->palette->dim, &box, 1);
    }
}

/* Of a stream one wants to see the end: the last whole lines that fit. */
static void
draw_stream_end (const Painter *p, const char *text, const graphene_rect_t *box)
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
draw_text_area (const Painter *p)
{
  const HeddleCanvasItem *item = p->item;
  graphene_rect_t box = GRAPHENE_RECT_INIT (PADDING + 2, item->height - HEDDLE_CANVAS_TEXT_HEIGHT, item->width - 2 * PADDING - 4, 50);

  if (!item->has_text_area)
    return;
  /* Pango counts lines within a paragraph, so a text of several would leave the card. */
  gtk_snapshot_push_clip (p->snapshot, &box);
  if (item->in_run && item->text != NULL && heddle_canvas_item_is_running (item))
    draw_stream_end (p, item->text, &box);
  else if (item->in_run && item->text != NULL)
    draw_text (p, HEDDLE_CANVAS_FONT_BODY, item->text, &p->palette->text, &box, TEXT_LINES);
  else if (!item->in_run)
    draw_text (p, HEDDLE_CANVAS_FONT_BODY, item->preview != NULL ? item->preview : get_empty_text (item), &p->palette->dim, &box, TEXT_LINES);
  gtk_snapshot_pop (p->snapshot);
}

static void
draw_card (const Painter *p)
{
  draw_body (p);
  draw_header (p);
  draw_status (p);
  draw_text_area (p);
  draw_mark (p);
  draw_problem (p);
  draw_ports (p);
}

/*
 * At low zoom the title stands alone, larger, so that it can still be read. Hundreds of these are in
 * view, so they are put together from what costs least: two fills, and squares for ports.
 */
static void
draw_outline (const Painter *p)
{
  const HeddleCanvasItem *item = p->item;
  const GdkRGBA *accent = &p->palette->category[heddle_canvas_item_get_category (item)];
  double width = (item->width - 2 * PADDING - 14) / OUTLINE_TEXT_SCALE;
  GdkRGBA border;
  float line;

  get_border (p, &border, &line);
  line *= 2;
  fill_rounded (p->snapshot, &GRAPHENE_RECT_INIT (0, 0, item->width, item->height), RADIUS, &border);
  fill_rounded (p->snapshot, &GRAPHENE_RECT_INIT (line, line, item->width - 2 * line, item->height - 2 * line), RADIUS - line, &p->palette->card);
  gtk_snapshot_append_color (p->snapshot, accent, &GRAPHENE_RECT_INIT (PADDING, PADDING, 8, item->height - 2 * PADDING));
  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &GRAPHENE_POINT_INIT (PADDING + 16, item->height / 2 - 16));
  gtk_snapshot_scale (p->snapshot, OUTLINE_TEXT_SCALE, OUTLINE_TEXT_SCALE);
  draw_text (p, HEDDLE_CANVAS_FONT_TITLE, item->title, &p->palette->text, &GRAPHENE_RECT_INIT (0, 0, width, 20), 1);
  gtk_snapshot_restore (p->snapshot);
  for (guint i = 0; i < item->inputs->len; i++)
    if (!heddle_canvas_item_get_port (item, FALSE, i)->hidden)
      gtk_snapshot_append_color (p->snapshot, &p->palette->port, &GRAPHENE_RECT_INIT (-5, heddle_canvas_item_get_port (item, FALSE, i)->y - 5, 10, 10));
  for (guint i = 0; i < item->outputs->len; i++)
    gtk_snapshot_append_color (p->snapshot, accent, &GRAPHENE_RECT_INIT (item->width - 5, heddle_canvas_item_get_port (item, TRUE, i)->y - 5, 10, 10));
}

static void
draw_grip (const Painter *p, const GdkRGBA *color)
{
  for (int i = 0; i < 3; i++)
    for (int j = 0; j <= i; j++)
      gtk_snapshot_append_color (p->snapshot, color, &GRAPHENE_RECT_INIT (p->item->width - 7 - 4 * (2 - i), p->item->height - 7 - 4 * j, 2, 2));
}

static void
draw_note (const Painter *p)
{
  const HeddleCanvasItem *item = p->item;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, item->width, item->height);
  graphene_rect_t text = GRAPHENE_RECT_INIT (12, 10, item->width - 24, item->height - 20);
  const char *shown = *item->title != '\0' ? item->title : _ ("Double click to write a note.");

  fill_rounded (p->snapshot, &bounds, 8, &p->palette->note);
  stroke_rounded (p->snapshot, &bounds, 8, item->selected ? 2 : 1, item->selected ? &p->palette->accent : &p->palette->note_border);
  gtk_snapshot_push_clip (p->snapshot, &text);
  draw_text (p, HEDDLE_CANVAS_FONT_BODY, shown, &p->palette->note_text, &text, MAX (1, (int) (text.size.height / 16)));
  gtk_snapshot_pop (p->snapshot);
  draw_grip (p, &p->palette->note_border);
}

static void
draw_frame (const Painter *p)
{
  const HeddleCanvasItem *item = p->item;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, item->width, item->height);
  graphene_rect_t title = GRAPHENE_RECT_INIT (14, 7, item->width - 28, 20);
  const char *shown = *item->title != '\0' ? item->title : _ ("Group");

  fill_rounded (p->snapshot, &bounds, RADIUS, &p->palette->frame);
  stroke_rounded (p->snapshot, &bounds, RADIUS, item->selected ? 2 : 1, item->selected ? &p->palette->accent : &p->palette->frame_border);
  draw_text (p, HEDDLE_CANVAS_FONT_HEADING, shown, &p->palette->dim, &title, 1);
  draw_grip (p, &p->palette->frame_border);
}

static void
draw (const Painter *p, HeddleCanvasDetail detail)
{
  if (p->item->kind == HEDDLE_CANVAS_ITEM_NOTE)
    draw_note (p);
  else if (p->item->kind == HEDDLE_CANVAS_ITEM_FRAME)
    draw_frame (p);
  else if (detail == HEDDLE_CANVAS_DETAIL_FULL)
    draw_card (p);
  else
    draw_outline (p);
}

GskRenderNode *
heddle_canvas_draw_item (HeddleCanvasItem *item, HeddleCanvasStyle *style, HeddleCanvasDetail detail, guint scale)
{
  guint slot = MIN (detail, HEDDLE_CANVAS_N_DETAILS - 1);

  if (item->cache_scale != scale)
    heddle_canvas_item_drop_cache (item);
  item->cache_scale = scale;
  if (item->cache[slot] == NULL)
    {
      Painter painter = { item, style, heddle_canvas_style_get_palette (style), gtk_snapshot_new (), scale };

      draw (&painter, detail);
      item->cache[slot] = gtk_snapshot_free_to_node (painter.snapshot);
    }
  return item->cache[slot];
}

static void
get_block_colors (const HeddleCanvasItem *item, const HeddleCanvasPalette *palette, GdkRGBA *fill, GdkRGBA *accent)
{
  if (item->kind != HEDDLE_CANVAS_ITEM_NODE)
    *fill = *accent = item->kind == HEDDLE_CANVAS_ITEM_NOTE ? palette->note : palette->frame;
  else if (item->selected || heddle_canvas_item_is_running (item))
    *fill = *accent = palette->accent;
  else if (item->in_run && item->state == HEDDLE_SPAN_FAILED)
    *fill = *accent = palette->error;
  else
    {
      *fill = palette->border;
      *accent = palette->category[heddle_canvas_item_get_category (item)];
    }
  if (heddle_canvas_item_is_off (item))
    fill->alpha = accent->alpha = .4f;
}

void
heddle_canvas_get_blocks (const HeddleCanvasItem *item, const HeddleCanvasPalette *palette, HeddleCanvasBlock blocks[2])
{
  get_block_colors (item, palette, &blocks[0].color, &blocks[1].color);
  heddle_canvas_item_get_bounds (item, &blocks[0].bounds);
  blocks[1].bounds = blocks[0].bounds;
  blocks[1].bounds.size.width = 48;
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
