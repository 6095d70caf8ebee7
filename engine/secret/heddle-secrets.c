/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/heddle-secrets.h"

#include "heddle-error.h"
#include "secret/heddle-vault.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SETTINGS_KEY "credentials"
#define VARIABLE_PREFIX "HEDDLE_CREDENTIAL_"
#define MAX_NAME_CHARS 64

struct _HeddleSecrets
{
  GObject parent_instance;
  HeddleStore *store;
  GMutex lock;      /* guards infos */
  GPtrArray *infos; /* HeddleCredentialInfo, those that were entered */
};

G_DEFINE_FINAL_TYPE (HeddleSecrets, heddle_secrets, G_TYPE_OBJECT)

void
heddle_credential_info_free (HeddleCredentialInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->kind);
  g_free (info->header);
  g_free (info);
}

void
heddle_secrets_header_free (HeddleSecretHeader *header)
{
  if (header == NULL)
    return;
  if (header->value != NULL)
    explicit_bzero (header->value, strlen (header->value));
  g_free (header->value);
  g_free (header->name);
  g_free (header);
}

static void
heddle_secrets_finalize (GObject *object)
{
  HeddleSecrets *self = HEDDLE_SECRETS (object);

  g_clear_object (&self->store);
  g_ptr_array_unref (self->infos);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (heddle_secrets_parent_class)->finalize (object);
}

static void
heddle_secrets_class_init (HeddleSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_secrets_finalize;
}

static void
heddle_secrets_init (HeddleSecrets *self)
{
  g_mutex_init (&self->lock);
  self->infos = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_credential_info_free);
}

static HeddleCredentialInfo *
create_info (const char *name,
             const char *kind,
             const char *header)
{
  HeddleCredentialInfo *info = g_new0 (HeddleCredentialInfo, 1);

  info->name = g_strdup (name);
  info->kind = g_strdup (kind == NULL ? "bearer" : kind);
  info->header = g_strdup (header);
  return info;
}

static HeddleCredentialInfo *
copy_of (const HeddleCredentialInfo *info)
{
  HeddleCredentialInfo *copy = create_info (info->name, info->kind, info->header);

  copy->in_file = info->in_file;
  return copy;
}

static void
load_settings (HeddleSecrets *self)
{
  g_autoptr (JsonNode) setting = heddle_store_get_setting (self->store, SETTINGS_KEY);
  JsonArray *list = setting != NULL && JSON_NODE_HOLDS_ARRAY (setting) ? json_node_get_array (setting) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *entry = json_array_get_element (list, i);
      const char *name = heddle_json_get_string (entry, "name", "");
      HeddleCredentialInfo *info;

      if (*name == '\0')
        continue;
      info = create_info (name, heddle_json_get_string (entry, "kind", NULL), heddle_json_get_string (entry, "header", NULL));
      info->in_file = heddle_json_get_boolean (entry, "in_file", FALSE);
      g_ptr_array_add (self->infos, info);
    }
}

HeddleSecrets *
heddle_secrets_new (HeddleStore *store)
{
  HeddleSecrets *self = g_object_new (HEDDLE_TYPE_SECRETS, NULL);

  g_set_object (&self->store, store);
  if (store != NULL)
    load_settings (self);
  return self;
}

static char *
variable_for (const char *name)
{
  GString *variable = g_string_new (VARIABLE_PREFIX);

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_c (variable, g_ascii_isalnum (*p) ? g_ascii_toupper (*p) : '_');
  return g_string_free (variable, FALSE);
}

static HeddleCredentialInfo *
find_info (HeddleSecrets *self,
           const char *name)
{
  for (guint i = 0; i < self->infos->len; i++)
    {
      HeddleCredentialInfo *info = g_ptr_array_index (self->infos, i);

      if (strcmp (info->name, name) == 0)
        return info;
    }
  return NULL;
}

static HeddleCredentialInfo *
copy_info (HeddleSecrets *self,
           const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  HeddleCredentialInfo *info = find_info (self, name);

  return info == NULL ? NULL : copy_of (info);
}

static gboolean
has_variable (GPtrArray *list,
              const char *variable)
{
  for (guint i = 0; i < list->len; i++)
    {
      const HeddleCredentialInfo *info = g_ptr_array_index (list, i);
      g_autofree char *other = variable_for (info->name);

      if (strcmp (other, variable) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_from_environment (GPtrArray *list)
{
  g_auto (GStrv) variables = g_listenv ();

  for (char **variable = variables; *variable != NULL; variable++)
    {
      g_autofree char *name = NULL;
      HeddleCredentialInfo *info;

      if (!g_str_has_prefix (*variable, VARIABLE_PREFIX) || (*variable)[strlen (VARIABLE_PREFIX)] == '\0' || has_variable (list, *variable))
        continue;
      name = g_ascii_strdown (*variable + strlen (VARIABLE_PREFIX), -1);
      info = create_info (name, "bearer", NULL);
      info->from_environment = TRUE;
      g_ptr_array_add (list, info);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const HeddleCredentialInfo *x = *(const HeddleCredentialInfo *const *) a;
  const HeddleCredentialInfo *y = *(const HeddleCredentialInfo *const *) b;

  return strcmp (x->name, y->name);
}

GPtrArray *
heddle_secrets_list (HeddleSecrets *self)
{
  GPtrArray *list;

  g_return_val_if_fail (HEDDLE_IS_SECRETS (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_credential_info_free);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->infos->len; i++)
    {
      const HeddleCredentialInfo *info = g_ptr_array_index (self->infos, i);
      g_autofree char *variable = variable_for (info->name);
      HeddleCredentialInfo *copy = copy_of (info);

      copy->from_environment = g_getenv (variable) != NULL;
      g_ptr_array_add (list, copy);
    }
  g_mutex_unlock (&self->lock);
  add_from_environment (list);
  g_ptr_array_sort (list, compare_names);
  return list;
}

static gboolean
save_infos (HeddleSecrets *self,
            GError **error)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) node = NULL;

  for (guint i = 0; i < self->infos->len; i++)
    {
      const HeddleCredentialInfo *info = g_ptr_array_index (self->infos, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "name", info->name);
      json_object_set_string_member (object, "kind", info->kind);
      if (info->header != NULL)
        json_object_set_string_member (object, "header", info->header);
      if (info->in_file)
        json_object_set_boolean_member (object, "in_file", TRUE);
      json_array_add_object_element (array, object);
    }
  node = heddle_json_array (array);
  return self->store == NULL || heddle_store_set_setting (self->store, SETTINGS_KEY, node, error);
}

/* replacement NULL: only removes. Takes it. */
static gboolean
replace_info (HeddleSecrets *self,
              const char *name,
              HeddleCredentialInfo *replacement,
              GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  HeddleCredentialInfo *old = find_info (self, name);

  if (replacement != NULL)
    g_ptr_array_add (self->infos, replacement);
  if (old != NULL)
    g_ptr_array_remove (self->infos, old);
  return save_infos (self, error);
}

static gboolean
check_text (const char *text)
{
  if (text == NULL || *text == '\0' || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if ((guchar) *text < 0x20 || *text == 0x7f)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_header_name (const char *name)
{
  if (name == NULL || *name == '\0')
    return FALSE;
  for (; *name != '\0'; name++)
    {
      if (!g_ascii_isalnum (*name) && strchr ("-_.", *name) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_info (const HeddleCredentialInfo *info,
            const char *value,
            GError **error)
{
  static const char *const kinds[] = { "bearer", "basic", "header", NULL };
  const char *fault = NULL;

  if (!check_text (info->name) || g_utf8_strlen (info->name, -1) > MAX_NAME_CHARS)
    fault = _ ("Give the credential a name of at most 64 characters.");
  else if (info->kind == NULL || !g_strv_contains (kinds, info->kind))
    fault = _ ("Choose how the credential is sent: as a bearer token, as user and password, or in a header.");
  else if (strcmp (info->kind, "header") == 0 && !is_header_name (info->header))
    fault = _ ("Name the header that carries the credential, with letters, digits and hyphens only.");
  else if (!check_text (value))
    fault = _ ("The value of the credential is empty or contains a line break. Paste it again.");
  else if (strcmp (info->kind, "basic") == 0 && strchr (value, ':') == NULL)
    fault = _ ("Write user and password as user:password.");
  if (fault == NULL)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, fault);
  return FALSE;
}

static void
stored_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (HeddleCredentialInfo) info = copy_of (g_task_get_task_data (task));
  GError *error = NULL;

  if (heddle_vault_store_finish (result, &info->in_file, &error) &&
      replace_info (g_task_get_source_object (task), info->name, copy_of (info), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
heddle_secrets_store_async (HeddleSecrets *self,
                            const HeddleCredentialInfo *info,
                            const char *value,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *trimmed = NULL;
  GError *error = NULL;

  g_return_if_fail (HEDDLE_IS_SECRETS (self));
  g_return_if_fail (info != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_secrets_store_async);
  trimmed = g_strstrip (g_strdup (value == NULL ? "" : value));
  if (!check_info (info, trimmed, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, create_info (info->name, info->kind, strcmp (info->kind, "header") == 0 ? info->header : NULL),
                        (GDestroyNotify) heddle_credential_info_free);
  heddle_vault_store_async (info->name, trimmed, cancellable, stored_cb, g_object_ref (task));
  explicit_bzero (trimmed, strlen (trimmed));
}

gboolean
heddle_secrets_store_finish (HeddleSecrets *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
cleared_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (heddle_vault_clear_finish (result, &error) &&
      replace_info (g_task_get_source_object (task), g_task_get_task_data (task), NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
heddle_secrets_delete_async (HeddleSecrets *self,
                             const char *name,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (HeddleCredentialInfo) info = NULL;

  g_return_if_fail (HEDDLE_IS_SECRETS (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_secrets_delete_async);
  g_task_set_task_data (task, g_strdup (name), g_free);
  info = copy_info (self, name);
  heddle_vault_clear_async (name, info != NULL && info->in_file, cancellable, cleared_cb, g_object_ref (task));
}

gboolean
heddle_secrets_delete_finish (HeddleSecrets *self,
                              GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static HeddleSecretHeader *
create_header (const HeddleCredentialInfo *info,
               const char *value)
{
  HeddleSecretHeader *header = g_new0 (HeddleSecretHeader, 1);

  if (strcmp (info->kind, "header") == 0 && info->header != NULL)
    {
      header->name = g_strdup (info->header);
      header->value = g_strdup (value);
      return header;
    }
  header->name = g_strdup ("Authorization");
  if (strcmp (info->kind, "basic") == 0)
    {
      g_autofree char *code = g_base64_encode ((const guchar *) value, strlen (value));

      header->value = g_strconcat ("Basic ", code, NULL);
      explicit_bzero (code, strlen (code));
    }
  else
    {
      header->value = g_strconcat ("Bearer ", value, NULL);
    }
  return header;
}

static GError *
missing_error (const char *name)
{
  g_autofree char *variable = variable_for (name);
  g_autofree char *hint = g_strdup_printf (_ ("Add it in the preferences, or set the environment variable %s."), variable);
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_AUTH, _ ("There is no credential “%s”."), name);

  heddle_error_set_hint (error, hint);
  return error;
}

/* What to do when there is a credential but not its value. */
static void
set_variable_hint (GError *error,
                   const char *name)
{
  g_autofree char *variable = variable_for (name);
  g_autofree char *hint = g_strdup_printf (_ ("Unlock the keyring, enter the credential again, or set the environment variable %s instead."), variable);

  if (!heddle_error_is_cancelled (error))
    heddle_error_set_hint (error, hint);
}

static void
looked_up_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const HeddleCredentialInfo *info = g_task_get_task_data (task);
  GError *error = NULL;
  char *value = heddle_vault_lookup_finish (result, &error);

  if (error != NULL)
    {
      set_variable_hint (error, info->name);
      g_task_return_error (task, error);
    }
  else if (value == NULL)
    g_task_return_error (task, missing_error (info->name));
  else
    g_task_return_pointer (task, create_header (info, value), (GDestroyNotify) heddle_secrets_header_free);
  heddle_vault_free (value);
}

void
heddle_secrets_lookup_async (HeddleSecrets *self,
                             const char *name,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (HeddleCredentialInfo) info = NULL;
  g_autofree char *variable = NULL;
  g_autofree char *value = NULL;

  g_return_if_fail (HEDDLE_IS_SECRETS (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_secrets_lookup_async);
  info = copy_info (self, name);
  variable = variable_for (name);
  value = g_strstrip (g_strdup (g_getenv (variable) == NULL ? "" : g_getenv (variable)));
  if (check_text (value))
    {
      g_autoptr (HeddleCredentialInfo) usual = create_info (name, "bearer", NULL);

      g_task_return_pointer (task, create_header (info == NULL ? usual : info, value), (GDestroyNotify) heddle_secrets_header_free);
      explicit_bzero (value, strlen (value));
    }
  else if (info == NULL)
    {
      g_task_return_error (task, missing_error (name));
    }
  else
    {
      gboolean in_file = info->in_file;

      g_task_set_task_data (task, g_steal_pointer (&info), (GDestroyNotify) heddle_credential_info_free);
      heddle_vault_lookup_async (name, in_file, cancellable, looked_up_cb, g_object_ref (task));
    }
}

HeddleSecretHeader *
heddle_secrets_lookup_finish (HeddleSecrets *self,
                              GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
