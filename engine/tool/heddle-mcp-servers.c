/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-servers.h"

#include "heddle-error.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SETTINGS_KEY "mcp-servers"

struct _HeddleMcpServers
{
  GObject parent_instance;
  HeddleStore *store;
  HeddleSecrets *secrets;
  HeddleMcpReaper *reaper;
  GMutex lock;
  GPtrArray *infos; /* HeddleMcpServerInfo; guarded by the lock */
};

G_DEFINE_FINAL_TYPE (HeddleMcpServers, heddle_mcp_servers, G_TYPE_OBJECT)

static void
heddle_mcp_servers_finalize (GObject *object)
{
  HeddleMcpServers *self = HEDDLE_MCP_SERVERS (object);

  g_clear_object (&self->store);
  g_clear_object (&self->secrets);
  heddle_mcp_reaper_unref (self->reaper);
  g_ptr_array_unref (self->infos);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (heddle_mcp_servers_parent_class)->finalize (object);
}

static void
heddle_mcp_servers_class_init (HeddleMcpServersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_mcp_servers_finalize;
}

static void
heddle_mcp_servers_init (HeddleMcpServers *self)
{
  g_mutex_init (&self->lock);
  self->reaper = heddle_mcp_reaper_new ();
  self->infos = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_mcp_server_info_free);
}

static void
load (HeddleMcpServers *self)
{
  g_autoptr (JsonNode) setting = heddle_store_get_setting (self->store, SETTINGS_KEY);
  JsonArray *list = setting != NULL && JSON_NODE_HOLDS_ARRAY (setting) ? json_node_get_array (setting) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      HeddleMcpServerInfo *info = heddle_mcp_server_info_from_json (json_array_get_element (list, i));

      if (info != NULL)
        g_ptr_array_add (self->infos, info);
    }
}

HeddleMcpServers *
heddle_mcp_servers_new (HeddleStore *store, HeddleSecrets *secrets)
{
  HeddleMcpServers *self = g_object_new (HEDDLE_TYPE_MCP_SERVERS, NULL);

  g_set_object (&self->store, store);
  g_set_object (&self->secrets, secrets);
  if (store != NULL)
    load (self);
  return self;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const HeddleMcpServerInfo *x = *(const HeddleMcpServerInfo *const *) a;
  const HeddleMcpServerInfo *y = *(const HeddleMcpServerInfo *const *) b;

  return strcmp (x->name, y->name);
}

GPtrArray *
heddle_mcp_servers_list (HeddleMcpServers *self)
{
  GPtrArray *list;

  g_return_val_if_fail (HEDDLE_IS_MCP_SERVERS (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_mcp_server_info_free);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->infos->len; i++)
    g_ptr_array_add (list, heddle_mcp_server_info_copy (g_ptr_array_index (self->infos, i)));
  g_mutex_unlock (&self->lock);
  g_ptr_array_sort (list, compare_names);
  return list;
}

/* With the lock held. */
static HeddleMcpServerInfo *
find (HeddleMcpServers *self, const char *name)
{
  for (guint i = 0; i < self->infos->len; i++)
    {
      HeddleMcpServerInfo *info = g_ptr_array_index (self->infos, i);

      if (strcmp (info->name, name) == 0)
        return info;
    }
  return NULL;
}

HeddleMcpServerInfo *
heddle_mcp_servers_lookup (HeddleMcpServers *self, const char *name)
{
  g_autoptr (GMutexLocker) locker = NULL;
  HeddleMcpServerInfo *info;

  g_return_val_if_fail (HEDDLE_IS_MCP_SERVERS (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  locker = g_mutex_locker_new (&self->lock);
  info = find (self, name);
  return info == NULL ? NULL : heddle_mcp_server_info_copy (info);
}

static gboolean
save (HeddleMcpServers *self, GError **error)
{
  JsonArray *list = json_array_new ();
  g_autoptr (JsonNode) node = NULL;

  for (guint i = 0; i < self->infos->len; i++)
    json_array_add_element (list, heddle_mcp_server_info_to_json (g_ptr_array_index (self->infos, i)));
  node = heddle_json_array (list);
  return self->store == NULL || heddle_store_set_setting (self->store, SETTINGS_KEY, node, error);
}

gboolean
heddle_mcp_servers_set (HeddleMcpServers *self, const HeddleMcpServerInfo *info, GError **error)
{
  return heddle_mcp_servers_replace (self, NULL, info, error);
}

gboolean
heddle_mcp_servers_replace (HeddleMcpServers *self, const char *old_name, const HeddleMcpServerInfo *info, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  HeddleMcpServerInfo *old;

  g_return_val_if_fail (HEDDLE_IS_MCP_SERVERS (self), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  if (!heddle_mcp_server_info_check (info, error))
    return FALSE;
  locker = g_mutex_locker_new (&self->lock);
  old = old_name == NULL ? NULL : find (self, old_name);
  if (old != NULL)
    g_ptr_array_remove (self->infos, old);
  old = find (self, info->name);
  if (old != NULL)
    g_ptr_array_remove (self->infos, old);
  g_ptr_array_add (self->infos, heddle_mcp_server_info_copy (info));
  return save (self, error);
}

gboolean
heddle_mcp_servers_remove (HeddleMcpServers *self, const char *name, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  HeddleMcpServerInfo *info;

  g_return_val_if_fail (HEDDLE_IS_MCP_SERVERS (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  locker = g_mutex_locker_new (&self->lock);
  info = find (self, name);
  if (info != NULL)
    g_ptr_array_remove (self->infos, info);
  return save (self, error);
}

HeddleMcpClient *
heddle_mcp_servers_try (HeddleMcpServers *self, const HeddleMcpServerInfo *info, HeddleHttp *http)
{
  g_return_val_if_fail (HEDDLE_IS_MCP_SERVERS (self), NULL);
  g_return_val_if_fail (info != NULL && http != NULL, NULL);

  return heddle_mcp_client_new (info, http, self->secrets, self->reaper);
}

HeddleMcpClient *
heddle_mcp_servers_connect (HeddleMcpServers *self, const char *name, HeddleHttp *http, GError **error)
{
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_servers_lookup (self, name);
  GError *problem;

  if (info != NULL)
    return heddle_mcp_servers_try (self, info, http);
  problem = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("There is no MCP server “%s”."), name);
  heddle_error_set_hint (problem, _ ("Add it in the preferences, on the page “MCP Servers”, or choose another."));
  g_propagate_error (error, problem);
  return NULL;
}

void
heddle_mcp_servers_shutdown (HeddleMcpServers *self)
{
  g_return_if_fail (HEDDLE_IS_MCP_SERVERS (self));

  heddle_mcp_reaper_wait (self->reaper);
}
