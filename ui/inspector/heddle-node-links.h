/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/*
 * Buttons that lead from a node to what belongs to it elsewhere: its memory, its conversations, the workflow that it runs
 * or that it could become. Hidden while there is none.
 */
#define HEDDLE_TYPE_NODE_LINKS (heddle_node_links_get_type ())
G_DECLARE_FINAL_TYPE (HeddleNodeLinks, heddle_node_links, HEDDLE, NODE_LINKS, GtkWidget)

/* context is borrowed and outlives the widget. */
GtkWidget *heddle_node_links_new (const HeddleParamContext *context);
/* Shows what the context's node has now. */
void heddle_node_links_update (HeddleNodeLinks *self);

G_END_DECLS
