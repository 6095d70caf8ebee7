/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph.h"
#include "expr/heddle-expr.h"
#include "registry/heddle-policy.h"

G_BEGIN_DECLS

/* The compiled workflow: immutable, refcounted, shared by threads. Steps are in topological order, ties in document order. */

typedef struct
{
  const HeddleParamSpec *spec;
  JsonNode *constant;   /* sealed; or */
  HeddleTemplate *text; /* or */
  HeddleExpr *expr;     /* or */
  gpointer compound;    /* compiled JSON, PAIRS, CASES with templates inside: private to plan */
} HeddlePlanParam;

typedef struct
{
  guint from;      /* step index */
  guint from_port; /* index in the step's out_ports */
  guint to;
  guint to_port; /* index in the step's in_ports */
} HeddlePlanEdge;

typedef struct
{
  guint index;
  char *id;
  char *title;
  const HeddleNodeType *type;
  GArray *params;       /* of HeddlePlanParam, one per spec */
  JsonNode *constants;  /* a sealed object: all values, when none depends on the run; else NULL */
  GPtrArray *in_ports;  /* char*; all the type's inputs */
  GPtrArray *out_ports; /* char* */
  GArray *joins;        /* of HeddleJoin, one per in_port */
  GArray *in_flags;     /* of HeddlePortFlags, one per in_port */
  GArray *in_edges;     /* of guint: edge indices in document order */
  GArray *out_edges;    /* of guint */
  GArray *reads;        /* of guint: steps that its expressions name */
  GArray *tools;        /* of guint: steps that are tools of this one, in document order of the edges */
  JsonNode *tool;       /* how agents see it (heddle_node_dup_tool_spec); NULL: it is a step of the flow and no tool */
  HeddleOnError on_error;
  HeddlePolicy *policy;      /* NULL: as the engine says */
  HeddlePlanParam *fallback; /* its value, of HEDDLE_ON_ERROR_DEFAULT */
  JsonNode *pin;             /* a result to use instead of running it, see HeddleNode; or NULL */
  int error_port;            /* index in out_ports; -1: none */
  HeddleNodeMode mode;       /* what is off or bypassed has no parameters, policy, pin or body */
  HeddlePlan *body;          /* of a container, or of a loop that an edge back makes; NULL: it has none */
  guint max_rounds;          /* of a loop that an edge back makes; 0: it is none */
} HeddleStep;

/*
 * A body is a plan too. That of a container begins at a step of its own, whose output ports are the type's inner outputs, and ends at
 * one whose input ports are the inner inputs; neither is run. That of a loop that an edge back makes begins at the step that the edge
 * leads to, and ends at one with an input port for each edge that leaves the circle ("node.port") or goes around ("@port", of the entry).
 */
#define HEDDLE_PLAN_START "^start"
#define HEDDLE_PLAN_END "^end"
#define HEDDLE_PLAN_AROUND '@'

/* NULL and problems (HeddleProblem*, appended to the array, may be NULL) when the graph has errors. */
HeddlePlan *heddle_plan_compile (HeddleGraph *graph, GPtrArray *problems, GError **error) G_GNUC_WARN_UNUSED_RESULT;
HeddlePlan *heddle_plan_ref (HeddlePlan *plan);
void heddle_plan_unref (HeddlePlan *plan);

const char *heddle_plan_get_workflow_id (HeddlePlan *plan);
const char *heddle_plan_get_name (HeddlePlan *plan);
/* The canonical JSON it was compiled from; a past run is shown with it. */
const char *heddle_plan_get_source (HeddlePlan *plan);
JsonNode *heddle_plan_get_env (HeddlePlan *plan);
JsonNode *heddle_plan_get_budget (HeddlePlan *plan); /* the workflow's setting, or NULL */
/* Whether an expression names a root that is no step, such as "global". */
gboolean heddle_plan_reads (HeddlePlan *plan, const char *root);
/* How many slots a named pool has: what the workflow's settings say, or one. */
guint heddle_plan_get_pool_size (HeddlePlan *plan, const char *pool);
/* Indices of the steps that a body begins and ends at, and of the entry of a circle; -1: it has none. */
int heddle_plan_get_start (HeddlePlan *plan);
int heddle_plan_get_end (HeddlePlan *plan);
int heddle_plan_get_entry (HeddlePlan *plan);
/* Whether the plan or a body in it has a step of this id. */
gboolean heddle_plan_contains (HeddlePlan *plan, const char *id);
/* The step of this id in the plan or a body in it, or NULL. */
const HeddleStep *heddle_plan_find_within (HeddlePlan *plan, const char *id);
/* Whether the plan or a body in it has a step with one of these flags. */
gboolean heddle_plan_has (HeddlePlan *plan, HeddleNodeFlags flags);
/* Steps of the plan and of all bodies in it. */
guint heddle_plan_count_steps (HeddlePlan *plan);
guint heddle_plan_get_n_steps (HeddlePlan *plan);
const HeddleStep *heddle_plan_get_step (HeddlePlan *plan, guint index);
const HeddleStep *heddle_plan_find_step (HeddlePlan *plan, const char *id);
guint heddle_plan_get_n_edges (HeddlePlan *plan);
const HeddlePlanEdge *heddle_plan_get_edge (HeddlePlan *plan, guint index);

/* The value that stands for the result of a step that failed; JSON null where none is given. */
JsonNode *heddle_step_resolve_fallback (const HeddleStep *step, const HeddleScope *scope, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One parameter, such as one that is late; JSON null where it says nothing. NULL with error. */
JsonNode *heddle_step_resolve_param (const HeddleStep *step, const char *name, const HeddleScope *scope, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves a step's parameters in a scope, those that are late aside: a sealed object name → value with defaults; what heddle_params_load takes and the trace shows. */
JsonNode *heddle_step_resolve (const HeddleStep *step, const HeddleScope *scope, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddlePlan, heddle_plan_unref)

G_END_DECLS
