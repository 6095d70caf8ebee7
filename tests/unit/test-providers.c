/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every kind of provider against recorded bytes, which arrive whole, byte by byte and split at random places. */
#include <string.h>

#include "heddle-error.h"
#include "heddle-provider-fixture.h"

typedef struct
{
  const char *provider;
  const char *what; /* the file's name before its ending */
  const char *ending;
  const char *says; /* see heddle_provider_fixture_describe; of an error, its beginning and end around "…" */
} Case;

/* The columns of the matrix, "cancel" aside, which uses the stream. */
static const char *const capabilities[] = { "stream", "tools", "parallel-tools", "schema", "usage", "error", "cancel" };
static const char *const providers[] = { "openai", "responses", "anthropic", "gemini", "ollama" };

#define HELLO "Grüße aus 東京 🌍||stop||"
#define ZURICH "weather.get{\"city\":\"Zürich\"}|"
#define BOTH "weather.get{\"city\":\"Rome\"} time{\"zone\":\"CET\"}|"
#define LILY "{\"name\":\"Lily\",\"age\":3}||stop||"

static const Case matrix[] = {
  { "openai", "stream", "sse", HELLO "13/0/-/-/6/0" },
  { "openai", "tools", "sse", "||tool_calls|" ZURICH "60/0/-/-/15/0" },
  { "openai", "parallel-tools", "sse", "||tool_calls|" BOTH "80/0/-/-/40/0" },
  { "openai", "schema", "sse", LILY "30/0/-/-/9/0" },
  { "openai", "usage", "sse", "x||stop||500/1500/-/-/100/400" },
  { "openai", "error", "sse", "error: server: …The server had an error while processing your request." },
  { "responses", "stream", "sse", HELLO "13/0/-/-/6/0" },
  { "responses", "tools", "sse", "||tool_calls|" ZURICH "60/0/-/-/15/0" },
  { "responses", "parallel-tools", "sse", "||tool_calls|" BOTH "80/0/-/-/40/0" },
  { "responses", "schema", "sse", LILY "30/0/-/-/9/0" },
  { "responses", "usage", "sse", "x|Two.\n\nParts.|stop||500/1500/-/-/100/400" },
  { "responses", "error", "sse", "error: server: …The model had an error." },
  { "anthropic", "stream", "sse", HELLO "13/0/0/-/6/-" },
  { "anthropic", "tools", "sse", "I look.||tool_calls|" ZURICH "60/0/0/-/15/-" },
  { "anthropic", "parallel-tools", "sse", "||tool_calls|" BOTH "80/0/0/-/40/-" },
  { "anthropic", "schema", "sse", LILY "30/0/0/-/9/-" },
  { "anthropic", "usage", "sse", "x||stop||100/1500/200/100/100/400" },
  { "anthropic", "error", "sse", "error: overloaded: …Overloaded" },
  { "gemini", "stream", "sse", HELLO "13/-/-/-/6/-" },
  { "gemini", "tools", "sse", "||tool_calls|" ZURICH "60/-/-/-/15/-" },
  { "gemini", "parallel-tools", "sse", "||tool_calls|" BOTH "80/-/-/-/40/-" },
  { "gemini", "schema", "sse", LILY "30/-/-/-/9/-" },
  { "gemini", "usage", "sse", "x|Think.|stop||500/1500/-/-/100/400" },
  { "gemini", "error", "json", "error: rate_limit: …plan and billing details." },
  { "ollama", "stream", "ndjson", HELLO "13/-/-/-/6/-" },
  { "ollama", "tools", "ndjson", "||tool_calls|" ZURICH "60/-/-/-/15/-" },
  { "ollama", "parallel-tools", "ndjson", "||tool_calls|" BOTH "80/-/-/-/40/-" },
  { "ollama", "schema", "ndjson", LILY "30/-/-/-/9/-" },
  { "ollama", "usage", "ndjson", "x|Think.|stop||2000/-/-/-/500/-" },
  { "ollama", "error", "ndjson", "error: server: …unexpected EOF" },
};

/* What else providers send, and send wrong. */
static const Case others[] = {
  { "openai", "call-index-always-0", "sse", "||tool_calls|a{} b{\"x\":1}|~3/-/-/-/3/-" },
  { "openai", "call-index-missing", "sse", "||tool_calls|a{} b{\"x\":1}|~3/-/-/-/3/-" },
  { "openai", "call-no-id", "sse", "||tool_calls|a{} b{}|~3/-/-/-/1/-" },
  { "openai", "call-ids-twice", "sse", "||tool_calls|a{} b{}|~3/-/-/-/2/-" },
  { "openai", "call-name-repeated", "sse", "||tool_calls|add_two_numbers{\"a\":1}|~3/-/-/-/2/-" },
  { "openai", "call-arguments-invalid", "sse", "||tool_calls|a{\"x\": 1,,}|~3/-/-/-/3/-" },
  { "openai", "call-arguments-empty", "sse", "||tool_calls|a{}|~3/-/-/-/0/-" },
  { "openai", "call-arguments-object", "sse", "||tool_calls|a{\"x\":1}|~3/-/-/-/2/-" },
  { "openai", "call-arguments-twice-encoded", "sse", "||tool_calls|a{\"x\":1}|~3/-/-/-/3/-" },
  { "openai", "call-by-length", "sse", "||length|a{\"x\": \"un|~3/-/-/-/3/-" },
  { "openai", "deepseek-reasoning", "sse", "|Let me see.|tool_calls|a{}|36/64/-/-/15/5" },
  { "openai", "openrouter-details", "sse", "Yes.|Hm.|stop||10/0/-/-/2/6" },
  { "openai", "openrouter-error", "sse", "error: rate_limit: …Rate limit exceeded upstream" },
  { "openai", "mistral-thinking", "sse", "Done.|First, think.|stop||5/4/-/-/7/-" },
  { "openai", "vllm-stop-reason", "sse", "ab||stop||5/-/-/-/2/-" },
  { "openai", "gemini-compat-stop", "sse", "||tool_calls|a{\"x\":1}|~3/-/-/-/2/-" },
  { "responses", "error-event", "sse", "error: rate_limit: …Rate limit reached for gpt-5-mini" },
  { "responses", "incomplete", "sse", "Half||length||5/0/-/-/4/0" },
  { "responses", "refusal", "sse", "||stop||5/0/-/-/4/0" },
  { "responses", "reasoning-tools", "sse", "|Two.\n\nParts.|tool_calls|weather.get{\"city\":\"Rome\"}|2000/0/-/-/100/400" },
  { "responses", "whole", "json", "x|Two.\n\nParts.|stop||9/0/-/-/2/2" },
  { "anthropic", "thinking-tools", "sse", "I look.|Let me see.|tool_calls|weather.get{\"city\":\"Rome\"}|13/0/0/-/6/-" },
  { "anthropic", "empty-input", "sse", "||tool_calls|now{}|13/0/0/-/6/-" },
  { "anthropic", "invalid-input", "sse", "||length|now{\"x\": 1,,|13/0/0/-/6/-" },
  { "anthropic", "refusal", "sse", "I will||refusal||13/0/0/-/6/-" },
  { "anthropic", "refusal-empty", "sse", "||refusal||13/0/0/-/6/-" },
  { "anthropic", "window-exceeded", "sse", "Half||context_length||13/0/0/-/6/-" },
  { "anthropic", "pause", "sse", "Half||pause||13/0/0/-/6/-" },
  { "anthropic", "no-message-stop", "sse", "a||stop||13/0/0/-/6/-" },
  { "anthropic", "cut", "sse", "error: broken_stream: …ended in the middle." },
  { "anthropic", "server-tool", "sse", "Found.||stop||13/0/0/-/6/-" },
  { "anthropic", "whole", "json", "I look.|Hm.|tool_calls|weather.get{\"city\":\"Rome\"}|5/-/-/-/7/-" },
  { "gemini", "blocked", "sse", "error: content_filter: …(PROHIBITED_CONTENT)." },
  { "gemini", "safety", "sse", "error: content_filter: …withheld the answer by its content rules." },
  { "gemini", "malformed-call", "sse", "error: server: …answered with nothing." },
  { "gemini", "max-tokens", "sse", "Half||length||5/-/-/-/2/-" },
  { "gemini", "cut", "sse", "error: broken_stream: …ended in the middle." },
  { "gemini", "array", "json", "Hallo||stop||5/-/-/-/2/-" },
  { "gemini", "whole", "json", "Hallo||stop||5/-/-/-/2/-" },
  { "gemini", "call-with-id", "sse", "||tool_calls|weather.get{\"city\":\"Rome\"}|5/-/-/-/2/-" },
  { "ollama", "thinking-tools", "ndjson", "|I need a tool.|tool_calls|weather.get{\"city\":\"Rome\"}|5/-/-/-/9/-" },
  { "ollama", "no-counts", "ndjson", "Hallo||stop||~3/-/-/-/2/-" },
  { "ollama", "length", "ndjson", "Half||length||5/-/-/-/2/-" },
  { "ollama", "load", "ndjson", "error: server: …answered with nothing." },
  { "ollama", "cut", "ndjson", "error: broken_stream: …ended in the middle." },
  { "ollama", "no-line-end", "ndjson", "a||stop||5/-/-/-/2/-" },
  { "ollama", "carriage-returns", "ndjson", "a||stop||5/-/-/-/2/-" },
};

/* What llama.cpp's server really sent, from the commands of its three protocols. */
static const Case recorded[] = {
  { "llama-server", "chat-stream", "sse", "\"Hello,||stop||8/4/-/-/4/-" },
  { "llama-server", "chat-tools", "sse", "||length|weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"c|1/156/-/-/250/-" },
  { "llama-server", "chat-parallel", "sse", "||length|weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{|16/150/-/-/400/-" },
  { "llama-server", "chat-schema", "sse", "{\"name\" :…/-" },
  { "llama-server", "chat-error", "json", "error: context_length: …try increasing it" },
  { "llama-server", "responses-stream", "sse", "\"Hello,||stop||14/4/-/-/4/-" },
  { "llama-server", "responses-tools", "sse", "||tool_calls|weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"c|1/156/-/-/250/-" },
  { "llama-server", "responses-schema", "sse", "Lily was very excited…/-" },
  { "llama-server", "responses-whole", "json", "\"Hello,||stop||8/4/-/-/4/-" },
  { "llama-server", "responses-error", "json", "error: context_length: …try increasing it" },
  { "llama-server", "messages-stream", "sse", "\"Hello,||stop||1/17/-/-/4/-" },
  { "llama-server", "messages-tools", "sse", "||length|weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\":\"Oslo\"} weather{\"city\" :\"R|1/156/-/-/250/-" },
  { "llama-server", "messages-whole", "json", "\"Hello,||stop||1/11/-/-/4/-" },
  { "llama-server", "messages-error", "json", "error: context_length: …try increasing it" },
};

static const char *
kind_of (const char *provider, const char *what)
{
  if (g_str_has_prefix (what, "chat-"))
    return "openai-compatible";
  if (g_str_has_prefix (what, "responses-"))
    return "openai-responses";
  if (g_str_has_prefix (what, "messages-"))
    return "anthropic";
  if (strcmp (provider, "openai") == 0)
    return "openai-compatible";
  return strcmp (provider, "responses") == 0 ? "openai-responses" : provider;
}

static void
check (HeddleProviderFixture *f, const char *says)
{
  g_autofree char *description = heddle_provider_fixture_describe (f);
  const char *gap = strstr (says, "…");
  g_autofree char *start = gap == NULL ? NULL : g_strndup (says, gap - says);

  if (gap == NULL)
    {
      g_assert_cmpstr (description, ==, says);
      return;
    }
  if (!g_str_has_prefix (description, start) || !g_str_has_suffix (description, gap + strlen ("…")))
    g_test_message ("%s", description);
  g_assert_true (g_str_has_prefix (description, start));
  g_assert_true (g_str_has_suffix (description, gap + strlen ("…")));
  g_assert_true (f->error == NULL || heddle_error_detail (f->error)->hint != NULL);
}

static void
replay (gconstpointer data)
{
  const Case *c = data;
  HeddleProviderFixture f = { 0 };
  g_autofree char *name = g_strdup_printf ("%s/%s.%s", c->provider, c->what, c->ending);

  heddle_provider_fixture_set_up (&f);
  f.request.stream = !g_str_has_suffix (c->what, "whole");
  for (HeddleFakeSplit split = HEDDLE_FAKE_WHOLE; split <= HEDDLE_FAKE_RANDOM; split++)
    {
      heddle_provider_fixture_choose (&f, kind_of (c->provider, c->what), NULL);
      heddle_provider_fixture_push (&f, name, split);
      heddle_provider_fixture_chat (&f);
      check (&f, c->says);
    }
  heddle_provider_fixture_tear_down (&f);
}

static const Case *
find_case (const char *provider, const char *what)
{
  for (guint i = 0; i < G_N_ELEMENTS (matrix); i++)
    {
      if (strcmp (matrix[i].provider, provider) == 0 && strcmp (matrix[i].what, what) == 0)
        return &matrix[i];
    }
  return NULL;
}

/* The stream stops in its middle, the person does not wait: the connection is closed, what came stays. */
static void
cancel (gconstpointer provider)
{
  HeddleProviderFixture f = { 0 };
  const Case *c = find_case (provider, "stream");
  g_autofree char *name = g_strdup_printf ("%s/stream.%s", c->provider, c->ending);
  gsize length;
  g_autofree char *bytes = heddle_provider_fixture_read (name, &length);
  const char *piece = strstr (bytes, "Grüße");
  g_autofree char *reply = g_strdup_printf ("HTTP/1.1 200 OK\r\n\r\n%.*s", (int) (strchr (piece, '\n') + 2 - bytes), bytes);
  g_autofree char *terminated = g_strconcat (reply, "\n\r\n", NULL);

  heddle_provider_fixture_set_up (&f);
  heddle_provider_fixture_choose (&f, kind_of (c->provider, c->what), NULL);
  f.cancels = TRUE;
  heddle_fake_server_push_hanging (f.server, terminated);
  heddle_provider_fixture_chat (&f);
  g_assert_error (f.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (f.streamed->str, ==, "Grüße");
  g_assert_cmpint (heddle_fake_server_wait_closed (f.server), >, 0);
  heddle_provider_fixture_tear_down (&f);
}

/* No cell of the matrix is empty. */
static void
test_complete (void)
{
  g_autoptr (GString) head = g_string_new ("          ");

  for (guint k = 0; k < G_N_ELEMENTS (capabilities); k++)
    g_string_append_printf (head, " %s", capabilities[k]);
  g_test_message ("%s", head->str);
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    {
      g_autoptr (GString) row = g_string_new (NULL);

      g_string_append_printf (row, "%-10s", providers[i]);
      for (guint k = 0; k < G_N_ELEMENTS (capabilities); k++)
        {
          gboolean is_cancel = strcmp (capabilities[k], "cancel") == 0;

          g_assert_nonnull (find_case (providers[i], is_cancel ? "stream" : capabilities[k]));
          g_string_append_printf (row, " %*s", (int) strlen (capabilities[k]), "yes");
        }
      g_test_message ("%s", row->str);
    }
}

static void
add_cases (const char *prefix, const Case *cases, guint n_cases)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%s/%s/%s", prefix, cases[i].provider, cases[i].what);

      g_test_add_data_func (path, &cases[i], replay);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matrix/complete", test_complete);
  add_cases ("matrix", matrix, G_N_ELEMENTS (matrix));
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/matrix/%s/cancel", providers[i]);

      g_test_add_data_func (path, providers[i], cancel);
    }
  add_cases ("replies", others, G_N_ELEMENTS (others));
  add_cases ("recorded", recorded, G_N_ELEMENTS (recorded));
  return g_test_run ();
}
