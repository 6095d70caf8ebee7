/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-variable-dialog.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

/* Owned by its dialog. */
typedef struct
{
  AdwMessageDialog *dialog;
  HeddleStore *store;
  GHashTable *taken; /* names; NULL: the name stands */
  char *name;        /* or NULL */
  GtkEditable *name_row;
  GtkTextBuffer *buffer;
  GtkLabel *problem;
  GtkLabel *hint;
} Editor;

static void
editor_free (gpointer data)
{
  Editor *editor = data;

  g_object_unref (editor->store);
  g_clear_pointer (&editor->taken, g_hash_table_unref);
  g_free (editor->name);
  g_free (editor);
}

static char *
dup_text (const Editor *editor)
{
  char *text = NULL;

  g_object_get (editor->buffer, "text", &text, NULL);
  return g_strstrip (text);
}

static char *
dup_name (const Editor *editor)
{
  return editor->name != NULL ? g_strdup (editor->name) : g_strstrip (g_strdup (gtk_editable_get_text (editor->name_row)));
}

static gboolean
check_name (const Editor *editor,
            const char *name,
            GError **error)
{
  if (!heddle_variable_check_name (name, error))
    return FALSE;
  if (editor->taken == NULL || !g_hash_table_contains (editor->taken, name))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There is a variable “%s” already. Edit that one, or take another name."), name);
  return FALSE;
}

/* The value as it would be saved; NULL: not yet one. What is still empty is no mistake, so it sets no error. */
static JsonNode *
read_value (const Editor *editor,
            const char *name,
            GError **error)
{
  g_autofree char *text = dup_text (editor);
  g_autoptr (JsonNode) value = NULL;

  if (*name == '\0' || *text == '\0')
    return NULL;
  if (!check_name (editor, name, error))
    return NULL;
  value = heddle_json_parse (text, -1, error);
  return value != NULL ? heddle_variable_apply (HEDDLE_VARIABLE_SET, name, NULL, value, error) : NULL;
}

static void
check_cb (Editor *editor)
{
  g_autofree char *name = dup_name (editor);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = read_value (editor, name, &error);

  adw_message_dialog_set_response_enabled (editor->dialog, "save", value != NULL);
  gtk_label_set_label (editor->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (editor->problem), error != NULL);
  gtk_widget_set_visible (GTK_WIDGET (editor->hint), value != NULL && heddle_value_looks_secret (name, value));
}

static GtkLabel *
add_note (GtkBox *box,
          const char *text,
          const char *css_class)
{
  GtkWidget *label = heddle_label_new (text, css_class);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
  gtk_widget_set_visible (label, FALSE);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static GtkEditable *
add_name (GtkListBox *list)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Name, such as last_seen"));
  gtk_list_box_append (list, row);
  return GTK_EDITABLE (row);
}

static GtkWidget *
add_value (Editor *editor,
           GtkListBox *list,
           JsonNode *value)
{
  GtkWidget *view = heddle_text_view_new ();
  g_autofree char *text = value != NULL ? heddle_json_to_text (value, HEDDLE_JSON_PRETTY) : g_strdup ("");

  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  editor->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_buffer_set_text (editor->buffer, text, -1);
  gtk_list_box_append (list, heddle_text_row_new (_ ("Value as JSON, such as 42, \"text\" or [\"a\", \"b\"]"), view, 120, 320));
  return view;
}

/* Returns what is to have the focus. */
static GtkWidget *
fill (Editor *editor,
      JsonNode *value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *view;

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_box_append (GTK_BOX (box), list);
  if (editor->name == NULL)
    editor->name_row = add_name (GTK_LIST_BOX (list));
  view = add_value (editor, GTK_LIST_BOX (list), value);
  editor->problem = add_note (GTK_BOX (box), NULL, "error");
  editor->hint = add_note (GTK_BOX (box), _ ("This looks like a key or a password. Variables are stored as they are, and traces show them: keep it as a credential in the preferences instead."),
                           "warning");
  adw_message_dialog_set_extra_child (editor->dialog, box);
  return editor->name == NULL ? GTK_WIDGET (editor->name_row) : view;
}

/* A write on its way; outlives the dialog. */
typedef struct
{
  GtkWindow *parent;
  char *name;
  JsonNode *value;
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->parent);
  g_free (saving->name);
  json_node_unref (saving->value);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
saved_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) now = heddle_store_change_variable_finish (HEDDLE_STORE (object), result, &error);
  const HeddleVariableInfo unsaved = { .name = saving->name, .value = saving->value };
  GtkWidget *dialog;

  if (now != NULL || !gtk_widget_get_visible (GTK_WIDGET (saving->parent)))
    return;
  heddle_variable_edit (saving->parent, HEDDLE_STORE (object), &unsaved, NULL);
  dialog = adw_message_dialog_new (saving->parent, _ ("Not Saved"), error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
response_cb (Editor *editor,
             const char *response)
{
  g_autofree char *name = dup_name (editor);
  g_autoptr (JsonNode) value = g_strcmp0 (response, "save") == 0 ? read_value (editor, name, NULL) : NULL;
  Saving *saving;

  if (value == NULL)
    return;
  saving = g_new0 (Saving, 1);
  saving->parent = g_object_ref (gtk_window_get_transient_for (GTK_WINDOW (editor->dialog)));
  saving->name = g_strdup (name);
  saving->value = json_node_ref (value);
  heddle_store_change_variable_async (editor->store, HEDDLE_VARIABLE_SET, name, value, NULL, NULL, saved_cb, saving);
}

/* Enter is a new line in the value. */
static gboolean
save_shortcut_cb (GtkWidget *widget,
                  GVariant *arguments,
                  gpointer data)
{
  if (!adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (widget), "save"))
    return GDK_EVENT_STOP;
  /* Unlike a click on a button, a response leaves the dialog open. */
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (widget), "save");
  gtk_window_destroy (GTK_WINDOW (widget));
  return GDK_EVENT_STOP;
}

static void
add_shortcuts (GtkWidget *dialog)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter|<Control>s"),
                                                          gtk_callback_action_new (save_shortcut_cb, NULL, NULL)));
  gtk_widget_add_controller (dialog, keys);
}

static AdwMessageDialog *
dialog_new (GtkWindow *parent,
            const char *name)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, name == NULL ? _ ("New Variable") : NULL, NULL));

  if (name != NULL)
    adw_message_dialog_format_heading (dialog, _ ("Edit “%s”"), name);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "save", _ ("_Save"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  gtk_window_set_default_size (GTK_WINDOW (dialog), 480, -1);
  add_shortcuts (GTK_WIDGET (dialog));
  return dialog;
}

void
heddle_variable_edit (GtkWindow *parent,
                      HeddleStore *store,
                      const HeddleVariableInfo *info,
                      GHashTable *taken)
{
  Editor *editor = g_new0 (Editor, 1);
  GtkWidget *focus;

  g_return_if_fail (GTK_IS_WINDOW (parent) && HEDDLE_IS_STORE (store));

  editor->dialog = dialog_new (parent, info != NULL ? info->name : NULL);
  editor->store = g_object_ref (store);
  editor->name = info != NULL ? g_strdup (info->name) : NULL;
  editor->taken = info == NULL && taken != NULL ? g_hash_table_ref (taken) : NULL;
  focus = fill (editor, info != NULL ? info->value : NULL);
  g_object_set_data_full (G_OBJECT (editor->dialog), "heddle-editor", editor, editor_free);
  g_signal_connect_swapped (editor->dialog, "response", G_CALLBACK (response_cb), editor);
  g_signal_connect_swapped (editor->buffer, "changed", G_CALLBACK (check_cb), editor);
  if (editor->name_row != NULL)
    g_signal_connect_swapped (editor->name_row, "changed", G_CALLBACK (check_cb), editor);
  check_cb (editor);
  gtk_window_present (GTK_WINDOW (editor->dialog));
  gtk_widget_grab_focus (focus);
}
