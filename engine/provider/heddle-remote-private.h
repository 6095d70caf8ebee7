/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/heddle-http.h"
#include "provider/heddle-adapter.h"

G_BEGIN_DECLS

#define HEDDLE_REMOTE_MAX_HEADERS 5

/* Fills headers of a request to endpoint. accept is what is asked for. The strings belong to endpoint and adapter. */
void heddle_remote_set_headers (HeddleHttpHeader headers[HEDDLE_REMOTE_MAX_HEADERS], const HeddleEndpoint *endpoint, const HeddleAdapter *adapter, const char *accept);
/* The error of a status ≥ 400 with a hint that names the key or the model; NULL below. model may be NULL. */
GError *heddle_remote_error_from_response (const HeddleHttpResponse *response, const HeddleEndpoint *endpoint, const char *model) G_GNUC_WARN_UNUSED_RESULT;
/* The same for an error that did not come as a status. */
void heddle_remote_explain_error (GError *error, const HeddleEndpoint *endpoint, const char *model);
/* NULL when the body is no JSON. */
JsonNode *heddle_remote_parse_body (const HeddleHttpResponse *response) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
