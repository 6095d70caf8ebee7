/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

typedef struct
{
  JsonNode *value;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Result"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_VALUE (Params, value, N_ ("Value"), .help = N_ ("The result of the run. Empty: what arrives at this node."), .placeholder = "{{ $input }}", .is_main = TRUE),
  { NULL },
};

static JsonNode *
result_of (HeddleNodeRun *node_run, const Params *p)
{
  JsonNode *input = heddle_node_run_get_input (node_run, "in");

  if (p->value != NULL)
    return json_node_ref (p->value);
  return input != NULL ? json_node_ref (input) : heddle_json_null ();
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  heddle_node_run_complete (node_run, result_of (node_run, data));
}

static char *
describe (JsonObject *values)
{
  return g_strdup (heddle_params_get_string (values, "value", NULL));
}

const HeddleNodeType heddle_node_type_output = {
  .id = "output",
  .version = 1,
  .title = N_ ("Output"),
  .summary = N_ ("Its value is the result of the run."),
  .keywords = N_ ("end result return answer finish response"),
  .icon_name = "heddle-output-symbolic",
  .category = HEDDLE_CATEGORY_FINISH,
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_FINISH,
  .inputs = inputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"value\":\"{{ $input.answer }}\"},\"inputs\":{\"in\":{\"answer\":42}},\"outputs\":{\"output\":42}}",
  .describe = describe,
  .run = run,
};
