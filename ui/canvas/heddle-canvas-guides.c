/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/*
 * What is moved or resized comes to lie in line with sides and middles of what is near, and a line shows it. Only what is
 * near is asked for, so that this costs the same in a large workflow.
 */
#define ATTRACTION 6. /* pixels */
#define REACH 640.    /* canvas units */
#define SAME .6       /* canvas units: lies in line */

typedef enum
{
  START,
  MIDDLE,
  END,
} Line;

#define ALL_LINES (1u << START | 1u << MIDDLE | 1u << END)
#define SIDE_LINES (1u << START | 1u << END)

/* Which line of a thing may lie on which of another one. */
static const struct
{
  Line own, other;
} pairs[] = {
  { MIDDLE, MIDDLE },
  { START, START },
  { END, END },
  { START, END },
  { END, START },
};

/* horizontal: of the lines that go from left to right. */
static double
get_line (const graphene_rect_t *box, gboolean horizontal, Line line)
{
  double start = horizontal ? box->origin.y : box->origin.x;
  double length = horizontal ? box->size.height : box->size.width;

  return line == START ? start : line == END ? start + length
                                             : start + length / 2;
}

static gboolean
is_held (HeddleCanvas *self, const HeddleCanvasItem *item)
{
  return item->moving || (self->mode == HEDDLE_CANVAS_MODE_RESIZE && item == g_array_index (self->starts, HeddleCanvasStart, 0).item);
}

/* Bounds of what is near and stays; a frame around the box is no neighbour of it. */
static GArray *
list_neighbours (HeddleCanvas *self, const graphene_rect_t *box)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  GArray *neighbours = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
  graphene_rect_t area = *box;

  graphene_rect_inset (&area, -REACH, -REACH);
  heddle_canvas_scene_query_items (self->scene, &area, items);
  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];
      graphene_rect_t bounds;

      heddle_canvas_item_get_bounds (item, &bounds);
      if (!is_held (self, item) && !(heddle_canvas_item_is_hollow (item) && graphene_rect_intersection (&bounds, box, NULL)))
        g_array_append_val (neighbours, bounds);
    }
  return neighbours;
}

/* How far the box must go to lie in line with a neighbour. lines: those of it that count. FALSE: none is near enough. */
static gboolean
find_attraction (HeddleCanvas *self, const graphene_rect_t *box, GArray *neighbours, gboolean horizontal, guint lines, double *offset)
{
  double least = ATTRACTION / self->zoom;
  gboolean found = FALSE;

  for (guint i = 0; i < neighbours->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS (pairs); j++)
      {
        double way = get_line (&g_array_index (neighbours, graphene_rect_t, i), horizontal, pairs[j].other) - get_line (box, horizontal, pairs[j].own);

        if (!(lines & 1u << pairs[j].own) || fabs (way) > least || (found && fabs (way) == least))
          continue;
        least = fabs (way);
        *offset = way;
        found = TRUE;
      }
  return found;
}

static void
add_guide (HeddleCanvas *self, const HeddleCanvasGuide *guide)
{
  for (guint i = 0; i < self->guides->len; i++)
    {
      HeddleCanvasGuide *other = &g_array_index (self->guides, HeddleCanvasGuide, i);

      if (other->horizontal != guide->horizontal || fabs (other->at - guide->at) > SAME)
        continue;
      other->start = MIN (other->start, guide->start);
      other->end = MAX (other->end, guide->end);
      return;
    }
  g_array_append_vals (self->guides, guide, 1);
}

/* One line through all that is on it. */
static void
add_guides (HeddleCanvas *self, const graphene_rect_t *box, GArray *neighbours, gboolean horizontal, guint lines)
{
  for (guint i = 0; i < neighbours->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS (pairs); j++)
      {
        const graphene_rect_t *other = &g_array_index (neighbours, graphene_rect_t, i);
        double at = get_line (box, horizontal, pairs[j].own);

        if (lines & 1u << pairs[j].own && fabs (get_line (other, horizontal, pairs[j].other) - at) <= SAME)
          add_guide (self, &(HeddleCanvasGuide){ horizontal, at, MIN (get_line (box, !horizontal, START), get_line (other, !horizontal, START)), MAX (get_line (box, !horizontal, END), get_line (other, !horizontal, END)) });
      }
}

/* Of things of one size all three lines lie in line; the middle then stands for them. */
static void
show_guides (HeddleCanvas *self, const graphene_rect_t *box, GArray *neighbours, gboolean horizontal, guint lines)
{
  guint before = self->guides->len;

  add_guides (self, box, neighbours, horizontal, lines & 1u << MIDDLE);
  if (self->guides->len == before)
    add_guides (self, box, neighbours, horizontal, lines & SIDE_LINES);
}

static gboolean
are_guides_off (HeddleCanvas *self)
{
  return (self->held & GDK_CONTROL_MASK) != 0;
}

void
heddle_canvas_clear_guides (HeddleCanvas *self)
{
  if (self->guides->len > 0)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  g_array_set_size (self->guides, 0);
}

/* Around all that is moved, where it was at first. */
static gboolean
get_start_bounds (HeddleCanvas *self, graphene_rect_t *bounds)
{
  gboolean found = FALSE;

  for (guint i = 0; i < self->starts->len; i++)
    {
      const HeddleCanvasStart *start = &g_array_index (self->starts, HeddleCanvasStart, i);
      graphene_rect_t own = GRAPHENE_RECT_INIT (start->x, start->y, start->item->width, start->item->height);

      if (start->item->stands_in != NULL)
        continue;
      if (found)
        graphene_rect_union (bounds, &own, bounds);
      else
        *bounds = own;
      found = TRUE;
    }
  return found;
}

static double
attract (HeddleCanvas *self, const graphene_rect_t *box, GArray *neighbours, gboolean horizontal, double raw, double snapped)
{
  double way;

  return find_attraction (self, box, neighbours, horizontal, ALL_LINES, &way) ? round (raw + way) : snapped;
}

void
heddle_canvas_guide_move (HeddleCanvas *self, double raw_x, double raw_y, double *dx, double *dy)
{
  g_autoptr (GArray) neighbours = NULL;
  graphene_rect_t start, box;

  heddle_canvas_clear_guides (self);
  if (are_guides_off (self) || !get_start_bounds (self, &start))
    return;
  graphene_rect_offset_r (&start, raw_x, raw_y, &box);
  neighbours = list_neighbours (self, &box);
  *dx = attract (self, &box, neighbours, FALSE, raw_x, *dx);
  *dy = attract (self, &box, neighbours, TRUE, raw_y, *dy);
  graphene_rect_offset_r (&start, *dx, *dy, &box);
  show_guides (self, &box, neighbours, FALSE, ALL_LINES);
  show_guides (self, &box, neighbours, TRUE, ALL_LINES);
}

static void
guide_side (HeddleCanvas *self, const graphene_rect_t *raw, GArray *neighbours, gboolean horizontal, guint lines, double *start, double *end)
{
  double way;

  if (lines == 0 || !find_attraction (self, raw, neighbours, horizontal, lines, &way))
    return;
  if (lines & 1u << START)
    *start = round (get_line (raw, horizontal, START) + way);
  else
    *end = round (get_line (raw, horizontal, END) + way);
}

void
heddle_canvas_guide_resize (HeddleCanvas *self, const graphene_rect_t *raw, graphene_rect_t *box)
{
  guint columns = (self->sides & HEDDLE_CANVAS_SIDE_LEFT ? 1u << START : 0) | (self->sides & HEDDLE_CANVAS_SIDE_RIGHT ? 1u << END : 0);
  guint rows = (self->sides & HEDDLE_CANVAS_SIDE_TOP ? 1u << START : 0) | (self->sides & HEDDLE_CANVAS_SIDE_BOTTOM ? 1u << END : 0);
  double left = box->origin.x, right = left + box->size.width;
  double top = box->origin.y, bottom = top + box->size.height;
  g_autoptr (GArray) neighbours = NULL;

  heddle_canvas_clear_guides (self);
  if (are_guides_off (self))
    return;
  neighbours = list_neighbours (self, raw);
  guide_side (self, raw, neighbours, FALSE, columns, &left, &right);
  guide_side (self, raw, neighbours, TRUE, rows, &top, &bottom);
  graphene_rect_init (box, left, top, right - left, bottom - top);
  show_guides (self, box, neighbours, FALSE, columns);
  show_guides (self, box, neighbours, TRUE, rows);
}
