/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/* Completes references: "$" with the nodes that can have run by then, "$node." with its results. */
#define HEDDLE_TYPE_COMPLETION (heddle_completion_get_type ())
G_DECLARE_FINAL_TYPE (HeddleCompletion, heddle_completion, HEDDLE, COMPLETION, GObject)

GtkSourceCompletionProvider *heddle_completion_new (HeddleTemplateViewMode mode, const HeddleParamContext *context);

/* What "$" and then "$node." may be followed by; arrays of char*. Apart, so that tests can ask without a view. */
GPtrArray *heddle_completion_list_roots (HeddleGraph *graph, const char *node_id) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *heddle_completion_list_members (HeddleGraph *graph, HeddleTrace *trace, const char *node_id, const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
