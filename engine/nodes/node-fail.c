/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"

typedef struct
{
  char *message;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_TEXT (Params, message, N_ ("Message"), .help = N_ ("What the failed run says. Expressions in double braces are replaced by their values."), .placeholder = N_ ("No answer for {{ $start.message }}"), .is_template = TRUE, .is_main = TRUE),
  { NULL },
};

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  const char *message = p->message != NULL && *p->message != '\0' ? p->message : _ ("The workflow reached a node that ends it.");

  heddle_node_run_fail (node_run, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_FAILED, message));
}

static char *
describe (JsonObject *values)
{
  return g_strdup (heddle_params_get_string (values, "message", NULL));
}

const HeddleNodeType heddle_node_type_fail = {
  .id = "fail",
  .version = 1,
  .title = N_ ("Fail"),
  .summary = N_ ("Ends the run as failed, with a message."),
  .keywords = N_ ("stop error abort throw raise exit"),
  .icon_name = "heddle-fail-symbolic",
  .category = HEDDLE_CATEGORY_FINISH,
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_FAILS_RUN,
  .inputs = inputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"message\":\"No plan for {{ $input }}\"},\"inputs\":{\"in\":\"Tuesday\"},\"error\":\"No plan for Tuesday\"}",
  .describe = describe,
  .run = run,
};
