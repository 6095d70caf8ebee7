/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-preferences-private.h"

#include "common/heddle-widgets.h"
#include "dialogs/heddle-credential-uses.h"

#include <glib/gi18n-lib.h>

#define HEDDLE_TYPE_PREFERENCES_CREDENTIALS (heddle_preferences_credentials_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePreferencesCredentials, heddle_preferences_credentials, HEDDLE, PREFERENCES_CREDENTIALS, AdwPreferencesPage)

struct _HeddlePreferencesCredentials
{
  AdwPreferencesPage parent_instance;

  AdwPreferencesGroup *credentials;
  GtkEditable *name;
  GtkEditable *header;
  GtkEditable *value;
  AdwComboRow *kind;

  const HeddleServices *services;
  GPtrArray *rows; /* borrowed widgets */
};

G_DEFINE_FINAL_TYPE (HeddlePreferencesCredentials, heddle_preferences_credentials, ADW_TYPE_PREFERENCES_PAGE)

static const char *const credential_kinds[] = { "bearer", "basic", "header" };

/* The keyring may answer when the window has gone, and its rows with it. */
static gboolean
is_closed (HeddlePreferencesCredentials *self)
{
  return self->credentials == NULL;
}

static void reload_credentials (HeddlePreferencesCredentials *self);

static void
credential_deleted_cb (GObject *object,
                       GAsyncResult *result,
                       gpointer user_data)
{
  g_autoptr (HeddlePreferencesCredentials) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_secrets_delete_finish (HEDDLE_SECRETS (object), result, &error))
    heddle_preferences_tell (self, error->message);
  reload_credentials (self);
}

static void
delete_credential (HeddlePreferencesCredentials *self,
                   const char *name)
{
  heddle_secrets_delete_async (self->services->secrets, name, NULL, credential_deleted_cb, g_object_ref (self));
}

static void
delete_response_cb (HeddlePreferencesCredentials *self,
                    const char *response,
                    GtkWidget *dialog)
{
  if (g_strcmp0 (response, "delete") == 0)
    delete_credential (self, g_object_get_data (G_OBJECT (dialog), "heddle-name"));
}

/* A value cannot be brought back, so whoever needs it is named first. */
static void
confirm_delete (HeddlePreferencesCredentials *self,
                const char *name,
                char **uses)
{
  g_autofree char *heading = g_strdup_printf (_ ("Delete “%s”?"), name);
  g_autofree char *lines = g_strjoinv ("\n• ", uses);
  g_autofree char *body = g_strconcat (_ ("These fail without it:"), "\n• ", lines, NULL);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete", _ ("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "heddle-name", g_strdup (name), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Of a credential that is to be deleted. */
typedef struct
{
  HeddlePreferencesCredentials *page;
  char *name;
} Removal;

static void
uses_found_cb (GObject *object,
               GAsyncResult *result,
               gpointer user_data)
{
  Removal *removal = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) uses = heddle_credential_uses_finish (result, &error);

  if (!is_closed (removal->page) && uses == NULL)
    heddle_preferences_tell (removal->page, error->message);
  else if (!is_closed (removal->page) && uses[0] != NULL)
    confirm_delete (removal->page, removal->name, uses);
  else if (!is_closed (removal->page))
    delete_credential (removal->page, removal->name);
  g_object_unref (removal->page);
  g_free (removal->name);
  g_free (removal);
}

static void
remove_credential_cb (HeddlePreferencesCredentials *self,
                      GtkButton *button)
{
  Removal *removal = g_new0 (Removal, 1);

  removal->page = g_object_ref (self);
  removal->name = g_strdup (heddle_preferences_get_name (button));
  heddle_credential_uses_async (self->services, removal->name, NULL, uses_found_cb, removal);
}

/* The value is not shown: a new one takes its place. */
static void
replace_credential_cb (HeddlePreferencesCredentials *self,
                       GtkButton *button)
{
  g_autoptr (GPtrArray) infos = heddle_secrets_list (self->services->secrets);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleCredentialInfo *info = g_ptr_array_index (infos, i);

      if (!g_str_equal (info->name, heddle_preferences_get_name (button)))
        continue;
      gtk_editable_set_text (self->name, info->name);
      gtk_editable_set_text (self->header, info->header != NULL ? info->header : "");
      gtk_editable_set_text (self->value, "");
      for (guint k = 0; k < G_N_ELEMENTS (credential_kinds); k++)
        {
          if (g_strcmp0 (info->kind, credential_kinds[k]) == 0)
            adw_combo_row_set_selected (self->kind, k);
        }
      gtk_widget_grab_focus (GTK_WIDGET (self->value));
    }
}

static const char *
kind_title (const char *kind)
{
  if (g_strcmp0 (kind, "basic") == 0)
    return _ ("Basic (user:password)");
  if (g_strcmp0 (kind, "header") == 0)
    return _ ("Header");
  return _ ("Bearer token");
}

static const char *
describe_place (const HeddleCredentialInfo *info)
{
  if (info->from_environment)
    return _ ("from the environment");
  return info->in_file ? _ ("in an encrypted file, as there is no keyring") : _ ("in the keyring");
}

static void
add_credential_row (HeddlePreferencesCredentials *self,
                    const HeddleCredentialInfo *info)
{
  const char *place = describe_place (info);
  g_autofree char *subtitle = g_strconcat (kind_title (info->kind), info->header != NULL ? " " : "", info->header != NULL ? info->header : "",
                                           " · ", place, NULL);
  GtkWidget *row = heddle_plain_row_new (info->name, subtitle);

  if (!info->from_environment)
    heddle_preferences_add_button (row, "document-edit-symbolic", _ ("Replace the value"), info->name, G_CALLBACK (replace_credential_cb), self);
  if (!info->from_environment)
    heddle_preferences_add_button (row, "user-trash-symbolic", _ ("Delete this credential"), info->name, G_CALLBACK (remove_credential_cb), self);
  adw_preferences_group_add (self->credentials, row);
  g_ptr_array_add (self->rows, row);
}

static void
add_empty_row (HeddlePreferencesCredentials *self)
{
  GtkWidget *row = heddle_plain_row_new (_ ("No credentials yet"), _ ("Add one below, then choose it by its name in a node, a provider or an MCP server."));

  gtk_widget_add_css_class (row, "dim-label");
  adw_preferences_group_add (self->credentials, row);
  g_ptr_array_add (self->rows, row);
}

static void
reload_credentials (HeddlePreferencesCredentials *self)
{
  g_autoptr (GPtrArray) infos = heddle_secrets_list (self->services->secrets);

  if (is_closed (self))
    return;
  heddle_preferences_remove_rows (self->credentials, self->rows);
  for (guint i = 0; i < infos->len; i++)
    add_credential_row (self, g_ptr_array_index (infos, i));
  if (infos->len == 0)
    add_empty_row (self);
}

static void
credential_stored_cb (GObject *object,
                      GAsyncResult *result,
                      gpointer user_data)
{
  g_autoptr (HeddlePreferencesCredentials) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_secrets_store_finish (HEDDLE_SECRETS (object), result, &error))
    {
      heddle_preferences_tell (self, error->message);
      return;
    }
  if (is_closed (self))
    return;
  gtk_editable_set_text (self->name, "");
  gtk_editable_set_text (self->header, "");
  gtk_editable_set_text (self->value, "");
  reload_credentials (self);
}

static void
add_credential_cb (HeddlePreferencesCredentials *self)
{
  g_autofree char *name = heddle_preferences_dup_text (self->name);
  g_autofree char *header = heddle_preferences_dup_text (self->header);
  const char *kind = credential_kinds[adw_combo_row_get_selected (self->kind)];
  const HeddleCredentialInfo info = { .name = name, .kind = (char *) kind, .header = g_str_equal (kind, "header") ? header : NULL };

  if (name[0] == '\0' || gtk_editable_get_text (self->value)[0] == '\0')
    heddle_preferences_tell (self, _ ("A credential needs a name and a value."));
  else
    heddle_secrets_store_async (self->services->secrets, &info, gtk_editable_get_text (self->value), NULL,
                                credential_stored_cb, g_object_ref (self));
}

static void
kind_changed_cb (HeddlePreferencesCredentials *self)
{
  const char *kind = credential_kinds[adw_combo_row_get_selected (self->kind)];

  gtk_widget_set_visible (GTK_WIDGET (self->header), g_str_equal (kind, "header"));
}

GtkWidget *
heddle_preferences_credentials_new (const HeddleServices *services)
{
  HeddlePreferencesCredentials *self = g_object_new (HEDDLE_TYPE_PREFERENCES_CREDENTIALS, NULL);

  self->services = services;
  g_signal_connect (self, "map", G_CALLBACK (reload_credentials), NULL);
  return GTK_WIDGET (self);
}

static void
heddle_preferences_credentials_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), HEDDLE_TYPE_PREFERENCES_CREDENTIALS);
  G_OBJECT_CLASS (heddle_preferences_credentials_parent_class)->dispose (object);
}

static void
heddle_preferences_credentials_finalize (GObject *object)
{
  g_ptr_array_unref (HEDDLE_PREFERENCES_CREDENTIALS (object)->rows);
  G_OBJECT_CLASS (heddle_preferences_credentials_parent_class)->finalize (object);
}

static void
heddle_preferences_credentials_class_init (HeddlePreferencesCredentialsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_preferences_credentials_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_preferences_credentials_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/dialogs/heddle-preferences-credentials.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesCredentials, credentials);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesCredentials, name);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesCredentials, header);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesCredentials, value);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesCredentials, kind);
  gtk_widget_class_bind_template_callback (widget_class, add_credential_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
}

static void
heddle_preferences_credentials_init (HeddlePreferencesCredentials *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
