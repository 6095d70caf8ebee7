/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "palette/heddle-template-list.h"
#include "window/heddle-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The page of one open workflow: palette, canvas, inspector and trace panel over a session.
 * Actions on the widget: "editor.toggle-palette", "editor.toggle-inspector", "editor.toggle-trace",
 * "editor.search-nodes", "editor.find", "editor.show-outline".
 * Signal "message" (const char *): a sentence to show for a moment; NULL: the last one is over.
 */
#define HEDDLE_TYPE_EDITOR (heddle_editor_get_type ())
G_DECLARE_FINAL_TYPE (HeddleEditor, heddle_editor, HEDDLE, EDITOR, GtkWidget)

GtkWidget *heddle_editor_new (HeddleSession *session);
HeddleSession *heddle_editor_get_session (HeddleEditor *self);
/* Puts an open question of the run to the person; id NULL: the first one. What is asked already is brought to the front. */
void heddle_editor_answer (HeddleEditor *self, const char *id);
/* Selects the node, brings it into view and opens the parameter (may be NULL) in the inspector. */
void heddle_editor_show_node (HeddleEditor *self, const char *node_id, const char *param);
/* Shows a past run of the workflow. */
void heddle_editor_show_run (HeddleEditor *self, const char *run_id);
/* Ids of all that is selected, nodes and annotations. */
char **heddle_editor_dup_selection (HeddleEditor *self) G_GNUC_WARN_UNUSED_RESULT;
/* The id of the node that alone is selected, or NULL. */
char *heddle_editor_dup_selected_node (HeddleEditor *self) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed. */
HeddleTemplateList *heddle_editor_get_templates (HeddleEditor *self);
/* In the middle of the view; nothing when it is gone. */
void heddle_editor_insert_template (HeddleEditor *self, const char *id);
GtkWidget *heddle_editor_get_canvas (HeddleEditor *self);

G_END_DECLS
