/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Against real servers that are not ours; each test skips where its address is not set. */
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "net/heddle-http.h"
#include "provider/heddle-models.h"
#include "value/heddle-json.h"

#define SCHEMA \
  "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"age\":{\"type\":\"integer\"}},\"required\":[\"name\",\"age\"],\"additionalProperties\":false}"

typedef struct
{
  HeddleHttp *http;
  HeddleModels *models;
  GString *streamed;
  guint n_deltas;
  GCancellable *cancel_at_delta;
  gint64 cancelled_at;
  HeddleChatResponse *response;
  HeddleEmbeddings *embeddings;
  char **names;
  GError *error;
  gboolean done;
} Fixture;

static void
set_up (Fixture *f, gconstpointer variable)
{
  HeddleProviderInfo info = { .id = (char *) "real", .kind = (char *) "openai-compatible" };

  info.base_url = (char *) g_getenv (variable);
  f->http = heddle_http_new ();
  f->models = heddle_models_new (NULL, NULL);
  f->streamed = g_string_new (NULL);
  if (info.base_url != NULL && *info.base_url != '\0')
    g_assert_true (heddle_models_set_provider (f->models, &info, NULL));
}

static void
tear_down (Fixture *f, gconstpointer variable)
{
  g_clear_pointer (&f->response, heddle_chat_response_free);
  g_clear_pointer (&f->embeddings, heddle_embeddings_free);
  g_clear_pointer (&f->names, g_strfreev);
  g_clear_error (&f->error);
  g_clear_object (&f->cancel_at_delta);
  g_string_free (f->streamed, TRUE);
  g_object_unref (f->models);
  heddle_http_unref (f->http);
}

static gboolean
is_missing (const char *variable)
{
  const char *value = g_getenv (variable);
  g_autofree char *reason = g_strdup_printf ("%s is not set", variable);

  if (value != NULL && *value != '\0')
    return FALSE;
  g_test_skip (reason);
  return TRUE;
}

static void
wait_for (Fixture *f)
{
  while (!f->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
delta_cb (const char *text, gpointer user_data)
{
  Fixture *f = user_data;

  f->n_deltas++;
  g_string_append (f->streamed, text);
  if (f->cancel_at_delta == NULL || f->n_deltas != 3)
    return;
  f->cancelled_at = g_get_monotonic_time ();
  g_cancellable_cancel (f->cancel_at_delta);
}

static void
chat_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->response = heddle_models_chat_finish (HEDDLE_MODELS (source), result, &f->error);
  f->done = TRUE;
}

static void
chat (Fixture *f, HeddleChatRequest *request, const char *prompt)
{
  JsonArray *messages = json_array_new ();
  JsonObject *message = json_object_new ();
  g_autoptr (JsonNode) list = NULL;

  json_object_set_string_member (message, "role", "user");
  json_object_set_string_member (message, "content", prompt);
  json_array_add_object_element (messages, message);
  list = heddle_json_array (messages);
  request->messages = list;
  request->delta = delta_cb;
  request->delta_data = f;
  heddle_models_chat_async (f->models, f->http, request, f->cancel_at_delta, chat_cb, f);
  wait_for (f);
}

static void
test_stream (Fixture *f, gconstpointer variable)
{
  gboolean is_tiny = strcmp (variable, "HEDDLE_TEST_OPENAI_URL") == 0;
  HeddleChatRequest request = { .model = is_tiny ? "real/tiny" : "real/chat", .temperature = 0, .max_tokens = is_tiny ? 24 : 6, .stream = TRUE };

  if (is_missing (variable))
    return;
  chat (f, &request, "Once upon a time");
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->response->text, ==, f->streamed->str);
  g_assert_cmpuint (f->n_deltas, >=, 2);
  g_assert_cmpint (f->response->usage.input, >, 0);
  g_assert_cmpint (f->response->usage.output, >, 0);
  g_assert_cmpint (f->response->usage.output, <=, request.max_tokens);
  g_assert_false (f->response->usage.estimated);
  g_assert_cmpint (f->response->first_token_us, >, 0);
}

static void
test_whole (Fixture *f, gconstpointer variable)
{
  HeddleChatRequest request = { .model = "real/tiny", .temperature = 0, .max_tokens = 8 };

  if (is_missing (variable))
    return;
  chat (f, &request, "Once upon a time");
  g_assert_no_error (f->error);
  g_assert_cmpuint (strlen (f->response->text), >, 0);
  g_assert_cmpstr (f->response->finish_reason, ==, "length");
  g_assert_cmpint (f->response->usage.output, ==, 8);
  g_assert_cmpuint (f->n_deltas, <=, 1);
}

static void
test_json_by_schema (Fixture *f, gconstpointer variable)
{
  g_autoptr (JsonNode) schema = heddle_json_parse (SCHEMA, -1, NULL);
  HeddleChatRequest request = { .model = "real/tiny", .temperature = 0, .max_tokens = 200, .stream = TRUE, .response_schema = schema };
  g_autoptr (JsonNode) value = NULL;

  if (is_missing (variable))
    return;
  chat (f, &request, "Lily is three years old.");
  g_assert_no_error (f->error);
  value = heddle_json_parse (f->response->text, -1, &f->error);
  g_assert_no_error (f->error);
  g_assert_true (heddle_json_is_string (heddle_json_member (value, "name")));
  g_assert_true (heddle_json_is_number (heddle_json_member (value, "age")));
}

/* More than the model can take: the server says so in its own way, we by class. */
static void
test_error (Fixture *f, gconstpointer variable)
{
  HeddleChatRequest request = { .model = "real/tiny", .temperature = 0, .max_tokens = 4, .stream = TRUE };
  GString *prompt = g_string_new (NULL);

  for (guint i = 0; i < 40000; i++)
    g_string_append (prompt, "word ");
  if (!is_missing (variable))
    {
      chat (f, &request, prompt->str);
      g_assert_error (f->error, HEDDLE_ERROR, HEDDLE_ERROR_CONTEXT_LENGTH);
      g_assert_cmpuint (heddle_error_detail (f->error)->http_status, ==, 400);
      g_test_message ("%s", f->error->message);
    }
  g_string_free (prompt, TRUE);
}

static void
test_cancel (Fixture *f, gconstpointer variable)
{
  HeddleChatRequest request = { .model = "real/tiny", .temperature = 0, .max_tokens = 2000, .stream = TRUE };

  if (is_missing (variable))
    return;
  f->cancel_at_delta = g_cancellable_new ();
  chat (f, &request, "Once upon a time");
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (g_test_perf ())
    g_assert_cmpint (g_get_monotonic_time () - f->cancelled_at, <, 10000);
  g_assert_cmpuint (f->streamed->len, >, 0);
}

static void
list_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->names = heddle_models_list_finish (HEDDLE_MODELS (source), result, &f->error);
  f->done = TRUE;
}

static void
test_list (Fixture *f, gconstpointer variable)
{
  if (is_missing (variable))
    return;
  heddle_models_list_async (f->models, f->http, "real", NULL, list_cb, f);
  wait_for (f);
  g_assert_no_error (f->error);
  g_assert_true (g_strv_contains ((const char *const *) f->names, "real/tiny"));
}

static void
embed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->embeddings = heddle_models_embed_finish (HEDDLE_MODELS (source), result, &f->error);
  f->done = TRUE;
}

static double
similarity (const HeddleEmbeddings *embeddings, guint a, guint b)
{
  double sum = 0;

  for (guint i = 0; i < embeddings->dimensions; i++)
    sum += (double) embeddings->values[a * embeddings->dimensions + i] * embeddings->values[b * embeddings->dimensions + i];
  return sum;
}

static void
test_embeddings (Fixture *f, gconstpointer variable)
{
  static const char *const texts[] = { "The cat sleeps on the sofa.", "A kitten naps on the couch.", "The stock market fell sharply.", NULL };

  if (is_missing (variable))
    return;
  heddle_models_embed_async (f->models, f->http, "real/embed", texts, NULL, embed_cb, f);
  wait_for (f);
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->embeddings->n_vectors, ==, 3);
  g_assert_cmpuint (f->embeddings->dimensions, ==, 384);
  g_assert_cmpint (f->embeddings->input_tokens, >, 0);
  g_assert_cmpfloat (fabs (similarity (f->embeddings, 0, 0) - 1), <, 1e-4);
  g_assert_cmpfloat (similarity (f->embeddings, 0, 1), >, similarity (f->embeddings, 0, 2) + 0.2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/openai/real/stream", Fixture, "HEDDLE_TEST_OPENAI_URL", set_up, test_stream, tear_down);
  g_test_add ("/openai/real/stream-chat", Fixture, "HEDDLE_TEST_CHAT_URL", set_up, test_stream, tear_down);
  g_test_add ("/openai/real/whole", Fixture, "HEDDLE_TEST_OPENAI_URL", set_up, test_whole, tear_down);
  g_test_add ("/openai/real/json-by-schema", Fixture, "HEDDLE_TEST_OPENAI_URL", set_up, test_json_by_schema, tear_down);
  g_test_add ("/openai/real/error", Fixture, "HEDDLE_TEST_OPENAI_URL", set_up, test_error, tear_down);
  g_test_add ("/openai/real/cancel", Fixture, "HEDDLE_TEST_OPENAI_URL", set_up, test_cancel, tear_down);
  g_test_add ("/openai/real/list", Fixture, "HEDDLE_TEST_OPENAI_URL", set_up, test_list, tear_down);
  g_test_add ("/openai/real/embeddings", Fixture, "HEDDLE_TEST_EMBEDDINGS_URL", set_up, test_embeddings, tear_down);
  return g_test_run ();
}
