/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-node-type.h"

/* Two nodes that set one variable, neither before the other: what the variable is then is chance. */

/* Pairs that are looked at; more of them in one workflow would be told nobody anyway. */
#define MAX_PAIRS 64
/* Searches for what makes two of them exclude each other, each with as many outputs as an integer has bits. */
#define MAX_SEARCHES 16
#define N_BITS 64

typedef struct
{
  HeddleVertex *first, *second; /* as they are told */
  HeddleVertex *a, *b;          /* they or the frames around them that are beside each other */
  gboolean is_settled;          /* one precedes the other, or only one of them runs */
} Pair;

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
part (Pair *pair)
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
      Pair pair = { g_ptr_array_index (others, i), vertex, NULL, NULL, FALSE };

      if (part (&pair))
        g_array_append_val (pairs, pair);
    }
}

static GArray *
list_pairs (HeddleGraph *graph)
{
  g_autoptr (GHashTable) setters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));

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
      const Pair *pair = &g_array_index (pairs, Pair, i);

      bits[(forward ? pair->a : pair->b)->node->index] |= G_GUINT64_CONSTANT (1) << i;
    }
  heddle_links_spread (links, bits);
  for (guint i = 0; i < pairs->len; i++)
    {
      Pair *pair = &g_array_index (pairs, Pair, i);

      if ((bits[(forward ? pair->b : pair->a)->node->index] & G_GUINT64_CONSTANT (1) << i) != 0)
        pair->is_settled = TRUE;
    }
}

/* An output of a node that has several, by one of which it leaves. */
typedef struct
{
  const HeddleVertex *vertex;
  const char *port;
} Way;

/* G_MAXUINT: it is none of them. Those of one node follow each other, from first on. */
static guint
find_way (const GArray *ways, guint first, const HeddleLink *link)
{
  for (guint i = first; i < ways->len && g_array_index (ways, Way, i).vertex == link->from; i++)
    {
      if (strcmp (g_array_index (ways, Way, i).port, link->edge.from_port) == 0)
        return i;
    }
  return G_MAXUINT;
}

/* FALSE: there is no room for those of this node. */
static gboolean
add_ways (const HeddleVertex *vertex, GArray *ways)
{
  guint first = ways->len;
  gboolean fits;

  for (guint i = 0; i < vertex->out->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (vertex->out, i);
      Way way = { vertex, link->edge.from_port };

      if (heddle_link_is_flow (link) && find_way (ways, first, link) == G_MAXUINT)
        g_array_append_val (ways, way);
    }
  fits = ways->len <= N_BITS;
  if (!fits || ways->len < first + 2)
    g_array_set_size (ways, first);
  return fits;
}

/* By node: the ways without which it is not reached. */
static guint64 *
find_needed (HeddleGraph *graph, const GPtrArray *links, const GArray *ways)
{
  guint64 *needed = g_new0 (guint64, graph->nodes->len + 1);
  g_autofree gboolean *is_reached = g_new0 (gboolean, graph->nodes->len + 1);
  g_autofree guint *first = g_new (guint, graph->nodes->len + 1);

  for (guint i = 0; i < graph->nodes->len; i++)
    first[i] = ways->len;
  for (guint i = ways->len; i > 0; i--)
    first[g_array_index (ways, Way, i - 1).vertex->node->index] = i - 1;
  for (guint i = 0; i < links->len; i++)
    {
      const HeddleLink *link = g_ptr_array_index (links, i);
      guint to = link->to->node->index;
      guint way = find_way (ways, first[link->from->node->index], link);
      guint64 bits = needed[link->from->node->index] | (way != G_MAXUINT ? G_GUINT64_CONSTANT (1) << way : 0);

      needed[to] = is_reached[to] ? needed[to] & bits : bits;
      is_reached[to] = TRUE;
    }
  return needed;
}

/* Whether they need two outputs of one node. */
static gboolean
exclude_each_other (const GArray *ways, guint64 a, guint64 b)
{
  for (guint i = 0; i < ways->len; i++)
    {
      for (guint j = 0; (a & G_GUINT64_CONSTANT (1) << i) != 0 && j < ways->len; j++)
        {
          if (i != j && (b & G_GUINT64_CONSTANT (1) << j) != 0 && g_array_index (ways, Way, i).vertex == g_array_index (ways, Way, j).vertex)
            return TRUE;
        }
    }
  return FALSE;
}

static void
find_exclusion (HeddleGraph *graph, const GPtrArray *links, const GArray *ways, GArray *pairs)
{
  g_autofree guint64 *needed = find_needed (graph, links, ways);

  for (guint i = 0; i < pairs->len; i++)
    {
      Pair *pair = &g_array_index (pairs, Pair, i);

      if (exclude_each_other (ways, needed[pair->a->node->index], needed[pair->b->node->index]))
        pair->is_settled = TRUE;
    }
}

/* FALSE: there are too many nodes with several outputs to tell. */
static gboolean
find_exclusions (HeddleGraph *graph, const GPtrArray *links, GArray *pairs)
{
  g_autoptr (GArray) ways = g_array_new (FALSE, FALSE, sizeof (Way));
  guint n_searches = 0;

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);

      if (add_ways (vertex, ways))
        continue;
      if (++n_searches == MAX_SEARCHES)
        return FALSE;
      find_exclusion (graph, links, ways, pairs);
      g_array_set_size (ways, 0);
      add_ways (vertex, ways);
    }
  find_exclusion (graph, links, ways, pairs);
  return TRUE;
}

static gboolean
are_settled (const GArray *pairs)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      if (!g_array_index (pairs, Pair, i).is_settled)
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
  if (are_settled (pairs) || !find_exclusions (graph, links, pairs))
    return;
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);

      if (!pair->is_settled)
        heddle_problem_list_add (problems, HEDDLE_SEVERITY_WARNING, pair->second->id, NULL, "name",
                                 g_strdup_printf (_ ("“%s” sets the same variable, and neither comes before the other, so either value may be the last. Connect them one after the other."),
                                                  pair->first->id));
    }
}
