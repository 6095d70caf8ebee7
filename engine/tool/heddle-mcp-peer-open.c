/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-peer-private.h"

#include "heddle-error.h"
#include "tool/heddle-mcp-protocol.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Servers of before 2026-07-28 may be silent when they are asked what they do not know. */
#define PROBE_MS 5000

typedef struct
{
  guint timeout_ms;
  gboolean probing;
} Opening;

void
heddle_mcp_peer_agree (HeddleMcpPeer *self, const char *version, gboolean modern, JsonNode *result)
{
  JsonNode *server = heddle_json_member (result, "serverInfo");
  JsonNode *capabilities = heddle_json_member (result, "capabilities");

  if (server == NULL)
    server = heddle_json_member (heddle_json_member (result, "_meta"), HEDDLE_MCP_META_SERVER);
  self->open = TRUE;
  self->modern = modern;
  self->version = g_strdup (version);
  self->server = server == NULL ? NULL : json_node_ref (server);
  self->capabilities = capabilities == NULL ? NULL : json_node_ref (capabilities);
  heddle_mcp_transport_agree (self->transport, version, modern);
}

static gboolean
is_known_legacy (const char *version)
{
  static const char *const known[] = { HEDDLE_MCP_VERSION_LEGACY, "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07", NULL };

  return g_strv_contains (known, version);
}

static void
initialized_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleMcpPeer *self = HEDDLE_MCP_PEER (source);
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = heddle_mcp_peer_request_finish (self, result, &error);
  const char *version = heddle_json_get_string (answer, "protocolVersion", "");

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!is_known_legacy (version))
    {
      error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The MCP server “%s” speaks version “%s” of the protocol, which Heddle does not know."),
                           self->name, version);
      heddle_error_set_hint (error, _ ("Update the server or Heddle."));
      g_task_return_error (task, error);
      return;
    }
  heddle_mcp_peer_agree (self, version, FALSE, answer);
  heddle_mcp_peer_notify (self, "notifications/initialized", NULL);
  g_task_return_boolean (task, TRUE);
}

/* Takes the task. */
static void
initialize (HeddleMcpPeer *self, GTask *task)
{
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (JsonObject) params = json_object_new ();
  HeddleMcpRequest request = { .method = "initialize", .params = params, .timeout_ms = opening->timeout_ms };

  opening->probing = FALSE;
  self->modern = FALSE;
  json_object_set_string_member (params, "protocolVersion", HEDDLE_MCP_VERSION_LEGACY);
  json_object_set_object_member (params, "capabilities", json_object_new ());
  json_object_set_member (params, "clientInfo", heddle_mcp_peer_get_client_info ());
  heddle_mcp_peer_request_async (self, &request, g_task_get_cancellable (task), initialized_cb, task);
}

static gboolean
supports_modern (JsonNode *answer)
{
  JsonArray *versions = heddle_json_get_array (answer, "supportedVersions");

  for (guint i = 0; versions != NULL && i < json_array_get_length (versions); i++)
    {
      JsonNode *version = json_array_get_element (versions, i);

      if (heddle_json_is_string (version) && strcmp (json_node_get_string (version), HEDDLE_MCP_VERSION_MODERN) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether another question has no better prospects. That the server did not understand this one is no such reason, in whatever words it said so. */
static gboolean
is_final (HeddleMcpPeer *self, const GError *error)
{
  return self->closed != NULL || heddle_error_is_cancelled (error) || g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NETWORK) ||
         g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH) || g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleMcpPeer *self = HEDDLE_MCP_PEER (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = heddle_mcp_peer_request_finish (self, result, &error);

  if (answer != NULL && supports_modern (answer))
    {
      heddle_mcp_peer_agree (self, HEDDLE_MCP_VERSION_MODERN, TRUE, answer);
      g_task_return_boolean (task, TRUE);
    }
  else if (error != NULL && is_final (self, error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else
    {
      initialize (self, g_steal_pointer (&task));
    }
}

/* Takes the task. */
static void
probe (HeddleMcpPeer *self, GTask *task)
{
  const Opening *opening = g_task_get_task_data (task);
  HeddleMcpRequest request = { .method = "server/discover", .timeout_ms = MIN (PROBE_MS, opening->timeout_ms) };

  self->modern = TRUE;
  heddle_mcp_peer_request_async (self, &request, g_task_get_cancellable (task), probed_cb, task);
}

void
heddle_mcp_peer_open_async (HeddleMcpPeer *self, gboolean only_legacy, guint timeout_ms, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);
  GError *error = NULL;

  opening->timeout_ms = timeout_ms;
  opening->probing = !only_legacy;
  g_task_set_source_tag (task, heddle_mcp_peer_open_async);
  g_task_set_task_data (task, opening, g_free);
  g_task_set_check_cancellable (task, FALSE);
  if (!heddle_mcp_transport_start (self->transport, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  else if (only_legacy)
    {
      initialize (self, task);
    }
  else
    {
      probe (self, task);
    }
}

gboolean
heddle_mcp_peer_open_finish (HeddleMcpPeer *self, GAsyncResult *result, gboolean *spent, GError **error)
{
  const Opening *opening = g_task_get_task_data (G_TASK (result));

  *spent = self->closed != NULL && opening->probing;
  return g_task_propagate_boolean (G_TASK (result), error);
}
