/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/*
 * The parameters of one node, or those that several have in common, in parts that fold. The rows of a part are made when it is unfolded
 * for the first time.
 */
#define HEDDLE_TYPE_PARAM_PANEL (heddle_param_panel_get_type ())
G_DECLARE_FINAL_TYPE (HeddleParamPanel, heddle_param_panel, HEDDLE, PARAM_PANEL, GtkWidget)

/* context is borrowed and outlives the widget. */
GtkWidget *heddle_param_panel_new (const HeddleParamContext *context);
/* NULL: none. */
void heddle_param_panel_set_nodes (HeddleParamPanel *self, const char *const *ids);
/* Shows their values as they are now. */
void heddle_param_panel_update (HeddleParamPanel *self);
/* The values may have changed that expressions are previewed with. */
void heddle_param_panel_refresh (HeddleParamPanel *self);
/* HeddleProblem*; those of the first node are shown. NULL: none. */
void heddle_param_panel_set_problems (HeddleParamPanel *self, GPtrArray *problems);
/* Shows only what contains the words in its title, help or value; NULL or "": everything. FALSE: nothing does. */
gboolean heddle_param_panel_search (HeddleParamPanel *self, const char *words);
/* The named parameter, else the main one, else the first that is shown, unfolded; NULL: there is none. */
HeddleParamEditor *heddle_param_panel_reveal (HeddleParamPanel *self, const char *param);
/* The one that has the focus, or NULL. */
HeddleParamEditor *heddle_param_panel_find_focused (HeddleParamPanel *self);
/* Those that have been made; HeddleParamEditor*, borrowed. */
GPtrArray *heddle_param_panel_get_editors (HeddleParamPanel *self);

G_END_DECLS
