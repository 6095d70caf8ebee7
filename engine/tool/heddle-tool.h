/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Something a model may call: a node wired to an agent, one tool of an MCP server, another agent. Engine thread only.
 * Subclasses implement call_async and call_finish; everything else is in the base class.
 */
#define HEDDLE_TYPE_TOOL (heddle_tool_get_type ())
G_DECLARE_DERIVABLE_TYPE (HeddleTool, heddle_tool, HEDDLE, TOOL, GObject)

/* In order of strictness. */
typedef enum
{
  HEDDLE_APPROVAL_AGENT, /* as the agent says, which is the default */
  HEDDLE_APPROVAL_NEVER,
  HEDDLE_APPROVAL_ONCE,   /* the first call of a run */
  HEDDLE_APPROVAL_ALWAYS, /* every call */
} HeddleApproval;

/* What a call sees of its surroundings. */
typedef struct
{
  HeddleNodeRun *run; /* that of the node which calls: services, shared things and spans of the call are had through it */
  guint64 span;       /* the "tool" span of this call: parent of whatever the tool does */
  guint index;        /* from 1, among the calls of the node run, also those that ended before it went on: part of what their idempotency keys are made of */
  /* When the tool hands off (see below): the conversation so far, without system messages; else NULL. */
  JsonNode *transcript;
  /* 0…1 or -1 with no known total; text may be NULL. May be NULL. */
  void (*progress) (double fraction, const char *text, gpointer user_data);
  gpointer progress_data;
} HeddleToolCall;

struct _HeddleToolClass
{
  GObjectClass parent_class;

  /* arguments: a sealed object, which fits the parameters. Cancel must end the call within 10 ms. call is the caller's: copy it. */
  void (*call_async) (HeddleTool *self, JsonNode *arguments, const HeddleToolCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  /* The result, any value; with *is_error what went wrong, told to the model. NULL with an error when the call itself failed. */
  JsonNode *(*call_finish) (HeddleTool *self, GAsyncResult *result, gboolean *is_error, GError **error);
};

/* Name as the model sees it: 1 to 64 of [A-Za-z0-9_-], made so when given otherwise. parameters: a JSON Schema object; NULL: none. */
void heddle_tool_set_name (HeddleTool *self, const char *name);
const char *heddle_tool_get_name (HeddleTool *self);
void heddle_tool_set_description (HeddleTool *self, const char *description);
const char *heddle_tool_get_description (HeddleTool *self);
void heddle_tool_set_parameters (HeddleTool *self, JsonNode *schema);
JsonNode *heddle_tool_get_parameters (HeddleTool *self);
/* Id of the node it belongs to, for the canvas; or NULL. */
void heddle_tool_set_node (HeddleTool *self, const char *node);
const char *heddle_tool_get_node (HeddleTool *self);
/* "node", "mcp", "agent", "workflow": an attribute of its spans. */
void heddle_tool_set_kind (HeddleTool *self, const char *kind);
const char *heddle_tool_get_kind (HeddleTool *self);
HeddleApproval heddle_tool_get_approval (HeddleTool *self);
/* What the tool asks for by itself, whatever is said above: the stricter of both holds. */
void heddle_tool_set_least_approval (HeddleTool *self, HeddleApproval approval);
HeddleApproval heddle_tool_get_least_approval (HeddleTool *self);
/* Whether a call ends the caller's work: the tool takes over with the conversation, and its answer is the answer. */
gboolean heddle_tool_get_hand_off (HeddleTool *self);
/* In milliseconds; 0: the agent's. */
guint heddle_tool_get_timeout (HeddleTool *self);

/* Approval, timeout and hand_off as a spec of heddle_node_dup_tool_spec () has them. */
void heddle_tool_apply_spec (HeddleTool *self, JsonNode *spec);

void heddle_tool_call_async (HeddleTool *self, JsonNode *arguments, const HeddleToolCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_tool_call_finish (HeddleTool *self, GAsyncResult *result, gboolean *is_error, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The result of the call as text for the model: texts as they are, anything else as JSON. */
char *heddle_tool_result_to_text (JsonNode *result) G_GNUC_WARN_UNUSED_RESULT;
/* From "agent", "never", "once" or "always"; FALSE when it is none of them. */
gboolean heddle_approval_from_string (const char *text, HeddleApproval *approval);

G_END_DECLS
