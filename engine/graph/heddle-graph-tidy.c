/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

#include <math.h>

/* Lays out frames: from the inside outwards to know how large they are, then from the outside inwards to know where. */

/* Vertices that are beside each other. */
typedef struct
{
  HeddleVertex *parent;
  GArray *boxes; /* HeddleBox, beside each other: places count from the level's own top left */
  double width, height;
  HeddleTidyGroup *group; /* that it becomes part of */
  double x, y;            /* of its top left in the group */
} Level;

typedef struct
{
  GHashTable *levels; /* vertex or NULL → Level, owned: what is in it */
  GPtrArray *order;   /* Level*: those that are in none before what is in them */
  GHashTable *chosen; /* set of HeddleVertex* */
} Tidy;

static void
level_free (Level *level)
{
  g_array_unref (level->boxes);
  g_free (level);
}

static void
group_free (HeddleTidyGroup *group)
{
  g_array_unref (group->boxes);
  g_free (group);
}

/* What is collapsed takes the room of a card, and its frame is as large as it will be. */
static void
set_frame (HeddleBox *box, double width, double height)
{
  box->frame_width = width;
  box->frame_height = height;
  if (box->vertex->node->collapsed)
    return;
  box->width = width;
  box->height = height;
}

static HeddleBox
measure (HeddleVertex *vertex)
{
  HeddleBox box = { .vertex = vertex };

  heddle_node_get_size (vertex->node, &box.width, &box.height);
  if (heddle_node_is_container (vertex->node))
    set_frame (&box, MAX (vertex->node->width, HEDDLE_FRAME_WIDTH), MAX (vertex->node->height, HEDDLE_FRAME_HEIGHT));
  return box;
}

/* The level in a chosen frame, or NULL. */
static Level *
get_body (const Tidy *tidy, const HeddleVertex *vertex)
{
  return heddle_node_is_container (vertex->node) ? g_hash_table_lookup (tidy->levels, vertex) : NULL;
}

static void
add_to_level (Tidy *tidy, HeddleVertex *vertex)
{
  Level *level = g_hash_table_lookup (tidy->levels, vertex->parent);
  HeddleBox box = measure (vertex);

  if (level == NULL)
    {
      level = g_new0 (Level, 1);
      level->parent = vertex->parent;
      level->boxes = g_array_new (FALSE, FALSE, sizeof (HeddleBox));
      g_hash_table_insert (tidy->levels, vertex->parent, level);
    }
  g_array_append_val (level->boxes, box);
}

static gboolean
is_in_chosen_frame (const Tidy *tidy, const Level *level)
{
  return level->parent != NULL && level->parent->node != NULL && g_hash_table_contains (tidy->chosen, level->parent) &&
         heddle_node_is_container (level->parent->node);
}

static void
add_with_bodies (Tidy *tidy, Level *root, GHashTable *seen)
{
  guint first = tidy->order->len;

  if (!g_hash_table_add (seen, root))
    return;
  root->group = g_new0 (HeddleTidyGroup, 1);
  root->group->parent = root->parent;
  root->group->boxes = g_array_new (FALSE, FALSE, sizeof (HeddleBox));
  root->group->n_own = root->boxes->len;
  g_ptr_array_add (tidy->order, root);
  for (guint i = first; i < tidy->order->len; i++)
    {
      GArray *boxes = ((Level *) g_ptr_array_index (tidy->order, i))->boxes;

      for (guint j = 0; j < boxes->len; j++)
        {
          Level *body = get_body (tidy, g_array_index (boxes, HeddleBox, j).vertex);

          if (body == NULL || !g_hash_table_add (seen, body))
            continue;
          body->group = root->group;
          g_ptr_array_add (tidy->order, body);
        }
    }
}

/* In document order; frames that are in each other come last, as if they were in none. */
static void
order_levels (Tidy *tidy, GPtrArray *vertices)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < vertices->len; i++)
        {
          Level *level = g_hash_table_lookup (tidy->levels, ((HeddleVertex *) g_ptr_array_index (vertices, i))->parent);

          if (pass == 1 || !is_in_chosen_frame (tidy, level))
            add_with_bodies (tidy, level, seen);
        }
    }
}

static double
round_up (double number)
{
  return ceil (number / HEDDLE_GRID) * HEDDLE_GRID;
}

/* Its frames have their sizes by now. */
static void
lay_out_level (const Tidy *tidy, HeddleGraph *graph, Level *level)
{
  for (guint i = 0; i < level->boxes->len; i++)
    {
      HeddleBox *box = &g_array_index (level->boxes, HeddleBox, i);
      const Level *body = get_body (tidy, box->vertex);

      if (body == NULL || body->group != level->group || body->width == 0)
        continue;
      set_frame (box, MAX (round_up (body->width + 2 * HEDDLE_FRAME_SIDE), HEDDLE_FRAME_WIDTH),
                 MAX (round_up (body->height + HEDDLE_FRAME_TOP + HEDDLE_FRAME_BOTTOM), HEDDLE_FRAME_HEIGHT));
    }
  heddle_graph_lay_out (graph, level->boxes);
  for (guint i = 0; i < level->boxes->len; i++)
    {
      const HeddleBox *box = &g_array_index (level->boxes, HeddleBox, i);

      level->width = MAX (level->width, box->x + box->width);
      level->height = MAX (level->height, box->y + box->height);
    }
}

/* What is narrower than its frame is in the middle of it. */
static void
place_body (Level *body, const HeddleBox *box)
{
  body->x = box->x + floor ((box->frame_width - body->width) / 2 / HEDDLE_GRID) * HEDDLE_GRID;
  body->y = box->y + HEDDLE_FRAME_TOP;
}

static void
move_to_group (const Tidy *tidy, const Level *level)
{
  for (guint i = 0; i < level->boxes->len; i++)
    {
      HeddleBox box = g_array_index (level->boxes, HeddleBox, i);
      Level *body = get_body (tidy, box.vertex);

      box.x += level->x;
      box.y += level->y;
      g_array_append_val (level->group->boxes, box);
      if (body != NULL && body->group == level->group)
        place_body (body, &box);
    }
}

GPtrArray *
heddle_graph_tidy (HeddleGraph *self, GPtrArray *vertices)
{
  g_autoptr (GHashTable) levels = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) level_free);
  g_autoptr (GHashTable) chosen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  Tidy tidy = { levels, order, chosen };

  for (guint i = 0; i < vertices->len; i++)
    {
      g_hash_table_add (chosen, g_ptr_array_index (vertices, i));
      add_to_level (&tidy, g_ptr_array_index (vertices, i));
    }
  order_levels (&tidy, vertices);
  for (guint i = order->len; i > 0; i--)
    lay_out_level (&tidy, self, g_ptr_array_index (order, i - 1));
  for (guint i = 0; i < order->len; i++)
    {
      const Level *level = g_ptr_array_index (order, i);

      if (groups->len == 0 || g_ptr_array_index (groups, groups->len - 1) != level->group)
        g_ptr_array_add (groups, level->group);
      move_to_group (&tidy, level);
    }
  return groups;
}
