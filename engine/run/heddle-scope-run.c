/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scope-run.h"

#include "heddle-error.h"
#include "run/heddle-pools.h"
#include "run/heddle-scheduler-private.h"
#include "value/heddle-json.h"

static GRefString *
make_path (HeddleNodeRun *container, guint index)
{
  const char *outer = container->scope_run->path;
  g_autofree char *path = g_strdup_printf ("%s%s%s#%u", outer != NULL ? outer : "", outer != NULL ? "/" : "", container->step->id, index);

  return g_ref_string_new (path);
}

HeddleScopeRun *
heddle_scope_run_new (HeddleScheduler *scheduler, HeddleNodeRun *container, guint index, HeddleRunValues *values)
{
  HeddleScopeRun *self = g_rc_box_new0 (HeddleScopeRun);

  self->scheduler = scheduler;
  self->container = container;
  self->index = index;
  self->serial = heddle_scheduler_next_serial (scheduler);
  self->path = container != NULL ? make_path (container, index) : NULL;
  self->plan = heddle_plan_ref (values->plan);
  self->values = values;
  self->steps = g_new0 (HeddleStepRun, heddle_plan_get_n_steps (self->plan));
  self->handler = heddle_flow_find_handler (self->plan);
  return self;
}

HeddleScopeRun *
heddle_scope_run_ref (HeddleScopeRun *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleScopeRun *self = data;

  g_clear_pointer (&self->path, g_ref_string_release);
  g_free (self->steps);
  g_clear_error (&self->failure);
  g_clear_pointer (&self->failure_record, json_node_unref);
  g_clear_pointer (&self->error_record, json_node_unref);
  heddle_run_values_free (self->values);
  heddle_plan_unref (self->plan);
}

void
heddle_scope_run_unref (HeddleScopeRun *self)
{
  g_rc_box_release_full (self, clear);
}

const HeddleStep *
heddle_scope_run_get_step (HeddleScopeRun *self, guint index)
{
  return heddle_plan_get_step (self->plan, index);
}

HeddleEvent *
heddle_scope_run_new_event (HeddleScopeRun *self, HeddleEventKind kind, guint index)
{
  HeddleEvent *event = heddle_event_new (kind, heddle_scope_run_get_step (self, index)->id);

  event->scope = self->path != NULL ? g_ref_string_acquire (self->path) : NULL;
  return event;
}

static void
emit_skipped (HeddleScopeRun *self, guint index)
{
  const HeddleStep *step = heddle_scope_run_get_step (self, index);
  HeddleEvent *event = heddle_scope_run_new_event (self, HEDDLE_EVENT_NODE_SKIPPED, index);
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "title", step->title);
  json_object_set_string_member (data, "type", step->type->id);
  event->data = heddle_json_object (data);
  event->text = heddle_flow_dup_reason (self->values->flow, index);
  heddle_scheduler_emit (self->scheduler, event);
}

static guint
find_top (HeddleScopeRun *self, guint index)
{
  for (; self->container != NULL; self = self->container->scope_run)
    index = self->container->step->index;
  return index;
}

/* Steps that have to wait for others to end say so; the rest start in the same breath. */
void
heddle_scope_run_enqueue (HeddleScopeRun *self, guint index)
{
  const HeddlePolicy *policy = heddle_scope_run_get_step (self, index)->policy;
  HeddleReadyStep ready = {
    .priority = policy != NULL ? policy->priority : 0,
    .top = find_top (self, index),
    .serial = self->serial,
    .index = index,
    .scope = heddle_scope_run_ref (self),
  };

  if (!self->steps[index].queued)
    self->n_queued++;
  self->steps[index].queued = TRUE;
  if (heddle_scheduler_queue (self->scheduler, &ready))
    heddle_scheduler_emit (self->scheduler, heddle_scope_run_new_event (self, HEDDLE_EVENT_NODE_READY, index));
}

gboolean
heddle_scope_run_dequeue (HeddleScopeRun *self, guint index)
{
  if (self->ended || !self->steps[index].queued)
    return FALSE;
  self->steps[index].queued = FALSE;
  self->n_queued--;
  return TRUE;
}

static void
begin_body (HeddleScopeRun *self, guint start)
{
  guint n_ports = heddle_scope_run_get_step (self, start)->out_ports->len;
  g_autofree guint *ports = g_new (guint, n_ports);

  for (guint i = 0; i < n_ports; i++)
    ports[i] = i;
  heddle_flow_resolve (self->values->flow, start, ports, n_ports);
}

static void
tell_skipped (HeddleScopeRun *self, guint index)
{
  if (!heddle_scope_run_was_skipped (self, index))
    emit_skipped (self, index);
}

static void
take_decisions (HeddleScopeRun *self)
{
  gboolean skipped;
  guint index;

  while (heddle_flow_next (self->values->flow, &index, &skipped))
    {
      if ((int) index == heddle_plan_get_end (self->plan))
        continue;
      if ((int) index == heddle_plan_get_start (self->plan))
        begin_body (self, index);
      else if (skipped)
        tell_skipped (self, index);
      else if (!heddle_scope_run_take_past (self, index))
        heddle_scope_run_enqueue (self, index);
    }
}

void
heddle_scope_run_start (HeddleScopeRun *self, const char *start)
{
  heddle_flow_start (self->values->flow, start);
  heddle_scheduler_mark (self->scheduler, self);
}

static void
end (HeddleScopeRun *self, const GError *error, JsonNode *record)
{
  self->ended = TRUE;
  heddle_run_values_take_ends (self->values);
  self->func (self, error, record);
}

void
heddle_scope_run_end_failed (HeddleScopeRun *self, const GError *error, JsonNode *record, const char *node, const char *note)
{
  if (self->container == NULL)
    heddle_scheduler_finish (self->scheduler, HEDDLE_RUN_FAILED, NULL, error, node, note);
  else
    end (self, error, record);
}

/* Nothing is left to do. */
static void
finish (HeddleScopeRun *self)
{
  gboolean unhandled = self->failure != NULL && !self->is_handled;

  if (self->container == NULL)
    heddle_scheduler_finish_well (self->scheduler);
  else
    end (self, unhandled ? self->failure : NULL, unhandled ? self->error_record : NULL);
}

static gboolean
is_idle (HeddleScopeRun *self)
{
  return self->n_running == 0 && self->n_retrying == 0 && self->n_queued == 0;
}

void
heddle_scope_run_advance (HeddleScopeRun *self)
{
  if (self->ended)
    return;
  take_decisions (self);
  if (is_idle (self) && !heddle_scope_run_drop_handler (self))
    finish (self);
}

static void
give_pool (HeddleScopeRun *self, guint index)
{
  if (!self->steps[index].has_pool)
    return;
  self->steps[index].has_pool = FALSE;
  heddle_pools_give (self->scheduler->core->pools, heddle_scope_run_get_step (self, index)->policy->pool);
}

HeddleNodeRun *
heddle_scope_run_take_attempt (HeddleScopeRun *self, guint index)
{
  HeddleStepRun *step = &self->steps[index];
  HeddleNodeRun *node_run = g_steal_pointer (&step->run);

  heddle_scheduler_clear_source (&step->attempt_timer);
  self->n_running--;
  heddle_scheduler_give_slot (self->scheduler, node_run);
  give_pool (self, index);
  return node_run;
}

void
heddle_scope_run_detach (HeddleScopeRun *self)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      HeddleStepRun *step = &self->steps[i];

      heddle_scheduler_clear_source (&step->attempt_timer);
      heddle_scheduler_clear_source (&step->timer);
      if (step->retry != NULL)
        g_source_destroy (step->retry);
      if (step->run != NULL)
        heddle_node_run_detach (step->run);
    }
}

/* by: id of the node that goes on without this one, or NULL. */
static void
emit_cancelled (HeddleScopeRun *self, guint index, const char *by, const char *reason)
{
  HeddleEvent *event = heddle_scope_run_new_event (self, HEDDLE_EVENT_NODE_CANCELLED, index);
  JsonObject *data = by != NULL ? json_object_new () : NULL;

  if (data != NULL)
    {
      json_object_set_string_member (data, "by", by);
      event->data = heddle_json_object (data);
    }

  event->attempt = self->steps[index].attempt;
  event->text = g_strdup (reason);
  heddle_scheduler_emit (self->scheduler, event);
}

static void
tell_attempt_stopped (HeddleScopeRun *self, guint index, const char *by, const char *reason)
{
  g_autoptr (HeddleNodeRun) node_run = heddle_scope_run_take_attempt (self, index);

  g_clear_error (&node_run->error);
  node_run->error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, reason);
  heddle_node_run_flush (node_run, self->scheduler);
  emit_cancelled (self, index, by, reason);
}

void
heddle_scope_run_cancel_step (HeddleScopeRun *self, guint index, const char *by, const char *reason)
{
  HeddleStepRun *step = &self->steps[index];

  if (step->run == NULL && step->retry == NULL && !step->queued)
    return;
  if (step->run != NULL)
    heddle_node_run_detach (step->run);
  heddle_scheduler_clear_source (&step->timer);
  if (step->retry != NULL)
    self->n_retrying--;
  heddle_scheduler_clear_source (&step->retry);
  heddle_scope_run_dequeue (self, index);
  if (step->run != NULL)
    tell_attempt_stopped (self, index, by, reason);
  else
    emit_cancelled (self, index, by, reason);
  give_pool (self, index);
  heddle_flow_resolve (self->values->flow, index, NULL, 0);
  heddle_scheduler_mark (self->scheduler, self);
}

void
heddle_scope_run_tell_stopped (HeddleScopeRun *self, const char *reason)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      HeddleStepRun *step = &self->steps[i];
      gboolean was_retrying = step->retry != NULL;

      g_clear_pointer (&step->retry, g_source_unref);
      step->queued = FALSE;
      if (step->run != NULL)
        tell_attempt_stopped (self, i, NULL, reason);
      else if (was_retrying)
        emit_cancelled (self, i, NULL, reason);
      give_pool (self, i);
    }
  self->n_retrying = 0;
  self->n_queued = 0;
}

void
heddle_scope_run_stop (HeddleScopeRun *self, const char *reason)
{
  heddle_scope_run_detach (self);
  heddle_scope_run_tell_stopped (self, reason);
}
