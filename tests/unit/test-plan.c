/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "plan/heddle-index-queue.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-flow.h"
#include "value/heddle-json.h"

#include <string.h>

#define TYPE(id) heddle_registry_lookup (id)

static HeddlePlanBuilder *
new_builder (void)
{
  return heddle_plan_builder_new ("w", "Workflow");
}

static void
add_echoes (HeddlePlanBuilder *builder, const char *ids)
{
  g_auto (GStrv) names = g_strsplit (ids, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    heddle_test_nodes_add (builder, names[i], &heddle_test_node_echo, NULL);
}

static void
test_queue (void)
{
  HeddleIndexQueue queue;
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint64 last = 0;

  heddle_index_queue_init (&queue);
  for (guint i = 0; i < 1000; i++)
    heddle_index_queue_push (&queue, g_rand_int_range (random, 0, 500));
  for (guint i = 0; i < 1000; i++)
    {
      guint64 key = heddle_index_queue_pop (&queue);

      g_assert_cmpuint (key, >=, last);
      last = key;
    }
  g_assert_true (heddle_index_queue_is_empty (&queue));
  heddle_index_queue_clear (&queue);
}

static char *
order_of (HeddlePlan *plan)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);

      g_assert_cmpuint (step->index, ==, i);
      g_assert_true (heddle_plan_find_step (plan, step->id) == step);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", step->id);
    }
  return g_string_free (text, FALSE);
}

static void
test_order (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddlePlan) plan = NULL;
  g_autofree char *order = NULL;

  add_echoes (builder, "e d c b a");
  heddle_test_nodes_connect (builder, "a d, b d, d e");
  plan = heddle_harness_finish (builder);
  order = order_of (plan);
  g_assert_cmpstr (order, ==, "c b a d e");
  for (guint i = 0; i < heddle_plan_get_n_edges (plan); i++)
    g_assert_cmpuint (heddle_plan_get_edge (plan, i)->from, <, heddle_plan_get_edge (plan, i)->to);
  /* Edges stay in document order. */
  g_assert_cmpstr (heddle_plan_get_step (plan, heddle_plan_get_edge (plan, 0)->from)->id, ==, "a");
}

static void
test_circle (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (GError) error = NULL;

  add_echoes (builder, "a b c");
  heddle_test_nodes_connect (builder, "a b, b c, c b");
  g_assert_null (heddle_plan_builder_finish (builder, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "“b”"));
}

static void
test_refuses (void)
{
  g_autoptr (HeddlePlanBuilder) builder = new_builder ();
  g_autoptr (JsonNode) params = heddle_harness_json ("{\"text\":\"{{ 1 + }}\"}");
  GError *error = NULL;

  add_echoes (builder, "a b");
  g_assert_false (heddle_plan_builder_add_step (builder, "a", NULL, &heddle_test_node_echo, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (heddle_plan_builder_add_edge (builder, "a", NULL, "nobody", NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (heddle_plan_builder_add_edge (builder, "a", "nowhere", "b", NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (heddle_plan_builder_add_step (builder, "c", NULL, TYPE ("template"), json_node_get_object (params), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
}

static void
test_reads (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddlePlan) plan = NULL;
  const HeddleStep *set;

  add_echoes (builder, "a b c");
  heddle_test_nodes_add (builder, "set", TYPE ("set"),
                         "{\"values\":[{\"name\":\"{{ $c }}\",\"value\":\"{{ $a.output }} {{ $input }}\"},"
                         "{\"name\":\"y\",\"value\":[{\"deep\":\"{{ $b.output + $a.output }}\"}]}]}");
  plan = heddle_harness_finish (builder);
  set = heddle_plan_find_step (plan, "set");
  g_assert_cmpuint (set->reads->len, ==, 2);
  g_assert_cmpuint (g_array_index (set->reads, guint, 0), ==, heddle_plan_find_step (plan, "a")->index);
  g_assert_cmpuint (g_array_index (set->reads, guint, 1), ==, heddle_plan_find_step (plan, "b")->index);
}

static void
assert_resolves (const HeddleNodeType *type, const char *params, const char *expected)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (JsonNode) context = heddle_harness_json ("{\"nodes\":{\"a\":{\"output\":{\"n\":5}}},\"input\":\"in\"}");
  g_autoptr (JsonNode) node = NULL;
  HeddleScope scope;
  GError *error = NULL;

  heddle_test_nodes_add (builder, "x", type, params);
  plan = heddle_harness_finish (builder);
  heddle_scope_init_context (&scope, context);
  node = heddle_step_resolve (heddle_plan_get_step (plan, 0), &scope, &error);
  g_assert_no_error (error);
  heddle_harness_assert_json (node, expected);
}

static void
test_resolve (void)
{
  assert_resolves (TYPE ("template"), "{\"text\":\"plain\"}", "{\"text\":\"plain\"}");
  assert_resolves (TYPE ("template"), "{\"text\":\"\\\\{{ kept\"}", "{\"text\":\"{{ kept\"}");
  assert_resolves (TYPE ("template"), "{\"text\":\"{{ $a.output }}\"}", "{\"text\":\"{\\\"n\\\":5}\"}");
  assert_resolves (TYPE ("output"), "{\"value\":\"{{ $a.output }}\"}", "{\"value\":{\"n\":5}}");
  assert_resolves (TYPE ("output"), "{\"value\":\"  \"}", "{}");
  assert_resolves (TYPE ("if-else"), "{\"condition\":\"$a.output.n === 5\"}", "{\"condition\":true}");
  assert_resolves (TYPE ("if-else"), "{\"condition\":\" {{ $a.output.n === 5 }} \"}", "{\"condition\":true}");
  assert_resolves (TYPE ("set"), "{\"mode\":\"only\",\"values\":[{\"name\":\"{{x}}\",\"value\":{\"k\":[\"{{ $a.output.n }}\",1]}}]}",
                   "{\"mode\":\"only\",\"values\":[{\"name\":\"{{x}}\",\"value\":{\"k\":[5,1]}}]}");
  /* A parameter that is not shown has no say, so what is wrong in it does not matter. */
  assert_resolves (TYPE ("merge"), "{\"separator\":9}", "{\"mode\":\"any\",\"result\":\"auto\",\"separator\":\"\\\\n\\\\n\",\"cancel_losers\":false}");
}

static void
test_flow_follows_one_port (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleFlow) flow = NULL;
  gboolean skipped;
  guint step;

  heddle_test_nodes_add (builder, "check", TYPE ("if-else"), "{\"condition\":\"true\"}");
  add_echoes (builder, "yes no");
  heddle_test_nodes_connect (builder, "check.true yes, check.false no");
  plan = heddle_harness_finish (builder);
  flow = heddle_flow_new (plan);
  heddle_flow_start (flow, NULL);
  g_assert_true (heddle_flow_next (flow, &step, &skipped) && step == 0 && !skipped);
  g_assert_false (heddle_flow_next (flow, &step, &skipped));
  heddle_flow_resolve (flow, 0, &(guint){ 1 }, 1);
  g_assert_true (heddle_flow_next (flow, &step, &skipped) && step == 1 && skipped);
  g_assert_true (heddle_flow_next (flow, &step, &skipped) && step == 2 && !skipped);
  g_assert_cmpint (heddle_flow_get_edge (flow, 0), ==, HEDDLE_FLOW_DEAD);
  g_assert_cmpint (heddle_flow_get_edge (flow, 1), ==, HEDDLE_FLOW_LIVE);
}

static const char workflow[] =
  "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w1\",\"name\":\"Triage\",\"settings\":{\"env\":{\"team\":\"blue\"}},"
  "\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},"
  "{\"id\":\"router\",\"type\":\"template\",\"params\":{\"text\":\"{{ $start.message.includes('charged') ? 'billing' : 'technical' }}\"}},"
  "{\"id\":\"check\",\"type\":\"if-else\",\"params\":{\"condition\":\"$router.output === \\\"billing\\\"\"}},"
  "{\"id\":\"billing\",\"type\":\"template\",\"params\":{\"text\":\"Billing {{ $env.team }}: {{ $start.message }}\"}},"
  "{\"id\":\"technical\",\"type\":\"template\",\"params\":{\"text\":\"Technical\"}},"
  "{\"id\":\"out\",\"type\":\"output\"}],"
  "\"edges\":[{\"from\":\"start\",\"to\":\"router\"},{\"from\":\"router\",\"to\":\"check\"},"
  "{\"from\":\"check.true\",\"to\":\"billing\"},{\"from\":\"check.false\",\"to\":\"technical\"},"
  "{\"from\":\"billing\",\"to\":\"out\"},{\"from\":\"technical\",\"to\":\"out\"}]}";

static void
test_compile (void)
{
  g_autoptr (HeddleHarnessResult) billing = heddle_harness_run_workflow (workflow, NULL, "\"I was charged twice\"");
  g_autoptr (HeddleHarnessResult) technical = heddle_harness_run_workflow (workflow, NULL, "{\"message\":\"It crashes\"}");
  g_autoptr (HeddleHarnessResult) missing = heddle_harness_run_workflow (workflow, NULL, NULL);

  heddle_harness_assert_json (billing->output, "\"Billing blue: I was charged twice\"");
  heddle_harness_assert_json (technical->output, "\"Technical\"");
  g_assert_error (missing->error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_assert_nonnull (strstr (missing->error->message, "Message"));
}

static void
test_compile_refuses (void)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_problem_unref);
  g_autoptr (HeddleGraph) graph =
    heddle_graph_new_from_json ("{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[{\"id\":\"x\",\"type\":\"if-else\"}]}", -1, &error);

  g_assert_no_error (error);
  g_assert_null (heddle_plan_compile (graph, problems, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_assert_true (heddle_problem_list_has_errors (problems));
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/queue", test_queue);
  g_test_add_func ("/plan/order", test_order);
  g_test_add_func ("/plan/circle", test_circle);
  g_test_add_func ("/plan/refuses", test_refuses);
  g_test_add_func ("/plan/reads", test_reads);
  g_test_add_func ("/plan/resolve", test_resolve);
  g_test_add_func ("/plan/flow", test_flow_follows_one_port);
  g_test_add_func ("/plan/compile", test_compile);
  g_test_add_func ("/plan/compile-refuses", test_compile_refuses);
  return g_test_run ();
}
