/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-remote-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

void
heddle_remote_set_headers (HeddleHttpHeader headers[HEDDLE_REMOTE_MAX_HEADERS],
                           const HeddleEndpoint *endpoint,
                           const HeddleAdapter *adapter,
                           const char *accept)
{
  guint n = 0;

  headers[n++] = (HeddleHttpHeader){ "Accept", accept, FALSE };
  /* A proxy that compresses also gathers before it sends. */
  headers[n++] = (HeddleHttpHeader){ "Accept-Encoding", "identity", FALSE };
  if (adapter->extra_header != NULL)
    headers[n++] = (HeddleHttpHeader){ adapter->extra_header, adapter->extra_value, FALSE };
  if (endpoint->header_value != NULL)
    headers[n++] = (HeddleHttpHeader){ endpoint->header_name, endpoint->header_value, TRUE };
  headers[n] = (HeddleHttpHeader){ NULL, NULL, FALSE };
}

static void
replace_hint (GError *error,
              char *hint)
{
  HeddleErrorDetail *detail = heddle_error_detail (error);

  g_free (detail->hint);
  detail->hint = hint;
}

void
heddle_remote_explain_error (GError *error,
                             const HeddleEndpoint *endpoint,
                             const char *model)
{
  if (g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH))
    replace_hint (error, g_strdup (endpoint->key_hint));
  if (g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND) && model != NULL)
    replace_hint (error, g_strdup_printf (_ ("Check that the provider “%s” has a model “%s” and that its address is right."), endpoint->provider, model));
}

GError *
heddle_remote_error_from_response (const HeddleHttpResponse *response,
                                   const HeddleEndpoint *endpoint,
                                   const char *model)
{
  GError *error = heddle_http_error_from_response (response, endpoint->host);

  if (error != NULL)
    heddle_remote_explain_error (error, endpoint, model);
  return error;
}

JsonNode *
heddle_remote_parse_body (const HeddleHttpResponse *response)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);

  return heddle_json_parse (data == NULL ? "" : data, size, NULL);
}
