/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include "common/heddle-accessible-names.h"
#include "common/heddle-toast.h"
#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

#define SHORTCUTS_IN_COLUMN 14

G_DEFINE_FINAL_TYPE (HeddleWindow, heddle_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
on_start_page (HeddleWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "start") == 0;
}

HeddleEditor *
_heddle_window_get_editor (HeddleWindow *self)
{
  AdwTabPage *page = adw_tab_view_get_selected_page (self->tabs);

  if (page == NULL || on_start_page (self))
    return NULL;
  return HEDDLE_EDITOR (adw_tab_page_get_child (page));
}

HeddleSession *
_heddle_window_get_session (HeddleWindow *self)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  return editor != NULL ? heddle_editor_get_session (editor) : NULL;
}

void
_heddle_window_tell (HeddleWindow *self,
                     const char *message)
{
  AdwToast *toast;

  if (self->toasts == NULL)
    return;
  if (message == NULL)
    {
      if (self->last_toast != NULL)
        heddle_toast_dismiss (self->last_toast);
      return;
    }
  toast = heddle_toast_new (message);
  g_set_weak_pointer (&self->last_toast, toast);
  heddle_toast_show (self->toasts, toast);
}

void
_heddle_window_offer (HeddleWindow *self,
                      const char *message,
                      const char *label,
                      const char *action,
                      GVariant *target)
{
  AdwToast *toast = heddle_toast_new (message);

  adw_toast_set_button_label (toast, label);
  adw_toast_set_action_name (toast, action);
  adw_toast_set_action_target_value (toast, target);
  adw_toast_set_timeout (toast, 10);
  heddle_toast_show (self->toasts, toast);
}

static const char *
display_name (const char *name)
{
  return name != NULL && name[0] != '\0' ? name : _ ("Untitled");
}

static const char *
describe_state (HeddleSession *session)
{
  if (heddle_session_is_running (session))
    return _ ("Running");
  if (heddle_session_is_new (session))
    return _ ("New Workflow");
  if (heddle_session_is_saved (session))
    return _ ("Saved");
  return heddle_session_has_save_failed (session) ? _ ("Not saved") : _ ("Saving…");
}

static void
update_title (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);
  const char *name = session != NULL ? display_name (heddle_graph_get_name (heddle_session_get_graph (session))) : _ ("Heddle");

  gtk_label_set_label (self->title_label, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title_label), session != NULL ? name : NULL);
  gtk_label_set_label (self->subtitle_label, session != NULL ? describe_state (session) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle_label), session != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->title_button), session != NULL);
  gtk_window_set_title (GTK_WINDOW (self), name);
  if (session != NULL)
    adw_tab_page_set_title (adw_tab_view_get_selected_page (self->tabs), name);
}

static void
update_meta (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);

  update_title (self);
  if (session == NULL)
    return;
  self->updating = TRUE;
  heddle_editable_set_text (GTK_EDITABLE (self->name_row), heddle_graph_get_name (heddle_session_get_graph (session)));
  heddle_editable_set_text (GTK_EDITABLE (self->description_row), heddle_graph_get_description (heddle_session_get_graph (session)));
  self->updating = FALSE;
}

static void
update_problems (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);
  gboolean is_empty = session == NULL || heddle_graph_get_n_nodes (heddle_session_get_graph (session)) == 0;
  GPtrArray *problems = is_empty ? NULL : heddle_session_get_problems (session);
  g_autofree char *label = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->problems_button), problems != NULL && problems->len > 0);
  if (problems == NULL || problems->len == 0)
    return;
  label = g_strdup_printf ("%u", problems->len);
  adw_button_content_set_label (self->problems_content, label);
  adw_button_content_set_icon_name (self->problems_content, heddle_problem_list_has_errors (problems) ? "dialog-error-symbolic" : "dialog-warning-symbolic");
  heddle_problem_popover_set_problems (self->problem_popover, problems, heddle_session_get_graph (session));
}

/* One button for both, so that the pointer that started a run rests on what stops it. */
static void
update_run_button (HeddleWindow *self, gboolean running)
{
  adw_button_content_set_icon_name (self->run_content, running ? "media-playback-stop-symbolic" : "media-playback-start-symbolic");
  adw_button_content_set_label (self->run_content, heddle_adaptive_bin_is_narrow (self->adaptive) ? "" : running ? _ ("_Stop")
                                                                                                                 : _ ("_Run"));
  heddle_accessible_set_name (self->run_button, running ? _ ("Stop") : _ ("Run"));
  gtk_widget_remove_css_class (self->run_button, running ? "suggested-action" : "destructive-action");
  gtk_widget_add_css_class (self->run_button, running ? "destructive-action" : "suggested-action");
  gtk_widget_set_sensitive (GTK_WIDGET (self->run_menu_button), !running);
}

/* Only when somebody looks: the workflow may change with each key. */
static gboolean
query_run_tooltip_cb (HeddleWindow *self,
                      int x,
                      int y,
                      gboolean keyboard,
                      GtkTooltip *tooltip)
{
  HeddleSession *session = _heddle_window_get_session (self);
  gboolean running = session != NULL && heddle_session_is_running (session);
  g_autofree char *estimate = running ? NULL : _heddle_window_dup_estimate (self);
  g_autofree char *text = g_strjoin ("\n", running ? _ ("Stop (Ctrl+Enter)") : _ ("Run (Ctrl+Enter)"), estimate, NULL);

  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
update_running (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);
  gboolean running = session != NULL && heddle_session_is_running (session);

  update_run_button (self, running);
  update_title (self);
  _heddle_window_update_actions (self);
}

/* On the start page the same button leads back to what is open. */
static void
update_home (HeddleWindow *self)
{
  gboolean at_start = on_start_page (self);

  gtk_button_set_icon_name (GTK_BUTTON (self->home_button), at_start ? "go-previous-symbolic" : "view-grid-symbolic");
  gtk_widget_set_tooltip_text (self->home_button, at_start ? _ ("Back to the workflow (Alt+Home)") : _ ("All workflows (Alt+Home)"));
  gtk_widget_set_visible (self->home_button, adw_tab_view_get_n_pages (self->tabs) > 0);
  gtk_widget_set_visible (self->tab_bar, !at_start);
}

static void
update_active (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);
  gboolean is_active;

  heddle_active_popover_set_session (self->active_popover, session);
  is_active = heddle_active_popover_is_active (self->active_popover);
  adw_button_content_set_label (self->active_content, is_active && !heddle_adaptive_bin_is_narrow (self->adaptive) ? _ ("Active") : "");
  if (is_active)
    gtk_widget_add_css_class (GTK_WIDGET (self->active_button), "is-active");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->active_button), "is-active");
}

static void
run_requested_cb (HeddleWindow *self, const char *run)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  if (editor != NULL)
    heddle_editor_show_run (editor, run);
}

static void
room_changed_cb (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);

  _heddle_window_update_room (self);
  update_active (self);
  update_run_button (self, session != NULL && heddle_session_is_running (session));
}

static void
update_all (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);

  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->past_signals, session != NULL ? heddle_session_get_past_runs (session) : NULL);
  g_signal_group_set_target (self->document_signals, session != NULL ? heddle_session_get_document (session) : NULL);
  gtk_widget_set_visible (self->editor_controls, session != NULL);
  _heddle_window_update_room (self);
  update_home (self);
  update_meta (self);
  update_problems (self);
  update_active (self);
  update_running (self);
}

static void
page_changed_cb (HeddleWindow *self)
{
  update_all (self);
}

static void
forget_page_cb (HeddleWindow *self)
{
  if (adw_tab_view_get_n_pages (self->tabs) == 0)
    _heddle_window_show_start (self);
}

static gboolean
close_page_cb (HeddleWindow *self,
               AdwTabPage *page)
{
  return _heddle_window_close_page (self, page);
}

static void
name_changed_cb (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);

  if (session != NULL && !self->updating)
    heddle_document_set_name (heddle_session_get_document (session), gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
}

static void
description_changed_cb (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);

  if (session != NULL && !self->updating)
    heddle_document_set_description (heddle_session_get_document (session),
                                     gtk_editable_get_text (GTK_EDITABLE (self->description_row)));
}

static void
document_changed_cb (HeddleWindow *self,
                     HeddleChange *change)
{
  if (change->flags & HEDDLE_CHANGE_META)
    update_meta (self);
  _heddle_window_update_actions (self);
}

static void
save_failed_cb (HeddleWindow *self,
                const GError *error)
{
  _heddle_window_tell (self, error->message);
  gtk_label_set_label (self->subtitle_label, _ ("Not saved"));
}

static void
problem_activated_cb (HeddleWindow *self,
                      const char *node,
                      const char *param)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  if (editor != NULL && node != NULL)
    heddle_editor_show_node (editor, node, param);
}

void
_heddle_window_show_start (HeddleWindow *self)
{
  heddle_start_page_refresh (self->start_page);
  gtk_stack_set_visible_child_name (self->stack, "start");
  update_all (self);
}

void
_heddle_window_show_editor (HeddleWindow *self,
                            HeddleEditor *editor)
{
  adw_tab_view_set_selected_page (self->tabs, adw_tab_view_get_page (self->tabs, GTK_WIDGET (editor)));
  gtk_stack_set_visible_child_name (self->stack, "editor");
  update_all (self);
  gtk_widget_grab_focus (heddle_editor_get_canvas (editor));
  if (self->run_to_show != NULL)
    heddle_editor_show_run (editor, self->run_to_show);
  g_clear_pointer (&self->run_to_show, g_free);
  _heddle_window_resume_to_ask (self, heddle_editor_get_session (editor));
}

HeddleEditor *
_heddle_window_add_document (HeddleWindow *self,
                             HeddleDocument *document,
                             gboolean is_new)
{
  g_autoptr (HeddleSession) session = heddle_session_new (self->services, document, is_new);
  GtkWidget *editor = heddle_editor_new (session);
  AdwTabPage *page = adw_tab_view_append (self->tabs, editor);

  adw_tab_page_set_title (page, display_name (heddle_graph_get_name (heddle_session_get_graph (session))));
  _heddle_window_follow_page (self, page, session);
  g_signal_connect_object (editor, "message", G_CALLBACK (_heddle_window_tell), self, G_CONNECT_SWAPPED);
  _heddle_window_show_editor (self, HEDDLE_EDITOR (editor));
  return HEDDLE_EDITOR (editor);
}

HeddleDocument *
_heddle_window_restore (const HeddleWorkflowInfo *info,
                        JsonNode *journal,
                        GError **error)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (info->json, -1, error);
  g_autoptr (HeddleDocument) document = NULL;

  if (graph == NULL)
    return NULL;
  document = heddle_document_new (graph);
  if (journal != NULL)
    heddle_document_replay (document, journal, error);
  return g_steal_pointer (&document);
}

static void
open_example_cb (HeddleWindow *self,
                 const char *json)
{
  g_autoptr (GError) error = NULL;

  if (!_heddle_window_import_text (self, json, -1, &error))
    _heddle_window_tell (self, error->message);
}

void
_heddle_window_open_run (HeddleWindow *self,
                         const char *workflow,
                         const char *run)
{
  g_free (self->run_to_show);
  self->run_to_show = g_strdup (run);
  heddle_window_open_workflow (self, workflow);
}

static GtkWidget *
find_shortcuts_section (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SHORTCUTS_SECTION (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_shortcuts_section (child);
  return found;
}

/* Parted into pages now that all groups are in it: GTK 4.8 mixes up their order when it does that while it adds them. */
static void
part_shortcuts (HeddleWindow *self)
{
  GtkShortcutsWindow *shortcuts = gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (self));
  GtkWidget *section = shortcuts != NULL ? find_shortcuts_section (GTK_WIDGET (shortcuts)) : NULL;

  if (section != NULL)
    g_object_set (section, "max-height", SHORTCUTS_IN_COLUMN, NULL);
}

GtkWidget *
heddle_window_new (AdwApplication *application,
                   const HeddleServices *services)
{
  HeddleWindow *self = g_object_new (HEDDLE_TYPE_WINDOW, "application", application, NULL);

  self->services = services;
  heddle_active_popover_set_services (self->active_popover, services);
  self->start_page = HEDDLE_START_PAGE (heddle_start_page_new (services));
  adw_bin_set_child (self->start_bin, GTK_WIDGET (self->start_page));
  g_signal_connect_object (services->store, "write-failed", G_CALLBACK (save_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->start_page, "open-workflow", G_CALLBACK (heddle_window_open_workflow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->start_page, "open-run", G_CALLBACK (_heddle_window_open_run), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->start_page, "open-example", G_CALLBACK (open_example_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->start_page, "delete-workflow", G_CALLBACK (_heddle_window_delete_workflow), self, G_CONNECT_SWAPPED);
  _heddle_window_follow_questions (self);
  part_shortcuts (self);
  update_all (self);
  return GTK_WIDGET (self);
}

static void
save_all (HeddleWindow *self)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      HeddleEditor *editor = HEDDLE_EDITOR (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tabs, i)));
      HeddleSession *session = heddle_editor_get_session (editor);

      if (!heddle_session_is_saved (session))
        heddle_session_save (session);
    }
}

static gboolean
heddle_window_close_request (GtkWindow *window)
{
  save_all (HEDDLE_WINDOW (window));
  return GTK_WINDOW_CLASS (heddle_window_parent_class)->close_request (window);
}

static void
heddle_window_dispose (GObject *object)
{
  HeddleWindow *self = HEDDLE_WINDOW (object);

  /* The tabs lose their pages while the window goes; there is nothing left to update then. */
  if (self->tabs != NULL)
    g_signal_handlers_disconnect_by_data (self->tabs, self);
  self->tabs = NULL;
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->input_form, gtk_widget_unparent);
  g_clear_weak_pointer (&self->last_toast);
  _heddle_window_forget_questions (self);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->document_signals);
  g_clear_object (&self->past_signals);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (heddle_window_parent_class)->dispose (object);
}

static void
heddle_window_finalize (GObject *object)
{
  g_object_unref (HEDDLE_WINDOW (object)->cancellable);
  g_free (HEDDLE_WINDOW (object)->run_to_show);
  g_free (HEDDLE_WINDOW (object)->run_until);
  G_OBJECT_CLASS (heddle_window_parent_class)->finalize (object);
}

static void
heddle_window_class_init (HeddleWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = heddle_window_close_request;

  g_type_ensure (HEDDLE_TYPE_ADAPTIVE_BIN);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/window/heddle-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, adaptive);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, header);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, new_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, inspector_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, bottom_bar);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, start_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, tabs);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, tab_bar);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, tabs_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, home_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, title_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, run_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, run_menu_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, run_content);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, active_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, active_content);
  gtk_widget_class_bind_template_callback (widget_class, query_run_tooltip_cb);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, questions_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, narrow_questions_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, questions_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, questions_content);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, problems_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, problems_content);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, editor_controls);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, edit_buttons);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, name_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleWindow, description_row);
  gtk_widget_class_bind_template_callback (widget_class, room_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_page_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, description_changed_cb);
  _heddle_window_install_actions (widget_class);
  _heddle_window_install_tab_actions (widget_class);
  _heddle_window_install_file_actions (widget_class);
  _heddle_window_install_diagram_actions (widget_class);
  _heddle_window_install_template_actions (widget_class);
  _heddle_window_install_memory_actions (widget_class);
  _heddle_window_install_open_actions (widget_class);
  _heddle_window_install_pin_actions (widget_class);
  _heddle_window_install_run_actions (widget_class);
  _heddle_window_install_break_actions (widget_class);
  _heddle_window_install_subflow_actions (widget_class);
  _heddle_window_install_question_actions (widget_class);
  _heddle_window_install_command_actions (widget_class);
  _heddle_window_install_export_actions (widget_class);
}

static void
follow_session (HeddleWindow *self)
{
  self->session_signals = g_signal_group_new (HEDDLE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::running", G_CALLBACK (update_running), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::pause-reason", G_CALLBACK (_heddle_window_update_run_actions), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::trace", G_CALLBACK (_heddle_window_update_run_actions), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::saved", G_CALLBACK (update_title), self);
  g_signal_group_connect_swapped (self->session_signals, "problems-changed", G_CALLBACK (update_problems), self);
  g_signal_group_connect_swapped (self->session_signals, "save-failed", G_CALLBACK (save_failed_cb), self);
  self->past_signals = g_signal_group_new (HEDDLE_TYPE_PAST_RUNS);
  g_signal_group_connect_swapped (self->past_signals, "changed", G_CALLBACK (_heddle_window_update_run_actions), self);
  self->document_signals = g_signal_group_new (HEDDLE_TYPE_DOCUMENT);
  g_signal_group_connect_swapped (self->document_signals, "changed", G_CALLBACK (document_changed_cb), self);
  g_signal_group_connect_swapped (self->document_signals, "history-lost", G_CALLBACK (_heddle_window_tell), self);
}

static void
heddle_window_init (HeddleWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->input_form = heddle_input_form_new ();
  gtk_widget_set_parent (self->input_form, self->run_button);
  gtk_menu_button_set_create_popup_func (self->run_menu_button, _heddle_window_fill_run_menu, self, NULL);
  gtk_menu_button_set_create_popup_func (self->tabs_button, _heddle_window_fill_tabs_menu, self, NULL);
  g_signal_connect_object (self->input_form, "run", G_CALLBACK (_heddle_window_run), self, G_CONNECT_SWAPPED);
  self->problem_popover = HEDDLE_PROBLEM_POPOVER (heddle_problem_popover_new ());
  gtk_menu_button_set_popover (self->problems_button, GTK_WIDGET (self->problem_popover));
  g_signal_connect_object (self->problem_popover, "problem-activated", G_CALLBACK (problem_activated_cb), self, G_CONNECT_SWAPPED);
  self->active_popover = HEDDLE_ACTIVE_POPOVER (heddle_active_popover_new ());
  gtk_menu_button_set_popover (self->active_button, GTK_WIDGET (self->active_popover));
  g_signal_connect_object (self->active_popover, "changed", G_CALLBACK (update_active), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->active_popover, "run-activated", G_CALLBACK (run_requested_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tabs, "page-detached", G_CALLBACK (forget_page_cb), self, G_CONNECT_SWAPPED);
  _heddle_window_add_run_shortcuts (self);
  follow_session (self);
  _heddle_window_follow_tabs (self);
  _heddle_window_bind_size (self);
}
