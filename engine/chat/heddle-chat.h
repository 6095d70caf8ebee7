/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/heddle-chat-call.h"
#include "chat/heddle-chat-params.h"

G_BEGIN_DECLS

/*
 * What a node that talks to a model does around its calls, by the parameters that such nodes share: builds the messages from
 * prompt, context, files, memory and conversation; checks input and output by the guardrails; has JSON answers repaired; and keeps
 * what was said. Engine thread only; belongs to one node run and keeps it alive. After a cancel all calls still complete.
 */
typedef struct _HeddleChat HeddleChat;
void heddle_chat_free (HeddleChat *self);

/*
 * params: of the node run. Fails with HEDDLE_ERROR_INVALID for what cannot be asked and HEDDLE_ERROR_CONTENT_FILTER, with the rule's name,
 * for what the guardrails forbid.
 */
void heddle_chat_begin_async (HeddleNodeRun *run, const HeddleChatParams *params, GAsyncReadyCallback callback, gpointer user_data);
HeddleChat *heddle_chat_begin_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* System message, earlier messages of the conversation, and the user's message. Borrowed. */
JsonNode *heddle_chat_get_messages (HeddleChat *self);
/* Sets what the parameters say of model, format and sampling, and the messages from above. Borrowed from the chat. */
void heddle_chat_prepare (HeddleChat *self, HeddleChatCall *call);
/* What guardrails blacken in further texts for the model, such as results of tools; NULL with an error when that takes too long. */
char *heddle_chat_redact (HeddleChat *self, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * One answer to call: calls of tools as they are; else the text checked by the guardrails and, where JSON is wanted, against the
 * schema. An answer of the wrong form goes back to the model with what is wrong, at most twice, each time in a span of its own.
 * *output: the node's value, or NULL when tools are called. *usage (may be NULL) is of all answers together.
 */
void heddle_chat_ask_async (HeddleChat *self, const HeddleChatCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleChatResponse *heddle_chat_ask_finish (GAsyncResult *result, JsonNode **output, HeddleUsage *usage, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Keeps what was said once the node is done: messages is what follows heddle_chat_get_messages(), NULL: only the answer as text.
 * The conversation is written before this completes; memory learns when the whole run has ended well.
 */
void heddle_chat_end_async (HeddleChat *self, const char *answer, JsonNode *messages, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_chat_end_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleChat, heddle_chat_free)

G_END_DECLS
