/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-scene-private.h"

#include <math.h>

/* Lines that would lie on each other are drawn side by side: those with the same ends, and those along the same lane. */

#define DISTANCE 6. /* between two of them */
#define NEAR 4      /* lanes that are nearer than that lie on each other */

typedef struct
{
  HeddleCanvasEdge *edge;
  double left, right;
  double level; /* where it is led in the end */
} Strip;

static int
compare_numbers (double a, double b)
{
  return a < b ? -1 : a > b;
}

static int
compare_names (const HeddleCanvasEdge *a, const HeddleCanvasEdge *b)
{
  int order = g_strcmp0 (a->from->id, b->from->id);

  order = order != 0 ? order : g_strcmp0 (a->to->id, b->to->id);
  order = order != 0 ? order : g_strcmp0 (a->from_port, b->from_port);
  return order != 0 ? order : g_strcmp0 (a->to_port, b->to_port);
}

/* Longer ones first, which are further out. Not by the order of the array, which depends on what was done before. */
static int
compare_strips (gconstpointer a, gconstpointer b)
{
  const Strip *first = a, *second = b;
  int order = compare_numbers (first->edge->lane.level, second->edge->lane.level);

  order = order != 0 ? order : compare_numbers (second->right - second->left, first->right - first->left);
  order = order != 0 ? order : compare_numbers (first->left, second->left);
  return order != 0 ? order : compare_names (first->edge, second->edge);
}

static void
set_apart (HeddleCanvasScene *self, HeddleCanvasEdge *edge, double apart)
{
  if (edge->apart == apart)
    return;
  heddle_canvas_scene_index_edge (self, edge, FALSE);
  edge->apart = apart;
  heddle_canvas_edge_update (edge);
  heddle_canvas_scene_index_edge (self, edge, TRUE);
}

static gboolean
has_lane (const HeddleCanvasEdge *edge)
{
  return edge->is_led && edge->n_points == 0 && !edge->folded;
}

static GArray *
list_strips (HeddleCanvasScene *self)
{
  GArray *strips = g_array_new (FALSE, FALSE, sizeof (Strip));

  for (guint i = 0; i < self->edges->len; i++)
    {
      HeddleCanvasEdge *edge = self->edges->pdata[i];
      const double *x = edge->curve.x;
      Strip strip = { edge, MIN (MIN (x[0], x[3]), x[6]), MAX (MAX (x[3], x[6]), x[9]), edge->lane.level };

      if (has_lane (edge))
        g_array_append_val (strips, strip);
    }
  g_array_sort (strips, compare_strips);
  return strips;
}

/* By those before it in order, none of which is further from its lane than it may be moved. */
static gboolean
is_taken (GArray *strips, guint index, double level)
{
  const Strip *own = &g_array_index (strips, Strip, index);

  for (guint i = index; i > 0; i--)
    {
      const Strip *other = &g_array_index (strips, Strip, i - 1);

      if (own->edge->lane.level - other->edge->lane.level > 2 * HEDDLE_CANVAS_ROUTE_MAX_MOVE + NEAR)
        return FALSE;
      if (other->left < own->right && other->right > own->left && fabs (other->level - level) < NEAR)
        return TRUE;
    }
  return FALSE;
}

static double
find_move (GArray *strips, guint index)
{
  const HeddleCanvasLane *lane = &g_array_index (strips, Strip, index).edge->lane;
  double step = lane->give < 0 ? -DISTANCE : DISTANCE;

  for (double move = 0; fabs (move) <= fabs (lane->give); move += step)
    if (!is_taken (strips, index, lane->level + move))
      return move;
  for (double move = -step; fabs (move) <= lane->spare; move -= step)
    if (!is_taken (strips, index, lane->level + move))
      return move;
  return 0;
}

static void
part_lanes (HeddleCanvasScene *self)
{
  g_autoptr (GArray) strips = list_strips (self);

  for (guint i = 0; i < strips->len; i++)
    {
      Strip *strip = &g_array_index (strips, Strip, i);

      double move = find_move (strips, i);

      strip->level += move;
      set_apart (self, strip->edge, move);
    }
}

static guint
hash_ends (gconstpointer data)
{
  const HeddleCanvasEdge *edge = data;
  guint last = 3 * edge->curve.n_beziers;

  return g_double_hash (&edge->curve.x[0]) * 31 + g_double_hash (&edge->curve.y[0]) * 7919 + g_double_hash (&edge->curve.x[last]) * 104729 + g_double_hash (&edge->curve.y[last]);
}

static int
compare_ends (const HeddleCanvasEdge *a, const HeddleCanvasEdge *b)
{
  guint last_a = 3 * a->curve.n_beziers, last_b = 3 * b->curve.n_beziers;
  int order = compare_numbers (a->curve.x[0], b->curve.x[0]);

  order = order != 0 ? order : compare_numbers (a->curve.y[0], b->curve.y[0]);
  order = order != 0 ? order : compare_numbers (a->curve.x[last_a], b->curve.x[last_b]);
  return order != 0 ? order : compare_numbers (a->curve.y[last_a], b->curve.y[last_b]);
}

static gboolean
equal_ends (gconstpointer a, gconstpointer b)
{
  return compare_ends (a, b) == 0;
}

static int
compare_twins (gconstpointer a, gconstpointer b)
{
  const HeddleCanvasEdge *first = *(HeddleCanvasEdge *const *) a, *second = *(HeddleCanvasEdge *const *) b;
  int order = compare_ends (first, second);

  return order != 0 ? order : compare_names (first, second);
}

/* In the order of their ends, all with the same ones together. The others are moved back to where they belong. */
static GPtrArray *
list_twins (HeddleCanvasScene *self)
{
  g_autoptr (GHashTable) firsts = g_hash_table_new (hash_ends, equal_ends);
  GPtrArray *twins = g_ptr_array_new ();
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->edges->len; i++)
    {
      HeddleCanvasEdge *edge = self->edges->pdata[i];
      HeddleCanvasEdge *first;

      if (edge->n_points > 0 || edge->folded || edge->is_led)
        continue;
      first = g_hash_table_lookup (firsts, edge);
      if (first == NULL)
        {
          g_hash_table_add (firsts, edge);
          continue;
        }
      if (g_hash_table_add (found, first))
        g_ptr_array_add (twins, first);
      g_hash_table_add (found, edge);
      g_ptr_array_add (twins, edge);
    }
  for (guint i = 0; i < self->edges->len; i++)
    {
      HeddleCanvasEdge *edge = self->edges->pdata[i];

      if (edge->apart != 0 && !edge->is_led && !g_hash_table_contains (found, edge))
        set_apart (self, edge, 0);
    }
  g_ptr_array_sort (twins, compare_twins);
  return twins;
}

/* On both sides of where a single one would be. */
static void
part_twins (HeddleCanvasScene *self)
{
  g_autoptr (GPtrArray) twins = list_twins (self);
  guint end;

  for (guint start = 0; start < twins->len; start = end)
    {
      for (end = start + 1; end < twins->len && equal_ends (twins->pdata[start], twins->pdata[end]); end++)
        ;
      for (guint i = start; i < end; i++)
        set_apart (self, twins->pdata[i], (i - (start + end - 1) / 2.) * DISTANCE);
    }
}

void
heddle_canvas_scene_set_edges_apart (HeddleCanvasScene *self)
{
  part_twins (self);
  part_lanes (self);
}
