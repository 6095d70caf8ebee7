/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>

/* Things on one line, or at the same distance from each other. */

typedef struct
{
  char *id;
  double x, y, width, height;
} Item;

static void
item_clear (gpointer data)
{
  g_free (((Item *) data)->id);
}

static void
add_annotations (HeddleGraph *graph, const char *const *ids, GArray *items)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleAnnotation *annotation = heddle_graph_find_annotation (graph, ids[i]);
      Item item;

      if (annotation == NULL || !g_hash_table_add (seen, annotation->id))
        continue;
      item = (Item){ g_strdup (annotation->id), annotation->x, annotation->y, annotation->width, annotation->height };
      g_array_append_val (items, item);
    }
}

/* What is in another one of them goes with it. */
static GArray *
list_items (HeddleGraph *graph, const char *const *ids)
{
  g_autoptr (GPtrArray) outermost = heddle_graph_list_outermost (graph, ids);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));

  g_array_set_clear_func (items, item_clear);
  for (guint i = 0; i < outermost->len; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, g_ptr_array_index (outermost, i));
      Item item = { NULL, node->x, node->y, 0, 0 };

      if (!g_hash_table_add (seen, node->id))
        continue;
      item.id = g_strdup (node->id);
      heddle_node_get_size (node, &item.width, &item.height);
      g_array_append_val (items, item);
    }
  add_annotations (graph, ids, items);
  return items;
}

/* Moves each item so that it is where places (as many) say, as one step. */
static void
move_items (HeddleDocument *self, GArray *items, const HeddlePoint *places, const char *const *ids, const char *label)
{
  g_auto (GStrv) all = heddle_graph_dup_ids_within (heddle_document_get_graph (self), ids);
  g_autoptr (HeddlePlaces) before = heddle_document_note_places (self, (const char *const *) all);

  heddle_document_begin (self, label);
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);
      const char *const moved[] = { item->id, NULL };

      heddle_document_shift (self, moved, places[i].x - item->x, places[i].y - item->y);
    }
  heddle_document_move_points (self, before, FALSE);
  heddle_document_end (self);
}

static void
measure (GArray *items, Item *bounds)
{
  double right = -G_MAXDOUBLE;
  double bottom = -G_MAXDOUBLE;

  bounds->x = bounds->y = G_MAXDOUBLE;
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);

      bounds->x = MIN (bounds->x, item->x);
      bounds->y = MIN (bounds->y, item->y);
      right = MAX (right, item->x + item->width);
      bottom = MAX (bottom, item->y + item->height);
    }
  bounds->width = right - bounds->x;
  bounds->height = bottom - bounds->y;
}

static HeddlePoint
align (const Item *item, const Item *bounds, HeddleAlignment alignment)
{
  switch (alignment)
    {
    case HEDDLE_ALIGN_LEFT:
      return (HeddlePoint){ bounds->x, item->y };
    case HEDDLE_ALIGN_CENTER:
      return (HeddlePoint){ bounds->x + (bounds->width - item->width) / 2, item->y };
    case HEDDLE_ALIGN_RIGHT:
      return (HeddlePoint){ bounds->x + bounds->width - item->width, item->y };
    case HEDDLE_ALIGN_TOP:
      return (HeddlePoint){ item->x, bounds->y };
    case HEDDLE_ALIGN_MIDDLE:
      return (HeddlePoint){ item->x, bounds->y + (bounds->height - item->height) / 2 };
    case HEDDLE_ALIGN_BOTTOM:
      return (HeddlePoint){ item->x, bounds->y + bounds->height - item->height };
    default:
      return (HeddlePoint){ item->x, item->y };
    }
}

void
heddle_document_align (HeddleDocument *self, const char *const *ids, HeddleAlignment alignment)
{
  g_autoptr (GArray) items = NULL;
  g_autofree HeddlePoint *places = NULL;
  Item bounds = { NULL };

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (ids != NULL);

  items = list_items (heddle_document_get_graph (self), ids);
  measure (items, &bounds);
  places = g_new (HeddlePoint, items->len);
  for (guint i = 0; i < items->len; i++)
    places[i] = align (&g_array_index (items, Item, i), &bounds, alignment);
  move_items (self, items, places, ids, _ ("Align"));
}

static int
compare (double a, double b)
{
  return a < b ? -1 : a > b;
}

/* By their middles; ties as they came, since the sort is stable. */
static int
compare_across (gconstpointer a, gconstpointer b)
{
  const Item *first = a;
  const Item *second = b;

  return compare (first->x + first->width / 2, second->x + second->width / 2);
}

static int
compare_down (gconstpointer a, gconstpointer b)
{
  const Item *first = a;
  const Item *second = b;

  return compare (first->y + first->height / 2, second->y + second->height / 2);
}

/* The outer ones stay; when all together are longer than the room between, they overlap evenly. */
void
heddle_document_distribute (HeddleDocument *self, const char *const *ids, gboolean vertically)
{
  g_autoptr (GArray) items = NULL;
  g_autofree HeddlePoint *places = NULL;
  Item bounds = { NULL };
  double gap, next;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (ids != NULL);

  items = list_items (heddle_document_get_graph (self), ids);
  if (items->len < 3)
    return;
  measure (items, &bounds);
  g_array_sort (items, vertically ? compare_down : compare_across);
  gap = vertically ? bounds.height : bounds.width;
  for (guint i = 0; i < items->len; i++)
    gap -= vertically ? g_array_index (items, Item, i).height : g_array_index (items, Item, i).width;
  gap /= items->len - 1;

  places = g_new (HeddlePoint, items->len);
  next = vertically ? bounds.y : bounds.x;
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);

      places[i] = vertically ? (HeddlePoint){ item->x, next } : (HeddlePoint){ next, item->y };
      next += gap + (vertically ? item->height : item->width);
    }
  move_items (self, items, places, ids, _ ("Distribute"));
}
