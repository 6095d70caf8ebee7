/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Takes as long whatever is different. */
gboolean heddle_equal_secrets (const char *a, const char *b);
/*
 * Whether a header holds the HMAC-SHA256 of timestamp (may be NULL), a full stop and body under the key: in hexadecimal or
 * Base64, with or without “sha256=”. One of several with commas between them is enough.
 */
gboolean heddle_signature_check (const char *header, const char *key, const char *timestamp, GBytes *body);

G_END_DECLS
