/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-fields.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

typedef struct
{
  JsonNode *inputs;
  JsonNode *outputs;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Output"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec inner_outputs[] = {
  { "start", N_ ("Start"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec inner_inputs[] = {
  { "end", N_ ("End"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_FIELDS (Params, inputs, N_ ("Inputs"), .help = N_ ("The fields that what comes in has to have; without any, it may be anything. In the frame they are read by the subflow’s name, such as $subflow.message."), .def.s = "[]"),
  HEDDLE_FIELDS (Params, outputs, N_ ("Outputs"), .help = N_ ("The fields that what goes out has to have; without any, it may be anything."), .def.s = "[]"),
  { NULL },
};

static gboolean
has_fields (JsonNode *fields)
{
  return fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) && json_array_get_length (json_node_get_array (fields)) > 0;
}

/* The value with its fields checked and filled in. */
static JsonNode *
read_fields (JsonNode *fields, JsonNode *value, GError **error)
{
  JsonObject *object;

  if (!has_fields (fields))
    return value != NULL ? json_node_ref (value) : heddle_json_null ();
  object = heddle_fields_read (fields, value, NULL, error);
  return object != NULL ? heddle_json_object (object) : NULL;
}

static void
body_ended (HeddleNodeRun *node_run, const HeddleBodyResult *result, gpointer data)
{
  const Params *p = data;
  GError *error = NULL;
  JsonNode *output = NULL;

  if (result->end == HEDDLE_BODY_FAILED)
    error = g_error_copy (result->error);
  else if (result->end == HEDDLE_BODY_EMPTY)
    output = heddle_json_null ();
  else
    output = read_fields (p->outputs, result->value, &error);
  if (output != NULL)
    heddle_node_run_complete (node_run, output);
  else
    heddle_node_run_fail (node_run, error);
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  GError *error = NULL;
  g_autoptr (JsonNode) value = read_fields (p->inputs, heddle_node_run_get_input (node_run, "in"), &error);

  if (value != NULL)
    heddle_node_run_start_body (node_run, 0, value, NULL, body_ended, (gpointer) p);
  else
    heddle_node_run_fail (node_run, error);
}

const HeddleNodeType heddle_node_type_subflow = {
  .id = "subflow",
  .version = 1,
  .title = N_ ("Subflow"),
  .summary = N_ ("Holds a part of the workflow in a frame, with typed inputs and outputs."),
  .keywords = N_ ("group part section subgraph function component"),
  .icon_name = "heddle-subflow-symbolic",
  .category = HEDDLE_CATEGORY_LOGIC,
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_CONTAINER,
  .inputs = inputs,
  .outputs = outputs,
  .inner_outputs = inner_outputs,
  .inner_inputs = inner_inputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"inputs\":[{\"name\":\"message\",\"type\":\"text\",\"required\":true}]},\"inputs\":{\"in\":{\"message\":\"Hello\"}}}",
  .run = run,
};
