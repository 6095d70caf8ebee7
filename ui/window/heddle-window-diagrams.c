/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The workflow as a diagram for other programs, in a file or on the clipboard. */

typedef struct
{
  const char *name; /* as in the action */
  const char *title;
  const char *suffix;
  char *(*to_text) (HeddleGraph *graph);
} Format;

static const Format formats[] = {
  { "mermaid", N_ ("Export as Mermaid"), ".mmd", heddle_graph_to_mermaid },
  { "dot", N_ ("Export as Graphviz"), ".dot", heddle_graph_to_dot },
};

static const Format *
find_format (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (g_str_equal (formats[i].name, name))
        return &formats[i];
    }
  return NULL;
}

static void
response_cb (GtkNativeDialog *dialog,
             int response,
             HeddleWindow *self)
{
  GBytes *bytes = g_object_get_data (G_OBJECT (dialog), "text");

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      _heddle_window_write_file (self, file, bytes);
    }
  g_object_unref (dialog);
}

/* What is written is the workflow as it was when that was asked for. */
static void
export_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  const Format *format = find_format (g_variant_get_string (parameter, NULL));
  GtkFileChooserNative *chooser;
  g_autofree char *name = NULL;
  char *text;

  if (session == NULL || format == NULL)
    return;
  chooser = gtk_file_chooser_native_new (_ (format->title), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), _ ("_Cancel"));
  text = format->to_text (heddle_session_get_graph (session));
  name = g_strconcat (heddle_graph_get_name (heddle_session_get_graph (session)), format->suffix, NULL);
  g_strdelimit (name, "/", '-');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_object_set_data_full (G_OBJECT (chooser), "text", g_bytes_new_take (text, strlen (text)), (GDestroyNotify) g_bytes_unref);
  g_signal_connect_object (chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
copy_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleSession *session = _heddle_window_get_session (self);
  g_autofree char *text = NULL;

  if (session == NULL)
    return;
  text = heddle_graph_to_mermaid (heddle_session_get_graph (session));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  _heddle_window_tell (self, _ ("Copied as Mermaid"));
}

void
_heddle_window_install_diagram_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.export-diagram", "s", export_action);
  gtk_widget_class_install_action (widget_class, "win.copy-diagram", NULL, copy_action);
}
