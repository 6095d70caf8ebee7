/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-harness.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

/* Nodes that are off, which are as a branch that is not taken, and nodes that hand on what they are given. */

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
#define START(mode) "{\"id\":\"start\",\"type\":\"input\"," mode "\"params\":{\"fields\":[{\"name\":\"n\",\"type\":\"number\"}]}},"
#define END "{\"id\":\"end\",\"type\":\"output\"}"
#define OFF "\"mode\":\"off\","
#define BYPASS "\"mode\":\"bypass\","
#define TEXT(id, mode, text) "{\"id\":\"" id "\",\"type\":\"template\"," mode "\"params\":{\"text\":\"" text "\"}},"
#define TEXT_IN(id, mode, parent, text) "{\"id\":\"" id "\",\"type\":\"template\"," mode "\"parent\":\"" parent "\",\"params\":{\"text\":\"" text "\"}},"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"

static HeddleHarnessResult *
run (const char *nodes, const char *edges)
{
  g_autofree char *json = g_strconcat (HEAD, nodes, END "],\"edges\":[", edges, "]}", NULL);
  HeddleHarnessResult *result = heddle_harness_run_workflow (json, NULL, "{\"n\":7}");

  if (result->error != NULL)
    g_test_message ("%s", result->error->message);
  return result;
}

static void
assert_skipped (const HeddleHarnessResult *result, const char *node, const char *reason)
{
  const HeddleEvent *event = heddle_harness_find (result, HEDDLE_EVENT_NODE_SKIPPED, node);

  g_assert_nonnull (event);
  g_assert_cmpstr (event->text, ==, reason);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, node), ==, 0);
}

static void
assert_handed_on (const HeddleHarnessResult *result, const char *node, const char *value)
{
  const HeddleEvent *event = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, node);

  g_assert_nonnull (event);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, node), ==, 0);
  heddle_harness_assert_json (heddle_json_member (heddle_json_member (event->data, "result"), "output"), value);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (event->data, "source"), "kind", NULL), ==, "bypass");
}

static void
test_off (void)
{
  g_autoptr (HeddleHarnessResult) result = run (START ("") TEXT ("a", OFF, "{{ broken ((") TEXT ("b", "", "b"),
                                                EDGE ("start", "a") "," EDGE ("a", "b") "," EDGE ("b", "end"));

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "null");
  assert_skipped (result, "a", "Turned off.");
  assert_skipped (result, "b", "Skipped, because “Template” is turned off.");
  assert_skipped (result, "end", "Skipped, because “Template” was skipped.");
}

static void
test_off_meets_other (void)
{
  g_autoptr (HeddleHarnessResult) any = run (START ("") TEXT ("a", OFF, "a") TEXT ("b", "", "b"),
                                             EDGE ("start", "a") "," EDGE ("start", "b") "," EDGE ("a", "end") "," EDGE ("b", "end"));
  g_autoptr (HeddleHarnessResult) all = run (START ("") TEXT ("a", OFF, "a") TEXT ("b", "", "b") "{\"id\":\"m\",\"type\":\"merge\",\"params\":{\"mode\":\"all\"}},",
                                             EDGE ("start", "a") "," EDGE ("start", "b") "," EDGE ("a", "m") "," EDGE ("b", "m") "," EDGE ("m", "end"));

  heddle_harness_assert_json (any->output, "\"b\"");
  heddle_harness_assert_json (all->output, "null");
  assert_skipped (all, "m", "Skipped, because “Template” is turned off.");
}

/* A type that this version does not know may be there as long as it does not run. */
static void
test_unknown_type (void)
{
  g_autoptr (HeddleHarnessResult) off = run (START ("") "{\"id\":\"x\",\"type\":\"from-the-future\"," OFF "\"params\":{}}," TEXT ("b", "", "b"),
                                             EDGE ("start", "x.some") "," EDGE ("x.other", "b") "," EDGE ("b", "end"));
  g_autoptr (HeddleHarnessResult) bypass = run (START ("") "{\"id\":\"x\",\"type\":\"from-the-future\"," BYPASS "\"params\":{}},",
                                                EDGE ("start", "x.some") "," EDGE ("x.other", "end"));

  assert_skipped (off, "b", "Skipped, because “from-the-future” is turned off.");
  assert_handed_on (bypass, "x", "{\"n\":7}");
  heddle_harness_assert_json (bypass->output, "{\"n\":7}");
}

/* What reads it reads what it was given. */
static void
test_bypass (void)
{
  g_autoptr (HeddleHarnessResult) result = run (START ("") TEXT ("first", "", "first") TEXT ("a", BYPASS, "{{ broken ((") TEXT ("b", "", "{{ $a.output }} and {{ $input }}"),
                                                EDGE ("start", "first") "," EDGE ("first", "a") "," EDGE ("a", "b") "," EDGE ("b", "end"));

  assert_handed_on (result, "a", "\"first\"");
  heddle_harness_assert_json (result->output, "\"first and first\"");
}

/* With several ways out it takes the one that an edge without a port means. */
static void
test_bypass_branches (void)
{
  g_autoptr (HeddleHarnessResult) result = run (START ("") "{\"id\":\"c\",\"type\":\"if-else\"," BYPASS "\"params\":{\"condition\":\"false\"}},"
                                                           "{\"id\":\"s\",\"type\":\"switch\"," BYPASS "\"params\":{\"value\":\"a\",\"cases\":[{\"name\":\"x\",\"value\":\"a\"}]}}," TEXT ("x", "", "x"),
                                                EDGE ("start", "c") "," EDGE ("c.true", "s") "," EDGE ("s.x", "x") "," EDGE ("s.default", "end") "," EDGE ("x", "end"));

  assert_handed_on (result, "c", "{\"n\":7}");
  heddle_harness_assert_json (result->output, "{\"n\":7}");
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_SKIPPED, "x"));
}

static void
test_bypassed_merge (void)
{
  g_autoptr (HeddleHarnessResult) result = run (START ("") TEXT ("a", "", "a") TEXT ("b", "", "b") "{\"id\":\"m\",\"type\":\"merge\"," BYPASS "\"params\":{\"mode\":\"all\",\"result\":\"list\"}},",
                                                EDGE ("start", "a") "," EDGE ("start", "b") "," EDGE ("a", "m") "," EDGE ("b", "m") "," EDGE ("m", "end"));

  heddle_harness_assert_json (result->output, "{\"a\":\"a\",\"b\":\"b\"}");
}

#define MAP(mode) "{\"id\":\"m\",\"type\":\"map\"," mode "\"params\":{\"items\":\"[1,2]\"}},"
#define MAP_EDGES EDGE ("start", "m") "," EDGE ("m.item", "x") "," EDGE ("x", "m.result") "," EDGE ("m", "end")

/* What is in it has no part in the run, whatever is wrong with it. */
static void
test_containers (void)
{
  g_autoptr (HeddleHarnessResult) off = run (START ("") MAP (OFF) TEXT_IN ("x", "", "m", "{{ broken (("), MAP_EDGES);
  g_autoptr (HeddleHarnessResult) bypass = run (START ("") MAP (BYPASS) TEXT_IN ("x", "", "m", "{{ broken (("), MAP_EDGES);
  g_autoptr (HeddleHarnessResult) empty = run (START ("") MAP (BYPASS), EDGE ("start", "m") "," EDGE ("m", "end"));

  heddle_harness_assert_json (off->output, "null");
  assert_skipped (off, "m", "Turned off.");
  g_assert_null (heddle_harness_find (off, HEDDLE_EVENT_NODE_SKIPPED, "x"));
  heddle_harness_assert_json (bypass->output, "{\"n\":7}");
  g_assert_null (heddle_harness_find (bypass, HEDDLE_EVENT_NODE_STARTED, "x"));
  heddle_harness_assert_json (empty->output, "{\"n\":7}");
}

static void
test_in_containers (void)
{
  g_autoptr (HeddleHarnessResult) off = run (START ("") MAP ("") TEXT_IN ("x", OFF, "m", "x"), MAP_EDGES);
  g_autoptr (HeddleHarnessResult) bypass = run (START ("") MAP ("") TEXT_IN ("x", BYPASS, "m", "x"), MAP_EDGES);

  heddle_harness_assert_json (off->output, "[null,null]");
  g_assert_cmpuint (heddle_harness_count (off, HEDDLE_EVENT_NODE_SKIPPED, "x"), ==, 2);
  heddle_harness_assert_json (bypass->output, "[1,2]");
}

#define LOOP "{\"id\":\"l\",\"type\":\"loop\",\"params\":{\"mode\":\"times\",\"times\":3,\"initial\":\"i\"}},"

static void
test_in_loops (void)
{
  g_autoptr (HeddleHarnessResult) result = run (START ("") LOOP TEXT_IN ("x", BYPASS, "l", "x") TEXT_IN ("y", "", "l", "{{ $x.output }}!"),
                                                EDGE ("start", "l") "," EDGE ("l.body", "x") "," EDGE ("x", "y") "," EDGE ("y", "l.next") "," EDGE ("l", "end"));

  heddle_harness_assert_json (result->output, "\"i!!!\"");
}

#define CIRCLE EDGE ("start", "a") "," EDGE ("a", "c") "," EDGE ("c.true", "back") "," EDGE ("back", "a") "," EDGE ("c.false", "end")
#define CHECK(mode) "{\"id\":\"c\",\"type\":\"if-else\"," mode "\"params\":{\"condition\":\"$loop.index < 2\"}},"

/* Off, the way back is not taken; bypassed, it hands on what goes around. */
static void
test_circles (void)
{
  g_autoptr (HeddleHarnessResult) on = run (START ("") TEXT ("a", "", "{{ $loop.index }}") CHECK ("") TEXT ("back", "", "back"), CIRCLE);
  g_autoptr (HeddleHarnessResult) off = run (START ("") TEXT ("a", "", "{{ $loop.index }}") CHECK ("") TEXT ("back", OFF, "back"), CIRCLE);
  g_autoptr (HeddleHarnessResult) bypass = run (START ("") TEXT ("a", "", "{{ $loop.index }}") CHECK ("") TEXT ("back", BYPASS, "back"), CIRCLE);
  g_autoptr (HeddleHarnessResult) entry = run (START ("") TEXT ("a", OFF, "a") CHECK ("") TEXT ("back", "", "back"), CIRCLE);

  heddle_harness_assert_json (on->output, "\"2\"");
  heddle_harness_assert_json (off->output, "null");
  heddle_harness_assert_json (bypass->output, "\"2\"");
  g_assert_cmpint (entry->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (entry->output, "null");
  assert_skipped (entry, "a", "Turned off.");
}

static void
test_starts (void)
{
  g_autoptr (HeddleHarnessResult) off = run (START (OFF) TEXT ("b", "", "b"), EDGE ("start", "b") "," EDGE ("b", "end"));
  g_autoptr (HeddleHarnessResult) bypass = run (START (BYPASS) TEXT ("b", "", "{{ $start.n }}"), EDGE ("start", "b") "," EDGE ("b", "end"));
  g_autoptr (HeddleHarnessResult) hook = run (START (OFF) "{\"id\":\"hook\",\"type\":\"webhook\",\"params\":{}}," TEXT ("b", "", "b"), EDGE ("start", "b") "," EDGE ("hook", "end"));

  heddle_harness_assert_json (off->output, "null");
  assert_skipped (off, "start", "Turned off.");
  heddle_harness_assert_json (bypass->output, "\"7\"");
  assert_skipped (hook, "start", "Turned off.");
  g_assert_nonnull (heddle_harness_find (hook, HEDDLE_EVENT_NODE_FINISHED, "hook"));
}

static void
test_ends (void)
{
  static const char bypassed[] = HEAD START ("") "{\"id\":\"end\",\"type\":\"output\"," BYPASS "\"params\":{\"value\":\"other\"}}],\"edges\":[" EDGE ("start", "end") "]}";
  static const char off[] = HEAD START ("") "{\"id\":\"end\",\"type\":\"output\"," OFF "\"params\":{}}],\"edges\":[" EDGE ("start", "end") "]}";
  g_autoptr (HeddleHarnessResult) first = heddle_harness_run_workflow (bypassed, NULL, "{\"n\":7}");
  g_autoptr (HeddleHarnessResult) second = heddle_harness_run_workflow (off, NULL, "{\"n\":7}");

  heddle_harness_assert_json (first->output, "{\"n\":7}");
  heddle_harness_assert_json (second->output, "null");
}

/* A pin gives way to a bypass, and a failure has no part in what does not run. */
static void
test_pins_and_failures (void)
{
  g_autoptr (HeddleHarnessResult) pin = run (START ("") "{\"id\":\"a\",\"type\":\"template\"," BYPASS "\"params\":{\"text\":\"a\"},\"pin\":{\"output\":\"pinned\"}},",
                                             EDGE ("start", "a") "," EDGE ("a", "end"));
  g_autoptr (HeddleHarnessResult) handler = run (START ("") "{\"id\":\"h\",\"type\":\"error-handler\"," OFF "\"params\":{}},{\"id\":\"bad\",\"type\":\"fail\",\"params\":{\"message\":\"no\"}},",
                                                 EDGE ("start", "bad") "," EDGE ("h", "end"));
  g_autoptr (HeddleHarnessResult) handled = run (START ("") "{\"id\":\"h\",\"type\":\"error-handler\"," BYPASS "\"params\":{}},{\"id\":\"bad\",\"type\":\"fail\",\"params\":{\"message\":\"no\"}},",
                                                 EDGE ("start", "bad") "," EDGE ("h", "end"));

  heddle_harness_assert_json (pin->output, "{\"n\":7}");
  g_assert_cmpint (handler->state, ==, HEDDLE_RUN_FAILED);
  g_assert_null (heddle_harness_find (handler, HEDDLE_EVENT_NODE_FINISHED, "end"));
  g_assert_nonnull (heddle_harness_find (handled, HEDDLE_EVENT_NODE_FINISHED, "end"));
}

static guint
count_problems (const char *nodes, const char *edges, HeddleSeverity severity, const char *part)
{
  g_autofree char *json = g_strconcat (HEAD, nodes, END "],\"edges\":[", edges, "]}", NULL);
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, NULL);
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);
  guint n = 0;

  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      n += problem->severity == severity && (part == NULL || strstr (problem->message, part) != NULL);
    }
  return n;
}

static void
test_validate (void)
{
  static const char edges[] = EDGE ("start", "a") "," EDGE ("a", "b") "," EDGE ("b", "end");

  g_assert_cmpuint (count_problems (START ("") TEXT ("a", "", "{{ broken ((") TEXT ("b", "", "b"), edges, HEDDLE_SEVERITY_ERROR, NULL), ==, 1);
  g_assert_cmpuint (count_problems (START ("") TEXT ("a", OFF, "{{ broken (( {{ $nobody }}") TEXT ("b", "", "b"), edges, HEDDLE_SEVERITY_ERROR, NULL), ==, 0);
  g_assert_cmpuint (count_problems (START ("") TEXT ("a", OFF, "a") TEXT ("b", "", "{{ $a.output }}"), edges, HEDDLE_SEVERITY_WARNING, "turned off"), ==, 1);
  g_assert_cmpuint (count_problems (START ("") TEXT ("a", OFF, "a") TEXT ("b", OFF, "{{ $a.output }}"), edges, HEDDLE_SEVERITY_WARNING, "turned off"), ==, 0);
  g_assert_cmpuint (count_problems (START ("") TEXT ("a", BYPASS, "a") TEXT ("b", "", "{{ $a.output }}"), edges, HEDDLE_SEVERITY_WARNING, "turned off"), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/modes/off", test_off);
  g_test_add_func ("/modes/off-meets-other", test_off_meets_other);
  g_test_add_func ("/modes/unknown-type", test_unknown_type);
  g_test_add_func ("/modes/bypass", test_bypass);
  g_test_add_func ("/modes/bypass-branches", test_bypass_branches);
  g_test_add_func ("/modes/bypassed-merge", test_bypassed_merge);
  g_test_add_func ("/modes/containers", test_containers);
  g_test_add_func ("/modes/in-containers", test_in_containers);
  g_test_add_func ("/modes/in-loops", test_in_loops);
  g_test_add_func ("/modes/circles", test_circles);
  g_test_add_func ("/modes/starts", test_starts);
  g_test_add_func ("/modes/ends", test_ends);
  g_test_add_func ("/modes/pins-and-failures", test_pins_and_failures);
  g_test_add_func ("/modes/validate", test_validate);

  return g_test_run ();
}
