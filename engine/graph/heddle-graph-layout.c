/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <math.h>
#include <stdlib.h>

#include "registry/heddle-node-type.h"

/*
 * A layered layout, left to right: break cycles, put each node one layer behind the last of those
 * before it, route long edges through dummy points, order the layers by barycenters, then place
 * them as near to their neighbours as their order allows. Components come one below the other.
 */

#define LAYER_PITCH (HEDDLE_CARD_WIDTH + 6 * HEDDLE_GRID)
#define ROW_GAP (7 * HEDDLE_GRID - HEDDLE_CARD_HEIGHT)
#define COMPONENT_GAP (4 * HEDDLE_GRID)
#define ORDER_SWEEPS 10
#define PLACE_SWEEPS 4

typedef struct
{
  HeddleVertex *vertex; /* NULL: a dummy on a long edge */
  guint component;
  guint layer;
  double y; /* of its middle */
  double wish;
} Point;

typedef struct
{
  guint from, to;
  double offset; /* of the port in the source, so that the branches of a node keep their order */
} Arc;

/* Arcs by one of their ends. */
typedef struct
{
  guint *start; /* of a point's arcs in items; one more than points */
  guint *items; /* arc numbers */
} Index;

/* The points of one layer of one component: a range of line. */
typedef struct
{
  guint first, length;
} Row;

typedef struct
{
  GArray *points; /* Point */
  GArray *arcs;   /* Arc */
  Index before, after;
  guint *line;  /* point numbers by component, layer, order */
  GArray *rows; /* Row */
} Layout;

static Point *
point_at (Layout *layout, guint index)
{
  return &g_array_index (layout->points, Point, index);
}

static Arc *
arc_at (Layout *layout, guint index)
{
  return &g_array_index (layout->arcs, Arc, index);
}

static void
index_clear (Index *index)
{
  g_clear_pointer (&index->start, g_free);
  g_clear_pointer (&index->items, g_free);
}

static void
index_build (Layout *layout, Index *index, gboolean by_target)
{
  guint n_points = layout->points->len;
  g_autofree guint *next = NULL;

  index_clear (index);
  index->start = g_new0 (guint, n_points + 1);
  index->items = g_new (guint, layout->arcs->len + 1);
  for (guint i = 0; i < layout->arcs->len; i++)
    index->start[(by_target ? arc_at (layout, i)->to : arc_at (layout, i)->from) + 1]++;
  for (guint i = 0; i < n_points; i++)
    index->start[i + 1] += index->start[i];

  next = g_memdup2 (index->start, sizeof (guint) * (n_points + 1));
  for (guint i = 0; i < layout->arcs->len; i++)
    index->items[next[by_target ? arc_at (layout, i)->to : arc_at (layout, i)->from]++] = i;
}

static void
build_indices (Layout *layout)
{
  index_build (layout, &layout->before, TRUE);
  index_build (layout, &layout->after, FALSE);
}

static double
find_offset (GPtrArray *outputs, const char *port)
{
  guint place = 0;

  if (outputs != NULL)
    g_ptr_array_find_with_equal_func (outputs, port, g_str_equal, &place);
  return place != G_MAXUINT ? place : 0;
}

static void
add_arcs_of (Layout *layout, guint source, const guint *numbers)
{
  HeddleVertex *vertex = point_at (layout, source)->vertex;
  g_autoptr (GPtrArray) outputs = vertex->out->len > 1 ? heddle_node_list_outputs (vertex->node) : NULL;

  for (guint i = 0; i < vertex->out->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->out, i);
      Arc arc = { source, 0, 0 };

      if (link->to == vertex || link->to->node == NULL || numbers[link->to->node->index] == G_MAXUINT)
        continue;
      arc.to = numbers[link->to->node->index];
      arc.offset = find_offset (outputs, link->edge.from_port);
      g_array_append_val (layout->arcs, arc);
    }
}

static void
add_points_and_arcs (Layout *layout, HeddleGraph *graph, GPtrArray *vertices)
{
  g_autofree guint *numbers = g_new (guint, graph->nodes->len + 1);

  for (guint i = 0; i < graph->nodes->len; i++)
    numbers[i] = G_MAXUINT;
  for (guint i = 0; i < vertices->len; i++)
    {
      Point point = { .vertex = g_ptr_array_index (vertices, i) };

      numbers[point.vertex->node->index] = i;
      g_array_append_val (layout->points, point);
    }
  for (guint i = 0; i < vertices->len; i++)
    add_arcs_of (layout, i, numbers);
}

static void
turn_around (Arc *arc)
{
  guint from = arc->from;

  arc->from = arc->to;
  arc->to = from;
  arc->offset = 0;
}

/* Depth first without recursion; an arc back to a point that is still open is turned around. */
static void
break_cycles_from (Layout *layout, guint root, guint8 *state, guint *next, GArray *stack)
{
  enum
  {
    NEW,
    OPEN,
    DONE
  };

  g_array_append_val (stack, root);
  state[root] = OPEN;
  while (stack->len > 0)
    {
      guint point = g_array_index (stack, guint, stack->len - 1);
      Arc *arc;

      if (next[point] == layout->after.start[point + 1])
        {
          state[point] = DONE;
          g_array_set_size (stack, stack->len - 1);
          continue;
        }
      arc = arc_at (layout, layout->after.items[next[point]++]);
      if (state[arc->to] == OPEN)
        {
          turn_around (arc);
        }
      else if (state[arc->to] == NEW)
        {
          state[arc->to] = OPEN;
          g_array_append_val (stack, arc->to);
        }
    }
}

static void
break_cycles (Layout *layout)
{
  guint n_points = layout->points->len;
  g_autofree guint8 *state = g_new0 (guint8, n_points + 1);
  g_autofree guint *next = g_memdup2 (layout->after.start, sizeof (guint) * (n_points + 1));
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < n_points; i++)
    {
      if (state[i] == 0)
        break_cycles_from (layout, i, state, next, stack);
    }
  build_indices (layout);
}

/* A point that nothing leads to stands right before what it leads to, except where a run begins. */
static void
pull_sources (Layout *layout)
{
  for (guint i = 0; i < layout->points->len; i++)
    {
      Point *point = point_at (layout, i);
      const HeddleNodeType *type = point->vertex->node->type;
      guint layer = G_MAXUINT;

      if (layout->before.start[i] != layout->before.start[i + 1] ||
          (type != NULL && (type->flags & HEDDLE_NODE_START) != 0))
        continue;
      for (guint j = layout->after.start[i]; j < layout->after.start[i + 1]; j++)
        layer = MIN (layer, point_at (layout, arc_at (layout, layout->after.items[j])->to)->layer);
      if (layer != G_MAXUINT)
        point->layer = layer - 1;
    }
}

/* Longest path from the left, in topological order. */
static void
assign_layers (Layout *layout)
{
  guint n_points = layout->points->len;
  g_autofree guint *missing = g_new (guint, n_points + 1);
  g_autofree guint *queue = g_new (guint, n_points + 1);
  guint length = 0;

  for (guint i = 0; i < n_points; i++)
    {
      missing[i] = layout->before.start[i + 1] - layout->before.start[i];
      if (missing[i] == 0)
        queue[length++] = i;
    }
  for (guint i = 0; i < length; i++)
    {
      guint source = queue[i];

      for (guint j = layout->after.start[source]; j < layout->after.start[source + 1]; j++)
        {
          guint target = arc_at (layout, layout->after.items[j])->to;
          Point *point = point_at (layout, target);

          point->layer = MAX (point->layer, point_at (layout, source)->layer + 1);
          if (--missing[target] == 0)
            queue[length++] = target;
        }
    }
  pull_sources (layout);
}

static guint
find_root (guint *parents, guint point)
{
  while (parents[point] != point)
    {
      parents[point] = parents[parents[point]];
      point = parents[point];
    }
  return point;
}

/* The number of a component is that of its first point; a point alone gets G_MAXUINT, to come last. */
static void
find_components (Layout *layout)
{
  guint n_points = layout->points->len;
  g_autofree guint *parents = g_new (guint, n_points + 1);

  for (guint i = 0; i < n_points; i++)
    parents[i] = i;
  for (guint i = 0; i < layout->arcs->len; i++)
    {
      guint a = find_root (parents, arc_at (layout, i)->from);
      guint b = find_root (parents, arc_at (layout, i)->to);

      parents[MAX (a, b)] = MIN (a, b);
    }
  for (guint i = 0; i < n_points; i++)
    {
      gboolean is_alone = layout->before.start[i] == layout->before.start[i + 1] &&
                          layout->after.start[i] == layout->after.start[i + 1];

      point_at (layout, i)->component = is_alone ? G_MAXUINT : find_root (parents, i);
    }
}

static guint
get_span (Layout *layout, const Arc *arc)
{
  return point_at (layout, arc->to)->layer - point_at (layout, arc->from)->layer;
}

static void
route_arc (Layout *layout, guint index)
{
  Arc whole = *arc_at (layout, index);
  guint span = get_span (layout, &whole);
  guint source = whole.from;

  for (guint i = 1; i < span; i++)
    {
      Point dummy = { NULL, point_at (layout, whole.from)->component, point_at (layout, whole.from)->layer + i, 0, 0 };
      Arc part = { source, layout->points->len, i == 1 ? whole.offset : 0 };

      g_array_append_val (layout->points, dummy);
      g_array_append_val (layout->arcs, part);
      source = part.to;
    }
  arc_at (layout, index)->from = source;
  if (span > 1)
    arc_at (layout, index)->offset = 0;
}

/* Long edges get dummies unless they would be far more than the nodes. */
static void
route_long_arcs (Layout *layout)
{
  guint n_arcs = layout->arcs->len;
  guint64 n_dummies = 0;

  for (guint i = 0; i < n_arcs; i++)
    n_dummies += get_span (layout, arc_at (layout, i)) - 1;
  if (n_dummies > 4 * (guint64) layout->points->len + 1000)
    return;
  for (guint i = 0; i < n_arcs; i++)
    route_arc (layout, i);
  build_indices (layout);
}

static int
compare_place (gconstpointer a, gconstpointer b, gpointer data)
{
  const Point *first = point_at (data, *(const guint *) a);
  const Point *second = point_at (data, *(const guint *) b);

  if (first->component != second->component)
    return first->component < second->component ? -1 : 1;
  if (first->layer != second->layer)
    return first->layer < second->layer ? -1 : 1;
  return 0;
}

static void
build_rows (Layout *layout)
{
  guint n_points = layout->points->len;

  layout->line = g_new (guint, n_points + 1);
  for (guint i = 0; i < n_points; i++)
    layout->line[i] = i;
  g_qsort_with_data (layout->line, (int) n_points, sizeof (guint), compare_place, layout);

  for (guint i = 0; i < n_points; i++)
    {
      if (point_at (layout, layout->line[i])->component == G_MAXUINT)
        break;
      if (i == 0 || compare_place (&layout->line[i - 1], &layout->line[i], layout) != 0)
        {
          Row row = { i, 0 };

          g_array_append_val (layout->rows, row);
        }
      g_array_index (layout->rows, Row, layout->rows->len - 1).length++;
    }
}

static double
get_distance (const Point *above, const Point *below)
{
  double heights = (above->vertex != NULL ? HEDDLE_CARD_HEIGHT : 0) + (below->vertex != NULL ? HEDDLE_CARD_HEIGHT : 0);

  return heights / 2 + ROW_GAP;
}

static void
stack_row (Layout *layout, const Row *row)
{
  double y = 0;

  for (guint i = 0; i < row->length; i++)
    {
      Point *point = point_at (layout, layout->line[row->first + i]);

      if (i > 0)
        y += get_distance (point_at (layout, layout->line[row->first + i - 1]), point);
      point->y = y;
    }
  for (guint i = 0; i < row->length; i++)
    point_at (layout, layout->line[row->first + i])->y -= y / 2;
}

static void
add_wishes (Layout *layout, const Index *index, guint point, gboolean before, double *sum, guint *count)
{
  for (guint i = index->start[point]; i < index->start[point + 1]; i++)
    {
      const Arc *arc = arc_at (layout, index->items[i]);

      *sum += point_at (layout, before ? arc->from : arc->to)->y + (before ? arc->offset : -arc->offset);
      (*count)++;
    }
}

/* The middle of its neighbours before or behind or both; where there are none it stays. */
static void
make_wishes (Layout *layout, const Row *row, gboolean before, gboolean after)
{
  for (guint i = 0; i < row->length; i++)
    {
      guint point = layout->line[row->first + i];
      double sum = 0;
      guint count = 0;

      if (before)
        add_wishes (layout, &layout->before, point, TRUE, &sum, &count);
      if (after)
        add_wishes (layout, &layout->after, point, FALSE, &sum, &count);
      point_at (layout, point)->wish = count > 0 ? sum / count : point_at (layout, point)->y;
    }
}

static int
compare_wish (gconstpointer a, gconstpointer b, gpointer data)
{
  double first = point_at (data, *(const guint *) a)->wish;
  double second = point_at (data, *(const guint *) b)->wish;

  return first < second ? -1 : first > second ? 1
                                              : 0;
}

static void
order_row (Layout *layout, const Row *row, gboolean before)
{
  make_wishes (layout, row, before, !before);
  g_qsort_with_data (layout->line + row->first, (int) row->length, sizeof (guint), compare_wish, layout);
  stack_row (layout, row);
}

static void
order_rows (Layout *layout)
{
  for (guint i = 0; i < layout->rows->len; i++)
    stack_row (layout, &g_array_index (layout->rows, Row, i));
  for (guint sweep = 0; sweep < ORDER_SWEEPS; sweep++)
    {
      gboolean before = sweep % 2 == 0;

      for (guint i = 0; i < layout->rows->len; i++)
        order_row (layout, &g_array_index (layout->rows, Row, before ? i : layout->rows->len - 1 - i), before);
    }
}

/* Neighbours that want to be nearer than they may move together, to the mean of their wishes. */
typedef struct
{
  double sum;
  guint count;
} Block;

static double
block_mean (const Block *block)
{
  return block->sum / block->count;
}

/* Least squares under the row's order and distances (pool adjacent violators). */
static void
place_row (Layout *layout, const Row *row, Block *blocks)
{
  guint n_blocks = 0;
  guint next = 0;
  double stacked = 0;

  for (guint i = 0; i < row->length; i++)
    {
      Point *point = point_at (layout, layout->line[row->first + i]);

      if (i > 0)
        stacked += get_distance (point_at (layout, layout->line[row->first + i - 1]), point);
      point->y = stacked;
      blocks[n_blocks].sum = point->wish - stacked;
      blocks[n_blocks++].count = 1;
      while (n_blocks > 1 && block_mean (&blocks[n_blocks - 2]) > block_mean (&blocks[n_blocks - 1]))
        {
          n_blocks--;
          blocks[n_blocks - 1].sum += blocks[n_blocks].sum;
          blocks[n_blocks - 1].count += blocks[n_blocks].count;
        }
    }
  for (guint b = 0; b < n_blocks; b++)
    {
      for (guint i = 0; i < blocks[b].count; i++)
        point_at (layout, layout->line[row->first + next++])->y += block_mean (&blocks[b]);
    }
}

static void
place_rows (Layout *layout)
{
  g_autofree Block *blocks = g_new (Block, layout->points->len + 1);

  for (guint sweep = 0; sweep <= 2 * PLACE_SWEEPS; sweep++)
    {
      gboolean before = sweep % 2 == 0;
      gboolean is_last = sweep == 2 * PLACE_SWEEPS;

      for (guint i = 0; i < layout->rows->len; i++)
        {
          const Row *row = &g_array_index (layout->rows, Row, before ? i : layout->rows->len - 1 - i);

          make_wishes (layout, row, before || is_last, !before || is_last);
          place_row (layout, row, blocks);
        }
    }
}

/* Moves each component below the one before; returns where the last one ends. */
static double
stack_components (Layout *layout)
{
  double bottom = 0;
  guint first = 0;

  while (first < layout->rows->len)
    {
      guint start = g_array_index (layout->rows, Row, first).first;
      guint component = point_at (layout, layout->line[start])->component;
      guint end = start;
      double top = G_MAXDOUBLE;
      double shift;

      for (; end < layout->points->len && point_at (layout, layout->line[end])->component == component; end++)
        top = MIN (top, point_at (layout, layout->line[end])->y);
      shift = bottom + HEDDLE_CARD_HEIGHT / 2 - top;
      for (guint i = start; i < end; i++)
        {
          Point *point = point_at (layout, layout->line[i]);

          point->y += shift;
          bottom = MAX (bottom, point->y + HEDDLE_CARD_HEIGHT / 2);
        }
      bottom += COMPONENT_GAP;
      while (first < layout->rows->len && g_array_index (layout->rows, Row, first).first < end)
        first++;
    }
  return bottom;
}

static double
snap (double number)
{
  return round (number / HEDDLE_GRID) * HEDDLE_GRID;
}

static void
set_place (GArray *places, guint index, double x, double y)
{
  g_array_index (places, double, 2 * index) = snap (x);
  g_array_index (places, double, 2 * index + 1) = snap (y);
}

/* Nodes without any edge fill a square below the rest. */
static GArray *
list_places (Layout *layout, guint n_vertices, double bottom)
{
  GArray *places = g_array_sized_new (FALSE, TRUE, sizeof (double), 2 * n_vertices);
  guint n_alone = 0;
  guint columns;
  guint place = 0;

  g_array_set_size (places, 2 * n_vertices);
  for (guint i = 0; i < n_vertices; i++)
    n_alone += point_at (layout, i)->component == G_MAXUINT;
  columns = MAX ((guint) ceil (sqrt (n_alone)), 1);
  for (guint i = 0; i < n_vertices; i++)
    {
      const Point *point = point_at (layout, i);

      if (point->component != G_MAXUINT)
        {
          set_place (places, i, point->layer * LAYER_PITCH, point->y - HEDDLE_CARD_HEIGHT / 2);
          continue;
        }
      set_place (places, i, place % columns * LAYER_PITCH,
                 bottom + place / columns * (HEDDLE_CARD_HEIGHT + ROW_GAP));
      place++;
    }
  return places;
}

GArray *
heddle_graph_lay_out (HeddleGraph *self, GPtrArray *vertices)
{
  Layout layout = {
    .points = g_array_new (FALSE, FALSE, sizeof (Point)),
    .arcs = g_array_new (FALSE, FALSE, sizeof (Arc)),
    .rows = g_array_new (FALSE, FALSE, sizeof (Row)),
  };
  GArray *places;

  add_points_and_arcs (&layout, self, vertices);
  build_indices (&layout);
  break_cycles (&layout);
  assign_layers (&layout);
  find_components (&layout);
  route_long_arcs (&layout);
  build_rows (&layout);
  order_rows (&layout);
  place_rows (&layout);
  places = list_places (&layout, vertices->len, stack_components (&layout));

  index_clear (&layout.before);
  index_clear (&layout.after);
  g_free (layout.line);
  g_array_unref (layout.rows);
  g_array_unref (layout.arcs);
  g_array_unref (layout.points);
  return places;
}
