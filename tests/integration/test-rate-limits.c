/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Model calls of a run against limits: those of one credential, whoever of its providers is asked. */
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "heddle-harness.h"
#include "plan/heddle-plan.h"
#include "provider/heddle-models.h"
#include "secret/heddle-secrets.h"
#include "value/heddle-json.h"

#define ANSWER "{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}"
#define TOO_MANY "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
#define LLM(id, provider) "{\"id\":\"" id "\",\"type\":\"llm\",\"policy\":{\"max_attempts\":1,\"on_error\":\"continue\"},\"params\":{\"model\":\"" provider "/m\",\"prompt\":\"I am " id "\",\"stream\":false}}"
#define EDGE(id) "{\"from\":\"start\",\"to\":\"" id "\"}"
#define WORKFLOW(nodes, edges) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"W\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}," nodes "],\"edges\":[" edges "]}"

typedef struct
{
  HeddleFakeServer *server;
  HeddleSecrets *secrets;
  HeddleModels *models;
  HeddleEngineServices services;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  const HeddleRateLimits limits = { .parallel = 1 };
  g_autofree char *url = NULL;

  f->server = heddle_fake_server_new ();
  f->secrets = heddle_secrets_new (NULL);
  f->models = heddle_models_new (NULL, f->secrets);
  f->services.models = f->models;
  url = heddle_fake_server_dup_url (f->server, "/v1");
  for (guint i = 0; i < 2; i++)
    {
      const HeddleProviderInfo info = { .id = (char *) (i == 0 ? "one" : "two"), .kind = (char *) "openai-compatible", .base_url = url, .credential = (char *) "shared" };

      g_assert_true (heddle_models_set_provider (f->models, &info, NULL));
    }
  g_assert_true (heddle_models_set_limits (f->models, "one", &limits, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->models);
  g_object_unref (f->secrets);
  heddle_fake_server_free (f->server);
}

static void
assert_request (Fixture *f, guint index, const char *text)
{
  g_autofree char *request = heddle_fake_server_dup_request (f->server, index);

  g_assert_nonnull (strstr (request, text));
  g_assert_nonnull (strstr (request, "Bearer a-key-of-both"));
}

static guint
count_waited (const HeddleHarnessResult *result)
{
  guint n = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      n += event->kind == HEDDLE_EVENT_SPAN_UPDATED && heddle_json_get_boolean (event->data, "rate_limited", FALSE);
    }
  return n;
}

/* In the order they came, one after the other, and each that waited says so. */
static void
test_order (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_set_default (f->server, 20, ANSWER);
  result = heddle_harness_run_workflow (WORKFLOW (LLM ("a", "one") "," LLM ("b", "two") "," LLM ("c", "one") "," LLM ("d", "two"),
                                                  EDGE ("a") "," EDGE ("b") "," EDGE ("c") "," EDGE ("d")),
                                        &f->services, "{\"message\":\"Hello\"}");
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 4);
  g_assert_cmpuint (heddle_fake_server_get_most_parallel (f->server), ==, 1);
  assert_request (f, 0, "I am a");
  assert_request (f, 1, "I am b");
  assert_request (f, 2, "I am c");
  assert_request (f, 3, "I am d");
  g_assert_cmpuint (count_waited (result), ==, 3);
}

static void
cancel_cb (HeddleRun *run, GPtrArray *events, gpointer user_data)
{
  for (guint i = 0; i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      if (event->kind == HEDDLE_EVENT_SPAN_UPDATED && heddle_json_get_boolean (event->data, "rate_limited", FALSE))
        heddle_run_cancel (run);
    }
}

/* Who waits can be stopped, and is never sent. */
static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (WORKFLOW (LLM ("a", "one") "," LLM ("b", "two"), EDGE ("a") "," EDGE ("b")), -1, &error);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"Hello\"}");
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleEngine) engine = NULL;
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  g_assert_no_error (error);
  heddle_fake_server_push_hanging (f->server, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n");
  plan = heddle_plan_compile (graph, NULL, &error);
  g_assert_no_error (error);
  engine = heddle_engine_new (&f->services);
  run = heddle_engine_start (engine, plan, input, NULL);
  heddle_run_subscribe (run, NULL, 0, cancel_cb, NULL, NULL);
  result = heddle_harness_wait (run);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  g_assert_cmpuint (heddle_fake_server_count (f->server), <=, 1);
}

/* One was told to wait a second, and has no second attempt: the run takes that long because the other one waits too. */
static void
test_retry_after (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_push (f->server, TOO_MANY, -1, HEDDLE_FAKE_WHOLE);
  heddle_fake_server_set_default (f->server, 0, ANSWER);
  result = heddle_harness_run_workflow (WORKFLOW (LLM ("a", "one") "," LLM ("b", "two"), EDGE ("a") "," EDGE ("b")), &f->services, "{\"message\":\"Hello\"}");
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 2);
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "b"));
  g_assert_cmpint (result->duration, >=, G_USEC_PER_SEC);
  assert_request (f, 1, "I am b");
}
/* A node that is told to wait holds back models with the same credential, which are let through by one gate. */
static void
test_one_gate (Fixture *f, gconstpointer data)
{
  g_autofree char *url = heddle_fake_server_dup_url (f->server, "/busy");
  g_autofree char *json = g_strdup_printf (WORKFLOW ("{\"id\":\"a\",\"type\":\"http\",\"policy\":{\"max_attempts\":1,\"on_error\":\"continue\"},"
                                                     "\"params\":{\"url\":\"%s\",\"credential\":\"shared\"}}," LLM ("b", "one"),
                                                     EDGE ("a") "," EDGE ("b")),
                                           url);
  g_autoptr (HeddleHarnessResult) result = NULL;

  f->services.secrets = f->secrets;
  heddle_fake_server_push (f->server, TOO_MANY, -1, HEDDLE_FAKE_WHOLE);
  heddle_fake_server_set_default (f->server, 0, ANSWER);
  result = heddle_harness_run_workflow (json, &f->services, "{\"message\":\"Hello\"}");
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 2);
  g_assert_cmpuint (heddle_fake_server_get_most_parallel (f->server), ==, 1);
  g_assert_cmpint (result->duration, >=, G_USEC_PER_SEC);
  g_assert_cmpuint (count_waited (result), ==, 1);
  assert_request (f, 1, "I am b");
}

int
main (int argc, char *argv[])
{
  g_setenv ("HEDDLE_CREDENTIAL_SHARED", "a-key-of-both", TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/rate-limits/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("order", test_order);
  ADD ("cancel", test_cancel);
  ADD ("retry-after", test_retry_after);
  ADD ("one-gate", test_one_gate);
  return g_test_run ();
}
