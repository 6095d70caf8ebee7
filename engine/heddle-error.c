/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"

#include <gio/gio.h>
#include <string.h>

typedef HeddleErrorDetail HeddleErrorPrivate;

static void
heddle_error_private_init (HeddleErrorPrivate *detail)
{
  detail->retry_after = -1;
}

static void
heddle_error_private_copy (const HeddleErrorPrivate *source,
                           HeddleErrorPrivate *target)
{
  *target = *source;
  target->hint = g_strdup (source->hint);
  target->provider_code = g_strdup (source->provider_code);
  target->request_id = g_strdup (source->request_id);
}

static void
heddle_error_private_clear (HeddleErrorPrivate *detail)
{
  g_free (detail->hint);
  g_free (detail->provider_code);
  g_free (detail->request_id);
}

G_DEFINE_EXTENDED_ERROR (HeddleError, heddle_error)

static const char *const class_names[] = {
  [HEDDLE_ERROR_FAILED] = "failed",
  [HEDDLE_ERROR_CANCELLED] = "cancelled",
  [HEDDLE_ERROR_INVALID] = "invalid",
  [HEDDLE_ERROR_EXPRESSION] = "expression",
  [HEDDLE_ERROR_NETWORK] = "network",
  [HEDDLE_ERROR_TIMEOUT] = "timeout",
  [HEDDLE_ERROR_RATE_LIMIT] = "rate_limit",
  [HEDDLE_ERROR_OVERLOADED] = "overloaded",
  [HEDDLE_ERROR_SERVER] = "server",
  [HEDDLE_ERROR_BROKEN_STREAM] = "broken_stream",
  [HEDDLE_ERROR_AUTH] = "auth",
  [HEDDLE_ERROR_QUOTA] = "quota",
  [HEDDLE_ERROR_BAD_REQUEST] = "bad_request",
  [HEDDLE_ERROR_NOT_FOUND] = "not_found",
  [HEDDLE_ERROR_CONTEXT_LENGTH] = "context_length",
  [HEDDLE_ERROR_CONTENT_FILTER] = "content_filter",
  [HEDDLE_ERROR_LIMIT] = "limit",
  [HEDDLE_ERROR_STORE] = "store",
  [HEDDLE_ERROR_BUSY] = "busy",
  [HEDDLE_ERROR_REPLAY] = "replay",
};

const char *
heddle_error_class (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (heddle_error_is_cancelled (error))
    return class_names[HEDDLE_ERROR_CANCELLED];
  if (error->domain == HEDDLE_ERROR && error->code >= 0 && error->code < (int) G_N_ELEMENTS (class_names))
    return class_names[error->code];
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return class_names[HEDDLE_ERROR_TIMEOUT];
  return class_names[HEDDLE_ERROR_FAILED];
}

HeddleErrorCode
heddle_error_code_from_class (const char *error_class)
{
  for (guint i = 0; error_class != NULL && i < G_N_ELEMENTS (class_names); i++)
    {
      if (strcmp (class_names[i], error_class) == 0)
        return i;
    }
  return HEDDLE_ERROR_FAILED;
}

gboolean
heddle_error_is_retryable (const GError *error)
{
  switch (heddle_error_code_from_class (heddle_error_class (error)))
    {
    case HEDDLE_ERROR_NETWORK:
    case HEDDLE_ERROR_TIMEOUT:
    case HEDDLE_ERROR_RATE_LIMIT:
    case HEDDLE_ERROR_OVERLOADED:
    case HEDDLE_ERROR_SERVER:
    case HEDDLE_ERROR_BROKEN_STREAM:
      return TRUE;
    case HEDDLE_ERROR_FAILED:
    case HEDDLE_ERROR_CANCELLED:
    case HEDDLE_ERROR_INVALID:
    case HEDDLE_ERROR_EXPRESSION:
    case HEDDLE_ERROR_AUTH:
    case HEDDLE_ERROR_QUOTA:
    case HEDDLE_ERROR_BAD_REQUEST:
    case HEDDLE_ERROR_NOT_FOUND:
    case HEDDLE_ERROR_CONTEXT_LENGTH:
    case HEDDLE_ERROR_CONTENT_FILTER:
    case HEDDLE_ERROR_LIMIT:
    case HEDDLE_ERROR_STORE:
    case HEDDLE_ERROR_BUSY:
    case HEDDLE_ERROR_REPLAY:
    default:
      return FALSE;
    }
}

gboolean
heddle_error_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED);
}

HeddleErrorDetail *
heddle_error_detail (const GError *error)
{
  if (error == NULL || error->domain != HEDDLE_ERROR)
    return NULL;
  return heddle_error_get_private (error);
}

void
heddle_error_set_hint (GError *error,
                       const char *hint)
{
  HeddleErrorDetail *detail = heddle_error_detail (error);

  if (detail != NULL && detail->hint == NULL)
    detail->hint = g_strdup (hint);
}
