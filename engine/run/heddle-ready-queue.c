/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-ready-queue.h"

#include "run/heddle-scope-run.h"

static HeddleReadyStep *
step_at (const HeddleReadyQueue *queue, guint place)
{
  return &g_array_index (queue->steps, HeddleReadyStep, place);
}

static gboolean
comes_first (const HeddleReadyStep *a, const HeddleReadyStep *b)
{
  if (a->priority != b->priority)
    return a->priority > b->priority;
  if (a->top != b->top)
    return a->top < b->top;
  if (a->serial != b->serial)
    return a->serial < b->serial;
  return a->index < b->index;
}

static void
clear_step (gpointer data)
{
  HeddleReadyStep *step = data;

  g_clear_pointer (&step->scope, heddle_scope_run_unref);
}

void
heddle_ready_queue_init (HeddleReadyQueue *queue)
{
  queue->steps = g_array_new (FALSE, FALSE, sizeof (HeddleReadyStep));
  g_array_set_clear_func (queue->steps, clear_step);
}

void
heddle_ready_queue_clear (HeddleReadyQueue *queue)
{
  g_clear_pointer (&queue->steps, g_array_unref);
}

gboolean
heddle_ready_queue_is_empty (const HeddleReadyQueue *queue)
{
  return queue->steps->len == 0;
}

guint
heddle_ready_queue_get_length (const HeddleReadyQueue *queue)
{
  return queue->steps->len;
}

static void
swap (HeddleReadyStep *a, HeddleReadyStep *b)
{
  HeddleReadyStep kept = *a;

  *a = *b;
  *b = kept;
}

void
heddle_ready_queue_push (HeddleReadyQueue *queue, const HeddleReadyStep *step)
{
  guint place = queue->steps->len;

  g_array_append_val (queue->steps, *step);
  while (place > 0 && comes_first (step_at (queue, place), step_at (queue, (place - 1) / 2)))
    {
      swap (step_at (queue, place), step_at (queue, (place - 1) / 2));
      place = (place - 1) / 2;
    }
}

static void
sink (HeddleReadyQueue *queue)
{
  guint place = 0;

  for (guint child = 1; child < queue->steps->len; child = 2 * place + 1)
    {
      if (child + 1 < queue->steps->len && comes_first (step_at (queue, child + 1), step_at (queue, child)))
        child++;
      if (comes_first (step_at (queue, place), step_at (queue, child)))
        return;
      swap (step_at (queue, place), step_at (queue, child));
      place = child;
    }
}

HeddleReadyStep
heddle_ready_queue_pop (HeddleReadyQueue *queue)
{
  HeddleReadyStep first;

  g_assert (queue->steps->len > 0);

  first = *step_at (queue, 0);
  *step_at (queue, 0) = *step_at (queue, queue->steps->len - 1);
  step_at (queue, queue->steps->len - 1)->scope = NULL;
  g_array_set_size (queue->steps, queue->steps->len - 1);
  sink (queue);
  return first;
}
