/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-database-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "heddle-schema.inc"

/* "Hedl": what file(1) and we tell our files by. */
#define APPLICATION_ID 0x4865646c
/* 64 MB. */
#define MAX_REWRITE_PAGES 16384

int
heddle_database_newest_version (void)
{
  return G_N_ELEMENTS (schema_scripts);
}

gint64
heddle_database_query_int (HeddleDatabase *self,
                           const char *sql,
                           GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (self, sql, error);
  gint64 value = -1;

  if (stmt == NULL)
    return -1;
  if (heddle_database_step (self, stmt, error))
    value = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return value;
}

/*
 * A new file has neither an id nor tables; anything else without our id is somebody else's. Tables
 * are counted first: they come together with the id when another process makes them meanwhile.
 */
static gboolean
check_application_id (HeddleDatabase *self,
                      GError **error)
{
  gint64 n_tables = heddle_database_query_int (self, "SELECT count(*) FROM sqlite_schema", error);
  gint64 id = n_tables < 0 ? -1 : heddle_database_query_int (self, "SELECT application_id & 0xffffffff FROM pragma_application_id", error);

  if (id == APPLICATION_ID || (id == 0 && n_tables == 0))
    return TRUE;
  if (id >= 0)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE,
                 _ ("“%s” is a database of another program. Name another file in HEDDLE_DATABASE."), self->path);
  return FALSE;
}

static int
read_version (HeddleDatabase *self,
              GError **error)
{
  gint64 version = heddle_database_query_int (self, "SELECT user_version & 0xffffffff FROM pragma_user_version", error);

  if (version <= heddle_database_newest_version ())
    return (int) version;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE,
               _ ("The database “%s” was written by a newer version of Heddle. Update Heddle to open it."), self->path);
  return -1;
}

static gboolean
run_scripts (HeddleDatabase *self,
             GError **error)
{
  g_autofree char *stamp = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                            APPLICATION_ID, heddle_database_newest_version ());
  int version = read_version (self, error); /* Again: another process may have been faster. */

  if (version < 0)
    return FALSE;
  for (int i = version; i < heddle_database_newest_version (); i++)
    {
      if (!heddle_database_exec (self, schema_scripts[i], error))
        return FALSE;
    }
  return heddle_database_exec (self, stamp, error);
}

gboolean
heddle_database_check_owner (HeddleDatabase *self,
                             GError **error)
{
  g_assert (self != NULL);

  return check_application_id (self, error) && read_version (self, error) >= 0;
}

/*
 * Files of before version 4 cannot give space back until they are written anew, which is done once, for those where that is quick. It may
 * fail, with a full disk or another program that writes: then the file keeps its size and uses its space again.
 */
static void
rewrite (HeddleDatabase *self)
{
  gint64 n_pages = heddle_database_query_int (self, "PRAGMA page_count", NULL);

  if (n_pages > 0 && n_pages <= MAX_REWRITE_PAGES)
    heddle_database_exec (self, "PRAGMA auto_vacuum = INCREMENTAL; VACUUM", NULL);
}

gboolean
heddle_database_migrate (HeddleDatabase *self,
                         GError **error)
{
  int version;

  g_assert (self != NULL);

  version = read_version (self, error);
  if (version < 0 || version == heddle_database_newest_version ())
    return version >= 0;

  if (!heddle_database_begin (self, error))
    return FALSE;
  if (run_scripts (self, error) && heddle_database_commit (self, error))
    {
      if (version > 0 && version < 4)
        rewrite (self);
      return TRUE;
    }
  heddle_database_rollback (self);
  return FALSE;
}
