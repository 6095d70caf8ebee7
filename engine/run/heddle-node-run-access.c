/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-run-private.h"

#include "value/heddle-json.h"

/* What a node run can see: where it is, what arrives, and the services. */

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

gboolean
heddle_node_run_is_tool (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->caller != NULL;
}

JsonNode *
heddle_node_run_get_input (HeddleNodeRun *self, const char *port)
{
  int index;

  g_return_val_if_fail (self != NULL && port != NULL, NULL);

  index = heddle_node_run_find_port (self->step->in_ports, port);
  return index >= 0 ? self->inputs[index] : NULL;
}

static GArray *
list_live (HeddleNodeRun *self, const char *port)
{
  int index = heddle_node_run_find_port (self->step->in_ports, port);

  if (index < 0 || self->scheduler == NULL)
    return g_array_new (FALSE, FALSE, sizeof (guint));
  return heddle_flow_list_live (self->scope_run->values->flow, self->step->index, index);
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
  HeddlePlan *plan = self->scope_run->plan;

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

  g_return_val_if_fail (self != NULL && port != NULL, NULL);

  live = list_live (self, port);
  if (n >= live->len)
    return NULL;
  if (source != NULL)
    *source = heddle_run_values_get_source (self->scope_run->values, g_array_index (live, guint, n));
  return heddle_run_values_get_sent (self->scope_run->values, g_array_index (live, guint, n));
}

JsonNode *
heddle_node_run_get_run_input (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL && self->scheduler != NULL, NULL);

  return heddle_run_values_get_root (self->scope_run->values)->input;
}

JsonNode *
heddle_node_run_get_transcript (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->transcript;
}

JsonNode *
heddle_node_run_get_variable (HeddleNodeRun *self, gboolean global, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  if (self->scheduler == NULL)
    return NULL;
  self->uses_state = TRUE;
  return heddle_run_values_get_variable (self->scope_run->values, global, name);
}

/* A run that goes on later sets it again. */
static void
record_variable (HeddleNodeRun *self, const char *name, JsonNode *value)
{
  if (self->vars == NULL)
    self->vars = json_object_new ();
  heddle_json_set_member (self->vars, name, value != NULL ? json_node_ref (value) : heddle_json_null ());
}

void
heddle_node_run_set_variable (HeddleNodeRun *self, gboolean global, const char *name, JsonNode *value)
{
  g_return_if_fail (self != NULL && name != NULL);

  if (self->scheduler == NULL)
    return;
  self->uses_state = TRUE;
  heddle_run_values_set_variable (self->scope_run->values, global, name, value);
  if (!global)
    record_variable (heddle_node_run_get_root (self), name, value);
}

JsonNode *
heddle_node_run_get_failure (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->scheduler != NULL ? self->scope_run->failure_record : NULL;
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

HeddleLimits *
heddle_node_run_get_limits (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->core->limits;
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

HeddleMcpServers *
heddle_node_run_get_mcp_servers (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->core->services.mcp_servers;
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
