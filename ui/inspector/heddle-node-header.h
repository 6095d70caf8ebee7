/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/*
 * The top of the inspector: what the node is, how it fared in the run that is shown, its title, its name in expressions, whether it takes
 * part in runs; or how many nodes are edited together, and whether they do.
 * Signals "renamed" (const char *): the node has another name in expressions, and is found by that now; "failed" (const char *): why it
 * has not.
 */
#define HEDDLE_TYPE_NODE_HEADER (heddle_node_header_get_type ())
G_DECLARE_FINAL_TYPE (HeddleNodeHeader, heddle_node_header, HEDDLE, NODE_HEADER, AdwBin)

/* The context is borrowed and outlives the widget; ids: the nodes, copied. */
void heddle_node_header_set_nodes (HeddleNodeHeader *self, const HeddleParamContext *context, const char *const *ids);
/* Shows them as they are now. */
void heddle_node_header_update (HeddleNodeHeader *self);

G_END_DECLS
