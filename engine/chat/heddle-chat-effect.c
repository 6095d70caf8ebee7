/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-effect.h"

#include "chat/heddle-messages.h"
#include "value/heddle-json.h"

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_member (object, name, heddle_json_string (text));
}

static void
set_value (JsonObject *object, const char *name, JsonNode *value)
{
  if (value != NULL)
    json_object_set_member (object, name, json_node_ref (value));
}

JsonNode *
heddle_chat_effect_request (const HeddleChatRequest *request)
{
  JsonObject *object = json_object_new ();

  set_text (object, "model", request->model);
  json_object_set_member (object, "messages", heddle_messages_strip_data (request->messages));
  set_value (object, "tools", request->tools);
  set_text (object, "tool_choice", request->tool_choice);
  if (request->no_parallel_tools)
    json_object_set_member (object, "parallel_tools", heddle_json_boolean (FALSE));
  if (request->temperature >= 0)
    json_object_set_member (object, "temperature", heddle_json_double (request->temperature));
  if (request->top_p > 0)
    json_object_set_member (object, "top_p", heddle_json_double (request->top_p));
  if (request->max_tokens > 0)
    json_object_set_member (object, "max_tokens", heddle_json_int (request->max_tokens));
  set_text (object, "reasoning_effort", request->reasoning_effort);
  set_value (object, "schema", request->response_schema);
  if (request->response_json)
    json_object_set_member (object, "json", heddle_json_boolean (TRUE));
  return heddle_json_object (object);
}

JsonNode *
heddle_chat_effect_response (const HeddleChatResponse *response)
{
  JsonObject *object = json_object_new ();

  set_text (object, "response", response->text);
  set_text (object, "reasoning", response->reasoning);
  set_text (object, "response_model", response->model);
  set_text (object, "finish_reason", response->finish_reason);
  set_text (object, "refusal", response->refusal);
  set_text (object, "request_id", response->request_id);
  set_value (object, "tool_calls", response->tool_calls);
  set_value (object, "opaque", response->opaque);
  json_object_set_member (object, "usage", heddle_usage_to_json (&response->usage));
  return heddle_json_object (object);
}

static char *
dup_text (JsonNode *object, const char *name)
{
  return g_strdup (heddle_json_get_string (object, name, NULL));
}

/* Under the name that it had in records of before, when not under its own. */
static char *
dup_renamed (JsonNode *object, const char *name, const char *old_name)
{
  return dup_text (object, heddle_json_member (object, name) != NULL ? name : old_name);
}

static JsonNode *
dup_value (JsonNode *object, const char *name)
{
  JsonNode *value = heddle_json_member (object, name);

  return value != NULL ? json_node_ref (value) : NULL;
}

HeddleChatResponse *
heddle_chat_effect_read (JsonNode *response)
{
  HeddleChatResponse *self = g_new0 (HeddleChatResponse, 1);

  self->text = dup_renamed (response, "response", "text");
  if (self->text == NULL)
    self->text = g_strdup (""); /* as providers give it; a damaged record may lack it */
  self->reasoning = dup_text (response, "reasoning");
  self->model = dup_renamed (response, "response_model", "model");
  self->finish_reason = dup_text (response, "finish_reason");
  self->refusal = dup_text (response, "refusal");
  self->request_id = dup_text (response, "request_id");
  self->tool_calls = heddle_json_get_array (response, "tool_calls") != NULL ? dup_value (response, "tool_calls") : NULL;
  self->opaque = dup_value (response, "opaque");
  self->usage = heddle_usage_from_json (heddle_json_member (response, "usage"));
  self->first_token_us = -1;
  return self;
}
