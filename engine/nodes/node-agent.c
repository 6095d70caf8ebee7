/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-agent.h"

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { "context", N_ ("Context"), HEDDLE_VALUE_ANY, HEDDLE_PORT_OPTIONAL },
  { "tools", N_ ("Tools"), HEDDLE_VALUE_ANY, HEDDLE_PORT_OPTIONAL | HEDDLE_PORT_TOOLS },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Answer"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice approvals[] = {
  { "never", N_ ("Never") },
  { "once", N_ ("Before the first call of each tool") },
  { "always", N_ ("Before every call") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_INT (HeddleAgentParams, max_tool_iterations, N_ ("Max iterations"), .help = N_ ("How often the model may think at most; the last time it has to answer without calling tools."), .def.i = 8, .min = 1, .max = 100, .step = 1),
  HEDDLE_CHOICE (HeddleAgentParams, approval, N_ ("Ask a person"), .help = N_ ("Whether somebody has to approve what tools are called with. A tool can say otherwise for itself."), .choices = approvals, .def.s = "never"),
  HEDDLE_INT (HeddleAgentParams, tool_timeout, N_ ("Tool timeout in seconds"), .help = N_ ("How long one call of a tool may take; 0 is without limit."), .def.i = 30, .min = 0, .max = 86400, .step = 10, .advanced = TRUE),
  HEDDLE_INT (HeddleAgentParams, max_parallel_tools, N_ ("Calls at once"), .help = N_ ("How many of the calls that the model makes in one turn run at the same time."), .def.i = 8, .min = 1, .max = 64, .step = 1, .advanced = TRUE),
  HEDDLE_INT (HeddleAgentParams, context_window, N_ ("Context window in tokens"), .help = N_ ("Near it, older messages are summarised by the model. 0 never does that."), .def.i = 0, .min = 0, .max = 10000000, .step = 1000, .advanced = TRUE),
  HEDDLE_CHAT_PARAMS (HeddleAgentParams, chat),
};

static const HeddleResultKey results[] = {
  { "tool_calls", N_ ("Calls of tools, with their results"), HEDDLE_VALUE_LIST },
  { "iterations", N_ ("How often the model thought"), HEDDLE_VALUE_NUMBER },
  { "usage", N_ ("Tokens used"), HEDDLE_VALUE_OBJECT },
  { "cost", N_ ("Cost in US dollars, null when the price is unknown"), HEDDLE_VALUE_NUMBER },
  { "model", N_ ("Model that answered"), HEDDLE_VALUE_TEXT },
  { "finish_reason", N_ ("Why it ended"), HEDDLE_VALUE_TEXT },
  { NULL },
};

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  heddle_agent_run (node_run, data);
}

const HeddleNodeType heddle_node_type_agent = {
  .id = "agent",
  .version = 1,
  .title = N_ ("Agent"),
  .summary = N_ ("Lets a language model call tools until it has an answer."),
  .keywords = N_ ("ai assistant tool function mcp loop reason act research autonomous"),
  .icon_name = "heddle-agent-symbolic",
  .category = HEDDLE_CATEGORY_MODELS,
  .effect = HEDDLE_EFFECT_UNSAFE,
  .flags = HEDDLE_NODE_AGENT | HEDDLE_NODE_CALLS,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (HeddleAgentParams),
  .results = results,
  .main_alias = "text",
  .example = "{\"params\":{\"model\":\"demo/small\",\"system\":\"Answer with one word: billing or technical.\",\"prompt\":\"{{ $input }}\"},"
             "\"inputs\":{\"in\":\"I was charged twice\"},\"outputs\":{\"out\":\"billing\"}}",
  .describe = heddle_chat_params_describe,
  .run = run,
  .tool = "{\"description\":\"Hands a task to another agent and returns its answer.\",\"parameters\":{\"type\":\"object\",\"properties\":{"
          "\"task\":{\"type\":\"string\",\"description\":\"What it has to do, with all that it must know\"}},\"required\":[\"task\"]}}",
};
