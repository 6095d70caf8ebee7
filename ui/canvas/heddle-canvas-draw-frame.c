/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-draw-frame.h"

#define LABEL_ROOM 72
#define TAB_HEIGHT 26
#define LINE_ALPHA .55f
#define PICKER_ARROW 26
#define FAR_STATUS_ROOM 220
#define FAR_STATUS_GAP 20
#define FAR_STATUS_SCALE 1.6f
#define LONG_COUNT 1000 /* items from which on only their numbers fit */

static gboolean
is_contrast (const HeddleCanvasPainter *p)
{
  return p->palette->border_width > 1;
}

static GdkRGBA
get_header_color (const HeddleCanvasPainter *p)
{
  return heddle_canvas_palette_mix (&p->palette->card, heddle_canvas_painter_get_accent (p), p->palette->tint_alpha);
}

static GdkRGBA
get_line_color (const HeddleCanvasPainter *p)
{
  GdkRGBA color = *heddle_canvas_painter_get_accent (p);

  if (!is_contrast (p))
    color.alpha = LINE_ALPHA;
  return color;
}

static void
draw_hint (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  double middle = (HEDDLE_CANVAS_HEADER + item->height) / 2;
  graphene_rect_t box = GRAPHENE_RECT_INIT (HEDDLE_FRAME_SIDE, middle - 10, item->width - 2 * HEDDLE_FRAME_SIDE, 20);

  heddle_canvas_paint_aligned_text (p, HEDDLE_CANVAS_FONT_BODY, PANGO_ALIGN_CENTER, _ ("Drag nodes in here"), &p->palette->dim, &box);
}

void
heddle_canvas_draw_frame_back (const HeddleCanvasPainter *p, gboolean full)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, p->item->width, p->item->height);
  GdkRGBA tint = *heddle_canvas_painter_get_accent (p);

  tint.alpha = p->palette->tint_alpha;
  heddle_canvas_paint_fill (p->snapshot, &bounds, HEDDLE_CANVAS_RADIUS, &tint);
  if (full && p->item->n_children == 0)
    draw_hint (p);
}

static void
draw_strip (const HeddleCanvasPainter *p)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, p->item->width, HEDDLE_CANVAS_HEADER);
  graphene_rect_t line = GRAPHENE_RECT_INIT (0, HEDDLE_CANVAS_HEADER - 1, p->item->width, 1);
  const graphene_size_t round = GRAPHENE_SIZE_INIT (HEDDLE_CANVAS_RADIUS, HEDDLE_CANVAS_RADIUS);
  const graphene_size_t square = GRAPHENE_SIZE_INIT (0, 0);
  GdkRGBA color = get_header_color (p);
  GdkRGBA line_color = get_line_color (p);
  GskRoundedRect shape;

  gsk_rounded_rect_init (&shape, &bounds, &round, &round, &square, &square);
  gtk_snapshot_push_rounded_clip (p->snapshot, &shape);
  gtk_snapshot_append_color (p->snapshot, &color, &bounds);
  gtk_snapshot_append_color (p->snapshot, &line_color, &line);
  gtk_snapshot_pop (p->snapshot);
}

static void
draw_border (const HeddleCanvasPainter *p, float scale)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, p->item->width, p->item->height);
  GdkRGBA color = get_line_color (p);
  float width = p->palette->border_width;

  if (heddle_canvas_painter_get_line (p, &color))
    width++;
  heddle_canvas_paint_stroke (p->snapshot, &bounds, HEDDLE_CANVAS_RADIUS, width * scale, &color);
}

/* A tab on the inside of the frame, with the port at its end, so that no edge runs over the name. */
static void
draw_tab (const HeddleCanvasPainter *p, const HeddleCanvasPort *port, gboolean output)
{
  double left = output ? 0 : p->item->width - HEDDLE_CANVAS_TAB_WIDTH;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (left, port->y - TAB_HEIGHT / 2, HEDDLE_CANVAS_TAB_WIDTH, TAB_HEIGHT);
  graphene_rect_t text = GRAPHENE_RECT_INIT (left + 12, port->y - 8, HEDDLE_CANVAS_TAB_WIDTH - 24, 16);
  const graphene_size_t round = GRAPHENE_SIZE_INIT (TAB_HEIGHT / 2, TAB_HEIGHT / 2);
  const graphene_size_t square = GRAPHENE_SIZE_INIT (0, 0);
  GdkRGBA color = get_header_color (p);
  GdkRGBA line = get_line_color (p);
  const float widths[] = { 1, output ? 1 : 0, 1, output ? 0 : 1 };
  const GdkRGBA colors[] = { line, line, line, line };
  GskRoundedRect shape;

  gsk_rounded_rect_init (&shape, &bounds, output ? &square : &round, output ? &round : &square, output ? &round : &square, output ? &square : &round);
  gtk_snapshot_push_rounded_clip (p->snapshot, &shape);
  gtk_snapshot_append_color (p->snapshot, &color, &bounds);
  gtk_snapshot_pop (p->snapshot);
  gtk_snapshot_append_border (p->snapshot, &shape, widths, colors);
  heddle_canvas_paint_aligned_text (p, HEDDLE_CANVAS_FONT_SMALL, output ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT, port->title, &p->palette->dim, &text);
}

static void
draw_tabs (const HeddleCanvasPainter *p, gboolean output)
{
  for (guint i = 0; i < heddle_canvas_item_get_n_ports (p->item, output); i++)
    {
      const HeddleCanvasPort *port = heddle_canvas_item_get_port (p->item, output, i);

      if (port->inner)
        draw_tab (p, port, output);
    }
}

static void
draw_ports (const HeddleCanvasPainter *p, gboolean output)
{
  const HeddleCanvasItem *item = p->item;
  guint n_outer = heddle_canvas_item_get_n_outer_ports (item, output);

  for (guint i = 0; i < heddle_canvas_item_get_n_ports (item, output); i++)
    {
      const HeddleCanvasPort *port = heddle_canvas_item_get_port (item, output, i);
      double x, y;

      if (port->hidden)
        continue;
      heddle_canvas_item_get_port_position (item, output, (int) i, &x, &y);
      if (!port->inner && output && n_outer > 1)
        heddle_canvas_paint_aligned_text (p, HEDDLE_CANVAS_FONT_SMALL, PANGO_ALIGN_RIGHT, port->title, &p->palette->dim, &GRAPHENE_RECT_INIT (item->width - HEDDLE_CANVAS_PADDING - LABEL_ROOM, port->y - 8, LABEL_ROOM, 16));
      heddle_canvas_paint_port (p, x - item->x, y - item->y, heddle_canvas_painter_get_port_color (p, port, output));
    }
}

static char *
dup_picker_text (const HeddleCanvasItem *item)
{
  gint64 total = MAX (item->n_items, item->last_item + 1);

  if (total >= LONG_COUNT)
    return g_strdup_printf ("%d / %d", item->shown_item + 1, (int) total);
  /* Translators: which item of how many is looked at; there is little room. */
  return g_strdup_printf (_ ("Item %d / %d"), item->shown_item + 1, (int) total);
}

static void
draw_arrow (const HeddleCanvasPainter *p, HeddleCanvasMark mark, double x, double y, gboolean possible)
{
  if (!possible)
    gtk_snapshot_push_opacity (p->snapshot, .35);
  heddle_canvas_paint_mark (p, mark, x, y, 14);
  if (!possible)
    gtk_snapshot_pop (p->snapshot);
}

static void
draw_picker (const HeddleCanvasPainter *p)
{
  g_autofree char *text = dup_picker_text (p->item);
  GdkRGBA line = get_line_color (p);
  graphene_rect_t bounds, box;
  double top;

  heddle_canvas_item_get_picker_bounds (p->item, &bounds);
  top = bounds.origin.y + bounds.size.height / 2;
  box = GRAPHENE_RECT_INIT (bounds.origin.x + PICKER_ARROW, top - 8, bounds.size.width - 2 * PICKER_ARROW, 16);
  heddle_canvas_paint_fill (p->snapshot, &bounds, bounds.size.height / 2, &p->palette->card);
  heddle_canvas_paint_stroke (p->snapshot, &bounds, bounds.size.height / 2, 1, &line);
  draw_arrow (p, HEDDLE_CANVAS_MARK_PREVIOUS, bounds.origin.x + 7, top - 7, p->item->shown_item > 0);
  heddle_canvas_paint_aligned_text (p, HEDDLE_CANVAS_FONT_SMALL, PANGO_ALIGN_CENTER, text, &p->palette->text, &box);
  draw_arrow (p, HEDDLE_CANVAS_MARK_NEXT, bounds.origin.x + bounds.size.width - 21, top - 7, p->item->shown_item < p->item->last_item);
}

static void
draw_header (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  double right = item->width - HEDDLE_CANVAS_PADDING - (heddle_canvas_item_get_n_outer_ports (item, TRUE) > 1 ? LABEL_ROOM + 8 : 0);
  graphene_rect_t picker;

  if (heddle_canvas_item_has_picker (item))
    {
      heddle_canvas_item_get_picker_bounds (item, &picker);
      right = picker.origin.x - 8;
      draw_picker (p);
    }
  heddle_canvas_paint_header (p, right - HEDDLE_CANVAS_TEXT_LEFT - 20, right - HEDDLE_CANVAS_TEXT_LEFT - 20);
  heddle_canvas_paint_fold (p);
}

/* Seen from afar a frame that runs still says how far it is, behind its title. */
static void
draw_far_header (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  double left = HEDDLE_CANVAS_PADDING + 4;
  gboolean has_status = item->in_run && item->status != NULL && *item->status != '\0';

  left += heddle_canvas_paint_far_breakpoint (p, left, HEDDLE_CANVAS_HEADER / 2);
  left += heddle_canvas_paint_far_title (p, left, HEDDLE_CANVAS_HEADER / 2, has_status ? FAR_STATUS_ROOM : 0, &p->palette->text) + FAR_STATUS_GAP;
  if (!has_status)
    return;
  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &GRAPHENE_POINT_INIT (left, HEDDLE_CANVAS_HEADER / 2 - 13));
  gtk_snapshot_scale (p->snapshot, FAR_STATUS_SCALE, FAR_STATUS_SCALE);
  heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_BODY, item->status, &p->palette->dim, &GRAPHENE_RECT_INIT (0, 0, (item->width - left - HEDDLE_CANVAS_PADDING) / FAR_STATUS_SCALE, 18), 1);
  gtk_snapshot_restore (p->snapshot);
}

void
heddle_canvas_draw_frame_front (const HeddleCanvasPainter *p, gboolean full)
{
  draw_strip (p);
  if (full)
    {
      draw_tabs (p, FALSE);
      draw_tabs (p, TRUE);
    }
  draw_border (p, full ? 1 : 2);
  if (full)
    {
      draw_header (p);
      draw_ports (p, FALSE);
      draw_ports (p, TRUE);
      return;
    }
  draw_far_header (p);
  heddle_canvas_paint_far_ports (p);
}
