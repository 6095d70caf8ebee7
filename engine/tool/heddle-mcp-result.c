/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-result.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
copy_text (JsonNode *from, const char *member, JsonObject *to, const char *name)
{
  const char *text = heddle_json_get_string (from, member, NULL);

  if (text != NULL)
    json_object_set_string_member (to, name, text);
}

static void
add_binary (JsonNode *block, JsonObject *part, const char *type)
{
  json_object_set_string_member (part, "type", type);
  copy_text (block, "mimeType", part, "mime");
  copy_text (block, "data", part, "data");
}

static void
add_resource (JsonNode *resource, JsonObject *part)
{
  json_object_set_string_member (part, "type", "resource");
  copy_text (resource, "uri", part, "uri");
  copy_text (resource, "mimeType", part, "mime");
  copy_text (resource, "text", part, "text");
  copy_text (resource, "blob", part, "data");
}

static void
add_link (JsonNode *block, JsonObject *part)
{
  json_object_set_string_member (part, "type", "link");
  copy_text (block, "uri", part, "uri");
  copy_text (block, "name", part, "name");
  copy_text (block, "description", part, "description");
  copy_text (block, "mimeType", part, "mime");
}

/* A kind that came into the protocol later is passed on as it is. */
static JsonNode *
read_block (JsonNode *block)
{
  const char *type = heddle_json_get_string (block, "type", "");
  JsonObject *part = json_object_new ();

  if (strcmp (type, "text") == 0)
    {
      json_object_set_string_member (part, "type", "text");
      json_object_set_string_member (part, "text", heddle_json_get_string (block, "text", ""));
    }
  else if (strcmp (type, "image") == 0 || strcmp (type, "audio") == 0)
    {
      add_binary (block, part, type);
    }
  else if (strcmp (type, "resource") == 0)
    {
      add_resource (heddle_json_member (block, "resource"), part);
    }
  else if (strcmp (type, "resource_link") == 0)
    {
      add_link (block, part);
    }
  else
    {
      json_object_unref (part);
      return json_node_ref (block);
    }
  return heddle_json_object (part);
}

static JsonNode *
read_content (JsonNode *result)
{
  JsonArray *blocks = heddle_json_get_array (result, "content");
  JsonArray *content = json_array_new ();

  for (guint i = 0; blocks != NULL && i < json_array_get_length (blocks); i++)
    json_array_add_element (content, read_block (json_array_get_element (blocks, i)));
  return heddle_json_array (content);
}

HeddleMcpResult *
heddle_mcp_result_new (JsonNode *result, const char *server, GError **error)
{
  JsonNode *structured = heddle_json_member (result, "structuredContent");
  HeddleMcpResult *self;

  if (strcmp (heddle_json_get_string (result, "resultType", "complete"), "complete") != 0)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The MCP server “%s” asks a person something before it answers, which Heddle cannot pass on."),
                   server);
      return NULL;
    }
  if (structured == NULL && heddle_json_get_array (result, "content") == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The MCP server “%s” sent a result without content."), server);
      return NULL;
    }
  self = g_new0 (HeddleMcpResult, 1);
  self->content = read_content (result);
  self->structured = structured == NULL || JSON_NODE_HOLDS_NULL (structured) ? NULL : json_node_ref (structured);
  self->is_error = heddle_json_get_boolean (result, "isError", FALSE);
  return self;
}

void
heddle_mcp_result_free (HeddleMcpResult *self)
{
  if (self == NULL)
    return;
  json_node_unref (self->content);
  g_clear_pointer (&self->structured, json_node_unref);
  g_free (self);
}

JsonNode *
heddle_mcp_result_to_json (const HeddleMcpResult *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "content", json_node_ref (self->content));
  if (self->structured != NULL)
    json_object_set_member (object, "structured", json_node_ref (self->structured));
  json_object_set_boolean_member (object, "is_error", self->is_error);
  return heddle_json_object (object);
}

HeddleMcpResult *
heddle_mcp_result_from_json (JsonNode *json)
{
  HeddleMcpResult *self = g_new0 (HeddleMcpResult, 1);
  JsonNode *structured = heddle_json_member (json, "structured");
  JsonArray *content = heddle_json_get_array (json, "content");

  self->content = content != NULL ? json_node_ref (heddle_json_member (json, "content")) : heddle_json_array (json_array_new ());
  self->structured = structured != NULL ? json_node_ref (structured) : NULL;
  self->is_error = heddle_json_get_boolean (json, "is_error", FALSE);
  return self;
}

static gboolean
is_text (JsonNode *part)
{
  return strcmp (heddle_json_get_string (part, "type", ""), "text") == 0;
}

static void
append_binary (GString *text, JsonNode *part)
{
  g_autofree char *size = g_format_size (strlen (heddle_json_get_string (part, "data", "")) / 4 * 3);
  const char *uri = heddle_json_get_string (part, "uri", "");

  g_string_append_printf (text, "[%s %s%s%s, %s]", heddle_json_get_string (part, "type", ""), heddle_json_get_string (part, "mime", ""),
                          *uri == '\0' ? "" : " ", uri, size);
}

static void
append_part (GString *text, JsonNode *part)
{
  const char *content = heddle_json_get_string (part, "text", NULL);

  if (content != NULL)
    {
      g_string_append (text, content);
    }
  else if (heddle_json_get_string (part, "data", NULL) != NULL)
    {
      append_binary (text, part);
    }
  else
    {
      g_autofree char *json = heddle_json_to_text (part, HEDDLE_JSON_COMPACT);

      g_string_append (text, json);
    }
}

char *
heddle_mcp_result_to_text (const HeddleMcpResult *self)
{
  JsonArray *content = json_node_get_array (self->content);
  GString *text;

  if (json_array_get_length (content) == 0)
    return heddle_json_to_text (self->structured, HEDDLE_JSON_COMPACT);
  text = g_string_new (NULL);
  for (guint i = 0; i < json_array_get_length (content); i++)
    {
      if (i > 0)
        g_string_append_c (text, '\n');
      append_part (text, json_array_get_element (content, i));
    }
  return g_string_free (text, FALSE);
}

JsonNode *
heddle_mcp_result_to_value (const HeddleMcpResult *self)
{
  JsonArray *content = json_node_get_array (self->content);
  g_autofree char *text = NULL;

  if (self->structured != NULL)
    return json_node_ref (self->structured);
  for (guint i = 0; i < json_array_get_length (content); i++)
    {
      if (!is_text (json_array_get_element (content, i)))
        return json_node_ref (self->content);
    }
  text = heddle_mcp_result_to_text (self);
  return heddle_json_string (json_array_get_length (content) == 0 ? "" : text);
}
