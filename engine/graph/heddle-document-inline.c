/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-subflow.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

/* The body of a subflow takes its place. */

typedef struct
{
  HeddleVertex *subflow;
  HeddleSection *section; /* its body */
  GPtrArray *before;      /* HeddleLink*: to the subflow */
  GPtrArray *after;       /* from it */
  HeddleVertex *source;   /* the one whose output is what comes in, or NULL */
  HeddleVertex *end;      /* the one whose output is what goes out, or NULL */
  GHashTable *inner;      /* set of ids inside that read what comes in by the subflow's name */
  GHashTable *outer;      /* set of ids outside that read what goes out */
  char *reason;
} Inline;

static void
inline_clear (Inline *self)
{
  g_clear_pointer (&self->section, heddle_section_free);
  g_ptr_array_unref (self->before);
  g_ptr_array_unref (self->after);
  g_hash_table_unref (self->inner);
  g_hash_table_unref (self->outer);
  g_free (self->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inline, inline_clear)

static HeddleVertex *
find_only_source (const GPtrArray *links)
{
  HeddleLink *link = links->len == 1 ? g_ptr_array_index (links, 0) : NULL;

  return link != NULL && heddle_vertex_is_plain (link->from) ? link->from : NULL;
}

static void
collect (Inline *self, HeddleGraph *graph, const char *id)
{
  g_autoptr (GPtrArray) children = heddle_graph_list_children (graph, id);

  self->subflow = heddle_graph_find_vertex (graph, id);
  self->before = g_ptr_array_new ();
  self->after = g_ptr_array_new ();
  self->inner = g_hash_table_new (g_str_hash, g_str_equal);
  self->outer = g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (children, NULL);
  self->section = heddle_section_new (graph, (const char *const *) children->pdata);
  for (guint i = 0; i < self->subflow->in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (self->subflow->in, i);

      if (!heddle_node_has_inner_input (self->subflow->node, link->edge.to_port))
        g_ptr_array_add (self->before, link);
    }
  for (guint i = 0; i < self->subflow->out->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (self->subflow->out, i);

      if (!heddle_node_has_inner_output (self->subflow->node, link->edge.from_port))
        g_ptr_array_add (self->after, link);
    }
  self->source = find_only_source (self->before);
  self->end = find_only_source (self->section->out);
}

static gboolean
has_fields (const HeddleNode *node, const char *param)
{
  JsonNode *fields = json_object_get_member (node->params, param);

  return fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) && json_array_get_length (json_node_get_array (fields)) > 0;
}

/* What the subflow does itself. */
static char *
refuse_subflow (const HeddleVertex *vertex)
{
  const HeddleNode *node = vertex->node;
  const char *title = heddle_node_get_title (node);

  if (strcmp (node->type_id, "subflow") != 0)
    return g_strdup_printf (_ ("“%s” is no subflow. Only a Subflow can be taken away around its nodes."), title);
  if (vertex->children->len == 0)
    return g_strdup (_ ("The frame is empty. Delete it instead."));
  if (has_fields (node, "inputs") || has_fields (node, "outputs"))
    return g_strdup_printf (_ ("“%s” checks the fields of what comes in or goes out, which nobody would do then. Remove its fields first."), title);
  if (node->policy != NULL)
    return g_strdup_printf (_ ("“%s” says itself how it runs and what happens when it fails. Set that back to what is usual first."), title);
  if (node->mode != HEDDLE_NODE_ON)
    return g_strdup_printf (_ ("“%s” is off or bypassed, and its nodes would run then. Turn it on first."), title);
  if (node->pin != NULL)
    return g_strdup_printf (_ ("The result of “%s” is pinned. Unpin it first."), title);
  return NULL;
}

static gboolean
goes_over_frame (const Inline *self, const GPtrArray *links, gboolean in)
{
  for (guint i = 0; i < links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (links, i);

      if ((in ? link->from : link->to) != self->subflow || !heddle_link_is_inner (link))
        return TRUE;
    }
  return FALSE;
}

/* What is unknown may wait for all of its edges. */
static HeddleJoin
get_join (const HeddleNode *node, const char *input)
{
  const HeddlePortSpec *port;

  if (node->type == NULL)
    return HEDDLE_JOIN_ALL;
  port = heddle_node_type_find_input (node->type, input);
  if (port == NULL)
    return HEDDLE_JOIN_ANY;
  return node->type->get_join != NULL ? node->type->get_join (node->params, port->name) : port->join;
}

/* Several edges take the place of one: the values are joined there as they were at the frame, if nothing else arrives there. */
static char *
refuse_multiplied (const GPtrArray *links)
{
  for (guint i = 0; i < links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (links, i);
      const HeddleNode *to = link->to->node;
      guint n_edges = 0;

      if (to == NULL)
        continue;
      for (guint j = 0; j < link->to->in->len; j++)
        n_edges += strcmp (((HeddleLink *) g_ptr_array_index (link->to->in, j))->edge.to_port, link->edge.to_port) == 0;
      if (n_edges > 1 || get_join (to, link->edge.to_port) != HEDDLE_JOIN_ANY)
        return g_strdup_printf (_ ("“%s” would get several values instead of one. Put a Merge before it first."), heddle_node_get_title (to));
    }
  return NULL;
}

static char *
refuse_edges (const Inline *self)
{
  const HeddleSection *section = self->section;
  char *reason;

  if (goes_over_frame (self, section->in, TRUE) || goes_over_frame (self, section->out, FALSE))
    return g_strdup (_ ("A connection leads over the frame. Delete it first."));
  if (self->after->len > 0 && section->out->len == 0)
    return g_strdup (_ ("Nothing leads to the end of the subflow, so what follows it gets null. Connect its last node to the end first."));
  reason = self->before->len == 1 ? heddle_section_refuse_joins (section, section->in) : refuse_multiplied (section->in);
  if (reason == NULL)
    reason = section->out->len == 1 ? heddle_section_refuse_joins (section, self->after) : refuse_multiplied (self->after);
  if (reason == NULL && self->after->len > 0)
    reason = heddle_section_refuse_ends (section);
  return reason;
}

static void
check_reference (const HeddleNode *node, const HeddleReference *reference, gpointer data)
{
  Inline *self = data;
  gboolean is_inside = g_hash_table_contains (self->section->all, node->id);

  if (self->reason != NULL || strcmp (reference->root, self->subflow->id) != 0)
    return;
  if ((is_inside ? self->source : self->end) != NULL && heddle_reference_is_of_output (reference))
    g_hash_table_add (is_inside ? self->inner : self->outer, (gpointer) node->id);
  else
    self->reason = g_strdup_printf (_ ("“%s” reads “$%s%s%s”, which nobody has then. Let it read another node first."), heddle_node_get_title (node),
                                    reference->root, *reference->path != '\0' ? "." : "", reference->path);
}

static char *
refuse_readers (Inline *self)
{
  for (guint i = 0; self->reason == NULL && i < self->section->graph->nodes->len; i++)
    heddle_node_foreach_reference (heddle_graph_get_node (self->section->graph, i), check_reference, self);
  return g_steal_pointer (&self->reason);
}

static char *
refuse_inline (Inline *self)
{
  char *reason = refuse_subflow (self->subflow);

  if (reason == NULL)
    reason = heddle_section_refuse_nodes (self->section, self->before->len > 0);
  if (reason == NULL)
    reason = refuse_edges (self);
  return reason != NULL ? reason : refuse_readers (self);
}

/* Edges that take the place of one; it goes when there are none. */
typedef struct
{
  guint index;
  GPtrArray *edges; /* HeddleEdge* */
} Replacement;

static void
replacement_clear (gpointer data)
{
  Replacement *replacement = data;

  g_ptr_array_unref (replacement->edges);
}

/* From where the first comes to where the second leads, on their ways. */
static HeddleEdge *
join_edges (const HeddleEdge *first, const HeddleEdge *second)
{
  HeddleEdge *edge = heddle_edge_new (first->from, first->from_port, second->to, second->to_port);

  edge->n_points = first->n_points + second->n_points;
  edge->points = g_new (HeddlePoint, edge->n_points);
  for (guint i = 0; i < edge->n_points; i++)
    edge->points[i] = i < first->n_points ? first->points[i] : second->points[i - first->n_points];
  return edge;
}

/* Each of links by one from each source. */
static void
replace_by_sources (GArray *replacements, const GPtrArray *links, const GPtrArray *sources)
{
  for (guint i = 0; i < links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (links, i);
      Replacement replacement = { link->index, g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_edge_free) };

      for (guint j = 0; sources != NULL && j < sources->len; j++)
        {
          const HeddleEdge *source = g_ptr_array_index (sources, j);

          g_ptr_array_add (replacement.edges, join_edges (source, &link->edge));
        }
      g_array_append_val (replacements, replacement);
    }
}

static int
compare_descending (gconstpointer a, gconstpointer b)
{
  guint first = ((const Replacement *) a)->index;
  guint second = ((const Replacement *) b)->index;

  return first > second ? -1 : first < second;
}

static void
apply_replacement (HeddleDocument *self, const Replacement *replacement)
{
  const HeddleEdge *first = replacement->edges->len > 0 ? g_ptr_array_index (replacement->edges, 0) : NULL;

  if (first == NULL)
    {
      heddle_document_remove_edge (self, heddle_graph_get_edge (heddle_document_get_graph (self), replacement->index));
      return;
    }
  heddle_document_turn_edge (self, replacement->index, first->from, first->from_port, first);
  for (guint i = 1; i < replacement->edges->len; i++)
    heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_EDGE, NULL, replacement->index + i, NULL,
                                                  heddle_edge_to_json (g_ptr_array_index (replacement->edges, i))));
}

static void
wire (HeddleDocument *self, const Inline *data)
{
  g_autoptr (GArray) replacements = g_array_new (FALSE, FALSE, sizeof (Replacement));

  g_array_set_clear_func (replacements, replacement_clear);
  replace_by_sources (replacements, data->section->in, data->before);
  replace_by_sources (replacements, data->after, data->section->out);
  replace_by_sources (replacements, data->before, NULL);
  replace_by_sources (replacements, data->section->out, NULL);
  g_array_sort (replacements, compare_descending);
  for (guint i = 0; i < replacements->len; i++)
    apply_replacement (self, &g_array_index (replacements, Replacement, i));
}

/* All vertices that the edits need are gone afterwards, so names are kept. */
static void
take_frame_away (HeddleDocument *self, Inline *data)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  g_autofree char *subflow = g_strdup (data->subflow->id);
  g_autofree char *parent = g_strdup (data->subflow->node->parent);
  g_autofree char *source = data->source != NULL ? g_strdup (data->source->id) : NULL;
  g_autofree char *end = data->end != NULL ? g_strdup (data->end->id) : NULL;
  g_autoptr (GPtrArray) children = heddle_graph_list_children (graph, subflow);
  const char *const frame[] = { subflow, NULL };

  wire (self, data);
  for (guint i = 0; i < children->len; i++)
    heddle_document_put_into (self, g_ptr_array_index (children, i), parent);
  heddle_document_remove (self, frame, FALSE);
  if (g_hash_table_size (data->inner) > 0)
    heddle_document_rewrite_references (self, data->inner, subflow, source);
  if (g_hash_table_size (data->outer) > 0)
    heddle_document_rewrite_references (self, data->outer, subflow, end);
}

static guint
count_tangles (HeddleGraph *graph)
{
  g_autoptr (HeddleLoopSearch) search = heddle_graph_search_loops (graph, NULL, NULL);

  return search->tangles->len;
}

gboolean
heddle_document_inline (HeddleDocument *self, const char *id, GError **error)
{
  g_auto (Inline) data = { 0 };
  HeddleGraph *graph;
  guint n_tangles;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  graph = heddle_document_get_graph (self);
  g_return_val_if_fail (heddle_graph_find_node (graph, id) != NULL, FALSE);

  collect (&data, graph, id);
  if (heddle_document_refuse (error, refuse_inline (&data)))
    return FALSE;
  n_tangles = data.section->loops->tangles->len;
  heddle_document_begin (self, _ ("Inline Subflow"));
  take_frame_away (self, &data);
  if (count_tangles (graph) > n_tangles)
    {
      heddle_document_abort (self);
      heddle_document_refuse (error, g_strdup (_ ("There would be a circle that is entered at two nodes. Let one node take what comes into the subflow first.")));
      return FALSE;
    }
  heddle_document_end (self);
  return TRUE;
}
