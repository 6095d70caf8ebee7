/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-event.h"
#include "trace/heddle-trace.h"

G_BEGIN_DECLS

/* Sum of what spans below used; what is unknown is not counted. */
typedef struct
{
  gint64 input_tokens;
  gint64 output_tokens;
  gint64 cost;
  guint n_spans; /* that say anything at all */
  guint n_input; /* that know the one */
  guint n_output;
  guint n_cost;
  guint n_estimated;
} HeddleTally;

/* Where a span is found: in a scope (NULL: in no container), a node (NULL: the run) and, unless it is the node itself, in it. */
typedef struct
{
  const HeddleSpan *scope;
  const char *node; /* interned */
  guint64 span;     /* 0: the node */
} HeddleSpanKey;

#define HEDDLE_N_SPAN_STATES (HEDDLE_SPAN_DOUBT + 1)

/* What a span of kind "scope" is beyond a span: an item of a container. */
typedef struct
{
  guint index;
  guint counts[HEDDLE_N_SPAN_STATES]; /* nodes directly in it, by state */
  GPtrArray *nodes;                   /* their spans, listed or not; borrowed */
  gboolean is_queued;                 /* was over once, and waits to be folded */
  gboolean is_doomed;                 /* is taken out of the list soon */
  gboolean is_restored;               /* was folded, and is looked at again: it is counted already */
} HeddleItem;

/* What the span of a node is beyond a span once it has items. */
typedef struct
{
  GHashTable *items;  /* index → HeddleSpan* of kind "scope" of this attempt, borrowed */
  HeddleSpan *latest; /* the one that began last, borrowed; or NULL */
  int last;           /* the highest index; -1: none */
  int chosen;         /* -1: the latest */
  gint64 total;       /* as the node says itself, or -1 */
  guint n_done;       /* folded ones included */
  guint n_failed;
  guint n_running;
  guint n_folded; /* no longer listed */
  guint n_folded_failed;
  HeddleTraceProgress reported; /* the node's last word; only live */
  gboolean has_reported;
} HeddleContainer;

/* Items of one container's node that are over and listed, oldest first; an item that failed moves to the other queue. */
typedef struct
{
  GQueue over; /* of HeddleSpan*, borrowed */
  GQueue failed;
} HeddleFold;

/* What changed in a span since it was last told. */
typedef enum
{
  HEDDLE_SPAN_CHANGED_STATE = 1 << 0,
  HEDDLE_SPAN_CHANGED_END = 1 << 1,
  HEDDLE_SPAN_CHANGED_TEXT = 1 << 2,
  HEDDLE_SPAN_CHANGED_USAGE = 1 << 3,
  HEDDLE_SPAN_CHANGED_OTHER = 1 << 4, /* attributes, name: nothing to notify, but its node was touched */
} HeddleSpanChanges;

struct _HeddleSpan
{
  GObject parent_instance;
  char *name;
  const char *kind;    /* interned */
  const char *node_id; /* interned or NULL */
  char *type_id;
  guint64 id;
  HeddleSpan *parent;  /* strong: the trace alone owns the list, so there is no cycle */
  GPtrArray *children; /* of HeddleSpan*, borrowed, as listed; emptied when the trace or the span in it goes */
  GRefString *scope;   /* where it is, or what it is; NULL: in no container */
  HeddleItem *item;
  HeddleContainer *container;
  GPtrArray *effects;    /* data of NODE_EFFECT (JsonNode*); or NULL */
  JsonNode *effect_list; /* the same as an array, made when asked for; or NULL */
  GSequenceIter *iter;   /* place in the trace; NULL: not listed */
  guint depth;
  guint attempt;
  HeddleSpanState state;
  gint64 order; /* its start, or when it was listed without one */
  gint64 start;
  gint64 end;
  GString *text;        /* streamed; or NULL */
  JsonNode *final_text; /* a string that takes its place when the span ended; or NULL */
  JsonObject *attributes;
  JsonNode *live; /* array of the ports that the node left live; or NULL */
  GError *error;
  gboolean is_interrupted; /* its process went while it was open; what comes of it begins it anew */
  HeddleSpanUsage own;
  gboolean has_own;
  HeddleTally tally; /* of the spans below, for a node and the run */
  HeddleSpanChanges changes;
};

struct _HeddleTrace
{
  GObject parent_instance;
  char *run_id;
  gint64 started;
  gint64 last_time;
  HeddleRunState state;
  HeddleSpan *root;
  GSequence *listed;     /* of HeddleSpan* */
  GHashTable *spans;     /* HeddleSpanKey* → HeddleSpan*, the latest of each node and what is in it */
  GHashTable *calls;     /* HeddleSpanKey* of a tool's node → GPtrArray* of HeddleSpan*, borrowed */
  GHashTable *scopes;    /* path → HeddleSpan* of kind "scope", borrowed */
  GHashTable *homes;     /* id of a node or tool → id of the container it is in, both interned */
  GHashTable *folds;     /* id of a container, interned → HeddleFold* */
  GPtrArray *doomed;     /* of HeddleSpan*: items to be taken out of the list */
  HeddleSpan *pause;     /* under way; borrowed or NULL */
  HeddleSpan *next;      /* before which the run stands still; owned or NULL */
  gboolean is_restoring; /* events of items that were folded come again */
  gboolean pause_changed;
  GPtrArray *changed;   /* of HeddleSpan* with changes that are not told yet */
  guint added_position; /* listed, but not told yet: n_added from here on */
  guint n_added;
  gboolean state_changed;
  JsonNode *output;
  char *note;
  HeddleRun *run; /* followed live; or NULL */
  guint subscription;
};

HeddleSpan *heddle_span_new (const char *kind, const char *name, const char *node_id, HeddleSpan *parent) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_span_is_open (HeddleSpan *self);
void heddle_span_set_own_usage (HeddleSpan *self, JsonNode *usage);
/* Merges members of an object, except those in the list. */
void heddle_span_merge_attributes (HeddleSpan *self, JsonNode *data, const char *const *except);
void heddle_span_set_attribute (HeddleSpan *self, const char *key, JsonNode *value);
void heddle_span_remove_attribute (HeddleSpan *self, const char *key);
void heddle_span_add_effect (HeddleSpan *self, JsonNode *effect);
void heddle_span_tell (HeddleSpan *self);
/* The scope that the span is in, itself if it is one; NULL: in no container. */
HeddleSpan *heddle_span_get_scope_span (HeddleSpan *self);

/* Of a call: the node that is the tool, interned; NULL when it is not said. */
const char *heddle_span_get_tool_node (HeddleSpan *self);

/* Puts a span in its place in the list. */
void heddle_trace_list (HeddleTrace *self, HeddleSpan *span);
void heddle_trace_touch (HeddleTrace *self, HeddleSpan *span, HeddleSpanChanges changes);
/* What was listed is told at once, so that the list may change in another way. */
void heddle_trace_tell_added (HeddleTrace *self);
/* Changes the trace by one event; observers are told later. */
void heddle_trace_take_event (HeddleTrace *self, HeddleEvent *event);
HeddleSpan *heddle_trace_lookup (HeddleTrace *self, HeddleSpan *scope, const char *node, guint64 span);
/* Takes the span; its scope is the one it is in. */
void heddle_trace_register (HeddleTrace *self, HeddleSpan *span);

/* Changes of one span, all of which note what is to be told, and keep the counts of the item that it is in. */
void heddle_trace_set_state (HeddleTrace *self, HeddleSpan *span, HeddleSpanState state, gint64 time);
void heddle_trace_set_end (HeddleTrace *self, HeddleSpan *span, HeddleSpanState state, gint64 time);
void heddle_trace_start_span (HeddleTrace *self, HeddleSpan *span, HeddleEvent *event);
void heddle_trace_set_text (HeddleTrace *self, HeddleSpan *span, const char *text);
void heddle_trace_set_final_text (HeddleTrace *self, HeddleSpan *span, JsonNode *text);
void heddle_trace_set_error (HeddleSpan *span, JsonNode *data);
/* Keeps the attempt so far: {"attempt", "error", "text"} is added to the attribute "attempts". */
void heddle_trace_keep_attempt (HeddleSpan *span, JsonNode *error);
/* Ends what is still open inside. */
void heddle_trace_close_inside (HeddleTrace *self, HeddleSpan *span, gint64 time);

/* heddle-trace-nodes.c: the node of an event, made when its beginning is missing. */
HeddleSpan *heddle_trace_ensure_node (HeddleTrace *self, HeddleEvent *event);
/* What an event says of the node itself. */
void heddle_trace_describe_node (HeddleSpan *span, JsonNode *data);
void heddle_trace_take_node_event (HeddleTrace *self, HeddleEvent *event);

/* heddle-trace-scopes.c: the scope of an event, made with all around it; NULL: in no container. */
HeddleSpan *heddle_trace_ensure_scope (HeddleTrace *self, HeddleEvent *event);
/* A new span of a node in a scope, not listed yet. */
HeddleSpan *heddle_trace_add_node (HeddleTrace *self, HeddleSpan *scope, const char *node, gint64 time);
/* A node in an item, or its item's nodes, went from one state to another. */
void heddle_trace_count_node (HeddleTrace *self, HeddleSpan *scope, HeddleSpanState from, HeddleSpanState to, gint64 time);
/* What a container says of itself when it starts, and of how far it is. */
void heddle_trace_describe_container (HeddleTrace *self, HeddleSpan *span, JsonNode *data);
void heddle_trace_report_progress (HeddleTrace *self, HeddleSpan *span, JsonNode *data);
/* The items of a container's attempt that failed stay listed, but are none of those that follow. */
void heddle_trace_forget_items (HeddleTrace *self, HeddleSpan *span);
/* The scope of a node among the chosen items; FALSE: it was not reached. */
gboolean heddle_trace_resolve_scope (HeddleTrace *self, const char *node, HeddleSpan **scope);
gboolean heddle_trace_has_chosen_item (HeddleSpan *container);
void heddle_container_free (HeddleContainer *container);
void heddle_item_free (HeddleItem *item);

/* heddle-trace-fold.c: items that are over are listed only as long as they are among the latest. */
void heddle_trace_queue_item (HeddleTrace *self, HeddleSpan *scope);
gboolean heddle_trace_should_fold (HeddleTrace *self);
void heddle_trace_fold_items (HeddleTrace *self);
void heddle_fold_free (HeddleFold *fold);

/* heddle-trace-pauses.c: the run waits, or its process is gone. */
void heddle_trace_take_paused (HeddleTrace *self, HeddleEvent *event);
void heddle_trace_take_unpaused (HeddleTrace *self, HeddleEvent *event);
/* What is open ends, and may begin anew. */
void heddle_trace_interrupt (HeddleTrace *self, gint64 time);
/* What is open ends with the run. */
void heddle_trace_end_all (HeddleTrace *self, gint64 time);
void heddle_trace_take_continued (HeddleTrace *self, HeddleEvent *event);

G_END_DECLS
