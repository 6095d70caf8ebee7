/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-lessons.h"

#include <string.h>

#include "memory/heddle-memory-text.h"

/* Of what was said and answered each. */
#define MAX_SAID_BYTES 24000

void
heddle_lesson_row_free (HeddleLessonRow *row)
{
  if (row == NULL)
    return;
  g_free (row->graph);
  g_free (row->model);
  g_free (row->run);
  g_free (row->node);
  g_free (row->question);
  g_free (row->answer);
  g_free (row);
}

static char *
dup_said (const char *text)
{
  g_autofree char *cut = g_utf8_make_valid (text, strnlen (text, MAX_SAID_BYTES));

  return heddle_memory_mask (cut);
}

gint64
heddle_lesson_insert (HeddleDatabase *database,
                      HeddleLease *lease,
                      const HeddleMemoryLesson *lesson,
                      GError **error)
{
  g_autofree char *question = dup_said (lesson->user);
  g_autofree char *answer = dup_said (lesson->answer);

  if (!heddle_memory_execute (database, error,
                              "INSERT INTO memory_lessons (graph, model, run, node, question, answer, created, state, owner) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', ?8)",
                              "ttttttii", lesson->graph, lesson->model, lesson->run, lesson->node, question, answer,
                              g_get_real_time (), heddle_lease_get_id (lease)))
    return 0;
  return sqlite3_last_insert_rowid (heddle_database_get_handle (database));
}

/* The graphs that somebody is at; the value is who. */
static GHashTable *
list_busy (HeddleDatabase *database,
           HeddleLease *lease,
           GError **error)
{
  g_autoptr (GHashTable) busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error, "SELECT graph, worker FROM memory_lessons WHERE state = 'waiting' AND worker != 0", "");

  while (stmt != NULL && heddle_database_step (database, stmt, &local))
    {
      gint64 worker = sqlite3_column_int64 (stmt, 1);

      if (heddle_lease_is_held (lease, worker))
        g_hash_table_insert (busy, g_strdup (heddle_memory_column_text (stmt, 0)), g_memdup2 (&worker, sizeof worker));
    }
  if (local == NULL)
    return stmt != NULL ? g_steal_pointer (&busy) : NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* Whether the lesson of the current row can be begun. */
static gboolean
is_free (sqlite3_stmt *stmt,
         HeddleLease *lease,
         GHashTable *busy,
         GHashTable *passed_over,
         gboolean *is_blocked)
{
  gint64 id = sqlite3_column_int64 (stmt, 0);
  gint64 owner = sqlite3_column_int64 (stmt, 2);
  const gint64 *worker = g_hash_table_lookup (busy, heddle_memory_column_text (stmt, 1));
  gboolean is_mine = owner == heddle_lease_get_id (lease);

  if (g_hash_table_contains (passed_over, &id) || (!is_mine && heddle_lease_is_held (lease, owner)))
    return FALSE;
  if (worker == NULL)
    return TRUE;
  *is_blocked |= *worker != heddle_lease_get_id (lease);
  return FALSE;
}

/* 0: none; -1 with error. */
static gint64
find_free (HeddleDatabase *database,
           HeddleLease *lease,
           GHashTable *passed_over,
           gboolean *is_blocked,
           GError **error)
{
  g_autoptr (GHashTable) busy = list_busy (database, lease, error);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = busy == NULL ? NULL : heddle_memory_bind (database, error, "SELECT id, graph, owner FROM memory_lessons WHERE state = 'waiting' ORDER BY id", "");
  gint64 id = 0;

  if (stmt == NULL)
    return -1;
  while (id == 0 && heddle_database_step (database, stmt, &local))
    {
      if (is_free (stmt, lease, busy, passed_over, is_blocked))
        id = sqlite3_column_int64 (stmt, 0);
    }
  sqlite3_reset (stmt);
  if (local == NULL)
    return id;
  g_propagate_error (error, g_steal_pointer (&local));
  return -1;
}

static HeddleLessonRow *
read_row (HeddleDatabase *database,
          gint64 id,
          GError **error)
{
  sqlite3_stmt *stmt = heddle_memory_bind (database, error, "SELECT id, graph, model, run, node, question, answer FROM memory_lessons WHERE id = ?1", "i", id);
  HeddleLessonRow *row = NULL;

  if (stmt == NULL || !heddle_database_step (database, stmt, error))
    return NULL;
  row = g_new0 (HeddleLessonRow, 1);
  row->id = id;
  row->graph = g_strdup (heddle_memory_column_text (stmt, 1));
  row->model = g_strdup (heddle_memory_column_text (stmt, 2));
  row->run = g_strdup (heddle_memory_column_text (stmt, 3));
  row->node = g_strdup (heddle_memory_column_text (stmt, 4));
  row->question = g_strdup (heddle_memory_column_text (stmt, 5));
  row->answer = g_strdup (heddle_memory_column_text (stmt, 6));
  sqlite3_reset (stmt);
  return row;
}

static HeddleLessonRow *
claim_row (HeddleDatabase *database,
           HeddleLease *lease,
           GHashTable *passed_over,
           gboolean *is_blocked,
           GError **error)
{
  gint64 id = find_free (database, lease, passed_over, is_blocked, error);
  gint64 self = heddle_lease_get_id (lease);

  if (id <= 0 || !heddle_memory_execute (database, error, "UPDATE memory_lessons SET worker = ?1, owner = ?1 WHERE id = ?2", "ii", self, id))
    return NULL;
  return read_row (database, id, error);
}

HeddleLessonRow *
heddle_lesson_claim (HeddleDatabase *database,
                     HeddleLease *lease,
                     GHashTable *passed_over,
                     gboolean *is_blocked,
                     GError **error)
{
  g_autoptr (HeddleLessonRow) row = NULL;
  gint64 is_any = heddle_memory_query_int (database, error, "SELECT 1 FROM memory_lessons WHERE state = 'waiting' LIMIT 1", "");

  *is_blocked = FALSE;
  if (is_any <= 0 || !heddle_database_begin (database, error))
    return NULL;
  row = claim_row (database, lease, passed_over, is_blocked, error);
  return heddle_memory_end (database, row != NULL, error) ? g_steal_pointer (&row) : NULL;
}

gboolean
heddle_lesson_finish (HeddleDatabase *database,
                      gint64 id,
                      gint n_facts,
                      const char *usage,
                      GError **error)
{
  return heddle_memory_execute (database, error,
                                "UPDATE memory_lessons SET state = 'done', worker = 0, attempts = attempts + 1, question = '', answer = '', n_facts = ?1, "
                                "usage = ?2, error = NULL WHERE id = ?3",
                                "iti", (gint64) n_facts, usage, id);
}

gboolean
heddle_lesson_fail (HeddleDatabase *database,
                    gint64 id,
                    const char *usage,
                    const char *message,
                    GError **error)
{
  return heddle_memory_execute (database, error,
                                "UPDATE memory_lessons SET worker = 0, attempts = attempts + 1, usage = coalesce(?1, usage), error = ?2, "
                                "state = iif(attempts + 1 >= ?3, 'failed', 'waiting') WHERE id = ?4",
                                "ttii", usage, message, (gint64) HEDDLE_LESSON_ATTEMPTS, id);
}

gboolean
heddle_lesson_release (HeddleDatabase *database,
                       gint64 id,
                       GError **error)
{
  return heddle_memory_execute (database, error, "UPDATE memory_lessons SET worker = 0 WHERE id = ?1", "i", id);
}
