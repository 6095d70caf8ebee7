/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-file-value.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAME 200

static JsonNode *
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, message);
  return NULL;
}

static gboolean
check_size (gsize size, GError **error)
{
  if (size == 0)
    {
      refuse (error, _ ("The file is empty. Choose one that has content."));
      return FALSE;
    }
  if (size <= HEDDLE_FILE_MAX_BYTES)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The file is larger than %d MB. Choose a smaller one."), HEDDLE_FILE_MAX_BYTES / (1024 * 1024));
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

/* The kinds that models take are told by their first bytes, whatever a file is called and whatever is installed. */
static const char *
sniff (const guchar *data, gsize size)
{
  static const struct
  {
    const char *magic;
    gsize length;
    const char *mime;
  } known[] = {
    { "\x89PNG\r\n\x1a\n", 8, "image/png" },
    { "\xff\xd8\xff", 3, "image/jpeg" },
    { "GIF87a", 6, "image/gif" },
    { "GIF89a", 6, "image/gif" },
    { "%PDF-", 5, "application/pdf" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (size >= known[i].length && memcmp (data, known[i].magic, known[i].length) == 0)
        return known[i].mime;
    }
  return size >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0 ? "image/webp" : NULL;
}

static char *
guess_mime (const char *name, const guchar *data, gsize size)
{
  static const char *const sniffed[] = { "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", NULL };
  const char *known = sniff (data, size);
  g_autofree char *type = NULL;
  g_autofree char *mime = NULL;
  gboolean is_uncertain;

  if (known != NULL)
    return g_strdup (known);
  type = g_content_type_guess (name, data, size, &is_uncertain);
  mime = type != NULL ? g_content_type_get_mime_type (type) : NULL;
  /* What only claims to be a picture is none: those that models take have been told above. */
  if (mime == NULL || !is_mime (mime) || g_strv_contains (sniffed, mime) || (g_str_has_prefix (mime, "image/") && is_uncertain))
    return g_strdup (g_utf8_validate ((const char *) data, (gssize) size, NULL) ? "text/plain" : "application/octet-stream");
  return g_steal_pointer (&mime);
}

/* The last part of a name, whatever separates the parts where it comes from. */
static char *
clean_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  const char *start = valid;

  for (const char *p = valid; *p != '\0'; p++)
    {
      if (*p == '/' || *p == '\\')
        start = p + 1;
    }
  return g_utf8_substring (start, 0, MIN (g_utf8_strlen (start, -1), MAX_NAME));
}

static JsonNode *
create (const char *name, char *mime, gconstpointer data, gsize size)
{
  JsonObject *file = json_object_new ();
  g_autofree char *clean = clean_name (name);
  g_autofree char *type = mime;
  g_autofree char *encoded = g_base64_encode (data, size);

  json_object_set_member (file, "name", heddle_json_string (clean));
  json_object_set_member (file, "mime", heddle_json_string (type));
  json_object_set_member (file, "size", heddle_json_int ((gint64) size));
  json_object_set_member (file, "data", heddle_json_string (encoded));
  return heddle_json_object (file);
}

JsonNode *
heddle_file_value_new (const char *name, gconstpointer data, gsize size, GError **error)
{
  if (!check_size (size, error))
    return NULL;
  return create (name, guess_mime (name, data, size), data, size);
}

JsonNode *
heddle_file_value_load (const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GByteArray) content = g_byte_array_new ();

  g_return_val_if_fail (path != NULL, NULL);

  file = g_file_new_for_path (path);
  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    return NULL;
  /* No more than is allowed is ever read, also of what has no end. */
  do
    {
      g_clear_pointer (&bytes, g_bytes_unref);
      bytes = g_input_stream_read_bytes (G_INPUT_STREAM (stream), 1024 * 1024, NULL, error);
      if (bytes == NULL)
        return NULL;
      g_byte_array_append (content, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
    }
  while (g_bytes_get_size (bytes) > 0 && content->len <= HEDDLE_FILE_MAX_BYTES);
  return heddle_file_value_new (path, content->data, content->len, error);
}

/* Base64 as it is found: with line ends, without filling, with the letters of addresses. */
static guchar *
decode (const char *text, gsize *size)
{
  g_autoptr (GString) clean = g_string_sized_new (strlen (text) + 4);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isspace (*p) && *p != '=')
        g_string_append_c (clean, *p == '-' ? '+' : *p == '_' ? '/'
                                                              : *p);
    }
  if (strspn (clean->str, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") != clean->len || clean->len % 4 == 1)
    return NULL;
  while (clean->len % 4 != 0)
    g_string_append_c (clean, '=');
  return g_base64_decode (clean->str, size);
}

static JsonNode *
read_bytes (const char *name, const char *mime, const guchar *data, gsize size, GError **error)
{
  if (!check_size (size, error))
    return NULL;
  if (mime != NULL && *mime != '\0' && !is_mime (mime))
    return refuse (error, _ ("The type of a file is not valid. It is written like text/csv."));
  /* What is said to be a picture has to be one. */
  if (mime == NULL || *mime == '\0' || g_str_has_prefix (mime, "image/") || sniff (data, size) != NULL)
    return create (name, guess_mime (name, data, size), data, size);
  return create (name, g_ascii_strdown (mime, -1), data, size);
}

static JsonNode *
read_object (JsonNode *value, GError **error)
{
  gsize size;
  g_autofree guchar *data = decode (heddle_json_get_string (value, "data", ""), &size);

  if (data == NULL)
    return refuse (error, _ ("The data of a file is not base64."));
  return read_bytes (heddle_json_get_string (value, "name", NULL), heddle_json_get_string (value, "mime", NULL), data, size, error);
}

/* data:[type][;parameter…][;base64],data */
static JsonNode *
read_data_uri (const char *uri, GError **error)
{
  const char *comma = strchr (uri, ',');
  g_autofree char *head = comma != NULL ? g_strndup (uri + 5, comma - uri - 5) : NULL;
  g_autofree char *mime = head != NULL ? g_strndup (head, strcspn (head, ";")) : NULL;
  g_autofree guchar *data = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  if (head == NULL)
    return refuse (error, _ ("A data: URI has no comma, so it has no data."));
  if (!g_str_has_suffix (head, ";base64"))
    {
      bytes = g_uri_unescape_bytes (comma + 1, -1, NULL, error);
      return bytes != NULL ? read_bytes (NULL, *mime != '\0' ? mime : "text/plain", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error) : NULL;
    }
  data = decode (comma + 1, &size);
  if (data == NULL)
    return refuse (error, _ ("The data of a data: URI is not base64."));
  return read_bytes (NULL, mime, data, size, error);
}

gboolean
heddle_file_value_is (JsonNode *value)
{
  return heddle_json_get_string (value, "data", NULL) != NULL &&
         (heddle_json_get_string (value, "mime", NULL) != NULL || heddle_json_get_string (value, "name", NULL) != NULL);
}

gboolean
heddle_file_value_is_image (JsonNode *file)
{
  return g_str_has_prefix (heddle_json_get_string (file, "mime", ""), "image/");
}

JsonNode *
heddle_file_value_read (JsonNode *value, GError **error)
{
  const char *text = heddle_json_is_string (value) ? json_node_get_string (value) : NULL;

  if (heddle_file_value_is (value))
    return read_object (value, error);
  if (text != NULL && g_ascii_strncasecmp (text, "data:", 5) == 0)
    return read_data_uri (text, error);
  if (text != NULL)
    return refuse (error, _ ("A text is no file. Files are not read by their path or address: use a field of type file of the Input node, or a data: URI."));
  return refuse (error, _ ("This is no file. It must be {\"name\", \"mime\", \"data\"} with the data as base64, or a data: URI."));
}
