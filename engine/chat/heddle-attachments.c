/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-attachments.h"

#include "heddle-error.h"
#include "value/heddle-file-value.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_text (const char *mime)
{
  static const char *const others[] = { "application/json", "application/xml", "application/yaml", "application/x-yaml", "application/toml", NULL };

  return g_str_has_prefix (mime, "text/") || g_strv_contains (others, mime);
}

static void
set_text (JsonObject *part, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_member (part, name, heddle_json_string (text));
}

static JsonNode *
create_text_part (JsonNode *file)
{
  const char *name = heddle_json_get_string (file, "name", "");
  gsize size;
  g_autofree guchar *bytes = g_base64_decode (heddle_json_get_string (file, "data", ""), &size);
  g_autofree char *text = g_utf8_make_valid ((const char *) bytes, (gssize) size);
  g_autofree char *framed = g_strdup_printf ("%s:\n<file>\n%s\n</file>", *name != '\0' ? name : _ ("Attached file"), text);
  JsonObject *part = json_object_new ();

  set_text (part, "type", "text");
  set_text (part, "text", framed);
  return heddle_json_object (part);
}

static JsonNode *
create_part (JsonNode *file)
{
  JsonObject *part;

  if (is_text (heddle_json_get_string (file, "mime", "")))
    return create_text_part (file);
  part = json_object_new ();
  set_text (part, "type", heddle_file_value_is_image (file) ? "image" : "file");
  set_text (part, "mime", heddle_json_get_string (file, "mime", ""));
  set_text (part, "name", heddle_json_get_string (file, "name", ""));
  set_text (part, "data", heddle_json_get_string (file, "data", ""));
  return heddle_json_object (part);
}

static gboolean
add_part (JsonArray *parts, JsonNode *value, gsize *size, GError **error)
{
  g_autoptr (JsonNode) file = NULL;

  if (heddle_json_is_blank (value))
    return TRUE;
  file = heddle_file_value_read (value, error);
  if (file == NULL)
    {
      g_prefix_error (error, "%s: ", _ ("Images and files"));
      return FALSE;
    }
  *size += (gsize) heddle_json_get_int (file, "size", 0);
  if (*size > HEDDLE_ATTACHMENTS_MAX_BYTES)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The attached files are larger than %d MB in all. Send fewer or smaller ones."),
                   HEDDLE_ATTACHMENTS_MAX_BYTES / (1024 * 1024));
      return FALSE;
    }
  json_array_add_element (parts, create_part (file));
  return TRUE;
}

JsonNode *
heddle_attachments_to_parts (JsonNode *value, GError **error)
{
  JsonArray *list = value != NULL && JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
  guint n_values = list != NULL ? json_array_get_length (list) : 1;
  JsonArray *parts = json_array_new ();
  gsize size = 0;

  for (guint i = 0; i < n_values; i++)
    {
      if (add_part (parts, list != NULL ? json_array_get_element (list, i) : value, &size, error))
        continue;
      json_array_unref (parts);
      return NULL;
    }
  return heddle_json_array (parts);
}
