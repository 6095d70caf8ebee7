/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-run-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <string.h>

/* How much streamed text may be lost to a crash. */
#define PARTIAL_INTERVAL (2 * G_USEC_PER_SEC)
#define PARTIAL_BYTES (64 * 1024)

static JsonNode *
lookup (const char *root, gpointer data)
{
  HeddleNodeRun *self = data;

  return self->scheduler != NULL ? heddle_run_values_lookup (heddle_scheduler_get_values (self->scheduler), root, self->arriving) : NULL;
}

static char **
list_roots (gpointer data)
{
  HeddleNodeRun *self = data;

  return self->scheduler != NULL ? heddle_run_values_list_roots (heddle_scheduler_get_values (self->scheduler)) : NULL;
}

/* What arrives at the first port; at a node that nothing leads to, it is the run's input. */
static JsonNode *
find_arriving (HeddleNodeRun *self, HeddleRunValues *values)
{
  if (self->step->in_edges->len == 0)
    return json_node_ref (values->input);
  for (guint i = 0; i < self->step->in_ports->len; i++)
    {
      if (self->inputs[i] != NULL)
        return json_node_ref (self->inputs[i]);
    }
  return json_node_ref (values->null);
}

HeddleNodeRun *
heddle_node_run_new (HeddleScheduler *scheduler, HeddleEngineCore *core, HeddleRun *run, const HeddleStep *step, guint attempt)
{
  HeddleNodeRun *self = g_atomic_rc_box_new0 (HeddleNodeRun);
  HeddleRunValues *values = heddle_scheduler_get_values (scheduler);

  self->scheduler = scheduler;
  self->core = heddle_engine_core_ref (core);
  self->run = g_object_ref (run);
  self->step = step;
  self->attempt = attempt;
  self->cancellable = g_cancellable_new ();
  self->scope = (HeddleScope){ .lookup = lookup, .list_roots = list_roots, .data = self };
  self->inputs = g_new0 (JsonNode *, step->in_ports->len);
  for (guint i = 0; i < step->in_ports->len; i++)
    self->inputs[i] = heddle_run_values_join_input (values, step->index, i);
  self->arriving = find_arriving (self, values);
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

  g_assert (self->task == NULL);

  for (guint i = 0; i < self->step->in_ports->len; i++)
    g_clear_pointer (&self->inputs[i], json_node_unref);
  g_free (self->inputs);
  heddle_params_free (self->step->type, self->loaded);
  g_clear_pointer (&self->arriving, json_node_unref);
  g_clear_pointer (&self->params, json_node_unref);
  g_clear_pointer (&self->output, json_node_unref);
  g_clear_pointer (&self->results, json_object_unref);
  g_clear_pointer (&self->spans, g_array_unref);
  g_clear_error (&self->error);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_object_unref (self->cancellable);
  g_object_unref (self->run);
  heddle_engine_core_unref (self->core);
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

  event->attempt = self->attempt;
  return event;
}

static JsonObject *
inputs_to_json (HeddleNodeRun *self)
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
  json_object_set_object_member (data, "inputs", inputs_to_json (self));
  event->data = heddle_json_object (data);
  heddle_scheduler_emit (self->scheduler, event);
}

/* An expression that fails often asks a node on a way that was not taken. */
static void
explain (HeddleNodeRun *self, GError *error)
{
  HeddleRunValues *values = heddle_scheduler_get_values (self->scheduler);

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
  JsonObject *values = heddle_step_resolve (self->step, &self->scope, &reason);

  if (values == NULL)
    {
      explain (self, reason);
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  self->params = heddle_json_object (values);
  self->loaded = heddle_params_load (self->step->type, values, error);
  return self->loaded != NULL;
}

/* The deferred end of an attempt. */
static void
ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  HeddleNodeRun *self = user_data;

  g_clear_object (&self->task);
  if (self->scheduler != NULL)
    heddle_scheduler_node_ended (self->scheduler, self);
  heddle_node_run_unref (self);
}

void
heddle_node_run_start (HeddleNodeRun *self)
{
  GError *error = NULL;
  gboolean prepared = prepare (self, &error);

  emit_started (self);
  if (!prepared)
    {
      heddle_node_run_fail (self, error);
      return;
    }
  self->step->type->run (self, self->loaded);
  if (self->ended || self->scheduler == NULL)
    return;
  self->task = g_task_new (NULL, self->cancellable, ended_cb, heddle_node_run_ref (self));
  g_task_set_source_tag (self->task, heddle_node_run_start);
  g_task_set_check_cancellable (self->task, FALSE);
}

void
heddle_node_run_detach (HeddleNodeRun *self)
{
  self->scheduler = NULL;
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
  if (self->text != NULL && self->text->len > self->text_stored && (self->error != NULL || !self->ended))
    emit_text (self, scheduler);
  heddle_node_run_close_spans (self, scheduler, self->error);
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
    json_object_set_member (target, name, json_node_ref (value));
}

const char *
heddle_node_run_get_node_id (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->step->id;
}

const char *
heddle_node_run_get_workflow_id (HeddleNodeRun *self)
{
  const char *id;

  g_return_val_if_fail (self != NULL, NULL);

  id = heddle_plan_get_workflow_id (heddle_run_get_plan (self->run));
  return id != NULL ? id : "";
}

const char *
heddle_node_run_get_workflow_name (HeddleNodeRun *self)
{
  const char *name;

  g_return_val_if_fail (self != NULL, NULL);

  name = heddle_plan_get_name (heddle_run_get_plan (self->run));
  return name != NULL ? name : "";
}

const char *
heddle_node_run_get_run_id (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return heddle_run_get_id (self->run);
}

guint
heddle_node_run_get_attempt (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->attempt;
}

static int
find_port (GPtrArray *ports, const char *name)
{
  for (guint i = 0; i < ports->len; i++)
    {
      if (strcmp (g_ptr_array_index (ports, i), name) == 0)
        return i;
    }
  return -1;
}

JsonNode *
heddle_node_run_get_input (HeddleNodeRun *self, const char *port)
{
  int index;

  g_return_val_if_fail (self != NULL && port != NULL, NULL);

  index = find_port (self->step->in_ports, port);
  return index >= 0 ? self->inputs[index] : NULL;
}

static GArray *
list_live (HeddleNodeRun *self, const char *port)
{
  int index = find_port (self->step->in_ports, port);

  if (index < 0 || self->scheduler == NULL)
    return g_array_new (FALSE, FALSE, sizeof (guint));
  return heddle_flow_list_live (heddle_scheduler_get_values (self->scheduler)->flow, self->step->index, index);
}

guint
heddle_node_run_get_n_inputs (HeddleNodeRun *self, const char *port)
{
  g_autoptr (GArray) live = NULL;

  g_return_val_if_fail (self != NULL && port != NULL, 0);

  live = list_live (self, port);
  return live->len;
}

static const HeddleStep *
get_source (HeddleNodeRun *self, GArray *live, guint n)
{
  HeddlePlan *plan = heddle_run_get_plan (self->run);

  return heddle_plan_get_step (plan, heddle_plan_get_edge (plan, g_array_index (live, guint, n))->from);
}

gboolean
heddle_node_run_is_input_from_start (HeddleNodeRun *self, const char *port)
{
  g_autoptr (GArray) live = NULL;

  g_return_val_if_fail (self != NULL && port != NULL, FALSE);

  live = list_live (self, port);
  return live->len == 1 && (get_source (self, live, 0)->type->flags & HEDDLE_NODE_START) != 0;
}

JsonNode *
heddle_node_run_get_nth_input (HeddleNodeRun *self, const char *port, guint n, const char **source)
{
  g_autoptr (GArray) live = NULL;
  const HeddleStep *step;

  g_return_val_if_fail (self != NULL && port != NULL, NULL);

  live = list_live (self, port);
  if (n >= live->len)
    return NULL;
  step = get_source (self, live, n);
  if (source != NULL)
    *source = step->id;
  return heddle_json_member (heddle_scheduler_get_values (self->scheduler)->results[step->index], "output");
}

JsonNode *
heddle_node_run_get_run_input (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL && self->scheduler != NULL, NULL);

  return heddle_scheduler_get_values (self->scheduler)->input;
}

GCancellable *
heddle_node_run_get_cancellable (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->cancellable;
}

GMainContext *
heddle_node_run_get_context (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->core->context;
}

HeddleStore *
heddle_node_run_get_store (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->core->services.store;
}

HeddleHttp *
heddle_node_run_get_http (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return heddle_engine_core_get_http (self->core);
}

HeddleModels *
heddle_node_run_get_models (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->core->services.models;
}

HeddleKnowledge *
heddle_node_run_get_knowledge (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->core->services.knowledge;
}

HeddleSecrets *
heddle_node_run_get_secrets (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->core->services.secrets;
}

HeddleMemory *
heddle_node_run_get_memory (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->core->services.memory;
}

GObject *
heddle_node_run_get_shared (HeddleNodeRun *self, const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  return self->scheduler != NULL ? heddle_scheduler_get_shared (self->scheduler, key) : NULL;
}

void
heddle_node_run_set_shared (HeddleNodeRun *self, const char *key, GObject *object)
{
  g_return_if_fail (self != NULL && key != NULL && object != NULL);

  if (self->scheduler != NULL)
    heddle_scheduler_take_shared (self->scheduler, key, object);
  else
    g_object_unref (object);
}

void
heddle_node_run_after_success (HeddleNodeRun *self, void (*func) (gpointer data), gpointer data, GDestroyNotify destroy)
{
  g_return_if_fail (self != NULL && func != NULL);

  if (self->scheduler != NULL)
    heddle_scheduler_after_success (self->scheduler, func, data, destroy);
  else if (destroy != NULL)
    destroy (data);
}

void
heddle_node_run_delta (HeddleNodeRun *self, const char *text)
{
  HeddleEvent *event;

  g_return_if_fail (self != NULL && text != NULL);

  if (self->scheduler == NULL || self->ended || *text == '\0')
    return;
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
heddle_node_run_complete_port (HeddleNodeRun *self, const char *port, JsonNode *output)
{
  int index;

  g_return_if_fail (self != NULL && port != NULL && output != NULL);

  index = find_port (self->step->out_ports, port);
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
