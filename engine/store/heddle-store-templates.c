/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-templates.h"

#include "graph/heddle-document.h"
#include "heddle-error.h"
#include "store/heddle-store-private.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAME 200 /* characters */

/* What is to be done with which template. */
typedef struct
{
  HeddleTemplateInfo *info; /* of which not all members may be set */
  gboolean replace;
} Query;

void
heddle_template_info_free (HeddleTemplateInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->id);
  g_free (info->name);
  g_free (info->description);
  g_free (info->json);
  g_free (info->type);
  g_free (info);
}

HeddleTemplateInfo *
heddle_template_info_copy (const HeddleTemplateInfo *info)
{
  HeddleTemplateInfo *copy;

  g_return_val_if_fail (info != NULL, NULL);

  copy = g_new (HeddleTemplateInfo, 1);
  *copy = (HeddleTemplateInfo){ g_strdup (info->id), g_strdup (info->name), g_strdup (info->description), g_strdup (info->json),
                                g_strdup (info->type), info->created, info->modified };
  return copy;
}

/* One line without blanks around it; NULL with error. */
static char *
normalize_name (const char *name,
                GError **error)
{
  g_autofree char *line = g_strstrip (g_strdelimit (g_strdup (name), "\n\r\t", ' '));

  if (*line == '\0')
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A template needs a name."));
  else if (g_utf8_strlen (line, -1) > MAX_NAME)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The name of a template has at most %d characters."), MAX_NAME);
  else
    return g_steal_pointer (&line);
  return NULL;
}

static char *
copy_everything (HeddleGraph *graph)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    g_ptr_array_add (ids, heddle_graph_get_node (graph, i)->id);
  for (guint i = 0; i < heddle_graph_get_n_annotations (graph); i++)
    g_ptr_array_add (ids, heddle_graph_get_annotation (graph, i)->id);
  if (ids->len == 0)
    return NULL;
  g_ptr_array_add (ids, NULL);
  return heddle_graph_selection_to_json (graph, (const char *const *) ids->pdata);
}

HeddleTemplateInfo *
heddle_template_info_new (const char *json,
                          gssize length,
                          const char *name,
                          const char *description,
                          GError **error)
{
  g_autoptr (HeddleTemplateInfo) info = g_new0 (HeddleTemplateInfo, 1);
  g_autoptr (HeddleGraph) graph = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  graph = heddle_graph_new_from_json (json, length, error);
  if (graph == NULL)
    return NULL;
  info->json = copy_everything (graph);
  if (info->json == NULL)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There are no nodes in it. Select what the template is to hold."));
      return NULL;
    }
  info->name = normalize_name (name != NULL ? name : heddle_graph_get_name (graph), error);
  if (info->name == NULL)
    return NULL;
  info->id = g_uuid_string_random ();
  info->description = g_strstrip (g_strdup (description != NULL ? description : heddle_graph_get_description (graph)));
  if (heddle_graph_get_n_nodes (graph) > 0)
    info->type = g_strdup (heddle_graph_get_node (graph, 0)->type_id);
  info->created = info->modified = g_get_real_time ();
  return g_steal_pointer (&info);
}

char *
heddle_template_info_to_json (const HeddleTemplateInfo *info)
{
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (HeddleDocument) document = NULL;

  g_return_val_if_fail (info != NULL, NULL);

  graph = heddle_graph_new_from_json (info->json, -1, NULL);
  /* Written by another version, it goes as it is. */
  if (graph == NULL)
    return g_strdup (info->json);
  document = heddle_document_new (graph);
  heddle_document_set_name (document, info->name);
  heddle_document_set_description (document, info->description);
  return heddle_graph_to_json (graph);
}

static Query *
query_new (HeddleTemplateInfo *info,
           gboolean replace)
{
  Query *query = g_new (Query, 1);

  *query = (Query){ info, replace };
  return query;
}

static void
query_free (gpointer data)
{
  Query *query = data;

  heddle_template_info_free (query->info);
  g_free (query);
}

#define COLUMNS "SELECT id, name, description, json, type, created, modified FROM templates "

static HeddleTemplateInfo *
read_row (sqlite3_stmt *stmt)
{
  HeddleTemplateInfo *info = g_new0 (HeddleTemplateInfo, 1);

  info->id = heddle_store_dup_column (stmt, 0);
  info->name = heddle_store_dup_column (stmt, 1);
  info->description = heddle_store_dup_column (stmt, 2);
  info->json = heddle_store_dup_column (stmt, 3);
  info->type = heddle_store_dup_column (stmt, 4);
  info->created = sqlite3_column_int64 (stmt, 5);
  info->modified = sqlite3_column_int64 (stmt, 6);
  return info;
}

static gpointer
list_templates (HeddleStoreThread *thread,
                gpointer data,
                GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_template_info_free);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, COLUMNS "ORDER BY name COLLATE NOCASE, name", error);

  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (database, stmt, &local_error))
    g_ptr_array_add (list, read_row (stmt));
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, local_error);
  return NULL;
}

/* The first of a query that takes one text; NULL without error: there is none. */
static HeddleTemplateInfo *
find (HeddleDatabase *database,
      const char *sql,
      const char *key,
      GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);
  HeddleTemplateInfo *info = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, key, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, error))
    info = read_row (stmt);
  sqlite3_reset (stmt);
  return info;
}

static void
set_not_found (const char *name,
               GError **error)
{
  if (name != NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("There is no template “%s”. Look at the list for its name."), name);
  else
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("This template is not there any more."));
}

static gpointer
load_template (HeddleStoreThread *thread,
               gpointer data,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  GError *local_error = NULL;
  HeddleTemplateInfo *info = find (database, COLUMNS "WHERE name = ?1 OR id = ?1 ORDER BY name = ?1 DESC LIMIT 1", data, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, local_error);
  else if (info == NULL)
    set_not_found (data, error);
  return info;
}

/* Whether no other one than that with this id has the name. */
static gboolean
check_free (HeddleDatabase *database,
            const HeddleTemplateInfo *info,
            GError **error)
{
  GError *local_error = NULL;
  g_autoptr (HeddleTemplateInfo) other = find (database, COLUMNS "WHERE name = ?1", info->name, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (other == NULL || strcmp (other->id, info->id) == 0)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There is already a template “%s”. Choose another name, or replace it."), info->name);
  return FALSE;
}

static gboolean
write_template (HeddleDatabase *database,
                const Query *query,
                GError **error)
{
  const HeddleTemplateInfo *info = query->info;
  sqlite3_stmt *stmt;

  if (!query->replace && !check_free (database, info, error))
    return FALSE;
  stmt = heddle_database_prepare (database,
                                  "INSERT INTO templates (id, name, description, json, type, created, modified) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                                  "ON CONFLICT (name) DO UPDATE SET description = ?3, json = ?4, type = ?5, modified = ?7",
                                  error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, info->id, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, info->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 3, info->description, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 4, info->json, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 5, info->type, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 6, info->created);
  sqlite3_bind_int64 (stmt, 7, info->modified);
  return heddle_database_run (database, stmt, error);
}

/* Of something that is to change one row. */
static gboolean
run_on_one (HeddleDatabase *database,
            sqlite3_stmt *stmt,
            GError **error)
{
  if (!heddle_database_run (database, stmt, error))
    return FALSE;
  if (sqlite3_changes (heddle_database_get_handle (database)) > 0)
    return TRUE;
  set_not_found (NULL, error);
  return FALSE;
}

static gboolean
write_name (HeddleDatabase *database,
            const Query *query,
            GError **error)
{
  sqlite3_stmt *stmt;

  if (!check_free (database, query->info, error))
    return FALSE;
  stmt = heddle_database_prepare (database, "UPDATE templates SET name = ?2, modified = ?3 WHERE id = ?1", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, query->info->id, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, query->info->name, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 3, g_get_real_time ());
  return run_on_one (database, stmt, error);
}

static gboolean
erase (HeddleDatabase *database,
       const Query *query,
       GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "DELETE FROM templates WHERE id = ?1", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, query->info->id, -1, SQLITE_STATIC);
  return run_on_one (database, stmt, error);
}

/* In a transaction that is on the disk when it ends. */
static gpointer
change (HeddleStoreThread *thread,
        const Query *query,
        gboolean (*func) (HeddleDatabase *database, const Query *query, GError **error),
        GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  if (!heddle_database_exec (database, "PRAGMA synchronous = FULL", error) || !heddle_database_begin (database, error))
    return NULL;
  if (func (database, query, error) && heddle_database_commit (database, error))
    return GINT_TO_POINTER (TRUE);
  heddle_database_rollback (database);
  return NULL;
}

static gpointer
save_template (HeddleStoreThread *thread,
               gpointer data,
               GError **error)
{
  return change (thread, data, write_template, error);
}

static gpointer
rename_template (HeddleStoreThread *thread,
                 gpointer data,
                 GError **error)
{
  Query *query = data;
  char *name = normalize_name (query->info->name, error);

  if (name == NULL)
    return NULL;
  g_free (query->info->name);
  query->info->name = name;
  return change (thread, query, write_name, error);
}

static gpointer
delete_template (HeddleStoreThread *thread,
                 gpointer data,
                 GError **error)
{
  return change (thread, data, erase, error);
}

GPtrArray *
heddle_store_list_templates (HeddleStore *self,
                             GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, list_templates, NULL, error);
}

void
heddle_store_list_templates_async (HeddleStore *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_list_templates_async, NULL, NULL);
  heddle_store_thread_call_task (self->thread, list_templates, task, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
heddle_store_list_templates_finish (HeddleStore *self,
                                    GAsyncResult *result,
                                    GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

HeddleTemplateInfo *
heddle_store_load_template (HeddleStore *self,
                            const char *name,
                            GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return heddle_store_thread_call (self->thread, load_template, (gpointer) name, error);
}

/* Takes the query. */
static gboolean
call (HeddleStore *self,
      HeddleStoreFunc func,
      Query *query,
      GError **error)
{
  gboolean done = heddle_store_thread_call (self->thread, func, query, error) != NULL;

  query_free (query);
  return done;
}

static Query *
query_new_for_id (const char *id,
                  const char *name)
{
  HeddleTemplateInfo *info = g_new0 (HeddleTemplateInfo, 1);

  info->id = g_strdup (id);
  info->name = g_strdup (name);
  return query_new (info, FALSE);
}

gboolean
heddle_store_save_template (HeddleStore *self,
                            const HeddleTemplateInfo *info,
                            gboolean replace,
                            GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  return call (self, save_template, query_new (heddle_template_info_copy (info), replace), error);
}

void
heddle_store_save_template_async (HeddleStore *self,
                                  const HeddleTemplateInfo *info,
                                  gboolean replace,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Query *query;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (info != NULL);

  query = query_new (heddle_template_info_copy (info), replace);
  heddle_store_thread_call_task (self->thread, save_template,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_save_template_async, query, query_free), NULL);
}

gboolean
heddle_store_save_template_finish (HeddleStore *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

gboolean
heddle_store_rename_template (HeddleStore *self,
                              const char *id,
                              const char *name,
                              GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL && name != NULL, FALSE);

  return call (self, rename_template, query_new_for_id (id, name), error);
}

void
heddle_store_rename_template_async (HeddleStore *self,
                                    const char *id,
                                    const char *name,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  Query *query;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL && name != NULL);

  query = query_new_for_id (id, name);
  heddle_store_thread_call_task (self->thread, rename_template,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_rename_template_async, query, query_free), NULL);
}

gboolean
heddle_store_rename_template_finish (HeddleStore *self,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

gboolean
heddle_store_delete_template (HeddleStore *self,
                              const char *id,
                              GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return call (self, delete_template, query_new_for_id (id, NULL), error);
}

void
heddle_store_delete_template_async (HeddleStore *self,
                                    const char *id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  Query *query;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL);

  query = query_new_for_id (id, NULL);
  heddle_store_thread_call_task (self->thread, delete_template,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_delete_template_async, query, query_free), NULL);
}

gboolean
heddle_store_delete_template_finish (HeddleStore *self,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
