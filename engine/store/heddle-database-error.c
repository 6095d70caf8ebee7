/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-database-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"

/* A log that cannot grow its index is out of space too, though SQLite calls it a failed transfer. */
static int
get_kind (int result)
{
  return result == SQLITE_IOERR_SHMSIZE ? SQLITE_FULL : result & 0xff;
}

static char *
dup_message (const char *path,
             int result,
             const char *detail)
{
  switch (get_kind (result))
    {
    case SQLITE_NOTADB:
      return g_strdup_printf (_ ("“%s” is not a database. Move it away, or name another file in HEDDLE_DATABASE."), path);
    case SQLITE_CORRUPT:
      return g_strdup_printf (_ ("The database “%s” is damaged. Copy it to a safe place, then restore a backup or move it away to start anew."), path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return g_strdup_printf (_ ("The database “%s” cannot be written. Allow writing to the file and its folder, or name another file in HEDDLE_DATABASE."), path);
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return g_strdup_printf (_ ("The database “%s” cannot be opened. Check that its folder exists and that you may write to it."), path);
    case SQLITE_FULL:
      return g_strdup_printf (_ ("There is no space left for the database “%s”. Free some space; what is not written yet is kept and tried again."), path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return g_strdup_printf (_ ("The database “%s” is in use by another program. Close that program and try again."), path);
    case SQLITE_IOERR:
      return g_strdup_printf (_ ("The database “%s” could not be read or written. Check the disk it is on."), path);
    case SQLITE_TOOBIG:
      return g_strdup_printf (_ ("A value is too large for the database “%s”. Make it smaller than 1 GB."), path);
    default:
      return g_strdup_printf (_ ("The database “%s” reports: %s."), path, detail);
    }
}

static void
set_error (const char *path,
           int result,
           const char *detail,
           GError **error)
{
  g_autofree char *message = dup_message (path, result, detail);

  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE, message);
}

gboolean
heddle_database_fail (HeddleDatabase *self,
                      GError **error)
{
  g_assert (self != NULL);

  set_error (self->path, sqlite3_errcode (self->handle), sqlite3_errmsg (self->handle), error);
  return FALSE;
}

gboolean
heddle_database_fail_open (const char *path,
                           int result,
                           GError **error)
{
  set_error (path, result, sqlite3_errstr (result), error);
  return FALSE;
}
