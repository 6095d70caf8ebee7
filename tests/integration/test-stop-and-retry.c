/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

#define TYPE(id) heddle_registry_lookup (id)

static HeddlePlanBuilder *
new_builder (void)
{
  return heddle_plan_builder_new ("w", "Workflow");
}

static HeddleHarnessResult *
run (HeddlePlanBuilder *builder)
{
  return heddle_harness_run_plan (heddle_harness_finish (builder), NULL, NULL);
}

static const char *
text_of (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node)
{
  const HeddleEvent *event = heddle_harness_find (result, kind, node);

  g_assert_nonnull (event);
  return event->text;
}

static void
assert_cancelled (const HeddleHarnessResult *result)
{
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  g_assert_true (heddle_error_is_cancelled (result->error));
  g_assert_null (result->output);
}

static void
cancel_at_delta_cb (HeddleRun *handle, GPtrArray *events, gpointer user_data)
{
  for (guint i = 0; i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      if (event->kind == HEDDLE_EVENT_NODE_DELTA)
        heddle_run_cancel (handle);
    }
}

static void
test_cancel_stream (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) handle = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *span, *last;

  heddle_test_nodes_add (builder, "llm", &heddle_test_node_stream, "{\"text\":\"so far\"}");
  heddle_test_nodes_add (builder, "after", &heddle_test_node_echo, NULL);
  heddle_test_nodes_connect (builder, "llm after");
  plan = heddle_harness_finish (builder);
  handle = heddle_engine_start (engine, plan, NULL, NULL);
  heddle_run_subscribe (handle, NULL, 0, cancel_at_delta_cb, NULL, NULL);
  result = heddle_harness_wait (handle);

  assert_cancelled (result);
  g_assert_cmpstr (text_of (result, HEDDLE_EVENT_NODE_PARTIAL, "llm"), ==, "so far");
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_CANCELLED, "llm"));
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, NULL));
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, "after"));
  span = heddle_harness_find (result, HEDDLE_EVENT_SPAN_FINISHED, "llm");
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (span->data, "error"), "class", NULL), ==, "cancelled");
  last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  heddle_harness_assert_json (heddle_json_member (last->data, "usage"),
                              "{\"input_tokens\":3,\"output_tokens\":1,\"total_tokens\":4,\"estimated\":true}");
}

/* Holds the engine's thread until the lock is free. */
static gboolean
pass_lock_cb (gpointer data)
{
  g_mutex_lock (data);
  g_mutex_unlock (data);
  return G_SOURCE_REMOVE;
}

/* A stop that comes first leaves nothing to start. */
static void
test_cancel_before_start (void)
{
  GMutex lock;
  g_autoptr (GSource) blocker = g_idle_source_new ();
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) handle = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "wait", TYPE ("wait"), "{\"seconds\":60}");
  heddle_test_nodes_add (builder, "echo", &heddle_test_node_echo, NULL);
  plan = heddle_harness_finish (builder);
  g_mutex_init (&lock);
  g_mutex_lock (&lock);
  g_source_set_priority (blocker, G_PRIORITY_HIGH);
  g_source_set_callback (blocker, pass_lock_cb, &lock, NULL);
  g_source_attach (blocker, heddle_engine_get_context (engine));
  handle = heddle_engine_start (engine, plan, NULL, NULL);
  heddle_run_cancel (handle);
  heddle_run_cancel (handle);
  g_mutex_unlock (&lock);
  result = heddle_harness_wait (handle);
  assert_cancelled (result);
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, NULL));
  heddle_run_cancel (handle);
  g_mutex_clear (&lock);
}

/* What waits for its turn never gets it, and those under way end once. */
static void
test_cancel_waiting (void)
{
  HeddleEngineServices services = { .max_running = 2 };
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) handle = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  guint n_started;

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);

      heddle_test_nodes_add (builder, id, &heddle_test_node_stream, NULL);
    }
  plan = heddle_harness_finish (builder);
  handle = heddle_engine_start (engine, plan, NULL, NULL);
  heddle_harness_wait_for (handle, HEDDLE_EVENT_NODE_READY);
  heddle_run_cancel (handle);
  result = heddle_harness_wait (handle);
  assert_cancelled (result);
  /* The stop may come before the second has started, too. */
  n_started = heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, NULL);
  g_assert_cmpuint (n_started, <=, 2);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_CANCELLED, NULL), ==, n_started);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, NULL), ==, 0);
}

static void
test_shutdown_ends_runs (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  HeddleEngine *engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) handle = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "stream", &heddle_test_node_stream, NULL);
  heddle_test_nodes_add (builder, "work", &heddle_test_node_work, "{\"together\":1000}");
  heddle_test_nodes_add (builder, "wait", TYPE ("wait"), "{\"seconds\":60}");
  plan = heddle_harness_finish (builder);
  handle = heddle_engine_start (engine, plan, NULL, NULL);
  g_object_unref (engine);
  result = heddle_harness_wait (handle);
  assert_cancelled (result);
}

static void
test_retry (void)
{
  HeddleEngineServices services = { .retry_base_ms = 2 };
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *retry;

  heddle_test_nodes_add (builder, "flaky", &heddle_test_node_flaky, "{\"failures\":2}");
  result = heddle_harness_run_plan (heddle_harness_finish (builder), &services, NULL);

  heddle_harness_assert_json (result->output, "\"done\"");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "flaky"), ==, 3);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_RETRY, "flaky"), ==, 2);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_PARTIAL, "flaky"), ==, 2);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FAILED, "flaky"), ==, 0);
  retry = heddle_harness_find (result, HEDDLE_EVENT_NODE_RETRY, "flaky");
  g_assert_cmpuint (retry->attempt, ==, 1);
  g_assert_cmpint (heddle_json_get_int (retry->data, "delay", -1), <=, 2);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (retry->data, "error"), "class", NULL), ==, "network");
}

static void
test_retry_gives_up (void)
{
  HeddleEngineServices services = { .retry_base_ms = 1 };
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "flaky", &heddle_test_node_flaky, "{\"failures\":9,\"error_class\":\"overloaded\"}");
  result = heddle_harness_run_plan (heddle_harness_finish (builder), &services, NULL);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_OVERLOADED);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "flaky"), ==, 3);
}

static void
test_retry_after (void)
{
  HeddleEngineServices services = { .retry_base_ms = 60000 };
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *retry;

  heddle_test_nodes_add (builder, "flaky", &heddle_test_node_flaky, "{\"error_class\":\"rate_limit\",\"retry_after\":20}");
  result = heddle_harness_run_plan (heddle_harness_finish (builder), &services, NULL);
  retry = heddle_harness_find (result, HEDDLE_EVENT_NODE_RETRY, "flaky");
  g_assert_cmpint (heddle_json_get_int (retry->data, "delay", -1), ==, 20);
  g_assert_cmpint (result->duration, >=, 20000);
}

static void
test_no_retry (gconstpointer data)
{
  const HeddleNodeType *type = data;
  HeddlePlanBuilder *builder = new_builder ();
  gboolean is_unsafe = type == &heddle_test_node_flaky_unsafe;
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "node", type, is_unsafe ? NULL : "{\"error_class\":\"auth\"}");
  result = run (builder);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, NULL), ==, 1);
  g_assert_cmpstr (text_of (result, HEDDLE_EVENT_NODE_PARTIAL, "node"), ==, "half");
}

static void
test_cancel_while_retrying (void)
{
  HeddleEngineServices services = { .retry_base_ms = 60000 };
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) handle = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "flaky", &heddle_test_node_flaky, NULL);
  plan = heddle_harness_finish (builder);
  handle = heddle_engine_start (engine, plan, NULL, NULL);
  heddle_run_subscribe (handle, NULL, 0, cancel_at_delta_cb, NULL, NULL);
  result = heddle_harness_wait (handle);
  assert_cancelled (result);
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_CANCELLED, "flaky"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stop-and-retry/cancel/stream", test_cancel_stream);
  g_test_add_func ("/stop-and-retry/cancel/before-start", test_cancel_before_start);
  g_test_add_func ("/stop-and-retry/cancel/waiting", test_cancel_waiting);
  g_test_add_func ("/stop-and-retry/cancel/retrying", test_cancel_while_retrying);
  g_test_add_func ("/stop-and-retry/cancel/shutdown", test_shutdown_ends_runs);
  g_test_add_func ("/stop-and-retry/retry/succeeds", test_retry);
  g_test_add_func ("/stop-and-retry/retry/gives-up", test_retry_gives_up);
  g_test_add_func ("/stop-and-retry/retry/after", test_retry_after);
  g_test_add_data_func ("/stop-and-retry/retry/not-unsafe", &heddle_test_node_flaky_unsafe, test_no_retry);
  g_test_add_data_func ("/stop-and-retry/retry/not-auth", &heddle_test_node_flaky, test_no_retry);
  return g_test_run ();
}
