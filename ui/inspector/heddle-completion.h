/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/*
 * Completes references while they are typed: "$" with the nodes that can have run by then, "$node."
 * with its results. A list below the cursor; Up and Down choose, Return or Tab take, Escape leaves.
 * It belongs to the view. (GtkSourceView's own list of 5.6 comes up without a size on a second word.)
 */
void heddle_completion_attach (GtkTextView *view, HeddleTemplateViewMode mode, const HeddleParamContext *context);

/*
 * What "$" may be followed by, and then "$root." and a path such as "item.name" (may be ""), for who edits the context's node; arrays
 * of char*. Values are those of the run and of the items that are looked at. Apart, so that tests can ask without a view.
 */
GPtrArray *heddle_completion_list_roots (HeddleGraph *graph, const char *node_id) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *heddle_completion_list_members (const HeddleParamContext *context, const char *root, const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the names of the stored variables into an array of char*, soon; the old ones go. */
void heddle_completion_read_globals (HeddleStore *store, GPtrArray *names);

G_END_DECLS
