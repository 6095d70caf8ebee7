/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "plan/heddle-plan-levels.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

static gboolean
refuse (GPtrArray *found, GError **error)
{
  const HeddleProblem *first = NULL;

  for (guint i = 0; first == NULL && i < found->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (found, i);

      if (problem->severity == HEDDLE_SEVERITY_ERROR)
        first = problem;
    }
  if (first == NULL)
    return FALSE;
  if (first->node != NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, "%s: %s", first->node, first->message);
  else
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, first->message);
  return TRUE;
}

/* A failure goes through its handler as it is anyway. */
static gboolean
is_idle (const HeddleNode *node)
{
  gboolean is_handler = node->type != NULL && (node->type->flags & HEDDLE_NODE_HANDLER) != 0;

  return node->mode == HEDDLE_NODE_OFF || (node->mode == HEDDLE_NODE_BYPASS && !is_handler);
}

static gboolean
add_steps (HeddlePlanBuilder *builder, const HeddlePlanLevel *level, GError **error)
{
  for (guint i = 0; i < level->nodes->len; i++)
    {
      const HeddleNode *node = g_ptr_array_index (level->nodes, i);

      if (is_idle (node))
        {
          if (!heddle_plan_builder_add_idle_step (builder, node, error))
            return FALSE;
          continue;
        }
      if (!heddle_plan_builder_add_step (builder, node->id, heddle_node_get_title (node), node->type, node->params, error) ||
          (node->policy != NULL && !heddle_plan_builder_set_policy (builder, node->id, node->policy, error)) ||
          (node->pin != NULL && !heddle_plan_builder_set_pin (builder, node->id, node->pin, error)))
        {
          g_prefix_error (error, "%s: ", node->id);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
add_edges (HeddlePlanBuilder *builder, const HeddlePlanLevel *level, GError **error)
{
  for (guint i = 0; i < level->pieces->len; i++)
    {
      const HeddlePlanPiece *piece = g_ptr_array_index (level->pieces, i);

      if (!heddle_plan_builder_add_edge (builder, piece->from, piece->from_port, piece->to, piece->to_port, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_tools_of (HeddlePlanBuilder *builder, HeddleGraph *graph, const HeddleNode *node, GError **error)
{
  GPtrArray *edges = heddle_graph_get_in_edges (graph, node->id);

  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *edge = g_ptr_array_index (edges, i);
      g_autoptr (JsonNode) spec = NULL;
      const HeddleNode *from;

      if (!heddle_graph_is_tool_edge (graph, edge))
        continue;
      from = heddle_graph_find_node (graph, edge->from);
      spec = from->type != NULL ? heddle_node_dup_tool_spec (from) : heddle_json_null ();
      if (!heddle_plan_builder_add_tool (builder, edge->from, spec, edge->to, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_tools (HeddlePlanBuilder *builder, HeddleGraph *graph, const HeddlePlanLevel *level, GError **error)
{
  for (guint i = 0; i < level->nodes->len; i++)
    {
      if (!add_tools_of (builder, graph, g_ptr_array_index (level->nodes, i), error))
        return FALSE;
    }
  return TRUE;
}

static HeddlePlanBuilder *
create_builder (HeddleGraph *graph, const HeddlePlanLevel *level)
{
  if (level->container != NULL)
    return heddle_plan_builder_new_body_of (level->container->type);
  if (level->entry != NULL)
    return heddle_plan_builder_new_body (NULL, level->ports);
  return heddle_plan_builder_new (heddle_graph_get_id (graph), heddle_graph_get_name (graph));
}

static GPtrArray *
list_exits (const HeddlePlanLevel *level)
{
  GPtrArray *exits = g_ptr_array_new ();

  for (guint i = 0; i < level->ports->len; i++)
    {
      if (!heddle_plan_level_is_around (g_ptr_array_index (level->ports, i)))
        g_ptr_array_add (exits, g_ptr_array_index (level->ports, i));
    }
  return exits;
}

static guint
get_max_rounds (HeddleGraph *graph, const char *entry)
{
  g_autoptr (HeddlePolicy) policy = heddle_policy_new (heddle_graph_find_node (graph, entry)->policy);

  return (guint) policy->max_rounds;
}

/* Gives a level's plan (consumed) to the one that it is in. */
static gboolean
put_into_parent (HeddlePlanBuilder *parent, HeddleGraph *graph, const HeddlePlanLevel *level, HeddlePlan *plan, GError **error)
{
  g_autoptr (GPtrArray) exits = NULL;

  if (level->container != NULL)
    return heddle_plan_builder_set_body (parent, level->step, plan, error);
  exits = list_exits (level);
  return heddle_plan_builder_add_rounds (parent, level->step, plan, level->entry, exits, get_max_rounds (graph, level->entry), error);
}

/* Levels are finished from the innermost outwards; edges come last, when the steps of inner levels are there. */
static HeddlePlan *
build (HeddleGraph *graph, const HeddlePlanLevels *levels, GPtrArray *builders, GError **error)
{
  for (guint i = levels->levels->len; i > 0; i--)
    {
      const HeddlePlanLevel *level = g_ptr_array_index (levels->levels, i - 1);
      HeddlePlanBuilder *builder = g_ptr_array_index (builders, i - 1);
      HeddlePlan *plan;
      guint parent;

      if (!add_edges (builder, level, error) || !add_tools (builder, graph, level, error))
        return NULL;
      if (level->entry != NULL)
        heddle_plan_builder_set_entry (builder, level->entry);
      g_ptr_array_index (builders, i - 1) = NULL;
      plan = heddle_plan_builder_finish (builder, error);
      if (plan == NULL || level->parent == NULL)
        return plan;
      g_ptr_array_find (levels->levels, level->parent, &parent);
      if (!put_into_parent (g_ptr_array_index (builders, parent), graph, level, plan, error))
        return NULL;
    }
  return NULL;
}

static void
free_builder (gpointer builder)
{
  if (builder != NULL)
    heddle_plan_builder_free (builder);
}

static void
set_settings (HeddlePlanBuilder *builder, HeddleGraph *graph)
{
  JsonNode *budget = json_object_get_member (heddle_graph_get_settings (graph), "budget");
  JsonNode *env = json_object_get_member (heddle_graph_get_settings (graph), "env");
  JsonNode *pools = json_object_get_member (heddle_graph_get_settings (graph), "pools");

  if (env != NULL && JSON_NODE_HOLDS_OBJECT (env))
    heddle_plan_builder_set_env (builder, env);
  if (budget != NULL)
    heddle_plan_builder_set_budget (builder, budget);
  if (pools != NULL)
    heddle_plan_builder_set_pools (builder, pools);
}

HeddlePlan *
heddle_plan_compile (HeddleGraph *graph, GPtrArray *problems, GError **error)
{
  g_autoptr (HeddlePlanLevels) levels = NULL;
  g_autoptr (GPtrArray) builders = NULL;
  g_autoptr (GPtrArray) found = NULL;

  g_return_val_if_fail (graph != NULL, NULL);

  found = heddle_graph_validate (graph);
  for (guint i = 0; problems != NULL && i < found->len; i++)
    g_ptr_array_add (problems, heddle_problem_ref (g_ptr_array_index (found, i)));
  if (refuse (found, error))
    return NULL;

  levels = heddle_plan_levels_new (graph);
  builders = g_ptr_array_new_with_free_func (free_builder);
  for (guint i = 0; i < levels->levels->len; i++)
    {
      const HeddlePlanLevel *level = g_ptr_array_index (levels->levels, i);

      g_ptr_array_add (builders, create_builder (graph, level));
      if (!add_steps (g_ptr_array_index (builders, i), level, error))
        return NULL;
    }
  heddle_plan_builder_take_source (g_ptr_array_index (builders, 0), heddle_graph_to_json (graph));
  set_settings (g_ptr_array_index (builders, 0), graph);
  return build (graph, levels, builders, error);
}
