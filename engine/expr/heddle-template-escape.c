/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-template-escape.h"

#include <glib/gi18n-lib.h>

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
