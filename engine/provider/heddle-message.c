/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-message.h"

#include "heddle-error.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

HeddleRole
heddle_message_get_role (JsonNode *message)
{
  const char *role = heddle_json_get_string (message, "role", "user");

  if (strcmp (role, "system") == 0)
    return HEDDLE_ROLE_SYSTEM;
  if (strcmp (role, "assistant") == 0)
    return HEDDLE_ROLE_ASSISTANT;
  return strcmp (role, "tool") == 0 ? HEDDLE_ROLE_TOOL : HEDDLE_ROLE_USER;
}

char *
heddle_message_dup_content (JsonNode *message)
{
  g_autoptr (GPtrArray) parts = heddle_message_list_parts (message);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    {
      HeddlePart *part = g_ptr_array_index (parts, i);

      if (part->text != NULL)
        g_string_append_printf (text, "%s%s", text->len == 0 ? "" : "\n\n", part->text);
    }
  return g_string_free (text, FALSE);
}

JsonArray *
heddle_messages_get_array (JsonNode *messages)
{
  return messages != NULL && JSON_NODE_HOLDS_ARRAY (messages) ? json_node_get_array (messages) : NULL;
}

char *
heddle_messages_dup_system (JsonNode *messages)
{
  JsonArray *array = heddle_messages_get_array (messages);
  GString *system = g_string_new (NULL);

  for (guint i = 0; i < heddle_wire_length (array); i++)
    {
      JsonNode *message = json_array_get_element (array, i);
      g_autofree char *text = heddle_message_get_role (message) == HEDDLE_ROLE_SYSTEM ? heddle_message_dup_content (message) : NULL;

      if (text != NULL && *text != '\0')
        g_string_append_printf (system, "%s%s", system->len == 0 ? "" : "\n\n", text);
    }
  return g_string_free (system, system->len == 0);
}

JsonArray *
heddle_message_get_calls (JsonNode *message)
{
  JsonArray *calls = heddle_json_get_array (message, "tool_calls");

  return heddle_wire_length (calls) == 0 ? NULL : calls;
}

JsonNode *
heddle_message_dup_arguments (JsonNode *call)
{
  JsonNode *arguments = heddle_json_member (call, "arguments");
  JsonObject *object;

  if (arguments != NULL && JSON_NODE_HOLDS_OBJECT (arguments))
    return json_node_ref (arguments);
  object = json_object_new ();
  if (!heddle_json_is_blank (arguments))
    json_object_set_member (object, "invalid_json", json_node_ref (arguments));
  return heddle_json_object (object);
}

static gboolean
has_call (JsonNode *message,
          const char *id)
{
  JsonArray *calls = heddle_message_get_calls (message);

  for (guint i = 0; i < heddle_wire_length (calls); i++)
    {
      if (strcmp (heddle_json_get_string (json_array_get_element (calls, i), "id", ""), id) == 0)
        return TRUE;
    }
  return FALSE;
}

JsonArray *
heddle_message_dup_blocks (JsonNode *message,
                           const char *kind)
{
  JsonNode *opaque = heddle_json_member (message, "opaque");
  JsonArray *entries = heddle_json_get_array (opaque, "blocks");
  g_autoptr (JsonArray) blocks = json_array_new ();

  if (strcmp (heddle_json_get_string (opaque, "kind", ""), kind) != 0)
    return NULL;
  for (guint i = 0; i < heddle_wire_length (entries); i++)
    {
      JsonNode *entry = json_array_get_element (entries, i);
      const char *id = heddle_json_get_string (entry, "call", NULL);
      JsonNode *block = heddle_json_member (entry, "block");

      if (block != NULL && JSON_NODE_HOLDS_OBJECT (block) && (id == NULL || has_call (message, id)))
        json_array_add_element (blocks, json_node_ref (block));
    }
  return json_array_get_length (blocks) == 0 ? NULL : g_steal_pointer (&blocks);
}

static void
part_free (gpointer data)
{
  HeddlePart *part = data;

  g_free (part->text);
  g_free (part);
}

static gboolean
is_text_type (const char *mime)
{
  static const char *const types[] = { "application/json", "application/xml", "application/yaml", "application/x-yaml", "application/javascript", NULL };

  return g_str_has_prefix (mime, "text/") || g_strv_contains (types, mime);
}

/* Every model reads text, so a file of it needs no more than its name before it. */
static char *
decode_text (const HeddlePart *part)
{
  gsize size;
  g_autofree guchar *bytes = g_base64_decode (part->data, &size);
  g_autofree char *text = g_utf8_make_valid ((const char *) bytes, size);

  return part->name == NULL ? g_steal_pointer (&text) : g_strdup_printf ("%s:\n\n%s", part->name, text);
}

static HeddlePart *
create_part (JsonNode *node)
{
  const char *type = heddle_json_get_string (node, "type", "text");
  HeddlePart *part = g_new0 (HeddlePart, 1);

  if (strcmp (type, "text") == 0)
    {
      part->text = g_strdup (heddle_json_get_string (node, "text", ""));
      return part;
    }
  part->is_image = strcmp (type, "image") == 0;
  part->mime = heddle_json_get_string (node, "mime", part->is_image ? "image/png" : "application/octet-stream");
  part->name = heddle_json_get_string (node, "name", NULL);
  part->data = heddle_json_get_string (node, "data", "");
  if (!part->is_image && is_text_type (part->mime))
    part->text = decode_text (part);
  return part;
}

GPtrArray *
heddle_message_list_parts (JsonNode *message)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (part_free);
  JsonNode *content = heddle_json_member (message, "content");
  JsonArray *array = content != NULL && JSON_NODE_HOLDS_ARRAY (content) ? json_node_get_array (content) : NULL;

  if (heddle_json_is_string (content))
    {
      HeddlePart *part = g_new0 (HeddlePart, 1);

      part->text = g_strdup (json_node_get_string (content));
      g_ptr_array_add (parts, part);
    }
  for (guint i = 0; i < heddle_wire_length (array); i++)
    g_ptr_array_add (parts, create_part (json_array_get_element (array, i)));
  return parts;
}

GError *
heddle_part_error_new (const HeddlePart *part,
                       const char *provider)
{
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("%s takes no files of the type %s."), provider, part->mime);

  heddle_error_set_hint (error, _ ("Read the file into text before, or choose a model of another provider."));
  return error;
}
