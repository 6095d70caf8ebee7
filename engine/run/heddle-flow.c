/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-flow.h"

#include <glib/gi18n-lib.h>

#define NO_EDGE G_MAXUINT

typedef enum
{
  STEP_WAITING,
  STEP_READY, /* also running and ended: it is somebody else's now */
  STEP_SKIPPED,
} StepState;

typedef struct
{
  guint n_edges;
  guint n_live;
  guint n_dead;
  guint first_live; /* edge, or NO_EDGE */
} Port;

typedef struct
{
  StepState state;
  guint first_port; /* index of its ports */
  guint n_undecided;
  guint n_live;
  guint culprit; /* the dead edge that skipped it */
} Step;

struct _HeddleFlow
{
  HeddlePlan *plan;
  guint8 *edges; /* HeddleFlowState */
  Step *steps;
  GArray *ports;    /* of Port */
  GArray *decided;  /* of guint: steps ready or skipped */
  guint n_reported; /* how many of those next() has given */
};

static void
count_edges (HeddleFlow *self, const HeddleStep *step)
{
  Step *state = &self->steps[step->index];

  for (guint i = 0; i < step->in_edges->len; i++)
    {
      const HeddlePlanEdge *edge = heddle_plan_get_edge (self->plan, g_array_index (step->in_edges, guint, i));
      Port *port = &g_array_index (self->ports, Port, state->first_port + edge->to_port);

      if (port->n_edges++ == 0)
        state->n_undecided++;
    }
}

HeddleFlow *
heddle_flow_new (HeddlePlan *plan)
{
  HeddleFlow *self = g_new0 (HeddleFlow, 1);
  guint n_steps = heddle_plan_get_n_steps (plan);

  self->plan = heddle_plan_ref (plan);
  self->edges = g_new0 (guint8, heddle_plan_get_n_edges (plan));
  self->steps = g_new0 (Step, n_steps);
  self->ports = g_array_new (FALSE, FALSE, sizeof (Port));
  self->decided = g_array_sized_new (FALSE, FALSE, sizeof (guint), n_steps);
  for (guint i = 0; i < n_steps; i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);
      Port port = { .first_live = NO_EDGE };

      self->steps[i].first_port = self->ports->len;
      self->steps[i].culprit = NO_EDGE;
      for (guint n = 0; n < step->in_ports->len; n++)
        g_array_append_val (self->ports, port);
      count_edges (self, step);
    }
  return self;
}

void
heddle_flow_free (HeddleFlow *self)
{
  heddle_plan_unref (self->plan);
  g_free (self->edges);
  g_free (self->steps);
  g_array_unref (self->ports);
  g_array_unref (self->decided);
  g_free (self);
}

static HeddleFlowState
join (HeddleJoin mode, const Port *port)
{
  gboolean all_resolved = port->n_live + port->n_dead == port->n_edges;

  switch (mode)
    {
    case HEDDLE_JOIN_ALL:
      if (port->n_dead > 0)
        return HEDDLE_FLOW_DEAD;
      return all_resolved ? HEDDLE_FLOW_LIVE : HEDDLE_FLOW_PENDING;
    case HEDDLE_JOIN_FIRST:
      if (port->n_live > 0)
        return HEDDLE_FLOW_LIVE;
      return all_resolved ? HEDDLE_FLOW_DEAD : HEDDLE_FLOW_PENDING;
    case HEDDLE_JOIN_ALWAYS:
      return all_resolved ? HEDDLE_FLOW_LIVE : HEDDLE_FLOW_PENDING;
    case HEDDLE_JOIN_ANY:
    default:
      if (!all_resolved)
        return HEDDLE_FLOW_PENDING;
      return port->n_live > 0 ? HEDDLE_FLOW_LIVE : HEDDLE_FLOW_DEAD;
    }
}

static void
decide (HeddleFlow *self, guint step, StepState state)
{
  self->steps[step].state = state;
  g_array_append_val (self->decided, step);
}

static void
skip (HeddleFlow *self, guint step, guint culprit)
{
  self->steps[step].culprit = culprit;
  decide (self, step, STEP_SKIPPED);
}

/* One port of a waiting step has been decided by this edge. */
static void
decide_port (HeddleFlow *self, const HeddlePlanEdge *edge, guint index, HeddleFlowState result)
{
  Step *state = &self->steps[edge->to];
  const HeddleNodeType *type = heddle_plan_get_step (self->plan, edge->to)->type;
  gboolean required = !(type->inputs[edge->to_port].flags & HEDDLE_PORT_OPTIONAL);

  if (result == HEDDLE_FLOW_DEAD && required)
    {
      skip (self, edge->to, index);
      return;
    }
  state->n_undecided--;
  state->n_live += result == HEDDLE_FLOW_LIVE;
  if (state->n_undecided > 0)
    return;
  /* With nothing but dead optional ports there is no way that leads here. */
  if (state->n_live > 0)
    decide (self, edge->to, STEP_READY);
  else
    skip (self, edge->to, index);
}

static void
resolve_edge (HeddleFlow *self, guint index, HeddleFlowState result)
{
  const HeddlePlanEdge *edge = heddle_plan_get_edge (self->plan, index);
  const HeddleStep *step = heddle_plan_get_step (self->plan, edge->to);
  Port *port = &g_array_index (self->ports, Port, self->steps[edge->to].first_port + edge->to_port);
  HeddleJoin mode = g_array_index (step->joins, HeddleJoin, edge->to_port);
  HeddleFlowState before = join (mode, port);
  HeddleFlowState after;

  self->edges[index] = result;
  if (result == HEDDLE_FLOW_LIVE)
    {
      port->n_live++;
      port->first_live = port->first_live == NO_EDGE ? index : port->first_live;
    }
  else
    {
      port->n_dead++;
    }
  after = join (mode, port);
  if (self->steps[edge->to].state == STEP_WAITING && before == HEDDLE_FLOW_PENDING && after != HEDDLE_FLOW_PENDING)
    decide_port (self, edge, index, after);
}

static void
resolve_out_edges (HeddleFlow *self, guint step, int live_port)
{
  const HeddleStep *source = heddle_plan_get_step (self->plan, step);

  for (guint i = 0; i < source->out_edges->len; i++)
    {
      guint index = g_array_index (source->out_edges, guint, i);
      gboolean live = (int) heddle_plan_get_edge (self->plan, index)->from_port == live_port;

      resolve_edge (self, index, live ? HEDDLE_FLOW_LIVE : HEDDLE_FLOW_DEAD);
    }
}

/* The list grows while it is walked: a skipped step resolves its own edges, and so on down the graph. */
static void
spread_skips (HeddleFlow *self, guint first)
{
  for (guint next = first; next < self->decided->len; next++)
    {
      guint index = g_array_index (self->decided, guint, next);

      if (self->steps[index].state == STEP_SKIPPED)
        resolve_out_edges (self, index, -1);
    }
}

void
heddle_flow_resolve (HeddleFlow *self, guint step, int live_port)
{
  guint next = self->decided->len;

  resolve_out_edges (self, step, live_port);
  spread_skips (self, next);
}

/* The start that fires when none is named: NULL when every one of them that is no trigger does. */
static const HeddleStep *
find_first_start (HeddleFlow *self)
{
  const HeddleStep *first = NULL;

  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (self->plan, i);

      if ((step->type->flags & HEDDLE_NODE_START) && !(step->type->flags & HEDDLE_NODE_TRIGGER))
        return NULL;
      if (first == NULL && (step->type->flags & HEDDLE_NODE_START))
        first = step;
    }
  return first;
}

static gboolean
fires (const HeddleStep *step, const HeddleStep *start)
{
  if (!(step->type->flags & HEDDLE_NODE_START))
    return TRUE;
  return start != NULL ? step == start : !(step->type->flags & HEDDLE_NODE_TRIGGER);
}

void
heddle_flow_start (HeddleFlow *self, const char *start)
{
  const HeddleStep *named = start != NULL ? heddle_plan_find_step (self->plan, start) : find_first_start (self);

  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (self->plan, i);

      if (step->in_edges->len == 0 && step->tool == NULL)
        decide (self, i, fires (step, named) ? STEP_READY : STEP_SKIPPED);
    }
  spread_skips (self, 0);
}

gboolean
heddle_flow_next (HeddleFlow *self, guint *step, gboolean *skipped)
{
  if (self->n_reported == self->decided->len)
    return FALSE;
  *step = g_array_index (self->decided, guint, self->n_reported++);
  *skipped = self->steps[*step].state == STEP_SKIPPED;
  return TRUE;
}

char *
heddle_flow_dup_reason (HeddleFlow *self, guint step)
{
  const HeddlePlanEdge *edge;
  const HeddleStep *source;
  g_autofree char *port = NULL;

  if (self->steps[step].culprit == NO_EDGE)
    return g_strdup (_ ("Skipped, because something else started this run."));
  edge = heddle_plan_get_edge (self->plan, self->steps[step].culprit);
  source = heddle_plan_get_step (self->plan, edge->from);
  if (self->steps[edge->from].state == STEP_SKIPPED)
    return g_strdup_printf (_ ("Skipped, because “%s” was skipped."), source->title);
  port = heddle_node_type_dup_output_title (source->type, g_ptr_array_index (source->out_ports, edge->from_port));
  return g_strdup_printf (_ ("Skipped, because “%s” did not take the branch “%s”."), source->title, port);
}

HeddleFlowState
heddle_flow_get_edge (HeddleFlow *self, guint edge)
{
  return self->edges[edge];
}

GArray *
heddle_flow_list_live (HeddleFlow *self, guint step, guint port)
{
  GArray *live = g_array_new (FALSE, FALSE, sizeof (guint));
  const HeddleStep *target = heddle_plan_get_step (self->plan, step);
  const Port *state = &g_array_index (self->ports, Port, self->steps[step].first_port + port);

  if (g_array_index (target->joins, HeddleJoin, port) == HEDDLE_JOIN_FIRST)
    {
      if (state->first_live != NO_EDGE)
        g_array_append_val (live, state->first_live);
      return live;
    }
  for (guint i = 0; i < target->in_edges->len; i++)
    {
      guint index = g_array_index (target->in_edges, guint, i);

      if (heddle_plan_get_edge (self->plan, index)->to_port == port && self->edges[index] == HEDDLE_FLOW_LIVE)
        g_array_append_val (live, index);
    }
  return live;
}
