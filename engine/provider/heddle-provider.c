/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-provider-private.h"

#include "value/heddle-json.h"

#include <string.h>

void
heddle_provider_info_free (HeddleProviderInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->id);
  g_free (info->kind);
  g_free (info->title);
  g_free (info->base_url);
  g_free (info->credential);
  g_free (info->profile);
  g_free (info);
}

HeddleChatRequest *
heddle_chat_request_copy (const HeddleChatRequest *request)
{
  HeddleChatRequest *copy = g_memdup2 (request, sizeof *request);

  copy->model = g_strdup (request->model);
  copy->messages = request->messages == NULL ? NULL : json_node_ref (request->messages);
  copy->tools = request->tools == NULL ? NULL : json_node_ref (request->tools);
  copy->tool_choice = g_strdup (request->tool_choice);
  copy->reasoning_effort = g_strdup (request->reasoning_effort);
  copy->response_schema = request->response_schema == NULL ? NULL : json_node_ref (request->response_schema);
  return copy;
}

void
heddle_chat_request_free (HeddleChatRequest *request)
{
  g_free ((char *) request->model);
  g_clear_pointer (&request->messages, json_node_unref);
  g_clear_pointer (&request->tools, json_node_unref);
  g_free ((char *) request->tool_choice);
  g_free ((char *) request->reasoning_effort);
  g_clear_pointer (&request->response_schema, json_node_unref);
  g_free (request);
}

void
heddle_chat_response_free (HeddleChatResponse *response)
{
  if (response == NULL)
    return;
  g_free (response->text);
  g_free (response->model);
  g_free (response->finish_reason);
  g_free (response->refusal);
  g_free (response->reasoning);
  g_free (response->request_id);
  g_clear_pointer (&response->tool_calls, json_node_unref);
  g_clear_pointer (&response->opaque, json_node_unref);
  g_free (response);
}

JsonNode *
heddle_chat_response_to_message (const HeddleChatResponse *response)
{
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "role", "assistant");
  json_object_set_member (message, "content", heddle_json_string (response->text));
  if (response->tool_calls != NULL)
    json_object_set_member (message, "tool_calls", json_node_ref (response->tool_calls));
  if (response->opaque != NULL)
    json_object_set_member (message, "opaque", json_node_ref (response->opaque));
  return heddle_json_object (message);
}

void
heddle_embeddings_free (HeddleEmbeddings *embeddings)
{
  if (embeddings == NULL)
    return;
  g_free (embeddings->values);
  g_free (embeddings);
}

const char *
heddle_model_reference_get_model (const char *reference)
{
  const char *slash = reference == NULL ? NULL : strchr (reference, '/');

  return slash == NULL || slash == reference || slash[1] == '\0' ? NULL : slash + 1;
}

static void
append_content (GString *text,
                JsonNode *content)
{
  JsonArray *parts = content != NULL && JSON_NODE_HOLDS_ARRAY (content) ? json_node_get_array (content) : NULL;

  if (heddle_json_is_string (content))
    g_string_append (text, json_node_get_string (content));
  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++)
    g_string_append (text, heddle_json_get_string (json_array_get_element (parts, i), "text", ""));
}

char *
heddle_messages_to_text (JsonNode *messages)
{
  GString *text = g_string_new (NULL);
  JsonArray *array = messages != NULL && JSON_NODE_HOLDS_ARRAY (messages) ? json_node_get_array (messages) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *message = json_array_get_element (array, i);

      append_content (text, heddle_json_member (message, "content"));
      if (heddle_json_get_array (message, "tool_calls") != NULL)
        heddle_json_append_text (text, heddle_json_member (message, "tool_calls"), HEDDLE_JSON_COMPACT, 0);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

gint64
heddle_tokens_estimate (const char *text)
{
  gint64 n_bytes = 0;
  gint64 n_dense = 0;

  g_return_val_if_fail (text != NULL, 0);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* Han, Kana and Hangul take about a token each. */
      if (c >= 0x2E80 && c < 0xD800)
        n_dense++;
      else
        n_bytes += g_utf8_next_char (p) - p;
    }
  return n_dense + (n_bytes + 3) / 4;
}
