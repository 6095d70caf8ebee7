/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-editor-private.h"

#include "palette/heddle-node-search.h"
#include "window/heddle-run-bar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SIDEBAR_WIDTH 168
#define INSPECTOR_WIDTH 300
#define TRACE_HEIGHT 180

enum
{
  MESSAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleEditor, heddle_editor, GTK_TYPE_WIDGET)

void
_heddle_editor_tell (HeddleEditor *self,
                     const char *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

static void
selection_changed_cb (HeddleEditor *self)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self->canvas);
  const char *only = ids != NULL && g_strv_length (ids) == 1 ? ids[0] : NULL;

  heddle_inspector_set_selection (self->inspector, (const char *const *) ids);
  heddle_inspector_set_edge (self->inspector, heddle_canvas_get_selected_edge (self->canvas));
  if (only != NULL)
    heddle_trace_panel_select_node (self->trace_panel, only);
}

static void
open_node_cb (HeddleEditor *self,
              const char *node_id)
{
  heddle_editor_show_node (self, node_id, NULL);
}

static void
canvas_message_cb (HeddleEditor *self,
                   const char *message)
{
  _heddle_editor_tell (self, message);
}

static void
node_chosen_cb (HeddleEditor *self,
                const char *type_id)
{
  heddle_canvas_add_node_at_center (self->canvas, type_id);
}

static void
template_chosen_cb (HeddleEditor *self,
                    const char *id)
{
  heddle_editor_insert_template (self, id);
}

static void
node_activated_cb (HeddleEditor *self,
                   const char *node_id)
{
  if (heddle_graph_find_node (heddle_session_get_graph (self->session), node_id) == NULL)
    {
      _heddle_editor_tell (self, _ ("This node is no longer in the workflow."));
      return;
    }
  heddle_canvas_select (self->canvas, (const char *const[]){ node_id, NULL });
  heddle_canvas_reveal (self->canvas, node_id);
}

static void
show_run_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (HeddleEditor) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_session_show_run_finish (HEDDLE_SESSION (object), result, &error) && !heddle_error_is_cancelled (error))
    _heddle_editor_tell (self, error->message);
}

void
heddle_editor_show_run (HeddleEditor *self,
                        const char *run_id)
{
  g_return_if_fail (HEDDLE_IS_EDITOR (self));

  heddle_session_show_run_async (self->session, run_id, NULL, show_run_cb, g_object_ref (self));
}

static void
trace_changed_cb (HeddleEditor *self)
{
  HeddleTrace *trace = heddle_session_get_trace (self->session);

  heddle_canvas_set_trace (self->canvas, trace);
  heddle_outline_set_trace (self->outline, trace);
  heddle_find_bar_set_trace (self->find_bar, trace);
  heddle_inspector_set_trace (self->inspector, trace);
  heddle_trace_panel_set_trace (self->trace_panel, trace);
  if (trace != NULL)
    heddle_panes_suggest (self->panes, HEDDLE_PANE_BOTTOM);
}

static void
breakpoints_changed_cb (HeddleEditor *self)
{
  g_auto (GStrv) nodes = heddle_session_dup_breakpoints (self->session);

  heddle_canvas_set_breakpoints (self->canvas, (const char *const *) nodes);
}

/* Where the run stands is what a person wants to look at, unless they write something just now. */
static void
pause_changed_cb (HeddleEditor *self)
{
  const char *next = heddle_session_get_next_node (self->session);
  HeddleTrace *trace = heddle_session_get_trace (self->session);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (next == NULL || !heddle_session_shows_live (self->session))
    return;
  heddle_trace_choose_span (trace, heddle_trace_get_next (trace));
  if (focus == NULL || !(GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus)))
    node_activated_cb (self, next);
}

static void
problems_changed_cb (HeddleEditor *self)
{
  GPtrArray *problems = heddle_session_get_problems (self->session);

  heddle_canvas_set_problems (self->canvas, problems);
  heddle_outline_set_problems (self->outline, problems);
  heddle_inspector_set_problems (self->inspector, problems);
}

static void
search_chosen_cb (HeddleEditor *self,
                  const char *type_id)
{
  heddle_canvas_insert_node (self->canvas, type_id, self->search_at.x, self->search_at.y);
}

static void
search_template_cb (HeddleEditor *self,
                    const char *id)
{
  const HeddleTemplateInfo *info = heddle_template_list_find (self->templates, id);

  if (info != NULL)
    heddle_canvas_insert_template_at (self->canvas, info->json, self->search_at.x, self->search_at.y);
}

static void
search_closed_cb (HeddleEditor *self)
{
  heddle_canvas_end_search (self->canvas);
}

static gboolean
can_insert_cb (const HeddleNodeType *type,
               gpointer user_data)
{
  return heddle_canvas_can_insert (user_data, type);
}

static gboolean
can_insert_template_cb (const HeddleTemplateInfo *info,
                        gpointer user_data)
{
  return heddle_canvas_can_insert_template (user_data, info->json);
}

static gboolean
is_pressed (GtkWidget *widget)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (widget));
  GdkDevice *pointer = gdk_seat_get_pointer (gdk_display_get_default_seat (gtk_widget_get_display (widget)));
  GdkModifierType state = 0;

  return pointer != NULL && gdk_surface_get_device_position (surface, pointer, NULL, NULL, &state) && (state & GDK_BUTTON1_MASK);
}

static gboolean
open_search_cb (GtkWidget *canvas,
                GdkFrameClock *clock,
                gpointer user_data)
{
  if (is_pressed (canvas))
    return G_SOURCE_CONTINUE;
  gtk_popover_popup (GTK_POPOVER (user_data));
  return G_SOURCE_REMOVE;
}

static gboolean
open_search_idle (gpointer search)
{
  if (gtk_widget_get_root (search) != NULL)
    gtk_popover_popup (GTK_POPOVER (search));
  return G_SOURCE_REMOVE;
}

/* The pointer can only be grabbed when the button that asked for the search has been let go everywhere. A key asks for what is
 * typed next: that must find the search open, however quickly it comes. */
static void
open_search (HeddleEditor *self)
{
  if (is_pressed (GTK_WIDGET (self->canvas)))
    gtk_widget_add_tick_callback (GTK_WIDGET (self->canvas), open_search_cb, self->node_search, NULL);
  else
    g_idle_add_full (G_PRIORITY_HIGH, open_search_idle, g_object_ref (self->node_search), g_object_unref);
}

static void
search_requested_cb (HeddleEditor *self,
                     double x,
                     double y,
                     gboolean pending)
{
  const GdkRectangle at = { x, y, 1, 1 };

  if (self->node_search == NULL)
    {
      self->node_search = heddle_node_search_new (can_insert_cb, self->canvas);
      gtk_widget_set_parent (self->node_search, GTK_WIDGET (self->canvas));
      g_signal_connect_object (self->node_search, "node-chosen", G_CALLBACK (search_chosen_cb), self, G_CONNECT_SWAPPED);
      heddle_node_search_set_templates (HEDDLE_NODE_SEARCH (self->node_search), self->templates, can_insert_template_cb);
      g_signal_connect_object (self->node_search, "template-chosen", G_CALLBACK (search_template_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->node_search, "closed", G_CALLBACK (search_closed_cb), self, G_CONNECT_SWAPPED);
    }
  self->search_at = GRAPHENE_POINT_INIT (x, y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->node_search), &at);
  open_search (self);
}

void
heddle_editor_show_node (HeddleEditor *self,
                         const char *node_id,
                         const char *param)
{
  g_return_if_fail (HEDDLE_IS_EDITOR (self));

  heddle_canvas_select (self->canvas, (const char *const[]){ node_id, NULL });
  heddle_canvas_reveal (self->canvas, node_id);
  heddle_panes_reveal (self->panes, HEDDLE_PANE_END);
  heddle_inspector_focus_param (self->inspector, param);
}

HeddleTemplateList *
heddle_editor_get_templates (HeddleEditor *self)
{
  g_return_val_if_fail (HEDDLE_IS_EDITOR (self), NULL);

  return self->templates;
}

void
heddle_editor_insert_template (HeddleEditor *self,
                               const char *id)
{
  const HeddleTemplateInfo *info;

  g_return_if_fail (HEDDLE_IS_EDITOR (self));

  info = heddle_template_list_find (self->templates, id);
  if (info != NULL)
    heddle_canvas_insert_template (self->canvas, info->json);
}

GtkWidget *
heddle_editor_get_canvas (HeddleEditor *self)
{
  g_return_val_if_fail (HEDDLE_IS_EDITOR (self), NULL);

  return GTK_WIDGET (self->canvas);
}

char **
heddle_editor_dup_selection (HeddleEditor *self)
{
  g_return_val_if_fail (HEDDLE_IS_EDITOR (self), NULL);

  return heddle_canvas_get_selection (self->canvas);
}

char *
heddle_editor_dup_selected_node (HeddleEditor *self)
{
  g_auto (GStrv) ids = NULL;

  g_return_val_if_fail (HEDDLE_IS_EDITOR (self), NULL);

  ids = heddle_canvas_get_selection (self->canvas);
  if (ids == NULL || g_strv_length (ids) != 1 || heddle_graph_find_node (heddle_session_get_graph (self->session), ids[0]) == NULL)
    return NULL;
  return g_strdup (ids[0]);
}

HeddleSession *
heddle_editor_get_session (HeddleEditor *self)
{
  g_return_val_if_fail (HEDDLE_IS_EDITOR (self), NULL);

  return self->session;
}

static void
toggle_palette (GtkWidget *widget,
                const char *action,
                GVariant *parameter)
{
  heddle_panes_toggle (HEDDLE_EDITOR (widget)->panes, HEDDLE_PANE_START);
}

static void
toggle_inspector (GtkWidget *widget,
                  const char *action,
                  GVariant *parameter)
{
  heddle_panes_toggle (HEDDLE_EDITOR (widget)->panes, HEDDLE_PANE_END);
}

static void
toggle_trace (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  heddle_panes_toggle (HEDDLE_EDITOR (widget)->panes, HEDDLE_PANE_BOTTOM);
}

static void
search_nodes (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  HeddleEditor *self = HEDDLE_EDITOR (widget);

  heddle_panes_reveal (self->panes, HEDDLE_PANE_START);
  heddle_sidebar_set_page (self->sidebar, "nodes");
  heddle_palette_focus_search (self->palette);
}

static void
search_parameters (GtkWidget *widget,
                   const char *action,
                   GVariant *parameter)
{
  HeddleEditor *self = HEDDLE_EDITOR (widget);

  heddle_panes_reveal (self->panes, HEDDLE_PANE_END);
  heddle_inspector_search (self->inspector);
}

static void
find (GtkWidget *widget,
      const char *action,
      GVariant *parameter)
{
  HeddleEditor *self = HEDDLE_EDITOR (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  /* In the palette, what is looked for is a type of node. */
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->palette)))
    heddle_palette_focus_search (self->palette);
  else
    heddle_find_bar_open (self->find_bar);
}

static void
show_outline (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  HeddleEditor *self = HEDDLE_EDITOR (widget);

  heddle_panes_reveal (self->panes, HEDDLE_PANE_START);
  heddle_sidebar_set_page (self->sidebar, "outline");
  heddle_outline_focus (self->outline);
}

static void
show_history (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  HeddleEditor *self = HEDDLE_EDITOR (widget);

  heddle_panes_reveal (self->panes, HEDDLE_PANE_START);
  heddle_sidebar_set_page (self->sidebar, "history");
  gtk_widget_child_focus (GTK_WIDGET (self->history), GTK_DIR_TAB_FORWARD);
}

static void
restore_panes (HeddleEditor *self)
{
  self->settings = g_settings_new ("org.heddle.Heddle");
  g_settings_bind (self->settings, "palette-width", self->panes, "start-size", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "inspector-width", self->panes, "end-size", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "trace-height", self->panes, "bottom-size", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "show-palette", self->panes, "show-start", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "show-inspector", self->panes, "show-end", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "show-trace", self->panes, "show-bottom", G_SETTINGS_BIND_DEFAULT);
  /* After all pages are there. */
  g_settings_bind (self->settings, "sidebar-page", self->sidebar, "page", G_SETTINGS_BIND_DEFAULT);
}

static void
add_panes (HeddleEditor *self)
{
  const HeddlePaneContent panes[HEDDLE_N_PANES] = {
    [HEDDLE_PANE_START] = { GTK_WIDGET (self->sidebar), _ ("Workflow"), SIDEBAR_WIDTH },
    [HEDDLE_PANE_END] = { GTK_WIDGET (self->inspector), _ ("Inspector"), INSPECTOR_WIDTH },
    [HEDDLE_PANE_BOTTOM] = { GTK_WIDGET (self->trace_panel), _ ("Trace"), TRACE_HEIGHT },
  };
  GtkWidget *overlay = gtk_overlay_new ();

  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->canvas));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->find_bar));
  self->panes = HEDDLE_PANES (heddle_panes_new (overlay, panes));
  adw_bin_set_child (ADW_BIN (self->panes_bin), GTK_WIDGET (self->panes));
  restore_panes (self);
}

/* A note has no settings to show. */
static void
open_match_cb (HeddleEditor *self,
               const char *id,
               const char *param)
{
  if (heddle_graph_find_node (heddle_session_get_graph (self->session), id) != NULL)
    heddle_editor_show_node (self, id, param);
}

static void
add_canvas (HeddleEditor *self)
{
  self->canvas = HEDDLE_CANVAS (heddle_canvas_new ());
  heddle_canvas_set_document (self->canvas, heddle_session_get_document (self->session));
  g_signal_connect_object (self->canvas, "selection-changed", G_CALLBACK (selection_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->canvas, "open-node", G_CALLBACK (open_node_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->canvas, "message", G_CALLBACK (canvas_message_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->canvas, "search-requested", G_CALLBACK (search_requested_cb), self, G_CONNECT_SWAPPED);
  self->find_bar = HEDDLE_FIND_BAR (heddle_find_bar_new (self->canvas));
  g_signal_connect_object (self->find_bar, "open-match", G_CALLBACK (open_match_cb), self, G_CONNECT_SWAPPED);
}

static void
add_history (HeddleEditor *self)
{
  self->history = HEDDLE_HISTORY_PAGE (heddle_history_page_new (heddle_session_get_services (self->session)->store,
                                                                heddle_session_get_document (self->session)));
  heddle_sidebar_add_page (self->sidebar, "history", _ ("History"), "document-open-recent-symbolic", GTK_WIDGET (self->history));
  g_signal_connect_object (self->history, "message", G_CALLBACK (canvas_message_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::saved", G_CALLBACK (heddle_history_page_refresh), self->history, G_CONNECT_SWAPPED);
}

static void
add_panels (HeddleEditor *self)
{
  const HeddleServices *services = heddle_session_get_services (self->session);

  self->sidebar = HEDDLE_SIDEBAR (heddle_sidebar_new ());
  self->templates = heddle_template_list_new (services->store);
  self->palette = HEDDLE_PALETTE (heddle_palette_new ());
  heddle_palette_set_templates (self->palette, self->templates);
  heddle_sidebar_add_page (self->sidebar, "nodes", _ ("Nodes"), "list-add-symbolic", GTK_WIDGET (self->palette));
  self->outline = HEDDLE_OUTLINE (heddle_outline_new (self->canvas));
  heddle_sidebar_add_page (self->sidebar, "outline", _ ("Outline"), "view-list-symbolic", GTK_WIDGET (self->outline));
  add_history (self);
  g_signal_connect_object (self->palette, "node-chosen", G_CALLBACK (node_chosen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->palette, "template-chosen", G_CALLBACK (template_chosen_cb), self, G_CONNECT_SWAPPED);

  self->inspector = HEDDLE_INSPECTOR (heddle_inspector_new (services));
  heddle_inspector_set_document (self->inspector, heddle_session_get_document (self->session));
  g_signal_connect_object (self->inspector, "problem-activated", G_CALLBACK (heddle_editor_show_node), self, G_CONNECT_SWAPPED);

  self->trace_panel = HEDDLE_TRACE_PANEL (heddle_trace_panel_new (services));
  heddle_trace_panel_set_past_runs (self->trace_panel, heddle_session_get_past_runs (self->session));
  g_signal_connect_object (self->trace_panel, "node-activated", G_CALLBACK (node_activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trace_panel, "run-activated", G_CALLBACK (heddle_editor_show_run), self, G_CONNECT_SWAPPED);
}

GtkWidget *
heddle_editor_new (HeddleSession *session)
{
  HeddleEditor *self = g_object_new (HEDDLE_TYPE_EDITOR, NULL);

  self->session = g_object_ref (session);
  adw_bin_set_child (ADW_BIN (self->bar_bin), heddle_run_bar_new (session));
  add_canvas (self);
  _heddle_editor_take_values (self);
  add_panels (self);
  add_panes (self);
  g_signal_connect_object (session, "notify::trace", G_CALLBACK (trace_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "problems-changed", G_CALLBACK (problems_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "questions-changed", G_CALLBACK (_heddle_editor_update_question), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "breakpoints-changed", G_CALLBACK (breakpoints_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::pause-reason", G_CALLBACK (pause_changed_cb), self, G_CONNECT_SWAPPED);
  problems_changed_cb (self);
  breakpoints_changed_cb (self);
  return GTK_WIDGET (self);
}

/* Of the tabs, only the one that is shown. */
static void
heddle_editor_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (heddle_editor_parent_class)->map (widget);
  heddle_template_list_follow (HEDDLE_EDITOR (widget)->templates, TRUE);
}

static void
heddle_editor_unmap (GtkWidget *widget)
{
  HeddleEditor *self = HEDDLE_EDITOR (widget);

  if (self->templates != NULL)
    heddle_template_list_follow (self->templates, FALSE);
  GTK_WIDGET_CLASS (heddle_editor_parent_class)->unmap (widget);
}

static void
heddle_editor_dispose (GObject *object)
{
  HeddleEditor *self = HEDDLE_EDITOR (object);

  /* A past run may still be on its way from the store and hold the editor. */
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->canvas != NULL)
    g_signal_handlers_disconnect_by_data (self->canvas, self);
  g_clear_pointer (&self->node_search, gtk_widget_unparent);
  self->canvas = NULL;
  g_clear_pointer (&self->bar_bin, gtk_widget_unparent);
  g_clear_pointer (&self->panes_bin, gtk_widget_unparent);
  g_clear_object (&self->templates);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  g_clear_pointer (&self->question_id, g_free);
  G_OBJECT_CLASS (heddle_editor_parent_class)->dispose (object);
}

static void
heddle_editor_class_init (HeddleEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_editor_dispose;
  widget_class->map = heddle_editor_map;
  widget_class->unmap = heddle_editor_unmap;
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/window/heddle-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleEditor, bar_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleEditor, panes_bin);
  gtk_widget_class_install_action (widget_class, "editor.toggle-palette", NULL, toggle_palette);
  gtk_widget_class_install_action (widget_class, "editor.toggle-inspector", NULL, toggle_inspector);
  gtk_widget_class_install_action (widget_class, "editor.toggle-trace", NULL, toggle_trace);
  gtk_widget_class_install_action (widget_class, "editor.search-nodes", NULL, search_nodes);
  gtk_widget_class_install_action (widget_class, "editor.search-parameters", NULL, search_parameters);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK | GDK_ALT_MASK, "editor.search-parameters", NULL);
  _heddle_editor_install_values (widget_class);
  gtk_widget_class_install_action (widget_class, "editor.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "editor.show-outline", NULL, show_outline);
  gtk_widget_class_install_action (widget_class, "editor.show-history", NULL, show_history);
}

static void
heddle_editor_init (HeddleEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
