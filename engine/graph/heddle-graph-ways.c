/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-ways.h"

#include <string.h>

/* Searches, each with as many outputs as an integer has bits. */
#define MAX_SEARCHES 16
#define N_BITS 64

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

/* Of a node, or of an edge that leaves it. */
static guint64
get_needed (const guint64 *needed, const GArray *ways, const HeddleVertex *vertex, const HeddleLink *link)
{
  guint64 bits = needed[vertex->node->index];

  for (guint i = 0; link != NULL && i < ways->len; i++)
    {
      const Way *way = &g_array_index (ways, Way, i);

      if (way->vertex == vertex && strcmp (way->port, link->edge.from_port) == 0)
        bits |= G_GUINT64_CONSTANT (1) << i;
    }
  return bits;
}

static void
find_exclusion (HeddleGraph *graph, const GPtrArray *links, const GArray *ways, GArray *pairs)
{
  g_autofree guint64 *needed = find_needed (graph, links, ways);

  for (guint i = 0; i < pairs->len; i++)
    {
      HeddlePair *pair = &g_array_index (pairs, HeddlePair, i);

      if (exclude_each_other (ways, get_needed (needed, ways, pair->a, pair->a_link), get_needed (needed, ways, pair->b, pair->b_link)))
        pair->is_settled = TRUE;
    }
}

gboolean
heddle_graph_find_exclusions (HeddleGraph *graph, const GPtrArray *links, GArray *pairs)
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
