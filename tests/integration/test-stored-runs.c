/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "registry/heddle-node-type.h"
#include "store/heddle-store.h"
#include "test-dump.h"
#include "value/heddle-json.h"

#define TYPE(id) heddle_registry_lookup (id)

/* The engine records into a store; the run is followed live to its end. */
typedef struct
{
  HeddleStore *store;
  HeddleEngine *engine;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  HeddleEngineServices services = { NULL };

  fixture->store = heddle_store_new (":memory:", NULL);
  services.store = fixture->store;
  fixture->engine = heddle_engine_new (&services);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  heddle_engine_shutdown (fixture->engine);
  g_object_unref (fixture->engine);
  g_object_unref (fixture->store);
}

static HeddleTrace *
follow (HeddleRun *run, gboolean cancel_at_text)
{
  HeddleTrace *trace = heddle_trace_new_live (run, 0);

  while (heddle_trace_get_state (trace) == HEDDLE_RUN_RUNNING)
    {
      HeddleSpan *span = heddle_trace_find_node (trace, "stream");

      if (cancel_at_text && span != NULL && *heddle_span_get_text (span) != '\0')
        heddle_run_cancel (run);
      g_main_context_iteration (NULL, TRUE);
    }
  return trace;
}

static void
assert_stored_as_seen (Fixture *fixture, HeddlePlanBuilder *builder, HeddleRunState state)
{
  g_autoptr (HeddlePlan) plan = heddle_harness_finish (builder);
  g_autoptr (HeddleRun) run = heddle_engine_start (fixture->engine, plan, NULL, NULL);
  g_autoptr (HeddleTrace) live = follow (run, state == HEDDLE_RUN_CANCELLED);
  g_autoptr (HeddleTrace) stored = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *live_text = test_dump_trace (live);
  g_autofree char *stored_text = NULL;
  HeddleRunInfo *info = NULL;

  events = heddle_store_load_run (fixture->store, heddle_run_get_id (run), &info, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (info->state, ==, state);
  g_assert_cmpint (info->duration, ==, heddle_trace_get_duration (live));
  stored = heddle_trace_new (info->id, info->started);
  heddle_run_info_free (info);
  heddle_trace_apply (stored, events);
  stored_text = test_dump_trace (stored);
  g_assert_cmpstr (stored_text, ==, live_text);
  g_assert_cmpint (heddle_trace_get_state (live), ==, state);
}

static HeddlePlanBuilder *
new_builder (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autoptr (JsonNode) value = heddle_json_string ("x");

  heddle_test_nodes_add_value (builder, "start", value);
  return builder;
}

static void
test_ok (Fixture *fixture, gconstpointer data)
{
  HeddlePlanBuilder *builder = new_builder ();

  heddle_test_nodes_add (builder, "check", TYPE ("if-else"), "{\"condition\":\"true\"}");
  heddle_test_nodes_add (builder, "a", TYPE ("template"), "{\"text\":\"A\"}");
  heddle_test_nodes_add (builder, "b", TYPE ("template"), "{\"text\":\"B\"}");
  heddle_test_nodes_add (builder, "again", &heddle_test_node_flaky, "{\"failures\":1,\"retry_after\":1}");
  heddle_test_nodes_add (builder, "out", TYPE ("output"), NULL);
  heddle_test_nodes_connect (builder, "start check, check.true a, check.false b, a out, b out, start again");
  assert_stored_as_seen (fixture, builder, HEDDLE_RUN_OK);
}

static void
test_failed (Fixture *fixture, gconstpointer data)
{
  HeddlePlanBuilder *builder = new_builder ();

  heddle_test_nodes_add (builder, "bad", TYPE ("fail"), "{\"message\":\"Out of luck\"}");
  heddle_test_nodes_add (builder, "sibling", TYPE ("wait"), "{\"seconds\":60}");
  heddle_test_nodes_connect (builder, "start bad, start sibling");
  assert_stored_as_seen (fixture, builder, HEDDLE_RUN_FAILED);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  HeddlePlanBuilder *builder = new_builder ();

  heddle_test_nodes_add (builder, "stream", &heddle_test_node_stream, "{\"text\":\"so far\"}");
  heddle_test_nodes_connect (builder, "start stream");
  assert_stored_as_seen (fixture, builder, HEDDLE_RUN_CANCELLED);
}

#define ADD(name, func) g_test_add ("/stored-runs/" name, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("ok", test_ok);
  ADD ("failed", test_failed);
  ADD ("cancelled", test_cancelled);
  return g_test_run ();
}
