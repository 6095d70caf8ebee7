/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

typedef struct
{
  JsonNode *condition;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "true", N_ ("True"), HEDDLE_VALUE_ANY },
  { "false", N_ ("False"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_EXPRESSION (Params, condition, N_ ("Condition"), .help = N_ ("The run goes on at True when this holds, and at False otherwise."), .placeholder = "$router.output === \"billing\"", .required = TRUE, .is_main = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "condition", N_ ("Condition"), HEDDLE_VALUE_BOOLEAN },
  { NULL },
};

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  JsonNode *input = heddle_node_run_get_input (node_run, "in");
  gboolean holds = heddle_json_is_truthy (p->condition);

  heddle_node_run_set_result (node_run, "condition", heddle_json_boolean (holds));
  heddle_node_run_complete_port (node_run, holds ? "true" : "false", input != NULL ? json_node_ref (input) : heddle_json_null ());
}

static char *
describe (JsonObject *values)
{
  return g_strdup (heddle_params_get_string (values, "condition", NULL));
}

const HeddleNodeType heddle_node_type_if_else = {
  .id = "if-else",
  .version = 1,
  .title = N_ ("If-Else"),
  .summary = N_ ("Takes one of two branches, depending on a condition."),
  .keywords = N_ ("condition branch decide route compare when"),
  .icon_name = "heddle-if-else-symbolic",
  .category = HEDDLE_CATEGORY_LOGIC,
  .effect = HEDDLE_EFFECT_PURE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"condition\":\"$input === \\\"billing\\\"\"},"
             "\"inputs\":{\"in\":\"billing\"},\"outputs\":{\"true\":\"billing\"}}",
  .describe = describe,
  .run = run,
};
