/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>

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
  f->directory = g_dir_make_tmp ("heddle-store-XXXXXX", NULL);
  f->path = g_build_filename (f->directory, "test.db", NULL);
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
  static const char *const suffixes[] = { "", "-wal", "-shm", "-lease" };

  if (f->store != NULL)
    close_store (f);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (f->path, suffixes[i], NULL);

      g_unlink (name);
    }
  g_assert_cmpint (g_rmdir (f->directory), ==, 0);
  g_free (f->directory);
  g_free (f->path);
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
