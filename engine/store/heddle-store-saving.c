/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-editing.h"
#include "store/heddle-store-private.h"
#include "store/heddle-store-values.h"
#include "store/heddle-store-versions-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

typedef struct
{
  char *id;
  char *name;
  char *json;
} Save;

static void
save_free (Save *save)
{
  g_free (save->id);
  g_free (save->name);
  g_free (save->json);
  g_free (save);
}

/* Runs sql with ?1: the workflow's id. */
static gboolean
run_for_workflow (HeddleDatabase *database,
                  const char *sql,
                  const char *id,
                  GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, id, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}

static gboolean
write_workflow (HeddleDatabase *database,
                const Save *save,
                gint64 source,
                guint n_nodes,
                GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "INSERT INTO workflows (id, name, source, n_nodes, modified) VALUES (?1, ?2, ?3, ?4, ?5) "
                                                "ON CONFLICT (id) DO UPDATE SET name = excluded.name, source = excluded.source, "
                                                "n_nodes = excluded.n_nodes, modified = excluded.modified",
                                                error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, save->id, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, save->name, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 3, source);
  sqlite3_bind_int64 (stmt, 4, n_nodes);
  sqlite3_bind_int64 (stmt, 5, g_get_real_time ());
  return heddle_database_run (database, stmt, error);
}

/* The text it has now; 0: it is not stored. -1: error. */
static gint64
read_source (HeddleDatabase *database,
             const char *id,
             GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT source FROM workflows WHERE id = ?1", error);
  gint64 source = 0;

  if (stmt == NULL)
    return -1;
  sqlite3_bind_text (stmt, 1, id, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, &local_error))
    source = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  if (local_error == NULL)
    return source;
  g_propagate_error (error, local_error);
  return -1;
}

static gboolean
write_save (HeddleStoreThread *thread,
            const Save *save,
            guint n_nodes,
            GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  gint64 before = heddle_store_may_edit (thread, save->id, error) ? read_source (database, save->id, error) : -1;
  gint64 source = before >= 0 ? heddle_values_intern_source (database, save->json, error) : -1;
  g_autofree char *label = NULL;

  return source >= 0 &&
         write_workflow (database, save, source, n_nodes, error) &&
         heddle_store_take_journal (thread, save->id, source != before, &label, error) &&
         heddle_store_write_version (database, save->id, source, label, error);
}

static gpointer
save_workflow (HeddleStoreThread *thread,
               gpointer data,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Save *save = data;
  g_autoptr (JsonNode) root = heddle_json_parse (save->json, -1, error);
  JsonArray *nodes;

  if (root == NULL)
    return NULL;
  nodes = heddle_json_get_array (root, "nodes");
  if (!heddle_database_exec (database, "PRAGMA synchronous = FULL", error) || !heddle_database_begin (database, error))
    return NULL;
  if (!write_save (thread, save, nodes == NULL ? 0 : json_array_get_length (nodes), error) ||
      !heddle_database_commit (database, error))
    {
      heddle_database_rollback (database);
      return NULL;
    }
  /* Edits that could not be written before are part of what is saved now. */
  heddle_store_thread_forget (thread, heddle_store_is_journal_of, save->id);
  return GINT_TO_POINTER (TRUE);
}

static Save *
save_new (const char *id,
          const char *name,
          const char *json)
{
  Save *save = g_new0 (Save, 1);

  save->id = g_strdup (id);
  save->name = g_strdup (name);
  save->json = g_strdup (json);
  return save;
}

gboolean
heddle_store_save_workflow (HeddleStore *self,
                            const char *id,
                            const char *name,
                            const char *json,
                            GError **error)
{
  Save save = { (char *) id, (char *) name, (char *) json };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL && name != NULL && json != NULL, FALSE);

  return heddle_store_thread_call (self->thread, save_workflow, &save, error) != NULL;
}

void
heddle_store_save_workflow_async (HeddleStore *self,
                                  const char *id,
                                  const char *name,
                                  const char *json,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL && name != NULL && json != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_save_workflow_async,
                                save_new (id, name, json), (GDestroyNotify) save_free);
  heddle_store_thread_call_task (self->thread, save_workflow, task, NULL);
}

gboolean
heddle_store_save_workflow_finish (HeddleStore *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

/* With its versions, journal, runs and breakpoints: who deletes a workflow wants its texts gone. */
static gboolean
write_delete (HeddleDatabase *database,
              const char *id,
              GError **error)
{
  return run_for_workflow (database, "DELETE FROM journal WHERE workflow = ?1", id, error) &&
         run_for_workflow (database, "DELETE FROM runs WHERE workflow = ?1", id, error) &&
         run_for_workflow (database, "DELETE FROM conversations WHERE workflow = ?1", id, error) &&
         run_for_workflow (database, "DELETE FROM settings WHERE key = 'breakpoints:' || ?1", id, error) &&
         run_for_workflow (database, "DELETE FROM workflows WHERE id = ?1", id, error) &&
         heddle_store_sweep_sources (database, error) &&
         heddle_store_sweep_blobs (database, error);
}

/* Whether there is a row for the workflow; -1: error. */
static int
has_row (HeddleDatabase *database,
         const char *sql,
         const char *id,
         GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);
  GError *local_error = NULL;
  int found;

  if (stmt == NULL)
    return -1;
  sqlite3_bind_text (stmt, 1, id, -1, SQLITE_STATIC);
  found = heddle_database_step (database, stmt, &local_error);
  sqlite3_reset (stmt);
  if (local_error == NULL)
    return found;
  g_propagate_error (error, local_error);
  return -1;
}

static gboolean
check_idle (HeddleStoreThread *thread,
            const char *id,
            GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  int active = has_row (database, "SELECT 1 FROM activations WHERE workflow = ?1", id, error);
  int running = active == 0 ? has_row (database, "SELECT 1 FROM runs WHERE workflow = ?1 AND state = 'running'", id, error) : 0;

  if (active > 0)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY, _ ("This workflow is active. Deactivate it first, so that nobody who calls it finds it gone."));
  else if (running > 0)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY, _ ("A run of this workflow is under way. Stop it, or wait until it has ended."));
  return active == 0 && running == 0 && heddle_store_may_edit (thread, id, error);
}

typedef struct
{
  const char *id;
  gboolean idle_only;
} Delete;

static gboolean
check_and_delete (HeddleStoreThread *thread,
                  const Delete *delete,
                  GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  if (delete->idle_only && !check_idle (thread, delete->id, error))
    return FALSE;
  return write_delete (database, delete->id, error) && heddle_database_commit (database, error);
}

static gpointer
delete_workflow (HeddleStoreThread *thread,
                 const Delete *delete,
                 GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  if (!heddle_database_exec (database, "PRAGMA synchronous = FULL", error) || !heddle_database_begin (database, error))
    return NULL;
  if (!check_and_delete (thread, delete, error))
    {
      heddle_database_rollback (database);
      return NULL;
    }
  heddle_store_thread_forget (thread, heddle_store_is_journal_of, (gpointer) delete->id);
  return GINT_TO_POINTER (TRUE);
}

static gpointer
delete_any (HeddleStoreThread *thread,
            gpointer data,
            GError **error)
{
  const Delete delete = { .id = data };

  return delete_workflow (thread, &delete, error);
}

/* Runs whose process is gone are none that run. */
static gpointer
delete_idle (HeddleStoreThread *thread,
             gpointer data,
             GError **error)
{
  const Delete delete = { .id = data, .idle_only = TRUE };

  return heddle_store_recover_runs (thread, error) ? delete_workflow (thread, &delete, error) : NULL;
}

gboolean
heddle_store_delete_idle_workflow (HeddleStore *self,
                                   const char *id,
                                   GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return heddle_store_thread_call (self->thread, delete_idle, (gpointer) id, error) != NULL;
}

gboolean
heddle_store_delete_workflow (HeddleStore *self,
                              const char *id,
                              GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return heddle_store_thread_call (self->thread, delete_any, (gpointer) id, error) != NULL;
}

void
heddle_store_delete_workflow_async (HeddleStore *self,
                                    const char *id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_delete_workflow_async, g_strdup (id), g_free);
  heddle_store_thread_call_task (self->thread, delete_any, task, NULL);
}

gboolean
heddle_store_delete_workflow_finish (HeddleStore *self,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
