/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "expr/heddle-expr.h"
#include "heddle-error.h"
#include "registry/heddle-policy.h"
#include "value/heddle-json.h"

/* Parameters, and renaming, which rewrites them. */

static gboolean
contains (GPtrArray *names, const char *name)
{
  return g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL);
}

/* When one port of several got another name, that name; typing the name of a case must not cut its edge. */
static const char *
find_new_name (GPtrArray *before, GPtrArray *after, const char *port)
{
  const char *new_name = NULL;

  if (before->len != after->len)
    return NULL;
  for (guint i = 0; i < before->len; i++)
    {
      const char *old = g_ptr_array_index (before, i);
      const char *new = g_ptr_array_index (after, i);

      if (strcmp (old, port) == 0 && !contains (before, new))
        new_name = new;
      else if (strcmp (old, new) != 0)
        return NULL;
    }
  return new_name;
}

static void
rename_port (HeddleDocument *self, const HeddleEdge *edge, const char *port)
{
  HeddleEdge changed = *edge;

  changed.from_port = (char *) port;
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_EDGE, NULL,
                                                heddle_graph_get_edge_index (heddle_document_get_graph (self), edge),
                                                heddle_edge_to_json (edge), heddle_edge_to_json (&changed)));
}

/* Edges follow a renamed port and go with a removed one. */
static void
adapt_edges (HeddleDocument *self, const char *id, GPtrArray *before)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  g_autoptr (GPtrArray) after = heddle_node_list_outputs (heddle_graph_find_node (graph, id));
  GPtrArray *edges = heddle_graph_get_out_edges (graph, id);

  for (guint i = edges->len; i > 0; i--)
    {
      const HeddleEdge *edge = g_ptr_array_index (edges, i - 1);
      const char *new_name;

      if (contains (after, edge->from_port) || !contains (before, edge->from_port))
        continue;
      new_name = find_new_name (before, after, edge->from_port);
      if (new_name != NULL)
        rename_port (self, edge, new_name);
      else
        heddle_document_remove_edge (self, edge);
      edges = heddle_graph_get_out_edges (graph, id);
    }
}

static gboolean
is_same (JsonNode *a, JsonNode *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return heddle_json_equal (a, b);
}

static void
apply_param (HeddleDocument *self, const HeddleNode *node, const char *param, JsonNode *value)
{
  JsonNode *old = json_object_get_member (node->params, param);
  g_autofree char *key = g_strconcat (node->id, ".", param, NULL);

  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_PARAM, key, heddle_node_get_param_index (node, param),
                                                old != NULL ? json_node_ref (old) : NULL,
                                                value != NULL ? json_node_ref (value) : NULL));
}

JsonNode *
heddle_document_dup_sealed (JsonNode *value)
{
  JsonNode *copy = json_node_is_immutable (value) ? json_node_ref (value) : json_node_copy (value);

  json_node_seal (copy);
  return copy;
}

void
heddle_document_set_param (HeddleDocument *self, const char *id, const char *param, JsonNode *value)
{
  const HeddleNode *node;
  g_autoptr (GPtrArray) outputs = NULL;
  g_autoptr (JsonNode) sealed = NULL;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (id != NULL && param != NULL);

  node = heddle_graph_find_node (heddle_document_get_graph (self), id);
  g_return_if_fail (node != NULL);

  if (value != NULL && !heddle_param_is_default (node->type, param, value))
    sealed = heddle_document_dup_sealed (value);
  if (is_same (json_object_get_member (node->params, param), sealed))
    return;

  outputs = heddle_node_list_outputs (node);
  heddle_document_begin_typing (self, _ ("Edit Parameter"));
  apply_param (self, node, param, sealed);
  adapt_edges (self, id, outputs);
  heddle_document_end (self);
}

void
heddle_document_set_params (HeddleDocument *self, const char *const *ids, const char *param, JsonNode *value)
{
  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (ids != NULL && param != NULL);

  heddle_document_begin_typing (self, _ ("Edit Parameter"));
  for (guint i = 0; ids[i] != NULL; i++)
    heddle_document_set_param (self, ids[i], param, value);
  heddle_document_end (self);
}

void
heddle_document_set_node_object (HeddleDocument *self, const char *id, const char *name, JsonObject *object)
{
  const HeddleNode *node;
  g_autoptr (JsonNode) old = NULL;
  g_autoptr (JsonNode) value = NULL;
  g_autoptr (GPtrArray) outputs = NULL;
  g_autofree char *key = NULL;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (id != NULL && name != NULL && heddle_node_is_object_name (name));

  node = heddle_graph_find_node (heddle_document_get_graph (self), id);
  g_return_if_fail (node != NULL);

  old = heddle_node_dup_object (node, name);
  if (object != NULL && json_object_get_size (object) > 0)
    {
      g_autoptr (JsonNode) node_of_object = json_node_init_object (json_node_alloc (), object);

      value = heddle_document_dup_sealed (node_of_object);
    }
  if (is_same (old, value))
    return;

  key = g_strconcat (id, ".", name, NULL);
  outputs = heddle_node_list_outputs (node);
  heddle_document_begin_typing (self, _ ("Edit Node"));
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_OBJECT, key, 0, g_steal_pointer (&old), g_steal_pointer (&value)));
  adapt_edges (self, id, outputs);
  heddle_document_end (self);
}

static void
replace_params (HeddleDocument *self, const char *id, JsonObject *params)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, params);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      const HeddleNode *node = heddle_graph_find_node (graph, id);

      if (!is_same (json_object_get_member (node->params, name), value))
        apply_param (self, node, name, value);
    }
}

typedef struct
{
  const char *mark; /* "$old" */
  const char *old_id;
  const char *new_id;
} Renaming;

static char *
rename_in_text (const char *param, const char *text, gboolean is_expression, gpointer data)
{
  Renaming *renaming = data;

  if (strstr (text, renaming->mark) == NULL)
    return NULL;
  if (is_expression)
    return heddle_expr_rename (text, renaming->old_id, renaming->new_id);
  return heddle_template_rename (text, renaming->old_id, renaming->new_id);
}

static void
rewrite_policy (HeddleDocument *self, const HeddleNode *node, Renaming *renaming)
{
  JsonObject *policy = node->policy != NULL ? heddle_params_map_texts (&heddle_policy_type, node->policy, rename_in_text, renaming) : NULL;

  if (policy == NULL)
    return;
  heddle_document_set_node_object (self, node->id, "policy", policy);
  json_object_unref (policy);
}

void
heddle_document_rewrite_references (HeddleDocument *self, GHashTable *nodes, const char *old_id, const char *new_id)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  g_autofree char *mark = g_strconcat ("$", old_id, NULL);
  Renaming renaming = { mark, old_id, new_id };

  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);
      JsonObject *params;

      if (nodes != NULL && !g_hash_table_contains (nodes, node->id))
        continue;
      params = heddle_params_map_texts (node->type, node->params, rename_in_text, &renaming);
      rewrite_policy (self, node, &renaming);
      if (params == NULL)
        continue;
      replace_params (self, node->id, params);
      json_object_unref (params);
    }
}

gboolean
heddle_document_rename (HeddleDocument *self, const char *id, const char *new_id, GError **error)
{
  g_autofree char *old_id = g_strdup (id);
  HeddleGraph *graph;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (id != NULL && new_id != NULL, FALSE);

  graph = heddle_document_get_graph (self);
  g_return_val_if_fail (heddle_graph_find_node (graph, id) != NULL, FALSE);

  if (strcmp (id, new_id) == 0)
    return TRUE;
  if (!heddle_node_id_check (new_id, error))
    return FALSE;
  if (heddle_graph_has_id (graph, new_id))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is already taken. Choose another name."), new_id);
      return FALSE;
    }

  heddle_document_begin (self, _ ("Rename"));
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_ID, NULL, 0, heddle_json_string (old_id), heddle_json_string (new_id)));
  heddle_document_rewrite_references (self, NULL, old_id, new_id);
  heddle_document_end (self);
  return TRUE;
}
