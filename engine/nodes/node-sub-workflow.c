/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

typedef struct
{
  char *workflow;
  JsonNode *input;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Output"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_WORKFLOW (Params, workflow, N_ ("Workflow"), .help = N_ ("The stored workflow to run, by its name or id."), .required = TRUE, .is_main = TRUE),
  HEDDLE_VALUE (Params, input, N_ ("Its input"), .help = N_ ("What the workflow is given: an object of its Input’s fields, or one value for the first of them."), .def.s = "{{ $input }}"),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "run", N_ ("Id of its run"), HEDDLE_VALUE_TEXT },
  { NULL },
};

typedef struct
{
  HeddleNodeRun *run;
  guint64 span;
} Call;

static void
call_free (Call *call)
{
  heddle_node_run_unref (call->run);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

/* What its models used counts for this run too. */
static JsonNode *
end_attributes (const char *run, JsonNode *usage)
{
  JsonObject *attributes = json_object_new ();

  if (usage != NULL)
    json_object_set_member (attributes, "usage", json_node_ref (usage));
  if (run != NULL)
    json_object_set_string_member (attributes, "run", run);
  return heddle_json_object (attributes);
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  const char *run;
  JsonNode *usage;
  GError *error = NULL;
  JsonNode *output = heddle_node_run_call_workflow_finish (call->run, result, &run, &usage, &error);

  heddle_node_run_end_span (call->run, call->span, end_attributes (run, usage), error);
  if (output == NULL)
    {
      heddle_node_run_fail (call->run, error);
      return;
    }
  heddle_node_run_set_result (call->run, "run", heddle_json_string (run));
  heddle_node_run_complete (call->run, output);
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  Call *call = g_new0 (Call, 1);

  call->run = heddle_node_run_ref (node_run);
  call->span = heddle_node_run_begin_span (node_run, "workflow", p->workflow, 0, NULL);
  heddle_node_run_call_workflow_async (node_run, p->workflow, p->input, heddle_node_run_get_cancellable (node_run), called_cb, call);
}

static char *
describe (JsonObject *values)
{
  return g_strdup (heddle_params_get_string (values, "workflow", NULL));
}

const HeddleNodeType heddle_node_type_sub_workflow = {
  .id = "sub-workflow",
  .version = 1,
  .title = N_ ("Sub-workflow"),
  .summary = N_ ("Runs another workflow and hands on its output."),
  .keywords = N_ ("subflow nested call execute reuse workflow"),
  .icon_name = "heddle-sub-workflow-symbolic",
  .category = HEDDLE_CATEGORY_LOGIC,
  .effect = HEDDLE_EFFECT_UNSAFE,
  .flags = HEDDLE_NODE_CALLS,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"workflow\":\"Support triage\",\"input\":\"{{ $input }}\"},\"inputs\":{\"in\":{\"message\":\"I was charged twice.\"}}}",
  .tool = "{\"description\":\"Runs a workflow and returns its output.\"}",
  .describe = describe,
  .run = run,
};
