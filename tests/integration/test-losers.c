/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A merge that goes on with the first branch and stops the others. */
#include "heddle-harness.h"
#include "value/heddle-json.h"

#define WAIT(id, seconds) "{\"id\":\"" id "\",\"type\":\"wait\",\"params\":{\"seconds\":" seconds "}}"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"
#define WORKFLOW(stops, more_nodes, more_edges) \
  "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"W\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}," WAIT ("fast", "0.01") "," WAIT ("slow", "0.5") "," WAIT ("after", "0.5") ",{\"id\":\"merge\",\"type\":\"merge\",\"params\":{\"mode\":\"first\",\"cancel_losers\":" stops "}},{\"id\":\"end\",\"type\":\"output\"}" more_nodes "],\"edges\":[" EDGE ("start", "fast") "," EDGE ("start", "slow") "," EDGE ("slow", "after") "," EDGE ("fast", "merge") "," EDGE ("after", "merge") "," EDGE ("merge", "end") more_edges "]}"

static char *
run (const char *json)
{
  g_autoptr (HeddleHarnessResult) result = heddle_harness_run_workflow (json, NULL, "{\"message\":\"Hello\"}");

  g_assert_no_error (result->error);
  return heddle_harness_list (result, HEDDLE_EVENT_NODE_FINISHED, HEDDLE_EVENT_NODE_CANCELLED, HEDDLE_EVENT_NODE_SKIPPED, -1);
}

/* What had begun is stopped, and what would have followed is skipped. */
static void
test_stopped (void)
{
  g_autofree char *events = run (WORKFLOW ("true", "", ""));

  g_assert_cmpstr (events, ==, "node.finished start, node.finished fast, node.cancelled slow, node.finished merge, node.skipped after, node.finished end");
}

static void
test_not_asked_for (void)
{
  g_autofree char *events = run (WORKFLOW ("false", "", ""));

  g_assert_cmpstr (events, ==, "node.finished start, node.finished fast, node.finished merge, node.finished end, node.finished slow, node.finished after");
}

/* What others wait for, by an edge or in an expression, goes on. */
static void
test_needed (void)
{
  g_autofree char *by_edge = run (WORKFLOW ("true", ",{\"id\":\"other\",\"type\":\"output\"}", "," EDGE ("slow", "other")));
  g_autofree char *by_name = run (WORKFLOW ("true", ",{\"id\":\"late\",\"type\":\"merge\",\"params\":{\"mode\":\"always\"}},{\"id\":\"other\",\"type\":\"output\",\"params\":{\"value\":\"{{ $slow?.output }}\"}}",
                                            "," EDGE ("after", "late") "," EDGE ("late", "other")));

  g_assert_nonnull (g_strstr_len (by_edge, -1, "node.finished slow"));
  g_assert_nonnull (g_strstr_len (by_edge, -1, "node.finished other"));
  g_assert_nonnull (g_strstr_len (by_name, -1, "node.finished slow"));
  g_assert_null (g_strstr_len (by_name, -1, "cancelled"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/losers/stopped", test_stopped);
  g_test_add_func ("/losers/not-asked-for", test_not_asked_for);
  g_test_add_func ("/losers/needed", test_needed);
  return g_test_run ();
}
