/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "value/heddle-json.h"

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},"
#define AGENT(more) "{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"Do it.\",\"stream\":false" more "}},"
#define GREET "{\"id\":\"greet\",\"type\":\"template\",\"title\":\"Greets\",\"params\":{\"text\":\"Hello {{ $args.name }}\"}},"
#define END "{\"id\":\"finish\",\"type\":\"output\"}],\"edges\":[{\"from\":\"start\",\"to\":\"agent\"},{\"from\":\"agent\",\"to\":\"finish\"}"
#define GREET_EDGE ",{\"from\":\"greet\",\"to\":\"agent.tools\"}"
#define CALL_GREET "[{\"id\":\"c1\",\"name\":\"greet\",\"arguments\":{\"name\":\"Ada\"}}]"

typedef struct
{
  HeddleFakeServer *model;
  HeddleModels *models;
  HeddleEngineServices services;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->model = heddle_fake_server_new ();
  fixture->models = heddle_fake_model_new_models (fixture->model);
  fixture->services = (HeddleEngineServices){ .models = fixture->models, .retry_base_ms = 1 };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->models);
  heddle_fake_server_free (fixture->model);
}

static void
assert_output (const HeddleHarnessResult *result, const char *expected)
{
  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, expected);
}

static JsonNode *
result_of (const HeddleHarnessResult *result)
{
  const HeddleEvent *event = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "agent");

  g_assert_no_error (result->error);
  g_assert_nonnull (event);
  return heddle_json_member (event->data, "result");
}

static JsonNode *
nth_call (const HeddleHarnessResult *result, guint n)
{
  return json_array_get_element (heddle_json_get_array (result_of (result), "tool_calls"), n);
}

static guint
count_spans (const HeddleHarnessResult *result, const char *kind)
{
  guint count = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      count += event->kind == HEDDLE_EVENT_SPAN_STARTED && strcmp (heddle_json_get_string (event->data, "kind", ""), kind) == 0;
    }
  return count;
}

static const char *
tool_answer (JsonNode *message, const char *id)
{
  g_assert_cmpstr (heddle_json_get_string (message, "role", ""), ==, "tool");
  g_assert_cmpstr (heddle_json_get_string (message, "tool_call_id", ""), ==, id);
  return heddle_json_get_string (message, "content", "");
}

static void
test_without_tools (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) request = NULL;

  heddle_fake_model_push_text (fixture->model, " Done. ");
  result = heddle_harness_run_workflow (HEAD AGENT ("") END "]}", &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"Done.\"");
  g_assert_cmpstr (heddle_json_get_string (result_of (result), "finish_reason", ""), ==, "stop");
  g_assert_cmpint (heddle_json_get_int (result_of (result), "iterations", 0), ==, 1);
  request = heddle_fake_model_dup_request (fixture->model, 0);
  g_assert_null (heddle_json_member (request, "tools"));
}

static void
test_calls_a_tool (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (JsonNode) answer = NULL;

  heddle_fake_model_push_calls (fixture->model, CALL_GREET);
  heddle_fake_model_push_text (fixture->model, "It said hello.");
  result = heddle_harness_run_workflow (HEAD AGENT ("") GREET END GREET_EDGE "]}", &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"It said hello.\"");
  request = heddle_fake_model_dup_request (fixture->model, 0);
  heddle_harness_assert_json (heddle_json_member (request, "tools"),
                              "[{\"type\":\"function\",\"function\":{\"name\":\"greet\",\"description\":\"Greets. Returns a text with the arguments in it.\","
                              "\"parameters\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}},\"required\":[\"name\"]}}}]");
  answer = heddle_fake_model_dup_message (fixture->model, 1, -1);
  g_assert_cmpstr (tool_answer (answer, "c1"), ==, "Hello Ada");
  g_assert_cmpstr (heddle_json_get_string (nth_call (result, 0), "result", ""), ==, "Hello Ada");
  g_assert_false (heddle_json_get_boolean (nth_call (result, 0), "is_error", TRUE));
  g_assert_cmpint (heddle_json_get_int (heddle_json_member (result_of (result), "usage"), "input_tokens", 0), ==, 20);
  g_assert_cmpuint (count_spans (result, "iteration"), ==, 2);
  g_assert_cmpuint (count_spans (result, "model"), ==, 2);
  g_assert_cmpuint (count_spans (result, "tool"), ==, 1);
  /* It is no step of its own. */
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, "greet"));
}

static void
test_parallel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/?q={{ $args.q }}");
  g_autofree char *workflow = g_strdup_printf (HEAD AGENT ("") "{\"id\":\"look\",\"type\":\"http\",\"params\":{\"url\":\"%s\"}}," END ",{\"from\":\"look\",\"to\":\"agent.tools\"}]}", url);
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_set_default (server, 0, "\"ok\"");
  heddle_fake_server_gather (server, 4);
  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"look\",\"arguments\":{\"q\":\"1\"}},{\"id\":\"b\",\"name\":\"look\",\"arguments\":{\"q\":\"2\"}},"
                                                "{\"id\":\"c\",\"name\":\"look\",\"arguments\":{\"q\":\"3\"}},{\"id\":\"d\",\"name\":\"look\",\"arguments\":{\"q\":\"4\"}}]");
  heddle_fake_model_push_text (fixture->model, "Done.");
  result = heddle_harness_run_workflow (workflow, &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"Done.\"");
  g_assert_cmpuint (heddle_fake_server_get_most_parallel (server), ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      const char id[] = { (char) ('a' + i), '\0' };
      g_autoptr (JsonNode) answer = heddle_fake_model_dup_message (fixture->model, 1, (int) i - 4);

      tool_answer (answer, id);
    }
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) last = NULL;
  g_autoptr (JsonNode) told = NULL;

  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"c0\",\"name\":\"greet\",\"arguments\":{\"name\":\"Bob\"}}]");
  heddle_fake_model_repeat_calls (fixture->model, CALL_GREET);
  result = heddle_harness_run_workflow (HEAD AGENT (",\"max_tool_iterations\":3") GREET END GREET_EDGE "]}", &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"\"");
  g_assert_cmpstr (heddle_json_get_string (result_of (result), "finish_reason", ""), ==, "limit");
  g_assert_cmpint (heddle_json_get_int (result_of (result), "iterations", 0), ==, 3);
  g_assert_cmpuint (heddle_fake_server_count (fixture->model), ==, 3);
  g_assert_cmpuint (count_spans (result, "tool"), ==, 2);
  last = heddle_fake_model_dup_request (fixture->model, 2);
  g_assert_cmpstr (heddle_json_get_string (last, "tool_choice", ""), ==, "none");
  told = heddle_fake_model_dup_message (fixture->model, 2, -1);
  g_assert_nonnull (strstr (heddle_json_get_string (told, "content", ""), "Answer now"));
}

static void
test_mistakes_go_back (Fixture *fixture, gconstpointer data)
{
  static const char *const says[] = { "There is no tool “nobody”. These are there: greet.", "not a JSON object", "do not fit" };
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"nobody\",\"arguments\":{}},{\"id\":\"b\",\"name\":\"greet\",\"arguments\":\"{oops\"},"
                                                "{\"id\":\"c\",\"name\":\"greet\",\"arguments\":{\"name\":5}}]");
  heddle_fake_model_push_text (fixture->model, "Sorry.");
  result = heddle_harness_run_workflow (HEAD AGENT ("") GREET END GREET_EDGE "]}", &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"Sorry.\"");
  for (guint i = 0; i < G_N_ELEMENTS (says); i++)
    {
      const char id[] = { (char) ('a' + i), '\0' };
      g_autoptr (JsonNode) answer = heddle_fake_model_dup_message (fixture->model, 1, (int) i - 3);

      g_assert_nonnull (strstr (tool_answer (answer, id), says[i]));
      g_assert_true (heddle_json_get_boolean (nth_call (result, i), "is_error", FALSE));
    }
}

static void
test_repeated_calls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) notice = NULL;

  for (guint i = 0; i < 3; i++)
    heddle_fake_model_push_calls (fixture->model, CALL_GREET);
  heddle_fake_model_push_text (fixture->model, "I give up.");
  result = heddle_harness_run_workflow (HEAD AGENT ("") GREET END GREET_EDGE "]}", &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"I give up.\"");
  g_assert_cmpstr (heddle_json_get_string (result_of (result), "finish_reason", ""), ==, "repeated_calls");
  g_assert_cmpuint (heddle_fake_server_count (fixture->model), ==, 4);
  notice = heddle_fake_model_dup_message (fixture->model, 3, -2);
  g_assert_nonnull (strstr (heddle_json_get_string (notice, "content", ""), "3 times in a row"));
  g_assert_false (heddle_json_get_boolean (nth_call (result, 1), "is_error", TRUE));
  g_assert_true (heddle_json_get_boolean (nth_call (result, 2), "is_error", FALSE));
}

static void
test_failing_tool (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autofree char *workflow = g_strdup_printf (HEAD AGENT ("") "{\"id\":\"look\",\"type\":\"http\",\"params\":{\"url\":\"%s\"}}," END ",{\"from\":\"look\",\"to\":\"agent.tools\"}]}", url);
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_push_body (server, "404 Not Found", "text/plain", "gone");
  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"look\",\"arguments\":{\"input\":\"x\"}}]");
  heddle_fake_model_push_text (fixture->model, "Not there.");
  result = heddle_harness_run_workflow (workflow, &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"Not there.\"");
  g_assert_true (heddle_json_get_boolean (nth_call (result, 0), "is_error", FALSE));
  g_assert_nonnull (strstr (heddle_json_get_string (nth_call (result, 0), "result", ""), "404"));
}

static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autofree char *workflow = g_strdup_printf (HEAD AGENT (",\"tool_timeout\":1") "{\"id\":\"look\",\"type\":\"http\",\"params\":{\"url\":\"%s\"}}," END ",{\"from\":\"look\",\"to\":\"agent.tools\"}]}", url);
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_push_hanging (server, "HTTP/1.1 200 OK\r\n");
  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"look\",\"arguments\":{\"input\":\"x\"}}]");
  heddle_fake_model_push_text (fixture->model, "Too slow.");
  result = heddle_harness_run_workflow (workflow, &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"Too slow.\"");
  g_assert_nonnull (strstr (heddle_json_get_string (nth_call (result, 0), "result", ""), "in time"));
  g_assert_cmpint (heddle_fake_server_wait_closed (server), >, 0);
}

/* A run of its own, so that a test can do something while it lasts. */
typedef struct
{
  HeddleEngine *engine;
  HeddleRun *run;
} Live;

static Live
start_asking (Fixture *fixture, const char *json, HeddleAsking asking)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"hi\"}");
  const HeddleRunOptions options = { .asking = asking };
  Live live;

  g_assert_no_error (error);
  plan = heddle_plan_compile (graph, NULL, &error);
  g_assert_no_error (error);
  live.engine = heddle_engine_new (&fixture->services);
  live.run = heddle_engine_start (live.engine, plan, input, &options);
  return live;
}

static Live
start (Fixture *fixture, const char *json)
{
  return start_asking (fixture, json, HEDDLE_ASKING_PEOPLE);
}

static void
stop (Live *live)
{
  heddle_engine_shutdown (live->engine);
  g_object_unref (live->run);
  g_object_unref (live->engine);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autofree char *workflow = g_strdup_printf (HEAD AGENT ("") "{\"id\":\"look\",\"type\":\"http\",\"params\":{\"url\":\"%s\"}}," END ",{\"from\":\"look\",\"to\":\"agent.tools\"}]}", url);
  g_autoptr (HeddleHarnessResult) result = NULL;
  Live live;
  guint n_answered = 0;

  heddle_fake_server_push_hanging (server, "HTTP/1.1 200 OK\r\n");
  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"look\",\"arguments\":{\"input\":\"x\"}}]");
  live = start (fixture, workflow);
  while (heddle_fake_server_count (server) == 0)
    g_usleep (1000);
  heddle_run_cancel (live.run);
  result = heddle_harness_wait (live.run);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  g_assert_cmpint (heddle_fake_server_wait_closed (server), >, 0);
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      n_answered += event->kind == HEDDLE_EVENT_SPAN_FINISHED && heddle_json_get_boolean (event->data, "is_error", FALSE) &&
                    heddle_json_get_string (event->data, "result", NULL) != NULL;
    }
  g_assert_cmpuint (n_answered, ==, 1);
  g_assert_cmpuint (heddle_fake_server_count (fixture->model), ==, 1);
  stop (&live);
}

static char *
wait_for_question (HeddleRun *run)
{
  for (;;)
    {
      g_autoptr (JsonNode) questions = heddle_run_dup_questions (run);

      if (json_array_get_length (json_node_get_array (questions)) > 0)
        return g_strdup (heddle_json_get_string (json_array_get_element (json_node_get_array (questions), 0), "id", NULL));
      g_usleep (1000);
    }
}

static HeddleHarnessResult *
run_with_answer (Fixture *fixture, const char *answer)
{
  g_autoptr (JsonNode) json = heddle_harness_json (answer);
  g_autoptr (JsonNode) wrong = heddle_harness_json ("{\"approve\":\"maybe\"}");
  g_autoptr (GError) error = NULL;
  g_autofree char *question = NULL;
  HeddleHarnessResult *result;
  Live live;

  heddle_fake_model_push_calls (fixture->model, CALL_GREET);
  heddle_fake_model_push_text (fixture->model, "Done.");
  live = start (fixture, HEAD AGENT (",\"approval\":\"always\"") GREET END GREET_EDGE "]}");
  question = wait_for_question (live.run);
  g_assert_false (heddle_run_answer (live.run, question, wrong, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (heddle_run_answer (live.run, question, json, &error));
  g_assert_no_error (error);
  g_assert_false (heddle_run_answer (live.run, question, json, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  result = heddle_harness_wait (live.run);
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_RUN_ASKED, "agent"));
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_RUN_ANSWERED, "agent"));
  stop (&live);
  return result;
}

static void
test_approve (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = run_with_answer (fixture, "{\"approve\":true}");

  g_assert_cmpstr (heddle_json_get_string (nth_call (result, 0), "result", ""), ==, "Hello Ada");
}

static void
test_approve_edited (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = run_with_answer (fixture, "{\"approve\":true,\"arguments\":{\"name\":\"Eve\"}}");

  g_assert_cmpstr (heddle_json_get_string (nth_call (result, 0), "result", ""), ==, "Hello Eve");
}

static void
test_refuse (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = run_with_answer (fixture, "{\"approve\":false,\"reason\":\"Not today.\"}");

  g_assert_cmpstr (heddle_json_get_string (nth_call (result, 0), "result", ""), ==, "A person refused this call: Not today.");
  g_assert_true (heddle_json_get_boolean (nth_call (result, 0), "is_error", FALSE));
}

#define ASKS HEAD AGENT (",\"approval\":\"always\"") GREET END GREET_EDGE "]}"

static HeddleHarnessResult *
run_alone (Fixture *fixture, HeddleAsking asking)
{
  Live live;
  HeddleHarnessResult *result;

  heddle_fake_model_push_calls (fixture->model, CALL_GREET);
  heddle_fake_model_push_text (fixture->model, "Done.");
  live = start_asking (fixture, ASKS, asking);
  result = heddle_harness_wait (live.run);
  stop (&live);
  return result;
}

/* Where nobody can answer nothing waits for an answer. */
static void
test_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = run_alone (fixture, HEDDLE_ASKING_NOBODY);

  assert_output (result, "\"Done.\"");
  g_assert_nonnull (strstr (heddle_json_get_string (nth_call (result, 0), "result", ""), "Nobody is there to answer"));
  g_assert_true (heddle_json_get_boolean (nth_call (result, 0), "is_error", FALSE));
}

static void
test_approve_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = run_alone (fixture, HEDDLE_ASKING_APPROVES);

  g_assert_cmpstr (heddle_json_get_string (nth_call (result, 0), "result", ""), ==, "Hello Ada");
}

static void
test_decline (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *question = NULL;
  const HeddleEvent *answered;
  Live live;

  heddle_fake_model_push_calls (fixture->model, CALL_GREET);
  heddle_fake_model_push_text (fixture->model, "Done.");
  live = start (fixture, ASKS);
  question = wait_for_question (live.run);
  g_assert_true (heddle_run_answer (live.run, question, NULL, &error));
  g_assert_no_error (error);
  result = heddle_harness_wait (live.run);
  g_assert_true (heddle_json_get_boolean (nth_call (result, 0), "is_error", FALSE));
  g_assert_nonnull (strstr (heddle_json_get_string (nth_call (result, 0), "result", ""), "declined"));
  answered = heddle_harness_find (result, HEDDLE_EVENT_RUN_ANSWERED, "agent");
  g_assert_true (heddle_json_get_boolean (answered->data, "declined", FALSE));
  stop (&live);
}

static void
test_stop_withdraws (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) open = NULL;
  g_autofree char *question = NULL;
  Live live;

  heddle_fake_model_push_calls (fixture->model, CALL_GREET);
  live = start (fixture, HEAD AGENT (",\"approval\":\"once\"") GREET END GREET_EDGE "]}");
  question = wait_for_question (live.run);
  heddle_run_cancel (live.run);
  result = heddle_harness_wait (live.run);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  open = heddle_run_dup_questions (live.run);
  heddle_harness_assert_json (open, "[]");
  stop (&live);
}

#define EXPERT(tool) "{\"id\":\"expert\",\"type\":\"agent\",\"params\":{\"model\":\"fake/e\",\"system\":\"Be an expert.\",\"stream\":false}" tool "},"
#define EXPERT_EDGE ",{\"from\":\"expert\",\"to\":\"agent.tools\"}"
#define CALL_EXPERT "[{\"id\":\"c1\",\"name\":\"expert\",\"arguments\":{\"task\":\"Explain.\"}}]"

static void
test_sub_agent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) asked = NULL;

  heddle_fake_model_push_calls (fixture->model, CALL_EXPERT);
  heddle_fake_model_push_text (fixture->model, "Because.");
  heddle_fake_model_push_text (fixture->model, "The expert says: because.");
  result = heddle_harness_run_workflow (HEAD AGENT ("") EXPERT ("") END EXPERT_EDGE "]}", &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"The expert says: because.\"");
  asked = heddle_fake_model_dup_request (fixture->model, 1);
  g_assert_cmpuint (json_array_get_length (heddle_json_get_array (asked, "messages")), ==, 2);
  g_assert_cmpstr (heddle_json_get_string (nth_call (result, 0), "result", ""), ==, "Because.");
  g_assert_cmpuint (count_spans (result, "iteration"), ==, 3);
}

static void
test_hand_off (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) before = NULL;
  g_autoptr (JsonNode) told = NULL;

  heddle_fake_model_push_calls (fixture->model, CALL_EXPERT);
  heddle_fake_model_push_text (fixture->model, "I answer now.");
  result = heddle_harness_run_workflow (HEAD AGENT ("") EXPERT (",\"tool\":{\"hand_off\":true}") END EXPERT_EDGE "]}", &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"I answer now.\"");
  g_assert_cmpstr (heddle_json_get_string (result_of (result), "finish_reason", ""), ==, "handed_over");
  g_assert_cmpuint (heddle_fake_server_count (fixture->model), ==, 2);
  before = heddle_fake_model_dup_message (fixture->model, 1, 1);
  g_assert_cmpstr (heddle_json_get_string (before, "content", ""), ==, "Do it.");
  told = heddle_fake_model_dup_message (fixture->model, 1, -1);
  g_assert_cmpstr (heddle_json_get_string (told, "content", ""), ==, "Explain.");
}

static void
test_compression (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lorem = g_strnfill (3000, 'x');
  g_autofree char *workflow = g_strdup_printf (HEAD AGENT (",\"context_window\":2000") "{\"id\":\"read\",\"type\":\"template\",\"params\":{\"text\":\"{{ $args.page }} %s\"}}," END ",{\"from\":\"read\",\"to\":\"agent.tools\"}]}", lorem);
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) last = NULL;
  JsonArray *messages;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *calls = g_strdup_printf ("[{\"id\":\"c%u\",\"name\":\"read\",\"arguments\":{\"page\":\"%u\"}}]", i, i);

      heddle_fake_model_push_calls (fixture->model, calls);
    }
  heddle_fake_model_push_text (fixture->model, "Pages 0 and 1 are x.");
  heddle_fake_model_push_text (fixture->model, "Done.");
  result = heddle_harness_run_workflow (workflow, &fixture->services, "{\"message\":\"hi\"}");
  assert_output (result, "\"Done.\"");
  g_assert_cmpuint (count_spans (result, "compression"), ==, 1);
  last = heddle_fake_model_dup_request (fixture->model, 4);
  messages = heddle_json_get_array (last, "messages");
  /* The task, the summary, and the last call with its answer. */
  g_assert_cmpuint (json_array_get_length (messages), ==, 4);
  g_assert_nonnull (strstr (heddle_json_get_string (json_array_get_element (messages, 1), "content", ""), "Pages 0 and 1 are x."));
  tool_answer (json_array_get_element (messages, 3), "c2");
}

#define ADD(name, func) g_test_add ("/node-agent/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("without-tools", test_without_tools);
  ADD ("calls-a-tool", test_calls_a_tool);
  ADD ("parallel", test_parallel);
  ADD ("limit", test_limit);
  ADD ("mistakes-go-back", test_mistakes_go_back);
  ADD ("repeated-calls", test_repeated_calls);
  ADD ("failing-tool", test_failing_tool);
  ADD ("timeout", test_timeout);
  ADD ("cancel", test_cancel);
  ADD ("approve", test_approve);
  ADD ("approve-edited", test_approve_edited);
  ADD ("refuse", test_refuse);
  ADD ("nobody", test_nobody);
  ADD ("approve-all", test_approve_all);
  ADD ("decline", test_decline);
  ADD ("stop-withdraws", test_stop_withdraws);
  ADD ("sub-agent", test_sub_agent);
  ADD ("hand-off", test_hand_off);
  ADD ("compression", test_compression);

  return g_test_run ();
}
