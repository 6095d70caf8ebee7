/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include "canvas/heddle-canvas-export.h"
#include "canvas/heddle-canvas.h"
#include "common/heddle-combo-row.h"
#include "common/heddle-toast.h"
#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The canvas as a picture: what of it and how, then where to, then it is drawn while one goes on working. */
typedef struct
{
  HeddleWindow *window;
  HeddleCanvasFormat format;
  guint scale;
  gboolean dark;
  char **ids; /* NULL: all */
  GFile *file;
  GCancellable *cancellable;
  AdwToast *toast; /* how far it is */

  AdwComboRow *format_row;
  AdwComboRow *area_row;
  AdwComboRow *scale_row;
  GtkSwitch *dark_switch;
} PictureExport;

static void
picture_free (PictureExport *picture)
{
  if (picture->toast != NULL)
    heddle_toast_dismiss (picture->toast);
  g_clear_object (&picture->toast);
  g_clear_object (&picture->file);
  g_clear_object (&picture->cancellable);
  g_strfreev (picture->ids);
  g_object_unref (picture->window);
  g_free (picture);
}

static void
tell_failure (PictureExport *picture,
              const GError *error)
{
  if (!heddle_error_is_cancelled (error))
    _heddle_window_tell (picture->window, error->message);
}

static void
written_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  PictureExport *picture = user_data;

  _heddle_window_tell_written (picture->window, G_FILE (object), result);
  picture_free (picture);
}

static void
drawn_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  PictureExport *picture = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = heddle_canvas_export_finish (result, &error);

  if (bytes == NULL)
    {
      tell_failure (picture, error);
      picture_free (picture);
      return;
    }
  g_file_replace_contents_bytes_async (picture->file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, written_cb, picture);
}

static void
stop_cb (GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* A small one is done before anybody could read that. */
static void
progress_cb (double fraction,
             gpointer user_data)
{
  PictureExport *picture = user_data;
  g_autofree char *title = g_strdup_printf (_ ("Drawing the picture: %d %%"), (int) (fraction * 100));

  if (picture->toast == NULL && fraction > .5)
    return;
  if (picture->toast == NULL)
    {
      picture->toast = g_object_ref_sink (adw_toast_new (title));
      adw_toast_set_timeout (picture->toast, 0);
      adw_toast_set_button_label (picture->toast, _ ("_Cancel"));
      g_signal_connect_object (picture->toast, "button-clicked", G_CALLBACK (stop_cb), picture->cancellable, G_CONNECT_SWAPPED);
      heddle_toast_show (picture->window->toasts, g_object_ref (picture->toast));
    }
  adw_toast_set_title (picture->toast, title);
}

static void
draw (PictureExport *picture,
      HeddleSession *session)
{
  const HeddleCanvasExport options = {
    .format = picture->format,
    .scale = picture->scale,
    .dark = picture->dark,
    .ids = (const char *const *) picture->ids,
    .trace = heddle_session_get_trace (session),
    .progress = progress_cb,
    .progress_data = picture,
  };

  heddle_canvas_export_async (heddle_session_get_graph (session), &options, picture->cancellable, drawn_cb, picture);
}

static void
chooser_response_cb (GtkNativeDialog *dialog,
                     int response,
                     PictureExport *picture)
{
  HeddleSession *session = _heddle_window_get_session (picture->window);

  if (response == GTK_RESPONSE_ACCEPT && session != NULL)
    {
      picture->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      draw (picture, session);
    }
  else
    picture_free (picture);
  g_object_unref (dialog);
}

static void
choose_file (PictureExport *picture,
             HeddleSession *session)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_ ("Export as Picture"), GTK_WINDOW (picture->window), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), _ ("_Cancel"));
  const char *suffix = heddle_canvas_format_get_suffix (picture->format);
  g_autofree char *name = g_strdup_printf ("%s.%s", heddle_graph_get_name (heddle_session_get_graph (session)), suffix);

  g_strdelimit (name, "/", '-');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (chooser_response_cb), picture);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
take_choices (PictureExport *picture)
{
  HeddleEditor *editor = _heddle_window_get_editor (picture->window);

  picture->format = adw_combo_row_get_selected (picture->format_row);
  picture->scale = 1u << adw_combo_row_get_selected (picture->scale_row);
  picture->dark = gtk_switch_get_active (picture->dark_switch);
  if (adw_combo_row_get_selected (picture->area_row) == 1 && editor != NULL)
    picture->ids = heddle_canvas_get_selection (HEDDLE_CANVAS (heddle_editor_get_canvas (editor)));
}

static void
dialog_response_cb (AdwMessageDialog *dialog,
                    const char *response,
                    PictureExport *picture)
{
  HeddleSession *session = _heddle_window_get_session (picture->window);

  if (strcmp (response, "export") != 0 || session == NULL)
    {
      picture_free (picture);
      return;
    }
  take_choices (picture);
  choose_file (picture, session);
}

static AdwComboRow *
add_combo (GtkListBox *list,
           const char *title,
           const char *const *choices)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (choices);
  GtkWidget *row = heddle_combo_row_new (model);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_append (list, row);
  return ADW_COMBO_ROW (row);
}

static GtkSwitch *
add_switch (GtkListBox *list,
            const char *title,
            gboolean active)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_switch_new ();

  gtk_switch_set_active (GTK_SWITCH (button), active);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (list, row);
  return GTK_SWITCH (button);
}

/* Only pixels have a size. */
static gboolean
is_png (GBinding *binding,
        const GValue *from,
        GValue *to,
        gpointer user_data)
{
  g_value_set_boolean (to, g_value_get_uint (from) == HEDDLE_CANVAS_PNG);
  return TRUE;
}

static GtkWidget *
create_form (PictureExport *picture,
             gboolean has_selection)
{
  const char *const formats[] = { _ ("PNG, pixels"), _ ("SVG, lines"), _ ("PDF, a page"), NULL };
  const char *const areas[] = { _ ("All of it"), has_selection ? _ ("The selection") : NULL, NULL };
  const char *const scales[] = { _ ("Normal"), _ ("Double"), _ ("Fourfold"), NULL };
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  picture->format_row = add_combo (GTK_LIST_BOX (list), _ ("Format"), formats);
  picture->area_row = add_combo (GTK_LIST_BOX (list), _ ("What"), areas);
  picture->scale_row = add_combo (GTK_LIST_BOX (list), _ ("Size"), scales);
  picture->dark_switch = add_switch (GTK_LIST_BOX (list), _ ("Dark Background"), FALSE);
  adw_combo_row_set_selected (picture->scale_row, 1);
  adw_combo_row_set_selected (picture->area_row, has_selection ? 1 : 0);
  g_object_bind_property_full (picture->format_row, "selected", picture->scale_row, "sensitive", G_BINDING_SYNC_CREATE, is_png, NULL, NULL, NULL);
  return list;
}

static void
export_picture_action (GtkWidget *widget,
                       const char *action,
                       GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleEditor *editor = _heddle_window_get_editor (self);
  g_auto (GStrv) selected = editor != NULL ? heddle_canvas_get_selection (HEDDLE_CANVAS (heddle_editor_get_canvas (editor))) : NULL;
  PictureExport *picture;
  GtkWidget *dialog;

  if (editor == NULL)
    return;
  picture = g_new0 (PictureExport, 1);
  picture->window = g_object_ref (self);
  picture->cancellable = g_cancellable_new ();
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Export as Picture"), _ ("The picture shows what the cards show, with the states of the run that is looked at."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "export", _ ("_Export…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "export", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "export");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), create_form (picture, selected[0] != NULL));
  g_signal_connect (dialog, "response", G_CALLBACK (dialog_response_cb), picture);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
_heddle_window_install_export_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.export-picture", NULL, export_picture_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.export-picture", NULL);
}
