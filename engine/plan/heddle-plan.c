/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/heddle-plan-private.h"

#include "value/heddle-json.h"

static void
clear_param (gpointer data)
{
  heddle_plan_param_clear (data);
}

HeddleStep *
heddle_step_alloc (void)
{
  HeddleStep *step = g_new0 (HeddleStep, 1);

  step->params = g_array_new (FALSE, TRUE, sizeof (HeddlePlanParam));
  g_array_set_clear_func (step->params, clear_param);
  step->in_ports = g_ptr_array_new_with_free_func (g_free);
  step->joins = g_array_new (FALSE, FALSE, sizeof (HeddleJoin));
  step->in_flags = g_array_new (FALSE, FALSE, sizeof (HeddlePortFlags));
  step->in_edges = g_array_new (FALSE, FALSE, sizeof (guint));
  step->out_edges = g_array_new (FALSE, FALSE, sizeof (guint));
  step->reads = g_array_new (FALSE, FALSE, sizeof (guint));
  step->tools = g_array_new (FALSE, FALSE, sizeof (guint));
  step->error_port = -1;
  return step;
}

static gboolean
compile_params (HeddleStep *step, JsonObject *values, GHashTable *roots, GError **error)
{
  HEDDLE_FOREACH_PARAM (spec, step->type)
    {
      /* What is not shown has no say, so a leftover in it cannot fail the node. */
      JsonObject *source = heddle_param_is_visible (step->type, spec, values) ? values : NULL;
      g_autoptr (JsonNode) value = heddle_params_dup_value (step->type, source, spec->name);
      HeddlePlanParam param;

      if (!heddle_plan_param_init (&param, spec, value, roots, error))
        {
          g_prefix_error (error, "%s: ", _ (spec->title));
          return FALSE;
        }
      g_array_append_val (step->params, param);
    }
  return TRUE;
}

static void
add_ports (HeddleStep *step, JsonObject *values)
{
  for (const HeddlePortSpec *p = step->type->inputs; p != NULL && p->name != NULL; p++)
    {
      HeddleJoin join = step->type->get_join != NULL ? step->type->get_join (values, p->name) : p->join;

      g_ptr_array_add (step->in_ports, g_strdup (p->name));
      g_array_append_val (step->joins, join);
      g_array_append_val (step->in_flags, p->flags);
    }
  step->out_ports = heddle_node_type_list_outputs (step->type, values);
}

/* Most steps have the same values in every run; those are made once. */
static void
resolve_constants (HeddleStep *step)
{
  g_autoptr (JsonObject) values = json_object_new ();

  for (guint i = 0; i < step->params->len; i++)
    {
      const HeddlePlanParam *param = &g_array_index (step->params, HeddlePlanParam, i);

      if (param->text != NULL || param->expr != NULL || param->compound != NULL)
        return;
      if (param->constant != NULL)
        json_object_set_member (values, param->spec->name, json_node_ref (param->constant));
    }
  step->constants = heddle_json_object (g_steal_pointer (&values));
}

HeddleStep *
heddle_step_new (const char *id, const char *title, const HeddleNodeType *type, JsonObject *params, GHashTable *roots, GError **error)
{
  HeddleStep *step = heddle_step_alloc ();
  g_autoptr (JsonObject) values = params != NULL ? json_object_ref (params) : json_object_new ();

  step->id = g_strdup (id);
  step->title = g_strdup (title);
  step->type = type;
  add_ports (step, values);
  if (!compile_params (step, values, roots, error))
    {
      heddle_step_free (step);
      return NULL;
    }
  resolve_constants (step);
  return step;
}

static gboolean
compile_fallback (HeddleStep *step, JsonObject *policy, GHashTable *roots, GError **error)
{
  step->fallback = g_new0 (HeddlePlanParam, 1);
  if (heddle_plan_param_init (step->fallback, heddle_node_type_find_param (&heddle_policy_type, "default"),
                              json_object_get_member (policy, "default"), roots, error))
    return TRUE;
  g_clear_pointer (&step->fallback, g_free);
  return FALSE;
}

gboolean
heddle_step_set_policy (HeddleStep *step, JsonObject *policy, GHashTable *roots, GError **error)
{
  step->policy = heddle_policy_new (policy);
  step->on_error = heddle_policy_get_on_error (policy);
  if (step->on_error == HEDDLE_ON_ERROR_ROUTE && !g_ptr_array_find_with_equal_func (step->out_ports, HEDDLE_ERROR_PORT, g_str_equal, NULL))
    {
      step->error_port = (int) step->out_ports->len;
      g_ptr_array_add (step->out_ports, g_strdup (HEDDLE_ERROR_PORT));
    }
  return step->on_error != HEDDLE_ON_ERROR_DEFAULT || compile_fallback (step, policy, roots, error);
}

JsonNode *
heddle_step_resolve_fallback (const HeddleStep *step, const HeddleScope *scope, GError **error)
{
  JsonNode *value;
  GError *reason = NULL;

  g_return_val_if_fail (step != NULL && scope != NULL, NULL);

  value = step->fallback != NULL ? heddle_plan_param_resolve (step->fallback, scope, &reason) : NULL;
  if (reason != NULL)
    {
      g_propagate_prefixed_error (error, reason, "%s: ", _ (step->fallback->spec->title));
      return NULL;
    }
  return value != NULL ? value : heddle_json_null ();
}

static void
free_fallback (HeddlePlanParam *fallback)
{
  heddle_plan_param_clear (fallback);
  g_free (fallback);
}

void
heddle_step_free (HeddleStep *step)
{
  g_free (step->id);
  g_free (step->title);
  g_array_unref (step->params);
  g_clear_pointer (&step->constants, json_node_unref);
  g_ptr_array_unref (step->in_ports);
  g_clear_pointer (&step->out_ports, g_ptr_array_unref);
  g_array_unref (step->joins);
  g_array_unref (step->in_flags);
  g_array_unref (step->in_edges);
  g_array_unref (step->out_edges);
  g_array_unref (step->reads);
  g_array_unref (step->tools);
  g_clear_pointer (&step->tool, json_node_unref);
  g_clear_pointer (&step->policy, heddle_policy_free);
  g_clear_pointer (&step->fallback, free_fallback);
  g_clear_pointer (&step->pin, json_node_unref);
  g_clear_pointer (&step->body, heddle_plan_unref);
  g_free (step);
}

JsonNode *
heddle_step_resolve (const HeddleStep *step, const HeddleScope *scope, GError **error)
{
  g_autoptr (JsonObject) values = NULL;

  g_return_val_if_fail (step != NULL && scope != NULL, NULL);

  if (step->constants != NULL)
    return json_node_ref (step->constants);
  values = json_object_new ();
  for (guint i = 0; i < step->params->len; i++)
    {
      const HeddlePlanParam *param = &g_array_index (step->params, HeddlePlanParam, i);
      g_autoptr (GError) reason = NULL;
      JsonNode *value = param->spec->is_late ? NULL : heddle_plan_param_resolve (param, scope, &reason);

      if (value != NULL)
        {
          json_object_set_member (values, param->spec->name, value);
        }
      else if (reason != NULL)
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&reason), "%s: ", _ (param->spec->title));
          return NULL;
        }
    }
  return heddle_json_object (g_steal_pointer (&values));
}

JsonNode *
heddle_step_resolve_param (const HeddleStep *step, const char *name, const HeddleScope *scope, GError **error)
{
  g_return_val_if_fail (step != NULL && name != NULL && scope != NULL, NULL);

  for (guint i = 0; i < step->params->len; i++)
    {
      const HeddlePlanParam *param = &g_array_index (step->params, HeddlePlanParam, i);
      g_autoptr (GError) reason = NULL;
      JsonNode *value;

      if (!g_str_equal (param->spec->name, name))
        continue;
      value = heddle_plan_param_resolve (param, scope, &reason);
      if (reason != NULL)
        g_propagate_prefixed_error (error, g_steal_pointer (&reason), "%s: ", _ (param->spec->title));
      else if (value == NULL)
        value = heddle_json_null ();
      return value;
    }
  g_return_val_if_reached (NULL);
}

HeddlePlan *
heddle_plan_alloc (void)
{
  HeddlePlan *plan = g_atomic_rc_box_new0 (HeddlePlan);

  plan->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_step_free);
  plan->edges = g_array_new (FALSE, FALSE, sizeof (HeddlePlanEdge));
  plan->roots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  plan->indices = g_hash_table_new (g_str_hash, g_str_equal);
  plan->start = plan->end = plan->entry = -1;
  return plan;
}

static void
clear (gpointer data)
{
  HeddlePlan *plan = data;

  g_free (plan->workflow_id);
  g_free (plan->name);
  g_free (plan->source);
  g_clear_pointer (&plan->env, json_node_unref);
  g_clear_pointer (&plan->budget, json_node_unref);
  g_clear_pointer (&plan->pools, json_node_unref);
  g_hash_table_unref (plan->roots);
  g_hash_table_unref (plan->indices);
  g_ptr_array_unref (plan->steps);
  g_array_unref (plan->edges);
}

HeddlePlan *
heddle_plan_ref (HeddlePlan *plan)
{
  return g_atomic_rc_box_acquire (plan);
}

void
heddle_plan_unref (HeddlePlan *plan)
{
  g_atomic_rc_box_release_full (plan, clear);
}

const char *
heddle_plan_get_workflow_id (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, NULL);

  return plan->workflow_id;
}

const char *
heddle_plan_get_name (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, NULL);

  return plan->name;
}

const char *
heddle_plan_get_source (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, NULL);

  return plan->source;
}

JsonNode *
heddle_plan_get_budget (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, NULL);

  return plan->budget;
}

JsonNode *
heddle_plan_get_env (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, NULL);

  return plan->env;
}

gboolean
heddle_plan_reads (HeddlePlan *plan, const char *root)
{
  g_return_val_if_fail (plan != NULL && root != NULL, FALSE);

  return g_hash_table_contains (plan->roots, root);
}

guint
heddle_plan_get_n_steps (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, 0);

  return plan->steps->len;
}

const HeddleStep *
heddle_plan_get_step (HeddlePlan *plan, guint index)
{
  g_return_val_if_fail (plan != NULL && index < plan->steps->len, NULL);

  return g_ptr_array_index (plan->steps, index);
}

const HeddleStep *
heddle_plan_find_step (HeddlePlan *plan, const char *id)
{
  gpointer index;

  g_return_val_if_fail (plan != NULL && id != NULL, NULL);

  if (!g_hash_table_lookup_extended (plan->indices, id, NULL, &index))
    return NULL;
  return g_ptr_array_index (plan->steps, GPOINTER_TO_UINT (index));
}

guint
heddle_plan_get_n_edges (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, 0);

  return plan->edges->len;
}

const HeddlePlanEdge *
heddle_plan_get_edge (HeddlePlan *plan, guint index)
{
  g_return_val_if_fail (plan != NULL && index < plan->edges->len, NULL);

  return &g_array_index (plan->edges, HeddlePlanEdge, index);
}

guint
heddle_plan_get_pool_size (HeddlePlan *plan, const char *pool)
{
  g_return_val_if_fail (plan != NULL && pool != NULL, 1);

  return (guint) CLAMP (heddle_json_get_int (plan->pools, pool, 1), 1, G_MAXINT);
}

int
heddle_plan_get_start (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, -1);

  return plan->start;
}

int
heddle_plan_get_end (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, -1);

  return plan->end;
}

int
heddle_plan_get_entry (HeddlePlan *plan)
{
  g_return_val_if_fail (plan != NULL, -1);

  return plan->entry;
}

gboolean
heddle_plan_has (HeddlePlan *plan, HeddleNodeFlags flags)
{
  g_return_val_if_fail (plan != NULL, FALSE);

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const HeddleStep *step = g_ptr_array_index (plan->steps, i);

      if ((step->type->flags & flags) != 0 || (step->body != NULL && heddle_plan_has (step->body, flags)))
        return TRUE;
    }
  return FALSE;
}

gboolean
heddle_plan_contains (HeddlePlan *plan, const char *id)
{
  g_return_val_if_fail (plan != NULL && id != NULL, FALSE);

  if (g_hash_table_contains (plan->indices, id))
    return TRUE;
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const HeddleStep *step = g_ptr_array_index (plan->steps, i);

      if (step->body != NULL && heddle_plan_contains (step->body, id))
        return TRUE;
    }
  return FALSE;
}

const HeddleStep *
heddle_plan_find_within (HeddlePlan *plan, const char *id)
{
  const HeddleStep *found;

  g_return_val_if_fail (plan != NULL && id != NULL, NULL);

  found = heddle_plan_find_step (plan, id);
  for (guint i = 0; found == NULL && i < plan->steps->len; i++)
    {
      const HeddleStep *step = g_ptr_array_index (plan->steps, i);

      if (step->body != NULL)
        found = heddle_plan_find_within (step->body, id);
    }
  return found;
}

guint
heddle_plan_count_steps (HeddlePlan *plan)
{
  guint count;

  g_return_val_if_fail (plan != NULL, 0);

  count = plan->steps->len;
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const HeddleStep *step = g_ptr_array_index (plan->steps, i);

      if (step->body != NULL)
        count += heddle_plan_count_steps (step->body);
    }
  return count;
}
