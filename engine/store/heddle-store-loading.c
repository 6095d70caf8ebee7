/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"
#include "store/heddle-store-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "run/heddle-event.h"
#include "value/heddle-json.h"

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
  g_free (info->parent);
  g_free (info);
}

void
heddle_stored_run_free (HeddleStoredRun *run)
{
  if (run == NULL)
    return;
  heddle_run_info_free (run->info);
  g_free (run->source);
  g_clear_pointer (&run->options, json_node_unref);
  g_clear_pointer (&run->events, g_ptr_array_unref);
  g_free (run);
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

HeddleRunInfo *
heddle_store_read_run (HeddleStoreThread *thread,
                       sqlite3_stmt *stmt)
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
  info->parent = heddle_store_dup_column (stmt, 12);
  info->n_questions = (guint) sqlite3_column_int (stmt, 13);
  info->n_doubts = (guint) sqlite3_column_int (stmt, 14);
  info->is_elsewhere = info->state == HEDDLE_RUN_RUNNING &&
                       sqlite3_column_int64 (stmt, 15) != heddle_lease_get_id (heddle_store_thread_get_lease (thread));
  return info;
}

/* What it was started with is a small object; one that cannot be read counts as none. */
static JsonNode *
read_options (sqlite3_stmt *stmt,
              int column)
{
  const char *text = (const char *) sqlite3_column_text (stmt, column);

  return text != NULL ? heddle_json_parse (text, -1, NULL) : NULL;
}

/* Ids that start with id are those between it and id followed by the last character. */
static sqlite3_stmt *
prepare_find (HeddleDatabase *database,
              const char *id,
              GError **error)
{
  g_autofree char *end = g_strconcat (id, "\xf4\x8f\xbf\xbf", NULL);
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                HEDDLE_RUN_COLUMNS ", r.options, s.json FROM runs r JOIN sources s ON s.id = r.source "
                                                                   "WHERE r.id >= ?1 AND r.id < ?2 ORDER BY r.id LIMIT 2",
                                                error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, end, -1, SQLITE_TRANSIENT);
  return stmt;
}

gint64
heddle_store_find_run (HeddleStoreThread *thread,
                       const char *id,
                       HeddleStoredRun *found,
                       GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = prepare_find (database, id, error);
  gint64 key = 0;
  gboolean unique;

  if (stmt == NULL)
    return 0;
  if (heddle_database_step (database, stmt, &local_error))
    {
      key = sqlite3_column_int64 (stmt, 0);
      found->info = heddle_store_read_run (thread, stmt);
      found->options = read_options (stmt, HEDDLE_RUN_N_COLUMNS);
      found->source = heddle_store_dup_column (stmt, HEDDLE_RUN_N_COLUMNS + 1);
    }
  unique = key != 0 && (strcmp (found->info->id, id) == 0 || !heddle_database_step (database, stmt, &local_error));
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
  if (sqlite3_column_type (stmt, 9) != SQLITE_NULL)
    event->scope = g_ref_string_new ((const char *) sqlite3_column_text (stmt, 9));
  if (data != NULL)
    {
      event->data = heddle_unpacker_read (unpacker, data, error);
      if (event->data == NULL)
        return NULL;
      if (kind == HEDDLE_EVENT_SPAN_STARTED || kind == HEDDLE_EVENT_SPAN_FINISHED)
        heddle_unpacker_keep (unpacker, event->seq, event->data);
    }
  return g_steal_pointer (&event);
}

#define EVENT_COLUMNS "SELECT seq, kind, time, node, attempt, span, parent, text, data, scope FROM events WHERE run = ?1 "

static GPtrArray *
read_rows (HeddleDatabase *database,
           gint64 run,
           sqlite3_stmt *stmt,
           GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  g_autoptr (HeddleUnpacker) unpacker = heddle_unpacker_new (database, run);
  GError *local_error = NULL;

  while (local_error == NULL && heddle_database_step (database, stmt, &local_error))
    {
      HeddleEvent *event = read_event (stmt, unpacker, &local_error);

      if (event != NULL)
        g_ptr_array_add (events, event);
    }
  sqlite3_reset (stmt);
  if (local_error == NULL)
    return g_steal_pointer (&events);
  g_propagate_error (error, local_error);
  return NULL;
}

GPtrArray *
heddle_store_read_events (HeddleStoreThread *thread,
                          gint64 run,
                          guint64 after,
                          guint limit,
                          GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, EVENT_COLUMNS "AND seq > ?2 ORDER BY seq LIMIT ?3", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, run);
  sqlite3_bind_int64 (stmt, 2, (gint64) after);
  sqlite3_bind_int64 (stmt, 3, limit);
  return read_rows (database, run, stmt, error);
}

/* Scopes within this one begin with it and "/", which is followed by "0". */
GPtrArray *
heddle_store_read_scope (HeddleStoreThread *thread,
                         gint64 run,
                         const char *scope,
                         GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autofree char *first = g_strconcat (scope, "/", NULL);
  g_autofree char *end = g_strconcat (scope, "0", NULL);
  sqlite3_stmt *stmt = heddle_database_prepare (database, EVENT_COLUMNS "AND (scope = ?2 OR (scope >= ?3 AND scope < ?4)) ORDER BY seq", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, run);
  sqlite3_bind_text (stmt, 2, scope, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 3, first, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 4, end, -1, SQLITE_STATIC);
  return read_rows (database, run, stmt, error);
}
