/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run.h"

G_BEGIN_DECLS

/*
 * What a node asks the world, recorded as (scope, node, kind, call, request) → response, so that a run can be replayed without it.
 * Every place that reaches out calls these two: kinds are "model", "http", "tool", "retrieval", "embedding", "memory", "time". request and
 * response are JSON with nothing secret in them; equal requests have equal JSON. Engine thread.
 */

/*
 * TRUE: the answer is not to be asked for. Either response (new reference) is what was recorded, or error says what failed then, or that
 * this request is another than then (HEDDLE_ERROR_REPLAY, with the difference in its hint). FALSE: ask the world, then record.
 */
gboolean heddle_node_run_replay_effect (HeddleNodeRun *self, const char *kind, JsonNode *request, JsonNode **response, GError **error);
/* What came of it: response or error. */
void heddle_node_run_record_effect (HeddleNodeRun *self, const char *kind, JsonNode *request, JsonNode *response, const GError *error);

/* Lines that say how two requests differ, for people: "messages[1].content: “a” → “b”". */
char *heddle_effect_describe_difference (JsonNode *recorded, JsonNode *now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
