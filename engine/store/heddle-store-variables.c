/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-variables.h"

#include "heddle-error.h"
#include "store/heddle-store-private.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  HeddleStoreNotifier *notifier; /* borrowed from the store */
  HeddleVariableOp op;
  char *name;
  JsonNode *value; /* or NULL */
  char *run;       /* or NULL */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->name);
  g_clear_pointer (&change->value, json_node_unref);
  g_free (change->run);
  g_free (change);
}

void
heddle_variable_info_free (HeddleVariableInfo *info)
{
  g_free (info->name);
  json_node_unref (info->value);
  g_free (info->run);
  g_free (info);
}

static HeddleVariableInfo *
read_row (sqlite3_stmt *stmt)
{
  HeddleVariableInfo *info = g_new0 (HeddleVariableInfo, 1);

  info->name = heddle_store_dup_column (stmt, 0);
  info->value = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 1), sqlite3_column_bytes (stmt, 1), NULL);
  if (info->value == NULL)
    info->value = heddle_json_null ();
  info->updated = sqlite3_column_int64 (stmt, 2);
  info->run = heddle_store_dup_column (stmt, 3);
  return info;
}

static gpointer
list_variables (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT name, value, updated, run FROM variables ORDER BY name", error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_variable_info_free);
  g_autoptr (GError) reason = NULL;

  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (database, stmt, &reason))
    g_ptr_array_add (list, read_row (stmt));
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&list);
}

/* old: NULL when there is none. */
static gboolean
read_value (HeddleDatabase *database, const char *name, JsonNode **old, GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT value FROM variables WHERE name = ?1", error);
  g_autoptr (GError) reason = NULL;

  *old = NULL;
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, name, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, &reason))
    *old = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 0), sqlite3_column_bytes (stmt, 0), &reason);
  sqlite3_reset (stmt);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
write_value (HeddleDatabase *database, const Change *change, JsonNode *value, GError **error)
{
  g_autofree char *text = heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                change->op == HEDDLE_VARIABLE_DELETE
                                                  ? "DELETE FROM variables WHERE name = ?1"
                                                  : "INSERT OR REPLACE INTO variables (name, value, updated, run) VALUES (?1, ?2, ?3, ?4)",
                                                error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, change->name, -1, SQLITE_STATIC);
  if (change->op != HEDDLE_VARIABLE_DELETE)
    {
      sqlite3_bind_text (stmt, 2, text, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (stmt, 3, g_get_real_time ());
      sqlite3_bind_text (stmt, 4, change->run, -1, SQLITE_STATIC);
    }
  return heddle_database_run (database, stmt, error);
}

static JsonNode *
change_in_transaction (HeddleDatabase *database, const Change *change, GError **error)
{
  g_autoptr (JsonNode) old = NULL;
  g_autoptr (JsonNode) value = NULL;

  if (!read_value (database, change->name, &old, error))
    return NULL;
  if (old == NULL && change->op == HEDDLE_VARIABLE_DELETE)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("There is no variable “%s”."), change->name);
      return NULL;
    }
  value = heddle_variable_apply (change->op, change->name, old, change->value, error);
  if (value == NULL || !write_value (database, change, value, error))
    return NULL;
  return g_steal_pointer (&value);
}

static gpointer
change_variable (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Change *change = data;
  JsonNode *value;

  if (!heddle_database_begin (database, error))
    return NULL;
  value = change_in_transaction (database, change, error);
  if (value != NULL && heddle_database_commit (database, error))
    {
      heddle_store_tell_variable (change->notifier, change->name);
      return value;
    }
  heddle_database_rollback (database);
  g_clear_pointer (&value, json_node_unref);
  return NULL;
}

GPtrArray *
heddle_store_list_variables (HeddleStore *self, GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, list_variables, NULL, error);
}

void
heddle_store_list_variables_async (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_list_variables_async, NULL, NULL);
  heddle_store_thread_call_task (self->thread, list_variables, task, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
heddle_store_list_variables_finish (HeddleStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static Change *
change_new (HeddleStore *self, HeddleVariableOp op, const char *name, JsonNode *value, const char *run)
{
  Change *change = g_new0 (Change, 1);

  change->notifier = self->notifier;
  change->op = op;
  change->name = g_strdup (name);
  change->value = value != NULL ? json_node_ref (value) : NULL;
  change->run = g_strdup (run);
  return change;
}

JsonNode *
heddle_store_change_variable (HeddleStore *self, HeddleVariableOp op, const char *name, JsonNode *value, const char *run, GError **error)
{
  Change change = { self->notifier, op, (char *) name, value, (char *) run };

  g_return_val_if_fail (HEDDLE_IS_STORE (self) && name != NULL, NULL);

  return heddle_store_thread_call (self->thread, change_variable, &change, error);
}

void
heddle_store_change_variable_async (HeddleStore *self, HeddleVariableOp op, const char *name, JsonNode *value, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self) && name != NULL);

  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_change_variable_async, change_new (self, op, name, value, run), change_free);
  heddle_store_thread_call_task (self->thread, change_variable, task, (GDestroyNotify) json_node_unref);
}

JsonNode *
heddle_store_change_variable_finish (HeddleStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
