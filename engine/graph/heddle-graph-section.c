/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-section.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "graph/heddle-graph-ways.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-policy.h"

static gboolean
is_inside (const HeddleSection *self, const HeddleVertex *vertex)
{
  return g_hash_table_contains (self->inside, vertex);
}

static void
collect_links (HeddleSection *self)
{
  for (guint i = 0; i < self->graph->links->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (self->graph->links, i);
      gboolean from = g_hash_table_contains (self->all, link->from->id);
      gboolean to = g_hash_table_contains (self->all, link->to->id);

      if (to && !from)
        g_ptr_array_add (self->in, link);
      else if (from && !to)
        g_ptr_array_add (self->out, link);
    }
}

HeddleSection *
heddle_section_new (HeddleGraph *graph, const char *const *ids)
{
  HeddleSection *self = g_new0 (HeddleSection, 1);
  g_auto (GStrv) all = heddle_graph_dup_ids_within (graph, ids);

  self->graph = graph;
  self->inside = g_hash_table_new (NULL, NULL);
  self->all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->in = g_ptr_array_new ();
  self->out = g_ptr_array_new ();
  for (guint i = 0; ids[i] != NULL; i++)
    g_hash_table_add (self->inside, heddle_graph_find_vertex (graph, ids[i]));
  for (guint i = 0; all[i] != NULL; i++)
    g_hash_table_add (self->all, g_strdup (all[i]));
  collect_links (self);
  self->loops = heddle_graph_search_loops (graph, NULL, NULL);
  self->links = heddle_graph_sort (graph, self->loops);
  return self;
}

void
heddle_section_free (HeddleSection *self)
{
  g_hash_table_unref (self->inside);
  g_hash_table_unref (self->all);
  g_ptr_array_unref (self->in);
  g_ptr_array_unref (self->out);
  g_clear_pointer (&self->links, g_ptr_array_unref);
  heddle_loop_search_free (self->loops);
  g_free (self);
}

gboolean
heddle_links_have_one_source (const GPtrArray *links)
{
  for (guint i = 1; i < links->len; i++)
    {
      const HeddleLink *first = g_ptr_array_index (links, 0);
      const HeddleLink *link = g_ptr_array_index (links, i);

      if (link->from != first->from || strcmp (link->edge.from_port, first->edge.from_port) != 0)
        return FALSE;
    }
  return TRUE;
}

gboolean
heddle_vertex_is_plain (HeddleVertex *vertex)
{
  return vertex->node != NULL && vertex->node->type != NULL && heddle_vertex_get_check (vertex)->outputs->len == 1;
}

static gboolean
has_flow_before (const HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->in, i);

      if (!heddle_link_is_tool (link) && !heddle_node_has_inner_input (vertex->node, link->edge.to_port))
        return TRUE;
    }
  return FALSE;
}

static char *
refuse_node (const HeddleVertex *vertex, gboolean waits)
{
  const HeddleNode *node = vertex->node;
  const char *title = heddle_node_get_title (node);

  if (node->type == NULL)
    return g_strdup_printf (_ ("This Heddle does not know what “%s” does. Leave it out."), title);
  if ((node->type->flags & HEDDLE_NODE_START) != 0)
    return g_strdup_printf (_ ("“%s” begins a run, so it cannot be in a subflow. Leave it out."), title);
  if ((node->type->flags & HEDDLE_NODE_HANDLER) != 0)
    return g_strdup_printf (_ ("“%s” is there for the failures of all nodes around it, which would be others then. Leave it out, or delete it first."), title);
  if (waits && !has_flow_before (vertex) && !heddle_vertex_is_tool (vertex))
    return g_strdup_printf (_ ("Nothing leads to “%s”, so it would begin at another time than now. Connect something to it first, or leave it out."), title);
  return NULL;
}

static char *
refuse_tools (const GPtrArray *links)
{
  for (guint i = 0; i < links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (links, i);

      if (heddle_link_is_tool (link))
        return g_strdup_printf (_ ("“%s” is a tool of “%s”. Choose both or neither."), link->edge.from, link->edge.to);
    }
  return NULL;
}

char *
heddle_section_refuse_nodes (const HeddleSection *self, gboolean waits)
{
  char *reason = refuse_tools (self->in);

  if (reason == NULL)
    reason = refuse_tools (self->out);
  for (guint i = 0; reason == NULL && i < self->graph->nodes->len; i++)
    {
      const HeddleVertex *vertex = g_ptr_array_index (self->graph->nodes, i);

      if (is_inside (self, vertex))
        reason = refuse_node (vertex, waits);
    }
  return reason;
}

/* Pairs of an edge and each other one that arrives at the same input; an edge that leads back does so in another round. Nothing
   goes over an edge at whose end there is no node. */
static void
add_pairs (const HeddleSection *self, HeddleLink *link, GArray *pairs)
{
  if (link->from->node == NULL || link->to->node == NULL)
    return;
  for (guint i = 0; i < link->to->in->len; i++)
    {
      HeddleLink *other = g_ptr_array_index (link->to->in, i);
      HeddlePair pair = { link->to, link->to, link->from, other->from, link, other, FALSE };

      if (other == link || other->from->node == NULL || strcmp (other->edge.to_port, link->edge.to_port) != 0 ||
          g_hash_table_contains (self->loops->back, other) || g_hash_table_contains (self->loops->back, link))
        continue;
      g_array_append_val (pairs, pair);
    }
}

char *
heddle_section_refuse_joins (const HeddleSection *self, const GPtrArray *edges)
{
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (HeddlePair));
  gboolean is_known;

  for (guint i = 0; i < edges->len; i++)
    add_pairs (self, g_ptr_array_index (edges, i), pairs);
  is_known = pairs->len == 0 || (self->links != NULL && heddle_graph_find_exclusions (self->graph, self->links, pairs));
  for (guint i = 0; i < pairs->len; i++)
    {
      const HeddlePair *pair = &g_array_index (pairs, HeddlePair, i);

      if (!is_known || !pair->is_settled)
        return g_strdup_printf (_ ("“%s” gets several values at one input, each called after the node that it comes from, and one of them would get another name. Put a Merge before it first."),
                                heddle_node_get_title (pair->first->node));
    }
  return NULL;
}

/* The nodes inside from which a way leads to elsewhere. */
static GHashTable *
list_leading_out (const HeddleSection *self)
{
  GHashTable *leading = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();

  for (guint i = 0; i < self->out->len; i++)
    {
      HeddleVertex *from = ((HeddleLink *) g_ptr_array_index (self->out, i))->from;

      if (g_hash_table_add (leading, from))
        g_ptr_array_add (queue, from);
    }
  for (guint next = 0; next < queue->len; next++)
    {
      HeddleVertex *vertex = g_ptr_array_index (queue, next);

      for (guint i = 0; i < vertex->in->len; i++)
        {
          const HeddleLink *link = g_ptr_array_index (vertex->in, i);

          if (heddle_link_is_flow (link) && is_inside (self, link->from) && g_hash_table_add (leading, link->from))
            g_ptr_array_add (queue, link->from);
        }
    }
  return leading;
}

/* A failure that nothing takes up ends the run, so that output needs no edge. */
static gboolean
leads_on_by (const HeddleSection *self, GHashTable *leading, const HeddleVertex *vertex, const char *port)
{
  gboolean is_used = FALSE;

  for (guint i = 0; i < vertex->out->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->out, i);

      if (strcmp (link->edge.from_port, port) != 0)
        continue;
      is_used = TRUE;
      if (!is_inside (self, link->to) || g_hash_table_contains (leading, link->to))
        return TRUE;
    }
  return !is_used && strcmp (port, HEDDLE_ERROR_PORT) == 0;
}

/* Several inputs, or one that waits for all of its edges, can leave a node out. */
static gboolean
runs_with_any (const HeddleVertex *vertex)
{
  const HeddleLink *first = NULL;

  for (guint i = 0; i < vertex->in->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->in, i);
      const HeddlePortSpec *port = heddle_node_type_find_input (vertex->node->type, link->edge.to_port);
      HeddleJoin join;

      if (port == NULL || (port->flags & HEDDLE_PORT_OPTIONAL) != 0 || heddle_link_is_tool (link))
        continue;
      join = vertex->node->type->get_join != NULL ? vertex->node->type->get_join (vertex->node->params, port->name) : port->join;
      if (first != NULL && (join == HEDDLE_JOIN_ALL || strcmp (first->edge.to_port, link->edge.to_port) != 0))
        return FALSE;
      first = link;
    }
  return TRUE;
}

static gboolean
always_leads_on (const HeddleSection *self, GHashTable *leading, HeddleVertex *vertex)
{
  const GPtrArray *outputs = heddle_vertex_get_check (vertex)->outputs;

  if (vertex->node->type == NULL || !runs_with_any (vertex))
    return FALSE;
  for (guint i = 0; i < outputs->len; i++)
    {
      if (!leads_on_by (self, leading, vertex, g_ptr_array_index (outputs, i)))
        return FALSE;
    }
  return TRUE;
}

char *
heddle_section_refuse_ends (const HeddleSection *self)
{
  g_autoptr (GHashTable) leading = list_leading_out (self);
  GHashTableIter iter;
  gpointer vertex;

  g_hash_table_iter_init (&iter, leading);
  while (g_hash_table_iter_next (&iter, &vertex, NULL))
    {
      if (!always_leads_on (self, leading, vertex))
        return g_strdup_printf (_ ("After “%s” there are ways that do not lead to the end of the subflow, and what follows it would run even so, with null. Take all ways that it decides between, up to where they meet."),
                                heddle_node_get_title (((HeddleVertex *) vertex)->node));
    }
  return NULL;
}
