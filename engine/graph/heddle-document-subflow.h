/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-document-private.h"
#include "graph/heddle-graph-section.h"

G_BEGIN_DECLS

/* What extracting nodes to a subflow and inlining one share. */

#define HEDDLE_SUBFLOW_IN "in"
#define HEDDLE_SUBFLOW_OUT "out"
#define HEDDLE_SUBFLOW_START "start"
#define HEDDLE_SUBFLOW_END "end"

/* Takes reason; FALSE when it is NULL, else an error is set. */
gboolean heddle_document_refuse (GError **error, char *reason);
/* Places of links among the edges, which stay while edges are turned. */
GArray *heddle_links_dup_indices (const GPtrArray *links) G_GNUC_WARN_UNUSED_RESULT;
/* Changes where an edge comes from, in its place; it is led through the points of shape (itself, if it keeps its own), NULL: none. */
void heddle_document_turn_edge (HeddleDocument *self, guint index, const char *from, const char *from_port, const HeddleEdge *shape);
void heddle_document_append_edge (HeddleDocument *self, const char *from, const char *from_port, const char *to, const char *to_port);

G_END_DECLS
