/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/heddle-http.h"
#include "provider/heddle-provider-private.h"

G_BEGIN_DECLS

/* The error of a status ≥ 400 with a hint that names the key or the model; NULL below. model may be NULL. */
GError *heddle_openai_error_from_response (const HeddleHttpResponse *response, const HeddleEndpoint *endpoint, const char *model) G_GNUC_WARN_UNUSED_RESULT;
/* Without the credential. */
HeddleEndpoint *heddle_endpoint_copy_public (const HeddleEndpoint *endpoint) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
