/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-profile.h"
#include "provider/heddle-provider-private.h"
#include "provider/heddle-reply.h"
#include "provider/heddle-tool-names.h"

G_BEGIN_DECLS

/* What an adapter sees of a chat. Borrowed. */
typedef struct
{
  const HeddleEndpoint *endpoint;
  const HeddleProfile *profile;
  const HeddleChatRequest *request;
  const char *model; /* without the provider */
  HeddleToolNames *names;
} HeddleChatCall;

/*
 * How one protocol says what all of them say. An adapter builds and reads JSON and knows nothing of transport: sending,
 * framing, time and the faults that all protocols share are in heddle-remote-chat.c and heddle-reply.c.
 */
typedef struct
{
  const char *kind;
  const char *title;
  const char *default_url;
  const char *root;         /* version part of the paths, which an address may end with; "" where it has to */
  const char *other_root;   /* of another protocol of the same server, which is not ours; or NULL */
  const char *key_header;   /* a bearer key goes into this one; NULL: Authorization */
  const char *extra_header; /* name and value of one that every request has; or NULL */
  const char *extra_value;
  gboolean is_lines; /* framed as one JSON text per line instead of server-sent events */

  char *(*dup_chat_path) (const HeddleChatCall *call);
  /* NULL with INVALID for what the protocol cannot say. */
  JsonObject *(*create_chat) (const HeddleChatCall *call, GError **error);
  /* One event of a stream, or a whole answer. object is an object without a member "error". */
  void (*take) (HeddleReply *reply, JsonNode *object);
  /* Before the reply is put together; may be NULL. */
  void (*end) (HeddleReply *reply);
  /* Free what take left in heddle_reply_get_state; NULL: nothing. */
  GDestroyNotify state_free;

  const char *list_path;
  /* An item of the listing; NULL to pass it over. Borrowed. */
  const char *list_array;
  const char *(*get_listed) (JsonNode *item);

  char *(*dup_embed_path) (const char *model); /* NULL: it has no embeddings */
  JsonObject *(*create_embed) (const char *model, const char *const *texts, guint n_texts);
  /* The vectors' array, and the numbers and the text's index of one of them. */
  const char *embed_array;
  JsonArray *(*get_vector) (JsonNode *item, gint64 *index);
  gint64 (*get_embed_tokens) (JsonNode *body);
} HeddleAdapter;

/* NULL for the demo model and unknown kinds. */
const HeddleAdapter *heddle_adapter_find (const char *kind);
char *heddle_adapter_dup_url (const HeddleAdapter *self, const char *base_url, const char *path) G_GNUC_WARN_UNUSED_RESULT;

extern const HeddleAdapter heddle_openai_adapter;
extern const HeddleAdapter heddle_responses_adapter;
extern const HeddleAdapter heddle_anthropic_adapter;
extern const HeddleAdapter heddle_gemini_adapter;
extern const HeddleAdapter heddle_ollama_adapter;

G_END_DECLS
