/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Takes the secrets that a request carried out of what its server answers, in the spellings an echo may have: as sent, escaped
 * for JSON, a URL or HTML by whichever encoder, in Base64, and what Basic encodes. One thread.
 */
typedef struct _HeddleHttpMask HeddleHttpMask;
typedef void (*HeddleHttpMaskFunc) (const char *data, gsize length, gpointer user_data);

HeddleHttpMask *heddle_http_mask_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* value: of a header, with or without its scheme ("Bearer …"). Those too short to be told from other text are passed over. */
void heddle_http_mask_add (HeddleHttpMask *self, const char *value);
void heddle_http_mask_free (HeddleHttpMask *self); /* wipes */

GBytes *heddle_http_mask_bytes (HeddleHttpMask *self, GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;
/* Valid UTF-8 in any case. */
char *heddle_http_mask_text (HeddleHttpMask *self, const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* The next piece of a stream: func gets what is surely none of a secret; its possible beginning waits for more. */
void heddle_http_mask_feed (HeddleHttpMask *self, const char *data, gsize length, HeddleHttpMaskFunc func, gpointer user_data);
/* The end of the stream: func gets what still waited. */
void heddle_http_mask_end (HeddleHttpMask *self, HeddleHttpMaskFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleHttpMask, heddle_http_mask_free)

G_END_DECLS
