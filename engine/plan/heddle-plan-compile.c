/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "plan/heddle-plan-builder.h"
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

static gboolean
add_steps (HeddlePlanBuilder *builder, HeddleGraph *graph, GError **error)
{
  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);

      if (!heddle_plan_builder_add_step (builder, node->id, heddle_node_get_title (node), node->type, node->params, error) ||
          (node->policy != NULL && !heddle_plan_builder_set_policy (builder, node->id, node->policy, error)))
        {
          g_prefix_error (error, "%s: ", node->id);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
add_edges (HeddlePlanBuilder *builder, HeddleGraph *graph, GError **error)
{
  for (guint i = 0; i < heddle_graph_get_n_edges (graph); i++)
    {
      const HeddleEdge *edge = heddle_graph_get_edge (graph, i);

      if (heddle_graph_is_tool_edge (graph, edge))
        {
          g_autoptr (JsonNode) spec = heddle_node_dup_tool_spec (heddle_graph_find_node (graph, edge->from));

          if (!heddle_plan_builder_add_tool (builder, edge->from, spec, edge->to, error))
            return FALSE;
          continue;
        }
      if (!heddle_plan_builder_add_edge (builder, edge->from, edge->from_port, edge->to, edge->to_port, error))
        return FALSE;
    }
  return TRUE;
}

static void
set_settings (HeddlePlanBuilder *builder, HeddleGraph *graph)
{
  JsonNode *budget = json_object_get_member (heddle_graph_get_settings (graph), "budget");
  JsonNode *env = json_object_get_member (heddle_graph_get_settings (graph), "env");

  if (env != NULL && JSON_NODE_HOLDS_OBJECT (env))
    heddle_plan_builder_set_env (builder, env);
  if (budget != NULL)
    heddle_plan_builder_set_budget (builder, budget);
}

HeddlePlan *
heddle_plan_compile (HeddleGraph *graph, GPtrArray *problems, GError **error)
{
  g_autoptr (HeddlePlanBuilder) builder = NULL;
  g_autoptr (GPtrArray) found = NULL;

  g_return_val_if_fail (graph != NULL, NULL);

  found = heddle_graph_validate (graph);
  for (guint i = 0; problems != NULL && i < found->len; i++)
    g_ptr_array_add (problems, heddle_problem_ref (g_ptr_array_index (found, i)));
  if (refuse (found, error))
    return NULL;

  builder = heddle_plan_builder_new (heddle_graph_get_id (graph), heddle_graph_get_name (graph));
  heddle_plan_builder_take_source (builder, heddle_graph_to_json (graph));
  set_settings (builder, graph);
  if (!add_steps (builder, graph, error) || !add_edges (builder, graph, error))
    return NULL;
  return heddle_plan_builder_finish (g_steal_pointer (&builder), error);
}
