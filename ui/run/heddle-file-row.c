/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-file-row.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

struct _HeddleFileRow
{
  AdwActionRow parent_instance;

  gboolean is_image;
  JsonNode *file;
  GtkWidget *choose;
  GtkWidget *clear;
  GCancellable *cancellable; /* of what is being read */
};

G_DEFINE_FINAL_TYPE (HeddleFileRow, heddle_file_row, ADW_TYPE_ACTION_ROW)

static void
show_hint (HeddleFileRow *self)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), self->is_image ? _ ("Choose a picture or drop one here") : _ ("Choose a file or drop one here"));
}

static void
show_file (HeddleFileRow *self)
{
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->clear, self->file != NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  if (self->file == NULL)
    {
      show_hint (self);
      return;
    }
  size = g_format_size ((guint64) MAX (heddle_json_get_int (self->file, "size", 0), 0));
  text = g_strdup_printf ("%s · %s", heddle_json_get_string (self->file, "name", heddle_json_get_string (self->file, "mime", "")), size);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}

static void
show_problem (HeddleFileRow *self,
              const char *message)
{
  heddle_file_row_set_file (self, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), message);
}

static void
read_thread (GTask *task,
             gpointer source,
             gpointer data,
             GCancellable *cancellable)
{
  g_autofree char *path = g_file_get_path (data);
  GError *error = NULL;
  JsonNode *file;

  if (path == NULL)
    {
      g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, "%s", _ ("This file is not on this computer. Copy it here first."));
      return;
    }
  file = heddle_file_value_load (path, &error);
  if (file == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, file, (GDestroyNotify) json_node_unref);
}

static void
read_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  HeddleFileRow *self = HEDDLE_FILE_ROW (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) file = g_task_propagate_pointer (G_TASK (result), &error);

  if (heddle_error_is_cancelled (error))
    return;
  if (file == NULL)
    show_problem (self, error->message);
  else if (self->is_image && !heddle_file_value_is_image (file))
    show_problem (self, _ ("This is no picture. Choose a PNG, JPEG, GIF or WebP file."));
  else
    heddle_file_row_set_file (self, file);
}

static void
stop_reading (HeddleFileRow *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void
heddle_file_row_open (HeddleFileRow *self,
                      GFile *file)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (HEDDLE_IS_FILE_ROW (self));
  g_return_if_fail (G_IS_FILE (file));

  stop_reading (self);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, read_cb, NULL);
  g_task_set_source_tag (task, heddle_file_row_open);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_thread);
}

/* The form closes for the file chooser and comes back, with all that was entered. */
static void
show_form (HeddleFileRow *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popup (GTK_POPOVER (popover));
}

static void
chosen_cb (GtkNativeDialog *dialog,
           int response,
           HeddleFileRow *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (file != NULL)
    heddle_file_row_open (self, file);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
  show_form (self);
}

static void
choose_cb (HeddleFileRow *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_WINDOW));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (self->is_image ? _ ("Choose a Picture") : _ ("Choose a File"), window,
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"), _ ("_Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->is_image)
    {
      gtk_file_filter_add_mime_type (filter, "image/*");
      gtk_file_filter_set_name (filter, _ ("Pictures"));
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
    }
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  if (gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER) != NULL)
    gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER)));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
clear_cb (HeddleFileRow *self)
{
  heddle_file_row_set_file (self, NULL);
  gtk_widget_grab_focus (self->choose);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue *value,
         double x,
         double y,
         HeddleFileRow *self)
{
  heddle_file_row_open (self, g_value_get_object (value));
  return TRUE;
}

JsonNode *
heddle_file_row_get_file (HeddleFileRow *self)
{
  g_return_val_if_fail (HEDDLE_IS_FILE_ROW (self), NULL);

  return self->file;
}

void
heddle_file_row_set_file (HeddleFileRow *self,
                          JsonNode *file)
{
  g_return_if_fail (HEDDLE_IS_FILE_ROW (self));

  stop_reading (self);
  if (file != NULL)
    json_node_ref (file);
  g_clear_pointer (&self->file, json_node_unref);
  self->file = file;
  show_file (self);
}

GtkWidget *
heddle_file_row_get_button (HeddleFileRow *self)
{
  g_return_val_if_fail (HEDDLE_IS_FILE_ROW (self), NULL);

  return self->choose;
}

GtkWidget *
heddle_file_row_new (gboolean is_image)
{
  HeddleFileRow *self = g_object_new (HEDDLE_TYPE_FILE_ROW, NULL);

  self->is_image = is_image;
  show_file (self);
  return GTK_WIDGET (self);
}

static void
heddle_file_row_dispose (GObject *object)
{
  HeddleFileRow *self = HEDDLE_FILE_ROW (object);

  stop_reading (self);
  g_clear_pointer (&self->file, json_node_unref);
  G_OBJECT_CLASS (heddle_file_row_parent_class)->dispose (object);
}

static void
heddle_file_row_class_init (HeddleFileRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_file_row_dispose;
}

static void
heddle_file_row_init (HeddleFileRow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  self->choose = heddle_flat_button_new ("document-open-symbolic", _ ("Choose a file"));
  self->clear = heddle_flat_button_new ("edit-clear-symbolic", _ ("Take it away"));
  gtk_widget_set_valign (self->choose, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->clear, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->clear);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->choose);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->choose);
  g_signal_connect_swapped (self->choose, "clicked", G_CALLBACK (choose_cb), self);
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
