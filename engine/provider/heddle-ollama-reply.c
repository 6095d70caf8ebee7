/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-ollama-private.h"

#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

static void
take_calls (HeddleReply *reply, JsonArray *calls)
{
  for (guint i = 0; i < heddle_wire_length (calls); i++)
    {
      JsonNode *item = json_array_get_element (calls, i);
      JsonNode *function = heddle_json_member (item, "function");
      HeddleReplyCall *call;

      if (function == NULL || !JSON_NODE_HOLDS_OBJECT (function))
        continue;
      call = heddle_reply_add_call (reply, NULL, heddle_json_get_string (item, "id", NULL), heddle_json_get_string (function, "name", ""));
      heddle_reply_set_call_arguments (call, heddle_json_member (function, "arguments"));
    }
}

static void
take (HeddleReply *reply, JsonNode *object)
{
  JsonNode *message = heddle_json_member (object, "message");
  HeddleUsage *usage = heddle_reply_get_usage (reply);

  heddle_reply_set_model (reply, heddle_json_get_string (object, "model", NULL));
  heddle_reply_add_reasoning (reply, heddle_json_get_string (message, "thinking", NULL));
  heddle_reply_add_text (reply, heddle_json_get_string (message, "content", NULL));
  take_calls (reply, heddle_json_get_array (message, "tool_calls"));
  usage->input = heddle_json_get_int (object, "prompt_eval_count", usage->input);
  usage->output = heddle_json_get_int (object, "eval_count", usage->output);
  if (!heddle_json_get_boolean (object, "done", FALSE))
    return;
  heddle_reply_set_finish (reply, heddle_json_get_string (object, "done_reason", "stop"));
  heddle_reply_set_done (reply);
}

/* What it thought before it called tools goes back with the calls. */
static void
end (HeddleReply *reply)
{
  const char *reasoning = heddle_reply_get_reasoning (reply);
  g_autoptr (JsonNode) block = NULL;

  if (*reasoning == '\0' || !heddle_reply_has_calls (reply))
    return;
  block = heddle_json_object (heddle_wire_object ("thinking", reasoning, NULL));
  heddle_reply_add_block (reply, block, NULL, TRUE);
}

static char *
dup_chat_path (const HeddleChatCall *call)
{
  return g_strdup ("/chat");
}

static const char *
get_listed (JsonNode *item)
{
  return heddle_json_get_string (item, "model", heddle_json_get_string (item, "name", NULL));
}

static char *
dup_embed_path (const char *model)
{
  return g_strdup ("/embed");
}

static JsonObject *
create_embed (const char *model, const char *const *texts, guint n_texts)
{
  JsonObject *body = heddle_wire_object ("model", model, NULL);
  JsonArray *input = heddle_wire_add_array (body, "input");

  for (guint i = 0; i < n_texts; i++)
    json_array_add_element (input, heddle_json_string (texts[i]));
  return body;
}

static JsonArray *
get_vector (JsonNode *item, gint64 *index)
{
  return JSON_NODE_HOLDS_ARRAY (item) ? json_node_get_array (item) : NULL;
}

static gint64
get_embed_tokens (JsonNode *body)
{
  return heddle_json_get_int (body, "prompt_eval_count", 0);
}

const HeddleAdapter heddle_ollama_adapter = {
  .kind = "ollama",
  .title = "Ollama",
  .default_url = "http://127.0.0.1:11434",
  .root = "/api",
  .other_root = "/v1",
  .is_lines = TRUE,
  .dup_chat_path = dup_chat_path,
  .create_chat = heddle_ollama_create_chat,
  .take = take,
  .end = end,
  .list_path = "/tags",
  .list_array = "models",
  .get_listed = get_listed,
  .dup_embed_path = dup_embed_path,
  .create_embed = create_embed,
  .embed_array = "embeddings",
  .get_vector = get_vector,
  .get_embed_tokens = get_embed_tokens,
};
