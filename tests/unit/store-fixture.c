/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include "test-database.h"
#include "value/heddle-json.h"

HeddleStore *
store_test_open (const char *path)
{
  g_autoptr (GError) error = NULL;
  HeddleStore *store = heddle_store_new (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

void
store_test_set_up (StoreFixture *f, gconstpointer data)
{
  f->path = heddle_test_new_database_path ();
  f->store = store_test_open (f->path);
}

/* A thread that answers has let go of the tasks before, and with them of the store. */
static void
close_store (StoreFixture *f)
{
  g_autoptr (JsonNode) unset = heddle_store_get_setting (f->store, "unset");

  g_assert_null (unset);
  g_assert_finalize_object (f->store);
}

void
store_test_reopen (StoreFixture *f)
{
  close_store (f);
  f->store = store_test_open (f->path);
}

void
store_test_tear_down (StoreFixture *f, gconstpointer data)
{
  if (f->store != NULL)
    close_store (f);
  heddle_test_remove_database (f->path);
}

static gpointer
query_func (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, data, error);
  gint64 *value = g_new0 (gint64, 1);

  if (stmt != NULL && heddle_database_step (database, stmt, error))
    *value = sqlite3_column_int64 (stmt, 0);
  if (stmt != NULL)
    sqlite3_reset (stmt);
  return value;
}

gint64
store_test_query (HeddleStore *store, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *value = heddle_store_thread_call (store->thread, query_func, (gpointer) sql, &error);

  g_assert_no_error (error);
  return *value;
}
