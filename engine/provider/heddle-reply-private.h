/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/heddle-http-mask.h"
#include "provider/heddle-reply.h"

G_BEGIN_DECLS

/* Gathered in heddle-reply.c, put together in heddle-reply-finish.c. */
struct _HeddleReply
{
  const HeddleChatRequest *request;
  char *kind;
  char *host;
  HeddleToolNames *names;
  GString *text;
  GString *reasoning;
  HeddleHttpMask *text_mask; /* pieces of a secret may come apart */
  HeddleHttpMask *reasoning_mask;
  GString *refusal;
  char *model;
  char *request_id;
  char *finish_reason;
  GPtrArray *calls;  /* HeddleReplyCall */
  JsonArray *blocks; /* {"block","call"} */
  gboolean keeps_blocks;
  HeddleUsage usage;
  gint64 started;
  gint64 first_token_us;
  gpointer state;
  gboolean is_stream;
  gboolean has_events;
  gboolean is_done;
  gboolean has_nonsense;
  gboolean has_objects; /* and something that is not, or was not cut off */
  GError *error;        /* what the server said in the middle */
};

G_END_DECLS
