/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One real server that speaks three protocols, llama.cpp's; each test skips where its address is not set. */
#include <string.h>

#include "heddle-error.h"
#include "net/heddle-http.h"
#include "provider/heddle-models.h"
#include "value/heddle-json.h"

#define TOOLS                                                                                             \
  "[{\"name\":\"weather.get\",\"description\":\"Weather of a city\",\"parameters\":{\"type\":\"object\"," \
  "\"properties\":{\"city\":{\"type\":\"string\",\"enum\":[\"Rome\",\"Oslo\"]}},\"required\":[\"city\"],\"additionalProperties\":false}}]"
#define SCHEMA \
  "{\"type\":\"object\",\"properties\":{\"mood\":{\"type\":\"string\",\"enum\":[\"happy\",\"sad\"]}},\"required\":[\"mood\"],\"additionalProperties\":false}"

typedef struct
{
  const char *kind;
  const char *variable;
} Protocol;

static const Protocol protocols[] = {
  { "openai-compatible", "HEDDLE_TEST_OPENAI_URL" },
  { "openai-responses", "HEDDLE_TEST_OPENAI_URL" },
  { "anthropic", "HEDDLE_TEST_ANTHROPIC_URL" },
};

typedef struct
{
  HeddleHttp *http;
  HeddleModels *models;
  GString *streamed;
  guint n_deltas;
  gboolean cancels;
  GCancellable *cancellable;
  HeddleChatRequest request;
  HeddleChatResponse *response;
  GError *error;
  gboolean done;
} Fixture;

static void
delta_cb (const char *text, gpointer user_data)
{
  Fixture *f = user_data;

  g_string_append (f->streamed, text);
  if (++f->n_deltas == 3 && f->cancels)
    g_cancellable_cancel (f->cancellable);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const Protocol *protocol = data;
  const HeddleProviderInfo info = {
    .id = (char *) "real",
    .kind = (char *) protocol->kind,
    .base_url = (char *) g_getenv (protocol->variable),
    .profile = (char *) "llama.cpp",
  };

  f->http = heddle_http_new ();
  f->models = heddle_models_new (NULL, NULL);
  f->streamed = g_string_new (NULL);
  f->cancellable = g_cancellable_new ();
  f->request = (HeddleChatRequest){ .model = "real/tiny", .temperature = 0, .max_tokens = 300, .stream = TRUE, .delta = delta_cb, .delta_data = f };
  if (info.base_url != NULL && *info.base_url != '\0')
    g_assert_true (heddle_models_set_provider (f->models, &info, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->response, heddle_chat_response_free);
  g_clear_pointer (&f->request.messages, json_node_unref);
  g_clear_pointer (&f->request.tools, json_node_unref);
  g_clear_pointer (&f->request.response_schema, json_node_unref);
  g_clear_error (&f->error);
  g_object_unref (f->cancellable);
  g_string_free (f->streamed, TRUE);
  g_object_unref (f->models);
  heddle_http_unref (f->http);
}

static gboolean
is_missing (const Protocol *protocol)
{
  const char *value = g_getenv (protocol->variable);
  g_autofree char *reason = g_strdup_printf ("%s is not set", protocol->variable);

  if (value != NULL && *value != '\0')
    return FALSE;
  g_test_skip (reason);
  return TRUE;
}

static void
chat_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->response = heddle_models_chat_finish (HEDDLE_MODELS (source), result, &f->error);
  f->done = TRUE;
}

static void
chat (Fixture *f)
{
  g_clear_pointer (&f->response, heddle_chat_response_free);
  f->done = FALSE;
  heddle_models_chat_async (f->models, f->http, &f->request, f->cancellable, chat_cb, f);
  while (!f->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
ask (Fixture *f, const char *prompt)
{
  JsonArray *messages = json_array_new ();
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "role", "user");
  json_object_set_string_member (message, "content", prompt);
  json_array_add_object_element (messages, message);
  f->request.messages = heddle_json_array (messages);
  chat (f);
}

static void
test_stream (Fixture *f, gconstpointer data)
{
  if (is_missing (data))
    return;
  f->request.max_tokens = 24;
  ask (f, "Once upon a time");
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->response->text, ==, f->streamed->str);
  g_assert_cmpuint (f->n_deltas, >, 3);
  g_assert_cmpstr (f->response->model, ==, "tiny");
  g_assert_false (f->response->usage.estimated);
  g_assert_cmpint (heddle_usage_get_input (&f->response->usage), >, 0);
  g_assert_cmpint (heddle_usage_get_output (&f->response->usage), ==, 24);
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  if (is_missing (data))
    return;
  f->request.stream = FALSE;
  f->request.max_tokens = 8;
  ask (f, "Once upon a time");
  g_assert_no_error (f->error);
  g_assert_cmpuint (strlen (f->response->text), >, 0);
  g_assert_cmpint (heddle_usage_get_output (&f->response->usage), ==, 8);
}

/* A grammar binds what the model writes, so that the first call is always of this form. */
static JsonNode *
check_first_call (Fixture *f)
{
  JsonNode *call = json_array_get_element (json_node_get_array (f->response->tool_calls), 0);
  JsonNode *arguments = heddle_json_member (call, "arguments");
  const char *city = heddle_json_get_string (arguments, "city", "");

  g_assert_cmpstr (heddle_json_get_string (call, "name", ""), ==, "weather.get");
  g_assert_true (g_str_equal (city, "Rome") || g_str_equal (city, "Oslo"));
  return call;
}

/* The call, its result, and what the model makes of both. */
static void
test_tools (Fixture *f, gconstpointer data)
{
  JsonArray *messages;
  JsonObject *result;
  JsonNode *call;

  if (is_missing (data))
    return;
  f->request.tools = heddle_json_parse (TOOLS, -1, NULL);
  f->request.tool_choice = "required";
  f->request.no_parallel_tools = TRUE;
  ask (f, "What is the weather in Rome?");
  g_assert_no_error (f->error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (f->response->tool_calls)), ==, 1);
  call = check_first_call (f);

  messages = json_array_new ();
  json_array_add_element (messages, json_node_ref (json_array_get_element (json_node_get_array (f->request.messages), 0)));
  json_array_add_element (messages, heddle_chat_response_to_message (f->response));
  result = json_object_new ();
  json_object_set_string_member (result, "role", "tool");
  json_object_set_string_member (result, "tool_call_id", heddle_json_get_string (call, "id", ""));
  json_object_set_string_member (result, "name", "weather.get");
  json_object_set_string_member (result, "content", "sunny");
  json_array_add_object_element (messages, result);
  json_node_unref (f->request.messages);
  f->request.messages = heddle_json_array (messages);
  f->request.max_tokens = 16;
  chat (f);
  g_assert_no_error (f->error);
  g_assert_true (*f->response->text != '\0' || f->response->tool_calls != NULL);
}

static void
test_parallel_tools (Fixture *f, gconstpointer data)
{
  if (is_missing (data))
    return;
  f->request.tools = heddle_json_parse (TOOLS, -1, NULL);
  f->request.tool_choice = "weather.get";
  ask (f, "What is the weather in Rome and in Oslo?");
  g_assert_no_error (f->error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (f->response->tool_calls)), >, 1);
  check_first_call (f);
}

static void
test_schema (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) value = NULL;
  const char *mood;

  if (is_missing (data))
    return;
  f->request.response_schema = heddle_json_parse (SCHEMA, -1, NULL);
  ask (f, "Lily is laughing.");
  g_assert_no_error (f->error);
  value = heddle_json_parse (f->response->text, -1, &f->error);
  g_assert_no_error (f->error);
  mood = heddle_json_get_string (value, "mood", "");
  g_assert_true (g_str_equal (mood, "happy") || g_str_equal (mood, "sad"));
}

static void
test_error (Fixture *f, gconstpointer data)
{
  g_autofree char *words = NULL;

  if (is_missing (data))
    return;
  words = g_strnfill (200000, '?');
  ask (f, words);
  g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_CONTEXT_LENGTH);
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  if (is_missing (data))
    return;
  f->cancels = TRUE;
  f->request.max_tokens = 2000;
  ask (f, "Once upon a time");
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (f->n_deltas, ==, 3);
}

static void
add (const Protocol *protocol, const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/real/%s/%s", protocol->kind, name);

  g_test_add (path, Fixture, protocol, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      add (&protocols[i], "stream", test_stream);
      add (&protocols[i], "whole", test_whole);
      add (&protocols[i], "tools", test_tools);
      add (&protocols[i], "parallel-tools", test_parallel_tools);
      /* This server's Messages know no schema; there only the arguments of tools are bound. */
      if (strcmp (protocols[i].kind, "anthropic") != 0)
        add (&protocols[i], "schema", test_schema);
      add (&protocols[i], "error", test_error);
      add (&protocols[i], "cancel", test_cancel);
    }
  return g_test_run ();
}
