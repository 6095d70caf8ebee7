/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "memory/heddle-memory-rows.h"
#include "store/heddle-store-lease.h"

G_BEGIN_DECLS

/* How often a lesson is tried before it is given up. */
#define HEDDLE_LESSON_ATTEMPTS 3

/* One row of memory_lessons, as far as code needs it. */
typedef struct
{
  gint64 id;
  char *graph;
  char *model;
  char *run;
  char *node;
  char *question;
  char *answer;
} HeddleLessonRow;
void heddle_lesson_row_free (HeddleLessonRow *row);

/* Its id; 0 with error. What was said is masked and cut. */
gint64 heddle_lesson_insert (HeddleDatabase *database, HeddleLease *lease, const HeddleMemoryLesson *lesson, GError **error);
/*
 * The oldest lesson that can be begun now: of a graph that nobody is at, queued by this process or by one that is gone, and
 * not in passed_over (set of gint64*). NULL without error when there is none; is_blocked then says whether one waits
 * for another process. It is this process's until it is finished, failed or released, or until the process ends.
 */
HeddleLessonRow *heddle_lesson_claim (HeddleDatabase *database, HeddleLease *lease, GHashTable *passed_over, gboolean *is_blocked, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Learnt: what was said is dropped. usage (JSON text) may be NULL. Within the transaction of the merge. */
gboolean heddle_lesson_finish (HeddleDatabase *database, gint64 id, gint n_facts, const char *usage, GError **error);
/* Not learnt; given up after the last attempt. */
gboolean heddle_lesson_fail (HeddleDatabase *database, gint64 id, const char *usage, const char *message, GError **error);
/* Back into the queue, as if it had not been tried. */
gboolean heddle_lesson_release (HeddleDatabase *database, gint64 id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleLessonRow, heddle_lesson_row_free)

G_END_DECLS
