/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph-private.h"
#include "registry/heddle-problem.h"

G_BEGIN_DECLS

/* The parts of heddle_graph_validate (). */

/* An expression somewhere in a parameter names a root. */
typedef struct
{
  char *root;  /* without "$" */
  char *param; /* name of the parameter */
} HeddleRootUse;

/* What depends only on a node's own parameters; computed once per version of them. */
struct _HeddleNodeCheck
{
  GPtrArray *problems; /* HeddleProblem* */
  GPtrArray *outputs;  /* char*: names of output ports */
  char *args_param;    /* the first parameter that names $args, or NULL */
  GPtrArray *uses;     /* HeddleRootUse*: of other roots than the built-in ones, each once per parameter */
};

const HeddleNodeCheck *heddle_vertex_get_check (HeddleVertex *vertex);

/* Nodes in topological order as far as there are no cycles: guint indices. Appends a problem per cycle. */
GArray *heddle_graph_check_cycles (HeddleGraph *graph, GPtrArray *problems) G_GNUC_WARN_UNUSED_RESULT;
/* Roots that name no node, or one that cannot have run. order as above. */
void heddle_graph_check_references (HeddleGraph *graph, GArray *order, GPtrArray *problems);

/* A budget that could not be held as it is written. */
void heddle_graph_check_budget (HeddleGraph *graph, GPtrArray *problems);
/* What is a tool and cannot be, or not so. */
void heddle_graph_check_tools (HeddleGraph *graph, GPtrArray *problems);
/* Why a node cannot be a tool by this output; NULL: it can. */
char *heddle_graph_refuse_tool (const HeddleNode *source, const char *port) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it has any edge that is not for a tool. */
gboolean heddle_vertex_has_flow (const HeddleVertex *vertex);

/* Failures that lead nowhere, and more than one error handler. */
void heddle_graph_check_errors (HeddleGraph *graph, GPtrArray *problems);
/* Marks the vertices that run after a failure only; the mark. */
guint heddle_graph_mark_handled (HeddleGraph *graph);

/* Takes the message. */
void heddle_problem_list_add (GPtrArray *problems, HeddleSeverity severity, const char *node, const char *port, const char *param, char *message);

G_END_DECLS
