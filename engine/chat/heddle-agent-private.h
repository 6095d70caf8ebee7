/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/heddle-agent.h"
#include "chat/heddle-chat.h"
#include "tool/heddle-tool.h"

G_BEGIN_DECLS

/* One run of an agent. Refcounted: what is under way holds it. Engine thread only. */
typedef struct
{
  HeddleNodeRun *run;
  const HeddleAgentParams *params; /* live as long as the node run */
  HeddleChat *chat;
  GPtrArray *tools;  /* HeddleTool* */
  JsonNode *offered; /* the tools as a request has them, or NULL when there are none */

  JsonNode *messages; /* what the model is sent */
  JsonNode *said;     /* what was added since the beginning, nothing left out */
  JsonArray *calls;   /* for the result */
  guint n_calls;      /* that began */
  guint iteration;    /* from 1 */
  guint64 span;       /* of the iteration */
  const char *forced; /* why this iteration must be the last: a finish reason; or NULL */
  char *last_turn;    /* its calls as text */
  guint n_same;       /* turns in a row with the same calls */
  HeddleUsage usage;
  gboolean compressed; /* in this iteration, because the provider refused a longer one */

  char *answer;
  char *model;
  char *finish_reason;
  JsonNode *output;
} HeddleAgent;

HeddleAgent *heddle_agent_ref (HeddleAgent *self);
void heddle_agent_unref (HeddleAgent *self);
/* Adds what the model and its tools said; consumes the message. */
void heddle_agent_say (HeddleAgent *self, JsonNode *message);
/* What went before the last message, without the system's: for who takes over. */
JsonNode *heddle_agent_dup_transcript (HeddleAgent *self) G_GNUC_WARN_UNUSED_RESULT;
HeddleTool *heddle_agent_find_tool (HeddleAgent *self, const char *name);    /* NULL: there is none of that name */
char *heddle_agent_list_names (HeddleAgent *self) G_GNUC_WARN_UNUSED_RESULT; /* of its tools, for a message */

/* Makes the calls of one turn and adds their answers in the order of the calls. Returns the answer of a tool that took over, or NULL. */
void heddle_agent_call_tools_async (HeddleAgent *self, JsonNode *tool_calls, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_agent_call_tools_finish (HeddleAgent *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the messages come near the window. */
gboolean heddle_agent_is_long (HeddleAgent *self);
/* Puts a summary in the place of older messages. FALSE without an error when nothing can be left out. */
void heddle_agent_compress_async (HeddleAgent *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_agent_compress_finish (HeddleAgent *self, GAsyncResult *result, GError **error);
/* A result as the model gets it: blackened, and no longer than a part of the window. */
char *heddle_agent_dup_for_model (HeddleAgent *self, JsonNode *result) G_GNUC_WARN_UNUSED_RESULT;

/* What a person is asked before a call. */
JsonNode *heddle_agent_make_question (HeddleTool *tool, const char *name, JsonNode *arguments) G_GNUC_WARN_UNUSED_RESULT;
/*
 * What the model is told of a call: {"result","is_error","duration_us"}. take: of a call that had ended before the run went on, which is not made again;
 * NULL: it is to be made. call: {"tool","arguments", …}. error: of a call that failed; one that was stopped is not recorded.
 */
void heddle_agent_record_call (HeddleAgent *self, guint64 span, JsonNode *call, JsonObject *answer, const GError *error);
JsonNode *heddle_agent_take_call (HeddleAgent *self, JsonNode *call) G_GNUC_WARN_UNUSED_RESULT;
/* A call took too long; and whether it did so in the recorded run that this one replays. */
void heddle_agent_record_timeout (HeddleAgent *self, const char *name, JsonNode *arguments, const GError *error);
gboolean heddle_agent_replay_timeout (HeddleAgent *self, const char *name, JsonNode *arguments);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleAgent, heddle_agent_unref)

G_END_DECLS
