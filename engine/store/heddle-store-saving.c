/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"
#include "store/heddle-store-values.h"

#include "value/heddle-json.h"

/* Versions of a workflow that are kept. */
#define MAX_VERSIONS 200

typedef struct
{
  char *id;
  char *name;
  char *json;
} Save;

typedef struct
{
  HeddleStoreRecord record;
  char *workflow;
  char *edits;
} JournalRecord;

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

/* Saving twice what is the same makes one version. */
static gboolean
write_version (HeddleDatabase *database,
               const char *id,
               gint64 source,
               GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "INSERT INTO versions (workflow, source, saved) SELECT ?1, ?2, ?3 WHERE ?2 IS NOT "
                                                "(SELECT source FROM versions WHERE workflow = ?1 ORDER BY id DESC LIMIT 1)",
                                                error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, source);
  sqlite3_bind_int64 (stmt, 3, g_get_real_time ());
  return heddle_database_run (database, stmt, error);
}

static gboolean
trim_versions (HeddleDatabase *database,
               const char *id,
               GError **error)
{
  if (!run_for_workflow (database,
                         "DELETE FROM versions WHERE workflow = ?1 AND id <= (SELECT id FROM versions "
                         "WHERE workflow = ?1 ORDER BY id DESC LIMIT 1 OFFSET " G_STRINGIFY (MAX_VERSIONS) ")",
                         id, error))
    return FALSE;
  return sqlite3_changes (heddle_database_get_handle (database)) == 0 || heddle_store_sweep_sources (database, error);
}

static gboolean
write_save (HeddleDatabase *database,
            const Save *save,
            guint n_nodes,
            GError **error)
{
  gint64 source = heddle_values_intern_source (database, save->json, error);

  return source >= 0 &&
         write_workflow (database, save, source, n_nodes, error) &&
         write_version (database, save->id, source, error) &&
         trim_versions (database, save->id, error) &&
         run_for_workflow (database, "DELETE FROM journal WHERE workflow = ?1", save->id, error);
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
  if (!write_save (database, save, nodes == NULL ? 0 : json_array_get_length (nodes), error) ||
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

static gboolean
journal_write (HeddleStoreThread *thread,
               HeddleStoreRecord *record,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  JournalRecord *journal = (JournalRecord *) record;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "INSERT INTO journal (workflow, edits) VALUES (?1, ?2)", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, journal->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, journal->edits, -1, SQLITE_STATIC);
  if (!heddle_database_run (database, stmt, error))
    return FALSE;

  stmt = heddle_database_prepare (database, "UPDATE workflows SET modified = ?2 WHERE id = ?1", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, journal->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, g_get_real_time ());
  return heddle_database_run (database, stmt, error);
}

static void
journal_free (HeddleStoreRecord *record)
{
  JournalRecord *journal = (JournalRecord *) record;

  g_free (journal->workflow);
  g_free (journal->edits);
  g_free (journal);
}

gboolean
heddle_store_is_journal_of (HeddleStoreRecord *record,
                            gconstpointer workflow)
{
  return record->write == journal_write && g_str_equal (((JournalRecord *) record)->workflow, workflow);
}

void
heddle_store_append_journal (HeddleStore *self,
                             const char *id,
                             JsonNode *edits)
{
  JournalRecord *journal;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL && edits != NULL);

  journal = g_new0 (JournalRecord, 1);
  journal->record = (HeddleStoreRecord){ .write = journal_write, .free = journal_free, .n_events = 1 };
  journal->workflow = g_strdup (id);
  journal->edits = heddle_json_to_text (edits, HEDDLE_JSON_COMPACT);
  heddle_store_thread_push (self->thread, &journal->record);
}

/* With its versions, journal and runs: who deletes a workflow wants its texts gone. */
static gboolean
write_delete (HeddleDatabase *database,
              const char *id,
              GError **error)
{
  return run_for_workflow (database, "DELETE FROM journal WHERE workflow = ?1", id, error) &&
         run_for_workflow (database, "DELETE FROM runs WHERE workflow = ?1", id, error) &&
         run_for_workflow (database, "DELETE FROM conversations WHERE workflow = ?1", id, error) &&
         run_for_workflow (database, "DELETE FROM workflows WHERE id = ?1", id, error) &&
         heddle_store_sweep_sources (database, error) &&
         heddle_store_sweep_blobs (database, error);
}

static gpointer
delete_workflow (HeddleStoreThread *thread,
                 gpointer data,
                 GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  if (!heddle_database_exec (database, "PRAGMA synchronous = FULL", error) || !heddle_database_begin (database, error))
    return NULL;
  if (!write_delete (database, data, error) || !heddle_database_commit (database, error))
    {
      heddle_database_rollback (database);
      return NULL;
    }
  heddle_store_thread_forget (thread, heddle_store_is_journal_of, data);
  return GINT_TO_POINTER (TRUE);
}

gboolean
heddle_store_delete_workflow (HeddleStore *self,
                              const char *id,
                              GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return heddle_store_thread_call (self->thread, delete_workflow, (gpointer) id, error) != NULL;
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
  heddle_store_thread_call_task (self->thread, delete_workflow, task, NULL);
}

gboolean
heddle_store_delete_workflow_finish (HeddleStore *self,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
