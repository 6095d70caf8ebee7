/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-tool.h"

#include "run/heddle-node-run-private.h"
#include "value/heddle-json.h"

struct _HeddleNodeTool
{
  HeddleTool parent_instance;

  HeddlePlan *plan;
  const HeddleStep *step;
};

G_DEFINE_FINAL_TYPE (HeddleNodeTool, heddle_node_tool, HEDDLE_TYPE_TOOL)

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JsonNode *value = heddle_node_run_call_finish (NULL, result, &error);

  if (value != NULL)
    g_task_return_pointer (task, value, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
heddle_node_tool_call_async (HeddleTool *tool, JsonNode *arguments, const HeddleToolCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  HeddleNodeTool *self = HEDDLE_NODE_TOOL (tool);
  HeddleStepCall step_call = { .step = self->step, .arguments = arguments, .transcript = call->transcript, .span = call->span, .index = call->index };
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, heddle_node_tool_call_async);
  g_task_set_check_cancellable (task, FALSE);
  heddle_node_run_call_async (call->run, &step_call, cancellable, called_cb, task);
}

/* The main value, which is also what would flow along the default port. */
static JsonNode *
heddle_node_tool_call_finish (HeddleTool *tool, GAsyncResult *result, gboolean *is_error, GError **error)
{
  g_autoptr (JsonNode) value = g_task_propagate_pointer (G_TASK (result), error);

  return value != NULL ? json_node_ref (heddle_json_member (value, "output")) : NULL;
}

static void
heddle_node_tool_finalize (GObject *object)
{
  heddle_plan_unref (HEDDLE_NODE_TOOL (object)->plan);
  G_OBJECT_CLASS (heddle_node_tool_parent_class)->finalize (object);
}

static void
heddle_node_tool_class_init (HeddleNodeToolClass *klass)
{
  HeddleToolClass *tool_class = HEDDLE_TOOL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_node_tool_finalize;
  tool_class->call_async = heddle_node_tool_call_async;
  tool_class->call_finish = heddle_node_tool_call_finish;
}

static void
heddle_node_tool_init (HeddleNodeTool *self)
{
}

HeddleTool *
heddle_node_tool_new (HeddlePlan *plan, const HeddleStep *step)
{
  HeddleNodeTool *self = g_object_new (HEDDLE_TYPE_NODE_TOOL, NULL);
  HeddleTool *tool = HEDDLE_TOOL (self);

  self->plan = heddle_plan_ref (plan);
  self->step = step;
  heddle_tool_set_name (tool, heddle_json_get_string (step->tool, "name", step->id));
  heddle_tool_set_description (tool, heddle_json_get_string (step->tool, "description", ""));
  heddle_tool_set_parameters (tool, heddle_json_member (step->tool, "parameters"));
  heddle_tool_set_node (tool, step->id);
  if ((step->type->flags & HEDDLE_NODE_AGENT) != 0)
    heddle_tool_set_kind (tool, "agent");
  heddle_tool_apply_spec (tool, step->tool);
  return tool;
}
