/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

typedef struct
{
  JsonNode *values;
  char *mode;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Object"), HEDDLE_VALUE_OBJECT },
  { NULL },
};

static const HeddleChoice modes[] = {
  { "keep", N_ ("Keep the input and set these") },
  { "only", N_ ("Only these") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_PAIRS (Params, values, N_ ("Values"), .help = N_ ("Names and their values. One expression alone in double braces keeps its type."), .def.s = "[]", .is_main = TRUE),
  HEDDLE_CHOICE (Params, mode, N_ ("Result"), .help = N_ ("Whether the members of an input object stay beside the new values. Other inputs are left out."), .def.s = "keep", .choices = modes),
  { NULL },
};

static void
copy_members (JsonObject *target, JsonNode *source)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (source == NULL || !JSON_NODE_HOLDS_OBJECT (source))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (source));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (target, name, json_node_ref (value));
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  JsonArray *rows = json_node_get_array (p->values);
  JsonObject *object = json_object_new ();

  if (g_str_equal (p->mode, "keep"))
    copy_members (object, heddle_node_run_get_input (node_run, "in"));
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);
      JsonNode *value = heddle_json_member (row, "value");

      json_object_set_member (object, heddle_json_get_string (row, "name", ""),
                              value != NULL ? json_node_ref (value) : heddle_json_null ());
    }
  heddle_node_run_complete (node_run, heddle_json_object (object));
}

static char *
describe (JsonObject *values)
{
  JsonNode *pairs = json_object_get_member (values, "values");
  JsonArray *rows = pairs != NULL && JSON_NODE_HOLDS_ARRAY (pairs) ? json_node_get_array (pairs) : NULL;
  GString *text = g_string_new (NULL);

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            heddle_json_get_string (json_array_get_element (rows, i), "name", ""));
  return g_string_free (text, FALSE);
}

const HeddleNodeType heddle_node_type_set = {
  .id = "set",
  .version = 1,
  .title = N_ ("Set"),
  .summary = N_ ("Makes an object of named values."),
  .keywords = N_ ("assign variable field edit object map transform json"),
  .icon_name = "heddle-set-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_PURE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"values\":[{\"name\":\"total\",\"value\":\"{{ $input.price * 2 }}\"}]},"
             "\"inputs\":{\"in\":{\"price\":4}},\"outputs\":{\"out\":{\"price\":4,\"total\":8}}}",
  .describe = describe,
  .run = run,
  .tool = "{\"description\":\"Computes values.\"}",
};
