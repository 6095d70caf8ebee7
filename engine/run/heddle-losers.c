/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include <glib/gi18n-lib.h>

/* What nobody waits for any more, once a join went on with the first that came. */

static gboolean
reads (const HeddleStep *step, guint index)
{
  for (guint i = 0; i < step->reads->len; i++)
    {
      if (g_array_index (step->reads, guint, i) == index)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_read (HeddlePlan *plan, guint index, guint join, const gboolean *losers)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      if (i != join && !losers[i] && reads (heddle_plan_get_step (plan, i), index))
        return TRUE;
    }
  return FALSE;
}

/* Whether its value goes nowhere but to the join, and to other losers. */
static gboolean
is_loser (HeddlePlan *plan, const HeddleStep *step, guint join, const gboolean *losers)
{
  if (step->index == join || step->out_edges->len == 0 || step->tool != NULL)
    return FALSE;
  for (guint i = 0; i < step->out_edges->len; i++)
    {
      guint to = heddle_plan_get_edge (plan, g_array_index (step->out_edges, guint, i))->to;

      if (to != join && !losers[to])
        return FALSE;
    }
  return !is_read (plan, step->index, join, losers);
}

void
heddle_node_run_cancel_losers (HeddleNodeRun *self)
{
  g_autofree gboolean *losers = NULL;
  HeddleScopeRun *scope;
  guint n_steps;

  g_return_if_fail (self != NULL);

  if (self->scheduler == NULL || self->caller != NULL)
    return;
  scope = self->scope_run;
  n_steps = heddle_plan_get_n_steps (scope->plan);
  losers = g_new0 (gboolean, n_steps);
  /* Steps are in topological order, so what comes after one is known before it. */
  for (guint i = n_steps; i > 0; i--)
    losers[i - 1] = is_loser (scope->plan, heddle_plan_get_step (scope->plan, i - 1), self->step->index, losers);
  for (guint i = 0; i < n_steps; i++)
    {
      if (losers[i])
        heddle_scope_run_cancel_step (scope, i, self->step->id, _ ("Stopped, because another branch came first."));
    }
}
