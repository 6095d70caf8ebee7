/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-anthropic-private.h"

#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

/* A content block while it arrives. */
typedef struct
{
  gint64 index;
  JsonObject *object; /* as it began */
  GString *text;      /* of its text, thinking or input */
  GString *signature;
  HeddleReplyCall *call; /* of tool_use; borrowed */
} Block;

static void
block_free (gpointer data)
{
  Block *block = data;

  json_object_unref (block->object);
  g_string_free (block->text, TRUE);
  g_string_free (block->signature, TRUE);
  g_free (block);
}

static GPtrArray *
get_blocks (HeddleReply *reply)
{
  gpointer *state = heddle_reply_get_state (reply);

  if (*state == NULL)
    *state = g_ptr_array_new_with_free_func (block_free);
  return *state;
}

static Block *
find_block (HeddleReply *reply, gint64 index)
{
  GPtrArray *blocks = get_blocks (reply);

  for (guint i = blocks->len; i > 0; i--)
    {
      Block *block = g_ptr_array_index (blocks, i - 1);

      if (block->index == index)
        return block;
    }
  return NULL;
}

static void
append (GString *string, JsonNode *object, const char *member)
{
  g_string_append (string, heddle_json_get_string (object, member, ""));
}

static const char *
get_type (JsonObject *object)
{
  return json_object_has_member (object, "type") && heddle_json_is_string (json_object_get_member (object, "type")) ? json_object_get_string_member (object, "type") : "";
}

/* What a block may have in it from the start: all of it, in an answer that is no stream. */
static void
take_first (HeddleReply *reply, Block *block, JsonNode *node)
{
  JsonNode *input = heddle_json_member (node, "input");
  gboolean has_input = input != NULL && JSON_NODE_HOLDS_OBJECT (input) && json_object_get_size (json_node_get_object (input)) > 0;

  append (block->text, node, "text");
  append (block->text, node, "thinking");
  append (block->signature, node, "signature");
  heddle_reply_add_text (reply, heddle_json_get_string (node, "text", NULL));
  heddle_reply_add_reasoning (reply, heddle_json_get_string (node, "thinking", NULL));
  if (block->call != NULL && has_input)
    heddle_reply_set_call_arguments (block->call, input);
}

static void
start_block (HeddleReply *reply, gint64 index, JsonNode *node)
{
  Block *block;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  block = g_new0 (Block, 1);
  block->index = index;
  block->object = heddle_wire_copy_object (node);
  block->text = g_string_new (NULL);
  block->signature = g_string_new (NULL);
  if (strcmp (get_type (block->object), "tool_use") == 0)
    {
      block->call = heddle_reply_add_call (reply, NULL, NULL, heddle_json_get_string (node, "name", ""));
      heddle_reply_set_call_id (reply, block->call, heddle_json_get_string (node, "id", NULL));
    }
  take_first (reply, block, node);
  g_ptr_array_add (get_blocks (reply), block);
}

static void
take_delta (HeddleReply *reply, Block *block, JsonNode *delta)
{
  const char *type = heddle_json_get_string (delta, "type", "");

  if (strcmp (type, "text_delta") == 0)
    {
      append (block->text, delta, "text");
      heddle_reply_add_text (reply, heddle_json_get_string (delta, "text", NULL));
    }
  else if (strcmp (type, "thinking_delta") == 0)
    {
      append (block->text, delta, "thinking");
      heddle_reply_add_reasoning (reply, heddle_json_get_string (delta, "thinking", NULL));
    }
  else if (strcmp (type, "signature_delta") == 0)
    {
      append (block->signature, delta, "signature");
    }
  else if (strcmp (type, "input_json_delta") == 0 && block->call != NULL)
    {
      append (block->call->arguments, delta, "partial_json");
    }
}

/* Cumulative: what a later event does not say stays. Input excludes what a cache had or got. */
static void
take_usage (HeddleReply *reply, JsonNode *node)
{
  HeddleUsage *usage = heddle_reply_get_usage (reply);
  JsonNode *creation = heddle_json_member (node, "cache_creation");
  gint64 written = heddle_json_get_int (node, "cache_creation_input_tokens", usage->cache_write);
  gint64 output = heddle_json_get_int (node, "output_tokens", -1);
  gint64 thinking = heddle_json_get_int (heddle_json_member (node, "output_tokens_details"), "thinking_tokens", usage->reasoning);

  usage->input = heddle_json_get_int (node, "input_tokens", usage->input);
  usage->cache_read = heddle_json_get_int (node, "cache_read_input_tokens", usage->cache_read);
  usage->cache_write = heddle_json_get_int (creation, "ephemeral_5m_input_tokens", written);
  usage->cache_write_long = heddle_json_get_int (creation, "ephemeral_1h_input_tokens", usage->cache_write_long);
  if (output >= 0)
    heddle_usage_set_output (usage, output, thinking);
}

static const char *
translate_reason (const char *reason)
{
  static const char *const words[][2] = {
    { "end_turn", "stop" },
    { "stop_sequence", "stop" },
    { "tool_use", "tool_calls" },
    { "max_tokens", "length" },
    { "model_context_window_exceeded", "context_length" },
    { "pause_turn", "pause" },
  };

  for (guint i = 0; reason != NULL && i < G_N_ELEMENTS (words); i++)
    {
      if (strcmp (words[i][0], reason) == 0)
        return words[i][1];
    }
  return reason;
}

/* The head of a stream, or all of an answer that is none. */
static void
take_message (HeddleReply *reply, JsonNode *message)
{
  JsonArray *content = heddle_json_get_array (message, "content");

  heddle_reply_set_model (reply, heddle_json_get_string (message, "model", NULL));
  heddle_reply_set_finish (reply, translate_reason (heddle_json_get_string (message, "stop_reason", NULL)));
  take_usage (reply, heddle_json_member (message, "usage"));
  for (guint i = 0; i < heddle_wire_length (content); i++)
    start_block (reply, i, json_array_get_element (content, i));
}

static void
take (HeddleReply *reply, JsonNode *object)
{
  const char *type = heddle_json_get_string (object, "type", "");
  gint64 index = heddle_json_get_int (object, "index", 0);
  JsonNode *delta = heddle_json_member (object, "delta");
  Block *block;

  if (strcmp (type, "message") == 0)
    take_message (reply, object);
  else if (strcmp (type, "message_start") == 0)
    take_message (reply, heddle_json_member (object, "message"));
  else if (strcmp (type, "content_block_start") == 0)
    start_block (reply, index, heddle_json_member (object, "content_block"));
  else if (strcmp (type, "content_block_delta") == 0 && (block = find_block (reply, index)) != NULL)
    take_delta (reply, block, delta);
  else if (strcmp (type, "message_stop") == 0)
    heddle_reply_set_done (reply);
  else if (strcmp (type, "message_delta") == 0)
    {
      heddle_reply_set_finish (reply, translate_reason (heddle_json_get_string (delta, "stop_reason", NULL)));
      take_usage (reply, heddle_json_member (object, "usage"));
    }
}

static JsonNode *
parse_input (const char *text)
{
  g_autoptr (JsonNode) input = *text == '\0' ? NULL : heddle_json_parse (text, -1, NULL);

  if (input != NULL && JSON_NODE_HOLDS_OBJECT (input))
    return g_steal_pointer (&input);
  return heddle_json_object (*text == '\0' ? json_object_new () : heddle_wire_object ("invalid_json", text, NULL));
}

/* The block as it has to come back. */
static JsonNode *
complete_block (Block *block)
{
  JsonObject *object = json_object_ref (block->object);
  const char *type = get_type (object);

  if (strcmp (type, "text") == 0 || strcmp (type, "thinking") == 0)
    json_object_set_member (object, type, heddle_json_string (block->text->str));
  if (strcmp (type, "thinking") == 0)
    json_object_set_member (object, "signature", heddle_json_string (block->signature->str));
  if (block->call != NULL)
    {
      json_object_set_string_member (object, "id", block->call->id);
      json_object_set_member (object, "input", parse_input (block->call->arguments->str));
    }
  return heddle_json_object (object);
}

static void
end (HeddleReply *reply)
{
  GPtrArray *blocks = get_blocks (reply);

  for (guint i = 0; i < blocks->len; i++)
    {
      Block *block = g_ptr_array_index (blocks, i);
      gboolean is_thought = g_str_has_suffix (get_type (block->object), "thinking");
      gboolean is_empty = strcmp (get_type (block->object), "text") == 0 && block->text->len == 0;
      g_autoptr (JsonNode) node = complete_block (block);

      if (!is_empty)
        heddle_reply_add_block (reply, node, block->call == NULL ? NULL : block->call->id, is_thought);
    }
}

static void
blocks_free (gpointer data)
{
  g_ptr_array_unref (data);
}

static char *
dup_chat_path (const HeddleChatCall *call)
{
  return g_strdup ("/messages");
}

static const char *
get_listed (JsonNode *item)
{
  return heddle_json_get_string (item, "id", NULL);
}

const HeddleAdapter heddle_anthropic_adapter = {
  .kind = "anthropic",
  .title = "Anthropic",
  .default_url = "https://api.anthropic.com",
  .root = "/v1",
  .key_header = "x-api-key",
  .extra_header = "anthropic-version",
  .extra_value = "2023-06-01",
  .dup_chat_path = dup_chat_path,
  .create_chat = heddle_anthropic_create_chat,
  .take = take,
  .end = end,
  .state_free = blocks_free,
  .list_path = "/models?limit=1000",
  .list_array = "data",
  .get_listed = get_listed,
};
