/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "heddle-error.h"
#include "store/heddle-database-private.h"

typedef struct
{
  char *directory;
  char *path;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("heddle-database-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "deeper", "test.db", NULL);
}

static void
remove_beside (const char *path, const char *suffix)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);

  g_unlink (name);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_autofree char *deeper = g_path_get_dirname (fixture->path);

  remove_beside (fixture->path, "");
  remove_beside (fixture->path, "-wal");
  remove_beside (fixture->path, "-shm");
  g_rmdir (deeper);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static HeddleDatabase *
open_database (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  HeddleDatabase *database = heddle_database_open (fixture->path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (database);
  return database;
}

static void
exec (HeddleDatabase *database, const char *sql)
{
  g_autoptr (GError) error = NULL;

  heddle_database_exec (database, sql, &error);
  g_assert_no_error (error);
}

static gint64
query (HeddleDatabase *database, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 value = heddle_database_query_int (database, sql, &error);

  g_assert_no_error (error);
  return value;
}

/* Opening fails, says so, and leaves every byte as it was. */
static void
assert_refused (Fixture *fixture, const char *words)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n_before, n_after;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleDatabase) database = NULL;

  g_assert_true (g_file_get_contents (fixture->path, &before, &n_before, NULL));
  database = heddle_database_open (fixture->path, &error);
  g_assert_null (database);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_true (g_file_get_contents (fixture->path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static void
test_new (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) database = open_database (fixture);
  g_autofree char *directory = g_path_get_dirname (fixture->path);
  GStatBuf info;

  g_assert_cmpint (query (database, "PRAGMA user_version"), ==, heddle_database_newest_version ());
  g_assert_cmpint (query (database, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint (query (database, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), ==, 1);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (directory, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

static void
test_memory (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleDatabase) database = heddle_database_open (":memory:", &error);

  g_assert_no_error (error);
  g_assert_cmpint (query (database, "SELECT count(*) FROM workflows"), ==, 0);
}

static void
test_strict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) database = open_database (fixture);

  g_assert_cmpint (query (database, "SELECT count(*) FROM pragma_table_list "
                                    "WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' AND NOT strict"),
                   ==, 0);
}

static void
test_statements (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) database = open_database (fixture);
  g_autoptr (GError) error = NULL;
  const char *sql = "SELECT ?1";
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, &error);

  sqlite3_bind_int (stmt, 1, 7);
  g_assert_true (heddle_database_step (database, stmt, &error));
  g_assert_cmpint (sqlite3_column_int (stmt, 0), ==, 7);
  g_assert_true (heddle_database_prepare (database, "SELECT ?1", &error) == stmt);
  g_assert_true (heddle_database_step (database, stmt, &error));
  g_assert_cmpint (sqlite3_column_type (stmt, 0), ==, SQLITE_NULL);
  g_assert_false (heddle_database_step (database, stmt, &error));
  g_assert_no_error (error);

  g_assert_null (heddle_database_prepare (database, "SELECT nonsense FROM nowhere", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE);
}

static void
test_transaction (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) database = open_database (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_true (heddle_database_begin (database, &error));
  exec (database, "INSERT INTO settings VALUES ('a', '1')");
  heddle_database_rollback (database);
  heddle_database_rollback (database);
  g_assert_cmpint (query (database, "SELECT count(*) FROM settings"), ==, 0);
  g_assert_true (heddle_database_begin (database, &error));
  exec (database, "INSERT INTO settings VALUES ('a', '1')");
  g_assert_true (heddle_database_commit (database, &error));
  g_assert_cmpint (query (database, "SELECT count(*) FROM settings"), ==, 1);
}

static void
test_text_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_path_get_dirname (fixture->path);
  g_autofree char *text = g_strnfill (5000, 'x');

  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  assert_refused (fixture, "not a database");
}

static void
test_other_program (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_path_get_dirname (fixture->path);
  sqlite3 *handle = NULL;

  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "CREATE TABLE bookmarks (url); PRAGMA application_id = -5", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  assert_refused (fixture, "another program");
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  HeddleDatabase *database = open_database (fixture);

  exec (database, "PRAGMA user_version = 9999");
  heddle_database_close (database);
  assert_refused (fixture, "newer version");
}

static void
overwrite (const char *path, gsize offset, gsize length)
{
  g_autofree char *noise = g_strnfill (length, 'Z');
  FILE *file = g_fopen (path, "r+b");

  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, (long) offset, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (noise, 1, length, file), ==, length);
  fclose (file);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  {
    g_autoptr (HeddleDatabase) database = open_database (fixture);

    exec (database, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
                    "INSERT INTO settings SELECT 'key' || i, hex(randomblob(500)) FROM n");
  }
  overwrite (fixture->path, 30 * 4096, 8 * 4096);
  assert_refused (fixture, "damaged");
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  heddle_database_close (open_database (fixture));
  g_assert_cmpint (truncate (fixture->path, 4096 * 3 + 100), ==, 0);
  assert_refused (fixture, "damaged");
}

static void
test_directory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleDatabase) database = heddle_database_open (fixture->directory, &error);

  g_assert_null (database);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE);
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  if (geteuid () == 0)
    {
      g_test_skip ("root may write everything");
      return;
    }
  heddle_database_close (open_database (fixture));
  g_assert_cmpint (g_chmod (fixture->path, 0400), ==, 0);
  assert_refused (fixture, "cannot be written");
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) database = open_database (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (query (database, "PRAGMA max_page_count = 1"), >, 1);
  g_assert_false (heddle_database_exec (database, "INSERT INTO settings VALUES ('big', hex(zeroblob(100000)))", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, "no space left"));
}

static void
load_fixture (Fixture *fixture, int version)
{
  g_autofree char *directory = g_path_get_dirname (fixture->path);
  g_autofree char *name = g_strdup_printf ("%d.sql", version);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "database", name, NULL);
  g_autofree char *sql = NULL;
  sqlite3 *handle = NULL;

  g_mkdir (directory, 0700);
  g_assert_true (g_file_get_contents (path, &sql, NULL, NULL));
  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static char *
dump_schema (HeddleDatabase *database)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)", &error);
  char *text;

  g_assert_true (heddle_database_step (database, stmt, &error));
  text = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  sqlite3_reset (stmt);
  return text;
}

/* Each version that was ever written opens, keeps its rows, and ends with today's schema. */
static void
test_migrates (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) fresh = heddle_database_open (":memory:", NULL);
  g_autofree char *expected = dump_schema (fresh);

  for (int version = 1; version < MAX (heddle_database_newest_version (), 2); version++)
    {
      g_autoptr (HeddleDatabase) database = NULL;
      g_autofree char *schema = NULL;

      load_fixture (fixture, version);
      database = open_database (fixture);
      schema = dump_schema (database);
      g_assert_cmpstr (schema, ==, expected);
      g_assert_cmpint (query (database, "PRAGMA user_version"), ==, heddle_database_newest_version ());
      g_assert_cmpint (query (database, "SELECT count(*) FROM workflows WHERE name = 'Kept'"), ==, 1);
      g_assert_cmpint (query (database, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
      /* What an old run cost is not known, which is not the same as nothing. */
      g_assert_cmpint (query (database, "SELECT count(*) FROM runs WHERE cost IS NULL AND cost_unknown = 0"), ==, 1);
      g_clear_pointer (&database, heddle_database_close);
      g_unlink (fixture->path);
    }
}

static gpointer
open_thread (gpointer data)
{
  g_autoptr (GError) error = NULL;
  HeddleDatabase *database = heddle_database_open (data, &error);

  g_assert_no_error (error);
  return database;
}

/* Many connections that meet on a new file agree on one migration. */
static void
test_open_at_once (Fixture *fixture, gconstpointer data)
{
  GThread *threads[6];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("open", open_thread, fixture->path);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (HeddleDatabase) database = g_thread_join (threads[i]);

      g_assert_nonnull (database);
    }
}

static void
test_default_path (void)
{
  g_autofree char *path = NULL;
  g_autofree char *named = NULL;

  g_unsetenv ("HEDDLE_DATABASE");
  path = heddle_database_dup_default_path ();
  g_assert_true (g_str_has_suffix (path, "/heddle/heddle.db"));
  g_setenv ("HEDDLE_DATABASE", "/tmp/other.db", TRUE);
  named = heddle_database_dup_default_path ();
  g_assert_cmpstr (named, ==, "/tmp/other.db");
  g_unsetenv ("HEDDLE_DATABASE");
}

/* Whether another process finds the file locked. */
static gboolean
others_see_lock (const char *path)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      int fd = open (path, O_RDWR | O_CLOEXEC);

      _exit (fd < 0 || fcntl (fd, F_GETLK, &lock) != 0 || lock.l_type != F_UNLCK);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WEXITSTATUS (status) != 0;
}

/* While one connection works, another of the same process opens and closes; the first keeps its locks. */
static void
test_locks_stay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) first = open_database (fixture);

  g_assert_cmpint (query (first, "SELECT count(*) FROM runs"), ==, 0);
  g_assert_true (others_see_lock (fixture->path));
  heddle_database_close (open_database (fixture));
  g_assert_cmpint (query (first, "SELECT count(*) FROM runs"), ==, 0);
  g_assert_true (others_see_lock (fixture->path));
}

#define ADD(name, func) g_test_add ("/database/" name, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("locks-stay", test_locks_stay);
  g_test_add_func ("/database/default-path", test_default_path);
  ADD ("new", test_new);
  g_test_add_func ("/database/memory", test_memory);
  ADD ("strict", test_strict);
  ADD ("statements", test_statements);
  ADD ("transaction", test_transaction);
  ADD ("text-file", test_text_file);
  ADD ("other-program", test_other_program);
  ADD ("newer", test_newer);
  ADD ("damaged", test_damaged);
  ADD ("truncated", test_truncated);
  ADD ("directory", test_directory);
  ADD ("read-only", test_read_only);
  ADD ("full", test_full);
  ADD ("migrates", test_migrates);
  ADD ("open-at-once", test_open_at_once);
  return g_test_run ();
}
