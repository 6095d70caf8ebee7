/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "run/heddle-event.h"

typedef struct
{
  char *run;
  gboolean is_called; /* by what goes on with it */
} Claim;

static void
claim_free (gpointer data)
{
  Claim *claim = data;

  g_free (claim->run);
  g_free (claim);
}

static gboolean
check_idle (const HeddleStoredRun *found,
            GError **error)
{
  if (found->info->state != HEDDLE_RUN_RUNNING)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY,
                       found->info->is_elsewhere ? _ ("Another window or program is at this run. It can be looked at here, and goes on there.") : _ ("This run is going on already."));
  return FALSE;
}

static gboolean
check_claim (const HeddleStoredRun *found,
             GError **error)
{
  if (!check_idle (found, error))
    return FALSE;
  if (found->info->state != HEDDLE_RUN_INTERRUPTED)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This run has ended, so there is nothing to go on with. Run it again from one of its nodes instead."));
  else if (g_strcmp0 (found->info->started_by, "workflow") == 0)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This run is a part of another one. Go on with that, which goes on with this."));
  else if (found->options == NULL)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This run was recorded by an older version, which did not keep what going on with it takes. Run the workflow again."));
  else
    return TRUE;
  return FALSE;
}

/* The end goes, so that the log reads as one run. */
static const char *const take_sql[] = {
  "DELETE FROM events WHERE run = ?1 AND kind = 'run.finished' AND seq = (SELECT max (seq) FROM events WHERE run = ?1)",
  "UPDATE runs SET state = 'running', lease = ?2, duration = NULL, summary = NULL, n_questions = 0, n_doubts = 0 WHERE key = ?1",
};

static gboolean
take (HeddleStoreThread *thread,
      gint64 run,
      GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  for (guint i = 0; i < G_N_ELEMENTS (take_sql); i++)
    {
      sqlite3_stmt *stmt = heddle_database_prepare (database, take_sql[i], error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, run);
      if (sqlite3_bind_parameter_count (stmt) > 1)
        sqlite3_bind_int64 (stmt, 2, heddle_lease_get_id (heddle_store_thread_get_lease (thread)));
      if (!heddle_database_run (database, stmt, error))
        return FALSE;
    }
  return TRUE;
}

/* Looked at and taken within one transaction, so of two processes one finds it running. */
static gboolean
find_and_take (HeddleStoreThread *thread,
               const Claim *claim,
               HeddleStoredRun *found,
               GError **error)
{
  gint64 run = heddle_store_find_run (thread, claim->run, found, error);

  if (run == 0 || !(claim->is_called ? check_idle (found, error) : check_claim (found, error)))
    return FALSE;
  if (found->info->state == HEDDLE_RUN_INTERRUPTED && !take (thread, run, error))
    return FALSE;
  found->events = heddle_store_read_events (thread, run, 0, G_MAXUINT, error);
  return found->events != NULL;
}

static gpointer
claim (HeddleStoreThread *thread,
       gpointer data,
       GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (HeddleStoredRun) found = g_new0 (HeddleStoredRun, 1);

  if (!heddle_store_recover_runs (thread, error) || !heddle_database_begin (database, error))
    return NULL;
  if (find_and_take (thread, data, found, error) && heddle_database_commit (database, error))
    return g_steal_pointer (&found);
  heddle_database_rollback (database);
  return NULL;
}

static void
start_claim (HeddleStore *self,
             const char *run,
             gboolean is_called,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  Claim *data = g_new (Claim, 1);
  GTask *task;

  data->run = g_strdup (run);
  data->is_called = is_called;
  task = heddle_store_new_task (self, cancellable, callback, user_data, start_claim, data, claim_free);
  /* A claim that was made is handed over, whatever was cancelled meanwhile, so that it is not forgotten. */
  g_task_set_check_cancellable (task, FALSE);
  heddle_store_thread_call_task (self->thread, claim, task, (GDestroyNotify) heddle_stored_run_free);
}

void
heddle_store_claim_run_async (HeddleStore *self,
                              const char *run,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL);

  start_claim (self, run, FALSE, cancellable, callback, user_data);
}

void
heddle_store_claim_called_run_async (HeddleStore *self,
                                     const char *run,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL);

  start_claim (self, run, TRUE, cancellable, callback, user_data);
}

HeddleStoredRun *
heddle_store_claim_run_finish (HeddleStore *self,
                               GAsyncResult *result,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  HeddleStoreRecord record;
  char *run;
} ReleaseRecord;

static gboolean
release_write (HeddleStoreThread *thread,
               HeddleStoreRecord *record,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT key FROM runs WHERE id = ?1 AND state = 'running' AND lease = ?2", error);
  gint64 run = 0;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, ((ReleaseRecord *) record)->run, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, heddle_lease_get_id (heddle_store_thread_get_lease (thread)));
  if (heddle_database_step (database, stmt, &local_error))
    run = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  return run == 0 || heddle_store_end_run (database, run, error);
}

static void
release_free (HeddleStoreRecord *record)
{
  ReleaseRecord *release = (ReleaseRecord *) record;

  g_free (release->run);
  g_free (release);
}

void
heddle_store_release_run (HeddleStore *self,
                          const char *run)
{
  ReleaseRecord *release;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL);

  release = g_new0 (ReleaseRecord, 1);
  release->record = (HeddleStoreRecord){ .write = release_write, .free = release_free, .n_events = 1 };
  release->run = g_strdup (run);
  heddle_store_thread_push (self->thread, &release->record);
}

void
heddle_store_continue_run (HeddleStore *self,
                           HeddleRun *run,
                           HeddleDurability durability)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (HEDDLE_IS_RUN (run));

  heddle_store_expect_events (self, heddle_run_get_id (run), durability);
}
