/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-value-origin.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The panel that edits one node, generated from its type's parameter specs: title, name in
 * expressions, parameters by kind, advanced ones folded, problems beside their row. Without a
 * node it shows the workflow's name, description and problems.
 *
 * Signal "problem-activated" (const char *node, const char *param): a problem was chosen there; param may be NULL.
 */
#define HEDDLE_TYPE_INSPECTOR (heddle_inspector_get_type ())
G_DECLARE_FINAL_TYPE (HeddleInspector, heddle_inspector, HEDDLE, INSPECTOR, GtkWidget)

/* services is borrowed and outlives the widget; it is asked for models, credentials and knowledge bases. */
GtkWidget *heddle_inspector_new (const HeddleServices *services);
void heddle_inspector_set_document (HeddleInspector *self, HeddleDocument *document);
/* NULL: none. */
void heddle_inspector_set_node (HeddleInspector *self, const char *node_id);
/* What is selected on the canvas: nothing, one node to edit, several to edit what they have in common, notes and groups to edit, or a mixture, which is counted. */
void heddle_inspector_set_selection (HeddleInspector *self, const char *const *ids);
/* The connection that alone is selected, whose values are shown while no node is edited; NULL: none. */
void heddle_inspector_set_edge (HeddleInspector *self, const HeddleEdge *edge);
void heddle_inspector_set_problems (HeddleInspector *self, GPtrArray *problems);
/* The run whose values are previewed beside templates and completed after "$node."; may be NULL. */
void heddle_inspector_set_trace (HeddleInspector *self, HeddleTrace *trace);
/* Shows a field to search the node's parameters by title, help and value. */
void heddle_inspector_search (HeddleInspector *self);
/* Focus to the main parameter, or to the named one. */
void heddle_inspector_focus_param (HeddleInspector *self, const char *param);
/* Asks for a field of the node and puts the value into it, as an expression. NULL: it did; else a sentence that says why it cannot. Transfer full. */
char *heddle_inspector_insert_value (HeddleInspector *self, const HeddleValueOrigin *origin) G_GNUC_WARN_UNUSED_RESULT;
/* Puts an expression behind what is in the node's main field, or in its place while that is only the default; else as above. */
char *heddle_inspector_append_expression (HeddleInspector *self, const char *expression) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
