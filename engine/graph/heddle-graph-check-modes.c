/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>

/* What takes part in runs; and values of modes and looks that this version does not know, which the file keeps. */

/* A file can have nodes that are in each other, so the way up is not followed for ever. */
gboolean
heddle_vertex_is_active (const HeddleVertex *vertex)
{
  for (guint i = 0; vertex != NULL && vertex->node != NULL && i <= HEDDLE_MAX_NESTING; i++)
    {
      if (vertex->node->mode != HEDDLE_NODE_ON)
        return FALSE;
      vertex = vertex->parent;
    }
  return TRUE;
}

gboolean
heddle_graph_is_active (HeddleGraph *self, const char *id)
{
  const HeddleVertex *vertex;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  vertex = heddle_graph_find_vertex (self, id);
  return vertex != NULL && vertex->node != NULL && heddle_vertex_is_active (vertex);
}

static gboolean
has_unknown (JsonObject *extra, const char *name)
{
  return extra != NULL && json_object_has_member (extra, name);
}

static char *
describe_collapsed (const char *id)
{
  return g_strdup_printf (_ ("“collapsed” of “%.80s” must be true or false. It is shown open."), id);
}

/* What is not to run as usual must not run because it is not understood. */
static void
check_node (const HeddleNode *node, GPtrArray *problems)
{
  if (has_unknown (node->extra, "mode"))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, node->id, NULL, NULL,
                             g_strdup (_ ("This Heddle does not know the “mode” of the node. It can be “off” or “bypass”. Turn the node on or off.")));
  if (has_unknown (node->extra, "collapsed"))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, node->id, NULL, NULL, describe_collapsed (node->id));
}

void
heddle_graph_check_modes (HeddleGraph *self, GPtrArray *problems)
{
  for (guint i = 0; i < self->nodes->len; i++)
    check_node (heddle_graph_get_node (self, i), problems);
  for (guint i = 0; i < self->links->len; i++)
    {
      const HeddleEdge *edge = heddle_graph_get_edge (self, i);

      if (has_unknown (edge->extra, "via"))
        heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, edge->to, edge->to_port, NULL,
                                 g_strdup_printf (_ ("“via” of the connection from “%.80s” must be a list of points, each of them two numbers. Its line finds its own way."), edge->from));
    }
  for (guint i = 0; i < self->annotations->len; i++)
    {
      const HeddleAnnotation *annotation = heddle_graph_get_annotation (self, i);

      if (has_unknown (annotation->extra, "collapsed"))
        heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, NULL, NULL, NULL, describe_collapsed (annotation->id));
    }
}
