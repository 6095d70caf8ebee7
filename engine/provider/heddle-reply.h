/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"
#include "provider/heddle-tool-names.h"

G_BEGIN_DECLS

/*
 * An answer while it arrives, in pieces of a stream or as one: what adapters read is gathered here and put together at
 * the end, with the faults that all protocols share. One thread.
 */
typedef struct _HeddleReply HeddleReply;

/* A call of a tool while it arrives. */
typedef struct
{
  char *key;     /* by which the protocol refers to it, or NULL */
  char *id;      /* NULL: not known yet */
  char *wire_id; /* as it came */
  GString *name;
  GString *arguments;
} HeddleReplyCall;

/* For the driver. names is borrowed. */
HeddleReply *heddle_reply_new (const HeddleChatRequest *request, const char *kind, const char *host, HeddleToolNames *names) G_GNUC_WARN_UNUSED_RESULT;
void heddle_reply_free (HeddleReply *self);
/* A secret that the server was sent, as in a header: a model that repeats it, in however many pieces, is not to be heard. Before the first piece. */
void heddle_reply_hide (HeddleReply *self, const char *value);
typedef void (*HeddleReplyTake) (HeddleReply *self, JsonNode *object);
/* The text of one event or line, which the adapter's take then reads. */
void heddle_reply_add_event (HeddleReply *self, const char *text, HeddleReplyTake take);
/* A whole answer that was no stream; some servers send the events of one as an array. */
void heddle_reply_add_body (HeddleReply *self, const char *body, gsize length, HeddleReplyTake take);
/* Whether anything came that counts as an event. */
gboolean heddle_reply_has_events (HeddleReply *self);
gboolean heddle_reply_is_done (HeddleReply *self);
/* Whether the reason of the end is known; counts may still follow. */
gboolean heddle_reply_is_finished (HeddleReply *self);
/* No more comes: tells what was held back because it may have been the beginning of a secret. */
void heddle_reply_release (HeddleReply *self);
/* NULL with BROKEN_STREAM when the end is missing, SERVER for nonsense or nothing, or what the server said. */
HeddleChatResponse *heddle_reply_finish (HeddleReply *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For adapters. Texts may be NULL. */
void heddle_reply_add_text (HeddleReply *self, const char *text);
void heddle_reply_add_reasoning (HeddleReply *self, const char *text);
void heddle_reply_add_refusal (HeddleReply *self, const char *text);
const char *heddle_reply_get_reasoning (HeddleReply *self);
void heddle_reply_set_model (HeddleReply *self, const char *model);
void heddle_reply_set_request_id (HeddleReply *self, const char *id); /* the first counts */
/* In the words of HeddleChatResponse. */
void heddle_reply_set_finish (HeddleReply *self, const char *reason);
/* Nothing that matters comes any more. */
void heddle_reply_set_done (HeddleReply *self);
void heddle_reply_set_error (HeddleReply *self, GError *error); /* takes it; the first counts */
/* What the server said, as an object that has the member "error". */
void heddle_reply_set_server_error (HeddleReply *self, JsonNode *object);
gboolean heddle_reply_has_calls (HeddleReply *self);
gboolean heddle_reply_has_content (HeddleReply *self);                        /* text, calls, reasoning or a refusal */
HeddleReplyCall *heddle_reply_find_call (HeddleReply *self, const char *key); /* NULL when there is none */
HeddleReplyCall *heddle_reply_get_last_call (HeddleReply *self);
/* key, id and name may be NULL. */
HeddleReplyCall *heddle_reply_add_call (HeddleReply *self, const char *key, const char *id, const char *name);
/* A call's id is never one that another has. */
void heddle_reply_set_call_id (HeddleReply *self, HeddleReplyCall *call, const char *id);
void heddle_reply_set_call_arguments (HeddleReplyCall *call, JsonNode *value);
HeddleUsage *heddle_reply_get_usage (HeddleReply *self);
/* What an adapter keeps between events; freed by the driver with the adapter's state_free. */
gpointer *heddle_reply_get_state (HeddleReply *self);
/*
 * Something that goes back with the message as it is: a block of the answer in the provider's own form, in order.
 * call_id names the call it is, or NULL. Unless keep, it is only kept along with one that is to be kept.
 */
void heddle_reply_add_block (HeddleReply *self, JsonNode *block, const char *call_id, gboolean keep);

/* Disjoint parts from totals that include them; -1 where a part or total is not known. */
void heddle_usage_set_input (HeddleUsage *usage, gint64 total, gint64 cache_read, gint64 cache_write);
void heddle_usage_set_output (HeddleUsage *usage, gint64 total, gint64 reasoning);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleReply, heddle_reply_free)

G_END_DECLS
