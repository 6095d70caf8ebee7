/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-data-scope.h"

#include <string.h>

static const HeddleNode *
find_node (const HeddleParamContext *context,
           const char *id)
{
  return context->document != NULL && id != NULL ? heddle_graph_find_node (heddle_document_get_graph (context->document), id) : NULL;
}

static HeddleSpan *
find_span (const HeddleParamContext *context,
           const char *id)
{
  return context->trace != NULL ? heddle_trace_find_node (context->trace, id) : NULL;
}

/* Borrowed or NULL. */
static JsonNode *
get_attribute (const HeddleParamContext *context,
               const char *id,
               const char *name)
{
  HeddleSpan *span = find_span (context, id);

  return span != NULL ? heddle_span_get_attribute (span, name) : NULL;
}

static void
merge (JsonObject *into,
       JsonNode *from)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (from == NULL || !JSON_NODE_HOLDS_OBJECT (from))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (from));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    heddle_json_set_member (into, name, json_node_ref (value));
}

/* With the other name of the main output, as a run has it. */
static JsonNode *
make_view (JsonNode *result,
           const HeddleNodeType *type)
{
  JsonNode *output = heddle_json_member (result, "output");
  JsonObject *view;

  if (type == NULL || type->main_alias == NULL || output == NULL || heddle_json_member (result, type->main_alias) != NULL)
    return json_node_ref (result);
  view = json_object_new ();
  merge (view, result);
  json_object_set_member (view, type->main_alias, json_node_ref (output));
  return heddle_json_object (view);
}

/* {"output": …} made of what the type's example says comes out. */
static JsonNode *
make_example (const HeddleNodeType *type)
{
  g_autoptr (JsonNode) example = type != NULL && type->example != NULL ? heddle_json_parse (type->example, -1, NULL) : NULL;
  JsonObject *outputs = example != NULL ? heddle_json_get_object (example, "outputs") : NULL;
  g_autoptr (GList) values = outputs != NULL ? json_object_get_values (outputs) : NULL;
  g_autoptr (JsonNode) result = NULL;
  JsonObject *object;

  if (values == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_member (object, "output", json_node_ref (values->data));
  result = heddle_json_object (object);
  return make_view (result, type);
}

/* Without a result, which is null in expressions. */
static gboolean
is_over (HeddleSpan *span)
{
  HeddleSpanState state = span != NULL ? heddle_span_get_state (span) : HEDDLE_SPAN_PENDING;

  return state == HEDDLE_SPAN_SKIPPED || state == HEDDLE_SPAN_FAILED || state == HEDDLE_SPAN_CANCELLED;
}

static JsonNode *
dup_result (const HeddleParamContext *context,
            const HeddleNode *node,
            HeddleDataSource *source)
{
  JsonNode *result = get_attribute (context, node->id, "result");

  *source = HEDDLE_DATA_RUN;
  if (node->pin != NULL)
    {
      *source = HEDDLE_DATA_PIN;
      return make_view (node->pin, node->type);
    }
  if (result != NULL)
    return make_view (result, node->type);
  if (is_over (find_span (context, node->id)))
    return heddle_json_null ();
  *source = context->trace != NULL ? HEDDLE_DATA_NONE : HEDDLE_DATA_EXAMPLE;
  return context->trace == NULL ? make_example (node->type) : NULL;
}

gboolean
heddle_data_scope_is_around (const HeddleParamContext *context,
                             const HeddleNode *node)
{
  return node->type != NULL && (node->type->flags & HEDDLE_NODE_CONTAINER) != 0 &&
         heddle_graph_is_within (heddle_document_get_graph (context->document), context->node_id, node->id);
}

const HeddleNode *
heddle_data_scope_find_repeating (HeddleGraph *graph,
                                  const char *node_id)
{
  const HeddleNode *node = heddle_graph_find_node (graph, node_id);

  while (node != NULL && (node->type == NULL || (node->type->flags & HEDDLE_NODE_REPEATS) == 0))
    node = node->parent != NULL ? heddle_graph_find_node (graph, node->parent) : NULL;
  return node;
}

static int
get_index (const HeddleParamContext *context,
           const char *container)
{
  int last = -1;
  int chosen = context->trace != NULL ? heddle_trace_get_item (context->trace, container, &last) : -1;

  return chosen >= 0 ? chosen : last;
}

/* The item that is looked at; borrowed or NULL. */
static JsonNode *
get_item (const HeddleParamContext *context,
          const char *container)
{
  JsonArray *items = heddle_json_get_array (get_attribute (context, container, "params"), "items");
  int index = get_index (context, container);

  if (items == NULL || index < 0 || index >= (int) json_array_get_length (items))
    return NULL;
  return json_array_get_element (items, index);
}

/* What the node that leads to the end of the body gave in the round before. */
static JsonNode *
get_last (const HeddleParamContext *context,
          const char *container)
{
  JsonArray *results = heddle_json_get_array (get_attribute (context, container, "result"), "results");
  int index = get_index (context, container);

  if (results == NULL || index < 1 || index > (int) json_array_get_length (results))
    return NULL;
  return json_array_get_element (results, index - 1);
}

static JsonNode *
make_loop (const HeddleParamContext *context,
           HeddleDataSource *source)
{
  const HeddleNode *container = heddle_data_scope_find_repeating (heddle_document_get_graph (context->document), context->node_id);
  JsonObject *loop;
  JsonNode *item, *last;

  *source = container != NULL ? HEDDLE_DATA_NONE : HEDDLE_DATA_UNKNOWN;
  if (container == NULL || get_index (context, container->id) < 0)
    return NULL;
  *source = HEDDLE_DATA_RUN;
  loop = json_object_new ();
  item = get_item (context, container->id);
  last = get_last (context, container->id);
  json_object_set_int_member (loop, "index", get_index (context, container->id));
  json_object_set_member (loop, "item", item != NULL ? json_node_ref (item) : heddle_json_null ());
  json_object_set_member (loop, "last", last != NULL ? json_node_ref (last) : heddle_json_null ());
  return heddle_json_object (loop);
}

/* A container as its body sees it: what it hands in, with its members. */
static JsonNode *
make_inner_view (const HeddleParamContext *context,
                 const HeddleNode *container,
                 HeddleDataSource *source)
{
  gboolean repeats = (container->type->flags & HEDDLE_NODE_REPEATS) != 0;
  JsonNode *given = repeats ? get_item (context, container->id) : heddle_json_member (get_attribute (context, container->id, "inputs"), "in");
  JsonObject *view;

  *source = given != NULL ? HEDDLE_DATA_RUN : HEDDLE_DATA_NONE;
  if (given == NULL)
    return NULL;
  view = json_object_new ();
  merge (view, given);
  heddle_json_set_member (view, "item", json_node_ref (given));
  heddle_json_set_member (view, "output", json_node_ref (given));
  heddle_json_set_member (view, "index", heddle_json_int (MAX (get_index (context, container->id), 0)));
  return heddle_json_object (view);
}

static JsonNode *
dup_node (const HeddleParamContext *context,
          const HeddleNode *node,
          HeddleDataSource *source)
{
  return heddle_data_scope_is_around (context, node) ? make_inner_view (context, node, source) : dup_result (context, node, source);
}

/* What goes along an edge, by what is known of its source. */
static JsonNode *
dup_sent (const HeddleParamContext *context,
          const HeddleEdge *edge,
          HeddleDataSource *source)
{
  const HeddleNode *from = find_node (context, edge->from);
  g_autoptr (JsonNode) result = from != NULL ? dup_node (context, from, source) : NULL;
  JsonNode *value = heddle_json_member (result, strcmp (edge->from_port, HEDDLE_ERROR_PORT) == 0 ? "error" : "output");

  return value != NULL ? json_node_ref (value) : NULL;
}

/* Before the node has run: what would arrive, if all that leads to it did. */
static JsonNode *
guess_input (const HeddleParamContext *context,
             const HeddleNode *node,
             HeddleDataSource *source)
{
  GPtrArray *edges = heddle_graph_get_in_edges (heddle_document_get_graph (context->document), node->id);
  JsonObject *object;

  *source = HEDDLE_DATA_NONE;
  if (edges->len == 1)
    return dup_sent (context, g_ptr_array_index (edges, 0), source);
  if (edges->len == 0)
    return NULL;
  object = json_object_new ();
  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (edges, i);
      JsonNode *value = dup_sent (context, edge, source);

      if (value != NULL)
        json_object_set_member (object, edge->from, value);
    }
  return heddle_json_object (object);
}

static JsonNode *
dup_input (const HeddleParamContext *context,
           HeddleDataSource *source)
{
  const HeddleNode *node = find_node (context, context->node_id);
  JsonNode *inputs = node != NULL ? get_attribute (context, node->id, "inputs") : NULL;
  HeddleSpan *run = context->trace != NULL ? heddle_trace_get_root (context->trace) : NULL;
  JsonNode *input = run != NULL ? heddle_span_get_attribute (run, "input") : NULL;

  *source = HEDDLE_DATA_RUN;
  for (const HeddlePortSpec *port = node != NULL && node->type != NULL ? node->type->inputs : NULL; inputs != NULL && port != NULL && port->name != NULL; port++)
    {
      JsonNode *value = heddle_json_member (inputs, port->name);

      if (value != NULL)
        return json_node_ref (value);
    }
  if (node != NULL && node->type != NULL && (node->type->flags & HEDDLE_NODE_START) != 0 && input != NULL)
    return json_node_ref (input);
  if (node != NULL)
    return guess_input (context, node, source);
  *source = HEDDLE_DATA_NONE;
  return NULL;
}

/* As the Variable nodes of the run left them. */
static JsonNode *
make_variables (const HeddleParamContext *context,
                const char *scope,
                JsonObject *object)
{
  HeddleGraph *graph = heddle_document_get_graph (context->document);

  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);
      const char *name = heddle_params_get_string (node->params, "name", "");
      JsonNode *value;

      if (!g_str_equal (node->type_id, "variable") || !g_str_equal (heddle_params_get_string (node->params, "scope", "run"), scope))
        continue;
      value = heddle_json_member (get_attribute (context, node->id, "result"), "value");
      if (*name != '\0' && value != NULL)
        heddle_json_set_member (object, name, json_node_ref (value));
    }
  return heddle_json_object (object);
}

static JsonNode *
make_globals (const HeddleParamContext *context)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name, value;

  if (context->globals != NULL)
    {
      g_hash_table_iter_init (&iter, context->globals);
      while (g_hash_table_iter_next (&iter, &name, &value))
        json_object_set_member (object, name, json_node_ref (value));
    }
  return make_variables (context, "global", object);
}

static JsonNode *
make_env (const HeddleParamContext *context)
{
  JsonNode *env = json_object_get_member (heddle_graph_get_settings (heddle_document_get_graph (context->document)), "env");

  return env != NULL ? json_node_ref (env) : heddle_json_object (json_object_new ());
}

static JsonNode *
make_run (const HeddleParamContext *context,
          HeddleDataSource *source)
{
  JsonObject *object;
  g_autoptr (GDateTime) started = NULL;

  *source = HEDDLE_DATA_NONE;
  if (context->trace == NULL)
    return NULL;
  *source = HEDDLE_DATA_RUN;
  object = json_object_new ();
  started = g_date_time_new_from_unix_utc (heddle_trace_get_started (context->trace) / G_USEC_PER_SEC);
  json_object_set_member (object, "id", heddle_json_string (heddle_trace_get_run_id (context->trace)));
  if (started != NULL)
    {
      g_autofree char *text = g_date_time_format_iso8601 (started);

      json_object_set_member (object, "started", heddle_json_string (text));
    }
  json_object_set_member (object, "workflow", heddle_json_string (heddle_graph_get_name (heddle_document_get_graph (context->document))));
  return heddle_json_object (object);
}

JsonNode *
heddle_data_scope_dup_root (const HeddleParamContext *context,
                            const char *root,
                            HeddleDataSource *source)
{
  const HeddleNode *node = find_node (context, root);

  *source = HEDDLE_DATA_RUN;
  if (context->document == NULL)
    {
      *source = HEDDLE_DATA_UNKNOWN;
      return NULL;
    }
  if (node != NULL)
    return dup_node (context, node, source);
  if (g_str_equal (root, "input"))
    return dup_input (context, source);
  if (g_str_equal (root, "vars"))
    return make_variables (context, "run", json_object_new ());
  if (g_str_equal (root, "global"))
    return make_globals (context);
  if (g_str_equal (root, "env"))
    return make_env (context);
  if (g_str_equal (root, "run"))
    return make_run (context, source);
  if (g_str_equal (root, "loop") || g_str_equal (root, "map"))
    return make_loop (context, source);
  *source = g_str_equal (root, "args") || g_str_equal (root, "error") ? HEDDLE_DATA_NONE : HEDDLE_DATA_UNKNOWN;
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

/* A tool sees what the agents see that call it. */
static void
add_callers (HeddleGraph *graph,
             const char *node_id,
             GPtrArray *queue,
             GHashTable *seen)
{
  GPtrArray *edges = heddle_graph_get_out_edges (graph, node_id);

  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (edges, i);

      if (heddle_graph_is_tool_edge (graph, edge) && g_hash_table_add (seen, edge->to))
        g_ptr_array_add (queue, edge->to);
    }
}

/* Breadth first against the edges: nearest nodes come first. The nodes around a container follow those in it. */
GPtrArray *
heddle_data_scope_list_nodes (HeddleGraph *graph,
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

      add_callers (graph, g_ptr_array_index (queue, next), queue, seen);
      for (guint i = 0; i < edges->len; i++)
        {
          const HeddleEdge *edge = g_ptr_array_index (edges, i);

          if (is_from_within (graph, edge) || heddle_graph_is_tool_edge (graph, edge) || !g_hash_table_add (seen, edge->from))
            continue;
          g_ptr_array_add (names, g_strdup (edge->from));
          g_ptr_array_add (queue, edge->from);
        }
      if (node == NULL || node->parent == NULL || !g_hash_table_add (seen, node->parent))
        continue;
      g_ptr_array_add (names, g_strdup (node->parent));
      g_ptr_array_add (queue, node->parent);
    }
  return names;
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GHashTable) globals = user_data;
  g_autoptr (GPtrArray) variables = heddle_store_list_variables_finish (HEDDLE_STORE (object), result, NULL);

  if (variables == NULL)
    return;
  g_hash_table_remove_all (globals);
  for (guint i = 0; i < variables->len; i++)
    {
      const HeddleVariableInfo *info = g_ptr_array_index (variables, i);

      g_hash_table_replace (globals, g_strdup (info->name), json_node_ref (info->value));
    }
}

void
heddle_data_scope_read_globals (HeddleStore *store,
                                GHashTable *globals)
{
  g_return_if_fail (HEDDLE_IS_STORE (store) && globals != NULL);

  heddle_store_list_variables_async (store, NULL, listed_cb, g_hash_table_ref (globals));
}
