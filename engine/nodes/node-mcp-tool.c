/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-node-run.h"
#include "tool/heddle-mcp-result.h"
#include "tool/heddle-mcp-run.h"
#include "value/heddle-json.h"

typedef struct
{
  char *server;
  char *tool;
  JsonNode *arguments;
  gboolean fail_on_error;
  gint64 timeout;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Result"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_MCP_SERVER (Params, server, N_ ("MCP server"), .help = N_ ("One of those in the preferences."), .required = TRUE),
  HEDDLE_STRING (Params, tool, N_ ("Tool"), .help = N_ ("Its name, as the server gives it."), .placeholder = "echo", .required = TRUE),
  HEDDLE_JSON (Params, arguments, N_ ("Arguments"), .help = N_ ("A JSON object. A text that is one {{ }} alone keeps its type."), .placeholder = "{\"message\": \"{{ $input }}\"}", .def.s = "{}", .is_template = TRUE, .is_main = TRUE),
  HEDDLE_BOOLEAN (Params, fail_on_error, N_ ("Fail when the tool fails"), .help = N_ ("Otherwise what the tool says of its failure is handed on."), .def.b = TRUE, .advanced = TRUE),
  HEDDLE_INT (Params, timeout, N_ ("Timeout in seconds"), .help = N_ ("How long the tool may be silent; 0 is what the server's settings say."), .def.i = 0, .min = 0, .max = 600, .step = 10, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "content", N_ ("Content"), HEDDLE_VALUE_LIST },
  { "is_error", N_ ("The tool failed"), HEDDLE_VALUE_BOOLEAN },
  { NULL },
};

/* One call under way. */
typedef struct
{
  HeddleNodeRun *run;
  guint64 span;
  char *tool;
  gboolean fail_on_error;
} Call;

static void
call_free (Call *call)
{
  heddle_node_run_unref (call->run);
  g_free (call->tool);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
progress_cb (double fraction, const char *text, gpointer user_data)
{
  const Call *call = user_data;

  heddle_mcp_run_note_progress (call->run, call->span, fraction, text);
}

static GError *
tool_error (const Call *call, const HeddleMcpResult *result)
{
  g_autofree char *text = heddle_mcp_result_to_text (result);
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("The tool “%s” failed: %s"), call->tool, text);

  heddle_error_set_hint (error, _ ("Check the arguments, or hand the failure on instead."));
  return error;
}

static JsonNode *
end_attributes (const HeddleMcpResult *result)
{
  JsonObject *attributes = json_object_new ();

  json_object_set_member (attributes, "result", heddle_mcp_result_to_value (result));
  json_object_set_boolean_member (attributes, "is_error", result->is_error);
  return heddle_json_object (attributes);
}

static void
called_cb (GObject *source, GAsyncResult *res, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  GError *error = NULL;
  g_autoptr (HeddleMcpResult) result = heddle_mcp_run_call_finish (res, &error);

  if (result != NULL && result->is_error && call->fail_on_error)
    error = tool_error (call, result);
  heddle_node_run_end_span (call->run, call->span, result == NULL ? NULL : end_attributes (result), error);
  if (error != NULL)
    {
      heddle_node_run_fail (call->run, error);
      return;
    }
  heddle_node_run_set_result (call->run, "content", json_node_ref (result->content));
  heddle_node_run_set_result (call->run, "is_error", heddle_json_boolean (result->is_error));
  heddle_node_run_complete (call->run, heddle_mcp_result_to_value (result));
}

static guint64
begin_span (HeddleNodeRun *node_run, const Params *p)
{
  JsonObject *attributes = json_object_new ();

  json_object_set_string_member (attributes, "tool", p->tool);
  json_object_set_string_member (attributes, "server", p->server);
  json_object_set_member (attributes, "arguments", json_node_ref (p->arguments));
  return heddle_node_run_begin_span (node_run, "tool", p->tool, 0, heddle_json_object (attributes));
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  HeddleMcpCall request = { p->tool, p->arguments, (guint) p->timeout * 1000, progress_cb, NULL };
  Call *call;

  if (!JSON_NODE_HOLDS_OBJECT (p->arguments))
    {
      heddle_node_run_fail (node_run, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The arguments of the tool must be a JSON object.")));
      return;
    }
  call = g_new0 (Call, 1);
  call->run = heddle_node_run_ref (node_run);
  call->tool = g_strdup (p->tool);
  call->fail_on_error = p->fail_on_error;
  call->span = begin_span (node_run, p);
  request.progress_data = call;
  heddle_mcp_run_call_async (node_run, p->server, &request, call->span, heddle_node_run_get_cancellable (node_run), called_cb, call);
}

static char *
describe (JsonObject *values)
{
  const char *server = heddle_params_get_string (values, "server", "");
  const char *tool = heddle_params_get_string (values, "tool", "");

  if (*server == '\0' || *tool == '\0')
    return g_strdup (*tool == '\0' ? server : tool);
  /* Translators: a tool and the server that has it. */
  return g_strdup_printf (_ ("%s of %s"), tool, server);
}

static void
check (JsonObject *values, const char *node, GPtrArray *problems)
{
  JsonNode *arguments = json_object_get_member (values, "arguments");

  if (arguments != NULL && JSON_NODE_HOLDS_ARRAY (arguments))
    g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, node, NULL, "arguments", _ ("The arguments of the tool must be a JSON object.")));
}

const HeddleNodeType heddle_node_type_mcp_tool = {
  .id = "mcp-tool",
  .version = 1,
  .title = N_ ("MCP Tool"),
  .summary = N_ ("Calls one tool of an MCP server."),
  .keywords = N_ ("model context protocol server function call"),
  .icon_name = "heddle-mcp-tool-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_UNSAFE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"server\":\"everything\",\"tool\":\"echo\",\"arguments\":{\"message\":\"{{ $input }}\"}},\"inputs\":{\"in\":\"hello\"}}",
  .describe = describe,
  .check = check,
  .run = run,
};
