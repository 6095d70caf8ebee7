/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* Numbers, smallest first: a binary heap. Not thread-safe. */
typedef struct
{
  GArray *keys; /* of guint64 */
} HeddleIndexQueue;

void heddle_index_queue_init (HeddleIndexQueue *queue);
void heddle_index_queue_clear (HeddleIndexQueue *queue);
gboolean heddle_index_queue_is_empty (const HeddleIndexQueue *queue);
void heddle_index_queue_push (HeddleIndexQueue *queue, guint64 key);
/* Takes the smallest; the queue must not be empty. */
guint64 heddle_index_queue_pop (HeddleIndexQueue *queue);

G_END_DECLS
