/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include "heddle-error.h"
#include "run/heddle-retry.h"
#include "value/heddle-json.h"

/* What becomes of a step that fails: another attempt, what its policy says, the workflow's handler, or the end of the run. */

JsonNode *
heddle_scheduler_ended_data (const HeddleStep *step, int live_port, const char *name, JsonNode *value)
{
  JsonObject *data = json_object_new ();
  JsonArray *live = json_array_new ();

  if (live_port >= 0)
    json_array_add_string_element (live, g_ptr_array_index (step->out_ports, live_port));
  json_object_set_member (data, name, value);
  json_object_set_array_member (data, "live", live);
  return heddle_json_object (data);
}

/* A step whose time has come. */
typedef struct
{
  HeddleScheduler *scheduler; /* borrowed: the source goes before it does */
  guint index;
} Alarm;

static GSource *
start_alarm (HeddleScheduler *self, guint index, guint milliseconds, GSourceFunc func)
{
  GSource *source = g_timeout_source_new (milliseconds);
  Alarm *alarm = g_new (Alarm, 1);

  alarm->scheduler = self;
  alarm->index = index;
  g_source_set_static_name (source, "heddle-step-timer");
  g_source_set_callback (source, func, alarm, g_free);
  g_source_attach (source, self->core->context);
  return source;
}

static gboolean
retry_cb (gpointer data)
{
  const Alarm *alarm = data;
  HeddleScheduler *self = alarm->scheduler;

  g_clear_pointer (&self->steps[alarm->index].retry, g_source_unref);
  self->n_retrying--;
  heddle_scheduler_enqueue (self, alarm->index);
  heddle_scheduler_schedule_pump (self);
  return G_SOURCE_REMOVE;
}

static void
plan_retry (HeddleScheduler *self, HeddleNodeRun *node_run, guint delay)
{
  HeddleEvent *event = heddle_node_run_new_event (node_run, HEDDLE_EVENT_NODE_RETRY);
  JsonObject *data = json_object_new ();

  json_object_set_int_member (data, "delay", delay);
  json_object_set_member (data, "error", heddle_error_to_json (node_run->error));
  event->data = heddle_json_object (data);
  heddle_scheduler_emit (self, event);
  self->n_retrying++;
  self->steps[node_run->step->index].retry = start_alarm (self, node_run->step->index, delay, retry_cb);
}

/* The error as nodes get it: what it is, and where it happened. */
static JsonNode *
make_record (HeddleScheduler *self, const HeddleStep *step, const GError *error)
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
get_mode (HeddleScheduler *self, const HeddleStep *step)
{
  if (step->on_error == HEDDLE_ON_ERROR_ROUTE && (step->error_port < 0 || !is_connected (self->plan, step, step->error_port)))
    return HEDDLE_ON_ERROR_FAIL;
  return step->on_error;
}

static JsonNode *
resolve_fallback (HeddleScheduler *self, const HeddleStep *step, GError **error)
{
  g_autoptr (HeddleNodeRun) node_run = heddle_node_run_new (self, self->core, self->run, step, self->steps[step->index].attempt);

  return heddle_step_resolve_fallback (step, &node_run->scope, error);
}

/* What stands for the result; NULL with error when that cannot be said either. */
static JsonNode *
make_output (HeddleScheduler *self, const HeddleStep *step, HeddleOnError mode, JsonNode *record, GError **error)
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
emit_failed (HeddleScheduler *self, const HeddleStep *step, const GError *error, int live_port, const char *handled, JsonNode *result)
{
  HeddleEvent *event = heddle_event_new (HEDDLE_EVENT_NODE_FAILED, step->id);

  event->attempt = self->steps[step->index].attempt;
  event->data = heddle_scheduler_ended_data (step, live_port, "error", heddle_error_to_json (error));
  if (handled != NULL)
    {
      JsonObject *data = json_object_new ();

      heddle_node_run_merge (data, event->data);
      json_object_set_string_member (data, "handled", handled);
      json_object_set_member (data, "result", json_node_ref (result));
      json_node_unref (event->data);
      event->data = heddle_json_object (data);
    }
  heddle_scheduler_emit (self, event);
}

/* The run goes on; takes output. */
static void
go_on (HeddleScheduler *self, const HeddleStep *step, const GError *error, HeddleOnError mode, JsonNode *output, JsonNode *record)
{
  JsonObject *result = json_object_new ();
  int live_port = get_live_port (step, mode);
  JsonNode *sealed;

  json_object_set_member (result, "output", output);
  json_object_set_member (result, "error", json_node_ref (record));
  sealed = heddle_json_object (result);
  emit_failed (self, step, error, live_port, step->policy->on_error, sealed);
  heddle_run_values_set_result (self->values, step->index, sealed);
  heddle_flow_resolve (self->values->flow, step->index, live_port);
}

static JsonNode *
make_failure_record (HeddleScheduler *self, const HeddleStep *step, JsonNode *record)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "error", json_node_ref (record));
  json_object_set_member (object, "node", heddle_json_string (step->id));
  json_object_set_member (object, "title", heddle_json_string (step->title));
  json_object_set_member (object, "run", heddle_json_string (heddle_run_get_id (self->run)));
  return heddle_json_object (object);
}

/* Whether there is something that runs after a failure: the handler, or what waits for others to end in whatever way. */
static gboolean
fail_over (HeddleScheduler *self, const HeddleStep *step, const GError *error, JsonNode *record, GArray *queued)
{
  if (!heddle_flow_fail_over (self->values->flow, self->handler, queued))
    return FALSE;
  self->is_handled = self->handler >= 0;
  self->handler = -1;
  self->failure = g_error_copy (error);
  self->failed_step = step->index;
  self->failure_record = make_failure_record (self, step, record);
  heddle_scheduler_schedule_pump (self);
  return TRUE;
}

/* What fails after a failure ends the run at once; the first error is what is reported. */
static void
finish_failed_twice (HeddleScheduler *self, const GError *error)
{
  g_autofree char *note = g_strdup_printf (_ ("What ran after the failure failed too: %s"), error->message);

  heddle_scheduler_finish (self, HEDDLE_RUN_FAILED, NULL, self->failure, heddle_plan_get_step (self->plan, self->failed_step)->id, note);
}

static GArray *
take_queue (HeddleScheduler *self)
{
  GArray *queued = g_array_new (FALSE, FALSE, sizeof (guint));

  while (!heddle_index_queue_is_empty (&self->ready))
    {
      guint index = (guint) heddle_index_queue_pop (&self->ready);

      g_array_append_val (queued, index);
    }
  return queued;
}

static void
fail (HeddleScheduler *self, const HeddleStep *step, const GError *error, JsonNode *record)
{
  g_autofree char *reason = g_strdup_printf (_ ("Stopped, because “%s” failed."), step->title);
  g_autoptr (GArray) queued = NULL;

  emit_failed (self, step, error, -1, NULL, NULL);
  queued = take_queue (self);
  heddle_scheduler_stop_all (self, reason);
  if (self->failure != NULL)
    finish_failed_twice (self, error);
  else if (!fail_over (self, step, error, record, queued))
    heddle_scheduler_finish (self, HEDDLE_RUN_FAILED, NULL, error, step->id, NULL);
}

/* No attempt is left. */
static void
settle (HeddleScheduler *self, const HeddleStep *step, const GError *error)
{
  HeddleOnError mode = get_mode (self, step);
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
heddle_scheduler_take_failure (HeddleScheduler *self, HeddleNodeRun *node_run)
{
  guint delay;

  if (heddle_retry_is_due (node_run->step, node_run->params, node_run->error, node_run->attempt, self->core->services.retry_base_ms, &delay))
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
break_off (HeddleScheduler *self, guint index, GError *error)
{
  HeddleStepRun *step = &self->steps[index];
  HeddleNodeRun *node_run = g_steal_pointer (&step->run);

  heddle_scheduler_clear_source (&step->attempt_timer);
  self->n_running--;
  heddle_node_run_detach (node_run);
  g_clear_error (&node_run->error);
  node_run->error = error;
  heddle_node_run_flush (node_run, self);
  return node_run;
}

static gboolean
attempt_timeout_cb (gpointer data)
{
  const Alarm *alarm = data;
  g_autoptr (HeddleScheduler) self = heddle_scheduler_ref (alarm->scheduler);
  guint index = alarm->index;
  g_autoptr (HeddleNodeRun) node_run = break_off (self, index, attempt_timeout_error (heddle_plan_get_step (self->plan, index)));

  heddle_scheduler_take_failure (self, node_run);
  heddle_scheduler_schedule_pump (self);
  return G_SOURCE_REMOVE;
}

static gboolean
timeout_cb (gpointer data)
{
  const Alarm *alarm = data;
  g_autoptr (HeddleScheduler) self = heddle_scheduler_ref (alarm->scheduler);
  guint index = alarm->index;
  HeddleStepRun *step = &self->steps[index];
  g_autoptr (GError) error = timeout_error (heddle_plan_get_step (self->plan, index));
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
  settle (self, heddle_plan_get_step (self->plan, index), error);
  heddle_scheduler_schedule_pump (self);
  return G_SOURCE_REMOVE;
}

void
heddle_scheduler_take_expiry (HeddleScheduler *self, guint index)
{
  g_autoptr (GError) error = timeout_error (heddle_plan_get_step (self->plan, index));

  settle (self, heddle_plan_get_step (self->plan, index), error);
}

void
heddle_scheduler_start_timers (HeddleScheduler *self, guint index)
{
  const HeddlePolicy *policy = heddle_plan_get_step (self->plan, index)->policy;
  HeddleStepRun *step = &self->steps[index];

  if (policy == NULL)
    return;
  if (policy->attempt_timeout > 0)
    step->attempt_timer = start_alarm (self, index, (guint) (policy->attempt_timeout * 1000), attempt_timeout_cb);
  if (policy->timeout > 0 && step->attempt == 1)
    step->timer = start_alarm (self, index, (guint) (policy->timeout * 1000), timeout_cb);
}

gboolean
heddle_scheduler_drop_handler (HeddleScheduler *self)
{
  if (self->handler < 0)
    return FALSE;
  heddle_flow_skip (self->values->flow, (guint) self->handler);
  self->handler = -1;
  heddle_scheduler_schedule_pump (self);
  return TRUE;
}

void
heddle_scheduler_finish_handled (HeddleScheduler *self)
{
  const HeddleStep *failed = heddle_plan_get_step (self->plan, self->failed_step);
  g_autofree char *note = NULL;
  g_autoptr (JsonNode) output = NULL;
  const char *unused;

  if (!self->is_handled || !heddle_run_values_reached_output (self->values))
    {
      heddle_scheduler_finish (self, HEDDLE_RUN_FAILED, NULL, self->failure, failed->id, self->is_handled ? _ ("The error handler ran.") : NULL);
      return;
    }
  output = heddle_run_values_dup_output (self->values, &unused);
  note = g_strdup_printf (_ ("“%s” failed; the error handler gave this result."), failed->title);
  heddle_scheduler_finish (self, HEDDLE_RUN_OK, output, NULL, failed->id, note);
}
