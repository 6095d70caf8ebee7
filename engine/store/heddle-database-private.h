/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-database.h"

G_BEGIN_DECLS

struct _HeddleDatabase
{
  sqlite3 *handle;
  char *path;
  GHashTable *statements; /* SQL text → sqlite3_stmt*, prepared once */
  HeddleStoreMemo *memo;  /* of what was written; not of what was rolled back */
};

/* Sets error from the connection's last failure, as a sentence that says what to do. Returns FALSE. */
gboolean heddle_database_fail (HeddleDatabase *self, GError **error);
/* The same before there is a connection; result: an SQLite result code. */
gboolean heddle_database_fail_open (const char *path, int result, GError **error);

/* Refuses other programs' and newer files; only reads. */
gboolean heddle_database_check_owner (HeddleDatabase *self, GError **error);
/* Brings an older or new file to the newest version, all or nothing. */
gboolean heddle_database_migrate (HeddleDatabase *self, GError **error);
/* The version this program writes. */
int heddle_database_newest_version (void);
/* One integer from a query such as "PRAGMA user_version"; -1 with error set. */
gint64 heddle_database_query_int (HeddleDatabase *self, const char *sql, GError **error);

G_END_DECLS
