/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "palette/heddle-template-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The search at the pointer: types a word, Enter adds. What was chosen lately comes first, then the person's templates.
 * Signals "node-chosen" (const char *type_id), "template-chosen" (const char *id).
 */
#define HEDDLE_TYPE_NODE_SEARCH (heddle_node_search_get_type ())
G_DECLARE_FINAL_TYPE (HeddleNodeSearch, heddle_node_search, HEDDLE, NODE_SEARCH, GtkPopover)

/* Asked each time the search opens: which types fit here. user_data outlives the widget. */
typedef gboolean (*HeddleNodeFilter) (const HeddleNodeType *type, gpointer user_data);

typedef gboolean (*HeddleTemplateFilter) (const HeddleTemplateInfo *info, gpointer user_data);

GtkWidget *heddle_node_search_new (HeddleNodeFilter filter, gpointer user_data);

/* The templates that are offered, too; once. The filter is as the other one. */
void heddle_node_search_set_templates (HeddleNodeSearch *self, HeddleTemplateList *templates, HeddleTemplateFilter filter);

G_END_DECLS
