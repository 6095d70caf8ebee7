/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-client-private.h"

#include "heddle-error.h"
#include "tool/heddle-mcp-header.h"
#include "tool/heddle-mcp-result.h"
#include "value/heddle-json-schema.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <glib/gi18n-lib.h>

/* Signs of life keep a call going, but not for ever. */
#define MAX_MS (10 * 60 * 1000)
#define PROGRESS_US (100 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  char *tool;
  JsonNode *arguments;
  guint timeout_ms;
  void (*progress) (double fraction, const char *text, gpointer user_data);
  gpointer progress_data;
  gint64 progress_at;
  JsonNode *output_schema; /* or NULL */
  gboolean tried_again;
} CallOperation;

static void
call_operation_free (gpointer data)
{
  CallOperation *operation = data;

  g_free (operation->tool);
  json_node_unref (operation->arguments);
  g_clear_pointer (&operation->output_schema, json_node_unref);
  g_free (operation);
}

static void
progress_cb (double fraction, const char *text, gpointer user_data)
{
  CallOperation *operation = g_task_get_task_data (user_data);
  gint64 now = g_get_monotonic_time ();

  if (operation->progress == NULL || (fraction < 1 && operation->progress_at > 0 && now - operation->progress_at < PROGRESS_US))
    return;
  operation->progress_at = now;
  operation->progress (fraction, text, operation->progress_data);
}

static GError *
unknown_tool_error (HeddleMcpClient *self, const char *name)
{
  JsonArray *tools = json_node_get_array (self->tools);
  g_autoptr (GString) names = g_string_new (NULL);
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("The MCP server “%s” has no tool “%s”."), self->info->name, name);
  g_autofree char *hint = NULL;

  for (guint i = 0; i < json_array_get_length (tools) && i < 20; i++)
    g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ", heddle_json_get_string (json_array_get_element (tools, i), "name", ""));
  hint = g_strdup_printf (_ ("It has: %s."), names->str);
  heddle_error_set_hint (error, names->len == 0 ? _ ("It offers no tools at all.") : hint);
  return error;
}

/* The result has the form that the tool's definition promises, so that what comes behind may rely on it. */
static gboolean
check_structure (HeddleMcpClient *self, const CallOperation *operation, const HeddleMcpResult *result, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (operation->output_schema == NULL || result->is_error)
    return TRUE;
  if (result->structured == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The tool “%s” of the MCP server “%s” did not give the structured result that it promises."),
                   operation->tool, self->info->name);
      return FALSE;
    }
  if (heddle_json_schema_check (operation->output_schema, result->structured, &cause))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The result of the tool “%s” of the MCP server “%s” does not have the form that it promises: %s"),
               operation->tool, self->info->name, cause->message);
  return FALSE;
}

/* Recursive: where the session was over, all begins again, once. */
static void find_tool (HeddleMcpClient *self, GTask *task);

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HeddleMcpClient *self = g_task_get_source_object (task);
  CallOperation *operation = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer = heddle_mcp_peer_request_finish (HEDDLE_MCP_PEER (source), result, &error);
  g_autoptr (HeddleMcpResult) value = NULL;

  /* The server has not looked at the call then: to call again does nothing twice. */
  if (answer == NULL && heddle_mcp_client_lost_session (self, error) && !operation->tried_again)
    {
      g_error_free (error);
      operation->tried_again = TRUE;
      if (HEDDLE_MCP_PEER (source) == self->peer)
        heddle_mcp_client_close (self);
      find_tool (self, g_steal_pointer (&task));
      return;
    }
  if (answer != NULL)
    value = heddle_mcp_result_new (answer, self->info->name, &error);
  if (value == NULL || !check_structure (self, operation, value, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&value), (GDestroyNotify) heddle_mcp_result_free);
}

/* Takes the task. */
static void
call (HeddleMcpClient *self, GTask *task, JsonNode *tool)
{
  CallOperation *operation = g_task_get_task_data (task);
  JsonNode *schema = heddle_json_member (tool, "outputSchema");
  g_autoptr (JsonObject) params = json_object_new ();
  g_autoptr (JsonObject) fields = NULL;
  HeddleMcpRequest request = {
    .method = "tools/call",
    .params = params,
    .timeout_ms = operation->timeout_ms,
    .max_ms = MAX (MAX_MS, operation->timeout_ms),
    .progress = progress_cb,
    .progress_data = task,
  };

  g_clear_pointer (&operation->output_schema, json_node_unref);
  if (schema != NULL && JSON_NODE_HOLDS_OBJECT (schema))
    operation->output_schema = json_node_ref (schema);
  if (self->info->transport == HEDDLE_MCP_HTTP_TRANSPORT && heddle_mcp_peer_is_modern (self->peer))
    fields = heddle_mcp_header_fields (heddle_json_member (tool, "inputSchema"), operation->arguments);
  request.fields = fields;
  json_object_set_string_member (params, "name", operation->tool);
  json_object_set_member (params, "arguments", json_node_ref (operation->arguments));
  heddle_mcp_peer_request_async (self->peer, &request, g_task_get_cancellable (task), called_cb, task);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleMcpClient *self = HEDDLE_MCP_CLIENT (source);
  g_autoptr (GTask) task = user_data;
  const CallOperation *operation = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) tools = heddle_mcp_client_list_tools_finish (self, result, &error);
  JsonNode *tool = tools == NULL ? NULL : heddle_mcp_client_find_tool (self, operation->tool);

  if (tools == NULL)
    g_task_return_error (task, error);
  else if (tool == NULL)
    g_task_return_error (task, unknown_tool_error (self, operation->tool));
  else
    call (self, g_steal_pointer (&task), tool);
}

static void
find_tool (HeddleMcpClient *self, GTask *task)
{
  heddle_mcp_client_list_tools_async (self, g_task_get_cancellable (task), listed_cb, task);
}

void
heddle_mcp_client_call_async (HeddleMcpClient *self, const HeddleMcpCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  CallOperation *operation;
  GTask *task;

  g_return_if_fail (HEDDLE_IS_MCP_CLIENT (self));
  g_return_if_fail (call != NULL && call->tool != NULL);

  operation = g_new0 (CallOperation, 1);
  operation->tool = g_strdup (call->tool);
  operation->arguments = call->arguments == NULL ? heddle_json_object (json_object_new ()) : json_node_ref (call->arguments);
  operation->timeout_ms = call->timeout_ms == 0 ? self->info->timeout * 1000 : call->timeout_ms;
  operation->progress = call->progress;
  operation->progress_data = call->progress_data;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_mcp_client_call_async);
  g_task_set_task_data (task, operation, call_operation_free);
  find_tool (self, task);
}

HeddleMcpResult *
heddle_mcp_client_call_finish (HeddleMcpClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
