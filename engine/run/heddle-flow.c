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
  gboolean failed;  /* what is left runs after a failure */
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

static gboolean
is_off (HeddleFlow *self, guint step)
{
  return heddle_plan_get_step (self->plan, step)->mode == HEDDLE_NODE_OFF;
}

/* What is off is not taken when its turn comes, like a branch. */
static void
decide (HeddleFlow *self, guint step, StepState state)
{
  self->steps[step].state = state == STEP_READY && is_off (self, step) ? STEP_SKIPPED : state;
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
  GArray *flags = heddle_plan_get_step (self->plan, edge->to)->in_flags;
  gboolean required = !(g_array_index (flags, HeddlePortFlags, edge->to_port) & HEDDLE_PORT_OPTIONAL);

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

static gboolean
is_among (const guint *ports, guint n_ports, guint port)
{
  for (guint i = 0; i < n_ports; i++)
    {
      if (ports[i] == port)
        return TRUE;
    }
  return FALSE;
}

static void
resolve_out_edges (HeddleFlow *self, guint step, const guint *live_ports, guint n_live)
{
  const HeddleStep *source = heddle_plan_get_step (self->plan, step);

  for (guint i = 0; i < source->out_edges->len; i++)
    {
      guint index = g_array_index (source->out_edges, guint, i);
      gboolean live = is_among (live_ports, n_live, heddle_plan_get_edge (self->plan, index)->from_port);

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
        resolve_out_edges (self, index, NULL, 0);
    }
}

void
heddle_flow_resolve (HeddleFlow *self, guint step, const guint *live_ports, guint n_live)
{
  guint next = self->decided->len;

  resolve_out_edges (self, step, live_ports, n_live);
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

      if (step->mode == HEDDLE_NODE_OFF)
        continue;
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

static gboolean
is_handler (const HeddleStep *step)
{
  return (step->type->flags & HEDDLE_NODE_HANDLER) != 0;
}

int
heddle_flow_find_handler (HeddlePlan *plan)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);

      if (is_handler (step) && step->mode != HEDDLE_NODE_OFF)
        return (int) i;
    }
  return -1;
}

void
heddle_flow_start (HeddleFlow *self, const char *start)
{
  const HeddleStep *named = start != NULL ? heddle_plan_find_step (self->plan, start) : find_first_start (self);

  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (self->plan, i);

      if (step->in_edges->len == 0 && step->tool == NULL && (!is_handler (step) || is_off (self, i)))
        decide (self, i, fires (step, named) ? STEP_READY : STEP_SKIPPED);
    }
  spread_skips (self, 0);
}

void
heddle_flow_skip (HeddleFlow *self, guint handler)
{
  guint next = self->decided->len;

  skip (self, handler, NO_EDGE);
  spread_skips (self, next);
}

/* Steps are in topological order, so one pass is enough. */
static void
spread_reach (HeddleFlow *self, gboolean *reach)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (self->plan, i);

      for (guint n = 0; reach[i] && n < step->out_edges->len; n++)
        reach[heddle_plan_get_edge (self->plan, g_array_index (step->out_edges, guint, n))->to] = TRUE;
    }
}

/* Whether the step waits for others to end in whatever way. */
static gboolean
waits_always (const HeddleStep *step, HeddlePlan *plan)
{
  for (guint i = 0; i < step->in_edges->len; i++)
    {
      guint port = heddle_plan_get_edge (plan, g_array_index (step->in_edges, guint, i))->to_port;

      if (g_array_index (step->joins, HeddleJoin, port) == HEDDLE_JOIN_ALWAYS)
        return TRUE;
    }
  return FALSE;
}

/* Marks what goes on; anew: of the queued ones, those that do. */
static gboolean
find_rescue (HeddleFlow *self, int handler, GArray *queued, gboolean *reach, gboolean *anew)
{
  gboolean any = handler >= 0;

  for (guint i = 0; i < queued->len; i++)
    {
      guint index = g_array_index (queued, guint, i);

      anew[index] = waits_always (heddle_plan_get_step (self->plan, index), self->plan);
    }
  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      gboolean waits = self->steps[i].state == STEP_WAITING && waits_always (heddle_plan_get_step (self->plan, i), self->plan);

      reach[i] = (int) i == handler || waits || anew[i];
      any = any || reach[i];
    }
  spread_reach (self, reach);
  return any;
}

static void
kill_pending (HeddleFlow *self, guint index)
{
  const HeddleStep *step = heddle_plan_get_step (self->plan, index);

  for (guint i = 0; i < step->out_edges->len; i++)
    {
      guint edge = g_array_index (step->out_edges, guint, i);

      if (self->edges[edge] == HEDDLE_FLOW_PENDING)
        resolve_edge (self, edge, HEDDLE_FLOW_DEAD);
    }
}

/* What has not begun and has no part in what follows. */
static void
skip_others (HeddleFlow *self, const gboolean *reach)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      if (self->steps[i].state == STEP_WAITING && !reach[i] && heddle_plan_get_step (self->plan, i)->tool == NULL)
        skip (self, i, NO_EDGE);
    }
}

gboolean
heddle_flow_fail_over (HeddleFlow *self, int handler, GArray *queued)
{
  guint n_steps = heddle_plan_get_n_steps (self->plan);
  g_autofree gboolean *reach = g_new0 (gboolean, n_steps);
  g_autofree gboolean *anew = g_new0 (gboolean, n_steps);
  guint next = self->decided->len;

  if (!find_rescue (self, handler, queued, reach, anew))
    return FALSE;
  self->failed = TRUE;
  skip_others (self, reach);
  for (guint i = 0; i < queued->len; i++)
    {
      if (!anew[g_array_index (queued, guint, i)])
        skip (self, g_array_index (queued, guint, i), NO_EDGE);
    }
  for (guint i = 0; i < n_steps; i++)
    {
      if (anew[i])
        decide (self, i, STEP_READY);
      else if (self->steps[i].state != STEP_WAITING)
        kill_pending (self, i);
    }
  if (handler >= 0)
    decide (self, (guint) handler, STEP_READY);
  for (; next < self->decided->len; next++)
    {
      guint index = g_array_index (self->decided, guint, next);

      if (self->steps[index].state == STEP_SKIPPED)
        kill_pending (self, index);
    }
  return TRUE;
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

static char *
dup_reason_without_edge (HeddleFlow *self, guint step)
{
  if (is_off (self, step))
    return g_strdup (_ ("Turned off."));
  if (is_handler (heddle_plan_get_step (self->plan, step)))
    return g_strdup (_ ("Skipped, because nothing failed."));
  return g_strdup (self->failed ? _ ("Skipped, because the run failed before.") : _ ("Skipped, because something else started this run."));
}

char *
heddle_flow_dup_reason (HeddleFlow *self, guint step)
{
  const HeddlePlanEdge *edge;
  const HeddleStep *source;
  g_autofree char *port = NULL;

  if (self->steps[step].culprit == NO_EDGE)
    return dup_reason_without_edge (self, step);
  edge = heddle_plan_get_edge (self->plan, self->steps[step].culprit);
  source = heddle_plan_get_step (self->plan, edge->from);
  if (is_off (self, edge->from) && self->steps[edge->from].culprit == NO_EDGE)
    return g_strdup_printf (_ ("Skipped, because “%s” is turned off."), source->title);
  if (self->steps[edge->from].state == STEP_SKIPPED)
    return g_strdup_printf (_ ("Skipped, because “%s” was skipped."), source->title);
  if ((int) edge->from_port == source->error_port)
    return g_strdup_printf (_ ("Skipped, because “%s” did not fail."), source->title);
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
