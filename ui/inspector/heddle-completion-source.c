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

/* Around it: a loop or a map; NULL: none. */
static const HeddleNode *
find_repeating (HeddleGraph *graph,
                const HeddleNode *node)
{
  while (node != NULL)
    {
      if (node->type != NULL && (node->type->flags & HEDDLE_NODE_CONTAINER) && !g_str_equal (node->type->id, "subflow"))
        return node;
      node = node->parent != NULL ? heddle_graph_find_node (graph, node->parent) : NULL;
    }
  return NULL;
}

/* What leads back from a container's body to its frame comes from within, which is not to be read from outside. */
static gboolean
is_from_within (HeddleGraph *graph,
                const HeddleEdge *edge)
{
  const HeddleNode *from = heddle_graph_find_node (graph, edge->from);

  return g_str_equal (edge->from, edge->to) || (from != NULL && g_strcmp0 (from->parent, edge->to) == 0);
}

static void
add_general (GPtrArray *names,
             HeddleGraph *graph,
             const char *node_id)
{
  static const char *const general[] = { "input", "vars", "global", "env", "run", "now" };
  const HeddleNode *repeating = find_repeating (graph, heddle_graph_find_node (graph, node_id));

  if (repeating != NULL)
    add_unique (names, "loop");
  if (repeating != NULL && g_str_equal (repeating->type->id, "map"))
    add_unique (names, "map");
  for (guint i = 0; i < G_N_ELEMENTS (general); i++)
    add_unique (names, general[i]);
}

/* Breadth first against the edges: nearest nodes come first. The nodes around a container follow those in it. */
GPtrArray *
heddle_completion_list_roots (HeddleGraph *graph,
                              const char *node_id)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_ptr_array_add (queue, (gpointer) node_id);
  g_hash_table_add (seen, (gpointer) node_id);
  for (guint next = 0; next < queue->len; next++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, g_ptr_array_index (queue, next));
      GPtrArray *edges = heddle_graph_get_in_edges (graph, g_ptr_array_index (queue, next));

      for (guint i = 0; i < edges->len; i++)
        {
          const HeddleEdge *edge = g_ptr_array_index (edges, i);

          if (is_from_within (graph, edge) || !g_hash_table_add (seen, edge->from))
            continue;
          g_ptr_array_add (names, g_strdup (edge->from));
          g_ptr_array_add (queue, edge->from);
        }
      if (node == NULL || node->parent == NULL || !g_hash_table_add (seen, node->parent))
        continue;
      g_ptr_array_add (names, g_strdup (node->parent));
      g_ptr_array_add (queue, node->parent);
    }
  add_general (names, graph, node_id);
  return names;
}

/* Names of the fields that a parameter lists. */
static void
add_declared_fields (GPtrArray *names,
                     const HeddleNode *node,
                     const char *param)
{
  g_autoptr (JsonNode) fields = NULL;

  if (heddle_node_type_find_param (node->type, param) == NULL)
    return;
  fields = heddle_params_dup_value (node->type, node->params, param);
  for (guint i = 0; fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) && i < json_array_get_length (json_node_get_array (fields)); i++)
    {
      const char *name = heddle_json_get_string (json_array_get_element (json_node_get_array (fields), i), "name", NULL);

      if (name != NULL)
        add_unique (names, name);
    }
}

static void
add_declared (GPtrArray *names,
              const HeddleNode *node)
{
  add_unique (names, "output");
  for (const HeddleResultKey *key = node->type->results; key != NULL && key->name != NULL; key++)
    add_unique (names, key->name);
  add_declared_fields (names, node, "fields");
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

/* A parameter of the container as it was in the run that is shown. Borrowed or NULL. */
static JsonNode *
get_attribute (HeddleTrace *trace,
               const char *node_id,
               const char *attribute,
               const char *member)
{
  HeddleSpan *span = trace != NULL ? heddle_trace_find_node (trace, node_id) : NULL;
  JsonNode *value = span != NULL ? heddle_span_get_attribute (span, attribute) : NULL;

  return value != NULL ? heddle_json_member (value, member) : NULL;
}

/* The item that is looked at; borrowed or NULL. */
static JsonNode *
get_item (HeddleTrace *trace,
          const char *container)
{
  JsonNode *items = get_attribute (trace, container, "params", "items");
  int last = -1;
  int chosen = trace != NULL ? heddle_trace_get_item (trace, container, &last) : -1;
  int index = chosen >= 0 ? chosen : last;

  if (items == NULL || !JSON_NODE_HOLDS_ARRAY (items) || index < 0 || index >= (int) json_array_get_length (json_node_get_array (items)))
    return NULL;
  return json_array_get_element (json_node_get_array (items), index);
}

/* "item.name" below "$loop.": what follows the first word. */
static gboolean
begins_with (const char *path,
             const char *word,
             const char **rest)
{
  gsize length = strlen (word);

  if (!g_str_has_prefix (path, word) || (path[length] != '.' && path[length] != '\0'))
    return FALSE;
  *rest = path[length] == '.' ? path + length + 1 : path + length;
  return TRUE;
}

static void
add_loop_members (GPtrArray *names,
                  HeddleTrace *trace,
                  const HeddleNode *container,
                  const char *path)
{
  const char *rest;

  if (path[0] == '\0')
    {
      add_unique (names, "item");
      add_unique (names, "index");
      add_unique (names, "last");
    }
  else if (begins_with (path, "item", &rest))
    add_members (names, follow_path (get_item (trace, container->id), rest));
}

/* A container as its body sees it: what it hands in. */
static void
add_container_members (GPtrArray *names,
                       HeddleTrace *trace,
                       const HeddleNode *container,
                       const char *path)
{
  gboolean repeats = !g_str_equal (container->type->id, "subflow");
  JsonNode *given = repeats ? get_item (trace, container->id) : get_attribute (trace, container->id, "inputs", "in");
  const char *rest = path;

  if (path[0] == '\0')
    {
      if (repeats)
        add_unique (names, "item");
      if (!repeats)
        add_declared_fields (names, container, "inputs");
      add_unique (names, "index");
      add_unique (names, "output");
    }
  if (repeats && begins_with (path, "item", &rest))
    add_members (names, follow_path (given, rest));
  else
    add_members (names, follow_path (given, path));
}

/* Names that Variable nodes set, and of those of all runs the stored ones. */
static void
add_variables (GPtrArray *names,
               const HeddleParamContext *context,
               const char *scope)
{
  HeddleGraph *graph = heddle_document_get_graph (context->document);

  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);
      const char *name = heddle_params_get_string (node->params, "name", "");

      if (node->type != NULL && g_str_equal (node->type->id, "variable") && *name != '\0' &&
          g_str_equal (heddle_params_get_string (node->params, "scope", "run"), scope))
        add_unique (names, name);
    }
  for (guint i = 0; g_str_equal (scope, "global") && context->globals != NULL && i < context->globals->len; i++)
    add_unique (names, g_ptr_array_index (context->globals, i));
}

static void
add_node_members (GPtrArray *names,
                  const HeddleParamContext *context,
                  const HeddleNode *node,
                  const char *path)
{
  HeddleGraph *graph = heddle_document_get_graph (context->document);
  HeddleSpan *span = context->trace != NULL ? heddle_trace_find_node (context->trace, node->id) : NULL;
  JsonNode *result = span != NULL ? heddle_span_get_attribute (span, "result") : NULL;

  if (node->type != NULL && node->type->flags & HEDDLE_NODE_CONTAINER && heddle_graph_is_within (graph, context->node_id, node->id))
    {
      add_container_members (names, context->trace, node, path);
      return;
    }
  if (node->type != NULL && path[0] == '\0')
    add_declared (names, node);
  add_members (names, follow_path (result, path));
}

GPtrArray *
heddle_completion_list_members (const HeddleParamContext *context,
                                const char *root,
                                const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  HeddleGraph *graph = heddle_document_get_graph (context->document);
  const HeddleNode *node = heddle_graph_find_node (graph, root);
  const HeddleNode *repeating;

  if (node != NULL)
    {
      add_node_members (names, context, node, path);
      return names;
    }
  repeating = find_repeating (graph, heddle_graph_find_node (graph, context->node_id));
  if (repeating != NULL && (g_str_equal (root, "loop") || g_str_equal (root, "map")))
    add_loop_members (names, context->trace, repeating, path);
  else if (path[0] == '\0' && (g_str_equal (root, "vars") || g_str_equal (root, "global")))
    add_variables (names, context, g_str_equal (root, "vars") ? "run" : "global");
  return names;
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GPtrArray) names = user_data;
  g_autoptr (GPtrArray) variables = heddle_store_list_variables_finish (HEDDLE_STORE (object), result, NULL);

  if (variables == NULL)
    return;
  g_ptr_array_set_size (names, 0);
  for (guint i = 0; i < variables->len; i++)
    g_ptr_array_add (names, g_strdup (((HeddleVariableInfo *) g_ptr_array_index (variables, i))->name));
}

void
heddle_completion_read_globals (HeddleStore *store,
                                GPtrArray *names)
{
  g_return_if_fail (HEDDLE_IS_STORE (store) && names != NULL);

  heddle_store_list_variables_async (store, NULL, listed_cb, g_ptr_array_ref (names));
}
