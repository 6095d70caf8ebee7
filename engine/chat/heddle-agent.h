/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/heddle-chat-params.h"
#include "run/heddle-node-run.h"

G_BEGIN_DECLS

/* Parameters of an agent: those of anything that talks to a model, and its own. */
typedef struct
{
  HeddleChatParams chat;
  gint64 max_tool_iterations; /* answers of the model, the last of which must be the answer */
  gint64 max_parallel_tools;
  gint64 tool_timeout;   /* seconds of one call */
  char *approval;        /* of tools that say nothing: "never", "once", "always" */
  gint64 context_window; /* tokens; near them older messages are summarised. 0: never */
} HeddleAgentParams;

/*
 * Reasons, calls tools and observes until there is an answer, and then ends the node run, in whatever way. Results: output,
 * tool_calls [{"name","arguments","result","duration_ms","is_error"}], iterations, usage, cost, model, finish_reason ("limit" when the
 * iterations were used up, "repeated_calls" when the model went in circles). Spans: "iteration" > "model", "tool".
 */
void heddle_agent_run (HeddleNodeRun *run, const HeddleAgentParams *params);

G_END_DECLS
