/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>

/* New, import, export and delete. */

void
_heddle_window_tell_written (HeddleWindow *self,
                             GFile *file,
                             GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *message = NULL;

  if (g_file_replace_contents_finish (file, result, NULL, &error))
    message = g_strdup_printf (_ ("Exported to %s"), name);
  else
    message = g_strdup_printf (_ ("%s could not be written: %s"), name, error->message);
  _heddle_window_tell (self, message);
}

static void
written_cb (GObject *file,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;

  _heddle_window_tell_written (self, G_FILE (file), result);
}

void
_heddle_window_write_file (HeddleWindow *self,
                           GFile *file,
                           GBytes *bytes)
{
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, written_cb, g_object_ref (self));
}

JsonObject *
_heddle_window_copy_members (JsonNode *node)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return copy;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    json_object_set_member (copy, name, json_node_ref (member));
  return copy;
}

/* The same workflow under a fresh id, so that a second import does not replace the first. */
static HeddleGraph *
dup_with_new_id (const char *text,
                 gssize length,
                 GError **error)
{
  g_autoptr (JsonNode) node = heddle_json_parse (text, length, error);
  g_autoptr (JsonNode) renamed = NULL;
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *json = NULL;
  JsonObject *object;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return heddle_graph_new_from_json (text, length, error);
  object = _heddle_window_copy_members (node);
  json_object_set_string_member (object, "id", id);
  renamed = heddle_json_object (object);
  json = heddle_json_to_text (renamed, HEDDLE_JSON_COMPACT);
  return heddle_graph_new_from_json (json, -1, error);
}

/* A name from the start, so that it can be found again by it. */
static void
new_action (GtkWidget *widget,
            const char *action,
            GVariant *parameter)
{
  g_autoptr (GString) json = g_string_new ("{\"format\":\"" HEDDLE_FORMAT "\",\"version\":1,\"name\":");
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (HeddleDocument) document = NULL;

  heddle_json_append_string (json, _ ("Untitled"));
  g_string_append_c (json, '}');
  graph = dup_with_new_id (json->str, json->len, NULL);
  document = heddle_document_new (graph);
  _heddle_window_add_document (HEDDLE_WINDOW (widget), document, TRUE);
}

/* foreign NULL: it was ours. */
static void
tell_foreign (HeddleWindow *self,
              const HeddleForeignWorkflow *foreign)
{
  g_autofree char *summary = foreign != NULL ? heddle_foreign_workflow_describe (foreign) : NULL;

  if (summary != NULL)
    _heddle_window_tell (self, summary);
}

gboolean
_heddle_window_import_text (HeddleWindow *self,
                            const char *text,
                            gssize length,
                            GError **error)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autofree char *ours = heddle_foreign_to_ours (text, length, &foreign, error);
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (HeddleDocument) document = NULL;
  HeddleEditor *editor;

  graph = ours != NULL ? dup_with_new_id (ours, foreign != NULL ? -1 : length, error) : NULL;
  if (graph == NULL)
    return FALSE;
  document = heddle_document_new (graph);
  editor = _heddle_window_add_document (self, document, TRUE);
  heddle_session_save (heddle_editor_get_session (editor));
  tell_foreign (self, foreign);
  return TRUE;
}

static void
import_loaded_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_load_contents_finish (G_FILE (object), result, &text, &length, NULL, &error) &&
      _heddle_window_import_text (self, text, length, &error))
    return;
  if (!heddle_error_is_cancelled (error))
    _heddle_window_tell (self, error->message);
}

void
heddle_window_open_file (HeddleWindow *self,
                         GFile *file)
{
  g_return_if_fail (HEDDLE_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  g_file_load_contents_async (file, self->cancellable, import_loaded_cb, g_object_ref (self));
}

static GtkFileChooserNative *
chooser_new (HeddleWindow *self,
             const char *title,
             GtkFileChooserAction action,
             const char *accept)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, accept, _ ("_Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Workflows (JSON)"));
  gtk_file_filter_add_pattern (filter, "*.json");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  return chooser;
}

static void
import_response_cb (GtkNativeDialog *dialog,
                    int response,
                    HeddleWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      heddle_window_open_file (self, file);
    }
  g_object_unref (dialog);
}

/* The text of a workflow that was dropped on the canvas. */
static void
import_text_action (GtkWidget *widget,
                    const char *action,
                    GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  g_autoptr (GError) error = NULL;

  if (!_heddle_window_import_text (self, g_variant_get_string (parameter, NULL), -1, &error))
    _heddle_window_tell (self, error->message);
}

static void
import_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  GtkFileChooserNative *chooser = chooser_new (self, _ ("Import a Workflow"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"));

  g_signal_connect_object (chooser, "response", G_CALLBACK (import_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
export_response_cb (GtkNativeDialog *dialog,
                    int response,
                    HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);

  if (response == GTK_RESPONSE_ACCEPT && session != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *json = heddle_graph_to_json (heddle_session_get_graph (session));
      gsize length = strlen (json);
      g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&json), length);

      _heddle_window_write_file (self, file, bytes);
    }
  g_object_unref (dialog);
}

static void
choose_export_file (HeddleWindow *self)
{
  HeddleSession *session = _heddle_window_get_session (self);
  GtkFileChooserNative *chooser = chooser_new (self, _ ("Export as JSON"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"));
  g_autofree char *name = g_strconcat (heddle_graph_get_name (heddle_session_get_graph (session)), ".heddle.json", NULL);

  g_strdelimit (name, "/", '-');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect_object (chooser, "response", G_CALLBACK (export_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
secrets_response_cb (HeddleWindow *self,
                     const char *response)
{
  if (g_strcmp0 (response, "export") == 0)
    choose_export_file (self);
}

/* Before anything is written, whoever exports hears of what looks like a key. */
static void
warn_about_secrets (HeddleWindow *self,
                    GPtrArray *suspects)
{
  g_autoptr (GString) body = g_string_new (_ ("Anyone who gets the file can read this:"));
  GtkWidget *dialog;

  for (guint i = 0; i < suspects->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (suspects, i);

      g_string_append_printf (body, "\n• %s: %s", problem->node != NULL ? problem->node : "", problem->message);
    }
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Export with Secrets?"), body->str);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "export", _ ("_Export Anyway"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "export", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (secrets_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
export_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  g_autoptr (GPtrArray) suspects = NULL;

  if (session == NULL)
    return;
  suspects = heddle_graph_list_secret_suspects (heddle_session_get_graph (session));
  if (suspects->len > 0)
    warn_about_secrets (self, suspects);
  else
    choose_export_file (self);
}

static void
refresh_start_page (HeddleWindow *self)
{
  if (!g_cancellable_is_cancelled (self->cancellable))
    heddle_start_page_refresh (self->start_page);
}

/* Undo of a delete writes back what was there. */
static void
restored_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_store_save_workflow_finish (HEDDLE_STORE (object), result, &error))
    _heddle_window_tell (self, error->message);
  refresh_start_page (self);
}

static void
restore_action (GtkWidget *widget,
                const char *action,
                GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  const char *id, *name, *json;

  g_variant_get (parameter, "(&s&s&s)", &id, &name, &json);
  heddle_store_save_workflow_async (self->services->store, id, name, json, NULL, restored_cb, g_object_ref (self));
}

static void
deleted_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_store_delete_workflow_finish (HEDDLE_STORE (object), result, &error))
    _heddle_window_tell (self, error->message);
  refresh_start_page (self);
}

static void
delete_loaded_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  HeddleWorkflowInfo *info = heddle_store_load_workflow_finish (HEDDLE_STORE (object), result, NULL, &error);

  if (info == NULL)
    {
      if (!heddle_error_is_cancelled (error))
        _heddle_window_tell (self, error->message);
      return;
    }
  message = g_strdup_printf (_ ("“%s” deleted"), info->name);
  _heddle_window_offer (self, message, _ ("_Undo"), "win.restore-workflow",
                        g_variant_new ("(sss)", info->id, info->name, info->json));
  heddle_store_delete_workflow_async (HEDDLE_STORE (object), info->id, NULL, deleted_cb, g_object_ref (self));
  heddle_workflow_info_free (info);
}

void
_heddle_window_delete_workflow (HeddleWindow *self,
                                const char *id,
                                const char *name)
{
  for (int i = adw_tab_view_get_n_pages (self->tabs) - 1; i >= 0; i--)
    {
      AdwTabPage *page = adw_tab_view_get_nth_page (self->tabs, i);
      HeddleSession *session = heddle_editor_get_session (HEDDLE_EDITOR (adw_tab_page_get_child (page)));

      if (g_strcmp0 (heddle_session_get_workflow_id (session), id) == 0)
        _heddle_window_close_unasked (self, page);
    }
  heddle_store_load_workflow_async (self->services->store, id, self->cancellable, delete_loaded_cb, g_object_ref (self));
}

void
_heddle_window_install_file_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "win.import-text", "s", import_text_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.restore-workflow", "(sss)", restore_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "win.new", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "win.import", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "win.export", NULL);
}
