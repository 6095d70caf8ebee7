/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-template-escape.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-expr-node.h"
#include "value/heddle-json.h"

void
heddle_json_place_advance (HeddleJsonPlace *place, char byte)
{
  if (place->escaped)
    place->escaped = FALSE;
  else if (place->in_string && byte == '\\')
    place->escaped = TRUE;
  else if (byte == '"')
    place->in_string = !place->in_string;
}

void
heddle_escape_none (GString *out, JsonNode *value)
{
  g_autofree char *text = heddle_json_to_display (value);

  g_string_append (out, text);
}

/* A value that begins the template is the address itself; elsewhere it is one piece of one. */
void
heddle_escape_url (GString *out, JsonNode *value, gboolean verbatim)
{
  g_autofree char *text = heddle_json_to_display (value);
  g_autofree char *escaped = verbatim ? NULL : g_uri_escape_string (text, NULL, FALSE);

  g_string_append (out, verbatim ? text : escaped);
}

/* A value glued to the name of a server would make it another one: "https://example.com" and ".evil.example". */
static gboolean
changes_host (const char *before, const char *text, const char *after)
{
  const char *authority = strstr (before, "://");
  gsize length;

  if (authority == NULL || *text == '\0')
    return FALSE;
  authority += strlen ("://");
  length = strlen (authority);
  if (authority[strcspn (authority, "/?#")] != '\0' || length == 0 || authority[length - 1] == '.')
    return FALSE;
  if (authority[length - 1] == ':')
    return text[strspn (text, "0123456789")] != '\0' && strcspn (after, "@") >= strcspn (after, "/?#");
  return strcspn (after, ".@") >= strcspn (after, "/?#:");
}

/* "." and ".." as a whole part of the path: servers and those between take them for a way up. */
static guint
count_dot_segments (const char *url)
{
  const char *scheme_end = strstr (url, "://");
  const char *path = scheme_end != NULL ? scheme_end + strlen ("://") : url;
  g_autofree char *whole = g_strndup (path, strcspn (path, "?#"));
  g_auto (GStrv) segments = g_strsplit_set (whole, "/\\", -1);
  guint count = 0;

  for (guint i = 1; segments[0] != NULL && segments[i] != NULL; i++)
    {
      g_autofree char *plain = g_uri_unescape_string (segments[i], "/");

      count += g_strcmp0 (plain, ".") == 0 || g_strcmp0 (plain, "..") == 0;
    }
  return count;
}

gboolean
heddle_escape_check_host (const char *before, JsonNode *value, const char *after, const char *source, guint offset, GError **error)
{
  g_autofree char *text = heddle_json_to_display (value);
  g_autofree char *place = NULL;

  if (!changes_host (before, text, after))
    return TRUE;
  place = expr_describe_place (source, offset);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION, _ ("The value would change the server that is asked; put a “/” before it %s"), place);
  return FALSE;
}

gboolean
heddle_escape_check_path (const char *url, const char *shape, GError **error)
{
  if (count_dot_segments (url) == count_dot_segments (shape))
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION, _ ("A value makes a “.” or “..” of a part of the address, which would lead elsewhere. Check the value first."));
  return FALSE;
}

void
heddle_escape_json (GString *out, JsonNode *value, gboolean in_string)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) literal = NULL;

  if (!in_string)
    {
      heddle_json_append_text (out, value, HEDDLE_JSON_COMPACT, 0);
      return;
    }
  text = heddle_json_to_display (value);
  literal = g_string_new (NULL);
  heddle_json_append_string (literal, text);
  g_string_append_len (out, literal->str + 1, literal->len - 2);
}

gboolean
heddle_escape_header (GString *out, JsonNode *value, const char *source, guint offset, GError **error)
{
  g_autofree char *text = heddle_json_to_display (value);

  for (const char *p = text; *p != '\0'; p++)
    {
      g_autofree char *place = NULL;

      if (((guchar) *p >= 0x20 || *p == '\t') && *p != 0x7f)
        continue;
      place = expr_describe_place (source, offset);
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION, _ ("The value has a line break or control character, which a header cannot hold %s"), place);
      return FALSE;
    }
  g_string_append (out, text);
  return TRUE;
}
