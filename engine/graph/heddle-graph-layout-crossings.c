/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

#include <string.h>

/* How often the edges between two layers cross: how many pairs of them end in the other order than they begin. */

typedef struct
{
  double from, to; /* places of the ports, from the top */
} Line;

/* Ports of one point are less far from its middle than this. */
#define POINT_HEIGHT (4 * HEDDLE_CANVAS_LIMIT)

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const Line *first = a;
  const Line *second = b;

  if (first->from != second->from)
    return first->from < second->from ? -1 : 1;
  return first->to < second->to ? -1 : first->to > second->to;
}

/* Sorts the ends, counting how many of them each passes. */
static guint64
merge_ends (double *ends, double *buffer, guint length)
{
  guint half = length / 2;
  guint64 n_passed;
  guint left = 0;
  guint right = half;

  if (length < 2)
    return 0;
  n_passed = merge_ends (ends, buffer, half) + merge_ends (ends + half, buffer, length - half);
  for (guint i = 0; i < length; i++)
    {
      gboolean takes_left = right == length || (left < half && ends[left] <= ends[right]);

      if (!takes_left)
        n_passed += half - left;
      buffer[i] = takes_left ? ends[left++] : ends[right++];
    }
  memcpy (ends, buffer, length * sizeof (double));
  return n_passed;
}

static void
collect_lines (HeddleLayout *layout, const HeddleLayoutRow *row, GArray *lines)
{
  g_array_set_size (lines, 0);
  for (guint i = 0; i < row->length; i++)
    {
      guint point = layout->line[row->first + i];
      const HeddleLayoutPoint *from = heddle_layout_get_point (layout, point);

      for (guint j = layout->after.start[point]; j < layout->after.start[point + 1]; j++)
        {
          const HeddleLayoutArc *arc = heddle_layout_get_arc (layout, layout->after.items[j]);
          const HeddleLayoutPoint *to = heddle_layout_get_point (layout, arc->to);
          Line line = { from->rank * POINT_HEIGHT + arc->from_offset, to->rank * POINT_HEIGHT + arc->to_offset };

          if (to->layer == from->layer + 1)
            g_array_append_val (lines, line);
        }
    }
}

static guint64
count_in_row (GArray *lines, GArray *ends)
{
  g_array_sort (lines, compare_lines);
  g_array_set_size (ends, 2 * lines->len);
  for (guint i = 0; i < lines->len; i++)
    g_array_index (ends, double, i) = g_array_index (lines, Line, i).to;
  return merge_ends ((double *) ends->data, (double *) ends->data + lines->len, lines->len);
}

static void
number_points (HeddleLayout *layout)
{
  for (guint i = 0; i < layout->rows->len; i++)
    {
      const HeddleLayoutRow *row = &g_array_index (layout->rows, HeddleLayoutRow, i);

      for (guint j = 0; j < row->length; j++)
        heddle_layout_get_point (layout, layout->line[row->first + j])->rank = j;
    }
}

guint64
heddle_layout_count_crossings (HeddleLayout *layout)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (double));
  guint64 n_crossings = 0;

  number_points (layout);
  for (guint i = 0; i < layout->rows->len; i++)
    {
      collect_lines (layout, &g_array_index (layout->rows, HeddleLayoutRow, i), lines);
      n_crossings += count_in_row (lines, ends);
    }
  return n_crossings;
}
