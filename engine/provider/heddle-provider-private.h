/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"

G_BEGIN_DECLS

/* Where requests to one provider go, with its credential. Wiped when freed. */
typedef struct
{
  char *provider; /* id */
  char *kind;
  char *profile;  /* or NULL */
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

HeddleEndpoint *heddle_endpoint_from_info (const HeddleProviderInfo *info) G_GNUC_WARN_UNUSED_RESULT;
/* A bearer key goes where the kind of provider looks for keys; what a person gave another header stays there. */
void heddle_endpoint_set_header (HeddleEndpoint *self, const char *name, const char *value);
/* Without the credential. */
HeddleEndpoint *heddle_endpoint_copy_public (const HeddleEndpoint *endpoint) G_GNUC_WARN_UNUSED_RESULT;

/* Servers of any kind but demo. Each consumes nothing and copies what it keeps. */
void heddle_remote_chat_async (HeddleHttp *http, const HeddleEndpoint *endpoint, const HeddleChatRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleChatResponse *heddle_remote_chat_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_remote_embed_async (HeddleHttp *http, const HeddleEndpoint *endpoint, const char *model, const char *const *texts, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleEmbeddings *heddle_remote_embed_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_remote_list_async (HeddleHttp *http, const HeddleEndpoint *endpoint, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char **heddle_remote_list_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* names without the provider */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleEndpoint, heddle_endpoint_free)

G_END_DECLS
