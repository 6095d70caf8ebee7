/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-responses-private.h"

#include "provider/heddle-message.h"
#include "provider/heddle-openai-private.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

static JsonObject *
create_part (const HeddlePart *part)
{
  g_autofree char *url = part->text != NULL ? NULL : heddle_wire_data_url (part->mime, part->data);

  if (part->text != NULL)
    return heddle_wire_object ("type", "input_text", "text", part->text, NULL);
  if (part->is_image)
    return heddle_wire_object ("type", "input_image", "image_url", url, NULL);
  return heddle_wire_object ("type", "input_file", "filename", part->name == NULL ? "file" : part->name, "file_data", url, NULL);
}

static void
add_user (JsonArray *input, JsonNode *message)
{
  g_autoptr (GPtrArray) parts = heddle_message_list_parts (message);
  JsonObject *object = heddle_wire_object ("role", "user", NULL);
  JsonArray *content = heddle_wire_add_array (object, "content");

  for (guint i = 0; i < parts->len; i++)
    json_array_add_object_element (content, create_part (g_ptr_array_index (parts, i)));
  json_array_add_object_element (input, object);
}

static void
add_text (JsonArray *input, const char *text)
{
  JsonObject *object = heddle_wire_object ("type", "message", "role", "assistant", NULL);
  JsonArray *content = heddle_wire_add_array (object, "content");

  json_array_add_object_element (content, heddle_wire_object ("type", "output_text", "text", text, NULL));
  json_array_add_object_element (input, object);
}

static void
add_call (const HeddleChatCall *call, JsonArray *input, JsonNode *item)
{
  g_autofree char *id = heddle_tool_names_fit_id (heddle_json_get_string (item, "id", ""), FALSE);
  g_autoptr (JsonNode) arguments = heddle_message_dup_arguments (item);
  g_autofree char *text = heddle_json_to_text (arguments, HEDDLE_JSON_COMPACT);

  json_array_add_object_element (input, heddle_wire_object ("type", "function_call", "call_id", id, "name",
                                                            heddle_tool_names_to_wire (call->names, heddle_json_get_string (item, "name", "")),
                                                            "arguments", text, NULL));
}

/* As it came, when it has encrypted reasoning in it, which belongs to the items behind it. */
static void
add_assistant (const HeddleChatCall *call, JsonArray *input, JsonNode *message)
{
  g_autoptr (JsonArray) blocks = heddle_message_dup_blocks (message, call->endpoint->kind);
  JsonArray *calls = heddle_message_get_calls (message);
  g_autofree char *text = NULL;

  for (guint i = 0; i < heddle_wire_length (blocks); i++)
    json_array_add_element (input, json_node_ref (json_array_get_element (blocks, i)));
  if (blocks != NULL)
    return;
  text = heddle_message_dup_content (message);
  if (*text != '\0')
    add_text (input, text);
  for (guint i = 0; i < heddle_wire_length (calls); i++)
    add_call (call, input, json_array_get_element (calls, i));
}

static void
add_tool_answer (JsonArray *input, JsonNode *message)
{
  g_autofree char *id = heddle_tool_names_fit_id (heddle_json_get_string (message, "tool_call_id", ""), FALSE);
  g_autofree char *text = heddle_message_dup_content (message);

  json_array_add_object_element (input, heddle_wire_object ("type", "function_call_output", "call_id", id, "output", text, NULL));
}

static void
add_message (const HeddleChatCall *call, JsonArray *input, JsonNode *message)
{
  switch (heddle_message_get_role (message))
    {
    case HEDDLE_ROLE_SYSTEM:
      break;
    case HEDDLE_ROLE_ASSISTANT:
      add_assistant (call, input, message);
      break;
    case HEDDLE_ROLE_TOOL:
      add_tool_answer (input, message);
      break;
    case HEDDLE_ROLE_USER:
    default:
      add_user (input, message);
      break;
    }
}

static void
add_choice (const HeddleChatCall *call, JsonObject *body)
{
  static const char *const words[] = { "auto", "none", "required", NULL };
  const char *choice = call->request->tool_choice;

  if (choice == NULL)
    return;
  if (g_strv_contains (words, choice))
    json_object_set_string_member (body, "tool_choice", choice);
  else
    json_object_set_object_member (body, "tool_choice", heddle_wire_object ("type", "function", "name", heddle_tool_names_to_wire (call->names, choice), NULL));
}

static void
add_tools (const HeddleChatCall *call, JsonObject *body)
{
  JsonArray *tools = heddle_messages_get_array (call->request->tools);
  g_autoptr (JsonNode) any = heddle_json_parse ("{\"type\":\"object\",\"properties\":{}}", -1, NULL);
  JsonArray *list;

  if (heddle_wire_length (tools) == 0)
    return;
  list = heddle_wire_add_array (body, "tools");
  for (guint i = 0; i < json_array_get_length (tools); i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);
      JsonNode *parameters = heddle_json_member (tool, "parameters");
      JsonObject *object = heddle_wire_object ("type", "function", "name", heddle_tool_names_to_wire (call->names, heddle_json_get_string (tool, "name", "")),
                                               "description", heddle_json_get_string (tool, "description", ""), NULL);

      heddle_wire_add_node (object, "parameters", parameters != NULL && JSON_NODE_HOLDS_OBJECT (parameters) ? parameters : any);
      /* Here tools are strict unless that is denied, and a strict tool has no parameter that may be left out. */
      json_object_set_boolean_member (object, "strict", FALSE);
      json_array_add_object_element (list, object);
    }
  add_choice (call, body);
  if (call->request->no_parallel_tools)
    json_object_set_boolean_member (body, "parallel_tool_calls", FALSE);
}

static void
add_format (const HeddleChatCall *call, JsonObject *body)
{
  JsonObject *format;

  if (call->request->response_schema == NULL && !call->request->response_json)
    return;
  if (call->profile->schema_beside)
    heddle_wire_add_node (body, "json_schema", call->request->response_schema);
  format = call->request->response_schema == NULL ? json_object_new () : heddle_openai_create_schema (call->request->response_schema);
  json_object_set_string_member (format, "type", call->request->response_schema == NULL ? "json_object" : "json_schema");
  json_object_set_object_member (heddle_wire_add_object (body, "text"), "format", format);
}

static void
add_reasoning (const HeddleChatCall *call, JsonObject *body)
{
  const char *effort = call->request->reasoning_effort;
  JsonObject *reasoning;

  if (!heddle_openai_is_reasoning_model (call->model))
    return;
  /* Nothing is kept at the provider, so that what it thought has to travel with us. */
  json_array_add_string_element (heddle_wire_add_array (body, "include"), "reasoning.encrypted_content");
  if (effort == NULL)
    return;
  reasoning = heddle_wire_add_object (body, "reasoning");
  json_object_set_string_member (reasoning, "effort", heddle_openai_effort (call->model, effort));
  json_object_set_string_member (reasoning, "summary", "auto");
}

static void
add_sampling (const HeddleChatCall *call, JsonObject *body)
{
  const HeddleChatRequest *request = call->request;
  gboolean is_reasoning = heddle_openai_is_reasoning_model (call->model);

  if (request->temperature >= 0 && !is_reasoning)
    heddle_wire_add_number (body, "temperature", request->temperature);
  if (request->top_p > 0 && !is_reasoning)
    heddle_wire_add_number (body, "top_p", request->top_p);
  if (request->max_tokens > 0)
    json_object_set_int_member (body, "max_output_tokens", request->max_tokens);
}

JsonObject *
heddle_responses_create_chat (const HeddleChatCall *call, GError **error)
{
  JsonArray *messages = heddle_messages_get_array (call->request->messages);
  g_autofree char *system = heddle_messages_dup_system (call->request->messages);
  JsonObject *body = heddle_wire_object ("model", call->model, "instructions", system, NULL);
  JsonArray *input = heddle_wire_add_array (body, "input");

  for (guint i = 0; i < heddle_wire_length (messages); i++)
    add_message (call, input, json_array_get_element (messages, i));
  json_object_set_boolean_member (body, "store", FALSE);
  add_sampling (call, body);
  add_reasoning (call, body);
  add_tools (call, body);
  add_format (call, body);
  if (call->request->stream)
    json_object_set_boolean_member (body, "stream", TRUE);
  return body;
}
