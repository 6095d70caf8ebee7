/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "run/heddle-run.h"
#include "value/heddle-json.h"

/* Bodies of loops, maps and subflows, and circles of edges. */

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
#define START "{\"id\":\"start\",\"type\":\"input\",\"params\":{\"fields\":[{\"name\":\"items\",\"type\":\"json\"}]}},"
#define END "{\"id\":\"end\",\"type\":\"output\"}"

static HeddleHarnessResult *
run (const char *nodes, const char *edges, const char *input)
{
  g_autofree char *json = g_strconcat (HEAD, START, nodes, END "],\"edges\":[", edges, "]}", NULL);
  HeddleHarnessResult *result = heddle_harness_run_workflow (json, NULL, input);

  if (result->error != NULL)
    g_test_message ("%s", result->error->message);
  return result;
}

#define SET(id, parent, expression) "{\"id\":\"" id "\",\"type\":\"set\",\"parent\":\"" parent "\",\"params\":{\"mode\":\"only\",\"values\":[{\"name\":\"v\",\"value\":\"{{ " expression " }}\"}]}},"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"

static void
test_map (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"$start.items\"}}," SET ("double", "m", "$map.item * 2 + $map.index * 100"),
                                                EDGE ("start", "m") "," EDGE ("m.item", "double") "," EDGE ("double", "m.result") "," EDGE ("m", "end"),
                                                "{\"items\":[1,2,3]}");

  heddle_harness_assert_json (result->output, "[{\"v\":2},{\"v\":104},{\"v\":206}]");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "double"), ==, 3);
  g_assert_cmpstr (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "double")->scope, ==, "m#0");
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "m")->scope);
}

static void
test_map_of_nothing (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"$start.items\"}}," SET ("x", "m", "1"),
                                                EDGE ("start", "m") "," EDGE ("m.item", "x") "," EDGE ("x", "m.result") "," EDGE ("m", "end"),
                                                "{\"items\":[]}");

  heddle_harness_assert_json (result->output, "[]");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "x"), ==, 0);
}

/* The branch is chosen for each item; one without a value is null. */
static void
test_branch_in_item (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"$start.items\"}},"
                                                "{\"id\":\"c\",\"type\":\"if-else\",\"parent\":\"m\",\"params\":{\"condition\":\"$m.item > 1\"}},",
                                                EDGE ("start", "m") "," EDGE ("m.item", "c") "," EDGE ("c.true", "m.result") "," EDGE ("m", "end"),
                                                "{\"items\":[1,2,3]}");

  heddle_harness_assert_json (result->output, "[null,2,3]");
}

static HeddleHarnessResult *
run_failing_map (const char *params)
{
  g_autofree char *nodes = g_strdup_printf ("{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"$start.items\",%s}},"
                                            "{\"id\":\"c\",\"type\":\"if-else\",\"parent\":\"m\",\"params\":{\"condition\":\"$m.item == 2\"}},"
                                            "{\"id\":\"bad\",\"type\":\"fail\",\"parent\":\"m\",\"params\":{\"message\":\"two\"}},",
                                            params);

  return run (nodes, EDGE ("start", "m") "," EDGE ("m.item", "c") "," EDGE ("c.true", "bad") "," EDGE ("c.false", "m.result") "," EDGE ("m", "end"), "{\"items\":[1,2,3]}");
}

static void
test_item_fails (void)
{
  g_autoptr (HeddleHarnessResult) failed = run_failing_map ("\"on_item_error\":\"fail\"");
  g_autoptr (HeddleHarnessResult) collected = run_failing_map ("\"on_item_error\":\"collect\"");
  g_autoptr (HeddleHarnessResult) skipped = run_failing_map ("\"on_item_error\":\"skip\"");
  g_autoptr (HeddleHarnessResult) tolerated = run_failing_map ("\"on_item_error\":\"threshold\",\"tolerance\":\"1\"");
  g_autoptr (HeddleHarnessResult) refused = run_failing_map ("\"on_item_error\":\"threshold\",\"tolerance\":\"10%\"");

  g_assert_cmpint (failed->state, ==, HEDDLE_RUN_FAILED);
  g_assert_nonnull (strstr (failed->error->message, "Item 2 of 3"));
  g_assert_no_error (collected->error);
  g_assert_cmpint (json_array_get_length (json_node_get_array (collected->output)), ==, 3);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (json_array_get_element (json_node_get_array (collected->output), 1), "error"), "message", ""), ==, "two");
  heddle_harness_assert_json (skipped->output, "[1,3]");
  g_assert_no_error (tolerated->error);
  g_assert_cmpint (refused->state, ==, HEDDLE_RUN_FAILED);
}

static void
test_loop_each (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"l\",\"type\":\"loop\",\"params\":{\"items\":\"$start.items\"}}," SET ("sum", "l", "($loop.last?.v ?? 0) + $loop.item"),
                                                EDGE ("start", "l") "," EDGE ("l.body", "sum") "," EDGE ("sum", "l.next") "," EDGE ("l", "end"),
                                                "{\"items\":[1,2,3,4]}");

  heddle_harness_assert_json (result->output, "{\"v\":10}");
}

static void
test_loop_while (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"l\",\"type\":\"loop\",\"params\":{\"mode\":\"while\",\"condition\":\"$loop.last.v < 5\",\"initial\":\"{{ {v: 0} }}\",\"gives\":\"list\"}}," SET ("more", "l", "$loop.last.v + 2"),
                                                EDGE ("start", "l") "," EDGE ("l.body", "more") "," EDGE ("more", "l.next") "," EDGE ("l", "end"),
                                                "{\"items\":[]}");

  heddle_harness_assert_json (result->output, "[{\"v\":2},{\"v\":4},{\"v\":6}]");
}

static void
test_loop_until_and_break (void)
{
  g_autoptr (HeddleHarnessResult) until = run ("{\"id\":\"l\",\"type\":\"loop\",\"params\":{\"mode\":\"until\",\"condition\":\"$loop.index == 2\",\"gives\":\"list\"}}," SET ("x", "l", "$loop.index"),
                                               EDGE ("start", "l") "," EDGE ("l.body", "x") "," EDGE ("x", "l.next") "," EDGE ("l", "end"), "{\"items\":[]}");
  g_autoptr (HeddleHarnessResult) broken = run ("{\"id\":\"l\",\"type\":\"loop\",\"params\":{\"items\":\"$start.items\"}},"
                                                "{\"id\":\"c\",\"type\":\"if-else\",\"parent\":\"l\",\"params\":{\"condition\":\"$loop.item == 3\"}},",
                                                EDGE ("start", "l") "," EDGE ("l.body", "c") "," EDGE ("c.true", "l.break") "," EDGE ("c.false", "l.next") "," EDGE ("l", "end"),
                                                "{\"items\":[1,2,3,4,5]}");

  heddle_harness_assert_json (until->output, "[{\"v\":0},{\"v\":1},{\"v\":2}]");
  heddle_harness_assert_json (broken->output, "3");
  g_assert_cmpuint (heddle_harness_count (broken, HEDDLE_EVENT_NODE_STARTED, "c"), ==, 3);
}

static void
test_loop_limit (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"l\",\"type\":\"loop\",\"params\":{\"mode\":\"while\",\"condition\":\"true\",\"max_iterations\":4}}," SET ("x", "l", "$loop.index"),
                                                EDGE ("start", "l") "," EDGE ("l.body", "x") "," EDGE ("x", "l.next") "," EDGE ("l", "end"), "{\"items\":[]}");

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "{\"v\":3}");
  g_assert_true (heddle_json_get_boolean (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "l")->data, "limit", FALSE));
}

static void
test_nesting (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"$start.items\"}},"
                                                "{\"id\":\"l\",\"type\":\"loop\",\"parent\":\"m\",\"params\":{\"items\":\"$m.item\",\"gives\":\"list\"}}," SET ("x", "l", "$m.index * 10 + $loop.item"),
                                                EDGE ("start", "m") "," EDGE ("m.item", "l") "," EDGE ("l.body", "x") "," EDGE ("x", "l.next") "," EDGE ("l", "m.result") "," EDGE ("m", "end"),
                                                "{\"items\":[[1,2],[3]]}");

  heddle_harness_assert_json (result->output, "[[{\"v\":1},{\"v\":2}],[{\"v\":13}]]");
}

static void
test_subflow (void)
{
  const char *nodes = "{\"id\":\"s\",\"type\":\"subflow\",\"params\":{\"inputs\":[{\"name\":\"items\",\"type\":\"json\",\"required\":true},{\"name\":\"n\",\"type\":\"number\",\"default\":7}]}}," SET ("x", "s", "$s.items.length + $s.n");
  const char *edges = EDGE ("start", "s") "," EDGE ("s.start", "x") "," EDGE ("x", "s.end") "," EDGE ("s", "end");
  g_autoptr (HeddleHarnessResult) result = run (nodes, edges, "{\"items\":[1,2]}");

  heddle_harness_assert_json (result->output, "{\"v\":9}");
}

/* A failure inside is taken up by the policy of the container. */
static void
test_container_policy (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"s\",\"type\":\"subflow\",\"policy\":{\"on_error\":\"default\",\"default\":\"other\"}},"
                                                "{\"id\":\"bad\",\"type\":\"fail\",\"parent\":\"s\",\"params\":{\"message\":\"no\"}},",
                                                EDGE ("start", "s") "," EDGE ("s.start", "bad") "," EDGE ("s", "end"), "{\"items\":[]}");

  heddle_harness_assert_json (result->output, "\"other\"");
}

/* What happens in a body can be handled there, and the rest of the run does not hear of it. */
static void
test_handler_in_body (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"$start.items\"}},"
                                                "{\"id\":\"bad\",\"type\":\"fail\",\"parent\":\"m\",\"params\":{\"message\":\"no\"}},"
                                                "{\"id\":\"h\",\"type\":\"error-handler\",\"parent\":\"m\"}," SET ("x", "m", "$h.output.error.message"),
                                                EDGE ("start", "m") "," EDGE ("m.item", "bad") "," EDGE ("h", "x") "," EDGE ("x", "m.result") "," EDGE ("m", "end"), "{\"items\":[1,2]}");

  heddle_harness_assert_json (result->output, "[{\"v\":\"no\"},{\"v\":\"no\"}]");
}

/* An edge that leads back: a counter until 3. */
static void
test_circle (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"count\",\"type\":\"set\",\"params\":{\"mode\":\"only\",\"values\":[{\"name\":\"v\",\"value\":\"{{ ($input.v ?? 0) + 1 }}\"}]}},"
                                                "{\"id\":\"c\",\"type\":\"if-else\",\"params\":{\"condition\":\"$count.output.v < 3\"}},",
                                                EDGE ("start", "count") "," EDGE ("count", "c") "," EDGE ("c.true", "count") "," EDGE ("c.false", "end"), "{\"items\":[]}");

  heddle_harness_assert_json (result->output, "{\"v\":3}");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "count"), ==, 3);
  g_assert_cmpstr (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "count")->scope, ==, "@count#0");
}

static void
test_circle_limit (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("{\"id\":\"count\",\"type\":\"set\",\"policy\":{\"max_rounds\":5},\"params\":{\"mode\":\"only\",\"values\":[{\"name\":\"v\",\"value\":\"{{ ($input.v ?? 0) + 1 }}\"}]}},"
                                                "{\"id\":\"c\",\"type\":\"if-else\",\"params\":{\"condition\":\"true\"}},",
                                                EDGE ("start", "count") "," EDGE ("count", "c") "," EDGE ("c.true", "count") "," EDGE ("c.false", "end"), "{\"items\":[]}");

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "{\"v\":5}");
}

static void
test_many_items (void)
{
  g_autoptr (GString) items = g_string_new ("{\"items\":[0");
  g_autoptr (HeddleHarnessResult) result = NULL;

  for (guint i = 1; i < 20000; i++)
    g_string_append_printf (items, ",%u", i);
  g_string_append (items, "]}");
  result = run ("{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"$start.items\"}}," SET ("x", "m", "$map.item"),
                EDGE ("start", "m") "," EDGE ("m.item", "x") "," EDGE ("x", "m.result") "," EDGE ("m", "end"), items->str);

  g_assert_no_error (result->error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (result->output)), ==, 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scopes/map", test_map);
  g_test_add_func ("/scopes/map-of-nothing", test_map_of_nothing);
  g_test_add_func ("/scopes/branch-in-item", test_branch_in_item);
  g_test_add_func ("/scopes/item-fails", test_item_fails);
  g_test_add_func ("/scopes/loop-each", test_loop_each);
  g_test_add_func ("/scopes/loop-while", test_loop_while);
  g_test_add_func ("/scopes/loop-until-and-break", test_loop_until_and_break);
  g_test_add_func ("/scopes/loop-limit", test_loop_limit);
  g_test_add_func ("/scopes/nesting", test_nesting);
  g_test_add_func ("/scopes/subflow", test_subflow);
  g_test_add_func ("/scopes/container-policy", test_container_policy);
  g_test_add_func ("/scopes/handler-in-body", test_handler_in_body);
  g_test_add_func ("/scopes/circle", test_circle);
  g_test_add_func ("/scopes/circle-limit", test_circle_limit);
  g_test_add_func ("/scopes/many-items", test_many_items);
  return g_test_run ();
}
