/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/heddle-http.h"

G_BEGIN_DECLS

/* The body of an answer as a value. format: "json", "text", or "auto": as the server says. NULL with SERVER where it is no JSON. */
JsonNode *heddle_http_response_read (const HeddleHttpResponse *response, const char *format, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
