/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run-private.h"
#include "run/heddle-scope-run.h"

G_BEGIN_DECLS

/* Results that are there without running a step: pinned ones, what a bypassed step was given, and those that an equal step gave before. */

/* Before an attempt begins. TRUE: the step is through. */
gboolean heddle_step_source_take (HeddleScopeRun *scope, guint index);
/*
 * A step ends with the data of a NODE_FINISHED, which says where it is from: {"result","live","sent"?,"vars"?,"source"}. Ports that the step
 * does not have are left out.
 */
void heddle_step_source_finish (HeddleScopeRun *scope, guint index, JsonNode *data);
/* The same without an event, which the log has already. */
void heddle_step_source_apply (HeddleScopeRun *scope, guint index, JsonNode *data);
/* Only the variables that it sets. */
void heddle_step_source_set_variables (HeddleScopeRun *scope, JsonNode *data);

/* Once the parameters of an attempt are known. TRUE: a result is being looked for, and without one the attempt goes on by itself. */
gboolean heddle_step_source_look_up (HeddleNodeRun *node_run);
/* The attempt ended well with this data: it is kept where that was asked for. */
void heddle_step_source_keep (HeddleNodeRun *node_run, JsonNode *data);

G_END_DECLS
