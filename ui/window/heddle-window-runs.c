/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include "run/heddle-output-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * Runs that begin with another one: from a node, to a node, forked, replayed, continued, resumed; and outputs that are
 * pinned. Actions that concern a node take its id; empty: the node that is selected. Those that concern one output take
 * "scope/node", where the scope may be missing.
 */

/* NULL: no node is meant, which was said. */
static char *
dup_node (HeddleWindow *self,
          GVariant *parameter)
{
  const char *given = parameter != NULL ? g_variant_get_string (parameter, NULL) : "";
  HeddleEditor *editor = _heddle_window_get_editor (self);
  char *node;

  if (editor == NULL)
    return NULL;
  if (*given != '\0')
    return g_strdup (given);
  node = heddle_editor_dup_selected_node (editor);
  if (node == NULL)
    _heddle_window_tell (self, _ ("Select one node first."));
  return node;
}

static const char *
get_title (HeddleSession *session,
           const char *node_id)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_session_get_graph (session), node_id);

  return node != NULL ? heddle_node_get_title (node) : node_id;
}

static void
begun_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_session_begin_finish (HEDDLE_SESSION (object), result, &error) && !heddle_error_is_cancelled (error))
    _heddle_window_tell (self, error->message);
}

static void
run_again (HeddleWindow *self,
           const HeddleSessionAgain *again)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  if (editor == NULL)
    return;
  gtk_widget_grab_focus (heddle_editor_get_canvas (editor));
  heddle_session_run_again_async (heddle_editor_get_session (editor), again, begun_cb, g_object_ref (self));
}

static void
run_from_action (GtkWidget *widget,
                 const char *action,
                 GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  g_autofree char *node = dup_node (self, parameter);

  if (node != NULL)
    run_again (self, &(HeddleSessionAgain){ .from = node });
}

/* What an earlier run has done on the way there is not done again, but the node itself is. */
static void
run_to_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree char *node = dup_node (self, parameter);

  if (node == NULL)
    return;
  if (heddle_session_get_base_run (session) == NULL)
    _heddle_window_begin_run (self, node);
  else
    run_again (self, &(HeddleSessionAgain){ .from = node, .until = node });
}

static gboolean
has_result (HeddleTrace *trace,
            const HeddleNode *node)
{
  HeddleSpan *span = trace != NULL && node != NULL ? heddle_trace_find_node (trace, node->id) : NULL;

  return (node != NULL && node->pin != NULL) || (span != NULL && heddle_span_get_attribute (span, "result") != NULL);
}

/* The first node before it that has given nothing; NULL: there is none. Borrowed. */
static const HeddleNode *
find_missing (HeddleSession *session,
              const char *node_id)
{
  HeddleGraph *graph = heddle_session_get_graph (session);
  GPtrArray *edges = heddle_graph_get_in_edges (graph, node_id);
  const HeddleNode *missing = NULL;
  guint n_given = 0;

  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (edges, i);
      const HeddleNode *node = heddle_graph_find_node (graph, edge->from);

      if (heddle_graph_is_tool_edge (graph, edge) || heddle_graph_is_within (graph, node_id, edge->from))
        continue;
      if (has_result (heddle_session_get_trace (session), node))
        n_given++;
      else if (missing == NULL)
        missing = node;
    }
  return n_given == 0 ? missing : NULL;
}

static void
run_only_action (GtkWidget *widget,
                 const char *action,
                 GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree char *node = dup_node (self, parameter);
  g_autofree char *message = NULL;
  const HeddleNode *missing;

  if (node == NULL)
    return;
  missing = heddle_session_get_trace (session) != NULL ? find_missing (session, node) : NULL;
  if (missing == NULL)
    {
      run_again (self, &(HeddleSessionAgain){ .from = node, .until = node });
      return;
    }
  message = g_strdup_printf (_ ("“%s” has given nothing in this run yet. Run up to the node instead."), heddle_node_get_title (missing));
  _heddle_window_tell (self, message);
}

static void
replay_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  run_again (HEDDLE_WINDOW (widget), &(HeddleSessionAgain){ .replay = TRUE });
}

static void
replay_to_action (GtkWidget *widget,
                  const char *action,
                  GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  g_autofree char *node = dup_node (self, parameter);

  if (node != NULL)
    run_again (self, &(HeddleSessionAgain){ .replay = TRUE, .live = node });
}

/* Outputs */

/* "map1#3/loop1#0/node" into its scope (NULL: none) and its node. */
static void
split_path (const char *path,
            char **scope,
            const char **node)
{
  const char *slash = strrchr (path, '/');

  *scope = slash != NULL ? g_strndup (path, slash - path) : NULL;
  *node = slash != NULL ? slash + 1 : path;
}

/* In the run that is looked at; borrowed or NULL. */
static HeddleSpan *
find_span (HeddleSession *session,
           const char *path)
{
  HeddleTrace *trace = heddle_session_get_trace (session);
  g_autofree char *scope = NULL;
  const char *node;

  split_path (path, &scope, &node);
  if (trace == NULL)
    return NULL;
  return scope != NULL ? heddle_trace_find_in_scope (trace, scope, node) : heddle_trace_find_node (trace, node);
}

/* What the node gave there, {"output":…}; NULL: nothing, which is said. Borrowed. */
static JsonNode *
find_result (HeddleWindow *self,
             HeddleSession *session,
             const char *path)
{
  HeddleSpan *span = find_span (session, path);
  JsonNode *result = span != NULL ? heddle_span_get_attribute (span, "result") : NULL;

  if (result == NULL)
    _heddle_window_tell (self, _ ("The node has given nothing in the run that is shown. Run it first."));
  return result;
}

typedef struct
{
  HeddleWindow *window; /* weak: the dialog is its */
  HeddleSession *session;
  char *run;
  char *path;
} Edit;

static void
edit_free (gpointer data,
           GClosure *closure)
{
  Edit *edit = data;

  g_object_unref (edit->session);
  g_free (edit->run);
  g_free (edit->path);
  g_free (edit);
}

static Edit *
edit_new (HeddleWindow *self,
          HeddleSession *session,
          const char *path)
{
  Edit *edit = g_new0 (Edit, 1);

  edit->window = self;
  edit->session = g_object_ref (session);
  edit->run = g_strdup (heddle_session_get_base_run (session));
  edit->path = g_strdup (path);
  return edit;
}

static void
fork_accepted_cb (HeddleOutputDialog *dialog,
                  JsonNode *value,
                  Edit *edit)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) outputs = heddle_json_object (object);
  const HeddleSessionAgain again = { .run = edit->run, .outputs = outputs };

  json_object_set_member (object, edit->path, json_node_ref (value));
  heddle_session_run_again_async (edit->session, &again, begun_cb, g_object_ref (edit->window));
}

static void
fork_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree char *path = dup_node (self, parameter);
  JsonNode *result = path != NULL ? find_result (self, session, path) : NULL;
  g_autofree char *title = NULL;
  const char *node;
  GtkWidget *dialog;

  if (result == NULL)
    return;
  node = strrchr (path, '/');
  title = g_strdup_printf (_ ("Fork After “%s”"), get_title (session, node != NULL ? node + 1 : path));
  dialog = heddle_output_dialog_new (GTK_WINDOW (self), title,
                                     _ ("A new run begins with what this one has done, and with this as what the node gave. All that follows the node is done again."),
                                     _ ("_Fork and Run"), heddle_json_member (result, "output"));
  g_signal_connect_data (dialog, "accepted", G_CALLBACK (fork_accepted_cb), edit_new (self, session, path), edit_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
pin (HeddleWindow *self,
     HeddleSession *session,
     const char *path)
{
  g_autofree char *scope = NULL;
  g_autofree char *message = NULL;
  const char *node;
  JsonNode *result = find_result (self, session, path);

  if (result == NULL)
    return;
  split_path (path, &scope, &node);
  heddle_document_set_pin (heddle_session_get_document (session), node, result);
  message = g_strdup_printf (_ ("Pinned: runs in the window take this output of “%s”."), get_title (session, node));
  _heddle_window_offer (self, message, _ ("_Unpin"), "win.pin", g_variant_new_string (node));
}

static void
pin_action (GtkWidget *widget,
            const char *action,
            GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree char *id = dup_node (self, parameter);
  const HeddleNode *node = id != NULL ? heddle_graph_find_node (heddle_session_get_graph (session), id) : NULL;

  if (node == NULL)
    return;
  if (node->pin != NULL)
    heddle_document_set_pin (heddle_session_get_document (session), id, NULL);
  else
    pin (self, session, id);
}

static void
pin_output_action (GtkWidget *widget,
                   const char *action,
                   GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  g_autofree char *path = dup_node (self, parameter);

  if (path != NULL)
    pin (self, _heddle_window_get_session (self), path);
}

static void
pin_accepted_cb (HeddleOutputDialog *dialog,
                 JsonNode *value,
                 Edit *edit)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_session_get_graph (edit->session), edit->path);
  JsonObject *result;
  g_autoptr (JsonNode) pinned = NULL;

  if (node == NULL)
    return;
  result = _heddle_window_copy_members (node->pin);
  json_object_set_member (result, "output", json_node_ref (value));
  pinned = heddle_json_object (result);
  heddle_document_set_pin (heddle_session_get_document (edit->session), edit->path, pinned);
}

static void
edit_pin_action (GtkWidget *widget,
                 const char *action,
                 GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree char *id = dup_node (self, parameter);
  const HeddleNode *node = id != NULL ? heddle_graph_find_node (heddle_session_get_graph (session), id) : NULL;
  g_autofree char *title = NULL;
  GtkWidget *dialog;

  if (node == NULL)
    return;
  title = g_strdup_printf (_ ("Pinned Output of “%s”"), heddle_node_get_title (node));
  dialog = heddle_output_dialog_new (GTK_WINDOW (self), title, _ ("Runs in the window take this as what the node gave, and do not run it."),
                                     _ ("_Pin"), node->pin != NULL ? heddle_json_member (node->pin, "output") : NULL);
  g_signal_connect_data (dialog, "accepted", G_CALLBACK (pin_accepted_cb), edit_new (self, session, id), edit_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Runs that did not come to their end */

static void
resume (HeddleWindow *self,
        HeddleSession *session,
        const char *run)
{
  heddle_session_resume_async (session, run, begun_cb, g_object_ref (self));
}

static void
resume_response_cb (AdwMessageDialog *dialog,
                    const char *response,
                    Edit *edit)
{
  const HeddleSessionAgain again = { .run = edit->run };

  if (g_str_equal (response, "resume"))
    resume (edit->window, edit->session, edit->run);
  else if (g_str_equal (response, "latest"))
    heddle_session_run_again_async (edit->session, &again, begun_cb, g_object_ref (edit->window));
}

static void
ask_how_to_resume (Edit *edit)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (edit->window), _ ("The Workflow Was Changed"),
                                              _ ("Since the run began, the workflow was edited. It can go on as it was then, or a new run can do what is left with the workflow as it is now."));
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_add_responses (message, "cancel", _ ("_Cancel"), "resume", _ ("_Resume as It Was"), "latest", _ ("Continue on _Latest"), NULL);
  adw_message_dialog_set_default_response (message, "resume");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (resume_response_cb), edit, edit_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Where things stand on the canvas does not matter for a run. */
static gboolean
is_same_workflow (HeddleSession *session,
                  const char *source)
{
  static const char *const members[] = { "nodes", "edges", "settings" };
  g_autofree char *now_text = heddle_graph_to_json (heddle_session_get_graph (session));
  g_autoptr (JsonNode) now = heddle_json_parse (now_text, -1, NULL);
  g_autoptr (JsonNode) then = source != NULL ? heddle_json_parse (source, -1, NULL) : NULL;

  for (guint i = 0; then != NULL && i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *a = heddle_json_member (then, members[i]);
      JsonNode *b = heddle_json_member (now, members[i]);

      if ((a == NULL) != (b == NULL) || (a != NULL && !heddle_json_equal (a, b)))
        return FALSE;
    }
  return TRUE;
}

static void
resume_loaded_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  Edit *edit = user_data;
  g_autoptr (HeddleWindow) self = edit->window;
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_run_finish (HEDDLE_STORE (object), result, NULL, &source, &error);

  /* Meanwhile, which may be this one. */
  if (heddle_session_is_running (edit->session))
    {
      edit_free (edit, NULL);
      return;
    }
  if (events != NULL && !is_same_workflow (edit->session, source))
    {
      ask_how_to_resume (edit);
      return;
    }
  if (events != NULL)
    resume (self, edit->session, edit->run);
  else if (!heddle_error_is_cancelled (error))
    _heddle_window_tell (self, error->message);
  edit_free (edit, NULL);
}

void
_heddle_window_resume (HeddleWindow *self,
                       HeddleSession *session,
                       const char *run)
{
  Edit *edit = edit_new (self, session, "");

  g_free (edit->run);
  edit->run = g_strdup (run);
  g_object_ref (self);
  heddle_store_load_run_async (self->services->store, run, self->cancellable, resume_loaded_cb, edit);
}

static void
resume_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);

  if (session != NULL)
    _heddle_window_resume (self, session, g_variant_get_string (parameter, NULL));
}

static void
continue_action (GtkWidget *widget,
                 const char *action,
                 GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);

  if (session == NULL || heddle_session_get_base_run (session) == NULL)
    return;
  if (heddle_session_get_next_node (session) != NULL)
    heddle_session_continue (session);
  else if (heddle_session_get_base_state (session) == HEDDLE_RUN_INTERRUPTED)
    _heddle_window_resume (self, session, heddle_session_get_base_run (session));
  else
    run_again (self, &(HeddleSessionAgain){ 0 });
}

static void
discarded_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  HeddleSession *session = _heddle_window_get_session (self);

  if (!heddle_store_discard_run_finish (HEDDLE_STORE (object), result, &error))
    _heddle_window_tell (self, error->message);
  if (session != NULL)
    heddle_session_forget_run (session);
}

static void
discard_action (GtkWidget *widget,
                const char *action,
                GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);

  heddle_store_discard_run_async (self->services->store, g_variant_get_string (parameter, NULL), NULL, discarded_cb, g_object_ref (self));
}

static void
show_run_action (GtkWidget *widget,
                 const char *action,
                 GVariant *parameter)
{
  HeddleEditor *editor = _heddle_window_get_editor (HEDDLE_WINDOW (widget));

  if (editor != NULL)
    heddle_editor_show_run (editor, g_variant_get_string (parameter, NULL));
}

void
_heddle_window_update_run_actions (HeddleWindow *self)
{
  static const char *const of_past[] = { "win.run-from", "win.run-only", "win.replay", "win.replay-to", "win.fork" };
  GtkWidget *widget = GTK_WIDGET (self);
  HeddleSession *session = _heddle_window_get_session (self);
  gboolean is_free = session != NULL && !heddle_session_is_running (session);
  gboolean has_past = is_free && heddle_session_get_base_run (session) != NULL && heddle_session_get_base_state (session) != HEDDLE_RUN_RUNNING;
  gboolean is_done = has_past && heddle_session_get_base_state (session) == HEDDLE_RUN_OK;

  for (guint i = 0; i < G_N_ELEMENTS (of_past); i++)
    gtk_widget_action_set_enabled (widget, of_past[i], has_past);
  gtk_widget_action_set_enabled (widget, "win.run-to", is_free);
  gtk_widget_action_set_enabled (widget, "win.continue", (has_past && !is_done) || (session != NULL && heddle_session_get_next_node (session) != NULL));
  gtk_widget_action_set_enabled (widget, "win.resume", is_free);
  gtk_widget_action_set_enabled (widget, "win.discard", is_free);
  gtk_widget_action_set_enabled (widget, "win.pin", session != NULL);
  gtk_widget_action_set_enabled (widget, "win.edit-pin", session != NULL);
}

static void
add_key (GtkWidgetClass *widget_class,
         guint keyval,
         GdkModifierType modifiers,
         const char *action)
{
  gtk_widget_class_add_binding_action (widget_class, keyval, modifiers, action, "s", "");
}

void
_heddle_window_install_run_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.run-from", "s", run_from_action);
  gtk_widget_class_install_action (widget_class, "win.run-to", "s", run_to_action);
  gtk_widget_class_install_action (widget_class, "win.run-only", "s", run_only_action);
  gtk_widget_class_install_action (widget_class, "win.replay", NULL, replay_action);
  gtk_widget_class_install_action (widget_class, "win.replay-to", "s", replay_to_action);
  gtk_widget_class_install_action (widget_class, "win.fork", "s", fork_action);
  gtk_widget_class_install_action (widget_class, "win.pin", "s", pin_action);
  gtk_widget_class_install_action (widget_class, "win.pin-output", "s", pin_output_action);
  gtk_widget_class_install_action (widget_class, "win.edit-pin", "s", edit_pin_action);
  gtk_widget_class_install_action (widget_class, "win.continue", NULL, continue_action);
  gtk_widget_class_install_action (widget_class, "win.resume", "s", resume_action);
  gtk_widget_class_install_action (widget_class, "win.discard", "s", discard_action);
  gtk_widget_class_install_action (widget_class, "win.show-run", "s", show_run_action);
  add_key (widget_class, GDK_KEY_F5, GDK_SHIFT_MASK, "win.run-from");
  add_key (widget_class, GDK_KEY_F5, GDK_CONTROL_MASK, "win.run-to");
  add_key (widget_class, GDK_KEY_F5, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.run-only");
  add_key (widget_class, GDK_KEY_p, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.pin");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "win.continue", NULL);
}
