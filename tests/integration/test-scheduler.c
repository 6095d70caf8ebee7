/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

#include <string.h>

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

static void
add_text (HeddlePlanBuilder *builder, const char *id, const char *text)
{
  g_autoptr (JsonNode) value = heddle_json_string (text);

  heddle_test_nodes_add_value (builder, id, value);
}

static void
add_echoes (HeddlePlanBuilder *builder, const char *ids)
{
  g_auto (GStrv) names = g_strsplit (ids, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    heddle_test_nodes_add (builder, names[i], &heddle_test_node_echo, NULL);
}

/* start → check, whose condition is the literal given. */
static HeddlePlanBuilder *
new_branching (const char *condition)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autofree char *params = g_strdup_printf ("{\"condition\":\"%s\"}", condition);

  add_text (builder, "start", "x");
  heddle_test_nodes_add (builder, "check", TYPE ("if-else"), params);
  heddle_test_nodes_connect (builder, "start check");
  return builder;
}

static const char *
text_of (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node)
{
  const HeddleEvent *event = heddle_harness_find (result, kind, node);

  g_assert_nonnull (event);
  return event->text;
}

static void
assert_finished_once (const HeddleHarnessResult *result, const char *node)
{
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, node), ==, 1);
}

static void
test_branch (gconstpointer data)
{
  gboolean holds = GPOINTER_TO_INT (data);
  HeddlePlanBuilder *builder = new_branching (holds ? "true" : "false");
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_text (builder, "unrelated", "y");
  heddle_test_nodes_add (builder, "a", TYPE ("template"), "{\"text\":\"A\"}");
  heddle_test_nodes_add (builder, "b", TYPE ("template"), "{\"text\":\"B\"}");
  heddle_test_nodes_add (builder, "out", TYPE ("output"), NULL);
  heddle_test_nodes_connect (builder, "check.true a, check.false b, a out, b out");
  result = run (builder);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, holds ? "\"A\"" : "\"B\"");
  assert_finished_once (result, "out");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, holds ? "b" : "a"), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, NULL), ==, 1);
  g_assert_nonnull (strstr (text_of (result, HEDDLE_EVENT_NODE_SKIPPED, holds ? "b" : "a"), holds ? "False" : "True"));
  heddle_harness_assert_json (heddle_harness_find (result, HEDDLE_EVENT_NODE_SKIPPED, NULL)->data,
                              "{\"title\":\"Template\",\"type\":\"template\"}");
}

static void
test_parallel_in_edge_order (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *text = NULL;

  /* A ends last, and still comes first. */
  heddle_test_nodes_add (builder, "A", TYPE ("wait"), "{\"seconds\":0.03}");
  add_text (builder, "B", "b");
  heddle_test_nodes_add (builder, "out", TYPE ("output"), NULL);
  heddle_test_nodes_connect (builder, "A out, B out");
  result = run (builder);

  text = heddle_json_to_text (result->output, HEDDLE_JSON_COMPACT);
  g_assert_cmpstr (text, ==, "{\"A\":null,\"B\":\"b\"}");
  assert_finished_once (result, "out");
}

static void
test_unequal_branches (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *order = NULL;

  add_text (builder, "s", "v");
  add_echoes (builder, "a b");
  heddle_test_nodes_add (builder, "b2", TYPE ("wait"), "{\"seconds\":0.02}");
  add_echoes (builder, "j");
  heddle_test_nodes_connect (builder, "s a, s b, b b2, a j, b2 j");
  result = run (builder);

  order = heddle_harness_list (result, HEDDLE_EVENT_NODE_FINISHED, -1);
  g_assert_cmpstr (order, ==, "node.finished s, node.finished a, node.finished b, node.finished b2, node.finished j");
  heddle_harness_assert_json (result->output, "{\"a\":\"v\",\"b2\":\"v\"}");
}

static void
test_join_all_skipped (void)
{
  HeddlePlanBuilder *builder = new_branching ("false");
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_echoes (builder, "a b");
  heddle_test_nodes_add (builder, "any", TYPE ("merge"), NULL);
  heddle_test_nodes_add (builder, "all", TYPE ("merge"), "{\"mode\":\"all\"}");
  heddle_test_nodes_connect (builder, "check.true a, check.false b, a any, b any, a all, b all");
  result = run (builder);

  assert_finished_once (result, "any");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "all"), ==, 0);
  g_assert_nonnull (strstr (text_of (result, HEDDLE_EVENT_NODE_SKIPPED, "all"), "test-echo"));
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
}

static void
test_join_first (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *order = NULL;

  heddle_test_nodes_add (builder, "slow", &heddle_test_node_hold, NULL);
  add_text (builder, "fast", "fast");
  heddle_test_nodes_add (builder, "first", &heddle_test_node_join_first, NULL);
  heddle_test_nodes_add (builder, "free", &heddle_test_node_release, NULL);
  heddle_test_nodes_connect (builder, "slow first, fast first, first free");
  result = run (builder);

  order = heddle_harness_list (result, HEDDLE_EVENT_NODE_FINISHED, -1);
  g_assert_cmpstr (order, ==, "node.finished fast, node.finished first, node.finished free, node.finished slow");
  heddle_harness_assert_json (result->output, "\"fast\"");
}

static void
test_join_always (void)
{
  HeddlePlanBuilder *builder = new_branching ("false");
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_echoes (builder, "a");
  heddle_test_nodes_add (builder, "cleanup", &heddle_test_node_join_always, NULL);
  heddle_test_nodes_connect (builder, "check.true a, a cleanup");
  result = run (builder);

  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, "a"), ==, 1);
  assert_finished_once (result, "cleanup");
}

static void
test_dead_in_live_context (void)
{
  HeddlePlanBuilder *builder = new_branching ("false");
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_text (builder, "rag", "passages");
  add_echoes (builder, "llm");
  heddle_test_nodes_connect (builder, "check.true llm.in, rag llm.context");
  result = run (builder);

  assert_finished_once (result, "rag");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "llm"), ==, 0);
  g_assert_nonnull (strstr (text_of (result, HEDDLE_EVENT_NODE_SKIPPED, "llm"), "If-Else"));
}

static void
test_dead_context_is_absent (void)
{
  HeddlePlanBuilder *builder = new_branching ("false");
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *started;

  add_text (builder, "question", "q");
  add_echoes (builder, "rag llm");
  heddle_test_nodes_connect (builder, "check.true rag, question llm.in, rag llm.context");
  result = run (builder);

  assert_finished_once (result, "llm");
  started = heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, "llm");
  heddle_harness_assert_json (heddle_json_member (started->data, "inputs"), "{\"in\":\"q\"}");
}

static void
test_only_dead_optional (void)
{
  HeddlePlanBuilder *builder = new_branching ("false");
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_echoes (builder, "llm");
  heddle_test_nodes_connect (builder, "check.true llm.context");
  result = run (builder);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, "llm"), ==, 1);
}

static void
test_nothing_reached (void)
{
  HeddlePlanBuilder *builder = new_branching ("true");
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *last;

  heddle_test_nodes_add (builder, "out", TYPE ("output"), NULL);
  heddle_test_nodes_connect (builder, "check.false out");
  result = run (builder);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_true (heddle_json_is_null (result->output));
  last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  g_assert_cmpstr (heddle_json_get_string (last->data, "note", NULL), ==, "No branch reached Output.");
}

static void
test_several_outputs (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_text (builder, "a", "1");
  add_text (builder, "b", "2");
  heddle_test_nodes_add (builder, "first", TYPE ("output"), NULL);
  heddle_test_nodes_add (builder, "second", TYPE ("output"), NULL);
  heddle_test_nodes_connect (builder, "a first, b second");
  result = run (builder);
  heddle_harness_assert_json (result->output, "{\"first\":\"1\",\"second\":\"2\"}");
}

static void
test_error_cancels_siblings (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *last;

  add_text (builder, "kept", "value");
  heddle_test_nodes_add (builder, "sibling", TYPE ("wait"), "{\"seconds\":60}");
  heddle_test_nodes_add (builder, "pause", TYPE ("wait"), "{\"seconds\":0.01}");
  heddle_test_nodes_add (builder, "bad", TYPE ("fail"), "{\"message\":\"Out of luck\"}");
  add_echoes (builder, "after");
  heddle_test_nodes_connect (builder, "pause bad, sibling after");
  result = run (builder);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED);
  g_assert_cmpstr (result->error->message, ==, "Out of luck");
  assert_finished_once (result, "kept");
  g_assert_nonnull (strstr (text_of (result, HEDDLE_EVENT_NODE_CANCELLED, "sibling"), "Fail"));
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, "after"));
  last = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  g_assert_cmpstr (heddle_json_get_string (last->data, "node", NULL), ==, "bad");
}

/* Many nodes in a row, and many diamonds, behind a branch that is not taken. */
static void
test_long_skips (void)
{
  enum
  {
    N_ROW = 1200,
    N_DIAMONDS = 20
  };
  HeddlePlanBuilder *builder = new_branching ("false");
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *previous = g_strdup ("check.true");

  for (guint i = 0; i < N_ROW; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);
      g_autofree char *edge = g_strdup_printf ("%s %s", previous, id);

      heddle_test_nodes_add (builder, id, &heddle_test_node_echo, NULL);
      heddle_test_nodes_connect (builder, edge);
      g_free (previous);
      previous = g_steal_pointer (&id);
    }
  for (guint i = 0; i < N_DIAMONDS; i++)
    {
      g_autofree char *ids = g_strdup_printf ("l%u r%u j%u", i, i, i);
      g_autofree char *edges = g_strdup_printf ("%s l%u, %s r%u, l%u j%u, r%u j%u", previous, i, previous, i, i, i, i, i);

      add_echoes (builder, ids);
      heddle_test_nodes_connect (builder, edges);
      g_free (previous);
      previous = g_strdup_printf ("j%u", i);
    }
  result = run (builder);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, NULL), ==, N_ROW + 3 * N_DIAMONDS);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, NULL), ==, 2);
}

static void
test_long_chain (void)
{
  enum
  {
    N_NODES = 3000
  };
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *previous = g_strdup ("start");

  add_text (builder, "start", "v");
  for (guint i = 0; i < N_NODES; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);
      g_autofree char *edge = g_strdup_printf ("%s %s", previous, id);

      heddle_test_nodes_add (builder, id, &heddle_test_node_echo, NULL);
      heddle_test_nodes_connect (builder, edge);
      g_free (previous);
      previous = g_steal_pointer (&id);
    }
  result = run (builder);
  heddle_harness_assert_json (result->output, "\"v\"");
}

static void
test_limit_of_running (void)
{
  HeddleEngineServices services = { .max_running = 2 };
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *starts = NULL;
  guint running = 0, most = 0;

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *id = g_strdup_printf ("w%u", i);

      heddle_test_nodes_add (builder, id, TYPE ("wait"), "{\"seconds\":0.01}");
    }
  result = heddle_harness_run_plan (heddle_harness_finish (builder), &services, NULL);
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      running += event->kind == HEDDLE_EVENT_NODE_STARTED;
      running -= event->kind == HEDDLE_EVENT_NODE_FINISHED;
      most = MAX (most, running);
    }
  g_assert_cmpuint (most, ==, 2);
  starts = heddle_harness_list (result, HEDDLE_EVENT_NODE_STARTED, -1);
  g_assert_cmpstr (starts, ==, "node.started w0, node.started w1, node.started w2, node.started w3, node.started w4, node.started w5");
}

/* All start before the first ends: the last to start lets the others end. */
static void
test_parallel_starts (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *order = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *id = g_strdup_printf ("w%u", i);

      heddle_test_nodes_add (builder, id, &heddle_test_node_hold, NULL);
    }
  heddle_test_nodes_add (builder, "z", &heddle_test_node_release, NULL);
  result = run (builder);
  order = heddle_harness_list (result, HEDDLE_EVENT_NODE_STARTED, HEDDLE_EVENT_NODE_FINISHED, -1);
  g_assert_true (strstr (order, "node.started w29") < strstr (order, "node.finished"));
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, NULL), ==, 31);
}

/* More threads than the ten of GIO work at once. */
static void
test_parallel_threads (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  JsonObjectIter iter;
  JsonNode *value;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("w%u", i);

      heddle_test_nodes_add (builder, id, &heddle_test_node_work, "{\"together\":20}");
    }
  result = run (builder);
  g_assert_no_error (result->error);
  json_object_iter_init (&iter, json_node_get_object (result->output));
  while (json_object_iter_next (&iter, NULL, &value))
    g_assert_cmpstr (json_node_get_string (value), ==, "together");
}

/* A slow sibling holds nobody back. */
static void
test_no_barrier (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *order = NULL;

  heddle_test_nodes_add (builder, "slow", &heddle_test_node_hold, NULL);
  heddle_test_nodes_add (builder, "fast", TYPE ("wait"), "{\"seconds\":0.01}");
  add_echoes (builder, "after");
  heddle_test_nodes_add (builder, "free", &heddle_test_node_release, NULL);
  heddle_test_nodes_connect (builder, "fast after, after free");
  result = run (builder);
  order = heddle_harness_list (result, HEDDLE_EVENT_NODE_FINISHED, -1);
  g_assert_cmpstr (order, ==, "node.finished fast, node.finished after, node.finished free, node.finished slow");
}

static void
test_scope (void)
{
  HeddlePlanBuilder *builder = new_branching ("$start.output === 'x' && $start?.output == $input");
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_echoes (builder, "a b");
  heddle_test_nodes_add (builder, "text", TYPE ("template"),
                         "{\"text\":\"{{ $a?.output ?? 'none' }}/{{ $b?.output ?? 'none' }}/{{ $check.condition }}\"}");
  heddle_test_nodes_add (builder, "out", TYPE ("output"), "{\"value\":\"{{ $text.text }}\"}");
  heddle_test_nodes_connect (builder, "check.true a, check.false b, a text, b text, text out");
  result = run (builder);
  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "\"x/none/true\"");
}

static void
test_expression_error (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *failed;

  add_text (builder, "a", "x");
  heddle_test_nodes_add (builder, "text", TYPE ("template"), "{\"text\":\"{{ $a.output.items.length }}\"}");
  heddle_test_nodes_connect (builder, "a text");
  result = run (builder);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION);
  g_assert_true (g_str_has_prefix (result->error->message, "Text: "));
  failed = heddle_harness_find (result, HEDDLE_EVENT_NODE_FAILED, "text");
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (failed->data, "error"), "class", NULL), ==, "expression");
}

static void
test_skipped_source_hint (void)
{
  HeddlePlanBuilder *builder = new_branching ("false");
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_echoes (builder, "a b");
  heddle_test_nodes_add (builder, "text", TYPE ("template"), "{\"text\":\"{{ $a.output.length }}\"}");
  heddle_test_nodes_connect (builder, "check.true a, check.false b, a text, b text");
  result = run (builder);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION);
  g_assert_nonnull (strstr (heddle_error_detail (result->error)->hint, "$a?.output"));
}

static void
test_started_data (void)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *started, *finished;

  add_text (builder, "a", "x");
  heddle_test_nodes_add (builder, "text", TYPE ("template"), "{\"text\":\"<{{ $input }}>\"}");
  heddle_test_nodes_connect (builder, "a text");
  result = run (builder);
  started = heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, "text");
  heddle_harness_assert_json (started->data,
                              "{\"title\":\"Template\",\"type\":\"template\",\"params\":{\"text\":\"<x>\"},\"inputs\":{\"in\":\"x\"}}");
  finished = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "text");
  heddle_harness_assert_json (finished->data, "{\"result\":{\"output\":\"<x>\"},\"live\":[\"out\"]}");
  for (guint i = 0; i < result->events->len; i++)
    g_assert_cmpuint (((HeddleEvent *) g_ptr_array_index (result->events, i))->seq, ==, i + 1);
}

static void
test_empty_plan (void)
{
  g_autoptr (HeddleHarnessResult) result = run (new_builder ());

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_true (heddle_json_is_null (result->output));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/scheduler/branch/true", GINT_TO_POINTER (TRUE), test_branch);
  g_test_add_data_func ("/scheduler/branch/false", GINT_TO_POINTER (FALSE), test_branch);
  g_test_add_func ("/scheduler/parallel-in-edge-order", test_parallel_in_edge_order);
  g_test_add_func ("/scheduler/unequal-branches", test_unequal_branches);
  g_test_add_func ("/scheduler/join/all", test_join_all_skipped);
  g_test_add_func ("/scheduler/join/first", test_join_first);
  g_test_add_func ("/scheduler/join/always", test_join_always);
  g_test_add_func ("/scheduler/optional/dead-in", test_dead_in_live_context);
  g_test_add_func ("/scheduler/optional/dead-context", test_dead_context_is_absent);
  g_test_add_func ("/scheduler/optional/alone", test_only_dead_optional);
  g_test_add_func ("/scheduler/output/none-reached", test_nothing_reached);
  g_test_add_func ("/scheduler/output/several", test_several_outputs);
  g_test_add_func ("/scheduler/error/siblings", test_error_cancels_siblings);
  g_test_add_func ("/scheduler/error/expression", test_expression_error);
  g_test_add_func ("/scheduler/long/skips", test_long_skips);
  g_test_add_func ("/scheduler/long/chain", test_long_chain);
  g_test_add_func ("/scheduler/limit", test_limit_of_running);
  g_test_add_func ("/scheduler/parallel/starts", test_parallel_starts);
  g_test_add_func ("/scheduler/parallel/threads", test_parallel_threads);
  g_test_add_func ("/scheduler/no-barrier", test_no_barrier);
  g_test_add_func ("/scheduler/scope", test_scope);
  g_test_add_func ("/scheduler/error/skipped-source", test_skipped_source_hint);
  g_test_add_func ("/scheduler/event-data", test_started_data);
  g_test_add_func ("/scheduler/empty", test_empty_plan);
  return g_test_run ();
}
