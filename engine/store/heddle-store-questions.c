/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-questions.h"

#include "heddle-error.h"
#include "run/heddle-event.h"
#include "store/heddle-store-private.h"
#include "value/heddle-json-schema.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What a call is about; borrowed from the caller, who waits. */
typedef struct
{
  const char *run;
  const char *question;
  JsonNode *answer; /* or NULL */
  gint64 id;
  gboolean take_back;
} Answer;

void
heddle_question_info_free (HeddleQuestionInfo *info)
{
  g_free (info->run);
  g_free (info->workflow);
  g_free (info->name);
  json_node_unref (info->question);
  g_free (info);
}

static gboolean
run_with_key (HeddleDatabase *database, const char *sql, gint64 run, const char *text, GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  if (text != NULL)
    sqlite3_bind_text (stmt, 2, text, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}

static gboolean
write_asked (HeddleDatabase *database, gint64 run, HeddleEvent *event, GError **error)
{
  g_autofree char *text = heddle_json_to_text (event->data, HEDDLE_JSON_COMPACT);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "INSERT OR REPLACE INTO questions (run, id, asked, question) SELECT ?1, ?2, started + ?3, ?4 FROM runs WHERE key = ?1", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  sqlite3_bind_text (stmt, 2, heddle_json_get_string (event->data, "id", ""), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 3, event->time);
  sqlite3_bind_text (stmt, 4, text, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}

/* A run that goes on asks anew, and one that has ended asks nothing; an interrupted one still does. */
static gboolean
write_end (HeddleDatabase *database, gint64 run, HeddleEvent *event, GError **error)
{
  if (event->kind == HEDDLE_EVENT_RUN_FINISHED && strcmp (heddle_json_get_string (event->data, "state", ""), heddle_run_state_to_string (HEDDLE_RUN_INTERRUPTED)) == 0)
    return TRUE;
  return run_with_key (database, "DELETE FROM questions WHERE run = ?1", run, NULL, error) &&
         run_with_key (database, "DELETE FROM answers WHERE run = ?1", run, NULL, error);
}

gboolean
heddle_store_write_question (HeddleDatabase *database, gint64 run, HeddleEvent *event, GError **error)
{
  switch (event->kind)
    {
    case HEDDLE_EVENT_RUN_ASKED:
      /* What a workflow called by another asks is asked by that one. */
      return heddle_json_get_boolean (event->data, "above", FALSE) || write_asked (database, run, event, error);
    case HEDDLE_EVENT_RUN_ANSWERED:
      return run_with_key (database, "DELETE FROM questions WHERE run = ?1 AND id = ?2", run, heddle_json_get_string (event->data, "id", ""), error);
    case HEDDLE_EVENT_RUN_CONTINUED:
    case HEDDLE_EVENT_RUN_FINISHED:
      return write_end (database, run, event, error);
    default:
      return TRUE;
    }
}

static HeddleQuestionInfo *
read_question (sqlite3_stmt *stmt)
{
  HeddleQuestionInfo *info = g_new0 (HeddleQuestionInfo, 1);

  info->run = heddle_store_dup_column (stmt, 0);
  info->workflow = heddle_store_dup_column (stmt, 1);
  info->name = heddle_store_dup_column (stmt, 2);
  info->is_running = strcmp ((const char *) sqlite3_column_text (stmt, 3), "running") == 0;
  info->asked = sqlite3_column_int64 (stmt, 4);
  info->question = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 5), sqlite3_column_bytes (stmt, 5), NULL);
  if (info->question == NULL)
    info->question = heddle_json_object (json_object_new ());
  return info;
}

static gpointer
list_questions (HeddleStoreThread *thread, gpointer data, GError **error)
{
  const char *run = data;
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_question_info_free);
  g_autofree char *end = g_strconcat (run != NULL ? run : "", "\xf4\x8f\xbf\xbf", NULL);
  g_autoptr (GError) reason = NULL;
  sqlite3_stmt *stmt;

  if (!heddle_store_recover_runs (thread, error))
    return NULL;
  stmt = heddle_database_prepare (database,
                                  "SELECT r.id, r.workflow, r.name, r.state, q.asked, q.question FROM questions q JOIN runs r ON r.key = q.run "
                                  "WHERE r.id >= ?1 AND r.id < ?2 ORDER BY q.asked, q.id",
                                  error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, run != NULL ? run : "", -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, end, -1, SQLITE_STATIC);
  while (heddle_database_step (database, stmt, &reason))
    g_ptr_array_add (list, read_question (stmt));
  if (reason == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

GPtrArray *
heddle_store_list_questions (HeddleStore *self, const char *run, GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, list_questions, (gpointer) run, error);
}

void
heddle_store_list_questions_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_list_questions_async, g_strdup (run), g_free);
  heddle_store_thread_call_task (self->thread, list_questions, task, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
heddle_store_list_questions_finish (HeddleStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What is asked, or NULL with error. key: of the run. */
static JsonNode *
find_question (HeddleDatabase *database, const Answer *answer, gint64 *key, GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT q.run, q.question FROM questions q JOIN runs r ON r.key = q.run WHERE r.id = ?1 AND q.id = ?2", error);
  g_autoptr (GError) reason = NULL;
  JsonNode *question = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, answer->run, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, answer->question, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, &reason))
    {
      *key = sqlite3_column_int64 (stmt, 0);
      question = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 1), sqlite3_column_bytes (stmt, 1), &reason);
    }
  sqlite3_reset (stmt);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (question == NULL)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("This question is not open any more: it was answered, or what asked it has ended."));
  return question;
}

static gboolean
check_fits (JsonNode *question, JsonNode *answer, GError **error)
{
  JsonNode *schema = heddle_json_member (question, "schema");

  return answer == NULL || schema == NULL || heddle_json_schema_check (schema, answer, error);
}

static gpointer
leave_answer (HeddleStoreThread *thread, gpointer data, GError **error)
{
  Answer *answer = data;
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  gint64 key = 0;
  g_autoptr (JsonNode) question = find_question (database, answer, &key, error);
  g_autofree char *text = answer->answer != NULL ? heddle_json_to_text (answer->answer, HEDDLE_JSON_COMPACT) : NULL;
  sqlite3_stmt *stmt;

  if (question == NULL || !check_fits (question, answer->answer, error))
    return NULL;
  stmt = heddle_database_prepare (database, "INSERT INTO answers (run, question, answer) VALUES (?1, ?2, ?3)", error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, key);
  sqlite3_bind_text (stmt, 2, answer->question, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 3, text, -1, SQLITE_STATIC);
  if (!heddle_database_run (database, stmt, error))
    return NULL;
  answer->id = sqlite3_last_insert_rowid (heddle_database_get_handle (database));
  return answer;
}

gint64
heddle_store_leave_answer (HeddleStore *self, const char *run, const char *question, JsonNode *answer, GError **error)
{
  Answer data = { .run = run, .question = question, .answer = answer };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), 0);
  g_return_val_if_fail (run != NULL && question != NULL, 0);

  return heddle_store_thread_call (self->thread, leave_answer, &data, error) != NULL ? data.id : 0;
}

static gpointer
look_for_answer (HeddleStoreThread *thread, gpointer data, GError **error)
{
  Answer *answer = data;
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, answer->take_back ? "DELETE FROM answers WHERE id = ?1 RETURNING id" : "SELECT id FROM answers WHERE id = ?1", error);
  gboolean found;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, answer->id);
  found = heddle_database_step (database, stmt, error);
  sqlite3_reset (stmt);
  return found ? answer : NULL;
}

gboolean
heddle_store_has_answer (HeddleStore *self, gint64 id, gboolean take_back)
{
  Answer data = { .id = id, .take_back = take_back };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);

  return heddle_store_thread_call (self->thread, look_for_answer, &data, NULL) != NULL;
}

static JsonNode *
read_answer (sqlite3_stmt *stmt)
{
  const char *text = (const char *) sqlite3_column_text (stmt, 1);
  g_autofree char *question = heddle_store_dup_column (stmt, 0);
  JsonNode *answer = text != NULL ? heddle_json_parse (text, sqlite3_column_bytes (stmt, 1), NULL) : NULL;
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "question", heddle_json_string (question));
  if (answer != NULL)
    json_object_set_member (object, "answer", answer);
  return heddle_json_object (object);
}

static gpointer
take_answers (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "DELETE FROM answers WHERE run = (SELECT key FROM runs WHERE id = ?1) RETURNING question, answer", error);
  g_autoptr (JsonArray) answers = json_array_new ();
  g_autoptr (GError) reason = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, data, -1, SQLITE_STATIC);
  while (heddle_database_step (database, stmt, &reason))
    json_array_add_element (answers, read_answer (stmt));
  sqlite3_reset (stmt);
  if (reason == NULL)
    return heddle_json_array (g_steal_pointer (&answers));
  g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

void
heddle_store_take_answers_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_take_answers_async, g_strdup (run), g_free);
  heddle_store_thread_call_task (self->thread, take_answers, task, (GDestroyNotify) json_node_unref);
}

JsonNode *
heddle_store_take_answers_finish (HeddleStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
