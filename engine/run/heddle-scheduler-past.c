/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include "run/heddle-past.h"
#include "run/heddle-run-needs.h"
#include "run/heddle-run-private.h"
#include "run/heddle-step-source.h"
#include "value/heddle-json.h"

/* Results of an earlier run that are taken in place of running their nodes, and a run of some nodes only. */

void
heddle_scheduler_take_options (HeddleScheduler *self, const HeddleRunOptions *options)
{
  self->past = options->past != NULL ? heddle_past_ref (options->past) : NULL;
  self->resumes = options->resume && self->past != NULL;
  if (options->until != NULL)
    {
      self->until = g_strdup (options->until);
      self->needed = heddle_run_needs_list (self->plan, options->until);
    }
  if (!self->resumes)
    return;
  self->last_span = heddle_past_get_last_span (self->past);
  heddle_budget_take_past (self->budget, heddle_past_get_n_steps (self->past), (heddle_past_get_last_time (self->past) - heddle_past_get_stood (self->past)) / G_USEC_PER_SEC);
}

void
heddle_scheduler_drop_past (HeddleScheduler *self)
{
  g_clear_pointer (&self->past, heddle_past_unref);
  g_clear_pointer (&self->needed, g_hash_table_unref);
  g_clear_pointer (&self->until, g_free);
}

/* How long no process was at it, until now. */
static gint64
measure_gone (HeddleScheduler *self)
{
  gint64 last = heddle_run_get_started (self->run) + heddle_past_get_last_time (self->past) + heddle_past_get_gone (self->past);

  return MAX (g_get_real_time () - last, 0);
}

static void
emit_continued (HeddleScheduler *self)
{
  HeddleEvent *event = heddle_event_new (HEDDLE_EVENT_RUN_CONTINUED, NULL);
  JsonObject *data = json_object_new ();

  self->gone = measure_gone (self);
  json_object_set_int_member (data, "gone", self->gone);
  event->data = heddle_json_object (data);
  heddle_scheduler_emit (self, event);
}

/* What was spent before counts; what was under way then has ended. */
static void
report_past_usage (HeddleScheduler *self)
{
  g_autoptr (GPtrArray) events = heddle_run_dup_events (self->run);

  for (guint i = 0; i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      if (event->kind == HEDDLE_EVENT_SPAN_STARTED || event->kind == HEDDLE_EVENT_SPAN_UPDATED || event->kind == HEDDLE_EVENT_SPAN_FINISHED)
        heddle_budget_report (self->budget, event->span, heddle_json_member (event->data, "usage"), event->kind == HEDDLE_EVENT_SPAN_FINISHED);
    }
}

static void
emit_taken (HeddleScheduler *self)
{
  g_autoptr (GPtrArray) events = heddle_past_list_taken (self->past);

  /* Handed over in one go, before anything runs: so this run's log has all that it goes on with. */
  self->pumping = TRUE;
  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);
      const HeddleStep *step = heddle_plan_find_within (self->plan, event->node);

      if (step != NULL && step->mode == HEDDLE_NODE_ON)
        heddle_scheduler_emit (self, heddle_event_ref (event));
    }
  self->pumping = FALSE;
  heddle_scheduler_schedule_pump (self);
}

void
heddle_scheduler_tell_past (HeddleScheduler *self)
{
  if (self->past == NULL)
    return;
  if (!self->resumes)
    {
      emit_taken (self);
      return;
    }
  report_past_usage (self);
  emit_continued (self);
}

JsonNode *
heddle_scheduler_dup_asked (HeddleScheduler *self)
{
  const HeddleStep *step = self->until != NULL ? heddle_plan_find_step (self->plan, self->until) : NULL;
  JsonNode *output = step != NULL ? heddle_json_member (self->root->values->results[step->index], "output") : NULL;

  return output != NULL ? json_node_ref (output) : NULL;
}

/* Something that a node in a body left behind beyond its body's result. */
typedef struct
{
  const HeddleStep *step;
  const HeddlePastNode *past;
  gboolean is_seen; /* in a circle, which lets what is behind it see what it gave */
} Remain;

typedef struct
{
  HeddlePlan *body;
  gboolean is_circle;
  GArray *remains; /* of Remain */
} Search;

/* The step with this id in a plan or the bodies in it. */
static const HeddleStep *
find_inner (HeddlePlan *plan, const char *id, gboolean *in_circles)
{
  const HeddleStep *step = heddle_plan_find_step (plan, id);

  for (guint i = 0; step == NULL && i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *container = heddle_plan_get_step (plan, i);

      if (container->body == NULL || !heddle_plan_contains (container->body, id))
        continue;
      *in_circles = *in_circles && container->max_rounds > 0;
      return find_inner (container->body, id, in_circles);
    }
  return step;
}

static void
add_remain (const char *node, const HeddlePastNode *past, gpointer data)
{
  Search *search = data;
  Remain remain = { .past = past, .is_seen = search->is_circle };

  remain.step = find_inner (search->body, node, &remain.is_seen);
  if (remain.step != NULL && (remain.is_seen || (remain.step->type->flags & HEDDLE_NODE_FINISH) != 0 || heddle_json_member (past->data, "vars") != NULL))
    g_array_append_val (search->remains, remain);
}

static int
compare_remains (gconstpointer a, gconstpointer b)
{
  guint64 left = ((const Remain *) a)->past->order, right = ((const Remain *) b)->past->order;

  return left < right ? -1 : left > right;
}

/* What is in a container that is not entered again set variables, reached the output of the run, or can be asked for behind a circle. */
static void
take_remains (HeddleScopeRun *self, const HeddleStep *step)
{
  g_autoptr (GArray) remains = g_array_new (FALSE, FALSE, sizeof (Remain));
  Search search = { step->body, step->max_rounds > 0, remains };

  heddle_past_foreach_inner (self->scheduler->past, self->path, step->id, add_remain, &search);
  g_array_sort (remains, compare_remains);
  for (guint i = 0; i < remains->len; i++)
    {
      const Remain *remain = &g_array_index (remains, Remain, i);
      JsonNode *result = heddle_json_member (remain->past->data, "result");

      heddle_step_source_set_variables (self, remain->past->data);
      heddle_run_values_set_end (self->values, remain->step, result);
      if (remain->is_seen)
        heddle_run_values_set_inner (self->values, remain->step, result);
    }
}

/* Of the very run that goes on: its attempts are counted on, a failure stays one, and what waited for its next attempt waits on. */
static gboolean
take_unfinished (HeddleScopeRun *self, guint index, const HeddlePastNode *node)
{
  HeddleStepRun *step = &self->steps[index];
  gint64 left = node->retry_at - heddle_past_get_last_time (self->scheduler->past) - self->scheduler->gone;

  if (!self->scheduler->resumes)
    return FALSE;
  step->attempt = node->attempt;
  step->n_lost = node->n_lost;
  step->failed_before = node->state == HEDDLE_PAST_FAILED;
  if (node->state != HEDDLE_PAST_UNFINISHED || !node->retrying || left <= 0)
    return FALSE;
  heddle_scope_run_wait_for_retry (self, index, (guint) MIN (left / 1000, G_MAXINT));
  return TRUE;
}

/* Nobody waits for it, as what stopped it is there, or is about to be. */
static gboolean
is_stopped (HeddleScopeRun *self, const HeddlePastNode *node)
{
  const char *by = node->state == HEDDLE_PAST_STOPPED ? heddle_json_get_string (node->data, "by", NULL) : NULL;
  const HeddlePastNode *stopper = by != NULL ? heddle_past_find (self->scheduler->past, self->path, by) : NULL;

  return by != NULL && (self->scheduler->resumes || (stopper != NULL && stopper->state == HEDDLE_PAST_FINISHED));
}

gboolean
heddle_scope_run_take_past (HeddleScopeRun *self, guint index)
{
  HeddleScheduler *scheduler = self->scheduler;
  const HeddleStep *step = heddle_scope_run_get_step (self, index);
  const HeddlePastNode *node;

  if (scheduler->needed != NULL && !g_hash_table_contains (scheduler->needed, step->id))
    return TRUE;
  node = scheduler->past != NULL ? heddle_past_find (scheduler->past, self->path, step->id) : NULL;
  if (node == NULL || node->state == HEDDLE_PAST_SKIPPED)
    return FALSE;
  if (is_stopped (self, node))
    {
      heddle_flow_resolve (self->values->flow, index, NULL, 0);
      return TRUE;
    }
  if (node->state != HEDDLE_PAST_FINISHED)
    return take_unfinished (self, index, node);
  /* In a fork it may have been turned off or on since. */
  if (step->mode != HEDDLE_NODE_ON && !scheduler->resumes)
    return FALSE;
  if (step->pin != NULL && scheduler->use_pins && !scheduler->resumes)
    return FALSE;
  if (step->body != NULL)
    take_remains (self, step);
  heddle_step_source_apply (self, index, node->data);
  return TRUE;
}

gboolean
heddle_scope_run_was_skipped (HeddleScopeRun *self, guint index)
{
  HeddleScheduler *scheduler = self->scheduler;
  const HeddlePastNode *node = scheduler->resumes ? heddle_past_find (scheduler->past, self->path, heddle_scope_run_get_step (self, index)->id) : NULL;

  return node != NULL && node->state == HEDDLE_PAST_SKIPPED;
}
