/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph-loops.h"
#include "registry/heddle-problem.h"

G_BEGIN_DECLS

/* The parts of heddle_graph_validate (). */

/* An expression somewhere in a parameter names a root. */
typedef struct
{
  char *root;          /* without "$" */
  char *param;         /* name of the parameter */
  gboolean is_careful; /* only as $root?.x, which minds no null */
} HeddleRootUse;

/* What depends only on a node's own parameters; computed once per version of them. */
struct _HeddleNodeCheck
{
  GPtrArray *problems; /* HeddleProblem* */
  GPtrArray *outputs;  /* char*: names of output ports */
  char *args_param;    /* the first parameter that names $args, or NULL */
  char *loop_param;    /* the first one that names $loop or $map where only the body of a loop has a value for it, or NULL */
  GPtrArray *uses;     /* HeddleRootUse*: of other roots than the built-in ones, each once per parameter */
};

const HeddleNodeCheck *heddle_vertex_get_check (HeddleVertex *vertex);

/*
 * The edges of the flow that do not lead back, HeddleLink*, so that those to a node come before those from it. NULL where there are
 * tangles, which have no such order.
 */
GPtrArray *heddle_graph_sort (HeddleGraph *graph, const HeddleLoopSearch *loops) G_GNUC_WARN_UNUSED_RESULT;
/* links as above. Gives each node, by index, the bits of all that lead to it besides its own. */
void heddle_links_spread (const GPtrArray *links, guint64 *bits);
/* Circles that are no loops, or loops that nobody means. */
void heddle_graph_check_cycles (HeddleGraph *graph, const HeddleLoopSearch *loops, GPtrArray *problems);
/* Frames and what is in them. */
void heddle_graph_check_containers (HeddleGraph *graph, const HeddleLoopSearch *loops, GPtrArray *problems);
/* Roots that name no node, or one that cannot have run, and $loop where there is none. links as above. */
void heddle_graph_check_references (HeddleGraph *graph, const HeddleLoopSearch *loops, const GPtrArray *links, GPtrArray *problems);
/* Variables that two nodes set at the same time. links as above. */
void heddle_graph_check_variables (HeddleGraph *graph, const GPtrArray *links, GPtrArray *problems);

/* Settings that could not be held as they are written: budget, pools, retention. */
void heddle_graph_check_settings (HeddleGraph *graph, GPtrArray *problems);
/* What is a tool and cannot be, or not so. */
/* Values of modes and looks that this version does not know. */
void heddle_graph_check_modes (HeddleGraph *graph, GPtrArray *problems);
void heddle_graph_check_tools (HeddleGraph *graph, GPtrArray *problems);
/* Why a node cannot be a tool by this output; NULL: it can. */
char *heddle_graph_refuse_tool (const HeddleNode *source, const char *port) G_GNUC_WARN_UNUSED_RESULT;
/* Why an edge may not join these two ports, as one or both are in a frame; NULL: it may. */
char *heddle_graph_refuse_levels (HeddleGraph *self, const HeddleNode *source, const char *from_port, const HeddleNode *target, const char *to_port) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it has any edge that is not for a tool. */
gboolean heddle_vertex_has_flow (const HeddleVertex *vertex);

/* Failures that lead nowhere, and more than one error handler. */
void heddle_graph_check_errors (HeddleGraph *graph, GPtrArray *problems);
/* By node: whether it runs after a failure only. */
gboolean *heddle_graph_list_handled (HeddleGraph *graph) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the message. */
void heddle_problem_list_add (GPtrArray *problems, HeddleSeverity severity, const char *node, const char *port, const char *param, char *message);

G_END_DECLS
