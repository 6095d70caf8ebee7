/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>

/* Stored workflows are opened with their history; one that another program has open is opened there, here instead, or as a copy. */

/* One that waits for what the person says. */
typedef struct
{
  char *id;
  char *json;
} Elsewhere;

static void
elsewhere_free (gpointer data,
                GClosure *closure)
{
  Elsewhere *elsewhere = data;

  g_free (elsewhere->id);
  g_free (elsewhere->json);
  g_free (elsewhere);
}

static void
open_copy (HeddleWindow *self,
           const char *json)
{
  g_autoptr (GError) error = NULL;

  if (!_heddle_window_import_text (self, json, -1, &error))
    _heddle_window_tell (self, error->message);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char *response,
             Elsewhere *elsewhere)
{
  HeddleWindow *self = HEDDLE_WINDOW (gtk_window_get_transient_for (GTK_WINDOW (dialog)));

  if (g_str_equal (response, "here"))
    _heddle_window_open_stored (self, elsewhere->id, TRUE);
  else if (g_str_equal (response, "copy"))
    open_copy (self, elsewhere->json);
}

static void
ask (HeddleWindow *self,
     const HeddleWorkflowInfo *info,
     HeddleGraph *graph)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), NULL, NULL);
  Elsewhere *elsewhere = g_new (Elsewhere, 1);

  *elsewhere = (Elsewhere){ g_strdup (info->id), heddle_graph_to_json (graph) };
  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _ ("“%s” Is Open Elsewhere"), info->name);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               _ ("Another window or program has this workflow open and saves it. Opened here instead, it is not saved there any more."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _ ("_Cancel"),
                                    "here", _ ("Open _Here Instead"),
                                    "copy", _ ("Open a _Copy"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "copy", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "copy");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), elsewhere, elsewhere_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* As far as it can be read; NULL: not at all. */
static HeddleDocument *
restore (const HeddleOpenWorkflow *open,
         GError **error)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (open->info->json, -1, error);
  HeddleDocument *document;

  if (graph == NULL)
    return NULL;
  document = heddle_document_new (graph);
  if (open->history != NULL)
    heddle_document_load_history (document, open->history);
  if (open->journal != NULL)
    heddle_document_replay (document, open->journal, error);
  return document;
}

/* Edits that are damaged, and those after them, were left out, but the journal still has them: the stored history begins anew. */
static void
drop_damaged (HeddleWindow *self,
              HeddleEditor *editor)
{
  HeddleSession *session = heddle_editor_get_session (editor);

  for (int done = 0; done <= 1; done++)
    {
      JsonObject *object = json_object_new ();
      g_autoptr (JsonNode) entry = NULL;

      json_object_set_string_member (object, "op", "forget");
      json_object_set_boolean_member (object, "done", done);
      entry = heddle_json_object (object);
      heddle_store_append_journal (self->services->store, heddle_session_get_workflow_id (session), entry);
    }
  heddle_session_save (session);
}

static void
show (HeddleWindow *self,
      const HeddleOpenWorkflow *open,
      GError **error)
{
  GError *damage = NULL;
  g_autoptr (HeddleDocument) document = restore (open, &damage);

  if (document == NULL || _heddle_window_find_open (self, open->info->id) != NULL)
    g_debug ("“%s” is not opened", open->info->id);
  else if (!open->is_elsewhere)
    {
      HeddleEditor *editor = _heddle_window_add_document (self, document, FALSE);

      if (damage != NULL)
        drop_damaged (self, editor);
    }
  /* Tabs of the last time that are open elsewhere now stay there. */
  else if (!self->is_restoring)
    ask (self, open->info, heddle_document_get_graph (document));
  if (damage != NULL)
    g_propagate_error (error, damage);
}

void
_heddle_window_take_opened (HeddleWindow *self,
                            GAsyncResult *result,
                            GError **error)
{
  g_autoptr (HeddleOpenWorkflow) open = heddle_store_open_workflow_finish (self->services->store, result, error);

  if (open != NULL)
    show (self, open, error);
}

static void
opened_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->tabs == NULL)
    return;
  _heddle_window_take_opened (self, result, &error);
  if (error != NULL && !heddle_error_is_cancelled (error))
    _heddle_window_tell (self, error->message);
}

void
_heddle_window_open_stored (HeddleWindow *self,
                            const char *id,
                            gboolean take_over)
{
  heddle_store_open_workflow_async (self->services->store, id, take_over, self->cancellable, opened_cb, g_object_ref (self));
}

/* Text of a workflow, opened as a new one. */
static void
open_text_action (GtkWidget *widget,
                  const char *action,
                  GVariant *parameter)
{
  open_copy (HEDDLE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

void
_heddle_window_install_open_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-text", "s", open_text_action);
}
