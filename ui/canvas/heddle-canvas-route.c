/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-route.h"

#include <math.h>

#define MAX_AREA 8e6 /* a line over more than this goes straight: who follows it does so by its ends */
#define MAX_COORDINATE 1e8
#define GRAZE 3          /* so far into a card does not count */
#define CLEARANCE 28     /* between a lane and cards */
#define TOLERANCE 8      /* cards that it does not go along may be nearer by this */
#define NARROW 14        /* between a lane and cards where there is no more room */
#define NARROW_COST 64   /* what a lane through a narrow gap may be shorter */
#define MIN_DISTANCE 8   /* from cards, when a lane makes way for others */
#define STEEP 64         /* length of the part between a port and a lane, when it must be short */
#define BESIDE 16        /* how far from a card the lane begins, when there is room */
#define MARGIN_X 96      /* of the area where a way is looked for */
#define MARGIN_Y 140     /* same */
#define MAX_TRIES 24     /* lanes */
#define SAMPLE_LENGTH 32 /* of the straight pieces that a curve is looked at as */
#define MAX_SAMPLES 48   /* of each Bézier curve */

typedef struct
{
  HeddlePoint points[MAX_SAMPLES * HEDDLE_CANVAS_CURVE_MAX_PIECES + 1];
  guint n_points;
  double left, top, right, bottom;
} Polyline;

/* A lane before it is known how it is reached. */
typedef struct
{
  double level;
  double side;     /* of its card: -1: above, 1: below */
  double distance; /* from other cards */
  double cost;
} Candidate;

static void
add_point (Polyline *line, double x, double y)
{
  line->left = MIN (line->left, x);
  line->right = MAX (line->right, x);
  line->top = MIN (line->top, y);
  line->bottom = MAX (line->bottom, y);
  line->points[line->n_points++] = (HeddlePoint){ x, y };
}

/* Of a curve with its points in itself. */
static void
flatten (const HeddleCanvasCurve *curve, Polyline *line)
{
  *line = (Polyline){ .left = G_MAXDOUBLE, .top = G_MAXDOUBLE, .right = -G_MAXDOUBLE, .bottom = -G_MAXDOUBLE };
  add_point (line, curve->x[0], curve->y[0]);
  for (guint i = 0; i < curve->n_beziers; i++)
    {
      double width = fabs (curve->x[3 * i + 3] - curve->x[3 * i]), height = fabs (curve->y[3 * i + 3] - curve->y[3 * i]);
      guint n = (guint) CLAMP ((width + height) / SAMPLE_LENGTH, 8, MAX_SAMPLES);

      for (guint j = 1; j <= n; j++)
        {
          double x, y;

          heddle_canvas_curve_get_point (curve, (i + (double) j / n) / curve->n_beziers, &x, &y);
          add_point (line, x, y);
        }
    }
}

/* Whether a straight piece touches a rectangle: neither their sides nor the piece itself part them. */
static gboolean
touches (const HeddlePoint *a, const HeddlePoint *b, double left, double top, double right, double bottom)
{
  double dx = b->x - a->x, dy = b->y - a->y;
  double first, second, third, fourth;

  if (MAX (a->x, b->x) < left || MIN (a->x, b->x) > right || MAX (a->y, b->y) < top || MIN (a->y, b->y) > bottom)
    return FALSE;
  first = dx * (top - a->y) - dy * (left - a->x);
  second = dx * (top - a->y) - dy * (right - a->x);
  third = dx * (bottom - a->y) - dy * (left - a->x);
  fourth = dx * (bottom - a->y) - dy * (right - a->x);
  return MIN (MIN (first, second), MIN (third, fourth)) <= 0 && MAX (MAX (first, second), MAX (third, fourth)) >= 0;
}

static gboolean
is_crossed (const graphene_rect_t *card, const Polyline *line)
{
  double left = card->origin.x + GRAZE, right = card->origin.x + card->size.width - GRAZE;
  double top = card->origin.y + GRAZE, bottom = card->origin.y + card->size.height - GRAZE;

  if (!(left < right && top < bottom) || left > line->right || right < line->left || top > line->bottom || bottom < line->top)
    return FALSE;
  for (guint i = 1; i < line->n_points; i++)
    if (touches (&line->points[i - 1], &line->points[i], left, top, right, bottom))
      return TRUE;
  return FALSE;
}

/* Looks no further than the limit. around: those that it crosses, unless NULL. */
static guint
count_crossed (const HeddleCanvasCurve *curve, GArray *cards, guint limit, graphene_rect_t *around)
{
  Polyline line;
  guint n = 0;

  flatten (curve, &line);
  for (guint i = 0; i < cards->len && n < limit; i++)
    {
      const graphene_rect_t *card = &g_array_index (cards, graphene_rect_t, i);

      if (!is_crossed (card, &line))
        continue;
      if (around != NULL && n > 0)
        graphene_rect_union (around, card, around);
      else if (around != NULL)
        *around = *card;
      n++;
    }
  return n;
}

static gboolean
is_sane (double coordinate)
{
  return isfinite (coordinate) && fabs (coordinate) <= MAX_COORDINATE;
}

gboolean
heddle_canvas_route_get_area (const HeddlePoint *start, const HeddlePoint *end, graphene_rect_t *area)
{
  HeddleCanvasCurve curve;

  if (!is_sane (start->x) || !is_sane (start->y) || !is_sane (end->x) || !is_sane (end->y))
    return FALSE;
  heddle_canvas_curve_init (&curve, start->x, start->y, end->x, end->y);
  heddle_canvas_curve_get_bounds (&curve, area);
  /* A level line has no height. */
  graphene_rect_inset (area, -1, -1);
  return (double) area->size.width * area->size.height <= MAX_AREA;
}

gboolean
heddle_canvas_route_is_blocked (const HeddlePoint *start, const HeddlePoint *end, GArray *cards, graphene_rect_t *area)
{
  HeddleCanvasCurve curve;
  graphene_rect_t around;

  heddle_canvas_curve_init (&curve, start->x, start->y, end->x, end->y);
  if (count_crossed (&curve, cards, G_MAXUINT, &around) == 0)
    return FALSE;
  heddle_canvas_curve_get_bounds (&curve, area);
  graphene_rect_union (area, &around, area);
  graphene_rect_inset (area, -MARGIN_X, -MARGIN_Y);
  return TRUE;
}

static void
add_candidate (GArray *candidates, const HeddlePoint *start, const HeddlePoint *end, double level, double side, double clearance)
{
  Candidate candidate = { level + side * clearance, side, MAX (clearance - TOLERANCE, MIN_DISTANCE) };

  candidate.cost = fabs (candidate.level - start->y) + fabs (candidate.level - end->y) + (clearance < CLEARANCE ? NARROW_COST : 0);
  if (is_sane (candidate.level))
    g_array_append_val (candidates, candidate);
}

/* The shortest way first; of two that are as short, the one below. */
static int
compare_cost (gconstpointer a, gconstpointer b)
{
  const Candidate *first = a, *second = b;

  if (first->cost != second->cost)
    return first->cost < second->cost ? -1 : 1;
  return first->level > second->level ? -1 : first->level < second->level;
}

/* Along the sides of all cards. */
static GArray *
list_candidates (const HeddlePoint *start, const HeddlePoint *end, GArray *cards)
{
  GArray *candidates = g_array_sized_new (FALSE, FALSE, sizeof (Candidate), 4 * cards->len);

  for (guint i = 0; i < cards->len; i++)
    {
      const graphene_rect_t *card = &g_array_index (cards, graphene_rect_t, i);

      for (int narrow = 0; narrow < 2; narrow++)
        {
          add_candidate (candidates, start, end, card->origin.y, -1, narrow ? NARROW : CLEARANCE);
          add_candidate (candidates, start, end, card->origin.y + card->size.height, 1, narrow ? NARROW : CLEARANCE);
        }
    }
  g_array_sort (candidates, compare_cost);
  return candidates;
}

/* Between the left and the right of what is to be gone around. */
static gboolean
is_free (const Candidate *candidate, const graphene_rect_t *around, GArray *cards)
{
  double left = around->origin.x, right = left + around->size.width;

  for (guint i = 0; i < cards->len; i++)
    {
      const graphene_rect_t *card = &g_array_index (cards, graphene_rect_t, i);
      double top = card->origin.y - candidate->distance, bottom = card->origin.y + card->size.height + candidate->distance;

      if (candidate->level > top && candidate->level < bottom && card->origin.x < right && card->origin.x + card->size.width > left)
        return FALSE;
    }
  return TRUE;
}

/*
 * How far after its start the line is on the lane, and how far before its end it leaves it: as late and as early as it can, so
 * that it bends softly, or at once, where other cards are in the way of that. A line that goes back turns around at both ends.
 */
static guint
list_shapes (const HeddlePoint *start, const HeddlePoint *end, const graphene_rect_t *around, HeddleCanvasLane shapes[4])
{
  double out = MAX (around->origin.x - BESIDE - start->x, STEEP), in = MAX (end->x - around->origin.x - around->size.width - BESIDE, STEEP);
  double way = end->x - start->x;
  guint n = 0;

  if (way <= 0)
    {
      shapes[0] = (HeddleCanvasLane){ .out = 0, .in = 0 };
      return 1;
    }
  for (int i = 0; i < 4; i++)
    {
      HeddleCanvasLane shape = { .out = i & 1 ? STEEP : out, .in = i & 2 ? STEEP : in };

      if (shape.out + shape.in <= way)
        shapes[n++] = shape;
    }
  return n;
}

/* Towards the card that it goes along, so that shorter lines lie inside longer ones; else away from it. side: of that card. */
static void
measure_room (HeddleCanvasLane *lane, double side, const HeddlePoint *start, const HeddlePoint *end, GArray *cards)
{
  double first = start->x + lane->out, last = end->x - lane->in;
  double above = HEDDLE_CANVAS_ROUTE_MAX_MOVE, below = HEDDLE_CANVAS_ROUTE_MAX_MOVE;

  for (guint i = 0; i < cards->len; i++)
    {
      const graphene_rect_t *card = &g_array_index (cards, graphene_rect_t, i);
      double top = card->origin.y, bottom = top + card->size.height;

      if (card->origin.x > MAX (first, last) || card->origin.x + card->size.width < MIN (first, last))
        continue;
      if (bottom <= lane->level)
        above = CLAMP (lane->level - bottom - MIN_DISTANCE, 0, above);
      else if (top >= lane->level)
        below = CLAMP (top - lane->level - MIN_DISTANCE, 0, below);
    }
  lane->give = side < 0 ? below : -above;
  lane->spare = side < 0 ? above : below;
}

gboolean
heddle_canvas_route_find (const HeddlePoint *start, const HeddlePoint *end, GArray *cards, HeddleCanvasLane *lane)
{
  g_autoptr (GArray) candidates = NULL;
  HeddleCanvasCurve curve;
  HeddleCanvasLane shapes[4];
  graphene_rect_t around;
  guint n_shapes, n_straight, best, n_tries = 0;
  double side = 0;

  heddle_canvas_curve_init (&curve, start->x, start->y, end->x, end->y);
  n_straight = best = count_crossed (&curve, cards, G_MAXUINT, &around);
  if (n_straight == 0)
    return FALSE;
  n_shapes = list_shapes (start, end, &around, shapes);
  candidates = list_candidates (start, end, cards);
  for (guint i = 0; i < candidates->len && n_tries < MAX_TRIES && best > 0; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);

      if (!is_free (candidate, &around, cards))
        continue;
      n_tries++;
      for (guint j = 0; j < n_shapes && best > 0; j++)
        {
          HeddleCanvasLane own = { candidate->level, shapes[j].out, shapes[j].in };
          guint n;

          heddle_canvas_curve_init_along (&curve, start->x, start->y, end->x, end->y, &own);
          n = count_crossed (&curve, cards, best, NULL);
          if (n >= best)
            continue;
          best = n;
          side = candidate->side;
          *lane = own;
        }
    }
  if (best == n_straight)
    return FALSE;
  measure_room (lane, side, start, end, cards);
  return TRUE;
}
