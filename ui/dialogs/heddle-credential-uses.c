/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-credential-uses.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const HeddleServices *services;
  char *name;
  GStrvBuilder *lines;
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_strv_builder_unref (self->lines);
  g_free (self->name);
  g_free (self);
}

static void
add_use (Search *self,
         const char *format,
         const char *user)
{
  g_autoptr (GString) line = g_string_new (format);

  g_string_replace (line, "%s", user, 1);
  g_strv_builder_add (self->lines, line->str);
}

static void
search_providers (Search *self)
{
  g_autoptr (GPtrArray) infos = heddle_models_list_providers (self->services->models);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleProviderInfo *info = g_ptr_array_index (infos, i);

      if (g_strcmp0 (info->credential, self->name) == 0)
        add_use (self, _ ("the provider “%s”"), info->id);
    }
}

static gboolean
server_uses (const HeddleMcpServerInfo *info,
             const char *name)
{
  gboolean uses = g_strcmp0 (info->credential, name) == 0;

  for (guint i = 0; info->env != NULL && i < info->env->len; i++)
    uses |= g_strcmp0 (((const HeddleMcpVariable *) g_ptr_array_index (info->env, i))->credential, name) == 0;
  return uses;
}

static void
search_servers (Search *self)
{
  g_autoptr (GPtrArray) infos = heddle_mcp_servers_list (self->services->mcp_servers);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleMcpServerInfo *info = g_ptr_array_index (infos, i);

      if (server_uses (info, self->name))
        add_use (self, _ ("the MCP server “%s”"), info->name);
    }
}

/* Wherever it stands as a value of its own: in nodes of today's types and of others. */
static gboolean
json_names (JsonNode *node,
            const char *name)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char *member;
      JsonNode *value;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &member, &value))
        {
          gboolean is_credential = g_str_has_suffix (member, "credential") && heddle_json_is_string (value);

          if ((is_credential && g_str_equal (json_node_get_string (value), name)) || json_names (value, name))
            return TRUE;
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          if (json_names (json_array_get_element (array, i), name))
            return TRUE;
        }
    }
  return FALSE;
}

static void
workflows_listed_cb (GObject *object,
                     GAsyncResult *result,
                     gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) infos = heddle_store_list_workflows_finish (HEDDLE_STORE (object), result, &error);

  if (infos == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleWorkflowInfo *info = g_ptr_array_index (infos, i);
      g_autoptr (JsonNode) json = info->json != NULL ? heddle_json_parse (info->json, -1, NULL) : NULL;

      if (json != NULL && json_names (json, self->name))
        add_use (self, _ ("the workflow “%s”"), info->name);
    }
  g_task_return_pointer (task, g_strv_builder_end (self->lines), (GDestroyNotify) g_strfreev);
}

static void
bases_listed_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) infos = heddle_knowledge_list_finish (HEDDLE_KNOWLEDGE (object), result, &error);

  if (infos == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleKnowledgeInfo *info = g_ptr_array_index (infos, i);

      if (g_strcmp0 (info->server_credential, self->name) == 0)
        add_use (self, _ ("the knowledge base “%s”"), info->name);
    }
  heddle_store_list_workflows_async (self->services->store, g_task_get_cancellable (task), workflows_listed_cb, g_object_ref (task));
}

void
heddle_credential_uses_async (const HeddleServices *services,
                              const char *name,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Search *self = g_new0 (Search, 1);

  self->services = services;
  self->name = g_strdup (name);
  self->lines = g_strv_builder_new ();
  g_task_set_source_tag (task, heddle_credential_uses_async);
  g_task_set_task_data (task, self, search_free);
  search_providers (self);
  search_servers (self);
  heddle_knowledge_list_async (services->knowledge, cancellable, bases_listed_cb, g_object_ref (task));
}

char **
heddle_credential_uses_finish (GAsyncResult *result,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
