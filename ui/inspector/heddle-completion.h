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

/* What "$" and then "$node." may be followed by; arrays of char*. Apart, so that tests can ask without a view. */
GPtrArray *heddle_completion_list_roots (HeddleGraph *graph, const char *node_id) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *heddle_completion_list_members (HeddleGraph *graph, HeddleTrace *trace, const char *node_id, const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
