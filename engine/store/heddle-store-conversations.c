/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-conversations.h"
#include "store/heddle-store-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

/* Which conversation, and what to do with it. */
typedef struct
{
  gint64 id;
  char *workflow;
  char *name;
  char *node;
  char *session;
  char *run;
  guint limit;
  JsonNode *messages;
} Query;

void
heddle_conversation_info_free (HeddleConversationInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->workflow);
  g_free (info->name);
  g_free (info->node);
  g_free (info->session);
  g_free (info);
}

static void
query_free (gpointer data)
{
  Query *query = data;

  g_free (query->workflow);
  g_free (query->name);
  g_free (query->node);
  g_free (query->session);
  g_free (query->run);
  g_clear_pointer (&query->messages, json_node_unref);
  g_free (query);
}

static Query *
query_new (const HeddleConversationKey *key)
{
  Query *query = g_new0 (Query, 1);

  query->workflow = g_strdup (key->workflow);
  query->name = g_strdup (key->name);
  query->node = g_strdup (key->node);
  query->session = g_strdup (key->session);
  return query;
}

static HeddleConversationInfo *
read_info (sqlite3_stmt *stmt)
{
  HeddleConversationInfo *info = g_new0 (HeddleConversationInfo, 1);

  info->id = sqlite3_column_int64 (stmt, 0);
  info->workflow = heddle_store_dup_column (stmt, 1);
  info->name = heddle_store_dup_column (stmt, 2);
  info->node = heddle_store_dup_column (stmt, 3);
  info->session = heddle_store_dup_column (stmt, 4);
  info->started = sqlite3_column_int64 (stmt, 5);
  info->updated = sqlite3_column_int64 (stmt, 6);
  info->n_messages = (guint) sqlite3_column_int64 (stmt, 7);
  return info;
}

static gpointer
list_conversations (HeddleStoreThread *thread,
                    gpointer data,
                    GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Query *query = data;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_conversation_info_free);
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "SELECT id, workflow, name, node, session, started, updated, "
                                                "(SELECT count (*) FROM conversation_messages WHERE conversation = c.id) "
                                                "FROM conversations c WHERE workflow = ifnull (?1, workflow) AND node = ifnull (?2, node) "
                                                "ORDER BY updated DESC, id DESC",
                                                error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, query->node, -1, SQLITE_STATIC);
  while (heddle_database_step (database, stmt, &local_error))
    g_ptr_array_add (list, read_info (stmt));
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, local_error);
  return NULL;
}

/* A statement whose rows are messages, the newest first. */
static JsonNode *
read_messages (HeddleDatabase *database,
               sqlite3_stmt *stmt,
               GError **error)
{
  g_autoptr (GPtrArray) newest_first = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  JsonArray *messages;
  GError *local_error = NULL;

  while (local_error == NULL && heddle_database_step (database, stmt, &local_error))
    {
      JsonNode *message = heddle_json_parse ((const char *) sqlite3_column_text (stmt, 0), -1, &local_error);

      if (message != NULL)
        g_ptr_array_add (newest_first, message);
    }
  sqlite3_reset (stmt);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  messages = json_array_sized_new (newest_first->len);
  for (guint i = newest_first->len; i-- > 0;)
    json_array_add_element (messages, json_node_ref (g_ptr_array_index (newest_first, i)));
  return heddle_json_array (messages);
}

/* The id of a query's conversation; 0: there is none, or an error. */
static gint64
find_conversation (HeddleDatabase *database,
                   const Query *query,
                   GError **error)
{
  gint64 id = 0;
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                query->session == NULL ? "SELECT id FROM conversations WHERE id = ?1"
                                                                       : "SELECT id FROM conversations WHERE workflow = ?1 AND node = ?2 AND session = ?3",
                                                error);

  if (stmt == NULL)
    return 0;
  if (query->session == NULL)
    {
      sqlite3_bind_int64 (stmt, 1, query->id);
    }
  else
    {
      sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
      sqlite3_bind_text (stmt, 2, query->node, -1, SQLITE_STATIC);
      sqlite3_bind_text (stmt, 3, query->session, -1, SQLITE_STATIC);
    }
  if (heddle_database_step (database, stmt, error))
    id = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return id;
}

static gpointer
fail_not_found (GError **error)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("There is no such conversation. List them again; it may have been cleared."));
  return NULL;
}

static gpointer
load_messages (HeddleStoreThread *thread,
               gpointer data,
               GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Query *query = data;
  GError *local_error = NULL;
  gint64 id = find_conversation (database, query, &local_error);
  sqlite3_stmt *stmt;

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  if (id == 0)
    return query->session == NULL ? fail_not_found (error) : heddle_json_array (json_array_new ());
  stmt = heddle_database_prepare (database, "SELECT message FROM conversation_messages WHERE conversation = ?1 ORDER BY id DESC LIMIT ?2", error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, id);
  sqlite3_bind_int64 (stmt, 2, query->limit > 0 ? (gint64) query->limit : -1);
  return read_messages (database, stmt, error);
}

static gint64
touch_conversation (HeddleDatabase *database,
                    const Query *query,
                    GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "INSERT INTO conversations (workflow, name, node, session, started, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?5) "
                                                "ON CONFLICT (workflow, node, session) DO UPDATE SET updated = ?5, name = ?2",
                                                error);

  if (stmt == NULL)
    return 0;
  sqlite3_bind_text (stmt, 1, query->workflow, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, query->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 3, query->node, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 4, query->session, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 5, g_get_real_time ());
  return heddle_database_run (database, stmt, error) ? find_conversation (database, query, error) : 0;
}

static gboolean
write_message (HeddleDatabase *database,
               gint64 conversation,
               const char *run,
               JsonNode *message,
               GError **error)
{
  g_autofree char *text = heddle_json_to_text (message, HEDDLE_JSON_COMPACT);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "INSERT INTO conversation_messages (conversation, run, added, message) VALUES (?1, ?2, ?3, ?4)", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, conversation);
  sqlite3_bind_text (stmt, 2, run, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 3, g_get_real_time ());
  sqlite3_bind_text (stmt, 4, text, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}

static gboolean
write_messages (HeddleDatabase *database,
                const Query *query,
                GError **error)
{
  JsonArray *messages = json_node_get_array (query->messages);
  gint64 id = touch_conversation (database, query, error);

  for (guint i = 0; id != 0 && i < json_array_get_length (messages); i++)
    {
      if (!write_message (database, id, query->run, json_array_get_element (messages, i), error))
        return FALSE;
    }
  return id != 0;
}

static gpointer
append_messages (HeddleStoreThread *thread,
                 gpointer data,
                 GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  if (!heddle_database_begin (database, error))
    return NULL;
  if (write_messages (database, data, error) && heddle_database_commit (database, error))
    return GINT_TO_POINTER (TRUE);
  heddle_database_rollback (database);
  return NULL;
}

static gpointer
delete_conversation (HeddleStoreThread *thread,
                     gpointer data,
                     GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  const Query *query = data;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "DELETE FROM conversations WHERE id = ?1", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, query->id);
  if (!heddle_database_run (database, stmt, error))
    return NULL;
  return sqlite3_changes (heddle_database_get_handle (database)) > 0 ? GINT_TO_POINTER (TRUE) : fail_not_found (error);
}

GPtrArray *
heddle_store_list_conversations (HeddleStore *self,
                                 const char *workflow,
                                 const char *node,
                                 GError **error)
{
  Query query = { .workflow = (char *) workflow, .node = (char *) node };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, list_conversations, &query, error);
}

void
heddle_store_list_conversations_async (HeddleStore *self,
                                       const char *workflow,
                                       const char *node,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  const HeddleConversationKey key = { .workflow = workflow, .node = node };

  g_return_if_fail (HEDDLE_IS_STORE (self));

  heddle_store_thread_call_task (self->thread, list_conversations,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_list_conversations_async, query_new (&key), query_free),
                                 (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
heddle_store_list_conversations_finish (HeddleStore *self,
                                        GAsyncResult *result,
                                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

JsonNode *
heddle_store_load_conversation (HeddleStore *self,
                                gint64 id,
                                GError **error)
{
  Query query = { .id = id };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  return heddle_store_thread_call (self->thread, load_messages, &query, error);
}

static Query *
query_new_for_id (gint64 id)
{
  Query *query = g_new0 (Query, 1);

  query->id = id;
  return query;
}

void
heddle_store_load_conversation_async (HeddleStore *self,
                                      gint64 id,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));

  heddle_store_thread_call_task (self->thread, load_messages,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_load_conversation_async, query_new_for_id (id), query_free),
                                 (GDestroyNotify) json_node_unref);
}

JsonNode *
heddle_store_load_conversation_finish (HeddleStore *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
heddle_store_recall_conversation_async (HeddleStore *self,
                                        const HeddleConversationKey *key,
                                        guint limit,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  Query *query;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (key != NULL && key->session != NULL);

  query = query_new (key);
  query->limit = limit;
  heddle_store_thread_call_task (self->thread, load_messages,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_recall_conversation_async, query, query_free),
                                 (GDestroyNotify) json_node_unref);
}

JsonNode *
heddle_store_recall_conversation_finish (HeddleStore *self,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
heddle_store_append_conversation_async (HeddleStore *self,
                                        const HeddleConversationKey *key,
                                        const char *run,
                                        JsonNode *messages,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  Query *query;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (key != NULL && key->session != NULL && run != NULL);
  g_return_if_fail (messages != NULL && JSON_NODE_HOLDS_ARRAY (messages));

  query = query_new (key);
  query->run = g_strdup (run);
  query->messages = json_node_ref (messages);
  heddle_store_thread_call_task (self->thread, append_messages,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_append_conversation_async, query, query_free),
                                 NULL);
}

gboolean
heddle_store_append_conversation_finish (HeddleStore *self,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

gboolean
heddle_store_delete_conversation (HeddleStore *self,
                                  gint64 id,
                                  GError **error)
{
  Query query = { .id = id };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), FALSE);

  return heddle_store_thread_call (self->thread, delete_conversation, &query, error) != NULL;
}

void
heddle_store_delete_conversation_async (HeddleStore *self,
                                        gint64 id,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));

  heddle_store_thread_call_task (self->thread, delete_conversation,
                                 heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_delete_conversation_async, query_new_for_id (id), query_free),
                                 NULL);
}

gboolean
heddle_store_delete_conversation_finish (HeddleStore *self,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
