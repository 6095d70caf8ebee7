/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-anthropic-private.h"

#include "provider/heddle-message.h"
#include "provider/heddle-schema-adapt.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

#define DEFAULT_MAX_TOKENS 8192
#define OLD_MAX_TOKENS 4096

static JsonObject *
create_source (const HeddlePart *part)
{
  return heddle_wire_object ("type", "base64", "media_type", part->mime, "data", part->data, NULL);
}

/* NULL with an error for a file that is neither text nor PDF. */
static JsonObject *
create_part (const HeddleChatCall *call, const HeddlePart *part, GError **error)
{
  JsonObject *object;

  if (part->text != NULL)
    return heddle_wire_object ("type", "text", "text", part->text, NULL);
  if (!part->is_image && strcmp (part->mime, "application/pdf") != 0)
    {
      g_propagate_error (error, heddle_part_error_new (part, call->endpoint->provider));
      return NULL;
    }
  object = heddle_wire_object ("type", part->is_image ? "image" : "document", NULL);
  json_object_set_object_member (object, "source", create_source (part));
  if (!part->is_image && part->name != NULL)
    json_object_set_string_member (object, "title", part->name);
  return object;
}

static gboolean
add_user (const HeddleChatCall *call, JsonArray *content, JsonNode *message, GError **error)
{
  g_autoptr (GPtrArray) parts = heddle_message_list_parts (message);

  for (guint i = 0; i < parts->len; i++)
    {
      HeddlePart *part = g_ptr_array_index (parts, i);
      JsonObject *object;

      /* An empty block is refused. */
      if (part->text != NULL && *part->text == '\0')
        continue;
      object = create_part (call, part, error);
      if (object == NULL)
        return FALSE;
      json_array_add_object_element (content, object);
    }
  return TRUE;
}

static void
add_tool_answer (JsonArray *content, JsonNode *message)
{
  g_autofree char *id = heddle_tool_names_fit_id (heddle_json_get_string (message, "tool_call_id", ""), FALSE);
  g_autofree char *text = heddle_message_dup_content (message);
  JsonObject *object = heddle_wire_object ("type", "tool_result", "tool_use_id", id, "content", text, NULL);

  if (heddle_json_get_boolean (message, "is_error", FALSE))
    json_object_set_boolean_member (object, "is_error", TRUE);
  json_array_add_object_element (content, object);
}

static void
add_call (const HeddleChatCall *call, JsonArray *content, JsonNode *item)
{
  g_autofree char *id = heddle_tool_names_fit_id (heddle_json_get_string (item, "id", ""), FALSE);
  g_autoptr (JsonNode) arguments = heddle_message_dup_arguments (item);
  JsonObject *object = heddle_wire_object ("type", "tool_use", "id", id, "name",
                                           heddle_tool_names_to_wire (call->names, heddle_json_get_string (item, "name", "")), NULL);

  heddle_wire_add_node (object, "input", arguments);
  json_array_add_object_element (content, object);
}

/* As it came, when it has signatures in it; they stand for the order of the blocks, too. */
static void
add_assistant (const HeddleChatCall *call, JsonArray *content, JsonNode *message)
{
  g_autoptr (JsonArray) blocks = heddle_message_dup_blocks (message, call->endpoint->kind);
  JsonArray *calls = heddle_message_get_calls (message);
  g_autofree char *text = NULL;

  for (guint i = 0; i < heddle_wire_length (blocks); i++)
    json_array_add_element (content, json_node_ref (json_array_get_element (blocks, i)));
  if (blocks != NULL)
    return;
  text = heddle_message_dup_content (message);
  if (*text != '\0')
    json_array_add_object_element (content, heddle_wire_object ("type", "text", "text", text, NULL));
  for (guint i = 0; i < heddle_wire_length (calls); i++)
    add_call (call, content, json_array_get_element (calls, i));
}

/* Messages of one role in a row are one: answers of tools come first in the message of the user. */
static JsonArray *
get_content (JsonArray *list, const char *role)
{
  guint length = json_array_get_length (list);
  JsonNode *last = length == 0 ? NULL : json_array_get_element (list, length - 1);
  JsonObject *object;

  if (last != NULL && strcmp (heddle_json_get_string (last, "role", ""), role) == 0)
    return heddle_json_get_array (last, "content");
  object = heddle_wire_object ("role", role, NULL);
  json_array_add_object_element (list, object);
  return heddle_wire_add_array (object, "content");
}

static gboolean
add_message (const HeddleChatCall *call, JsonArray *list, JsonNode *message, GError **error)
{
  switch (heddle_message_get_role (message))
    {
    case HEDDLE_ROLE_SYSTEM:
      return TRUE;
    case HEDDLE_ROLE_ASSISTANT:
      add_assistant (call, get_content (list, "assistant"), message);
      return TRUE;
    case HEDDLE_ROLE_TOOL:
      add_tool_answer (get_content (list, "user"), message);
      return TRUE;
    case HEDDLE_ROLE_USER:
    default:
      return add_user (call, get_content (list, "user"), message, error);
    }
}

static gboolean
add_messages (const HeddleChatCall *call, JsonObject *body, GError **error)
{
  JsonArray *messages = heddle_messages_get_array (call->request->messages);
  JsonArray *list = heddle_wire_add_array (body, "messages");
  g_autofree char *system = heddle_messages_dup_system (call->request->messages);

  for (guint i = 0; i < heddle_wire_length (messages); i++)
    {
      if (!add_message (call, list, json_array_get_element (messages, i), error))
        return FALSE;
    }
  if (system != NULL)
    json_object_set_member (body, "system", heddle_json_string (system));
  return TRUE;
}

/* A tool has to be named, or any is: such a choice and thinking exclude each other. */
static gboolean
is_forced (const char *choice)
{
  return choice != NULL && strcmp (choice, "auto") != 0 && strcmp (choice, "none") != 0;
}

static void
add_choice (const HeddleChatCall *call, JsonObject *body)
{
  const char *choice = call->request->tool_choice == NULL ? "auto" : call->request->tool_choice;
  gboolean is_none = strcmp (choice, "none") == 0;
  JsonObject *object;

  if (call->request->tool_choice == NULL && !call->request->no_parallel_tools)
    return;
  object = heddle_wire_add_object (body, "tool_choice");
  if (strcmp (choice, "required") == 0)
    json_object_set_string_member (object, "type", "any");
  else if (is_forced (choice))
    json_object_set_string_member (object, "name", heddle_tool_names_to_wire (call->names, choice));
  if (!json_object_has_member (object, "type"))
    json_object_set_string_member (object, "type", is_forced (choice) ? "tool" : choice);
  if (call->request->no_parallel_tools && !is_none)
    json_object_set_boolean_member (object, "disable_parallel_tool_use", TRUE);
}

static void
add_tools (const HeddleChatCall *call, JsonObject *body)
{
  JsonArray *tools = heddle_messages_get_array (call->request->tools);
  g_autoptr (JsonNode) any = heddle_json_object (heddle_wire_object ("type", "object", NULL));
  JsonArray *list;

  if (heddle_wire_length (tools) == 0)
    return;
  list = heddle_wire_add_array (body, "tools");
  for (guint i = 0; i < json_array_get_length (tools); i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);
      JsonNode *parameters = heddle_json_member (tool, "parameters");
      JsonObject *object = heddle_wire_object ("name", heddle_tool_names_to_wire (call->names, heddle_json_get_string (tool, "name", "")),
                                               "description", heddle_json_get_string (tool, "description", NULL), NULL);

      heddle_wire_add_node (object, "input_schema", parameters != NULL && JSON_NODE_HOLDS_OBJECT (parameters) ? parameters : any);
      json_array_add_object_element (list, object);
    }
  add_choice (call, body);
}

/* How many tokens of thinking an effort is; 0: none. */
static gint64
choose_budget (const HeddleChatRequest *request)
{
  const char *effort = request->reasoning_effort;

  if (effort == NULL || strcmp (effort, "none") == 0 || is_forced (request->tool_choice))
    return 0;
  if (strcmp (effort, "low") == 0)
    return 2048;
  return strcmp (effort, "high") == 0 ? 16384 : 8192;
}

static gboolean
can_think (const char *model)
{
  return !g_str_has_prefix (model, "claude-3-opus") && !g_str_has_prefix (model, "claude-3-haiku") &&
         !g_str_has_prefix (model, "claude-3-sonnet") && !g_str_has_prefix (model, "claude-3-5");
}

/* The limit is demanded, and thinking counts against it. */
static void
add_sampling (const HeddleChatCall *call, JsonObject *body)
{
  const HeddleChatRequest *request = call->request;
  gint64 budget = can_think (call->model) ? choose_budget (request) : 0;
  gint64 usual = g_str_has_prefix (call->model, "claude-3-") && !can_think (call->model) ? OLD_MAX_TOKENS : DEFAULT_MAX_TOKENS;
  gint64 limit = request->max_tokens > 0 ? request->max_tokens : usual;
  JsonObject *thinking;

  json_object_set_int_member (body, "max_tokens", limit + budget);
  if (budget > 0)
    {
      thinking = heddle_wire_add_object (body, "thinking");
      json_object_set_string_member (thinking, "type", "enabled");
      json_object_set_int_member (thinking, "budget_tokens", budget);
      return;
    }
  if (request->temperature >= 0)
    heddle_wire_add_number (body, "temperature", MIN (request->temperature, 1));
  else if (request->top_p > 0) /* newer models take only one of the two */
    heddle_wire_add_number (body, "top_p", request->top_p);
}

static void
add_format (const HeddleChatCall *call, JsonObject *body)
{
  g_autoptr (JsonNode) schema = NULL;
  JsonObject *format;

  if (call->request->response_schema == NULL)
    return;
  schema = heddle_schema_to_anthropic (call->request->response_schema);
  format = heddle_wire_add_object (heddle_wire_add_object (body, "output_config"), "format");
  json_object_set_string_member (format, "type", "json_schema");
  heddle_wire_add_node (format, "schema", schema);
}

JsonObject *
heddle_anthropic_create_chat (const HeddleChatCall *call, GError **error)
{
  JsonObject *body = heddle_wire_object ("model", call->model, NULL);

  if (!add_messages (call, body, error))
    {
      json_object_unref (body);
      return NULL;
    }
  add_sampling (call, body);
  add_tools (call, body);
  add_format (call, body);
  if (call->request->stream)
    json_object_set_boolean_member (body, "stream", TRUE);
  return body;
}
