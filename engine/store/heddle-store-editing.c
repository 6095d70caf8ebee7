/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-editing.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "store/heddle-store-history.h"
#include "store/heddle-store-private.h"
#include "value/heddle-json.h"

typedef struct
{
  char *id;
  gboolean take_over;
} Open;

static void
open_free (gpointer data)
{
  Open *open = data;

  g_free (open->id);
  g_free (open);
}

void
heddle_open_workflow_free (HeddleOpenWorkflow *open)
{
  if (open == NULL)
    return;
  heddle_workflow_info_free (open->info);
  g_clear_pointer (&open->history, json_node_unref);
  g_clear_pointer (&open->journal, json_node_unref);
  g_free (open);
}

/* Who has it open and is still there; 0: nobody, or this program. -1: error. */
static gint64
find_editor (HeddleStoreThread *thread,
             const char *workflow,
             GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  HeddleLease *lease = heddle_store_thread_get_lease (thread);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT lease FROM editors WHERE workflow = ?1", error);
  gint64 editor = 0;

  if (stmt == NULL)
    return -1;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  if (heddle_database_step (database, stmt, &local_error))
    editor = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return -1;
    }
  return editor == heddle_lease_get_id (lease) || !heddle_lease_is_held (lease, editor) ? 0 : editor;
}

gboolean
heddle_store_may_edit (HeddleStoreThread *thread,
                       const char *workflow,
                       GError **error)
{
  gint64 editor = find_editor (thread, workflow, error);

  if (editor > 0)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY,
                         _ ("This workflow is open in another window or program, which saves it. Close it there, or go on with a copy of it."));
  return editor == 0;
}

static gboolean
claim (HeddleStoreThread *thread,
       const char *workflow,
       GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "INSERT OR REPLACE INTO editors (workflow, lease) VALUES (?1, ?2)", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, heddle_lease_get_id (heddle_store_thread_get_lease (thread)));
  return heddle_database_run (database, stmt, error);
}

/* What cannot be noted, as on a full disk, can still be looked at. */
static gboolean
open_and_read (HeddleStoreThread *thread,
               const Open *open,
               HeddleOpenWorkflow *opened,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (GError) failure = NULL;
  gint64 editor;

  opened->info = heddle_store_read_workflow (database, open->id, &opened->journal, error);
  if (opened->info == NULL)
    return FALSE;
  editor = find_editor (thread, opened->info->id, error);
  if (editor < 0 || !heddle_store_read_history (database, opened->info->id, &opened->history, error))
    return FALSE;
  opened->is_elsewhere = editor > 0 && !open->take_over;
  if (!opened->is_elsewhere && !claim (thread, opened->info->id, &failure))
    g_info ("Nothing says that the workflow is open: %s", failure->message);
  return TRUE;
}

/* Read and claimed within one transaction, so of two programs one finds it open. */
static gpointer
open_workflow (HeddleStoreThread *thread,
               gpointer data,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (HeddleOpenWorkflow) opened = g_new0 (HeddleOpenWorkflow, 1);
  gboolean is_writing = heddle_database_begin (database, NULL);
  gboolean is_read = open_and_read (thread, data, opened, error);

  if (is_writing && !heddle_database_commit (database, NULL))
    heddle_database_rollback (database);
  return is_read ? g_steal_pointer (&opened) : NULL;
}

HeddleOpenWorkflow *
heddle_store_open_workflow (HeddleStore *self,
                            const char *id,
                            gboolean take_over,
                            GError **error)
{
  Open open = { (char *) id, take_over };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return heddle_store_thread_call (self->thread, open_workflow, &open, error);
}

void
heddle_store_open_workflow_async (HeddleStore *self,
                                  const char *id,
                                  gboolean take_over,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Open *open;
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL);

  open = g_new (Open, 1);
  *open = (Open){ g_strdup (id), take_over };
  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_open_workflow_async, open, open_free);
  heddle_store_thread_call_task (self->thread, open_workflow, task, (GDestroyNotify) heddle_open_workflow_free);
}

HeddleOpenWorkflow *
heddle_store_open_workflow_finish (HeddleStore *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* That the workflow is edited here, or not any more. */
typedef struct
{
  HeddleStoreRecord record;
  char *workflow;
} EditorRecord;

static gboolean
hold_write (HeddleStoreThread *thread,
            HeddleStoreRecord *record,
            GError **error)
{
  const char *workflow = ((EditorRecord *) record)->workflow;

  return !heddle_store_may_edit (thread, workflow, NULL) || claim (thread, workflow, error);
}

static gboolean
close_write (HeddleStoreThread *thread,
             HeddleStoreRecord *record,
             GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "DELETE FROM editors WHERE workflow = ?1 AND lease = ?2", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, ((EditorRecord *) record)->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 2, heddle_lease_get_id (heddle_store_thread_get_lease (thread)));
  return heddle_database_run (database, stmt, error);
}

static void
editor_record_free (HeddleStoreRecord *record)
{
  g_free (((EditorRecord *) record)->workflow);
  g_free (record);
}

static void
push (HeddleStore *self,
      const char *id,
      gboolean hold)
{
  EditorRecord *record = g_new0 (EditorRecord, 1);

  record->record = (HeddleStoreRecord){ .write = hold ? hold_write : close_write, .free = editor_record_free, .n_events = 1 };
  record->workflow = g_strdup (id);
  heddle_store_thread_push (self->thread, &record->record);
}

void
heddle_store_hold_workflow (HeddleStore *self,
                            const char *id)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL);

  push (self, id, TRUE);
}

void
heddle_store_close_workflow (HeddleStore *self,
                             const char *id)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (id != NULL);

  push (self, id, FALSE);
}
