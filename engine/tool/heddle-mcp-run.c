/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-run.h"

#include "heddle-error.h"
#include "run/heddle-effects.h"
#include "tool/heddle-mcp-result.h"
#include "tool/heddle-mcp-servers.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

static HeddleMcpClient *
dup_client (HeddleNodeRun *run, const char *server, GError **error)
{
  g_autofree char *key = g_strconcat ("mcp:", server, NULL);
  HeddleMcpServers *servers = heddle_node_run_get_mcp_servers (run);
  GObject *shared = heddle_node_run_get_shared (run, key);
  HeddleMcpClient *client;

  if (shared != NULL)
    return HEDDLE_MCP_CLIENT (g_object_ref (shared));
  if (servers == NULL)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("No MCP servers are set up here."));
      return NULL;
    }
  client = heddle_mcp_servers_connect (servers, server, heddle_node_run_get_http (run), error);
  if (client != NULL)
    heddle_node_run_set_shared (run, key, G_OBJECT (g_object_ref (client)));
  return client;
}

static void
copy_member (JsonObject *object, const char *name, JsonNode *value, gpointer user_data)
{
  json_object_set_member (user_data, name, json_node_ref (value));
}

/* with_log: what the server wrote itself, when something went wrong. */
static void
note_server (HeddleNodeRun *run, guint64 span, HeddleMcpClient *client, gboolean with_log)
{
  g_autoptr (JsonNode) description = heddle_mcp_client_describe (client);
  g_autofree char *log = heddle_mcp_client_dup_log (client);
  JsonObject *attributes = json_object_new ();

  json_object_foreach_member (json_node_get_object (description), copy_member, attributes);
  if (with_log && *log != '\0')
    json_object_set_string_member (attributes, "server_log", log);
  heddle_node_run_update_span (run, span, heddle_json_object (attributes));
}

void
heddle_mcp_run_note_progress (HeddleNodeRun *run, guint64 span, double fraction, const char *text)
{
  JsonObject *attributes = json_object_new ();

  if (fraction >= 0)
    json_object_set_double_member (attributes, "progress", fraction);
  if (text != NULL)
    json_object_set_string_member (attributes, "progress_text", text);
  heddle_node_run_update_span (run, span, heddle_json_object (attributes));
}

/* One question to a server. */
typedef struct
{
  HeddleNodeRun *run;
  HeddleMcpClient *client; /* or NULL, when it is answered from the record */
  JsonNode *effect;
  guint64 span;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  heddle_node_run_unref (self->run);
  g_clear_object (&self->client);
  json_node_unref (self->effect);
  g_free (self);
}

/* Takes effect. */
static GTask *
create_task (HeddleNodeRun *run, JsonObject *effect, guint64 span, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Asking *self = g_new0 (Asking, 1);

  self->run = heddle_node_run_ref (run);
  self->effect = heddle_json_object (effect);
  self->span = span;
  g_task_set_task_data (task, self, asking_free);
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

/* Whether the server is to be asked; else the task has its end. */
static gboolean
begin (GTask *task, const char *server)
{
  Asking *self = g_task_get_task_data (task);
  JsonNode *response = NULL;
  GError *error = NULL;

  if (heddle_node_run_replay_effect (self->run, "tool", self->effect, &response, &error))
    {
      if (response != NULL)
        g_task_return_pointer (task, response, (GDestroyNotify) json_node_unref);
      else
        g_task_return_error (task, error);
      return FALSE;
    }
  self->client = dup_client (self->run, server, &error);
  if (self->client != NULL)
    return TRUE;
  heddle_node_run_record_effect (self->run, "tool", self->effect, NULL, error);
  g_task_return_error (task, error);
  return FALSE;
}

/* Takes response and error. */
static void
end (GTask *task, JsonNode *response, GError *error)
{
  const Asking *self = g_task_get_task_data (task);

  heddle_node_run_record_effect (self->run, "tool", self->effect, response, error);
  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JsonNode *tools = heddle_mcp_client_list_tools_finish (HEDDLE_MCP_CLIENT (source), result, &error);

  end (task, tools, error);
}

void
heddle_mcp_run_list_tools_async (HeddleNodeRun *run, const char *server, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  JsonObject *effect;

  g_return_if_fail (run != NULL && server != NULL);

  effect = json_object_new ();
  json_object_set_member (effect, "server", heddle_json_string (server));
  json_object_set_string_member (effect, "list", "tools");
  task = create_task (run, effect, 0, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_mcp_run_list_tools_async);
  if (begin (task, server))
    heddle_mcp_client_list_tools_async (((Asking *) g_task_get_task_data (task))->client, cancellable, listed_cb, g_object_ref (task));
}

JsonNode *
heddle_mcp_run_list_tools_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
called_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  HeddleMcpClient *client = HEDDLE_MCP_CLIENT (source);
  g_autoptr (GTask) task = user_data;
  const Asking *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (HeddleMcpResult) result = heddle_mcp_client_call_finish (client, res, &error);

  note_server (self->run, self->span, client, result == NULL || result->is_error);
  end (task, result != NULL ? heddle_mcp_result_to_json (result) : NULL, error);
}

void
heddle_mcp_run_call_async (HeddleNodeRun *run, const char *server, const HeddleMcpCall *call, guint64 span, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  JsonObject *effect;

  g_return_if_fail (run != NULL && server != NULL && call != NULL);

  effect = json_object_new ();
  json_object_set_member (effect, "server", heddle_json_string (server));
  json_object_set_member (effect, "tool", heddle_json_string (call->tool));
  json_object_set_member (effect, "arguments", call->arguments != NULL ? json_node_ref (call->arguments) : heddle_json_object (json_object_new ()));
  task = create_task (run, effect, span, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_mcp_run_call_async);
  if (begin (task, server))
    heddle_mcp_client_call_async (((Asking *) g_task_get_task_data (task))->client, call, cancellable, called_cb, g_object_ref (task));
}

HeddleMcpResult *
heddle_mcp_run_call_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (JsonNode) json = g_task_propagate_pointer (G_TASK (result), error);

  return json != NULL ? heddle_mcp_result_from_json (json) : NULL;
}
