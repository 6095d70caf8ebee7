/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-preferences-private.h"

#include "common/heddle-widgets.h"

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
remove_credential_cb (HeddlePreferencesCredentials *self,
                      GtkButton *button)
{
  heddle_secrets_delete_async (self->services->secrets, heddle_preferences_get_name (button), NULL,
                               credential_deleted_cb, g_object_ref (self));
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
    heddle_preferences_add_button (row, "user-trash-symbolic", _ ("Delete this credential"), info->name, G_CALLBACK (remove_credential_cb), self);
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
