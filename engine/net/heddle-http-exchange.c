/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-private.h"

#include "heddle-error.h"
#include "net/heddle-http-mask.h"
#include "value/heddle-cancel-watch.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CONNECT_TIMEOUT_US (30 * G_TIME_SPAN_SECOND)
#define DEFAULT_IDLE_US (300 * G_TIME_SPAN_SECOND)
#define DEFAULT_MAX_BYTES (16 * 1024 * 1024)
#define MAX_REDIRECTS 10
#define READ_SIZE (16 * 1024)

struct _HeddleHttpExchange
{
  char *method;
  GUri *uri;
  GPtrArray *fields;    /* HeddleHttpField */
  HeddleHttpMask *mask; /* also of those that a redirect left behind */
  GBytes *request_body;
  char *content_type;
  guint timeout_ms;
  gint64 idle_us;
  gsize max_bytes;
  void (*head) (const HeddleHttpResponse *response, gpointer user_data);
  void (*chunk) (const char *data, gsize length, gpointer user_data);
  gpointer chunk_data;

  GMainContext *context;
  SoupSession *session;
  GCancellable *cancellable; /* of our own: a timeout cancels too */
  HeddleCancelWatch *user_cancel;
  GSource *whole_timer;
  GSource *phase_timer; /* connect, then idle */
  gboolean connecting;  /* which of the two */
  HeddleHttpDone on_end;
  gpointer on_end_data;

  SoupMessage *message;
  GInputStream *stream;
  GByteArray *body;
  char *buffer;
  gsize received;
  guint redirects;
  gboolean running; /* libsoup has a call of ours under way */
  gint64 sent_at;
  HeddleHttpResponse *response;
  GError *error; /* why we ended it ourselves, or the end */
};

/* user:password@ of a URL becomes a header, which is then treated like every other credential. */
static void
take_user_info (HeddleHttpExchange *self)
{
  const char *user = g_uri_get_user (self->uri);
  const char *password = g_uri_get_password (self->uri);
  g_autoptr (GUri) bare = NULL;

  if (user == NULL)
    return;
  if (!heddle_http_fields_has (self->fields, "Authorization"))
    {
      g_autofree char *pair = g_strdup_printf ("%s:%s", user, password == NULL ? "" : password);
      g_autofree char *code = g_base64_encode ((const guchar *) pair, strlen (pair));
      g_autofree char *value = g_strconcat ("Basic ", code, NULL);

      heddle_http_fields_add (self->fields, "Authorization", value, TRUE);
      heddle_http_mask_add (self->mask, value);
    }
  bare = soup_uri_copy (self->uri, SOUP_URI_USER, NULL, SOUP_URI_PASSWORD, NULL, SOUP_URI_NONE);
  g_uri_unref (self->uri);
  self->uri = g_steal_pointer (&bare);
}

static gboolean
take_headers (HeddleHttpExchange *self,
              const HeddleHttpHeader *headers,
              GError **error)
{
  for (const HeddleHttpHeader *header = headers; header != NULL && header->name != NULL; header++)
    {
      if (!heddle_http_check_header (header->name, header->value, error))
        return FALSE;
      heddle_http_fields_add (self->fields, header->name, header->value, header->is_secret);
      if (header->is_secret)
        heddle_http_mask_add (self->mask, header->value);
    }
  return TRUE;
}

HeddleHttpExchange *
heddle_http_exchange_new (const HeddleHttpRequest *request,
                          GError **error)
{
  g_autoptr (GUri) uri = heddle_http_parse_url (request->url, error);
  const char *method = request->method == NULL ? "GET" : request->method;
  HeddleHttpExchange *self;

  if (uri == NULL || !heddle_http_check_method (method, error))
    return NULL;

  self = g_new0 (HeddleHttpExchange, 1);
  self->method = g_strdup (method);
  self->uri = g_steal_pointer (&uri);
  self->fields = heddle_http_fields_new ();
  self->mask = heddle_http_mask_new ();
  self->request_body = request->body == NULL ? NULL : g_bytes_ref (request->body);
  self->content_type = g_strdup (request->content_type);
  self->timeout_ms = request->timeout_ms;
  self->idle_us = request->idle_timeout_ms == 0 ? DEFAULT_IDLE_US : request->idle_timeout_ms * (gint64) 1000;
  self->max_bytes = request->max_bytes == 0 ? DEFAULT_MAX_BYTES : request->max_bytes;
  self->head = request->head;
  self->chunk = request->chunk;
  self->chunk_data = request->chunk_data;
  self->cancellable = g_cancellable_new ();
  self->body = g_byte_array_new ();
  self->sent_at = g_get_monotonic_time ();
  if (!take_headers (self, request->headers, error))
    {
      heddle_http_exchange_free (self);
      return NULL;
    }
  take_user_info (self);
  return self;
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
release_transport (HeddleHttpExchange *self)
{
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
}

void
heddle_http_exchange_free (HeddleHttpExchange *self)
{
  g_clear_pointer (&self->user_cancel, heddle_cancel_watch_free);
  clear_source (&self->whole_timer);
  clear_source (&self->phase_timer);
  release_transport (self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->response, heddle_http_response_free);
  g_clear_error (&self->error);
  g_byte_array_unref (self->body);
  g_ptr_array_unref (self->fields);
  heddle_http_mask_free (self->mask);
  g_clear_pointer (&self->request_body, g_bytes_unref);
  g_uri_unref (self->uri);
  g_free (self->content_type);
  g_free (self->method);
  g_free (self->buffer);
  g_free (self);
}

gboolean
heddle_http_exchange_is_secure (HeddleHttpExchange *self)
{
  return strcmp (g_uri_get_scheme (self->uri), "https") == 0;
}

static void
finish (HeddleHttpExchange *self)
{
  HeddleHttpDone on_end = g_steal_pointer (&self->on_end);

  g_clear_pointer (&self->user_cancel, heddle_cancel_watch_free);
  clear_source (&self->whole_timer);
  clear_source (&self->phase_timer);
  self->running = FALSE;
  release_transport (self);
  if (on_end != NULL)
    on_end (self->on_end_data);
}

/* Ends it for a reason of our own: libsoup, when it is at work, comes back at once with "cancelled". */
static void
stop (HeddleHttpExchange *self,
      GError *reason)
{
  if (self->error != NULL)
    {
      g_error_free (reason);
      return;
    }
  self->error = reason;
  g_cancellable_cancel (self->cancellable);
  if (!self->running)
    finish (self);
}

static void
fail (HeddleHttpExchange *self,
      const GError *cause)
{
  g_autofree char *host = heddle_http_uri_dup_host (self->uri);

  if (self->error == NULL)
    self->error = heddle_http_error_from_transport (cause, host, self->response != NULL);
  finish (self);
}

static void
user_cancelled_cb (gpointer user_data)
{
  stop (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The request was cancelled.")));
}

static GError *
timeout_error (HeddleHttpExchange *self,
               const char *format)
{
  g_autofree char *host = heddle_http_uri_dup_host (self->uri);
  GError *error;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT, format, host);
#pragma GCC diagnostic pop
  heddle_error_set_hint (error, _ ("Check that the server is up, or raise the timeout."));
  return error;
}

static gboolean
whole_timeout_cb (gpointer user_data)
{
  HeddleHttpExchange *self = user_data;

  stop (self, timeout_error (self, _ ("%s did not finish its answer within the time allowed.")));
  return G_SOURCE_REMOVE;
}

static gboolean
phase_timeout_cb (gpointer user_data)
{
  HeddleHttpExchange *self = user_data;

  stop (self, timeout_error (self, self->connecting ? _ ("%s could not be reached in time.") : _ ("%s sent nothing for too long.")));
  return G_SOURCE_REMOVE;
}

static GSource *
attach_timer (HeddleHttpExchange *self,
              guint milliseconds,
              GSourceFunc callback)
{
  GSource *source = g_timeout_source_new (milliseconds);

  g_source_set_callback (source, callback, self, NULL);
  g_source_attach (source, self->context);
  return source;
}

void
heddle_http_exchange_arm (HeddleHttpExchange *self,
                          GMainContext *context,
                          GCancellable *cancellable,
                          HeddleHttpDone on_end,
                          gpointer user_data)
{
  self->context = g_main_context_ref (context);
  self->on_end = on_end;
  self->on_end_data = user_data;
  if (self->timeout_ms > 0)
    self->whole_timer = attach_timer (self, self->timeout_ms, whole_timeout_cb);
  self->user_cancel = heddle_cancel_watch_new (cancellable, context, user_cancelled_cb, self);
}

static void
expect_connection (HeddleHttpExchange *self)
{
  self->connecting = TRUE;
  g_source_set_ready_time (self->phase_timer, g_get_monotonic_time () + CONNECT_TIMEOUT_US);
}

static void
expect_bytes (HeddleHttpExchange *self)
{
  self->connecting = FALSE;
  g_source_set_ready_time (self->phase_timer, g_get_monotonic_time () + self->idle_us);
}

static void
network_event_cb (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  gpointer user_data)
{
  if (event == G_SOCKET_CLIENT_RESOLVING)
    expect_connection (user_data);
}

static void
starting_cb (SoupMessage *message,
             gpointer user_data)
{
  expect_bytes (user_data);
}

static SoupMessage *
create_message (HeddleHttpExchange *self)
{
  SoupMessage *message = soup_message_new_from_uri (self->method, self->uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (self->request_body != NULL)
    soup_message_set_request_body_from_bytes (message,
                                              self->content_type == NULL ? "application/octet-stream" : self->content_type,
                                              self->request_body);
  if (heddle_http_fields_has (self->fields, "Content-Type"))
    soup_message_headers_remove (headers, "Content-Type");
  for (guint i = 0; i < self->fields->len; i++)
    {
      HeddleHttpField *field = g_ptr_array_index (self->fields, i);

      soup_message_headers_append (headers, field->name, field->value);
    }
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), self);
  g_signal_connect (message, "starting", G_CALLBACK (starting_cb), self);
  return message;
}

static void
complete (HeddleHttpExchange *self)
{
  g_autoptr (GBytes) body = NULL;

  if (self->chunk != NULL)
    heddle_http_mask_end (self->mask, self->chunk, self->chunk_data);
  body = g_bytes_new (self->body->data, self->body->len);

  self->response->body = heddle_http_mask_bytes (self->mask, body);
  finish (self);
}

static GError *
too_large_error (HeddleHttpExchange *self)
{
  g_autofree char *host = heddle_http_uri_dup_host (self->uri);
  g_autofree char *limit = g_format_size_full (self->max_bytes, G_FORMAT_SIZE_IEC_UNITS);
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The answer of %s is larger than the limit of %s."), host, limit);

  heddle_error_set_hint (error, _ ("Raise the size limit, or ask the server for less."));
  return error;
}

/* FALSE when the piece does not fit any more; then the exchange has ended. */
static gboolean
take_piece (HeddleHttpExchange *self,
            gsize length)
{
  self->received += length;
  if (self->received > self->max_bytes)
    {
      self->running = FALSE;
      stop (self, too_large_error (self));
      return FALSE;
    }
  if (self->chunk != NULL && self->response->status < 400)
    heddle_http_mask_feed (self->mask, self->buffer, length, self->chunk, self->chunk_data);
  else
    g_byte_array_append (self->body, (const guint8 *) self->buffer, length);
  return TRUE;
}

static void
read_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  HeddleHttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (length < 0 || self->error != NULL)
    {
      fail (self, error);
      return;
    }
  if (length == 0)
    {
      complete (self);
      return;
    }
  expect_bytes (self);
  if (take_piece (self, length))
    g_input_stream_read_async (self->stream, self->buffer, READ_SIZE, G_PRIORITY_DEFAULT, self->cancellable, read_cb, self);
}

static void
add_response_header (const char *name,
                     const char *value,
                     gpointer user_data)
{
  JsonObject *headers = user_data;
  g_autofree char *key = g_ascii_strdown (name, -1);
  g_autofree char *text = g_utf8_make_valid (value, -1);

  if (json_object_has_member (headers, key))
    {
      g_autofree char *joined = g_strconcat (json_object_get_string_member (headers, key), ", ", text, NULL);

      json_object_set_string_member (headers, key, joined);
    }
  else
    {
      json_object_set_string_member (headers, key, text);
    }
}

static void
mask_header (JsonObject *headers,
             const char *name,
             JsonNode *node,
             gpointer user_data)
{
  g_autofree char *masked = heddle_http_mask_text (user_data, json_node_get_string (node));

  if (strcmp (masked, json_node_get_string (node)) != 0)
    json_node_set_string (node, masked);
}

static HeddleHttpResponse *
create_response (HeddleHttpExchange *self)
{
  HeddleHttpResponse *response = g_new0 (HeddleHttpResponse, 1);
  const char *reason = soup_message_get_reason_phrase (self->message);
  g_autofree char *url = g_uri_to_string_partial (self->uri, G_URI_HIDE_USERINFO | G_URI_HIDE_FRAGMENT);

  response->status = soup_message_get_status (self->message);
  response->reason = reason == NULL || *reason == '\0' ? g_strdup (soup_status_get_phrase (response->status)) : heddle_http_mask_text (self->mask, reason);
  response->headers = json_object_new ();
  soup_message_headers_foreach (soup_message_get_response_headers (self->message), add_response_header, response->headers);
  json_object_foreach_member (response->headers, mask_header, self->mask);
  response->url = heddle_http_mask_text (self->mask, url);
  response->first_byte_us = g_get_monotonic_time () - self->sent_at;
  return response;
}

static gboolean
same_origin (GUri *a,
             GUri *b)
{
  return strcmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0 &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0 && g_uri_get_port (a) == g_uri_get_port (b);
}

/* Where a redirect leads; NULL when the answer is none that is followed. */
static GUri *
redirect_target (HeddleHttpExchange *self,
                 guint status)
{
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (self->message), "Location");
  g_autoptr (GUri) target = NULL;
  g_autofree char *absolute = NULL;

  if (location == NULL || (status != 301 && status != 302 && status != 303 && status != 307 && status != 308))
    return NULL;
  target = g_uri_parse_relative (self->uri, location, SOUP_HTTP_URI_FLAGS, NULL);
  absolute = target == NULL ? NULL : g_uri_to_string (target);
  return absolute == NULL ? NULL : heddle_http_parse_url (absolute, NULL);
}

/* RFC 9110, 15.4: 303 becomes GET; 301 and 302 do for POST, as every client does; 307 and 308 repeat the request. */
static void
change_method (HeddleHttpExchange *self,
               guint status)
{
  gboolean is_post = strcmp (self->method, "POST") == 0;
  gboolean becomes_get = (status == 303 && strcmp (self->method, "HEAD") != 0) || ((status == 301 || status == 302) && is_post);

  if (!becomes_get)
    return;
  g_free (self->method);
  self->method = g_strdup ("GET");
  g_clear_pointer (&self->request_body, g_bytes_unref);
  heddle_http_fields_remove_content (self->fields);
}

static void
prepare_redirect (HeddleHttpExchange *self,
                  GUri *target,
                  guint status)
{
  change_method (self, status);
  if (!same_origin (self->uri, target))
    heddle_http_fields_keep_harmless (self->fields);
  g_uri_unref (self->uri);
  self->uri = soup_uri_copy (target, SOUP_URI_USER, NULL, SOUP_URI_PASSWORD, NULL, SOUP_URI_NONE);
}

static GError *
too_many_redirects_error (HeddleHttpExchange *self)
{
  g_autofree char *host = heddle_http_uri_dup_host (self->uri);

  return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT,
                      _ ("%s redirected the request more than %d times. Check the address."), host, MAX_REDIRECTS);
}

/* Recursive: a redirect sends again. */
static void send_message (HeddleHttpExchange *self);

static void
send_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  HeddleHttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) target = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream == NULL || self->error != NULL)
    {
      fail (self, error);
      return;
    }

  target = redirect_target (self, soup_message_get_status (self->message));
  if (target != NULL && self->redirects == MAX_REDIRECTS)
    {
      self->running = FALSE;
      stop (self, too_many_redirects_error (self));
    }
  else if (target != NULL)
    {
      self->redirects++;
      prepare_redirect (self, target, soup_message_get_status (self->message));
      release_transport (self);
      send_message (self);
    }
  else
    {
      self->response = create_response (self);
      self->buffer = g_malloc (READ_SIZE);
      expect_bytes (self);
      if (self->head != NULL)
        self->head (self->response, self->chunk_data);
      g_input_stream_read_async (self->stream, self->buffer, READ_SIZE, G_PRIORITY_DEFAULT, self->cancellable, read_cb, self);
    }
}

static void
send_message (HeddleHttpExchange *self)
{
  self->message = create_message (self);
  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, self->cancellable, send_cb, self);
}

void
heddle_http_exchange_start (HeddleHttpExchange *self,
                            SoupSession *session)
{
  self->session = g_object_ref (session);
  self->running = TRUE;
  self->phase_timer = attach_timer (self, G_MAXUINT, phase_timeout_cb);
  send_message (self);
}

HeddleHttpResponse *
heddle_http_exchange_steal_response (HeddleHttpExchange *self,
                                     GError **error)
{
  if (self->error == NULL)
    return g_steal_pointer (&self->response);
  g_propagate_error (error, g_steal_pointer (&self->error));
  return NULL;
}
