/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-harness-knowledge.h"
#include "heddle-error.h"
#include "heddle-harness.h"
#include "knowledge/heddle-knowledge.h"
#include "provider/heddle-models.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

/* What every node type must do; a new one is tested by being in the list. */

static JsonNode *
example_of (const HeddleNodeType *type)
{
  return heddle_harness_json (type->example);
}

static void
test_descriptor (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  heddle_node_type_check (data, &error);
  g_assert_no_error (error);
}

static void
test_schema (gconstpointer data)
{
  const HeddleNodeType *type = data;
  g_autoptr (JsonNode) description = heddle_node_type_to_json (type);
  g_autofree char *text = heddle_json_to_text (description, HEDDLE_JSON_PRETTY);
  g_autoptr (JsonNode) again = heddle_harness_json (text);
  JsonNode *properties = heddle_json_member (heddle_json_member (again, "params"), "properties");

  g_assert_true (heddle_json_equal (description, again));
  g_assert_cmpstr (heddle_json_get_string (again, "id", NULL), ==, type->id);
  HEDDLE_FOREACH_PARAM (p, type)
    {
      JsonNode *schema = heddle_json_member (properties, p->name);
      g_autoptr (JsonNode) value = heddle_param_dup_default (p);

      g_assert_nonnull (heddle_json_get_string (schema, "title", NULL));
      if (value != NULL)
        g_assert_true (heddle_json_equal (value, heddle_json_member (schema, "default")));
    }
}

/* Stored params of any form never crash what looks at them before a check. */
static void
test_hostile_params (gconstpointer data)
{
  static const char *const values[] = { "null", "true", "-1", "1e308", "\"\"", "\"{{ $x\"", "[]", "{}",
                                        "[null,1,{\"name\":\"\"},{\"name\":\"a\"},{\"name\":\"a\",\"value\":{}}]" };
  const HeddleNodeType *type = data;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (JsonObject) params = json_object_new ();
      g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
      g_autoptr (GPtrArray) outputs = NULL;
      g_autofree char *line = NULL;

      HEDDLE_FOREACH_PARAM (p, type)
        json_object_set_member (params, p->name, heddle_harness_json (values[i]));
      heddle_params_check (type, params, "node", problems);
      outputs = heddle_node_type_list_outputs (type, params);
      g_assert_nonnull (outputs);
      line = type->describe != NULL ? type->describe (params) : NULL;
      if (line != NULL)
        g_assert_true (g_utf8_validate (line, -1, NULL));
      if (type->get_join != NULL)
        g_assert_cmpint (type->get_join (params, type->inputs[0].name), <=, HEDDLE_JOIN_ALWAYS);
    }
}

static void
assert_outputs (JsonNode *outputs, const HeddleEvent *finished)
{
  JsonArray *live = heddle_json_get_array (finished->data, "live");
  JsonNode *output = heddle_json_member (heddle_json_member (finished->data, "result"), "output");
  const char *port = json_array_get_length (live) > 0 ? json_array_get_string_element (live, 0) : "output";
  g_autofree char *shown = heddle_json_to_text (output, HEDDLE_JSON_COMPACT);
  JsonNode *expected = heddle_json_member (outputs, port);

  g_assert_nonnull (expected);
  if (!heddle_json_equal (output, expected))
    g_error ("unexpected output at %s: %s", port, shown);
}

static HeddleHarnessResult *
run_example (const HeddleNodeType *type, JsonNode *example)
{
  g_autoptr (HeddleModels) models = heddle_models_new (NULL, NULL);
  g_autoptr (HeddleKnowledge) knowledge = heddle_harness_new_knowledge (models, NULL);
  HeddleEngineServices services = { .models = models, .knowledge = knowledge };
  JsonNode *input = heddle_json_member (example, "input");
  g_autofree char *text = input != NULL ? heddle_json_to_text (input, HEDDLE_JSON_COMPACT) : NULL;

  return heddle_harness_run_plan (heddle_harness_plan_node (type, example), &services, text);
}

static void
test_example (gconstpointer data)
{
  const HeddleNodeType *type = data;
  g_autoptr (JsonNode) example = example_of (type);
  JsonNode *outputs = heddle_json_member (example, "outputs");
  const char *failure = heddle_json_get_string (example, "error", NULL);
  g_autoptr (HeddleHarnessResult) result = NULL;

  if (outputs == NULL && failure == NULL)
    {
      g_test_skip ("the example does not say what comes out");
      return;
    }
  if (strcmp (type->id, "code") == 0 && !heddle_harness_has_sandbox ())
    return;
  result = run_example (type, example);
  if (failure != NULL)
    {
      g_assert_nonnull (result->error);
      g_assert_cmpstr (result->error->message, ==, failure);
      return;
    }
  g_assert_no_error (result->error);
  assert_outputs (outputs, heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "node"));
}

static void
test_cancel (gconstpointer data)
{
  const HeddleNodeType *type = data;
  g_autoptr (JsonNode) example = example_of (type);
  g_autoptr (HeddlePlan) plan = heddle_harness_plan_node (type, example);
  g_autoptr (HeddleModels) models = heddle_models_new (NULL, NULL);
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&(HeddleEngineServices){ .models = models });
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, heddle_json_member (example, "input"), NULL);
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_harness_wait_for (run, HEDDLE_EVENT_NODE_STARTED);
  heddle_run_cancel (run);
  result = heddle_harness_wait (run);
  /* What ended by itself before is none the worse. */
  if (result->state == HEDDLE_RUN_CANCELLED)
    g_assert_true (heddle_error_is_cancelled (result->error));
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_FINISHED, NULL), ==, 1);
}

static void
add (const char *what, const HeddleNodeType *type, GTestDataFunc func)
{
  g_autofree char *path = g_strdup_printf ("/node-types/%s/%s", type->id, what);

  g_test_add_data_func (path, type, func);
}

int
main (int argc, char **argv)
{
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; types[i] != NULL; i++)
    {
      add ("descriptor", types[i], test_descriptor);
      add ("schema", types[i], test_schema);
      add ("hostile-params", types[i], test_hostile_params);
      add ("example", types[i], test_example);
      add ("cancel", types[i], test_cancel);
    }
  return g_test_run ();
}
