/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-grid.h"

#include <math.h>

#define CELL_SIZE 512.0
#define MAX_CELLS 256 /* what would lie in more is kept aside */

struct _HeddleCanvasGrid
{
  GHashTable *cells; /* gint64 key → GPtrArray of things */
  GPtrArray *large;  /* part of every answer; a file may put nodes a hundred million units apart */
};

typedef struct
{
  int left, top, right, bottom; /* inclusive */
} CellRange;

static CellRange
range_of (const graphene_rect_t *bounds)
{
  return (CellRange){
    (int) floor (bounds->origin.x / CELL_SIZE),
    (int) floor (bounds->origin.y / CELL_SIZE),
    (int) floor ((bounds->origin.x + bounds->size.width) / CELL_SIZE),
    (int) floor ((bounds->origin.y + bounds->size.height) / CELL_SIZE),
  };
}

static gint64
count_cells (const CellRange *range)
{
  return ((gint64) range->right - range->left + 1) * ((gint64) range->bottom - range->top + 1);
}

static gint64
cell_key (int column, int row)
{
  return (gint64) ((guint64) (guint32) column << 32 | (guint32) row);
}

HeddleCanvasGrid *
heddle_canvas_grid_new (void)
{
  HeddleCanvasGrid *self = g_new0 (HeddleCanvasGrid, 1);

  self->cells = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->large = g_ptr_array_new ();
  return self;
}

void
heddle_canvas_grid_free (HeddleCanvasGrid *self)
{
  g_ptr_array_unref (self->large);
  g_hash_table_unref (self->cells);
  g_free (self);
}

static GPtrArray *
ensure_cell (HeddleCanvasGrid *self, int column, int row)
{
  gint64 key = cell_key (column, row);
  GPtrArray *cell = g_hash_table_lookup (self->cells, &key);

  if (cell == NULL)
    {
      cell = g_ptr_array_new ();
      g_hash_table_insert (self->cells, g_memdup2 (&key, sizeof key), cell);
    }
  return cell;
}

/* The pieces of a curve follow each other, so its last entry tells whether it is in already. */
static void
add_once (GPtrArray *things, gpointer thing)
{
  if (things->len == 0 || things->pdata[things->len - 1] != thing)
    g_ptr_array_add (things, thing);
}

void
heddle_canvas_grid_insert (HeddleCanvasGrid *self, gpointer thing, const graphene_rect_t *bounds)
{
  CellRange range = range_of (bounds);

  if (count_cells (&range) > MAX_CELLS)
    {
      add_once (self->large, thing);
      return;
    }
  for (int row = range.top; row <= range.bottom; row++)
    for (int column = range.left; column <= range.right; column++)
      add_once (ensure_cell (self, column, row), thing);
}

void
heddle_canvas_grid_remove (HeddleCanvasGrid *self, gpointer thing, const graphene_rect_t *bounds)
{
  CellRange range = range_of (bounds);

  if (count_cells (&range) > MAX_CELLS)
    {
      while (g_ptr_array_remove_fast (self->large, thing))
        ;
      return;
    }
  for (int row = range.top; row <= range.bottom; row++)
    for (int column = range.left; column <= range.right; column++)
      {
        gint64 key = cell_key (column, row);
        GPtrArray *cell = g_hash_table_lookup (self->cells, &key);

        if (cell == NULL)
          continue;
        while (g_ptr_array_remove_fast (cell, thing))
          ;
        if (cell->len == 0)
          g_hash_table_remove (self->cells, &key);
      }
}

static void
visit (GPtrArray *cell, HeddleCanvasGridFunc func, gpointer user_data)
{
  for (guint i = 0; i < cell->len; i++)
    func (cell->pdata[i], user_data);
}

/* When the area has more cells than are in use, looking through those in use is shorter. */
static void
query_all_cells (HeddleCanvasGrid *self, const CellRange *range, HeddleCanvasGridFunc func, gpointer user_data)
{
  GHashTableIter iter;
  gpointer key, cell;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &key, &cell))
    {
      int column = (int) (*(gint64 *) key >> 32);
      int row = (int) (gint32) (*(gint64 *) key & 0xffffffff);

      if (column >= range->left && column <= range->right && row >= range->top && row <= range->bottom)
        visit (cell, func, user_data);
    }
}

void
heddle_canvas_grid_query (HeddleCanvasGrid *self, const graphene_rect_t *area, HeddleCanvasGridFunc func, gpointer user_data)
{
  CellRange range = range_of (area);

  visit (self->large, func, user_data);
  if (count_cells (&range) > g_hash_table_size (self->cells))
    {
      query_all_cells (self, &range, func, user_data);
      return;
    }
  for (int row = range.top; row <= range.bottom; row++)
    for (int column = range.left; column <= range.right; column++)
      {
        gint64 key = cell_key (column, row);
        GPtrArray *cell = g_hash_table_lookup (self->cells, &key);

        if (cell != NULL)
          visit (cell, func, user_data);
      }
}
