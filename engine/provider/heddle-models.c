/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-models-private.h"

#include "heddle-error.h"
#include "net/heddle-http.h"
#include "provider/heddle-adapter.h"
#include "provider/heddle-demo.h"
#include "provider/heddle-preset.h"
#include "secret/heddle-secrets.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PROVIDERS_KEY "providers"
#define KNOWN_KEY "models"

struct _HeddleModels
{
  GObject parent_instance;
  HeddleStore *store;
  HeddleSecrets *secrets;
  HeddlePrices *prices;
  HeddleLimits *limits;
  GPtrArray *presets; /* HeddlePreset, from the environment; fixed */

  GMutex lock;        /* guards what follows */
  GPtrArray *entries; /* HeddleProviderInfo, added by people */
  GHashTable *known;  /* references seen */
};

G_DEFINE_FINAL_TYPE (HeddleModels, heddle_models, G_TYPE_OBJECT)

static void
heddle_models_finalize (GObject *object)
{
  HeddleModels *self = HEDDLE_MODELS (object);

  g_clear_object (&self->store);
  g_clear_object (&self->secrets);
  g_clear_object (&self->prices);
  g_clear_pointer (&self->limits, heddle_limits_unref);
  g_ptr_array_unref (self->presets);
  g_ptr_array_unref (self->entries);
  g_hash_table_unref (self->known);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (heddle_models_parent_class)->finalize (object);
}

static void
heddle_models_class_init (HeddleModelsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_models_finalize;
}

static void
heddle_models_init (HeddleModels *self)
{
  g_mutex_init (&self->lock);
  self->presets = heddle_presets_read_environment ();
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_provider_info_free);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static HeddleProviderInfo *
create_info (const char *id,
             const char *kind,
             const char *title,
             const char *base_url,
             const char *credential,
             const char *profile)
{
  HeddleProviderInfo *info = g_new0 (HeddleProviderInfo, 1);

  info->id = g_strdup (id);
  info->kind = g_strdup (kind);
  info->title = g_strdup (title == NULL || *title == '\0' ? id : title);
  info->base_url = g_strdup (base_url);
  info->credential = credential == NULL || *credential == '\0' ? NULL : g_strdup (credential);
  info->profile = profile == NULL || *profile == '\0' ? NULL : g_strdup (profile);
  return info;
}

static HeddleProviderInfo *
copy_info (const HeddleProviderInfo *info)
{
  HeddleProviderInfo *copy = create_info (info->id, info->kind, info->title, info->base_url, info->credential, info->profile);

  copy->from_environment = info->from_environment;
  return copy;
}

static void
load_settings (HeddleModels *self)
{
  g_autoptr (JsonNode) providers = heddle_store_get_setting (self->store, PROVIDERS_KEY);
  g_autoptr (JsonNode) known = heddle_store_get_setting (self->store, KNOWN_KEY);
  JsonArray *list = providers != NULL && JSON_NODE_HOLDS_ARRAY (providers) ? json_node_get_array (providers) : NULL;
  JsonArray *references = known != NULL && JSON_NODE_HOLDS_ARRAY (known) ? json_node_get_array (known) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *entry = json_array_get_element (list, i);

      g_ptr_array_add (self->entries, create_info (heddle_json_get_string (entry, "id", ""),
                                                   heddle_json_get_string (entry, "kind", "openai-compatible"),
                                                   heddle_json_get_string (entry, "title", NULL),
                                                   heddle_json_get_string (entry, "base_url", ""),
                                                   heddle_json_get_string (entry, "credential", NULL),
                                                   heddle_json_get_string (entry, "profile", NULL)));
    }
  for (guint i = 0; references != NULL && i < json_array_get_length (references); i++)
    {
      JsonNode *reference = json_array_get_element (references, i);

      if (heddle_json_is_string (reference))
        g_hash_table_add (self->known, g_strdup (json_node_get_string (reference)));
    }
}

HeddleModels *
heddle_models_new (HeddleStore *store,
                   HeddleSecrets *secrets)
{
  HeddleModels *self = g_object_new (HEDDLE_TYPE_MODELS, NULL);

  g_set_object (&self->store, store);
  g_set_object (&self->secrets, secrets);
  self->prices = heddle_prices_new (store);
  self->limits = heddle_limits_new (store);
  if (store != NULL)
    load_settings (self);
  return self;
}

static HeddleProviderInfo *
find_entry (HeddleModels *self,
            const char *id)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleProviderInfo *info = g_ptr_array_index (self->entries, i);

      if (strcmp (info->id, id) == 0)
        return info;
    }
  return NULL;
}

static HeddlePreset *
find_preset (HeddleModels *self,
             const char *id)
{
  for (guint i = 0; i < self->presets->len; i++)
    {
      HeddlePreset *preset = g_ptr_array_index (self->presets, i);

      if (strcmp (preset->id, id) == 0)
        return preset;
    }
  return NULL;
}

/* A colon is no part of a provider's id. */
static char *
dup_rate_key (const char *provider,
              const HeddleProviderInfo *entry)
{
  return entry != NULL && entry->credential != NULL ? heddle_limits_dup_credential_key (entry->credential) : g_strdup (provider);
}

char *
heddle_models_dup_rate_key (HeddleModels *self,
                            const char *provider)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return dup_rate_key (provider, find_entry (self, provider));
}

HeddleLimits *
heddle_models_get_limits_table (HeddleModels *self)
{
  return self->limits;
}

HeddlePrices *
heddle_models_get_prices (HeddleModels *self)
{
  g_return_val_if_fail (HEDDLE_IS_MODELS (self), NULL);

  return self->prices;
}

char *
heddle_models_dup_base_url (HeddleModels *self,
                            const char *reference)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *provider = g_strndup (reference, strcspn (reference, "/"));
  HeddleProviderInfo *entry = find_entry (self, provider);
  HeddlePreset *preset = entry == NULL ? find_preset (self, provider) : NULL;

  return g_strdup (entry != NULL ? entry->base_url : preset != NULL ? preset->base_url
                                                                    : NULL);
}

GPtrArray *
heddle_models_list_providers (HeddleModels *self)
{
  g_autoptr (GMutexLocker) locker = NULL;
  GPtrArray *list;

  g_return_val_if_fail (HEDDLE_IS_MODELS (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_provider_info_free);
  g_ptr_array_add (list, create_info ("demo", "demo", _ ("Built-in demo"), "", NULL, NULL));
  for (guint i = 0; i < self->entries->len; i++)
    g_ptr_array_add (list, copy_info (g_ptr_array_index (self->entries, i)));
  for (guint i = 0; i < self->presets->len; i++)
    {
      HeddlePreset *preset = g_ptr_array_index (self->presets, i);
      HeddleProviderInfo *info;

      if (find_entry (self, preset->id) != NULL)
        continue;
      info = create_info (preset->id, preset->kind, preset->title, preset->base_url, NULL, NULL);
      info->from_environment = TRUE;
      g_ptr_array_add (list, info);
    }
  return list;
}

static gboolean
save_entries (HeddleModels *self,
              GError **error)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) node = NULL;

  for (guint i = 0; i < self->entries->len; i++)
    {
      HeddleProviderInfo *info = g_ptr_array_index (self->entries, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", info->id);
      json_object_set_string_member (object, "kind", info->kind);
      json_object_set_string_member (object, "title", info->title);
      json_object_set_string_member (object, "base_url", info->base_url);
      if (info->credential != NULL)
        json_object_set_string_member (object, "credential", info->credential);
      if (info->profile != NULL)
        json_object_set_string_member (object, "profile", info->profile);
      json_array_add_object_element (array, object);
    }
  node = heddle_json_array (array);
  return self->store == NULL || heddle_store_set_setting (self->store, PROVIDERS_KEY, node, error);
}

static gboolean
is_identifier (const char *id)
{
  if (id == NULL || !g_ascii_isalnum (*id) || strlen (id) > 64)
    return FALSE;
  for (; *id != '\0'; id++)
    {
      if (!g_ascii_isalnum (*id) && *id != '-' && *id != '_' && *id != '.')
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_info (const HeddleProviderInfo *info,
            GError **error)
{
  g_autoptr (GUri) uri = NULL;

  if (!is_identifier (info->id) || strcmp (info->id, "demo") == 0)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("Give the provider a short name of letters, digits and hyphens other than “demo”."));
      return FALSE;
    }
  if (heddle_adapter_find (info->kind) == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There is no kind of provider named “%s”."), info->kind == NULL ? "" : info->kind);
      return FALSE;
    }
  uri = info->base_url == NULL ? NULL : g_uri_parse (info->base_url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (strcmp (g_uri_get_scheme (uri), "http") != 0 && strcmp (g_uri_get_scheme (uri), "https") != 0))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("Give the address of the provider, such as https://api.example.com/v1."));
      return FALSE;
    }
  if (g_uri_get_userinfo (uri) != NULL)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("Leave user name and password out of the address; store them as a credential."));
      return FALSE;
    }
  return TRUE;
}

gboolean
heddle_models_set_provider (HeddleModels *self,
                            const HeddleProviderInfo *info,
                            GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autofree char *old_key = NULL;
  g_autofree char *new_key = NULL;
  HeddleProviderInfo *entry;
  guint place;

  g_return_val_if_fail (HEDDLE_IS_MODELS (self), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  if (!check_info (info, error))
    return FALSE;
  locker = g_mutex_locker_new (&self->lock);
  entry = find_entry (self, info->id);
  old_key = dup_rate_key (info->id, entry);
  new_key = dup_rate_key (info->id, info);
  if (entry == NULL || !g_ptr_array_find (self->entries, entry, &place))
    place = self->entries->len;
  else
    g_ptr_array_remove_index (self->entries, place);
  entry = create_info (info->id, info->kind, info->title, info->base_url, info->credential, info->profile);
  g_ptr_array_insert (self->entries, (int) place, entry);
  return save_entries (self, error) && heddle_limits_carry_over (self->limits, old_key, new_key, error);
}

gboolean
heddle_models_remove_provider (HeddleModels *self,
                               const char *id,
                               GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  HeddleProviderInfo *entry;

  g_return_val_if_fail (HEDDLE_IS_MODELS (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  locker = g_mutex_locker_new (&self->lock);
  entry = find_entry (self, id);
  if (entry == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                   _ ("The provider %s cannot be removed here: it is built in or comes from the environment."), id);
      return FALSE;
    }
  g_ptr_array_remove (self->entries, entry);
  return save_entries (self, error);
}

static int
compare_text (gconstpointer a,
              gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
heddle_models_list_known (HeddleModels *self)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GPtrArray) list = NULL;
  GHashTableIter iter;
  gpointer reference;

  g_return_val_if_fail (HEDDLE_IS_MODELS (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  list = g_ptr_array_new ();
  g_ptr_array_add (list, g_strdup (HEDDLE_DEMO_MODEL));
  g_ptr_array_add (list, g_strdup (HEDDLE_DEMO_EMBEDDING));
  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &reference, NULL))
    g_ptr_array_add (list, g_strdup (reference));
  g_ptr_array_sort (list, compare_text);
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_steal (list, NULL);
}

static char *
list_provider_ids (HeddleModels *self)
{
  g_autoptr (GPtrArray) list = heddle_models_list_providers (self);
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      HeddleProviderInfo *info = g_ptr_array_index (list, i);

      g_string_append_printf (ids, "%s%s", i == 0 ? "" : ", ", info->id);
    }
  return g_string_free (ids, FALSE);
}

static gboolean
has_provider (HeddleModels *self,
              const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return strcmp (id, "demo") == 0 || find_entry (self, id) != NULL || find_preset (self, id) != NULL;
}

static gboolean
check_provider (HeddleModels *self,
                const char *id,
                GError **error)
{
  g_autofree char *ids = NULL;
  const char *variable;
  GError *problem;

  if (has_provider (self, id))
    return TRUE;
  ids = list_provider_ids (self);
  problem = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                         _ ("There is no model provider “%s”. Available: %s."), id, ids);
  variable = heddle_preset_get_variable (id);
  if (variable != NULL)
    {
      g_autofree char *hint = g_strdup_printf (_ ("Set the environment variable %s, or add the provider in the preferences."), variable);

      heddle_error_set_hint (problem, hint);
    }
  heddle_error_set_hint (problem, _ ("Choose another model, or add the provider in the preferences."));
  g_propagate_error (error, problem);
  return FALSE;
}

gboolean
heddle_models_check_reference (HeddleModels *self,
                               const char *reference,
                               GError **error)
{
  const char *model = heddle_model_reference_get_model (reference);
  g_autofree char *provider = NULL;

  g_return_val_if_fail (HEDDLE_IS_MODELS (self), FALSE);

  if (model == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("“%s” is no model. Name it as provider/model, for example %s."), reference == NULL ? "" : reference, HEDDLE_DEMO_MODEL);
      return FALSE;
    }
  provider = g_strndup (reference, model - 1 - reference);
  if (!check_provider (self, provider, error))
    return FALSE;
  return strcmp (provider, "demo") != 0 || heddle_demo_check_model (model, error);
}

static HeddleEndpoint *
find_endpoint (HeddleModels *self,
               const char *provider,
               char **credential)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  HeddleProviderInfo *entry = find_entry (self, provider);

  if (entry == NULL)
    return heddle_endpoint_from_preset (find_preset (self, provider));
  *credential = g_strdup (entry->credential);
  return heddle_endpoint_from_info (entry);
}

static void
lookup_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HeddleEndpoint *endpoint = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (HeddleSecretHeader) header = heddle_secrets_lookup_finish (HEDDLE_SECRETS (source), result, &error);

  if (header == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  heddle_endpoint_set_header (endpoint, header->name, header->value);
  g_task_return_boolean (task, TRUE);
}

void
heddle_models_resolve_async (HeddleModels *self,
                             const char *provider,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *credential = NULL;
  HeddleEndpoint *endpoint;
  GError *error = NULL;

  g_task_set_source_tag (task, heddle_models_resolve_async);
  if (!check_provider (self, provider, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  endpoint = find_endpoint (self, provider, &credential);
  g_task_set_task_data (task, endpoint, (GDestroyNotify) heddle_endpoint_free);
  if (heddle_adapter_find (endpoint->kind) == NULL)
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                             _ ("The provider %s is of a kind that this version does not know: %s. Add it again in the preferences."), provider, endpoint->kind);
  else if (credential == NULL)
    g_task_return_boolean (task, TRUE);
  else if (self->secrets == NULL)
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_AUTH, _ ("The credential “%s” cannot be read here."), credential);
  else
    heddle_secrets_lookup_async (self->secrets, credential, cancellable, lookup_cb, g_steal_pointer (&task));
}

const HeddleEndpoint *
heddle_models_resolve_finish (GAsyncResult *result,
                              GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_task_get_task_data (G_TASK (result));
}

static void
save_known (HeddleModels *self)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) node = NULL;
  GHashTableIter iter;
  gpointer reference;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &reference, NULL))
    json_array_add_string_element (array, reference);
  node = heddle_json_array (array);
  if (self->store != NULL)
    heddle_store_set_setting (self->store, KNOWN_KEY, node, NULL);
}

static gboolean
is_of_provider (gpointer reference,
                gpointer value,
                gpointer provider)
{
  return g_str_has_prefix (reference, provider) && ((char *) reference)[strlen (provider)] == '/';
}

char **
heddle_models_remember (HeddleModels *self,
                        const char *provider,
                        char **names)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  g_hash_table_foreach_remove (self->known, is_of_provider, (gpointer) provider);
  for (char **name = names; *name != NULL; name++)
    {
      char *reference = g_strconcat (provider, "/", *name, NULL);

      g_ptr_array_add (list, reference);
      g_hash_table_add (self->known, g_strdup (reference));
    }
  save_known (self);
  g_strfreev (names);
  g_ptr_array_sort (list, compare_text);
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_steal (list, NULL);
}
