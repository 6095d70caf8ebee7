/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-memory-dialogs.h"

#include <glib/gi18n-lib.h>

#define USUAL_PERCENT 90

/* Owned by its dialog. */
typedef struct
{
  HeddleMemory *memory;
  char *graph;
  gint64 id;
  char *object_kind; /* or NULL */
  GtkEditable *subject;
  GtkEditable *kind;
  GtkEditable *predicate;
  GtkEditable *object;
  GtkSpinButton *percent;
} Editor;

static void
editor_free (gpointer data)
{
  Editor *editor = data;

  g_object_unref (editor->memory);
  g_free (editor->graph);
  g_free (editor->object_kind);
  g_free (editor);
}

static GtkEditable *
add_entry (GtkListBox *list,
           const char *title,
           const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
  gtk_list_box_append (list, row);
  return GTK_EDITABLE (row);
}

static GtkSpinButton *
add_percent (GtkListBox *list,
             double confidence)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (1, 100, 1);

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), confidence);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Certainty in percent"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  gtk_list_box_append (list, row);
  return GTK_SPIN_BUTTON (spin);
}

static GtkWidget *
fill (Editor *editor,
      const HeddleMemoryFact *fact)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  editor->subject = add_entry (GTK_LIST_BOX (list), _ ("Who or what"), fact != NULL ? fact->subject : NULL);
  editor->kind = add_entry (GTK_LIST_BOX (list), _ ("Kind, such as person"), fact != NULL ? fact->subject_kind : NULL);
  editor->predicate = add_entry (GTK_LIST_BOX (list), _ ("What is said of it, such as lives in"), fact != NULL ? fact->predicate : NULL);
  editor->object = add_entry (GTK_LIST_BOX (list), _ ("Name or text, such as Berlin"), fact != NULL ? fact->object : NULL);
  editor->percent = add_percent (GTK_LIST_BOX (list), fact != NULL ? fact->confidence * 100 : USUAL_PERCENT);
  return list;
}

static void
failed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GtkWindow) parent = user_data;
  g_autoptr (GError) error = NULL;
  GtkWidget *dialog;

  if (heddle_memory_change_finish (HEDDLE_MEMORY (object), result, &error) || heddle_error_is_cancelled (error))
    return;
  dialog = adw_message_dialog_new (gtk_widget_get_visible (GTK_WIDGET (parent)) ? parent : NULL, _ ("Not Saved"), error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
response_cb (AdwMessageDialog *dialog,
             const char *response,
             gpointer user_data)
{
  const Editor *editor = user_data;
  const HeddleMemoryFact fact = {
    .id = editor->id,
    .subject = (char *) gtk_editable_get_text (editor->subject),
    .subject_kind = (char *) gtk_editable_get_text (editor->kind),
    .predicate = (char *) gtk_editable_get_text (editor->predicate),
    .object = (char *) gtk_editable_get_text (editor->object),
    .object_kind = editor->object_kind,
    .confidence = gtk_spin_button_get_value (editor->percent) / 100,
  };

  if (g_strcmp0 (response, "save") == 0)
    heddle_memory_set_fact_async (editor->memory, editor->graph, &fact, NULL, failed_cb,
                                  g_object_ref (gtk_window_get_transient_for (GTK_WINDOW (dialog))));
}

void
heddle_memory_edit_fact (GtkWindow *parent,
                         HeddleMemory *memory,
                         const char *graph,
                         const HeddleMemoryFact *fact)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, fact != NULL ? _ ("Edit Fact") : _ ("Add a Fact"), NULL);
  Editor *editor = g_new0 (Editor, 1);

  editor->memory = g_object_ref (memory);
  editor->graph = g_strdup (graph);
  editor->id = fact != NULL ? fact->id : 0;
  editor->object_kind = fact != NULL ? g_strdup (fact->object_kind) : NULL;
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), fill (editor, fact));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "save", _ ("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  gtk_window_set_default_size (GTK_WINDOW (dialog), 440, -1);
  g_object_set_data_full (G_OBJECT (dialog), "heddle-editor", editor, editor_free);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), editor);
  gtk_window_present (GTK_WINDOW (dialog));
}
