/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-editing.h"
#include "store/heddle-store-history.h"
#include "store/heddle-store-private.h"

#include "value/heddle-json.h"

/* Edits on their way to the disk, and from the journal into the history when a save has covered them. */

typedef struct
{
  HeddleStoreRecord record;
  char *workflow;
  char *edits;
} JournalRecord;

static gboolean
journal_write (HeddleStoreThread *thread,
               HeddleStoreRecord *record,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  JournalRecord *journal = (JournalRecord *) record;
  sqlite3_stmt *stmt;

  /* Another program took the workflow over: what is edited here would be mixed with what is edited there. */
  if (!heddle_store_may_edit (thread, journal->workflow, NULL))
    return TRUE;
  stmt = heddle_database_prepare (database, "INSERT INTO journal (workflow, edits) VALUES (?1, ?2)", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, journal->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, journal->edits, -1, SQLITE_STATIC);
  if (!heddle_database_run (database, stmt, error))
    return FALSE;

  stmt = heddle_database_prepare (database, "UPDATE workflows SET modified = ?2 WHERE id = ?1", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, journal->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, g_get_real_time ());
  return heddle_database_run (database, stmt, error);
}

static void
journal_free (HeddleStoreRecord *record)
{
  JournalRecord *journal = (JournalRecord *) record;

  g_free (journal->workflow);
  g_free (journal->edits);
  g_free (journal);
}

gboolean
heddle_store_is_journal_of (HeddleStoreRecord *record,
                            gconstpointer workflow)
{
  return record->write == journal_write && g_str_equal (((JournalRecord *) record)->workflow, workflow);
}

void
heddle_store_append_journal (HeddleStore *self,
                             const char *id,
                             JsonNode *edits)
{
  JournalRecord *journal;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL && edits != NULL);

  journal = g_new0 (JournalRecord, 1);
  journal->record = (HeddleStoreRecord){ .write = journal_write, .free = journal_free, .n_events = 1 };
  journal->workflow = g_strdup (id);
  journal->edits = heddle_json_to_text (edits, HEDDLE_JSON_COMPACT);
  heddle_store_thread_push (self->thread, &journal->record);
}

static gboolean
fold_stored (HeddleDatabase *database,
             const char *workflow,
             char **label,
             guint *n_entries,
             GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT edits FROM journal WHERE workflow = ?1 ORDER BY id", error);
  GError *local_error = NULL;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  while (local_error == NULL && heddle_database_step (database, stmt, &local_error))
    {
      g_autofree char *entry = heddle_store_dup_column (stmt, 0);

      *n_entries += 1;
      heddle_store_fold_entry (database, workflow, entry, label, &local_error);
    }
  sqlite3_reset (stmt);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* Edits that could not be written so far. */
static gboolean
fold_waiting (HeddleStoreThread *thread,
              const char *workflow,
              char **label,
              guint *n_entries,
              GError **error)
{
  for (const GList *link = heddle_store_thread_peek_waiting (thread); link != NULL; link = link->next)
    {
      if (!heddle_store_is_journal_of (link->data, workflow))
        continue;
      *n_entries += 1;
      if (!heddle_store_fold_entry (heddle_store_thread_get_database (thread), workflow, ((JournalRecord *) link->data)->edits, label, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fold_all (HeddleStoreThread *thread,
          const char *workflow,
          gboolean changed,
          char **label,
          GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  guint n_entries = 0;

  if (!fold_stored (database, workflow, label, &n_entries, error) || !fold_waiting (thread, workflow, label, &n_entries, error))
    return FALSE;
  /* What changed without an edit came from a file. */
  if (changed && n_entries == 0)
    return heddle_store_clear_history (database, workflow, error);
  return n_entries == 0 || heddle_store_trim_history (database, workflow, error);
}

gboolean
heddle_store_take_journal (HeddleStoreThread *thread,
                           const char *workflow,
                           gboolean changed,
                           char **label,
                           GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *stmt;

  if (!heddle_database_exec (database, "SAVEPOINT history", error))
    return FALSE;
  if (!fold_all (thread, workflow, changed, label, &failure))
    {
      /* As on a full disk: the workflow is worth more than its history. */
      g_info ("The history of a workflow was left out: %s", failure->message);
      if (!heddle_database_exec (database, "ROLLBACK TO history", error) || !heddle_store_clear_history (database, workflow, error))
        return FALSE;
    }
  if (!heddle_database_exec (database, "RELEASE history", error))
    return FALSE;
  stmt = heddle_database_prepare (database, "DELETE FROM journal WHERE workflow = ?1", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}
