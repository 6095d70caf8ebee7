/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "run/heddle-past.h"
#include "test-script.h"
#include "value/heddle-json.h"

#define FINISHED "{\"result\":{\"output\":1},\"live\":[\"out\"]}"

/* A run whose events a test writes down. */
static TestScript
new_script (void)
{
  TestScript script = test_script_new ();

  test_script_add (&script, HEDDLE_EVENT_RUN_STARTED, NULL, "{\"input\":{\"a\":1},\"trigger\":{\"kind\":\"webhook\"}}");
  return script;
}

static HeddleEvent *
add (TestScript *script, HeddleEventKind kind, const char *scope, const char *node, const char *json)
{
  HeddleEvent *event = test_script_add (script, kind, node, json);

  event->scope = scope != NULL ? g_ref_string_new (scope) : NULL;
  if (event->attempt == 0)
    event->attempt = 1;
  return event;
}

static void
add_done (TestScript *script, const char *scope, const char *node)
{
  add (script, HEDDLE_EVENT_NODE_STARTED, scope, node, "{\"title\":\"T\",\"type\":\"template\"}");
  add (script, HEDDLE_EVENT_NODE_FINISHED, scope, node, FINISHED);
}

static HeddlePast *
take (TestScript *script)
{
  HeddlePast *past = heddle_past_new ("old", script->events);

  g_ptr_array_unref (script->events);
  return past;
}

/* What is known of a node, as a word; "-" when nothing is. */
static const char *
state_of (HeddlePast *past, const char *scope, const char *node)
{
  static const char *const names[] = { "finished", "failed", "unfinished", "doubt", "skipped" };
  const HeddlePastNode *found = heddle_past_find (past, scope, node);

  return found != NULL ? names[found->state] : "-";
}

#define ASSERT_STATE(past, scope, node, state) g_assert_cmpstr (state_of (past, scope, node), ==, state)

static void
test_states (void)
{
  TestScript script = new_script ();
  g_autoptr (HeddlePast) past = NULL;

  add_done (&script, NULL, "done");
  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "works", NULL);
  add (&script, HEDDLE_EVENT_NODE_READY, NULL, "ready", NULL);
  add (&script, HEDDLE_EVENT_NODE_SKIPPED, NULL, "skipped", NULL);
  add (&script, HEDDLE_EVENT_NODE_FAILED, NULL, "failed", "{\"error\":{\"message\":\"no\"},\"live\":[]}");
  add (&script, HEDDLE_EVENT_NODE_FAILED, NULL, "handled", "{\"error\":{\"message\":\"no\"},\"live\":[\"out\"],\"handled\":\"default\",\"result\":{\"output\":3}}");
  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "stopped", NULL);
  add (&script, HEDDLE_EVENT_NODE_CANCELLED, NULL, "stopped", NULL);
  past = take (&script);

  ASSERT_STATE (past, NULL, "done", "finished");
  ASSERT_STATE (past, NULL, "works", "unfinished");
  ASSERT_STATE (past, NULL, "ready", "-");
  ASSERT_STATE (past, NULL, "skipped", "skipped");
  ASSERT_STATE (past, NULL, "failed", "failed");
  ASSERT_STATE (past, NULL, "handled", "finished");
  ASSERT_STATE (past, NULL, "stopped", "unfinished");
  g_assert_true (heddle_past_find (past, NULL, "handled")->failed);
  g_assert_cmpstr (heddle_past_get_run (past), ==, "old");
  heddle_harness_assert_json (heddle_past_get_input (past), "{\"a\":1}");
  heddle_harness_assert_json (heddle_past_get_trigger (past), "{\"kind\":\"webhook\"}");
  g_assert_cmpuint (heddle_past_get_last_seq (past), ==, 10);
  g_assert_cmpuint (heddle_past_get_n_steps (past), ==, 3);
}

static void
test_retries (void)
{
  TestScript script = new_script ();
  g_autoptr (HeddlePast) past = NULL;
  const HeddlePastNode *node;
  gint64 time;

  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "a", NULL);
  time = add (&script, HEDDLE_EVENT_NODE_RETRY, NULL, "a", "{\"delay\":500}")->time;
  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "b", NULL);
  add (&script, HEDDLE_EVENT_NODE_RETRY, NULL, "b", "{\"delay\":-3}");
  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "b", NULL)->attempt = 2;
  past = take (&script);
  node = heddle_past_find (past, NULL, "a");
  g_assert_true (node->retrying);
  g_assert_cmpint (node->retry_at, ==, time + 500000);
  g_assert_cmpuint (node->attempt, ==, 1);
  g_assert_cmpuint (node->n_lost, ==, 0);
  node = heddle_past_find (past, NULL, "b");
  g_assert_false (node->retrying);
  g_assert_cmpuint (node->n_lost, ==, 1);
  g_assert_cmpuint (node->attempt, ==, 2);
}

/* An intent leaves a doubt until its attempt has ended in a way that is known. */
static void
test_doubts (void)
{
  TestScript script = new_script ();
  g_autoptr (HeddlePast) past = NULL;

  for (const char *node = "abcde"; *node != '\0'; node++)
    {
      char id[] = { *node, '\0' };

      add (&script, HEDDLE_EVENT_NODE_STARTED, "map1#0", id, NULL);
      add (&script, HEDDLE_EVENT_NODE_INTENT, "map1#0", id, "{\"key\":\"k\"}");
    }
  add (&script, HEDDLE_EVENT_NODE_FINISHED, "map1#0", "b", FINISHED);
  add (&script, HEDDLE_EVENT_NODE_RETRY, "map1#0", "c", "{\"delay\":1}");
  add (&script, HEDDLE_EVENT_NODE_CANCELLED, "map1#0", "d", NULL);
  add (&script, HEDDLE_EVENT_RUN_CONTINUED, NULL, NULL, "{\"gone\":7000}");
  add (&script, HEDDLE_EVENT_NODE_STARTED, "map1#0", "e", NULL)->attempt = 2;
  past = take (&script);
  ASSERT_STATE (past, "map1#0", "a", "doubt");
  ASSERT_STATE (past, "map1#0", "b", "finished");
  ASSERT_STATE (past, "map1#0", "c", "unfinished");
  ASSERT_STATE (past, "map1#0", "d", "doubt");
  ASSERT_STATE (past, "map1#0", "e", "doubt");
  ASSERT_STATE (past, "map1#1", "a", "-");
  ASSERT_STATE (past, NULL, "a", "-");
  g_assert_cmpint (heddle_past_get_gone (past), ==, 7000);
}

/* The doubt that a tool's call leaves is over with the call, and any is once a person said to do it again. */
static void
test_doubts_of_calls (void)
{
  static const char retry[] = "{\"kind\":\"question\",\"request\":{\"kind\":\"in-doubt\"},\"response\":{\"action\":\"retry\"}}";
  TestScript script = new_script ();
  g_autoptr (HeddlePast) past = NULL;

  for (const char *node = "abcd"; *node != '\0'; node++)
    {
      char id[] = { *node, '\0' };

      add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, id, NULL);
      add (&script, HEDDLE_EVENT_NODE_INTENT, NULL, id, "{\"key\":\"k\"}")->span = 5;
    }
  add (&script, HEDDLE_EVENT_NODE_EFFECT, NULL, "a", "{\"kind\":\"call\"}")->span = 5;
  add (&script, HEDDLE_EVENT_NODE_EFFECT, NULL, "b", "{\"kind\":\"call\"}")->span = 6;
  add (&script, HEDDLE_EVENT_NODE_INTENT, NULL, "c", "{\"key\":\"k\"}");
  add (&script, HEDDLE_EVENT_NODE_EFFECT, NULL, "c", "{\"kind\":\"call\"}")->span = 5;
  add (&script, HEDDLE_EVENT_NODE_EFFECT, NULL, "d", retry);
  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "d", NULL)->attempt = 2;
  past = take (&script);
  ASSERT_STATE (past, NULL, "a", "unfinished");
  ASSERT_STATE (past, NULL, "b", "doubt");
  ASSERT_STATE (past, NULL, "c", "doubt");
  ASSERT_STATE (past, NULL, "d", "unfinished");
}

/* What an attempt was answered that has ended is over. */
static void
test_lost_effects (void)
{
  TestScript script = new_script ();
  g_autoptr (HeddlePast) past = NULL;

  for (const char *node = "ab"; *node != '\0'; node++)
    {
      char id[] = { *node, '\0' };

      add (&script, HEDDLE_EVENT_NODE_EFFECT, NULL, id, "{\"kind\":\"time\"}");
      add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, id, NULL);
      add (&script, HEDDLE_EVENT_NODE_EFFECT, NULL, id, "{\"kind\":\"http\"}");
    }
  add (&script, HEDDLE_EVENT_NODE_RETRY, NULL, "b", "{\"delay\":1}");
  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "b", NULL)->attempt = 2;
  add (&script, HEDDLE_EVENT_NODE_EFFECT, NULL, "b", "{\"kind\":\"http\"}");
  past = take (&script);
  g_assert_cmpuint (heddle_past_find (past, NULL, "a")->first_lost, ==, 0);
  g_assert_cmpuint (heddle_past_find (past, NULL, "b")->first_lost, ==, 2);
}

/* Ends without starts, starts after ends, things twice, in the wrong order, and with nothing in them. */
static void
test_hostile (void)
{
  static const char *const junk[] = { NULL, "{}", "[]", "1", "{\"result\":1}", "{\"error\":null}", "{\"delay\":\"x\"}", "{\"live\":{}}" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  TestScript script = test_script_new ();
  g_autoptr (HeddlePast) past = NULL;
  g_autoptr (GPtrArray) taken = NULL;

  add (&script, HEDDLE_EVENT_NODE_FINISHED, NULL, "no-start", FINISHED);
  add_done (&script, NULL, "again");
  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "again", NULL)->attempt = 2;
  add_done (&script, NULL, "twice");
  add (&script, HEDDLE_EVENT_NODE_FINISHED, NULL, "twice", FINISHED);
  add (&script, HEDDLE_EVENT_NODE_FINISHED, NULL, "empty", "{}");
  add (&script, HEDDLE_EVENT_RUN_CONTINUED, NULL, NULL, "{\"gone\":-5}");
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *node = g_strdup_printf ("n%d", g_rand_int_range (rand, 0, 20));
      HeddleEvent *event = add (&script, (HeddleEventKind) g_rand_int_range (rand, 0, HEDDLE_EVENT_RUN_FINISHED + 1),
                                g_rand_boolean (rand) ? "a#1/b##/" : NULL, g_rand_boolean (rand) ? node : NULL,
                                junk[g_rand_int_range (rand, 0, G_N_ELEMENTS (junk))]);

      event->attempt = g_rand_int (rand) % 4;
      event->seq = g_rand_int (rand);
      event->time = (gint64) g_rand_int (rand) - G_MAXINT32;
    }
  past = take (&script);
  ASSERT_STATE (past, NULL, "no-start", "finished");
  ASSERT_STATE (past, NULL, "again", "unfinished");
  ASSERT_STATE (past, NULL, "twice", "finished");
  ASSERT_STATE (past, NULL, "empty", "unfinished");
  g_assert_null (heddle_past_get_input (past));
  g_assert_cmpint (heddle_past_get_gone (past), ==, 0);
  taken = heddle_past_list_taken (past);
  g_assert_cmpuint (taken->len, ==, 3);
}

/* start → map1 [one → two] → after → end, aside reads after, other stands alone; loop1 [turn → check] follows start. */
static HeddlePlan *
new_plan (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  HeddlePlanBuilder *map = heddle_plan_builder_new_body_of (heddle_registry_lookup ("map"));
  HeddlePlanBuilder *loop = heddle_plan_builder_new_body_of (heddle_registry_lookup ("loop"));
  g_autoptr (JsonNode) value = heddle_harness_json ("[1,2,3]");

  heddle_test_nodes_add (map, "one", &heddle_test_node_echo, NULL);
  heddle_test_nodes_add (map, "two", heddle_registry_lookup ("template"), "{\"text\":\"{{ $start }}\"}");
  heddle_test_nodes_connect (map, HEDDLE_PLAN_START ".item one, one two, two " HEDDLE_PLAN_END ".result");
  heddle_test_nodes_add (loop, "turn", &heddle_test_node_echo, NULL);
  heddle_test_nodes_add (loop, "check", &heddle_test_node_echo, NULL);
  heddle_test_nodes_connect (loop, HEDDLE_PLAN_START ".body turn, turn check, check " HEDDLE_PLAN_END ".next");

  heddle_test_nodes_add_value (builder, "start", value);
  heddle_test_nodes_add (builder, "map1", heddle_registry_lookup ("map"), NULL);
  heddle_test_nodes_add (builder, "loop1", heddle_registry_lookup ("loop"), NULL);
  heddle_test_nodes_add (builder, "after", &heddle_test_node_echo, NULL);
  heddle_test_nodes_add (builder, "end", &heddle_test_node_echo, NULL);
  heddle_test_nodes_add (builder, "aside", heddle_registry_lookup ("template"), "{\"text\":\"{{ $after }}\"}");
  heddle_test_nodes_add (builder, "other", &heddle_test_node_echo, NULL);
  heddle_test_nodes_connect (builder, "start map1, map1 after, after end, start loop1");
  g_assert_true (heddle_plan_builder_set_body (builder, "map1", heddle_harness_finish (map), NULL));
  g_assert_true (heddle_plan_builder_set_body (builder, "loop1", heddle_harness_finish (loop), NULL));
  return heddle_harness_finish (builder);
}

static HeddlePast *
new_past (void)
{
  static const char *const steps[] = { "start", "map1", "loop1", "after", "end", "aside", "other" };
  TestScript script = new_script ();

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *item = g_strdup_printf ("map1#%u", i);
      g_autofree char *round = g_strdup_printf ("loop1#%u", i);

      add_done (&script, item, "one");
      add_done (&script, item, "two");
      add_done (&script, round, "turn");
      add_done (&script, round, "check");
    }
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    add_done (&script, NULL, steps[i]);
  add (&script, HEDDLE_EVENT_NODE_EFFECT, "map1#1", "two", "{\"kind\":\"http\"}");
  return take (&script);
}

static void
test_forget_flow (void)
{
  g_autoptr (HeddlePlan) plan = new_plan ();
  g_autoptr (HeddlePast) past = new_past ();

  heddle_past_forget (past, plan, "nowhere");
  ASSERT_STATE (past, NULL, "end", "finished");
  heddle_past_forget (past, plan, "after");
  ASSERT_STATE (past, NULL, "map1", "finished");
  ASSERT_STATE (past, "map1#2", "two", "finished");
  ASSERT_STATE (past, NULL, "after", "-");
  ASSERT_STATE (past, NULL, "end", "-");
  ASSERT_STATE (past, NULL, "aside", "-");
  ASSERT_STATE (past, NULL, "other", "finished");
  heddle_past_forget (past, plan, "start");
  ASSERT_STATE (past, NULL, "map1", "-");
  ASSERT_STATE (past, "map1#2", "one", "-");
  ASSERT_STATE (past, "loop1#0", "turn", "-");
  ASSERT_STATE (past, NULL, "other", "finished");
  heddle_past_forget_all (past);
  ASSERT_STATE (past, NULL, "other", "-");
  /* A replay runs it again and has to be answered. */
  g_assert_cmpuint (heddle_past_get_effects (past, "map1#1", "two")->len, ==, 1);
}

static void
test_forget_within (void)
{
  g_autoptr (HeddlePlan) plan = new_plan ();
  g_autoptr (HeddlePast) map = new_past ();
  g_autoptr (HeddlePast) loop = new_past ();
  g_autoptr (HeddlePast) container = new_past ();

  heddle_past_forget (map, plan, "two");
  ASSERT_STATE (map, "map1#0", "two", "-");
  ASSERT_STATE (map, "map1#2", "two", "-");
  ASSERT_STATE (map, "map1#2", "one", "finished");
  ASSERT_STATE (map, NULL, "map1", "-");
  ASSERT_STATE (map, NULL, "after", "-");
  ASSERT_STATE (map, NULL, "loop1", "finished");
  ASSERT_STATE (map, NULL, "start", "finished");

  /* What a round gives is what the next one begins with. */
  heddle_past_forget (loop, plan, "check");
  ASSERT_STATE (loop, "loop1#0", "turn", "finished");
  ASSERT_STATE (loop, "loop1#0", "check", "-");
  ASSERT_STATE (loop, "loop1#1", "turn", "-");
  ASSERT_STATE (loop, NULL, "map1", "finished");

  heddle_past_forget (container, plan, "map1");
  ASSERT_STATE (container, "map1#0", "one", "-");
  ASSERT_STATE (container, NULL, "start", "finished");
}

static void
test_set_output (void)
{
  g_autoptr (HeddlePlan) plan = new_plan ();
  g_autoptr (HeddlePast) past = new_past ();
  g_autoptr (JsonNode) output = heddle_harness_json ("\"edited\"");
  const HeddlePastNode *node;

  heddle_past_set_output (past, plan, "map1#1", "one", output);
  node = heddle_past_find (past, "map1#1", "one");
  g_assert_cmpint (node->state, ==, HEDDLE_PAST_FINISHED);
  heddle_harness_assert_json (node->data, "{\"result\":{\"output\":\"edited\"},\"live\":[\"out\"],\"source\":{\"kind\":\"run\",\"run\":\"old\",\"edited\":true}}");
  ASSERT_STATE (past, "map1#1", "two", "-");
  ASSERT_STATE (past, "map1#0", "two", "finished");
  ASSERT_STATE (past, "map1#2", "one", "finished");
  ASSERT_STATE (past, NULL, "map1", "-");
  ASSERT_STATE (past, NULL, "after", "-");

  heddle_past_set_output (past, plan, "loop1#1", "turn", output);
  ASSERT_STATE (past, "loop1#0", "check", "finished");
  ASSERT_STATE (past, "loop1#1", "turn", "finished");
  ASSERT_STATE (past, "loop1#1", "check", "-");
  ASSERT_STATE (past, "loop1#2", "turn", "-");

  heddle_past_set_output (past, plan, NULL, "other", output);
  ASSERT_STATE (past, NULL, "other", "finished");
}

/* Another run is told what it takes, in the order in which it was, with where it comes from. */
static void
test_taken (void)
{
  TestScript script = new_script ();
  g_autoptr (HeddlePast) past = NULL;
  g_autoptr (GPtrArray) events = NULL;
  HeddleEvent *event;

  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "late", "{\"title\":\"L\"}");
  add_done (&script, "map1#0", "one");
  add (&script, HEDDLE_EVENT_NODE_EFFECT, NULL, "late", "{\"kind\":\"http\"}");
  add (&script, HEDDLE_EVENT_NODE_FINISHED, NULL, "late", "{\"result\":{\"output\":2},\"live\":[\"out\"],\"vars\":{\"x\":1}}");
  add (&script, HEDDLE_EVENT_NODE_STARTED, NULL, "open", NULL);
  past = take (&script);
  events = heddle_past_list_taken (past);
  g_assert_cmpuint (events->len, ==, 5);
  event = g_ptr_array_index (events, 1);
  g_assert_cmpstr (event->node, ==, "one");
  g_assert_cmpstr (event->scope, ==, "map1#0");
  g_assert_cmpuint (event->seq, ==, 0);
  event = g_ptr_array_index (events, 3);
  g_assert_cmpint (event->kind, ==, HEDDLE_EVENT_NODE_EFFECT);
  event = g_ptr_array_index (events, 4);
  heddle_harness_assert_json (event->data, "{\"result\":{\"output\":2},\"live\":[\"out\"],\"vars\":{\"x\":1},\"source\":{\"kind\":\"run\",\"run\":\"old\"}}");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/past/states", test_states);
  g_test_add_func ("/past/retries", test_retries);
  g_test_add_func ("/past/doubts", test_doubts);
  g_test_add_func ("/past/doubts-of-calls", test_doubts_of_calls);
  g_test_add_func ("/past/lost-effects", test_lost_effects);
  g_test_add_func ("/past/hostile", test_hostile);
  g_test_add_func ("/past/forget-flow", test_forget_flow);
  g_test_add_func ("/past/forget-within", test_forget_within);
  g_test_add_func ("/past/set-output", test_set_output);
  g_test_add_func ("/past/taken", test_taken);
  return g_test_run ();
}
