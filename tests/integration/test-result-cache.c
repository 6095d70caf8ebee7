/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Results that are used again, and pinned ones. */
#include <string.h>

#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "plan/heddle-plan.h"
#include "store/heddle-store-cache.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#define WORKFLOW(nodes, edges) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"W\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}," nodes "],\"edges\":[" edges "]}"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"
#define LLM(id, prompt, policy) "{\"id\":\"" id "\",\"type\":\"llm\",\"policy\":{" policy "},\"params\":{\"model\":\"fake/m\",\"prompt\":\"" prompt "\",\"stream\":false}}"
#define CACHED "\"cache\":true"

typedef struct
{
  HeddleFakeServer *server;
  HeddleModels *models;
  HeddleStore *store;
  HeddleEngineServices services;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->server = heddle_fake_server_new ();
  f->models = heddle_fake_model_new_models (f->server);
  f->store = heddle_store_new (":memory:", NULL);
  f->services = (HeddleEngineServices){ .models = f->models, .store = f->store };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->store);
  g_object_unref (f->models);
  heddle_fake_server_free (f->server);
}

static HeddleHarnessResult *
run (Fixture *f, const char *json, const char *message, const HeddleRunOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  g_autofree char *text = g_strdup_printf ("{\"message\":\"%s\"}", message);
  g_autoptr (JsonNode) input = heddle_harness_json (text);
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) started = NULL;
  HeddleHarnessResult *result;

  g_assert_no_error (error);
  plan = heddle_plan_compile (graph, NULL, &error);
  g_assert_no_error (error);
  started = heddle_engine_start (engine, plan, input, options);
  result = heddle_harness_wait (started);
  g_assert_no_error (result->error);
  return result;
}

static const char *
get_source (const HeddleHarnessResult *result, const char *node)
{
  const HeddleEvent *event = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, node);

  g_assert_nonnull (event);
  return heddle_json_get_string (heddle_json_member (event->data, "source"), "kind", "none");
}

/* How many requests it took, and what came out. */
static void
assert_run (Fixture *f, const char *json, const char *message, guint n_requests, const char *expected)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  guint before = heddle_fake_server_count (f->server);

  if (n_requests > 0)
    heddle_fake_model_push_text (f->server, expected);
  result = run (f, json, message, NULL);
  g_assert_cmpuint (heddle_fake_server_count (f->server) - before, ==, n_requests);
  g_assert_cmpstr (json_node_get_string (result->output), ==, expected);
  g_assert_cmpstr (get_source (result, "a"), ==, n_requests > 0 ? "none" : "cache");
}

#define ONE(policy) WORKFLOW (LLM ("a", "Say {{ $start.message }}", policy), EDGE ("start", "a"))

static void
test_hit (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *event;

  assert_run (f, ONE (CACHED), "hello", 1, "one");
  assert_run (f, ONE (CACHED), "hello", 0, "one");
  /* Another input, another prompt, and a node that did not ask for it. */
  assert_run (f, ONE (CACHED), "bye", 1, "two");
  assert_run (f, WORKFLOW (LLM ("a", "Shout {{ $start.message }}", CACHED), EDGE ("start", "a")), "hello", 1, "three");
  assert_run (f, ONE ("\"max_attempts\":1"), "hello", 1, "four");
  /* What is kept is that of the last that kept it; the node's name says nothing. */
  result = run (f, WORKFLOW (LLM ("b", "Say {{ $start.message }}", CACHED), EDGE ("start", "b")), "hello", NULL);
  g_assert_cmpstr (json_node_get_string (result->output), ==, "one");
  event = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "b");
  g_assert_nonnull (heddle_json_get_string (heddle_json_member (event->data, "source"), "run", NULL));
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_SPAN_STARTED, NULL));
}

static void
test_model (Fixture *f, gconstpointer data)
{
  const HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) "openai-compatible", .base_url = (char *) "http://127.0.0.1:1/v1" };
  g_autoptr (GError) error = NULL;

  assert_run (f, ONE (CACHED ",\"on_error\":\"default\",\"default\":\"unreachable\",\"max_attempts\":1"), "hello", 1, "one");
  g_assert_true (heddle_models_set_provider (f->models, &info, &error));
  {
    g_autoptr (HeddleHarnessResult) result = run (f, ONE (CACHED ",\"on_error\":\"default\",\"default\":\"unreachable\",\"max_attempts\":1"), "hello", NULL);

    g_assert_cmpstr (json_node_get_string (result->output), ==, "unreachable");
  }
}

/* An answer of a moment ago is too old for a limit of next to nothing. */
static void
test_age (Fixture *f, gconstpointer data)
{
  assert_run (f, ONE (CACHED ",\"cache_hours\":1"), "hello", 1, "one");
  assert_run (f, ONE (CACHED ",\"cache_hours\":1"), "hello", 0, "one");
  g_usleep (20000);
  assert_run (f, ONE (CACHED ",\"cache_hours\":0.000001"), "hello", 1, "two");
}

/* What changes something, or depends on what was before, runs each time. */
static void
test_unfit (Fixture *f, gconstpointer data)
{
  static const char json[] = WORKFLOW ("{\"id\":\"a\",\"type\":\"llm\",\"policy\":{" CACHED "},\"params\":{\"model\":\"fake/m\",\"prompt\":\"Hi\",\"stream\":false,\"session_key\":\"s\"}}",
                                       EDGE ("start", "a"));
  static const char unsafe[] = WORKFLOW (LLM ("a", "Hi", CACHED ",\"effect\":\"unsafe\""), EDGE ("start", "a"));

  assert_run (f, json, "hello", 1, "one");
  assert_run (f, json, "hello", 1, "two");
  assert_run (f, unsafe, "hello", 1, "three");
  assert_run (f, unsafe, "hello", 1, "four");
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
is_kept (Fixture *f, const char *key)
{
  GAsyncResult *result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) found = NULL;

  heddle_store_look_up_result_async (f->store, key, 0, NULL, found_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  found = heddle_store_look_up_result_finish (f->store, result, &error);
  g_object_unref (result);
  g_assert_no_error (error);
  return found != NULL && strcmp (heddle_json_get_string (found, "run", ""), "r") == 0;
}

static void
keep (Fixture *f, const char *key, gsize size)
{
  g_autofree char *text = g_strnfill (size, 'x');
  JsonObject *data = json_object_new ();
  g_autoptr (JsonNode) json = NULL;

  json_object_set_string_member (data, "result", text);
  json = heddle_json_object (data);
  heddle_store_keep_result (f->store, key, "r", json);
}

/* The least recently used go, and what would push out too many others is not kept. */
static void
test_limit (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) one = heddle_json_int (1);
  g_autoptr (JsonNode) none = heddle_json_int (0);
  g_autoptr (GError) error = NULL;
  HeddleCacheInfo info;

  g_assert_true (heddle_store_set_setting (f->store, HEDDLE_CACHE_LIMIT_SETTING, one, &error));
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);

      keep (f, key, 200000);
    }
  g_assert_true (is_kept (f, "k0"));
  keep (f, "k5", 200000);
  g_assert_true (is_kept (f, "k0"));
  g_assert_false (is_kept (f, "k1"));
  g_assert_true (is_kept (f, "k5"));
  keep (f, "large", 300000);
  g_assert_false (is_kept (f, "large"));
  g_assert_true (heddle_store_measure_cache (f->store, &info, &error));
  g_assert_cmpuint (info.n_results, ==, 5);
  g_assert_cmpint (info.bytes, <=, info.limit);
  g_assert_true (heddle_store_set_setting (f->store, HEDDLE_CACHE_LIMIT_SETTING, none, &error));
  keep (f, "any", 10);
  g_assert_false (is_kept (f, "any"));
  g_assert_true (heddle_store_clear_cache (f->store, &error));
  g_assert_false (is_kept (f, "k0"));
  g_assert_no_error (error);
}

static void
test_memory_runs_keep_nothing (Fixture *f, gconstpointer data)
{
  const HeddleRunOptions memory = { .durability = HEDDLE_DURABILITY_MEMORY };
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_model_push_text (f->server, "one");
  result = run (f, ONE (CACHED), "hello", &memory);
  assert_run (f, ONE (CACHED), "hello", 1, "two");
}

static void
test_pins (Fixture *f, gconstpointer data)
{
  static const char json[] = WORKFLOW ("{\"id\":\"a\",\"type\":\"llm\",\"pin\":{\"output\":\"pinned\",\"model\":\"m\"},\"params\":{\"model\":\"fake/m\",\"prompt\":\"Hi\",\"stream\":false}},"
                                       "{\"id\":\"which\",\"type\":\"switch\",\"pin\":{\"output\":1,\"case\":\"two\"},\"params\":{\"value\":\"one\",\"cases\":[{\"name\":\"one\",\"value\":\"one\"},{\"name\":\"two\",\"value\":\"two\"}]}},"
                                       "{\"id\":\"first\",\"type\":\"output\"},{\"id\":\"second\",\"type\":\"output\",\"params\":{\"value\":\"{{ $a.output + $a.model }}\"}}",
                                       EDGE ("start", "a") "," EDGE ("a", "which") ",{\"from\":\"which.one\",\"to\":\"first\"},{\"from\":\"which.two\",\"to\":\"second\"}");
  const HeddleRunOptions pinned = { .use_pins = TRUE };
  g_autoptr (HeddleHarnessResult) result = run (f, json, "hello", &pinned);

  g_assert_cmpstr (get_source (result, "a"), ==, "pin");
  g_assert_cmpstr (get_source (result, "which"), ==, "pin");
  g_assert_cmpstr (json_node_get_string (result->output), ==, "pinnedm");
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 0);
}

/* Who did not ask for pins gets the real thing. */
static void
test_without_pins (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_model_push_text (f->server, "real");
  result = run (f, WORKFLOW ("{\"id\":\"a\",\"type\":\"llm\",\"pin\":{\"output\":\"pinned\"},\"params\":{\"model\":\"fake/m\",\"prompt\":\"Hi\",\"stream\":false}}", EDGE ("start", "a")), "hello", NULL);
  g_assert_cmpstr (json_node_get_string (result->output), ==, "real");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/result-cache/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("hit", test_hit);
  ADD ("model", test_model);
  ADD ("age", test_age);
  ADD ("unfit", test_unfit);
  ADD ("limit", test_limit);
  ADD ("memory-runs-keep-nothing", test_memory_runs_keep_nothing);
  ADD ("pins", test_pins);
  ADD ("without-pins", test_without_pins);
  return g_test_run ();
}
