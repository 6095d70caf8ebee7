/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-gemini-private.h"

#include "provider/heddle-message.h"
#include "provider/heddle-schema-adapt.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

char *
heddle_gemini_dup_model_path (const char *model, const char *method)
{
  const char *name = g_str_has_prefix (model, "models/") ? model + strlen ("models/") : model;
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);

  return g_strconcat ("/models/", escaped, ":", method, NULL);
}

static JsonObject *
create_part (const HeddlePart *part)
{
  JsonObject *object;

  if (part->text != NULL)
    return heddle_wire_object ("text", part->text, NULL);
  object = json_object_new ();
  json_object_set_object_member (object, "inlineData", heddle_wire_object ("mimeType", part->mime, "data", part->data, NULL));
  return object;
}

static void
add_user (JsonArray *parts, JsonNode *message)
{
  g_autoptr (GPtrArray) list = heddle_message_list_parts (message);

  for (guint i = 0; i < list->len; i++)
    json_array_add_object_element (parts, create_part (g_ptr_array_index (list, i)));
}

/* An id that we made up is none of theirs. */
static const char *
get_their_id (JsonNode *node, const char *member)
{
  const char *id = heddle_json_get_string (node, member, NULL);

  return id == NULL || *id == '\0' || heddle_tool_names_is_own_id (id) ? NULL : id;
}

static void
add_call (const HeddleChatCall *call, JsonArray *parts, JsonNode *item)
{
  g_autoptr (JsonNode) arguments = heddle_message_dup_arguments (item);
  JsonObject *object = json_object_new ();
  JsonObject *function = heddle_wire_object ("id", get_their_id (item, "id"), "name",
                                             heddle_tool_names_to_wire (call->names, heddle_json_get_string (item, "name", "")), NULL);

  heddle_wire_add_node (function, "args", arguments);
  json_object_set_object_member (object, "functionCall", function);
  json_array_add_object_element (parts, object);
}

/* As it came, when it has signatures in it: a call without its own is refused. */
static void
add_assistant (const HeddleChatCall *call, JsonArray *parts, JsonNode *message)
{
  g_autoptr (JsonArray) blocks = heddle_message_dup_blocks (message, call->endpoint->kind);
  JsonArray *calls = heddle_message_get_calls (message);
  g_autofree char *text = NULL;

  for (guint i = 0; i < heddle_wire_length (blocks); i++)
    json_array_add_element (parts, json_node_ref (json_array_get_element (blocks, i)));
  if (blocks != NULL)
    return;
  text = heddle_message_dup_content (message);
  if (*text != '\0')
    json_array_add_object_element (parts, heddle_wire_object ("text", text, NULL));
  for (guint i = 0; i < heddle_wire_length (calls); i++)
    add_call (call, parts, json_array_get_element (calls, i));
}

/* An answer is an object; one that is JSON already is given as that. */
static void
add_tool_answer (const HeddleChatCall *call, JsonArray *parts, JsonNode *message)
{
  g_autofree char *text = heddle_message_dup_content (message);
  g_autoptr (JsonNode) value = heddle_json_parse (text, -1, NULL);
  gboolean is_error = heddle_json_get_boolean (message, "is_error", FALSE);
  JsonObject *object = json_object_new ();
  JsonObject *answer = heddle_wire_object ("id", get_their_id (message, "tool_call_id"), "name",
                                           heddle_tool_names_to_wire (call->names, heddle_json_get_string (message, "name", "")), NULL);

  if (!is_error && value != NULL && JSON_NODE_HOLDS_OBJECT (value))
    heddle_wire_add_node (answer, "response", value);
  else
    json_object_set_object_member (answer, "response", heddle_wire_object (is_error ? "error" : "result", text, NULL));
  json_object_set_object_member (object, "functionResponse", answer);
  json_array_add_object_element (parts, object);
}

static JsonArray *
get_parts (JsonArray *contents, const char *role)
{
  guint length = json_array_get_length (contents);
  JsonNode *last = length == 0 ? NULL : json_array_get_element (contents, length - 1);
  JsonObject *object;

  if (last != NULL && strcmp (heddle_json_get_string (last, "role", ""), role) == 0)
    return heddle_json_get_array (last, "parts");
  object = heddle_wire_object ("role", role, NULL);
  json_array_add_object_element (contents, object);
  return heddle_wire_add_array (object, "parts");
}

static void
add_message (const HeddleChatCall *call, JsonArray *contents, JsonNode *message)
{
  switch (heddle_message_get_role (message))
    {
    case HEDDLE_ROLE_SYSTEM:
      break;
    case HEDDLE_ROLE_ASSISTANT:
      add_assistant (call, get_parts (contents, "model"), message);
      break;
    case HEDDLE_ROLE_TOOL:
      add_tool_answer (call, get_parts (contents, "user"), message);
      break;
    case HEDDLE_ROLE_USER:
    default:
      add_user (get_parts (contents, "user"), message);
      break;
    }
}

/* Models before the third generation refuse tools and a schema in one request: then the schema is said in words. */
static gboolean
takes_schema_with_tools (const char *model)
{
  return !g_str_has_prefix (model, "gemini-1") && !g_str_has_prefix (model, "gemini-2");
}

static gboolean
says_schema (const HeddleChatCall *call)
{
  gboolean has_tools = heddle_wire_length (heddle_messages_get_array (call->request->tools)) > 0;

  return call->request->response_schema != NULL && has_tools && !takes_schema_with_tools (call->model);
}

static void
add_system (const HeddleChatCall *call, JsonObject *body)
{
  g_autofree char *system = heddle_messages_dup_system (call->request->messages);
  g_autofree char *words = says_schema (call) ? heddle_schema_to_instruction (call->request->response_schema) : NULL;
  JsonArray *parts;

  if (system == NULL && words == NULL)
    return;
  parts = heddle_wire_add_array (heddle_wire_add_object (body, "systemInstruction"), "parts");
  if (system != NULL)
    json_array_add_object_element (parts, heddle_wire_object ("text", system, NULL));
  if (words != NULL)
    json_array_add_object_element (parts, heddle_wire_object ("text", words, NULL));
}

static void
add_choice (const HeddleChatCall *call, JsonObject *body)
{
  const char *choice = call->request->tool_choice;
  gboolean is_auto = choice != NULL && strcmp (choice, "auto") == 0;
  gboolean is_none = choice != NULL && strcmp (choice, "none") == 0;
  JsonObject *config;

  if (choice == NULL)
    return;
  config = heddle_wire_add_object (heddle_wire_add_object (body, "toolConfig"), "functionCallingConfig");
  json_object_set_string_member (config, "mode", is_auto ? "AUTO" : is_none ? "NONE"
                                                                            : "ANY");
  if (!is_auto && !is_none && strcmp (choice, "required") != 0)
    json_array_add_string_element (heddle_wire_add_array (config, "allowedFunctionNames"), heddle_tool_names_to_wire (call->names, choice));
}

static void
add_tools (const HeddleChatCall *call, JsonObject *body)
{
  JsonArray *tools = heddle_messages_get_array (call->request->tools);
  JsonObject *group;
  JsonArray *list;

  if (heddle_wire_length (tools) == 0)
    return;
  group = json_object_new ();
  list = heddle_wire_add_array (group, "functionDeclarations");
  json_array_add_object_element (heddle_wire_add_array (body, "tools"), group);
  for (guint i = 0; i < json_array_get_length (tools); i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);
      JsonNode *parameters = heddle_json_member (tool, "parameters");
      JsonObject *object = heddle_wire_object ("name", heddle_tool_names_to_wire (call->names, heddle_json_get_string (tool, "name", "")),
                                               "description", heddle_json_get_string (tool, "description", ""), NULL);

      if (parameters != NULL && JSON_NODE_HOLDS_OBJECT (parameters))
        heddle_wire_add_node (object, "parametersJsonSchema", parameters);
      json_array_add_object_element (list, object);
    }
  add_choice (call, body);
}

static void
add_thinking (const HeddleChatCall *call, JsonObject *config)
{
  const char *effort = call->request->reasoning_effort;
  gboolean has_levels = g_str_has_prefix (call->model, "gemini-3");
  gboolean is_none = g_strcmp0 (effort, "none") == 0;
  JsonObject *thinking;

  if (effort == NULL || (!has_levels && !g_str_has_prefix (call->model, "gemini-2.5")))
    return;
  thinking = heddle_wire_add_object (config, "thinkingConfig");
  if (has_levels)
    json_object_set_string_member (thinking, "thinkingLevel", strcmp (effort, "high") == 0 ? "high" : "low");
  else
    /* The large model of that generation cannot do without. */
    json_object_set_int_member (thinking, "thinkingBudget", is_none ? (strstr (call->model, "pro") != NULL ? 128 : 0) : strcmp (effort, "low") == 0  ? 2048
                                                                                                                      : strcmp (effort, "high") == 0 ? 16384
                                                                                                                                                     : 8192);
  if (!is_none)
    json_object_set_boolean_member (thinking, "includeThoughts", TRUE);
}

static void
add_config (const HeddleChatCall *call, JsonObject *body)
{
  const HeddleChatRequest *request = call->request;
  JsonObject *config = json_object_new ();

  if (request->temperature >= 0)
    heddle_wire_add_number (config, "temperature", request->temperature);
  if (request->top_p > 0)
    heddle_wire_add_number (config, "topP", request->top_p);
  if (request->max_tokens > 0)
    json_object_set_int_member (config, "maxOutputTokens", request->max_tokens);
  if ((request->response_schema != NULL && !says_schema (call)) || (request->response_schema == NULL && request->response_json))
    json_object_set_string_member (config, "responseMimeType", "application/json");
  if (request->response_schema != NULL && !says_schema (call))
    heddle_wire_add_node (config, "responseJsonSchema", request->response_schema);
  add_thinking (call, config);
  if (json_object_get_size (config) > 0)
    json_object_set_object_member (body, "generationConfig", config);
  else
    json_object_unref (config);
}

JsonObject *
heddle_gemini_create_chat (const HeddleChatCall *call, GError **error)
{
  JsonArray *messages = heddle_messages_get_array (call->request->messages);
  JsonObject *body = json_object_new ();
  JsonArray *contents = heddle_wire_add_array (body, "contents");

  for (guint i = 0; i < heddle_wire_length (messages); i++)
    add_message (call, contents, json_array_get_element (messages, i));
  add_system (call, body);
  add_tools (call, body);
  add_config (call, body);
  return body;
}
