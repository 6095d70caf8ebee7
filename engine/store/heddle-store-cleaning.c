/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

/*
 * Done for runs whose process is gone: the event tells every trace that the run ended, at the time
 * of its last event. ?1: the lease of that process.
 */
static const char *const interrupt_sql[] = {
  "INSERT OR IGNORE INTO events (run, seq, kind, time, data) "
  "SELECT key, (SELECT ifnull (max (seq), 0) + 1 FROM events WHERE run = key), 'run.finished', "
  "(SELECT ifnull (max (time), 0) FROM events WHERE run = key), '{\"state\":\"interrupted\"}' "
  "FROM runs WHERE state = 'running' AND lease = ?1",

  "UPDATE spans SET state = 'cancelled', end = (SELECT max (time) FROM events WHERE events.run = spans.run) "
  "WHERE state IN ('ready', 'running', 'retry') AND run IN (SELECT key FROM runs WHERE state = 'running' AND lease = ?1)",

  "UPDATE runs SET state = 'interrupted', duration = (SELECT max (time) FROM events WHERE run = key) "
  "WHERE state = 'running' AND lease = ?1",
};

static gboolean
interrupt_runs (HeddleDatabase *database,
                gint64 lease,
                GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (interrupt_sql); i++)
    {
      sqlite3_stmt *stmt = heddle_database_prepare (database, interrupt_sql[i], error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, lease);
      if (!heddle_database_run (database, stmt, error))
        return FALSE;
    }
  return TRUE;
}

/* Leases of running runs that nobody holds any more. */
static GArray *
find_dead_leases (HeddleStoreThread *thread,
                  GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  HeddleLease *lease = heddle_store_thread_get_lease (thread);
  g_autoptr (GArray) dead = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT DISTINCT lease FROM runs WHERE state = 'running'", error);

  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (database, stmt, &local_error))
    {
      gint64 id = sqlite3_column_int64 (stmt, 0);

      if (!heddle_lease_is_held (lease, id))
        g_array_append_val (dead, id);
    }
  if (local_error == NULL)
    return g_steal_pointer (&dead);
  g_propagate_error (error, local_error);
  return NULL;
}

gboolean
heddle_store_recover_runs (HeddleStoreThread *thread,
                           GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GArray) dead = find_dead_leases (thread, error);
  gboolean done = TRUE;

  if (dead == NULL || dead->len == 0)
    return dead != NULL;
  if (!heddle_database_begin (database, error))
    return FALSE;
  for (guint i = 0; done && i < dead->len; i++)
    done = interrupt_runs (database, g_array_index (dead, gint64, i), error);
  if (done && heddle_database_commit (database, error))
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
  return heddle_database_exec (database, "DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM run_blobs WHERE blob = blobs.id)", error);
}
