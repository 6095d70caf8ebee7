/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-preferences-private.h"

#include "common/heddle-widgets.h"
#include "dialogs/heddle-provider-limits.h"
#include "dialogs/heddle-provider-models.h"

#include <glib/gi18n-lib.h>

/* The first choices of a credential; those that there are follow. */
enum
{
  NO_CREDENTIAL,
  NEW_CREDENTIAL,
  N_FIXED_CREDENTIALS
};

#define HEDDLE_TYPE_PREFERENCES_PROVIDERS (heddle_preferences_providers_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePreferencesProviders, heddle_preferences_providers, HEDDLE, PREFERENCES_PROVIDERS, AdwPreferencesPage)

struct _HeddlePreferencesProviders
{
  AdwPreferencesPage parent_instance;

  AdwPreferencesGroup *providers;
  AdwComboRow *kind;
  AdwComboRow *profile;
  GtkEditable *id;
  GtkEditable *url;
  AdwComboRow *credential;
  GtkEditable *key;
  AdwPreferencesGroup *form;
  GtkWidget *cancel;
  GtkButton *save;

  const HeddleServices *services;
  GPtrArray *rows;      /* borrowed widgets */
  GHashTable *outcomes; /* provider → what came of its test */
  GPtrArray *names;     /* of credentials that can be chosen */
  char *edited;         /* id of the provider in the form, or NULL for a new one */
};

G_DEFINE_FINAL_TYPE (HeddlePreferencesProviders, heddle_preferences_providers, ADW_TYPE_PREFERENCES_PAGE)

/* A provider may answer when the window has gone, and its rows with it. */
static gboolean
is_closed (HeddlePreferencesProviders *self)
{
  return self->providers == NULL;
}

/* A request to a provider is made on the engine's context, and answered on ours. */
typedef struct
{
  HeddlePreferencesProviders *page;
  char *provider;
  gint64 started;
  gint64 duration;
  char **models;
  GError *error;
} Test;

static void
test_free (Test *test)
{
  g_object_unref (test->page);
  g_free (test->provider);
  g_strfreev (test->models);
  g_clear_error (&test->error);
  g_free (test);
}

/* In its row, where a long sentence has room. */
static void
update_row (HeddlePreferencesProviders *self,
            GtkWidget *row)
{
  const char *outcome = g_hash_table_lookup (self->outcomes, g_object_get_data (G_OBJECT (row), "heddle-name"));
  g_autofree char *subtitle = g_strjoin ("\n", (const char *) g_object_get_data (G_OBJECT (row), "heddle-subtitle"), outcome, NULL);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
}

static void
show_outcome (HeddlePreferencesProviders *self,
              const char *provider,
              const char *text)
{
  g_hash_table_replace (self->outcomes, g_strdup (provider), g_strdup (text));
  for (guint i = 0; !is_closed (self) && i < self->rows->len; i++)
    update_row (self, g_ptr_array_index (self->rows, i));
}

static gboolean
test_told_cb (gpointer user_data)
{
  Test *test = user_data;
  g_autofree char *duration = heddle_format_duration (test->duration);
  g_autofree char *message = NULL;
  guint n;

  if (test->models != NULL)
    {
      n = g_strv_length (test->models);
      message = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Answers after %s, with %u model", "Answers after %s, with %u models", n), duration, n);
    }
  else
    {
      const HeddleErrorDetail *detail = heddle_error_detail (test->error);

      message = g_strjoin (" ", test->error->message, detail != NULL ? detail->hint : NULL, NULL);
    }
  show_outcome (test->page, test->provider, message);
  return G_SOURCE_REMOVE;
}

static void
test_listed_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  Test *test = user_data;

  test->duration = g_get_monotonic_time () - test->started;
  test->models = heddle_models_list_finish (HEDDLE_MODELS (object), result, &test->error);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, test_told_cb, test, (GDestroyNotify) test_free);
}

static gboolean
test_start_cb (gpointer user_data)
{
  Test *test = user_data;
  const HeddleServices *services = test->page->services;

  test->started = g_get_monotonic_time ();
  heddle_models_list_async (services->models, heddle_engine_get_http (services->engine), test->provider, NULL, test_listed_cb, test);
  return G_SOURCE_REMOVE;
}

static void
test_provider (HeddlePreferencesProviders *self,
               const char *provider)
{
  Test *test = g_new0 (Test, 1);

  test->page = g_object_ref (self);
  test->provider = g_strdup (provider);
  show_outcome (self, provider, _ ("Connecting…"));
  g_main_context_invoke (heddle_engine_get_context (self->services->engine), test_start_cb, test);
}

static void
test_clicked_cb (HeddlePreferencesProviders *self,
                 GtkButton *button)
{
  test_provider (self, heddle_preferences_get_name (button));
}

static HeddleProviderChoice
get_kind (HeddlePreferencesProviders *self)
{
  HeddleProviderChoice choice = { "", "", "" };

  heddle_models_get_kind (adw_combo_row_get_selected (self->kind), &choice);
  return choice;
}

/* NULL: told by the address. */
static const char *
get_profile (HeddlePreferencesProviders *self)
{
  guint selected = adw_combo_row_get_selected (self->profile);
  HeddleProviderChoice choice;

  if (selected == 0 || !gtk_widget_get_visible (GTK_WIDGET (self->profile)) || !heddle_models_get_profile (selected, &choice))
    return NULL;
  return choice.id;
}

/* Whether the address is still the usual one of some kind, so that it may be replaced. */
static gboolean
has_usual_url (HeddlePreferencesProviders *self)
{
  g_autofree char *url = heddle_preferences_dup_text (self->url);
  HeddleProviderChoice choice;

  if (*url == '\0')
    return TRUE;
  for (guint i = 0; heddle_models_get_kind (i, &choice); i++)
    {
      if (g_str_equal (choice.base_url, url))
        return TRUE;
    }
  return FALSE;
}

static void
kind_changed_cb (HeddlePreferencesProviders *self)
{
  HeddleProviderChoice kind = get_kind (self);

  /* Only servers of many makers differ in their habits. */
  gtk_widget_set_visible (GTK_WIDGET (self->profile), g_str_equal (kind.id, "openai-compatible"));
  if (has_usual_url (self))
    gtk_editable_set_text (self->url, kind.base_url);
}

static void
fill_choices (HeddlePreferencesProviders *self)
{
  g_autoptr (GtkStringList) kinds = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) profiles = gtk_string_list_new (NULL);
  HeddleProviderChoice choice;

  for (guint i = 0; heddle_models_get_kind (i, &choice); i++)
    gtk_string_list_append (kinds, choice.title);
  for (guint i = 0; heddle_models_get_profile (i, &choice); i++)
    gtk_string_list_append (profiles, i == 0 ? _ ("By the address") : choice.title);
  adw_combo_row_set_model (self->kind, G_LIST_MODEL (kinds));
  adw_combo_row_set_model (self->profile, G_LIST_MODEL (profiles));
}

/* By its name; one that is gone is none. */
static void
select_credential (HeddlePreferencesProviders *self,
                   const char *name)
{
  guint index;

  if (name == NULL)
    adw_combo_row_set_selected (self->credential, NO_CREDENTIAL);
  else if (g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, &index))
    adw_combo_row_set_selected (self->credential, N_FIXED_CREDENTIALS + index);
  else
    adw_combo_row_set_selected (self->credential, NEW_CREDENTIAL);
}

/* NULL: none, or a new one. Borrowed. */
static const char *
get_credential (HeddlePreferencesProviders *self)
{
  guint selected = adw_combo_row_get_selected (self->credential);

  return selected >= N_FIXED_CREDENTIALS && selected - N_FIXED_CREDENTIALS < self->names->len ? g_ptr_array_index (self->names, selected - N_FIXED_CREDENTIALS) : NULL;
}

static void
credential_changed_cb (HeddlePreferencesProviders *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->key), adw_combo_row_get_selected (self->credential) == NEW_CREDENTIAL);
}

static void
fill_credentials (HeddlePreferencesProviders *self)
{
  g_autoptr (GPtrArray) infos = heddle_secrets_list (self->services->secrets);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  gboolean is_none = adw_combo_row_get_selected (self->credential) == NO_CREDENTIAL && self->names->len > 0;
  g_autofree char *selected = g_strdup (get_credential (self));

  g_ptr_array_set_size (self->names, 0);
  gtk_string_list_append (list, _ ("None"));
  gtk_string_list_append (list, _ ("A new key"));
  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleCredentialInfo *info = g_ptr_array_index (infos, i);

      gtk_string_list_append (list, info->name);
      g_ptr_array_add (self->names, g_strdup (info->name));
    }
  adw_combo_row_set_model (self->credential, G_LIST_MODEL (list));
  select_credential (self, is_none ? NULL : selected != NULL ? selected
                                                             : "");
}

static void
show_form (HeddlePreferencesProviders *self)
{
  gboolean is_new = self->edited == NULL;

  adw_preferences_group_set_title (self->form, is_new ? _ ("Add a Provider") : _ ("Edit the Provider"));
  gtk_button_set_label (self->save, is_new ? _ ("_Add and Test") : _ ("_Save and Test"));
  gtk_widget_set_visible (self->cancel, !is_new);
  gtk_widget_set_sensitive (GTK_WIDGET (self->id), is_new);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->id), is_new ? NULL : _ ("Workflows name models by it, so it stays. For another name, add another provider."));
}

static void
clear_form (HeddlePreferencesProviders *self)
{
  g_clear_pointer (&self->edited, g_free);
  gtk_editable_set_text (self->id, "");
  gtk_editable_set_text (self->url, get_kind (self).base_url);
  gtk_editable_set_text (self->key, "");
  adw_combo_row_set_selected (self->profile, 0);
  adw_combo_row_set_selected (self->credential, NEW_CREDENTIAL);
  show_form (self);
}

static guint
find_choice (gboolean (*get) (guint index, HeddleProviderChoice *choice),
             const char *id)
{
  HeddleProviderChoice choice;

  for (guint i = 0; get (i, &choice); i++)
    {
      if (g_strcmp0 (choice.id, id) == 0)
        return i;
    }
  return 0;
}

static void
fill_form (HeddlePreferencesProviders *self,
           const HeddleProviderInfo *info)
{
  g_free (self->edited);
  self->edited = g_strdup (info->id);
  adw_combo_row_set_selected (self->kind, find_choice (heddle_models_get_kind, info->kind));
  adw_combo_row_set_selected (self->profile, find_choice (heddle_models_get_profile, info->profile));
  gtk_editable_set_text (self->id, info->id);
  gtk_editable_set_text (self->url, info->base_url);
  gtk_editable_set_text (self->key, "");
  select_credential (self, info->credential);
  show_form (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->url));
}

static void reload_providers (HeddlePreferencesProviders *self);

static void
remove_provider_cb (HeddlePreferencesProviders *self,
                    GtkButton *button)
{
  g_autoptr (GError) error = NULL;

  g_hash_table_remove (self->outcomes, heddle_preferences_get_name (button));
  if (g_strcmp0 (self->edited, heddle_preferences_get_name (button)) == 0)
    clear_form (self);
  if (!heddle_models_remove_provider (self->services->models, heddle_preferences_get_name (button), &error))
    heddle_preferences_tell (self, error->message);
  reload_providers (self);
}

static void
edit_provider_cb (HeddlePreferencesProviders *self,
                  GtkButton *button)
{
  g_autoptr (GPtrArray) infos = heddle_models_list_providers (self->services->models);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleProviderInfo *info = g_ptr_array_index (infos, i);

      if (g_str_equal (info->id, heddle_preferences_get_name (button)))
        fill_form (self, info);
    }
}

static const char *
kind_title (const char *kind)
{
  HeddleProviderChoice choice;

  for (guint i = 0; heddle_models_get_kind (i, &choice); i++)
    {
      if (g_str_equal (choice.id, kind))
        return choice.title;
    }
  return kind;
}

static void
add_provider_row (HeddlePreferencesProviders *self,
                  const HeddleProviderInfo *info)
{
  gboolean is_demo = g_strcmp0 (info->kind, "demo") == 0;
  g_autofree char *subtitle = NULL;
  GtkWidget *row;

  subtitle = g_strconcat (is_demo ? _ ("Built in, offline: finds, classifies and summarises by rules; not a language model") : kind_title (info->kind),
                          is_demo ? "" : " · ", is_demo ? "" : info->base_url,
                          info->from_environment ? " · " : "", info->from_environment ? _ ("from the environment") : "", NULL);
  row = heddle_plain_row_new (info->id, subtitle);
  g_object_set_data_full (G_OBJECT (row), "heddle-name", g_strdup (info->id), g_free);
  g_object_set_data_full (G_OBJECT (row), "heddle-subtitle", g_steal_pointer (&subtitle), g_free);
  update_row (self, row);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), heddle_provider_models_button_new (self->services->models, info->id));
  heddle_preferences_add_button (row, "network-transmit-receive-symbolic", _ ("Test the connection and list the models"), info->id, G_CALLBACK (test_clicked_cb), self);
  if (!is_demo)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), heddle_provider_limits_button_new (self->services->models, info->id));
  if (!is_demo && !info->from_environment)
    heddle_preferences_add_button (row, "document-edit-symbolic", _ ("Edit this provider"), info->id, G_CALLBACK (edit_provider_cb), self);
  if (!is_demo && !info->from_environment)
    heddle_preferences_add_button (row, "user-trash-symbolic", _ ("Remove this provider"), info->id, G_CALLBACK (remove_provider_cb), self);
  adw_preferences_group_add (self->providers, row);
  g_ptr_array_add (self->rows, row);
}

static void
reload_providers (HeddlePreferencesProviders *self)
{
  g_autoptr (GPtrArray) infos = heddle_models_list_providers (self->services->models);

  if (is_closed (self))
    return;
  heddle_preferences_remove_rows (self->providers, self->rows);
  for (guint i = 0; i < infos->len; i++)
    add_provider_row (self, g_ptr_array_index (infos, i));
}

static void
set_provider (HeddlePreferencesProviders *self,
              const char *credential)
{
  g_autofree char *id = heddle_preferences_dup_text (self->id);
  g_autofree char *url = heddle_preferences_dup_text (self->url);
  const HeddleProviderInfo info = {
    .id = id,
    .kind = (char *) get_kind (self).id,
    .title = id,
    .base_url = url,
    .credential = (char *) credential,
    .profile = (char *) get_profile (self),
  };
  g_autoptr (GError) error = NULL;

  if (!heddle_models_set_provider (self->services->models, &info, &error))
    {
      heddle_preferences_tell (self, error->message);
      return;
    }
  clear_form (self);
  fill_credentials (self);
  reload_providers (self);
  test_provider (self, id);
}

static void
provider_key_stored_cb (GObject *object,
                        GAsyncResult *result,
                        gpointer user_data)
{
  g_autoptr (HeddlePreferencesProviders) self = user_data;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  if (!heddle_secrets_store_finish (HEDDLE_SECRETS (object), result, &error))
    {
      heddle_preferences_tell (self, error->message);
      return;
    }
  if (is_closed (self))
    return;
  id = heddle_preferences_dup_text (self->id);
  set_provider (self, id);
}

static gboolean
has_provider (HeddlePreferencesProviders *self,
              const char *id)
{
  g_autoptr (GPtrArray) infos = heddle_models_list_providers (self->services->models);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleProviderInfo *info = g_ptr_array_index (infos, i);

      if (!info->from_environment && g_str_equal (info->id, id))
        return TRUE;
    }
  return FALSE;
}

/* Why what was entered cannot be saved; NULL: it can, as far as can be told here. */
static const char *
find_fault (HeddlePreferencesProviders *self,
            const char *id,
            gboolean has_key)
{
  if (id[0] == '\0')
    return _ ("Give the provider a name first.");
  if (self->edited == NULL && has_provider (self, id))
    return _ ("There is a provider of this name. Edit that one, or choose another name.");
  /* What others use is not overwritten by the way. */
  if (self->edited == NULL && has_key && g_ptr_array_find_with_equal_func (self->names, id, g_str_equal, NULL))
    return _ ("There is a credential of this name. Choose it instead of a new key, or give the provider another name.");
  return NULL;
}

/* A provider's new key is a credential of the provider's name. */
static void
save_provider_cb (HeddlePreferencesProviders *self)
{
  g_autofree char *id = heddle_preferences_dup_text (self->id);
  const char *key = gtk_widget_get_visible (GTK_WIDGET (self->key)) ? gtk_editable_get_text (self->key) : "";
  const HeddleCredentialInfo info = { .name = id, .kind = (char *) "bearer" };
  const char *fault = find_fault (self, id, *key != '\0');

  if (fault != NULL)
    heddle_preferences_tell (self, fault);
  else if (*key == '\0')
    set_provider (self, get_credential (self));
  else
    heddle_secrets_store_async (self->services->secrets, &info, key, NULL, provider_key_stored_cb, g_object_ref (self));
}

static void
mapped_cb (HeddlePreferencesProviders *self)
{
  fill_credentials (self);
  reload_providers (self);
}

GtkWidget *
heddle_preferences_providers_new (const HeddleServices *services)
{
  HeddlePreferencesProviders *self = g_object_new (HEDDLE_TYPE_PREFERENCES_PROVIDERS, NULL);

  self->services = services;
  g_signal_connect (self, "map", G_CALLBACK (mapped_cb), NULL);
  return GTK_WIDGET (self);
}

static void
heddle_preferences_providers_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), HEDDLE_TYPE_PREFERENCES_PROVIDERS);
  G_OBJECT_CLASS (heddle_preferences_providers_parent_class)->dispose (object);
}

static void
heddle_preferences_providers_finalize (GObject *object)
{
  HeddlePreferencesProviders *self = HEDDLE_PREFERENCES_PROVIDERS (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->names);
  g_hash_table_unref (self->outcomes);
  g_free (self->edited);
  G_OBJECT_CLASS (heddle_preferences_providers_parent_class)->finalize (object);
}

static void
heddle_preferences_providers_class_init (HeddlePreferencesProvidersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_preferences_providers_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_preferences_providers_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/dialogs/heddle-preferences-providers.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, providers);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, kind);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, profile);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, id);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, url);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, key);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, credential);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, form);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, cancel);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesProviders, save);
  gtk_widget_class_bind_template_callback (widget_class, save_provider_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_form);
  gtk_widget_class_bind_template_callback (widget_class, credential_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
}

static void
heddle_preferences_providers_init (HeddlePreferencesProviders *self)
{
  self->rows = g_ptr_array_new ();
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->outcomes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_choices (self);
  kind_changed_cb (self);
}
