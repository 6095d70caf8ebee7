/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

#define PLACE_SWEEPS 4

static double
get_distance (const HeddleLayoutPoint *above, const HeddleLayoutPoint *below)
{
  return (above->height + below->height) / 2 + HEDDLE_ROW_GAP;
}

void
heddle_layout_stack_row (HeddleLayout *layout, const HeddleLayoutRow *row)
{
  double y = 0;

  for (guint i = 0; i < row->length; i++)
    {
      HeddleLayoutPoint *point = heddle_layout_get_point (layout, layout->line[row->first + i]);

      if (i > 0)
        y += get_distance (heddle_layout_get_point (layout, layout->line[row->first + i - 1]), point);
      point->y = y;
    }
  for (guint i = 0; i < row->length; i++)
    heddle_layout_get_point (layout, layout->line[row->first + i])->y -= y / 2;
}

static void
add_wishes (HeddleLayout *layout, const HeddleLayoutIndex *index, guint point, gboolean before, double *sum, guint *count)
{
  for (guint i = index->start[point]; i < index->start[point + 1]; i++)
    {
      const HeddleLayoutArc *arc = heddle_layout_get_arc (layout, index->items[i]);

      *sum += before ? heddle_layout_get_point (layout, arc->from)->y + arc->from_offset - arc->to_offset
                     : heddle_layout_get_point (layout, arc->to)->y + arc->to_offset - arc->from_offset;
      (*count)++;
    }
}

/* The middle of its neighbours before or behind or both; where there are none it stays. */
void
heddle_layout_make_wishes (HeddleLayout *layout, const HeddleLayoutRow *row, gboolean before, gboolean after)
{
  for (guint i = 0; i < row->length; i++)
    {
      guint point = layout->line[row->first + i];
      double sum = 0;
      guint count = 0;

      if (before)
        add_wishes (layout, &layout->before, point, TRUE, &sum, &count);
      if (after)
        add_wishes (layout, &layout->after, point, FALSE, &sum, &count);
      heddle_layout_get_point (layout, point)->wish = count > 0 ? sum / count : heddle_layout_get_point (layout, point)->y;
    }
}

/* Neighbours that want to be nearer than they may move together, to the mean of their wishes. */
typedef struct
{
  double sum;
  guint count;
} Block;

static double
block_mean (const Block *block)
{
  return block->sum / block->count;
}

/* Least squares under the row's order and distances (pool adjacent violators). */
static void
place_row (HeddleLayout *layout, const HeddleLayoutRow *row, Block *blocks)
{
  guint n_blocks = 0;
  guint next = 0;
  double stacked = 0;

  for (guint i = 0; i < row->length; i++)
    {
      HeddleLayoutPoint *point = heddle_layout_get_point (layout, layout->line[row->first + i]);

      if (i > 0)
        stacked += get_distance (heddle_layout_get_point (layout, layout->line[row->first + i - 1]), point);
      point->y = stacked;
      blocks[n_blocks].sum = point->wish - stacked;
      blocks[n_blocks++].count = 1;
      while (n_blocks > 1 && block_mean (&blocks[n_blocks - 2]) > block_mean (&blocks[n_blocks - 1]))
        {
          n_blocks--;
          blocks[n_blocks - 1].sum += blocks[n_blocks].sum;
          blocks[n_blocks - 1].count += blocks[n_blocks].count;
        }
    }
  for (guint b = 0; b < n_blocks; b++)
    {
      for (guint i = 0; i < blocks[b].count; i++)
        heddle_layout_get_point (layout, layout->line[row->first + next++])->y += block_mean (&blocks[b]);
    }
}

void
heddle_layout_place_rows (HeddleLayout *layout)
{
  g_autofree Block *blocks = g_new (Block, layout->points->len + 1);

  for (guint sweep = 0; sweep <= 2 * PLACE_SWEEPS; sweep++)
    {
      gboolean before = sweep % 2 == 0;
      gboolean is_last = sweep == 2 * PLACE_SWEEPS;

      for (guint i = 0; i < layout->rows->len; i++)
        {
          const HeddleLayoutRow *row = &g_array_index (layout->rows, HeddleLayoutRow, before ? i : layout->rows->len - 1 - i);

          heddle_layout_make_wishes (layout, row, before || is_last, !before || is_last);
          place_row (layout, row, blocks);
        }
    }
}
