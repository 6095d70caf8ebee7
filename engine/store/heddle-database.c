/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-database-private.h"

HeddleStoreMemo *
heddle_database_get_memo (HeddleDatabase *self)
{
  return self->memo;
}

sqlite3 *
heddle_database_get_handle (HeddleDatabase *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->handle;
}

sqlite3_stmt *
heddle_database_prepare (HeddleDatabase *self,
                         const char *sql,
                         GError **error)
{
  sqlite3_stmt *stmt;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (sql != NULL, NULL);

  stmt = g_hash_table_lookup (self->statements, sql);
  if (stmt != NULL)
    {
      sqlite3_reset (stmt);
      sqlite3_clear_bindings (stmt);
      return stmt;
    }
  if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
    {
      heddle_database_fail (self, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer) sqlite3_sql (stmt), stmt);
  return stmt;
}

gboolean
heddle_database_step (HeddleDatabase *self,
                      sqlite3_stmt *stmt,
                      GError **error)
{
  int result;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (stmt != NULL, FALSE);

  result = sqlite3_step (stmt);
  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    heddle_database_fail (self, error);
  sqlite3_reset (stmt);
  return FALSE;
}

gboolean
heddle_database_run (HeddleDatabase *self,
                     sqlite3_stmt *stmt,
                     GError **error)
{
  GError *local_error = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (stmt != NULL, FALSE);

  while (heddle_database_step (self, stmt, &local_error))
    continue;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
heddle_database_exec (HeddleDatabase *self,
                      const char *sql,
                      GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (sql != NULL, FALSE);

  return sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK || heddle_database_fail (self, error);
}

gboolean
heddle_database_begin (HeddleDatabase *self,
                       GError **error)
{
  return heddle_database_exec (self, "BEGIN IMMEDIATE", error);
}

gboolean
heddle_database_commit (HeddleDatabase *self,
                        GError **error)
{
  return heddle_database_exec (self, "COMMIT", error);
}

/* After some failures SQLite has rolled back by itself; then there is nothing to do. */
void
heddle_database_rollback (HeddleDatabase *self)
{
  g_return_if_fail (self != NULL);

  heddle_store_memo_forget_all (self->memo);
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}
