/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <string.h>

G_DEFINE_FINAL_TYPE (HeddleGraph, heddle_graph, G_TYPE_OBJECT)

static void
vertex_free (HeddleVertex *vertex)
{
  g_clear_pointer (&vertex->node, heddle_node_free);
  g_clear_pointer (&vertex->check, heddle_node_check_free);
  g_ptr_array_unref (vertex->in);
  g_ptr_array_unref (vertex->out);
  g_ptr_array_unref (vertex->children);
  g_free (vertex);
}

static void
heddle_graph_finalize (GObject *object)
{
  HeddleGraph *self = HEDDLE_GRAPH (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->description);
  json_object_unref (self->settings);
  g_clear_pointer (&self->extra, json_object_unref);
  g_hash_table_unref (self->link_set);
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->nodes);
  g_hash_table_unref (self->vertices);
  g_hash_table_unref (self->annotation_ids);
  g_ptr_array_unref (self->annotations);
  g_ptr_array_unref (self->no_edges);

  G_OBJECT_CLASS (heddle_graph_parent_class)->finalize (object);
}

static void
heddle_graph_class_init (HeddleGraphClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_graph_finalize;
}

static void
heddle_graph_init (HeddleGraph *self)
{
  self->id = g_uuid_string_random ();
  self->name = g_strdup ("");
  self->description = g_strdup ("");
  self->settings = json_object_new ();
  self->vertices = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) vertex_free);
  self->nodes = g_ptr_array_new ();
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_edge_free);
  self->link_set = g_hash_table_new (heddle_edge_hash, heddle_edge_equal);
  self->annotations = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_annotation_free);
  self->annotation_ids = g_hash_table_new (g_str_hash, g_str_equal);
  self->no_edges = g_ptr_array_new ();
}

HeddleGraph *
heddle_graph_new (void)
{
  return g_object_new (HEDDLE_TYPE_GRAPH, NULL);
}

const char *
heddle_graph_get_id (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  return self->id;
}

const char *
heddle_graph_get_name (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  return self->name;
}

const char *
heddle_graph_get_description (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  return self->description;
}

JsonObject *
heddle_graph_get_settings (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  return self->settings;
}

guint
heddle_graph_get_n_nodes (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), 0);

  return self->nodes->len;
}

const HeddleNode *
heddle_graph_get_node (HeddleGraph *self, guint index)
{
  HeddleVertex *vertex;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (index < self->nodes->len, NULL);

  vertex = g_ptr_array_index (self->nodes, index);
  return vertex->node;
}

const HeddleNode *
heddle_graph_find_node (HeddleGraph *self, const char *id)
{
  HeddleVertex *vertex;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  vertex = heddle_graph_find_vertex (self, id);
  return vertex != NULL ? vertex->node : NULL;
}

guint
heddle_graph_get_n_edges (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), 0);

  return self->links->len;
}

const HeddleEdge *
heddle_graph_get_edge (HeddleGraph *self, guint index)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (index < self->links->len, NULL);

  return g_ptr_array_index (self->links, index);
}

const HeddleEdge *
heddle_graph_find_edge (HeddleGraph *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  HeddleEdge key = { (char *) from, (char *) from_port, (char *) to, (char *) to_port };

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (from != NULL && from_port != NULL && to != NULL && to_port != NULL, NULL);

  return g_hash_table_lookup (self->link_set, &key);
}

GPtrArray *
heddle_graph_get_in_edges (HeddleGraph *self, const char *node_id)
{
  HeddleVertex *vertex;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (node_id != NULL, NULL);

  vertex = heddle_graph_find_vertex (self, node_id);
  return vertex != NULL ? vertex->in : self->no_edges;
}

GPtrArray *
heddle_graph_get_out_edges (HeddleGraph *self, const char *node_id)
{
  HeddleVertex *vertex;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (node_id != NULL, NULL);

  vertex = heddle_graph_find_vertex (self, node_id);
  return vertex != NULL ? vertex->out : self->no_edges;
}

guint
heddle_graph_get_n_annotations (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), 0);

  return self->annotations->len;
}

const HeddleAnnotation *
heddle_graph_get_annotation (HeddleGraph *self, guint index)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (index < self->annotations->len, NULL);

  return g_ptr_array_index (self->annotations, index);
}

const HeddleAnnotation *
heddle_graph_find_annotation (HeddleGraph *self, const char *id)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return g_hash_table_lookup (self->annotation_ids, id);
}
