/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HeddleScopeRun HeddleScopeRun;

/*
 * Steps that could start, in the order in which they do: the highest priority first, then by place in the workflow, then by when
 * their scope began, so that it is the same whenever the same happens. A binary heap. Engine thread.
 */
typedef struct
{
  gint64 priority;
  guint top;             /* topological index of the step, or of the outermost container around it */
  guint64 serial;        /* of the scope, in the order in which they began */
  guint index;           /* of the step in its plan */
  HeddleScopeRun *scope; /* a reference */
} HeddleReadyStep;

typedef struct
{
  GArray *steps; /* of HeddleReadyStep */
} HeddleReadyQueue;

void heddle_ready_queue_init (HeddleReadyQueue *queue);
void heddle_ready_queue_clear (HeddleReadyQueue *queue);
gboolean heddle_ready_queue_is_empty (const HeddleReadyQueue *queue);
guint heddle_ready_queue_get_length (const HeddleReadyQueue *queue);
/* Takes the reference of the scope. */
void heddle_ready_queue_push (HeddleReadyQueue *queue, const HeddleReadyStep *step);
/* Takes the first, with the reference of its scope; the queue must not be empty. */
HeddleReadyStep heddle_ready_queue_pop (HeddleReadyQueue *queue);

G_END_DECLS
