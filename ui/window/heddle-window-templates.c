/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include "palette/heddle-template-dialog.h"

#include <glib/gi18n-lib.h>

/* Nodes that are saved to be used again: asked for, renamed, deleted and copied. */

static void
saved_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (heddle_store_save_template_finish (HEDDLE_STORE (object), result, &error))
    _heddle_window_tell (self, _ ("Saved as a template. It is in the palette, above all nodes."));
  else
    _heddle_window_tell (self, error->message);
}

static void
save_response_cb (HeddleTemplateDialog *dialog,
                  const char *response,
                  HeddleWindow *self)
{
  g_autoptr (HeddleTemplateInfo) info = heddle_template_dialog_dup_info (dialog);

  if (g_strcmp0 (response, "save") == 0)
    heddle_store_save_template_async (self->services->store, info, heddle_template_dialog_get_replaces (dialog), NULL, saved_cb, g_object_ref (self));
}

/* The title of its first node, as a name to begin with. */
static char *
dup_first_title (HeddleGraph *graph)
{
  return g_strdup (heddle_graph_get_n_nodes (graph) > 0 ? heddle_node_get_title (heddle_graph_get_node (graph, 0)) : _ ("Note"));
}

/* The parameter is what is to be saved, as JSON. */
static void
save_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleEditor *editor = _heddle_window_get_editor (self);
  const char *json = g_variant_get_string (parameter, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  g_autofree char *title = graph != NULL ? dup_first_title (graph) : NULL;
  g_autoptr (HeddleTemplateInfo) info = graph != NULL ? heddle_template_info_new (json, -1, title, "", &error) : NULL;
  g_autoptr (GPtrArray) suspects = NULL;
  GtkWidget *dialog;

  if (editor == NULL || info == NULL)
    {
      if (error != NULL)
        _heddle_window_tell (self, error->message);
      return;
    }
  suspects = heddle_graph_list_secret_suspects (graph);
  dialog = heddle_template_dialog_new (GTK_WINDOW (self), heddle_editor_get_templates (editor), info, suspects);
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
renamed_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_store_rename_template_finish (HEDDLE_STORE (object), result, &error))
    _heddle_window_tell (self, error->message);
}

static void
rename_response_cb (HeddleTemplateDialog *dialog,
                    const char *response,
                    HeddleWindow *self)
{
  g_autoptr (HeddleTemplateInfo) info = heddle_template_dialog_dup_info (dialog);

  if (g_strcmp0 (response, "save") == 0)
    heddle_store_rename_template_async (self->services->store, info->id, info->name, NULL, renamed_cb, g_object_ref (self));
}

/* That whose id is the parameter; NULL: it is gone. */
static const HeddleTemplateInfo *
find (HeddleWindow *self,
      GVariant *id)
{
  HeddleEditor *editor = _heddle_window_get_editor (self);

  return editor != NULL ? heddle_template_list_find (heddle_editor_get_templates (editor), g_variant_get_string (id, NULL)) : NULL;
}

static void
rename_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  const HeddleTemplateInfo *info = find (self, parameter);
  GtkWidget *dialog;

  if (info == NULL)
    return;
  dialog = heddle_template_dialog_new (GTK_WINDOW (self), heddle_editor_get_templates (_heddle_window_get_editor (self)), info, NULL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (rename_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
restored_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_store_save_template_finish (HEDDLE_STORE (object), result, &error))
    _heddle_window_tell (self, error->message);
}

/* Undo of a delete writes back what was there. */
static void
restore_action (GtkWidget *widget,
                const char *action,
                GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  HeddleTemplateInfo info;

  g_variant_get (parameter, "(&s&s&s&sm&sxx)", &info.id, &info.name, &info.description, &info.json, &info.type, &info.created, &info.modified);
  heddle_store_save_template_async (self->services->store, &info, FALSE, NULL, restored_cb, g_object_ref (self));
}

static void
deleted_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_store_delete_template_finish (HEDDLE_STORE (object), result, &error))
    _heddle_window_tell (self, error->message);
}

static void
delete_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  const HeddleTemplateInfo *info = find (self, parameter);
  g_autofree char *message = NULL;

  if (info == NULL)
    return;
  message = g_strdup_printf (_ ("“%s” deleted"), info->name);
  _heddle_window_offer (self, message, _ ("_Undo"), "win.restore-template",
                        g_variant_new ("(ssssmsxx)", info->id, info->name, info->description, info->json, info->type, info->created, info->modified));
  heddle_store_delete_template_async (self->services->store, info->id, NULL, deleted_cb, g_object_ref (self));
}

static void
copy_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  const HeddleTemplateInfo *info = find (self, parameter);
  g_autofree char *json = info != NULL ? heddle_template_info_to_json (info) : NULL;

  if (json == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), json);
  _heddle_window_tell (self, _ ("Copied as JSON. Paste it on a canvas, or into a file."));
}

void
_heddle_window_install_template_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.save-template", "s", save_action);
  gtk_widget_class_install_action (widget_class, "win.rename-template", "s", rename_action);
  gtk_widget_class_install_action (widget_class, "win.delete-template", "s", delete_action);
  gtk_widget_class_install_action (widget_class, "win.restore-template", "(ssssmsxx)", restore_action);
  gtk_widget_class_install_action (widget_class, "win.copy-template", "s", copy_action);
}
