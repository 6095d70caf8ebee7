/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-history.h"

#include <glib/gi18n-lib.h>

#include "graph/heddle-history-entry.h"
#include "value/heddle-json.h"

/*
 * What the journal tells is folded into the history when the workflow is saved: an undo moves the border between what is done and what is
 * undone, a new edit takes the place of what was undone, and typing that went on becomes one step. So each step is kept once, however
 * often it was undone and redone. Where something does not fit, the history begins anew: it is worth less than the workflow.
 */

/* Steps, and bytes of their entries, that can be undone; as many that can be redone. */
#define MAX_STEPS 1000
#define MAX_BYTES (16 * 1024 * 1024)

/* Latest done step, and the next to be redone. */
#define LAST_DONE "(SELECT max (position) FROM history WHERE workflow = ?1 AND undone = 0)"
#define FIRST_UNDONE "(SELECT min (position) FROM history WHERE workflow = ?1 AND undone = 1)"

static gboolean
run_with_entry (HeddleDatabase *database,
                const char *sql,
                const char *workflow,
                const char *entry,
                GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  if (sqlite3_bind_parameter_count (stmt) > 1)
    sqlite3_bind_text (stmt, 2, entry, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}

/* How many rows the last statement changed. */
static int
count_changes (HeddleDatabase *database)
{
  return sqlite3_changes (heddle_database_get_handle (database));
}

gboolean
heddle_store_clear_history (HeddleDatabase *database,
                            const char *workflow,
                            GError **error)
{
  return run_with_entry (database, "DELETE FROM history WHERE workflow = ?1", workflow, NULL, error);
}

static gboolean
forget (HeddleDatabase *database,
        const char *workflow,
        gboolean undone,
        GError **error)
{
  return run_with_entry (database,
                         undone ? "DELETE FROM history WHERE workflow = ?1 AND undone = 1" : "DELETE FROM history WHERE workflow = ?1 AND undone = 0",
                         workflow, NULL, error);
}

static gboolean
fold_edit (HeddleDatabase *database,
           const char *workflow,
           const char *entry,
           GError **error)
{
  return forget (database, workflow, TRUE, error) &&
         run_with_entry (database,
                         "INSERT INTO history (workflow, position, undone, bytes, entry) "
                         "SELECT ?1, ifnull (" LAST_DONE ", 0) + 1, 0, length (CAST (?2 AS BLOB)), ?2",
                         workflow, entry, error);
}

/* NULL without error: there is none. */
static JsonNode *
read_last_done (HeddleDatabase *database,
                const char *workflow,
                GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT entry FROM history WHERE workflow = ?1 AND position = " LAST_DONE, error);
  JsonNode *entry = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, error))
    entry = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 0), -1, NULL);
  sqlite3_reset (stmt);
  return entry;
}

static gboolean
replace_last (HeddleDatabase *database,
              const char *workflow,
              JsonNode *joined,
              GError **error)
{
  g_autofree char *text = heddle_json_to_text (joined, HEDDLE_JSON_COMPACT);

  if (JSON_NODE_HOLDS_NULL (joined))
    return run_with_entry (database, "DELETE FROM history WHERE workflow = ?1 AND position = " LAST_DONE, workflow, NULL, error);
  return run_with_entry (database,
                         "UPDATE history SET entry = ?2, bytes = length (CAST (?2 AS BLOB)) WHERE workflow = ?1 AND position = " LAST_DONE,
                         workflow, text, error);
}

static gboolean
fold_join (HeddleDatabase *database,
           const char *workflow,
           JsonNode *entry,
           const char *text,
           GError **error)
{
  GError *local_error = NULL;
  g_autoptr (JsonNode) last = read_last_done (database, workflow, &local_error);
  g_autoptr (JsonNode) joined = last != NULL ? heddle_history_entry_join (last, entry) : NULL;

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (joined == NULL)
    return fold_edit (database, workflow, text, error);
  return forget (database, workflow, TRUE, error) && replace_last (database, workflow, joined, error);
}

/* A step that is older than what is kept comes back with the entry, which tells all of it. */
static gboolean
fold_move (HeddleDatabase *database,
           const char *workflow,
           const char *entry,
           gboolean is_undo,
           GError **error)
{
  if (!run_with_entry (database,
                       is_undo ? "UPDATE history SET undone = 1 WHERE workflow = ?1 AND position = " LAST_DONE
                               : "UPDATE history SET undone = 0 WHERE workflow = ?1 AND position = " FIRST_UNDONE,
                       workflow, NULL, error))
    return FALSE;
  if (count_changes (database) > 0)
    return TRUE;
  return run_with_entry (database,
                         is_undo ? "INSERT INTO history (workflow, position, undone, bytes, entry) "
                                   "SELECT ?1, ifnull (" FIRST_UNDONE ", 0) - 1, 1, length (CAST (?2 AS BLOB)), ?2"
                                 : "INSERT INTO history (workflow, position, undone, bytes, entry) "
                                   "SELECT ?1, ifnull (" LAST_DONE ", 0) + 1, 0, length (CAST (?2 AS BLOB)), ?2",
                         workflow, entry, error);
}

static char *
dup_label (JsonNode *entry,
           HeddleEntryKind kind)
{
  const char *label = heddle_json_get_string (entry, "label", "");

  if (kind == HEDDLE_ENTRY_UNDO)
    /* Translators: of a step that was undone, such as "Undone: Move". */
    return g_strdup_printf (_ ("Undone: %s"), label);
  return g_strdup (label);
}

gboolean
heddle_store_fold_entry (HeddleDatabase *database,
                         const char *workflow,
                         const char *text,
                         char **label,
                         GError **error)
{
  g_autoptr (JsonNode) entry = heddle_json_parse (text, -1, NULL);
  HeddleEntryKind kind = entry != NULL ? heddle_history_entry_get_kind (entry) : HEDDLE_ENTRY_DAMAGED;

  if (kind <= HEDDLE_ENTRY_REDO)
    {
      g_free (*label);
      *label = dup_label (entry, kind);
    }
  switch (kind)
    {
    case HEDDLE_ENTRY_EDIT:
      return fold_edit (database, workflow, text, error);
    case HEDDLE_ENTRY_JOIN:
      return fold_join (database, workflow, entry, text, error);
    case HEDDLE_ENTRY_UNDO:
    case HEDDLE_ENTRY_REDO:
      return fold_move (database, workflow, text, kind == HEDDLE_ENTRY_UNDO, error);
    case HEDDLE_ENTRY_FORGET_DONE:
    case HEDDLE_ENTRY_FORGET_UNDONE:
      return forget (database, workflow, kind == HEDDLE_ENTRY_FORGET_UNDONE, error);
    case HEDDLE_ENTRY_DAMAGED:
    default:
      return heddle_store_clear_history (database, workflow, error);
    }
}

/* Counted from where the workflow is now, to either side. */
gboolean
heddle_store_trim_history (HeddleDatabase *database,
                           const char *workflow,
                           GError **error)
{
  return run_with_entry (database,
                         "DELETE FROM history WHERE workflow = ?1 AND position IN (SELECT position FROM "
                         "(SELECT position, sum (bytes) OVER nearest AS total, row_number () OVER nearest AS rank FROM history WHERE workflow = ?1 "
                         "WINDOW nearest AS (PARTITION BY undone ORDER BY iif (undone, position, -position))) "
                         "WHERE total > " G_STRINGIFY (MAX_BYTES) " OR rank > " G_STRINGIFY (MAX_STEPS) ")",
                         workflow, NULL, error);
}

/* As an edit, which is what heddle_document_load_history () reads. A damaged one stays damaged there. */
static JsonNode *
read_entry (const char *text)
{
  static const char *const members[] = { "label", "time", "edits" };
  g_autoptr (JsonNode) stored = heddle_json_parse (text, -1, NULL);
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "op", heddle_json_string ("edit"));
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *value = stored != NULL ? heddle_json_member (stored, members[i]) : NULL;

      if (value != NULL)
        json_object_set_member (object, members[i], json_node_ref (value));
    }
  return heddle_json_object (object);
}

static JsonNode *
new_undo (void)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "op", heddle_json_string ("undo"));
  return heddle_json_object (object);
}

gboolean
heddle_store_read_history (HeddleDatabase *database,
                           const char *workflow,
                           JsonNode **history,
                           GError **error)
{
  g_autoptr (JsonArray) entries = json_array_new ();
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT undone, entry FROM history WHERE workflow = ?1 ORDER BY position", error);
  guint n_undone = 0;

  *history = NULL;
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  while (heddle_database_step (database, stmt, &local_error))
    {
      n_undone += sqlite3_column_int (stmt, 0) != 0;
      json_array_add_element (entries, read_entry ((const char *) sqlite3_column_text (stmt, 1)));
    }
  sqlite3_reset (stmt);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  while (n_undone-- > 0)
    json_array_add_element (entries, new_undo ());
  if (json_array_get_length (entries) > 0)
    *history = heddle_json_array (g_steal_pointer (&entries));
  return TRUE;
}
