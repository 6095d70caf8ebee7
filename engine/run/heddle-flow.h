/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"

G_BEGIN_DECLS

/*
 * Which steps may run: the states of all edges of one run, and the joins of input ports. Pure
 * bookkeeping, without time or threads: every edge is resolved once, so a whole run costs O(steps + edges),
 * and skips spread without recursion.
 */
typedef enum
{
  HEDDLE_FLOW_PENDING,
  HEDDLE_FLOW_LIVE,
  HEDDLE_FLOW_DEAD,
} HeddleFlowState;

typedef struct _HeddleFlow HeddleFlow;

HeddleFlow *heddle_flow_new (HeddlePlan *plan) G_GNUC_WARN_UNUSED_RESULT;
void heddle_flow_free (HeddleFlow *self);

/* The step that takes up failures (HEDDLE_NODE_HANDLER); -1: none. */
int heddle_flow_find_handler (HeddlePlan *plan);
/*
 * Makes the steps without in-edges ready, the handler aside. Of those that begin a run only the one with this id fires; NULL: those that wait
 * for nothing outside, or else the first. The others are skipped.
 */
void heddle_flow_start (HeddleFlow *self, const char *start);
/* Resolves the step's out-edges: those of the live ports (indices) become live, all others dead. */
void heddle_flow_resolve (HeddleFlow *self, guint step, const guint *live_ports, guint n_live);

/* Skips the handler, as nothing failed. */
void heddle_flow_skip (HeddleFlow *self, guint handler);
/*
 * After a failure: the handler (-1: none) becomes ready; what it leads to and what waits for the end of others in
 * whatever way goes on by the usual rules, everything else that has not ended is dead or skipped. queued: indices of
 * steps that were ready and have not begun; those among them that go on are reported again. FALSE, and nothing is
 * changed, when nothing could go on.
 */
gboolean heddle_flow_fail_over (HeddleFlow *self, int handler, GArray *queued);

/* The next step that became ready or was skipped since, in the order it happened; FALSE when there is none. */
gboolean heddle_flow_next (HeddleFlow *self, guint *step, gboolean *skipped);
/* Why a skipped step is skipped: a translated sentence. */
char *heddle_flow_dup_reason (HeddleFlow *self, guint step) G_GNUC_WARN_UNUSED_RESULT;

HeddleFlowState heddle_flow_get_edge (HeddleFlow *self, guint edge);
/* Indices of the edges whose values are an input port's, in document order; new array. FIRST: only the one that came first. */
GArray *heddle_flow_list_live (HeddleFlow *self, guint step, guint port) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleFlow, heddle_flow_free)

G_END_DECLS
