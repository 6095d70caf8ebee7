/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

/*
 * How much of its history a workflow keeps is its setting "retention": {"runs": how many, "days": how old, "bytes": how much in all}, each a
 * number, 0 for no limit. A value that several runs share counts for each of them. What is under way, waits or was interrupted always stays.
 */

/* Unless the workflow says another number; without a limit of days and bytes. */
#define DEFAULT_RUNS 500
/* Runs go in groups of up to this many, as looking for them costs more than a few rows do. */
#define MAX_SLACK 50
/* Pages given back to the system after runs went; the rest follows with the next ones. */
#define VACUUM_SQL "PRAGMA incremental_vacuum(4000)"

typedef struct
{
  gint64 runs;
  double days;
  gint64 bytes;
} Retention;

static gint64
read_limit (sqlite3_stmt *stmt,
            int column,
            gint64 absent)
{
  int type = sqlite3_column_type (stmt, column);

  return type == SQLITE_INTEGER || type == SQLITE_FLOAT ? MAX (sqlite3_column_int64 (stmt, column), 0) : absent;
}

static gboolean
read_retention (HeddleDatabase *database,
                gint64 source,
                Retention *retention,
                GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "SELECT json_extract (json, '$.settings.retention.runs'), json_extract (json, '$.settings.retention.days'), "
                                                "json_extract (json, '$.settings.retention.bytes') FROM sources WHERE id = ?1 AND json_valid (json)",
                                                error);

  *retention = (Retention){ .runs = DEFAULT_RUNS };
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, source);
  if (heddle_database_step (database, stmt, &local_error))
    {
      retention->runs = read_limit (stmt, 0, DEFAULT_RUNS);
      retention->days = MAX (sqlite3_column_double (stmt, 1), 0);
      retention->bytes = read_limit (stmt, 2, 0);
    }
  sqlite3_reset (stmt);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return local_error == NULL;
}

/* Finished runs beyond a limit, which are counted from the newest. What is newest stays however large it is: it is what people run again. */
static const char select_sql[] =
  "SELECT key FROM (SELECT key, state IN ('ok', 'failed', 'cancelled') AS ended, started, "
  "row_number () OVER newest AS rank, sum (bytes) OVER newest AS total, "
  "row_number () OVER (PARTITION BY state IN ('ok', 'failed', 'cancelled') ORDER BY started DESC, key DESC) AS ended_rank "
  "FROM runs WHERE workflow = ?1 WINDOW newest AS (ORDER BY started DESC, key DESC)) "
  "WHERE ended AND ((?2 > 0 AND rank > ?2 AND (SELECT count (*) FROM runs WHERE workflow = ?1) > ?2 + ?3) "
  "OR started < ?4 OR (?5 > 0 AND total > ?5 AND ended_rank > 1))";

static GArray *
take_keys (HeddleDatabase *database,
           sqlite3_stmt *stmt,
           GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *local_error = NULL;

  while (heddle_database_step (database, stmt, &local_error))
    {
      gint64 key = sqlite3_column_int64 (stmt, 0);

      g_array_append_val (keys, key);
    }
  if (local_error == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, local_error);
  return NULL;
}

static GArray *
find_superfluous (HeddleDatabase *database,
                  const char *workflow,
                  const Retention *retention,
                  GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, select_sql, error);
  gint64 oldest = retention->days > 0 ? g_get_real_time () - (gint64) (retention->days * G_TIME_SPAN_DAY) : G_MININT64;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, retention->runs);
  sqlite3_bind_int64 (stmt, 3, MIN (retention->runs / 10, MAX_SLACK));
  sqlite3_bind_int64 (stmt, 4, oldest);
  sqlite3_bind_int64 (stmt, 5, retention->bytes);
  return take_keys (database, stmt, error);
}

static gboolean
run_for (HeddleDatabase *database,
         const char *sql,
         gint64 key,
         GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, key);
  return heddle_database_run (database, stmt, error);
}

/* Only its own values are looked at: going through all of them would take longer the more are kept. */
static gboolean
remove_run (HeddleDatabase *database,
            gint64 run,
            GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT blob FROM run_blobs WHERE run = ?1", error);
  g_autoptr (GArray) blobs = NULL;
  gboolean done;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  blobs = take_keys (database, stmt, error);
  done = blobs != NULL && run_for (database, "DELETE FROM runs WHERE key = ?1", run, error);
  for (guint i = 0; done && i < blobs->len; i++)
    done = run_for (database, "DELETE FROM blobs WHERE id = ?1 AND " HEDDLE_UNUSED_BLOB, g_array_index (blobs, gint64, i), error);
  return done;
}

gboolean
heddle_store_trim_runs (HeddleDatabase *database,
                        const char *workflow,
                        gint64 source,
                        GError **error)
{
  g_autoptr (GArray) runs = NULL;
  Retention retention;

  if (!read_retention (database, source, &retention, error))
    return FALSE;
  runs = find_superfluous (database, workflow, &retention, error);
  if (runs == NULL || runs->len == 0)
    return runs != NULL;
  for (guint i = 0; i < runs->len; i++)
    {
      if (!remove_run (database, g_array_index (runs, gint64, i), error))
        return FALSE;
    }
  return heddle_store_sweep_sources (database, error) && heddle_database_exec (database, VACUUM_SQL, error);
}

/* A workflow that has runs, and the text that says how many it keeps: as it is now, else as it ran last. */
typedef struct
{
  char *workflow;
  gint64 source;
} Kept;

static void
kept_clear (gpointer data)
{
  g_free (((Kept *) data)->workflow);
}

static GArray *
list_kept (HeddleDatabase *database,
           GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Kept));
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "SELECT workflow, ifnull ((SELECT source FROM workflows WHERE id = runs.workflow), "
                                                "source), max (started) FROM runs GROUP BY workflow",
                                                error);

  if (stmt == NULL)
    return NULL;
  g_array_set_clear_func (list, kept_clear);
  while (heddle_database_step (database, stmt, &local_error))
    {
      Kept kept = { heddle_store_dup_column (stmt, 0), sqlite3_column_int64 (stmt, 1) };

      g_array_append_val (list, kept);
    }
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, local_error);
  return NULL;
}

static gboolean
trim_one (HeddleDatabase *database,
          const Kept *kept,
          GError **error)
{
  if (!heddle_database_begin (database, error))
    return FALSE;
  if (heddle_store_trim_runs (database, kept->workflow, kept->source, error) && heddle_database_commit (database, error))
    return TRUE;
  heddle_database_rollback (database);
  return FALSE;
}

gboolean
heddle_store_trim_all (HeddleStoreThread *thread,
                       GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GArray) list = list_kept (database, error);
  gboolean done = list != NULL;

  for (guint i = 0; done && i < list->len; i++)
    {
      const Kept *kept = &g_array_index (list, Kept, i);
      g_autoptr (GArray) runs = NULL;
      Retention retention;

      /* Writing is begun only where there is something to remove. */
      done = read_retention (database, kept->source, &retention, error);
      runs = done ? find_superfluous (database, kept->workflow, &retention, error) : NULL;
      done = runs != NULL && (runs->len == 0 || trim_one (database, kept, error));
    }
  return done;
}
