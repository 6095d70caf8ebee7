/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store-memo.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/*
 * One connection to the database file: WAL, foreign keys, busy timeout (5 s), schema migrated to
 * the newest version (scripts in engine/store/schema). Not thread-safe: one thread at a time. A
 * file that cannot be opened, is not ours, damaged or newer is never overwritten. Every error is
 * HEDDLE_ERROR_STORE with a sentence that says what to do.
 */
HeddleDatabase *heddle_database_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* ":memory:" works; directories are made, mode 0700 */
void heddle_database_close (HeddleDatabase *self);
/* "$XDG_DATA_HOME/heddle/heddle.db", or $HEDDLE_DATABASE. Transfer full. */
char *heddle_database_dup_default_path (void);

/* Prepared and cached by its SQL text (a literal); reset and with bindings cleared. Borrowed: finish with heddle_database_step until done, or sqlite3_reset. */
sqlite3_stmt *heddle_database_prepare (HeddleDatabase *self, const char *sql, GError **error);
/* TRUE when there is a row; FALSE at the end or with error set. The statement is reset at the end. */
gboolean heddle_database_step (HeddleDatabase *self, sqlite3_stmt *stmt, GError **error);
/* Runs to the end, ignoring rows. */
gboolean heddle_database_run (HeddleDatabase *self, sqlite3_stmt *stmt, GError **error);
gboolean heddle_database_exec (HeddleDatabase *self, const char *sql, GError **error);
gboolean heddle_database_begin (HeddleDatabase *self, GError **error); /* IMMEDIATE */
gboolean heddle_database_commit (HeddleDatabase *self, GError **error);
void heddle_database_rollback (HeddleDatabase *self);
sqlite3 *heddle_database_get_handle (HeddleDatabase *self);
/* What is known of values that this connection wrote. */
HeddleStoreMemo *heddle_database_get_memo (HeddleDatabase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleDatabase, heddle_database_close)

G_END_DECLS
