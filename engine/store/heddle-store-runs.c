/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

#include "run/heddle-event.h"

typedef struct
{
  char *workflow; /* NULL: all */
  guint limit;
} ListQuery;

static sqlite3_stmt *
prepare_list (HeddleDatabase *database,
              const ListQuery *query,
              GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (
    database,
    query->workflow == NULL
      ? HEDDLE_RUN_COLUMNS "FROM runs r ORDER BY r.started DESC, r.key DESC LIMIT ?1"
      : HEDDLE_RUN_COLUMNS "FROM runs r WHERE r.workflow = ?2 ORDER BY r.started DESC, r.key DESC LIMIT ?1",
    error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, query->limit);
  if (query->workflow != NULL)
    sqlite3_bind_text (stmt, 2, query->workflow, -1, SQLITE_STATIC);
  return stmt;
}

static gpointer
list_runs (HeddleStoreThread *thread,
           gpointer data,
           GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_run_info_free);
  GError *local_error = NULL;
  sqlite3_stmt *stmt;

  if (!heddle_store_recover_runs (thread, error))
    return NULL;
  stmt = prepare_list (database, data, error);
  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (database, stmt, &local_error))
    g_ptr_array_add (list, heddle_store_read_run (thread, stmt));
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, local_error);
  return NULL;
}

static HeddleStoredRun *
load (HeddleStoreThread *thread,
      const char *id,
      guint64 after,
      guint limit,
      GError **error)
{
  g_autoptr (HeddleStoredRun) loaded = g_new0 (HeddleStoredRun, 1);
  gint64 run;

  if (!heddle_store_recover_runs (thread, error))
    return NULL;
  run = heddle_store_find_run (thread, id, loaded, error);
  loaded->events = run == 0 ? NULL : heddle_store_read_events (thread, run, after, limit, error);
  return loaded->events != NULL ? g_steal_pointer (&loaded) : NULL;
}

static gpointer
load_run (HeddleStoreThread *thread,
          gpointer data,
          GError **error)
{
  return load (thread, data, 0, G_MAXUINT, error);
}

GPtrArray *
heddle_store_list_runs (HeddleStore *self,
                        const char *workflow,
                        guint limit,
                        GError **error)
{
  ListQuery query = { (char *) workflow, limit };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, list_runs, &query, error);
}

static void
list_query_free (ListQuery *query)
{
  g_free (query->workflow);
  g_free (query);
}

void
heddle_store_list_runs_async (HeddleStore *self,
                              const char *workflow,
                              guint limit,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  ListQuery *query;
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));

  query = g_new0 (ListQuery, 1);
  query->workflow = g_strdup (workflow);
  query->limit = limit;
  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_list_runs_async, query,
                                (GDestroyNotify) list_query_free);
  heddle_store_thread_call_task (self->thread, list_runs, task, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
heddle_store_list_runs_finish (HeddleStore *self,
                               GAsyncResult *result,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Takes apart what load_run returns. */
static GPtrArray *
take_loaded (HeddleStoredRun *loaded,
             HeddleRunInfo **info,
             char **source)
{
  GPtrArray *events = NULL;

  if (info != NULL)
    *info = loaded == NULL ? NULL : g_steal_pointer (&loaded->info);
  if (source != NULL)
    *source = loaded == NULL ? NULL : g_steal_pointer (&loaded->source);
  if (loaded == NULL)
    return NULL;
  events = g_steal_pointer (&loaded->events);
  heddle_stored_run_free (loaded);
  return events;
}

GPtrArray *
heddle_store_load_run (HeddleStore *self,
                       const char *run,
                       HeddleRunInfo **info,
                       char **source,
                       GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (run != NULL, NULL);

  return take_loaded (heddle_store_thread_call (self->thread, load_run, (gpointer) run, error), info, source);
}

void
heddle_store_load_run_async (HeddleStore *self,
                             const char *run,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_load_run_async, g_strdup (run), g_free);
  heddle_store_thread_call_task (self->thread, load_run, task, (GDestroyNotify) heddle_stored_run_free);
}

GPtrArray *
heddle_store_load_run_finish (HeddleStore *self,
                              GAsyncResult *result,
                              HeddleRunInfo **info,
                              char **source,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return take_loaded (g_task_propagate_pointer (G_TASK (result), error), info, source);
}

void
heddle_store_load_stored_run_async (HeddleStore *self,
                                    const char *run,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_load_stored_run_async, g_strdup (run), g_free);
  heddle_store_thread_call_task (self->thread, load_run, task, (GDestroyNotify) heddle_stored_run_free);
}

HeddleStoredRun *
heddle_store_load_stored_run_finish (HeddleStore *self,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  char *run;
  guint64 after;
  guint limit;
} NewsQuery;

static void
news_query_free (NewsQuery *query)
{
  g_free (query->run);
  g_free (query);
}

static gpointer
load_news (HeddleStoreThread *thread,
           gpointer data,
           GError **error)
{
  const NewsQuery *query = data;

  return load (thread, query->run, query->after, query->limit, error);
}

GPtrArray *
heddle_store_load_news (HeddleStore *self,
                        const char *run,
                        guint64 after,
                        guint limit,
                        HeddleRunInfo **info,
                        GError **error)
{
  NewsQuery query = { (char *) run, after, limit };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (run != NULL && limit > 0, NULL);

  return take_loaded (heddle_store_thread_call (self->thread, load_news, &query, error), info, NULL);
}

void
heddle_store_load_news_async (HeddleStore *self,
                              const char *run,
                              guint64 after,
                              guint limit,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  NewsQuery *query;
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL && limit > 0);

  query = g_new (NewsQuery, 1);
  query->run = g_strdup (run);
  query->after = after;
  query->limit = limit;
  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_load_news_async, query, (GDestroyNotify) news_query_free);
  heddle_store_thread_call_task (self->thread, load_news, task, (GDestroyNotify) heddle_stored_run_free);
}

GPtrArray *
heddle_store_load_news_finish (HeddleStore *self,
                               GAsyncResult *result,
                               HeddleRunInfo **info,
                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return take_loaded (g_task_propagate_pointer (G_TASK (result), error), info, NULL);
}
