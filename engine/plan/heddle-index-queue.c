/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/heddle-index-queue.h"

void
heddle_index_queue_init (HeddleIndexQueue *queue)
{
  queue->keys = g_array_new (FALSE, FALSE, sizeof (guint64));
}

void
heddle_index_queue_clear (HeddleIndexQueue *queue)
{
  g_clear_pointer (&queue->keys, g_array_unref);
}

gboolean
heddle_index_queue_is_empty (const HeddleIndexQueue *queue)
{
  return queue->keys->len == 0;
}

void
heddle_index_queue_push (HeddleIndexQueue *queue, guint64 key)
{
  guint64 *keys;
  guint hole = queue->keys->len;

  g_array_append_val (queue->keys, key);
  keys = (guint64 *) (gpointer) queue->keys->data;
  for (; hole > 0 && keys[(hole - 1) / 2] > key; hole = (hole - 1) / 2)
    keys[hole] = keys[(hole - 1) / 2];
  keys[hole] = key;
}

static guint
smaller_child (const guint64 *keys, guint n, guint parent)
{
  guint child = 2 * parent + 1;

  return child + 1 < n && keys[child + 1] < keys[child] ? child + 1 : child;
}

guint64
heddle_index_queue_pop (HeddleIndexQueue *queue)
{
  guint64 *keys = (guint64 *) (gpointer) queue->keys->data;
  guint n = queue->keys->len;
  guint64 first, last;
  guint hole = 0;

  g_assert (n > 0);

  first = keys[0];
  last = keys[--n];
  while (2 * hole + 1 < n)
    {
      guint child = smaller_child (keys, n, hole);

      if (keys[child] >= last)
        break;
      keys[hole] = keys[child];
      hole = child;
    }
  keys[hole] = last;
  g_array_set_size (queue->keys, n);
  return first;
}
