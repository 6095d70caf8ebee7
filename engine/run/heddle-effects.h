/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run.h"

G_BEGIN_DECLS

/*
 * What a node asks the world, recorded as (scope, node, kind, call, request) → response, so that a run can be replayed without it.
 * Every place that reaches out calls these two: kinds are "model", "http", "tool", "retrieval", "embedding", "memory", "workflow",
 * "question", "file", "time"; of the run itself "run". "begin" is of no answer: it tells the run of a workflow that was called, which goes on with it.
 * "call" is what a model was told of a call of a tool, which may be more than what the tool asked the world. request and response are JSON with
 * nothing secret in them; equal requests have equal JSON. Engine thread.
 */

/*
 * TRUE: the answer is not to be asked for. Either response (new reference) is what was recorded, or error says what failed then, or that
 * this request is another than then (HEDDLE_ERROR_REPLAY, with the difference in its hint). FALSE: ask the world, then record.
 * Equal requests of a node get the answers in the order they were recorded. A run that goes on is answered what was under way when its process went had
 * been answered; what is not on record is asked then.
 */
gboolean heddle_node_run_replay_effect (HeddleNodeRun *self, const char *kind, JsonNode *request, JsonNode **response, GError **error);
/* What came of it: response or error. A cancel is no answer and is not recorded. */
void heddle_node_run_record_effect (HeddleNodeRun *self, const char *kind, JsonNode *request, JsonNode *response, const GError *error);
/* The same of a span that has just ended, which says request and response under the same names, so that they are stored once. */
void heddle_node_run_record_span_effect (HeddleNodeRun *self, guint64 span, const char *kind, JsonNode *request, JsonNode *response, const GError *error);
/* As replay, but FALSE also where nothing like this was recorded: for what happens only sometimes, such as a call that takes too long. */
gboolean heddle_node_run_replay_if_recorded (HeddleNodeRun *self, const char *kind, JsonNode *request, JsonNode **response, GError **error);
/*
 * A call of a tool that had ended when the process went is not made again: TRUE with the response that was recorded (new reference), an object whose
 * "span" is the call's then. What the tool asked for within it answers nobody any more. Only in a run that goes on.
 */
gboolean heddle_node_run_take_call (HeddleNodeRun *self, JsonNode *request, JsonNode **response);
/* Whether effects of this node come from a replayed past alone: nothing outside of the run may be touched, not even what is asked for later. */
gboolean heddle_node_run_is_replayed (HeddleNodeRun *self);

/* Lines that say how two requests differ, for people: "messages[1].content: “a” → “b”". */
char *heddle_effect_describe_difference (JsonNode *recorded, JsonNode *now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
