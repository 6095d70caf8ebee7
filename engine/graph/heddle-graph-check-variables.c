/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-ways.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-node-type.h"

/* Two nodes that set one variable, neither before the other: what the variable is then is chance. */

/* Pairs that are looked at; more of them in one workflow would be told nobody anyway. */
#define MAX_PAIRS 64

/* "run.counter", or NULL: it sets no variable, or in a way that loses nothing. */
static char *
name_variable (const HeddleNode *node)
{
  const char *name = heddle_params_get_string (node->params, "name", "");

  if (strcmp (node->type_id, "variable") != 0 || *name == '\0' || strstr (name, "{{") != NULL ||
      strcmp (heddle_params_get_string (node->params, "operation", "set"), "set") != 0)
    return NULL;
  return g_strconcat (heddle_params_get_string (node->params, "scope", "run"), ".", name, NULL);
}

/* Finds the nodes, or frames around them, that are beside each other; FALSE: they are in one another. */
static gboolean
part (HeddlePair *pair)
{
  for (HeddleVertex *vertex = pair->first; vertex != NULL && vertex->node != NULL; vertex = vertex->parent)
    {
      HeddleVertex *beside = heddle_vertex_lift_beside (pair->second, vertex);

      if (beside == NULL)
        continue;
      pair->a = vertex;
      pair->b = beside;
      return vertex != beside;
    }
  return FALSE;
}

static void
add_pairs (HeddleVertex *vertex, GPtrArray *others, GArray *pairs)
{
  for (guint i = 0; i < others->len && pairs->len < MAX_PAIRS; i++)
    {
      HeddlePair pair = { .first = g_ptr_array_index (others, i), .second = vertex };

      if (part (&pair))
        g_array_append_val (pairs, pair);
    }
}

static GArray *
list_pairs (HeddleGraph *graph)
{
  g_autoptr (GHashTable) setters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (HeddlePair));

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);
      g_autofree char *name = name_variable (vertex->node);
      GPtrArray *others = name != NULL ? g_hash_table_lookup (setters, name) : NULL;

      if (name == NULL)
        continue;
      if (others == NULL)
        {
          others = g_ptr_array_new ();
          g_hash_table_insert (setters, g_steal_pointer (&name), others);
        }
      add_pairs (vertex, others, pairs);
      g_ptr_array_add (others, vertex);
    }
  return pairs;
}

/* One bit for each pair: it goes from one of the two along the edges, and the other has it then if it is behind. */
static void
find_order (HeddleGraph *graph, const GPtrArray *links, GArray *pairs, gboolean forward)
{
  g_autofree guint64 *bits = g_new0 (guint64, graph->nodes->len + 1);

  for (guint i = 0; i < pairs->len; i++)
    {
      const HeddlePair *pair = &g_array_index (pairs, HeddlePair, i);

      bits[(forward ? pair->a : pair->b)->node->index] |= G_GUINT64_CONSTANT (1) << i;
    }
  heddle_links_spread (links, bits);
  for (guint i = 0; i < pairs->len; i++)
    {
      HeddlePair *pair = &g_array_index (pairs, HeddlePair, i);

      if ((bits[(forward ? pair->b : pair->a)->node->index] & G_GUINT64_CONSTANT (1) << i) != 0)
        pair->is_settled = TRUE;
    }
}

static gboolean
are_settled (const GArray *pairs)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      if (!g_array_index (pairs, HeddlePair, i).is_settled)
        return FALSE;
    }
  return TRUE;
}

void
heddle_graph_check_variables (HeddleGraph *graph, const GPtrArray *links, GPtrArray *problems)
{
  g_autoptr (GArray) pairs = list_pairs (graph);

  if (pairs->len == 0 || links == NULL)
    return;
  find_order (graph, links, pairs, TRUE);
  find_order (graph, links, pairs, FALSE);
  if (are_settled (pairs) || !heddle_graph_find_exclusions (graph, links, pairs))
    return;
  for (guint i = 0; i < pairs->len; i++)
    {
      const HeddlePair *pair = &g_array_index (pairs, HeddlePair, i);

      if (!pair->is_settled)
        heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, pair->second->id, NULL, "name",
                                 g_strdup_printf (_ ("“%s” sets the same variable, and neither comes before the other, so either value may be the last. Connect them one after the other."),
                                                  pair->first->id));
    }
}
