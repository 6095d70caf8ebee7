/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-painter.h"

#define BADGE 32
#define BADGE_TOP 20 /* its middle on a level with the first port */
#define MARK 16
#define PORT_RADIUS 6.f
#define FAR_MARK 28
#define FAR_TEXT_SCALE 1.7f

void
heddle_canvas_paint_fill (GtkSnapshot *snapshot, const graphene_rect_t *bounds, float radius, const GdkRGBA *color)
{
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, bounds, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, color, bounds);
  gtk_snapshot_pop (snapshot);
}

void
heddle_canvas_paint_stroke (GtkSnapshot *snapshot, const graphene_rect_t *bounds, float radius, float width, const GdkRGBA *color)
{
  const float widths[] = { width, width, width, width };
  const GdkRGBA colors[] = { *color, *color, *color, *color };
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, bounds, radius);
  gtk_snapshot_append_border (snapshot, &shape, widths, colors);
}

double
heddle_canvas_paint_text (const HeddleCanvasPainter *p, HeddleCanvasFont font, const char *text, const GdkRGBA *color, const graphene_rect_t *box, int lines)
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

void
heddle_canvas_paint_aligned_text (const HeddleCanvasPainter *p, HeddleCanvasFont font, PangoAlignment alignment, const char *text, const GdkRGBA *color, const graphene_rect_t *box)
{
  g_autoptr (PangoLayout) layout = heddle_canvas_style_create_layout (p->style, font, text, box->size.width, 1);

  pango_layout_set_alignment (layout, alignment);
  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &box->origin);
  gtk_snapshot_append_layout (p->snapshot, layout, color);
  gtk_snapshot_restore (p->snapshot);
}

void
heddle_canvas_paint_mark (const HeddleCanvasPainter *p, HeddleCanvasMark mark, double x, double y, int size)
{
  GdkTexture *picture = heddle_canvas_style_get_mark (p->style, mark, size, p->scale);

  gtk_snapshot_append_texture (p->snapshot, picture, &GRAPHENE_RECT_INIT (x, y, size, size));
}

void
heddle_canvas_paint_port (const HeddleCanvasPainter *p, double x, double y, const GdkRGBA *color)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x - PORT_RADIUS, y - PORT_RADIUS, 2 * PORT_RADIUS, 2 * PORT_RADIUS);

  heddle_canvas_paint_fill (p->snapshot, &bounds, PORT_RADIUS, &p->palette->card);
  heddle_canvas_paint_stroke (p->snapshot, &bounds, PORT_RADIUS, 2, color);
}

const GdkRGBA *
heddle_canvas_painter_get_accent (const HeddleCanvasPainter *p)
{
  return &p->palette->category[heddle_canvas_item_get_category (p->item)];
}

const GdkRGBA *
heddle_canvas_painter_get_port_color (const HeddleCanvasPainter *p, const HeddleCanvasPort *port, gboolean output)
{
  if (output && g_strcmp0 (port->name, HEDDLE_ERROR_PORT) == 0)
    return &p->palette->error;
  return output ? heddle_canvas_painter_get_accent (p) : &p->palette->port;
}

gboolean
heddle_canvas_painter_get_line (const HeddleCanvasPainter *p, GdkRGBA *color)
{
  if (p->item->selected || heddle_canvas_item_is_running (p->item))
    *color = p->palette->accent;
  else if (p->item->in_run && p->item->state == HEDDLE_SPAN_FAILED)
    *color = p->palette->error;
  else
    return FALSE;
  return TRUE;
}

static HeddleCanvasMark
get_problem_mark (const HeddleCanvasItem *item)
{
  return item->severity == HEDDLE_SEVERITY_ERROR ? HEDDLE_CANVAS_MARK_FAILED : HEDDLE_CANVAS_MARK_WARNING;
}

/* Small signs sit on the corners of the icon, where a run never draws. */
static void
paint_sign (const HeddleCanvasPainter *p, HeddleCanvasMark mark, double x, double y)
{
  heddle_canvas_paint_fill (p->snapshot, &GRAPHENE_RECT_INIT (x - 9, y - 9, 18, 18), 9, &p->palette->card);
  heddle_canvas_paint_mark (p, mark, x - 7, y - 7, 14);
}

void
heddle_canvas_paint_icon (const HeddleCanvasPainter *p)
{
  const HeddleCanvasItem *item = p->item;
  const char *icon = item->type != NULL && item->type->icon_name != NULL ? item->type->icon_name : "dialog-question-symbolic";
  GdkTexture *badge = heddle_canvas_style_get_badge (p->style, icon, heddle_canvas_item_get_category (item), BADGE, p->scale);

  gtk_snapshot_append_texture (p->snapshot, badge, &GRAPHENE_RECT_INIT (HEDDLE_CANVAS_PADDING, BADGE_TOP, BADGE, BADGE));
  if (item->is_pinned)
    paint_sign (p, HEDDLE_CANVAS_MARK_PIN, HEDDLE_CANVAS_PADDING + 1, BADGE_TOP + 1);
  if (item->has_breakpoint)
    paint_sign (p, HEDDLE_CANVAS_MARK_BREAKPOINT, HEDDLE_CANVAS_PADDING + BADGE - 1, BADGE_TOP + 1);
  if (item->policy != NULL)
    paint_sign (p, HEDDLE_CANVAS_MARK_POLICY, HEDDLE_CANVAS_PADDING + 1, BADGE_TOP + BADGE - 1);
  if (item->problem != NULL)
    paint_sign (p, get_problem_mark (item), HEDDLE_CANVAS_PADDING + BADGE - 2, BADGE_TOP + BADGE);
}

static gboolean
find_mark (const HeddleCanvasItem *item, HeddleCanvasMark *mark)
{
  static const HeddleCanvasMark marks[] = {
    [HEDDLE_SPAN_READY] = HEDDLE_CANVAS_MARK_WAITING,
    [HEDDLE_SPAN_RETRY] = HEDDLE_CANVAS_MARK_WAITING,
    [HEDDLE_SPAN_ASKING] = HEDDLE_CANVAS_MARK_ASKING,
    [HEDDLE_SPAN_OK] = HEDDLE_CANVAS_MARK_OK,
    [HEDDLE_SPAN_FAILED] = HEDDLE_CANVAS_MARK_FAILED,
    [HEDDLE_SPAN_SKIPPED] = HEDDLE_CANVAS_MARK_SKIPPED,
    [HEDDLE_SPAN_CANCELLED] = HEDDLE_CANVAS_MARK_CANCELLED,
    [HEDDLE_SPAN_HANDLED] = HEDDLE_CANVAS_MARK_WARNING,
    [HEDDLE_SPAN_CACHED] = HEDDLE_CANVAS_MARK_REUSED,
    [HEDDLE_SPAN_LIMITED] = HEDDLE_CANVAS_MARK_LIMITED,
    [HEDDLE_SPAN_DOUBT] = HEDDLE_CANVAS_MARK_DOUBT,
  };

  if (item->in_run && item->is_next)
    {
      *mark = HEDDLE_CANVAS_MARK_PAUSED;
      return TRUE;
    }
  if (!item->in_run || item->state == HEDDLE_SPAN_PENDING || item->state == HEDDLE_SPAN_RUNNING || item->state >= G_N_ELEMENTS (marks))
    return FALSE;
  *mark = marks[item->state];
  return TRUE;
}

void
heddle_canvas_get_mark_bounds (const HeddleCanvasItem *item, graphene_rect_t *bounds)
{
  graphene_rect_init (bounds, item->width - HEDDLE_CANVAS_PADDING - MARK, 8, MARK, MARK);
}

void
heddle_canvas_paint_state (const HeddleCanvasPainter *p)
{
  HeddleCanvasMark mark;
  graphene_rect_t bounds;

  if (!find_mark (p->item, &mark))
    return;
  heddle_canvas_get_mark_bounds (p->item, &bounds);
  heddle_canvas_paint_mark (p, mark, bounds.origin.x, bounds.origin.y, MARK);
}

/* Of what is collapsed, what does not show. */
static char *
dup_detail (const HeddleCanvasItem *item)
{
  if (item->collapsed)
    return g_strdup_printf (ngettext ("%u node in it", "%u nodes in it", item->n_folded), item->n_folded);
  return g_strdup (item->detail);
}

/* Two lines of text stand lower than three. */
static double
get_title_top (const HeddleCanvasItem *item)
{
  return item->detail != NULL || item->collapsed ? 9 : 16;
}

/* The last line is the name in expressions, which a tool has none of, and on a run what became of the node. */
static void
paint_status (const HeddleCanvasPainter *p, double width)
{
  const HeddleCanvasItem *item = p->item;
  graphene_rect_t box = GRAPHENE_RECT_INIT (HEDDLE_CANVAS_TEXT_LEFT, get_title_top (item) + (item->detail != NULL || item->collapsed ? 38 : 21), width, 16);
  gboolean failed = item->in_run && item->state == HEDDLE_SPAN_FAILED;

  if (item->in_run && item->status != NULL)
    {
      heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_SMALL, item->status, failed ? &p->palette->error : &p->palette->dim, &box, 1);
    }
  else if (!item->in_run)
    {
      g_autofree char *name = item->role != NULL ? g_strdup (item->role) : g_strdup_printf ("$%s", item->id);

      heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_SMALL, name, &p->palette->dim, &box, 1);
    }
}

void
heddle_canvas_paint_header (const HeddleCanvasPainter *p, double detail_width, double status_width)
{
  const HeddleCanvasItem *item = p->item;
  double title_width = MIN (detail_width, item->width - HEDDLE_CANVAS_TEXT_LEFT - HEDDLE_CANVAS_PADDING - (item->in_run ? MARK + 4 : 0));

  g_autofree char *detail = dup_detail (item);

  heddle_canvas_paint_icon (p);
  heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_TITLE, item->title, &p->palette->text, &GRAPHENE_RECT_INIT (HEDDLE_CANVAS_TEXT_LEFT, get_title_top (item), title_width, 20), 1);
  if (detail != NULL)
    heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_BODY, detail, &p->palette->dim, &GRAPHENE_RECT_INIT (HEDDLE_CANVAS_TEXT_LEFT, 29, detail_width, 18), 1);
  paint_status (p, status_width);
  heddle_canvas_paint_state (p);
}

/* Larger than on a card, so that it can still be read. */
double
heddle_canvas_paint_far_title (const HeddleCanvasPainter *p, double left, double middle, double right, const GdkRGBA *color)
{
  double width = (p->item->width - left - right - HEDDLE_CANVAS_PADDING) / FAR_TEXT_SCALE;
  double used;

  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &GRAPHENE_POINT_INIT (left, middle - 16));
  gtk_snapshot_scale (p->snapshot, FAR_TEXT_SCALE, FAR_TEXT_SCALE);
  used = heddle_canvas_paint_text (p, HEDDLE_CANVAS_FONT_TITLE, p->item->title, color, &GRAPHENE_RECT_INIT (0, 0, width, 20), 1);
  gtk_snapshot_restore (p->snapshot);
  return used * FAR_TEXT_SCALE;
}

/* Before the title. Returns how much room it takes. */
double
heddle_canvas_paint_far_breakpoint (const HeddleCanvasPainter *p, double left, double middle)
{
  if (!p->item->has_breakpoint)
    return 0;
  heddle_canvas_paint_mark (p, HEDDLE_CANVAS_MARK_BREAKPOINT, left, middle - FAR_MARK / 2, FAR_MARK);
  return FAR_MARK + 8;
}

/* As large as the title. */
double
heddle_canvas_paint_far_state (const HeddleCanvasPainter *p, double middle)
{
  HeddleCanvasMark mark;

  if (!find_mark (p->item, &mark))
    {
      if (p->item->problem == NULL)
        return 0;
      mark = get_problem_mark (p->item);
    }
  heddle_canvas_paint_mark (p, mark, p->item->width - HEDDLE_CANVAS_PADDING - FAR_MARK, middle - FAR_MARK / 2, FAR_MARK);
  return FAR_MARK;
}

static void
paint_far_side (const HeddleCanvasPainter *p, gboolean output)
{
  const HeddleCanvasItem *item = p->item;
  const GdkRGBA *color = output ? heddle_canvas_painter_get_accent (p) : &p->palette->port;

  for (guint i = 0; i < heddle_canvas_item_get_n_ports (item, output); i++)
    {
      double x, y;

      if (heddle_canvas_item_get_port (item, output, i)->hidden)
        continue;
      heddle_canvas_item_get_port_position (item, output, (int) i, &x, &y);
      gtk_snapshot_append_color (p->snapshot, color, &GRAPHENE_RECT_INIT (x - item->x - 5, y - item->y - 5, 10, 10));
    }
}

/* Squares, which cost least: hundreds are in view. */
void
heddle_canvas_paint_far_ports (const HeddleCanvasPainter *p)
{
  paint_far_side (p, FALSE);
  paint_far_side (p, TRUE);
}
