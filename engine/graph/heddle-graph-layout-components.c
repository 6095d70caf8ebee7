/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

/* Parts of a graph that no edge joins. */

static guint
find_root (guint *parents, guint point)
{
  while (parents[point] != point)
    {
      parents[point] = parents[parents[point]];
      point = parents[point];
    }
  return point;
}

typedef struct
{
  guint root;
  double top;
} Component;

static int
compare_components (gconstpointer a, gconstpointer b)
{
  const Component *first = a;
  const Component *second = b;

  if (first->top != second->top)
    return first->top < second->top ? -1 : 1;
  return first->root < second->root ? -1 : first->root > second->root;
}

/* Components are numbered as they lie below each other now. */
static void
number_components (HeddleLayout *layout)
{
  guint n_points = layout->points->len;
  g_autofree guint *places = g_new0 (guint, n_points + 1);
  g_autoptr (GArray) components = g_array_new (FALSE, FALSE, sizeof (Component));

  for (guint i = 0; i < n_points; i++)
    {
      const HeddleLayoutPoint *point = heddle_layout_get_point (layout, i);
      double top = point->present - point->height / 2;
      Component component = { i, top };

      if (point->component == i)
        {
          places[i] = components->len;
          g_array_append_val (components, component);
        }
      else if (point->component != G_MAXUINT)
        {
          Component *own = &g_array_index (components, Component, places[point->component]);

          own->top = MIN (own->top, top);
        }
    }
  g_array_sort (components, compare_components);
  for (guint i = 0; i < components->len; i++)
    places[g_array_index (components, Component, i).root] = i;
  for (guint i = 0; i < n_points; i++)
    {
      HeddleLayoutPoint *point = heddle_layout_get_point (layout, i);

      if (point->component != G_MAXUINT)
        point->component = places[point->component];
    }
}

void
heddle_layout_find_components (HeddleLayout *layout)
{
  guint n_points = layout->points->len;
  g_autofree guint *parents = g_new (guint, n_points + 1);

  for (guint i = 0; i < n_points; i++)
    parents[i] = i;
  for (guint i = 0; i < layout->arcs->len; i++)
    {
      guint a = find_root (parents, heddle_layout_get_arc (layout, i)->from);
      guint b = find_root (parents, heddle_layout_get_arc (layout, i)->to);

      parents[MAX (a, b)] = MIN (a, b);
    }
  for (guint i = 0; i < n_points; i++)
    {
      gboolean is_alone = layout->before.start[i] == layout->before.start[i + 1] &&
                          layout->after.start[i] == layout->after.start[i + 1];

      heddle_layout_get_point (layout, i)->component = is_alone ? G_MAXUINT : find_root (parents, i);
    }
  number_components (layout);
}
