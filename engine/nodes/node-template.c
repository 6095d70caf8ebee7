/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

typedef struct
{
  char *text;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Text"), HEDDLE_VALUE_TEXT },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_TEXT (Params, text, N_ ("Text"), .help = N_ ("Text with expressions in double braces, which are replaced by their values."), .placeholder = N_ ("Dear {{ $start.name }},"), .is_template = TRUE, .is_main = TRUE),
  { NULL },
};

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;

  heddle_node_run_complete (node_run, heddle_json_string (p->text != NULL ? p->text : ""));
}

static char *
describe (JsonObject *values)
{
  return g_strdup (heddle_params_get_string (values, "text", NULL));
}

const HeddleNodeType heddle_node_type_template = {
  .id = "template",
  .version = 1,
  .title = N_ ("Template"),
  .summary = N_ ("Writes a text in which values are filled in."),
  .keywords = N_ ("text string format compose message prompt"),
  .icon_name = "heddle-template-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_PURE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .main_alias = "text",
  .example = "{\"params\":{\"text\":\"Hello {{ $input.name }}!\"},"
             "\"inputs\":{\"in\":{\"name\":\"Ada\"}},\"outputs\":{\"out\":\"Hello Ada!\"}}",
  .describe = describe,
  .run = run,
  .tool = "{\"description\":\"Returns a text with the arguments in it.\"}",
};
