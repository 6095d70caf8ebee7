/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-fields.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

typedef struct
{
  JsonNode *fields;
} Params;

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Input"), HEDDLE_VALUE_OBJECT },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_FIELDS (Params, fields, N_ ("Fields"), .help = N_ ("What a run asks for. Each field can be read by its name, such as $start.message."), .def.s = "[{\"name\":\"message\",\"title\":\"Message\",\"type\":\"multiline\",\"required\":true}]", .required = TRUE, .is_main = TRUE),
  { NULL },
};

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  GError *error = NULL;
  JsonObject *object = heddle_fields_read (p->fields, heddle_node_run_get_run_input (node_run), NULL, &error);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (object == NULL)
    {
      heddle_node_run_fail (node_run, error);
      return;
    }
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    heddle_node_run_set_result (node_run, name, json_node_ref (value));
  heddle_node_run_complete (node_run, heddle_json_object (object));
}

static JsonArray *
dup_fields (JsonObject *values, JsonNode **owner)
{
  *owner = heddle_params_dup_value (heddle_registry_lookup ("input"), values, "fields");
  return *owner != NULL && JSON_NODE_HOLDS_ARRAY (*owner) ? json_node_get_array (*owner) : NULL;
}

static char *
describe (JsonObject *values)
{
  g_autoptr (JsonNode) owner = NULL;
  JsonArray *fields = dup_fields (values, &owner);
  GString *text = g_string_new (NULL);

  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", heddle_field_get_title (json_array_get_element (fields, i)));
  return g_string_free (text, FALSE);
}

const HeddleNodeType heddle_node_type_input = {
  .id = "input",
  .version = 1,
  .title = N_ ("Input"),
  .summary = N_ ("Begins a run with the values that it asks for."),
  .keywords = N_ ("start begin trigger message question form field parameter"),
  .icon_name = "heddle-input-symbolic",
  .category = HEDDLE_CATEGORY_START,
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_START,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"fields\":[{\"name\":\"message\",\"type\":\"text\",\"required\":true},"
             "{\"name\":\"count\",\"type\":\"number\",\"default\":3}]},"
             "\"input\":{\"message\":\"Hello\"},"
             "\"outputs\":{\"out\":{\"message\":\"Hello\",\"count\":3}}}",
  .describe = describe,
  .run = run,
};
