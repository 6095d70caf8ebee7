/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

#include <string.h>

typedef struct
{
  char *name;
  char *choice;
  gint64 count;
  double ratio;
  gboolean flag;
  JsonNode *data;
  JsonNode *value;
  JsonNode *condition;
} Params;

static const HeddleChoice choices[] = {
  { "plain", "Plain" },
  { "fancy", "Fancy" },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Params, name, "Name", .required = TRUE, .is_template = TRUE),
  HEDDLE_CHOICE (Params, choice, "Choice", .def.s = "plain", .choices = choices),
  HEDDLE_INT (Params, count, "Count", .def.i = 3, .min = 1, .max = 10, .visible_if = "choice=fancy"),
  HEDDLE_DOUBLE (Params, ratio, "Ratio", .def.d = 0.5),
  HEDDLE_BOOLEAN (Params, flag, "Flag", .def.b = TRUE),
  HEDDLE_JSON (Params, data, "Data", .def.s = "{\"a\":[1]}"),
  HEDDLE_VALUE (Params, value, "Value"),
  HEDDLE_EXPRESSION (Params, condition, "Condition", .visible_if = "flag=true"),
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", "Out", HEDDLE_VALUE_ANY },
  { NULL },
};

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
}

static const HeddleNodeType type = {
  .id = "test-type",
  .version = 1,
  .title = "Test",
  .summary = "Is for tests.",
  .icon_name = "heddle-set-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"name\":\"x\"}}",
  .run = run,
};

static JsonObject *
parse (const char *text)
{
  g_autoptr (JsonNode) node = heddle_harness_json (text);

  return json_object_ref (json_node_get_object (node));
}

static void
test_list (void)
{
  guint n_types;
  const HeddleNodeType *const *types = heddle_registry_list (&n_types);

  g_assert_cmpuint (n_types, >=, 9);
  g_assert_null (types[n_types]);
  for (guint i = 0; i < n_types; i++)
    {
      g_assert_true (heddle_registry_lookup (types[i]->id) == types[i]);
      if (i > 0)
        g_assert_cmpint (types[i - 1]->category, <=, types[i]->category);
    }
  g_assert_null (heddle_registry_lookup ("no-such-type"));
}

static void
test_load_defaults (void)
{
  g_autoptr (JsonObject) values = parse ("{\"name\":\"n\"}");
  GError *error = NULL;
  Params *loaded = heddle_params_load (&type, values, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (loaded->name, ==, "n");
  g_assert_cmpstr (loaded->choice, ==, "plain");
  g_assert_cmpint (loaded->count, ==, 3);
  g_assert_cmpfloat (loaded->ratio, ==, 0.5);
  g_assert_true (loaded->flag);
  heddle_harness_assert_json (loaded->data, "{\"a\":[1]}");
  g_assert_null (loaded->value);
  heddle_params_free (&type, loaded);
}

static void
test_load_values (void)
{
  g_autoptr (JsonObject) values = parse ("{\"name\":7,\"choice\":\"fancy\",\"count\":4.0,\"ratio\":2,\"flag\":false,\"value\":[1]}");
  GError *error = NULL;
  Params *loaded = heddle_params_load (&type, values, &error);

  g_assert_no_error (error);
  /* A template may have given any value: as text it is what it looks like. */
  g_assert_cmpstr (loaded->name, ==, "7");
  g_assert_cmpint (loaded->count, ==, 4);
  g_assert_cmpfloat (loaded->ratio, ==, 2);
  g_assert_false (loaded->flag);
  heddle_harness_assert_json (loaded->value, "[1]");
  heddle_params_free (&type, loaded);
}

static void
test_load_refuses (void)
{
  static const char *const wrong[] = {
    "{}",
    "{\"name\":\"n\",\"choice\":\"other\"}",
    "{\"name\":\"n\",\"choice\":3}",
    "{\"name\":\"n\",\"count\":11}",
    "{\"name\":\"n\",\"count\":1.5}",
    "{\"name\":\"n\",\"count\":\"2\"}",
    "{\"name\":\"n\",\"ratio\":null}",
    "{\"name\":\"n\",\"flag\":1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (JsonObject) values = parse (wrong[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (heddle_params_load (&type, values, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

static void
test_visible (void)
{
  g_autoptr (JsonObject) none = parse ("{}");
  g_autoptr (JsonObject) fancy = parse ("{\"choice\":\"fancy\",\"flag\":false}");
  const HeddleParamSpec *count = heddle_node_type_find_param (&type, "count");
  const HeddleParamSpec *condition = heddle_node_type_find_param (&type, "condition");

  g_assert_false (heddle_param_is_visible (&type, count, none));
  g_assert_true (heddle_param_is_visible (&type, count, fancy));
  g_assert_true (heddle_param_is_visible (&type, condition, none));
  g_assert_false (heddle_param_is_visible (&type, condition, fancy));
}

static void
assert_problem (const char *values, HeddleSeverity severity, const char *param)
{
  g_autoptr (JsonObject) object = parse (values);
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
  const HeddleProblem *problem;

  heddle_params_check (&type, object, "n", problems);
  g_assert_cmpuint (problems->len, ==, 1);
  problem = g_ptr_array_index (problems, 0);
  g_assert_cmpint (problem->severity, ==, severity);
  g_assert_cmpstr (problem->param, ==, param);
  g_assert_cmpstr (problem->node, ==, "n");
  g_assert_cmpint (heddle_problem_list_has_errors (problems), ==, severity == HEDDLE_SEVERITY_ERROR);
}

static void
test_check (void)
{
  g_autoptr (JsonObject) good = parse ("{\"name\":\"{{ $a.output }}\",\"condition\":\"{{ $a === 1 }}\"}");
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();

  heddle_params_check (&type, good, "n", problems);
  g_assert_cmpuint (problems->len, ==, 0);
  assert_problem ("{}", HEDDLE_SEVERITY_ERROR, "name");
  assert_problem ("{\"name\":\"  \"}", HEDDLE_SEVERITY_ERROR, "name");
  assert_problem ("{\"name\":\"{{ $a. }}\"}", HEDDLE_SEVERITY_ERROR, "name");
  assert_problem ("{\"name\":\"n\",\"condition\":\"$a ===\"}", HEDDLE_SEVERITY_ERROR, "condition");
  assert_problem ("{\"name\":\"n\",\"condition\":5}", HEDDLE_SEVERITY_ERROR, "condition");
  assert_problem ("{\"name\":\"n\",\"count\":99}", HEDDLE_SEVERITY_ERROR, "count");
  assert_problem ("{\"name\":\"n\",\"typo\":1}", HEDDLE_SEVERITY_WARNING, "typo");
}

static void
assert_fails (HeddleNodeType broken, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (heddle_node_type_check (&broken, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not mention “%s”", error->message, part);
}

static void
test_check_type (void)
{
  static const HeddleParamSpec bad_default[] = {
    HEDDLE_CHOICE (Params, choice, "Choice", .def.s = "other", .choices = choices),
    { NULL },
  };
  static const HeddleParamSpec bad_order[] = {
    HEDDLE_STRING (Params, name, "Name", .visible_if = "choice=plain"),
    HEDDLE_CHOICE (Params, choice, "Choice", .def.s = "plain", .choices = choices),
    { NULL },
  };
  HeddleNodeType broken = type;
  g_autoptr (GError) error = NULL;

  heddle_node_type_check (&type, &error);
  g_assert_no_error (error);
  broken.id = "Test";
  assert_fails (broken, "id");
  broken = type;
  broken.summary = "no sentence";
  assert_fails (broken, "summary");
  broken = type;
  broken.params = bad_default;
  assert_fails (broken, "default");
  broken.params = bad_order;
  assert_fails (broken, "visible_if");
  broken = type;
  broken.example = "{\"inputs\":{\"nowhere\":1}}";
  assert_fails (broken, "nowhere");
  broken.example = "{";
  assert_fails (broken, "example");
}

static void
test_schema (void)
{
  g_autoptr (JsonNode) schema = heddle_params_to_schema (&type);
  JsonNode *properties = heddle_json_member (schema, "properties");

  heddle_harness_assert_json (heddle_json_member (schema, "required"), "[\"name\"]");
  heddle_harness_assert_json (heddle_json_member (heddle_json_member (properties, "choice"), "enum"), "[\"plain\",\"fancy\"]");
  heddle_harness_assert_json (heddle_json_member (properties, "count"),
                              "{\"type\":\"integer\",\"title\":\"Count\",\"minimum\":1,\"maximum\":10,\"default\":3,"
                              "\"x-kind\":\"int\",\"x-visible-if\":\"choice=fancy\"}");
}

static void
test_workflow_schema (void)
{
  g_autoptr (JsonNode) schema = heddle_registry_to_schema ();
  JsonNode *defs = heddle_json_member (schema, "$defs");
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  for (guint i = 0; types[i] != NULL; i++)
    g_assert_nonnull (heddle_json_get_object (defs, types[i]->id));
  g_assert_nonnull (heddle_json_get_array (heddle_json_member (defs, "node"), "allOf"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/registry/list", test_list);
  g_test_add_func ("/registry/load/defaults", test_load_defaults);
  g_test_add_func ("/registry/load/values", test_load_values);
  g_test_add_func ("/registry/load/refuses", test_load_refuses);
  g_test_add_func ("/registry/visible", test_visible);
  g_test_add_func ("/registry/check/params", test_check);
  g_test_add_func ("/registry/check/type", test_check_type);
  g_test_add_func ("/registry/schema/params", test_schema);
  g_test_add_func ("/registry/schema/workflow", test_workflow_schema);
  return g_test_run ();
}
