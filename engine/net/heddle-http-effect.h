/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/heddle-http.h"

G_BEGIN_DECLS

/* Requests as they may be kept and shown: nothing of them is a secret. */

/* Without user, password and what looks like a key in the query. */
char *heddle_http_mask_url (const char *url) G_GNUC_WARN_UNUSED_RESULT;
/*
 * {"method","url","headers":[{"name","value"}],"content_type","body"}, the last two only with a body: JSON as such, other text as text,
 * bytes as their digest. Headers and members that are called like keys and passwords are masked. A new object.
 */
JsonObject *heddle_http_request_to_json (const HeddleHttpRequest *request) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
