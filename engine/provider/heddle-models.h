/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"
#include "provider/heddle-limits.h"
#include "provider/heddle-prices.h"
#include "provider/heddle-usage.h"

G_BEGIN_DECLS

/*
 * Providers and their models. A provider is an entry {"id","kind":"openai-compatible|openai-responses|anthropic|gemini|ollama|demo","title","base_url","credential","profile"};
 * entries come from settings and from the usual variables (OPENAI_API_KEY, OPENAI_BASE_URL, …); "demo" is
 * always there. A model reference is "provider/model". Requests run on the context of the HeddleHttp given.
 * Listing and editing are thread-safe.
 */
#define HEDDLE_TYPE_MODELS (heddle_models_get_type ())
G_DECLARE_FINAL_TYPE (HeddleModels, heddle_models, HEDDLE, MODELS, GObject)

HeddleModels *heddle_models_new (HeddleStore *store, HeddleSecrets *secrets) G_GNUC_WARN_UNUSED_RESULT; /* both may be NULL */

typedef struct
{
  char *id;
  char *kind;
  char *title;
  char *base_url;
  char *credential; /* name or NULL */
  char *profile;    /* of heddle_models_list_profiles; NULL: found by the address */
  gboolean from_environment;
} HeddleProviderInfo;
void heddle_provider_info_free (HeddleProviderInfo *info);

/* What can be added, in the order people are offered it: indexes from 0; FALSE behind the last. Any thread. */
typedef struct
{
  const char *id;
  const char *title;    /* translated */
  const char *base_url; /* of a kind: its usual one */
} HeddleProviderChoice;
gboolean heddle_models_get_kind (guint index, HeddleProviderChoice *choice);
/* Whose habits an OpenAI-compatible server has; the first is none in particular. */
gboolean heddle_models_get_profile (guint index, HeddleProviderChoice *choice);

GPtrArray *heddle_models_list_providers (HeddleModels *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_models_set_provider (HeddleModels *self, const HeddleProviderInfo *info, GError **error);
gboolean heddle_models_remove_provider (HeddleModels *self, const char *id, GError **error);
/* References known without asking a server: demo models and those listed before. New strv, sorted. */
char **heddle_models_list_known (HeddleModels *self) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it makes vectors and cannot answer, told by its name: the lists of servers do not say it. */
gboolean heddle_models_is_embedding (const char *reference);
/* Asks the provider for its models (also the connection test): strv of references. */
void heddle_models_list_async (HeddleModels *self, HeddleHttp *http, const char *provider, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char **heddle_models_list_finish (HeddleModels *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE with a sentence when the provider of the reference does not exist. */
gboolean heddle_models_check_reference (HeddleModels *self, const char *reference, GError **error);

/* Their prices; borrowed. */
HeddlePrices *heddle_models_get_prices (HeddleModels *self);
/* Sets the cost of what was used, unless the provider said it; it stays -1 where the price is unknown. Done for answers already. */
void heddle_models_apply_price (HeddleModels *self, const char *reference, HeddleUsage *usage);
/* All limits of requests; borrowed. */
HeddleLimits *heddle_models_get_limits_table (HeddleModels *self);
/* How much a provider is asked for at most; every call keeps to it, and all providers with the same credential share it. FALSE: there are no limits. */
gboolean heddle_models_get_limits (HeddleModels *self, const char *provider, HeddleRateLimits *limits);
gboolean heddle_models_set_limits (HeddleModels *self, const char *provider, const HeddleRateLimits *limits, GError **error);
/* How many tokens the model takes in, as far as the list of prices says; -1: not known. */
gint64 heddle_models_get_context_window (HeddleModels *self, const char *reference);

/*
 * One conversation's next answer. Messages are a JSON array in a form of ours, which each provider's adapter translates:
 *   {"role":"system","content":text}
 *   {"role":"user","content":text or parts}; a part is {"type":"text","text"}, {"type":"image","mime","data":base64} or
 *     {"type":"file","mime","name","data":base64}
 *   {"role":"assistant","content":text,"tool_calls":[{"id","name","arguments":object or text}],"opaque":{…}}; opaque is what
 *     the provider wants back byte for byte, see heddle_chat_response_to_message; whoever changes the text leaves it out
 *   {"role":"tool","tool_call_id","name","content":text,"is_error":bool}: answers to all calls of the message before
 */
typedef struct
{
  const char *model; /* reference */
  JsonNode *messages;
  JsonNode *tools;              /* array of {"name","description","parameters":JSON Schema} or NULL */
  const char *tool_choice;      /* NULL or "auto", "none", "required", or a tool's name */
  gboolean no_parallel_tools;   /* at most one call at a time */
  double temperature;           /* < 0: the provider's default */
  double top_p;                 /* <= 0: the provider's default */
  gint64 max_tokens;            /* 0: the provider's default */
  const char *reasoning_effort; /* NULL, "none", "low", "medium", "high"; left out where a model has none */
  JsonNode *response_schema;    /* JSON Schema, or */
  gboolean response_json;       /* any JSON object */
  gboolean stream;
  guint timeout_ms;                                         /* 0: none */
  guint progress_timeout_ms;                                /* no piece of the answer for so long; 0: ten minutes */
  void (*delta) (const char *text, gpointer user_data);     /* engine context; may be NULL */
  void (*reasoning) (const char *text, gpointer user_data); /* a piece of reasoning, same */
  void (*waiting) (gpointer user_data);                     /* the limits of the provider hold the call back; same */
  gpointer delta_data;                                      /* of all three */
} HeddleChatRequest;

typedef struct
{
  char *text;
  char *reasoning;      /* or NULL */
  char *model;          /* as the provider names it */
  char *finish_reason;  /* "stop", "length", "tool_calls", "content_filter", "refusal", "context_length", … */
  char *refusal;        /* or NULL */
  char *request_id;     /* or NULL */
  JsonNode *tool_calls; /* array of {"id","name","arguments":object or, when the model wrote no valid JSON, its text}; NULL: none */
  JsonNode *opaque;     /* what has to go back with the message, or NULL */
  HeddleUsage usage;
  gint64 first_token_us; /* since the send; -1: none */
} HeddleChatResponse;
void heddle_chat_response_free (HeddleChatResponse *response);
/* The assistant's message for the next request. */
JsonNode *heddle_chat_response_to_message (const HeddleChatResponse *response) G_GNUC_WARN_UNUSED_RESULT;
/* About how many tokens a (valid UTF-8) text is, where a provider does not say: a quarter of its bytes, one per Han, Kana or Hangul. */
gint64 heddle_tokens_estimate (const char *text);

/* Copies the request. One attempt: retries belong to the caller. */
void heddle_models_chat_async (HeddleModels *self, HeddleHttp *http, const HeddleChatRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleChatResponse *heddle_models_chat_finish (HeddleModels *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Embeddings: one float vector per text, all of one dimension, in input order. */
typedef struct
{
  guint dimensions;
  guint n_vectors;
  float *values; /* n_vectors × dimensions, L2-normalised */
  gint64 input_tokens;
} HeddleEmbeddings;
void heddle_embeddings_free (HeddleEmbeddings *embeddings);
void heddle_models_embed_async (HeddleModels *self, HeddleHttp *http, const char *model, const char *const *texts, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleEmbeddings *heddle_models_embed_finish (HeddleModels *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleProviderInfo, heddle_provider_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleChatResponse, heddle_chat_response_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleEmbeddings, heddle_embeddings_free)

G_END_DECLS
