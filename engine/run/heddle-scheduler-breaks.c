/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include "run/heddle-run-private.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

/*
 * Breakpoints and single steps, for a person who looks on.
 *
 * The run comes to stand before a step whose node has a breakpoint, and, while it is stepped, before each that would start. What is under way goes
 * on, with its further attempts; whatever else could start waits beside the queue. What the run stands before is out of the queue and comes first
 * once it goes on, so that a person starts the node that was shown, whatever has become ready since.
 *
 * A node in containers is stopped at in each of its scopes, once: further attempts pass. What does not run, as its result is pinned, bypassed or
 * taken from a past, is not stopped at, nor is the step that stands for a circle, but the nodes in it are. Tools are part of the agent that calls them, and
 * workflows that are called run through. Nothing of this is stored with the run: one that is killed while it stands goes on like any other.
 *
 * The time in which it stands is nobody's: the run's budget of time and the limits of containers, whose bodies wait, stand still too.
 */

/* Added to the time at which a source is due, so that it is not; taken off again later. */
#define NEVER (G_MAXINT64 / 2)

static void
clear_step (gpointer data)
{
  HeddleReadyStep *step = data;

  g_clear_pointer (&step->scope, heddle_scope_run_unref);
}

static GHashTable *
make_set (const char *const *nodes)
{
  GHashTable *set = nodes != NULL && *nodes != NULL ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;

  for (; set != NULL && *nodes != NULL; nodes++)
    g_hash_table_add (set, g_strdup (*nodes));
  return set;
}

void
heddle_scheduler_init_breaks (HeddleScheduler *self, const HeddleRunOptions *options)
{
  self->breaks.nodes = make_set (options->breakpoints);
  self->breaks.stepping = options->stepping;
  self->breaks.waiting = g_array_new (FALSE, FALSE, sizeof (HeddleReadyStep));
  g_array_set_clear_func (self->breaks.waiting, clear_step);
}

void
heddle_scheduler_clear_breaks (HeddleScheduler *self)
{
  g_clear_pointer (&self->breaks.nodes, g_hash_table_unref);
  g_clear_pointer (&self->breaks.waiting, g_array_unref);
  clear_step (&self->breaks.next);
}

gboolean
heddle_scheduler_is_standing (HeddleScheduler *self)
{
  return self->breaks.next.scope != NULL;
}

static void
stop_clock (GSource *clock, gint64 stood)
{
  if (clock != NULL && g_source_get_ready_time (clock) < NEVER)
    g_source_set_ready_time (clock, g_source_get_ready_time (clock) + NEVER);
}

static void
start_clock (GSource *clock, gint64 stood)
{
  if (clock != NULL && g_source_get_ready_time (clock) >= NEVER)
    g_source_set_ready_time (clock, g_source_get_ready_time (clock) - NEVER + stood);
}

/* Of the containers under way in a scope, at whatever depth. */
static void
foreach_clock (HeddleScopeRun *scope, void (*func) (GSource *clock, gint64 stood), gint64 stood)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (scope->plan); i++)
    {
      HeddleStepRun *step = &scope->steps[i];
      GPtrArray *bodies = step->run != NULL ? step->run->bodies : NULL;

      if (heddle_scope_run_get_step (scope, i)->body == NULL)
        continue;
      func (step->attempt_timer, stood);
      func (step->timer, stood);
      for (guint j = 0; bodies != NULL && j < bodies->len; j++)
        foreach_clock (g_ptr_array_index (bodies, j), func, stood);
    }
}

static void
stand (HeddleScheduler *self)
{
  self->breaks.since = g_get_monotonic_time ();
  foreach_clock (self->root, stop_clock, 0);
  stop_clock (heddle_budget_get_timer (self->budget), 0);
}

static void
go (HeddleScheduler *self)
{
  gint64 stood = g_get_monotonic_time () - self->breaks.since;

  foreach_clock (self->root, start_clock, stood);
  start_clock (heddle_budget_get_timer (self->budget), stood);
}

static JsonNode *
describe (HeddleScopeRun *scope, const HeddleStep *step)
{
  g_autoptr (HeddleNodeRun) probe = heddle_node_run_new (scope, step, 0);
  JsonObject *data = json_object_new ();

  probe->scheduler = NULL;
  json_object_set_string_member (data, "title", step->title);
  json_object_set_string_member (data, "type", step->type->id);
  json_object_set_object_member (data, "inputs", heddle_node_run_inputs_to_json (probe));
  return heddle_json_object (data);
}

void
heddle_scheduler_tell_break (HeddleScheduler *self)
{
  const HeddleReadyStep *next = &self->breaks.next;
  const HeddleStep *step;
  HeddleEvent *event;

  if (next->scope == NULL)
    return;
  step = heddle_scope_run_get_step (next->scope, next->index);
  event = heddle_scope_run_new_event (next->scope, HEDDLE_EVENT_RUN_PAUSED, next->index);
  event->text = g_strdup_printf (_ ("Paused before “%s”."), step->title);
  event->data = describe (next->scope, step);
  heddle_scheduler_emit (self, event);
}

static gboolean
has_passed (const HeddleStepRun *step)
{
  return step->passed || step->failed_before || step->expired;
}

static void
tell_ready (HeddleScheduler *self, const HeddleReadyStep *step)
{
  heddle_scheduler_emit (self, heddle_scope_run_new_event (step->scope, HEDDLE_EVENT_NODE_READY, step->index));
}

gboolean
heddle_scheduler_put_aside (HeddleScheduler *self, const HeddleReadyStep *step)
{
  HeddleReadyStep kept = *step;

  /* Of a container another attempt would only wait within, while its time runs. */
  if (!heddle_scheduler_is_standing (self) || (has_passed (&step->scope->steps[step->index]) && heddle_scope_run_get_step (step->scope, step->index)->body == NULL))
    return FALSE;
  heddle_scope_run_ref (kept.scope);
  g_array_append_val (self->breaks.waiting, kept);
  tell_ready (self, step);
  return TRUE;
}

gboolean
heddle_scheduler_stop_before (HeddleScheduler *self, const HeddleReadyStep *ready)
{
  HeddleBreaks *breaks = &self->breaks;
  HeddleStepRun *step_run = &ready->scope->steps[ready->index];
  const HeddleStep *step = heddle_scope_run_get_step (ready->scope, ready->index);
  gboolean stops = breaks->stepping || (breaks->nodes != NULL && g_hash_table_contains (breaks->nodes, step->id));

  if (!stops || has_passed (step_run) || step->max_rounds > 0)
    {
      step_run->passed = TRUE;
      return FALSE;
    }
  breaks->next = *ready;
  heddle_scope_run_ref (breaks->next.scope);
  stand (self);
  tell_ready (self, ready);
  heddle_scheduler_tell_break (self);
  return TRUE;
}

/* Also tells that it is still paused for another reason. */
static void
tell_gone_on (HeddleScheduler *self)
{
  heddle_scheduler_emit (self, heddle_event_new (HEDDLE_EVENT_RUN_UNPAUSED, NULL));
  if (self->paused)
    heddle_scheduler_set_paused (self, self->core->write_error);
}

static void
go_on (HeddleScheduler *self)
{
  HeddleReadyStep next = self->breaks.next;
  g_autoptr (GArray) waiting = NULL;

  if (self->ended || next.scope == NULL)
    return;
  self->breaks.next = (HeddleReadyStep){ 0 };
  next.scope->steps[next.index].passed = TRUE;
  next.priority = G_MAXINT64;
  heddle_ready_queue_push (&self->ready, &next);
  for (guint i = 0; i < self->breaks.waiting->len; i++)
    {
      HeddleReadyStep *step = &g_array_index (self->breaks.waiting, HeddleReadyStep, i);

      heddle_ready_queue_push (&self->ready, step);
      step->scope = NULL;
    }
  g_array_set_size (self->breaks.waiting, 0);
  go (self);
  tell_gone_on (self);
  heddle_scheduler_schedule_pump (self);
}

void
heddle_scheduler_check_break (HeddleScheduler *self)
{
  const HeddleReadyStep *next = &self->breaks.next;

  if (next->scope != NULL && (next->scope->ended || !next->scope->steps[next->index].queued))
    go_on (self);
}

void
heddle_scheduler_continue (HeddleScheduler *self)
{
  self->breaks.stepping = FALSE;
  go_on (self);
}

void
heddle_scheduler_step (HeddleScheduler *self)
{
  self->breaks.stepping = TRUE;
  go_on (self);
}

void
heddle_scheduler_set_breakpoints (HeddleScheduler *self, const char *const *nodes)
{
  g_clear_pointer (&self->breaks.nodes, g_hash_table_unref);
  self->breaks.nodes = make_set (nodes);
}
