/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "net/heddle-http-mask.h"
#include "net/heddle-http.h"

typedef struct
{
  HeddleHttp *http;
  HeddleHttpResponse *response;
  GError *error;
  gint64 ended_at;
  gboolean done;
  GString *streamed;
  GCancellable *cancel_on_chunk;
  gint64 cancelled_at;
} Call;

static void
call_clear (Call *call)
{
  g_clear_pointer (&call->response, heddle_http_response_free);
  g_clear_error (&call->error);
  if (call->streamed != NULL)
    g_string_free (call->streamed, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;

  call->response = heddle_http_send_finish (call->http, result, &call->error);
  call->ended_at = g_get_monotonic_time ();
  call->done = TRUE;
}

static void
chunk_cb (const char *data, gsize length, gpointer user_data)
{
  Call *call = user_data;

  g_string_append_len (call->streamed, data, length);
  if (call->cancel_on_chunk == NULL || call->cancelled_at != 0)
    return;
  call->cancelled_at = g_get_monotonic_time ();
  g_cancellable_cancel (call->cancel_on_chunk);
}

static void
wait_for (Call *call)
{
  while (!call->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
send (HeddleHttp *http, const HeddleHttpRequest *request, Call *call)
{
  call->http = http;
  heddle_http_send_async (http, request, NULL, sent_cb, call);
  wait_for (call);
}

static void
get (HeddleHttp *http, const char *url, Call *call)
{
  HeddleHttpRequest request = { .url = url };

  send (http, &request, call);
}

static char *
body_text (const HeddleHttpResponse *response)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);

  return g_strndup (data == NULL ? "" : data, size);
}

static void
test_get (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/a b/ü?x=1#part");
  g_autofree char *request = NULL;
  g_autofree char *body = NULL;
  g_auto (Call) call = { 0 };

  heddle_fake_server_push (server, "HTTP/1.1 201 Made\r\nX-One: a\r\nx-one: b\r\nContent-Length: 5\r\n\r\nhello", -1, HEDDLE_FAKE_BYTES);
  get (http, url, &call);
  g_assert_no_error (call.error);
  g_assert_cmpuint (call.response->status, ==, 201);
  g_assert_cmpstr (call.response->reason, ==, "Made");
  g_assert_cmpstr (heddle_http_response_get_header (call.response, "x-one"), ==, "a, b");
  body = body_text (call.response);
  g_assert_cmpstr (body, ==, "hello");
  request = heddle_fake_server_dup_request (server, 0);
  g_assert_true (g_str_has_prefix (request, "GET /a%20b/%C3%BC?x=1 HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (request, "User-Agent: Heddle/"));
}

static void
test_post (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);
  HeddleHttpHeader headers[] = { { "X-Test", "yes", FALSE }, { NULL, NULL, FALSE } };
  HeddleHttpRequest message = { .method = "POST", .url = url, .headers = headers, .body = body, .content_type = "application/json" };
  g_autofree char *request = NULL;
  g_auto (Call) call = { 0 };

  send (http, &message, &call);
  g_assert_no_error (call.error);
  request = heddle_fake_server_dup_request (server, 0);
  g_assert_nonnull (strstr (request, "\r\nContent-Type: application/json\r\n"));
  g_assert_nonnull (strstr (request, "\r\nX-Test: yes\r\n"));
  g_assert_true (g_str_has_suffix (request, "\r\n\r\n{\"a\":1}"));
}

static void
test_refused_requests (void)
{
  static const struct
  {
    const char *url;
    const char *method;
    const char *name;
    const char *value;
  } cases[] = {
    { "", NULL, NULL, NULL },
    { "ftp://host/x", NULL, NULL, NULL },
    { "file:///etc/passwd", NULL, NULL, NULL },
    { "no address", NULL, NULL, NULL },
    { "http://", NULL, NULL, NULL },
    { "http:///path", NULL, NULL, NULL },
    { "http://host/\r\nX-Evil: 1", NULL, NULL, NULL },
    { "http://host/\n", NULL, NULL, NULL },
    { "http://host:99999/", NULL, NULL, NULL },
    { "http://evil.example%2F.example.com/", NULL, NULL, NULL },
    { "http://evil.example%23.example.com/", NULL, NULL, NULL },
    { "http://a%40evil.example/", NULL, NULL, NULL },
    { "http://a%0d%0aX-Evil%3a1/", NULL, NULL, NULL },
    { "http://host/", "GET / HTTP/1.1\r\nX: y", NULL, NULL },
    { "http://host/", "", NULL, NULL },
    { "http://host/", NULL, "X-A", "a\r\nX-Evil: 1" },
    { "http://host/", NULL, "X-A", "a\nb" },
    { "http://host/", NULL, "X-A: b\r\nX-Evil", "c" },
    { "http://host/", NULL, "", "c" },
    { "http://host/", NULL, "X A", "c" },
    { "http://host/", NULL, "Content-Length", "0" },
    { "http://host/", NULL, "transfer-encoding", "chunked" },
    { "http://host/", NULL, "Host", "other" },
  };
  g_autoptr (HeddleHttp) http = heddle_http_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      HeddleHttpHeader headers[] = { { cases[i].name, cases[i].value, FALSE }, { NULL, NULL, FALSE } };
      HeddleHttpRequest request = { .url = cases[i].url, .method = cases[i].method, .headers = headers };
      g_auto (Call) call = { 0 };

      send (http, &request, &call);
      if (call.error == NULL)
        g_test_message ("case %u was sent", i);
      g_assert_error (call.error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

static void
push_redirect (HeddleFakeServer *server, const char *status, const char *target)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %s Moved\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status, target);

  heddle_fake_server_push (server, text, -1, HEDDLE_FAKE_WHOLE);
}

static void
test_redirect_keeps_credentials_home (void)
{
  g_autoptr (HeddleFakeServer) home = heddle_fake_server_new ();
  g_autoptr (HeddleFakeServer) other = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (home, "/start");
  g_autofree char *target = heddle_fake_server_dup_url (other, "/end");
  HeddleHttpHeader headers[] = { { "Authorization", "Bearer s3cret", TRUE }, { "X-Api-Key", "s3cret2", FALSE }, { "Cookie", "c=s3cret3", FALSE }, { "Accept", "text/plain", FALSE }, { NULL, NULL, FALSE } };
  HeddleHttpRequest request = { .url = url, .headers = headers };
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_auto (Call) call = { 0 };

  push_redirect (home, "302", "/next");
  push_redirect (home, "302", target);
  send (http, &request, &call);
  g_assert_no_error (call.error);
  g_assert_cmpstr (call.response->url, ==, target);
  second = heddle_fake_server_dup_request (home, 1);
  g_assert_nonnull (strstr (second, "Authorization: Bearer s3cret\r\n"));
  third = heddle_fake_server_dup_request (other, 0);
  g_assert_null (strstr (third, "s3cret"));
  g_assert_nonnull (strstr (third, "Accept: text/plain"));
}

static void
test_redirect_methods (void)
{
  static const struct
  {
    const char *status;
    const char *method;
    gboolean has_body;
  } cases[] = { { "301", "GET", FALSE }, { "303", "GET", FALSE }, { "307", "POST", TRUE }, { "308", "POST", TRUE } };
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("text", 4);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
      g_autofree char *url = heddle_fake_server_dup_url (server, "/");
      HeddleHttpRequest request = { .method = "POST", .url = url, .body = body, .content_type = "text/plain" };
      g_autofree char *second = NULL;
      g_auto (Call) call = { 0 };

      push_redirect (server, cases[i].status, "/there");
      send (http, &request, &call);
      g_assert_no_error (call.error);
      second = heddle_fake_server_dup_request (server, 1);
      g_assert_true (g_str_has_prefix (second, cases[i].method));
      g_assert_cmpint (strstr (second, "text") != NULL, ==, cases[i].has_body);
    }
}

static void
test_redirect_limits (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_auto (Call) endless = { 0 };
  g_auto (Call) file = { 0 };

  for (guint i = 0; i < 11; i++)
    push_redirect (server, "302", "/again");
  get (http, url, &endless);
  g_assert_error (endless.error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT);

  push_redirect (server, "302", "file:///etc/passwd");
  get (http, url, &file);
  g_assert_no_error (file.error);
  g_assert_cmpuint (file.response->status, ==, 302);
}

static void
test_user_info (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *plain = heddle_fake_server_dup_url (server, "/x");
  g_autofree char *url = g_strconcat ("http://ann:geheim@", plain + strlen ("http://"), NULL);
  g_autofree char *request = NULL;
  g_auto (Call) call = { 0 };

  get (http, url, &call);
  g_assert_no_error (call.error);
  g_assert_cmpstr (call.response->url, ==, plain);
  request = heddle_fake_server_dup_request (server, 0);
  g_assert_nonnull (strstr (request, "Authorization: Basic YW5uOmdlaGVpbQ==\r\n"));
}

static void
test_masks_echoed_secret (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  HeddleHttpHeader headers[] = { { "Authorization", "Bearer hunter2hunter2", TRUE }, { NULL, NULL, FALSE } };
  HeddleHttpRequest request = { .url = url, .headers = headers };
  g_autoptr (GError) error = NULL;
  g_autofree char *body = NULL;
  g_auto (Call) call = { 0 };

  heddle_fake_server_push (server, "HTTP/1.1 401 Bad hunter2hunter2\r\nX-Echo: hunter2hunter2\r\nContent-Length: 48\r\n\r\nwrong key hunter2hunter2 (also hunter2hunter2)!!", -1, HEDDLE_FAKE_WHOLE);
  send (http, &request, &call);
  g_assert_no_error (call.error);
  body = body_text (call.response);
  g_assert_cmpstr (body, ==, "wrong key ••• (also •••)!!");
  g_assert_null (strstr (call.response->reason, "hunter"));
  g_assert_cmpstr (heddle_http_response_get_header (call.response, "x-echo"), ==, "•••");
  error = heddle_http_error_from_response (call.response, NULL);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH);
  g_assert_null (strstr (error->message, "hunter"));
}

static void
collect_cb (const char *data,
            gsize length,
            gpointer user_data)
{
  g_string_append_len (user_data, data, length);
}

/* However a stream is cut, a secret in it is masked and all else arrives. */
static void
test_masks_streams (void)
{
  const char *stream = "a hunter2hunter2, hunterhunter2hunter2hunter2hunt and ann:geheim, geheim; hunter2hunter";

  for (gsize piece = 1; piece <= strlen (stream); piece++)
    {
      g_autoptr (HeddleHttpMask) mask = heddle_http_mask_new ();
      g_autoptr (GString) out = g_string_new (NULL);

      heddle_http_mask_add (mask, "Bearer hunter2hunter2");
      heddle_http_mask_add (mask, "Basic YW5uOmdlaGVpbQ==");
      for (gsize at = 0; at < strlen (stream); at += piece)
        heddle_http_mask_feed (mask, stream + at, MIN (piece, strlen (stream) - at), collect_cb, out);
      heddle_http_mask_end (mask, collect_cb, out);
      g_assert_cmpstr (out->str, ==, "a •••, hunter•••hunter2hunt and •••, •••; hunter2hunter");
    }
}

/* A secret with signs that escapes differ in, as encoders of many languages write it. */
static void
test_masks_spellings (void)
{
  static const char *const spellings[] = {
    "k3y/\"+&= z\\",
    "k3y/\\\"+&= z\\\\",
    "k3y\\/\\u0022\\u002B\\u0026\\u003d z\\\\",
    "k3y%2F%22%2B%26%3D%20z%5C",
    "k3y/%22%2b%26%3d+z%5c",
    "k3y/&quot;+&amp;= z\\",
    "k3y&#x2F;&#34;&#43;&amp;&#61;&nbsp;z\\",
    "k3y/\\\\\\\"+&= z\\",
    "azN5LyIrJj0gelw",
    "azN5LyIrJj0gelw=",
  };

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autoptr (HeddleHttpMask) mask = heddle_http_mask_new ();
      g_autofree char *text = g_strdup_printf ("before %s after", spellings[i]);
      g_autofree char *masked = NULL;

      heddle_http_mask_add (mask, "Bearer k3y/\"+&= z\\");
      masked = heddle_http_mask_text (mask, text);
      g_assert_true (g_str_has_prefix (masked, "before •••"));
      g_assert_true (g_str_has_suffix (masked, " after"));
      g_assert_cmpuint (strlen (masked), <=, strlen ("before •••= after"));
    }
}

/* What only looks like the beginning of an escape or a secret stays as it is. */
static void
test_masks_nothing_else (void)
{
  static const char *const texts[] = { "100 % of k3y", "\\", "\\\\\\\\\\\\\\\\\\\\\\", "&", "&&amp;&#;&#xFFFFFFFFFF;", "%", "%2", "%zz", "\\u12", "\\uD800", "k3y-secre", "k3y%2dsecre%" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (HeddleHttpMask) mask = heddle_http_mask_new ();
      g_autoptr (GString) out = g_string_new (NULL);

      heddle_http_mask_add (mask, "k3y-secret");
      for (const char *piece = texts[i]; *piece != '\0'; piece++)
        heddle_http_mask_feed (mask, piece, 1, collect_cb, out);
      heddle_http_mask_end (mask, collect_cb, out);
      g_assert_cmpstr (out->str, ==, texts[i]);
    }
}

static void
test_size_limit (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  HeddleHttpRequest request = { .url = url, .max_bytes = 1000 };
  g_autofree char *long_text = g_strnfill (1001, 'x');
  g_auto (Call) over = { 0 };
  g_auto (Call) exact = { 0 };

  heddle_fake_server_push_body (server, "200 OK", "text/plain", long_text);
  send (http, &request, &over);
  g_assert_error (over.error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT);
  heddle_fake_server_push_body (server, "200 OK", "text/plain", long_text + 1);
  send (http, &request, &exact);
  g_assert_no_error (exact.error);
  g_assert_cmpuint (g_bytes_get_size (exact.response->body), ==, 1000);
}

static void
test_whole_timeout (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  HeddleHttpRequest request = { .url = url, .timeout_ms = 80 };
  gint64 started = g_get_monotonic_time ();
  g_auto (Call) call = { 0 };

  heddle_fake_server_push_hanging (server, "HTTP/1.1 200 OK\r\n\r\nbegin");
  send (http, &request, &call);
  g_assert_error (call.error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
  g_assert_cmpint (call.ended_at - started, >=, 75000);
  g_assert_cmpint (heddle_fake_server_wait_closed (server), >, 0);
}

static void
test_idle_timeout (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  HeddleHttpRequest request = { .url = url, .idle_timeout_ms = 60 };
  g_auto (Call) before_head = { 0 };
  g_auto (Call) in_body = { 0 };

  heddle_fake_server_push_hanging (server, "");
  send (http, &request, &before_head);
  g_assert_error (before_head.error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
  heddle_fake_server_push_hanging (server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin");
  send (http, &request, &in_body);
  g_assert_error (in_body.error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
}

static void
test_cancel_closes_socket (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Call) call = { .http = http, .cancel_on_chunk = cancellable, .streamed = g_string_new (NULL) };
  HeddleHttpRequest request = { .url = url, .chunk = chunk_cb, .chunk_data = &call };
  gint64 closed_at;

  heddle_fake_server_push_hanging (server, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n");
  heddle_http_send_async (http, &request, cancellable, sent_cb, &call);
  wait_for (&call);
  closed_at = heddle_fake_server_wait_closed (server);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (call.streamed->str, ==, "begin");
  g_assert_cmpint (closed_at, >, 0);
  g_test_message ("socket closed %" G_GINT64_FORMAT " µs after the cancel", closed_at - call.cancelled_at);
  if (g_test_perf ())
    g_assert_cmpint (closed_at - call.cancelled_at, <, 10000);
}

static void
test_cancel_before_head (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_auto (Call) call = { .http = http };
  g_auto (Call) at_once = { .http = http };
  HeddleHttpRequest request = { .url = url };

  heddle_fake_server_push_hanging (server, "");
  heddle_http_send_async (http, &request, cancellable, sent_cb, &call);
  while (heddle_fake_server_count (server) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  wait_for (&call);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (heddle_fake_server_wait_closed (server), >, 0);

  g_cancellable_cancel (cancelled);
  heddle_http_send_async (http, &request, cancelled, sent_cb, &at_once);
  wait_for (&at_once);
  g_assert_error (at_once.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_broken (void)
{
  static const struct
  {
    const char *bytes;
    HeddleErrorCode code;
  } cases[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", HEDDLE_ERROR_BROKEN_STREAM },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nbegin", HEDDLE_ERROR_BROKEN_STREAM },
    { "", HEDDLE_ERROR_NETWORK },
    { "\x01\x02garbage garbage\r\n\r\n", HEDDLE_ERROR_NETWORK },
    { "HTTP/1.1 200 OK\r\nContent-Le", HEDDLE_ERROR_NETWORK },
  };
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("x", 1);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
      g_autofree char *url = heddle_fake_server_dup_url (server, "/");
      HeddleHttpRequest request = { .method = "POST", .url = url, .body = body };
      g_auto (Call) call = { 0 };

      heddle_fake_server_push (server, cases[i].bytes, -1, HEDDLE_FAKE_WHOLE);
      send (http, &request, &call);
      if (call.error == NULL || call.error->code != (int) cases[i].code)
        g_test_message ("case %u: %s", i, call.error == NULL ? "no error" : call.error->message);
      g_assert_error (call.error, HEDDLE_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (call.error->message, "127.0.0.1"));
    }
}

static void
test_no_server (void)
{
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_auto (Call) refused = { 0 };
  g_auto (Call) unknown = { 0 };

  get (http, "http://127.0.0.1:1/", &refused);
  g_assert_error (refused.error, HEDDLE_ERROR, HEDDLE_ERROR_NETWORK);
  g_assert_nonnull (heddle_error_detail (refused.error)->hint);
  g_assert_true (heddle_error_is_retryable (refused.error));
  get (http, "http://name.invalid/", &unknown);
  g_assert_error (unknown.error, HEDDLE_ERROR, HEDDLE_ERROR_NETWORK);
  g_assert_nonnull (strstr (unknown.error->message, "name.invalid"));
}

/* What one event stream of a gzip-happy proxy looks like. */
static void
test_gzip (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GString) reply = g_string_new ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
  char packed[256];
  gsize n_read, n_written;
  g_autofree char *body = NULL;
  g_auto (Call) call = { 0 };

  g_converter_convert (compressor, "data: hello\n\n", 13, packed, sizeof packed, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
  g_string_append_len (reply, packed, n_written);
  heddle_fake_server_push (server, reply->str, reply->len, HEDDLE_FAKE_BYTES);
  get (http, url, &call);
  g_assert_no_error (call.error);
  body = body_text (call.response);
  g_assert_cmpstr (body, ==, "data: hello\n\n");
}

/* More than fit in the session: all are answered, never more than the limit at once, in order of arrival. */
static void
test_queue (void)
{
  enum
  {
    N_CALLS = 450
  };
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  HeddleHttpRequest request = { .url = url };
  g_autofree Call *calls = g_new0 (Call, N_CALLS);

  /* Left alone, libsoup would have two at once for one host. */
  heddle_fake_server_gather (server, 11);
  for (guint i = 0; i < N_CALLS; i++)
    {
      calls[i].http = http;
      heddle_http_send_async (http, &request, NULL, sent_cb, &calls[i]);
    }
  for (guint i = 0; i < N_CALLS; i++)
    {
      wait_for (&calls[i]);
      g_assert_no_error (calls[i].error);
      call_clear (&calls[i]);
    }
  g_assert_cmpuint (heddle_fake_server_count (server), ==, N_CALLS);
  g_assert_cmpuint (heddle_fake_server_get_most_parallel (server), <=, 200);
  g_assert_cmpuint (heddle_fake_server_get_most_parallel (server), >=, 11);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/get", test_get);
  g_test_add_func ("/http/post", test_post);
  g_test_add_func ("/http/refused-requests", test_refused_requests);
  g_test_add_func ("/http/redirect-keeps-credentials-home", test_redirect_keeps_credentials_home);
  g_test_add_func ("/http/redirect-methods", test_redirect_methods);
  g_test_add_func ("/http/redirect-limits", test_redirect_limits);
  g_test_add_func ("/http/user-info", test_user_info);
  g_test_add_func ("/http/masks-echoed-secret", test_masks_echoed_secret);
  g_test_add_func ("/http/masks-streams", test_masks_streams);
  g_test_add_func ("/http/masks-spellings", test_masks_spellings);
  g_test_add_func ("/http/masks-nothing-else", test_masks_nothing_else);
  g_test_add_func ("/http/size-limit", test_size_limit);
  g_test_add_func ("/http/whole-timeout", test_whole_timeout);
  g_test_add_func ("/http/idle-timeout", test_idle_timeout);
  g_test_add_func ("/http/cancel-closes-socket", test_cancel_closes_socket);
  g_test_add_func ("/http/cancel-before-head", test_cancel_before_head);
  g_test_add_func ("/http/broken", test_broken);
  g_test_add_func ("/http/no-server", test_no_server);
  g_test_add_func ("/http/gzip", test_gzip);
  g_test_add_func ("/http/queue", test_queue);
  return g_test_run ();
}
