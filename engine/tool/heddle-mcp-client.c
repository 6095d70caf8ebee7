/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-client-private.h"

#include "heddle-error.h"
#include "net/heddle-http.h"
#include "secret/heddle-secrets.h"
#include "tool/heddle-mcp-http.h"
#include "tool/heddle-mcp-stdio.h"
#include "value/heddle-cancel-watch.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A server that is fetched by npx or uvx first may take its time. */
#define OPEN_MS 60000

/* Somebody who waits until the server is connected. */
typedef struct
{
  HeddleMcpClient *client; /* borrowed */
  GTask *task;
  HeddleCancelWatch *cancel; /* or NULL */
} Waiter;

G_DEFINE_FINAL_TYPE (HeddleMcpClient, heddle_mcp_client, G_TYPE_OBJECT)

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  g_clear_pointer (&waiter->cancel, heddle_cancel_watch_free);
  g_object_unref (waiter->task);
  g_free (waiter);
}

static void
heddle_mcp_client_dispose (GObject *object)
{
  heddle_mcp_client_close (HEDDLE_MCP_CLIENT (object));
  G_OBJECT_CLASS (heddle_mcp_client_parent_class)->dispose (object);
}

static void
heddle_mcp_client_finalize (GObject *object)
{
  HeddleMcpClient *self = HEDDLE_MCP_CLIENT (object);

  heddle_mcp_server_info_free (self->info);
  heddle_http_unref (self->http);
  g_clear_object (&self->secrets);
  heddle_mcp_reaper_unref (self->reaper);
  heddle_mcp_log_unref (self->log);
  g_ptr_array_unref (self->waiters);
  g_clear_object (&self->opening);
  G_OBJECT_CLASS (heddle_mcp_client_parent_class)->finalize (object);
}

static void
heddle_mcp_client_class_init (HeddleMcpClientClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_mcp_client_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_mcp_client_finalize;
}

static void
heddle_mcp_client_init (HeddleMcpClient *self)
{
  self->waiters = g_ptr_array_new_with_free_func (waiter_free);
  self->log = heddle_mcp_log_new ();
}

HeddleMcpClient *
heddle_mcp_client_new (const HeddleMcpServerInfo *info, HeddleHttp *http, HeddleSecrets *secrets, HeddleMcpReaper *reaper)
{
  HeddleMcpClient *self = g_object_new (HEDDLE_TYPE_MCP_CLIENT, NULL);

  self->info = heddle_mcp_server_info_copy (info);
  self->http = heddle_http_ref (http);
  g_set_object (&self->secrets, secrets);
  self->reaper = heddle_mcp_reaper_ref (reaper);
  return self;
}

const HeddleMcpServerInfo *
heddle_mcp_client_get_info (HeddleMcpClient *self)
{
  g_return_val_if_fail (HEDDLE_IS_MCP_CLIENT (self), NULL);

  return self->info;
}

static void
tools_changed_cb (gpointer user_data)
{
  HeddleMcpClient *self = user_data;

  g_clear_pointer (&self->tools, json_node_unref);
}

HeddleMcpPeer *
heddle_mcp_client_create_peer (HeddleMcpClient *self, GPtrArray *settings)
{
  HeddleMcpTransport *transport;

  if (self->info->transport == HEDDLE_MCP_HTTP_TRANSPORT)
    {
      transport = heddle_mcp_http_new (self->http, self->info->url, settings, self->log, self->reaper);
    }
  else
    {
      HeddleMcpProcess process = { self->info->name, (const char *const *) self->info->command, settings };

      transport = heddle_mcp_stdio_new (&process, self->log, self->reaper);
    }
  return heddle_mcp_peer_new (transport, self->info->name, tools_changed_cb, self);
}

void
heddle_mcp_client_close (HeddleMcpClient *self)
{
  g_autoptr (HeddleMcpPeer) peer = NULL;

  g_return_if_fail (HEDDLE_IS_MCP_CLIENT (self));

  peer = g_steal_pointer (&self->peer);
  g_clear_pointer (&self->tools, json_node_unref);
  self->listening = FALSE;
  if (peer != NULL)
    heddle_mcp_peer_close (peer);
}

/* error NULL: connected. Does not consume it. */
static void
end_opening (HeddleMcpClient *self, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (waiter_free);
  g_clear_object (&self->opening);
  if (error != NULL)
    heddle_mcp_client_close (self);
  for (guint i = 0; i < waiters->len; i++)
    {
      Waiter *waiter = g_ptr_array_index (waiters, i);

      if (error == NULL)
        g_task_return_boolean (waiter->task, TRUE);
      else
        g_task_return_error (waiter->task, g_error_copy (error));
    }
}

/* Recursive: a process that the first question ended is started once more. */
static void open (HeddleMcpClient *self);

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleMcpClient) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean spent = FALSE;

  if (heddle_mcp_peer_open_finish (HEDDLE_MCP_PEER (source), result, &spent, &error))
    {
      heddle_mcp_client_listen (self);
      end_opening (self, NULL);
    }
  else if (spent && !self->only_legacy && self->info->transport == HEDDLE_MCP_STDIO_TRANSPORT && !g_cancellable_is_cancelled (self->opening))
    {
      self->only_legacy = TRUE;
      heddle_mcp_client_close (self);
      open (self);
    }
  else
    {
      end_opening (self, error);
    }
}

static void
settings_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleMcpClient) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) settings = heddle_mcp_credentials_finish (result, &error);

  if (settings == NULL)
    {
      end_opening (self, error);
      return;
    }
  self->peer = heddle_mcp_client_create_peer (self, settings);
  heddle_mcp_peer_open_async (self->peer, self->only_legacy, OPEN_MS, self->opening, opened_cb, g_object_ref (self));
}

static void
open (HeddleMcpClient *self)
{
  heddle_mcp_credentials_async (self->info, self->secrets, self->opening, settings_cb, g_object_ref (self));
}

static void
waiter_cancelled_cb (gpointer data)
{
  Waiter *waiter = data;
  g_autoptr (HeddleMcpClient) self = g_object_ref (waiter->client);
  g_autoptr (GTask) task = g_object_ref (waiter->task);

  g_ptr_array_remove (self->waiters, waiter);
  if (self->waiters->len == 0 && self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The request was cancelled."));
}

static void
add_waiter (HeddleMcpClient *self, GTask *task)
{
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->client = self;
  waiter->task = g_object_ref (task);
  g_ptr_array_add (self->waiters, waiter);
  waiter->cancel = heddle_cancel_watch_new (g_task_get_cancellable (task), NULL, waiter_cancelled_cb, waiter);
}

void
heddle_mcp_client_open_async (HeddleMcpClient *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (HEDDLE_IS_MCP_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_mcp_client_open_async);
  if (self->opening == NULL && self->peer != NULL && heddle_mcp_peer_is_open (self->peer))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  add_waiter (self, task);
  if (self->opening != NULL)
    return;
  heddle_mcp_client_close (self);
  self->opening = g_cancellable_new ();
  open (self);
}

gboolean
heddle_mcp_client_open_finish (HeddleMcpClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
heddle_mcp_client_lost_session (HeddleMcpClient *self, const GError *error)
{
  const HeddleErrorDetail *detail = heddle_error_detail (error);
  g_autofree char *message = NULL;

  if (self->info->transport != HEDDLE_MCP_HTTP_TRANSPORT || self->peer == NULL || heddle_mcp_peer_is_modern (self->peer) || detail == NULL)
    return FALSE;
  message = g_utf8_casefold (error->message, -1);
  /* 404 by the specification; some servers say 400. */
  return detail->http_status == 404 || (detail->http_status == 400 && strstr (message, "session") != NULL);
}

static void
copy_text (JsonNode *from, const char *member, JsonObject *to, const char *name)
{
  const char *text = heddle_json_get_string (from, member, NULL);

  if (text != NULL)
    json_object_set_string_member (to, name, text);
}

JsonNode *
heddle_mcp_client_describe (HeddleMcpClient *self)
{
  JsonObject *object;

  g_return_val_if_fail (HEDDLE_IS_MCP_CLIENT (self), NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "server", self->info->name);
  json_object_set_string_member (object, "transport", self->info->transport == HEDDLE_MCP_STDIO_TRANSPORT ? "stdio" : "http");
  if (self->peer != NULL && heddle_mcp_peer_is_open (self->peer))
    {
      copy_text (heddle_mcp_peer_get_server (self->peer), "name", object, "server_name");
      copy_text (heddle_mcp_peer_get_server (self->peer), "version", object, "server_version");
      json_object_set_string_member (object, "protocol_version", heddle_mcp_peer_get_version (self->peer));
      json_object_set_string_member (object, "era", heddle_mcp_peer_is_modern (self->peer) ? "modern" : "legacy");
    }
  return heddle_json_object (object);
}

char *
heddle_mcp_client_dup_log (HeddleMcpClient *self)
{
  g_return_val_if_fail (HEDDLE_IS_MCP_CLIENT (self), NULL);

  return heddle_mcp_log_dup_text (self->log);
}
