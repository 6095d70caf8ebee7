/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-run.h"

G_BEGIN_DECLS

/*
 * The engine: one thread with one GMainContext in which all runs are scheduled. Services may be NULL
 * where a program has none (a node that needs one then fails with a clear error).
 */
typedef struct
{
  HeddleStore *store;
  HeddleModels *models;
  HeddleKnowledge *knowledge;
  HeddleMemory *memory;
  HeddleSecrets *secrets;
  HeddleMcpServers *mcp_servers;
  guint max_running;   /* nodes at once per run; 0: 64 */
  guint retry_base_ms; /* wait before the second attempt of a node, doubling from then on; 0: 500 */
} HeddleEngineServices;

/* Who answers questions to people. */
typedef enum
{
  HEDDLE_ASKING_PEOPLE,   /* somebody will, by heddle_run_answer () */
  HEDDLE_ASKING_APPROVES, /* what has to be approved is approved, anything else fails */
  HEDDLE_ASKING_NOBODY,   /* whatever asks fails */
  HEDDLE_ASKING_LATER,    /* steps that wait for a person do so, as long as the run is stored and others can find it; whatever else asks fails */
} HeddleAsking;

typedef struct
{
  HeddleDurability durability;
  JsonNode *vars;    /* run variables ($vars) or NULL */
  const char *id;    /* from heddle_run_make_id; NULL: a new one */
  const char *start; /* the start node that fires, all others are skipped; NULL: the Input, without one the first start */
  /* {"kind":"endpoint|webhook|schedule", …}: what started it, for the history; NULL: a person did. */
  JsonNode *trigger;
  JsonNode *budget;    /* members in place of those of the workflow's "budget", see heddle-budget.h; or NULL */
  HeddleAsking asking; /* who answers what nodes ask */
  HeddlePast *past;    /* results that are not made again, see heddle-past.h; or NULL */
  gboolean resume;     /* past is this very run, which goes on: same id, events follow those it has */
  const char *until;   /* only this node and what it needs runs; NULL: all */
  gboolean use_pins;   /* nodes with a pinned result give it instead of running */
  gboolean replay;     /* effects come from past */
  const char *live;    /* of a replay: the node from which on they are real; or NULL */
  /*
   * For a person who looks on: ids of nodes before which the run stands still, and whether it does before each that would start; see
   * heddle_engine_continue (). Not stored with the run, and not handed to workflows that it calls.
   */
  const char *const *breakpoints; /* or NULL */
  gboolean stepping;
} HeddleRunOptions;

#define HEDDLE_TYPE_ENGINE (heddle_engine_get_type ())
G_DECLARE_FINAL_TYPE (HeddleEngine, heddle_engine, HEDDLE, ENGINE, GObject)

HeddleEngine *heddle_engine_new (const HeddleEngineServices *services) G_GNUC_WARN_UNUSED_RESULT;
GMainContext *heddle_engine_get_context (HeddleEngine *self);
HeddleHttp *heddle_engine_get_http (HeddleEngine *self); /* use only on the engine's context */
/* Starts at once. input: an object of the Input node's fields, or any value; NULL: the fields' defaults. Any thread. */
HeddleRun *heddle_engine_start (HeddleEngine *self, HeddlePlan *plan, JsonNode *input, const HeddleRunOptions *options) G_GNUC_WARN_UNUSED_RESULT;
/* Stops a run so that it can go on later, by heddle_engine_resume_async (); one that is not stored is cancelled. Any thread. */
void heddle_engine_interrupt (HeddleEngine *self, HeddleRun *run);
/*
 * A run that stands still before a node, of which HEDDLE_EVENT_RUN_PAUSED tells: continue goes on to the next node with a breakpoint; step starts that
 * one node and stands still again before the next that would start, whatever is under way by then. A step also makes a run stand still that does not.
 * set_breakpoints holds for what starts from now on; NULL: none. They do nothing when the run has ended. Any thread.
 */
void heddle_engine_continue (HeddleEngine *self, HeddleRun *run);
void heddle_engine_step (HeddleEngine *self, HeddleRun *run);
void heddle_engine_set_breakpoints (HeddleEngine *self, HeddleRun *run, const char *const *nodes);
/* Stops all runs, of which those that are stored are interrupted and can go on later, and joins the thread; also done when the last reference goes. */
void heddle_engine_shutdown (HeddleEngine *self);

G_END_DECLS
