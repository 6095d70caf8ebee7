/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz-driver.h"
#include "heddle-error.h"
#include "net/heddle-ndjson.h"
#include "net/heddle-sse.h"
#include "provider/heddle-adapter.h"
#include "value/heddle-json.h"

static const HeddleAdapter *const adapters[] = {
  &heddle_openai_adapter,
  &heddle_responses_adapter,
  &heddle_anthropic_adapter,
  &heddle_gemini_adapter,
  &heddle_ollama_adapter,
};

typedef struct
{
  const HeddleAdapter *adapter;
  HeddleReply *reply;
  GString *streamed;
} Reading;

static void
event_cb (const char *event, const char *data, gpointer user_data)
{
  Reading *reading = user_data;

  heddle_reply_add_event (reading->reply, data, reading->adapter->take);
}

static void
line_cb (const char *line, gpointer user_data)
{
  event_cb ("", line, user_data);
}

static void
delta_cb (const char *text, gpointer user_data)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_string_append (user_data, text);
}

static void
feed (Reading *reading, const char *bytes, gsize length, gsize piece)
{
  g_autoptr (HeddleSse) sse = heddle_sse_new (event_cb, reading);
  g_autoptr (HeddleNdjson) lines = heddle_ndjson_new (line_cb, reading);

  for (gsize i = 0; i < length; i += piece)
    {
      if (reading->adapter->is_lines)
        heddle_ndjson_feed (lines, bytes + i, MIN (piece, length - i));
      else
        heddle_sse_feed (sse, bytes + i, MIN (piece, length - i));
    }
  heddle_ndjson_end (lines);
  heddle_sse_end (sse);
  if (!heddle_reply_has_events (reading->reply))
    heddle_reply_add_body (reading->reply, bytes, length, reading->adapter->take);
}

/* What is promised of every answer; ids of our own making differ and are left out. */
static char *
describe (Reading *reading)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleChatResponse) response = heddle_reply_finish (reading->reply, &error);
  GString *out = g_string_new (NULL);
  JsonArray *calls;

  if (response == NULL)
    {
      g_string_append (out, heddle_error_class (error));
      return g_string_free (out, FALSE);
    }
  g_assert_cmpstr (response->text, ==, reading->streamed->str);
  g_string_append_printf (out, "%s\x1f%s\x1f%s", response->text, response->reasoning == NULL ? "" : response->reasoning, response->finish_reason);
  calls = response->tool_calls == NULL ? NULL : json_node_get_array (response->tool_calls);
  for (guint i = 0; calls != NULL && i < json_array_get_length (calls); i++)
    {
      JsonNode *call = json_array_get_element (calls, i);
      g_autofree char *arguments = heddle_json_to_text (heddle_json_member (call, "arguments"), HEDDLE_JSON_COMPACT);

      g_assert_cmpstr (heddle_json_get_string (call, "id", ""), !=, "");
      g_string_append_printf (out, "\x1f%s%s", heddle_json_get_string (call, "name", ""), arguments);
    }
  return g_string_free (out, FALSE);
}

static char *
read_reply (const HeddleAdapter *adapter, const char *bytes, gsize length, gsize piece)
{
  g_autoptr (GString) streamed = g_string_new (NULL);
  g_autoptr (JsonNode) messages = heddle_json_array (json_array_new ());
  const HeddleChatRequest request = { .messages = messages, .delta = delta_cb, .delta_data = streamed };
  g_autoptr (HeddleToolNames) names = heddle_tool_names_new (NULL, NULL);
  g_autoptr (HeddleReply) reply = heddle_reply_new (&request, adapter->kind, "host", names);
  Reading reading = { adapter, reply, streamed };
  gpointer *state = heddle_reply_get_state (reply);
  char *description;

  feed (&reading, bytes, length, piece);
  if (adapter->end != NULL)
    adapter->end (reply);
  description = describe (&reading);
  if (*state != NULL)
    adapter->state_free (*state);
  return description;
}

/* Whatever a server sends: no crash, and any split of the bytes gives the same answer. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  for (guint i = 0; i < G_N_ELEMENTS (adapters); i++)
    {
      g_autofree char *whole = read_reply (adapters[i], (const char *) data, size, MAX (size, 1));
      g_autofree char *pieces = read_reply (adapters[i], (const char *) data, size, 1 + size % 7);

      g_assert_cmpstr (pieces, ==, whole);
    }
  return 0;
}
