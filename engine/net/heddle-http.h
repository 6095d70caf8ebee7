/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * The engine's HTTP client: sessions on the engine's context with raised connection limits,
 * at most 200 messages in them and our own FIFO queue before. All asynchronous; cancel closes the
 * socket at once. Redirects carry no credentials to another origin; a credential never enters an
 * error. An HTTP status is not an error here; see heddle_http_error_from_response.
 */
typedef struct
{
  const char *name;
  const char *value;
  gboolean is_secret; /* its value is masked wherever the answer repeats it */
} HeddleHttpHeader;

typedef struct
{
  guint status;
  char *reason;        /* "Not Found" */
  JsonObject *headers; /* lower-case name → value (joined by ", ") */
  GBytes *body;
  char *url;            /* after redirects, without user and password */
  gint64 first_byte_us; /* of the answer's head, since the send */
} HeddleHttpResponse;

typedef struct
{
  const char *method; /* NULL: GET */
  const char *url;
  const HeddleHttpHeader *headers; /* {NULL}-terminated or NULL; values with control characters are refused */
  GBytes *body;                    /* or NULL */
  const char *content_type;        /* of body; a Content-Type in headers wins */
  guint timeout_ms;                /* whole exchange, waiting in the queue included; 0: none */
  guint idle_timeout_ms;           /* no byte for so long; 0: 300 s */
  gsize max_bytes;                 /* of the response body, decompressed; 0: 16 MiB */
  /* Called before the first piece, once redirects are followed: status and headers are known. May be NULL. */
  void (*head) (const HeddleHttpResponse *response, gpointer user_data);
  /*
   * Streaming: called with each piece on the engine context. The body of the response then stays
   * empty unless status >= 400.
   */
  void (*chunk) (const char *data, gsize length, gpointer user_data);
  gpointer chunk_data; /* of both */
} HeddleHttpRequest;

HeddleHttp *heddle_http_new (void) G_GNUC_WARN_UNUSED_RESULT; /* for the caller's thread default context */
HeddleHttp *heddle_http_ref (HeddleHttp *self);
void heddle_http_unref (HeddleHttp *self);

/*
 * Everything of request is copied. Call on the context of the client. Fails with NETWORK, TIMEOUT,
 * BROKEN_STREAM (after the head of the answer), LIMIT, INVALID (URL, header) or G_IO_ERROR_CANCELLED.
 */
void heddle_http_send_async (HeddleHttp *self, const HeddleHttpRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleHttpResponse *heddle_http_send_finish (HeddleHttp *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_http_response_free (HeddleHttpResponse *response);
/* Member of headers by lower-case name; NULL when absent. Borrowed. */
const char *heddle_http_response_get_header (const HeddleHttpResponse *response, const char *name);

/*
 * The error for a status ≥ 400: class, message from the body (OpenAI-like, plain text, HTML
 * stripped), hint, the server's code, request id and Retry-After in all its forms. NULL below 400.
 * host names the server in the message; NULL: the host of the response's URL.
 */
GError *heddle_http_error_from_response (const HeddleHttpResponse *response, const char *host) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The same for an error object that came with another status, as in a stream that began with 200.
 * body is the object that has the member "error". status 0: taken from the object's code, else from its words.
 */
GError *heddle_http_error_from_json (JsonNode *body, guint status, const char *host) G_GNUC_WARN_UNUSED_RESULT;
/* Milliseconds that the server asks to wait, from retry-after-ms and Retry-After (seconds or date); -1: not given. now: µs since the epoch. */
gint64 heddle_http_response_get_retry_after (const HeddleHttpResponse *response, gint64 now);

/* The host (and port when unusual) of a URL for messages; "" when it has none. */
char *heddle_http_dup_host (const char *url) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleHttp, heddle_http_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleHttpResponse, heddle_http_response_free)

G_END_DECLS
