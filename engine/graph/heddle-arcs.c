/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-arcs.h"

/* Tarjan's search. */
typedef struct
{
  guint *start;   /* of a point's arcs in targets; one more than points */
  guint *targets; /* where the arcs lead, by where they come from */
  guint *next;    /* a point's next arc to follow */
  guint *seen;    /* when a point was first seen, from 1; 0: not yet */
  guint *low;     /* the earliest seen point that it leads back to */
  guint *component;
  guint n_seen, n_components;
  GArray *path;    /* points being followed */
  GArray *pending; /* points without a component */
} Search;

static void
search_init (Search *search, guint n_points, const HeddleArc *arcs, guint n_arcs)
{
  search->start = g_new0 (guint, n_points + 1);
  search->targets = g_new (guint, n_arcs + 1);
  for (guint i = 0; i < n_arcs; i++)
    search->start[arcs[i].from + 1]++;
  for (guint i = 0; i < n_points; i++)
    search->start[i + 1] += search->start[i];
  search->next = g_memdup2 (search->start, sizeof (guint) * (n_points + 1));
  for (guint i = 0; i < n_arcs; i++)
    search->targets[search->next[arcs[i].from]++] = arcs[i].to;
  for (guint i = 0; i < n_points; i++)
    search->next[i] = search->start[i];
  search->seen = g_new0 (guint, n_points + 1);
  search->low = g_new0 (guint, n_points + 1);
  search->component = g_new (guint, n_points + 1);
  for (guint i = 0; i < n_points; i++)
    search->component[i] = G_MAXUINT;
  search->path = g_array_new (FALSE, FALSE, sizeof (guint));
  search->pending = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
search_clear (Search *search)
{
  g_free (search->start);
  g_free (search->targets);
  g_free (search->next);
  g_free (search->seen);
  g_free (search->low);
  g_array_unref (search->path);
  g_array_unref (search->pending);
}

static void
enter (Search *search, guint point)
{
  search->seen[point] = search->low[point] = ++search->n_seen;
  g_array_append_val (search->path, point);
  g_array_append_val (search->pending, point);
}

static void
leave (Search *search, guint point)
{
  g_array_set_size (search->path, search->path->len - 1);
  if (search->path->len > 0)
    {
      guint before = g_array_index (search->path, guint, search->path->len - 1);

      search->low[before] = MIN (search->low[before], search->low[point]);
    }
  if (search->low[point] != search->seen[point])
    return;

  while (search->component[point] == G_MAXUINT)
    {
      guint last = g_array_index (search->pending, guint, search->pending->len - 1);

      search->component[last] = search->n_components;
      g_array_set_size (search->pending, search->pending->len - 1);
    }
  search->n_components++;
}

static void
follow_from (Search *search, guint root)
{
  enter (search, root);
  while (search->path->len > 0)
    {
      guint point = g_array_index (search->path, guint, search->path->len - 1);
      guint target;

      if (search->next[point] == search->start[point + 1])
        {
          leave (search, point);
          continue;
        }
      target = search->targets[search->next[point]++];
      if (search->seen[target] == 0)
        enter (search, target);
      else if (search->component[target] == G_MAXUINT)
        search->low[point] = MIN (search->low[point], search->seen[target]);
    }
}

guint *
heddle_arcs_find_components (guint n_points, const HeddleArc *arcs, guint n_arcs, guint *n_components)
{
  Search search = { 0 };

  search_init (&search, n_points, arcs, n_arcs);
  for (guint i = 0; i < n_points; i++)
    {
      if (search.seen[i] == 0)
        follow_from (&search, i);
    }
  *n_components = search.n_components;
  search_clear (&search);
  return search.component;
}
