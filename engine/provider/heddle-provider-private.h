/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"

G_BEGIN_DECLS

/* Where requests to one provider go, with its credential. Wiped when freed. */
typedef struct
{
  char *provider; /* id */
  char *base_url; /* without a final slash */
  char *host;     /* for messages */
  char *header_name;
  char *header_value; /* NULL: no credential, as for a server on this machine */
  char *key_hint;     /* a sentence: where the key is set */
} HeddleEndpoint;

void heddle_endpoint_free (HeddleEndpoint *self);

/* A deep copy; its strings live as long as it does. */
HeddleChatRequest *heddle_chat_request_copy (const HeddleChatRequest *request) G_GNUC_WARN_UNUSED_RESULT;
void heddle_chat_request_free (HeddleChatRequest *request);

/* The model's name behind the first slash of a reference; NULL when there is none. Borrowed. */
const char *heddle_model_reference_get_model (const char *reference);
/* All texts of the messages, for estimates. */
char *heddle_messages_to_text (JsonNode *messages) G_GNUC_WARN_UNUSED_RESULT;

/* OpenAI-compatible servers. Each consumes nothing and copies what it keeps. */
void heddle_openai_chat_async (HeddleHttp *http, const HeddleEndpoint *endpoint, const HeddleChatRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleChatResponse *heddle_openai_chat_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_openai_embed_async (HeddleHttp *http, const HeddleEndpoint *endpoint, const char *model, const char *const *texts, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleEmbeddings *heddle_openai_embed_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_openai_list_async (HeddleHttp *http, const HeddleEndpoint *endpoint, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char **heddle_openai_list_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* names without the provider */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleEndpoint, heddle_endpoint_free)

G_END_DECLS
