/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/heddle-plan-builder.h"

#include "heddle-error.h"
#include "plan/heddle-index-queue.h"
#include "plan/heddle-plan-private.h"
#include "value/heddle-json.h"

#include <string.h>

struct _HeddlePlanBuilder
{
  HeddlePlan *plan; /* its steps are in document order until finish */
  GPtrArray *roots; /* GHashTable* per step: what its expressions name */
};

HeddlePlanBuilder *
heddle_plan_builder_new (const char *workflow_id, const char *name)
{
  HeddlePlanBuilder *self = g_new0 (HeddlePlanBuilder, 1);

  self->plan = heddle_plan_alloc ();
  self->plan->workflow_id = g_strdup (workflow_id);
  self->plan->name = g_strdup (name);
  self->plan->source = g_strdup ("");
  self->plan->env = heddle_json_object (json_object_new ());
  self->roots = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  return self;
}

static HeddleStep *
take_step (HeddlePlanBuilder *self, HeddleStep *step)
{
  step->index = self->plan->steps->len;
  g_ptr_array_add (self->plan->steps, step);
  g_hash_table_insert (self->plan->indices, step->id, GUINT_TO_POINTER (step->index));
  g_ptr_array_add (self->roots, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL));
  return step;
}

HeddlePlanBuilder *
heddle_plan_builder_new_body (GPtrArray *outputs, GPtrArray *inputs)
{
  HeddlePlanBuilder *self = heddle_plan_builder_new (NULL, NULL);

  g_return_val_if_fail (inputs != NULL, self);

  if (outputs != NULL)
    take_step (self, heddle_step_new_start (outputs));
  take_step (self, heddle_step_new_end (inputs));
  return self;
}

static GPtrArray *
list_ports (const HeddlePortSpec *ports)
{
  GPtrArray *names = g_ptr_array_new ();

  for (const HeddlePortSpec *p = ports; p != NULL && p->name != NULL; p++)
    g_ptr_array_add (names, (gpointer) p->name);
  return names;
}

HeddlePlanBuilder *
heddle_plan_builder_new_body_of (const HeddleNodeType *type)
{
  g_autoptr (GPtrArray) outputs = NULL;
  g_autoptr (GPtrArray) inputs = NULL;

  g_return_val_if_fail (type != NULL, NULL);

  outputs = list_ports (type->inner_outputs);
  inputs = list_ports (type->inner_inputs);
  return heddle_plan_builder_new_body (outputs, inputs);
}

void
heddle_plan_builder_free (HeddlePlanBuilder *self)
{
  g_clear_pointer (&self->plan, heddle_plan_unref);
  g_ptr_array_unref (self->roots);
  g_free (self);
}

void
heddle_plan_builder_take_source (HeddlePlanBuilder *self, char *source)
{
  g_free (self->plan->source);
  self->plan->source = source;
}

void
heddle_plan_builder_set_env (HeddlePlanBuilder *self, JsonNode *env)
{
  json_node_unref (self->plan->env);
  self->plan->env = json_node_ref (env);
}

void
heddle_plan_builder_set_budget (HeddlePlanBuilder *self, JsonNode *budget)
{
  g_clear_pointer (&self->plan->budget, json_node_unref);
  self->plan->budget = json_node_ref (budget);
}

void
heddle_plan_builder_set_pools (HeddlePlanBuilder *self, JsonNode *pools)
{
  g_clear_pointer (&self->plan->pools, json_node_unref);
  self->plan->pools = json_node_ref (pools);
}

static gboolean
check_id (HeddlePlanBuilder *self, const char *id, GError **error)
{
  if (!g_hash_table_contains (self->plan->indices, id))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Two nodes are called “%s”. Rename one of them."), id);
  return FALSE;
}

gboolean
heddle_plan_builder_add_idle_step (HeddlePlanBuilder *self, const HeddleNode *node, GError **error)
{
  g_return_val_if_fail (self != NULL && node != NULL, FALSE);

  if (!check_id (self, node->id, error))
    return FALSE;
  take_step (self, heddle_step_new_idle (node));
  return TRUE;
}

gboolean
heddle_plan_builder_add_step (HeddlePlanBuilder *self, const char *id, const char *title, const HeddleNodeType *type, JsonObject *params, GError **error)
{
  g_autoptr (GHashTable) roots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  HeddleStep *step;

  g_return_val_if_fail (id != NULL && type != NULL, FALSE);

  if (!check_id (self, id, error))
    return FALSE;
  step = heddle_step_new (id, title != NULL ? title : _ (type->title), type, params, roots, error);
  if (step == NULL)
    return FALSE;

  take_step (self, step);
  g_hash_table_unref (g_ptr_array_index (self->roots, step->index));
  g_ptr_array_index (self->roots, step->index) = g_steal_pointer (&roots);
  return TRUE;
}

static gboolean
find_step (HeddlePlanBuilder *self, const char *id, HeddleStep **step, GError **error)
{
  gpointer index;

  if (!g_hash_table_lookup_extended (self->plan->indices, id, NULL, &index))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A connection names the node “%s”, which does not exist."), id);
      return FALSE;
    }
  *step = g_ptr_array_index (self->plan->steps, GPOINTER_TO_UINT (index));
  return TRUE;
}

gboolean
heddle_plan_builder_set_policy (HeddlePlanBuilder *self, const char *id, JsonObject *policy, GError **error)
{
  HeddleStep *step;

  g_return_val_if_fail (self != NULL && id != NULL && policy != NULL, FALSE);

  return find_step (self, id, &step, error) && heddle_step_set_policy (step, policy, g_ptr_array_index (self->roots, step->index), error);
}

gboolean
heddle_plan_builder_set_pin (HeddlePlanBuilder *self, const char *id, JsonNode *pin, GError **error)
{
  HeddleStep *step;

  g_return_val_if_fail (self != NULL && id != NULL && pin != NULL, FALSE);

  if (!find_step (self, id, &step, error))
    return FALSE;
  g_clear_pointer (&step->pin, json_node_unref);
  step->pin = json_node_ref (pin);
  return TRUE;
}

static void
add_roots (GHashTable *roots, GHashTable *more)
{
  GHashTableIter iter;
  gpointer root;

  g_hash_table_iter_init (&iter, more);
  while (g_hash_table_iter_next (&iter, &root, NULL))
    g_hash_table_add (roots, g_strdup (root));
}

static void
take_body (HeddlePlanBuilder *self, HeddleStep *step, HeddlePlan *body)
{
  step->body = body;
  add_roots (g_ptr_array_index (self->roots, step->index), body->roots);
}

gboolean
heddle_plan_builder_set_body (HeddlePlanBuilder *self, const char *id, HeddlePlan *body, GError **error)
{
  HeddleStep *step;

  g_return_val_if_fail (self != NULL && id != NULL && body != NULL, FALSE);

  if (!find_step (self, id, &step, error))
    {
      heddle_plan_unref (body);
      return FALSE;
    }
  take_body (self, step, body);
  return TRUE;
}

gboolean
heddle_plan_builder_add_rounds (HeddlePlanBuilder *self, const char *id, HeddlePlan *body, const char *entry, GPtrArray *ports, guint max_rounds, GError **error)
{
  HeddleStep *step;

  g_return_val_if_fail (self != NULL && id != NULL && body != NULL && entry != NULL && ports != NULL, FALSE);

  step = take_step (self, heddle_step_new_rounds (id, heddle_plan_find_step (body, entry), ports, max_rounds));
  take_body (self, step, body);
  return TRUE;
}

void
heddle_plan_builder_set_entry (HeddlePlanBuilder *self, const char *id)
{
  HeddleStep *step;

  g_return_if_fail (self != NULL && id != NULL);

  if (find_step (self, id, &step, NULL))
    self->plan->entry = (int) step->index;
}

static gboolean
find_port (HeddleStep *step, GPtrArray *ports, const char *name, guint *index, GError **error)
{
  if (step->mode != HEDDLE_NODE_ON && name != NULL)
    {
      *index = heddle_step_ensure_port (step, ports, name);
      return TRUE;
    }
  for (guint i = 0; i < ports->len; i++)
    {
      if (name == NULL || strcmp (g_ptr_array_index (ports, i), name) == 0)
        {
          *index = i;
          return TRUE;
        }
    }
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A connection names the port “%s.%s”, which does not exist."), step->id,
               name != NULL ? name : "");
  return FALSE;
}

gboolean
heddle_plan_builder_add_edge (HeddlePlanBuilder *self, const char *from, const char *from_port, const char *to, const char *to_port, GError **error)
{
  HeddlePlanEdge edge;
  HeddleStep *source, *target;
  guint index = self->plan->edges->len;

  g_return_val_if_fail (from != NULL && to != NULL, FALSE);

  if (!find_step (self, from, &source, error) || !find_step (self, to, &target, error) ||
      !find_port (source, source->out_ports, from_port, &edge.from_port, error) ||
      !find_port (target, target->in_ports, to_port, &edge.to_port, error))
    return FALSE;

  edge.from = source->index;
  edge.to = target->index;
  g_array_append_val (self->plan->edges, edge);
  g_array_append_val (source->out_edges, index);
  g_array_append_val (target->in_edges, index);
  return TRUE;
}

gboolean
heddle_plan_builder_add_tool (HeddlePlanBuilder *self, const char *from, JsonNode *spec, const char *to, GError **error)
{
  HeddleStep *source, *target;

  g_return_val_if_fail (from != NULL && spec != NULL && to != NULL, FALSE);

  if (!find_step (self, from, &source, error) || !find_step (self, to, &target, error))
    return FALSE;
  if (source->mode == HEDDLE_NODE_ON)
    g_array_append_val (target->tools, source->index);
  g_clear_pointer (&source->tool, json_node_unref);
  source->tool = json_node_ref (spec);
  return TRUE;
}

static guint *
count_in_edges (HeddlePlan *plan, HeddleIndexQueue *ready)
{
  guint *missing = g_new0 (guint, plan->steps->len + 1);

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const HeddleStep *step = g_ptr_array_index (plan->steps, i);

      missing[i] = step->in_edges->len;
      if (missing[i] == 0)
        heddle_index_queue_push (ready, i);
    }
  return missing;
}

/* Document indices in topological order, ties in document order; shorter than the steps when there is a circle. */
static GArray *
sort (HeddlePlan *plan)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint), plan->steps->len);
  g_autofree guint *missing = NULL;
  HeddleIndexQueue ready;

  heddle_index_queue_init (&ready);
  missing = count_in_edges (plan, &ready);
  while (!heddle_index_queue_is_empty (&ready))
    {
      guint index = heddle_index_queue_pop (&ready);
      const HeddleStep *step = g_ptr_array_index (plan->steps, index);

      g_array_append_val (order, index);
      for (guint i = 0; i < step->out_edges->len; i++)
        {
          const HeddlePlanEdge *edge = &g_array_index (plan->edges, HeddlePlanEdge, g_array_index (step->out_edges, guint, i));

          if (--missing[edge->to] == 0)
            heddle_index_queue_push (&ready, edge->to);
        }
    }
  heddle_index_queue_clear (&ready);
  return order;
}

/* Puts the steps in order and makes all indices follow. */
static void
apply_order (HeddlePlanBuilder *self, GArray *order)
{
  HeddlePlan *plan = self->plan;
  g_autofree guint *new_index = g_new (guint, order->len + 1);
  g_autoptr (GPtrArray) old_steps = g_steal_pointer (&plan->steps);

  plan->steps = g_ptr_array_new_full (order->len, (GDestroyNotify) heddle_step_free);
  for (guint i = 0; i < order->len; i++)
    {
      HeddleStep *step = g_ptr_array_index (old_steps, g_array_index (order, guint, i));

      new_index[step->index] = i;
      step->index = i;
      g_ptr_array_add (plan->steps, step);
      g_hash_table_insert (plan->indices, step->id, GUINT_TO_POINTER (i));
    }
  g_ptr_array_set_free_func (old_steps, NULL);
  for (guint i = 0; i < plan->edges->len; i++)
    {
      HeddlePlanEdge *edge = &g_array_index (plan->edges, HeddlePlanEdge, i);

      edge->from = new_index[edge->from];
      edge->to = new_index[edge->to];
    }
  for (guint i = 0; i < plan->steps->len; i++)
    {
      GArray *tools = ((HeddleStep *) g_ptr_array_index (plan->steps, i))->tools;

      for (guint n = 0; n < tools->len; n++)
        g_array_index (tools, guint, n) = new_index[g_array_index (tools, guint, n)];
    }
}

static int
find_index (HeddlePlan *plan, const char *id)
{
  const HeddleStep *step = heddle_plan_find_step (plan, id);

  return step != NULL ? (int) step->index : -1;
}

static int
compare_indices (gconstpointer a, gconstpointer b)
{
  guint left = *(const guint *) a, right = *(const guint *) b;

  return left < right ? -1 : left > right;
}

static void
find_reads (HeddlePlan *plan, HeddleStep *step, GHashTable *roots)
{
  GHashTableIter iter;
  gpointer root, index;

  g_hash_table_iter_init (&iter, roots);
  while (g_hash_table_iter_next (&iter, &root, NULL))
    {
      guint read;

      g_hash_table_add (plan->roots, g_strdup (root));
      if (!g_hash_table_lookup_extended (plan->indices, root, NULL, &index))
        continue;
      read = GPOINTER_TO_UINT (index);
      g_array_append_val (step->reads, read);
    }
  g_array_sort (step->reads, compare_indices);
}

static HeddlePlan *
refuse_circle (HeddlePlan *plan, GArray *order, GError **error)
{
  g_autofree gboolean *sorted = g_new0 (gboolean, plan->steps->len);

  for (guint i = 0; i < order->len; i++)
    sorted[g_array_index (order, guint, i)] = TRUE;
  for (guint i = 0; i < plan->steps->len; i++)
    {
      if (!sorted[i])
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The connections around “%s” make a circle. Remove one of them."),
                       ((HeddleStep *) g_ptr_array_index (plan->steps, i))->id);
          break;
        }
    }
  return NULL;
}

/* A container that nothing was put into. */
static void
add_empty_bodies (HeddlePlanBuilder *self)
{
  for (guint i = 0; i < self->plan->steps->len; i++)
    {
      HeddleStep *step = g_ptr_array_index (self->plan->steps, i);

      if ((step->type->flags & HEDDLE_NODE_CONTAINER) != 0 && step->body == NULL)
        step->body = heddle_plan_builder_finish (heddle_plan_builder_new_body_of (step->type), NULL);
    }
}

HeddlePlan *
heddle_plan_builder_finish (HeddlePlanBuilder *builder, GError **error)
{
  g_autoptr (HeddlePlanBuilder) self = builder;
  g_autoptr (GArray) order = NULL;
  const char *entry;

  g_return_val_if_fail (builder != NULL, NULL);

  add_empty_bodies (self);
  order = sort (self->plan);
  if (order->len < self->plan->steps->len)
    return refuse_circle (self->plan, order, error);
  entry = self->plan->entry >= 0 ? ((HeddleStep *) g_ptr_array_index (self->plan->steps, self->plan->entry))->id : NULL;
  apply_order (self, order);
  self->plan->start = find_index (self->plan, HEDDLE_PLAN_START);
  self->plan->end = find_index (self->plan, HEDDLE_PLAN_END);
  self->plan->entry = entry != NULL ? find_index (self->plan, entry) : -1;
  for (guint i = 0; i < order->len; i++)
    find_reads (self->plan, g_ptr_array_index (self->plan->steps, i), g_ptr_array_index (self->roots, g_array_index (order, guint, i)));
  return g_steal_pointer (&self->plan);
}
