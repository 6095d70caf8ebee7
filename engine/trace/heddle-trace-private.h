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

/* Key of a span inside a node (or the run: NULL). */
typedef struct
{
  const char *node; /* interned */
  guint64 span;
} HeddleSpanKey;

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
  GPtrArray *children; /* of HeddleSpan*, borrowed, as listed; emptied when the trace goes */
  GSequenceIter *iter; /* place in the trace; NULL: not listed */
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
  GSequence *listed;    /* of HeddleSpan* */
  GHashTable *nodes;    /* node id → its latest HeddleSpan* */
  GHashTable *spans;    /* HeddleSpanKey* → HeddleSpan* inside a node */
  GHashTable *calls;    /* id of a tool's node, interned → GPtrArray* of HeddleSpan*, borrowed */
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
void heddle_span_tell (HeddleSpan *self);

/* Of a call: the node that is the tool, interned; NULL when it is not said. */
const char *heddle_span_get_tool_node (HeddleSpan *self);

/* Puts a span in its place in the list. */
void heddle_trace_list (HeddleTrace *self, HeddleSpan *span);
void heddle_trace_touch (HeddleTrace *self, HeddleSpan *span, HeddleSpanChanges changes);
/* Changes the trace by one event; observers are told later. */
void heddle_trace_take_event (HeddleTrace *self, HeddleEvent *event);

G_END_DECLS
