/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

#include <math.h>

#include "registry/heddle-node-type.h"

/* A place for one node near those that it is wired to, where the others may stay where they are. */

#define MAX_TRIES 400
#define LEAST_GAP (2 * HEDDLE_GRID)

typedef struct
{
  HeddleVertex *vertex;
  double width, height;
  double left, right; /* the last before it ends there, the first behind it begins there */
  guint n_before, n_after;
  double sum; /* of where it would have to be for each line to be straight */
} Search;

static double
get_port (const HeddleNode *node, gboolean output, const char *port)
{
  guint index = 0;
  guint n_ports = 0;

  if (output)
    {
      g_autoptr (GPtrArray) outputs = heddle_node_list_outputs (node);

      if (!g_ptr_array_find_with_equal_func (outputs, port, g_str_equal, &index))
        index = 0;
      n_ports = outputs->len;
    }
  for (const HeddlePortSpec *spec = !output && node->type != NULL ? node->type->inputs : NULL; spec != NULL && spec->name != NULL; spec++)
    {
      if (g_str_equal (spec->name, port))
        index = n_ports;
      n_ports++;
    }
  return heddle_card_get_port_y (output, index, n_ports);
}

/* Edges to the frame around it and to itself say nothing. */
static gboolean
is_beside (const HeddleLink *link)
{
  return link->from != link->to && link->from->node != NULL && link->to->node != NULL && link->from->parent == link->to->parent;
}

static void
look_before (Search *self)
{
  for (guint i = 0; i < self->vertex->in->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (self->vertex->in, i);
      double width, height;

      if (!is_beside (link))
        continue;
      heddle_node_get_size (link->from->node, &width, &height);
      self->left = MAX (self->left, link->from->node->x + width);
      self->sum += link->from->node->y + get_port (link->from->node, TRUE, link->edge.from_port) - get_port (self->vertex->node, FALSE, link->edge.to_port);
      self->n_before++;
    }
}

/* What lies before the others is led back to. */
static void
look_behind (Search *self)
{
  for (guint i = 0; i < self->vertex->out->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (self->vertex->out, i);

      if (!is_beside (link) || (self->n_before > 0 && link->to->node->x < self->left))
        continue;
      self->right = MIN (self->right, link->to->node->x);
      self->sum += link->to->node->y + get_port (link->to->node, FALSE, link->edge.to_port) - get_port (self->vertex->node, TRUE, link->edge.from_port);
      self->n_after++;
    }
}

static double
choose_x (const Search *self)
{
  double room = self->right - self->left;

  if (self->n_before > 0 && self->n_after > 0 && room >= self->width + 2 * LEAST_GAP)
    return self->left + MIN ((room - self->width) / 2, HEDDLE_LAYER_GAP);
  if (self->n_before > 0)
    return self->left + (self->n_after > 0 ? LEAST_GAP : HEDDLE_LAYER_GAP);
  if (self->n_after > 0)
    return self->right - HEDDLE_LAYER_GAP - self->width;
  return self->vertex->node->x;
}

/* How far what is behind it has to move. */
static double
measure_push (const Search *self, double x)
{
  if (self->n_before == 0 || self->n_after == 0)
    return 0;
  return MAX (ceil ((x + self->width + LEAST_GAP - self->right) / HEDDLE_GRID) * HEDDLE_GRID, 0);
}

GPtrArray *
heddle_graph_list_behind (HeddleGraph *graph, HeddleVertex *vertex, double x)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();
  guint mark = ++graph->mark;

  vertex->mark = mark;
  g_ptr_array_add (queue, vertex);
  for (guint i = 0; i < queue->len; i++)
    {
      const GPtrArray *out = ((HeddleVertex *) g_ptr_array_index (queue, i))->out;

      for (guint j = 0; j < out->len; j++)
        {
          HeddleVertex *next = ((HeddleLink *) g_ptr_array_index (out, j))->to;

          if (next->mark == mark || next->node == NULL || next->parent != vertex->parent || next->node->x < x)
            continue;
          next->mark = mark;
          g_ptr_array_add (queue, next);
          g_ptr_array_add (ids, g_strdup (next->id));
        }
    }
  g_ptr_array_add (ids, NULL);
  return ids;
}

/* Boxes beside it that lie in its columns and will stay there. */
static GArray *
list_in_columns (HeddleGraph *graph, const Search *self, double x)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (HeddleBox));
  g_autoptr (GPtrArray) moving = heddle_graph_list_behind (graph, self->vertex, measure_push (self, x) > 0 ? x : G_MAXDOUBLE);

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);
      HeddleBox box = { .vertex = vertex, .x = vertex->node->x, .y = vertex->node->y };

      if (vertex->mark == graph->mark || vertex->parent != self->vertex->parent || box.x >= x + self->width + HEDDLE_GRID)
        continue;
      heddle_node_get_size (vertex->node, &box.width, &box.height);
      if (box.x + box.width + HEDDLE_GRID > x)
        g_array_append_val (boxes, box);
    }
  return boxes;
}

static gboolean
is_free (const GArray *boxes, double y, double height)
{
  for (guint i = 0; i < boxes->len; i++)
    {
      const HeddleBox *box = &g_array_index (boxes, HeddleBox, i);

      if (y < box->y + box->height + HEDDLE_GRID && box->y < y + height + HEDDLE_GRID)
        return FALSE;
    }
  return TRUE;
}

static double
snap (double number)
{
  return round (number / HEDDLE_GRID) * HEDDLE_GRID;
}

/* As near as can be, below rather than above. */
static double
find_free (HeddleGraph *graph, const Search *self, double x, double y)
{
  g_autoptr (GArray) boxes = list_in_columns (graph, self, x);

  for (guint i = 0; i < MAX_TRIES; i++)
    {
      double candidate = y + (i % 2 == 1 ? (i + 1) / 2 : -(double) (i / 2)) * HEDDLE_GRID;

      if (is_free (boxes, candidate, self->height))
        return candidate;
    }
  return y;
}

double
heddle_graph_find_place (HeddleGraph *self, const char *id, double *x, double *y)
{
  Search search = { .left = -G_MAXDOUBLE, .right = G_MAXDOUBLE };
  guint n_neighbours;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), 0);
  g_return_val_if_fail (id != NULL && x != NULL && y != NULL, 0);

  search.vertex = heddle_graph_find_vertex (self, id);
  g_return_val_if_fail (search.vertex != NULL && search.vertex->node != NULL, 0);

  heddle_node_get_size (search.vertex->node, &search.width, &search.height);
  look_before (&search);
  look_behind (&search);
  n_neighbours = search.n_before + search.n_after;
  *x = snap (choose_x (&search));
  *y = snap (n_neighbours > 0 ? search.sum / n_neighbours : search.vertex->node->y);
  *y = find_free (self, &search, *x, *y);
  return measure_push (&search, *x);
}
