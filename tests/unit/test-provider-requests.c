/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What each kind of provider is sent, and what goes back to it of its answers. */
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-provider-fixture.h"
#include "provider/heddle-profile.h"
#include "provider/heddle-schema-adapt.h"
#include "provider/heddle-tool-names.h"
#include "secret/heddle-secrets.h"
#include "value/heddle-json.h"

#define SCHEMA "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1}},\"required\":[\"n\"]}"
#define CONVERSATION                                                                                                                                \
  "[{\"role\":\"system\",\"content\":\"Be brief.\"},"                                                                                               \
  "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Look\"},{\"type\":\"image\",\"mime\":\"image/png\",\"data\":\"iVBO\"},"            \
  "{\"type\":\"file\",\"mime\":\"text/csv\",\"name\":\"a.csv\",\"data\":\"YSxi\"}]},"                                                               \
  "{\"role\":\"assistant\",\"content\":\"I look.\",\"tool_calls\":[{\"id\":\"call_1\",\"name\":\"weather.get\",\"arguments\":{\"city\":\"Rome\"}}," \
  "{\"id\":\"functions.time:1\",\"name\":\"time\",\"arguments\":\"{bad\"}]},"                                                                       \
  "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"name\":\"weather.get\",\"content\":\"{\\\"sky\\\":\\\"blue\\\"}\"},"                            \
  "{\"role\":\"tool\",\"tool_call_id\":\"functions.time:1\",\"name\":\"time\",\"content\":\"no JSON\",\"is_error\":true},"                          \
  "{\"role\":\"user\",\"content\":\"Thanks\"}]"

static const char *const kinds[][2] = {
  { "openai-compatible", "openai" },
  { "openai-responses", "responses" },
  { "anthropic", "anthropic" },
  { "gemini", "gemini" },
  { "ollama", "ollama" },
};

typedef HeddleProviderFixture Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  heddle_provider_fixture_set_up (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  heddle_provider_fixture_tear_down (f);
}

static void
push_hello (Fixture *f, guint kind)
{
  static const char *const endings[] = { "sse", "sse", "sse", "sse", "ndjson" };
  g_autofree char *name = g_strdup_printf ("%s/stream.%s", kinds[kind][1], endings[kind]);

  heddle_provider_fixture_push (f, name, HEDDLE_FAKE_WHOLE);
}

/* A conversation with all there is, against a request that was read and found right. */
static void
test_bodies (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) schema = heddle_json_parse (SCHEMA, -1, NULL);

  heddle_provider_fixture_set_messages (f, CONVERSATION);
  f->request.response_schema = schema;
  f->request.temperature = 0.5;
  f->request.max_tokens = 100;
  f->request.tool_choice = "weather.get";
  f->request.no_parallel_tools = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/request.json", kinds[i][1]);
      g_autofree char *expected_text = heddle_provider_fixture_read (name, NULL);
      g_autoptr (JsonNode) expected = heddle_json_parse (expected_text, -1, NULL);
      g_autoptr (JsonNode) body = NULL;
      g_autofree char *text = NULL;

      heddle_provider_fixture_choose (f, kinds[i][0], NULL);
      push_hello (f, i);
      heddle_provider_fixture_chat (f);
      g_assert_no_error (f->error);
      body = heddle_provider_fixture_get_body (f);
      text = heddle_json_to_text (body, HEDDLE_JSON_PRETTY);
      if (!heddle_json_equal (body, expected))
        g_test_message ("%s: %s", kinds[i][0], text);
      g_assert_true (heddle_json_equal (body, expected));
    }
}

typedef struct
{
  const char *kind;
  const char *line;
  const char *header; /* in lower case, or NULL */
} Head;

static void
test_heads (Fixture *f, gconstpointer data)
{
  static const Head heads[] = {
    { "openai-compatible", "POST /v1/chat/completions HTTP", "accept: text/event-stream" },
    { "openai-responses", "POST /v1/responses HTTP", "accept-encoding: identity" },
    { "anthropic", "POST /v1/messages HTTP", "anthropic-version: 2023-06-01" },
    { "gemini", "POST /v1beta/models/org%2Fm:streamGenerateContent?alt=sse HTTP", "accept: text/event-stream" },
    { "ollama", "POST /api/chat HTTP", "accept: application/x-ndjson" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autofree char *request = NULL;
      g_autofree char *lower = NULL;

      heddle_provider_fixture_choose (f, heads[i].kind, NULL);
      push_hello (f, i);
      heddle_provider_fixture_chat (f);
      request = heddle_fake_server_dup_request (f->server, i);
      lower = g_ascii_strdown (request, -1);
      g_assert_true (g_str_has_prefix (request, heads[i].line));
      g_assert_nonnull (strstr (lower, heads[i].header));
    }
}

typedef struct
{
  const char *kind;
  const char *profile;
  const char *file;
  const char *goes_back; /* bytes of the next request */
  const char *stays;     /* bytes that another kind is not sent */
} Echo;

static const Echo echoes[] = {
  { "anthropic", NULL, "anthropic/thinking-tools.sse",
    "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"Let me see.\",\"signature\":\"EqQB+/=é\"},"
    "{\"type\":\"redacted_thinking\",\"data\":\"EmwK+/==\"},{\"type\":\"text\",\"text\":\"I look.\"},"
    "{\"type\":\"tool_use\",\"id\":\"toolu_a1\",\"name\":\"weather_get\",\"input\":{\"city\":\"Rome\"}}]}",
    "EqQB" },
  { "gemini", NULL, "gemini/parallel-tools.sse",
    "{\"functionCall\":{\"name\":\"weather_get\",\"args\":{\"city\":\"Rome\"}},\"thoughtSignature\":\"CiQB+/=é\"}", "CiQB" },
  { "gemini", NULL, "gemini/call-with-id.sse", "\"functionResponse\":{\"id\":\"fc-9\",\"name\":\"weather_get\"", "AbC/" },
  { "openai-responses", NULL, "responses/reasoning-tools.sse",
    "{\"id\":\"rs_0\",\"type\":\"reasoning\",\"encrypted_content\":\"gAAAA+/=é\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Two.\"},"
    "{\"type\":\"summary_text\",\"text\":\"Parts.\"}]}",
    "gAAAA" },
  { "openai-compatible", "deepseek", "openai/deepseek-reasoning.sse", "\"reasoning_content\":\"Let me see.\"", "Let me see." },
  { "openai-compatible", "openrouter", "openai/openrouter-details.sse",
    "\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"Hm.\",\"format\":\"openai-responses-v1\",\"index\":0},"
    "{\"type\":\"reasoning.encrypted\",\"data\":\"qqq/+=\",\"id\":\"rs_1\",\"format\":\"openai-responses-v1\",\"index\":0}]",
    "qqq/" },
  { "ollama", NULL, "ollama/thinking-tools.ndjson", "\"thinking\":\"I need a tool.\"", "I need a tool." },
};

/* The answer and results for all its calls behind the conversation. */
static void
add_answers (Fixture *f)
{
  JsonArray *messages = json_array_new ();
  JsonArray *calls = f->response->tool_calls == NULL ? NULL : json_node_get_array (f->response->tool_calls);

  json_array_add_element (messages, json_node_ref (json_array_get_element (json_node_get_array (f->request.messages), 0)));
  json_array_add_element (messages, heddle_chat_response_to_message (f->response));
  for (guint i = 0; calls != NULL && i < json_array_get_length (calls); i++)
    {
      JsonNode *call = json_array_get_element (calls, i);
      JsonObject *answer = json_object_new ();

      json_object_set_string_member (answer, "role", "tool");
      json_object_set_string_member (answer, "tool_call_id", heddle_json_get_string (call, "id", ""));
      json_object_set_string_member (answer, "name", heddle_json_get_string (call, "name", ""));
      json_object_set_string_member (answer, "content", "{\"sky\":\"blue\"}");
      json_array_add_object_element (messages, answer);
    }
  json_node_unref (f->request.messages);
  f->request.messages = heddle_json_array (messages);
}

static char *
send_again (Fixture *f, const char *kind, const char *profile)
{
  heddle_provider_fixture_choose (f, kind, profile);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i][0], kind) == 0)
        push_hello (f, i);
    }
  heddle_provider_fixture_chat (f);
  g_assert_no_error (f->error);
  return heddle_fake_server_dup_request (f->server, heddle_fake_server_count (f->server) - 1);
}

/* What a provider wants back it gets byte for byte, and no other gets it. */
static void
test_echo (Fixture *f, gconstpointer data)
{
  const Echo *echo = data;
  g_autofree char *request = NULL;
  g_autofree char *other = NULL;

  heddle_provider_fixture_choose (f, echo->kind, echo->profile);
  heddle_provider_fixture_push (f, echo->file, HEDDLE_FAKE_RANDOM);
  heddle_provider_fixture_chat (f);
  g_assert_no_error (f->error);
  g_assert_nonnull (f->response->opaque);
  add_answers (f);
  request = send_again (f, echo->kind, echo->profile);
  if (strstr (request, echo->goes_back) == NULL)
    g_test_message ("%s", request);
  g_assert_nonnull (strstr (request, echo->goes_back));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_clear_pointer (&other, g_free);
      if (strcmp (kinds[i][0], echo->kind) == 0)
        continue;
      other = send_again (f, kinds[i][0], NULL);
      g_assert_null (strstr (other, echo->stays));
    }
}

/* A call that is taken out of the message is not in what goes back either: each call needs an answer. */
static void
test_echo_without_call (Fixture *f, gconstpointer data)
{
  g_autofree char *request = NULL;

  heddle_provider_fixture_choose (f, "gemini", NULL);
  f->request.no_parallel_tools = TRUE;
  heddle_provider_fixture_push (f, "gemini/parallel-tools.sse", HEDDLE_FAKE_WHOLE);
  heddle_provider_fixture_chat (f);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (f->response->tool_calls)), ==, 1);
  add_answers (f);
  request = send_again (f, "gemini", NULL);
  g_assert_nonnull (strstr (request, "CiQB"));
  g_assert_null (strstr (request, "CET"));
}

typedef struct
{
  const char *profile;
  const char *has;
  const char *lacks; /* or NULL */
} Habit;

static const Habit habits[] = {
  { "generic", "\"stream_options\":{\"include_usage\":true}", "parallel_tool_calls" },
  { "generic", "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"weather_get\"}}", NULL },
  { "generic", "\"id\":\"call_1\"", NULL },
  { "generic", "\"reasoning_effort\":\"low\"", NULL },
  { "generic", "\"max_tokens\":100", NULL },
  { "openai", "\"max_completion_tokens\":100", "\"temperature\"" },
  { "openai", "\"role\":\"developer\"", "\"role\":\"system\"" },
  { "vllm", "\"chat_template_kwargs\":{\"enable_thinking\":true}", "reasoning_effort" },
  { "llama.cpp", "\"tool_choice\":\"required\"", "\"name\":\"time\",\"description\"" },
  { "llama.cpp", "\"parallel_tool_calls\":true", NULL },
  { "lm-studio", "\"tool_choice\":\"required\"", NULL },
  { "openrouter", "\"usage\":{\"include\":true}", NULL },
  { "openrouter", "\"reasoning\":{\"effort\":\"low\"}", "reasoning_effort" },
  { "mistral", "\"tool_choice\":{\"type\":\"function\"", "stream_options" },
  { "mistral", "\"temperature\":0.5", "\"id\":\"call_1\"" },
  { "deepseek", "\"response_format\":{\"type\":\"json_object\"}", "json_schema" },
  { "deepseek", "valid against this JSON Schema", NULL },
};

static void
test_habits (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) schema = heddle_json_parse (SCHEMA, -1, NULL);

  heddle_provider_fixture_set_messages (f, CONVERSATION);
  f->request.model = "fake/gpt-5-mini";
  f->request.response_schema = schema;
  f->request.temperature = 0.5;
  f->request.max_tokens = 100;
  f->request.tool_choice = "weather.get";
  f->request.reasoning_effort = "low";
  for (guint i = 0; i < G_N_ELEMENTS (habits); i++)
    {
      g_autofree char *request = send_again (f, "openai-compatible", habits[i].profile);

      if (strstr (request, habits[i].has) == NULL || (habits[i].lacks != NULL && strstr (request, habits[i].lacks) != NULL))
        g_test_message ("%s: %s\n%s", habits[i].profile, habits[i].has, request);
      g_assert_nonnull (strstr (request, habits[i].has));
      if (habits[i].lacks != NULL)
        g_assert_null (strstr (request, habits[i].lacks));
    }
}

/* Mistral's ids have nine letters and digits; answers name the same. */
static void
test_short_ids (Fixture *f, gconstpointer data)
{
  g_autofree char *id = heddle_tool_names_fit_id ("call_1", TRUE);
  g_autofree char *same = heddle_tool_names_fit_id ("aB3dE6gH9", TRUE);
  g_autofree char *as_call = g_strdup_printf ("\"id\":\"%s\"", id);
  g_autofree char *as_answer = g_strdup_printf ("\"tool_call_id\":\"%s\"", id);
  g_autofree char *request = NULL;

  g_assert_cmpuint (strlen (id), ==, 9);
  g_assert_cmpstr (same, ==, "aB3dE6gH9");
  heddle_provider_fixture_set_messages (f, CONVERSATION);
  request = send_again (f, "openai-compatible", "mistral");
  g_assert_nonnull (strstr (request, as_call));
  g_assert_nonnull (strstr (request, as_answer));

  f->request.tool_choice = "required";
  g_free (request);
  request = send_again (f, "openai-compatible", "mistral");
  g_assert_nonnull (strstr (request, "\"tool_choice\":\"any\""));
}

static void
test_profiles (void)
{
  static const char *const found[][2] = {
    { "https://api.openai.com/v1", "openai" },
    { "https://eu.api.openai.com/v1", "openai" },
    { "https://notapi.openai.com.example.org/v1", "generic" },
    { "https://xapi.mistral.ai/v1", "generic" },
    { "https://api.mistral.ai/v1", "mistral" },
    { "https://openrouter.ai/api/v1", "openrouter" },
    { "https://api.deepseek.com/v1", "deepseek" },
    { "http://127.0.0.1:8080/v1", "llama.cpp" },
    { "http://localhost:8000/v1", "vllm" },
    { "http://192.168.1.5:1234/v1", "lm-studio" },
    { "http://8.8.8.8:8080/v1", "generic" },
    { "https://example.com:8080/v1", "generic" },
    { "not a url", "generic" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    g_assert_cmpstr (heddle_profile_find (NULL, found[i][0])->id, ==, found[i][1]);
  g_assert_cmpstr (heddle_profile_find ("mistral", "http://127.0.0.1:8080/v1")->id, ==, "mistral");
  g_assert_cmpstr (heddle_profile_find ("unheard-of", "http://127.0.0.1:8080/v1")->id, ==, "llama.cpp");
  g_assert_cmpstr (heddle_profile_find (NULL, NULL)->id, ==, "generic");
}

static void
test_names (void)
{
  g_autoptr (JsonNode) tools = heddle_json_parse ("[{\"name\":\"a.b\"},{\"name\":\"a_b\"},{\"name\":\"a b\"},{\"name\":\"9\"},{\"name\":\"größe\"},{\"name\":\"\"},{}]", -1, NULL);
  g_autoptr (HeddleToolNames) names = heddle_tool_names_new (tools, NULL);
  g_autofree char *first = heddle_tool_names_take_id (names, "x");
  g_autofree char *second = heddle_tool_names_take_id (names, "x");
  g_autofree char *third = heddle_tool_names_take_id (names, NULL);

  g_assert_cmpstr (heddle_tool_names_to_wire (names, "a_b"), ==, "a_b");
  g_assert_cmpstr (heddle_tool_names_to_wire (names, "a.b"), ==, "a_b_2");
  g_assert_cmpstr (heddle_tool_names_to_wire (names, "a b"), ==, "a_b_3");
  g_assert_cmpstr (heddle_tool_names_to_wire (names, "9"), ==, "_9");
  g_assert_cmpstr (heddle_tool_names_from_wire (names, "a_b_2"), ==, "a.b");
  g_assert_cmpstr (heddle_tool_names_from_wire (names, "invented"), ==, "invented");
  g_assert_cmpstr (heddle_tool_names_from_wire (names, heddle_tool_names_to_wire (names, "größe")), ==, "größe");
  g_assert_cmpstr (first, ==, "x");
  g_assert_cmpstr (second, !=, "x");
  g_assert_cmpstr (third, !=, second);
  g_assert_true (heddle_tool_names_is_own_id (second));
}

static void
check_strict (const char *schema, const char *strict)
{
  g_autoptr (JsonNode) node = heddle_json_parse (schema, -1, NULL);
  g_autoptr (JsonNode) adapted = heddle_schema_to_strict (node);
  g_autofree char *text = adapted == NULL ? NULL : heddle_json_to_text (adapted, HEDDLE_JSON_COMPACT);

  g_assert_cmpstr (text, ==, strict);
}

static void
test_schemas (void)
{
  g_autoptr (JsonNode) schema = heddle_json_parse (
    "{\"$schema\":\"x\",\"type\":\"object\",\"properties\":{\"minimum\":{\"type\":\"integer\",\"minimum\":1},\"o\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{}}]}}}", -1, NULL);
  g_autoptr (JsonNode) adapted = heddle_schema_to_anthropic (schema);
  g_autofree char *text = heddle_json_to_text (adapted, HEDDLE_JSON_COMPACT);

  check_strict ("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],\"additionalProperties\":false}");
  check_strict ("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}", NULL);
  check_strict ("{\"type\":\"object\"}", NULL);
  check_strict ("{\"type\":\"object\",\"properties\":{\"a\":{\"oneOf\":[]}},\"required\":[\"a\"]}", NULL);
  check_strict ("{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[]}}", NULL);
  check_strict ("[]", NULL);
  g_assert_cmpstr (text, ==,
                   "{\"type\":\"object\",\"properties\":{\"minimum\":{\"type\":\"integer\"},\"o\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}]}},"
                   "\"additionalProperties\":false}");
}

static void
test_listings (Fixture *f, gconstpointer data)
{
  static const char *const bodies[] = {
    "{\"data\":[{\"id\":\"m\"}]}",
    "{\"data\":[{\"id\":\"m\"}]}",
    "{\"data\":[{\"type\":\"model\",\"id\":\"m\",\"display_name\":\"M\"}],\"has_more\":false}",
    "{\"models\":[{\"name\":\"models/m\",\"supportedGenerationMethods\":[\"generateContent\"]}]}",
    "{\"models\":[{\"name\":\"m\",\"model\":\"m\",\"size\":1}]}",
  };
  static const char *const lines[] = { "GET /v1/models ", "GET /v1/models ", "GET /v1/models?limit=1000 ", "GET /v1beta/models?pageSize=1000 ", "GET /api/tags " };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *request = NULL;

      heddle_provider_fixture_choose (f, kinds[i][0], NULL);
      heddle_fake_server_push_body (f->server, "200 OK", "application/json", bodies[i]);
      heddle_provider_fixture_list (f);
      g_assert_no_error (f->error);
      g_assert_cmpuint (g_strv_length (f->names), ==, 1);
      g_assert_cmpstr (f->names[0], ==, "fake/m");
      request = heddle_fake_server_dup_request (f->server, i);
      g_assert_true (g_str_has_prefix (request, lines[i]));
    }
}

static void
test_embeddings (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = { "a", "b", NULL };
  static const char *const bodies[] = {
    "{\"data\":[{\"index\":1,\"embedding\":[0,2]},{\"index\":0,\"embedding\":[3,4]}],\"usage\":{\"prompt_tokens\":2}}",
    "{\"data\":[{\"embedding\":[3,4]},{\"embedding\":[0,2]}]}",
    NULL,
    "{\"embeddings\":[{\"values\":[3,4]},{\"values\":[0,2]}]}",
    "{\"model\":\"e\",\"embeddings\":[[3,4],[0,2]],\"prompt_eval_count\":2}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      heddle_provider_fixture_choose (f, kinds[i][0], NULL);
      if (bodies[i] != NULL)
        heddle_fake_server_push_body (f->server, "200 OK", "application/json", bodies[i]);
      heddle_provider_fixture_embed (f, texts);
      if (bodies[i] == NULL)
        {
          g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
          continue;
        }
      g_assert_no_error (f->error);
      g_assert_cmpfloat (fabs (f->embeddings->values[0] - 0.6), <, 1e-6);
      g_assert_cmpfloat (fabs (f->embeddings->values[3] - 1), <, 1e-6);
    }
  heddle_provider_fixture_choose (f, "ollama", NULL);
  heddle_fake_server_push_body (f->server, "200 OK", "application/json", "{\"embeddings\":[1,{}]}");
  heddle_provider_fixture_embed (f, texts);
  g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER);
}

/* A file no model of the provider can read is an error before anything is sent. */
static void
test_files (Fixture *f, gconstpointer data)
{
  heddle_provider_fixture_set_messages (f, "[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"mime\":\"application/zip\",\"name\":\"a.zip\",\"data\":\"UEs=\"}]}]");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i][0], "anthropic") != 0 && strcmp (kinds[i][0], "ollama") != 0)
        continue;
      heddle_provider_fixture_choose (f, kinds[i][0], NULL);
      heddle_provider_fixture_chat (f);
      g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 0);
}

typedef struct
{
  const char *kind;
  const char *reply;
  HeddleErrorCode code;
  const char *provider_code;
  const char *request_id;
  gint64 retry_after;
} Refusal;

#define REPLY(status, headers, body) "HTTP/1.1 " status "\r\n" headers "Connection: close\r\n\r\n" body

static const Refusal refusals[] = {
  { "anthropic", REPLY ("529 Overloaded", "request-id: req_1\r\n", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_1\"}"), HEDDLE_ERROR_OVERLOADED, "overloaded_error", "req_1", -1 },
  { "anthropic", REPLY ("401 Unauthorized", "", "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid x-api-key\"},\"request_id\":\"req_2\"}"), HEDDLE_ERROR_AUTH, "authentication_error", "req_2", -1 },
  { "anthropic", REPLY ("400 Bad Request", "", "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 210000 tokens > 200000 maximum\"}}"), HEDDLE_ERROR_CONTEXT_LENGTH, "invalid_request_error", NULL, -1 },
  { "anthropic", REPLY ("400 Bad Request", "", "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low to access the Anthropic API.\"}}"), HEDDLE_ERROR_QUOTA, "invalid_request_error", NULL, -1 },
  { "anthropic", REPLY ("429 Too Many", "retry-after: 3\r\n", "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow\"}}"), HEDDLE_ERROR_RATE_LIMIT, "rate_limit_error", NULL, 3000 },
  { "anthropic", REPLY ("200 OK", "", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"no\"},\"request_id\":\"req_9\"}\n\n"), HEDDLE_ERROR_AUTH, "authentication_error", "req_9", -1 },
  { "anthropic", REPLY ("200 OK", "", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}\n\n"), HEDDLE_ERROR_BAD_REQUEST, "invalid_request_error", NULL, -1 },
  { "gemini", REPLY ("429 Too Many", "", "{\"error\":{\"code\":429,\"message\":\"quota\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34s\"}]}}"), HEDDLE_ERROR_RATE_LIMIT, "RESOURCE_EXHAUSTED", NULL, 34000 },
  { "gemini", REPLY ("400 Bad Request", "", "{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\",\"status\":\"INVALID_ARGUMENT\"}}"), HEDDLE_ERROR_AUTH, "INVALID_ARGUMENT", NULL, -1 },
  { "gemini", REPLY ("400 Bad Request", "", "{\"error\":{\"code\":400,\"message\":\"The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).\",\"status\":\"INVALID_ARGUMENT\"}}"), HEDDLE_ERROR_CONTEXT_LENGTH, "INVALID_ARGUMENT", NULL, -1 },
  { "gemini", REPLY ("503 Unavailable", "", "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}"), HEDDLE_ERROR_OVERLOADED, "UNAVAILABLE", NULL, -1 },
  { "ollama", REPLY ("404 Not Found", "", "{\"error\":\"model \\\"org/m\\\" not found, try pulling it first\"}"), HEDDLE_ERROR_NOT_FOUND, NULL, NULL, -1 },
  { "ollama", REPLY ("400 Bad Request", "", "{\"error\":\"registry.ollama.ai/library/m does not support tools\"}"), HEDDLE_ERROR_BAD_REQUEST, NULL, NULL, -1 },
  { "openai-responses", REPLY ("429 Too Many", "x-request-id: req_7\r\nretry-after-ms: 120\r\n", "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}"), HEDDLE_ERROR_QUOTA, "insufficient_quota", "req_7", 120 },
  { "openai-responses", REPLY ("200 OK", "", "{\"id\":\"resp\",\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}"), HEDDLE_ERROR_RATE_LIMIT, "rate_limit_exceeded", NULL, -1 },
  { "anthropic", REPLY ("200 OK", "", "<html>proxy</html>"), HEDDLE_ERROR_SERVER, NULL, NULL, -1 },
  { "gemini", REPLY ("200 OK", "", ""), HEDDLE_ERROR_SERVER, NULL, NULL, -1 },
  { "ollama", REPLY ("200 OK", "", "no json\n"), HEDDLE_ERROR_SERVER, NULL, NULL, -1 },
  { "openai-responses", REPLY ("200 OK", "", "{}"), HEDDLE_ERROR_SERVER, NULL, NULL, -1 },
};

static void
test_refusals (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      heddle_provider_fixture_choose (f, refusals[i].kind, NULL);
      heddle_fake_server_push (f->server, refusals[i].reply, -1, HEDDLE_FAKE_RANDOM);
      heddle_provider_fixture_chat (f);
      if (f->error == NULL || f->error->code != (int) refusals[i].code)
        g_test_message ("case %u: %s", i, f->error == NULL ? "no error" : f->error->message);
      g_assert_error (f->error, HEDDLE_ERROR, (int) refusals[i].code);
      g_assert_cmpstr (heddle_error_detail (f->error)->provider_code, ==, refusals[i].provider_code);
      g_assert_cmpstr (heddle_error_detail (f->error)->request_id, ==, refusals[i].request_id);
      g_assert_cmpint (heddle_error_detail (f->error)->retry_after, ==, refusals[i].retry_after);
      g_assert_nonnull (heddle_error_detail (f->error)->hint);
    }
}

/* Comments keep the connection, but they are no progress. */
static void
test_progress (Fixture *f, gconstpointer data)
{
  heddle_provider_fixture_choose (f, "openai-compatible", NULL);
  f->request.progress_timeout_ms = 50;
  heddle_fake_server_push_hanging (f->server, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n");
  heddle_provider_fixture_chat (f);
  g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
  g_assert_cmpint (heddle_fake_server_wait_closed (f->server), >, 0);
}

/* The answer is there although the server forgets to close. */
static void
test_left_open (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree char *bytes = heddle_provider_fixture_read ("openai/stream.sse", &length);
  g_autofree char *reply = g_strconcat ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", bytes, NULL);

  heddle_provider_fixture_choose (f, "openai-compatible", NULL);
  heddle_fake_server_push_hanging (f->server, reply);
  heddle_provider_fixture_chat (f);
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->response->text, ==, "Grüße aus 東京 🌍");
}

/* This protocol has no word for the end of a stream, but its last piece says why it is the last. */
static void
test_left_open_without_end (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree char *bytes = heddle_provider_fixture_read ("gemini/stream.sse", &length);
  g_autofree char *reply = g_strconcat ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", bytes, NULL);

  heddle_provider_fixture_choose (f, "gemini", NULL);
  f->request.progress_timeout_ms = 50;
  heddle_fake_server_push_hanging (f->server, reply);
  heddle_provider_fixture_chat (f);
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->response->text, ==, "Grüße aus 東京 🌍");
}

static void
test_cost (Fixture *f, gconstpointer data)
{
  heddle_provider_fixture_choose (f, "openai-compatible", "openrouter");
  heddle_provider_fixture_push (f, "openai/openrouter-details.sse", HEDDLE_FAKE_WHOLE);
  heddle_provider_fixture_chat (f);
  g_assert_no_error (f->error);
  g_assert_cmpint (f->response->usage.cost, ==, 123450);
}

/* What the model said of its refusal is told apart from an answer. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  heddle_provider_fixture_choose (f, "anthropic", NULL);
  heddle_provider_fixture_push (f, "anthropic/refusal-empty.sse", HEDDLE_FAKE_WHOLE);
  heddle_provider_fixture_chat (f);
  g_assert_nonnull (f->response->refusal);
  heddle_provider_fixture_choose (f, "openai-responses", NULL);
  heddle_provider_fixture_push (f, "responses/refusal.sse", HEDDLE_FAKE_WHOLE);
  heddle_provider_fixture_chat (f);
  g_assert_cmpstr (f->response->refusal, ==, "I cannot do that.");
}

/* A long prompt gets a window that it fits, a short one the usual. */
static void
test_ollama_window (Fixture *f, gconstpointer data)
{
  g_autofree char *words = g_strnfill (60000, 'x');
  g_autofree char *messages = g_strdup_printf ("[{\"role\":\"user\",\"content\":\"%s\"}]", words);
  g_autofree char *usual = send_again (f, "ollama", NULL);
  g_autofree char *wide = NULL;

  heddle_provider_fixture_set_messages (f, messages);
  wide = send_again (f, "ollama", NULL);
  g_assert_null (strstr (usual, "num_ctx"));
  g_assert_nonnull (strstr (wide, "\"num_ctx\":32768"));
}

/* A proxy compressed the stream although it was asked not to. */
static void
test_compressed (Fixture *f, gconstpointer data)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr (GString) reply = g_string_new ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
  gsize length, n_read, n_written;
  g_autofree char *bytes = heddle_provider_fixture_read ("openai/stream.sse", &length);
  char packed[16384];

  g_assert_cmpint (g_converter_convert (compressor, bytes, length, packed, sizeof packed, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL), ==, G_CONVERTER_FINISHED);
  g_string_append_len (reply, packed, n_written);
  heddle_provider_fixture_choose (f, "openai-compatible", NULL);
  for (HeddleFakeSplit split = HEDDLE_FAKE_WHOLE; split <= HEDDLE_FAKE_RANDOM; split++)
    {
      heddle_fake_server_push (f->server, reply->str, reply->len, split);
      heddle_provider_fixture_chat (f);
      g_assert_no_error (f->error);
      g_assert_cmpstr (f->response->text, ==, "Grüße aus 東京 🌍");
    }
}

/* The same bearer credential goes where each kind looks for keys. */
static void
test_keys (Fixture *f, gconstpointer data)
{
  static const char *const headers[] = { "\r\nauthorization: bearer sk-canary", "\r\nauthorization: bearer sk-canary", "\r\nx-api-key: sk-canary",
                                         "\r\nx-goog-api-key: sk-canary", "\r\nauthorization: bearer sk-canary" };
  g_autoptr (HeddleSecrets) secrets = NULL;

  g_setenv ("HEDDLE_CREDENTIAL_CANARY", "sk-canary", TRUE);
  secrets = heddle_secrets_new (NULL);
  g_object_unref (f->models);
  f->models = heddle_models_new (NULL, secrets);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gboolean has_version = g_str_has_prefix (kinds[i][0], "openai");
      g_autofree char *url = heddle_fake_server_dup_url (f->server, has_version ? "/v1" : "");
      const HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) kinds[i][0], .base_url = url, .credential = (char *) "canary" };
      g_autofree char *request = NULL;
      g_autofree char *lower = NULL;

      g_assert_true (heddle_models_set_provider (f->models, &info, NULL));
      push_hello (f, i);
      heddle_provider_fixture_chat (f);
      g_assert_no_error (f->error);
      request = heddle_fake_server_dup_request (f->server, i);
      lower = g_ascii_strdown (request, -1);
      g_assert_nonnull (strstr (lower, headers[i]));
      g_assert_true (strstr (headers[i], "authorization") != NULL || strstr (lower, "authorization") == NULL);
    }
  g_unsetenv ("HEDDLE_CREDENTIAL_CANARY");
}

static void
test_presets (void)
{
  static const char *const variables[][3] = {
    { "ANTHROPIC_API_KEY", "anthropic", "anthropic" },
    { "GOOGLE_API_KEY", "gemini", "gemini" },
    { "OLLAMA_HOST", "ollama", "ollama" },
    { "MISTRAL_API_KEY", "mistral", "openai-compatible" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      g_autoptr (HeddleModels) models = NULL;
      g_autoptr (GPtrArray) list = NULL;
      const HeddleProviderInfo *info;

      g_setenv (variables[i][0], "127.0.0.1:1", TRUE);
      models = heddle_models_new (NULL, NULL);
      g_unsetenv (variables[i][0]);
      list = heddle_models_list_providers (models);
      g_assert_cmpuint (list->len, ==, 2);
      info = g_ptr_array_index (list, 1);
      g_assert_cmpstr (info->id, ==, variables[i][1]);
      g_assert_cmpstr (info->kind, ==, variables[i][2]);
      g_assert_true (info->from_environment);
      g_assert_false (g_str_has_suffix (info->base_url, "/v1") && strcmp (info->kind, "ollama") == 0);
    }
}

/* What people are offered can be added. */
static void
test_choices (Fixture *f, gconstpointer data)
{
  HeddleProviderChoice choice;
  guint n_kinds = 0;
  guint n_profiles = 0;

  for (; heddle_models_get_kind (n_kinds, &choice); n_kinds++)
    {
      const HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) choice.id, .base_url = (char *) choice.base_url };

      g_assert_true (heddle_models_set_provider (f->models, &info, NULL));
    }
  for (; heddle_models_get_profile (n_profiles, &choice); n_profiles++)
    g_assert_cmpstr (heddle_profile_find (choice.id, NULL)->id, ==, choice.id);
  g_assert_cmpuint (n_kinds, ==, G_N_ELEMENTS (kinds));
  g_assert_cmpuint (n_profiles, >, 5);
  g_assert_false (heddle_models_get_kind (G_MAXUINT, &choice));
  g_assert_false (heddle_models_get_profile (n_profiles + 1, &choice));
}

int
main (int argc, char **argv)
{
  static const char *const variables[] = { "OPENAI_API_KEY", "OPENAI_BASE_URL", "OLLAMA_HOST", "OPENROUTER_API_KEY", "MISTRAL_API_KEY",
                                           "DEEPSEEK_API_KEY", "GROQ_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY" };

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_unsetenv (variables[i]);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/requests/compressed", Fixture, NULL, set_up, test_compressed, tear_down);
  g_test_add ("/requests/keys", Fixture, NULL, set_up, test_keys, tear_down);
  g_test_add_func ("/requests/presets", test_presets);
  g_test_add ("/requests/choices", Fixture, NULL, set_up, test_choices, tear_down);
  g_test_add ("/requests/bodies", Fixture, NULL, set_up, test_bodies, tear_down);
  g_test_add ("/requests/heads", Fixture, NULL, set_up, test_heads, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (echoes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/requests/echo/%s", echoes[i].file);

      g_test_add (path, Fixture, &echoes[i], set_up, test_echo, tear_down);
    }
  g_test_add ("/requests/echo-without-call", Fixture, NULL, set_up, test_echo_without_call, tear_down);
  g_test_add ("/requests/habits", Fixture, NULL, set_up, test_habits, tear_down);
  g_test_add ("/requests/short-ids", Fixture, NULL, set_up, test_short_ids, tear_down);
  g_test_add_func ("/requests/profiles", test_profiles);
  g_test_add_func ("/requests/names", test_names);
  g_test_add_func ("/requests/schemas", test_schemas);
  g_test_add ("/requests/listings", Fixture, NULL, set_up, test_listings, tear_down);
  g_test_add ("/requests/embeddings", Fixture, NULL, set_up, test_embeddings, tear_down);
  g_test_add ("/requests/files", Fixture, NULL, set_up, test_files, tear_down);
  g_test_add ("/requests/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/requests/progress", Fixture, NULL, set_up, test_progress, tear_down);
  g_test_add ("/requests/left-open", Fixture, NULL, set_up, test_left_open, tear_down);
  g_test_add ("/requests/left-open-without-end", Fixture, NULL, set_up, test_left_open_without_end, tear_down);
  g_test_add ("/requests/cost", Fixture, NULL, set_up, test_cost, tear_down);
  g_test_add ("/requests/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/requests/ollama-window", Fixture, NULL, set_up, test_ollama_window, tear_down);
  return g_test_run ();
}
