/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

#include <math.h>
#include <string.h>

#include "registry/heddle-node-type.h"

/*
 * A layered layout, left to right: break cycles, put each node one layer behind the last of those
 * before it, route long edges through dummy points, order the layers so that few edges cross, then place
 * them as near to their neighbours as their order allows. Components come one below the other.
 *
 * It begins with the order that the nodes have, and what it makes is where it ends when it begins there: a
 * tidy graph stays as it is.
 */

#define COMPONENT_GAP (4 * HEDDLE_GRID)

static void
index_clear (HeddleLayoutIndex *index)
{
  g_clear_pointer (&index->start, g_free);
  g_clear_pointer (&index->items, g_free);
}

static void
index_build (HeddleLayout *layout, HeddleLayoutIndex *index, gboolean by_target)
{
  guint n_points = layout->points->len;
  g_autofree guint *next = NULL;

  index_clear (index);
  index->start = g_new0 (guint, n_points + 1);
  index->items = g_new (guint, layout->arcs->len + 1);
  for (guint i = 0; i < layout->arcs->len; i++)
    index->start[(by_target ? heddle_layout_get_arc (layout, i)->to : heddle_layout_get_arc (layout, i)->from) + 1]++;
  for (guint i = 0; i < n_points; i++)
    index->start[i + 1] += index->start[i];

  next = g_memdup2 (index->start, sizeof (guint) * (n_points + 1));
  for (guint i = 0; i < layout->arcs->len; i++)
    index->items[next[by_target ? heddle_layout_get_arc (layout, i)->to : heddle_layout_get_arc (layout, i)->from]++] = i;
}

static void
build_indices (HeddleLayout *layout)
{
  index_build (layout, &layout->before, TRUE);
  index_build (layout, &layout->after, FALSE);
}

/* How far below the middle of a point its port is. */
static double
measure_port (const HeddleLayoutPoint *point, gboolean output, guint index, guint n_ports)
{
  gboolean is_frame = heddle_node_is_container (point->vertex->node) && !point->vertex->node->collapsed;
  double y = is_frame ? HEDDLE_FRAME_PORT + index * HEDDLE_PORT_STEP : heddle_card_get_port_y (output, index, n_ports);

  return y - point->height / 2;
}

static double
measure_output (const HeddleLayoutPoint *point, GPtrArray *outputs, const char *port)
{
  guint index;

  if (!g_ptr_array_find_with_equal_func (outputs, port, g_str_equal, &index))
    index = 0;
  return measure_port (point, TRUE, index, outputs->len);
}

static double
measure_input (const HeddleLayoutPoint *point, const char *name)
{
  const HeddleNodeType *type = point->vertex->node->type;
  guint found = 0;
  guint n_ports = 0;

  for (const HeddlePortSpec *port = type != NULL ? type->inputs : NULL; port != NULL && port->name != NULL; port++)
    {
      if (strcmp (port->name, name) == 0)
        found = n_ports;
      n_ports++;
    }
  return measure_port (point, FALSE, found, n_ports);
}

static void
add_arcs_of (HeddleLayout *layout, guint source, const guint *numbers)
{
  const HeddleLayoutPoint *from = heddle_layout_get_point (layout, source);
  g_autoptr (GPtrArray) outputs = heddle_node_list_outputs (from->vertex->node);

  for (guint i = 0; i < from->vertex->out->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (from->vertex->out, i);
      HeddleLayoutArc arc = { .from = source };

      if (link->to == from->vertex || link->to->node == NULL || numbers[link->to->node->index] == G_MAXUINT)
        continue;
      arc.to = numbers[link->to->node->index];
      arc.from_offset = measure_output (from, outputs, link->edge.from_port);
      arc.to_offset = measure_input (heddle_layout_get_point (layout, arc.to), link->edge.to_port);
      g_array_append_val (layout->arcs, arc);
    }
}

static void
add_points_and_arcs (HeddleLayout *layout, HeddleGraph *graph, GArray *boxes)
{
  g_autofree guint *numbers = g_new (guint, graph->nodes->len + 1);

  for (guint i = 0; i < graph->nodes->len; i++)
    numbers[i] = G_MAXUINT;
  for (guint i = 0; i < boxes->len; i++)
    {
      const HeddleBox *box = &g_array_index (boxes, HeddleBox, i);
      HeddleLayoutPoint point = { .vertex = box->vertex, .width = box->width, .height = box->height };

      point.present = box->vertex->node->y + box->height / 2;

      numbers[point.vertex->node->index] = i;
      g_array_append_val (layout->points, point);
    }
  for (guint i = 0; i < boxes->len; i++)
    add_arcs_of (layout, i, numbers);
}

static void
turn_around (HeddleLayoutArc *arc)
{
  guint from = arc->from;

  arc->from = arc->to;
  arc->to = from;
  arc->from_offset = arc->to_offset = 0;
}

/* Depth first without recursion; an arc back to a point that is still open is turned around. */
static void
break_cycles_from (HeddleLayout *layout, guint root, guint8 *state, guint *next, GArray *stack)
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
      HeddleLayoutArc *arc;

      if (next[point] == layout->after.start[point + 1])
        {
          state[point] = DONE;
          g_array_set_size (stack, stack->len - 1);
          continue;
        }
      arc = heddle_layout_get_arc (layout, layout->after.items[next[point]++]);
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

/* Whether the frame around it leads to it. */
static gboolean
is_entered (HeddleLayout *layout, guint point)
{
  GPtrArray *links = heddle_layout_get_point (layout, point)->vertex->in;

  for (guint i = 0; i < links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (links, i);

      if (heddle_node_has_inner_output (link->from->node, link->edge.from_port))
        return TRUE;
    }
  return FALSE;
}

static void
break_cycles (HeddleLayout *layout)
{
  guint n_points = layout->points->len;
  g_autofree guint8 *state = g_new0 (guint8, n_points + 1);
  g_autofree guint *next = g_memdup2 (layout->after.start, sizeof (guint) * (n_points + 1));
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (guint));

  /* A loop is entered from what nothing leads to, so that is where its circle is cut open. */
  for (guint i = 0; i < n_points; i++)
    {
      if (state[i] == 0 && (layout->before.start[i] == layout->before.start[i + 1] || is_entered (layout, i)))
        break_cycles_from (layout, i, state, next, stack);
    }
  for (guint i = 0; i < n_points; i++)
    {
      if (state[i] == 0)
        break_cycles_from (layout, i, state, next, stack);
    }
  build_indices (layout);
}

/* A point that nothing leads to stands right before what it leads to, except where a run begins. */
static void
pull_sources (HeddleLayout *layout)
{
  for (guint i = 0; i < layout->points->len; i++)
    {
      HeddleLayoutPoint *point = heddle_layout_get_point (layout, i);
      const HeddleNodeType *type = point->vertex->node->type;
      guint layer = G_MAXUINT;

      if (layout->before.start[i] != layout->before.start[i + 1] ||
          (type != NULL && (type->flags & HEDDLE_NODE_START) != 0) || is_entered (layout, i))
        continue;
      for (guint j = layout->after.start[i]; j < layout->after.start[i + 1]; j++)
        layer = MIN (layer, heddle_layout_get_point (layout, heddle_layout_get_arc (layout, layout->after.items[j])->to)->layer);
      if (layer != G_MAXUINT)
        point->layer = layer - 1;
    }
}

/* Longest path from the left, in topological order. */
static void
assign_layers (HeddleLayout *layout)
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
          guint target = heddle_layout_get_arc (layout, layout->after.items[j])->to;
          HeddleLayoutPoint *point = heddle_layout_get_point (layout, target);

          point->layer = MAX (point->layer, heddle_layout_get_point (layout, source)->layer + 1);
          if (--missing[target] == 0)
            queue[length++] = target;
        }
    }
  pull_sources (layout);
}

static guint
get_span (HeddleLayout *layout, const HeddleLayoutArc *arc)
{
  return heddle_layout_get_point (layout, arc->to)->layer - heddle_layout_get_point (layout, arc->from)->layer;
}

static void
route_arc (HeddleLayout *layout, guint index)
{
  HeddleLayoutArc whole = *heddle_layout_get_arc (layout, index);
  guint span = get_span (layout, &whole);
  guint source = whole.from;

  for (guint i = 1; i < span; i++)
    {
      HeddleLayoutPoint dummy = { .component = heddle_layout_get_point (layout, whole.from)->component,
                                  .layer = heddle_layout_get_point (layout, whole.from)->layer + i };
      HeddleLayoutArc part = { source, layout->points->len, i == 1 ? whole.from_offset : 0, 0 };

      g_array_append_val (layout->points, dummy);
      g_array_append_val (layout->arcs, part);
      source = part.to;
    }
  heddle_layout_get_arc (layout, index)->from = source;
  if (span > 1)
    heddle_layout_get_arc (layout, index)->from_offset = 0;
}

/* Long edges get dummies unless they would be far more than the nodes. */
static void
route_long_arcs (HeddleLayout *layout)
{
  guint n_arcs = layout->arcs->len;
  guint64 n_dummies = 0;

  for (guint i = 0; i < n_arcs; i++)
    n_dummies += get_span (layout, heddle_layout_get_arc (layout, i)) - 1;
  if (n_dummies > 4 * (guint64) layout->points->len + 1000)
    return;
  for (guint i = 0; i < n_arcs; i++)
    route_arc (layout, i);
  build_indices (layout);
}

static int
compare_place (gconstpointer a, gconstpointer b, gpointer data)
{
  const HeddleLayoutPoint *first = heddle_layout_get_point (data, *(const guint *) a);
  const HeddleLayoutPoint *second = heddle_layout_get_point (data, *(const guint *) b);

  if (first->component != second->component)
    return first->component < second->component ? -1 : 1;
  if (first->layer != second->layer)
    return first->layer < second->layer ? -1 : 1;
  return 0;
}

static double
get_present_y (const HeddleLayoutPoint *point)
{
  return point->component == G_MAXUINT ? point->vertex->node->y : point->present;
}

/* The sort is stable, so what lies at the same place is in document order. What is alone is read like a page. */
static int
compare_present (gconstpointer a, gconstpointer b, gpointer data)
{
  const HeddleLayoutPoint *first = heddle_layout_get_point (data, *(const guint *) a);
  const HeddleLayoutPoint *second = heddle_layout_get_point (data, *(const guint *) b);
  int place = compare_place (a, b, data);
  gboolean is_alone = first->component == G_MAXUINT;
  double first_y = get_present_y (first);
  double second_y = get_present_y (second);

  if (place != 0 || first_y != second_y)
    return place != 0 ? place : first_y < second_y ? -1
                                                   : 1;
  if (is_alone && first->vertex->node->x != second->vertex->node->x)
    return first->vertex->node->x < second->vertex->node->x ? -1 : 1;
  return 0;
}

static void
build_rows (HeddleLayout *layout)
{
  guint n_points = layout->points->len;

  layout->line = g_new (guint, n_points + 1);
  for (guint i = 0; i < n_points; i++)
    layout->line[i] = i;
  g_qsort_with_data (layout->line, (int) n_points, sizeof (guint), compare_present, layout);

  for (guint i = 0; i < n_points; i++)
    {
      if (heddle_layout_get_point (layout, layout->line[i])->component == G_MAXUINT)
        break;
      if (i == 0 || compare_place (&layout->line[i - 1], &layout->line[i], layout) != 0)
        {
          HeddleLayoutRow row = { i, 0 };

          g_array_append_val (layout->rows, row);
        }
      g_array_index (layout->rows, HeddleLayoutRow, layout->rows->len - 1).length++;
    }
}

/* A long edge takes as much room at the rim as a card does. */
static double
get_top (const HeddleLayoutPoint *point)
{
  return point->y - MAX (point->height, HEDDLE_CARD_HEIGHT) / 2;
}

/* Moves each component below the one before; returns where the last one ends. */
static double
stack_components (HeddleLayout *layout)
{
  double bottom = 0;
  guint first = 0;

  while (first < layout->rows->len)
    {
      guint start = g_array_index (layout->rows, HeddleLayoutRow, first).first;
      guint component = heddle_layout_get_point (layout, layout->line[start])->component;
      guint end = start;
      double top = G_MAXDOUBLE;
      double shift;

      for (; end < layout->points->len && heddle_layout_get_point (layout, layout->line[end])->component == component; end++)
        top = MIN (top, get_top (heddle_layout_get_point (layout, layout->line[end])));
      shift = bottom - top;
      for (guint i = start; i < end; i++)
        {
          HeddleLayoutPoint *point = heddle_layout_get_point (layout, layout->line[i]);

          point->y += shift;
          bottom = MAX (bottom, point->y + MAX (point->height, HEDDLE_CARD_HEIGHT) / 2);
        }
      bottom += COMPONENT_GAP;
      while (first < layout->rows->len && g_array_index (layout->rows, HeddleLayoutRow, first).first < end)
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
place_box (HeddleBox *box, double x, double y)
{
  box->x = snap (x);
  box->y = snap (y);
}

/* Where each layer of a component begins; a layer is as wide as the widest of its boxes. */
static void
place_component (HeddleLayout *layout, guint first, guint end, GArray *boxes)
{
  double x = 0;

  for (guint i = first; i < end;)
    {
      guint layer = heddle_layout_get_point (layout, layout->line[i])->layer;
      double width = HEDDLE_CARD_WIDTH;

      for (; i < end && heddle_layout_get_point (layout, layout->line[i])->layer == layer; i++)
        {
          const HeddleLayoutPoint *point = heddle_layout_get_point (layout, layout->line[i]);

          width = MAX (width, point->width);
          if (point->vertex != NULL)
            place_box (&g_array_index (boxes, HeddleBox, layout->line[i]), x, point->y - point->height / 2);
        }
      x += width + HEDDLE_LAYER_GAP;
    }
}

/* Boxes without any edge fill a square below the rest. */
static void
place_alone (HeddleLayout *layout, guint first, double bottom, GArray *boxes)
{
  guint n_points = layout->points->len;
  guint columns = MAX ((guint) ceil (sqrt (n_points - first)), 1);
  for (guint i = first; i < n_points;)
    {
      double x = 0;
      double height = 0;

      for (guint column = 0; column < columns && i < n_points; column++, i++)
        {
          const HeddleLayoutPoint *point = heddle_layout_get_point (layout, layout->line[i]);

          place_box (&g_array_index (boxes, HeddleBox, layout->line[i]), x, bottom);
          x += point->width + HEDDLE_LAYER_GAP;
          height = MAX (height, point->height);
        }
      bottom += height + HEDDLE_ROW_GAP;
    }
}

/* Dummies take room at the rim too, so the boxes themselves may begin further in. */
static void
move_to_corner (GArray *boxes)
{
  double left = G_MAXDOUBLE;
  double top = G_MAXDOUBLE;

  for (guint i = 0; i < boxes->len; i++)
    {
      left = MIN (left, g_array_index (boxes, HeddleBox, i).x);
      top = MIN (top, g_array_index (boxes, HeddleBox, i).y);
    }
  for (guint i = 0; i < boxes->len; i++)
    {
      g_array_index (boxes, HeddleBox, i).x -= left;
      g_array_index (boxes, HeddleBox, i).y -= top;
    }
}

/* The points of one component follow each other in the line, and those that are alone come last. */
static void
place_boxes (HeddleLayout *layout, GArray *boxes)
{
  double bottom = stack_components (layout);
  guint n_points = layout->points->len;
  guint first = 0;

  while (first < n_points)
    {
      guint component = heddle_layout_get_point (layout, layout->line[first])->component;
      guint end = first;

      if (component == G_MAXUINT)
        break;
      while (end < n_points && heddle_layout_get_point (layout, layout->line[end])->component == component)
        end++;
      place_component (layout, first, end, boxes);
      first = end;
    }
  place_alone (layout, first, bottom, boxes);
  move_to_corner (boxes);
}

void
heddle_graph_lay_out (HeddleGraph *self, GArray *boxes)
{
  HeddleLayout layout = {
    .points = g_array_new (FALSE, FALSE, sizeof (HeddleLayoutPoint)),
    .arcs = g_array_new (FALSE, FALSE, sizeof (HeddleLayoutArc)),
    .rows = g_array_new (FALSE, FALSE, sizeof (HeddleLayoutRow)),
  };

  add_points_and_arcs (&layout, self, boxes);
  build_indices (&layout);
  break_cycles (&layout);
  assign_layers (&layout);
  heddle_layout_find_components (&layout);
  route_long_arcs (&layout);
  build_rows (&layout);
  heddle_layout_order_rows (&layout);
  heddle_layout_place_rows (&layout);
  place_boxes (&layout, boxes);

  index_clear (&layout.before);
  index_clear (&layout.after);
  g_free (layout.line);
  g_array_unref (layout.rows);
  g_array_unref (layout.arcs);
  g_array_unref (layout.points);
}
