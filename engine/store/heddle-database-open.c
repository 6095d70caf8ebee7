/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-database-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "heddle-error.h"

/* Of new files; with SQLite's 4096 a text of 2 kB, which messages often are, takes a page for itself. */
#define PAGE_SIZE_SQL "PRAGMA page_size = 8192"
/* How long a statement waits for another process's write. */
#define BUSY_TIMEOUT_MS 5000
/* Files up to this size are checked in full on open, which takes about 10 ms. */
#define CHECK_LIMIT_BYTES (4 * 1024 * 1024)

char *
heddle_database_dup_default_path (void)
{
  const char *path = g_getenv ("HEDDLE_DATABASE");

  if (path != NULL && *path != '\0')
    return g_strdup (path);
  return g_build_filename (g_get_user_data_dir (), "heddle", "heddle.db", NULL);
}

static gboolean
fail_errno (const char *path,
            int saved_errno,
            GError **error)
{
  switch (saved_errno)
    {
    case EACCES:
    case EPERM:
    case EROFS:
      return heddle_database_fail_open (path, SQLITE_READONLY, error);
    case ENOSPC:
    case EDQUOT:
      return heddle_database_fail_open (path, SQLITE_FULL, error);
    default:
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE,
                   _ ("The database “%s” cannot be opened: %s. Name another file in HEDDLE_DATABASE."),
                   path, g_strerror (saved_errno));
      return FALSE;
    }
}

/*
 * Made by us, so that prompts and answers are not readable by others; SQLite gives its side files the same mode.
 * One that is there is left alone: closing any descriptor of a file drops the locks that other connections of this
 * process hold on it, and then another process takes the log for its own and damages the database.
 */
static gboolean
ensure_file (const char *path,
             GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  int fd;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    return fail_errno (path, errno, error);
  fd = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0)
    return g_close (fd, NULL);
  if (errno != EEXIST)
    return fail_errno (path, errno, error);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return fail_errno (path, EISDIR, error);
  return g_access (path, R_OK | W_OK) == 0 || fail_errno (path, errno, error);
}

/*
 * SQLite does not wait for others while it changes the journal mode, as that could deadlock; it
 * only happens when two processes meet on a new file. So we ask again.
 */
static gboolean
set_wal (HeddleDatabase *self,
         GError **error)
{
  gint64 deadline = g_get_monotonic_time () + BUSY_TIMEOUT_MS * 1000;

  while (sqlite3_exec (self->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) != SQLITE_OK)
    {
      if ((sqlite3_errcode (self->handle) & 0xff) != SQLITE_BUSY || g_get_monotonic_time () > deadline)
        return heddle_database_fail (self, error);
      g_usleep (5000);
    }
  return TRUE;
}

/* So that space can be given back later; only before there is anything in the file. */
static gboolean
prepare_vacuum (HeddleDatabase *self,
                GError **error)
{
  gint64 n_tables = heddle_database_query_int (self, "SELECT count(*) FROM sqlite_schema", error);

  if (n_tables != 0)
    return n_tables > 0;
  return heddle_database_exec (self, "PRAGMA auto_vacuum = INCREMENTAL", error);
}

/* The pragmas that write come after the check of whose file this is. */
static gboolean
configure (HeddleDatabase *self,
           GError **error)
{
  if (sqlite3_db_readonly (self->handle, "main") == 1)
    return heddle_database_fail_open (self->path, SQLITE_READONLY, error);
  return prepare_vacuum (self, error) && set_wal (self, error) && heddle_database_exec (self, "PRAGMA synchronous = NORMAL", error);
}

static gboolean
check (HeddleDatabase *self,
       GError **error)
{
  sqlite3_stmt *stmt;
  gint64 n_pages = heddle_database_query_int (self, "PRAGMA page_count", error);
  gint64 page_size = n_pages < 0 ? -1 : heddle_database_query_int (self, "PRAGMA page_size", error);
  gboolean fine;

  if (page_size < 0)
    return FALSE;
  if (n_pages * page_size > CHECK_LIMIT_BYTES)
    return TRUE;

  stmt = heddle_database_prepare (self, "PRAGMA quick_check(1)", error);
  if (stmt == NULL || !heddle_database_step (self, stmt, error))
    return FALSE;
  fine = g_strcmp0 ((const char *) sqlite3_column_text (stmt, 0), "ok") == 0;
  sqlite3_reset (stmt);
  return fine || heddle_database_fail_open (self->path, SQLITE_CORRUPT, error);
}

static HeddleDatabase *
connect_file (const char *path,
              GError **error)
{
  g_autoptr (HeddleDatabase) self = g_new0 (HeddleDatabase, 1);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int result;

  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) sqlite3_finalize);
  self->memo = heddle_store_memo_new ();
  result = sqlite3_open_v2 (path, &self->handle, flags, NULL);
  if (result != SQLITE_OK)
    {
      heddle_database_fail_open (path, result, error);
      return NULL;
    }
  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
  return g_steal_pointer (&self);
}

HeddleDatabase *
heddle_database_open (const char *path,
                      GError **error)
{
  g_autoptr (HeddleDatabase) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (g_strcmp0 (path, ":memory:") != 0 && !ensure_file (path, error))
    return NULL;
  self = connect_file (path, error);
  if (self == NULL ||
      !heddle_database_exec (self, PAGE_SIZE_SQL "; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF", error) ||
      !heddle_database_check_owner (self, error) ||
      !configure (self, error) ||
      !heddle_database_migrate (self, error) ||
      !check (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
heddle_database_close (HeddleDatabase *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->statements, g_hash_table_unref);
  sqlite3_close (self->handle);
  heddle_store_memo_free (self->memo);
  g_free (self->path);
  g_free (self);
}
