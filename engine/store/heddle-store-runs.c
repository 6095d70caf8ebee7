/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"
#include "store/heddle-store-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "run/heddle-event.h"

#define RUN_COLUMNS "SELECT r.key, r.id, r.workflow, r.name, r.state, r.started, r.duration, r.tokens, r.summary, r.cost, r.cost_unknown, r.started_by "

typedef struct
{
  char *workflow; /* NULL: all */
  guint limit;
} ListQuery;

typedef struct
{
  HeddleRunInfo *info;
  char *source;
  GPtrArray *events;
} Loaded;

void
heddle_run_info_free (HeddleRunInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->id);
  g_free (info->workflow);
  g_free (info->name);
  g_free (info->summary);
  g_free (info->started_by);
  g_free (info);
}

static HeddleRunState
run_state_from_string (const char *text)
{
  for (int state = HEDDLE_RUN_RUNNING; state < HEDDLE_RUN_INTERRUPTED; state++)
    {
      if (g_strcmp0 (heddle_run_state_to_string (state), text) == 0)
        return state;
    }
  return HEDDLE_RUN_INTERRUPTED;
}

static gint64
column_or_unknown (sqlite3_stmt *stmt,
                   int column)
{
  return sqlite3_column_type (stmt, column) == SQLITE_NULL ? -1 : sqlite3_column_int64 (stmt, column);
}

static HeddleRunInfo *
read_run (sqlite3_stmt *stmt)
{
  HeddleRunInfo *info = g_new0 (HeddleRunInfo, 1);

  info->id = heddle_store_dup_column (stmt, 1);
  info->workflow = heddle_store_dup_column (stmt, 2);
  info->name = heddle_store_dup_column (stmt, 3);
  info->state = run_state_from_string ((const char *) sqlite3_column_text (stmt, 4));
  info->started = sqlite3_column_int64 (stmt, 5);
  info->duration = column_or_unknown (stmt, 6);
  info->tokens = column_or_unknown (stmt, 7);
  info->summary = heddle_store_dup_column (stmt, 8);
  info->cost = column_or_unknown (stmt, 9);
  info->cost_partly_unknown = info->cost >= 0 && sqlite3_column_int (stmt, 10) != 0;
  info->started_by = heddle_store_dup_column (stmt, 11);
  return info;
}

static sqlite3_stmt *
prepare_list (HeddleDatabase *database,
              const ListQuery *query,
              GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (
    database,
    query->workflow == NULL
      ? RUN_COLUMNS "FROM runs r ORDER BY r.started DESC, r.key DESC LIMIT ?1"
      : RUN_COLUMNS "FROM runs r WHERE r.workflow = ?2 ORDER BY r.started DESC, r.key DESC LIMIT ?1",
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
    g_ptr_array_add (list, read_run (stmt));
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, local_error);
  return NULL;
}

static void
loaded_free (Loaded *loaded)
{
  heddle_run_info_free (loaded->info);
  g_free (loaded->source);
  g_clear_pointer (&loaded->events, g_ptr_array_unref);
  g_free (loaded);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loaded, loaded_free)

/*
 * Fills loaded from the run with this id or the only one it is the start of; returns its key, or 0
 * with error. Ids that start with id are those between it and id followed by the last character.
 */
static gint64
find_run (HeddleDatabase *database,
          const char *id,
          Loaded *loaded,
          GError **error)
{
  g_autofree char *end = g_strconcat (id, "\xf4\x8f\xbf\xbf", NULL);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                RUN_COLUMNS ", s.json FROM runs r JOIN sources s ON s.id = r.source "
                                                            "WHERE r.id >= ?1 AND r.id < ?2 ORDER BY r.id LIMIT 2",
                                                error);
  gint64 key = 0;
  gboolean unique;

  if (stmt == NULL)
    return 0;
  sqlite3_bind_text (stmt, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, end, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, &local_error))
    {
      key = sqlite3_column_int64 (stmt, 0);
      loaded->info = read_run (stmt);
      loaded->source = heddle_store_dup_column (stmt, 12);
    }
  unique = key != 0 && (strcmp (loaded->info->id, id) == 0 || !heddle_database_step (database, stmt, &local_error));
  sqlite3_reset (stmt);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  else if (key == 0 || *id == '\0')
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("There is no run “%s”. Look at the list of runs for its id."), id);
  else if (!unique)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("Several runs start with “%s”. Give more of the id."), id);
  else
    return key;
  return 0;
}

static HeddleEvent *
read_event (sqlite3_stmt *stmt,
            HeddleUnpacker *unpacker,
            GError **error)
{
  const char *data = (const char *) sqlite3_column_text (stmt, 8);
  g_autoptr (HeddleEvent) event = NULL;
  HeddleEventKind kind;

  if (!heddle_event_kind_from_string ((const char *) sqlite3_column_text (stmt, 1), &kind))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE, _ ("An event of this run is damaged in the database. Run the workflow again."));
      return NULL;
    }
  event = heddle_event_new (kind, (const char *) sqlite3_column_text (stmt, 3));
  event->seq = (guint64) sqlite3_column_int64 (stmt, 0);
  event->time = sqlite3_column_int64 (stmt, 2);
  event->attempt = (guint) sqlite3_column_int64 (stmt, 4);
  event->span = (guint64) sqlite3_column_int64 (stmt, 5);
  event->parent = (guint64) sqlite3_column_int64 (stmt, 6);
  event->text = heddle_store_dup_column (stmt, 7);
  if (data != NULL)
    {
      event->data = heddle_unpacker_read (unpacker, data, error);
      if (event->data == NULL)
        return NULL;
    }
  return g_steal_pointer (&event);
}

static gboolean
read_events (HeddleDatabase *database,
             gint64 run,
             GPtrArray *events,
             GError **error)
{
  g_autoptr (HeddleUnpacker) unpacker = heddle_unpacker_new (database);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "SELECT seq, kind, time, node, attempt, span, parent, text, data FROM events "
                                                "WHERE run = ?1 ORDER BY seq",
                                                error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  while (local_error == NULL && heddle_database_step (database, stmt, &local_error))
    {
      HeddleEvent *event = read_event (stmt, unpacker, &local_error);

      if (event != NULL)
        g_ptr_array_add (events, event);
    }
  sqlite3_reset (stmt);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gpointer
load_run (HeddleStoreThread *thread,
          gpointer data,
          GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (Loaded) loaded = g_new0 (Loaded, 1);
  gint64 run;

  if (!heddle_store_recover_runs (thread, error))
    return NULL;
  run = find_run (database, data, loaded, error);
  if (run == 0)
    return NULL;
  loaded->events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  if (!read_events (database, run, loaded->events, error))
    return NULL;
  return g_steal_pointer (&loaded);
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
take_loaded (Loaded *loaded,
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
  loaded_free (loaded);
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
  heddle_store_thread_call_task (self->thread, load_run, task, (GDestroyNotify) loaded_free);
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
