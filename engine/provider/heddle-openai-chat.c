/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-openai-private.h"

#include "provider/heddle-message.h"
#include "provider/heddle-schema-adapt.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

gboolean
heddle_openai_is_reasoning_model (const char *model)
{
  if (model[0] == 'o' && g_ascii_isdigit (model[1]))
    return TRUE;
  return g_str_has_prefix (model, "gpt-5") && strstr (model, "chat") == NULL;
}

const char *
heddle_openai_effort (const char *model, const char *effort)
{
  if (strcmp (effort, "none") != 0)
    return effort;
  /* Not all of them can do without. */
  if (g_str_has_prefix (model, "gpt-5"))
    return model[strlen ("gpt-5")] == '.' ? "none" : "minimal";
  return "low";
}

static JsonObject *
create_part (const HeddlePart *part)
{
  g_autofree char *url = part->text != NULL ? NULL : heddle_wire_data_url (part->mime, part->data);
  JsonObject *object;

  if (part->text != NULL)
    return heddle_wire_object ("type", "text", "text", part->text, NULL);
  object = heddle_wire_object ("type", part->is_image ? "image_url" : "file", NULL);
  if (part->is_image)
    json_object_set_object_member (object, "image_url", heddle_wire_object ("url", url, NULL));
  else
    json_object_set_object_member (object, "file", heddle_wire_object ("filename", part->name == NULL ? "file" : part->name, "file_data", url, NULL));
  return object;
}

static JsonObject *
create_user (JsonNode *message)
{
  g_autoptr (GPtrArray) parts = heddle_message_list_parts (message);
  JsonObject *object = heddle_wire_object ("role", "user", NULL);
  JsonArray *content;

  /* Servers without eyes take nothing but a plain text. */
  if (parts->len == 1 && ((HeddlePart *) g_ptr_array_index (parts, 0))->text != NULL)
    {
      json_object_set_member (object, "content", heddle_json_string (((HeddlePart *) g_ptr_array_index (parts, 0))->text));
      return object;
    }
  content = heddle_wire_add_array (object, "content");
  for (guint i = 0; i < parts->len; i++)
    json_array_add_object_element (content, create_part (g_ptr_array_index (parts, i)));
  return object;
}

static JsonObject *
create_call (const HeddleChatCall *call, JsonNode *item)
{
  g_autofree char *id = heddle_tool_names_fit_id (heddle_json_get_string (item, "id", ""), call->profile->short_ids);
  g_autoptr (JsonNode) arguments = heddle_message_dup_arguments (item);
  g_autofree char *text = heddle_json_to_text (arguments, HEDDLE_JSON_COMPACT);
  JsonObject *object = heddle_wire_object ("id", id, "type", "function", NULL);

  json_object_set_object_member (object, "function",
                                 heddle_wire_object ("name", heddle_tool_names_to_wire (call->names, heddle_json_get_string (item, "name", "")),
                                                     "arguments", text, NULL));
  return object;
}

static gboolean
echoes_reasoning (const HeddleChatCall *call, gboolean has_calls)
{
  return call->profile->echo_reasoning == HEDDLE_ECHO_ALWAYS || (call->profile->echo_reasoning == HEDDLE_ECHO_TOOL_TURNS && has_calls);
}

/* Members of the message that came with the answer, as they came. */
static void
add_echo (const HeddleChatCall *call, JsonObject *object, JsonNode *message)
{
  g_autoptr (JsonArray) blocks = heddle_message_dup_blocks (message, call->endpoint->kind);
  gboolean has_calls = heddle_message_get_calls (message) != NULL;

  for (guint i = 0; i < heddle_wire_length (blocks); i++)
    {
      JsonNode *block = json_array_get_element (blocks, i);

      if (echoes_reasoning (call, has_calls))
        heddle_wire_add_node (object, "reasoning_content", heddle_json_member (block, "reasoning_content"));
      if (call->profile->echo_details)
        heddle_wire_add_node (object, "reasoning_details", heddle_json_member (block, "reasoning_details"));
    }
}

static JsonObject *
create_assistant (const HeddleChatCall *call, JsonNode *message)
{
  JsonArray *calls = heddle_message_get_calls (message);
  g_autofree char *text = heddle_message_dup_content (message);
  JsonObject *object = heddle_wire_object ("role", "assistant", "content", text, NULL);
  JsonArray *list;

  add_echo (call, object, message);
  if (calls == NULL)
    return object;
  list = heddle_wire_add_array (object, "tool_calls");
  for (guint i = 0; i < json_array_get_length (calls); i++)
    json_array_add_object_element (list, create_call (call, json_array_get_element (calls, i)));
  return object;
}

static JsonObject *
create_tool_answer (const HeddleChatCall *call, JsonNode *message)
{
  g_autofree char *id = heddle_tool_names_fit_id (heddle_json_get_string (message, "tool_call_id", ""), call->profile->short_ids);
  g_autofree char *text = heddle_message_dup_content (message);

  return heddle_wire_object ("role", "tool", "tool_call_id", id, "content", text, NULL);
}

static JsonObject *
create_system (const HeddleChatCall *call, JsonNode *message)
{
  gboolean is_developer = call->profile->is_openai && heddle_openai_is_reasoning_model (call->model);
  g_autofree char *text = heddle_message_dup_content (message);

  return heddle_wire_object ("role", is_developer ? "developer" : "system", "content", text, NULL);
}

static JsonObject *
create_message (const HeddleChatCall *call, JsonNode *message)
{
  switch (heddle_message_get_role (message))
    {
    case HEDDLE_ROLE_SYSTEM:
      return create_system (call, message);
    case HEDDLE_ROLE_ASSISTANT:
      return create_assistant (call, message);
    case HEDDLE_ROLE_TOOL:
      return create_tool_answer (call, message);
    case HEDDLE_ROLE_USER:
    default:
      return create_user (message);
    }
}

static void
add_messages (const HeddleChatCall *call, JsonObject *body)
{
  JsonArray *messages = heddle_messages_get_array (call->request->messages);
  JsonArray *list = heddle_wire_add_array (body, "messages");
  g_autofree char *instruction = NULL;

  if (call->request->response_schema != NULL && call->profile->no_json_schema)
    {
      instruction = heddle_schema_to_instruction (call->request->response_schema);
      json_array_add_object_element (list, heddle_wire_object ("role", "system", "content", instruction, NULL));
    }
  for (guint i = 0; i < heddle_wire_length (messages); i++)
    json_array_add_object_element (list, create_message (call, json_array_get_element (messages, i)));
}

static JsonObject *
create_tool (const HeddleChatCall *call, JsonNode *tool)
{
  JsonObject *object = heddle_wire_object ("type", "function", NULL);
  JsonObject *function = heddle_wire_add_object (object, "function");
  JsonNode *parameters = heddle_json_member (tool, "parameters");
  g_autoptr (JsonNode) any = heddle_json_parse ("{\"type\":\"object\",\"properties\":{}}", -1, NULL);

  json_object_set_string_member (function, "name", heddle_tool_names_to_wire (call->names, heddle_json_get_string (tool, "name", "")));
  json_object_set_string_member (function, "description", heddle_json_get_string (tool, "description", ""));
  heddle_wire_add_node (function, "parameters", parameters != NULL && JSON_NODE_HOLDS_OBJECT (parameters) ? parameters : any);
  return object;
}

static gboolean
is_named_choice (const char *choice)
{
  static const char *const words[] = { "auto", "none", "required", NULL };

  return choice != NULL && !g_strv_contains (words, choice);
}

static void
add_choice (const HeddleChatCall *call, JsonObject *body)
{
  const char *choice = call->request->tool_choice;
  gboolean is_named = is_named_choice (choice);
  JsonObject *object;

  if (choice == NULL)
    return;
  if (is_named && !call->profile->no_named_choice)
    {
      object = heddle_wire_add_object (body, "tool_choice");
      json_object_set_string_member (object, "type", "function");
      json_object_set_object_member (object, "function", heddle_wire_object ("name", heddle_tool_names_to_wire (call->names, choice), NULL));
      return;
    }
  if (is_named || strcmp (choice, "required") == 0)
    choice = call->profile->required_choice == NULL ? "required" : call->profile->required_choice;
  json_object_set_string_member (body, "tool_choice", choice);
}

static void
add_tools (const HeddleChatCall *call, JsonObject *body)
{
  const HeddleChatRequest *request = call->request;
  JsonArray *tools = heddle_messages_get_array (request->tools);
  gboolean only_named = is_named_choice (request->tool_choice) && call->profile->no_named_choice;
  JsonArray *list;

  if (heddle_wire_length (tools) == 0)
    return;
  list = heddle_wire_add_array (body, "tools");
  for (guint i = 0; i < json_array_get_length (tools); i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);

      if (!only_named || strcmp (heddle_json_get_string (tool, "name", ""), request->tool_choice) == 0)
        json_array_add_object_element (list, create_tool (call, tool));
    }
  add_choice (call, body);
  if (request->no_parallel_tools || call->profile->says_parallel)
    json_object_set_boolean_member (body, "parallel_tool_calls", !request->no_parallel_tools);
}

JsonObject *
heddle_openai_create_schema (JsonNode *schema)
{
  g_autoptr (JsonNode) strict = heddle_schema_to_strict (schema);
  JsonObject *object = heddle_wire_object ("name", "answer", NULL);

  if (strict != NULL)
    json_object_set_boolean_member (object, "strict", TRUE);
  heddle_wire_add_node (object, "schema", strict == NULL ? schema : strict);
  return object;
}

static void
add_format (const HeddleChatCall *call, JsonObject *body)
{
  JsonNode *schema = call->request->response_schema;
  g_autoptr (JsonNode) any = heddle_json_object (heddle_wire_object ("type", "object", NULL));
  JsonObject *format;

  if (schema == NULL && !call->request->response_json)
    return;
  format = heddle_wire_add_object (body, "response_format");
  if (call->profile->no_json_schema || (schema == NULL && !call->profile->no_json_object))
    {
      json_object_set_string_member (format, "type", "json_object");
      return;
    }
  json_object_set_string_member (format, "type", "json_schema");
  json_object_set_object_member (format, "json_schema", heddle_openai_create_schema (schema == NULL ? any : schema));
}

static void
add_effort (const HeddleChatCall *call, JsonObject *body)
{
  const char *effort = call->request->reasoning_effort;

  if (effort == NULL || (call->profile->is_openai && !heddle_openai_is_reasoning_model (call->model)))
    return;
  switch (call->profile->effort)
    {
    case HEDDLE_EFFORT_PLAIN:
      json_object_set_string_member (body, "reasoning_effort", call->profile->is_openai ? heddle_openai_effort (call->model, effort) : effort);
      break;
    case HEDDLE_EFFORT_OBJECT:
      if (strcmp (effort, "none") == 0)
        json_object_set_boolean_member (heddle_wire_add_object (body, "reasoning"), "enabled", FALSE);
      else
        json_object_set_string_member (heddle_wire_add_object (body, "reasoning"), "effort", effort);
      break;
    case HEDDLE_EFFORT_TEMPLATE:
      json_object_set_boolean_member (heddle_wire_add_object (body, "chat_template_kwargs"), "enable_thinking", strcmp (effort, "none") != 0);
      break;
    case HEDDLE_EFFORT_NONE:
    default:
      break;
    }
}

static void
add_sampling (const HeddleChatCall *call, JsonObject *body)
{
  const HeddleChatRequest *request = call->request;
  gboolean is_reasoning = call->profile->is_openai && heddle_openai_is_reasoning_model (call->model);

  if (request->temperature >= 0 && !is_reasoning)
    heddle_wire_add_number (body, "temperature", request->temperature);
  if (request->top_p > 0 && !is_reasoning)
    heddle_wire_add_number (body, "top_p", request->top_p);
  /* OpenAI's newer models refuse the old name, all others know only that one. */
  if (request->max_tokens > 0)
    json_object_set_int_member (body, call->profile->is_openai ? "max_completion_tokens" : "max_tokens", request->max_tokens);
}

JsonObject *
heddle_openai_create_chat (const HeddleChatCall *call, GError **error)
{
  JsonObject *body = heddle_wire_object ("model", call->model, NULL);

  add_messages (call, body);
  add_sampling (call, body);
  add_effort (call, body);
  add_tools (call, body);
  add_format (call, body);
  if (call->profile->reports_cost)
    json_object_set_boolean_member (heddle_wire_add_object (body, "usage"), "include", TRUE);
  if (!call->request->stream)
    return body;
  json_object_set_boolean_member (body, "stream", TRUE);
  if (!call->profile->no_stream_options)
    json_object_set_boolean_member (heddle_wire_add_object (body, "stream_options"), "include_usage", TRUE);
  return body;
}
