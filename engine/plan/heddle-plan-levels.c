/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/heddle-plan-levels.h"

#include <string.h>

/* Workflows nest no deeper than this; see heddle_graph_validate (). */
#define MAX_DEPTH 64

typedef struct
{
  HeddleGraph *graph;
  HeddlePlanLevels *result;
  HeddlePlanLevel *root;
  GHashTable *bodies; /* id of a container → HeddlePlanLevel */
  GHashTable *homes;  /* id of a node → HeddlePlanLevel of its step */
} Division;

static guint
piece_hash (gconstpointer data)
{
  const HeddlePlanPiece *piece = data;

  return g_str_hash (piece->from) ^ g_str_hash (piece->from_port) * 31 ^ g_str_hash (piece->to) * 101 ^ g_str_hash (piece->to_port) * 1009;
}

static gboolean
piece_equal (gconstpointer a, gconstpointer b)
{
  const HeddlePlanPiece *left = a, *right = b;

  return strcmp (left->from, right->from) == 0 && strcmp (left->from_port, right->from_port) == 0 &&
         strcmp (left->to, right->to) == 0 && strcmp (left->to_port, right->to_port) == 0;
}

static HeddlePlanLevel *
add_level (Division *self, HeddlePlanLevel *parent)
{
  HeddlePlanLevel *level = g_new0 (HeddlePlanLevel, 1);

  level->parent = parent;
  level->depth = parent != NULL ? parent->depth + 1 : 0;
  level->nodes = g_ptr_array_new ();
  level->ports = g_ptr_array_new ();
  level->pieces = g_ptr_array_new_with_free_func (g_free);
  level->taken = g_hash_table_new (piece_hash, piece_equal);
  g_ptr_array_add (self->result->levels, level);
  return level;
}

static void
level_free (gpointer data)
{
  HeddlePlanLevel *level = data;

  g_free (level->step);
  g_ptr_array_unref (level->nodes);
  g_ptr_array_unref (level->ports);
  g_ptr_array_unref (level->pieces);
  g_hash_table_unref (level->taken);
  g_free (level);
}

void
heddle_plan_levels_free (HeddlePlanLevels *self)
{
  g_ptr_array_unref (self->levels);
  g_ptr_array_unref (self->loops);
  g_free (self);
}

gboolean
heddle_plan_level_is_around (const char *port)
{
  return *port == HEDDLE_PLAN_AROUND;
}

static gboolean
is_container (const HeddleNode *node)
{
  return node->type != NULL && (node->type->flags & HEDDLE_NODE_CONTAINER) != 0;
}

/* Within one container: first its circles, outer ones first, then the bodies of the containers in it. */
static void
divide (Division *self, HeddlePlanLevel *level, const char *container)
{
  g_autoptr (GPtrArray) children = heddle_graph_list_children (self->graph, container);
  g_autofree HeddlePlanLevel **circles = g_new0 (HeddlePlanLevel *, self->result->loops->len + 1);

  for (guint i = 0; i < children->len; i++)
    g_hash_table_insert (self->homes, g_ptr_array_index (children, i), level);
  for (guint i = 0; i < self->result->loops->len; i++)
    {
      const HeddleGraphLoop *loop = g_ptr_array_index (self->result->loops, i);
      const HeddleNode *entry = heddle_graph_find_node (self->graph, loop->entry);

      if (g_strcmp0 (entry->parent, container) != 0)
        continue;
      circles[i] = add_level (self, loop->parent >= 0 ? circles[loop->parent] : level);
      circles[i]->entry = loop->entry;
      circles[i]->step = g_strconcat ("@", loop->entry, NULL);
      for (guint n = 0; n < loop->nodes->len; n++)
        g_hash_table_insert (self->homes, g_ptr_array_index (loop->nodes, n), circles[i]);
    }
  for (guint i = 0; i < children->len; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (self->graph, g_ptr_array_index (children, i));
      HeddlePlanLevel *home = g_hash_table_lookup (self->homes, node->id);
      HeddlePlanLevel *body;

      if (!is_container (node) || node->mode != HEDDLE_NODE_ON || home->depth >= MAX_DEPTH)
        continue;
      body = add_level (self, home);
      body->container = node;
      body->step = g_strdup (node->id);
      g_hash_table_insert (self->bodies, node->id, body);
      divide (self, body, node->id);
    }
}

static HeddlePlanLevel *
find_home (Division *self, const char *id)
{
  HeddlePlanLevel *home = g_hash_table_lookup (self->homes, id);

  return home != NULL ? home : self->root;
}

static void
add_node (HeddlePlanLevel *level, const HeddleNode *node)
{
  if (!g_ptr_array_find (level->nodes, node, NULL))
    g_ptr_array_add (level->nodes, (gpointer) node);
}

/* What is in a container that is off or bypassed has no part in any run. */
static gboolean
is_left_out (Division *self, const char *id)
{
  return !g_hash_table_contains (self->homes, id);
}

/* A tool is where it is called, which may be in several circles. */
static void
place_tool (Division *self, const HeddleNode *tool, const char *id, guint depth)
{
  GPtrArray *edges = heddle_graph_get_out_edges (self->graph, id);

  if (!heddle_graph_is_tool (self->graph, id))
    add_node (find_home (self, id), tool);
  for (guint i = 0; depth < MAX_DEPTH && heddle_graph_is_tool (self->graph, id) && i < edges->len; i++)
    place_tool (self, tool, ((const HeddleEdge *) g_ptr_array_index (edges, i))->to, depth + 1);
}

static void
place_nodes (Division *self)
{
  for (guint i = 0; i < heddle_graph_get_n_nodes (self->graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (self->graph, i);

      if (is_left_out (self, node->id))
        continue;
      if (heddle_graph_is_tool (self->graph, node->id))
        place_tool (self, node, node->id, 0);
      else
        g_ptr_array_add (find_home (self, node->id)->nodes, (gpointer) node);
    }
}

static void
add_piece (HeddlePlanLevel *level, const HeddlePlanPiece *piece)
{
  HeddlePlanPiece *copy;

  if (g_hash_table_contains (level->taken, piece))
    return;
  copy = g_memdup2 (piece, sizeof *piece);
  g_ptr_array_add (level->pieces, copy);
  g_hash_table_add (level->taken, copy);
}

/* The end of a circle has a port from now on: for what leaves it by a port of a node, or goes around (node NULL) to one of its entry. Interned. */
static const char *
add_port (HeddlePlanLevel *level, const char *node, const char *port)
{
  g_autofree char *name = node != NULL ? g_strdup_printf ("%s.%s", node, port) : g_strdup_printf ("%c%s", HEDDLE_PLAN_AROUND, port);
  const char *interned = g_intern_string (name);

  if (!g_ptr_array_find (level->ports, interned, NULL))
    g_ptr_array_add (level->ports, (gpointer) interned);
  return interned;
}

/* One end of an edge, seen from a level. */
typedef struct
{
  HeddlePlanLevel *level;
  const char *step;
  const char *port;
} End;

static End
find_source (Division *self, const HeddleEdge *edge, gboolean inner)
{
  const HeddleNode *to = heddle_graph_find_node (self->graph, edge->to);
  gboolean begins = inner && (strcmp (edge->from, edge->to) == 0 || g_strcmp0 (to->parent, edge->from) == 0);

  if (begins)
    return (End){ g_hash_table_lookup (self->bodies, edge->from), HEDDLE_PLAN_START, edge->from_port };
  return (End){ find_home (self, edge->from), edge->from, edge->from_port };
}

static End
find_target (Division *self, const HeddleEdge *edge, gboolean inner)
{
  const HeddleNode *from = heddle_graph_find_node (self->graph, edge->from);
  gboolean ends = inner && (strcmp (edge->from, edge->to) == 0 || g_strcmp0 (from->parent, edge->to) == 0);

  if (ends)
    return (End){ g_hash_table_lookup (self->bodies, edge->to), HEDDLE_PLAN_END, edge->to_port };
  return (End){ find_home (self, edge->to), edge->to, edge->to_port };
}

/* Out of the circle that the source is in. */
static void
leave (const HeddleEdge *edge, End *source)
{
  HeddlePlanLevel *circle = source->level;
  const char *port = add_port (circle, edge->from, edge->from_port);

  add_piece (circle, &(HeddlePlanPiece){ source->step, source->port, HEDDLE_PLAN_END, port });
  *source = (End){ circle->parent, circle->step, port };
}

static void
route (Division *self, const HeddleEdge *edge)
{
  gboolean inner = heddle_graph_is_inner_edge (self->graph, edge);
  End source = find_source (self, edge, inner);
  End target = find_target (self, edge, inner);

  while (source.level != target.level && source.level->parent != NULL && source.level->depth >= target.level->depth)
    leave (edge, &source);
  /* A circle is entered at its entry, which is given what the step for the circle gets. */
  while (source.level != target.level && target.level->parent != NULL)
    target = (End){ target.level->parent, target.level->step, target.port };
  if (target.level->entry != NULL && strcmp (target.step, target.level->entry) == 0)
    target = (End){ target.level, HEDDLE_PLAN_END, add_port (target.level, NULL, edge->to_port) };
  add_piece (source.level, &(HeddlePlanPiece){ source.step, source.port, target.step, target.port });
}

/* Also from the start of such a container to its end. */
static gboolean
leads_through_left_out (Division *self, const HeddleEdge *edge)
{
  const HeddleNode *from = heddle_graph_find_node (self->graph, edge->from);

  return is_left_out (self, edge->from) || is_left_out (self, edge->to) ||
         (strcmp (edge->from, edge->to) == 0 && from->mode != HEDDLE_NODE_ON && heddle_graph_is_inner_edge (self->graph, edge));
}

HeddlePlanLevels *
heddle_plan_levels_new (HeddleGraph *graph)
{
  g_autoptr (GHashTable) bodies = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) homes = g_hash_table_new (g_str_hash, g_str_equal);
  HeddlePlanLevels *result = g_new0 (HeddlePlanLevels, 1);
  Division self = { .graph = graph, .result = result, .bodies = bodies, .homes = homes };

  result->levels = g_ptr_array_new_with_free_func (level_free);
  result->loops = heddle_graph_list_loops (graph);
  self.root = add_level (&self, NULL);
  divide (&self, self.root, NULL);
  place_nodes (&self);
  for (guint i = 0; i < heddle_graph_get_n_edges (graph); i++)
    {
      const HeddleEdge *edge = heddle_graph_get_edge (graph, i);

      if (!heddle_graph_is_tool_edge (graph, edge) && !leads_through_left_out (&self, edge))
        route (&self, edge);
    }
  return result;
}
