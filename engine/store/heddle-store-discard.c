/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

/* The event that ended it says so too, so that every trace agrees. ?1: the id. */
static const char *const discard_sql[] = {
  "UPDATE events SET data = '{\"state\":\"cancelled\"}' WHERE kind = 'run.finished' AND run = (SELECT key FROM runs WHERE id = ?1 AND state = 'interrupted')",
  "UPDATE runs SET state = 'cancelled', n_questions = 0, n_doubts = 0 WHERE id = ?1 AND state = 'interrupted'",
};

static gboolean
run_all (HeddleDatabase *database,
         const char *id,
         GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (discard_sql); i++)
    {
      sqlite3_stmt *stmt = heddle_database_prepare (database, discard_sql[i], error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_text (stmt, 1, id, -1, SQLITE_STATIC);
      if (!heddle_database_run (database, stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gpointer
discard (HeddleStoreThread *thread,
         gpointer data,
         GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  if (!heddle_database_begin (database, error))
    return NULL;
  if (run_all (database, data, error) && heddle_database_commit (database, error))
    return GINT_TO_POINTER (TRUE);
  heddle_database_rollback (database);
  return NULL;
}

void
heddle_store_discard_run_async (HeddleStore *self,
                                const char *run,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL);

  heddle_store_thread_call_task (self->thread, discard,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_discard_run_async, g_strdup (run), g_free), NULL);
}

gboolean
heddle_store_discard_run_finish (HeddleStore *self,
                                 GAsyncResult *result,
                                 GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
