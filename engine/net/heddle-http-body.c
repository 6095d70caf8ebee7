/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-body.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_json_type (const char *type)
{
  g_autofree char *bare = g_ascii_strdown (type == NULL ? "" : type, -1);

  bare[strcspn (bare, ";")] = '\0';
  g_strstrip (bare);
  return strcmp (bare, "application/json") == 0 || strcmp (bare, "text/json") == 0 || g_str_has_suffix (bare, "+json");
}

static JsonNode *
read_json (const HeddleHttpResponse *response, const char *data, gsize size, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *host = heddle_http_dup_host (response->url);
  JsonNode *value;

  if (size == 0)
    return heddle_json_null ();
  value = heddle_json_parse (data, size, &cause);
  if (value == NULL)
    {
      GError *problem = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The answer of %s is not valid JSON: %s"), host, cause->message);

      heddle_error_set_hint (problem, _ ("Set the response to text, or check the address."));
      g_propagate_error (error, problem);
    }
  return value;
}

/* In the character set that the server names; what does not fit becomes U+FFFD. */
static JsonNode *
read_text (const HeddleHttpResponse *response, const char *data, gsize size)
{
  const char *type = heddle_http_response_get_header (response, "content-type");
  g_autoptr (GRegex) regex = g_regex_new ("charset\\s*=\\s*\"?([A-Za-z0-9._-]+)", G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *charset = g_regex_match (regex, type == NULL ? "" : type, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
  g_autofree char *text = NULL;

  if (charset != NULL && g_ascii_strcasecmp (charset, "utf-8") != 0)
    text = g_convert (data, size, "UTF-8", charset, NULL, NULL, NULL);
  if (text == NULL)
    text = g_utf8_make_valid (data, size);
  return heddle_json_string (text);
}

JsonNode *
heddle_http_response_read (const HeddleHttpResponse *response, const char *format, GError **error)
{
  const char *data;
  gboolean wants_json;
  gsize size;

  g_return_val_if_fail (response != NULL && format != NULL, NULL);

  data = g_bytes_get_data (response->body, &size);
  wants_json = strcmp (format, "json") == 0;
  if (strcmp (format, "auto") == 0)
    wants_json = is_json_type (heddle_http_response_get_header (response, "content-type"));
  return wants_json ? read_json (response, data, size, error) : read_text (response, data == NULL ? "" : data, size);
}
