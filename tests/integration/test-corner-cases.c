/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Corner cases of runs, each as a test of its own: what happens here has to be the same in a year. */
#include "heddle-error.h"
#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "run/heddle-past.h"
#include "store/heddle-store.h"
#include "test-script.h"
#include "value/heddle-json.h"

#include <string.h>

#define NODE(id, type, params) "{\"id\":\"" id "\",\"type\":\"" type "\",\"params\":{" params "}},"
#define NODE_WITH(id, type, params, policy) "{\"id\":\"" id "\",\"type\":\"" type "\",\"params\":{" params "},\"policy\":{" policy "}},"
#define CHILD(id, type, parent, params) "{\"id\":\"" id "\",\"type\":\"" type "\",\"parent\":\"" parent "\",\"params\":{" params "}},"
#define TEXT(id) NODE (id, "template", "\"text\":\"" id "\"")
#define IF(id, condition) NODE (id, "if-else", "\"condition\":\"" condition "\"")
#define OUTPUT "{\"id\":\"out\",\"type\":\"output\"}"

/* edges: "a b, c.true d.in". */
static char *
dup_workflow (const char *nodes, const char *edges)
{
  g_auto (GStrv) pairs = g_strsplit (edges, ", ", -1);
  GString *text = g_string_new ("{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"Corner\",\"nodes\":[");

  g_string_append_printf (text, "%s],\"edges\":[", nodes);
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      g_auto (GStrv) ends = g_strsplit (pairs[i], " ", 2);

      g_string_append_printf (text, "%s{\"from\":\"%s\",\"to\":\"%s\"}", i > 0 ? "," : "", ends[0], ends[1]);
    }
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static HeddleHarnessResult *
run_with (const HeddleEngineServices *services, const char *nodes, const char *edges)
{
  g_autofree char *json = dup_workflow (nodes, edges);

  return heddle_harness_run_workflow (json, services, NULL);
}

static HeddleHarnessResult *
run (const char *nodes, const char *edges)
{
  HeddleEngineServices services = { .retry_base_ms = 1 };

  return run_with (&services, nodes, edges);
}

/* Under way; the caller ends it. */
static HeddleRun *
start (HeddleEngine *engine, const char *nodes, const char *edges)
{
  g_autofree char *json = dup_workflow (nodes, edges);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  g_autoptr (HeddlePlan) plan = graph != NULL ? heddle_plan_compile (graph, NULL, &error) : NULL;

  g_assert_no_error (error);
  return heddle_engine_start (engine, plan, NULL, NULL);
}

static guint
count (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node)
{
  return heddle_harness_count (result, kind, node);
}

static const char *
skip_reason (const HeddleHarnessResult *result, const char *node)
{
  const HeddleEvent *event = heddle_harness_find (result, HEDDLE_EVENT_NODE_SKIPPED, node);

  g_assert_nonnull (event);
  return event->text;
}

static JsonNode *
result_of (const HeddleHarnessResult *result, const char *node)
{
  return heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, node)->data, "result");
}

static void
test_if_else_both_to_output (void)
{
  g_autoptr (HeddleHarnessResult) result = run (TEXT ("s") IF ("c", "true") TEXT ("a") TEXT ("b") OUTPUT, "s c, c.true a, c.false b, a out, b out");

  heddle_harness_assert_json (result->output, "\"a\"");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "out"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_SKIPPED, NULL), ==, 1);
}

/* The first of the edges ends last, and still comes first. */
static void
test_two_parallel_to_output (void)
{
  g_autoptr (HeddleHarnessResult) result = run (NODE ("a", "wait", "\"seconds\":0.02") TEXT ("b") OUTPUT, "a out, b out");
  g_autofree char *text = heddle_json_to_text (result->output, HEDDLE_JSON_COMPACT);

  g_assert_cmpstr (text, ==, "{\"a\":null,\"b\":\"b\"}");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "out"), ==, 1);
}

static void
test_unequal_branches (void)
{
  g_autoptr (HeddleHarnessResult) result = run (TEXT ("s") TEXT ("a") TEXT ("b") NODE ("b2", "wait", "\"seconds\":0.02") OUTPUT, "s a, s b, b b2, a out, b2 out");
  g_autofree char *order = heddle_harness_list (result, HEDDLE_EVENT_NODE_FINISHED, -1);

  g_assert_true (g_str_has_suffix (order, "node.finished b2, node.finished out"));
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "out"), ==, 1);
}

static void
test_merge_with_skipped_branch (void)
{
  g_autoptr (HeddleHarnessResult) result = run (TEXT ("s") IF ("c", "false") TEXT ("a") TEXT ("b") NODE ("any", "merge", "") NODE ("all", "merge", "\"mode\":\"all\"") OUTPUT,
                                                "s c, c.true a, c.false b, a any, b any, a all, b all, any out");

  heddle_harness_assert_json (result->output, "\"b\"");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "all"), ==, 0);
  g_assert_nonnull (strstr (skip_reason (result, "all"), "was skipped"));
}

static void
test_dead_in_live_context (void)
{
  g_autoptr (HeddleHarnessResult) result = run (TEXT ("s") TEXT ("rag") IF ("c", "false") NODE ("llm", "llm", "\"model\":\"demo/small\"") OUTPUT,
                                                "s c, c.true llm.in, rag llm.context, llm out");

  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "rag"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "llm"), ==, 0);
  g_assert_nonnull (strstr (skip_reason (result, "llm"), "If-Else"));
}

static void
test_everything_skipped (void)
{
  g_autoptr (HeddleHarnessResult) result = run (TEXT ("s") IF ("c", "true") TEXT ("a") OUTPUT, "s c, c.false a, a out");
  const HeddleEvent *end = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_true (heddle_json_is_null (result->output));
  g_assert_cmpstr (heddle_json_get_string (end->data, "note", ""), ==, "No branch reached Output.");
}

#define MAP_WITH_BRANCH(params)                                 \
  NODE ("m", "map", "\"items\":\"[1,2,3]\"" params)             \
  CHILD ("c", "if-else", "m", "\"condition\":\"$m.item != 2\"") \
  CHILD ("t", "template", "m", "\"text\":\"<{{ $m.item }}>\"")  \
  OUTPUT

static void
test_if_else_in_item (void)
{
  const char *edges = "m.item c, c.true t, t m.result, m out";
  g_autoptr (HeddleHarnessResult) kept = run (MAP_WITH_BRANCH (""), edges);
  g_autoptr (HeddleHarnessResult) dropped = run (MAP_WITH_BRANCH (",\"drop_empty\":true"), edges);

  heddle_harness_assert_json (kept->output, "[\"<1>\",null,\"<3>\"]");
  heddle_harness_assert_json (dropped->output, "[\"<1>\",\"<3>\"]");
  g_assert_cmpuint (count (kept, HEDDLE_EVENT_NODE_SKIPPED, "t"), ==, 1);
}

/* The fourth of eight at the same time fails at once, while the others wait. */
static void
test_map_fails_fast (void)
{
  g_autoptr (HeddleHarnessResult) result = run (NODE ("m", "map", "\"items\":\"[1,2,3,4,5,6,7,8,9,10]\",\"concurrency\":8")
                                                  CHILD ("c", "if-else", "m", "\"condition\":\"$m.item == 4\"") CHILD ("bad", "fail", "m", "\"message\":\"four\"")
                                                    CHILD ("w", "wait", "m", "\"seconds\":60") OUTPUT,
                                                "m.item c, c.true bad, c.false w, w m.result, m out");

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_nonnull (strstr (result->error->message, "Item 4 of 10"));
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_CANCELLED, "w"), ==, count (result, HEDDLE_EVENT_NODE_STARTED, "w"));
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "w"), <=, 7);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "w"), ==, 0);
  g_assert_cmpint (result->duration, <, 10 * G_USEC_PER_SEC);
}

static void
test_map_collects (void)
{
  g_autoptr (HeddleHarnessResult) result = run (NODE ("m", "map", "\"items\":\"[1,2,3]\",\"on_item_error\":\"collect\"")
                                                  CHILD ("c", "if-else", "m", "\"condition\":\"$m.item == 2\"") CHILD ("bad", "fail", "m", "\"message\":\"two\"") OUTPUT,
                                                "m.item c, c.true bad, c.false m.result, m out");
  JsonArray *list = json_node_get_array (result->output);
  JsonNode *failed = heddle_json_member (result_of (result, "m"), "failed");

  g_assert_cmpuint (json_array_get_length (list), ==, 3);
  g_assert_cmpint (json_array_get_int_element (list, 0), ==, 1);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (json_array_get_element (list, 1), "error"), "message", ""), ==, "two");
  g_assert_cmpint (json_array_get_int_element (list, 2), ==, 3);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (failed)), ==, 1);
  g_assert_cmpint (heddle_json_get_int (json_array_get_element (json_node_get_array (failed), 0), "index", -1), ==, 1);
}

static void
test_error_on_parallel_branch (void)
{
  const char *nodes = TEXT ("s") NODE ("pause", "wait", "\"seconds\":0.02") NODE ("other", "wait", "\"seconds\":60") NODE ("bad", "fail", "") OUTPUT;
  g_autoptr (HeddleHarnessResult) failed = run (nodes, "s pause, pause bad, s other, other out");
  g_autoptr (HeddleHarnessResult) routed = run (TEXT ("s") NODE_WITH ("bad", "fail", "", "\"on_error\":\"route\"") TEXT ("rescue") NODE ("other", "wait", "\"seconds\":0.02") OUTPUT,
                                                "s bad, bad.error rescue, s other, rescue out, other out");

  g_assert_cmpint (failed->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpuint (count (failed, HEDDLE_EVENT_NODE_CANCELLED, "other"), ==, 1);
  g_assert_cmpint (routed->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (routed->output, "{\"rescue\":\"rescue\",\"other\":\"s\"}");
}

static void
test_error_and_normal_edge_meet (void)
{
  g_autoptr (HeddleHarnessResult) fails = run (TEXT ("s") NODE_WITH ("n", "template", "\"text\":\"{{ JSON.parse('x') }}\"", "\"on_error\":\"route\"") OUTPUT, "s n, n out, n.error out");
  g_autoptr (HeddleHarnessResult) works = run (TEXT ("s") NODE_WITH ("n", "template", "\"text\":\"fine\"", "\"on_error\":\"route\"") OUTPUT, "s n, n out, n.error out");

  g_assert_cmpuint (count (fails, HEDDLE_EVENT_NODE_FINISHED, "out"), ==, 1);
  g_assert_cmpstr (heddle_json_get_string (fails->output, "node", ""), ==, "n");
  g_assert_cmpuint (count (works, HEDDLE_EVENT_NODE_FINISHED, "out"), ==, 1);
  heddle_harness_assert_json (works->output, "\"fine\"");
}

static void
test_retry_after_siblings (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Corner");
  HeddleEngineServices services = { .retry_base_ms = 1 };
  g_autoptr (JsonNode) value = heddle_json_string ("x");
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add_value (builder, "sibling", value);
  heddle_test_nodes_add (builder, "again", &heddle_test_node_flaky, "{\"failures\":2}");
  heddle_test_nodes_add (builder, "join", &heddle_test_node_join_all, NULL);
  heddle_test_nodes_connect (builder, "sibling join, again join");
  result = heddle_harness_run_plan (heddle_harness_finish (builder), &services, NULL);
  heddle_harness_assert_json (result->output, "{\"sibling\":\"x\",\"again\":\"done\"}");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "sibling"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "again"), ==, 3);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "join"), ==, 1);
}

#define STREAM_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
#define STREAM_TEXT "data: {\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"so far\"}}]}\n\n"
#define LLM NODE ("llm", "llm", "\"model\":\"fake/m\"")

/* Until the socket of a stream is seen closed, after the text has come and the run was stopped. */
static void
test_cancel_during_stream (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (server);
  HeddleEngineServices services = { .models = models };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) handle = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *end;

  heddle_fake_server_push_hanging (server, STREAM_HEAD STREAM_TEXT);
  handle = start (engine, TEXT ("s") LLM OUTPUT, "s llm, llm out");
  heddle_harness_wait_for (handle, HEDDLE_EVENT_NODE_DELTA);
  heddle_run_cancel (handle);
  result = heddle_harness_wait (handle);
  g_assert_cmpint (heddle_fake_server_wait_closed (server), >, 0);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  g_assert_cmpstr (heddle_harness_find (result, HEDDLE_EVENT_NODE_PARTIAL, "llm")->text, ==, "so far");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_CANCELLED, "llm"), ==, 1);
  end = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  g_assert_true (heddle_json_get_boolean (heddle_json_member (end->data, "usage"), "estimated", FALSE));
}

static void
test_cancel_while_asking (void)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddleRun) handle = start (engine, TEXT ("s") NODE ("ask", "approval", "") OUTPUT, "s ask, ask out");
  g_autoptr (JsonNode) questions = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) left = NULL;
  const char *id;

  heddle_harness_wait_for (handle, HEDDLE_EVENT_RUN_ASKED);
  questions = heddle_run_dup_questions (handle);
  id = heddle_json_get_string (json_array_get_element (json_node_get_array (questions), 0), "id", "");
  heddle_run_cancel (handle);
  result = heddle_harness_wait (handle);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_CANCELLED, "ask"), ==, 1);
  left = heddle_run_dup_questions (handle);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (left)), ==, 0);
  g_assert_false (heddle_run_answer (handle, id, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

/* What is known of a node whose process was killed after these events. */
static const HeddlePastNode *
look_back (HeddlePast **past, TestScript *script)
{
  *past = heddle_past_new ("r", script->events);
  g_ptr_array_unref (script->events);
  return heddle_past_find (*past, NULL, "n");
}

static TestScript
begin_script (void)
{
  TestScript script = test_script_new ();

  test_script_add (&script, HEDDLE_EVENT_RUN_STARTED, NULL, "{\"input\":null}");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "n", "{\"type\":\"http\"}")->attempt = 1;
  return script;
}

static void
test_kill_during_stream (void)
{
  TestScript script = begin_script ();
  g_autoptr (HeddlePast) past = NULL;
  const HeddlePastNode *node;

  test_script_add_text (&script, HEDDLE_EVENT_NODE_PARTIAL, "n", "so far");
  node = look_back (&past, &script);
  g_assert_cmpint (node->state, ==, HEDDLE_PAST_UNFINISHED);
  g_assert_cmpuint (node->attempt, ==, 1);
  g_assert_null (node->data);
}

/* Whether the bytes were sent, or the answer even came: the log cannot tell, so a person has to. */
static void
test_kill_after_post (gconstpointer data)
{
  TestScript script = begin_script ();
  g_autoptr (HeddlePast) past = NULL;

  test_script_add (&script, HEDDLE_EVENT_NODE_INTENT, "n", "{\"key\":\"k\"}");
  if (data != NULL)
    test_script_add (&script, HEDDLE_EVENT_SPAN_FINISHED, "n", "{\"status\":200}")->span = 1;
  g_assert_cmpint (look_back (&past, &script)->state, ==, HEDDLE_PAST_IN_DOUBT);
}

static void
test_kill_while_waiting_for_retry (void)
{
  TestScript script = begin_script ();
  g_autoptr (HeddlePast) past = NULL;
  const HeddlePastNode *node;

  test_script_add (&script, HEDDLE_EVENT_NODE_RETRY, "n", "{\"delay\":60000,\"error\":{\"class\":\"network\"}}");
  node = look_back (&past, &script);
  g_assert_cmpint (node->state, ==, HEDDLE_PAST_UNFINISHED);
  g_assert_cmpuint (node->attempt, ==, 1);
}

/* A socket that is silent for too long, as after a sleep of the computer, is a broken connection, which is tried again. */
static void
test_silent_socket (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autofree char *nodes = g_strdup_printf (NODE ("get", "http", "\"url\":\"%s\",\"timeout\":0.1") OUTPUT, url);
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_push_hanging (server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
  heddle_fake_server_push_body (server, "200 OK", "text/plain", "whole");
  result = run (nodes, "get out");
  heddle_harness_assert_json (result->output, "\"whole\"");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_RETRY, "get"), ==, 1);
}

static void
test_first_with_late_loser (void)
{
  g_autoptr (HeddleHarnessResult) result = run (NODE ("slow", "wait", "\"seconds\":0.02") TEXT ("fast") NODE ("first", "merge", "\"mode\":\"first\"") OUTPUT, "slow first, fast first, first out");

  heddle_harness_assert_json (result->output, "\"fast\"");
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "slow"), ==, 1);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FINISHED, "first"), ==, 1);
}

/* The value of the last round is the output, and the others can be read. */
static void
test_loop_to_output (void)
{
  g_autoptr (HeddleHarnessResult) result = run (NODE ("l", "loop", "\"items\":\"[1,2,3]\"") CHILD ("t", "template", "l", "\"text\":\"<{{ $loop.item }}>\"") OUTPUT, "l.body t, t l.next, l out");

  heddle_harness_assert_json (result->output, "\"<3>\"");
  heddle_harness_assert_json (heddle_json_member (result_of (result, "l"), "results"), "[\"<1>\",\"<2>\",\"<3>\"]");
}

static void
test_calls_itself (void)
{
  g_autoptr (HeddleStore) store = heddle_store_new (":memory:", NULL);
  HeddleEngineServices services = { .store = store };
  const char *nodes = TEXT ("s") NODE ("call", "sub-workflow", "\"workflow\":\"Corner\"") OUTPUT;
  g_autofree char *json = dup_workflow (nodes, "s call, call out");
  g_autoptr (HeddleHarnessResult) result = NULL;

  g_assert_true (heddle_store_save_workflow (store, "w", "Corner", json, NULL));
  result = run_with (&services, nodes, "s call, call out");
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT);
}

static void
test_empty_answer (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (server);
  HeddleEngineServices services = { .models = models, .retry_base_ms = 1 };
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_set_default (server, 0, "{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":\"stop\"}]}");
  result = run_with (&services, TEXT ("s") NODE ("llm", "llm", "\"model\":\"fake/m\",\"stream\":false") OUTPUT, "s llm, llm out");
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpuint (heddle_fake_server_count (server), ==, 2);
}

static void
add_skipped_diamonds (GString *nodes, GString *edges, guint n_diamonds)
{
  for (guint i = 0; i < n_diamonds; i++)
    {
      g_autofree char *from = i == 0 ? g_strdup ("c.true") : g_strdup_printf ("j%u", i - 1);

      g_string_append_printf (nodes, NODE ("l%u", "template", "") NODE ("r%u", "template", "") NODE ("j%u", "template", ""), i, i, i);
      g_string_append_printf (edges, ", %s l%u, %s r%u, l%u j%u, r%u j%u", from, i, from, i, i, i, i, i);
    }
}

static void
test_much_behind_false_branch (void)
{
  g_autoptr (GString) nodes = g_string_new (TEXT ("s") IF ("c", "false"));
  g_autoptr (GString) edges = g_string_new ("s c, c.true n0");
  g_autoptr (HeddleHarnessResult) result = NULL;

  for (guint i = 0; i < 1200; i++)
    {
      g_string_append_printf (nodes, NODE ("n%u", "template", ""), i);
      if (i > 0)
        g_string_append_printf (edges, ", n%u n%u", i - 1, i);
    }
  add_skipped_diamonds (nodes, edges, 20);
  g_string_append (nodes, OUTPUT);
  g_string_append (edges, ", n1199 out, j19 out");
  result = run (nodes->str, edges->str);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_SKIPPED, NULL), ==, 1200 + 3 * 20 + 1);
}

/* None of them copies it; that it takes milliseconds is seen by `make bench`. */
static void
test_large_value (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Corner");
  g_autofree char *padding = g_strnfill (1024 * 1024, 'x');
  g_autofree char *large = g_strdup_printf ("{\"name\":\"Ada\",\"padding\":\"%s\"}", padding);
  g_autoptr (JsonNode) value = heddle_harness_json (large);
  g_autoptr (GString) params = g_string_new ("{\"mode\":\"only\",\"values\":[");
  g_autoptr (HeddleHarnessResult) result = NULL;

  for (guint i = 0; i < 20; i++)
    g_string_append_printf (params, "%s{\"name\":\"v%u\",\"value\":\"{{ $start.output.name + %u }}\"}", i > 0 ? "," : "", i, i);
  g_string_append (params, "]}");
  heddle_test_nodes_add_value (builder, "start", value);
  heddle_test_nodes_add (builder, "look", heddle_registry_lookup ("set"), params->str);
  heddle_test_nodes_connect (builder, "start look");
  result = heddle_harness_run_plan (heddle_harness_finish (builder), NULL, NULL);
  g_assert_cmpstr (heddle_json_get_string (result->output, "v19", ""), ==, "Ada19");
}

/* Each join with each combination of live and dead edges: whether it runs, and what it gives. */
typedef struct
{
  const char *mode;
  gboolean first, second;
  const char *output; /* NULL: skipped */
} JoinCase;

static const JoinCase join_cases[] = {
  { "any", TRUE, TRUE, "{\"a\":\"a\",\"b\":\"b\"}" },
  { "any", TRUE, FALSE, "\"a\"" },
  { "any", FALSE, TRUE, "\"b\"" },
  { "any", FALSE, FALSE, NULL },
  { "all", TRUE, TRUE, "{\"a\":\"a\",\"b\":\"b\"}" },
  { "all", TRUE, FALSE, NULL },
  { "all", FALSE, TRUE, NULL },
  { "all", FALSE, FALSE, NULL },
  { "first", TRUE, TRUE, "\"a\"" },
  { "first", TRUE, FALSE, "\"a\"" },
  { "first", FALSE, TRUE, "\"b\"" },
  { "first", FALSE, FALSE, NULL },
  { "always", TRUE, TRUE, "{\"a\":\"a\",\"b\":\"b\"}" },
  { "always", TRUE, FALSE, "\"a\"" },
  { "always", FALSE, TRUE, "\"b\"" },
  { "always", FALSE, FALSE, "null" },
};

static void
test_join (gconstpointer data)
{
  const JoinCase *c = data;
  g_autofree char *nodes = g_strdup_printf (TEXT ("s") IF ("c1", "%s") IF ("c2", "%s") TEXT ("a") TEXT ("b") NODE ("join", "merge", "\"mode\":\"%s\"") OUTPUT,
                                            c->first ? "true" : "false", c->second ? "true" : "false", c->mode);
  g_autoptr (HeddleHarnessResult) result = run (nodes, "s c1, s c2, c1.true a, c2.true b, a join, b join, join out");

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_STARTED, "join"), ==, c->output != NULL ? 1 : 0);
  g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_SKIPPED, "join"), ==, c->output != NULL ? 0 : 1);
  heddle_harness_assert_json (result->output, c->output != NULL ? c->output : "null");
}

/* Each way to take a failure, in the run itself and in each kind of container, by itself and when the run is stopped. */
typedef struct
{
  const char *mode;
  const char *container; /* NULL: in none */
  gboolean stops;
} ErrorCase;

static const char *const error_modes[] = { "fail", "continue", "default", "route" };
static const char *const containers[] = { NULL, "loop", "map", "subflow" };

static char *
dup_failing_nodes (const ErrorCase *c)
{
  const char *params = g_strcmp0 (c->container, "loop") == 0 || g_strcmp0 (c->container, "map") == 0 ? "\"items\":\"[1]\"" : "";
  g_autofree char *container = c->container != NULL ? g_strdup_printf ("{\"id\":\"k\",\"type\":\"%s\",\"params\":{%s}},", c->container, params) : g_strdup ("");
  const char *parent = c->container != NULL ? "\"parent\":\"k\"," : "";

  return g_strdup_printf (TEXT ("s") "%s{\"id\":\"n\",%s\"type\":\"%s\",\"params\":{%s},\"policy\":{\"on_error\":\"%s\",\"default\":\"instead\",\"attempt_timeout\":100}}," OUTPUT,
                          container, parent, c->stops ? "wait" : "template", c->stops ? "\"seconds\":60" : "\"text\":\"{{ JSON.parse('x') }}\"", c->mode);
}

static const char *
get_failing_edges (const ErrorCase *c)
{
  gboolean routes = g_str_equal (c->mode, "route");

  if (c->container == NULL)
    return routes ? "s n, n.error out" : "s n, n out";
  if (g_str_equal (c->container, "loop"))
    return routes ? "s k, k.body n, n.error k.next, k out" : "s k, k.body n, n k.next, k out";
  if (g_str_equal (c->container, "map"))
    return routes ? "s k, k.item n, n.error k.result, k out" : "s k, k.item n, n k.result, k out";
  return routes ? "s k, k.start n, n.error k.end, k out" : "s k, k.start n, n k.end, k out";
}

static void
assert_taken_up (const ErrorCase *c, JsonNode *output)
{
  JsonNode *value = g_strcmp0 (c->container, "map") == 0 ? json_array_get_element (json_node_get_array (output), 0) : output;

  if (g_str_equal (c->mode, "default"))
    heddle_harness_assert_json (value, "\"instead\"");
  else
    g_assert_cmpstr (heddle_json_get_string (g_str_equal (c->mode, "route") ? value : heddle_json_member (value, "error"), "node", ""), ==, "n");
}

static void
test_error (gconstpointer data)
{
  const ErrorCase *c = data;
  g_autofree char *nodes = dup_failing_nodes (c);
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddleRun) handle = start (engine, nodes, get_failing_edges (c));
  g_autoptr (HeddleHarnessResult) result = NULL;

  if (c->stops)
    {
      heddle_harness_wait_for (handle, HEDDLE_EVENT_NODE_STARTED);
      heddle_run_cancel (handle);
    }
  result = heddle_harness_wait (handle);
  if (c->stops)
    {
      g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
      g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_FAILED, NULL), ==, 0);
      g_assert_cmpuint (count (result, HEDDLE_EVENT_NODE_CANCELLED, "n"), ==, count (result, HEDDLE_EVENT_NODE_STARTED, "n"));
    }
  else if (g_str_equal (c->mode, "fail"))
    g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  else
    assert_taken_up (c, result->output);
}

static void
add_generated (void)
{
  static ErrorCase cases[G_N_ELEMENTS (error_modes) * G_N_ELEMENTS (containers) * 2];

  for (guint i = 0; i < G_N_ELEMENTS (join_cases); i++)
    {
      const JoinCase *c = &join_cases[i];
      g_autofree char *path = g_strdup_printf ("/corner-cases/join/%s/%s-and-%s", c->mode, c->first ? "live" : "dead", c->second ? "live" : "dead");

      g_test_add_data_func (path, c, test_join);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ErrorCase *c = &cases[i];
      g_autofree char *path = NULL;

      *c = (ErrorCase){ error_modes[i % 4], containers[i / 4 % 4], i / 16 == 1 };
      path = g_strdup_printf ("/corner-cases/error/%s/%s%s", c->mode, c->container != NULL ? c->container : "run", c->stops ? "/stopped" : "");
      g_test_add_data_func (path, c, test_error);
    }
}

#define ADD(name, func) g_test_add_func ("/corner-cases/" name, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("if-else-both-to-output-once", test_if_else_both_to_output);
  ADD ("two-parallel-to-output-once-in-edge-order", test_two_parallel_to_output);
  ADD ("unequal-branches-join-once-after-the-longer", test_unequal_branches);
  ADD ("merge-with-one-skipped-branch", test_merge_with_skipped_branch);
  ADD ("llm-with-dead-in-and-live-context-is-skipped", test_dead_in_live_context);
  ADD ("everything-skipped-up-to-output", test_everything_skipped);
  ADD ("if-else-inside-a-map-item", test_if_else_in_item);
  ADD ("error-inside-map-fail-fast-8-running", test_map_fails_fast);
  ADD ("error-inside-map-collect", test_map_collects);
  ADD ("error-on-one-parallel-branch", test_error_on_parallel_branch);
  ADD ("error-and-normal-edge-at-one-output", test_error_and_normal_edge_meet);
  ADD ("retry-succeeds-after-siblings-finished", test_retry_after_siblings);
  ADD ("cancel-during-a-stream", test_cancel_during_stream);
  ADD ("cancel-while-waiting-for-a-person", test_cancel_while_asking);
  ADD ("killed-during-a-model-stream", test_kill_during_stream);
  g_test_add_data_func ("/corner-cases/killed-after-post-was-sent", NULL, test_kill_after_post);
  g_test_add_data_func ("/corner-cases/killed-between-answer-and-result", "answered", test_kill_after_post);
  ADD ("killed-while-waiting-for-a-retry", test_kill_while_waiting_for_retry);
  ADD ("silent-socket-after-a-sleep", test_silent_socket);
  ADD ("first-join-with-a-late-loser", test_first_with_late_loser);
  ADD ("loop-body-to-output", test_loop_to_output);
  ADD ("sub-workflow-calls-itself", test_calls_itself);
  ADD ("200-with-nothing-in-it-is-retried-once", test_empty_answer);
  ADD ("20-diamonds-and-1200-in-a-row-behind-a-false-branch", test_much_behind_false_branch);
  ADD ("1-mb-and-20-expressions", test_large_value);
  add_generated ();
  return g_test_run ();
}
