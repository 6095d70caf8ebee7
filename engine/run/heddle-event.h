/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * What happened in a run, in order. Immutable and refcounted; crosses threads. The trace, the
 * canvas and the store are all made from events alone, live or loaded.
 */
typedef enum
{
  HEDDLE_EVENT_RUN_STARTED,   /* data: {"workflow","name","input","trigger"?} */
  HEDDLE_EVENT_NODE_READY,    /* inputs resolved, waits for a slot */
  HEDDLE_EVENT_NODE_STARTED,  /* data: {"title","type","params":resolved,"inputs":{port:value}} */
  HEDDLE_EVENT_NODE_DELTA,    /* text: the new piece; never stored one by one */
  HEDDLE_EVENT_NODE_PARTIAL,  /* text: all so far; stored every 2 s or 64 KiB, and when cancelled or failed */
  HEDDLE_EVENT_NODE_RETRY,    /* data: {"delay":ms,"error":…}; the text starts again */
  HEDDLE_EVENT_NODE_INTENT,   /* span: of the tool's call, or 0; data: {"key","tool"?}: an unsafe effect may have happened from here on; on the disk before it begins */
  HEDDLE_EVENT_NODE_EFFECT,   /* data: {"kind","call","within"?: span of a tool's call,"request","response"|"error"}: what it asked the world and got, see heddle-effects.h */
  HEDDLE_EVENT_NODE_PROGRESS, /* of a container, data: {"total"?,"done","failed","running"}; never stored */
  /*
   * data: {"result":object,"live":[ports],"sent":{port:value} where that is not "output","vars":{name:value} set for the run,
   * "limit":true when it ended at a limit,"source":{"kind":"pin|cache|run","run"} when it did not run for this}
   */
  HEDDLE_EVENT_NODE_FINISHED,
  HEDDLE_EVENT_NODE_FAILED,    /* data: {"error":…,"live":[ports]}; when the run goes on also "handled","result" */
  HEDDLE_EVENT_NODE_SKIPPED,   /* text: translated reason; data: {"title","type"}; all out-edges are dead */
  HEDDLE_EVENT_NODE_CANCELLED, /* text: reason; data: {"by":id of the node that goes on without it}, or NULL */
  HEDDLE_EVENT_SPAN_STARTED,   /* span, parent, text: name, data: {"kind":…, attributes…} */
  HEDDLE_EVENT_SPAN_UPDATED,   /* span, data: attributes to merge */
  HEDDLE_EVENT_SPAN_FINISHED,  /* span, data: {attributes…,"error":…?} */
  HEDDLE_EVENT_RUN_ASKED,      /* span; data: a question, see heddle_run_dup_questions () */
  HEDDLE_EVENT_RUN_ANSWERED,   /* span; data: {"id","answer"}, or {"id","withdrawn":true} */
  /* text: why nothing more is started for now. Of a breakpoint or a single step, node and scope: before what; data: {"title","type","inputs":{port:value}} */
  HEDDLE_EVENT_RUN_PAUSED,
  HEDDLE_EVENT_RUN_UNPAUSED,
  HEDDLE_EVENT_RUN_CONTINUED, /* another process goes on with a run that was interrupted; what had begun begins anew */
  HEDDLE_EVENT_RUN_FINISHED,  /* data: {"state":"ok|failed|cancelled","output":…,"error":…,"note":…,"usage":…} */
} HeddleEventKind;

struct _HeddleEvent
{
  HeddleEventKind kind;
  guint64 seq;       /* 1, 2, 3… within the run */
  gint64 time;       /* microseconds since the run started */
  guint attempt;     /* of the node, from 1; 0 where it makes no sense */
  guint64 span;      /* 0: the node's (or the run's) own span */
  guint64 parent;    /* span id of the parent, for SPAN_STARTED; 0: the node's */
  const char *node;  /* interned id; NULL for the run */
  GRefString *scope; /* where the node is: "map1#3/loop1#0", the containers and their items from 0; NULL: in no container */
  char *text;
  JsonNode *data; /* sealed or NULL */
};

HeddleEvent *heddle_event_new (HeddleEventKind kind, const char *node) G_GNUC_WARN_UNUSED_RESULT;
HeddleEvent *heddle_event_ref (HeddleEvent *event);
void heddle_event_unref (HeddleEvent *event);

/* Stable words such as "node.finished". */
const char *heddle_event_kind_to_string (HeddleEventKind kind);
gboolean heddle_event_kind_from_string (const char *text, HeddleEventKind *kind);
/* {"event","seq","time_us","node","attempt","scope","span","parent","text","data"}, absent where unset. Sealed. */
JsonNode *heddle_event_to_json (HeddleEvent *event) G_GNUC_WARN_UNUSED_RESULT;
HeddleEvent *heddle_event_new_from_json (JsonNode *node, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Error record {"code","class","message","hint","http_status","provider_code","request_id","retryable"} and back. */
JsonNode *heddle_error_to_json (const GError *error) G_GNUC_WARN_UNUSED_RESULT;
GError *heddle_error_from_json (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleEvent, heddle_event_unref)

G_END_DECLS
