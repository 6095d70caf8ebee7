/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include "common/heddle-toast.h"
#include "common/heddle-widgets.h"
#include "dialogs/heddle-about.h"
#include "dialogs/heddle-help-window.h"
#include "dialogs/heddle-preferences.h"
#include "library/heddle-knowledge-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Run, edit and view; what reads and writes files is in heddle-window-files.c. */

static void
start_run (HeddleWindow *self,
           JsonNode *input)
{
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree char *until = g_steal_pointer (&self->run_until);
  gboolean stepping = self->run_steps;
  g_autoptr (GError) error = NULL;

  self->run_steps = FALSE;
  if (!heddle_session_run (session, input, until, stepping, &error))
    _heddle_window_tell (self, error->message);
}

void
_heddle_window_run (HeddleWindow *self)
{
  g_autoptr (JsonNode) input = heddle_input_form_dup_input (HEDDLE_INPUT_FORM (self->input_form), NULL);

  if (input == NULL)
    return;
  gtk_popover_popdown (GTK_POPOVER (self->input_form));
  /* The focus would return to the button, where Space would stop the run. */
  gtk_widget_grab_focus (heddle_editor_get_canvas (_heddle_window_get_editor (self)));
  start_run (self, input);
}

char *
_heddle_window_dup_estimate (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);
  HeddleEstimate estimate;

  if (session == NULL || self->services->models == NULL)
    return NULL;
  estimate = heddle_estimate_graph (heddle_session_get_graph (session), self->services->models);
  return heddle_estimate_to_text (&estimate);
}

static gboolean
has_fields (JsonNode *fields)
{
  return fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) && json_array_get_length (json_node_get_array (fields)) > 0;
}

/* What a webhook would bring: what was given last, or a request as its type shows one. */
static JsonNode *
dup_payload (HeddleSession *session,
             const HeddleNode *start)
{
  JsonNode *last = heddle_session_get_last_input (session);
  g_autoptr (JsonNode) example = last == NULL ? heddle_json_parse (start->type->example, -1, NULL) : NULL;
  JsonNode *input = last != NULL ? last : heddle_json_member (example, "input");

  return input != NULL ? json_node_ref (input) : heddle_json_null ();
}

/* FALSE when there is nothing to ask for. A schedule brings its time only, which is that of the run. */
static gboolean
fill_form (HeddleInputForm *form,
           HeddleSession *session)
{
  const HeddleNode *start = heddle_session_find_start_node (session);
  g_autoptr (JsonNode) fields = start != NULL ? heddle_params_dup_value (start->type, start->params, "fields") : NULL;
  g_autoptr (JsonNode) payload = NULL;

  if (has_fields (fields))
    {
      heddle_input_form_set_fields (form, fields, heddle_session_get_last_input (session));
      return TRUE;
    }
  if (start == NULL || strcmp (start->type->id, "webhook") != 0)
    return FALSE;
  payload = dup_payload (session, start);
  heddle_input_form_set_payload (form, _ ("Request"), payload);
  return TRUE;
}

static void
begin_run (HeddleWindow *self,
           const char *until,
           gboolean stepping)
{
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree char *estimate = NULL;

  if (session == NULL || heddle_session_is_running (session))
    return;
  g_free (self->run_until);
  self->run_until = g_strdup (until);
  self->run_steps = stepping;
  if (!fill_form (HEDDLE_INPUT_FORM (self->input_form), session))
    {
      start_run (self, NULL);
      return;
    }
  estimate = _heddle_window_dup_estimate (self);
  heddle_input_form_set_estimate (HEDDLE_INPUT_FORM (self->input_form), estimate);
  gtk_popover_popup (GTK_POPOVER (self->input_form));
}

void
_heddle_window_begin_run (HeddleWindow *self,
                          const char *until)
{
  begin_run (self, until, FALSE);
}

void
_heddle_window_begin_stepping (HeddleWindow *self)
{
  begin_run (self, NULL, TRUE);
}

/* With the form open, it is what the form is for. */
static void
run_action (GtkWidget *widget,
            const char *action,
            GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);

  if (gtk_widget_get_visible (self->input_form))
    _heddle_window_run (self);
  else
    _heddle_window_begin_run (self, NULL);
}

static void
stop_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleSession *session = _heddle_window_get_session (HEDDLE_WINDOW (widget));

  if (session != NULL)
    heddle_session_stop (session);
}

/* Whether this is the second half of a double click, which would stop what the first half started. */
static gboolean
is_repeated (HeddleWindow *self)
{
  int milliseconds;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-double-click-time", &milliseconds, NULL);
  return g_get_monotonic_time () - self->run_asked < milliseconds * G_TIME_SPAN_MILLISECOND;
}

static void
run_or_stop_action (GtkWidget *widget,
                    const char *action,
                    GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);

  if (session == NULL || is_repeated (self))
    return;
  if (heddle_session_is_running (session))
    {
      gtk_widget_activate_action (widget, "win.stop", NULL);
      return;
    }
  gtk_widget_activate_action (widget, "win.run", NULL);
  /* Not when it only opened the form. */
  if (heddle_session_is_running (session))
    self->run_asked = g_get_monotonic_time ();
}

static void
run_again_action (GtkWidget *widget,
                  const char *action,
                  GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);

  if (session == NULL || heddle_session_is_running (session))
    return;
  g_clear_pointer (&self->run_until, g_free);
  self->run_steps = FALSE;
  if (heddle_session_get_last_input (session) != NULL)
    start_run (self, heddle_session_get_last_input (session));
  else
    run_action (widget, action, parameter);
}

static void
undo_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleSession *session = _heddle_window_get_session (HEDDLE_WINDOW (widget));

  if (session != NULL)
    heddle_document_undo (heddle_session_get_document (session));
}

static void
redo_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleSession *session = _heddle_window_get_session (HEDDLE_WINDOW (widget));

  if (session != NULL)
    heddle_document_redo (heddle_session_get_document (session));
}

static void
tidy_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleEditor *editor = _heddle_window_get_editor (HEDDLE_WINDOW (widget));

  if (editor != NULL)
    gtk_widget_activate_action (heddle_editor_get_canvas (editor), "canvas.tidy", NULL);
}

/* "win.toggle-trace" is "editor.toggle-trace" of the open page. */
static void
editor_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleEditor *editor = _heddle_window_get_editor (HEDDLE_WINDOW (widget));
  g_autofree char *name = g_strconcat ("editor.", action + strlen ("win."), NULL);

  if (editor != NULL)
    gtk_widget_activate_action (GTK_WIDGET (editor), name, NULL);
}

static void
home_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  AdwTabPage *page = adw_tab_view_get_selected_page (self->tabs);

  if (_heddle_window_get_editor (self) != NULL || page == NULL)
    _heddle_window_show_start (self);
  else
    _heddle_window_show_editor (self, HEDDLE_EDITOR (adw_tab_page_get_child (page)));
}

static void
close_tab_action (GtkWidget *widget,
                  const char *action,
                  GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);

  if (_heddle_window_get_editor (self) != NULL)
    adw_tab_view_close_page (self->tabs, adw_tab_view_get_selected_page (self->tabs));
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
fullscreen_action (GtkWidget *widget,
                   const char *action,
                   GVariant *parameter)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

static void
present_over (HeddleWindow *self,
              GtkWidget *window)
{
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (window));
}

static void
knowledge_action (GtkWidget *widget,
                  const char *action,
                  GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);

  present_over (self, heddle_knowledge_window_new (self->services));
}

static void
preferences_action (GtkWidget *widget,
                    const char *action,
                    GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);

  present_over (self, heddle_preferences_new (self->services));
}

static void
help_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  present_over (HEDDLE_WINDOW (widget), heddle_help_window_new ());
}

static void
about_action (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  present_over (HEDDLE_WINDOW (widget), heddle_about_new ());
}

/* Taken before a text editor sees them: it would write a line break. */
void
_heddle_window_add_run_shortcuts (HeddleWindow *self)
{
  static const struct
  {
    const char *trigger;
    const char *action;
  } shortcuts[] = {
    { "<Control>Return|<Control>KP_Enter", "win.run-or-stop" },
    { "<Control><Shift>Return|<Control><Shift>KP_Enter", "win.run-again" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_shortcut_trigger_parse_string (shortcuts[i].trigger),
                                                            gtk_named_action_new (shortcuts[i].action)));
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
_heddle_window_update_actions (HeddleWindow *self)
{
  static const char *const of_editor[] = { "win.run-again", "win.export", "win.export-picture", "win.export-diagram", "win.copy-diagram", "win.tidy", "win.toggle-palette",
                                           "win.toggle-inspector", "win.toggle-trace", "win.search-nodes", "win.find", "win.show-outline", "win.show-history", "win.run-or-stop" };
  GtkWidget *widget = GTK_WIDGET (self);
  HeddleSession *session = _heddle_window_get_session (self);
  gboolean running = session != NULL && heddle_session_is_running (session);
  gboolean can_undo = FALSE, can_redo = FALSE;

  if (session != NULL)
    g_object_get (heddle_session_get_document (session), "can-undo", &can_undo, "can-redo", &can_redo, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (of_editor); i++)
    gtk_widget_action_set_enabled (widget, of_editor[i], session != NULL);
  gtk_widget_action_set_enabled (widget, "win.run", session != NULL && !running);
  gtk_widget_action_set_enabled (widget, "win.stop", running);
  gtk_widget_action_set_enabled (widget, "win.step", session != NULL);
  /* F10 is a step where there is something to run, and the menu elsewhere. */
  gtk_menu_button_set_primary (self->menu_button, session == NULL);
  gtk_widget_action_set_enabled (widget, "win.toggle-breakpoint", session != NULL);
  gtk_widget_action_set_enabled (widget, "win.undo", can_undo);
  gtk_widget_action_set_enabled (widget, "win.redo", can_redo);
  _heddle_window_update_run_actions (self);
}

static void
answer_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleEditor *editor = _heddle_window_get_editor (HEDDLE_WINDOW (widget));

  if (editor != NULL)
    heddle_editor_answer (editor, NULL);
}

/* Stays until it is used, or the question has gone: the run waits as long. */
static void
offer_answer_action (GtkWidget *widget,
                     const char *action,
                     GVariant *parameter)
{
  HeddleEditor *editor = _heddle_window_get_editor (HEDDLE_WINDOW (widget));
  AdwToast *toast = adw_toast_new (_ ("The run waits for an answer."));

  adw_toast_set_button_label (toast, _ ("_Answer"));
  adw_toast_set_action_name (toast, "win.answer");
  adw_toast_set_timeout (toast, 0);
  if (editor != NULL)
    g_signal_connect_object (heddle_editor_get_session (editor), "questions-changed", G_CALLBACK (heddle_toast_dismiss), toast, G_CONNECT_SWAPPED);
  heddle_toast_show (HEDDLE_WINDOW (widget)->toasts, toast);
}

static const struct
{
  guint key;
  const char *action;
} zoom_keys[] = {
  { GDK_KEY_plus, "canvas.zoom-in" },
  { GDK_KEY_equal, "canvas.zoom-in" },
  { GDK_KEY_KP_Add, "canvas.zoom-in" },
  { GDK_KEY_minus, "canvas.zoom-out" },
  { GDK_KEY_KP_Subtract, "canvas.zoom-out" },
  { GDK_KEY_0, "canvas.zoom-reset" },
  { GDK_KEY_KP_0, "canvas.zoom-reset" },
};

/* Wherever the keyboard is in the window, a field included. */
static gboolean
zoom_cb (GtkWidget *widget,
         GVariant *args,
         gpointer user_data)
{
  HeddleEditor *editor = _heddle_window_get_editor (HEDDLE_WINDOW (widget));

  return editor != NULL && gtk_widget_activate_action (heddle_editor_get_canvas (editor), g_variant_get_string (args, NULL), NULL);
}

void
_heddle_window_install_actions (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (zoom_keys); i++)
    gtk_widget_class_add_binding (widget_class, zoom_keys[i].key, GDK_CONTROL_MASK, zoom_cb, "s", zoom_keys[i].action);
  gtk_widget_class_install_action (widget_class, "win.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "win.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "win.run-or-stop", NULL, run_or_stop_action);
  gtk_widget_class_install_action (widget_class, "win.run-again", NULL, run_again_action);
  gtk_widget_class_install_action (widget_class, "win.answer", NULL, answer_action);
  gtk_widget_class_install_action (widget_class, "win.offer-answer", NULL, offer_answer_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, redo_action);
  gtk_widget_class_install_action (widget_class, "win.tidy", NULL, tidy_action);
  gtk_widget_class_install_action (widget_class, "win.toggle-palette", NULL, editor_action);
  gtk_widget_class_install_action (widget_class, "win.toggle-inspector", NULL, editor_action);
  gtk_widget_class_install_action (widget_class, "win.toggle-trace", NULL, editor_action);
  gtk_widget_class_install_action (widget_class, "win.search-nodes", NULL, editor_action);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, editor_action);
  gtk_widget_class_install_action (widget_class, "win.show-outline", NULL, editor_action);
  gtk_widget_class_install_action (widget_class, "win.show-history", NULL, editor_action);
  gtk_widget_class_install_action (widget_class, "win.home", NULL, home_action);
  gtk_widget_class_install_action (widget_class, "win.close-tab", NULL, close_tab_action);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, fullscreen_action);
  gtk_widget_class_install_action (widget_class, "win.knowledge", NULL, knowledge_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.help", NULL, help_action);
  gtk_widget_class_install_action (widget_class, "win.about", NULL, about_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_y, GDK_CONTROL_MASK, "win.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "win.close-tab", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_j, GDK_CONTROL_MASK, "win.toggle-trace", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "win.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.search-nodes", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.show-outline", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_h, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.show-history", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_comma, GDK_CONTROL_MASK, "win.preferences", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F1, 0, "win.help", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F4, 0, "win.toggle-inspector", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F3, 0, "win.toggle-palette", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F11, 0, "win.fullscreen", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Home, GDK_ALT_MASK, "win.home", NULL);
}
