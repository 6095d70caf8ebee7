/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "store/heddle-store.h"
#include "test-dump.h"
#include "value/heddle-json.h"

/* Agents with tools that are processes and workflows, what is stored of them, and a real model that calls one. */

#define HEAD(name) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"" name "\",\"name\":\"" name "\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},"
#define AGENT(model, more) "{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"" model "\"," more "}},"
#define FAKE AGENT ("fake/m", "\"prompt\":\"Do it.\",\"stream\":false")
#define CODE                                                                                                              \
  "{\"id\":\"tool\",\"type\":\"code\",\"params\":{\"code\":\"if (input.a < 0) throw new Error ('too small')\\n"           \
  "return { product: input.a * input.b }\"},\"tool\":{\"name\":\"multiply\",\"description\":\"Multiplies two numbers.\"," \
  "\"parameters\":[{\"name\":\"a\",\"type\":\"number\",\"required\":true},{\"name\":\"b\",\"type\":\"number\",\"required\":true}]}}"
#define SUB "{\"id\":\"tool\",\"type\":\"sub-workflow\",\"params\":{\"workflow\":\"Shout\"},\"tool\":{\"parameters\":[{\"name\":\"message\",\"type\":\"text\"}]}}"
#define EDGES "],\"edges\":[{\"from\":\"start\",\"to\":\"agent\"},{\"from\":\"tool\",\"to\":\"agent.tools\"}]}"
#define CALLS "[{\"id\":\"c1\",\"name\":\"multiply\",\"arguments\":{\"a\":6,\"b\":7}},{\"id\":\"c2\",\"name\":\"multiply\",\"arguments\":{\"a\":-1,\"b\":2}}]"

static const char shout[] = HEAD ("Shout") "{\"id\":\"end\",\"type\":\"output\",\"params\":{\"value\":\"{{ $start.message.toUpperCase () }}\"}}],"
                                           "\"edges\":[{\"from\":\"start\",\"to\":\"end\"}]}";

typedef struct
{
  HeddleFakeServer *model;
  HeddleModels *models;
  HeddleStore *store;
  HeddleEngineServices services;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->model = heddle_fake_server_new ();
  f->models = heddle_fake_model_new_models (f->model);
  f->store = heddle_store_new (":memory:", &error);
  g_assert_no_error (error);
  f->services = (HeddleEngineServices){ .models = f->models, .store = f->store, .retry_base_ms = 1 };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->store);
  g_object_unref (f->models);
  heddle_fake_server_free (f->model);
}

static JsonNode *
nth_call (const HeddleHarnessResult *result, guint n)
{
  const HeddleEvent *event = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "agent");

  g_assert_no_error (result->error);
  g_assert_nonnull (event);
  return json_array_get_element (heddle_json_get_array (heddle_json_member (event->data, "result"), "tool_calls"), n);
}

static void
test_code (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  if (!heddle_harness_has_sandbox ())
    return;
  heddle_fake_model_push_calls (f->model, CALLS);
  heddle_fake_model_push_text (f->model, "42.");
  result = heddle_harness_run_workflow (HEAD ("Code") FAKE CODE EDGES, &f->services, "{\"message\":\"hi\"}");
  heddle_harness_assert_json (heddle_json_member (nth_call (result, 0), "result"), "{\"product\":42}");
  g_assert_false (heddle_json_get_boolean (nth_call (result, 0), "is_error", TRUE));
  g_assert_nonnull (strstr (heddle_json_get_string (nth_call (result, 1), "result", ""), "too small"));
  g_assert_true (heddle_json_get_boolean (nth_call (result, 1), "is_error", FALSE));
}

static void
test_sub_workflow (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GPtrArray) runs = NULL;

  g_assert_true (heddle_store_save_workflow (f->store, "Shout", "Shout", shout, NULL));
  heddle_fake_model_push_calls (f->model, "[{\"id\":\"c1\",\"name\":\"tool\",\"arguments\":{\"message\":\"hello\"}}]");
  heddle_fake_model_push_text (f->model, "Said it.");
  result = heddle_harness_run_workflow (HEAD ("Sub") FAKE SUB EDGES, &f->services, "{\"message\":\"hi\"}");
  g_assert_cmpstr (heddle_json_get_string (nth_call (result, 0), "result", ""), ==, "HELLO");
  runs = heddle_store_list_runs (f->store, "Shout", 10, NULL);
  g_assert_cmpuint (runs->len, ==, 1);
}

/* What history shows of an agent is what was seen while it ran. */
static void
test_stored_is_live (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (HEAD ("Stored") FAKE CODE EDGES, -1, NULL);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, NULL);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"hi\"}");
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleTrace) live = NULL;
  g_autoptr (HeddleTrace) stored = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *live_text = NULL;
  g_autofree char *stored_text = NULL;

  heddle_fake_model_push_calls (f->model, CALLS);
  heddle_fake_model_push_text (f->model, "42.");
  run = heddle_engine_start (engine, plan, input, NULL);
  live = heddle_trace_new_live (run, 0);
  while (heddle_trace_get_state (live) == HEDDLE_RUN_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  events = heddle_store_load_run (f->store, heddle_run_get_id (run), NULL, NULL, NULL);
  stored = heddle_trace_new (heddle_run_get_id (run), heddle_run_get_started (run));
  heddle_trace_apply (stored, events);
  live_text = test_dump_trace (live);
  stored_text = test_dump_trace (stored);
  g_assert_nonnull (strstr (live_text, "multiply"));
  g_assert_cmpstr (stored_text, ==, live_text);
  heddle_engine_shutdown (engine);
}

/* A small model, but a real one: it is told to call the tool, gets the answer of the tool, and ends. */
static void
test_real_model (Fixture *f, gconstpointer data)
{
  static const char workflow[] = HEAD ("Real") AGENT ("real/any", "\"system\":\"You cannot calculate. Always call the tool multiply.\","
                                                                  "\"prompt\":\"What is 6 times 7? Call the tool multiply with a=6 and b=7.\","
                                                                  "\"temperature\":0,\"max_tokens\":96,\"max_tool_iterations\":2") CODE EDGES;
  HeddleProviderInfo info = { .id = (char *) "real", .kind = (char *) "openai-compatible", .base_url = (char *) g_getenv ("HEDDLE_TEST_OPENAI_URL") };
  g_autoptr (HeddleHarnessResult) result = NULL;
  JsonNode *call;
  double a, b;

  if (info.base_url == NULL || *info.base_url == '\0')
    {
      g_test_skip ("HEDDLE_TEST_OPENAI_URL is not set");
      return;
    }
  g_assert_true (heddle_models_set_provider (f->models, &info, NULL));
  result = heddle_harness_run_workflow (workflow, &f->services, "{\"message\":\"hi\"}");
  g_assert_no_error (result->error);
  g_test_message ("%s", json_node_get_string (result->output));
  /* How well it calculates is its own affair: the call fits the schema, and the tool has answered it. */
  call = nth_call (result, 0);
  a = heddle_json_get_double (heddle_json_member (call, "arguments"), "a", NAN);
  b = heddle_json_get_double (heddle_json_member (call, "arguments"), "b", NAN);
  g_assert_true (isfinite (a) && isfinite (b));
  if (a < 0)
    g_assert_true (heddle_json_get_boolean (call, "is_error", FALSE));
  else
    g_assert_cmpfloat (heddle_json_get_double (heddle_json_member (call, "result"), "product", NAN), ==, a * b);
}

#define ADD(name, func) g_test_add ("/agent-tools/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("code", test_code);
  ADD ("sub-workflow", test_sub_workflow);
  ADD ("stored-is-live", test_stored_is_live);
  ADD ("real-model", test_real_model);

  return g_test_run ();
}
