/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>

/* Breakpoints, and runs that go on node by node. */

/* Nodes among what is selected; tools are no places to stop at. */
static GPtrArray *
list_nodes (HeddleEditor *editor)
{
  HeddleGraph *graph = heddle_session_get_graph (heddle_editor_get_session (editor));
  g_auto (GStrv) ids = heddle_editor_dup_selection (editor);
  GPtrArray *nodes = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      if (heddle_graph_find_node (graph, ids[i]) != NULL && !heddle_graph_is_tool (graph, ids[i]))
        g_ptr_array_add (nodes, g_strdup (ids[i]));
    }
  return nodes;
}

static void
toggle_breakpoint_action (GtkWidget *widget,
                          const char *action,
                          GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleEditor *editor = _heddle_window_get_editor (self);
  g_autoptr (GPtrArray) nodes = NULL;

  if (editor == NULL)
    return;
  nodes = list_nodes (editor);
  if (nodes->len == 0)
    {
      _heddle_window_tell (self, _ ("Select a node first. A tool has no breakpoint: set it on the agent that calls it."));
      return;
    }
  g_ptr_array_add (nodes, NULL);
  heddle_session_toggle_breakpoints (heddle_editor_get_session (editor), (const char *const *) nodes->pdata);
}

/* Of a run that goes on: it comes to stand before the next node. */
static void
step_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);

  if (session == NULL)
    return;
  if (heddle_session_is_running (session))
    heddle_session_step (session);
  else
    _heddle_window_begin_stepping (self);
}

void
_heddle_window_install_break_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.toggle-breakpoint", NULL, toggle_breakpoint_action);
  gtk_widget_class_install_action (widget_class, "win.step", NULL, step_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "win.toggle-breakpoint", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, 0, "win.step", NULL);
}
