/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/* Where a value comes from that an expression is tried with. */
typedef enum
{
  HEDDLE_DATA_RUN,     /* the run that is shown, or the workflow itself */
  HEDDLE_DATA_PIN,     /* a pinned output */
  HEDDLE_DATA_EXAMPLE, /* the example of the node's type: nothing better is known yet */
  HEDDLE_DATA_NONE,    /* there is such a root, but nothing is known of its value */
  HEDDLE_DATA_UNKNOWN, /* there is no such root */
} HeddleDataSource;

/*
 * What a root ("router", "input", "vars" …) would be for the context's node, as a run sees it: of the items that are looked at. New
 * reference; NULL with NONE and UNKNOWN.
 */
JsonNode *heddle_data_scope_dup_root (const HeddleParamContext *context, const char *root, HeddleDataSource *source) G_GNUC_WARN_UNUSED_RESULT;
/* The nodes that have run by the time it is the node's turn, nearest first, those around it included; char*. */
GPtrArray *heddle_data_scope_list_nodes (HeddleGraph *graph, const char *node_id) G_GNUC_WARN_UNUSED_RESULT;
/* Around the node, or the node itself for what it evaluates in each round: the loop or map of $loop; NULL: none. */
const HeddleNode *heddle_data_scope_find_repeating (HeddleGraph *graph, const char *node_id);
/* Whether the node sees the container from within. */
gboolean heddle_data_scope_is_around (const HeddleParamContext *context, const HeddleNode *node);
/* Reads the stored variables into such a table, soon; the old ones go. */
void heddle_data_scope_read_globals (HeddleStore *store, GHashTable *globals);

G_END_DECLS
