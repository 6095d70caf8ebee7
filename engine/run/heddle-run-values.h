/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-flow.h"
#include "run/heddle-run-engine.h"

G_BEGIN_DECLS

/*
 * All values of one scope: the result object of each step, and what is around it. The outermost one is the run's own and has its
 * input and variables too. Engine thread.
 */
typedef struct _HeddleRunValues HeddleRunValues;
struct _HeddleRunValues
{
  HeddleRunValues *parent; /* borrowed; NULL: the run's own */
  HeddlePlan *plan;
  HeddleFlow *flow;
  JsonNode **results; /* by step; NULL: has none (yet) */
  JsonNode **sent;    /* by step: {port: value} where it is not the output that flows; or NULL */
  JsonNode **views;   /* by step: the result with its type's alias, made when first read */
  GHashTable *inner;  /* id → result (JsonNode) of steps of circles that ended, and of the round before; or NULL */
  GHashTable *ends;   /* id → value of Output nodes in bodies that ended; or NULL */

  /* Of a body: */
  const char *container; /* id of its step; NULL: none, or a circle */
  JsonNode *view;        /* what that id is within the body; or NULL */
  JsonNode *loop;        /* $loop and $map; or NULL: as around it */

  /* Of the run: */
  JsonNode *input; /* never NULL */
  JsonNode *vars;
  JsonNode *globals; /* what the run knows of the variables that outlive it */
  JsonNode *info;    /* $run */
  JsonNode *null;
  HeddleAsking asking;
};

HeddleRunValues *heddle_run_values_new (HeddleRun *run, JsonNode *input, JsonNode *vars) G_GNUC_WARN_UNUSED_RESULT;
/* Of a body within parent, which lives longer. */
HeddleRunValues *heddle_run_values_new_body (HeddleRunValues *parent, HeddlePlan *plan) G_GNUC_WARN_UNUSED_RESULT;
void heddle_run_values_free (HeddleRunValues *self);
/* The run's own. */
HeddleRunValues *heddle_run_values_get_root (HeddleRunValues *self);

/* result: an object with "output"; sent: {port: value} or NULL. Both consumed. */
void heddle_run_values_set_result (HeddleRunValues *self, guint step, JsonNode *result, JsonNode *sent);
/* One live in-edge: its value; several: an object by source, in edge order. NULL when there is none. */
JsonNode *heddle_run_values_join_input (HeddleRunValues *self, guint step, guint port) G_GNUC_WARN_UNUSED_RESULT;
/* The node that an edge comes from: out of a circle the one in it, from the start of a body the container. Borrowed. */
const char *heddle_run_values_get_source (HeddleRunValues *self, guint edge);
/* What went along a live edge: the output of its source, or its error. Borrowed. */
JsonNode *heddle_run_values_get_sent (HeddleRunValues *self, guint edge);
/* Results of a body, and of circles in it, are seen from self on: of a circle that has ended, or by its next round. */
void heddle_run_values_take_inner (HeddleRunValues *self, HeddleRunValues *body);
/* The same of a single step of such a body. result: borrowed. */
void heddle_run_values_set_inner (HeddleRunValues *self, const HeddleStep *step, JsonNode *result);
/* Values that Output nodes in a body have got count for the run; later ones take the place of earlier ones. */
void heddle_run_values_take_ends (HeddleRunValues *self);
/* The same of a single Output node. result: borrowed. */
void heddle_run_values_set_end (HeddleRunValues *self, const HeddleStep *step, JsonNode *result);
/* Whether an Output node has run. */
gboolean heddle_run_values_reached_output (HeddleRunValues *self);
/* A variable of the run, or the run's view of one that outlives it; NULL when there is none. Borrowed. */
JsonNode *heddle_run_values_get_variable (HeddleRunValues *self, gboolean global, const char *name);
/* value NULL: there is none any more. */
void heddle_run_values_set_variable (HeddleRunValues *self, gboolean global, const char *name, JsonNode *value);
/* What an expression sees for a root; input is the asking step's. Borrowed; NULL when there is no such root. */
JsonNode *heddle_run_values_lookup (HeddleRunValues *self, const char *root, JsonNode *input);
char **heddle_run_values_list_roots (HeddleRunValues *self) G_GNUC_WARN_UNUSED_RESULT;
/* The run's output: of the Output nodes that were reached, or in a workflow without any, of the last nodes. note: translated or NULL. */
JsonNode *heddle_run_values_dup_output (HeddleRunValues *self, const char **note) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleRunValues, heddle_run_values_free)

G_END_DECLS
