/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-run.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_SPAN_PENDING, /* a node that has not been reached */
  HEDDLE_SPAN_READY,
  HEDDLE_SPAN_RUNNING,
  HEDDLE_SPAN_RETRY,  /* waiting for the next attempt */
  HEDDLE_SPAN_ASKING, /* waiting for a person */
  HEDDLE_SPAN_OK,
  HEDDLE_SPAN_FAILED,
  HEDDLE_SPAN_SKIPPED,
  HEDDLE_SPAN_CANCELLED,
  HEDDLE_SPAN_HANDLED, /* failed, and the run went on as the node's policy says */
  HEDDLE_SPAN_CACHED,  /* a result from a pin, the cache or an earlier run */
  HEDDLE_SPAN_LIMITED, /* ended at a limit, with what there was */
  HEDDLE_SPAN_DOUBT,   /* may have had its effect when its process went; a person has to say */
} HeddleSpanState;

const char *heddle_span_state_to_string (HeddleSpanState state);
const char *heddle_span_state_get_title (HeddleSpanState state); /* translated */

typedef struct
{
  gint64 input_tokens;  /* -1: unknown */
  gint64 output_tokens; /* -1: unknown */
  gboolean estimated;
  gint64 cost;                  /* nano-USD; -1: unknown */
  gboolean cost_partly_unknown; /* some of what it sums up has no known price */
} HeddleSpanUsage;

/*
 * One bar of the waterfall: the run, a node, or something inside a node. Append-only; properties
 * "state" (int), "end" (int64), "text", "usage" (int64: tokens, -1 for none) notify. Lives in the
 * thread of its trace.
 */
#define HEDDLE_TYPE_SPAN (heddle_span_get_type ())
G_DECLARE_FINAL_TYPE (HeddleSpan, heddle_span, HEDDLE, SPAN, GObject)

const char *heddle_span_get_name (HeddleSpan *self); /* node title, "chat demo/small", "GET example.org" … */
/* "run", "node", "scope" (an item of a container, below its node), "pause" (of the run), "model", "http", "retrieval", "embedding" … */
const char *heddle_span_get_kind (HeddleSpan *self);
const char *heddle_span_get_node_id (HeddleSpan *self); /* of a scope: the container; NULL for the run */
const char *heddle_span_get_scope (HeddleSpan *self);   /* of what is in a container: "map1#3/loop1#0", and of the scope itself; else NULL */
const char *heddle_span_get_type_id (HeddleSpan *self); /* node type for kind "node", else NULL */
guint64 heddle_span_get_id (HeddleSpan *self);
HeddleSpan *heddle_span_get_parent (HeddleSpan *self);
guint heddle_span_get_depth (HeddleSpan *self);
GPtrArray *heddle_span_get_children (HeddleSpan *self); /* HeddleSpan*, by start; borrowed, never NULL */
HeddleSpanState heddle_span_get_state (HeddleSpan *self);
gint64 heddle_span_get_start (HeddleSpan *self); /* µs since run start; -1: not started */
gint64 heddle_span_get_end (HeddleSpan *self);   /* -1: not ended */
guint heddle_span_get_attempt (HeddleSpan *self);
/* Streamed so far, "" when none. Once a node has finished: its output when that is a string. Without any: the reason of a skip or cancel. */
const char *heddle_span_get_text (HeddleSpan *self);
/* Borrowed; "params", "inputs", "result", "messages", …; "reason" of a skip or cancel; "attempts" that failed before: [{"attempt","error","text"}]; "retry_at" (µs since
 * run start) of the next one. */
JsonNode *heddle_span_get_attribute (HeddleSpan *self, const char *key);
JsonNode *heddle_span_dup_attributes (HeddleSpan *self) G_GNUC_WARN_UNUSED_RESULT;
/* Which of its ways out a node took, for people: "True"; NULL while it runs and for nodes with one way. */
char *heddle_span_dup_way (HeddleSpan *self) G_GNUC_WARN_UNUSED_RESULT;
/* Own usage, for a node the sum of its model spans, for the run the sum of all. FALSE when there is none. */
gboolean heddle_span_get_usage (HeddleSpan *self, HeddleSpanUsage *usage);
const GError *heddle_span_get_error (HeddleSpan *self); /* borrowed or NULL */
/* How often a node asked the world for something; the attribute "effects" is the list: [{"kind","call","request","response"|"error"}]. */
guint heddle_span_get_n_effects (HeddleSpan *self);

typedef struct
{
  gint64 total; /* -1: not known */
  guint done;   /* failed ones included */
  guint failed;
  guint running;
} HeddleTraceProgress;
/* How far the node of a container is; FALSE when the span is none. */
gboolean heddle_span_get_progress (HeddleSpan *self, HeddleTraceProgress *progress);
/* How many of its items are no longer listed, and how many of those failed (may be NULL). */
guint heddle_span_get_n_folded (HeddleSpan *self, guint *n_failed);
/* Of a scope: which item it is, from 0; else -1. */
int heddle_span_get_item (HeddleSpan *self);

typedef enum
{
  HEDDLE_EDGE_PENDING,
  HEDDLE_EDGE_LIVE,
  HEDDLE_EDGE_DEAD,
} HeddleEdgeState;

/*
 * A run as people look at it: a GListModel of HeddleSpan in waterfall order (the run first, parents
 * before children, else by start), made from events, the same for live and stored runs. A node that
 * waits for its turn is found by its id but listed only once it starts or ends. Of a batch, additions
 * are told first, then what changed in spans, each once.
 *
 * An item of a container is a span of kind "scope" below the container's node, and what ran in it is below that. Of each container only the
 * last thousand items that are over stay in the list, and as many that failed; of the others it keeps the numbers (heddle_span_get_n_folded).
 * A run that another process goes on with is one trace: what was open ends as cancelled, and begins anew in the same span.
 *
 * Properties "state" (HeddleRunState), "pause" (why nothing more is started for now, or NULL). Signal "updated" (after each batch): const char *const *nodes touched.
 */
#define HEDDLE_TYPE_TRACE (heddle_trace_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTrace, heddle_trace, HEDDLE, TRACE, GObject)

HeddleTrace *heddle_trace_new (const char *run_id, gint64 started) G_GNUC_WARN_UNUSED_RESULT;
void heddle_trace_apply (HeddleTrace *self, GPtrArray *events); /* of HeddleEvent* */
/* Lists items again that were folded, for as long as one of them is chosen: events of these items alone, from the beginning. */
void heddle_trace_restore (HeddleTrace *self, GPtrArray *events);
/* Follows a live run in the caller's context; unsubscribes when finalized. */
HeddleTrace *heddle_trace_new_live (HeddleRun *run, guint interval_ms) G_GNUC_WARN_UNUSED_RESULT;

const char *heddle_trace_get_run_id (HeddleTrace *self);
gint64 heddle_trace_get_started (HeddleTrace *self); /* µs since the epoch */
HeddleRunState heddle_trace_get_state (HeddleTrace *self);
gint64 heddle_trace_get_duration (HeddleTrace *self);  /* µs so far or in all */
HeddleSpan *heddle_trace_get_root (HeddleTrace *self); /* the run's span */
/*
 * A node may run in many scopes: the items of a map, the rounds of a loop, one within another. The functions below that are given a node's id speak of one
 * of them: the item chosen for each container around it, by default the latest.
 */
HeddleSpan *heddle_trace_find_node (HeddleTrace *self, const char *node_id); /* latest; NULL when not reached */
/* Chooses an item of a container, in the chosen one of those around it; -1: the latest. Emits "updated". */
void heddle_trace_choose_item (HeddleTrace *self, const char *container, int item);
/* The item chosen (-1: the latest), and the highest one there is (-1: none). */
int heddle_trace_get_item (HeddleTrace *self, const char *container, int *last);
/* Chooses the items that the span is in, at all levels. */
void heddle_trace_choose_span (HeddleTrace *self, HeddleSpan *span);
/* Whatever is chosen: a node in a scope (NULL: in no container), or the scope itself (node NULL). NULL when it is not listed. */
HeddleSpan *heddle_trace_find_in_scope (HeddleTrace *self, const char *scope, const char *node_id);
/* How far a container is; FALSE when it is none or was not reached. */
gboolean heddle_trace_get_progress (HeddleTrace *self, const char *container, HeddleTraceProgress *progress);
/* Of a node that is a tool: its latest call, one that is not answered before others, and how many there were; NULL: none. */
HeddleSpan *heddle_trace_find_call (HeddleTrace *self, const char *node_id, guint *n_calls);
HeddleEdgeState heddle_trace_get_edge_state (HeddleTrace *self, const char *from, const char *from_port);
JsonNode *heddle_trace_get_output (HeddleTrace *self); /* borrowed, NULL before the end */
const char *heddle_trace_get_note (HeddleTrace *self);
const char *heddle_trace_get_pause (HeddleTrace *self); /* why the run is paused; NULL: it is not */
/* The node before which it stands still, at a breakpoint or after a step, with the "inputs" that it is about to get; else NULL. Borrowed. */
HeddleSpan *heddle_trace_get_next (HeddleTrace *self);

G_END_DECLS
