/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-fake-model.h"

#include <string.h>

#include "heddle-harness.h"
#include "value/heddle-json.h"

HeddleModels *
heddle_fake_model_new_models (HeddleFakeServer *server)
{
  HeddleModels *models = heddle_models_new (NULL, NULL);
  g_autofree char *url = heddle_fake_server_dup_url (server, "/v1");
  HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) "openai-compatible", .base_url = url };
  g_autoptr (GError) error = NULL;

  heddle_models_set_provider (models, &info, &error);
  g_assert_no_error (error);
  return models;
}

/* Takes message. */
static char *
make_reply (JsonObject *message, const char *finish_reason)
{
  g_autoptr (JsonNode) usage = heddle_harness_json ("{\"prompt_tokens\":10,\"completion_tokens\":2}");
  JsonObject *reply = json_object_new ();
  JsonObject *choice = json_object_new ();
  JsonArray *choices = json_array_new ();
  g_autoptr (JsonNode) json = NULL;

  json_object_set_string_member (message, "role", "assistant");
  json_object_set_int_member (choice, "index", 0);
  json_object_set_object_member (choice, "message", message);
  json_object_set_string_member (choice, "finish_reason", finish_reason);
  json_array_add_object_element (choices, choice);
  json_object_set_string_member (reply, "model", "m-1");
  json_object_set_array_member (reply, "choices", choices);
  json_object_set_member (reply, "usage", json_node_ref (usage));
  json = heddle_json_object (reply);
  return heddle_json_to_text (json, HEDDLE_JSON_COMPACT);
}

void
heddle_fake_model_push_text (HeddleFakeServer *server, const char *text)
{
  JsonObject *message = json_object_new ();
  g_autofree char *body = NULL;

  json_object_set_string_member (message, "content", text);
  body = make_reply (message, "stop");
  heddle_fake_server_push_body (server, "200 OK", "application/json", body);
}

static void
add_call (JsonArray *calls, JsonNode *call)
{
  JsonNode *arguments = heddle_json_member (call, "arguments");
  g_autofree char *text = heddle_json_is_string (arguments) ? g_strdup (json_node_get_string (arguments)) : heddle_json_to_text (arguments, HEDDLE_JSON_COMPACT);
  JsonObject *object = json_object_new ();
  JsonObject *function = json_object_new ();

  json_object_set_string_member (function, "name", heddle_json_get_string (call, "name", ""));
  json_object_set_string_member (function, "arguments", text);
  json_object_set_string_member (object, "id", heddle_json_get_string (call, "id", ""));
  json_object_set_string_member (object, "type", "function");
  json_object_set_object_member (object, "function", function);
  json_array_add_object_element (calls, object);
}

static char *
make_calls (const char *text)
{
  g_autoptr (JsonNode) json = heddle_harness_json (text);
  JsonObject *message = json_object_new ();
  JsonArray *calls = json_array_new ();

  for (guint i = 0; i < json_array_get_length (json_node_get_array (json)); i++)
    add_call (calls, json_array_get_element (json_node_get_array (json), i));
  json_object_set_null_member (message, "content");
  json_object_set_array_member (message, "tool_calls", calls);
  return make_reply (message, "tool_calls");
}

void
heddle_fake_model_push_calls (HeddleFakeServer *server, const char *calls)
{
  g_autofree char *body = make_calls (calls);

  heddle_fake_server_push_body (server, "200 OK", "application/json", body);
}

void
heddle_fake_model_repeat_calls (HeddleFakeServer *server, const char *calls)
{
  g_autofree char *body = make_calls (calls);

  heddle_fake_server_set_default (server, 0, body);
}

JsonNode *
heddle_fake_model_dup_request (HeddleFakeServer *server, guint index)
{
  g_autofree char *request = heddle_fake_server_dup_request (server, index);

  g_assert_nonnull (request);
  return heddle_harness_json (strstr (request, "\r\n\r\n") + 4);
}

JsonNode *
heddle_fake_model_dup_message (HeddleFakeServer *server, guint request, int index)
{
  g_autoptr (JsonNode) body = heddle_fake_model_dup_request (server, request);
  JsonArray *messages = heddle_json_get_array (body, "messages");
  int length = (int) json_array_get_length (messages);

  if (index < 0)
    index += length;
  g_assert_cmpint (index, >=, 0);
  g_assert_cmpint (index, <, length);
  return json_node_ref (json_array_get_element (messages, (guint) index));
}
