/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"
#include "run/heddle-node-run.h"

G_BEGIN_DECLS

/*
 * One answer of a model within a node run, as LLM, Agent, guardrails and memory all need it: a "model" span for each
 * attempt with messages, tools, answer, usage and cost; streamed text into the node when wanted; and, when a model
 * fails for a reason that another may not have, the next of the fallback models.
 */
typedef struct
{
  HeddleChatRequest request; /* its model is the first to be asked; delta and reasoning are set by the call */
  char **fallback_models;    /* references or NULL */
  guint64 parent;            /* span; 0: the node's */
  const char *title;         /* of the span; NULL: the model */
  gboolean shows_text;       /* the text is streamed as the node's */
  /* What becomes of a text of the model before anybody sees it, the trace included; NULL with an error: the call fails. May be NULL. */
  char *(*redact) (const char *text, gpointer data, GError **error);
  gpointer redact_data; /* lives until the call completes */
} HeddleChatCall;

/* Everything of call is copied. */
void heddle_chat_call_async (HeddleNodeRun *run, const HeddleChatCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleChatResponse *heddle_chat_call_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
