/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "heddle-harness.h"
#include "run/heddle-run-again.h"
#include "store/heddle-store.h"
#include "test-database.h"
#include "trace/heddle-trace.h"
#include "value/heddle-json.h"

/* Breakpoints and single steps. */

#define WORKFLOW(settings, nodes, edges) \
  "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w1\",\"name\":\"Stepped\"," settings "\"nodes\":[" nodes "],\"edges\":[" edges "]}"
#define NODE(id, type, params) "{\"id\":\"" id "\",\"type\":\"" type "\",\"params\":" params "}"
#define CHILD(id, type, parent, params) "{\"id\":\"" id "\",\"type\":\"" type "\",\"parent\":\"" parent "\",\"params\":" params "}"
#define TEXT(id, text) NODE (id, "template", "{\"text\":\"" text "\"}")
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"

/* Two ways from the start that meet again. */
static const char diamond[] =
  WORKFLOW ("", NODE ("start", "input", "{}") "," TEXT ("left", "L") "," TEXT ("right", "R") "," TEXT ("below", "{{ $left.text }}") "," NODE ("out", "output", "{\"value\":\"{{ $below.text }}{{ $right.text }}\"}"), EDGE ("start", "left") "," EDGE ("start", "right") "," EDGE ("left", "below") "," EDGE ("below", "out") "," EDGE ("right", "out"));

typedef struct
{
  char *path;
  HeddleStore *store;
  HeddleEngine *engine;
  HeddleRun *run;
  guint subscription;
  GPtrArray *events; /* of the run, in order */
  guint n_looked_at;
} Fixture;

static void
open_engine (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  HeddleEngineServices services = { .retry_base_ms = 1 };

  fixture->store = services.store = heddle_store_new (fixture->path, &error);
  g_assert_no_error (error);
  fixture->engine = heddle_engine_new (&services);
}

static void
forget_run (Fixture *fixture)
{
  if (fixture->run != NULL)
    heddle_run_unsubscribe (fixture->run, fixture->subscription);
  g_clear_object (&fixture->run);
  g_ptr_array_set_size (fixture->events, 0);
  fixture->n_looked_at = 0;
}

static void
close_engine (Fixture *fixture)
{
  forget_run (fixture);
  heddle_engine_shutdown (fixture->engine);
  g_clear_object (&fixture->engine);
  g_clear_object (&fixture->store);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->path = heddle_test_new_database_path ();
  fixture->events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  open_engine (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_engine (fixture);
  g_ptr_array_unref (fixture->events);
  heddle_test_remove_database (fixture->path);
}

static void
events_cb (HeddleRun *run, GPtrArray *events, gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < events->len; i++)
    g_ptr_array_add (fixture->events, heddle_event_ref (g_ptr_array_index (events, i)));
}

/* Takes the run. */
static void
watch (Fixture *fixture, HeddleRun *run)
{
  forget_run (fixture);
  fixture->run = run;
  fixture->subscription = heddle_run_subscribe (run, NULL, 0, events_cb, fixture, NULL);
}

/* breakpoints: ids with commas between them, or NULL for steps. */
static void
start (Fixture *fixture, const char *json, const char *breakpoints)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  g_autoptr (HeddlePlan) plan = graph != NULL ? heddle_plan_compile (graph, NULL, &error) : NULL;
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"hello\"}");
  g_auto (GStrv) nodes = breakpoints != NULL ? g_strsplit (breakpoints, ",", -1) : NULL;
  HeddleRunOptions options = { .breakpoints = (const char *const *) nodes, .stepping = nodes == NULL, .use_pins = TRUE };

  g_assert_no_error (error);
  watch (fixture, heddle_engine_start (fixture->engine, plan, input, &options));
}

static const HeddleEvent *
next_event (Fixture *fixture)
{
  while (fixture->n_looked_at == fixture->events->len)
    g_main_context_iteration (NULL, TRUE);
  return g_ptr_array_index (fixture->events, fixture->n_looked_at++);
}

/* Waits until the run stands before a node, "scope/node" or "node"; "ok", "cancelled" … when it has ended. */
static char *
wait_for_stop (Fixture *fixture)
{
  while (TRUE)
    {
      const HeddleEvent *event = next_event (fixture);

      if (event->kind == HEDDLE_EVENT_RUN_FINISHED && heddle_json_member (event->data, "error") != NULL)
        g_test_message ("%s", heddle_json_get_string (heddle_json_member (event->data, "error"), "message", ""));
      if (event->kind == HEDDLE_EVENT_RUN_FINISHED)
        return g_strdup (heddle_json_get_string (event->data, "state", ""));
      if (event->kind == HEDDLE_EVENT_RUN_PAUSED)
        return event->scope != NULL ? g_strdup_printf ("%s/%s", event->scope, event->node) : g_strdup (event->node);
    }
}

static void
assert_stop (Fixture *fixture, const char *expected)
{
  g_autofree char *stop = wait_for_stop (fixture);

  g_assert_cmpstr (stop, ==, expected);
}

static void
assert_stops (Fixture *fixture, void (*go_on) (HeddleEngine *engine, HeddleRun *run), const char *expected)
{
  g_auto (GStrv) stops = g_strsplit (expected, " ", -1);

  for (guint i = 0; stops[i] != NULL; i++)
    {
      assert_stop (fixture, stops[i]);
      go_on (fixture->engine, fixture->run);
    }
}

/* Of what has come so far. */
static guint
count (Fixture *fixture, HeddleEventKind kind, const char *node)
{
  guint n = 0;

  for (guint i = 0; i < fixture->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (fixture->events, i);

      n += event->kind == kind && g_strcmp0 (event->node, node) == 0;
    }
  return n;
}

static const HeddleEvent *
find (Fixture *fixture, HeddleEventKind kind, const char *node)
{
  for (guint i = 0; i < fixture->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (fixture->events, i);

      if (event->kind == kind && g_strcmp0 (event->node, node) == 0)
        return event;
    }
  return NULL;
}

/* Lets the engine do what it may do. */
static void
wait_a_while (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
assert_output (Fixture *fixture, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) output = heddle_run_dup_output (fixture->run, &error);

  g_assert_no_error (error);
  heddle_harness_assert_json (output, expected);
}

static void
test_chain (Fixture *fixture, gconstpointer data)
{
  const HeddleEvent *paused;

  start (fixture, diamond, "below");
  assert_stop (fixture, "below");
  paused = find (fixture, HEDDLE_EVENT_RUN_PAUSED, "below");
  g_assert_cmpstr (paused->text, ==, "Paused before “Template”.");
  heddle_harness_assert_json (heddle_json_member (paused->data, "inputs"), "{\"in\":\"L\"}");
  wait_a_while (20);
  g_assert_cmpint (heddle_run_get_state (fixture->run), ==, HEDDLE_RUN_RUNNING);
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "below"), ==, 0);
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "ok");
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_RUN_UNPAUSED, NULL), ==, 1);
  assert_output (fixture, "\"LR\"");
}

/* What is ready on other branches waits, and what the run stood before comes first. */
static void
test_branches (Fixture *fixture, gconstpointer data)
{
  start (fixture, diamond, "left,right");
  assert_stop (fixture, "left");
  wait_a_while (20);
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "right"), ==, 0);
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_READY, "right"), ==, 1);
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "right");
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "left"), ==, 1);
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "ok");
  assert_output (fixture, "\"LR\"");
}

/* Always the same order, one node at a time. */
static void
test_steps (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      start (fixture, diamond, NULL);
      assert_stops (fixture, heddle_engine_step, "start left right below out");
      assert_stop (fixture, "ok");
    }
}

/* Steps, then on to a breakpoint that was set meanwhile; and a run that goes on comes to stand by a step. */
static void
test_change (Fixture *fixture, gconstpointer data)
{
  static const char slow[] = WORKFLOW ("", NODE ("wait", "wait", "{\"seconds\":0.3}") "," TEXT ("after", "A"), EDGE ("wait", "after"));

  start (fixture, diamond, NULL);
  assert_stops (fixture, heddle_engine_step, "start");
  assert_stop (fixture, "left");
  heddle_engine_set_breakpoints (fixture->engine, fixture->run, (const char *const[]){ "out", NULL });
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "out");
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "ok");

  start (fixture, slow, "nowhere");
  heddle_harness_wait_for_node (fixture->run, HEDDLE_EVENT_NODE_STARTED, "wait");
  heddle_engine_step (fixture->engine, fixture->run);
  assert_stop (fixture, "after");
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "ok");
}

#define ITEMS                                                                                                                                                                                                      \
  WORKFLOW ("", NODE ("m", "map", "{\"items\":\"[1,2,3]\",\"concurrency\":2}") "," CHILD ("a", "template", "m", "{\"text\":\"{{ $m.item }}\"}") "," CHILD ("b", "template", "m", "{\"text\":\"<{{ $input }}>\"}"), \
            EDGE ("m.item", "a") "," EDGE ("a", "b") "," EDGE ("b", "m.result"))

/* In each item, with other items waiting meanwhile. */
static void
test_items (Fixture *fixture, gconstpointer data)
{
  start (fixture, ITEMS, "b");
  assert_stop (fixture, "m#0/b");
  wait_a_while (20);
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "b"), ==, 0);
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stops (fixture, heddle_engine_continue, "m#1/b m#2/b");
  assert_stop (fixture, "ok");
  assert_output (fixture, "[\"<1>\",\"<2>\",\"<3>\"]");
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_FINISHED, "b"), ==, 3);
}

/* Into the frame and out of it; a circle is stopped at by its nodes, not as such. */
static void
test_frames (Fixture *fixture, gconstpointer data)
{
  static const char circle[] =
    WORKFLOW ("", NODE ("start", "input", "{}") "," NODE ("n", "set", "{\"mode\":\"only\",\"values\":[{\"name\":\"v\",\"value\":\"{{ ($input.v ?? 0) + 1 }}\"}]}") "," NODE ("c", "if-else", "{\"condition\":\"$n.output.v < 2\"}") "," TEXT ("end", "E"),
              EDGE ("start", "n") "," EDGE ("n", "c") "," EDGE ("c.true", "n") "," EDGE ("c.false", "end"));
  static const char subflow[] = WORKFLOW ("", NODE ("s", "subflow", "{}") "," CHILD ("in", "template", "s", "{\"text\":\"I\"}") "," TEXT ("after", "A"), EDGE ("s.start", "in") "," EDGE ("in", "s.end") "," EDGE ("s", "after"));

  start (fixture, circle, NULL);
  assert_stops (fixture, heddle_engine_step, "start @n#0/n @n#0/c @n#1/n @n#1/c end");
  assert_stop (fixture, "ok");
  start (fixture, subflow, NULL);
  assert_stops (fixture, heddle_engine_step, "s s#0/in after");
  assert_stop (fixture, "ok");
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  start (fixture, diamond, "left,right");
  assert_stop (fixture, "left");
  heddle_run_cancel (fixture->run);
  assert_stop (fixture, "cancelled");
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "left"), ==, 0);
  /* Nobody is there any more to hear these. */
  heddle_engine_continue (fixture->engine, fixture->run);
  heddle_engine_step (fixture->engine, fixture->run);
  start (fixture, ITEMS, "b");
  assert_stop (fixture, "m#0/b");
  heddle_run_cancel (fixture->run);
  assert_stop (fixture, "cancelled");
}

/* What fails meanwhile ends the run, or only the item that the run stood in, and then it goes on. */
static void
test_failure (Fixture *fixture, gconstpointer data)
{
  static const char whole[] = WORKFLOW ("", NODE ("bad", "http", "{\"url\":\"http://127.0.0.1:1/\"}") "," TEXT ("other", "O"), "");
  static const char items[] =
    WORKFLOW ("", NODE ("m", "map", "{\"items\":\"[1,2]\",\"concurrency\":1,\"on_item_error\":\"skip\"}") "," CHILD ("bad", "http", "m", "{\"url\":\"http://127.0.0.1:1/\"}") "," CHILD ("good", "template", "m", "{\"text\":\"G\"}"),
              EDGE ("m.item", "bad") "," EDGE ("m.item", "good") "," EDGE ("bad", "m.result"));

  start (fixture, whole, "other");
  assert_stop (fixture, "other");
  assert_stop (fixture, "failed");
  start (fixture, items, "good");
  assert_stop (fixture, "m#0/good");
  assert_stop (fixture, "m#1/good");
  assert_stop (fixture, "ok");
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "good"), ==, 0);
  /* The run ended while it stood the second time. */
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_RUN_UNPAUSED, NULL), ==, 1);
}

/* Attempts after the first one pass, also while the run stands elsewhere. */
static void
test_retry (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autofree char *json = g_strdup_printf (WORKFLOW ("", NODE ("call", "http", "{\"url\":\"%s\"}") "," TEXT ("other", "O"), ""), url);

  for (guint i = 0; i < 2; i++)
    {
      heddle_fake_server_push (server, "HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n", -1, HEDDLE_FAKE_WHOLE);
      heddle_fake_server_push_body (server, "200 OK", "text/plain", "fine");
    }
  start (fixture, json, "call");
  assert_stops (fixture, heddle_engine_continue, "call");
  assert_stop (fixture, "ok");
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "call"), ==, 2);
  start (fixture, json, "other");
  assert_stop (fixture, "other");
  while (count (fixture, HEDDLE_EVENT_NODE_FINISHED, "call") == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "call"), ==, 2);
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "ok");
}

/* Limits of the run and of a frame are shorter than the pause; a pinned node is not stopped at. */
static void
test_time (Fixture *fixture, gconstpointer data)
{
  static const char limited[] =
    WORKFLOW ("\"settings\":{\"budget\":{\"seconds\":1}},",
              "{\"id\":\"s\",\"type\":\"subflow\",\"policy\":{\"timeout\":0.5,\"attempt_timeout\":0.5}},{\"id\":\"pinned\",\"type\":\"template\",\"pin\":{\"output\":\"P\"}}," CHILD ("in", "template", "s", "{\"text\":\"I\"}"),
              EDGE ("pinned", "s") "," EDGE ("s.start", "in") "," EDGE ("in", "s.end"));

  start (fixture, limited, "in,pinned");
  assert_stop (fixture, "s#0/in");
  wait_a_while (1200);
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "ok");
  assert_output (fixture, "\"I\"");
}

static void
resumed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
resume (Fixture *fixture, const char *id, const char *breakpoint)
{
  const char *const nodes[] = { breakpoint, NULL };
  HeddleRunOptions options = { .breakpoints = nodes };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  HeddleRun *run;

  heddle_engine_resume_async (fixture->engine, id, &options, NULL, resumed_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_resume_finish (fixture->engine, result, &error);
  g_assert_no_error (error);
  watch (fixture, run);
}

/* The log of a run that stood when its process went says no more than that it was paused. */
static void
test_resume (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;

  start (fixture, diamond, "below");
  id = g_strdup (heddle_run_get_id (fixture->run));
  assert_stop (fixture, "below");
  close_engine (fixture);
  open_engine (fixture);
  resume (fixture, id, "out");
  /* What was told before it went on. */
  assert_stop (fixture, "below");
  assert_stop (fixture, "out");
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "below"), ==, 1);
  g_assert_cmpuint (count (fixture, HEDDLE_EVENT_NODE_STARTED, "left"), ==, 1);
  heddle_engine_continue (fixture->engine, fixture->run);
  assert_stop (fixture, "ok");
  assert_output (fixture, "\"LR\"");
}

/* Whoever looks on sees the node, and what it is about to get. */
static void
test_trace (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleTrace) trace = NULL;
  HeddleSpan *span;

  start (fixture, ITEMS, "b");
  assert_stop (fixture, "m#0/b");
  trace = heddle_trace_new (heddle_run_get_id (fixture->run), 0);
  heddle_trace_apply (trace, fixture->events);
  span = heddle_trace_get_next (trace);
  g_assert_nonnull (span);
  g_assert_cmpstr (heddle_span_get_node_id (span), ==, "b");
  g_assert_cmpstr (heddle_span_get_scope (span), ==, "m#0");
  g_assert_cmpint (heddle_span_get_state (span), ==, HEDDLE_SPAN_READY);
  heddle_harness_assert_json (heddle_span_get_attribute (span, "inputs"), "{\"in\":\"1\"}");
  g_assert_cmpstr (heddle_trace_get_pause (trace), ==, "Paused before “Template”.");
  heddle_run_cancel (fixture->run);
  assert_stop (fixture, "cancelled");
  heddle_trace_apply (trace, fixture->events);
  g_assert_null (heddle_trace_get_next (trace));
  g_assert_null (heddle_trace_get_pause (trace));
}

#define ADD(name, func) g_test_add ("/breaks/" name, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("chain", test_chain);
  ADD ("branches", test_branches);
  ADD ("steps", test_steps);
  ADD ("change", test_change);
  ADD ("items", test_items);
  ADD ("frames", test_frames);
  ADD ("cancel", test_cancel);
  ADD ("failure", test_failure);
  ADD ("retry", test_retry);
  ADD ("time", test_time);
  ADD ("resume", test_resume);
  ADD ("trace", test_trace);
  return g_test_run ();
}
