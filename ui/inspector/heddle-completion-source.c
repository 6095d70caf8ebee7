/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-completion.h"

#include <string.h>

/* What can be completed, from the graph and from what the last run has shown. */

static void
add_unique (GPtrArray *names,
            const char *name)
{
  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

/* Breadth first against the edges: nearest nodes come first. */
GPtrArray *
heddle_completion_list_roots (HeddleGraph *graph,
                              const char *node_id)
{
  static const char *const general[] = { "input", "vars", "global", "env", "run", "now" };
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_ptr_array_add (queue, (gpointer) node_id);
  g_hash_table_add (seen, (gpointer) node_id);
  for (guint next = 0; next < queue->len; next++)
    {
      GPtrArray *edges = heddle_graph_get_in_edges (graph, g_ptr_array_index (queue, next));

      for (guint i = 0; i < edges->len; i++)
        {
          const HeddleEdge *edge = g_ptr_array_index (edges, i);

          if (!g_hash_table_add (seen, edge->from))
            continue;
          g_ptr_array_add (names, g_strdup (edge->from));
          g_ptr_array_add (queue, edge->from);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (general); i++)
    add_unique (names, general[i]);
  return names;
}

static void
add_declared (GPtrArray *names,
              const HeddleNode *node)
{
  g_autoptr (JsonNode) fields = NULL;

  add_unique (names, "output");
  for (const HeddleResultKey *key = node->type->results; key != NULL && key->name != NULL; key++)
    add_unique (names, key->name);
  if (heddle_node_type_find_param (node->type, "fields") == NULL)
    return;
  fields = heddle_params_dup_value (node->type, node->params, "fields");
  for (guint i = 0; fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) && i < json_array_get_length (json_node_get_array (fields)); i++)
    {
      const char *name = heddle_json_get_string (json_array_get_element (json_node_get_array (fields), i), "name", NULL);

      if (name != NULL)
        add_unique (names, name);
    }
}

static void
add_members (GPtrArray *names,
             JsonNode *value)
{
  JsonObjectIter iter;
  const char *name;

  if (value == NULL || !JSON_NODE_HOLDS_OBJECT (value))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    add_unique (names, name);
}

static JsonNode *
follow_path (JsonNode *value,
             const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, ".", -1);

  for (guint i = 0; value != NULL && parts[i] != NULL; i++)
    {
      if (parts[i][0] != '\0')
        value = heddle_json_member (value, parts[i]);
    }
  return value;
}

GPtrArray *
heddle_completion_list_members (HeddleGraph *graph,
                                HeddleTrace *trace,
                                const char *node_id,
                                const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const HeddleNode *node = heddle_graph_find_node (graph, node_id);
  HeddleSpan *span = trace != NULL ? heddle_trace_find_node (trace, node_id) : NULL;
  JsonNode *result = span != NULL ? heddle_span_get_attribute (span, "result") : NULL;

  if (node != NULL && node->type != NULL && path[0] == '\0')
    add_declared (names, node);
  add_members (names, follow_path (result, path));
  return names;
}
