/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * The engine's HTTP client: one SoupSession on the engine's context with raised connection limits,
 * at most 200 messages in the session and our own FIFO queue before it. All asynchronous; cancel closes the socket
 * at once. Redirects never carry credentials to another host; an Authorization value never
 * enters an error. HTTP status is not an error here; see heddle_http_error_from_response.
 */
typedef struct
{
  const char *name;
  const char *value;
} HeddleHttpHeader;

typedef struct
{
  const char *method; /* NULL: GET */
  const char *url;
  const HeddleHttpHeader *headers; /* {NULL}-terminated or NULL; values with control characters are refused */
  GBytes *body;                    /* or NULL */
  const char *content_type;
  guint timeout_ms;      /* whole exchange; 0: none */
  guint idle_timeout_ms; /* no byte for so long; 0: 300 s */
  gsize max_bytes;       /* of the response body; 0: 16 MiB */
  /* Streaming: called with each piece on the engine context, body of the response then stays empty unless status >= 400. */
  void (*chunk) (const char *data, gsize length, gpointer user_data);
  gpointer chunk_data;
} HeddleHttpRequest;

typedef struct
{
  guint status;
  char *reason;
  JsonObject *headers; /* lower-case name → value (joined by ", ") */
  GBytes *body;
  char *url;            /* after redirects */
  gint64 first_byte_us; /* since the send */
} HeddleHttpResponse;

HeddleHttp *heddle_http_new (void) G_GNUC_WARN_UNUSED_RESULT; /* for the caller's thread default context */
HeddleHttp *heddle_http_ref (HeddleHttp *self);
void heddle_http_unref (HeddleHttp *self);

/* Everything of request is copied. Fails with NETWORK, TIMEOUT, BROKEN_STREAM, LIMIT, INVALID (URL, header) or cancelled. */
void heddle_http_send_async (HeddleHttp *self, const HeddleHttpRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleHttpResponse *heddle_http_send_finish (HeddleHttp *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_http_response_free (HeddleHttpResponse *response);

/* The class of a status ≥ 400 with message and detail from the body (OpenAI-like, plain text, HTML stripped) and Retry-After in all its forms. NULL below 400. */
GError *heddle_http_error_from_response (const HeddleHttpResponse *response, const char *host) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleHttp, heddle_http_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleHttpResponse, heddle_http_response_free)

G_END_DECLS
