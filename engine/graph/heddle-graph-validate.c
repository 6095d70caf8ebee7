/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-node-type.h"

/* Nobody reads more; a broken file can have a hundred thousand. */
#define MAX_PROBLEMS 1000

static void
check_node (HeddleVertex *vertex, GPtrArray *problems)
{
  const HeddleNodeCheck *check = heddle_vertex_get_check (vertex);

  for (guint i = 0; i < check->problems->len; i++)
    g_ptr_array_add (problems, heddle_problem_ref (g_ptr_array_index (check->problems, i)));
  if (heddle_node_id_is_reserved (vertex->id))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, vertex->id, NULL, NULL,
                             g_strdup_printf (_ ("Expressions cannot reach this node: “$%s” means something else there. Rename it."),
                                              vertex->id));
}

/* What ends within its frame does not begin a container. */
static gboolean
is_led_to (HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->in, i);

      if (!heddle_link_is_tool (link) && !heddle_node_has_inner_input (vertex->node, link->edge.to_port))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_edge_to (HeddleVertex *vertex, const char *port)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->in, i);

      if (strcmp (link->edge.to_port, port) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
check_inputs (HeddleVertex *vertex, gboolean has_start, GPtrArray *problems)
{
  const HeddleNode *node = vertex->node;
  gboolean is_reached = is_led_to (vertex);

  if (node->type == NULL || *heddle_node_get_default_input (node) == '\0' || heddle_vertex_is_tool (vertex))
    return;
  if (!is_reached && node->parent != NULL)
    {
      heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, node->id, node->type->inputs[0].name, NULL,
                               g_strdup (_ ("Nothing leads here, so it runs at once when the frame begins, and without an input. Connect the inside of the frame to it.")));
      return;
    }
  if (!is_reached && has_start)
    {
      heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, node->id, node->type->inputs[0].name, NULL,
                               g_strdup (_ ("Nothing leads here, so it runs right at the start and without an input. Connect something to it.")));
      return;
    }
  for (const HeddlePortSpec *port = node->type->inputs; is_reached && port->name != NULL; port++)
    {
      if ((port->flags & HEDDLE_PORT_OPTIONAL) == 0 && !has_edge_to (vertex, port->name))
        heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, node->id, port->name, NULL,
                                 g_strdup_printf (_ ("The input “%s” is not connected. Connect something to it."), _ (port->title)));
    }
}

static void
report_edge (GPtrArray *problems, HeddleSeverity severity, const char *node, const char *port, char *message)
{
  heddle_problem_list_add (problems, severity, node, port, NULL, message);
}

static void
check_ends (HeddleLink *link, GPtrArray *problems)
{
  const HeddleEdge *edge = &link->edge;
  const char *missing = link->from->node == NULL ? edge->from : edge->to;
  const char *there = link->from->node != NULL ? edge->from : link->to->node != NULL ? edge->to
                                                                                     : NULL;

  if (link->from->node != NULL && link->to->node != NULL)
    return;
  report_edge (problems, HEDDLE_SEVERITY_ERROR, there, NULL,
               g_strdup_printf (_ ("The connection from “%.80s” to “%.80s” is loose, as there is no node “%.80s”. Delete it."),
                                edge->from, edge->to, missing));
}

static gboolean
has_output (HeddleVertex *vertex, const char *port)
{
  const HeddleNodeCheck *check = heddle_vertex_get_check (vertex);

  return g_ptr_array_find_with_equal_func (check->outputs, port, g_str_equal, NULL);
}

static void
check_ports (HeddleLink *link, GPtrArray *problems)
{
  const HeddleEdge *edge = &link->edge;
  const HeddleNode *from = link->from->node;
  const HeddleNode *to = link->to->node;

  if (from != NULL && from->type != NULL && heddle_vertex_is_active (link->from) && !has_output (link->from, edge->from_port) && !heddle_node_has_inner_output (from, edge->from_port))
    report_edge (problems, HEDDLE_SEVERITY_ERROR, from->id, edge->from_port,
                 g_strdup_printf (_ ("A connection leaves by the output “%.80s”, which “%s” does not have. Draw it from another output."),
                                  edge->from_port, heddle_node_get_title (from)));
  if (to != NULL && to->type != NULL && heddle_vertex_is_active (link->to) && heddle_node_type_find_input (to->type, edge->to_port) == NULL &&
      !heddle_node_has_inner_input (to, edge->to_port))
    report_edge (problems, HEDDLE_SEVERITY_ERROR, to->id, edge->to_port,
                 g_strdup_printf (_ ("A connection arrives at the input “%.80s”, which “%s” does not have. Draw it to another input."),
                                  edge->to_port, heddle_node_get_title (to)));
}

static void
check_edges (HeddleGraph *self, GPtrArray *problems)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (self->links, i);

      check_ends (link, problems);
      check_ports (link, problems);
      if (g_hash_table_lookup (self->link_set, link) != link)
        report_edge (problems, HEDDLE_SEVERITY_WARNING, link->edge.to, link->edge.to_port,
                     g_strdup_printf (_ ("“%s” is connected to “%s” twice. Delete one of the two."), link->edge.from,
                                      link->edge.to));
    }
}

/* Those with exactly this of the flags in mask. */
static guint
count_flags (HeddleGraph *self, HeddleNodeFlags mask, HeddleNodeFlags flags)
{
  guint count = 0;

  for (guint i = 0; i < self->nodes->len; i++)
    {
      const HeddleNode *node = heddle_graph_get_node (self, i);

      count += node->type != NULL && node->mode != HEDDLE_NODE_OFF && (node->type->flags & mask) == flags;
    }
  return count;
}

static void
check_whole (HeddleGraph *self, GPtrArray *problems)
{
  guint n_starts = count_flags (self, HEDDLE_NODE_START, HEDDLE_NODE_START);
  guint n_inputs = count_flags (self, HEDDLE_NODE_START | HEDDLE_NODE_TRIGGER, HEDDLE_NODE_START);
  const char *message = NULL;

  if (self->nodes->len == 0)
    message = _ ("The workflow is empty. Add a node to begin.");
  else if (n_starts == 0)
    message = _ ("There is no Input node, so a run cannot be given anything. Add one if it should take a value.");
  else if (n_inputs > 1)
    message = _ ("There are several Input nodes. Each gets the same input; one is enough.");
  if (message != NULL)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, NULL, NULL, NULL, g_strdup (message));
  if (self->nodes->len > 0 && count_flags (self, HEDDLE_NODE_FINISH, HEDDLE_NODE_FINISH) == 0)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, NULL, NULL, NULL,
                             g_strdup (_ ("There is no Output node, so a run has no result. Add one at the end.")));
}

static gint64
get_place (HeddleGraph *self, const HeddleProblem *problem)
{
  const HeddleNode *node = problem->node != NULL ? heddle_graph_find_node (self, problem->node) : NULL;

  return node != NULL ? (gint64) node->index : -1;
}

/* The sort is stable, so problems of one node stay in the order of the checks. */
static int
compare_problems (gconstpointer a, gconstpointer b, gpointer data)
{
  const HeddleProblem *first = *(HeddleProblem *const *) a;
  const HeddleProblem *second = *(HeddleProblem *const *) b;
  gint64 difference;

  if (first->severity != second->severity)
    return first->severity < second->severity ? -1 : 1;
  difference = get_place (data, first) - get_place (data, second);
  return difference < 0 ? -1 : difference > 0;
}

static void
cut_short (GPtrArray *problems)
{
  guint rest = problems->len > MAX_PROBLEMS ? problems->len - MAX_PROBLEMS : 0;

  if (rest == 0)
    return;
  g_ptr_array_set_size (problems, MAX_PROBLEMS);
  heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, NULL, NULL, NULL,
                           g_strdup_printf (ngettext ("%u more problem is not listed. Correct those above first.",
                                                      "%u more problems are not listed. Correct those above first.", rest),
                                            rest));
}

GPtrArray *
heddle_graph_validate (HeddleGraph *self)
{
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
  g_autoptr (HeddleLoopSearch) loops = NULL;
  g_autoptr (GPtrArray) links = NULL;
  gboolean has_start;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  has_start = count_flags (self, HEDDLE_NODE_START, HEDDLE_NODE_START) > 0;
  check_whole (self, problems);
  heddle_graph_check_settings (self, problems);
  for (guint i = 0; i < self->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (self->nodes, i);

      if (!heddle_vertex_is_active (vertex))
        continue;
      check_node (vertex, problems);
      check_inputs (vertex, has_start, problems);
    }
  check_edges (self, problems);
  heddle_graph_check_modes (self, problems);
  heddle_graph_check_tools (self, problems);
  loops = heddle_graph_search_loops (self, NULL, NULL);
  links = heddle_graph_sort (self, loops);
  heddle_graph_check_containers (self, loops, problems);
  heddle_graph_check_cycles (self, loops, problems);
  heddle_graph_check_references (self, loops, links, problems);
  heddle_graph_check_errors (self, problems);
  heddle_graph_check_variables (self, links, problems);
  g_ptr_array_sort_with_data (problems, compare_problems, self);
  cut_short (problems);
  return g_steal_pointer (&problems);
}
