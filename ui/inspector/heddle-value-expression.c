/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-value-expression.h"

#include "inspector/heddle-data-scope.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define OUTPUT ".output"

static HeddleGraph *
get_graph (const HeddleParamContext *context)
{
  return heddle_document_get_graph (context->document);
}

static char *
refuse (GError **error,
        char *reason)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, reason);
  g_free (reason);
  return NULL;
}

static gboolean
is_around (const HeddleParamContext *context,
           const char *container)
{
  return heddle_graph_is_within (get_graph (context), context->node_id, container);
}

/* The outermost frame that the value's node is in and the context's node is not; NULL: none is between them. */
static const HeddleNode *
find_frame_between (const HeddleParamContext *context,
                    const HeddleNode *node)
{
  const HeddleNode *between = NULL;

  while (node != NULL && node->parent != NULL)
    {
      node = heddle_graph_find_node (get_graph (context), node->parent);
      if (node != NULL && !is_around (context, node->id))
        between = node;
    }
  return between;
}

static gboolean
runs_before (const HeddleParamContext *context,
             const char *id)
{
  g_autoptr (GPtrArray) nodes = heddle_data_scope_list_nodes (get_graph (context), context->node_id);

  return g_ptr_array_find_with_equal_func (nodes, id, g_str_equal, NULL);
}

static char *
say_result (const HeddleParamContext *context,
            const HeddleNode *node,
            const char *path,
            GError **error)
{
  if (is_around (context, node->id))
    return refuse (error, g_strdup_printf (_ ("“%s” is the frame around this node, and has its result only after its nodes have run."), heddle_node_get_title (node)));
  if (!runs_before (context, node->id))
    return refuse (error, g_strdup_printf (_ ("“%s” does not run before this node. Connect them first."), heddle_node_get_title (node)));
  return g_strconcat ("$", node->id, path, NULL);
}

/* Which item or round of the container it was; -1: it cannot be told. */
static int
find_index (const char *scope,
            const char *container)
{
  g_auto (GStrv) parts = g_strsplit (scope != NULL ? scope : "", "/", -1);
  gsize length = strlen (container);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint64 index;

      if (strncmp (parts[i], container, length) == 0 && parts[i][length] == '#' && g_ascii_string_to_unsigned (parts[i] + length + 1, 10, 0, G_MAXINT, &index, NULL))
        return (int) index;
    }
  return -1;
}

/* Whether the node's output is what the frame's body comes to. */
static gboolean
ends_body (const HeddleParamContext *context,
           const HeddleNode *node,
           const char *container)
{
  GPtrArray *edges = heddle_graph_get_out_edges (get_graph (context), node->id);

  for (guint i = 0; i < edges->len; i++)
    {
      if (strcmp (((const HeddleEdge *) g_ptr_array_index (edges, i))->to, container) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What a map gave for an item stands in its list; some may be left out of it, so it is looked up where that can be. */
static gboolean
has_element (const HeddleParamContext *context,
             const char *container,
             guint index)
{
  HeddleSpan *span = context->trace != NULL ? heddle_trace_find_node (context->trace, container) : NULL;
  JsonNode *result = span != NULL ? heddle_span_get_attribute (span, "result") : NULL;
  JsonArray *list = heddle_json_get_array (result, "output");
  gint64 count = heddle_json_get_int (result, "count", -1);

  return list != NULL && json_array_get_length (list) == count && index < json_array_get_length (list);
}

static char *
say_inner_result (const HeddleParamContext *context,
                  const HeddleNode *frame,
                  const HeddleNode *node,
                  const HeddleValueOrigin *origin,
                  GError **error)
{
  int index = find_index (origin->scope, frame->id);
  gboolean is_end = g_strcmp0 (node->parent, frame->id) == 0 && g_str_has_prefix (origin->path, OUTPUT) && ends_body (context, node, frame->id);
  g_autofree char *path = NULL;

  if (is_end && g_str_equal (frame->type_id, "subflow"))
    return say_result (context, frame, origin->path, error);
  if (is_end && g_str_equal (frame->type_id, "map") && index >= 0 && has_element (context, frame->id, (guint) index))
    {
      path = g_strdup_printf (OUTPUT "[%d]%s", index, origin->path + strlen (OUTPUT));
      return say_result (context, frame, path, error);
    }
  return refuse (error, g_strdup_printf (_ ("“%s” is in the frame of “%s”, and only nodes in there can read it. Take a value of the result of “%s”."),
                                         heddle_node_get_title (node), heddle_node_get_title (frame), heddle_node_get_title (frame)));
}

/* What arrived elsewhere is what its source gave. */
static char *
say_input (const HeddleParamContext *context,
           const HeddleNode *node,
           const HeddleValueOrigin *origin,
           GError **error)
{
  GPtrArray *edges = heddle_graph_get_in_edges (get_graph (context), node->id);
  const HeddleEdge *only = NULL;
  const HeddleNode *source;
  g_autofree char *path = NULL;
  guint n = 0;

  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (edges, i);

      if (strcmp (edge->to_port, origin->port) == 0 && n++ == 0)
        only = edge;
    }
  if (strcmp (node->id, context->node_id) == 0 && (n == 0 || only == g_ptr_array_index (edges, 0)))
    return g_strconcat ("$input", origin->path, NULL);
  source = n == 1 ? heddle_graph_find_node (get_graph (context), only->from) : NULL;
  if (source == NULL || strcmp (only->from_port, HEDDLE_ERROR_PORT) == 0)
    return refuse (error, g_strdup_printf (_ ("This arrived at “%s”. Take it from the result of the node that it came from."), heddle_node_get_title (node)));
  path = g_strconcat (is_around (context, source->id) ? ".item" : OUTPUT, origin->path, NULL);
  return is_around (context, source->id) ? g_strconcat ("$", source->id, path, NULL) : say_result (context, source, path, error);
}

static char *
say_item (const HeddleParamContext *context,
          const HeddleNode *container,
          const HeddleValueOrigin *origin,
          GError **error)
{
  if (is_around (context, container->id))
    return g_strconcat ("$", container->id, ".item", origin->path, NULL);
  return refuse (error, g_strdup_printf (_ ("An item of “%s” can be read only by the nodes in its frame."), heddle_node_get_title (container)));
}

char *
heddle_value_expression_dup (const HeddleParamContext *context,
                             const HeddleValueOrigin *origin,
                             GError **error)
{
  const HeddleNode *node;
  const HeddleNode *frame;

  g_return_val_if_fail (context->document != NULL && context->node_id != NULL && origin != NULL, NULL);

  if (origin->kind == HEDDLE_ORIGIN_ROOT)
    return heddle_value_origin_to_expression (origin);
  if (origin->kind == HEDDLE_ORIGIN_RECORD || origin->kind == HEDDLE_ORIGIN_NONE)
    return refuse (error, g_strdup (_ ("Expressions cannot read this, only what nodes gave and what arrived at them. Copy the value instead.")));
  node = heddle_graph_find_node (get_graph (context), origin->node);
  if (node == NULL)
    return refuse (error, g_strdup (_ ("The node that gave this is no longer in the workflow.")));
  if (origin->kind == HEDDLE_ORIGIN_ITEM)
    return say_item (context, node, origin, error);
  if (origin->kind == HEDDLE_ORIGIN_INPUT)
    return say_input (context, node, origin, error);
  if (strcmp (node->id, context->node_id) == 0)
    return refuse (error, g_strdup (_ ("A node has its own result only after it has run. Take a value of a node before it.")));
  frame = find_frame_between (context, node);
  return frame != NULL ? say_inner_result (context, frame, node, origin, error) : say_result (context, node, origin->path, error);
}
