/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libintl.h>

G_BEGIN_DECLS

/*
 * Classes of failure. A caller branches on these (retry, exit status, hint), so
 * every error that leaves the engine is of this domain or of G_IO_ERROR.
 */
typedef enum
{
  HEDDLE_ERROR_FAILED,         /* anything that has no class of its own */
  HEDDLE_ERROR_CANCELLED,      /* a person or a sibling's failure stopped it */
  HEDDLE_ERROR_INVALID,        /* malformed file, JSON, argument or workflow */
  HEDDLE_ERROR_EXPRESSION,     /* an expression or template could not be evaluated */
  HEDDLE_ERROR_NETWORK,        /* no connection; retryable */
  HEDDLE_ERROR_TIMEOUT,        /* retryable */
  HEDDLE_ERROR_RATE_LIMIT,     /* 429; retryable, see retry_after */
  HEDDLE_ERROR_OVERLOADED,     /* 503, 529; retryable */
  HEDDLE_ERROR_SERVER,         /* other 5xx, nonsense in a 200; retryable */
  HEDDLE_ERROR_BROKEN_STREAM,  /* the reply ended in the middle; retryable */
  HEDDLE_ERROR_AUTH,           /* 401, 403, missing credential */
  HEDDLE_ERROR_QUOTA,          /* no credit left */
  HEDDLE_ERROR_BAD_REQUEST,    /* other 4xx */
  HEDDLE_ERROR_NOT_FOUND,      /* unknown model, knowledge base, file */
  HEDDLE_ERROR_CONTEXT_LENGTH, /* the prompt does not fit the model */
  HEDDLE_ERROR_CONTENT_FILTER, /* refused by the provider */
  HEDDLE_ERROR_LIMIT,          /* one of our own limits: size, depth, steps */
  HEDDLE_ERROR_STORE,          /* the database could not be read or written */
  HEDDLE_ERROR_BUSY,           /* another process has it */
  HEDDLE_ERROR_REPLAY,         /* a replayed run asks for something else than was recorded */
} HeddleErrorCode;

/* What is known beyond code and message; every field may be unset. Never holds a secret. */
typedef struct
{
  char *hint;          /* translated sentence: what to do next */
  char *provider_code; /* the server's own word for it */
  char *request_id;
  guint http_status;  /* 0: none */
  gint64 retry_after; /* milliseconds; -1: not given */
} HeddleErrorDetail;

#define HEDDLE_ERROR (heddle_error_quark ())
GQuark heddle_error_quark (void);

/* Stable lower-case word for the class, such as "rate_limit", for events and exports. */
const char *heddle_error_class (const GError *error);
HeddleErrorCode heddle_error_code_from_class (const char *error_class);
gboolean heddle_error_is_retryable (const GError *error);
/* Both G_IO_ERROR_CANCELLED and HEDDLE_ERROR_CANCELLED. */
gboolean heddle_error_is_cancelled (const GError *error);

/* The mutable detail of an error of our domain; NULL for errors of other domains. Borrowed. */
HeddleErrorDetail *heddle_error_detail (const GError *error);

/* Sets the hint unless there is one; returns nothing, does nothing for other domains. */
void heddle_error_set_hint (GError *error, const char *hint);

G_END_DECLS
