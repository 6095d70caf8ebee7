/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <string.h>

#include "value/heddle-json.h"

/*
 * Turns the graph into another one in one step. What is the same in both, in the same order, is left as it is; all else is taken out from the
 * end and put in from the beginning, so that each index is right when its turn comes.
 */

/* Of one of the three lists: its entries as JSON text, in document order. */
typedef GPtrArray *(*ListFunc) (HeddleGraph *graph);

static char *
dup_node_text (const HeddleNode *node)
{
  g_autoptr (HeddleEdit) edit = heddle_edit_new_for_node (node, 0, TRUE);

  return heddle_json_to_text (edit->after, HEDDLE_JSON_COMPACT);
}

static GPtrArray *
list_nodes (HeddleGraph *graph)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    g_ptr_array_add (list, dup_node_text (heddle_graph_get_node (graph, i)));
  return list;
}

static void
add_text (GPtrArray *list, JsonNode *json)
{
  g_ptr_array_add (list, heddle_json_to_text (json, HEDDLE_JSON_COMPACT));
  json_node_unref (json);
}

static GPtrArray *
list_edges (HeddleGraph *graph)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < heddle_graph_get_n_edges (graph); i++)
    add_text (list, heddle_edge_to_json (heddle_graph_get_edge (graph, i)));
  return list;
}

static GPtrArray *
list_annotations (HeddleGraph *graph)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < heddle_graph_get_n_annotations (graph); i++)
    add_text (list, heddle_annotation_to_json (heddle_graph_get_annotation (graph, i)));
  return list;
}

typedef struct
{
  GPtrArray *before;  /* texts */
  GPtrArray *after;   /* same */
  gboolean *is_kept;  /* of before */
  gboolean *is_there; /* of after */
} Matching;

/* Each that is in both and comes after the one before it in both. */
static Matching
match (ListFunc list, HeddleGraph *before, HeddleGraph *after)
{
  Matching matching = { .before = list (before), .after = list (after) };
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  guint next = 0;

  matching.is_kept = g_new0 (gboolean, matching.before->len + 1);
  matching.is_there = g_new0 (gboolean, matching.after->len + 1);
  for (guint i = matching.before->len; i > 0; i--)
    g_hash_table_insert (places, g_ptr_array_index (matching.before, i - 1), GUINT_TO_POINTER (i));
  for (guint i = 0; i < matching.after->len; i++)
    {
      guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, g_ptr_array_index (matching.after, i)));

      if (place <= next)
        continue;
      matching.is_kept[place - 1] = matching.is_there[i] = TRUE;
      next = place;
    }
  return matching;
}

static void
matching_clear (Matching *matching)
{
  g_ptr_array_unref (matching->before);
  g_ptr_array_unref (matching->after);
  g_free (matching->is_kept);
  g_free (matching->is_there);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Matching, matching_clear)

static void
put (HeddleDocument *self, HeddleEditKind kind, guint index, const char *text, gboolean add)
{
  g_autoptr (JsonNode) json = heddle_json_parse (text, -1, NULL);
  JsonNode *node = heddle_json_member (json, "node");
  const char *key = heddle_json_get_string (node != NULL ? node : json, "id", "");

  heddle_document_apply (self, heddle_edit_new (kind, kind == HEDDLE_EDIT_EDGE ? "" : key, index,
                                                add ? NULL : json_node_ref (json), add ? json_node_ref (json) : NULL));
}

static void
take_out (HeddleDocument *self, HeddleEditKind kind, const Matching *matching)
{
  for (guint i = matching->before->len; i > 0; i--)
    {
      if (!matching->is_kept[i - 1])
        put (self, kind, i - 1, g_ptr_array_index (matching->before, i - 1), FALSE);
    }
}

static void
put_in (HeddleDocument *self, HeddleEditKind kind, const Matching *matching)
{
  for (guint i = 0; i < matching->after->len; i++)
    {
      if (!matching->is_there[i])
        put (self, kind, i, g_ptr_array_index (matching->after, i), TRUE);
    }
}

static void
restore_text (HeddleDocument *self, const char *key, const char *before, const char *after)
{
  if (strcmp (before, after) != 0)
    heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_META, key, 0, heddle_json_string (before), heddle_json_string (after)));
}

static void
restore_meta (HeddleDocument *self, HeddleGraph *graph, HeddleGraph *target)
{
  g_autoptr (JsonNode) before = heddle_json_object (json_object_ref (heddle_graph_get_settings (graph)));
  g_autoptr (JsonNode) after = heddle_json_object (json_object_ref (heddle_graph_get_settings (target)));

  restore_text (self, "name", heddle_graph_get_name (graph), heddle_graph_get_name (target));
  restore_text (self, "description", heddle_graph_get_description (graph), heddle_graph_get_description (target));
  if (!heddle_json_equal (before, after))
    heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_META, "settings", 0, heddle_document_dup_sealed (before), heddle_document_dup_sealed (after)));
}

void
heddle_document_restore (HeddleDocument *self, HeddleGraph *target, const char *label)
{
  HeddleGraph *graph;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (HEDDLE_IS_GRAPH (target));
  g_return_if_fail (label != NULL);
  g_return_if_fail (!heddle_document_is_open (self));

  graph = heddle_document_get_graph (self);
  heddle_document_begin (self, label);
  {
    g_auto (Matching) nodes = match (list_nodes, graph, target);
    g_auto (Matching) edges = match (list_edges, graph, target);
    g_auto (Matching) annotations = match (list_annotations, graph, target);

    take_out (self, HEDDLE_EDIT_EDGE, &edges);
    take_out (self, HEDDLE_EDIT_ANNOTATION, &annotations);
    take_out (self, HEDDLE_EDIT_NODE, &nodes);
    put_in (self, HEDDLE_EDIT_NODE, &nodes);
    put_in (self, HEDDLE_EDIT_ANNOTATION, &annotations);
    put_in (self, HEDDLE_EDIT_EDGE, &edges);
    restore_meta (self, graph, target);
  }
  heddle_document_end_as_it_is (self);
}
