/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/heddle-vault.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "heddle-error.h"
#include "secret/heddle-secret-file.h"

static const SecretSchema schema = {
  "org.heddle.Heddle.Credential",
  SECRET_SCHEMA_NONE,
  {
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

typedef struct
{
  char *name;
  char *value;
  gboolean in_file;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->name);
  heddle_vault_free (request->value);
  g_free (request);
}

static GTask *
create_task (const char *name, const char *value, gboolean in_file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->name = g_strdup (name);
  request->value = g_strdup (value);
  request->in_file = in_file;
  g_task_set_task_data (task, request, request_free);
  return task;
}

static GHashTable *
attributes_for (const char *name)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (attributes, (gpointer) "name", g_strdup (name));
  return attributes;
}

/* Errors of libsecret come from a keyring that is there; those of the bus tell that there is none. */
static gboolean
is_no_keyring (const GError *error)
{
  return error->domain != SECRET_ERROR && !heddle_error_is_cancelled (error);
}

static void
return_keyring_error (GTask *task, GError *cause)
{
  const Request *request = g_task_get_task_data (task);
  GError *error;

  if (heddle_error_is_cancelled (cause))
    {
      g_task_return_error (task, cause);
      return;
    }
  error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_AUTH, _ ("The keyring could not be used for the credential “%s”: %s"), request->name, cause->message);
  heddle_error_set_hint (error, _ ("Unlock the keyring and try again."));
  g_error_free (cause);
  g_task_return_error (task, error);
}

static void
store_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  GError *error = NULL;

  if (heddle_secret_file_store (request->name, request->value, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (!is_no_keyring (error))
    {
      return_keyring_error (task, error);
      return;
    }
  g_error_free (error);
  request->in_file = TRUE;
  g_task_run_in_thread (task, store_in_thread);
}

void
heddle_vault_store_async (const char *name, const char *value, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  g_autoptr (GHashTable) attributes = attributes_for (name);
  g_autofree char *label = g_strdup_printf (_ ("Heddle: %s"), name);

  g_return_if_fail (name != NULL && value != NULL);

  task = create_task (name, value, FALSE, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_vault_store_async);
  secret_password_storev (&schema, attributes, SECRET_COLLECTION_DEFAULT, label, value, cancellable, stored_cb, task);
}

gboolean
heddle_vault_store_finish (GAsyncResult *result, gboolean *in_file, GError **error)
{
  const Request *request;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  request = g_task_get_task_data (G_TASK (result));
  *in_file = request->in_file;
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
lookup_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  GError *error = NULL;
  char *value = heddle_secret_file_lookup (request->name, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, (GDestroyNotify) heddle_vault_free);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *value = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    return_keyring_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (value), (GDestroyNotify) heddle_vault_free);
  secret_password_free (value);
}

void
heddle_vault_lookup_async (const char *name, gboolean in_file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GHashTable) attributes = attributes_for (name);

  g_return_if_fail (name != NULL);

  task = create_task (name, NULL, in_file, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_vault_lookup_async);
  if (in_file)
    g_task_run_in_thread (task, lookup_in_thread);
  else
    secret_password_lookupv (&schema, attributes, cancellable, looked_up_cb, g_object_ref (task));
}

char *
heddle_vault_lookup_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
clear_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  GError *error = NULL;

  if (heddle_secret_file_clear (request->name, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    return_keyring_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
heddle_vault_clear_async (const char *name, gboolean in_file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GHashTable) attributes = attributes_for (name);

  g_return_if_fail (name != NULL);

  task = create_task (name, NULL, in_file, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_vault_clear_async);
  if (in_file)
    g_task_run_in_thread (task, clear_in_thread);
  else
    secret_password_clearv (&schema, attributes, cancellable, cleared_cb, g_object_ref (task));
}

gboolean
heddle_vault_clear_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
heddle_vault_free (char *value)
{
  heddle_secret_file_free (value);
}
