/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-policy.h"

/* What is to happen after a failure has to lead somewhere. */

static gboolean
is_connected (HeddleVertex *vertex, const char *port)
{
  for (guint i = 0; i < vertex->out->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (vertex->out, i);

      if (strcmp (link->edge.from_port, port) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
check_route (HeddleVertex *vertex, GPtrArray *problems)
{
  const HeddleNode *node = vertex->node;

  if (heddle_policy_get_on_error (node->policy) != HEDDLE_ON_ERROR_ROUTE || is_connected (vertex, HEDDLE_ERROR_PORT))
    return;
  heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, node->id, HEDDLE_ERROR_PORT, "policy.on_error",
                           g_strdup (_ ("Nothing is connected to the output for errors, so a failure of this node fails the run. Connect it.")));
}

static void
check_handler (HeddleVertex *vertex, gboolean is_first, GPtrArray *problems)
{
  const HeddleNode *node = vertex->node;

  if (!is_first)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, node->id, NULL, NULL,
                             g_strdup (_ ("There is another Error Handler here, and a workflow, or a frame in it, has one at most. Delete one of them.")));
  if (vertex->out->len == 0)
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, node->id, NULL, NULL,
                             g_strdup (_ ("Nothing follows, so nothing happens when a node fails. Connect what is to be done then.")));
}

void
heddle_graph_check_errors (HeddleGraph *graph, GPtrArray *problems)
{
  g_autoptr (GHashTable) handled = g_hash_table_new (NULL, NULL); /* set of vertices of frames, NULL for the workflow */

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);

      if (vertex->node->type == NULL || !heddle_vertex_is_active (vertex))
        continue;
      check_route (vertex, problems);
      if ((vertex->node->type->flags & HEDDLE_NODE_HANDLER) == 0)
        continue;
      check_handler (vertex, g_hash_table_add (handled, vertex->parent), problems);
    }
}

/* Those that the error handlers lead to: nobody knows what has run before them, so they may name any node. */
gboolean *
heddle_graph_list_handled (HeddleGraph *graph)
{
  gboolean *handled = g_new0 (gboolean, graph->nodes->len + 1);
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);

      handled[i] = vertex->node->type != NULL && (vertex->node->type->flags & HEDDLE_NODE_HANDLER) != 0;
      if (handled[i])
        g_ptr_array_add (queue, vertex);
    }
  for (guint next = 0; next < queue->len; next++)
    {
      HeddleVertex *vertex = g_ptr_array_index (queue, next);

      for (guint i = 0; i < vertex->out->len; i++)
        {
          const HeddleLink *link = g_ptr_array_index (vertex->out, i);

          if (!heddle_link_is_flow (link) || handled[link->to->node->index])
            continue;
          handled[link->to->node->index] = TRUE;
          g_ptr_array_add (queue, link->to);
        }
    }
  return handled;
}
