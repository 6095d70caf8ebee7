/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <math.h>

#include "graph/heddle-graph-layout.h"

/* Room for a frame that grew: what lies beside it, and not in it, is pushed aside. */

#define GAP (3 * HEDDLE_GRID)

typedef enum
{
  WAY_RIGHT,
  WAY_DOWN,
  WAY_LEFT,
  WAY_UP,
  N_WAYS,
} Way;

/* A rectangle as it is seen on the way: where it starts and ends along it, and its two sides. */
typedef struct
{
  double start, end, low, high;
} Box;

typedef struct
{
  HeddleVertex *vertex;
  Box box;
  gboolean is_pushed;
} Neighbour;

static Box
turn (const double frame[4], Way way)
{
  const double x = frame[0], y = frame[1], right = x + frame[2], bottom = y + frame[3];

  switch (way)
    {
    case WAY_RIGHT:
      return (Box){ x, right, y, bottom };
    case WAY_DOWN:
      return (Box){ y, bottom, x, right };
    case WAY_LEFT:
      return (Box){ -right, -x, y, bottom };
    case WAY_UP:
      return (Box){ -bottom, -y, x, right };
    case N_WAYS:
    default:
      g_assert_not_reached ();
    }
}

static gboolean
touches (const Box *one, const Box *other)
{
  return one->start < other->end + HEDDLE_GRID && other->start < one->end + HEDDLE_GRID && one->low < other->high + HEDDLE_GRID &&
         other->low < one->high + HEDDLE_GRID;
}

static GArray *
list_neighbours (HeddleGraph *graph, const HeddleVertex *frame, Way way)
{
  GArray *neighbours = g_array_new (FALSE, FALSE, sizeof (Neighbour));

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      Neighbour neighbour = { .vertex = g_ptr_array_index (graph->nodes, i) };
      const HeddleNode *node = neighbour.vertex->node;
      double place[4] = { node->x, node->y };

      if (neighbour.vertex == frame || neighbour.vertex->parent != frame->parent)
        continue;
      heddle_node_get_size (node, &place[2], &place[3]);
      neighbour.box = turn (place, way);
      g_array_append_val (neighbours, neighbour);
    }
  return neighbours;
}

/* How far they have to move of which the frame covers now what it did not before; each of these is marked. */
static double
mark_covered (GArray *neighbours, const Box *before, const Box *now)
{
  double distance = 0;

  for (guint i = 0; i < neighbours->len; i++)
    {
      Neighbour *neighbour = &g_array_index (neighbours, Neighbour, i);

      neighbour->is_pushed = neighbour->box.start >= before->end && touches (&neighbour->box, now);
      if (neighbour->is_pushed)
        distance = MAX (distance, now->end + GAP - neighbour->box.start);
    }
  return ceil (distance / HEDDLE_GRID) * HEDDLE_GRID;
}

static gboolean
is_wired (const HeddleVertex *from, const HeddleVertex *to)
{
  for (guint i = 0; i < from->out->len; i++)
    {
      if (((const HeddleLink *) g_ptr_array_index (from->out, i))->to == to)
        return TRUE;
    }
  return FALSE;
}

/* What would lie in its way, and what comes after it, so that no line leads back then. */
static gboolean
pushes (const Neighbour *self, const Neighbour *other, Way way, double distance)
{
  const Box swept = { self->box.start, self->box.end + distance, self->box.low, self->box.high };

  if (other->box.start < self->box.start)
    return FALSE;
  return touches (&other->box, &swept) || (way == WAY_RIGHT && is_wired (self->vertex, other->vertex)) ||
         (way == WAY_LEFT && is_wired (other->vertex, self->vertex));
}

static void
mark_following (GArray *neighbours, Way way, double distance)
{
  g_autoptr (GArray) pushing = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < neighbours->len; i++)
    {
      if (g_array_index (neighbours, Neighbour, i).is_pushed)
        g_array_append_val (pushing, i);
    }
  for (guint i = 0; i < pushing->len; i++)
    {
      const Neighbour *pusher = &g_array_index (neighbours, Neighbour, g_array_index (pushing, guint, i));

      for (guint j = 0; j < neighbours->len; j++)
        {
          Neighbour *other = &g_array_index (neighbours, Neighbour, j);

          if (other->is_pushed || !pushes (pusher, other, way, distance))
            continue;
          other->is_pushed = TRUE;
          g_array_append_val (pushing, j);
        }
    }
}

static void
move_pushed (HeddleDocument *self, GArray *neighbours, Way way, double distance)
{
  static const int directions[N_WAYS][2] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } };
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < neighbours->len; i++)
    {
      const Neighbour *neighbour = &g_array_index (neighbours, Neighbour, i);

      if (neighbour->is_pushed)
        g_ptr_array_add (ids, g_strdup (neighbour->vertex->id));
    }
  g_ptr_array_add (ids, NULL);
  heddle_document_move (self, (const char *const *) ids->pdata, directions[way][0] * distance, directions[way][1] * distance);
}

void
heddle_document_make_room (HeddleDocument *self, const HeddleVertex *frame, const double before[4])
{
  double now[4] = { frame->node->x, frame->node->y };

  heddle_node_get_size (frame->node, &now[2], &now[3]);
  if (now[0] >= before[0] && now[1] >= before[1] && now[0] + now[2] <= before[0] + before[2] && now[1] + now[3] <= before[1] + before[3])
    return;
  for (Way way = 0; way < N_WAYS; way++)
    {
      const Box old = turn (before, way);
      const Box grown = turn (now, way);
      g_autoptr (GArray) neighbours = list_neighbours (heddle_document_get_graph (self), frame, way);
      double distance = mark_covered (neighbours, &old, &grown);

      if (distance <= 0)
        continue;
      mark_following (neighbours, way, distance);
      move_pushed (self, neighbours, way, distance);
    }
}
