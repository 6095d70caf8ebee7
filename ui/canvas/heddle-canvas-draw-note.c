/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-draw-note.h"

#include "common/heddle-markdown.h"

#define LEFT 12
#define TOP 10
#define LINE_HEIGHT 16
#define RADIUS 8

/* Markdown; what is no valid markup stands as it was written. */
static PangoLayout *
create_layout (const HeddleCanvasItem *item, HeddleCanvasStyle *style, GPtrArray *links)
{
  const char *text = *item->title != '\0' ? item->title : _ ("Double click to write a note.");
  g_autofree char *markup = heddle_markdown_to_markup_with_links (text, links);
  PangoLayout *layout = heddle_canvas_style_create_layout (style, HEDDLE_CANVAS_FONT_BODY, "", item->width - 2 * LEFT, MAX (1, (int) (item->height / LINE_HEIGHT)));

  pango_layout_set_markup (layout, markup, -1);
  return layout;
}

static void
paint_grip (const HeddleCanvasPainter *p, const GdkRGBA *color)
{
  for (int i = 0; i < 3; i++)
    for (int j = 0; j <= i; j++)
      gtk_snapshot_append_color (p->snapshot, color, &GRAPHENE_RECT_INIT (p->item->width - 7 - 4 * (2 - i), p->item->height - 7 - 4 * j, 2, 2));
}

/* The named colours of notes and groups are those that mean something elsewhere on the canvas, so they fit every scheme. */
const GdkRGBA *
heddle_canvas_find_color (const HeddleCanvasPalette *palette, const char *name)
{
  const struct
  {
    const char *name;
    const GdkRGBA *color;
  } colors[] = {
    { "blue", &palette->category[HEDDLE_CATEGORY_DATA] },
    { "green", &palette->ok },
    { "yellow", &palette->warning },
    { "orange", &palette->category[HEDDLE_CATEGORY_LOGIC] },
    { "red", &palette->error },
    { "purple", &palette->category[HEDDLE_CATEGORY_MODELS] },
  };

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (colors); i++)
    if (g_str_equal (colors[i].name, name))
      return colors[i].color;
  return NULL;
}

/* How much of the text is drawn, in whole lines. */
static double
get_shown_height (PangoLayout *layout, double height)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  double shown = 0;

  do
    {
      int end;

      pango_layout_iter_get_line_yrange (iter, NULL, &end);
      if (shown > 0 && end > height * PANGO_SCALE)
        break;
      shown = (double) end / PANGO_SCALE;
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
  return MIN (shown, height);
}

static void
paint_text (const HeddleCanvasPainter *p, PangoLayout *layout, const graphene_rect_t *area, const GdkRGBA *color)
{
  double shown = get_shown_height (layout, area->size.height);
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  gtk_snapshot_push_clip (p->snapshot, &GRAPHENE_RECT_INIT (area->origin.x, area->origin.y, area->size.width, shown));
  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &area->origin);
  gtk_snapshot_append_layout (p->snapshot, layout, color);
  gtk_snapshot_restore (p->snapshot);
  gtk_snapshot_pop (p->snapshot);
  if (height > area->size.height + 1)
    heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_BODY, "…", color, &GRAPHENE_RECT_INIT (LEFT, p->item->height - LINE_HEIGHT - 3, LINE_HEIGHT, LINE_HEIGHT), 1);
}

void
heddle_canvas_draw_note (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  const GdkRGBA *color = heddle_canvas_find_color (p->palette, item->color);
  GdkRGBA fill = color != NULL ? heddle_canvas_palette_mix (&p->palette->card, color, .14f) : p->palette->note;
  const GdkRGBA *border = color != NULL ? color : &p->palette->note_border;
  const GdkRGBA *text_color = color != NULL ? &p->palette->text : &p->palette->note_text;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, item->width, item->height);
  graphene_rect_t text = GRAPHENE_RECT_INIT (LEFT, TOP, item->width - 2 * LEFT, item->height - 2 * TOP);
  g_autoptr (PangoLayout) layout = create_layout (item, p->style, NULL);

  heddle_canvas_paint_fill (p->snapshot, &bounds, RADIUS, &fill);
  heddle_canvas_paint_stroke (p->snapshot, &bounds, RADIUS, item->selected ? 2 : 1, item->selected ? &p->palette->accent : border);
  paint_text (p, layout, &text, text_color);
  paint_grip (p, border);
}

char *
heddle_canvas_dup_link_at (const HeddleCanvasItem *item, HeddleCanvasStyle *style, double x, double y)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_markdown_link_free);
  g_autoptr (PangoLayout) layout = create_layout (item, style, links);
  int index;

  if (links->len == 0 || !pango_layout_xy_to_index (layout, (int) ((x - item->x - LEFT) * PANGO_SCALE), (int) ((y - item->y - TOP) * PANGO_SCALE), &index, NULL))
    return NULL;
  for (guint i = 0; i < links->len; i++)
    {
      const HeddleMarkdownLink *link = links->pdata[i];

      if (index >= (int) link->start && index < (int) link->end)
        return g_strdup (link->url);
    }
  return NULL;
}
