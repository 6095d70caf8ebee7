/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-responses-private.h"

#include "provider/heddle-openai-private.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_call (JsonNode *item)
{
  return strcmp (heddle_json_get_string (item, "type", ""), "function_call") == 0;
}

/* What later events call an item by. */
static const char *
get_key (JsonNode *item)
{
  return heddle_json_get_string (item, "id", heddle_json_get_string (item, "call_id", NULL));
}

static HeddleReplyCall *
start_call (HeddleReply *reply, JsonNode *item)
{
  const char *key = get_key (item);
  HeddleReplyCall *call = key == NULL ? NULL : heddle_reply_find_call (reply, key);

  if (call != NULL)
    return call;
  call = heddle_reply_add_call (reply, key, NULL, heddle_json_get_string (item, "name", ""));
  heddle_reply_set_call_id (reply, call, heddle_json_get_string (item, "call_id", NULL));
  return call;
}

static void
take_call_item (HeddleReply *reply, JsonNode *item)
{
  HeddleReplyCall *call = start_call (reply, item);
  JsonObject *object = heddle_wire_copy_object (item);
  g_autoptr (JsonNode) block = NULL;

  if (!heddle_json_is_blank (heddle_json_member (item, "arguments")))
    heddle_reply_set_call_arguments (call, heddle_json_member (item, "arguments"));
  json_object_set_string_member (object, "call_id", call->id);
  block = heddle_json_object (object);
  heddle_reply_add_block (reply, block, call->id, FALSE);
}

/* A whole item. Only reasoning that is encrypted means something to the provider later. */
static void
take_item (HeddleReply *reply, JsonNode *item)
{
  if (is_call (item))
    take_call_item (reply, item);
  else if (item != NULL && JSON_NODE_HOLDS_OBJECT (item))
    heddle_reply_add_block (reply, item, NULL, !heddle_json_is_blank (heddle_json_member (item, "encrypted_content")));
}

static void
take_texts (HeddleReply *reply, JsonArray *parts)
{
  for (guint i = 0; i < heddle_wire_length (parts); i++)
    {
      JsonNode *part = json_array_get_element (parts, i);
      const char *type = heddle_json_get_string (part, "type", "");

      if (strcmp (type, "output_text") == 0)
        heddle_reply_add_text (reply, heddle_json_get_string (part, "text", NULL));
      else if (strcmp (type, "refusal") == 0)
        heddle_reply_add_refusal (reply, heddle_json_get_string (part, "refusal", NULL));
      else if (strcmp (type, "summary_text") == 0 || strcmp (type, "reasoning_text") == 0)
        {
          heddle_reply_add_reasoning (reply, i > 0 ? "\n\n" : NULL);
          heddle_reply_add_reasoning (reply, heddle_json_get_string (part, "text", NULL));
        }
    }
}

/* Of an answer that is no stream: what would have come in deltas. */
static void
take_output (HeddleReply *reply, JsonArray *output)
{
  for (guint i = 0; i < heddle_wire_length (output); i++)
    {
      JsonNode *item = json_array_get_element (output, i);

      take_texts (reply, heddle_json_get_array (item, "summary"));
      take_texts (reply, heddle_json_get_array (item, "content"));
      take_item (reply, item);
    }
}

static void
take_usage (HeddleReply *reply, JsonNode *node)
{
  HeddleUsage *usage = heddle_reply_get_usage (reply);
  JsonNode *input = heddle_json_member (node, "input_tokens_details");
  JsonNode *output = heddle_json_member (node, "output_tokens_details");

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  heddle_usage_set_input (usage, heddle_json_get_int (node, "input_tokens", -1), heddle_json_get_int (input, "cached_tokens", -1),
                          heddle_json_get_int (input, "cache_write_tokens", -1));
  heddle_usage_set_output (usage, heddle_json_get_int (node, "output_tokens", -1), heddle_json_get_int (output, "reasoning_tokens", -1));
}

static void
set_finish (HeddleReply *reply, JsonNode *response)
{
  const char *status = heddle_json_get_string (response, "status", "");
  const char *reason = heddle_json_get_string (heddle_json_member (response, "incomplete_details"), "reason", "");

  if (strcmp (status, "completed") == 0)
    heddle_reply_set_finish (reply, "stop");
  else if (strcmp (status, "incomplete") == 0)
    heddle_reply_set_finish (reply, strcmp (reason, "max_output_tokens") == 0 ? "length" : *reason == '\0' ? "incomplete"
                                                                                                           : reason);
}

/* The whole response: all there is, or the end of a stream. */
static void
take_response (HeddleReply *reply, JsonNode *response, gboolean is_stream)
{
  if (!heddle_json_is_null (heddle_json_member (response, "error")))
    {
      heddle_reply_set_server_error (reply, response);
      return;
    }
  heddle_reply_set_model (reply, heddle_json_get_string (response, "model", NULL));
  take_usage (reply, heddle_json_member (response, "usage"));
  if (!is_stream || !heddle_reply_has_content (reply))
    take_output (reply, heddle_json_get_array (response, "output"));
  set_finish (reply, response);
}

static void
take_error (HeddleReply *reply, JsonNode *object)
{
  JsonObject *wrapper = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  json_object_set_object_member (wrapper, "error",
                                 heddle_wire_object ("message", heddle_json_get_string (object, "message", NULL), "code",
                                                     heddle_json_get_string (object, "code", NULL), NULL));
  node = heddle_json_object (wrapper);
  heddle_reply_set_server_error (reply, node);
}

static void
take_arguments (HeddleReply *reply, JsonNode *object, gboolean is_whole)
{
  const char *key = heddle_json_get_string (object, "item_id", NULL);
  HeddleReplyCall *call = key == NULL ? NULL : heddle_reply_find_call (reply, key);

  if (call == NULL)
    call = heddle_reply_get_last_call (reply);
  if (call != NULL && !is_whole)
    g_string_append (call->arguments, heddle_json_get_string (object, "delta", ""));
  else if (call != NULL && heddle_json_get_string (object, "arguments", NULL) != NULL)
    heddle_reply_set_call_arguments (call, heddle_json_member (object, "arguments"));
}

static void
take_delta (HeddleReply *reply, const char *type, JsonNode *object)
{
  const char *delta = heddle_json_get_string (object, "delta", NULL);

  if (strcmp (type, "output_text.delta") == 0)
    heddle_reply_add_text (reply, delta);
  else if (strcmp (type, "refusal.delta") == 0)
    heddle_reply_add_refusal (reply, delta);
  else if (strcmp (type, "reasoning_summary_text.delta") == 0 || strcmp (type, "reasoning_text.delta") == 0)
    heddle_reply_add_reasoning (reply, delta);
  else if (strcmp (type, "reasoning_summary_part.added") == 0 && heddle_json_get_int (object, "summary_index", 0) > 0)
    heddle_reply_add_reasoning (reply, "\n\n");
  else if (g_str_has_prefix (type, "function_call_arguments."))
    take_arguments (reply, object, g_str_has_suffix (type, ".done"));
}

static void
take_event (HeddleReply *reply, const char *type, JsonNode *object)
{
  JsonNode *item = heddle_json_member (object, "item");
  JsonNode *response = heddle_json_member (object, "response");

  if (strcmp (type, "completed") == 0 || strcmp (type, "incomplete") == 0 || strcmp (type, "failed") == 0)
    {
      take_response (reply, response, TRUE);
      heddle_reply_set_done (reply);
    }
  else if (strcmp (type, "output_item.added") == 0 && is_call (item))
    start_call (reply, item);
  else if (strcmp (type, "output_item.done") == 0)
    take_item (reply, item);
  else if (response != NULL)
    heddle_reply_set_model (reply, heddle_json_get_string (response, "model", NULL));
  else
    take_delta (reply, type, object);
}

static void
take (HeddleReply *reply, JsonNode *object)
{
  const char *type = heddle_json_get_string (object, "type", "");

  if (strcmp (heddle_json_get_string (object, "object", ""), "response") == 0)
    take_response (reply, object, FALSE);
  else if (strcmp (type, "error") == 0)
    take_error (reply, object);
  else if (g_str_has_prefix (type, "response."))
    take_event (reply, type + strlen ("response."), object);
}

static char *
dup_chat_path (const HeddleChatCall *call)
{
  return g_strdup ("/responses");
}

const HeddleAdapter heddle_responses_adapter = {
  .kind = "openai-responses",
  .title = N_ ("OpenAI Responses"),
  .default_url = "https://api.openai.com/v1",
  .root = "",
  .dup_chat_path = dup_chat_path,
  .create_chat = heddle_responses_create_chat,
  .take = take,
  .list_path = "/models",
  .list_array = "data",
  .get_listed = heddle_openai_get_listed,
  .dup_embed_path = heddle_openai_dup_embed_path,
  .create_embed = heddle_openai_create_embed,
  .embed_array = "data",
  .get_vector = heddle_openai_get_vector,
  .get_embed_tokens = heddle_openai_get_embed_tokens,
};
