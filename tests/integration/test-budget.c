/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

#include <locale.h>

typedef struct
{
  char *usage; /* JSON */
} Params;

static const HeddlePortSpec inputs[] = { { "in", "Input", HEDDLE_VALUE_ANY }, { NULL } };
static const HeddlePortSpec outputs[] = { { "out", "Output", HEDDLE_VALUE_ANY }, { NULL } };
static const HeddleParamSpec params[] = { HEDDLE_TEXT (Params, usage, "Usage"), { NULL } };

static JsonNode *
usage_attributes (JsonNode *usage)
{
  JsonObject *attributes = json_object_new ();

  json_object_set_member (attributes, "usage", usage);
  return heddle_json_object (attributes);
}

/* Uses what it was told to, once. */
static void
run_spend (HeddleNodeRun *run, gconstpointer data)
{
  const Params *p = data;
  guint64 span = heddle_node_run_begin_span (run, "model", "chat test", 0, NULL);

  heddle_node_run_end_span (run, span, usage_attributes (heddle_harness_json (p->usage)), NULL);
  heddle_node_run_complete (run, heddle_json_string ("spent"));
}

typedef struct
{
  HeddleNodeRun *run;
  guint64 span;
  gint64 tokens;
} Creep;

static gboolean
creep_cb (gpointer data)
{
  Creep *creep = data;
  g_autofree char *usage = g_strdup_printf ("{\"input_tokens\":0,\"output_tokens\":%" G_GINT64_FORMAT ",\"estimated\":true}", ++creep->tokens);

  if (g_cancellable_is_cancelled (heddle_node_run_get_cancellable (creep->run)))
    {
      heddle_node_run_complete (creep->run, heddle_json_string ("late"));
      return G_SOURCE_REMOVE;
    }
  heddle_node_run_update_span (creep->run, creep->span, usage_attributes (heddle_harness_json (usage)));
  return G_SOURCE_CONTINUE;
}

static void
creep_free (gpointer data)
{
  Creep *creep = data;

  heddle_node_run_unref (creep->run);
  g_free (creep);
}

/* Streams a token at a time and never ends. */
static void
run_creep (HeddleNodeRun *run, gconstpointer data)
{
  Creep *creep = g_new0 (Creep, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  creep->run = heddle_node_run_ref (run);
  creep->span = heddle_node_run_begin_span (run, "model", "chat test", 0, NULL);
  g_source_set_callback (source, creep_cb, creep, creep_free);
  g_source_attach (source, heddle_node_run_get_context (run));
}

#define NODE(name, function)                                                                                                                                                                                                                                              \
  {                                                                                                                                                                                                                                                                       \
    .id = name, .version = 1, .title = name, .summary = "Is for tests.", .icon_name = "heddle-llm-symbolic", .category = HEDDLE_CATEGORY_MODELS, .inputs = inputs, .outputs = outputs, .params = params, .params_size = sizeof (Params), .example = "{}", .run = function \
  }

static const HeddleNodeType spend = NODE ("test-spend", run_spend);
static const HeddleNodeType creep = NODE ("test-creep", run_creep);

#define COST(nano) "{\"usage\":\"{\\\"input_tokens\\\":1,\\\"output_tokens\\\":1,\\\"cost\\\":" #nano "}\"}"
#define NO_PRICE "{\"usage\":\"{\\\"input_tokens\\\":1,\\\"output_tokens\\\":1}\"}"

static HeddlePlanBuilder *
new_chain (const char *first, const char *second, const char *third)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");

  heddle_test_nodes_add (builder, "a", &spend, first);
  heddle_test_nodes_add (builder, "b", &spend, second);
  heddle_test_nodes_add (builder, "c", &spend, third);
  heddle_test_nodes_connect (builder, "a b, b c");
  return builder;
}

/* budget, override: JSON or NULL. */
static HeddleHarnessResult *
run (HeddlePlanBuilder *builder, const char *budget, const char *override)
{
  g_autoptr (JsonNode) own = budget != NULL ? heddle_harness_json (budget) : NULL;
  g_autoptr (JsonNode) other = override != NULL ? heddle_harness_json (override) : NULL;
  const HeddleRunOptions options = { .budget = other };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) handle = NULL;

  if (own != NULL)
    heddle_plan_builder_set_budget (builder, own);
  plan = heddle_harness_finish (builder);
  handle = heddle_engine_start (engine, plan, NULL, &options);
  return heddle_harness_wait (handle);
}

static void
assert_stopped (const HeddleHarnessResult *result, const char *message)
{
  const HeddleEvent *last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT);
  g_assert_nonnull (strstr (result->error->message, message));
  g_assert_nonnull (heddle_error_detail (result->error)->hint);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (last->data, "error"), "class", NULL), ==, "limit");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_FINISHED, NULL), ==, 1);
}

static void
test_cost (void)
{
  g_autoptr (HeddleHarnessResult) result = run (new_chain (COST (1000000), COST (1000000), COST (1000000)), "{\"cost\":0.0015}", NULL);
  const HeddleEvent *last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);

  assert_stopped (result, "budget of $0.0015 is used up. It has cost $0.0020 so far");
  /* What has finished is kept, the call under way is paid, nothing follows. */
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "a"));
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "b"));
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, "c"));
  heddle_harness_assert_json (heddle_json_member (last->data, "usage"), "{\"input_tokens\":2,\"output_tokens\":2,\"total_tokens\":4,\"cost\":2000000}");
}

/* What is just the budget is within it; one more is not, even of the last step. */
static void
test_border (void)
{
  g_autoptr (HeddleHarnessResult) within = run (new_chain (COST (500), COST (500), COST (500)), "{\"cost\":0.0000015,\"tokens\":6,\"steps\":3}", NULL);
  g_autoptr (HeddleHarnessResult) beyond = run (new_chain (COST (500), COST (500), COST (501)), "{\"cost\":0.0000015}", NULL);

  g_assert_cmpint (within->state, ==, HEDDLE_RUN_OK);
  assert_stopped (beyond, "budget");
}

static gint64
used_tokens (const HeddleHarnessResult *result)
{
  const HeddleEvent *last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);

  return heddle_json_get_int (heddle_json_member (last->data, "usage"), "total_tokens", -1);
}

/* Its estimate is over the budget, what it has used in the end is not. */
static void
run_doubt (HeddleNodeRun *run, gconstpointer data)
{
  guint64 span = heddle_node_run_begin_span (run, "model", "chat test", 0, NULL);

  heddle_node_run_update_span (run, span, usage_attributes (heddle_harness_json ("{\"input_tokens\":99,\"estimated\":true}")));
  heddle_node_run_end_span (run, span, usage_attributes (heddle_harness_json ("{\"input_tokens\":5}")), NULL);
  heddle_node_run_complete (run, heddle_json_string ("done"));
}

static const HeddleNodeType doubt = NODE ("test-doubt", run_doubt);

static void
test_estimate (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "a", &doubt, NULL);
  heddle_test_nodes_add (builder, "b", &doubt, NULL);
  heddle_test_nodes_connect (builder, "a b");
  result = run (builder, "{\"tokens\":10}", NULL);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpint (used_tokens (result), ==, 10);
}

/* A stream is stopped in its middle, at the report that passed the limit. */
static void
test_stream (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *span;

  heddle_test_nodes_add (builder, "a", &creep, NULL);
  heddle_test_nodes_add (builder, "b", &heddle_test_node_echo, NULL);
  heddle_test_nodes_connect (builder, "a b");
  result = run (builder, "{\"tokens\":50}", NULL);
  assert_stopped (result, "budget of 50 tokens is used up. It has used ≈ 51 so far");
  g_assert_cmpint (used_tokens (result), ==, 51);
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_CANCELLED, "a"));
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, "b"));
  span = heddle_harness_find (result, HEDDLE_EVENT_SPAN_FINISHED, "a");
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (span->data, "error"), "class", NULL), ==, "cancelled");
}

/* Nodes at the same time have one budget together. */
static void
test_parallel (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autoptr (HeddleHarnessResult) result = NULL;

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);

      heddle_test_nodes_add (builder, id, &creep, NULL);
    }
  result = run (builder, "{\"tokens\":100}", NULL);
  assert_stopped (result, "100 tokens");
  g_assert_cmpint (used_tokens (result), >, 100);
  g_assert_cmpint (used_tokens (result), <=, 100 + 8);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_CANCELLED, NULL), ==, 8);
}

static void
test_unknown_price (void)
{
  g_autoptr (HeddleHarnessResult) result = run (new_chain (NO_PRICE, COST (0), NO_PRICE), "{\"cost\":0}", NULL);
  g_autoptr (HeddleHarnessResult) known = run (new_chain (NO_PRICE, COST (1), NO_PRICE), "{\"cost\":0}", NULL);
  const HeddleEvent *last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_nonnull (strstr (heddle_json_get_string (last->data, "note", ""), "could not be held"));
  assert_stopped (known, "budget of $0");
}

static void
test_steps (void)
{
  g_autoptr (HeddleHarnessResult) stopped = run (new_chain (COST (0), COST (0), COST (0)), "{\"steps\":2}", NULL);
  g_autoptr (HeddleHarnessResult) raised = run (new_chain (COST (0), COST (0), COST (0)), "{\"steps\":2}", "{\"steps\":3}");
  g_autoptr (HeddleHarnessResult) none = run (new_chain (COST (0), COST (0), COST (0)), "{\"steps\":0}", "{}");
  g_autoptr (HeddleHarnessResult) lifted = run (new_chain (COST (0), COST (0), COST (0)), "{\"steps\":2}", "{\"steps\":null}");

  assert_stopped (stopped, "its budget is 2 steps");
  g_assert_nonnull (heddle_harness_find (stopped, HEDDLE_EVENT_NODE_FINISHED, "b"));
  g_assert_null (heddle_harness_find (stopped, HEDDLE_EVENT_NODE_STARTED, "c"));
  g_assert_cmpint (raised->state, ==, HEDDLE_RUN_OK);
  assert_stopped (none, "0 steps");
  g_assert_cmpuint (heddle_harness_count (none, HEDDLE_EVENT_NODE_STARTED, NULL), ==, 0);
  g_assert_cmpint (lifted->state, ==, HEDDLE_RUN_OK);
}

static void
test_time (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "a", &heddle_test_node_stream, NULL);
  result = run (builder, "{\"seconds\":0}", NULL);
  assert_stopped (result, "budget of 0 seconds");
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_CANCELLED, "a"));
}

/* Members that make no sense are no limits here; a workflow with such does not compile. */
static void
test_hostile (void)
{
  static const char *const budgets[] = { "7", "[]", "{\"cost\":\"1\",\"tokens\":[],\"seconds\":\"x\",\"steps\":{}}", "{\"cost\":-1,\"tokens\":-5,\"seconds\":1e300,\"steps\":1e300}" };

  for (guint i = 0; i < G_N_ELEMENTS (budgets); i++)
    {
      g_autoptr (HeddleHarnessResult) result = run (new_chain (COST (5), COST (5), COST (5)), budgets[i], NULL);

      g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
    }
}

static void
test_validated (void)
{
  static const char *const budgets[] = { "7", "{\"cost\":\"1\"}", "{\"tokens\":-5}", "{\"steps\":[]}" };

  for (guint i = 0; i < G_N_ELEMENTS (budgets); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"W\",\"settings\":{\"budget\":%s},"
                                               "\"nodes\":[{\"id\":\"output\",\"type\":\"output\"}]}",
                                               budgets[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);

      g_assert_no_error (error);
      g_assert_null (heddle_plan_compile (graph, NULL, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "budget"));
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/budget/cost", test_cost);
  g_test_add_func ("/budget/border", test_border);
  g_test_add_func ("/budget/estimate", test_estimate);
  g_test_add_func ("/budget/stream", test_stream);
  g_test_add_func ("/budget/parallel", test_parallel);
  g_test_add_func ("/budget/unknown-price", test_unknown_price);
  g_test_add_func ("/budget/steps", test_steps);
  g_test_add_func ("/budget/time", test_time);
  g_test_add_func ("/budget/hostile", test_hostile);
  g_test_add_func ("/budget/validated", test_validated);
  return g_test_run ();
}
