/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-call.h"

#include <string.h>

#include "chat/heddle-messages.h"
#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "heddle-harness.h"
#include "value/heddle-json.h"

#define CHUNK(text) "data: {\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define FINISH "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define USAGE "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
#define DONE "data: [DONE]\n\n"
#define OVERLOADED "{\"error\":{\"message\":\"busy\"}}"

/* A node that is nothing but one call. */
typedef struct
{
  char *model;
  JsonNode *fallback;
  JsonNode *messages;
} Params;

static const HeddlePortSpec ports[] = {
  { "in", "In", HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Params, model, "Model", .def.s = "fake/a"),
  HEDDLE_JSON (Params, fallback, "Fallback"),
  HEDDLE_JSON (Params, messages, "Messages", .def.s = "[{\"role\":\"user\",\"content\":\"Why?\"}]"),
  { NULL },
};

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleNodeRun) run = user_data;
  GError *error = NULL;
  g_autoptr (HeddleChatResponse) response = heddle_chat_call_finish (result, &error);

  if (response == NULL)
    heddle_node_run_fail (run, error);
  else
    heddle_node_run_complete (run, heddle_json_string (response->text));
}

static void
run_call (HeddleNodeRun *run, gconstpointer data)
{
  const Params *p = data;
  JsonArray *array = p->fallback != NULL ? json_node_get_array (p->fallback) : NULL;
  g_autoptr (GStrvBuilder) fallback = g_strv_builder_new ();
  g_auto (GStrv) models = NULL;
  HeddleChatCall call = {
    .request = { .model = p->model, .messages = p->messages, .temperature = -1, .stream = TRUE },
    .shows_text = TRUE,
  };

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (fallback, json_array_get_string_element (array, i));
  models = g_strv_builder_end (fallback);
  call.fallback_models = models;
  heddle_chat_call_async (run, &call, heddle_node_run_get_cancellable (run), answered_cb, heddle_node_run_ref (run));
}

static const HeddleNodeType call_type = {
  .id = "test-call",
  .version = 1,
  .title = "Call",
  .summary = "Calls.",
  .category = HEDDLE_CATEGORY_MODELS,
  .effect = HEDDLE_EFFECT_UNSAFE,
  .inputs = ports,
  .outputs = ports,
  .params = params,
  .params_size = sizeof (Params),
  .run = run_call,
};

static HeddleHarnessResult *
run_spec (HeddleFakeServer *server, const char *spec_text)
{
  g_autoptr (JsonNode) spec = heddle_harness_json (spec_text);
  g_autoptr (HeddleModels) models = heddle_models_new (NULL, NULL);
  g_autofree char *url = heddle_fake_server_dup_url (server, "/v1");
  HeddleEngineServices services = { .models = models };
  HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) "openai-compatible", .base_url = url };

  g_assert_true (heddle_models_set_provider (models, &info, NULL));
  return heddle_harness_run_plan (heddle_harness_plan_node (&call_type, spec), &services, NULL);
}

/* The nth event of a kind. */
static const HeddleEvent *
nth (const HeddleHarnessResult *result, HeddleEventKind kind, guint n)
{
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (event->kind == kind && n-- == 0)
        return event;
    }
  g_assert_not_reached ();
}

static const char *
output_of (const HeddleHarnessResult *result)
{
  return heddle_json_get_string (heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "node")->data, "result"), "output", "");
}

static void
test_fallback (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  JsonNode *from;

  heddle_fake_server_push_body (server, "503 Service Unavailable", "application/json", OVERLOADED);
  heddle_fake_server_push_stream (server, CHUNK ("half an"), HEDDLE_FAKE_WHOLE);
  heddle_fake_server_push_stream (server, CHUNK ("whole") FINISH USAGE DONE, HEDDLE_FAKE_WHOLE);
  result = run_spec (server, "{\"params\":{\"fallback\":[\"fake/a\",\"fake/b\",\"fake/c\"]},\"inputs\":{\"in\":1}}");
  g_assert_no_error (result->error);
  g_assert_cmpstr (output_of (result), ==, "whole");
  g_assert_cmpuint (heddle_fake_server_count (server), ==, 3);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_SPAN_FINISHED, "node"), ==, 3);

  g_assert_null (heddle_json_member (nth (result, HEDDLE_EVENT_SPAN_STARTED, 0)->data, "fallback_from"));
  g_assert_null (heddle_json_member (nth (result, HEDDLE_EVENT_SPAN_FINISHED, 0)->data, "usage"));
  from = heddle_json_member (nth (result, HEDDLE_EVENT_SPAN_STARTED, 1)->data, "fallback_from");
  g_assert_cmpstr (heddle_json_get_string (from, "model", ""), ==, "fake/a");
  g_assert_cmpstr (heddle_json_get_string (from, "class", ""), ==, "overloaded");
  from = heddle_json_member (nth (result, HEDDLE_EVENT_SPAN_STARTED, 2)->data, "fallback_from");
  g_assert_cmpstr (heddle_json_get_string (from, "model", ""), ==, "fake/b");
  g_assert_cmpstr (heddle_json_get_string (from, "class", ""), ==, "broken_stream");
  /* What the interrupted model wrote counts, and is no part of the answer. */
  g_assert_true (heddle_json_get_boolean (heddle_json_member (nth (result, HEDDLE_EVENT_SPAN_FINISHED, 1)->data, "usage"), "estimated", FALSE));
  g_assert_cmpstr (heddle_json_get_string (nth (result, HEDDLE_EVENT_SPAN_FINISHED, 1)->data, "response", ""), ==, "half an");
  g_assert_cmpstr (heddle_json_get_string (nth (result, HEDDLE_EVENT_SPAN_FINISHED, 2)->data, "response", ""), ==, "whole");
}

static void
test_refusal (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_push_stream (server, "data: {\"choices\":[{\"delta\":{\"refusal\":\"I will not.\"},\"finish_reason\":\"stop\"}]}\n\n" DONE, HEDDLE_FAKE_WHOLE);
  result = run_spec (server, "{\"params\":{\"fallback\":[\"nowhere/x\",\"demo/small\"],\"messages\":[{\"role\":\"system\",\"content\":\"Answer with one word: billing or technical.\"},"
                             "{\"role\":\"user\",\"content\":\"the app crashes\"}]},\"inputs\":{\"in\":1}}");
  g_assert_no_error (result->error);
  g_assert_cmpstr (output_of (result), ==, "technical");
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (nth (result, HEDDLE_EVENT_SPAN_STARTED, 1)->data, "fallback_from"), "class", ""), ==, "content_filter");
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (nth (result, HEDDLE_EVENT_SPAN_STARTED, 2)->data, "fallback_from"), "class", ""), ==, "not_found");
}

static void
test_all_fail (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_push_body (server, "401 Unauthorized", "application/json", "{\"error\":{\"message\":\"bad key\"}}");
  heddle_fake_server_push_body (server, "503 Service Unavailable", "application/json", OVERLOADED);
  result = run_spec (server, "{\"params\":{\"fallback\":[\"fake/b\"]},\"inputs\":{\"in\":1}}");
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_OVERLOADED);
  g_assert_nonnull (strstr (result->error->message, "fake/a: "));
  g_assert_nonnull (strstr (result->error->message, "fake/b: "));
  g_assert_cmpuint (heddle_fake_server_count (server), ==, 2);
}

static void
test_strips_data (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  JsonNode *told;

  heddle_fake_server_push_stream (server, CHUNK ("a cat") FINISH DONE, HEDDLE_FAKE_WHOLE);
  result = run_spec (server, "{\"params\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is it?\"},"
                             "{\"type\":\"image\",\"mime\":\"image/png\",\"data\":\"AAAAAAAA\"}]}]},\"inputs\":{\"in\":1}}");
  told = heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_SPAN_STARTED, "node")->data, "messages");
  heddle_harness_assert_json (told, "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is it?\"},{\"type\":\"image\",\"mime\":\"image/png\",\"size\":6,\"digest\":\"c34ab6abb7b2bb595bc25c3b388c872fd1d575819a8f55cc689510285e212385\"}]}]");
}

static void
test_trim (void)
{
  g_autoptr (JsonNode) messages = heddle_harness_json (
    "[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"assistant\",\"content\":\"1\"},"
    "{\"role\":\"user\",\"content\":\"two\"},{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"c\",\"name\":\"n\",\"arguments\":{}}]},"
    "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"name\":\"n\",\"content\":\"r\"},{\"role\":\"assistant\",\"content\":\"2\"},{\"role\":\"user\",\"content\":\"three\"}]");
  static const struct
  {
    guint max_messages;
    gint64 max_tokens;
    guint n_kept;
    const char *first;
  } cases[] = {
    { 0, 0, 8, "one" },
    { 7, 0, 8, "one" },
    { 6, 0, 6, "two" },
    { 5, 0, 6, "two" },
    { 4, 0, 2, "three" }, /* would begin with the answer of a tool */
    { 1, 0, 2, "three" },
    { 0, 1, 2, "three" },
    { 0, 1000, 8, "one" },
    { 0, 20, 2, "three" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) kept = heddle_messages_trim (messages, cases[i].max_messages, cases[i].max_tokens);
      JsonArray *array = json_node_get_array (kept);

      g_assert_cmpuint (json_array_get_length (array), ==, cases[i].n_kept);
      g_assert_cmpstr (heddle_json_get_string (json_array_get_element (array, 0), "content", ""), ==, "S");
      g_assert_cmpstr (heddle_json_get_string (json_array_get_element (array, 1), "content", ""), ==, cases[i].first);
    }
}

static void
test_estimate (void)
{
  g_autoptr (JsonNode) text = heddle_harness_json ("[{\"role\":\"user\",\"content\":\"12345678\"}]");
  g_autoptr (JsonNode) picture = heddle_harness_json ("[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"mime\":\"image/png\",\"data\":\"AA\"}]}]");
  g_autoptr (JsonNode) calls = heddle_harness_json ("[{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"c\",\"name\":\"n\",\"arguments\":{\"a\":\"12345678\"}}]}]");

  g_assert_cmpint (heddle_messages_estimate_tokens (NULL), ==, 0);
  g_assert_cmpint (heddle_messages_estimate_tokens (text), ==, 6);
  g_assert_cmpint (heddle_messages_estimate_tokens (picture), >, 500);
  g_assert_cmpint (heddle_messages_estimate_tokens (calls), >, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chat-call/fallback", test_fallback);
  g_test_add_func ("/chat-call/refusal", test_refusal);
  g_test_add_func ("/chat-call/all-fail", test_all_fail);
  g_test_add_func ("/chat-call/strips-data", test_strips_data);
  g_test_add_func ("/messages/trim", test_trim);
  g_test_add_func ("/messages/estimate", test_estimate);
  return g_test_run ();
}
