/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/heddle-http.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One header of a request, checked and copied. */
typedef struct
{
  char *name;
  char *value;
  gboolean is_secret;
} HeddleHttpField;

/* Headers of a request: arrays of HeddleHttpField*. */
GPtrArray *heddle_http_fields_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_http_fields_add (GPtrArray *self, const char *name, const char *value, gboolean is_secret);
gboolean heddle_http_fields_has (GPtrArray *self, const char *name);
/* Leaves what may go to another origin. */
void heddle_http_fields_keep_harmless (GPtrArray *self);
void heddle_http_fields_remove_content (GPtrArray *self);

/* One request on its way through redirects to its answer. Lives on the engine's context. */
typedef struct _HeddleHttpExchange HeddleHttpExchange;

/* Called once, at the end of an exchange that was started. */
typedef void (*HeddleHttpDone) (gpointer user_data);

/* NULL with INVALID when URL, method or headers are not fit to be sent. */
HeddleHttpExchange *heddle_http_exchange_new (const HeddleHttpRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_http_exchange_free (HeddleHttpExchange *self);
gboolean heddle_http_exchange_is_secure (HeddleHttpExchange *self);
/* Starts the timer of the whole exchange; on_end is called when it runs out or cancellable is cancelled before the start. */
void heddle_http_exchange_arm (HeddleHttpExchange *self, GMainContext *context, GCancellable *cancellable, HeddleHttpDone on_end, gpointer user_data);
void heddle_http_exchange_start (HeddleHttpExchange *self, SoupSession *session);
/* After the end: the answer, or NULL with error. */
HeddleHttpResponse *heddle_http_exchange_steal_response (HeddleHttpExchange *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Checks (heddle-http-check.c). */
GUri *heddle_http_parse_url (const char *url, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_http_check_method (const char *method, GError **error);
gboolean heddle_http_check_header (const char *name, const char *value, GError **error);
/* Whether a header may follow a redirect to another origin. */
gboolean heddle_http_header_is_harmless (const char *name);
char *heddle_http_uri_dup_host (GUri *uri) G_GNUC_WARN_UNUSED_RESULT;

/* What went wrong below HTTP, as a sentence. started: the head of the answer had come. Consumes nothing. */
GError *heddle_http_error_from_transport (const GError *cause, const char *host, gboolean started) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
