/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server.h"

#include "store/heddle-store.h"
#include "value/heddle-json.h"

#define SETTINGS_KEY "server"

void
heddle_server_settings_clear (HeddleServerSettings *settings)
{
  g_clear_pointer (&settings->address, g_free);
}

void
heddle_server_load_settings (HeddleStore *store, HeddleServerSettings *settings)
{
  g_autoptr (JsonNode) node = store != NULL ? heddle_store_get_setting (store, SETTINGS_KEY) : NULL;
  gint64 port = heddle_json_get_int (node, "port", HEDDLE_SERVER_DEFAULT_PORT);

  settings->port = port >= 1 && port <= 65535 ? (int) port : HEDDLE_SERVER_DEFAULT_PORT;
  settings->address = g_strdup (heddle_json_get_string (node, "address", NULL));
}

gboolean
heddle_server_save_settings (HeddleStore *store, const HeddleServerSettings *settings, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (HEDDLE_IS_STORE (store), FALSE);

  json_object_set_int_member (object, "port", settings->port);
  if (settings->address != NULL)
    json_object_set_string_member (object, "address", settings->address);
  node = heddle_json_object (object);
  return heddle_store_set_setting (store, SETTINGS_KEY, node, error);
}
