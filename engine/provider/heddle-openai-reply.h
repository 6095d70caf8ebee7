/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"

G_BEGIN_DECLS

/* Puts a chat completion together, from the chunks of a stream or from one object. One thread. */
typedef struct _HeddleOpenaiReply HeddleOpenaiReply;
typedef void (*HeddleOpenaiDelta) (const char *text, gpointer user_data);

HeddleOpenaiReply *heddle_openai_reply_new (const char *host, HeddleOpenaiDelta delta, gpointer delta_data) G_GNUC_WARN_UNUSED_RESULT;
void heddle_openai_reply_free (HeddleOpenaiReply *self);
/* The data of one event of a stream: a JSON chunk or "[DONE]". */
void heddle_openai_reply_add_event (HeddleOpenaiReply *self, const char *data);
/* A whole answer that was no stream. */
void heddle_openai_reply_add_body (HeddleOpenaiReply *self, const char *body, gsize length);
/* Whether anything that counts came in; FALSE for an answer that was no stream at all. */
gboolean heddle_openai_reply_has_events (HeddleOpenaiReply *self);
/* NULL with BROKEN_STREAM when the end is missing, SERVER for nonsense or nothing, or what the server said. input_text is for estimates. */
HeddleChatResponse *heddle_openai_reply_finish (HeddleOpenaiReply *self, const char *input_text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleOpenaiReply, heddle_openai_reply_free)

G_END_DECLS
