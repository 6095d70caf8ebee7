/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-cache.h"

#include "store/heddle-store-private.h"
#include "value/heddle-json.h"

#include <string.h>

#define MIB (G_GINT64_CONSTANT (1024) * 1024)
#define MOST_SHARE 4

typedef struct
{
  HeddleStoreRecord record;
  char *key;
  char *run;
  char *data;
} Kept;

typedef struct
{
  char *key;
  gint64 max_age;
} Question;

/* In bytes. */
static gint64
read_limit (HeddleDatabase *database, GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT value FROM settings WHERE key = '" HEDDLE_CACHE_LIMIT_SETTING "'", error);
  g_autoptr (JsonNode) value = NULL;
  GError *reason = NULL;

  if (stmt == NULL)
    return -1;
  if (heddle_database_step (database, stmt, &reason))
    value = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 0), sqlite3_column_bytes (stmt, 0), NULL);
  sqlite3_reset (stmt);
  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return -1;
    }
  return MIB * (heddle_json_is_number (value) ? (gint64) CLAMP (json_node_get_double (value), 0, HEDDLE_CACHE_MOST_MB) : HEDDLE_CACHE_LIMIT_MB);
}

static gboolean
measure (HeddleDatabase *database, HeddleCacheInfo *info, GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT count(*), ifnull (sum (size), 0) FROM result_cache", error);

  if (stmt == NULL || !heddle_database_step (database, stmt, error))
    return FALSE;
  info->n_results = (guint) sqlite3_column_int64 (stmt, 0);
  info->bytes = sqlite3_column_int64 (stmt, 1);
  sqlite3_reset (stmt);
  info->limit = read_limit (database, error);
  return info->limit >= 0;
}

/* The newest of all, as long as they fit. */
static gboolean
trim (HeddleDatabase *database, GError **error)
{
  HeddleCacheInfo info;
  sqlite3_stmt *stmt;

  if (!measure (database, &info, error))
    return FALSE;
  if (info.bytes <= info.limit)
    return TRUE;
  stmt = heddle_database_prepare (database,
                                  "DELETE FROM result_cache WHERE id IN (SELECT id FROM "
                                  "(SELECT id, sum (size) OVER (ORDER BY used DESC, id DESC) AS bytes FROM result_cache) WHERE bytes > ?1)",
                                  error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, info.limit);
  return heddle_database_run (database, stmt, error);
}

static gboolean
keep_write (HeddleStoreThread *thread, HeddleStoreRecord *record, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Kept *kept = (const Kept *) record;
  gint64 size = (gint64) strlen (kept->data);
  gint64 limit = read_limit (database, error);
  sqlite3_stmt *stmt;

  if (limit < 0)
    return FALSE;
  if (size > limit / MOST_SHARE)
    return TRUE;
  stmt = heddle_database_prepare (database, "INSERT OR REPLACE INTO result_cache (key, run, data, size, created, used) VALUES (?1, ?2, ?3, ?4, ?5, ?5)", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, kept->key, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, kept->run, -1, SQLITE_STATIC);
  sqlite3_bind_text64 (stmt, 3, kept->data, (guint64) size, SQLITE_STATIC, SQLITE_UTF8);
  sqlite3_bind_int64 (stmt, 4, size);
  sqlite3_bind_int64 (stmt, 5, g_get_real_time ());
  return heddle_database_run (database, stmt, error) && trim (database, error);
}

static void
kept_free (HeddleStoreRecord *record)
{
  Kept *kept = (Kept *) record;

  g_free (kept->key);
  g_free (kept->run);
  g_free (kept->data);
  g_free (kept);
}

void
heddle_store_keep_result (HeddleStore *self, const char *key, const char *run, JsonNode *data)
{
  Kept *kept;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (key != NULL && run != NULL && data != NULL);

  kept = g_new0 (Kept, 1);
  kept->record = (HeddleStoreRecord){ keep_write, kept_free, 1, FALSE };
  kept->key = g_strdup (key);
  kept->run = g_strdup (run);
  kept->data = heddle_json_to_text (data, HEDDLE_JSON_COMPACT);
  heddle_store_thread_push (self->thread, &kept->record);
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->key);
  g_free (question);
}

/* NULL: what is kept is no data of ours. */
static JsonNode *
read_row (sqlite3_stmt *stmt)
{
  g_autoptr (JsonNode) data = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 1), sqlite3_column_bytes (stmt, 1), NULL);
  JsonObject *object;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (data == NULL || !JSON_NODE_HOLDS_OBJECT (data))
    return NULL;
  object = json_object_new ();
  json_object_iter_init_ordered (&iter, json_node_get_object (data));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (object, name, json_node_ref (value));
  json_object_set_member (object, "run", heddle_json_string ((const char *) sqlite3_column_text (stmt, 0)));
  return heddle_json_object (object);
}

static gboolean
touch (HeddleDatabase *database, const char *key, gint64 now, GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "UPDATE result_cache SET used = ?2 WHERE key = ?1", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, now);
  return heddle_database_run (database, stmt, error);
}

static gpointer
look_up (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Question *question = data;
  gint64 now = g_get_real_time ();
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT run, data FROM result_cache WHERE key = ?1 AND created >= ?2", error);
  g_autoptr (JsonNode) found = NULL;
  GError *reason = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, question->key, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, question->max_age > 0 ? now - question->max_age : 0);
  if (heddle_database_step (database, stmt, &reason))
    found = read_row (stmt);
  sqlite3_reset (stmt);
  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return NULL;
    }
  /* That it was used only decides how long it stays. */
  if (found != NULL)
    touch (database, question->key, now, NULL);
  return found != NULL ? g_steal_pointer (&found) : heddle_json_null ();
}

void
heddle_store_look_up_result_async (HeddleStore *self, const char *key, gint64 max_age, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question;
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self) && key != NULL);

  question = g_new (Question, 1);
  question->key = g_strdup (key);
  question->max_age = max_age;
  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_look_up_result_async, question, question_free);
  heddle_store_thread_call_task (self->thread, look_up, task, (GDestroyNotify) json_node_unref);
}

JsonNode *
heddle_store_look_up_result_finish (HeddleStore *self, GAsyncResult *result, GError **error)
{
  g_autoptr (JsonNode) found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  found = g_task_propagate_pointer (G_TASK (result), error);
  return heddle_json_is_null (found) ? NULL : g_steal_pointer (&found);
}

static gpointer
measure_call (HeddleStoreThread *thread, gpointer data, GError **error)
{
  g_autofree HeddleCacheInfo *info = g_new0 (HeddleCacheInfo, 1);

  return measure (heddle_store_thread_get_database (thread), info, error) ? g_steal_pointer (&info) : NULL;
}

static gboolean
take_info (HeddleCacheInfo *measured, HeddleCacheInfo *info)
{
  if (measured == NULL)
    return FALSE;
  *info = *measured;
  g_free (measured);
  return TRUE;
}

gboolean
heddle_store_measure_cache (HeddleStore *self, HeddleCacheInfo *info, GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self) && info != NULL, FALSE);

  return take_info (heddle_store_thread_call (self->thread, measure_call, NULL, error), info);
}

void
heddle_store_measure_cache_async (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));

  heddle_store_thread_call_task (self->thread, measure_call, heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_measure_cache_async, NULL, NULL), g_free);
}

gboolean
heddle_store_measure_cache_finish (HeddleStore *self, GAsyncResult *result, HeddleCacheInfo *info, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self) && info != NULL, FALSE);

  return take_info (g_task_propagate_pointer (G_TASK (result), error), info);
}

static gpointer
clear (HeddleStoreThread *thread, gpointer data, GError **error)
{
  return GINT_TO_POINTER (heddle_database_exec (heddle_store_thread_get_database (thread), "DELETE FROM result_cache", error));
}

gboolean
heddle_store_clear_cache (HeddleStore *self, GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);

  return heddle_store_thread_call (self->thread, clear, NULL, error) != NULL;
}

void
heddle_store_clear_cache_async (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));

  heddle_store_thread_call_task (self->thread, clear, heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_clear_cache_async, NULL, NULL), NULL);
}

gboolean
heddle_store_clear_cache_finish (HeddleStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
