/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"

G_BEGIN_DECLS

/*
 * The built-in model: offline, deterministic, no neural network. It classifies when the prompt
 * lists labels, fills the fields of a schema from the text, and else gives an extractive summary,
 * with citations when there are numbered passages. It says so when asked.
 */
#define HEDDLE_DEMO_MODEL "demo/small"
#define HEDDLE_DEMO_EMBEDDING "demo/embedding"
#define HEDDLE_DEMO_DIMENSIONS 256

/* model without the provider. */
gboolean heddle_demo_check_model (const char *model, GError **error);
/* The whole answer at once, with usage in the demo model's own tokens. */
HeddleChatResponse *heddle_demo_answer (const HeddleChatRequest *request) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The answer in small pieces with small delays, 1.5 s at most in all. The environment variable
 * HEDDLE_DEMO_DELAY_MS sets the delay between pieces instead, whatever that comes to: 0 is for tests.
 */
void heddle_demo_chat_async (const HeddleChatRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleChatResponse *heddle_demo_chat_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Hashed words, word parts and meanings: texts about the same thing get near vectors. */
HeddleEmbeddings *heddle_demo_embed (const char *const *texts) G_GNUC_WARN_UNUSED_RESULT;

/* The demo model's tokens: pieces of up to six letters, and each sign. */
gint64 heddle_demo_count_tokens (const char *text);
/* The bytes of text that n_tokens tokens cover. */
gsize heddle_demo_tokens_to_length (const char *text, gint64 n_tokens);

G_END_DECLS
