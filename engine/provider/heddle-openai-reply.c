/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-openai-private.h"

#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NANO 1e9

/* What is kept of reasoning until the end: fragments of "reasoning_details", whether "reasoning_content" came. */
typedef struct
{
  JsonArray *details;
  gboolean has_content;
} Reasoning;

static void
reasoning_free (gpointer data)
{
  Reasoning *reasoning = data;

  json_array_unref (reasoning->details);
  g_free (reasoning);
}

static Reasoning *
get_reasoning (HeddleReply *reply)
{
  gpointer *state = heddle_reply_get_state (reply);
  Reasoning *reasoning;

  if (*state != NULL)
    return *state;
  reasoning = g_new0 (Reasoning, 1);
  reasoning->details = json_array_new ();
  *state = reasoning;
  return reasoning;
}

/* {"type":"thinking","thinking":[{"type":"text","text"}]}, or a text. */
static void
add_thinking (HeddleReply *reply, JsonNode *part)
{
  JsonArray *pieces = heddle_json_get_array (part, "thinking");

  heddle_reply_add_reasoning (reply, heddle_json_get_string (part, "thinking", NULL));
  for (guint i = 0; i < heddle_wire_length (pieces); i++)
    heddle_reply_add_reasoning (reply, heddle_json_get_string (json_array_get_element (pieces, i), "text", NULL));
}

/* A string, null, or an array of parts. */
static void
add_content (HeddleReply *reply, JsonNode *content)
{
  JsonArray *parts;

  if (heddle_json_is_string (content))
    {
      heddle_reply_add_text (reply, json_node_get_string (content));
      return;
    }
  if (content == NULL || !JSON_NODE_HOLDS_ARRAY (content))
    return;
  parts = json_node_get_array (content);
  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonNode *part = json_array_get_element (parts, i);
      const char *type = heddle_json_get_string (part, "type", "text");

      if (strcmp (type, "text") == 0 || strcmp (type, "output_text") == 0)
        heddle_reply_add_text (reply, heddle_json_get_string (part, "text", NULL));
      else if (strcmp (type, "thinking") == 0)
        add_thinking (reply, part);
    }
}

/* Some servers send both spellings with the same text. */
static void
add_reasoning (HeddleReply *reply, JsonNode *message)
{
  const char *content = heddle_json_get_string (message, "reasoning_content", NULL);
  JsonArray *details = heddle_json_get_array (message, "reasoning_details");

  heddle_reply_add_reasoning (reply, content != NULL ? content : heddle_json_get_string (message, "reasoning", NULL));
  if (content != NULL)
    get_reasoning (reply)->has_content = TRUE;
  for (guint i = 0; i < heddle_wire_length (details); i++)
    json_array_add_element (get_reasoning (reply)->details, json_node_ref (json_array_get_element (details, i)));
}

static char *
dup_key (JsonNode *item, const char *id)
{
  gint64 index = heddle_json_get_int (item, "index", -1);

  return index >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, index) : id == NULL ? NULL
                                                                                : g_strdup (id);
}

static gboolean
is_other (const char *id, const HeddleReplyCall *call)
{
  return id != NULL && *id != '\0' && call->wire_id != NULL && strcmp (id, call->wire_id) != 0;
}

/* By index; but several servers give each call the index 0, or none: then a new id is a new call. */
static HeddleReplyCall *
find_call (HeddleReply *reply, JsonNode *item)
{
  const char *id = heddle_json_get_string (item, "id", NULL);
  const char *name = heddle_json_get_string (heddle_json_member (item, "function"), "name", "");
  g_autofree char *key = dup_key (item, id);
  HeddleReplyCall *call = key == NULL ? heddle_reply_get_last_call (reply) : heddle_reply_find_call (reply, key);

  if (call != NULL && is_other (id, call))
    call = heddle_reply_find_call (reply, id);
  /* Without index and id, a name begins a call. */
  if (call != NULL && key == NULL && *name != '\0' && call->name->len > 0)
    call = NULL;
  if (call != NULL)
    return call;
  if (key != NULL && heddle_reply_find_call (reply, key) != NULL)
    return heddle_reply_add_call (reply, id, id, NULL);
  return heddle_reply_add_call (reply, key, id, NULL);
}

/* One server repeats the name with each fragment, so the first counts; arguments are a text in pieces, or an object. */
static void
take_call (HeddleReply *reply, JsonNode *item)
{
  JsonNode *function = heddle_json_member (item, "function");
  JsonNode *arguments = heddle_json_member (function, "arguments");
  HeddleReplyCall *call = find_call (reply, item);
  const char *id = heddle_json_get_string (item, "id", "");

  if (call->id == NULL && *id != '\0')
    heddle_reply_set_call_id (reply, call, id);
  if (call->name->len == 0)
    g_string_append (call->name, heddle_json_get_string (function, "name", ""));
  if (heddle_json_is_string (arguments))
    g_string_append (call->arguments, json_node_get_string (arguments));
  else if (!heddle_json_is_null (arguments))
    heddle_reply_set_call_arguments (call, arguments);
}

static void
take_calls (HeddleReply *reply, JsonNode *message)
{
  JsonArray *calls = heddle_json_get_array (message, "tool_calls");

  for (guint i = 0; i < heddle_wire_length (calls); i++)
    {
      JsonNode *item = json_array_get_element (calls, i);

      if (heddle_json_get_object (item, "function") != NULL)
        take_call (reply, item);
    }
}

/* The last one counts: some servers send one with every chunk. */
static void
take_usage (HeddleReply *reply, JsonNode *node)
{
  HeddleUsage *usage = heddle_reply_get_usage (reply);
  JsonNode *input = heddle_json_member (node, "prompt_tokens_details");
  JsonNode *output = heddle_json_member (node, "completion_tokens_details");
  gint64 cached = heddle_json_get_int (node, "prompt_cache_hit_tokens", heddle_json_get_int (node, "num_cached_tokens", -1));
  double cost = heddle_json_get_double (node, "cost", -1);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  if (heddle_json_get_int (node, "prompt_tokens", -1) >= 0)
    heddle_usage_set_input (usage, heddle_json_get_int (node, "prompt_tokens", -1), heddle_json_get_int (input, "cached_tokens", cached),
                            heddle_json_get_int (input, "cache_write_tokens", -1));
  if (heddle_json_get_int (node, "completion_tokens", -1) >= 0)
    heddle_usage_set_output (usage, heddle_json_get_int (node, "completion_tokens", -1), heddle_json_get_int (output, "reasoning_tokens", -1));
  if (cost >= 0 && cost < 1e6)
    usage->cost = (gint64) (cost * NANO + 0.5);
}

static const char *
translate_reason (const char *reason)
{
  if (g_strcmp0 (reason, "function_call") == 0)
    return "tool_calls";
  return g_strcmp0 (reason, "model_length") == 0 ? "length" : reason;
}

static void
take_choice (HeddleReply *reply, JsonNode *choice)
{
  JsonNode *message = heddle_json_member (choice, "delta");

  /* Of several choices the first is ours. */
  if (heddle_json_get_int (choice, "index", 0) != 0)
    return;
  if (message == NULL || !JSON_NODE_HOLDS_OBJECT (message))
    message = heddle_json_member (choice, "message");
  add_reasoning (reply, message);
  add_content (reply, heddle_json_member (message, "content"));
  heddle_reply_add_refusal (reply, heddle_json_get_string (message, "refusal", NULL));
  take_calls (reply, message);
  heddle_reply_set_finish (reply, translate_reason (heddle_json_get_string (choice, "finish_reason", NULL)));
}

void
heddle_openai_take (HeddleReply *reply, JsonNode *object)
{
  JsonArray *choices = heddle_json_get_array (object, "choices");

  heddle_reply_set_model (reply, heddle_json_get_string (object, "model", NULL));
  take_usage (reply, heddle_json_member (object, "usage"));
  for (guint i = 0; i < heddle_wire_length (choices); i++)
    take_choice (reply, json_array_get_element (choices, i));
}

void
heddle_openai_end (HeddleReply *reply)
{
  Reasoning *reasoning = *heddle_reply_get_state (reply);
  g_autoptr (JsonNode) block = NULL;
  JsonObject *object;

  if (reasoning == NULL)
    return;
  object = json_object_new ();
  if (reasoning->has_content)
    json_object_set_member (object, "reasoning_content", heddle_json_string (heddle_reply_get_reasoning (reply)));
  if (json_array_get_length (reasoning->details) > 0)
    json_object_set_member (object, "reasoning_details", heddle_json_copy_array (reasoning->details));
  block = heddle_json_object (object);
  heddle_reply_add_block (reply, block, NULL, TRUE);
}

static char *
dup_chat_path (const HeddleChatCall *call)
{
  return g_strdup ("/chat/completions");
}

const char *
heddle_openai_get_listed (JsonNode *item)
{
  return heddle_json_get_string (item, "id", NULL);
}

char *
heddle_openai_dup_embed_path (const char *model)
{
  return g_strdup ("/embeddings");
}

JsonObject *
heddle_openai_create_embed (const char *model, const char *const *texts, guint n_texts)
{
  JsonObject *body = heddle_wire_object ("model", model, NULL);
  JsonArray *input = heddle_wire_add_array (body, "input");

  for (guint i = 0; i < n_texts; i++)
    json_array_add_element (input, heddle_json_string (texts[i]));
  json_object_set_string_member (body, "encoding_format", "float");
  return body;
}

JsonArray *
heddle_openai_get_vector (JsonNode *item, gint64 *index)
{
  *index = heddle_json_get_int (item, "index", *index);
  return heddle_json_get_array (item, "embedding");
}

gint64
heddle_openai_get_embed_tokens (JsonNode *body)
{
  return heddle_json_get_int (heddle_json_member (body, "usage"), "prompt_tokens", 0);
}

const HeddleAdapter heddle_openai_adapter = {
  .kind = "openai-compatible",
  .title = N_ ("OpenAI-compatible"),
  .default_url = "http://127.0.0.1:8080/v1",
  .root = "",
  .dup_chat_path = dup_chat_path,
  .create_chat = heddle_openai_create_chat,
  .take = heddle_openai_take,
  .end = heddle_openai_end,
  .state_free = reasoning_free,
  .list_path = "/models",
  .list_array = "data",
  .get_listed = heddle_openai_get_listed,
  .dup_embed_path = heddle_openai_dup_embed_path,
  .create_embed = heddle_openai_create_embed,
  .embed_array = "data",
  .get_vector = heddle_openai_get_vector,
  .get_embed_tokens = heddle_openai_get_embed_tokens,
};
