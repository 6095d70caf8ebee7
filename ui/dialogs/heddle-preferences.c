/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-preferences.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

struct _HeddlePreferences
{
  AdwPreferencesWindow parent_instance;

  AdwPreferencesGroup *providers;
  AdwPreferencesGroup *credentials;
  GtkEditable *provider_id;
  GtkEditable *provider_url;
  GtkEditable *provider_key;
  GtkEditable *credential_name;
  GtkEditable *credential_header;
  GtkEditable *credential_value;
  AdwComboRow *credential_kind;

  const HeddleServices *services;
  GPtrArray *provider_rows;   /* borrowed widgets */
  GPtrArray *credential_rows; /* borrowed widgets */
};

static const char *const credential_kinds[] = { "bearer", "basic", "header" };

G_DEFINE_FINAL_TYPE (HeddlePreferences, heddle_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* A provider may answer when the window has gone, and its rows with it. */
static gboolean
is_closed (HeddlePreferences *self)
{
  return self->providers == NULL;
}

static void
tell (HeddlePreferences *self,
      const char *message)
{
  if (!is_closed (self))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), heddle_toast_new (message));
}

static void
remove_rows (AdwPreferencesGroup *group,
             GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}

static GtkWidget *
add_button (GtkWidget *row,
            const char *icon,
            const char *tooltip,
            const char *name,
            GCallback clicked,
            HeddlePreferences *self)
{
  GtkWidget *button = heddle_flat_button_new (icon, tooltip);

  g_object_set_data_full (G_OBJECT (button), "heddle-name", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return button;
}

/* A request to a provider is made on the engine's context, and answered on ours. */
typedef struct
{
  HeddlePreferences *window;
  char *provider;
  char **models;
  GError *error;
} Test;

static void
test_free (Test *test)
{
  g_object_unref (test->window);
  g_free (test->provider);
  g_strfreev (test->models);
  g_clear_error (&test->error);
  g_free (test);
}

static gboolean
test_told_cb (gpointer user_data)
{
  Test *test = user_data;
  g_autofree char *message = NULL;
  guint n;

  if (test->models == NULL)
    {
      message = g_strdup_printf (_ ("%s does not answer: %s"), test->provider, test->error->message);
      tell (test->window, message);
      return G_SOURCE_REMOVE;
    }
  n = g_strv_length (test->models);
  message = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s answers, with %u model", "%s answers, with %u models", n), test->provider, n);
  tell (test->window, message);
  return G_SOURCE_REMOVE;
}

static void
test_listed_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  Test *test = user_data;

  test->models = heddle_models_list_finish (HEDDLE_MODELS (object), result, &test->error);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, test_told_cb, test, (GDestroyNotify) test_free);
}

static gboolean
test_start_cb (gpointer user_data)
{
  Test *test = user_data;
  const HeddleServices *services = test->window->services;

  heddle_models_list_async (services->models, heddle_engine_get_http (services->engine), test->provider, NULL, test_listed_cb, test);
  return G_SOURCE_REMOVE;
}

static void
test_provider (HeddlePreferences *self,
               const char *provider)
{
  Test *test = g_new0 (Test, 1);

  test->window = g_object_ref (self);
  test->provider = g_strdup (provider);
  g_main_context_invoke (heddle_engine_get_context (self->services->engine), test_start_cb, test);
}

static void
test_clicked_cb (HeddlePreferences *self,
                 GtkButton *button)
{
  test_provider (self, g_object_get_data (G_OBJECT (button), "heddle-name"));
}

static void reload_providers (HeddlePreferences *self);

static void
remove_provider_cb (HeddlePreferences *self,
                    GtkButton *button)
{
  g_autoptr (GError) error = NULL;

  if (!heddle_models_remove_provider (self->services->models, g_object_get_data (G_OBJECT (button), "heddle-name"), &error))
    tell (self, error->message);
  reload_providers (self);
}

static void
add_provider_row (HeddlePreferences *self,
                  const HeddleProviderInfo *info)
{
  gboolean is_demo = g_strcmp0 (info->kind, "demo") == 0;
  g_autofree char *subtitle = NULL;
  GtkWidget *row;

  subtitle = g_strconcat (is_demo ? _ ("Built in, offline: finds, classifies and summarises by rules; not a language model") : info->base_url,
                          info->from_environment ? " · " : "", info->from_environment ? _ ("from the environment") : "", NULL);
  row = heddle_plain_row_new (info->id, subtitle);
  add_button (row, "network-transmit-receive-symbolic", _ ("Test the connection and list the models"), info->id, G_CALLBACK (test_clicked_cb), self);
  if (!is_demo && !info->from_environment)
    add_button (row, "user-trash-symbolic", _ ("Remove this provider"), info->id, G_CALLBACK (remove_provider_cb), self);
  adw_preferences_group_add (self->providers, row);
  g_ptr_array_add (self->provider_rows, row);
}

static void
reload_providers (HeddlePreferences *self)
{
  g_autoptr (GPtrArray) infos = heddle_models_list_providers (self->services->models);

  if (is_closed (self))
    return;
  remove_rows (self->providers, self->provider_rows);
  for (guint i = 0; i < infos->len; i++)
    add_provider_row (self, g_ptr_array_index (infos, i));
}

static void reload_credentials (HeddlePreferences *self);

static void
credential_deleted_cb (GObject *object,
                       GAsyncResult *result,
                       gpointer user_data)
{
  g_autoptr (HeddlePreferences) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_secrets_delete_finish (HEDDLE_SECRETS (object), result, &error))
    tell (self, error->message);
  reload_credentials (self);
}

static void
remove_credential_cb (HeddlePreferences *self,
                      GtkButton *button)
{
  heddle_secrets_delete_async (self->services->secrets, g_object_get_data (G_OBJECT (button), "heddle-name"), NULL,
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

static void
add_credential_row (HeddlePreferences *self,
                    const HeddleCredentialInfo *info)
{
  g_autofree char *subtitle = g_strconcat (kind_title (info->kind), info->header != NULL ? " " : "", info->header != NULL ? info->header : "",
                                           info->from_environment ? " · " : "", info->from_environment ? _ ("from the environment") : "", NULL);
  GtkWidget *row = heddle_plain_row_new (info->name, subtitle);

  if (!info->from_environment)
    add_button (row, "user-trash-symbolic", _ ("Delete this credential"), info->name, G_CALLBACK (remove_credential_cb), self);
  adw_preferences_group_add (self->credentials, row);
  g_ptr_array_add (self->credential_rows, row);
}

static void
reload_credentials (HeddlePreferences *self)
{
  g_autoptr (GPtrArray) infos = heddle_secrets_list (self->services->secrets);

  if (is_closed (self))
    return;
  remove_rows (self->credentials, self->credential_rows);
  for (guint i = 0; i < infos->len; i++)
    add_credential_row (self, g_ptr_array_index (infos, i));
}

static char *
dup_text (GtkEditable *editable)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (editable)));
}

static void
set_provider (HeddlePreferences *self,
              const char *credential)
{
  g_autofree char *id = dup_text (self->provider_id);
  g_autofree char *url = dup_text (self->provider_url);
  const HeddleProviderInfo info = { .id = id, .kind = (char *) "openai-compatible", .title = id, .base_url = url, .credential = (char *) credential };
  g_autoptr (GError) error = NULL;

  if (!heddle_models_set_provider (self->services->models, &info, &error))
    {
      tell (self, error->message);
      return;
    }
  gtk_editable_set_text (self->provider_id, "");
  gtk_editable_set_text (self->provider_url, "");
  gtk_editable_set_text (self->provider_key, "");
  reload_providers (self);
  test_provider (self, id);
}

static void
provider_key_stored_cb (GObject *object,
                        GAsyncResult *result,
                        gpointer user_data)
{
  g_autoptr (HeddlePreferences) self = user_data;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  if (!heddle_secrets_store_finish (HEDDLE_SECRETS (object), result, &error))
    {
      tell (self, error->message);
      return;
    }
  if (is_closed (self))
    return;
  id = dup_text (self->provider_id);
  set_provider (self, id);
  reload_credentials (self);
}

/* A provider's key is a credential of the provider's name. */
static void
add_provider_cb (HeddlePreferences *self)
{
  g_autofree char *id = dup_text (self->provider_id);
  const char *key = gtk_editable_get_text (self->provider_key);
  const HeddleCredentialInfo info = { .name = id, .kind = (char *) "bearer" };

  if (id[0] == '\0')
    tell (self, _ ("Give the provider a name first."));
  else if (key[0] == '\0')
    set_provider (self, NULL);
  else
    heddle_secrets_store_async (self->services->secrets, &info, key, NULL, provider_key_stored_cb, g_object_ref (self));
}

static void
credential_stored_cb (GObject *object,
                      GAsyncResult *result,
                      gpointer user_data)
{
  g_autoptr (HeddlePreferences) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_secrets_store_finish (HEDDLE_SECRETS (object), result, &error))
    {
      tell (self, error->message);
      return;
    }
  if (is_closed (self))
    return;
  gtk_editable_set_text (self->credential_name, "");
  gtk_editable_set_text (self->credential_header, "");
  gtk_editable_set_text (self->credential_value, "");
  reload_credentials (self);
}

static void
add_credential_cb (HeddlePreferences *self)
{
  g_autofree char *name = dup_text (self->credential_name);
  g_autofree char *header = dup_text (self->credential_header);
  const char *kind = credential_kinds[adw_combo_row_get_selected (self->credential_kind)];
  const HeddleCredentialInfo info = { .name = name, .kind = (char *) kind, .header = g_str_equal (kind, "header") ? header : NULL };

  if (name[0] == '\0' || gtk_editable_get_text (self->credential_value)[0] == '\0')
    tell (self, _ ("A credential needs a name and a value."));
  else
    heddle_secrets_store_async (self->services->secrets, &info, gtk_editable_get_text (self->credential_value), NULL,
                                credential_stored_cb, g_object_ref (self));
}

static void
kind_changed_cb (HeddlePreferences *self)
{
  const char *kind = credential_kinds[adw_combo_row_get_selected (self->credential_kind)];

  gtk_widget_set_visible (GTK_WIDGET (self->credential_header), g_str_equal (kind, "header"));
}

GtkWidget *
heddle_preferences_new (const HeddleServices *services)
{
  HeddlePreferences *self = g_object_new (HEDDLE_TYPE_PREFERENCES, NULL);

  self->services = services;
  reload_providers (self);
  reload_credentials (self);
  return GTK_WIDGET (self);
}

static void
heddle_preferences_finalize (GObject *object)
{
  HeddlePreferences *self = HEDDLE_PREFERENCES (object);

  g_ptr_array_unref (self->provider_rows);
  g_ptr_array_unref (self->credential_rows);
  G_OBJECT_CLASS (heddle_preferences_parent_class)->finalize (object);
}

static void
heddle_preferences_class_init (HeddlePreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_preferences_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/dialogs/heddle-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, providers);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, credentials);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, provider_id);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, provider_url);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, provider_key);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, credential_name);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, credential_header);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, credential_value);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferences, credential_kind);
  gtk_widget_class_bind_template_callback (widget_class, add_provider_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_credential_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
}

static void
heddle_preferences_init (HeddlePreferences *self)
{
  self->provider_rows = g_ptr_array_new ();
  self->credential_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
