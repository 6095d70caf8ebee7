/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

#include <math.h>

#include "registry/heddle-node-type.h"

/* A place for nodes near those that they are wired to, where the others may stay where they are. */

#define MAX_TRIES 400
#define LEAST_GAP (3 * HEDDLE_GRID)

typedef struct
{
  HeddleGraph *graph;
  GHashTable *members;  /* HeddleVertex: what is placed, of one frame */
  HeddleVertex *parent; /* that frame, or NULL */
  HeddleBox box;        /* around all of it, as it lies now */
  double left, right;   /* the last before it ends there, the first behind it begins there */
  guint n_before, n_after, n_lines;
  gboolean leads_back;
  double sum;     /* of where its top would have to be for each line to be straight */
  GArray *others; /* HeddleBox: what else is in the frame, from left to right */
} Search;

static void
take_member (Search *self, HeddleVertex *vertex)
{
  HeddleBox *box = &self->box;
  double width, height, left, top;

  if (vertex == NULL || vertex->node == NULL || (box->vertex != NULL && vertex->parent != self->parent) || !g_hash_table_add (self->members, vertex))
    return;
  heddle_node_get_size (vertex->node, &width, &height);
  if (box->vertex == NULL)
    *box = (HeddleBox){ .vertex = vertex, .x = vertex->node->x, .y = vertex->node->y };
  self->parent = vertex->parent;
  left = MIN (box->x, vertex->node->x);
  top = MIN (box->y, vertex->node->y);
  box->width = MAX (box->x + box->width, vertex->node->x + width) - left;
  box->height = MAX (box->y + box->height, vertex->node->y + height) - top;
  box->x = left;
  box->y = top;
}

static gboolean
is_other (const Search *self, HeddleVertex *vertex)
{
  return vertex->node != NULL && vertex->parent == self->parent && !g_hash_table_contains (self->members, vertex);
}

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

/* How far down the line is at its end less how far down it begins. */
static double
measure_slope (const HeddleLink *link)
{
  return link->to->node->y + get_port (link->to->node, FALSE, link->edge.to_port) - link->from->node->y - get_port (link->from->node, TRUE, link->edge.from_port);
}

static void
look_before (Search *self, HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->in, i);
      double width, height;

      /* From the side of the frame around it, which grows where there is no room. */
      if (link->from == self->parent && self->parent != NULL)
        {
          self->left = MAX (self->left, self->parent->node->x + HEDDLE_FRAME_SIDE - LEAST_GAP);
          self->n_before++;
        }
      if (!is_other (self, link->from))
        continue;
      heddle_node_get_size (link->from->node, &width, &height);
      self->left = MAX (self->left, link->from->node->x + width);
      self->sum += self->box.y - measure_slope (link);
      self->n_before++;
      self->n_lines++;
    }
}

/* What lies before the others is led back to. */
static void
look_behind (Search *self, HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->out->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->out, i);

      if (!is_other (self, link->to))
        continue;
      if (self->n_before > 0 && link->to->node->x < self->left)
        {
          self->leads_back = TRUE;
          continue;
        }
      self->right = MIN (self->right, link->to->node->x);
      self->sum += self->box.y + measure_slope (link);
      self->n_after++;
      self->n_lines++;
    }
}

static void
look_around (Search *self)
{
  GHashTableIter iter;
  gpointer vertex;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &vertex, NULL))
    look_before (self, vertex);
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &vertex, NULL))
    look_behind (self, vertex);
}

/* Somebody may have chosen the place. */
static gboolean
has_room (const Search *self)
{
  return (self->n_before == 0 || self->box.x >= self->left + LEAST_GAP) && (self->n_after == 0 || self->box.x + self->box.width + LEAST_GAP <= self->right);
}

static double
choose_x (const Search *self)
{
  double room = self->right - self->left;

  if (has_room (self) || (self->leads_back && self->n_after == 0))
    return self->box.x;
  if (self->n_before > 0 && self->n_after > 0 && room >= self->box.width + 2 * LEAST_GAP)
    return self->left + MIN ((room - self->box.width) / 2, HEDDLE_LAYER_GAP);
  if (self->n_before > 0)
    return self->left + (self->n_after > 0 ? LEAST_GAP : HEDDLE_LAYER_GAP);
  return self->right - HEDDLE_LAYER_GAP - self->box.width;
}

/* In line with what it is wired to, but for a way back, which leads around. */
static double
choose_y (const Search *self)
{
  if (self->n_lines == 0 || (self->leads_back && self->n_after == 0))
    return self->box.y;
  return self->sum / self->n_lines;
}

/* How far what is behind it has to move. */
static double
measure_push (const Search *self, double x)
{
  if (self->n_before == 0 || self->n_after == 0)
    return 0;
  return MAX (ceil ((x + self->box.width + LEAST_GAP - self->right) / HEDDLE_GRID) * HEDDLE_GRID, 0);
}

static int
compare_left (gconstpointer a, gconstpointer b)
{
  const HeddleBox *one = a;
  const HeddleBox *other = b;

  return one->x < other->x ? -1 : one->x > other->x;
}

static void
list_others (Search *self)
{
  GPtrArray *nodes = self->graph->nodes;

  for (guint i = 0; i < nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (nodes, i);
      HeddleBox box = { .vertex = vertex, .x = vertex->node->x, .y = vertex->node->y };

      if (!is_other (self, vertex))
        continue;
      heddle_node_get_size (vertex->node, &box.width, &box.height);
      g_array_append_val (self->others, box);
    }
  g_array_sort (self->others, compare_left);
}

/* The first that begins at x or behind it. */
static guint
find_first (const Search *self, double x)
{
  guint low = 0;
  guint high = self->others->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->others, HeddleBox, middle).x < x)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* What is pushed aside so far; it has the graph's mark. */
typedef struct
{
  const Search *search;
  double x, way;
  GPtrArray *vertices;
} Push;

static void
push (Push *self, HeddleVertex *vertex)
{
  if (vertex->mark == self->search->graph->mark || !is_other (self->search, vertex) || vertex->node->x < self->x)
    return;
  vertex->mark = self->search->graph->mark;
  g_ptr_array_add (self->vertices, vertex);
}

static void
push_following (Push *self, HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->out->len; i++)
    push (self, ((HeddleLink *) g_ptr_array_index (vertex->out, i))->to);
}

/* What it would come to lie on. */
static void
push_covered (Push *self, HeddleVertex *vertex)
{
  GArray *others = self->search->others;
  double width, height;

  heddle_node_get_size (vertex->node, &width, &height);
  for (guint i = find_first (self->search, vertex->node->x); i < others->len; i++)
    {
      const HeddleBox *box = &g_array_index (others, HeddleBox, i);

      if (box->x >= vertex->node->x + width + self->way)
        break;
      if (box->y < vertex->node->y + height && vertex->node->y < box->y + box->height)
        push (self, box->vertex);
    }
}

/* HeddleVertex: what comes behind x after it, and so on, and what lies in the way of that. */
static GPtrArray *
list_pushed (Search *self, double x, double way)
{
  Push pushing = { self, x, way, g_ptr_array_new () };
  GHashTableIter iter;
  gpointer member;

  self->graph->mark++;
  if (way <= 0)
    return pushing.vertices;
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &member, NULL))
    push_following (&pushing, member);
  for (guint i = 0; i < pushing.vertices->len; i++)
    {
      push_following (&pushing, g_ptr_array_index (pushing.vertices, i));
      push_covered (&pushing, g_ptr_array_index (pushing.vertices, i));
    }
  return pushing.vertices;
}

/* Boxes that lie in its columns and will stay there. */
static GArray *
list_in_columns (const Search *self, double x)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (HeddleBox));

  for (guint i = 0; i < self->others->len; i++)
    {
      const HeddleBox *box = &g_array_index (self->others, HeddleBox, i);

      if (box->x >= x + self->box.width + HEDDLE_GRID)
        break;
      if (box->vertex->mark != self->graph->mark && box->x + box->width + HEDDLE_GRID > x)
        g_array_append_val (boxes, *box);
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
find_free (const Search *self, double x, double y)
{
  g_autoptr (GArray) boxes = list_in_columns (self, x);

  for (guint i = 0; i < MAX_TRIES; i++)
    {
      double candidate = y + (i % 2 == 1 ? (i + 1) / 2 : -(double) (i / 2)) * HEDDLE_GRID;

      if (is_free (boxes, candidate, self->box.height))
        return candidate;
    }
  return y;
}

static GPtrArray *
dup_ids (const GPtrArray *vertices)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < vertices->len; i++)
    g_ptr_array_add (ids, g_strdup (((HeddleVertex *) g_ptr_array_index (vertices, i))->id));
  g_ptr_array_add (ids, NULL);
  return ids;
}

static void
find_place (Search *self, HeddlePlacing *placing)
{
  g_autoptr (GPtrArray) pushed = NULL;
  double x, y;

  look_around (self);
  list_others (self);
  x = snap (choose_x (self));
  placing->push = measure_push (self, x);
  pushed = list_pushed (self, x, placing->push);
  y = find_free (self, x, snap (choose_y (self)));
  placing->dx = x - self->box.x;
  placing->dy = y - self->box.y;
  placing->pushed = dup_ids (pushed);
}

void
heddle_placing_clear (HeddlePlacing *self)
{
  g_clear_pointer (&self->pushed, g_ptr_array_unref);
}

gboolean
heddle_graph_find_place (HeddleGraph *self, const char *const *ids, HeddlePlacing *placing)
{
  g_autoptr (GHashTable) members = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (HeddleBox));
  Search search = { .graph = self, .members = members, .left = -G_MAXDOUBLE, .right = G_MAXDOUBLE, .others = others };

  for (guint i = 0; ids[i] != NULL; i++)
    take_member (&search, heddle_graph_find_vertex (self, ids[i]));
  if (search.box.vertex == NULL)
    return FALSE;
  find_place (&search, placing);
  return TRUE;
}
