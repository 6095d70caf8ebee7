/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

#include <string.h>

/*
 * The order of the points in each layer. It is told by the nodes alone: where long edges pass follows from their
 * order. So a layout that is begun with the order that one has made goes the same way, and ends where it began: another
 * order is taken only if clearly fewer edges cross in it.
 */

#define SWEEPS 8
#define DUMMY_SWEEPS 4
/* One in so many crossings has to go at least, so that this ends soon. */
#define LEAST_GAIN 50

static HeddleLayoutRow *
get_row (HeddleLayout *layout, guint index)
{
  return &g_array_index (layout->rows, HeddleLayoutRow, index);
}

static int
compare_wish (gconstpointer a, gconstpointer b, gpointer data)
{
  double first = heddle_layout_get_point (data, *(const guint *) a)->wish;
  double second = heddle_layout_get_point (data, *(const guint *) b)->wish;

  return first < second ? -1 : first > second;
}

/* keeps_nodes: only dummies change their places. */
static void
order_row (HeddleLayout *layout, const HeddleLayoutRow *row, gboolean before, gboolean keeps_nodes)
{
  heddle_layout_make_wishes (layout, row, before, !before);
  for (guint i = 0; keeps_nodes && i < row->length; i++)
    {
      HeddleLayoutPoint *point = heddle_layout_get_point (layout, layout->line[row->first + i]);

      if (point->vertex != NULL)
        point->wish = point->y;
    }
  g_qsort_with_data (layout->line + row->first, (int) row->length, sizeof (guint), compare_wish, layout);
  heddle_layout_stack_row (layout, row);
}

static void
sweep (HeddleLayout *layout, gboolean forward, gboolean keeps_nodes)
{
  for (guint i = 0; i < layout->rows->len; i++)
    order_row (layout, get_row (layout, forward ? i : layout->rows->len - 1 - i), forward, keeps_nodes);
}

/* Rows as if there were no dummies, so that it depends on the order of the nodes alone. */
static void
stack_nodes (HeddleLayout *layout, const HeddleLayoutRow *row)
{
  double y = 0;

  for (guint i = 0; i < row->length; i++)
    {
      HeddleLayoutPoint *point = heddle_layout_get_point (layout, layout->line[row->first + i]);

      if (point->vertex == NULL)
        continue;
      point->wish = y + point->height / 2;
      y += point->height + HEDDLE_ROW_GAP;
    }
  for (guint i = 0; i < row->length; i++)
    heddle_layout_get_point (layout, layout->line[row->first + i])->wish -= y / 2;
}

/* A dummy begins between its ends: the parts of a long edge follow each other among the points. */
static void
pass_dummies (HeddleLayout *layout)
{
  for (guint i = 0; i < layout->points->len; i++)
    {
      HeddleLayoutPoint *point = heddle_layout_get_point (layout, i);
      guint first = i;
      guint target;
      double from, to;

      if (point->vertex != NULL)
        continue;
      from = heddle_layout_get_point (layout, heddle_layout_get_arc (layout, layout->before.items[layout->before.start[i]])->from)->wish;
      for (target = i; heddle_layout_get_point (layout, target)->vertex == NULL;)
        target = heddle_layout_get_arc (layout, layout->after.items[layout->after.start[target]])->to;
      to = heddle_layout_get_point (layout, target)->wish;
      while (i + 1 < layout->points->len && heddle_layout_get_point (layout, i + 1)->vertex == NULL &&
             heddle_layout_get_arc (layout, layout->before.items[layout->before.start[i + 1]])->from == i)
        i++;
      for (guint n = first; n <= i; n++)
        heddle_layout_get_point (layout, n)->wish = from + (to - from) * (n - first + 1) / (i - first + 2);
    }
}

static int
compare_nodes_first (gconstpointer a, gconstpointer b, gpointer data)
{
  guint first = *(const guint *) a;
  guint second = *(const guint *) b;
  int wish = compare_wish (a, b, data);

  return wish != 0 ? wish : first < second ? -1
                                           : first > second;
}

/* Puts the dummies where they belong in this order of the nodes. Returns how often edges cross then. */
static guint64
settle (HeddleLayout *layout)
{
  for (guint i = 0; i < layout->rows->len; i++)
    stack_nodes (layout, get_row (layout, i));
  pass_dummies (layout);
  for (guint i = 0; i < layout->rows->len; i++)
    {
      const HeddleLayoutRow *row = get_row (layout, i);

      /* Nodes have different wishes, so they keep their order. */
      g_qsort_with_data (layout->line + row->first, (int) row->length, sizeof (guint), compare_nodes_first, layout);
      heddle_layout_stack_row (layout, row);
    }
  for (guint i = 0; i < DUMMY_SWEEPS; i++)
    sweep (layout, i % 2 == 0, TRUE);
  return heddle_layout_count_crossings (layout);
}

static guint *
dup_line (HeddleLayout *layout)
{
  return g_memdup2 (layout->line, sizeof (guint) * (layout->points->len + 1));
}

static void
set_line (HeddleLayout *layout, const guint *line)
{
  memcpy (layout->line, line, sizeof (guint) * layout->points->len);
}

/* Leaves the order with the fewest crossings that barycenters lead to from the present one. */
static void
improve (HeddleLayout *layout, guint64 n_crossings)
{
  g_autofree guint *best = dup_line (layout);

  for (guint i = 0; i < SWEEPS; i++)
    {
      guint64 n;

      sweep (layout, i % 2 == 0, FALSE);
      n = heddle_layout_count_crossings (layout);
      if (n >= n_crossings)
        continue;
      n_crossings = n;
      g_free (best);
      best = dup_line (layout);
    }
  set_line (layout, best);
}

void
heddle_layout_order_rows (HeddleLayout *layout)
{
  guint64 n_crossings = settle (layout);
  g_autofree guint *best = dup_line (layout);

  while (n_crossings > 0)
    {
      guint64 n;

      improve (layout, n_crossings);
      n = settle (layout);
      if (n + MAX (n_crossings / LEAST_GAIN, 1) > n_crossings)
        break;
      n_crossings = n;
      g_free (best);
      best = dup_line (layout);
    }
  set_line (layout, best);
  settle (layout);
}
