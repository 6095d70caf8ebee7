/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-subflow.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

/* A subflow as a workflow of its own, and a workflow as a subflow. */

typedef struct
{
  const HeddleSection *section;
  const char *subflow;
  JsonNode *fields; /* of what comes in */
  char *reason;
} Leaving;

static gboolean
has_field (JsonNode *fields, const char *path)
{
  g_autofree char *name = g_strndup (path, strcspn (path, ".["));
  JsonArray *list = fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) ? json_node_get_array (fields) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      if (strcmp (heddle_json_get_string (json_array_get_element (list, i), "name", ""), name) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
check_leaving (const HeddleNode *node, const HeddleReference *reference, gpointer data)
{
  Leaving *leaving = data;

  if (leaving->reason != NULL || heddle_node_id_is_reserved (reference->root) ||
      g_hash_table_contains (leaving->section->all, reference->root))
    return;
  if (strcmp (reference->root, leaving->subflow) == 0 &&
      (heddle_reference_is_of_output (reference) || has_field (leaving->fields, reference->path)))
    return;
  leaving->reason = g_strdup_printf (_ ("“%s” reads “$%s%s%s”, which is not in the subflow. Give the subflow a field for it, and read that."),
                                     heddle_node_get_title (node), reference->root, *reference->path != '\0' ? "." : "", reference->path);
}

static char *
refuse_leaving (const HeddleSection *section, const HeddleNode *subflow)
{
  Leaving leaving = { section, subflow->id, json_object_get_member (subflow->params, "inputs"), NULL };

  if (section->in->len > 0 && leaving.fields == NULL)
    return g_strdup_printf (_ ("“%s” does not say what comes in, and the Input of a workflow has to. Give it input fields first."), heddle_node_get_title (subflow));
  for (guint i = 0; leaving.reason == NULL && i < section->graph->nodes->len; i++)
    {
      const HeddleNode *node = heddle_graph_get_node (section->graph, i);

      if (g_hash_table_contains (section->all, node->id))
        heddle_node_foreach_reference (node, check_leaving, &leaving);
    }
  return leaving.reason;
}

static void
connect_all (HeddleDocument *document, const GPtrArray *links, const char *from, const char *to)
{
  for (guint i = 0; i < links->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (links, i);

      heddle_document_append_edge (document, from != NULL ? from : edge->from, from != NULL ? "out" : edge->from_port,
                                   to != NULL ? to : edge->to, to != NULL ? "in" : edge->to_port);
    }
}

static void
add_input (HeddleDocument *document, const HeddleSection *section, const HeddleNode *subflow)
{
  g_autoptr (JsonObject) params = json_object_new ();
  JsonNode *fields = json_object_get_member (subflow->params, "inputs");
  g_autofree char *input = NULL;

  if (fields == NULL)
    return;
  json_object_set_member (params, "fields", json_node_ref (fields));
  input = g_strdup (heddle_document_add_node (document, "input", params, subflow->x + HEDDLE_FRAME_SIDE - HEDDLE_CARD_WIDTH - 6 * HEDDLE_GRID,
                                              subflow->y + HEDDLE_FRAME_TOP));
  connect_all (document, section->in, input, NULL);
  heddle_document_rewrite_references (document, NULL, subflow->id, input);
}

static void
add_output (HeddleDocument *document, const HeddleSection *section, const HeddleNode *subflow)
{
  g_autofree char *output = NULL;

  if (section->out->len == 0)
    return;
  output = g_strdup (heddle_document_add_node (document, "output", NULL, subflow->x + subflow->width - HEDDLE_FRAME_SIDE + 6 * HEDDLE_GRID,
                                               subflow->y + HEDDLE_FRAME_TOP));
  connect_all (document, section->out, NULL, output);
}

/* The subflow's own name is free in there, as nodes cannot have it, so that references to it are found. */
char *
heddle_document_dup_subflow_json (HeddleDocument *self, const char *id, GError **error)
{
  g_autoptr (HeddleSection) section = NULL;
  g_autoptr (GPtrArray) children = NULL;
  g_autoptr (HeddleGraph) part = NULL;
  g_autoptr (HeddleDocument) document = NULL;
  g_autofree char *json = NULL;
  const HeddleNode *subflow;
  HeddleGraph *graph;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  graph = heddle_document_get_graph (self);
  subflow = heddle_graph_find_node (graph, id);
  g_return_val_if_fail (subflow != NULL, NULL);

  children = heddle_graph_list_children (graph, id);
  if (children->len == 0 && heddle_document_refuse (error, g_strdup (_ ("The frame is empty. Drag nodes into it."))))
    return NULL;
  g_ptr_array_add (children, NULL);
  section = heddle_section_new (graph, (const char *const *) children->pdata);
  if (heddle_document_refuse (error, refuse_leaving (section, subflow)))
    return NULL;
  json = heddle_graph_selection_to_json (graph, (const char *const *) children->pdata);
  part = heddle_graph_new_from_json (json, -1, error);
  if (part == NULL)
    return NULL;

  document = heddle_document_new (part);
  heddle_document_begin (document, "");
  heddle_document_set_name (document, heddle_node_get_title (subflow));
  add_input (document, section, subflow);
  add_output (document, section, subflow);
  heddle_document_end (document);
  return heddle_graph_to_json (part);
}

/* A workflow that is to become a body. */
typedef struct
{
  HeddleGraph *graph;
  const HeddleNode *input;
  const HeddleNode *output;
  GPtrArray *ids;         /* char*: its other nodes that are in no frame, NULL at the end */
  HeddleSection *section; /* those */
  char *reason;
} Called;

static void
called_clear (Called *self)
{
  g_clear_object (&self->graph);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_pointer (&self->section, heddle_section_free);
  g_free (self->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Called, called_clear)

static char *
sort_node (Called *self, const HeddleNode *node)
{
  HeddleNodeFlags flags = node->type != NULL ? node->type->flags : HEDDLE_NODE_NONE;

  if ((flags & HEDDLE_NODE_TRIGGER) != 0 || ((flags & HEDDLE_NODE_START) != 0 && self->input != NULL))
    return g_strdup (_ ("That workflow can begin in several ways, and a subflow has one. Keep it as a workflow of its own."));
  if ((flags & HEDDLE_NODE_FINISH) != 0 && (self->output != NULL || node->parent != NULL))
    return g_strdup (_ ("That workflow has several Outputs, and a subflow has one end. Let one of them take all."));
  if ((flags & (HEDDLE_NODE_START | HEDDLE_NODE_FINISH)) != 0 && node->mode != HEDDLE_NODE_ON)
    return g_strdup (_ ("The Input or the Output of that workflow is off or bypassed. Turn it on there first."));
  if ((flags & HEDDLE_NODE_START) != 0)
    self->input = node;
  else if ((flags & HEDDLE_NODE_FINISH) != 0)
    self->output = node;
  else if (node->parent == NULL)
    g_ptr_array_add (self->ids, node->id);
  return NULL;
}

/* What a workflow has for itself: a run of its own, variables, constants. */
static void
check_own (const HeddleNode *node, const HeddleReference *reference, gpointer data)
{
  static const char *const own[] = { "vars", "env", "run", NULL };
  Called *self = data;

  if (self->reason != NULL)
    return;
  if (g_strv_contains (own, reference->root))
    self->reason = g_strdup_printf (_ ("“%s” reads “$%s”, which is another one in this workflow. Keep that workflow as one of its own."),
                                    heddle_node_get_title (node), reference->root);
  else if (self->output != NULL && strcmp (reference->root, self->output->id) == 0)
    self->reason = g_strdup_printf (_ ("“%s” reads the Output, which goes. Let it read another node first."), heddle_node_get_title (node));
}

static gboolean
gives_what_arrives (const HeddleNode *output)
{
  g_autofree char *value = g_strdup (heddle_params_get_string (output->params, "value", ""));

  g_strstrip (value);
  return *value == '\0' || strcmp (value, "{{ $input }}") == 0;
}

static char *
refuse_called (Called *self)
{
  for (guint i = 0; self->reason == NULL && i < self->graph->nodes->len; i++)
    {
      const HeddleNode *node = heddle_graph_get_node (self->graph, i);

      self->reason = sort_node (self, node);
      if (self->reason == NULL && strcmp (node->type_id, "variable") == 0 && strcmp (heddle_params_get_string (node->params, "scope", "run"), "run") == 0)
        self->reason = g_strdup (_ ("That workflow sets variables, which are its own as long as it runs by itself. Keep it as a workflow of its own."));
    }
  for (guint i = 0; self->reason == NULL && i < self->graph->nodes->len; i++)
    heddle_node_foreach_reference (heddle_graph_get_node (self->graph, i), check_own, self);
  if (self->reason != NULL)
    return g_steal_pointer (&self->reason);
  if (self->input == NULL || self->output == NULL || self->ids->len == 0)
    return g_strdup (_ ("That workflow needs an Input, an Output, and something between them to become a subflow."));
  if (!gives_what_arrives (self->output))
    return g_strdup (_ ("The Output of that workflow makes its value itself. Let it give what arrives there, and make the value in a node before it."));
  return NULL;
}

/* What leads to and from the body goes over its Input and Output alone, whose names are in no value. */
static char *
refuse_called_edges (Called *self)
{
  g_ptr_array_add (self->ids, NULL);
  self->section = heddle_section_new (self->graph, (const char *const *) self->ids->pdata);
  return heddle_section_refuse_joins (self->section, self->section->in);
}

static char *
refuse_caller (HeddleGraph *graph, const HeddleNode *node)
{
  const char *input = heddle_params_get_string (node->params, "input", "{{ $input }}");

  if (strcmp (node->type_id, "sub-workflow") != 0)
    return g_strdup_printf (_ ("“%s” runs no other workflow."), heddle_node_get_title (node));
  if (heddle_graph_is_tool (graph, node->id))
    return g_strdup_printf (_ ("“%s” is a tool, and a subflow cannot be one."), heddle_node_get_title (node));
  if (strcmp (input, "{{ $input }}") != 0)
    return g_strdup_printf (_ ("“%s” makes the input of the workflow itself. Make it in a node before it, and hand on {{ $input }}."), heddle_node_get_title (node));
  return NULL;
}

/* The same name and place, other things around it stay: edges, title, policy. */
static void
replace_node (HeddleDocument *self, const HeddleNode *node, const HeddleNode *input)
{
  HeddleNode *subflow = heddle_node_new (node->id, "subflow");
  g_autoptr (JsonNode) fields = heddle_params_dup_value (input->type, input->params, "fields");
  JsonObject *params = json_object_new ();
  guint index = node->index;

  if (fields != NULL)
    json_object_set_member (params, "inputs", json_node_ref (fields));
  heddle_node_take_params (subflow, params);
  subflow->title = g_strdup (node->title);
  subflow->mode = node->mode;
  subflow->parent = g_strdup (node->parent);
  subflow->policy = node->policy != NULL ? json_object_ref (node->policy) : NULL;
  subflow->x = node->x;
  subflow->y = node->y;
  subflow->width = HEDDLE_FRAME_WIDTH;
  subflow->height = HEDDLE_FRAME_HEIGHT;
  heddle_document_apply (self, heddle_edit_new_for_node (node, index, FALSE));
  heddle_document_apply (self, heddle_edit_new_for_node (subflow, index, TRUE));
  heddle_node_free (subflow);
}

/* Names of the nodes of a part and what they are called after pasting; those of nodes come first, in the order of the part. */
static GHashTable *
list_names (HeddleGraph *part, char **pasted)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < heddle_graph_get_n_nodes (part); i++)
    g_hash_table_insert (names, g_strdup (heddle_graph_get_node (part, i)->id), g_strdup (pasted[i]));
  return names;
}

static void
wire_body (HeddleDocument *self, const Called *called, GHashTable *names, const char *subflow)
{
  for (guint i = 0; i < called->section->in->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (called->section->in, i);

      heddle_document_append_edge (self, subflow, HEDDLE_SUBFLOW_START, g_hash_table_lookup (names, edge->to), edge->to_port);
    }
  for (guint i = 0; i < called->section->out->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (called->section->out, i);

      heddle_document_append_edge (self, g_hash_table_lookup (names, edge->from), edge->from_port, subflow, HEDDLE_SUBFLOW_END);
    }
}

static void
rename_input (HeddleDocument *self, GHashTable *names, const char *input, const char *subflow)
{
  g_autoptr (GHashTable) pasted = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, NULL, &name))
    g_hash_table_add (pasted, name);
  heddle_document_rewrite_references (self, pasted, input, subflow);
}

/* Inside the open group. */
static gboolean
put_in_place (HeddleDocument *self, const HeddleNode *node, const Called *called, GError **error)
{
  g_autofree char *subflow = g_strdup (node->id);
  g_autofree char *json = heddle_graph_selection_to_json (called->graph, (const char *const *) called->ids->pdata);
  g_autoptr (HeddleGraph) part = heddle_graph_new_from_json (json, -1, error);
  g_auto (GStrv) pasted = NULL;
  g_autoptr (GHashTable) names = NULL;
  double x = node->x + HEDDLE_FRAME_SIDE;
  double y = node->y + HEDDLE_FRAME_TOP;

  if (part == NULL)
    return FALSE;
  replace_node (self, node, called->input);
  pasted = heddle_document_paste (self, json, x, y, error);
  if (pasted == NULL)
    return FALSE;
  names = list_names (part, pasted);
  for (guint i = 0; g_ptr_array_index (called->ids, i) != NULL; i++)
    heddle_document_put_into (self, g_hash_table_lookup (names, g_ptr_array_index (called->ids, i)), subflow);
  wire_body (self, called, names, subflow);
  rename_input (self, names, called->input->id, subflow);
  return TRUE;
}

const char *
heddle_document_inline_workflow (HeddleDocument *self, const char *id, const char *json, GError **error)
{
  g_auto (Called) called = { 0 };
  const HeddleNode *node;
  HeddleGraph *graph;
  char *subflow;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), NULL);
  g_return_val_if_fail (id != NULL && json != NULL, NULL);

  graph = heddle_document_get_graph (self);
  node = heddle_graph_find_node (graph, id);
  g_return_val_if_fail (node != NULL, NULL);

  called.graph = heddle_graph_new_from_json (json, -1, error);
  if (called.graph == NULL)
    return NULL;
  called.ids = g_ptr_array_new ();
  if (heddle_document_refuse (error, refuse_caller (graph, node)) || heddle_document_refuse (error, refuse_called (&called)) ||
      heddle_document_refuse (error, refuse_called_edges (&called)))
    return NULL;

  subflow = g_strdup (id);
  heddle_document_begin (self, _ ("Inline Workflow"));
  if (!put_in_place (self, node, &called, error))
    {
      heddle_document_abort (self);
      g_free (subflow);
      return NULL;
    }
  heddle_document_end (self);
  return heddle_document_lend_id (self, subflow);
}
