/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/heddle-chat.h"

G_BEGIN_DECLS

struct _HeddleChat
{
  HeddleNodeRun *run;
  const HeddleChatParams *params; /* live as long as the node run */
  char *user;                     /* the user's text, context included, blackened */
  JsonNode *parts;                /* array of files that go along */
  char *memory;                   /* what is remembered, or NULL */
  JsonNode *history;              /* earlier messages of the conversation, or NULL */
  JsonNode *messages;
  JsonNode *effect; /* what memory is asked for, for the record */
  GStrv fallback_models;
};

/* The prompt with its context and the files; what of it cannot be asked is an error. */
gboolean heddle_chat_read_prompt (HeddleChat *self, GError **error);
/* Puts everything together, in self->messages. */
void heddle_chat_build_messages (HeddleChat *self);

/* The text as patterns blacken it; NULL with an error when one of them is wrong or takes too long. */
char *heddle_chat_blacken (HeddleChat *self, const char *text, gboolean is_output, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether answers are checked at all, so that nobody may see them before. */
gboolean heddle_chat_guards_output (HeddleChat *self);
/* Length, patterns and categories of a text that is blackened already. */
void heddle_chat_guard_async (HeddleChat *self, const char *text, gboolean is_output, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_chat_guard_finish (GAsyncResult *result, GError **error);

/* Strings of a list of names, NULL-terminated, without blank ones. */
GStrv heddle_chat_list_names (JsonNode *names) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
