/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-gemini-private.h"

#include "heddle-error.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A call's fragments, where the provider streams arguments by path. Only whole ones are asked for, so args is all. */
static void
take_call (HeddleReply *reply, JsonNode *part, JsonNode *function)
{
  HeddleReplyCall *call = heddle_reply_add_call (reply, NULL, NULL, heddle_json_get_string (function, "name", ""));

  heddle_reply_set_call_id (reply, call, heddle_json_get_string (function, "id", NULL));
  heddle_reply_set_call_arguments (call, heddle_json_member (function, "args"));
  heddle_reply_add_block (reply, part, call->id, heddle_json_member (part, "thoughtSignature") != NULL);
}

/* Parts come whole, and those that are signed go back whole. Thoughts are for people only. */
static void
take_part (HeddleReply *reply, JsonNode *part)
{
  JsonNode *function = heddle_json_member (part, "functionCall");
  const char *text = heddle_json_get_string (part, "text", NULL);
  gboolean is_thought = heddle_json_get_boolean (part, "thought", FALSE);
  gboolean is_signed = heddle_json_member (part, "thoughtSignature") != NULL;

  if (function != NULL && JSON_NODE_HOLDS_OBJECT (function))
    {
      take_call (reply, part, function);
      return;
    }
  if (is_thought)
    heddle_reply_add_reasoning (reply, text);
  else
    heddle_reply_add_text (reply, text);
  if (is_signed || (!is_thought && text != NULL && *text != '\0'))
    heddle_reply_add_block (reply, part, NULL, is_signed);
}

/* Cumulative: the last one counts. Thoughts are not among the candidates' tokens, what a cache had is among the prompt's. */
static void
take_usage (HeddleReply *reply, JsonNode *node)
{
  HeddleUsage *usage = heddle_reply_get_usage (reply);
  gint64 prompt = heddle_json_get_int (node, "promptTokenCount", -1);

  if (prompt < 0)
    return;
  heddle_usage_set_input (usage, prompt + heddle_json_get_int (node, "toolUsePromptTokenCount", 0),
                          heddle_json_get_int (node, "cachedContentTokenCount", -1), -1);
  usage->output = heddle_json_get_int (node, "candidatesTokenCount", usage->output);
  usage->reasoning = heddle_json_get_int (node, "thoughtsTokenCount", usage->reasoning);
  if (usage->output < 0 && usage->reasoning >= 0)
    usage->output = 0;
}

static void
set_finish (HeddleReply *reply, const char *reason)
{
  static const char *const filtered[] = { "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", NULL };
  g_autofree char *lower = reason == NULL ? NULL : g_ascii_strdown (reason, -1);

  if (reason == NULL)
    return;
  if (g_strv_contains (filtered, reason))
    heddle_reply_set_finish (reply, "content_filter");
  else
    heddle_reply_set_finish (reply, strcmp (reason, "MAX_TOKENS") == 0 ? "length" : lower);
}

static void
take_candidate (HeddleReply *reply, JsonNode *candidate)
{
  JsonArray *parts = heddle_json_get_array (heddle_json_member (candidate, "content"), "parts");

  if (heddle_json_get_int (candidate, "index", 0) != 0)
    return;
  for (guint i = 0; i < heddle_wire_length (parts); i++)
    take_part (reply, json_array_get_element (parts, i));
  set_finish (reply, heddle_json_get_string (candidate, "finishReason", NULL));
}

static void
take_feedback (HeddleReply *reply, JsonNode *feedback)
{
  const char *reason = heddle_json_get_string (feedback, "blockReason", NULL);
  GError *error;

  if (reason == NULL)
    return;
  error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_CONTENT_FILTER, _ ("Gemini blocked the prompt by its content rules (%s)."), reason);
  heddle_error_detail (error)->provider_code = g_strdup (reason);
  heddle_error_set_hint (error, _ ("Change the prompt."));
  heddle_reply_set_error (reply, error);
}

static void
take (HeddleReply *reply, JsonNode *object)
{
  JsonArray *candidates = heddle_json_get_array (object, "candidates");

  heddle_reply_set_model (reply, heddle_json_get_string (object, "modelVersion", NULL));
  heddle_reply_set_request_id (reply, heddle_json_get_string (object, "responseId", NULL));
  take_usage (reply, heddle_json_member (object, "usageMetadata"));
  take_feedback (reply, heddle_json_member (object, "promptFeedback"));
  for (guint i = 0; i < heddle_wire_length (candidates); i++)
    take_candidate (reply, json_array_get_element (candidates, i));
}

static char *
dup_chat_path (const HeddleChatCall *call)
{
  return heddle_gemini_dup_model_path (call->model, call->request->stream ? "streamGenerateContent?alt=sse" : "generateContent");
}

static const char *
get_listed (JsonNode *item)
{
  const char *name = heddle_json_get_string (item, "name", "");

  return g_str_has_prefix (name, "models/") ? name + strlen ("models/") : name;
}

static char *
dup_embed_path (const char *model)
{
  return heddle_gemini_dup_model_path (model, "batchEmbedContents");
}

static JsonObject *
create_embed (const char *model, const char *const *texts, guint n_texts)
{
  g_autofree char *name = g_str_has_prefix (model, "models/") ? g_strdup (model) : g_strconcat ("models/", model, NULL);
  JsonObject *body = json_object_new ();
  JsonArray *requests = heddle_wire_add_array (body, "requests");

  for (guint i = 0; i < n_texts; i++)
    {
      JsonObject *request = heddle_wire_object ("model", name, NULL);
      JsonArray *parts = heddle_wire_add_array (heddle_wire_add_object (request, "content"), "parts");

      json_array_add_object_element (parts, heddle_wire_object ("text", texts[i], NULL));
      json_array_add_object_element (requests, request);
    }
  return body;
}

static JsonArray *
get_vector (JsonNode *item, gint64 *index)
{
  return heddle_json_get_array (item, "values");
}

static gint64
get_embed_tokens (JsonNode *body)
{
  return heddle_json_get_int (heddle_json_member (body, "usageMetadata"), "promptTokenCount", 0);
}

const HeddleAdapter heddle_gemini_adapter = {
  .kind = "gemini",
  .title = "Google Gemini",
  .default_url = "https://generativelanguage.googleapis.com",
  .root = "/v1beta",
  .key_header = "x-goog-api-key",
  .dup_chat_path = dup_chat_path,
  .create_chat = heddle_gemini_create_chat,
  .take = take,
  .list_path = "/models?pageSize=1000",
  .list_array = "models",
  .get_listed = get_listed,
  .dup_embed_path = dup_embed_path,
  .create_embed = create_embed,
  .embed_array = "embeddings",
  .get_vector = get_vector,
  .get_embed_tokens = get_embed_tokens,
};
