/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include "value/heddle-json.h"

/* What a copied part remembers of where its values came from. */

/* The names that its nodes have now, by those that they had; both borrowed. */
static GHashTable *
map_names (HeddleGraph *part, const char *const *ids)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_nodes = MIN (heddle_graph_get_n_nodes (part), g_strv_length ((char **) ids));

  for (guint i = 0; i < n_nodes; i++)
    g_hash_table_insert (names, heddle_graph_get_node (part, i)->id, (gpointer) ids[i]);
  return names;
}

/* FALSE where it says nothing, where what it comes from is gone, and where there can be no such edge. */
static gboolean
connect_one (HeddleDocument *self, JsonNode *json, GHashTable *names)
{
  HeddleEdge *edge = JSON_NODE_HOLDS_OBJECT (json) ? heddle_edge_new_from_json (json, NULL) : NULL;
  const char *to = edge != NULL ? g_hash_table_lookup (names, edge->to) : NULL;
  gboolean done = to != NULL && heddle_graph_find_node (heddle_document_get_graph (self), edge->from) != NULL &&
                  heddle_document_connect (self, edge->from, edge->from_port, to, edge->to_port, NULL);

  g_clear_pointer (&edge, heddle_edge_free);
  return done;
}

guint
heddle_document_connect_pasted (HeddleDocument *self, const char *text, const char *const *ids, guint *n_left_out)
{
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (HeddleGraph) part = NULL;
  g_autoptr (GHashTable) names = NULL;
  JsonNode *incoming;
  JsonArray *edges;
  guint n_done = 0;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), 0);
  g_return_val_if_fail (text != NULL, 0);
  g_return_val_if_fail (ids != NULL, 0);

  json = heddle_json_parse (text, -1, NULL);
  part = heddle_graph_new_from_json (text, -1, NULL);
  incoming = json != NULL && JSON_NODE_HOLDS_OBJECT (json) ? json_object_get_member (json_node_get_object (json), "incoming") : NULL;
  edges = incoming != NULL && JSON_NODE_HOLDS_ARRAY (incoming) ? json_node_get_array (incoming) : NULL;
  if (part != NULL && edges != NULL)
    names = map_names (part, ids);
  for (guint i = 0; names != NULL && i < json_array_get_length (edges); i++)
    n_done += connect_one (self, json_array_get_element (edges, i), names);
  if (n_left_out != NULL)
    *n_left_out = names != NULL ? json_array_get_length (edges) - n_done : 0;
  return n_done;
}
