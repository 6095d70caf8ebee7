/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "registry/heddle-node-type.h"

G_BEGIN_DECLS

/*
 * What a node type's run() sees: its inputs, the services, and the ways to report. Engine thread
 * only, except where stated. Valid until complete or fail returns; hold no pointer after that.
 * Asynchronous code keeps it alive with ref/unref: after a cancel, late reports are ignored.
 */
HeddleNodeRun *heddle_node_run_ref (HeddleNodeRun *self);
void heddle_node_run_unref (HeddleNodeRun *self);

/* Which node of which workflow in which run; borrowed. The workflow's id may be "" where a plan was made without one. */
const char *heddle_node_run_get_node_id (HeddleNodeRun *self);
const char *heddle_node_run_get_workflow_id (HeddleNodeRun *self);
const char *heddle_node_run_get_workflow_name (HeddleNodeRun *self);
const char *heddle_node_run_get_run_id (HeddleNodeRun *self);
guint heddle_node_run_get_attempt (HeddleNodeRun *self);
/* Whether a model calls it, and it is no step of the flow. */
gboolean heddle_node_run_is_tool (HeddleNodeRun *self);
/* Value at an input port, borrowed; NULL when dead or not connected. One live in-edge: its value; several: object keyed by source. */
JsonNode *heddle_node_run_get_input (HeddleNodeRun *self, const char *port);
/* The live in-edges of a port one by one, in edge order. source: node id, borrowed, may be NULL. */
guint heddle_node_run_get_n_inputs (HeddleNodeRun *self, const char *port);
JsonNode *heddle_node_run_get_nth_input (HeddleNodeRun *self, const char *port, guint n, const char **source);
/* Whether exactly one edge is live at a port, and an Input node is where it comes from. */
gboolean heddle_node_run_is_input_from_start (HeddleNodeRun *self, const char *port);
/* The run's input (what Input nodes take). Borrowed. */
JsonNode *heddle_node_run_get_run_input (HeddleNodeRun *self);
/* Variables of the run, or with global the run's view of those that outlive it. value NULL: there is none any more. Borrowed. */
JsonNode *heddle_node_run_get_variable (HeddleNodeRun *self, gboolean global, const char *name);
void heddle_node_run_set_variable (HeddleNodeRun *self, gboolean global, const char *name, JsonNode *value);
/* The failure that an error handler takes up: {"error":record,"node","title","run"}. Borrowed; NULL in a run where nothing failed. */
JsonNode *heddle_node_run_get_failure (HeddleNodeRun *self);
GCancellable *heddle_node_run_get_cancellable (HeddleNodeRun *self);
GMainContext *heddle_node_run_get_context (HeddleNodeRun *self);

/* Services are NULL where the program has none. */
HeddleStore *heddle_node_run_get_store (HeddleNodeRun *self);
HeddleHttp *heddle_node_run_get_http (HeddleNodeRun *self);
/* What requests pass one after the other, by credential and by host, across runs (provider/heddle-gate.h). */
HeddleLimits *heddle_node_run_get_limits (HeddleNodeRun *self);
HeddleModels *heddle_node_run_get_models (HeddleNodeRun *self);
HeddleKnowledge *heddle_node_run_get_knowledge (HeddleNodeRun *self);
HeddleSecrets *heddle_node_run_get_secrets (HeddleNodeRun *self);
HeddleMemory *heddle_node_run_get_memory (HeddleNodeRun *self);
HeddleMcpServers *heddle_node_run_get_mcp_servers (HeddleNodeRun *self);

/*
 * Things that live as long as the run and are shared by its nodes, such as a connection to an MCP server. Borrowed; NULL when
 * there is none of that key. set consumes object, in place of an earlier one. NULL and dropped once the run has ended.
 */
GObject *heddle_node_run_get_shared (HeddleNodeRun *self, const char *key);
void heddle_node_run_set_shared (HeddleNodeRun *self, const char *key, GObject *object);
/* Calls func on the engine thread once the whole run has ended well; data is destroyed in any case. */
void heddle_node_run_after_success (HeddleNodeRun *self, void (*func) (gpointer data), gpointer data, GDestroyNotify destroy);

/* Streams a piece of the main output's text. */
void heddle_node_run_delta (HeddleNodeRun *self, const char *text);
/* Throws away what was streamed, before an attempt starts the text again. */
void heddle_node_run_reset_text (HeddleNodeRun *self);

/*
 * Child spans. kind: "model", "http", "retrieval", "embedding", "tool". attributes may be NULL,
 * is consumed; standard keys: "model", "messages", "usage":{"input_tokens","output_tokens",
 * "total_tokens","estimated"}, "first_token_us", "finish_reason", "method", "url", "status",
 * "query", "results". parent 0: the node's span.
 */
guint64 heddle_node_run_begin_span (HeddleNodeRun *self, const char *kind, const char *name, guint64 parent, JsonNode *attributes);
void heddle_node_run_update_span (HeddleNodeRun *self, guint64 span, JsonNode *attributes);
void heddle_node_run_end_span (HeddleNodeRun *self, guint64 span, JsonNode *attributes, const GError *error);

/*
 * Asks a person, and waits as long as it takes; a cancel withdraws the question. question: {"kind","title","text","schema"} as of
 * heddle_run_dup_questions (), without "id"; span: what waits, shown so. The answer fits the schema. Fails at once when the run was
 * started where nobody can answer.
 */
void heddle_node_run_ask_async (HeddleNodeRun *self, JsonNode *question, guint64 span, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_node_run_ask_finish (HeddleNodeRun *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The body of a container: runs once with item at the type's first inner output, index counting from 0, and $loop being {"index","item",
 * "last"} with last as given (NULL: JSON null). Several may run at the same time; each is a scope of its own in events. func is called on the
 * engine thread, never before this returns; value is what reached the inner input port (borrowed, NULL with reason HEDDLE_BODY_…). A cancel of
 * the node stops all of them, and func is not called. Nothing of a body that ended is kept.
 */
typedef enum
{
  HEDDLE_BODY_DONE,   /* value reached port */
  HEDDLE_BODY_EMPTY,  /* nothing reached an inner input: every way was dead */
  HEDDLE_BODY_FAILED, /* error says why */
} HeddleBodyEnd;
typedef struct
{
  guint index;
  HeddleBodyEnd end;
  const char *port;    /* of DONE: the inner input that was reached; of several, the last in the type's order */
  JsonNode *value;     /* borrowed */
  const GError *error; /* of FAILED; borrowed */
  JsonNode *record;    /* the same as nodes get it, with "node" and "title"; borrowed */
} HeddleBodyResult;
typedef void (*HeddleBodyFunc) (HeddleNodeRun *self, const HeddleBodyResult *result, gpointer data);
void heddle_node_run_start_body (HeddleNodeRun *self, guint index, JsonNode *item, JsonNode *last, HeddleBodyFunc func, gpointer data);
/* Stops the bodies under way; their func is not called. */
void heddle_node_run_stop_bodies (HeddleNodeRun *self, const char *reason);
/* So many bodies are to be expected, because a list is as long: the run may take the steps that they need. */
void heddle_node_run_expect_bodies (HeddleNodeRun *self, guint n_bodies);
/* Evaluates a parameter marked .is_late, with $loop as in start_body. NULL with error. */
JsonNode *heddle_node_run_evaluate (HeddleNodeRun *self, const char *param, guint index, JsonNode *item, JsonNode *last, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stops what is under way for this node alone: of a join that went on with the first that came. */
void heddle_node_run_cancel_losers (HeddleNodeRun *self);
/* For people: how far a container is. total -1: not known. */
void heddle_node_run_set_progress (HeddleNodeRun *self, int total, guint done, guint failed, guint running);
/* The result is what there was when a limit ended it, which people are shown. Before complete. */
void heddle_node_run_set_limited (HeddleNodeRun *self);
/* The same for all attempts at this node in this scope of the run, also after a crash, and another in a fork: for Idempotency-Key. Borrowed. */
const char *heddle_node_run_get_idempotency_key (HeddleNodeRun *self);
/*
 * For what a node does that must not be done twice and that is no step of its own, such as a call of a server's tool: answers once it is on the disk
 * that it may happen. After a crash, a person is asked whether it did, unless a call of this span had ended by then (heddle_node_run_take_call ()).
 * tool: its name for people, or NULL. span: of the call, or 0.
 */
void heddle_node_run_intend_async (HeddleNodeRun *self, const char *tool, guint64 span, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_node_run_intend_finish (HeddleNodeRun *self, GAsyncResult *result, GError **error);

/*
 * The tools wired to this node, HeddleTool* in the order of the edges; those that have to be asked for (a server's) are
 * asked at the same time. Fails when one of them cannot be listed. The array owns them; they are valid as long as the run of the node.
 */
void heddle_node_run_list_tools_async (HeddleNodeRun *self, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_node_run_list_tools_finish (HeddleNodeRun *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends a list_tools () of a node type: consumes the array of HeddleTool*, which owns them. */
void heddle_node_run_complete_tools (HeddleNodeRun *self, GPtrArray *tools);

/* Of an agent that another one handed over to: the conversation so far (see heddle-models.h), without system messages. NULL: it was just called. */
JsonNode *heddle_node_run_get_transcript (HeddleNodeRun *self);

/*
 * Runs a stored workflow, by id or name as it is saved, as a part of this run but with a trace of its own. It is stopped by
 * cancellable. finish: its output; run, usage: its id and what its models used, for the span of the call, NULL when not known,
 * valid as long as result.
 */
void heddle_node_run_call_workflow_async (HeddleNodeRun *self, const char *workflow, JsonNode *input, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_node_run_call_workflow_finish (HeddleNodeRun *self, GAsyncResult *result, const char **run, JsonNode **usage, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a node keeps while it runs, in place of what it kept before; destroyed with the node run. */
void heddle_node_run_set_data (HeddleNodeRun *self, gpointer data, GDestroyNotify destroy);
/* A further key of the result object, before complete. Consumes value. */
void heddle_node_run_set_result (HeddleNodeRun *self, const char *key, JsonNode *value);
/* Ends: output (consumed) is result.output and flows along the default port. */
void heddle_node_run_complete (HeddleNodeRun *self, JsonNode *output);
/* Ends: only this port is live, all others dead. */
void heddle_node_run_complete_port (HeddleNodeRun *self, const char *port, JsonNode *output);
/* Ends: consumes error. */
void heddle_node_run_fail (HeddleNodeRun *self, GError *error);

/*
 * Blocking or CPU-heavy work in the engine's thread pool, not bounded by GIO's ten threads. func runs there
 * and must not touch the node run; done always runs on the engine thread with what func returned, also after a cancel
 * (free the result; what is reported then is ignored). At last data is destroyed there.
 */
typedef gpointer (*HeddleWorkFunc) (gpointer data, GCancellable *cancellable, GError **error);
typedef void (*HeddleWorkDone) (HeddleNodeRun *self, gpointer result, GError *error, gpointer data); /* error borrowed */
void heddle_node_run_in_thread (HeddleNodeRun *self, HeddleWorkFunc func, gpointer data, GDestroyNotify destroy, HeddleWorkDone done);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleNodeRun, heddle_node_run_unref)

G_END_DECLS
