/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-adapter.h"

G_BEGIN_DECLS

/* The request and the answer of POST /chat/completions. */
JsonObject *heddle_openai_create_chat (const HeddleChatCall *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_openai_take (HeddleReply *reply, JsonNode *object);
void heddle_openai_end (HeddleReply *reply);

/* What Responses has in common. */
gboolean heddle_openai_is_reasoning_model (const char *model);
/* The model's word for an effort. */
const char *heddle_openai_effort (const char *model, const char *effort);
/* "schema" with "strict" where it can be, under "name", in an object. */
JsonObject *heddle_openai_create_schema (JsonNode *schema) G_GNUC_WARN_UNUSED_RESULT;
/* Listing and embeddings. */
const char *heddle_openai_get_listed (JsonNode *item);
char *heddle_openai_dup_embed_path (const char *model) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *heddle_openai_create_embed (const char *model, const char *const *texts, guint n_texts) G_GNUC_WARN_UNUSED_RESULT;
JsonArray *heddle_openai_get_vector (JsonNode *item, gint64 *index);
gint64 heddle_openai_get_embed_tokens (JsonNode *body);

G_END_DECLS
