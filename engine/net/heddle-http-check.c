/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-private.h"

#include "heddle-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* RFC 9110, 5.6.2. */
static gboolean
is_token (const char *text)
{
  if (text == NULL || *text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isalnum (*text) && strchr ("!#$%&'*+-.^_`|~", *text) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_control (char c)
{
  return (guchar) c < 0x20 || c == 0x7f;
}

static gboolean
has_control (const char *text,
             const char *allowed)
{
  for (; *text != '\0'; text++)
    {
      if (is_control (*text) && strchr (allowed, *text) == NULL)
        return TRUE;
    }
  return FALSE;
}

gboolean
heddle_http_check_method (const char *method,
                          GError **error)
{
  if (is_token (method) && strlen (method) <= 32)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                       _ ("The HTTP method is not valid. Choose one such as GET or POST."));
  return FALSE;
}

static gboolean
is_reserved_header (const char *name)
{
  static const char *const reserved[] = {
    "Connection",
    "Content-Length",
    "Host",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
  };

  for (guint i = 0; i < G_N_ELEMENTS (reserved); i++)
    {
      if (g_ascii_strcasecmp (reserved[i], name) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
heddle_http_check_header (const char *name,
                          const char *value,
                          GError **error)
{
  if (!is_token (name))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("The name of a header may only have letters, digits and hyphens."));
      return FALSE;
    }
  if (is_reserved_header (name))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("The header %s is set by the connection itself. Remove it from the headers."), name);
      return FALSE;
    }
  if (value == NULL || has_control (value, "\t"))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("The value of the header %s contains a line break or control character, which could smuggle "
                      "in another header. Clean the value first."),
                   name);
      return FALSE;
    }
  return TRUE;
}

gboolean
heddle_http_header_is_harmless (const char *name)
{
  static const char *const harmless[] = { "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "User-Agent" };

  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    {
      if (g_ascii_strcasecmp (harmless[i], name) == 0)
        return TRUE;
    }
  return FALSE;
}

static GUri *
refuse_url (GError **error,
            const char *why)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The address cannot be used: %s"), why);
  return NULL;
}

/* Spaces and characters beyond ASCII are what people type; they travel percent-encoded. */
static char *
encode_url (const char *url)
{
  GString *out = g_string_new (NULL);

  for (; *url != '\0'; url++)
    {
      if (*url == ' ' || (guchar) *url >= 0x80)
        g_string_append_printf (out, "%%%02X", (guchar) *url);
      else
        g_string_append_c (out, *url);
    }
  return g_string_free (out, FALSE);
}

/* An international host name stays as it is, GUri turns it into its ASCII form itself. */
static char *
encode_behind_host (const char *url)
{
  const char *host = strstr (url, "://");
  gsize before = host == NULL ? 0 : (gsize) (host - url) + 3 + strcspn (host + 3, "/?#");
  g_autofree char *head = g_strndup (url, before);
  g_autofree char *tail = encode_url (url + before);

  return g_strconcat (head, tail, NULL);
}

/* Data percent-encoded into a host name could otherwise smuggle in another one. */
static gboolean
is_host (const char *host)
{
  for (; *host != '\0'; host++)
    {
      if (!g_ascii_isalnum (*host) && (guchar) *host < 0x80 && strchr ("-._:%", *host) == NULL)
        return FALSE;
    }
  return TRUE;
}

GUri *
heddle_http_parse_url (const char *url,
                       GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *encoded = NULL;
  g_autoptr (GUri) uri = NULL;
  const char *scheme;

  if (url == NULL || *url == '\0')
    return refuse_url (error, _ ("it is empty."));
  if (!g_utf8_validate (url, -1, NULL) || has_control (url, ""))
    return refuse_url (error, _ ("it contains a line break or control character."));

  trimmed = g_strstrip (g_strdup (url));
  encoded = encode_behind_host (trimmed);
  uri = g_uri_parse (encoded, SOUP_HTTP_URI_FLAGS, NULL);
  scheme = uri == NULL ? NULL : g_uri_get_scheme (uri);
  if (scheme == NULL)
    return refuse_url (error, _ ("it must look like https://example.com/path."));
  if (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0)
    return refuse_url (error, _ ("it must begin with http:// or https://."));
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return refuse_url (error, _ ("the name of the server is missing."));
  if (!is_host (g_uri_get_host (uri)))
    return refuse_url (error, _ ("the name of the server has a character that no name may have."));
  return g_steal_pointer (&uri);
}

char *
heddle_http_uri_dup_host (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  int port = g_uri_get_port (uri);
  int usual = g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 ? 443 : 80;

  if (host == NULL)
    return g_strdup ("");
  if (port <= 0 || port == usual)
    return g_strdup (host);
  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host, port);
}

char *
heddle_http_dup_host (const char *url)
{
  g_autoptr (GUri) uri = url == NULL ? NULL : g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return uri == NULL ? g_strdup ("") : heddle_http_uri_dup_host (uri);
}
