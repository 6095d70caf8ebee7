/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"

G_BEGIN_DECLS

/*
 * Conversations with models: the messages of the runs of one node with one session key. What a run adds is written
 * together, so runs at the same time add one after the other and none is lost.
 */
typedef struct
{
  gint64 id;
  char *workflow; /* id */
  char *name;     /* of the workflow */
  char *node;
  char *session;
  gint64 started; /* µs since the epoch */
  gint64 updated;
  guint n_messages;
} HeddleConversationInfo;
void heddle_conversation_info_free (HeddleConversationInfo *info);

/* Where a conversation is kept. */
typedef struct
{
  const char *workflow;
  const char *name;
  const char *node;
  const char *session;
} HeddleConversationKey;

/* Newest first; array owns HeddleConversationInfo*. workflow and node may be NULL: of all. */
GPtrArray *heddle_store_list_conversations (HeddleStore *self, const char *workflow, const char *node, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_list_conversations_async (HeddleStore *self, const char *workflow, const char *node, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_list_conversations_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The messages of one, oldest first, as a JSON array; HEDDLE_ERROR_NOT_FOUND. */
JsonNode *heddle_store_load_conversation (HeddleStore *self, gint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_load_conversation_async (HeddleStore *self, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_store_load_conversation_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest messages of the conversation with that key, at most limit (0: all), oldest first; an empty array when there is none. */
void heddle_store_recall_conversation_async (HeddleStore *self, const HeddleConversationKey *key, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_store_recall_conversation_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds an array of messages, all or none. */
void heddle_store_append_conversation_async (HeddleStore *self, const HeddleConversationKey *key, const char *run, JsonNode *messages, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_append_conversation_finish (HeddleStore *self, GAsyncResult *result, GError **error);

/* Forgets one; HEDDLE_ERROR_NOT_FOUND. */
gboolean heddle_store_delete_conversation (HeddleStore *self, gint64 id, GError **error);
void heddle_store_delete_conversation_async (HeddleStore *self, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_delete_conversation_finish (HeddleStore *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleConversationInfo, heddle_conversation_info_free)

G_END_DECLS
