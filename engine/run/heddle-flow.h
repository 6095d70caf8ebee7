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

/*
 * Makes the steps without in-edges ready. Of those that begin a run only the one with this id fires; NULL: those that wait
 * for nothing outside, or else the first. The others are skipped.
 */
void heddle_flow_start (HeddleFlow *self, const char *start);
/* Resolves the step's out-edges: those of live_port (an index) become live, all others dead; -1: all dead. */
void heddle_flow_resolve (HeddleFlow *self, guint step, int live_port);

/* The next step that became ready or was skipped since, in the order it happened; FALSE when there is none. */
gboolean heddle_flow_next (HeddleFlow *self, guint *step, gboolean *skipped);
/* Why a skipped step is skipped: a translated sentence. */
char *heddle_flow_dup_reason (HeddleFlow *self, guint step) G_GNUC_WARN_UNUSED_RESULT;

HeddleFlowState heddle_flow_get_edge (HeddleFlow *self, guint edge);
/* Indices of the edges whose values are an input port's, in document order; new array. FIRST: only the one that came first. */
GArray *heddle_flow_list_live (HeddleFlow *self, guint step, guint port) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleFlow, heddle_flow_free)

G_END_DECLS
