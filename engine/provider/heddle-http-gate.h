/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-rates.h"

G_BEGIN_DECLS

#define HEDDLE_HTTP_GATE_PER_CREDENTIAL 8
#define HEDDLE_HTTP_GATE_PER_HOST 64

/* The leave of one request: a place among those with its credential, and one among those to its host. */
typedef struct _HeddleHttpPass HeddleHttpPass;

/*
 * Lets a request through in the order they come, first by its credential (NULL: it has none), then by the host of url.
 * waiting may be told twice, in the caller's context. Fails with G_IO_ERROR_CANCELLED only.
 */
void heddle_http_gate_enter_async (HeddleRates *gates, const char *credential, const char *url, void (*waiting) (gpointer data), gpointer waiting_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleHttpPass *heddle_http_gate_enter_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The request has ended. When its error (or NULL) says when to come again, nobody with the same credential goes before that.
 * Takes the pass.
 */
void heddle_http_pass_leave (HeddleHttpPass *pass, const GError *error);

G_END_DECLS
