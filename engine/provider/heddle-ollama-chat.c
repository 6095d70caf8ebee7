/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-ollama-private.h"

#include "provider/heddle-message.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

#define DEFAULT_CONTEXT 4096
#define MAX_CONTEXT 131072
#define DEFAULT_ANSWER 2048
#define IMAGE_TOKENS 1024

/* NULL with an error for a file that is neither text nor image. */
static JsonObject *
create_user (const HeddleChatCall *call, JsonNode *message, GError **error)
{
  g_autoptr (GPtrArray) parts = heddle_message_list_parts (message);
  g_autofree char *text = heddle_message_dup_content (message);
  g_autoptr (JsonObject) object = heddle_wire_object ("role", "user", "content", text, NULL);
  g_autoptr (JsonArray) images = json_array_new ();

  for (guint i = 0; i < parts->len; i++)
    {
      HeddlePart *part = g_ptr_array_index (parts, i);

      if (part->text != NULL)
        continue;
      if (!part->is_image)
        {
          g_propagate_error (error, heddle_part_error_new (part, call->endpoint->provider));
          return NULL;
        }
      json_array_add_string_element (images, part->data);
    }
  if (json_array_get_length (images) > 0)
    json_object_set_array_member (object, "images", g_steal_pointer (&images));
  return g_steal_pointer (&object);
}

static JsonObject *
create_call (const HeddleChatCall *call, JsonNode *item)
{
  g_autoptr (JsonNode) arguments = heddle_message_dup_arguments (item);
  JsonObject *object = json_object_new ();
  JsonObject *function = heddle_wire_add_object (object, "function");

  json_object_set_string_member (function, "name", heddle_tool_names_to_wire (call->names, heddle_json_get_string (item, "name", "")));
  heddle_wire_add_node (function, "arguments", arguments);
  return object;
}

static JsonObject *
create_assistant (const HeddleChatCall *call, JsonNode *message)
{
  g_autoptr (JsonArray) blocks = heddle_message_dup_blocks (message, call->endpoint->kind);
  JsonArray *calls = heddle_message_get_calls (message);
  g_autofree char *text = heddle_message_dup_content (message);
  JsonObject *object = heddle_wire_object ("role", "assistant", "content", text, NULL);
  JsonArray *list;

  if (blocks != NULL)
    heddle_wire_add_node (object, "thinking", heddle_json_member (json_array_get_element (blocks, 0), "thinking"));
  if (calls == NULL)
    return object;
  list = heddle_wire_add_array (object, "tool_calls");
  for (guint i = 0; i < json_array_get_length (calls); i++)
    json_array_add_object_element (list, create_call (call, json_array_get_element (calls, i)));
  return object;
}

static JsonObject *
create_message (const HeddleChatCall *call, JsonNode *message, GError **error)
{
  HeddleRole role = heddle_message_get_role (message);
  g_autofree char *text = heddle_message_dup_content (message);

  if (role == HEDDLE_ROLE_ASSISTANT)
    return create_assistant (call, message);
  if (role == HEDDLE_ROLE_TOOL)
    return heddle_wire_object ("role", "tool", "tool_name", heddle_tool_names_to_wire (call->names, heddle_json_get_string (message, "name", "")),
                               "content", text, NULL);
  if (role == HEDDLE_ROLE_SYSTEM)
    return heddle_wire_object ("role", "system", "content", text, NULL);
  return create_user (call, message, error);
}

static gboolean
add_messages (const HeddleChatCall *call, JsonObject *body, GError **error)
{
  JsonArray *messages = heddle_messages_get_array (call->request->messages);
  JsonArray *list = heddle_wire_add_array (body, "messages");

  for (guint i = 0; i < heddle_wire_length (messages); i++)
    {
      JsonObject *object = create_message (call, json_array_get_element (messages, i), error);

      if (object == NULL)
        return FALSE;
      json_array_add_object_element (list, object);
    }
  return TRUE;
}

/* No choice can be demanded: "none" offers no tools, and a name offers that one alone. */
static void
add_tools (const HeddleChatCall *call, JsonObject *body)
{
  static const char *const words[] = { "auto", "required", NULL };
  const char *choice = call->request->tool_choice == NULL ? "auto" : call->request->tool_choice;
  JsonArray *tools = heddle_messages_get_array (call->request->tools);
  g_autoptr (JsonNode) any = heddle_json_parse ("{\"type\":\"object\",\"properties\":{}}", -1, NULL);
  JsonArray *list;

  if (heddle_wire_length (tools) == 0 || strcmp (choice, "none") == 0)
    return;
  list = heddle_wire_add_array (body, "tools");
  for (guint i = 0; i < json_array_get_length (tools); i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);
      const char *name = heddle_json_get_string (tool, "name", "");
      JsonNode *parameters = heddle_json_member (tool, "parameters");
      JsonObject *object;
      JsonObject *function;

      if (!g_strv_contains (words, choice) && strcmp (name, choice) != 0)
        continue;
      object = heddle_wire_object ("type", "function", NULL);
      function = heddle_wire_add_object (object, "function");
      json_object_set_string_member (function, "name", heddle_tool_names_to_wire (call->names, name));
      json_object_set_string_member (function, "description", heddle_json_get_string (tool, "description", ""));
      heddle_wire_add_node (function, "parameters", parameters != NULL && JSON_NODE_HOLDS_OBJECT (parameters) ? parameters : any);
      json_array_add_object_element (list, object);
    }
}

static guint
count_images (JsonArray *messages)
{
  guint n_images = 0;

  for (guint i = 0; i < heddle_wire_length (messages); i++)
    {
      g_autoptr (GPtrArray) parts = heddle_message_list_parts (json_array_get_element (messages, i));

      for (guint k = 0; k < parts->len; k++)
        n_images += ((HeddlePart *) g_ptr_array_index (parts, k))->is_image;
    }
  return n_images;
}

/*
 * A prompt longer than the server's window is cut without a word, so the window is made for it: in powers of two, as
 * each other size loads the model anew. 0: the usual one does.
 */
static gint64
choose_context (const HeddleChatRequest *request)
{
  g_autofree char *text = heddle_messages_to_text (request->messages);
  g_autofree char *tools = request->tools == NULL ? g_strdup ("") : heddle_json_to_text (request->tools, HEDDLE_JSON_COMPACT);
  gint64 n_images = count_images (heddle_messages_get_array (request->messages));
  gint64 input = heddle_tokens_estimate (text) + heddle_tokens_estimate (tools) + n_images * IMAGE_TOKENS;
  gint64 needed = input + input / 4 + (request->max_tokens > 0 ? request->max_tokens : DEFAULT_ANSWER);
  gint64 context = DEFAULT_CONTEXT;

  while (context < needed && context < MAX_CONTEXT)
    context *= 2;
  return context == DEFAULT_CONTEXT ? 0 : context;
}

static void
add_options (const HeddleChatCall *call, JsonObject *body)
{
  const HeddleChatRequest *request = call->request;
  gint64 context = choose_context (request);
  JsonObject *options = json_object_new ();

  if (request->temperature >= 0)
    heddle_wire_add_number (options, "temperature", request->temperature);
  if (request->top_p > 0)
    heddle_wire_add_number (options, "top_p", request->top_p);
  if (request->max_tokens > 0)
    json_object_set_int_member (options, "num_predict", request->max_tokens);
  if (context > 0)
    json_object_set_int_member (options, "num_ctx", context);
  if (json_object_get_size (options) > 0)
    json_object_set_object_member (body, "options", options);
  else
    json_object_unref (options);
}

/* Only one family knows levels, the others think or do not. */
static void
add_thinking (const HeddleChatCall *call, JsonObject *body)
{
  const char *effort = call->request->reasoning_effort;
  gboolean is_none = g_strcmp0 (effort, "none") == 0;

  if (effort == NULL)
    return;
  if (strstr (call->model, "gpt-oss") != NULL)
    json_object_set_string_member (body, "think", is_none ? "low" : effort);
  else
    json_object_set_boolean_member (body, "think", !is_none);
}

JsonObject *
heddle_ollama_create_chat (const HeddleChatCall *call, GError **error)
{
  JsonObject *body = heddle_wire_object ("model", call->model, NULL);

  if (!add_messages (call, body, error))
    {
      json_object_unref (body);
      return NULL;
    }
  add_options (call, body);
  add_thinking (call, body);
  add_tools (call, body);
  if (call->request->response_schema != NULL)
    heddle_wire_add_node (body, "format", call->request->response_schema);
  else if (call->request->response_json)
    json_object_set_string_member (body, "format", "json");
  /* It streams unless told otherwise. */
  json_object_set_boolean_member (body, "stream", call->request->stream);
  return body;
}
