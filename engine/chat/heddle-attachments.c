/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-attachments.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAME 200

typedef struct
{
  char *mime;
  char *name; /* or NULL */
  char *data; /* base64 without white space */
} Attachment;

static void
attachment_clear (Attachment *self)
{
  g_free (self->mime);
  g_free (self->name);
  g_free (self->data);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attachment, attachment_clear)

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
is_mime (const char *text)
{
  const char *slash = strchr (text, '/');

  if (slash == NULL || slash == text || slash[1] == '\0' || strlen (text) > 100)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (p != slash && !g_ascii_isalnum (*p) && strchr (".+-_", *p) == NULL)
        return FALSE;
    }
  return TRUE;
}

gboolean
heddle_json_is_file (JsonNode *value)
{
  const char *mime = heddle_json_get_string (value, "mime", NULL);

  return mime != NULL && is_mime (mime) && heddle_json_get_string (value, "data", NULL) != NULL;
}

/* Base64 as every provider takes it: the usual letters, filled up, nothing in between. */
static char *
normalise_base64 (const char *text, GError **error)
{
  gsize size = strlen (text);
  GString *clean = g_string_sized_new (size + 4);
  gsize n_letters;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isspace (*p) && *p != '=')
        g_string_append_c (clean, *p == '-' ? '+' : *p == '_' ? '/'
                                                              : *p);
    }
  n_letters = strspn (clean->str, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  if (n_letters != clean->len || clean->len % 4 == 1 || clean->len == 0)
    {
      g_string_free (clean, TRUE);
      refuse (error, size == 0 ? _ ("An attachment is empty. Choose a file that has content.") : _ ("The data of an attachment is not base64."));
      return NULL;
    }
  while (clean->len % 4 != 0)
    g_string_append_c (clean, '=');
  return g_string_free (clean, FALSE);
}

static gboolean
read_file (Attachment *self, JsonNode *value, GError **error)
{
  const char *name = heddle_json_get_string (value, "name", NULL);

  self->mime = g_ascii_strdown (heddle_json_get_string (value, "mime", ""), -1);
  self->name = name != NULL && *name != '\0' ? g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), MAX_NAME)) : NULL;
  self->data = normalise_base64 (heddle_json_get_string (value, "data", ""), error);
  return self->data != NULL;
}

/* data:[mime][;parameter…][;base64],data */
static gboolean
read_data_uri (Attachment *self, const char *uri, GError **error)
{
  const char *comma = strchr (uri, ',');
  g_autofree char *head = comma != NULL ? g_strndup (uri + 5, comma - uri - 5) : NULL;
  gsize mime_length = head != NULL ? strcspn (head, ";") : 0;
  g_autoptr (GBytes) bytes = NULL;

  if (head == NULL)
    return refuse (error, _ ("An attachment is a data: URI without a comma, so it has no data."));
  self->mime = mime_length > 0 ? g_ascii_strdown (head, (gssize) mime_length) : g_strdup ("text/plain");
  if (!is_mime (self->mime))
    return refuse (error, _ ("An attachment is a data: URI whose type is not valid."));
  if (g_str_has_suffix (head, ";base64"))
    {
      self->data = normalise_base64 (comma + 1, error);
      return self->data != NULL;
    }
  bytes = g_uri_unescape_bytes (comma + 1, -1, NULL, error);
  if (bytes == NULL)
    return FALSE;
  self->data = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return TRUE;
}

static gboolean
read_attachment (Attachment *self, JsonNode *value, GError **error)
{
  const char *text = heddle_json_is_string (value) ? json_node_get_string (value) : NULL;

  if (heddle_json_is_file (value))
    return read_file (self, value, error);
  if (text != NULL && g_ascii_strncasecmp (text, "data:", 5) == 0)
    return read_data_uri (self, text, error);
  if (text != NULL)
    return refuse (error, _ ("An attachment is a text. Files are not read by their path or address: use a field of type file of the Input node, or a data: URI."));
  return refuse (error, _ ("An attachment is no file. It must be {\"mime\", \"data\", \"name\"} with the data as base64, or a data: URI."));
}

static gboolean
is_text (const char *mime)
{
  static const char *const others[] = { "application/json", "application/xml", "application/yaml", "application/x-yaml", "application/toml", NULL };

  return g_str_has_prefix (mime, "text/") || g_strv_contains (others, mime);
}

static void
set_text (JsonObject *part, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_member (part, name, heddle_json_string (text));
}

static JsonNode *
create_text_part (const Attachment *attachment)
{
  gsize size;
  g_autofree guchar *bytes = g_base64_decode (attachment->data, &size);
  g_autofree char *text = g_utf8_make_valid ((const char *) bytes, (gssize) size);
  g_autofree char *framed = g_strdup_printf ("%s:\n<file>\n%s\n</file>", attachment->name != NULL ? attachment->name : _ ("Attached file"), text);
  JsonObject *part = json_object_new ();

  set_text (part, "type", "text");
  set_text (part, "text", framed);
  return heddle_json_object (part);
}

static JsonNode *
create_part (const Attachment *attachment)
{
  JsonObject *part;

  if (is_text (attachment->mime))
    return create_text_part (attachment);
  part = json_object_new ();
  set_text (part, "type", g_str_has_prefix (attachment->mime, "image/") ? "image" : "file");
  set_text (part, "mime", attachment->mime);
  set_text (part, "name", attachment->name);
  set_text (part, "data", attachment->data);
  return heddle_json_object (part);
}

static gboolean
add_part (JsonArray *parts, JsonNode *value, gsize *size, GError **error)
{
  g_auto (Attachment) attachment = { 0 };

  if (heddle_json_is_blank (value))
    return TRUE;
  if (!read_attachment (&attachment, value, error))
    return FALSE;
  *size += strlen (attachment.data);
  if (*size > HEDDLE_ATTACHMENTS_MAX_BYTES)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The attachments are larger than %d MB in all. Send fewer or smaller ones."),
                   HEDDLE_ATTACHMENTS_MAX_BYTES / 4 * 3 / (1024 * 1024));
      return FALSE;
    }
  json_array_add_element (parts, create_part (&attachment));
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
