/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-scheduler-private.h"

#include "heddle-error.h"
#include "run/heddle-in-doubt.h"
#include "run/heddle-intent.h"
#include "run/heddle-run-private.h"
#include "run/heddle-step-source.h"
#include "value/heddle-json.h"

#include <string.h>

/* How much streamed text may be lost to a crash. */
#define PARTIAL_INTERVAL (2 * G_USEC_PER_SEC)
#define PARTIAL_BYTES (64 * 1024)

/* $run, with the key that is this node's own. */
static JsonNode *
get_run_info (HeddleNodeRun *self)
{
  const char *key = heddle_node_run_get_idempotency_key (self);
  JsonObject *info;

  if (self->run_info != NULL)
    return self->run_info;
  info = json_object_new ();
  heddle_node_run_merge (info, heddle_run_values_lookup (self->scope_run->values, "run", NULL));
  json_object_set_string_member (info, "idempotency_key", key);
  json_object_set_string_member (info, "idempotencyKey", key);
  self->run_info = heddle_json_object (info);
  return self->run_info;
}

static JsonNode *
lookup (const char *root, gpointer data)
{
  HeddleNodeRun *self = data;

  if (self->caller != NULL && strcmp (root, "args") == 0)
    return self->args;
  if (strcmp (root, "run") == 0 && self->scheduler != NULL)
    return get_run_info (self);
  return self->scheduler != NULL ? heddle_run_values_lookup (self->scope_run->values, root, self->arriving) : NULL;
}

static char **
list_roots (gpointer data)
{
  HeddleNodeRun *self = data;

  return self->scheduler != NULL ? heddle_run_values_list_roots (self->scope_run->values) : NULL;
}

/* All expressions of an attempt see the same moment. */
static gint64
get_now (gpointer data)
{
  HeddleNodeRun *self = data;

  if (self->now == 0)
    self->now = heddle_effects_get_time (self);
  return self->now;
}

/* What arrives at the first port; at a node that nothing leads to, it is the input of the run, or of the body. */
static JsonNode *
find_arriving (HeddleNodeRun *self)
{
  HeddleRunValues *values = self->scope_run->values;

  for (guint i = 0; i < self->step->in_ports->len; i++)
    {
      if (self->inputs[i] != NULL)
        return json_node_ref (self->inputs[i]);
    }
  if (self->step->in_edges->len == 0 && values->view != NULL)
    return json_node_ref (heddle_json_member (values->view, "output"));
  if (self->step->in_edges->len == 0 && self->scope_run->entry_inputs == NULL)
    return json_node_ref (heddle_run_values_get_root (values)->input);
  return json_node_ref (values->null);
}

static HeddleNodeRun *
create (HeddleScopeRun *scope, const HeddleStep *step, guint attempt)
{
  HeddleNodeRun *self = g_atomic_rc_box_new0 (HeddleNodeRun);

  self->scheduler = scope->scheduler;
  self->scope_run = scope;
  self->core = heddle_engine_core_ref (scope->scheduler->core);
  self->run = g_object_ref (scope->scheduler->run);
  self->step = step;
  self->attempt = attempt;
  self->cancellable = g_cancellable_new ();
  self->scope_path = scope->path != NULL ? g_ref_string_acquire (scope->path) : NULL;
  self->scope = (HeddleScope){ .lookup = lookup, .list_roots = list_roots, .get_now = get_now, .data = self };
  self->inputs = g_new0 (JsonNode *, step->in_ports->len);
  return self;
}

/* The entry of a circle is given what the circle was, or what went around. */
static JsonNode *
find_input (HeddleScopeRun *scope, const HeddleStep *step, guint port)
{
  if (scope->entry_inputs == NULL || (int) step->index != heddle_plan_get_entry (scope->plan))
    return heddle_run_values_join_input (scope->values, step->index, port);
  return scope->entry_inputs[port] != NULL ? json_node_ref (scope->entry_inputs[port]) : NULL;
}

HeddleNodeRun *
heddle_node_run_new (HeddleScopeRun *scope, const HeddleStep *step, guint attempt)
{
  HeddleNodeRun *self = create (scope, step, attempt);

  for (guint i = 0; i < step->in_ports->len; i++)
    self->inputs[i] = find_input (scope, step, i);
  self->arriving = find_arriving (self);
  return self;
}

JsonNode *
heddle_node_run_dup_arriving (HeddleScopeRun *scope, const HeddleStep *step)
{
  g_autoptr (HeddleNodeRun) probe = heddle_node_run_new (scope, step, 0);

  probe->scheduler = NULL;
  return json_node_ref (probe->arriving);
}

/* A single argument is the input; of several it is the object. */
static JsonNode *
choose_input (HeddleNodeRun *self, JsonNode *arguments)
{
  JsonObject *properties = heddle_json_get_object (heddle_json_member (self->step->tool, "parameters"), "properties");
  g_autoptr (GList) names = properties != NULL ? json_object_get_members (properties) : NULL;
  JsonNode *only = names != NULL && names->next == NULL ? heddle_json_member (arguments, names->data) : arguments;

  return only != NULL ? json_node_ref (only) : heddle_json_null ();
}

HeddleNodeRun *
heddle_node_run_new_call (HeddleNodeRun *caller, const HeddleStepCall *call)
{
  HeddleNodeRun *self = create (caller->scope_run, call->step, 1);

  self->caller = heddle_node_run_ref (caller);
  self->call_index = call->index;
  self->base = call->span;
  self->is_listing = call->arguments == NULL;
  self->transcript = call->transcript != NULL ? json_node_ref (call->transcript) : NULL;
  self->args = call->arguments != NULL ? json_node_ref (call->arguments) : heddle_json_object (json_object_new ());
  self->arriving = self->is_listing ? json_node_ref (caller->arriving) : choose_input (self, self->args);
  if (call->step->in_ports->len > 0)
    self->inputs[0] = json_node_ref (self->arriving);
  return self;
}

HeddleNodeRun *
heddle_node_run_get_root (HeddleNodeRun *self)
{
  while (self->caller != NULL)
    self = self->caller;
  return self;
}

HeddleNodeRun *
heddle_node_run_ref (HeddleNodeRun *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleNodeRun *self = data;

  g_assert (self->task == NULL && self->call == NULL);

  heddle_node_run_set_data (self, NULL, NULL);
  for (guint i = 0; i < self->step->in_ports->len; i++)
    g_clear_pointer (&self->inputs[i], json_node_unref);
  g_free (self->inputs);
  heddle_params_free (self->step->type, self->loaded);
  g_clear_pointer (&self->arriving, json_node_unref);
  g_clear_pointer (&self->params, json_node_unref);
  g_clear_pointer (&self->output, json_node_unref);
  g_clear_pointer (&self->results, json_object_unref);
  g_clear_pointer (&self->spans, g_array_unref);
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  g_clear_pointer (&self->args, json_node_unref);
  g_clear_pointer (&self->transcript, json_node_unref);
  g_clear_pointer (&self->tools, g_ptr_array_unref);
  g_clear_pointer (&self->bodies, g_ptr_array_unref);
  g_clear_pointer (&self->progress, heddle_progress_free);
  g_clear_pointer (&self->sent, json_node_unref);
  g_clear_pointer (&self->vars, json_object_unref);
  g_clear_pointer (&self->source, json_node_unref);
  g_free (self->cache_key);
  g_clear_error (&self->error);
  g_clear_pointer (&self->scope_path, g_ref_string_release);
  g_clear_pointer (&self->key, g_free);
  g_free (self->skip_reason);
  g_clear_pointer (&self->run_info, json_node_unref);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_object_unref (self->cancellable);
  g_object_unref (self->run);
  heddle_engine_core_unref (self->core);
  g_clear_pointer (&self->caller, heddle_node_run_unref);
}

void
heddle_node_run_unref (HeddleNodeRun *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

HeddleEvent *
heddle_node_run_new_event (HeddleNodeRun *self, HeddleEventKind kind)
{
  HeddleEvent *event = heddle_event_new (kind, self->step->id);
  GRefString *path = self->scope_run->path;

  event->scope = path != NULL ? g_ref_string_acquire (path) : NULL;
  event->attempt = self->attempt;
  return event;
}

JsonObject *
heddle_node_run_inputs_to_json (HeddleNodeRun *self)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < self->step->in_ports->len; i++)
    {
      if (self->inputs[i] != NULL)
        json_object_set_member (object, g_ptr_array_index (self->step->in_ports, i), json_node_ref (self->inputs[i]));
    }
  return object;
}

static void
emit_started (HeddleNodeRun *self)
{
  HeddleEvent *event = heddle_node_run_new_event (self, HEDDLE_EVENT_NODE_STARTED);
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "title", self->step->title);
  json_object_set_string_member (data, "type", self->step->type->id);
  if (self->params != NULL)
    json_object_set_member (data, "params", json_node_ref (self->params));
  json_object_set_object_member (data, "inputs", heddle_node_run_inputs_to_json (self));
  event->data = heddle_json_object (data);
  heddle_scheduler_emit (self->scheduler, event);
}

/* An expression that fails often asks a node on a way that was not taken. */
static void
explain (HeddleNodeRun *self, GError *error)
{
  HeddleRunValues *values = self->scope_run->values;

  for (guint i = 0; i < self->step->reads->len; i++)
    {
      const HeddleStep *source = heddle_plan_get_step (values->plan, g_array_index (self->step->reads, guint, i));
      g_autofree char *hint = NULL;

      if (values->results[source->index] != NULL)
        continue;
      hint = g_strdup_printf (_ ("“%s” has no result in this run. Write $%s?.output where it may be skipped."), source->title, source->id);
      heddle_error_set_hint (error, hint);
      return;
    }
}

static gboolean
prepare (HeddleNodeRun *self, GError **error)
{
  g_autoptr (GError) reason = NULL;

  self->params = heddle_step_resolve (self->step, &self->scope, &reason);
  if (self->params == NULL)
    {
      explain (self, reason);
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  self->loaded = heddle_params_load (self->step->type, json_node_get_object (self->params), error);
  return self->loaded != NULL;
}

/* The deferred end of an attempt. */
static void
ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  HeddleNodeRun *self = user_data;

  g_clear_object (&self->task);
  if (self->caller != NULL)
    heddle_node_run_end_call (self);
  else if (self->scheduler != NULL)
    heddle_scheduler_node_ended (self->scheduler, self);
  heddle_node_run_unref (self);
}

void
heddle_node_run_run_type (HeddleNodeRun *self)
{
  if (self->is_listing)
    self->step->type->list_tools (self, self->loaded);
  else if (self->step->max_rounds > 0)
    heddle_rounds_run (self);
  else
    heddle_intent_run (self);
}

void
heddle_node_run_go_on (HeddleNodeRun *self)
{
  if (!heddle_step_source_look_up (self))
    heddle_node_run_run_type (self);
}

void
heddle_node_run_start (HeddleNodeRun *self)
{
  GError *error = NULL;
  gboolean prepared = prepare (self, &error);

  if (self->caller == NULL)
    emit_started (self);
  if (!prepared)
    {
      heddle_node_run_fail (self, error);
      return;
    }
  if (!heddle_in_doubt_take (self))
    heddle_node_run_go_on (self);
  if (self->ended || self->scheduler == NULL)
    return;
  self->task = g_task_new (NULL, self->cancellable, ended_cb, heddle_node_run_ref (self));
  g_task_set_source_tag (self->task, heddle_node_run_start);
  g_task_set_check_cancellable (self->task, FALSE);
}

void
heddle_node_run_detach (HeddleNodeRun *self)
{
  g_autoptr (GPtrArray) calls = g_steal_pointer (&self->calls);

  self->scheduler = NULL;
  for (guint i = 0; calls != NULL && i < calls->len; i++)
    heddle_node_run_detach (g_ptr_array_index (calls, i));
  heddle_node_run_detach_bodies (self);
  g_cancellable_cancel (self->cancellable);
  if (self->task != NULL && !self->ended)
    g_task_return_boolean (self->task, FALSE);
}

static void
emit_text (HeddleNodeRun *self, HeddleScheduler *scheduler)
{
  HeddleEvent *event = heddle_node_run_new_event (self, HEDDLE_EVENT_NODE_PARTIAL);

  event->text = g_strndup (self->text->str, self->text->len);
  self->text_stored = self->text->len;
  self->text_stored_at = g_get_monotonic_time ();
  heddle_scheduler_emit (scheduler, event);
}

void
heddle_node_run_flush (HeddleNodeRun *self, HeddleScheduler *scheduler)
{
  if (self->bodies != NULL)
    heddle_node_run_tell_bodies_stopped (self, self->error != NULL ? self->error->message : NULL);
  if (self->text != NULL && self->text->len > self->text_stored && (self->error != NULL || !self->ended))
    emit_text (self, scheduler);
  heddle_node_run_close_spans (self, scheduler, self->error);
  heddle_effects_end_attempt (heddle_run_get_effects (self->run), self, scheduler);
}

GArray *
heddle_node_run_list_live (HeddleNodeRun *self)
{
  GArray *live = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->step->out_ports->len; i++)
    {
      gboolean is_live = self->sent != NULL ? heddle_json_member (self->sent, g_ptr_array_index (self->step->out_ports, i)) != NULL : (int) i == self->live_port;

      if (is_live)
        g_array_append_val (live, i);
    }
  return live;
}

void
heddle_node_run_describe_end (HeddleNodeRun *self, JsonObject *data)
{
  if (self->vars != NULL)
    json_object_set_object_member (data, "vars", g_steal_pointer (&self->vars));
  if (self->limited)
    json_object_set_boolean_member (data, "limit", TRUE);
  if (self->source != NULL)
    json_object_set_member (data, "source", json_node_ref (self->source));
}

JsonNode *
heddle_node_run_take_result (HeddleNodeRun *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "output", g_steal_pointer (&self->output));
  if (self->results != NULL)
    {
      g_autoptr (JsonNode) rest = heddle_json_object (g_steal_pointer (&self->results));

      heddle_node_run_merge (object, rest);
    }
  return heddle_json_object (object);
}

void
heddle_node_run_merge (JsonObject *target, JsonNode *attributes)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (attributes == NULL || !JSON_NODE_HOLDS_OBJECT (attributes))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (attributes));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    heddle_json_set_member (target, name, json_node_ref (value));
}

int
heddle_node_run_find_port (GPtrArray *ports, const char *name)
{
  for (guint i = 0; i < ports->len; i++)
    {
      if (strcmp (g_ptr_array_index (ports, i), name) == 0)
        return i;
    }
  return -1;
}

void
heddle_node_run_delta (HeddleNodeRun *self, const char *text)
{
  HeddleEvent *event;

  g_return_if_fail (self != NULL && text != NULL);

  if (self->scheduler == NULL || self->ended || *text == '\0')
    return;
  if (self->caller != NULL)
    {
      /* A tool's text is nobody's, unless it speaks for its caller. */
      if (self->transcript != NULL)
        heddle_node_run_delta (self->caller, text);
      return;
    }
  if (self->text == NULL)
    {
      self->text = g_string_new (NULL);
      self->text_stored_at = g_get_monotonic_time ();
    }
  g_string_append (self->text, text);
  event = heddle_node_run_new_event (self, HEDDLE_EVENT_NODE_DELTA);
  event->text = g_strdup (text);
  heddle_scheduler_emit (self->scheduler, event);
  if (self->text->len - self->text_stored >= PARTIAL_BYTES || g_get_monotonic_time () - self->text_stored_at >= PARTIAL_INTERVAL)
    emit_text (self, self->scheduler);
}

void
heddle_node_run_reset_text (HeddleNodeRun *self)
{
  g_return_if_fail (self != NULL);

  if (self->caller != NULL && self->transcript != NULL && self->scheduler != NULL)
    heddle_node_run_reset_text (self->caller);
  if (self->scheduler == NULL || self->ended || self->text == NULL || self->text->len == 0)
    return;
  g_string_truncate (self->text, 0);
  emit_text (self, self->scheduler);
}

void
heddle_node_run_set_result (HeddleNodeRun *self, const char *key, JsonNode *value)
{
  g_return_if_fail (self != NULL && key != NULL && value != NULL);

  if (self->results == NULL)
    self->results = json_object_new ();
  json_object_set_member (self->results, key, value);
}

/* Whether this is the end of the attempt; a report after a cancel is not, a second one is a mistake of the node type. */
static gboolean
begin_end (HeddleNodeRun *self)
{
  if (self->scheduler == NULL)
    return FALSE;
  g_return_val_if_fail (!self->ended, FALSE);
  self->ended = TRUE;
  return TRUE;
}

static void
finish_end (HeddleNodeRun *self)
{
  if (self->task != NULL)
    g_task_return_boolean (self->task, TRUE);
}

static void
complete (HeddleNodeRun *self, int live_port, JsonNode *output)
{
  if (!begin_end (self))
    {
      json_node_unref (output);
      return;
    }
  json_node_seal (output);
  self->output = output;
  self->live_port = live_port;
  finish_end (self);
}

void
heddle_node_run_complete (HeddleNodeRun *self, JsonNode *output)
{
  g_return_if_fail (self != NULL && output != NULL);

  complete (self, self->step->out_ports->len > 0 ? 0 : -1, output);
}

void
heddle_node_run_complete_sent (HeddleNodeRun *self, JsonNode *sent, JsonNode *output)
{
  g_clear_pointer (&self->sent, json_node_unref);
  self->sent = sent;
  complete (self, -1, output);
}

void
heddle_node_run_complete_port (HeddleNodeRun *self, const char *port, JsonNode *output)
{
  int index;

  g_return_if_fail (self != NULL && port != NULL && output != NULL);

  index = heddle_node_run_find_port (self->step->out_ports, port);
  g_return_if_fail (index >= 0);
  complete (self, index, output);
}

void
heddle_node_run_fail (HeddleNodeRun *self, GError *error)
{
  g_return_if_fail (self != NULL && error != NULL);

  if (!begin_end (self))
    {
      g_error_free (error);
      return;
    }
  self->live_port = -1;
  self->error = error;
  finish_end (self);
}

void
heddle_node_run_skip (HeddleNodeRun *self, const char *reason)
{
  if (!begin_end (self))
    return;
  self->live_port = -1;
  self->skip_reason = g_strdup (reason);
  finish_end (self);
}

void
heddle_node_run_complete_tools (HeddleNodeRun *self, GPtrArray *tools)
{
  g_return_if_fail (self != NULL && tools != NULL);

  if (!begin_end (self))
    {
      g_ptr_array_unref (tools);
      return;
    }
  self->tools = tools;
  finish_end (self);
}
