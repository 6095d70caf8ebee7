/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-step-source.h"

#include "run/heddle-result-cache.h"
#include "run/heddle-run-private.h"
#include "run/heddle-scheduler-private.h"
#include "store/heddle-store-cache.h"
#include "value/heddle-json.h"

#include <string.h>

static GArray *
find_ports (const HeddleStep *step, JsonArray *names)
{
  GArray *ports = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      JsonNode *name = json_array_get_element (names, i);
      int port = heddle_json_is_string (name) ? heddle_node_run_find_port (step->out_ports, json_node_get_string (name)) : -1;
      guint index = (guint) port;

      if (port >= 0)
        g_array_append_val (ports, index);
    }
  return ports;
}

void
heddle_step_source_set_variables (HeddleScopeRun *scope, JsonNode *data)
{
  JsonObject *vars = heddle_json_get_object (data, "vars");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (vars == NULL)
    return;
  json_object_iter_init_ordered (&iter, vars);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    heddle_run_values_set_variable (scope->values, FALSE, name, JSON_NODE_HOLDS_NULL (value) ? NULL : value);
}

void
heddle_step_source_apply (HeddleScopeRun *scope, guint index, JsonNode *data)
{
  g_autoptr (GArray) live = find_ports (heddle_scope_run_get_step (scope, index), heddle_json_get_array (data, "live"));
  JsonNode *result = heddle_json_member (data, "result");
  JsonNode *sent = heddle_json_member (data, "sent");

  heddle_step_source_set_variables (scope, data);
  heddle_run_values_set_result (scope->values, index, json_node_ref (result), sent != NULL ? json_node_ref (sent) : NULL);
  heddle_flow_resolve (scope->values->flow, index, (guint *) live->data, live->len);
}

void
heddle_step_source_finish (HeddleScopeRun *scope, guint index, JsonNode *data)
{
  const HeddleStep *step = heddle_scope_run_get_step (scope, index);
  HeddleEvent *event = heddle_scope_run_new_event (scope, HEDDLE_EVENT_NODE_FINISHED, index);
  JsonObject *described = json_object_new ();

  json_object_set_string_member (described, "title", step->title);
  json_object_set_string_member (described, "type", step->type->id);
  heddle_node_run_merge (described, data);
  event->data = heddle_json_object (described);
  heddle_scheduler_emit (scope->scheduler, event);
  heddle_step_source_apply (scope, index, data);
  heddle_scheduler_mark (scope->scheduler, scope);
}

static JsonNode *
make_source (const char *kind, const char *run)
{
  JsonObject *source = json_object_new ();

  json_object_set_string_member (source, "kind", kind);
  if (run != NULL)
    json_object_set_string_member (source, "run", run);
  return heddle_json_object (source);
}

/* Which way a pinned result goes: what is called like a port, such as the case of a switch, or says yes or no to the first. */
static guint
choose_port (const HeddleStep *step, JsonObject *result)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, result);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *text = heddle_json_to_display (value);
      int port = strcmp (name, "output") != 0 ? heddle_node_run_find_port (step->out_ports, text) : -1;

      if (port >= 0)
        return (guint) port;
      if (strcmp (name, g_ptr_array_index (step->out_ports, 0)) == 0 && strcmp (text, "false") == 0 && step->out_ports->len > 1)
        return 1;
    }
  return 0;
}

static JsonNode *
make_pin_data (const HeddleStep *step)
{
  JsonObject *data = json_object_new ();
  JsonArray *live = json_array_new ();

  if (step->out_ports->len > 0)
    json_array_add_string_element (live, g_ptr_array_index (step->out_ports, choose_port (step, json_node_get_object (step->pin))));
  json_object_set_member (data, "result", json_node_ref (step->pin));
  json_object_set_array_member (data, "live", live);
  json_object_set_member (data, "source", make_source ("pin", NULL));
  return heddle_json_object (data);
}

static gboolean
is_pinned (HeddleScopeRun *scope, const HeddleStep *step)
{
  return scope->scheduler->use_pins && step->pin != NULL && heddle_json_member (step->pin, "output") != NULL;
}

/* Fields of what begins a run are read by name, which a bypass leaves as it is. */
static void
add_fields (JsonObject *result, JsonNode *arriving)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (arriving))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (arriving));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (!json_object_has_member (result, name))
        json_object_set_member (result, name, json_node_ref (value));
    }
}

static const char *
get_default_port (const HeddleStep *step)
{
  const HeddlePortSpec *first = step->type->outputs;

  if (first != NULL && first->name != NULL && heddle_node_run_find_port (step->out_ports, first->name) >= 0)
    return first->name;
  return g_ptr_array_index (step->out_ports, 0);
}

/* What comes in goes out by the port that is meant when none is named. */
static JsonNode *
make_bypass_data (HeddleScopeRun *scope, const HeddleStep *step)
{
  g_autoptr (JsonNode) arriving = heddle_node_run_dup_arriving (scope, step);
  JsonObject *data = json_object_new ();
  JsonObject *result = json_object_new ();
  JsonArray *live = json_array_new ();

  json_object_set_member (result, "output", json_node_ref (arriving));
  if ((step->type->flags & HEDDLE_NODE_START) != 0)
    add_fields (result, arriving);
  if (step->out_ports->len > 0)
    json_array_add_string_element (live, get_default_port (step));
  json_object_set_member (data, "result", heddle_json_object (result));
  json_object_set_array_member (data, "live", live);
  json_object_set_member (data, "source", make_source ("bypass", NULL));
  return heddle_json_object (data);
}

static JsonNode *
make_data (HeddleScopeRun *scope, const HeddleStep *step)
{
  if (step->mode == HEDDLE_NODE_BYPASS)
    return make_bypass_data (scope, step);
  return is_pinned (scope, step) ? make_pin_data (step) : NULL;
}

gboolean
heddle_step_source_take (HeddleScopeRun *scope, guint index)
{
  const HeddleStep *step = heddle_scope_run_get_step (scope, index);
  g_autoptr (JsonNode) data = make_data (scope, step);

  if (data == NULL)
    return FALSE;
  heddle_step_source_finish (scope, index, data);
  return TRUE;
}

/* A kept result that still fits the step. */
static gboolean
use (HeddleNodeRun *node_run, JsonNode *kept)
{
  JsonNode *result = heddle_json_member (kept, "result");
  JsonNode *output = heddle_json_member (result, "output");
  g_autoptr (GArray) live = find_ports (node_run->step, heddle_json_get_array (kept, "live"));
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (output == NULL || live->len > 1 || (live->len == 0 && node_run->step->out_ports->len > 0))
    return FALSE;
  node_run->source = make_source ("cache", heddle_json_get_string (kept, "run", NULL));
  json_object_iter_init_ordered (&iter, json_node_get_object (result));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (strcmp (name, "output") != 0)
        heddle_node_run_set_result (node_run, name, json_node_ref (value));
    }
  if (live->len == 1)
    heddle_node_run_complete_port (node_run, g_ptr_array_index (node_run->step->out_ports, g_array_index (live, guint, 0)), json_node_ref (output));
  else
    heddle_node_run_complete (node_run, json_node_ref (output));
  return TRUE;
}

static void
looked_up_cb (GObject *store, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleNodeRun) node_run = user_data;
  g_autoptr (JsonNode) kept = heddle_store_look_up_result_finish (HEDDLE_STORE (store), result, NULL);

  if (node_run->scheduler == NULL || node_run->ended)
    return;
  /* What cannot be read is made anew. */
  if (kept == NULL || !use (node_run, kept))
    heddle_node_run_run_type (node_run);
}

gboolean
heddle_step_source_look_up (HeddleNodeRun *node_run)
{
  HeddleStore *store = node_run->core->services.store;
  const HeddlePolicy *policy = node_run->step->policy;

  if (store == NULL || policy == NULL || !policy->cache || !heddle_result_cache_fits (node_run))
    return FALSE;
  node_run->cache_key = heddle_result_cache_dup_key (node_run);
  heddle_store_look_up_result_async (store, node_run->cache_key, (gint64) (policy->cache_hours * G_TIME_SPAN_HOUR), node_run->cancellable, looked_up_cb, heddle_node_run_ref (node_run));
  return TRUE;
}

void
heddle_step_source_keep (HeddleNodeRun *node_run, JsonNode *data)
{
  if (node_run->cache_key == NULL || node_run->source != NULL || node_run->uses_state || node_run->limited ||
      heddle_scheduler_get_durability (node_run->scope_run->scheduler) == HEDDLE_DURABILITY_MEMORY)
    return;
  heddle_store_keep_result (node_run->core->services.store, node_run->cache_key, heddle_run_get_id (node_run->run), data);
}
