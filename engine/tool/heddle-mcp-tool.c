/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-tool.h"

#include "tool/heddle-mcp-result.h"
#include "tool/heddle-mcp-run.h"
#include "value/heddle-json.h"

struct _HeddleMcpTool
{
  HeddleTool parent_instance;
  char *server;
  char *name;       /* as the server knows it */
  gboolean is_safe; /* it may be called again, as the server says */
};

G_DEFINE_FINAL_TYPE (HeddleMcpTool, heddle_mcp_tool, HEDDLE_TYPE_TOOL)

static void
heddle_mcp_tool_finalize (GObject *object)
{
  HeddleMcpTool *self = HEDDLE_MCP_TOOL (object);

  g_free (self->server);
  g_free (self->name);
  G_OBJECT_CLASS (heddle_mcp_tool_parent_class)->finalize (object);
}

/* One call under way: the caller's surroundings. */
typedef struct
{
  HeddleToolCall call;
  JsonNode *arguments;
  gboolean is_error;
} Calling;

static void
calling_free (gpointer data)
{
  Calling *calling = data;

  heddle_node_run_unref (calling->call.run);
  json_node_unref (calling->arguments);
  g_free (calling);
}

static void
progress_cb (double fraction, const char *text, gpointer user_data)
{
  const Calling *calling = user_data;

  if (calling->call.progress != NULL)
    calling->call.progress (fraction, text, calling->call.progress_data);
  else
    heddle_mcp_run_note_progress (calling->call.run, calling->call.span, fraction, text);
}

/* What is structured is told as such; what a model cannot read is named only. */
static JsonNode *
result_for_model (const HeddleMcpResult *result)
{
  g_autofree char *text = NULL;

  if (result->structured != NULL && !result->is_error)
    return json_node_ref (result->structured);
  text = heddle_mcp_result_to_text (result);
  return heddle_json_string (text);
}

static void
called_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Calling *calling = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (HeddleMcpResult) result = heddle_mcp_run_call_finish (res, &error);

  if (result == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  calling->is_error = result->is_error;
  g_task_return_pointer (task, result_for_model (result), (GDestroyNotify) json_node_unref);
}

/* Consumes task. */
static void
call (GTask *task)
{
  HeddleMcpTool *self = g_task_get_source_object (task);
  Calling *calling = g_task_get_task_data (task);
  HeddleMcpCall request = { self->name, calling->arguments, heddle_tool_get_timeout (HEDDLE_TOOL (self)), progress_cb, calling };

  heddle_mcp_run_call_async (calling->call.run, self->server, &request, calling->call.span, g_task_get_cancellable (task), called_cb, task);
}

static void
intended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Calling *calling = g_task_get_task_data (task);
  GError *error = NULL;

  if (heddle_node_run_intend_finish (calling->call.run, result, &error))
    {
      call (task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
heddle_mcp_tool_call_async (HeddleTool *tool, JsonNode *arguments, const HeddleToolCall *surroundings, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  HeddleMcpTool *self = HEDDLE_MCP_TOOL (tool);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Calling *calling = g_new0 (Calling, 1);

  calling->call = *surroundings;
  calling->arguments = json_node_ref (arguments);
  heddle_node_run_ref (surroundings->run);
  g_task_set_source_tag (task, heddle_mcp_tool_call_async);
  g_task_set_task_data (task, calling, calling_free);
  if (self->is_safe)
    call (task);
  else
    heddle_node_run_intend_async (surroundings->run, heddle_tool_get_name (tool), surroundings->span, intended_cb, task);
}

static JsonNode *
heddle_mcp_tool_call_finish (HeddleTool *tool, GAsyncResult *result, gboolean *is_error, GError **error)
{
  const Calling *calling = g_task_get_task_data (G_TASK (result));

  *is_error = calling->is_error;
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
heddle_mcp_tool_class_init (HeddleMcpToolClass *klass)
{
  HeddleToolClass *tool_class = HEDDLE_TOOL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_mcp_tool_finalize;
  tool_class->call_async = heddle_mcp_tool_call_async;
  tool_class->call_finish = heddle_mcp_tool_call_finish;
}

static void
heddle_mcp_tool_init (HeddleMcpTool *self)
{
}

/* Only what a server says: hardly one says anything of what does no harm, and a person who is asked of everything reads nothing. */
static gboolean
is_destructive (JsonNode *definition)
{
  JsonNode *annotations = heddle_json_member (definition, "annotations");

  return heddle_json_get_boolean (annotations, "destructiveHint", FALSE) && !heddle_json_get_boolean (annotations, "readOnlyHint", FALSE);
}

/* What a server says does no harm when it is done twice. */
static gboolean
is_safe (JsonNode *definition)
{
  JsonNode *annotations = heddle_json_member (definition, "annotations");

  return heddle_json_get_boolean (annotations, "readOnlyHint", FALSE) || heddle_json_get_boolean (annotations, "idempotentHint", FALSE);
}

HeddleTool *
heddle_mcp_tool_new (const char *server, JsonNode *definition)
{
  HeddleMcpTool *self = g_object_new (HEDDLE_TYPE_MCP_TOOL, NULL);
  HeddleTool *tool = HEDDLE_TOOL (self);
  const char *title = heddle_json_get_string (definition, "title", NULL);

  self->server = g_strdup (server);
  self->name = g_strdup (heddle_json_get_string (definition, "name", ""));
  self->is_safe = is_safe (definition);
  heddle_tool_set_name (tool, self->name);
  heddle_tool_set_description (tool, heddle_json_get_string (definition, "description", title));
  heddle_tool_set_parameters (tool, heddle_json_member (definition, "inputSchema"));
  heddle_tool_set_kind (tool, "mcp");
  if (is_destructive (definition))
    heddle_tool_set_least_approval (tool, HEDDLE_APPROVAL_ONCE);
  return tool;
}
