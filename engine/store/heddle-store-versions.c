/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-versions.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "store/heddle-store-private.h"
#include "store/heddle-store-versions-private.h"

/* A version, or all of a workflow (version 0). */
typedef struct
{
  char *workflow;
  gint64 version;
  char *name;
} Query;

static Query *
query_new (const char *workflow,
           gint64 version,
           const char *name)
{
  Query *query = g_new (Query, 1);

  *query = (Query){ g_strdup (workflow), version, g_strdup (name) };
  return query;
}

static void
query_free (gpointer data)
{
  Query *query = data;

  g_free (query->workflow);
  g_free (query->name);
  g_free (query);
}

void
heddle_version_info_free (HeddleVersionInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->label);
  g_free (info->json);
  g_free (info);
}

/* Saving twice what is the same makes one version. */
static gboolean
insert_version (HeddleDatabase *database,
                const char *workflow,
                gint64 source,
                const char *label,
                GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "INSERT INTO versions (workflow, source, saved, label, bytes) "
                                                "SELECT ?1, ?2, ?3, ?4, (SELECT length (CAST (json AS BLOB)) FROM sources WHERE id = ?2) WHERE ?2 IS NOT "
                                                "(SELECT source FROM versions WHERE workflow = ?1 ORDER BY id DESC LIMIT 1)",
                                                error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, source);
  sqlite3_bind_int64 (stmt, 3, g_get_real_time ());
  sqlite3_bind_text (stmt, 4, label, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}

#define HOUR "3600000000"
#define DAY "86400000000"
#define WEEK "604800000000"
#define MONTH "2592000000000"
#define YEAR "31536000000000"
#define MAX_RECENT "200"
#define MAX_BYTES "268435456"

/*
 * A version and those of the same age are one span, of which the newest stays. Spans begin at whole hours and days since the epoch, so that what
 * stays does not depend on when this is asked. ?2 is now.
 */
static const char trim_sql[] =
  "DELETE FROM versions WHERE id IN (SELECT id FROM ("
  "SELECT id, age, row_number () OVER (PARTITION BY width, saved / width ORDER BY id DESC) AS rank, "
  "row_number () OVER (ORDER BY id DESC) AS place, sum (bytes) OVER (ORDER BY id DESC) AS total FROM ("
  "SELECT id, saved, ?2 - saved AS age, bytes, "
  "CASE WHEN ?2 - saved < " HOUR " THEN 0 WHEN ?2 - saved < " DAY " THEN " HOUR " WHEN ?2 - saved < " MONTH " THEN " DAY " "
  "WHEN ?2 - saved < " YEAR " THEN " WEEK " ELSE " MONTH " END AS width "
  "FROM versions WHERE workflow = ?1 AND name IS NULL)) "
  "WHERE place > 1 AND (total > " MAX_BYTES " OR (age >= " HOUR " AND rank > 1) OR (age < " HOUR " AND place > " MAX_RECENT ")))";

static gboolean
trim_versions (HeddleDatabase *database,
               const char *workflow,
               GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, trim_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, g_get_real_time ());
  if (!heddle_database_run (database, stmt, error))
    return FALSE;
  return sqlite3_changes (heddle_database_get_handle (database)) == 0 || heddle_store_sweep_sources (database, error);
}

gboolean
heddle_store_write_version (HeddleDatabase *database,
                            const char *workflow,
                            gint64 source,
                            const char *label,
                            GError **error)
{
  return insert_version (database, workflow, source, label, error) && trim_versions (database, workflow, error);
}

static HeddleVersionInfo *
read_version (sqlite3_stmt *stmt)
{
  HeddleVersionInfo *info = g_new0 (HeddleVersionInfo, 1);

  info->id = sqlite3_column_int64 (stmt, 0);
  info->saved = sqlite3_column_int64 (stmt, 1);
  info->name = heddle_store_dup_column (stmt, 2);
  info->label = heddle_store_dup_column (stmt, 3);
  if (sqlite3_column_count (stmt) > 4)
    info->json = heddle_store_dup_column (stmt, 4);
  return info;
}

static gpointer
list_versions (HeddleStoreThread *thread,
               gpointer data,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Query *query = data;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_version_info_free);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT id, saved, name, label FROM versions WHERE workflow = ?1 ORDER BY id DESC", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
  while (heddle_database_step (database, stmt, &local_error))
    g_ptr_array_add (list, read_version (stmt));
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, local_error);
  return NULL;
}

static void
set_not_found (GError **error)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                       _ ("This version is not there any more. Look at the list of versions for another one."));
}

static gpointer
load_version (HeddleStoreThread *thread,
              gpointer data,
              GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Query *query = data;
  HeddleVersionInfo *info = NULL;
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "SELECT v.id, v.saved, v.name, v.label, s.json FROM versions v JOIN sources s ON s.id = v.source "
                                                "WHERE v.workflow = ?1 AND v.id = ?2",
                                                error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, query->version);
  if (heddle_database_step (database, stmt, &local_error))
    info = read_version (stmt);
  sqlite3_reset (stmt);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  else if (info == NULL)
    set_not_found (error);
  return info;
}

static gboolean
write_name (HeddleDatabase *database,
            const Query *query,
            GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "UPDATE versions SET name = nullif (?3, '') WHERE workflow = ?1 AND id = ?2", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, query->version);
  sqlite3_bind_text (stmt, 3, query->name, -1, SQLITE_STATIC);
  if (!heddle_database_run (database, stmt, error))
    return FALSE;
  if (sqlite3_changes (heddle_database_get_handle (database)) > 0)
    return TRUE;
  set_not_found (error);
  return FALSE;
}

static gpointer
name_version (HeddleStoreThread *thread,
              gpointer data,
              GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  if (!heddle_database_exec (database, "PRAGMA synchronous = FULL", error) || !heddle_database_begin (database, error))
    return NULL;
  if (write_name (database, data, error) && heddle_database_commit (database, error))
    return GINT_TO_POINTER (TRUE);
  heddle_database_rollback (database);
  return NULL;
}

GPtrArray *
heddle_store_list_versions (HeddleStore *self,
                            const char *workflow,
                            GError **error)
{
  Query query = { (char *) workflow, 0, NULL };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (workflow != NULL, NULL);

  return heddle_store_thread_call (self->thread, list_versions, &query, error);
}

void
heddle_store_list_versions_async (HeddleStore *self,
                                  const char *workflow,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (workflow != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_list_versions_async, query_new (workflow, 0, NULL), query_free);
  heddle_store_thread_call_task (self->thread, list_versions, task, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
heddle_store_list_versions_finish (HeddleStore *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

HeddleVersionInfo *
heddle_store_load_version (HeddleStore *self,
                           const char *workflow,
                           gint64 id,
                           GError **error)
{
  Query query = { (char *) workflow, id, NULL };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (workflow != NULL, NULL);

  return heddle_store_thread_call (self->thread, load_version, &query, error);
}

void
heddle_store_load_version_async (HeddleStore *self,
                                 const char *workflow,
                                 gint64 id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (workflow != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_load_version_async, query_new (workflow, id, NULL), query_free);
  heddle_store_thread_call_task (self->thread, load_version, task, (GDestroyNotify) heddle_version_info_free);
}

HeddleVersionInfo *
heddle_store_load_version_finish (HeddleStore *self,
                                  GAsyncResult *result,
                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
heddle_store_name_version (HeddleStore *self,
                           const char *workflow,
                           gint64 id,
                           const char *name,
                           GError **error)
{
  Query query = { (char *) workflow, id, (char *) name };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (workflow != NULL, FALSE);

  return heddle_store_thread_call (self->thread, name_version, &query, error) != NULL;
}

void
heddle_store_name_version_async (HeddleStore *self,
                                 const char *workflow,
                                 gint64 id,
                                 const char *name,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (workflow != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_name_version_async, query_new (workflow, id, name), query_free);
  heddle_store_thread_call_task (self->thread, name_version, task, NULL);
}

gboolean
heddle_store_name_version_finish (HeddleStore *self,
                                  GAsyncResult *result,
                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
