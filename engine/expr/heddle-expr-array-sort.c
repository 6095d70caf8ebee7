/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-array.h"

#define RUN 32 /* elements that are sorted by insertion before runs are merged */

/*
 * A stable merge sort that asks the function in the same order as engines do, so that an
 * inconsistent one such as (a, b) => a > b gives what people are used to for short lists.
 */
typedef struct
{
  ExprEval *eval;
  ExprValue function;
  ExprValue *items;
  ExprValue *spare;
} Sorting;

static gboolean
is_less (Sorting *sorting, ExprValue a, ExprValue b)
{
  ExprValue args[] = { a, b };

  if (sorting->eval->failed)
    return FALSE;
  if (a.type == EXPR_UNDEFINED || b.type == EXPR_UNDEFINED)
    return a.type != EXPR_UNDEFINED;
  if (sorting->function.type == EXPR_FUNCTION)
    return expr_to_number (sorting->eval, expr_call (sorting->eval, sorting->function, args, G_N_ELEMENTS (args))) < 0;
  expr_eval_charge (sorting->eval, 1);
  return expr_text_compare (expr_to_text (sorting->eval, a), expr_to_text (sorting->eval, b)) < 0;
}

static void
reverse (ExprValue *from, ExprValue *to)
{
  for (to--; from < to; from++, to--)
    {
      ExprValue swapped = *from;

      *from = *to;
      *to = swapped;
    }
}

/* How many elements are in order already; strictly falling ones are turned round. */
static guint
count_run (Sorting *sorting, guint low, guint high)
{
  ExprValue *items = sorting->items;
  guint run = low + 1;
  gboolean falling;

  if (run == high)
    return 1;
  falling = is_less (sorting, items[run], items[low]);
  for (run++; run < high && is_less (sorting, items[run], items[run - 1]) == falling; run++)
    ;
  if (falling)
    reverse (items + low, items + run);
  return run - low;
}

static void
insert_range (Sorting *sorting, guint low, guint high)
{
  ExprValue *items = sorting->items;

  for (guint start = low + count_run (sorting, low, high); start < high && !sorting->eval->failed; start++)
    {
      ExprValue pivot = items[start];
      guint left = low, right = start;

      while (left < right)
        {
          guint middle = left + (right - left) / 2;

          if (is_less (sorting, pivot, items[middle]))
            right = middle;
          else
            left = middle + 1;
        }
      memmove (items + left + 1, items + left, (start - left) * sizeof (ExprValue));
      items[left] = pivot;
    }
}

static void
merge (Sorting *sorting, guint low, guint middle, guint high)
{
  guint left = low, right = middle;

  for (guint i = low; i < high; i++)
    {
      gboolean take_right = left == middle || (right < high && is_less (sorting, sorting->items[right], sorting->items[left]));

      sorting->spare[i] = sorting->items[take_right ? right++ : left++];
    }
  memcpy (sorting->items + low, sorting->spare + low, (high - low) * sizeof (ExprValue));
}

static void
sort_items (Sorting *sorting, guint length)
{
  for (guint low = 0; low < length; low += RUN)
    insert_range (sorting, low, MIN (low + RUN, length));
  for (gsize width = RUN; width < length && !sorting->eval->failed; width *= 2)
    {
      for (gsize low = 0; low + width < length; low += 2 * width)
        merge (sorting, (guint) low, (guint) (low + width), (guint) MIN (low + 2 * width, length));
    }
}

/* Moves what is undefined to the end, where it stays; returns the number of the others. */
static guint
set_aside_undefined (ExprValue *items, guint length)
{
  guint defined = 0;

  for (guint i = 0; i < length; i++)
    {
      if (items[i].type != EXPR_UNDEFINED)
        items[defined++] = items[i];
    }
  for (guint i = defined; i < length; i++)
    items[i] = EXPR_VALUE_UNDEFINED;
  return defined;
}

ExprValue
expr_array_sort (ExprEval *eval, const ExprCall *call)
{
  Sorting sorting = { eval, expr_arg (call, 0) };
  ExprList *sorted;

  if (call->self.type != EXPR_ARRAY || (sorting.function.type != EXPR_UNDEFINED && sorting.function.type != EXPR_FUNCTION))
    return expr_eval_fail (eval, _ ("sort() needs a list, and a function such as (a, b) => a - b or nothing"));
  sorted = expr_list_new (eval, 0);
  sorted->items = expr_list_dup_items (eval, call->self.list);
  sorting.items = sorted->items;
  sorting.spare = expr_list_dup_items (eval, call->self.list);
  if (eval->failed)
    return EXPR_VALUE_UNDEFINED;
  sorted->length = sorted->capacity = call->self.list->length;
  sort_items (&sorting, set_aside_undefined (sorted->items, sorted->length));
  return expr_list_value (sorted);
}
