/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

#include <string.h>

#define TYPE(id) heddle_registry_lookup (id)

/* What happens after a failure, for each way that a policy can say. */

static HeddlePlanBuilder *
new_builder (void)
{
  return heddle_plan_builder_new ("w", "Workflow");
}

static HeddleHarnessResult *
run (HeddlePlanBuilder *builder)
{
  HeddleEngineServices services = { .retry_base_ms = 1 };

  return heddle_harness_run_plan (heddle_harness_finish (builder), &services, NULL);
}

static void
add (HeddlePlanBuilder *builder, const char *id, const HeddleNodeType *type, const char *params, const char *policy)
{
  g_autoptr (JsonNode) node = policy != NULL ? heddle_harness_json (policy) : NULL;
  GError *error = NULL;

  heddle_test_nodes_add (builder, id, type, params);
  if (node != NULL)
    heddle_plan_builder_set_policy (builder, id, json_node_get_object (node), &error);
  g_assert_no_error (error);
}

static void
add_echoes (HeddlePlanBuilder *builder, const char *ids)
{
  g_auto (GStrv) names = g_strsplit (ids, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    heddle_test_nodes_add (builder, names[i], &heddle_test_node_echo, NULL);
}

static void
add_text (HeddlePlanBuilder *builder, const char *id, const char *text)
{
  g_autoptr (JsonNode) value = heddle_json_string (text);

  heddle_test_nodes_add_value (builder, id, value);
}

static guint
count (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node)
{
  return heddle_harness_count (result, kind, node);
}

static void
assert_class (JsonNode *record, const char *expected)
{
  g_assert_cmpstr (heddle_json_get_string (record, "class", NULL), ==, expected);
}

static void
test_continue (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *failed;

  add (builder, "bad", &heddle_test_node_flaky, "{\"failures\":9}", "{\"on_error\":\"continue\",\"max_attempts\":2}");
  add_echoes (builder, "next");
  heddle_test_nodes_connect (builder, "bad next");
  result = run (builder);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "bad"), ==, 2);
  assert_class (heddle_json_member (result->output, "error"), "network");
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (result->output, "error"), "node", NULL), ==, "bad");
  g_assert_cmpint (heddle_json_get_int (heddle_json_member (result->output, "error"), "attempt", 0), ==, 2);
  failed = heddle_harness_find (result, HEDDLE_EVENT_NODE_FAILED, "bad");
  g_assert_cmpstr (heddle_json_get_string (failed->data, "handled", NULL), ==, "continue");
}

/* The message of an error is never the answer itself. */
static void
test_error_is_no_answer (gconstpointer data)
{
  g_autofree char *policy = g_strdup_printf ("{\"on_error\":\"%s\"}", (const char *) data);
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "bad", TYPE ("fail"), "{\"message\":\"Out of luck\"}", policy);
  heddle_test_nodes_add (builder, "next", TYPE ("template"), "{\"text\":\"{{ $bad.output }}\"}");
  heddle_test_nodes_connect (builder, "bad.error next");
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpstr (json_node_get_string (result->output), !=, "Out of luck");
}

static void
test_default (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_text (builder, "start", "x");
  add (builder, "bad", &heddle_test_node_flaky, "{\"failures\":9}",
       "{\"on_error\":\"default\",\"default\":{\"n\":[1,\"{{ $start.output }}\",\"{{ 1 + 1 }}\"]}}");
  add_echoes (builder, "next");
  heddle_test_nodes_connect (builder, "start bad, bad next");
  result = run (builder);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "{\"n\":[1,\"x\",2]}");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_RETRY, "bad"), ==, 2);
}

static void
test_default_is_null (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "bad", &heddle_test_node_flaky, "{\"failures\":9}", "{\"on_error\":\"default\"}");
  result = run (builder);
  g_assert_true (heddle_json_is_null (result->output));
}

static void
test_default_that_fails (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "bad", &heddle_test_node_flaky, "{\"failures\":9}", "{\"on_error\":\"default\",\"default\":\"{{ $input.a.b.c }}\"}");
  result = run (builder);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION);
}

/* Never both: the error port is live and the normal port dead, or the other way round. */
static void
test_route (gconstpointer data)
{
  gboolean fails = GPOINTER_TO_INT (data);
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  const char *taken = fails ? "rescue" : "normal";
  const char *left = fails ? "normal" : "rescue";

  add (builder, "node", &heddle_test_node_flaky, fails ? "{\"failures\":9}" : "{\"failures\":0}", "{\"on_error\":\"route\",\"max_attempts\":1}");
  add_echoes (builder, "normal rescue after");
  heddle_test_nodes_connect (builder, "node.out normal, node.error rescue, normal after");
  result = run (builder);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, taken), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_SKIPPED, left), ==, 1);
  /* The skip spreads. */
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_SKIPPED, "after"), ==, fails ? 1 : 0);
  if (fails)
    assert_class (result->output, "network");
}

/* engine.md: error and normal edge meeting at one Output. */
static void
test_edges_meet (gconstpointer data)
{
  gboolean fails = GPOINTER_TO_INT (data);
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "node", &heddle_test_node_flaky, fails ? "{\"failures\":9}" : "{\"failures\":0}", "{\"on_error\":\"route\",\"max_attempts\":1}");
  heddle_test_nodes_add (builder, "out", TYPE ("output"), NULL);
  heddle_test_nodes_connect (builder, "node.out out, node.error out");
  result = run (builder);

  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "out"), ==, 1);
  if (fails)
    assert_class (result->output, "network");
  else
    heddle_harness_assert_json (result->output, "\"done\"");
}

/* engine.md: error on one parallel branch; with an error edge the other goes on. */
static void
test_parallel_branch_goes_on (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "bad", TYPE ("fail"), NULL, "{\"on_error\":\"route\"}");
  add_echoes (builder, "rescue");
  heddle_test_nodes_add (builder, "other", TYPE ("wait"), "{\"seconds\":0.02}");
  add_echoes (builder, "last");
  heddle_test_nodes_connect (builder, "bad.error rescue, other last");
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "last"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_CANCELLED, NULL), ==, 0);
}

/* An error that would go nowhere is not swallowed. */
static void
test_route_to_nowhere (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "bad", TYPE ("fail"), "{\"message\":\"Out of luck\"}", "{\"on_error\":\"route\"}");
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpstr (result->error->message, ==, "Out of luck");
}

static void
test_always_after_failure (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_text (builder, "fine", "x");
  heddle_test_nodes_add (builder, "bad", TYPE ("fail"), "{\"message\":\"Out of luck\"}");
  heddle_test_nodes_add (builder, "cleanup", &heddle_test_node_join_always, NULL);
  add_echoes (builder, "after never");
  heddle_test_nodes_add (builder, "any", TYPE ("merge"), NULL);
  heddle_test_nodes_connect (builder, "fine never, fine any, never cleanup, never bad, cleanup after, after any");
  result = run (builder);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpstr (result->error->message, ==, "Out of luck");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "cleanup"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "after"), ==, 1);
}

static void
test_attempt_timeout (gconstpointer data)
{
  const char *mode = data;
  HeddlePlanBuilder *builder = new_builder ();
  g_autofree char *policy = g_strdup_printf ("{\"on_error\":\"%s\",\"attempt_timeout\":0.02,\"max_attempts\":2,\"default\":7}", mode);
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "slow", &heddle_test_node_stream, NULL, policy);
  add_echoes (builder, "next");
  heddle_test_nodes_connect (builder, strcmp (mode, "route") == 0 ? "slow.error next" : "slow next");
  result = run (builder);

  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "slow"), ==, 2);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_RETRY, "slow"), ==, 1);
  if (strcmp (mode, "fail") == 0)
    {
      g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
      g_assert_nonnull (strstr (result->error->message, "attempt"));
    }
  else if (strcmp (mode, "default") == 0)
    heddle_harness_assert_json (result->output, "7");
  else if (strcmp (mode, "route") == 0)
    assert_class (result->output, "timeout");
  else
    assert_class (heddle_json_member (result->output, "error"), "timeout");
}

static void
test_timeout (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "slow", &heddle_test_node_stream, NULL, "{\"timeout\":0.03}");
  result = run (builder);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (result->error->message, "in all"));
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "slow"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_PARTIAL, "slow"), ==, 1);
}

/* The limit holds for the waits between attempts too. */
static void
test_timeout_while_waiting (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "flaky", &heddle_test_node_flaky, "{\"failures\":9}", "{\"timeout\":0.03,\"retry_delay\":60}");
  result = run (builder);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "flaky"), ==, 1);
}

static void
test_attempts (gconstpointer data)
{
  guint attempts = GPOINTER_TO_UINT (data);
  HeddlePlanBuilder *builder = new_builder ();
  g_autofree char *policy = g_strdup_printf ("{\"max_attempts\":%u,\"retry_delay\":0}", attempts);
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "flaky", &heddle_test_node_flaky, "{\"failures\":99}", policy);
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "flaky"), ==, attempts);
}

static void
test_retry_unsafe (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "post", &heddle_test_node_flaky_unsafe, NULL, "{\"retry_unsafe\":true}");
  result = run (builder);
  heddle_harness_assert_json (result->output, "\"done\"");
}

static gboolean
cancel_cb (gpointer run)
{
  heddle_run_cancel (run);
  return G_SOURCE_REMOVE;
}

/* A stop is no failure: it is taken up by nothing. */
static void
test_cancel (gconstpointer data)
{
  const char *mode = data;
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autofree char *policy = g_strdup_printf ("{\"on_error\":\"%s\",\"timeout\":60}", mode);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) handle = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "slow", &heddle_test_node_stream, NULL, policy);
  add_echoes (builder, "next told");
  heddle_test_nodes_add (builder, "catch", TYPE ("error-handler"), NULL);
  heddle_test_nodes_connect (builder, strcmp (mode, "route") == 0 ? "slow.error next, catch told" : "slow next, catch told");
  plan = heddle_harness_finish (builder);
  handle = heddle_engine_start (engine, plan, NULL, NULL);
  heddle_harness_wait_for (handle, HEDDLE_EVENT_NODE_DELTA);
  cancel_cb (handle);
  result = heddle_harness_wait (handle);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, NULL), ==, 1);
}

static HeddlePlanBuilder *
new_handled (const char *handler_branch)
{
  HeddlePlanBuilder *builder = new_builder ();

  add_text (builder, "start", "x");
  heddle_test_nodes_add (builder, "sibling", TYPE ("wait"), "{\"seconds\":60}");
  heddle_test_nodes_add (builder, "bad", TYPE ("fail"), "{\"message\":\"Out of luck\"}");
  heddle_test_nodes_add (builder, "queued", TYPE ("wait"), "{\"seconds\":60}");
  heddle_test_nodes_add (builder, "catch", TYPE ("error-handler"), NULL);
  heddle_test_nodes_add (builder, "out", TYPE ("output"), NULL);
  heddle_test_nodes_connect (builder, "start sibling, start bad, start queued, sibling out");
  if (handler_branch != NULL)
    heddle_test_nodes_add (builder, "answer", TYPE (handler_branch), strcmp (handler_branch, "template") == 0 ? "{\"text\":\"Sorry: {{ $catch.output.error.message }} at {{ $catch.output.node }}, {{ $start.output }}\"}" : NULL);
  return builder;
}

static void
test_handler_reaches_output (void)
{
  HeddlePlanBuilder *builder = new_handled ("template");
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *last;

  heddle_test_nodes_connect (builder, "catch answer, answer out");
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "\"Sorry: Out of luck at bad, x\"");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_CANCELLED, "sibling"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_SKIPPED, "queued"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "out"), ==, 1);
  last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  g_assert_nonnull (strstr (heddle_json_get_string (last->data, "note", ""), "Fail"));
}

static void
test_handler_without_output (void)
{
  HeddlePlanBuilder *builder = new_handled ("template");
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_connect (builder, "catch answer");
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpstr (result->error->message, ==, "Out of luck");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "answer"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_SKIPPED, "out"), ==, 1);
}

static void
test_handler_fails (void)
{
  HeddlePlanBuilder *builder = new_handled ("fail");
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *last;

  heddle_test_nodes_connect (builder, "catch answer");
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpstr (result->error->message, ==, "Out of luck");
  last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  g_assert_nonnull (strstr (heddle_json_get_string (last->data, "note", ""), "failed too"));
  g_assert_cmpstr (heddle_json_get_string (last->data, "node", NULL), ==, "bad");
}

/* Where nothing fails its branch is skipped, and what waits for it goes on. */
static void
test_handler_is_not_needed (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_text (builder, "start", "x");
  heddle_test_nodes_add (builder, "catch", TYPE ("error-handler"), NULL);
  add_echoes (builder, "answer");
  heddle_test_nodes_add (builder, "out", TYPE ("output"), NULL);
  heddle_test_nodes_connect (builder, "start out, catch answer, answer out");
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "\"x\"");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_SKIPPED, NULL), ==, 2);
}

/* What a node took up itself is no matter of the handler. */
static void
test_handler_leaves_handled (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add (builder, "bad", TYPE ("fail"), NULL, "{\"on_error\":\"continue\"}");
  heddle_test_nodes_add (builder, "catch", TYPE ("error-handler"), NULL);
  result = run (builder);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "catch"), ==, 0);
}

int
main (int argc, char **argv)
{
  static const char *const modes[] = { "fail", "continue", "default", "route" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error-handling/continue", test_continue);
  g_test_add_data_func ("/error-handling/no-answer/route", "route", test_error_is_no_answer);
  g_test_add_func ("/error-handling/default/value", test_default);
  g_test_add_func ("/error-handling/default/null", test_default_is_null);
  g_test_add_func ("/error-handling/default/fails", test_default_that_fails);
  g_test_add_data_func ("/error-handling/route/fails", GINT_TO_POINTER (TRUE), test_route);
  g_test_add_data_func ("/error-handling/route/works", GINT_TO_POINTER (FALSE), test_route);
  g_test_add_data_func ("/error-handling/error-and-normal-edge-meet/error", GINT_TO_POINTER (TRUE), test_edges_meet);
  g_test_add_data_func ("/error-handling/error-and-normal-edge-meet/normal", GINT_TO_POINTER (FALSE), test_edges_meet);
  g_test_add_func ("/error-handling/error-on-parallel-branch", test_parallel_branch_goes_on);
  g_test_add_func ("/error-handling/route/nowhere", test_route_to_nowhere);
  g_test_add_func ("/error-handling/join-always-after-failure", test_always_after_failure);
  g_test_add_func ("/error-handling/timeout/all", test_timeout);
  g_test_add_func ("/error-handling/timeout/waiting", test_timeout_while_waiting);
  g_test_add_data_func ("/error-handling/attempts/1", GUINT_TO_POINTER (1), test_attempts);
  g_test_add_data_func ("/error-handling/attempts/10", GUINT_TO_POINTER (10), test_attempts);
  g_test_add_func ("/error-handling/attempts/unsafe", test_retry_unsafe);
  g_test_add_func ("/error-handling/handler/output", test_handler_reaches_output);
  g_test_add_func ("/error-handling/handler/no-output", test_handler_without_output);
  g_test_add_func ("/error-handling/handler/fails", test_handler_fails);
  g_test_add_func ("/error-handling/handler/not-needed", test_handler_is_not_needed);
  g_test_add_func ("/error-handling/handler/handled", test_handler_leaves_handled);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autofree char *timeout = g_strdup_printf ("/error-handling/timeout/attempt/%s", modes[i]);
      g_autofree char *cancel = g_strdup_printf ("/error-handling/cancel/%s", modes[i]);

      g_test_add_data_func (timeout, modes[i], test_attempt_timeout);
      g_test_add_data_func (cancel, modes[i], test_cancel);
    }
  return g_test_run ();
}
