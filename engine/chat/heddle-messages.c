/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-messages.h"

#include "provider/heddle-models.h"
#include "value/heddle-json.h"

#include <string.h>

/* What a picture of the usual size takes with most providers. */
#define TOKENS_PER_IMAGE 800
/* Role, separators. */
#define TOKENS_PER_MESSAGE 4
/* Of a file's base64 text, when it is not known how a provider reads it. */
#define BYTES_PER_FILE_TOKEN 6

static JsonArray *
get_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static guint
count (JsonNode *node)
{
  JsonArray *array = get_array (node);

  return array != NULL ? json_array_get_length (array) : 0;
}

static const char *
get_role (JsonNode *message)
{
  return heddle_json_get_string (message, "role", "");
}

JsonNode *
heddle_messages_append (JsonNode *messages, JsonNode *message)
{
  JsonArray *array = json_array_sized_new (count (messages) + 1);

  for (guint i = 0; i < count (messages); i++)
    json_array_add_element (array, json_node_ref (json_array_get_element (get_array (messages), i)));
  json_array_add_element (array, message);
  return heddle_json_array (array);
}

JsonNode *
heddle_message_new (const char *role, JsonNode *content)
{
  JsonObject *message = json_object_new ();

  g_return_val_if_fail (role != NULL && content != NULL, NULL);

  json_object_set_member (message, "role", heddle_json_string (role));
  json_object_set_member (message, "content", content);
  return heddle_json_object (message);
}

char *
heddle_message_dup_text (JsonNode *message)
{
  JsonNode *content = heddle_json_member (message, "content");
  GString *text = g_string_new (NULL);

  if (heddle_json_is_string (content))
    g_string_append (text, json_node_get_string (content));
  for (guint i = 0; i < count (content); i++)
    {
      const char *part = heddle_json_get_string (json_array_get_element (get_array (content), i), "text", NULL);

      if (part != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", part);
    }
  return g_string_free (text, FALSE);
}

static gint64
estimate_part (JsonNode *part)
{
  const char *type = heddle_json_get_string (part, "type", "");

  if (strcmp (type, "image") == 0)
    return TOKENS_PER_IMAGE;
  return (gint64) strlen (heddle_json_get_string (part, "data", "")) / BYTES_PER_FILE_TOKEN;
}

gint64
heddle_message_estimate_tokens (JsonNode *message)
{
  g_autofree char *text = heddle_message_dup_text (message);
  JsonNode *content = heddle_json_member (message, "content");
  JsonNode *calls = heddle_json_member (message, "tool_calls");
  gint64 n_tokens = TOKENS_PER_MESSAGE + heddle_tokens_estimate (text);

  for (guint i = 0; i < count (content); i++)
    n_tokens += estimate_part (json_array_get_element (get_array (content), i));
  if (count (calls) > 0)
    {
      g_autofree char *written = heddle_json_to_text (calls, HEDDLE_JSON_COMPACT);

      n_tokens += heddle_tokens_estimate (written);
    }
  return n_tokens;
}

gint64
heddle_messages_estimate_tokens (JsonNode *messages)
{
  gint64 n_tokens = 0;

  for (guint i = 0; i < count (messages); i++)
    n_tokens += heddle_message_estimate_tokens (json_array_get_element (get_array (messages), i));
  return n_tokens;
}

static gboolean
is_role (JsonArray *array, guint index, const char *role)
{
  return strcmp (get_role (json_array_get_element (array, index)), role) == 0;
}

static gint64
estimate_system (JsonArray *array)
{
  gint64 n_tokens = 0;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (is_role (array, i, "system"))
        n_tokens += heddle_message_estimate_tokens (json_array_get_element (array, i));
    }
  return n_tokens;
}

/* The first message that stays, apart from system ones: each user's message is a place where a cut may be. */
static guint
find_cut (JsonArray *array, guint max_messages, gint64 max_tokens)
{
  gint64 n_tokens = max_tokens > 0 ? estimate_system (array) : 0;
  guint n_messages = 0;
  guint cut = 0;
  gboolean has_cut = FALSE;

  for (guint i = json_array_get_length (array); i-- > 0;)
    {
      if (is_role (array, i, "system"))
        continue;
      n_messages++;
      if (max_tokens > 0)
        n_tokens += heddle_message_estimate_tokens (json_array_get_element (array, i));
      if (has_cut && ((max_messages > 0 && n_messages > max_messages) || (max_tokens > 0 && n_tokens > max_tokens)))
        return cut;
      if (is_role (array, i, "user"))
        {
          cut = i;
          has_cut = TRUE;
        }
    }
  return has_cut ? cut : 0;
}

JsonNode *
heddle_messages_trim (JsonNode *messages, guint max_messages, gint64 max_tokens)
{
  JsonArray *array = get_array (messages);
  JsonArray *kept;
  guint cut;

  g_return_val_if_fail (array != NULL, NULL);

  cut = find_cut (array, max_messages, max_tokens);
  kept = json_array_new ();
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i >= cut || is_role (array, i, "system"))
        json_array_add_element (kept, json_node_ref (json_array_get_element (array, i)));
    }
  return heddle_json_array (kept);
}

static JsonNode *
strip_part (JsonNode *part)
{
  const char *data = heddle_json_get_string (part, "data", NULL);
  const char *const kept[] = { "type", "mime", "name" };
  g_autofree char *digest = NULL;
  JsonObject *object;

  if (data == NULL)
    return json_node_ref (part);
  object = json_object_new ();
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      JsonNode *value = heddle_json_member (part, kept[i]);

      if (value != NULL)
        json_object_set_member (object, kept[i], json_node_ref (value));
    }
  json_object_set_member (object, "size", heddle_json_int ((gint64) strlen (data) / 4 * 3));
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, data, -1);
  json_object_set_member (object, "digest", heddle_json_string (digest));
  return heddle_json_object (object);
}

static JsonNode *
strip_message (JsonNode *message)
{
  JsonNode *content = heddle_json_member (message, "content");
  JsonArray *parts = json_array_new ();
  JsonObject *object = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  for (guint i = 0; i < count (content); i++)
    json_array_add_element (parts, strip_part (json_array_get_element (get_array (content), i)));
  json_object_iter_init_ordered (&iter, json_node_get_object (message));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (value != content)
        json_object_set_member (object, name, json_node_ref (value));
      else
        json_object_set_member (object, name, heddle_json_array (json_array_ref (parts)));
    }
  json_array_unref (parts);
  return heddle_json_object (object);
}

JsonNode *
heddle_messages_strip_data (JsonNode *messages)
{
  JsonArray *stripped = json_array_new ();

  for (guint i = 0; i < count (messages); i++)
    {
      JsonNode *message = json_array_get_element (get_array (messages), i);
      JsonNode *content = heddle_json_member (message, "content");

      json_array_add_element (stripped, get_array (content) != NULL ? strip_message (message) : json_node_ref (message));
    }
  return heddle_json_array (stripped);
}
