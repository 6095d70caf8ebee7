/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"
#include "tool/heddle-tool.h"

G_BEGIN_DECLS

/* A node of the workflow as a tool: a call runs its type with the arguments as $args and $input. */
#define HEDDLE_TYPE_NODE_TOOL (heddle_node_tool_get_type ())
G_DECLARE_FINAL_TYPE (HeddleNodeTool, heddle_node_tool, HEDDLE, NODE_TOOL, HeddleTool)

/* step: one of plan's with a tool spec. */
HeddleTool *heddle_node_tool_new (HeddlePlan *plan, const HeddleStep *step) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
