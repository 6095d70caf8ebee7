/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/*
 * A connection: which nodes and ports it joins, and what passed along it in the run that is shown, to be looked at, copied and dragged.
 * Signal "node-activated" (const char *id): one of its nodes was chosen.
 */
#define HEDDLE_TYPE_EDGE_PAGE (heddle_edge_page_get_type ())
G_DECLARE_FINAL_TYPE (HeddleEdgePage, heddle_edge_page, HEDDLE, EDGE_PAGE, AdwBin)

/* context is borrowed and outlives the page. */
GtkWidget *heddle_edge_page_new (const HeddleParamContext *context);
/* Its names are copied; NULL: none. */
void heddle_edge_page_set_edge (HeddleEdgePage *self, const HeddleEdge *edge);
/* Whether there is one, and the workflow still has it. */
gboolean heddle_edge_page_has_edge (HeddleEdgePage *self);
/* Shows it as it is now: a node was renamed, a run went on. */
void heddle_edge_page_update (HeddleEdgePage *self);

G_END_DECLS
