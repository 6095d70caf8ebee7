/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include "heddle-error.h"
#include "run/heddle-past.h"
#include "run/heddle-retry.h"
#include "value/heddle-json.h"

/* What becomes of a step that fails: another attempt, what its policy says, the workflow's handler, or the end of the run. */

JsonNode *
heddle_scheduler_ended_data (const HeddleStep *step, const guint *live_ports, guint n_live, const char *name, JsonNode *value, JsonNode *sent)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *data = json_object_new ();
  JsonArray *live = json_array_new ();

  for (guint i = 0; i < n_live; i++)
    json_array_add_string_element (live, g_ptr_array_index (step->out_ports, live_ports[i]));
  json_object_set_member (data, name, value);
  json_object_set_array_member (data, "live", live);
  if (sent != NULL)
    json_object_set_member (data, "sent", json_node_ref (sent));
  json_node_take_object (node, data);
  return node;
}

/* A step whose time has come. */
typedef struct
{
  HeddleScopeRun *scope; /* borrowed: the source goes before it does */
  guint index;
} Alarm;

static GSource *
start_alarm (HeddleScopeRun *self, guint index, guint milliseconds, GSourceFunc func)
{
  GSource *source = g_timeout_source_new (milliseconds);
  Alarm *alarm = g_new (Alarm, 1);

  alarm->scope = self;
  alarm->index = index;
  g_source_set_static_name (source, "heddle-step-timer");
  g_source_set_callback (source, func, alarm, g_free);
  g_source_attach (source, self->scheduler->core->context);
  return source;
}

static gboolean
retry_cb (gpointer data)
{
  const Alarm *alarm = data;
  HeddleScopeRun *self = alarm->scope;

  g_clear_pointer (&self->steps[alarm->index].retry, g_source_unref);
  self->n_retrying--;
  heddle_scope_run_enqueue (self, alarm->index);
  heddle_scheduler_schedule_pump (self->scheduler);
  return G_SOURCE_REMOVE;
}

void
heddle_scope_run_wait_for_retry (HeddleScopeRun *self, guint index, guint delay)
{
  self->n_retrying++;
  self->steps[index].retry = start_alarm (self, index, delay, retry_cb);
}

static void
plan_retry (HeddleScopeRun *self, HeddleNodeRun *node_run, guint delay)
{
  HeddleEvent *event = heddle_node_run_new_event (node_run, HEDDLE_EVENT_NODE_RETRY);
  JsonObject *data = json_object_new ();

  json_object_set_int_member (data, "delay", delay);
  json_object_set_member (data, "error", heddle_error_to_json (node_run->error));
  event->data = heddle_json_object (data);
  heddle_scheduler_emit (self->scheduler, event);
  heddle_scope_run_wait_for_retry (self, node_run->step->index, delay);
}

/* The error as nodes get it: what it is, and where it happened. */
static JsonNode *
make_record (HeddleScopeRun *self, const HeddleStep *step, const GError *error)
{
  g_autoptr (JsonNode) described = heddle_error_to_json (error);
  JsonObject *record = json_object_new ();

  heddle_node_run_merge (record, described);
  json_object_set_member (record, "node", heddle_json_string (step->id));
  json_object_set_member (record, "title", heddle_json_string (step->title));
  json_object_set_int_member (record, "attempt", self->steps[step->index].attempt);
  return heddle_json_object (record);
}

static gboolean
is_connected (const HeddlePlan *plan, const HeddleStep *step, int port)
{
  for (guint i = 0; i < step->out_edges->len; i++)
    {
      if ((int) heddle_plan_get_edge ((HeddlePlan *) plan, g_array_index (step->out_edges, guint, i))->from_port == port)
        return TRUE;
    }
  return FALSE;
}

/* An error that nothing would take up fails the run rather than disappear. */
static HeddleOnError
get_mode (HeddleScopeRun *self, const HeddleStep *step, const GError *error)
{
  /* What a replay has no answer for is no failure that a workflow could know. */
  if (g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_REPLAY))
    return HEDDLE_ON_ERROR_FAIL;
  if (step->on_error == HEDDLE_ON_ERROR_ROUTE && (step->error_port < 0 || !is_connected (self->plan, step, step->error_port)))
    return HEDDLE_ON_ERROR_FAIL;
  return step->on_error;
}

static JsonNode *
resolve_fallback (HeddleScopeRun *self, const HeddleStep *step, GError **error)
{
  g_autoptr (HeddleNodeRun) node_run = heddle_node_run_new (self, step, self->steps[step->index].attempt);

  return heddle_step_resolve_fallback (step, &node_run->scope, error);
}

/* What stands for the result; NULL with error when that cannot be said either. */
static JsonNode *
make_output (HeddleScopeRun *self, const HeddleStep *step, HeddleOnError mode, JsonNode *record, GError **error)
{
  JsonObject *object;

  if (mode == HEDDLE_ON_ERROR_DEFAULT)
    return resolve_fallback (self, step, error);
  if (mode == HEDDLE_ON_ERROR_ROUTE)
    return heddle_json_null ();
  object = json_object_new ();
  json_object_set_member (object, "error", json_node_ref (record));
  return heddle_json_object (object);
}

static int
get_live_port (const HeddleStep *step, HeddleOnError mode)
{
  if (mode == HEDDLE_ON_ERROR_ROUTE)
    return step->error_port;
  return step->out_ports->len > 0 && step->error_port != 0 ? 0 : -1;
}

static void
emit_failed (HeddleScopeRun *self, const HeddleStep *step, const GError *error, int live_port, const char *handled, JsonNode *result)
{
  HeddleEvent *event = heddle_scope_run_new_event (self, HEDDLE_EVENT_NODE_FAILED, step->index);
  guint port = (guint) live_port;

  event->attempt = self->steps[step->index].attempt;
  event->data = heddle_scheduler_ended_data (step, &port, live_port >= 0, "error", heddle_error_to_json (error), NULL);
  if (handled != NULL)
    {
      json_object_set_string_member (json_node_get_object (event->data), "handled", handled);
      json_object_set_member (json_node_get_object (event->data), "result", json_node_ref (result));
    }
  json_node_seal (event->data);
  heddle_scheduler_emit (self->scheduler, event);
}

/* The run goes on; takes output. */
static void
go_on (HeddleScopeRun *self, const HeddleStep *step, const GError *error, HeddleOnError mode, JsonNode *output, JsonNode *record)
{
  JsonObject *result = json_object_new ();
  int live_port = get_live_port (step, mode);
  guint port = (guint) live_port;
  JsonNode *sealed;

  json_object_set_member (result, "output", output);
  json_object_set_member (result, "error", json_node_ref (record));
  sealed = heddle_json_object (result);
  emit_failed (self, step, error, live_port, step->policy->on_error, sealed);
  heddle_run_values_set_result (self->values, step->index, sealed, NULL);
  heddle_flow_resolve (self->values->flow, step->index, &port, live_port >= 0);
}

static JsonNode *
make_failure_record (HeddleScopeRun *self, const HeddleStep *step, JsonNode *record)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "error", json_node_ref (record));
  json_object_set_member (object, "node", heddle_json_string (step->id));
  json_object_set_member (object, "title", heddle_json_string (step->title));
  json_object_set_member (object, "run", heddle_json_string (heddle_run_get_id (self->scheduler->run)));
  return heddle_json_object (object);
}

/* Whether there is something that runs after a failure: the handler, or what waits for others to end in whatever way. */
static gboolean
fail_over (HeddleScopeRun *self, const HeddleStep *step, const GError *error, JsonNode *record, GArray *queued)
{
  if (!heddle_flow_fail_over (self->values->flow, self->handler, queued))
    return FALSE;
  self->is_handled = self->handler >= 0;
  self->handler = -1;
  self->failure = g_error_copy (error);
  self->failed_step = step->index;
  self->failure_record = make_failure_record (self, step, record);
  self->error_record = json_node_ref (record);
  heddle_scheduler_mark (self->scheduler, self);
  return TRUE;
}

/* What fails after a failure ends the scope at once; the first error is what is reported. */
static void
end_failed_twice (HeddleScopeRun *self, const GError *error)
{
  g_autofree char *note = g_strdup_printf (_ ("What ran after the failure failed too: %s"), error->message);

  heddle_scope_run_end_failed (self, self->failure, self->error_record, heddle_scope_run_get_step (self, self->failed_step)->id, note);
}

/* Steps that were ready and have not begun. */
static GArray *
list_queued (HeddleScopeRun *self)
{
  GArray *queued = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      if (self->steps[i].queued)
        g_array_append_val (queued, i);
    }
  return queued;
}

static void
fail (HeddleScopeRun *self, const HeddleStep *step, const GError *error, JsonNode *record)
{
  g_autofree char *reason = g_strdup_printf (_ ("Stopped, because “%s” failed."), step->title);
  g_autoptr (GArray) queued = NULL;

  emit_failed (self, step, error, -1, NULL, NULL);
  queued = list_queued (self);
  heddle_scope_run_stop (self, reason);
  if (self->failure != NULL)
    end_failed_twice (self, error);
  else if (!fail_over (self, step, error, record, queued))
    heddle_scope_run_end_failed (self, error, record, step->id, NULL);
}

/* No attempt is left. */
static void
settle (HeddleScopeRun *self, const HeddleStep *step, const GError *error)
{
  HeddleOnError mode = get_mode (self, step, error);
  g_autoptr (JsonNode) record = make_record (self, step, error);
  g_autoptr (GError) reason = NULL;
  JsonNode *output;

  heddle_scheduler_clear_source (&self->steps[step->index].timer);
  if (mode == HEDDLE_ON_ERROR_FAIL)
    {
      fail (self, step, error, record);
      return;
    }
  output = make_output (self, step, mode, record, &reason);
  if (output != NULL)
    go_on (self, step, error, mode, output, record);
  else
    fail (self, step, reason, record);
}

void
heddle_scope_run_take_failure (HeddleScopeRun *self, HeddleNodeRun *node_run)
{
  guint attempt = node_run->attempt - MIN (self->steps[node_run->step->index].n_lost, node_run->attempt - 1);
  guint delay;

  if (heddle_retry_is_due (node_run->step, node_run->params, node_run->error, attempt, self->scheduler->core->services.retry_base_ms, &delay))
    plan_retry (self, node_run, delay);
  else
    settle (self, node_run->step, node_run->error);
}

static GError *
new_timeout (const char *message, const char *hint)
{
  GError *error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT, message);

  heddle_error_set_hint (error, hint);
  return error;
}

static GError *
attempt_timeout_error (const HeddleStep *step)
{
  g_autofree char *message = g_strdup_printf (_ ("One attempt at “%s” took longer than %g seconds."), step->title, step->policy->attempt_timeout);

  return new_timeout (message, _ ("Raise the limit for one attempt in the node's error handling, or find out why it takes so long."));
}

static GError *
timeout_error (const HeddleStep *step)
{
  g_autofree char *message = g_strdup_printf (_ ("“%s” took longer than %g seconds in all."), step->title, step->policy->timeout);

  return new_timeout (message, _ ("Raise the limit for all attempts in the node's error handling, or find out why it takes so long."));
}

/* Ends the attempt under way with this error (taken); its sockets are closed before anything is told. */
static HeddleNodeRun *
break_off (HeddleScopeRun *self, guint index, GError *error)
{
  HeddleNodeRun *node_run = heddle_scope_run_take_attempt (self, index);

  heddle_node_run_detach (node_run);
  g_clear_error (&node_run->error);
  node_run->error = error;
  heddle_node_run_flush (node_run, self->scheduler);
  return node_run;
}

static gboolean
attempt_timeout_cb (gpointer data)
{
  const Alarm *alarm = data;
  g_autoptr (HeddleScopeRun) self = heddle_scope_run_ref (alarm->scope);
  g_autoptr (HeddleScheduler) alive = heddle_scheduler_ref (self->scheduler);
  guint index = alarm->index;
  g_autoptr (HeddleNodeRun) node_run = break_off (self, index, attempt_timeout_error (heddle_scope_run_get_step (self, index)));

  heddle_scope_run_take_failure (self, node_run);
  heddle_scheduler_mark (alive, self);
  return G_SOURCE_REMOVE;
}

static gboolean
timeout_cb (gpointer data)
{
  const Alarm *alarm = data;
  g_autoptr (HeddleScopeRun) self = heddle_scope_run_ref (alarm->scope);
  g_autoptr (HeddleScheduler) alive = heddle_scheduler_ref (self->scheduler);
  guint index = alarm->index;
  HeddleStepRun *step = &self->steps[index];
  g_autoptr (GError) error = timeout_error (heddle_scope_run_get_step (self, index));
  g_autoptr (HeddleNodeRun) node_run = NULL;

  g_clear_pointer (&step->timer, g_source_unref);
  if (step->run == NULL && step->retry == NULL)
    {
      step->expired = TRUE;
      return G_SOURCE_REMOVE;
    }
  if (step->run != NULL)
    node_run = break_off (self, index, g_error_copy (error));
  else
    self->n_retrying--;
  heddle_scheduler_clear_source (&step->retry);
  settle (self, heddle_scope_run_get_step (self, index), error);
  heddle_scheduler_mark (alive, self);
  return G_SOURCE_REMOVE;
}

void
heddle_scope_run_take_expiry (HeddleScopeRun *self, guint index)
{
  g_autoptr (GError) error = timeout_error (heddle_scope_run_get_step (self, index));

  settle (self, heddle_scope_run_get_step (self, index), error);
}

void
heddle_scope_run_take_old_failure (HeddleScopeRun *self, guint index)
{
  const HeddleStep *step = heddle_scope_run_get_step (self, index);
  const HeddlePastNode *node = heddle_past_find (self->scheduler->past, self->path, step->id);
  g_autoptr (GError) error = heddle_error_from_json (heddle_json_member (node->data, "error"));

  settle (self, step, error);
}

void
heddle_scope_run_start_timers (HeddleScopeRun *self, guint index)
{
  const HeddlePolicy *policy = heddle_scope_run_get_step (self, index)->policy;
  HeddleStepRun *step = &self->steps[index];

  if (policy == NULL)
    return;
  if (policy->attempt_timeout > 0)
    step->attempt_timer = start_alarm (self, index, (guint) (policy->attempt_timeout * 1000), attempt_timeout_cb);
  if (policy->timeout > 0 && step->timer == NULL)
    step->timer = start_alarm (self, index, (guint) (policy->timeout * 1000), timeout_cb);
}

gboolean
heddle_scope_run_drop_handler (HeddleScopeRun *self)
{
  if (self->handler < 0)
    return FALSE;
  heddle_flow_skip (self->values->flow, (guint) self->handler);
  self->handler = -1;
  heddle_scheduler_mark (self->scheduler, self);
  return TRUE;
}

void
heddle_scheduler_finish_handled (HeddleScheduler *self)
{
  HeddleScopeRun *root = self->root;
  const HeddleStep *failed = heddle_scope_run_get_step (root, root->failed_step);
  g_autofree char *note = NULL;
  g_autoptr (JsonNode) output = NULL;
  const char *unused;

  if (!root->is_handled || !heddle_run_values_reached_output (root->values))
    {
      heddle_scheduler_finish (self, HEDDLE_RUN_FAILED, NULL, root->failure, failed->id, root->is_handled ? _ ("The error handler ran.") : NULL);
      return;
    }
  output = heddle_run_values_dup_output (root->values, &unused);
  note = g_strdup_printf (_ ("“%s” failed; the error handler gave this result."), failed->title);
  heddle_scheduler_finish (self, HEDDLE_RUN_OK, output, NULL, failed->id, note);
}
