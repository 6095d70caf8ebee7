/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-activation.h"

#include "store/heddle-store-private.h"

#include "heddle-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *workflow;
  const char *node;
  gint64 number; /* a source or a time */
} Query;

typedef struct
{
  const char *workflow;
  const char *key;
  const char *hash;
  const char *run;
} RequestQuery;

void
heddle_activation_free (HeddleActivation *activation)
{
  if (activation == NULL)
    return;
  g_free (activation->workflow);
  g_free (activation->name);
  g_free (activation);
}

static gpointer
list_activations (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_activation_free);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "SELECT a.workflow, w.name, a.since, a.source, w.source FROM activations a "
                                                "JOIN workflows w ON w.id = a.workflow ORDER BY w.name, w.id",
                                                error);

  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (database, stmt, &local_error))
    {
      HeddleActivation *activation = g_new0 (HeddleActivation, 1);

      activation->workflow = heddle_store_dup_column (stmt, 0);
      activation->name = heddle_store_dup_column (stmt, 1);
      activation->since = sqlite3_column_int64 (stmt, 2);
      activation->source = sqlite3_column_int64 (stmt, 3);
      activation->latest = sqlite3_column_int64 (stmt, 4);
      g_ptr_array_add (list, activation);
    }
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, local_error);
  return NULL;
}

GPtrArray *
heddle_store_list_activations (HeddleStore *self, GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, list_activations, NULL, error);
}

static int
find_place (sqlite3_stmt *stmt, const char *name)
{
  return sqlite3_bind_parameter_index (stmt, name);
}

/* Runs a statement on the :workflow, :node, :number and :now that it has places for. */
static gpointer
run_query (HeddleStoreThread *thread, const char *sql, const Query *query, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, find_place (stmt, ":workflow"), query->workflow, -1, SQLITE_STATIC);
  if (find_place (stmt, ":node") > 0)
    sqlite3_bind_text (stmt, find_place (stmt, ":node"), query->node, -1, SQLITE_STATIC);
  if (find_place (stmt, ":number") > 0)
    sqlite3_bind_int64 (stmt, find_place (stmt, ":number"), query->number);
  if (find_place (stmt, ":now") > 0)
    sqlite3_bind_int64 (stmt, find_place (stmt, ":now"), g_get_real_time ());
  return GINT_TO_POINTER (heddle_database_run (database, stmt, error));
}

static gpointer
activate (HeddleStoreThread *thread, gpointer data, GError **error)
{
  const Query *query = data;
  gpointer done = run_query (thread,
                             "INSERT INTO activations (workflow, source, since) "
                             "SELECT id, source, :now FROM workflows WHERE id = :workflow "
                             "ON CONFLICT (workflow) DO UPDATE SET source = excluded.source",
                             query, error);

  if (done == NULL || sqlite3_changes (heddle_database_get_handle (heddle_store_thread_get_database (thread))) > 0)
    return done;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
               _ ("There is no workflow “%s” in the library. Look at the list for its name."), query->workflow);
  return NULL;
}

gboolean
heddle_store_activate (HeddleStore *self, const char *workflow, GError **error)
{
  Query query = { .workflow = workflow };

  g_return_val_if_fail (HEDDLE_IS_STORE (self) && workflow != NULL, FALSE);

  return heddle_store_thread_call (self->thread, activate, &query, error) != NULL;
}

static gpointer
deactivate (HeddleStoreThread *thread, gpointer data, GError **error)
{
  return run_query (thread, "DELETE FROM activations WHERE workflow = :workflow", data, error);
}

gboolean
heddle_store_deactivate (HeddleStore *self, const char *workflow, GError **error)
{
  Query query = { .workflow = workflow };

  g_return_val_if_fail (HEDDLE_IS_STORE (self) && workflow != NULL, FALSE);

  return heddle_store_thread_call (self->thread, deactivate, &query, error) != NULL;
}

static gpointer
pin (HeddleStoreThread *thread, gpointer data, GError **error)
{
  return run_query (thread, "UPDATE activations SET source = :number WHERE workflow = :workflow", data, error);
}

gboolean
heddle_store_pin_activation (HeddleStore *self, const char *workflow, gint64 source, GError **error)
{
  Query query = { .workflow = workflow, .number = source };

  g_return_val_if_fail (HEDDLE_IS_STORE (self) && workflow != NULL, FALSE);

  return heddle_store_thread_call (self->thread, pin, &query, error) != NULL;
}

static gpointer
load_source (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT json FROM sources WHERE id = ?1", error);
  GError *local_error = NULL;
  char *json = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, ((const Query *) data)->number);
  if (heddle_database_step (database, stmt, &local_error))
    json = heddle_store_dup_column (stmt, 0);
  sqlite3_reset (stmt);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  else if (json == NULL)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("This version of the workflow is gone. Save the workflow again."));
  return json;
}

char *
heddle_store_load_source (HeddleStore *self, gint64 source, GError **error)
{
  Query query = { .number = source };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, load_source, &query, error);
}

static gpointer
get_mark (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  Query *query = data;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT time FROM schedule_marks WHERE workflow = ?1 AND node = ?2", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, query->node, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, error))
    query->number = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return query;
}

gint64
heddle_store_get_schedule_mark (HeddleStore *self, const char *workflow, const char *node)
{
  Query query = { workflow, node, 0 };
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (HEDDLE_IS_STORE (self) && workflow != NULL && node != NULL, 0);

  heddle_store_thread_call (self->thread, get_mark, &query, &error);
  if (error != NULL)
    g_warning ("The time of a schedule cannot be read: %s", error->message);
  return query.number;
}

static gpointer
set_mark (HeddleStoreThread *thread, gpointer data, GError **error)
{
  return run_query (thread,
                    "INSERT OR REPLACE INTO schedule_marks (workflow, node, time) "
                    "SELECT workflow, :node, :number FROM activations WHERE workflow = :workflow",
                    data, error);
}

gboolean
heddle_store_set_schedule_mark (HeddleStore *self, const char *workflow, const char *node, gint64 time, GError **error)
{
  Query query = { workflow, node, time };

  g_return_val_if_fail (HEDDLE_IS_STORE (self) && workflow != NULL && node != NULL, FALSE);

  return heddle_store_thread_call (self->thread, set_mark, &query, error) != NULL;
}

static gboolean
insert_request (HeddleDatabase *database, const RequestQuery *query, GError **error)
{
  gint64 now = g_get_real_time ();
  sqlite3_stmt *old = heddle_database_prepare (database, "DELETE FROM request_keys WHERE created < ?1", error);
  sqlite3_stmt *stmt;

  if (old == NULL)
    return FALSE;
  sqlite3_bind_int64 (old, 1, now - G_TIME_SPAN_DAY);
  if (!heddle_database_run (database, old, error))
    return FALSE;
  stmt = heddle_database_prepare (database,
                                  "INSERT OR IGNORE INTO request_keys (workflow, key, hash, run, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                                  error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, query->key, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 3, query->hash, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 4, query->run, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 5, now);
  return heddle_database_run (database, stmt, error);
}

static gpointer
claim_request (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const RequestQuery *query = data;
  g_autofree char *hash = NULL;
  g_autofree char *run = NULL;
  sqlite3_stmt *stmt;

  if (!insert_request (database, query, error))
    return NULL;
  stmt = heddle_database_prepare (database, "SELECT hash, run FROM request_keys WHERE workflow = ?1 AND key = ?2", error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, query->key, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, error))
    {
      hash = heddle_store_dup_column (stmt, 0);
      run = heddle_store_dup_column (stmt, 1);
    }
  sqlite3_reset (stmt);
  if (run != NULL && strcmp (hash, query->hash) == 0)
    return g_steal_pointer (&run);
  if (run != NULL)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                         _ ("Another request had this Idempotency-Key. Send a new key with a new request."));
  return NULL;
}

char *
heddle_store_claim_request (HeddleStore *self, const char *workflow, const char *key, const char *hash, const char *run, GError **error)
{
  RequestQuery query = { workflow, key, hash, run };

  g_return_val_if_fail (HEDDLE_IS_STORE (self) && workflow != NULL && key != NULL && hash != NULL && run != NULL, NULL);

  return heddle_store_thread_call (self->thread, claim_request, &query, error);
}
