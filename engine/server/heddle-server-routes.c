/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "server/heddle-signature.h"
#include "value/heddle-json.h"

#include <string.h>

char **
heddle_split_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path + strspn (path, "/"), "/", 8);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    {
      /* NULL for what is no escape, stands for no UTF-8 or holds a NUL. */
      g_autofree char *part = g_uri_unescape_string (parts[i], NULL);

      if (part == NULL || !g_utf8_validate (part, -1, NULL))
        return NULL;
      g_strv_builder_add (builder, part);
    }
  return g_strv_builder_end (builder);
}

static gboolean
check_names (HeddleExchange *self)
{
  const char *host = heddle_exchange_get_header (self, "Host");

  if (!heddle_guard_allows_host (self->core->guard, host))
    heddle_exchange_fail (self, SOUP_STATUS_FORBIDDEN, "forbidden_host",
                          "The Host of the request is not this server. Use the address that Heddle shows.");
  else if (!heddle_guard_allows_origin (self->core->guard, heddle_exchange_get_header (self, "Origin"), host))
    heddle_exchange_fail (self, SOUP_STATUS_FORBIDDEN, "forbidden_origin",
                          "Requests from pages of other servers are refused. Send the request from a program.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_rate (HeddleExchange *self)
{
  guint retry_after;

  if (heddle_guard_count_request (self->core->guard, self->client, g_get_monotonic_time (), &retry_after))
    return TRUE;
  heddle_exchange_fail_later (self, HEDDLE_STATUS_TOO_MANY_REQUESTS, "too_many_requests", "Too many requests. Wait before the next one.", retry_after);
  return FALSE;
}

static gboolean
has_token (HeddleExchange *self)
{
  const char *header = heddle_exchange_get_header (self, "Authorization");

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    return FALSE;
  return heddle_equal_secrets (header + 7 + strspn (header + 7, " "), self->core->token);
}

static gboolean
check_token (HeddleExchange *self)
{
  guint retry_after;

  if (has_token (self))
    return TRUE;
  heddle_exchange_set_header (self, "WWW-Authenticate", "Bearer");
  if (heddle_guard_count_failure (self->core->guard, self->client, g_get_monotonic_time (), &retry_after))
    heddle_exchange_fail (self, SOUP_STATUS_UNAUTHORIZED, "unauthorized", "The token is missing or wrong. Send “Authorization: Bearer TOKEN”.");
  else
    heddle_exchange_fail_later (self, HEDDLE_STATUS_TOO_MANY_REQUESTS, "too_many_requests", "Too many wrong tokens. Wait before the next try.", retry_after);
  return FALSE;
}

static gboolean
check_length (HeddleExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);

  if (soup_message_headers_get_content_length (headers) <= (goffset) self->core->options.max_body)
    return TRUE;
  heddle_exchange_fail (self, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "too_large", "The body of the request is too large.");
  return FALSE;
}

/* Hooks say themselves what they ask for; /healthz tells nothing. */
static gboolean
needs_token (const char *path)
{
  return !g_str_has_prefix (path, "/hooks/") && strcmp (path, "/healthz") != 0;
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  HeddleExchange *self = data;
  goffset length = soup_server_message_get_request_body (message)->length;
  HeddleConnection *connection = heddle_connection_find (self->core, message);

  if (length > (goffset) self->core->options.max_body && connection != NULL && soup_server_message_get_status (message) == 0)
    heddle_connection_refuse (connection, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "too_large", "The body of the request is too large.");
}

static gboolean
has_body (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED || soup_message_headers_get_content_length (headers) > 0;
}

/* What was refused by its head is answered before its body comes. */
static void
refuse_early (HeddleExchange *self, HeddleConnection *connection)
{
  guint status = soup_server_message_get_status (self->message);
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_response_body (self->message));
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_autoptr (JsonNode) json = heddle_json_parse (text, -1, NULL);
  JsonNode *error = heddle_json_member (json, "error");

  heddle_connection_refuse (connection, status, heddle_json_get_string (error, "code", "refused"), heddle_json_get_string (error, "message", ""));
}

void
heddle_server_core_got_head (HeddleServerCore *self, SoupServerMessage *message)
{
  HeddleConnection *connection = heddle_connection_find (self, message);
  HeddleExchange *exchange = heddle_exchange_new (self, message);

  if (connection != NULL)
    heddle_connection_set_message (connection, message);
  if (check_names (exchange) && check_rate (exchange) && (!needs_token (exchange->path) || check_token (exchange)) && check_length (exchange))
    {
      g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), exchange);
      if (connection != NULL)
        heddle_connection_set_deadline (connection, self->options.timeout_ms);
      return;
    }
  if (connection != NULL && has_body (message))
    refuse_early (exchange, connection);
}

static void
fail_not_found (HeddleExchange *self)
{
  heddle_exchange_fail (self, SOUP_STATUS_NOT_FOUND, "not_found", "There is nothing at this path. GET /v1/workflows lists what there is.");
}

static gboolean
check_method (HeddleExchange *self, const char *method, const char *other)
{
  g_autofree char *allowed = g_strconcat (method, other != NULL ? ", " : NULL, other, NULL);

  if (strcmp (self->method, method) == 0 || (other != NULL && strcmp (self->method, other) == 0))
    return TRUE;
  heddle_exchange_set_header (self, "Allow", allowed);
  heddle_exchange_fail (self, SOUP_STATUS_METHOD_NOT_ALLOWED, "method_not_allowed", "This path takes another method; see the header Allow.");
  return FALSE;
}

static void
route_hook (HeddleExchange *self, const char *path)
{
  const HeddleHook *hook = heddle_catalog_find_hook (self->core->catalog, path);

  if (hook == NULL)
    {
      heddle_server_core_refresh (self->core);
      hook = heddle_catalog_find_hook (self->core->catalog, path);
    }
  if (hook == NULL)
    fail_not_found (self);
  else if (strcmp (hook->auth, "token") != 0 || check_token (self))
    heddle_serve_hook (self, hook);
}

static void
route_workflows (HeddleExchange *self, char **parts, guint n_parts)
{
  if (n_parts == 2 && check_method (self, "GET", "HEAD"))
    heddle_exchange_reply (self, SOUP_STATUS_OK, heddle_server_core_list_workflows (self->core));
  else if (n_parts == 4 && strcmp (parts[3], "run") == 0)
    {
      if (check_method (self, "POST", NULL))
        heddle_serve_run_workflow (self, parts[2]);
    }
  else if (n_parts != 2)
    fail_not_found (self);
}

static void
route_runs (HeddleExchange *self, char **parts, guint n_parts)
{
  if (n_parts == 3 && strcmp (self->method, "DELETE") == 0)
    heddle_serve_cancel (self, parts[2]);
  else if (n_parts == 3)
    {
      if (check_method (self, "GET", "DELETE"))
        heddle_serve_run (self, parts[2]);
    }
  else if (n_parts == 4 && strcmp (parts[3], "events") == 0)
    {
      if (check_method (self, "GET", NULL))
        heddle_serve_events (self, parts[2]);
    }
  else if (n_parts == 4 && strcmp (parts[3], "cancel") == 0)
    {
      if (check_method (self, "POST", NULL))
        heddle_serve_cancel (self, parts[2]);
    }
  else if (n_parts == 4 && strcmp (parts[3], "answer") == 0)
    {
      if (check_method (self, "POST", NULL))
        heddle_serve_answer (self, parts[2]);
    }
  else
    fail_not_found (self);
}

static void
serve_health (HeddleExchange *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "status", "ok");
  json_object_set_string_member (body, "server", "heddle");
  heddle_exchange_reply (self, SOUP_STATUS_OK, heddle_json_object (body));
}

static void
route (HeddleExchange *self, char **parts)
{
  guint n_parts = g_strv_length (parts);
  gboolean is_v1 = n_parts >= 2 && strcmp (parts[0], "v1") == 0;

  if (n_parts == 1 && strcmp (parts[0], "healthz") == 0)
    serve_health (self);
  else if (n_parts == 2 && strcmp (parts[0], "hooks") == 0)
    route_hook (self, parts[1]);
  else if (is_v1 && strcmp (parts[1], "workflows") == 0)
    route_workflows (self, parts, n_parts);
  else if (is_v1 && strcmp (parts[1], "runs") == 0)
    route_runs (self, parts, n_parts);
  else if (is_v1 && n_parts == 2 && strcmp (parts[1], "openapi.json") == 0)
    heddle_exchange_reply (self, SOUP_STATUS_OK, heddle_server_core_make_openapi (self->core));
  else
    fail_not_found (self);
}

void
heddle_server_core_got_request (HeddleServerCore *self, SoupServerMessage *message)
{
  HeddleExchange *exchange = heddle_exchange_get (message);
  HeddleConnection *connection = heddle_connection_find (self, message);
  g_auto (GStrv) parts = NULL;

  if (exchange == NULL || soup_server_message_get_status (message) != 0)
    return;
  if (connection != NULL)
    heddle_connection_set_deadline (connection, 0);
  parts = heddle_split_path (g_uri_get_path (soup_server_message_get_uri (message)));
  if (parts == NULL)
    heddle_exchange_fail (exchange, SOUP_STATUS_BAD_REQUEST, "invalid_path", "The path is not valid: its escapes must stand for UTF-8.");
  else
    route (exchange, parts);
}
