/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-knowledge-window.h"

#include "common/heddle-adaptive-bin.h"
#include "common/heddle-wrap-layout.h"
#include "common/heddle-toast.h"
#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

#define N_PASSAGES 8

struct _HeddleKnowledgeWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  HeddleAdaptiveBin *adaptive;
  GtkPaned *paned;
  GtkStack *stack;
  GtkPopover *new_popover;
  GtkEntry *new_entry;
  GtkListBox *bases;
  AdwEntryRow *model_row;
  AdwExpanderRow *server_expander;
  AdwEntryRow *server_row;
  AdwEntryRow *server_credential_row;
  AdwActionRow *size_row;
  GtkWidget *progress_box;
  GtkProgressBar *progress;
  GtkSearchEntry *search;
  GtkListBox *documents;

  HeddleKnowledge *knowledge;
  char *base;           /* the selected one, or NULL */
  char *to_select;      /* after the next listing */
  GCancellable *ingest; /* while files are being added */
  GCancellable *lookup; /* the listing or search under way */
};

G_DEFINE_FINAL_TYPE (HeddleKnowledgeWindow, heddle_knowledge_window, ADW_TYPE_WINDOW)

/* What was asked for may come when the window has gone. */
static gboolean
is_closed (HeddleKnowledgeWindow *self)
{
  return self->knowledge == NULL;
}

static void
tell (HeddleKnowledgeWindow *self,
      const char *message)
{
  if (!is_closed (self))
    heddle_toast_show (self->toasts, heddle_toast_new (message));
}

static void
tell_error (HeddleKnowledgeWindow *self,
            const GError *error)
{
  if (!heddle_error_is_cancelled (error))
    tell (self, error->message);
}

static GCancellable *
renew_lookup (HeddleKnowledgeWindow *self)
{
  g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  self->lookup = g_cancellable_new ();
  return self->lookup;
}

static void reload_bases (HeddleKnowledgeWindow *self);

static void
document_deleted_cb (GObject *object,
                     GAsyncResult *result,
                     gpointer user_data)
{
  g_autoptr (HeddleKnowledgeWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_knowledge_delete_document_finish (HEDDLE_KNOWLEDGE (object), result, &error))
    tell_error (self, error);
  reload_bases (self);
}

static void
delete_document_cb (HeddleKnowledgeWindow *self,
                    GtkButton *button)
{
  const gint64 *id = g_object_get_data (G_OBJECT (button), "heddle-document");

  heddle_knowledge_delete_document_async (self->knowledge, self->base, *id, NULL, document_deleted_cb, g_object_ref (self));
}

static char *
describe_document (const HeddleDocumentInfo *info)
{
  g_autofree char *chunks = NULL;

  if (info->error != NULL)
    return g_strdup (info->error);
  chunks = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u passage", "%u passages", info->n_chunks), info->n_chunks);
  return g_strdup_printf ("%s · %s", chunks, info->source != NULL ? info->source : "");
}

static void
add_document_row (HeddleKnowledgeWindow *self,
                  const HeddleDocumentInfo *info)
{
  g_autofree char *subtitle = describe_document (info);
  GtkWidget *row = heddle_plain_row_new (info->title, subtitle);
  GtkWidget *button = heddle_flat_button_new ("user-trash-symbolic", _ ("Remove this document"));

  if (info->error != NULL)
    adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "dialog-warning-symbolic");
  g_object_set_data_full (G_OBJECT (button), "heddle-document", g_memdup2 (&info->id, sizeof info->id), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (delete_document_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (self->documents, row);
}

static void
documents_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (HeddleKnowledgeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) documents = heddle_knowledge_list_documents_finish (HEDDLE_KNOWLEDGE (object), result, &error);

  if (documents == NULL)
    {
      tell_error (self, error);
      return;
    }
  heddle_list_box_clear (self->documents);
  for (guint i = 0; i < documents->len; i++)
    add_document_row (self, g_ptr_array_index (documents, i));
}

static void
add_passage_row (HeddleKnowledgeWindow *self,
                 const HeddlePassage *passage)
{
  g_autofree char *title = NULL;
  GtkWidget *row;

  title = passage->heading != NULL && passage->heading[0] != '\0'
            ? g_strdup_printf ("%.3f · %s › %s", passage->score, passage->title, passage->heading)
            : g_strdup_printf ("%.3f · %s", passage->score, passage->title);
  row = heddle_plain_row_new (title, passage->text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  gtk_list_box_append (self->documents, row);
}

static void
passages_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (HeddleKnowledgeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) passages = heddle_knowledge_search_finish (HEDDLE_KNOWLEDGE (object), result, &error);

  if (passages == NULL)
    {
      tell_error (self, error);
      return;
    }
  heddle_list_box_clear (self->documents);
  for (guint i = 0; i < passages->len; i++)
    add_passage_row (self, g_ptr_array_index (passages, i));
}

/* The list below shows the documents, or what the search found. */
static void
search_changed_cb (HeddleKnowledgeWindow *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (self->base == NULL)
    return;
  if (query[0] != '\0')
    heddle_knowledge_search_async (self->knowledge, self->base, query, HEDDLE_SEARCH_AUTO, N_PASSAGES, renew_lookup (self),
                                   passages_cb, g_object_ref (self));
  else
    heddle_knowledge_list_documents_async (self->knowledge, self->base, renew_lookup (self), documents_cb, g_object_ref (self));
}

static void
show_server (HeddleKnowledgeWindow *self,
             const HeddleKnowledgeInfo *info)
{
  const char *url = info->server_url != NULL ? info->server_url : "";

  gtk_editable_set_text (GTK_EDITABLE (self->server_row), url);
  gtk_editable_set_text (GTK_EDITABLE (self->server_credential_row), info->server_credential != NULL ? info->server_credential : "");
  adw_expander_row_set_subtitle (self->server_expander, url[0] != '\0' ? url : _ ("In the database"));
}

static void
base_selected_cb (HeddleKnowledgeWindow *self,
                  GtkListBoxRow *row)
{
  const HeddleKnowledgeInfo *info = row != NULL ? g_object_get_data (G_OBJECT (row), "heddle-base") : NULL;
  g_autofree char *documents = NULL;
  g_autofree char *passages = NULL;
  g_autofree char *size = NULL;

  g_clear_pointer (&self->base, g_free);
  if (info == NULL)
    return;
  self->base = g_strdup (info->name);
  gtk_editable_set_text (GTK_EDITABLE (self->model_row), info->embedding_model != NULL ? info->embedding_model : "");
  show_server (self, info);
  documents = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u document", "%u documents", info->n_documents), info->n_documents);
  passages = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u passage", "%u passages", info->n_chunks), info->n_chunks);
  size = g_strconcat (documents, " · ", passages, NULL);
  adw_action_row_set_subtitle (self->size_row, size);
  search_changed_cb (self);
}

static void
add_base_row (HeddleKnowledgeWindow *self,
              HeddleKnowledgeInfo *info)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = heddle_label_new (info->name, NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_widget_set_tooltip_text (row, info->name);
  g_object_set_data_full (G_OBJECT (row), "heddle-base", info, (GDestroyNotify) heddle_knowledge_info_free);
  gtk_list_box_append (self->bases, row);
  if (g_strcmp0 (info->name, self->to_select) == 0)
    gtk_list_box_select_row (self->bases, GTK_LIST_BOX_ROW (row));
}

static void
bases_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (HeddleKnowledgeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) bases = heddle_knowledge_list_finish (HEDDLE_KNOWLEDGE (object), result, &error);

  if (is_closed (self))
    return;
  if (bases == NULL)
    {
      tell_error (self, error);
      return;
    }
  heddle_list_box_clear (self->bases);
  g_ptr_array_set_free_func (bases, NULL);
  for (guint i = 0; i < bases->len; i++)
    add_base_row (self, g_ptr_array_index (bases, i));
  g_clear_pointer (&self->to_select, g_free);
  gtk_stack_set_visible_child_name (self->stack, bases->len > 0 ? "bases" : "empty");
  if (gtk_list_box_get_selected_row (self->bases) == NULL)
    gtk_list_box_select_row (self->bases, gtk_list_box_get_row_at_index (self->bases, 0));
}

static void
reload_bases (HeddleKnowledgeWindow *self)
{
  if (is_closed (self))
    return;
  if (self->to_select == NULL)
    self->to_select = g_strdup (self->base);
  heddle_knowledge_list_async (self->knowledge, NULL, bases_cb, g_object_ref (self));
}

static void
base_set_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (HeddleKnowledgeWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_knowledge_set_base_finish (HEDDLE_KNOWLEDGE (object), result, &error))
    tell_error (self, error);
  reload_bases (self);
}

static void
select_later (HeddleKnowledgeWindow *self,
              const char *base)
{
  g_free (self->to_select);
  self->to_select = g_strdup (base);
}

static void
create_cb (HeddleKnowledgeWindow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->new_entry))));

  if (name[0] == '\0')
    return;
  gtk_popover_popdown (self->new_popover);
  gtk_editable_set_text (GTK_EDITABLE (self->new_entry), "");
  select_later (self, name);
  heddle_knowledge_set_base_async (self->knowledge, name, NULL, NULL, NULL, base_set_cb, g_object_ref (self));
}

static void
model_applied_cb (HeddleKnowledgeWindow *self)
{
  g_autofree char *model = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->model_row))));

  select_later (self, self->base);
  heddle_knowledge_set_base_async (self->knowledge, self->base, NULL, model[0] != '\0' ? model : NULL, NULL, base_set_cb,
                                   g_object_ref (self));
}

static void
server_set_cb (GObject *object,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr (HeddleKnowledgeWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_knowledge_set_server_finish (HEDDLE_KNOWLEDGE (object), result, &error))
    tell_error (self, error);
  reload_bases (self);
}

static void
server_applied_cb (HeddleKnowledgeWindow *self)
{
  g_autofree char *url = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->server_row))));
  g_autofree char *credential = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->server_credential_row))));

  select_later (self, self->base);
  heddle_knowledge_set_server_async (self->knowledge, self->base, url, credential, NULL, server_set_cb, g_object_ref (self));
}

static void
base_deleted_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (HeddleKnowledgeWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_knowledge_delete_base_finish (HEDDLE_KNOWLEDGE (object), result, &error))
    tell_error (self, error);
  g_clear_pointer (&self->base, g_free);
  g_clear_pointer (&self->to_select, g_free);
  reload_bases (self);
}

static void
delete_response_cb (HeddleKnowledgeWindow *self,
                    const char *response)
{
  if (g_strcmp0 (response, "delete") == 0 && self->base != NULL)
    heddle_knowledge_delete_base_async (self->knowledge, self->base, NULL, base_deleted_cb, g_object_ref (self));
}

static void
delete_base_cb (HeddleKnowledgeWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), NULL, NULL);

  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _ ("Delete “%s”?"), self->base);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               _ ("Its passages are removed from Heddle. The files they came from stay where they are."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete", _ ("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
progress_cb (const char *what,
             guint done,
             guint total,
             gpointer user_data)
{
  HeddleKnowledgeWindow *self = user_data;

  if (is_closed (self))
    return;
  gtk_progress_bar_set_text (self->progress, what);
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done / total);
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
cancel_cb (HeddleKnowledgeWindow *self)
{
  g_cancellable_cancel (self->ingest);
}

static void
tell_result (HeddleKnowledgeWindow *self,
             const HeddleIngestResult *result)
{
  g_autofree char *message = NULL;

  if (result->n_failed > 0)
    message = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u file could not be read: %s", "%u files could not be read, the first: %s",
                                            result->n_failed),
                               result->n_failed, result->first_error != NULL ? result->first_error : "");
  else
    message = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u document added", "%u documents added", result->n_added), result->n_added);
  tell (self, message);
}

static void
files_added_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (HeddleKnowledgeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  HeddleIngestResult *ingested = heddle_knowledge_add_files_finish (HEDDLE_KNOWLEDGE (object), result, &error);

  g_clear_object (&self->ingest);
  if (!is_closed (self))
    gtk_widget_set_visible (self->progress_box, FALSE);
  if (ingested != NULL)
    tell_result (self, ingested);
  else
    tell_error (self, error);
  g_clear_pointer (&ingested, heddle_ingest_result_free);
  reload_bases (self);
}

static void
ingest (HeddleKnowledgeWindow *self,
        GListModel *files)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      char *path = g_file_get_path (file);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  if (paths->len == 0 || self->ingest != NULL)
    return;
  g_ptr_array_add (paths, NULL);
  self->ingest = g_cancellable_new ();
  select_later (self, self->base);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_widget_set_visible (self->progress_box, TRUE);
  heddle_knowledge_add_files_async (self->knowledge, self->base, (const char *const *) paths->pdata, progress_cb, self,
                                    self->ingest, files_added_cb, g_object_ref (self));
}

static void
chooser_response_cb (GtkNativeDialog *dialog,
                     int response,
                     HeddleKnowledgeWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

      ingest (self, files);
    }
  g_object_unref (dialog);
}

static void
choose (HeddleKnowledgeWindow *self,
        const char *title,
        GtkFileChooserAction action)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, _ ("_Add"), _ ("_Cancel"));

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
add_files_cb (HeddleKnowledgeWindow *self)
{
  choose (self, _ ("Add Files"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
add_folder_cb (HeddleKnowledgeWindow *self)
{
  choose (self, _ ("Add a Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

GtkWidget *
heddle_knowledge_window_new (const HeddleServices *services)
{
  HeddleKnowledgeWindow *self = g_object_new (HEDDLE_TYPE_KNOWLEDGE_WINDOW, NULL);

  self->knowledge = g_object_ref (services->knowledge);
  reload_bases (self);
  return GTK_WIDGET (self);
}

static void
room_changed_cb (HeddleKnowledgeWindow *self)
{
  heddle_paned_fold (self->paned, heddle_adaptive_bin_is_folded (self->adaptive));
}

static void
heddle_knowledge_window_dispose (GObject *object)
{
  HeddleKnowledgeWindow *self = HEDDLE_KNOWLEDGE_WINDOW (object);

  g_cancellable_cancel (self->lookup);
  g_clear_object (&self->lookup);
  g_cancellable_cancel (self->ingest);
  g_clear_object (&self->ingest);
  g_clear_object (&self->knowledge);
  g_clear_pointer (&self->base, g_free);
  g_clear_pointer (&self->to_select, g_free);
  G_OBJECT_CLASS (heddle_knowledge_window_parent_class)->dispose (object);
}

static void
heddle_knowledge_window_class_init (HeddleKnowledgeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_knowledge_window_dispose;
  g_type_ensure (HEDDLE_TYPE_ADAPTIVE_BIN);
  g_type_ensure (HEDDLE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/library/heddle-knowledge-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, adaptive);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, paned);
  gtk_widget_class_bind_template_callback (widget_class, room_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, new_popover);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, new_entry);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, bases);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, model_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, server_expander);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, server_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, server_credential_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, size_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, progress_box);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, search);
  gtk_widget_class_bind_template_child (widget_class, HeddleKnowledgeWindow, documents);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, base_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, model_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, server_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_files_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_folder_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_base_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, heddle_search_stop);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
heddle_knowledge_window_init (HeddleKnowledgeWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  room_changed_cb (self);
}
