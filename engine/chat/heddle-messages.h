/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Messages of a conversation as heddle-models.h describes them: a JSON array, sealed and never changed. Any thread.
 */

/* New messages: those of messages (may be NULL) and then one more, which is consumed. */
JsonNode *heddle_messages_append (JsonNode *messages, JsonNode *message) G_GNUC_WARN_UNUSED_RESULT;
/* {"role","content"}; content is consumed. */
JsonNode *heddle_message_new (const char *role, JsonNode *content) G_GNUC_WARN_UNUSED_RESULT;
/* All that is text in a message, parts joined by line ends. */
char *heddle_message_dup_text (JsonNode *message) G_GNUC_WARN_UNUSED_RESULT;

/* About how many tokens they take, pictures and tool calls included. */
gint64 heddle_message_estimate_tokens (JsonNode *message);
gint64 heddle_messages_estimate_tokens (JsonNode *messages);

/*
 * What fits: the newest messages, at most max_messages of them (0: any number) and about max_tokens in all (0: any). System
 * messages stay and count for tokens only. It begins with a user's message, so that no answer of a tool is left without its
 * call; the last user's message and what follows it always stay.
 */
JsonNode *heddle_messages_trim (JsonNode *messages, guint max_messages, gint64 max_tokens) G_GNUC_WARN_UNUSED_RESULT;

/* For traces: files and pictures without their bytes, {"type","mime","name","size","digest"} instead. */
JsonNode *heddle_messages_strip_data (JsonNode *messages) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
