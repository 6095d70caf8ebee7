/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-version-name.h"

#include <glib/gi18n-lib.h>

struct _HeddleVersionName
{
  AdwMessageDialog parent_instance;

  GtkWidget *entry;
  HeddleStore *store;
  HeddleDocument *document;
  gint64 version;
  char *name; /* that was entered */
};

enum
{
  CHANGED,
  MESSAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleVersionName, heddle_version_name, ADW_TYPE_MESSAGE_DIALOG)

static void
named_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (HeddleVersionName) self = user_data;
  g_autoptr (GError) error = NULL;

  if (heddle_store_name_version_finish (HEDDLE_STORE (object), result, &error))
    g_signal_emit (self, signals[CHANGED], 0);
  else
    g_signal_emit (self, signals[MESSAGE], 0, error->message);
}

static void
name_version (HeddleVersionName *self,
              gint64 version)
{
  heddle_store_name_version_async (self->store, heddle_graph_get_id (heddle_document_get_graph (self->document)), version, self->name, NULL, named_cb,
                                   g_object_ref (self));
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddleVersionName) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = heddle_store_list_versions_finish (HEDDLE_STORE (object), result, &error);

  if (versions != NULL && versions->len > 0)
    name_version (self, ((const HeddleVersionInfo *) g_ptr_array_index (versions, 0))->id);
  else if (error != NULL)
    g_signal_emit (self, signals[MESSAGE], 0, error->message);
}

static void
saved_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (HeddleVersionName) self = user_data;
  g_autoptr (GError) error = NULL;

  if (heddle_store_save_workflow_finish (HEDDLE_STORE (object), result, &error))
    heddle_store_list_versions_async (self->store, heddle_graph_get_id (heddle_document_get_graph (self->document)), NULL, listed_cb,
                                      g_object_ref (self));
  else
    g_signal_emit (self, signals[MESSAGE], 0, error->message);
}

/* As it is now it is a version only once it is saved. */
static void
name_now (HeddleVersionName *self)
{
  HeddleGraph *graph = heddle_document_get_graph (self->document);
  g_autofree char *json = heddle_graph_to_json (graph);

  heddle_store_save_workflow_async (self->store, heddle_graph_get_id (graph), heddle_graph_get_name (graph), json, NULL, saved_cb,
                                    g_object_ref (self));
}

static void
response_cb (HeddleVersionName *self,
             const char *response)
{
  if (!g_str_equal (response, "name"))
    return;
  g_free (self->name);
  self->name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
  if (self->version != 0)
    name_version (self, self->version);
  else
    name_now (self);
}

/* A version that has a name may lose it. */
static void
text_changed_cb (HeddleVersionName *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "name", *text != '\0' || self->name != NULL);
}

static void
heddle_version_name_finalize (GObject *object)
{
  HeddleVersionName *self = HEDDLE_VERSION_NAME (object);

  g_clear_object (&self->document);
  g_clear_object (&self->store);
  g_free (self->name);
  G_OBJECT_CLASS (heddle_version_name_parent_class)->finalize (object);
}

static void
heddle_version_name_class_init (HeddleVersionNameClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_version_name_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
heddle_version_name_init (HeddleVersionName *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);

  self->entry = gtk_entry_new ();
  gtk_entry_set_activates_default (GTK_ENTRY (self->entry), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), _ ("Before the demo"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Name of the version"), -1);
  adw_message_dialog_set_extra_child (dialog, self->entry);
  adw_message_dialog_set_heading (dialog, _ ("Name Version"));
  adw_message_dialog_set_body (dialog, _ ("A version with a name is kept until the name is taken away."));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "name", _ ("_Name"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "name", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "name");
  g_signal_connect (self, "response", G_CALLBACK (response_cb), NULL);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
heddle_version_name_new (GtkWindow *parent,
                         HeddleStore *store,
                         HeddleDocument *document,
                         gint64 version,
                         const char *name)
{
  HeddleVersionName *self;

  g_return_val_if_fail (HEDDLE_IS_STORE (store), NULL);
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (HEDDLE_TYPE_VERSION_NAME, "transient-for", parent, "modal", TRUE, NULL);
  self->store = g_object_ref (store);
  self->document = g_object_ref (document);
  self->version = version;
  self->name = g_strdup (name);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), name != NULL ? name : "");
  text_changed_cb (self);
  return GTK_WIDGET (self);
}
