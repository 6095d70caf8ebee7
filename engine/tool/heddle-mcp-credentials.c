/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-client-private.h"

#include "heddle-error.h"
#include "secret/heddle-secrets.h"
#include "tool/heddle-mcp-setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Looks up one credential after the other. */
typedef struct
{
  HeddleMcpServerInfo *info;
  HeddleSecrets *secrets;
  GPtrArray *settings; /* HeddleMcpSetting */
  guint next;          /* variable */
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  heddle_mcp_server_info_free (lookup->info);
  g_clear_object (&lookup->secrets);
  g_clear_pointer (&lookup->settings, g_ptr_array_unref);
  g_free (lookup);
}

static void
add_secret_bytes (GPtrArray *settings, const char *name, guchar *bytes, gsize length)
{
  char *text = g_strndup ((const char *) bytes, length);

  heddle_mcp_settings_add (settings, name, text, TRUE);
  explicit_bzero (text, length);
  explicit_bzero (bytes, length);
  g_free (text);
}

/* A variable has the bare value, not the header that carries it elsewhere. */
static void
add_variable (GPtrArray *settings, const char *name, const HeddleSecretHeader *header)
{
  const char *value = header->value;

  if (g_ascii_strcasecmp (header->name, "Authorization") == 0 && g_str_has_prefix (value, "Basic "))
    {
      gsize length;
      g_autofree guchar *pair = g_base64_decode (value + strlen ("Basic "), &length);

      add_secret_bytes (settings, name, pair, length);
      return;
    }
  if (g_ascii_strcasecmp (header->name, "Authorization") == 0 && g_str_has_prefix (value, "Bearer "))
    value += strlen ("Bearer ");
  heddle_mcp_settings_add (settings, name, value, TRUE);
}

static void
look_up (Lookup *lookup, const char *name, GTask *task, GAsyncReadyCallback callback)
{
  if (lookup->secrets != NULL)
    heddle_secrets_lookup_async (lookup->secrets, name, g_task_get_cancellable (task), callback, g_object_ref (task));
  else
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_AUTH, _ ("There is no credential “%s”."), name);
}

static void
return_settings (GTask *task, Lookup *lookup)
{
  g_task_return_pointer (task, g_steal_pointer (&lookup->settings), (GDestroyNotify) g_ptr_array_unref);
}

/* Recursive: each lookup leads to the next. */
static void next_variable (GTask *task);

static void
variable_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Lookup *lookup = g_task_get_task_data (task);
  const HeddleMcpVariable *variable = g_ptr_array_index (lookup->info->env, lookup->next);
  GError *error = NULL;
  g_autoptr (HeddleSecretHeader) header = heddle_secrets_lookup_finish (HEDDLE_SECRETS (source), result, &error);

  if (header == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  add_variable (lookup->settings, variable->name, header);
  lookup->next++;
  next_variable (task);
}

static void
next_variable (GTask *task)
{
  Lookup *lookup = g_task_get_task_data (task);

  for (; lookup->next < lookup->info->env->len; lookup->next++)
    {
      const HeddleMcpVariable *variable = g_ptr_array_index (lookup->info->env, lookup->next);

      if (variable->credential != NULL)
        {
          look_up (lookup, variable->credential, task, variable_cb);
          return;
        }
      heddle_mcp_settings_add (lookup->settings, variable->name, variable->value == NULL ? "" : variable->value, FALSE);
    }
  return_settings (task, lookup);
}

static void
header_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Lookup *lookup = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (HeddleSecretHeader) header = heddle_secrets_lookup_finish (HEDDLE_SECRETS (source), result, &error);

  if (header == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  heddle_mcp_settings_add (lookup->settings, header->name, header->value, TRUE);
  return_settings (task, lookup);
}

void
heddle_mcp_credentials_async (const HeddleMcpServerInfo *info, HeddleSecrets *secrets, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->info = heddle_mcp_server_info_copy (info);
  g_set_object (&lookup->secrets, secrets);
  lookup->settings = heddle_mcp_settings_new ();
  g_task_set_source_tag (task, heddle_mcp_credentials_async);
  g_task_set_task_data (task, lookup, lookup_free);
  if (info->transport == HEDDLE_MCP_STDIO_TRANSPORT)
    next_variable (task);
  else if (info->credential != NULL)
    look_up (lookup, info->credential, task, header_cb);
  else
    return_settings (task, lookup);
}

GPtrArray *
heddle_mcp_credentials_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
