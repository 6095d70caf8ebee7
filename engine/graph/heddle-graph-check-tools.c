/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-tool-spec.h"
#include "value/heddle-json.h"

/* Why a node can or cannot be a tool; the same for drawing an edge and for a file that has it. */

char *
heddle_graph_refuse_tool (const HeddleNode *source, const char *port)
{
  const char *title = heddle_node_get_title (source);

  if (source->type == NULL)
    return NULL;
  if (!heddle_node_type_can_be_tool (source->type))
    return g_strdup_printf (_ ("“%s” cannot be a tool. Connect one that can, such as HTTP, RAG, or another agent."), title);
  if (strcmp (port, heddle_node_get_default_output (source)) != 0)
    return g_strdup_printf (_ ("A tool is connected by its first output. Draw this from the first output of “%s”."), title);
  return NULL;
}

gboolean
heddle_vertex_has_flow (const HeddleVertex *vertex)
{
  for (guint i = 0; i < vertex->in->len; i++)
    {
      if (!heddle_link_is_tool (g_ptr_array_index (vertex->in, i)))
        return TRUE;
    }
  for (guint i = 0; i < vertex->out->len; i++)
    {
      if (!heddle_link_is_tool (g_ptr_array_index (vertex->out, i)))
        return TRUE;
    }
  return FALSE;
}

static void
check_mixing (const HeddleVertex *vertex, GPtrArray *problems)
{
  if (heddle_vertex_has_flow (vertex))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL, NULL,
                             g_strdup_printf (_ ("“%s” is a tool and a step of the flow at once. Delete either its connection to the tools of the agent or the others."),
                                              heddle_node_get_title (vertex->node)));
}

static void
check_link (const HeddleLink *link, GPtrArray *problems)
{
  char *reason = heddle_graph_refuse_tool (link->from->node, link->edge.from_port);

  if (reason != NULL)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, link->from->id, link->edge.from_port, NULL, reason);
}

static gboolean
is_good_name (const char *name)
{
  gsize length = strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-");

  return length > 0 && length <= 64 && name[length] == '\0';
}

/* Within an agent the model tells its tools apart by their names; what a server lists is not known yet. */
static void
check_name (const HeddleVertex *vertex, GHashTable *names, const char *agent, GPtrArray *problems)
{
  g_autoptr (JsonNode) spec = heddle_node_dup_tool_spec (vertex->node);
  const char *name = heddle_json_get_string (spec, "name", "");

  if (!is_good_name (name))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL, "tool",
                             g_strdup_printf (_ ("“%.80s” cannot be the name of a tool: use 1 to 64 letters A to Z, digits, “_” and “-”."), name));
  else if (vertex->node->type->list_tools == NULL && !g_hash_table_add (names, g_strdup (name)))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL, "tool",
                             g_strdup_printf (_ ("Two tools of “%s” are called “%s”. Give one of them another name."), agent, name));
}

static void
check_agent (const HeddleVertex *vertex, GPtrArray *problems)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < vertex->in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->in, i);

      if (!heddle_link_is_tool (link) || link->from->node == NULL || !heddle_vertex_is_active (link->from))
        continue;
      check_link (link, problems);
      if (heddle_node_type_can_be_tool (link->from->node->type))
        check_name (link->from, names, heddle_node_get_title (vertex->node), problems);
    }
}

void
heddle_graph_check_tools (HeddleGraph *graph, GPtrArray *problems)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);
      const HeddleNodeCheck *check = heddle_vertex_get_check (vertex);
      gboolean is_tool = heddle_vertex_is_tool (vertex);

      if (!heddle_vertex_is_active (vertex))
        continue;
      check_agent (vertex, problems);
      if (is_tool)
        check_mixing (vertex, problems);
      else if (check->args_param != NULL)
        heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, vertex->id, NULL, check->args_param,
                                 g_strdup (_ ("“$args” has a value only in a tool. Connect the node to the tools of an agent, or write $input.")));
    }
}
