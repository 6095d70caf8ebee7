/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "net/heddle-http.h"
#include "provider/heddle-models.h"
#include "value/heddle-json.h"

#define CHUNK(text) "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define FINISH "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define DONE "data: [DONE]\n\n"

typedef struct
{
  HeddleFakeServer *server;
  HeddleHttp *http;
  HeddleModels *models;
  HeddleChatResponse *response;
  HeddleEmbeddings *embeddings;
  char **names;
  GString *streamed;
  GError *error;
  gboolean done;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *url = NULL;
  HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) "openai-compatible" };

  f->server = heddle_fake_server_new ();
  f->http = heddle_http_new ();
  f->models = heddle_models_new (NULL, NULL);
  f->streamed = g_string_new (NULL);
  info.base_url = url = heddle_fake_server_dup_url (f->server, "/v1/");
  g_assert_true (heddle_models_set_provider (f->models, &info, NULL));
}

static void
reset (Fixture *f)
{
  g_clear_pointer (&f->response, heddle_chat_response_free);
  g_clear_pointer (&f->embeddings, heddle_embeddings_free);
  g_clear_pointer (&f->names, g_strfreev);
  g_clear_error (&f->error);
  g_string_truncate (f->streamed, 0);
  f->done = FALSE;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  reset (f);
  g_string_free (f->streamed, TRUE);
  g_object_unref (f->models);
  heddle_http_unref (f->http);
  heddle_fake_server_free (f->server);
}

static void
delta_cb (const char *text, gpointer user_data)
{
  Fixture *f = user_data;

  g_string_append (f->streamed, text);
}

static void
chat_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->response = heddle_models_chat_finish (HEDDLE_MODELS (source), result, &f->error);
  f->done = TRUE;
}

static void
chat (Fixture *f, gboolean stream)
{
  g_autoptr (JsonNode) messages = heddle_json_parse ("[{\"role\":\"user\",\"content\":\"Hello there\"}]", -1, NULL);
  HeddleChatRequest request = { .model = "fake/org/m", .messages = messages, .temperature = -1, .stream = stream, .delta = delta_cb, .delta_data = f };

  reset (f);
  heddle_models_chat_async (f->models, f->http, &request, NULL, chat_cb, f);
  while (!f->done)
    g_main_context_iteration (NULL, TRUE);
}

typedef struct
{
  const char *name;
  const char *body;
  const char *text; /* NULL: fails with code */
  HeddleErrorCode code;
  gint64 input_tokens; /* -1: estimated */
  const char *finish_reason;
} Stream;

static const Stream streams[] = {
  { "plain", CHUNK ("Hal") CHUNK ("lo") FINISH "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\n" DONE, "Hallo", 0, 5, "stop" },
  { "carriage-returns", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"length\"}]}\r\rdata: [DONE]\r\r", "a", 0, -1, "length" },
  { "no-done", CHUNK ("a") FINISH, "a", 0, -1, "stop" },
  { "no-blank-line-at-end", CHUNK ("a") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}", "a", 0, -1, "stop" },
  { "data-after-done", CHUNK ("a") FINISH DONE CHUNK ("b"), "a", 0, -1, "stop" },
  { "comments", ": OPENROUTER PROCESSING\n\n" CHUNK ("a") ": keep-alive\n\ndata:\n\n" FINISH DONE, "a", 0, -1, "stop" },
  { "usage-on-every-chunk", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n"
                            "data: {\"choices\":[{\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}\n\n" DONE,
    "ab", 0, 4, "stop" },
  { "usage-null", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n" FINISH DONE, "a", 0, -1, "stop" },
  { "content-null", "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":null}}]}\n\n" CHUNK ("a") FINISH DONE, "a", 0, -1, "stop" },
  { "odd-roles", "data: {\"choices\":[{\"delta\":{\"role\":\"\",\"refusal\":false,\"content\":\"a\"}}]}\n\n" FINISH DONE, "a", 0, -1, "stop" },
  { "several-choices", "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"}},{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n" FINISH DONE, "a", 0, -1, "stop" },
  { "reasoning", "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\",\"reasoning\":\"hm\"}}]}\n\n" CHUNK ("a") FINISH DONE, "a", 0, -1, "stop" },
  { "content-parts", "data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"a\"}]}}]}\n\n" FINISH DONE, "a", 0, -1, "stop" },
  { "empty-choices", "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n" CHUNK ("a") FINISH DONE, "a", 0, -1, "stop" },
  { "umlauts", CHUNK ("grüße 🌍") FINISH DONE, "grüße 🌍", 0, -1, "stop" },
  { "json-not-stream", "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}", "a", 0, 5, "stop" },
  { "json-error-not-stream", "{\"error\":{\"message\":\"model overloaded\",\"type\":\"overloaded_error\"}}", NULL, HEDDLE_ERROR_OVERLOADED, 0, NULL },
  { "error-in-stream", CHUNK ("a") "data: {\"error\":{\"code\":502,\"message\":\"upstream died\"},\"choices\":[{\"finish_reason\":\"error\"}]}\n\n", NULL, HEDDLE_ERROR_SERVER, 0, NULL },
  { "error-text-in-stream", "data: {\"error\":\"rate limit reached\"}\n\n", NULL, HEDDLE_ERROR_RATE_LIMIT, 0, NULL },
  { "finish-error", CHUNK ("a") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n" DONE, NULL, HEDDLE_ERROR_SERVER, 0, NULL },
  { "cut", CHUNK ("half"), NULL, HEDDLE_ERROR_BROKEN_STREAM, 0, NULL },
  { "cut-in-event", CHUNK ("half") "data: {\"choices\":[{\"del", NULL, HEDDLE_ERROR_BROKEN_STREAM, 0, NULL },
  { "nothing", FINISH DONE, NULL, HEDDLE_ERROR_SERVER, 0, NULL },
  { "only-done", DONE, NULL, HEDDLE_ERROR_SERVER, 0, NULL },
  { "no-bytes", "", NULL, HEDDLE_ERROR_SERVER, 0, NULL },
  { "nothing-by-length", "data: {\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"length\"}]}\n\n" DONE, NULL, HEDDLE_ERROR_LIMIT, 0, NULL },
  { "filtered", "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n" DONE, NULL, HEDDLE_ERROR_CONTENT_FILTER, 0, NULL },
  { "garbage", "data: <<<\n\n" FINISH DONE, NULL, HEDDLE_ERROR_SERVER, 0, NULL },
  { "html", "<html><body>Welcome to the proxy</body></html>", NULL, HEDDLE_ERROR_SERVER, 0, NULL },
  { "wrong-types", "data: {\"choices\":{\"a\":1},\"usage\":[],\"model\":7}\n\ndata: {\"choices\":[null,1,\"x\",{\"delta\":7,\"finish_reason\":{}}]}\n\ndata: []\n\n" DONE, NULL, HEDDLE_ERROR_SERVER, 0, NULL },
};

static void
check_stream (Fixture *f, const Stream *s)
{
  if (s->text == NULL)
    {
      if (f->error == NULL || f->error->code != (int) s->code)
        g_test_message ("%s: %s", s->name, f->error == NULL ? f->response->text : f->error->message);
      g_assert_error (f->error, HEDDLE_ERROR, (int) s->code);
      return;
    }
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->response->text, ==, s->text);
  g_assert_cmpstr (f->streamed->str, ==, s->text);
  g_assert_cmpstr (f->response->finish_reason, ==, s->finish_reason);
  g_assert_cmpint (f->response->usage.estimated, ==, s->input_tokens < 0);
  if (s->input_tokens >= 0)
    g_assert_cmpint (f->response->usage.input, ==, s->input_tokens);
  else
    g_assert_cmpint (f->response->usage.input, >, 0);
  g_assert_cmpint (f->response->first_token_us, >=, 0);
}

static void
test_streams (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      for (HeddleFakeSplit split = HEDDLE_FAKE_WHOLE; split <= HEDDLE_FAKE_RANDOM; split++)
        {
          heddle_fake_server_push_stream (f->server, streams[i].body, split);
          chat (f, TRUE);
          check_stream (f, &streams[i]);
        }
    }
}

/* What came before the break was handed on. */
static void
test_partial_text (Fixture *f, gconstpointer data)
{
  heddle_fake_server_push_stream (f->server, CHUNK ("half ") CHUNK ("an"), HEDDLE_FAKE_WHOLE);
  chat (f, TRUE);
  g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_BROKEN_STREAM);
  g_assert_true (heddle_error_is_retryable (f->error));
  g_assert_cmpstr (f->streamed->str, ==, "half an");
}

static void
test_request (Fixture *f, gconstpointer data)
{
  g_autofree char *request = NULL;

  heddle_fake_server_push_body (f->server, "200 OK", "application/json", "{\"model\":\"m-7\",\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}");
  chat (f, FALSE);
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->response->model, ==, "m-7");
  request = heddle_fake_server_dup_request (f->server, 0);
  g_assert_true (g_str_has_prefix (request, "POST /v1/chat/completions HTTP/1.1\r\n"));
  g_assert_null (strstr (request, "Authorization"));
  g_assert_nonnull (strstr (request, "\r\n\r\n{\"model\":\"org/m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}"));
}

typedef struct
{
  const char *reply;
  HeddleErrorCode code;
  const char *says;
  gint64 retry_after;
} Refusal;

#define REPLY(status, headers, body) "HTTP/1.1 " status "\r\n" headers "Connection: close\r\n\r\n" body

static const Refusal refusals[] = {
  { REPLY ("401 Unauthorized", "", "{\"error\":{\"message\":\"Incorrect API key provided: sk-abcdefgh12345678\",\"code\":\"invalid_api_key\"}}"), HEDDLE_ERROR_AUTH, "Incorrect API key", -1 },
  { REPLY ("429 Too Many Requests", "Retry-After: 7\r\n", "{\"error\":{\"message\":\"slow down\",\"type\":\"requests\"}}"), HEDDLE_ERROR_RATE_LIMIT, "slow down", 7000 },
  { REPLY ("429 Too Many Requests", "Retry-After: 7\r\nretry-after-ms: 1250\r\n", "{}"), HEDDLE_ERROR_RATE_LIMIT, "429", 1250 },
  { REPLY ("429 Too Many Requests", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", ""), HEDDLE_ERROR_RATE_LIMIT, "429", 0 },
  { REPLY ("429 Too Many Requests", "Retry-After: soon\r\n", ""), HEDDLE_ERROR_RATE_LIMIT, "429", -1 },
  { REPLY ("429 Too Many Requests", "Retry-After: 99999999999999\r\n", ""), HEDDLE_ERROR_RATE_LIMIT, "429", 86400000 },
  { REPLY ("429 Too Many Requests", "", "{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}"), HEDDLE_ERROR_QUOTA, "quota", -1 },
  { REPLY ("402 Payment Required", "", "{\"error\":{\"message\":\"no credit\",\"code\":402}}"), HEDDLE_ERROR_QUOTA, "no credit", -1 },
  { REPLY ("404 Not Found", "", "{\"error\":{\"message\":\"The model `m` does not exist\",\"code\":\"model_not_found\"}}"), HEDDLE_ERROR_NOT_FOUND, "does not exist", -1 },
  { REPLY ("400 Bad Request", "", "{\"error\":{\"message\":\"maximum context length is 8192\",\"code\":\"context_length_exceeded\"}}"), HEDDLE_ERROR_CONTEXT_LENGTH, "8192", -1 },
  { REPLY ("400 Bad Request", "", "{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":9}}"), HEDDLE_ERROR_CONTEXT_LENGTH, "exceeds", -1 },
  { REPLY ("400 Bad Request", "", "{\"error\":{\"message\":\"bad temperature\"}}"), HEDDLE_ERROR_BAD_REQUEST, "bad temperature", -1 },
  { REPLY ("400 Bad Request", "", "[{\"error\":{\"message\":\"API key not valid\",\"status\":\"INVALID_ARGUMENT\"}}]"), HEDDLE_ERROR_AUTH, "not valid", -1 },
  { REPLY ("422 Unprocessable Entity", "", "{\"detail\":[{\"msg\":\"field required\"}]}"), HEDDLE_ERROR_BAD_REQUEST, "422", -1 },
  { REPLY ("500 Internal Server Error", "", "{\"error\":\"oops\"}"), HEDDLE_ERROR_SERVER, "oops", -1 },
  { REPLY ("502 Bad Gateway", "Content-Type: text/html\r\n", "<html><head><title>502</title><style>x{}</style></head><body><h1>Bad &gateway</h1><p>nginx</p></body></html>"), HEDDLE_ERROR_SERVER, "gateway nginx", -1 },
  { REPLY ("503 Service Unavailable", "", "{\"error\":{\"message\":\"Loading model\"}}"), HEDDLE_ERROR_OVERLOADED, "Loading model", -1 },
  { REPLY ("529 Overloaded", "", ""), HEDDLE_ERROR_OVERLOADED, "529", -1 },
  { REPLY ("504 Gateway Timeout", "", "plain words"), HEDDLE_ERROR_TIMEOUT, "plain words", -1 },
};

static void
test_refusals (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      heddle_fake_server_push (f->server, refusals[i].reply, -1, HEDDLE_FAKE_RANDOM);
      chat (f, i % 2 == 0);
      if (f->error == NULL || f->error->code != (int) refusals[i].code)
        g_test_message ("case %u: %s", i, f->error == NULL ? "no error" : f->error->message);
      g_assert_error (f->error, HEDDLE_ERROR, (int) refusals[i].code);
      g_assert_nonnull (strstr (f->error->message, refusals[i].says));
      g_assert_null (strstr (f->error->message, "abcdefgh"));
      g_assert_cmpint (heddle_error_detail (f->error)->retry_after, ==, refusals[i].retry_after);
      g_assert_nonnull (heddle_error_detail (f->error)->hint);
      g_assert_true (g_utf8_validate (f->error->message, -1, NULL));
    }
}

static void
list_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->names = heddle_models_list_finish (HEDDLE_MODELS (source), result, &f->error);
  f->done = TRUE;
}

static void
list (Fixture *f, const char *provider)
{
  reset (f);
  heddle_models_list_async (f->models, f->http, provider, NULL, list_cb, f);
  while (!f->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_list (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) known = NULL;

  heddle_fake_server_push_body (f->server, "200 OK", "application/json", "{\"object\":\"list\",\"data\":[{\"id\":\"z\"},{\"id\":\"a/b\"},{\"no\":1}]}");
  list (f, "fake");
  g_assert_no_error (f->error);
  g_assert_cmpuint (g_strv_length (f->names), ==, 2);
  g_assert_cmpstr (f->names[0], ==, "fake/a/b");
  known = heddle_models_list_known (f->models);
  g_assert_true (g_strv_contains ((const char *const *) known, "fake/z"));
  g_assert_true (g_strv_contains ((const char *const *) known, "demo/small"));

  heddle_fake_server_push_body (f->server, "200 OK", "text/html", "<html>");
  list (f, "fake");
  g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER);
  list (f, "nowhere");
  g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  list (f, "openai");
  g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (heddle_error_detail (f->error)->hint, "OPENAI_API_KEY"));
  list (f, "demo");
  g_assert_no_error (f->error);
}

static void
test_kinds (void)
{
  static const char *const embeddings[] = { "demo/embedding", "openai/text-embedding-3-small", "ollama/nomic-embed-text:latest", "hub/BAAI/bge-m3", "hub/E5-large" };
  static const char *const others[] = { "demo/small", "openai/gpt-4o", "embedder/llama", "hub/made-by/tribe5-7b", "embed", "" };

  for (guint i = 0; i < G_N_ELEMENTS (embeddings); i++)
    g_assert_true (heddle_models_is_embedding (embeddings[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (heddle_models_is_embedding (others[i]));
}

static void
embed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->embeddings = heddle_models_embed_finish (HEDDLE_MODELS (source), result, &f->error);
  f->done = TRUE;
}

static void
embed (Fixture *f, const char *const *texts)
{
  reset (f);
  heddle_models_embed_async (f->models, f->http, "fake/e", texts, NULL, embed_cb, f);
  while (!f->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_embeddings (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = { "a", "", "c", NULL };
  static const char *const bad[] = {
    "{}",
    "{\"data\":[]}",
    "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]},{\"index\":2,\"embedding\":[1]}]}",
    "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1,2]},{\"index\":2,\"embedding\":[1]}]}",
    "{\"data\":[{\"index\":0,\"embedding\":[0]},{\"index\":1,\"embedding\":[1]},{\"index\":2,\"embedding\":[1]}]}",
    "{\"data\":[{\"index\":0,\"embedding\":[]},{\"index\":1,\"embedding\":[]},{\"index\":2,\"embedding\":[]}]}",
    "{\"data\":[{\"index\":-1,\"embedding\":[1]},{\"index\":9,\"embedding\":[1]},{\"index\":2,\"embedding\":[1]}]}",
    "{\"data\":[1,2,3]}",
    "no json",
  };
  g_autofree char *request = NULL;

  heddle_fake_server_push_body (f->server, "200 OK", "application/json",
                                "{\"data\":[{\"index\":2,\"embedding\":[0,5]},{\"index\":0,\"embedding\":[3,4]},{\"index\":1,\"embedding\":[1,0]}],\"usage\":{\"prompt_tokens\":9}}");
  embed (f, texts);
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->embeddings->dimensions, ==, 2);
  g_assert_cmpuint (f->embeddings->n_vectors, ==, 3);
  g_assert_cmpint (f->embeddings->input_tokens, ==, 9);
  g_assert_cmpfloat (fabs (f->embeddings->values[0] - 0.6), <, 1e-6);
  g_assert_cmpfloat (fabs (f->embeddings->values[5] - 1), <, 1e-6);
  request = heddle_fake_server_dup_request (f->server, 0);
  g_assert_nonnull (strstr (request, "{\"model\":\"e\",\"input\":[\"a\",\" \",\"c\"],\"encoding_format\":\"float\"}"));

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      heddle_fake_server_push_body (f->server, "200 OK", "application/json", bad[i]);
      embed (f, texts);
      g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER);
    }
}

/* A batch that is too large for the server is halved, and many texts are sent in several batches. */
static void
test_embedding_batches (Fixture *f, gconstpointer data)
{
  static const char *const two[] = { "a", "b", NULL };
  g_autoptr (GPtrArray) many = g_ptr_array_new ();

  heddle_fake_server_push_body (f->server, "413 Too Large", "text/plain", "too large");
  heddle_fake_server_set_default (f->server, 0, "{\"data\":[{\"embedding\":[1,1]}],\"usage\":{\"prompt_tokens\":2}}");
  embed (f, two);
  g_assert_no_error (f->error);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 3);
  g_assert_cmpint (f->embeddings->input_tokens, ==, 4);

  for (guint i = 0; i < 65; i++)
    g_ptr_array_add (many, (gpointer) "x");
  g_ptr_array_add (many, NULL);
  embed (f, (const char *const *) many->pdata);
  g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER);
  embed (f, (const char *const[]){ NULL });
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->embeddings->n_vectors, ==, 0);
}

static void
test_providers (Fixture *f, gconstpointer data)
{
  static const char *const ids[] = { "demo", "", "a b", "x/y", NULL };
  static const char *const urls[] = { "", "ftp://x/", "no", "http://", "https://me:pw@host/v1", NULL };
  g_autoptr (GPtrArray) providers = heddle_models_list_providers (f->models);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (providers->len, ==, 2);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      HeddleProviderInfo info = { .id = (char *) ids[i], .kind = (char *) "openai-compatible", .base_url = (char *) "http://h/v1" };

      g_assert_false (heddle_models_set_provider (f->models, &info, NULL));
    }
  for (guint i = 0; urls[i] != NULL; i++)
    {
      HeddleProviderInfo info = { .id = (char *) "p", .kind = (char *) "openai-compatible", .base_url = (char *) urls[i] };

      g_assert_false (heddle_models_set_provider (f->models, &info, NULL));
    }
  g_assert_true (heddle_models_check_reference (f->models, "fake/any", NULL));
  g_assert_true (heddle_models_check_reference (f->models, "demo/small", NULL));
  g_assert_false (heddle_models_check_reference (f->models, "demo/large", NULL));
  g_assert_false (heddle_models_check_reference (f->models, "small", NULL));
  g_assert_false (heddle_models_check_reference (f->models, "", NULL));
  g_assert_false (heddle_models_check_reference (f->models, "fake/", NULL));
  g_assert_true (heddle_models_remove_provider (f->models, "fake", NULL));
  g_assert_false (heddle_models_check_reference (f->models, "fake/any", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_assert_false (heddle_models_remove_provider (f->models, "demo", NULL));
}

int
main (int argc, char **argv)
{
  static const char *const variables[] = { "OPENAI_API_KEY", "OPENAI_BASE_URL", "OLLAMA_HOST", "OPENROUTER_API_KEY", "MISTRAL_API_KEY", "DEEPSEEK_API_KEY", "GROQ_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY" };

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_unsetenv (variables[i]);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/openai/streams", Fixture, NULL, set_up, test_streams, tear_down);
  g_test_add ("/openai/partial-text", Fixture, NULL, set_up, test_partial_text, tear_down);
  g_test_add ("/openai/request", Fixture, NULL, set_up, test_request, tear_down);
  g_test_add ("/openai/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/openai/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add_func ("/openai/kinds", test_kinds);
  g_test_add ("/openai/embeddings", Fixture, NULL, set_up, test_embeddings, tear_down);
  g_test_add ("/openai/embedding-batches", Fixture, NULL, set_up, test_embedding_batches, tear_down);
  g_test_add ("/openai/providers", Fixture, NULL, set_up, test_providers, tear_down);
  return g_test_run ();
}
