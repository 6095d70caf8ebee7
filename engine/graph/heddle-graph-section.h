/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "expr/heddle-expr.h"
#include "graph/heddle-graph-check.h"

G_BEGIN_DECLS

/* Nodes beside each other that are to become the body of a subflow, or are one: what tells whether that changes what the workflow means. */
typedef struct
{
  HeddleGraph *graph;
  GHashTable *inside;      /* set of HeddleVertex*: the nodes themselves */
  GHashTable *all;         /* set of ids: they and what is in them */
  GPtrArray *in;           /* HeddleLink*, in document order: from elsewhere to one of them */
  GPtrArray *out;          /* and from one of them to elsewhere */
  HeddleLoopSearch *loops; /* of the whole graph */
  GPtrArray *links;        /* of the whole graph, as heddle_graph_sort gives them; or NULL */
} HeddleSection;

/* ids: of nodes beside each other. */
HeddleSection *heddle_section_new (HeddleGraph *graph, const char *const *ids) G_GNUC_WARN_UNUSED_RESULT;
void heddle_section_free (HeddleSection *self);

/* Each gives a translated sentence that says why it cannot be, or NULL. */

/* Nodes that mean something else within a frame; waits: what begins by itself would begin with the frame. */
char *heddle_section_refuse_nodes (const HeddleSection *self, gboolean waits) G_GNUC_WARN_UNUSED_RESULT;
/* Edges (HeddleLink*) that arrive where others do: a value is called after the node that it comes from. */
char *heddle_section_refuse_joins (const HeddleSection *self, const GPtrArray *edges) G_GNUC_WARN_UNUSED_RESULT;
/* That there are ways on which nothing reaches one of its edges to elsewhere. */
char *heddle_section_refuse_ends (const HeddleSection *self) G_GNUC_WARN_UNUSED_RESULT;

/* Whether all of these edges have one source, node and port. */
gboolean heddle_links_have_one_source (const GPtrArray *links);
/* Whether what a node sends is always its output: it has no other way to leave. */
gboolean heddle_vertex_is_plain (HeddleVertex *vertex);

/* Called for every reference in a node's parameters and policy. */
typedef void (*HeddleReferenceFunc) (const HeddleNode *node, const HeddleReference *reference, gpointer data);
void heddle_node_foreach_reference (const HeddleNode *node, HeddleReferenceFunc func, gpointer data);
/* "output", "output.x" or "output[0]". */
gboolean heddle_reference_is_of_output (const HeddleReference *reference);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleSection, heddle_section_free)

G_END_DECLS
