/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"
#include "run/heddle-event.h"

G_BEGIN_DECLS

/*
 * What an earlier run did, node by node and scope by scope, made from its events alone. A scheduler that is given one takes
 * results from it instead of running what has finished; everything else follows from the usual rules, so a run that goes on
 * after a crash, a fork and a run from the middle are one mechanism. Changed only before a run is given it. Refcounted.
 */
typedef enum
{
  HEDDLE_PAST_FINISHED,   /* or failed and handled: has data */
  HEDDLE_PAST_FAILED,     /* and nothing took it up: has data. The run that it was does not begin it again, another does */
  HEDDLE_PAST_UNFINISHED, /* began, and may begin anew */
  HEDDLE_PAST_IN_DOUBT,   /* had an intent without an end: an unsafe effect may have happened */
  HEDDLE_PAST_SKIPPED,    /* and was told to be */
  HEDDLE_PAST_STOPPED,    /* by a node that goes on without it: has data, of its NODE_CANCELLED */
} HeddlePastState;

typedef struct
{
  HeddlePastState state;
  guint attempt;     /* the last that began */
  guint n_lost;      /* attempts that ended with their process: they count as none of those that may fail */
  JsonNode *data;    /* of the event that ended it; or NULL */
  gboolean failed;   /* data is of a NODE_FAILED */
  gboolean retrying; /* UNFINISHED: the next attempt is due at retry_at, µs since the run started */
  gint64 retry_at;
  gint64 time;      /* when it last began, µs since the run started */
  guint first_lost; /* of its effects: from this one on they are of attempts that went with their process */
  guint64 order;    /* FINISHED, FAILED: of its end among all */
} HeddlePastNode;

/* From all events of a run, in order. */
HeddlePast *heddle_past_new (const char *run, GPtrArray *events) G_GNUC_WARN_UNUSED_RESULT;
HeddlePast *heddle_past_ref (HeddlePast *self);
void heddle_past_unref (HeddlePast *self);
const char *heddle_past_get_run (HeddlePast *self);   /* id */
JsonNode *heddle_past_get_input (HeddlePast *self);   /* borrowed; NULL: its start is not known */
JsonNode *heddle_past_get_trigger (HeddlePast *self); /* borrowed, or NULL */
guint64 heddle_past_get_last_seq (HeddlePast *self);
guint64 heddle_past_get_last_span (HeddlePast *self);
gint64 heddle_past_get_last_time (HeddlePast *self);
gint64 heddle_past_get_gone (HeddlePast *self);   /* µs in which no process was at it, which its times leave out */
gint64 heddle_past_get_stood (HeddlePast *self);  /* µs of its times in which it stood still before a node */
guint heddle_past_get_n_steps (HeddlePast *self); /* attempts that began */

/* scope NULL: in no container. NULL: it never began, or was forgotten. Borrowed. */
const HeddlePastNode *heddle_past_find (HeddlePast *self, const char *scope, const char *node);
/*
 * Calls func for what has FINISHED in the bodies of a container, and in those within them, in no order. From the first call on nothing may be
 * changed any more.
 */
void heddle_past_foreach_inner (HeddlePast *self, const char *scope, const char *container, void (*func) (const char *node, const HeddlePastNode *past, gpointer data), gpointer data);
/*
 * Data of the node's NODE_EFFECTs (JsonNode*), of all its attempts, in order; NULL: none. What was forgotten keeps them: it runs again, and a
 * replay answers it. node NULL: those of the run itself. Borrowed.
 */
GPtrArray *heddle_past_get_effects (HeddlePast *self, const char *scope, const char *node);
/* The node, in every scope, and what follows it or reads it in the plan is to run again; containers around it too, but not what else is in them. */
void heddle_past_forget (HeddlePast *self, HeddlePlan *plan, const char *node);
void heddle_past_forget_all (HeddlePast *self);
/*
 * What the node gave is this from now on, and all that follows it is to run again. With a scope, its other items stay as they are, but for the rounds of
 * a loop that come after it.
 */
void heddle_past_set_output (HeddlePast *self, HeddlePlan *plan, const char *scope, const char *node, JsonNode *output);

/*
 * Events (HeddleEvent*, without numbers and times) that tell another run what it takes from this one, in their order then: each node's start,
 * effects and end, which says where it comes from.
 */
GPtrArray *heddle_past_list_taken (HeddlePast *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddlePast, heddle_past_unref)

G_END_DECLS
