/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

#include "value/heddle-json.h"

typedef struct
{
  const char *key;
  JsonNode *value; /* NULL: delete */
} Setting;

static gpointer
get_setting (HeddleStoreThread *thread,
             gpointer data,
             GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT value FROM settings WHERE key = ?1", error);
  JsonNode *value = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, data, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, error))
    value = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 0), -1, error);
  sqlite3_reset (stmt);
  return value;
}

static gpointer
set_setting (HeddleStoreThread *thread,
             gpointer data,
             GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  Setting *setting = data;
  g_autofree char *text = setting->value == NULL ? NULL : heddle_json_to_text (setting->value, HEDDLE_JSON_COMPACT);
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                text == NULL ? "DELETE FROM settings WHERE key = ?1"
                                                             : "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)",
                                                error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, setting->key, -1, SQLITE_STATIC);
  if (text != NULL)
    sqlite3_bind_text (stmt, 2, text, -1, SQLITE_STATIC);
  return GINT_TO_POINTER (heddle_database_run (database, stmt, error));
}

JsonNode *
heddle_store_get_setting (HeddleStore *self,
                          const char *key)
{
  g_autoptr (GError) error = NULL;
  JsonNode *value;

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  value = heddle_store_thread_call (self->thread, get_setting, (gpointer) key, &error);
  if (error != NULL)
    g_warning ("Setting \"%s\" cannot be read: %s", key, error->message);
  return value;
}

gboolean
heddle_store_set_setting (HeddleStore *self,
                          const char *key,
                          JsonNode *value,
                          GError **error)
{
  Setting setting = { .key = key, .value = value };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return heddle_store_thread_call (self->thread, set_setting, &setting, error) != NULL;
}
