/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include "heddle-error.h"
#include "run/heddle-followers.h"
#include "run/heddle-pools.h"
#include "run/heddle-run-private.h"
#include "run/heddle-step-source.h"
#include "store/heddle-store-claims.h"
#include "value/heddle-json.h"

/* How long nodes may run inline before other runs and sockets get their turn. */
#define SLICE_US 2000

HeddleScheduler *
heddle_scheduler_ref (HeddleScheduler *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleScheduler *self = data;

  g_assert (self->cancel_watch == NULL && self->pump_source == NULL);

  heddle_budget_free (self->budget);
  heddle_ready_queue_clear (&self->ready);
  g_queue_clear_full (&self->marked, (GDestroyNotify) heddle_scope_run_unref);
  heddle_scope_run_unref (self->root);
  heddle_scheduler_drop_past (self);
  heddle_scheduler_clear_breaks (self);
  g_ptr_array_unref (self->unstored);
  g_hash_table_unref (self->shared);
  g_array_unref (self->followers);
  heddle_plan_unref (self->plan);
  g_object_unref (self->run);
  heddle_engine_core_unref (self->core);
}

void
heddle_scheduler_unref (HeddleScheduler *self)
{
  g_rc_box_release_full (self, clear);
}

HeddleAsking
heddle_scheduler_get_asking (HeddleScheduler *self)
{
  return self->root->values->asking;
}

HeddleDurability
heddle_scheduler_get_durability (HeddleScheduler *self)
{
  return self->durability;
}

guint64
heddle_scheduler_next_span (HeddleScheduler *self)
{
  return ++self->last_span;
}

void
heddle_scheduler_report_usage (HeddleScheduler *self, guint64 span, JsonNode *usage, gboolean ended)
{
  heddle_budget_report (self->budget, span, usage, ended);
}

guint64
heddle_scheduler_next_serial (HeddleScheduler *self)
{
  return ++self->last_serial;
}

void
heddle_scheduler_allow_steps (HeddleScheduler *self, guint64 n_steps)
{
  heddle_budget_allow_steps (self->budget, n_steps);
}

void
heddle_scheduler_take_slot (HeddleScheduler *self, HeddleNodeRun *node_run)
{
  if (node_run->has_slot || node_run->step->body != NULL)
    return;
  node_run->has_slot = TRUE;
  self->n_running++;
}

void
heddle_scheduler_give_slot (HeddleScheduler *self, HeddleNodeRun *node_run)
{
  if (!node_run->has_slot)
    return;
  node_run->has_slot = FALSE;
  self->n_running--;
}

void
heddle_scheduler_set_waiting (HeddleScheduler *self, HeddleNodeRun *node_run, gboolean waiting)
{
  node_run = heddle_node_run_get_root (node_run);
  if (waiting)
    heddle_scheduler_give_slot (self, node_run);
  else
    heddle_scheduler_take_slot (self, node_run);
  heddle_scheduler_schedule_pump (self);
}

GObject *
heddle_scheduler_get_shared (HeddleScheduler *self, const char *key)
{
  return g_hash_table_lookup (self->shared, key);
}

void
heddle_scheduler_take_shared (HeddleScheduler *self, const char *key, GObject *object)
{
  g_hash_table_replace (self->shared, g_strdup (key), object);
}

void
heddle_scheduler_after_success (HeddleScheduler *self, void (*func) (gpointer data), gpointer data, GDestroyNotify destroy)
{
  heddle_followers_add (self->followers, func, data, destroy);
}

gboolean
heddle_scheduler_is_stored (HeddleScheduler *self)
{
  return self->core->services.store != NULL && self->durability != HEDDLE_DURABILITY_MEMORY;
}

/* Of a run that is interrupted, what was under way stays so. */
static gboolean
is_kept (HeddleScheduler *self, const HeddleEvent *event)
{
  if (event->kind == HEDDLE_EVENT_NODE_DELTA || event->kind == HEDDLE_EVENT_NODE_PROGRESS)
    return FALSE;
  return !self->interrupted || event->kind == HEDDLE_EVENT_NODE_PARTIAL || event->kind == HEDDLE_EVENT_RUN_FINISHED;
}

static void
keep (HeddleScheduler *self, HeddleEvent *event)
{
  if (heddle_scheduler_is_stored (self) && is_kept (self, event))
    g_ptr_array_add (self->unstored, heddle_event_ref (event));
}

static void
store (HeddleScheduler *self)
{
  if (self->unstored->len == 0)
    return;
  heddle_store_append_events (self->core->services.store, self->run, self->unstored);
  g_ptr_array_set_size (self->unstored, 0);
}

/* Hands what has happened to the store and to those who watch. */
static void
flush (HeddleScheduler *self)
{
  store (self);
  heddle_run_notify (self->run);
}

void
heddle_scheduler_emit (HeddleScheduler *self, HeddleEvent *event)
{
  keep (self, heddle_run_append (self->run, event));
  /* The pump hands over at its end: waking a thread costs more than a node. */
  if (!self->pumping)
    flush (self);
}

void
heddle_scheduler_commit (HeddleScheduler *self, HeddleEvent *event, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);

  g_assert (heddle_scheduler_is_stored (self));

  g_ptr_array_add (events, heddle_event_ref (heddle_run_append (self->run, event)));
  store (self);
  heddle_store_append_events_async (self->core->services.store, self->run, events, NULL, callback, user_data);
  heddle_run_notify (self->run);
}

void
heddle_scheduler_clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static JsonNode *
finished_data (HeddleScheduler *self, HeddleRunState state, JsonNode *output, const GError *error, const char *node, const char *note)
{
  JsonObject *data = json_object_new ();
  JsonNode *usage = heddle_budget_dup_usage (self->budget);

  json_object_set_string_member (data, "state", heddle_run_state_to_string (state));
  if (output != NULL)
    json_object_set_member (data, "output", json_node_ref (output));
  if (error != NULL)
    json_object_set_member (data, "error", heddle_error_to_json (error));
  if (node != NULL)
    json_object_set_string_member (data, "node", node);
  if (note != NULL)
    json_object_set_string_member (data, "note", note);
  if (usage != NULL)
    json_object_set_member (data, "usage", usage);
  return heddle_json_object (data);
}

/* The caller holds a reference: this gives back the engine's. */
void
heddle_scheduler_finish (HeddleScheduler *self, HeddleRunState state, JsonNode *output, const GError *error, const char *node, const char *note)
{
  HeddleEvent *event = heddle_event_new (HEDDLE_EVENT_RUN_FINISHED, NULL);

  self->ended = TRUE;
  g_clear_pointer (&self->cancel_watch, heddle_cancel_watch_free);
  heddle_scheduler_clear_source (&self->pump_source);
  heddle_budget_stop (self->budget);
  event->data = finished_data (self, state, output, error, node, note);
  /* Recorded first: who hears of the end may look the run up at once. */
  heddle_run_number (self->run, event);
  keep (self, event);
  store (self);
  /* Who hears of the end may wait for what follows it, so that has begun by then. */
  if (state == HEDDLE_RUN_OK)
    heddle_followers_call (self->followers);
  heddle_run_finish (self->run, state, output, error, event);
  heddle_run_notify (self->run);
  g_hash_table_remove_all (self->shared);
  g_ptr_array_remove_fast (self->core->schedulers, self);
}

void
heddle_scheduler_finish_well (HeddleScheduler *self)
{
  const char *note = NULL;
  g_autoptr (JsonNode) output = NULL;
  g_autofree char *budget_note = NULL;

  if (heddle_budget_get_error (self->budget) != NULL)
    {
      heddle_scheduler_mark (self, self->root);
      return;
    }
  if (self->root->failure != NULL)
    {
      heddle_scheduler_finish_handled (self);
      return;
    }
  output = heddle_scheduler_dup_asked (self);
  if (output == NULL)
    output = heddle_run_values_dup_output (self->root->values, &note);
  budget_note = heddle_budget_dup_note (self->budget);
  heddle_scheduler_finish (self, HEDDLE_RUN_OK, output, NULL, NULL, budget_note != NULL ? budget_note : note);
}

void
heddle_scheduler_cancel (HeddleScheduler *self)
{
  g_autoptr (HeddleScheduler) alive = heddle_scheduler_ref (self);
  g_autoptr (GError) error = NULL;

  if (self->ended)
    return;
  error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("The run was stopped."));
  self->ended = TRUE;
  heddle_scope_run_stop (self->root, error->message);
  heddle_scheduler_finish (self, HEDDLE_RUN_CANCELLED, NULL, error, NULL, NULL);
}

gboolean
heddle_scheduler_queue (HeddleScheduler *self, const HeddleReadyStep *step)
{
  heddle_ready_queue_push (&self->ready, step);
  return self->n_running + heddle_ready_queue_get_length (&self->ready) > self->core->services.max_running;
}

void
heddle_scheduler_mark (HeddleScheduler *self, HeddleScopeRun *scope)
{
  if (!scope->marked)
    g_queue_push_tail (&self->marked, heddle_scope_run_ref (scope));
  scope->marked = TRUE;
  heddle_scheduler_schedule_pump (self);
}

static void
take_success (HeddleScopeRun *scope, HeddleNodeRun *node_run)
{
  const HeddleStep *step = node_run->step;
  HeddleEvent *event = heddle_node_run_new_event (node_run, HEDDLE_EVENT_NODE_FINISHED);
  JsonNode *result = heddle_node_run_take_result (node_run);
  g_autoptr (GArray) live = heddle_node_run_list_live (node_run);
  JsonNode *sent = node_run->sent != NULL ? json_node_ref (node_run->sent) : NULL;

  heddle_run_values_set_result (scope->values, step->index, result, sent);
  event->data = heddle_scheduler_ended_data (step, (guint *) live->data, live->len, "result", json_node_ref (result), sent);
  heddle_node_run_describe_end (node_run, json_node_get_object (event->data));
  json_node_seal (event->data);
  heddle_scheduler_clear_source (&scope->steps[step->index].timer);
  heddle_step_source_keep (node_run, event->data);
  heddle_scheduler_emit (scope->scheduler, event);
  heddle_flow_resolve (scope->values->flow, step->index, (guint *) live->data, live->len);
}

static void
take_skip (HeddleScopeRun *scope, HeddleNodeRun *node_run)
{
  const HeddleStep *step = node_run->step;
  HeddleEvent *event = heddle_node_run_new_event (node_run, HEDDLE_EVENT_NODE_SKIPPED);
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "title", step->title);
  json_object_set_string_member (data, "type", step->type->id);
  event->data = heddle_json_object (data);
  event->text = g_strdup (node_run->skip_reason);
  heddle_scheduler_clear_source (&scope->steps[step->index].timer);
  heddle_scheduler_emit (scope->scheduler, event);
  heddle_flow_resolve (scope->values->flow, step->index, NULL, 0);
}

static void
take_end (HeddleScheduler *self, HeddleNodeRun *node_run)
{
  /* A failure may end the scope, and those around it, before this returns. */
  g_autoptr (HeddleScopeRun) scope = heddle_scope_run_ref (node_run->scope_run);
  g_autoptr (HeddleNodeRun) taken = heddle_scope_run_take_attempt (scope, node_run->step->index);

  g_assert (taken == node_run);

  heddle_node_run_flush (node_run, self);
  node_run->scheduler = NULL;
  if (node_run->error != NULL)
    heddle_scope_run_take_failure (scope, node_run);
  else if (node_run->skip_reason != NULL)
    take_skip (scope, node_run);
  else
    take_success (scope, node_run);
  heddle_scheduler_mark (self, scope);
}

/* A slot of the step's pool; without one it waits for it. */
static gboolean
take_pool (HeddleScheduler *self, HeddleScopeRun *scope, guint index)
{
  const HeddlePolicy *policy = heddle_scope_run_get_step (scope, index)->policy;
  HeddleStepRun *step = &scope->steps[index];

  if (policy == NULL || policy->pool == NULL || *policy->pool == '\0' || step->has_pool)
    return TRUE;
  step->has_pool = heddle_pools_take (self->core->pools, policy->pool, heddle_plan_get_pool_size (self->plan, policy->pool), scope, index);
  if (step->has_pool)
    return TRUE;
  heddle_scheduler_emit (self, heddle_scope_run_new_event (scope, HEDDLE_EVENT_NODE_READY, index));
  return FALSE;
}

static void
start_attempt (HeddleScheduler *self, HeddleScopeRun *scope, guint index)
{
  HeddleStepRun *step = &scope->steps[index];
  HeddleNodeRun *node_run;

  step->attempt++;
  node_run = heddle_node_run_new (scope, heddle_scope_run_get_step (scope, index), step->attempt);
  step->run = node_run;
  scope->n_running++;
  heddle_scheduler_take_slot (self, node_run);
  heddle_scope_run_start_timers (scope, index);
  heddle_node_run_start (node_run);
  if (step->run == node_run && node_run->ended && node_run->task == NULL)
    take_end (self, node_run);
}

/* A result that is there already takes no slot, and none of the budget. */
static gboolean
take_source (HeddleScopeRun *scope, guint index)
{
  return !scope->steps[index].expired && scope->steps[index].attempt == 0 && heddle_step_source_take (scope, index) && heddle_scope_run_dequeue (scope, index);
}

static void
start_next (HeddleScheduler *self)
{
  HeddleReadyStep next = heddle_ready_queue_pop (&self->ready);
  g_autoptr (HeddleScopeRun) scope = next.scope;

  if (scope->ended || !scope->steps[next.index].queued || heddle_scheduler_put_aside (self, &next) || take_source (scope, next.index) ||
      heddle_scheduler_stop_before (self, &next) || !take_pool (self, scope, next.index))
    return;
  heddle_scope_run_dequeue (scope, next.index);
  heddle_scheduler_mark (self, scope);
  if (scope->steps[next.index].failed_before)
    heddle_scope_run_take_old_failure (scope, next.index);
  else if (scope->steps[next.index].expired)
    heddle_scope_run_take_expiry (scope, next.index);
  else if (heddle_budget_take_step (self->budget))
    start_attempt (self, scope, next.index);
}

static gboolean
can_go_on (HeddleScheduler *self)
{
  /* A stop asked for in this very moment holds as well, before its source has had its turn. */
  return !self->ended && heddle_budget_get_error (self->budget) == NULL && !g_cancellable_is_cancelled (heddle_run_get_cancellable (self->run));
}

static gboolean
can_start (HeddleScheduler *self)
{
  return can_go_on (self) && !self->paused && !heddle_ready_queue_is_empty (&self->ready) && self->n_running < self->core->services.max_running;
}

static void
look_at_marked (HeddleScheduler *self)
{
  while (can_go_on (self) && !g_queue_is_empty (&self->marked))
    {
      g_autoptr (HeddleScopeRun) scope = g_queue_pop_head (&self->marked);

      scope->marked = FALSE;
      heddle_scope_run_advance (scope);
    }
  if (can_go_on (self))
    heddle_scheduler_check_break (self);
}

static void
pump (HeddleScheduler *self)
{
  g_autoptr (HeddleScheduler) alive = heddle_scheduler_ref (self);
  gint64 deadline = g_get_monotonic_time () + SLICE_US;

  if (self->pumping || self->ended)
    return;
  self->pumping = TRUE;
  look_at_marked (self);
  while (can_start (self) && g_get_monotonic_time () < deadline)
    {
      start_next (self);
      look_at_marked (self);
    }
  self->pumping = FALSE;
  flush (self);
  if (can_start (self))
    heddle_scheduler_schedule_pump (self);
}

static gboolean
pump_cb (gpointer data)
{
  HeddleScheduler *self = data;

  g_clear_pointer (&self->pump_source, g_source_unref);
  pump (self);
  return G_SOURCE_REMOVE;
}

void
heddle_scheduler_schedule_pump (HeddleScheduler *self)
{
  if (self->pump_source != NULL || self->pumping || self->ended)
    return;
  self->pump_source = g_idle_source_new ();
  g_source_set_priority (self->pump_source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->pump_source, "heddle-pump");
  g_source_set_callback (self->pump_source, pump_cb, self, NULL);
  g_source_attach (self->pump_source, self->core->context);
}

static void
stop_for_budget (gpointer data)
{
  g_autoptr (HeddleScheduler) self = heddle_scheduler_ref (data);

  if (heddle_budget_get_error (self->budget) == NULL)
    {
      heddle_scheduler_schedule_pump (self);
      return;
    }
  self->ended = TRUE;
  heddle_scope_run_stop (self->root, _ ("Stopped, because the budget of the run is used up."));
  heddle_scheduler_finish (self, HEDDLE_RUN_FAILED, NULL, heddle_budget_get_error (self->budget), NULL, NULL);
}

void
heddle_scheduler_node_ended (HeddleScheduler *self, HeddleNodeRun *node_run)
{
  g_autoptr (HeddleScheduler) alive = heddle_scheduler_ref (self);

  take_end (self, node_run);
  pump (self);
}

static void
cancelled_cb (gpointer data)
{
  heddle_scheduler_cancel (data);
}

static void
emit_started (HeddleScheduler *self)
{
  HeddleEvent *event = heddle_event_new (HEDDLE_EVENT_RUN_STARTED, NULL);
  JsonObject *data = json_object_new ();

  json_object_set_member (data, "workflow", heddle_json_string (heddle_plan_get_workflow_id (self->plan)));
  json_object_set_member (data, "name", heddle_json_string (heddle_plan_get_name (self->plan)));
  json_object_set_member (data, "input", json_node_ref (self->root->values->input));
  if (heddle_run_get_trigger (self->run) != NULL)
    json_object_set_member (data, "trigger", json_node_ref (heddle_run_get_trigger (self->run)));
  event->data = heddle_json_object (data);
  heddle_scheduler_emit (self, event);
}

/* Only where an expression asks for it, so that it costs nothing elsewhere. */
static void
settle_values (HeddleScheduler *self)
{
  HeddleEffects *effects = heddle_run_get_effects (self->run);
  HeddleRunValues *values = self->root->values;

  if (heddle_plan_reads (self->plan, "run"))
    heddle_effects_settle (effects, self, "run", &values->info);
  if (heddle_plan_reads (self->plan, "global"))
    heddle_effects_settle (effects, self, "global", &values->globals);
}

void
heddle_scheduler_begin (HeddleScheduler *self, const char *start)
{
  settle_values (self);
  heddle_scope_run_start (self->root, start);
  pump (self);
}

static void
begin_recording (HeddleScheduler *self)
{
  if (!heddle_scheduler_is_stored (self))
    return;
  if (self->resumes)
    heddle_store_continue_run (self->core->services.store, self->run, self->durability);
  else
    heddle_store_begin_run (self->core->services.store, self->run, self->durability);
}

void
heddle_scheduler_start (HeddleEngineCore *core, HeddleRun *run, JsonNode *input, const HeddleRunOptions *options)
{
  HeddleScheduler *self = g_rc_box_new0 (HeddleScheduler);

  self->core = heddle_engine_core_ref (core);
  self->run = g_object_ref (run);
  self->plan = heddle_plan_ref (heddle_run_get_plan (run));
  self->root = heddle_scope_run_new (self, NULL, 0, heddle_run_values_new (run, input, options->vars));
  self->root->values->asking = options->asking;
  self->durability = options->durability;
  self->use_pins = options->use_pins;
  self->unstored = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  self->shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->followers = heddle_followers_new ();
  heddle_ready_queue_init (&self->ready);
  self->budget = heddle_budget_new (heddle_plan_get_budget (self->plan), options->budget, heddle_plan_count_steps (self->plan));
  heddle_scheduler_take_options (self, options);
  heddle_scheduler_init_breaks (self, options);
  g_ptr_array_add (core->schedulers, self);

  begin_recording (self);
  if (!self->resumes)
    emit_started (self);
  self->cancel_watch = heddle_cancel_watch_new (heddle_run_get_cancellable (run), core->context, cancelled_cb, self);
  heddle_budget_start (self->budget, core->context, stop_for_budget, self);
  heddle_scheduler_tell_past (self);
  heddle_scheduler_set_paused (self, core->write_error);
  if (core->services.store != NULL && heddle_plan_reads (self->plan, "global"))
    heddle_scheduler_begin_with_variables (self, options->start);
  else
    heddle_scheduler_begin (self, options->start);
}
