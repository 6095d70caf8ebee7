/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-subflow.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "registry/heddle-node-type.h"

/* Nodes become the body of a subflow. */

gboolean
heddle_document_refuse (GError **error, char *reason)
{
  if (reason == NULL)
    return FALSE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, reason);
  g_free (reason);
  return TRUE;
}

GArray *
heddle_links_dup_indices (const GPtrArray *links)
{
  GArray *indices = g_array_sized_new (FALSE, FALSE, sizeof (guint), links->len);

  for (guint i = 0; i < links->len; i++)
    g_array_append_val (indices, ((HeddleLink *) g_ptr_array_index (links, i))->index);
  return indices;
}

void
heddle_document_turn_edge (HeddleDocument *self, guint index, const char *from, const char *from_port, const HeddleEdge *shape)
{
  const HeddleEdge *edge = heddle_graph_get_edge (heddle_document_get_graph (self), index);
  HeddleEdge changed = *edge;

  changed.from = (char *) from;
  changed.from_port = (char *) from_port;
  changed.points = shape != NULL ? shape->points : NULL;
  changed.n_points = shape != NULL ? shape->n_points : 0;
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_EDGE, NULL, index, heddle_edge_to_json (edge), heddle_edge_to_json (&changed)));
}

void
heddle_document_append_edge (HeddleDocument *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  HeddleEdge edge = { (char *) from, (char *) from_port, (char *) to, (char *) to_port };

  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_EDGE, NULL, heddle_graph_get_n_edges (heddle_document_get_graph (self)), NULL,
                                                heddle_edge_to_json (&edge)));
}

/* What the nodes outside read of those inside; renamed: a reader that can read the subflow's output instead of the end's. */
typedef struct
{
  const HeddleSection *section;
  HeddleVertex *end;   /* whose output becomes that of the subflow, or NULL */
  GHashTable *readers; /* set of ids that read it */
  char *reason;
} Reading;

static void
check_reference (const HeddleNode *node, const HeddleReference *reference, gpointer data)
{
  Reading *reading = data;

  if (reading->reason != NULL || !g_hash_table_contains (reading->section->all, reference->root))
    return;
  if (reading->end != NULL && strcmp (reading->end->id, reference->root) == 0 && heddle_reference_is_of_output (reference))
    g_hash_table_add (reading->readers, (gpointer) node->id);
  else
    reading->reason = g_strdup_printf (_ ("“%s” reads “$%s%s%s”, which it could not see in the subflow. Take it too, or let it read what arrives there as $input."),
                                       heddle_node_get_title (node), reference->root, *reference->path != '\0' ? "." : "", reference->path);
}

static char *
check_readers (Reading *reading)
{
  const HeddleSection *section = reading->section;

  for (guint i = 0; reading->reason == NULL && i < section->graph->nodes->len; i++)
    {
      const HeddleNode *node = heddle_graph_get_node (section->graph, i);

      if (!g_hash_table_contains (section->all, node->id))
        heddle_node_foreach_reference (node, check_reference, reading);
    }
  return g_steal_pointer (&reading->reason);
}

static char *
refuse_edges (const HeddleSection *section)
{
  char *reason = NULL;

  if (!heddle_links_have_one_source (section->in))
    return g_strdup (_ ("What leads into these nodes comes from several places, and a subflow has one input. Take those too, or put a Merge before them."));
  if (!heddle_links_have_one_source (section->out))
    return g_strdup (_ ("What leads out of these nodes comes from several places, and a subflow has one output. Take what follows too, up to where it meets."));
  reason = heddle_section_refuse_joins (section, section->in);
  if (reason == NULL)
    reason = heddle_section_refuse_joins (section, section->out);
  return reason != NULL ? reason : heddle_section_refuse_ends (section);
}

/* Without an Output the last nodes give the run's result, which nobody inside of a frame does. */
static char *
refuse_result (const HeddleSection *section)
{
  if (section->out->len > 0)
    return NULL;
  for (guint i = 0; i < section->graph->nodes->len; i++)
    {
      const HeddleNode *node = heddle_graph_get_node (section->graph, i);

      if (node->type != NULL && (node->type->flags & HEDDLE_NODE_FINISH) != 0)
        return NULL;
    }
  return g_strdup (_ ("These nodes give the result of the run, as there is no Output. Add an Output first."));
}

static void
measure (HeddleGraph *graph, const char *const *ids, double *x, double *y)
{
  *x = G_MAXDOUBLE;
  *y = G_MAXDOUBLE;
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, ids[i]);

      *x = MIN (*x, node->x - HEDDLE_FRAME_SIDE);
      *y = MIN (*y, node->y - HEDDLE_FRAME_TOP);
    }
}

static void
wire_in (HeddleDocument *self, const HeddleSection *section, const char *subflow)
{
  g_autoptr (GArray) in = heddle_links_dup_indices (section->in);
  const HeddleLink *link = in->len > 0 ? g_ptr_array_index (section->in, 0) : NULL;
  g_autofree char *from = link != NULL ? g_strdup (link->edge.from) : NULL;
  g_autofree char *from_port = link != NULL ? g_strdup (link->edge.from_port) : NULL;
  guint n_points = in->len == 1 ? link->edge.n_points : 0;
  g_autofree HeddlePoint *points = n_points > 0 ? g_memdup2 (link->edge.points, n_points * sizeof (HeddlePoint)) : NULL;

  for (guint i = 0; i < in->len; i++)
    heddle_document_turn_edge (self, g_array_index (in, guint, i), subflow, HEDDLE_SUBFLOW_START, NULL);
  if (from != NULL)
    heddle_document_append_edge (self, from, from_port, subflow, HEDDLE_SUBFLOW_IN);
  if (n_points > 0)
    heddle_document_set_edge_points (self, from, from_port, subflow, HEDDLE_SUBFLOW_IN, points, n_points);
}

static void
wire_out (HeddleDocument *self, const GArray *out, const char *from, const char *from_port, const char *subflow)
{
  HeddleGraph *graph = heddle_document_get_graph (self);

  for (guint i = 0; i < out->len; i++)
    {
      guint index = g_array_index (out, guint, i);

      heddle_document_turn_edge (self, index, subflow, HEDDLE_SUBFLOW_OUT, heddle_graph_get_edge (graph, index));
    }
  if (out->len > 0)
    heddle_document_append_edge (self, from, from_port, subflow, HEDDLE_SUBFLOW_END);
}

/* The one step; section and ids are of the graph as it is before. Returns the subflow's id. */
static const char *
put_into_subflow (HeddleDocument *self, const HeddleSection *section, const char *const *ids, GHashTable *readers)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  const HeddleLink *end = section->out->len > 0 ? g_ptr_array_index (section->out, 0) : NULL;
  g_autofree char *from = end != NULL ? g_strdup (end->edge.from) : NULL;
  g_autofree char *from_port = end != NULL ? g_strdup (end->edge.from_port) : NULL;
  g_autofree char *parent = g_strdup (heddle_graph_find_node (graph, ids[0])->parent);
  g_autoptr (GArray) out = heddle_links_dup_indices (section->out);
  const char *subflow;
  double x, y;

  measure (graph, ids, &x, &y);
  subflow = heddle_document_add_node (self, "subflow", NULL, x, y);
  heddle_document_put_into (self, subflow, parent);
  for (guint i = 0; ids[i] != NULL; i++)
    heddle_document_put_into (self, ids[i], subflow);
  wire_in (self, section, subflow);
  wire_out (self, out, from, from_port, subflow);
  if (g_hash_table_size (readers) > 0)
    heddle_document_rewrite_references (self, readers, from, subflow);
  return subflow;
}

static gboolean
are_beside (HeddleGraph *graph, const char *const *ids)
{
  for (guint i = 1; ids[i] != NULL; i++)
    {
      if (!heddle_node_is_beside (heddle_graph_find_node (graph, ids[0]), heddle_graph_find_node (graph, ids[i])))
        return FALSE;
    }
  return TRUE;
}

static char *
refuse_extract (const HeddleSection *section, GHashTable *readers)
{
  const HeddleLink *end = section->out->len > 0 ? g_ptr_array_index (section->out, 0) : NULL;
  Reading reading = { section, end != NULL && heddle_vertex_is_plain (end->from) ? end->from : NULL, readers, NULL };
  char *reason = heddle_section_refuse_nodes (section, section->in->len > 0);

  if (reason == NULL)
    reason = refuse_edges (section);
  if (reason == NULL)
    reason = refuse_result (section);
  return reason != NULL ? reason : check_readers (&reading);
}

const char *
heddle_document_extract (HeddleDocument *self, const char *const *chosen, GError **error)
{
  g_autoptr (GPtrArray) outermost = NULL;
  g_autoptr (HeddleSection) section = NULL;
  g_autoptr (GHashTable) readers = g_hash_table_new (g_str_hash, g_str_equal);
  const char *const *ids;
  const char *subflow;
  HeddleGraph *graph;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), NULL);
  g_return_val_if_fail (chosen != NULL, NULL);

  graph = heddle_document_get_graph (self);
  outermost = heddle_graph_list_outermost (graph, chosen);
  if (outermost->len == 0 && heddle_document_refuse (error, g_strdup (_ ("Choose the nodes that are to be in the subflow."))))
    return NULL;
  g_ptr_array_add (outermost, NULL);
  ids = (const char *const *) outermost->pdata;
  if (!are_beside (graph, ids) && heddle_document_refuse (error, g_strdup (_ ("These nodes are in different frames. Choose nodes of one frame."))))
    return NULL;
  section = heddle_section_new (graph, ids);
  if (heddle_document_refuse (error, refuse_extract (section, readers)))
    return NULL;

  heddle_document_begin (self, _ ("Extract to Subflow"));
  subflow = put_into_subflow (self, section, ids, readers);
  heddle_document_end (self);
  return subflow;
}
