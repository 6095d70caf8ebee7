/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"
#include "store/heddle-store-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "run/heddle-event.h"
#include "value/heddle-json.h"

/* About what a row of an event takes beyond its texts. */
#define EVENT_BYTES 40
/* Characters of a run's one-line summary. */
#define SUMMARY_CHARACTERS 200

typedef struct
{
  HeddleStoreRecord record;
  char *id;
  char *workflow;
  char *name;
  char *source;
  char *started_by; /* or NULL */
  char *options;    /* or NULL */
  char *parent;     /* or NULL */
  gint64 started;
} RunRecord;

typedef struct
{
  HeddleStoreRecord record;
  char *run;
  GPtrArray *events; /* of HeddleEvent* */
  GTask *written;    /* waits until they are; or NULL */
} EventsRecord;

static gboolean
run_write (HeddleStoreThread *thread,
           HeddleStoreRecord *record,
           GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  RunRecord *run = (RunRecord *) record;
  gint64 source = heddle_values_intern_source (database, run->source, error);
  sqlite3_stmt *stmt;

  /* Its key may be that of a run that was deleted. */
  heddle_store_memo_forget_all (heddle_database_get_memo (database));
  if (source < 0)
    return FALSE;
  stmt = heddle_database_prepare (database,
                                  "INSERT OR IGNORE INTO runs (id, workflow, name, source, state, started, lease, started_by, options, parent) "
                                  "VALUES (?1, ?2, ?3, ?4, 'running', ?5, ?6, ?7, ?8, ?9)",
                                  error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, run->id, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, run->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 3, run->name, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 4, source);
  sqlite3_bind_int64 (stmt, 5, run->started);
  sqlite3_bind_int64 (stmt, 6, heddle_lease_get_id (heddle_store_thread_get_lease (thread)));
  sqlite3_bind_text (stmt, 7, run->started_by, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 8, run->options, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 9, run->parent, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error) && heddle_store_trim_runs (database, run->workflow, source, error);
}

static void
run_free (HeddleStoreRecord *record)
{
  RunRecord *run = (RunRecord *) record;

  g_free (run->id);
  g_free (run->workflow);
  g_free (run->name);
  g_free (run->source);
  g_free (run->started_by);
  g_free (run->options);
  g_free (run->parent);
  g_free (run);
}

static void
bind_optional (sqlite3_stmt *stmt,
               int index,
               guint64 value)
{
  if (value != 0)
    sqlite3_bind_int64 (stmt, index, (gint64) value);
}

/* The text of an event's data. */
static char *
pack_data (HeddleDatabase *database,
           gint64 run,
           HeddleEvent *event,
           gint64 *n_bytes,
           GError **error)
{
  HeddleStoreMemo *memo = heddle_database_get_memo (database);
  g_autoptr (HeddleMemoCall) call = NULL;

  if (event->kind == HEDDLE_EVENT_NODE_EFFECT && event->span != 0)
    call = heddle_store_memo_take_call (memo, run, event->span);
  if (call != NULL)
    return heddle_values_pack_call (database, run, event->data, call, n_bytes, error);
  return heddle_values_pack (database, run, event->data, n_bytes, error);
}

static gboolean
write_event (HeddleDatabase *database,
             gint64 run,
             HeddleEvent *event,
             gint64 *n_bytes,
             GError **error)
{
  g_autofree char *data = NULL;
  sqlite3_stmt *stmt;

  if (event->data != NULL)
    {
      data = pack_data (database, run, event, n_bytes, error);
      if (data == NULL)
        return FALSE;
    }
  stmt = heddle_database_prepare (database,
                                  "INSERT OR REPLACE INTO events (run, seq, kind, time, node, attempt, span, parent, text, data, scope) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                                  error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  sqlite3_bind_int64 (stmt, 2, (gint64) event->seq);
  sqlite3_bind_text (stmt, 3, heddle_event_kind_to_string (event->kind), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 4, event->time);
  sqlite3_bind_text (stmt, 5, event->node, -1, SQLITE_STATIC);
  bind_optional (stmt, 6, event->attempt);
  bind_optional (stmt, 7, event->span);
  bind_optional (stmt, 8, event->parent);
  sqlite3_bind_text (stmt, 9, event->text, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 10, data, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 11, event->scope, -1, SQLITE_STATIC);
  *n_bytes += EVENT_BYTES + (event->text != NULL ? (gint64) strlen (event->text) : 0);
  return heddle_database_run (database, stmt, error);
}

/*
 * A partial says all so far, so one that comes later in the same attempt, or the result, replaces it.
 * SQLite would rather go through all the run's events by number than use the index, which is empty as a rule.
 */
static gboolean
drop_partials (HeddleDatabase *database,
               gint64 run,
               HeddleEvent *event,
               GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "DELETE FROM events INDEXED BY events_partial "
                                                "WHERE kind = 'node.partial' AND run = ?1 AND node = ?2 "
                                                "AND attempt IS ?3 AND seq < ?4 AND scope IS ?5",
                                                error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  sqlite3_bind_text (stmt, 2, event->node, -1, SQLITE_STATIC);
  bind_optional (stmt, 3, event->attempt);
  sqlite3_bind_int64 (stmt, 4, (gint64) event->seq);
  sqlite3_bind_text (stmt, 5, event->scope, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}

/* First line of the output, or of the error when there is one. */
static char *
dup_summary (JsonNode *data)
{
  const char *message = heddle_json_get_string (heddle_json_member (data, "error"), "message", NULL);
  g_autofree char *text = message != NULL ? g_strdup (message) : heddle_json_to_display (heddle_json_member (data, "output"));

  g_strchug (text);
  text[strcspn (text, "\n")] = '\0';
  return g_utf8_strlen (text, -1) <= SUMMARY_CHARACTERS ? g_steal_pointer (&text) : g_utf8_substring (text, 0, SUMMARY_CHARACTERS);
}

/* By the program that ends, so that it can go on later. */
static gboolean
is_interrupted (HeddleEvent *event)
{
  return g_strcmp0 (heddle_json_get_string (event->data, "state", NULL), heddle_run_state_to_string (HEDDLE_RUN_INTERRUPTED)) == 0;
}

static gboolean
write_end (HeddleDatabase *database,
           gint64 run,
           HeddleEvent *event,
           GError **error)
{
  g_autofree char *summary = dup_summary (event->data);
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "UPDATE runs SET state = ?2, duration = ?3, summary = ?4, tokens = "
                                                "(SELECT sum (ifnull (input_tokens, 0) + ifnull (output_tokens, 0)) FROM spans "
                                                "WHERE run = ?1 AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL)), "
                                                "cost = (SELECT sum (cost) FROM spans WHERE run = ?1), "
                                                "cost_unknown = EXISTS (SELECT 1 FROM spans WHERE run = ?1 AND cost IS NULL "
                                                "AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL)) "
                                                "WHERE key = ?1",
                                                error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  sqlite3_bind_text (stmt, 2, heddle_json_get_string (event->data, "state", "ok"), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 3, event->time);
  sqlite3_bind_text (stmt, 4, summary, -1, SQLITE_STATIC);
  if (!heddle_database_run (database, stmt, error))
    return FALSE;
  return !is_interrupted (event) || heddle_store_interrupt_run (database, run, error);
}

static gboolean
write_one (HeddleDatabase *database,
           gint64 run,
           HeddleEvent *event,
           gint64 *n_bytes,
           GError **error)
{
  if (!write_event (database, run, event, n_bytes, error) || !heddle_store_write_span (database, run, event, error) ||
      !heddle_store_write_question (database, run, event, error))
    return FALSE;
  if (event->kind == HEDDLE_EVENT_NODE_PARTIAL || event->kind == HEDDLE_EVENT_NODE_FINISHED)
    return drop_partials (database, run, event, error);
  if (event->kind == HEDDLE_EVENT_SPAN_STARTED || event->kind == HEDDLE_EVENT_SPAN_FINISHED)
    heddle_store_memo_keep_call (heddle_database_get_memo (database), run, event);
  if (event->kind == HEDDLE_EVENT_RUN_FINISHED)
    {
      heddle_store_memo_forget_run (heddle_database_get_memo (database), run);
      return write_end (database, run, event, error);
    }
  return TRUE;
}

/* 0: there is no such run, -1: error. */
static gint64
find_run (HeddleDatabase *database,
          const char *id,
          GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT key FROM runs WHERE id = ?1", error);
  gint64 key = 0;

  if (stmt == NULL)
    return -1;
  sqlite3_bind_text (stmt, 1, id, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, &local_error))
    key = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  if (local_error == NULL)
    return key;
  g_propagate_error (error, local_error);
  return -1;
}

static gboolean
add_bytes (HeddleDatabase *database,
           gint64 run,
           gint64 n_bytes,
           GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "UPDATE runs SET bytes = bytes + ?2 WHERE key = ?1", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  sqlite3_bind_int64 (stmt, 2, n_bytes);
  return heddle_database_run (database, stmt, error);
}

static gboolean
events_write (HeddleStoreThread *thread,
              HeddleStoreRecord *record,
              GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  EventsRecord *events = (EventsRecord *) record;
  gint64 run = find_run (database, events->run, error);
  gint64 n_bytes = 0;

  /* A run that was deleted meanwhile is not brought back. */
  if (run <= 0)
    return run == 0;
  for (guint i = 0; i < events->events->len; i++)
    {
      if (!write_one (database, run, events->events->pdata[i], &n_bytes, error))
        return FALSE;
    }
  return add_bytes (database, run, n_bytes, error);
}

static void
events_written (HeddleStoreRecord *record)
{
  g_autoptr (GTask) task = g_steal_pointer (&((EventsRecord *) record)->written);

  g_task_return_boolean (task, TRUE);
}

static void
events_free (HeddleStoreRecord *record)
{
  EventsRecord *events = (EventsRecord *) record;

  if (events->written != NULL)
    g_task_return_new_error (events->written, HEDDLE_ERROR, HEDDLE_ERROR_STORE, _ ("The database was closed before this could be written."));
  g_clear_object (&events->written);
  g_free (events->run);
  g_ptr_array_unref (events->events);
  g_free (events);
}

void
heddle_store_expect_events (HeddleStore *self,
                            const char *run,
                            HeddleDurability durability)
{
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->recording, g_strdup (run), GINT_TO_POINTER (durability));
  g_mutex_unlock (&self->lock);
}

void
heddle_store_record_run (HeddleStore *self,
                         const HeddleRunHead *head,
                         HeddleDurability durability)
{
  RunRecord *run;

  if (durability == HEDDLE_DURABILITY_MEMORY)
    return;
  heddle_store_expect_events (self, head->id, durability);
  run = g_new0 (RunRecord, 1);
  run->record = (HeddleStoreRecord){ .write = run_write, .free = run_free, .n_events = 1, .full = durability == HEDDLE_DURABILITY_FULL };
  run->id = g_strdup (head->id);
  run->workflow = g_strdup (head->workflow);
  run->name = g_strdup (head->name);
  run->source = g_strdup (head->source);
  run->started_by = g_strdup (head->started_by);
  run->options = g_strdup (head->options);
  run->parent = g_strdup (head->parent);
  run->started = head->started;
  heddle_store_thread_push (self->thread, &run->record);
}

/* Whether events of the run are stored, and how. */
static gboolean
look_up_durability (HeddleStore *self,
                    const char *run,
                    gboolean ended,
                    HeddleDurability *durability)
{
  gpointer value;
  gboolean found;

  g_mutex_lock (&self->lock);
  found = g_hash_table_lookup_extended (self->recording, run, NULL, &value);
  if (found && ended)
    g_hash_table_remove (self->recording, run);
  g_mutex_unlock (&self->lock);
  *durability = found ? GPOINTER_TO_INT (value) : HEDDLE_DURABILITY_MEMORY;
  return found;
}

/* All but deltas, which are in the partials and the result, and progress, which the items themselves say. */
static GPtrArray *
copy_events (GPtrArray *events)
{
  GPtrArray *copy = g_ptr_array_new_full (events->len, (GDestroyNotify) heddle_event_unref);

  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = events->pdata[i];

      if (event->kind != HEDDLE_EVENT_NODE_DELTA && event->kind != HEDDLE_EVENT_NODE_PROGRESS)
        g_ptr_array_add (copy, heddle_event_ref (event));
    }
  return copy;
}

/* Takes written, which may be NULL. */
static void
push_events (HeddleStore *self,
             const char *run,
             GPtrArray *events,
             gboolean full,
             GTask *written)
{
  EventsRecord *record = g_new0 (EventsRecord, 1);

  record->record = (HeddleStoreRecord){ .write = events_write, .free = events_free, .n_events = events->len, .full = full };
  record->run = g_strdup (run);
  record->events = copy_events (events);
  record->written = written;
  if (written != NULL)
    record->record.written = events_written;
  if (record->events->len > 0 || written != NULL)
    heddle_store_thread_push (self->thread, &record->record);
  else
    events_free (&record->record);
}

void
heddle_store_record_events (HeddleStore *self,
                            const char *run,
                            GPtrArray *events)
{
  HeddleEvent *last = events->len == 0 ? NULL : events->pdata[events->len - 1];
  HeddleDurability durability;

  if (last != NULL && look_up_durability (self, run, last->kind == HEDDLE_EVENT_RUN_FINISHED, &durability))
    push_events (self, run, events, durability == HEDDLE_DURABILITY_FULL, NULL);
}

void
heddle_store_append_events_async (HeddleStore *self,
                                  HeddleRun *run,
                                  GPtrArray *events,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  HeddleDurability durability;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (HEDDLE_IS_RUN (run));
  g_return_if_fail (events != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_append_events_async, NULL, NULL);
  if (look_up_durability (self, heddle_run_get_id (run), FALSE, &durability))
    push_events (self, heddle_run_get_id (run), events, TRUE, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
heddle_store_append_events_finish (HeddleStore *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
