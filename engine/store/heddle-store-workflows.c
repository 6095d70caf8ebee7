/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"
#include "store/heddle-store-values.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

#define WORKFLOW_COLUMNS                                                                     \
  "SELECT w.id, w.name, s.json, w.modified, w.n_nodes, "                                     \
  "(SELECT state FROM runs WHERE workflow = w.id ORDER BY started DESC, key DESC LIMIT 1), " \
  "(SELECT max (started) FROM runs WHERE workflow = w.id) "                                  \
  "FROM workflows w JOIN sources s ON s.id = w.source "

typedef struct
{
  HeddleWorkflowInfo *info;
  JsonNode *journal;
} Loaded;

void
heddle_workflow_info_free (HeddleWorkflowInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->id);
  g_free (info->name);
  g_free (info->json);
  g_free (info->last_run_state);
  g_free (info);
}

char *
heddle_store_dup_column (sqlite3_stmt *stmt,
                         int column)
{
  return g_strdup ((const char *) sqlite3_column_text (stmt, column));
}

static HeddleWorkflowInfo *
read_workflow (sqlite3_stmt *stmt)
{
  HeddleWorkflowInfo *info = g_new0 (HeddleWorkflowInfo, 1);

  info->id = heddle_store_dup_column (stmt, 0);
  info->name = heddle_store_dup_column (stmt, 1);
  info->json = heddle_store_dup_column (stmt, 2);
  info->modified = sqlite3_column_int64 (stmt, 3);
  info->n_nodes = (guint) sqlite3_column_int64 (stmt, 4);
  info->last_run_state = heddle_store_dup_column (stmt, 5);
  info->last_run = sqlite3_column_int64 (stmt, 6);
  return info;
}

static gpointer
list_workflows (HeddleStoreThread *thread,
                gpointer data,
                GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_workflow_info_free);
  GError *local_error = NULL;
  sqlite3_stmt *stmt;

  if (!heddle_store_recover_runs (thread, error))
    return NULL;
  stmt = heddle_database_prepare (database, WORKFLOW_COLUMNS "ORDER BY w.modified DESC, w.id", error);
  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (database, stmt, &local_error))
    g_ptr_array_add (list, read_workflow (stmt));
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, local_error);
  return NULL;
}

static void
loaded_free (Loaded *loaded)
{
  heddle_workflow_info_free (loaded->info);
  g_clear_pointer (&loaded->journal, json_node_unref);
  g_free (loaded);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loaded, loaded_free)

/* NULL without error: there is none. */
static HeddleWorkflowInfo *
find_workflow (HeddleDatabase *database,
               const char *sql,
               const char *key,
               GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);
  HeddleWorkflowInfo *info = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, key, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, error))
    info = read_workflow (stmt);
  sqlite3_reset (stmt);
  return info;
}

static gboolean
read_journal (HeddleDatabase *database,
              Loaded *loaded,
              GError **error)
{
  g_autoptr (JsonArray) groups = json_array_new ();
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT edits FROM journal WHERE workflow = ?1 ORDER BY id", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, loaded->info->id, -1, SQLITE_STATIC);
  while (heddle_database_step (database, stmt, &local_error))
    {
      JsonNode *edits = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 0), -1, NULL);

      /* A damaged entry is where replaying ends, and no reason not to open the workflow. */
      json_array_add_element (groups, edits != NULL ? edits : json_node_new (JSON_NODE_NULL));
    }
  sqlite3_reset (stmt);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (json_array_get_length (groups) > 0)
    loaded->journal = heddle_json_array (g_steal_pointer (&groups));
  return TRUE;
}

static gboolean
find_by_id_or_name (HeddleDatabase *database,
                    const char *key,
                    Loaded *loaded,
                    GError **error)
{
  GError *local_error = NULL;

  loaded->info = find_workflow (database, WORKFLOW_COLUMNS "WHERE w.id = ?1", key, &local_error);
  if (loaded->info == NULL && local_error == NULL)
    loaded->info = find_workflow (database, WORKFLOW_COLUMNS "WHERE w.name = ?1 ORDER BY w.modified DESC LIMIT 1",
                                  key, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  else if (loaded->info == NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                 _ ("There is no workflow “%s” in the library. Look at the list for its name."), key);
  return loaded->info != NULL;
}

static gpointer
load_workflow (HeddleStoreThread *thread,
               gpointer data,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (Loaded) loaded = g_new0 (Loaded, 1);

  if (!find_by_id_or_name (database, data, loaded, error) || !read_journal (database, loaded, error))
    return NULL;
  return g_steal_pointer (&loaded);
}

GPtrArray *
heddle_store_list_workflows (HeddleStore *self,
                             GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, list_workflows, NULL, error);
}

void
heddle_store_list_workflows_async (HeddleStore *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_list_workflows_async, NULL, NULL);
  heddle_store_thread_call_task (self->thread, list_workflows, task, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
heddle_store_list_workflows_finish (HeddleStore *self,
                                    GAsyncResult *result,
                                    GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Takes apart what load_workflow returns. */
static HeddleWorkflowInfo *
take_loaded (Loaded *loaded,
             JsonNode **journal)
{
  HeddleWorkflowInfo *info;

  if (journal != NULL)
    *journal = loaded == NULL ? NULL : g_steal_pointer (&loaded->journal);
  if (loaded == NULL)
    return NULL;
  info = g_steal_pointer (&loaded->info);
  loaded_free (loaded);
  return info;
}

HeddleWorkflowInfo *
heddle_store_read_workflow (HeddleDatabase *database,
                            const char *id_or_name,
                            JsonNode **journal,
                            GError **error)
{
  g_autoptr (Loaded) loaded = g_new0 (Loaded, 1);

  if (!find_by_id_or_name (database, id_or_name, loaded, error) || !read_journal (database, loaded, error))
    return NULL;
  return take_loaded (g_steal_pointer (&loaded), journal);
}

HeddleWorkflowInfo *
heddle_store_load_workflow (HeddleStore *self,
                            const char *id_or_name,
                            JsonNode **journal,
                            GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (id_or_name != NULL, NULL);

  return take_loaded (heddle_store_thread_call (self->thread, load_workflow, (gpointer) id_or_name, error), journal);
}

void
heddle_store_load_workflow_async (HeddleStore *self,
                                  const char *id_or_name,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id_or_name != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_load_workflow_async,
                                g_strdup (id_or_name), g_free);
  heddle_store_thread_call_task (self->thread, load_workflow, task, (GDestroyNotify) loaded_free);
}

HeddleWorkflowInfo *
heddle_store_load_workflow_finish (HeddleStore *self,
                                   GAsyncResult *result,
                                   JsonNode **journal,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return take_loaded (g_task_propagate_pointer (G_TASK (result), error), journal);
}
