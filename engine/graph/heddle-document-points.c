/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>

#include "value/heddle-json.h"

/* What the lines of edges are led through. */

static HeddlePoint *
dup_points_on_canvas (const HeddlePoint *points, guint n_points, double dx, double dy)
{
  HeddlePoint *copy = g_new (HeddlePoint, n_points);

  for (guint i = 0; i < n_points; i++)
    copy[i] = (HeddlePoint){ heddle_document_to_canvas (points[i].x + dx), heddle_document_to_canvas (points[i].y + dy) };
  return copy;
}

static void
put_points (HeddleDocument *self, const HeddleEdge *edge, const HeddlePoint *points, guint n_points, double dx, double dy)
{
  static const char *const via[] = { "via", NULL };
  g_autofree HeddlePoint *copy = dup_points_on_canvas (points, n_points, dx, dy);
  g_autoptr (JsonObject) extra = edge->extra != NULL ? heddle_json_dup_extra (edge->extra, via) : NULL;
  guint index = heddle_graph_get_edge_index (heddle_document_get_graph (self), edge);
  g_autoptr (JsonNode) before = heddle_edge_to_json (edge);
  g_autoptr (JsonNode) after = NULL;
  HeddleEdge changed = *edge;

  changed.points = copy;
  changed.n_points = n_points;
  changed.extra = extra;
  after = heddle_edge_to_json (&changed);
  if (!heddle_json_equal (before, after))
    heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_EDGE, NULL, index, g_steal_pointer (&before), g_steal_pointer (&after)));
}

void
heddle_document_set_edge_points (HeddleDocument *self, const char *from, const char *from_port, const char *to, const char *to_port, const HeddlePoint *points, guint n_points)
{
  const HeddleEdge *edge;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (points != NULL || n_points == 0);

  edge = heddle_graph_find_edge (heddle_document_get_graph (self), from, from_port, to, to_port);
  g_return_if_fail (edge != NULL);

  heddle_document_begin (self, n_points > 0 ? _ ("Bend Connection") : _ ("Straighten Connection"));
  put_points (self, edge, points, n_points, 0, 0);
  heddle_document_end (self);
}

HeddlePlaces *
heddle_document_note_places (HeddleDocument *self, const char *const *ids)
{
  HeddlePlaces *places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (self), ids[i]);
      HeddlePoint place;

      if (node == NULL)
        continue;
      place = (HeddlePoint){ node->x, node->y };
      g_hash_table_insert (places, g_strdup (node->id), g_memdup2 (&place, sizeof place));
    }
  return places;
}

/* How far a node was moved since then; FALSE: it was not among them. */
static gboolean
get_way (HeddleDocument *self, HeddlePlaces *places, const char *id, double *dx, double *dy)
{
  const HeddlePoint *place = g_hash_table_lookup (places, id);
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (self), id);

  if (place == NULL || node == NULL)
    return FALSE;
  *dx = node->x - place->x;
  *dy = node->y - place->y;
  return TRUE;
}

static void
move_points (HeddleDocument *self, HeddlePlaces *places, const HeddleEdge *edge, gboolean may_straighten)
{
  double from_x, from_y, to_x, to_y;

  if (edge->n_points == 0 || !get_way (self, places, edge->from, &from_x, &from_y) || !get_way (self, places, edge->to, &to_x, &to_y))
    return;
  if (ABS (from_x - to_x) < 0.01 && ABS (from_y - to_y) < 0.01)
    put_points (self, edge, edge->points, edge->n_points, from_x, from_y);
  else if (may_straighten)
    put_points (self, edge, NULL, 0, 0, 0);
}

/* Points are put without changing which edges there are, so the list can be gone through. */
void
heddle_document_move_points (HeddleDocument *self, HeddlePlaces *places, gboolean may_straighten)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, places);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      GPtrArray *edges = heddle_graph_get_out_edges (heddle_document_get_graph (self), id);

      for (guint i = 0; i < edges->len; i++)
        move_points (self, places, g_ptr_array_index (edges, i), may_straighten);
    }
}
