/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

/* The event tells every trace that the run ended, at the time of its last event. ?1: the run. */
static const char end_sql[] =
  "INSERT INTO events (run, seq, kind, time, data) "
  "SELECT ?1, ifnull (max (seq), 0) + 1, 'run.finished', ifnull (max (time), 0), '{\"state\":\"interrupted\"}' FROM events WHERE run = ?1";

/*
 * A question is known by its id, however often it was asked. An attempt that is neither over nor waits for another is in doubt when it may have
 * had an effect. heddle_past_new () says both exactly; this is for lists.
 */
#define ID_OF(event) "CASE WHEN json_valid (" event ".data) THEN json_extract (" event ".data, '$.id') END"
static const char *const interrupt_sql[] = {
  "UPDATE runs SET state = 'interrupted', duration = (SELECT max (time) FROM events WHERE run = ?1), "
  "n_questions = (SELECT count (DISTINCT " ID_OF ("asked") ") FROM events asked WHERE asked.run = ?1 AND asked.kind = 'run.asked' "
                                                           "AND NOT EXISTS (SELECT 1 FROM events answered WHERE answered.run = ?1 AND answered.kind = 'run.answered' "
                                                           "AND answered.seq > asked.seq AND " ID_OF ("answered") " = " ID_OF ("asked") ")), "
                                                                                                                                        "n_doubts = (SELECT count (*) FROM spans WHERE spans.run = ?1 AND spans.span = 0 AND spans.state IN ('running', 'cancelled') "
                                                                                                                                        "AND EXISTS (SELECT 1 FROM events WHERE events.run = ?1 AND events.kind = 'node.intent' AND events.node = spans.node "
                                                                                                                                        "AND ifnull (events.scope, '') = spans.scope AND events.attempt >= spans.attempt)) "
                                                                                                                                        "WHERE key = ?1",

  "UPDATE spans SET state = 'cancelled', end = (SELECT max (time) FROM events WHERE events.run = ?1) "
  "WHERE run = ?1 AND state IN ('ready', 'running', 'retry')",
};

static gboolean
run_for (HeddleDatabase *database,
         const char *sql,
         gint64 run,
         GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  return heddle_database_run (database, stmt, error);
}

gboolean
heddle_store_interrupt_run (HeddleDatabase *database,
                            gint64 run,
                            GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (interrupt_sql); i++)
    {
      if (!run_for (database, interrupt_sql[i], run, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
heddle_store_end_run (HeddleDatabase *database,
                      gint64 run,
                      GError **error)
{
  return run_for (database, end_sql, run, error) && heddle_store_interrupt_run (database, run, error);
}

/* Keys of running runs whose process is gone. */
static GArray *
find_lost_runs (HeddleStoreThread *thread,
                GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  HeddleLease *lease = heddle_store_thread_get_lease (thread);
  g_autoptr (GArray) lost = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT key, lease FROM runs WHERE state = 'running' ORDER BY lease", error);
  gint64 id = 0;
  gboolean is_held = FALSE;

  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (database, stmt, &local_error))
    {
      gint64 key = sqlite3_column_int64 (stmt, 0);

      if (sqlite3_column_int64 (stmt, 1) != id)
        {
          id = sqlite3_column_int64 (stmt, 1);
          is_held = heddle_lease_is_held (lease, id);
        }
      if (!is_held)
        g_array_append_val (lost, key);
    }
  if (local_error == NULL)
    return g_steal_pointer (&lost);
  g_propagate_error (error, local_error);
  return NULL;
}

/* Another process may have seen to them meanwhile: then there is nothing to do any more. */
static gboolean
end_lost_runs (HeddleStoreThread *thread,
               GError **error)
{
  g_autoptr (GArray) lost = find_lost_runs (thread, error);
  gboolean done = lost != NULL;

  for (guint i = 0; done && i < lost->len; i++)
    done = heddle_store_end_run (heddle_store_thread_get_database (thread), g_array_index (lost, gint64, i), error);
  return done;
}

gboolean
heddle_store_recover_runs (HeddleStoreThread *thread,
                           GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GArray) lost = find_lost_runs (thread, error);

  if (lost == NULL || lost->len == 0)
    return lost != NULL;
  if (!heddle_database_begin (database, error))
    return FALSE;
  if (end_lost_runs (thread, error) && heddle_database_commit (database, error))
    return TRUE;
  heddle_database_rollback (database);
  return FALSE;
}

gboolean
heddle_store_sweep_sources (HeddleDatabase *database,
                            GError **error)
{
  return heddle_database_exec (database,
                               "DELETE FROM sources WHERE NOT EXISTS (SELECT 1 FROM workflows WHERE source = sources.id) "
                               "AND NOT EXISTS (SELECT 1 FROM versions WHERE source = sources.id) "
                               "AND NOT EXISTS (SELECT 1 FROM activations WHERE source = sources.id) "
                               "AND NOT EXISTS (SELECT 1 FROM runs WHERE source = sources.id)",
                               error);
}

gboolean
heddle_store_sweep_blobs (HeddleDatabase *database,
                          GError **error)
{
  return heddle_database_exec (database, "DELETE FROM blobs WHERE " HEDDLE_UNUSED_BLOB, error);
}
