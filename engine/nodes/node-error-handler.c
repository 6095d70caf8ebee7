/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"

typedef struct
{
  char *note;
} Params;

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Failure"), HEDDLE_VALUE_OBJECT },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_TEXT (Params, note, N_ ("Note"), .help = N_ ("What this way is for, shown on the card."), .placeholder = N_ ("Tell the team and answer politely"), .is_main = TRUE),
  { NULL },
};

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  JsonNode *failure = heddle_node_run_get_failure (node_run);

  if (failure != NULL)
    heddle_node_run_complete (node_run, json_node_ref (failure));
  else
    heddle_node_run_fail (node_run, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Nothing has failed that could be handled.")));
}

static char *
describe (JsonObject *values)
{
  return g_strdup (heddle_params_get_string (values, "note", NULL));
}

const HeddleNodeType heddle_node_type_error_handler = {
  .id = "error-handler",
  .version = 1,
  .title = N_ ("Error Handler"),
  .summary = N_ ("Begins a way that is taken when a node fails and nothing else takes the error up."),
  .keywords = N_ ("catch exception failure fallback rescue finally on error"),
  .icon_name = "heddle-fail-symbolic",
  .category = HEDDLE_CATEGORY_START,
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_HANDLER,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"note\":\"Answer politely\"}}",
  .describe = describe,
  .run = run,
};
