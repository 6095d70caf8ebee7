/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-knowledge-sqlite-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"

static void
sqlite_free (HeddleKnowledgeStore *store)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;

  g_hash_table_unref (self->indexes);
  heddle_database_close (self->database);
  g_free (self);
}

static const HeddleKnowledgeStoreClass sqlite_class = {
  .free = sqlite_free,
  .ensure_collection = heddle_knowledge_sqlite_ensure_collection,
  .drop_collection = heddle_knowledge_sqlite_drop_collection,
  .list_collections = heddle_knowledge_sqlite_list_collections,
  .dup_model = heddle_knowledge_sqlite_dup_model,
  .dup_server = heddle_knowledge_sqlite_dup_server,
  .set_server = heddle_knowledge_sqlite_set_server,
  .find = heddle_knowledge_sqlite_find,
  .upsert = heddle_knowledge_sqlite_upsert,
  .remove = heddle_knowledge_sqlite_remove,
  .scroll = heddle_knowledge_sqlite_scroll,
  .list_pending = heddle_knowledge_sqlite_list_pending,
  .count_pending = heddle_knowledge_sqlite_count_pending,
  .set_vectors = heddle_knowledge_sqlite_set_vectors,
  .query_keywords = heddle_knowledge_sqlite_query_keywords,
  .query_vectors = heddle_knowledge_sqlite_query_vectors,
  .load_passages = heddle_knowledge_sqlite_load_passages,
};

static void
loaded_index_free (gpointer data)
{
  HeddleLoadedIndex *loaded = data;

  heddle_vector_index_free (loaded->index);
  g_free (loaded);
}

HeddleKnowledgeStore *
heddle_knowledge_store_new_sqlite (const char *path,
                                   GError **error)
{
  HeddleDatabase *database;
  HeddleKnowledgeSqlite *self;

  g_return_val_if_fail (path != NULL, NULL);

  database = heddle_database_open (path, error);
  if (database == NULL)
    return NULL;
  self = g_new0 (HeddleKnowledgeSqlite, 1);
  self->parent.klass = &sqlite_class;
  self->database = database;
  self->indexes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, loaded_index_free);
  return &self->parent;
}

void
heddle_knowledge_store_free (HeddleKnowledgeStore *self)
{
  if (self != NULL)
    self->klass->free (self);
}

void
heddle_pending_chunk_free (HeddlePendingChunk *pending)
{
  if (pending == NULL)
    return;
  g_free (pending->text);
  g_free (pending);
}

sqlite3_stmt *
heddle_knowledge_sqlite_bind (HeddleKnowledgeSqlite *self,
                              const char *sql,
                              const HeddleBinding *bindings,
                              guint n,
                              GError **error)
{
  sqlite3_stmt *stmt = heddle_database_prepare (self->database, sql, error);

  for (guint i = 0; stmt != NULL && i < n; i++)
    {
      if (bindings[i].is_int)
        sqlite3_bind_int64 (stmt, i + 1, bindings[i].integer);
      else
        sqlite3_bind_text (stmt, i + 1, bindings[i].text, -1, SQLITE_STATIC);
    }
  return stmt;
}

gboolean
heddle_knowledge_sqlite_run (HeddleKnowledgeSqlite *self,
                             const char *sql,
                             const HeddleBinding *bindings,
                             guint n,
                             GError **error)
{
  sqlite3_stmt *stmt = heddle_knowledge_sqlite_bind (self, sql, bindings, n, error);

  return stmt != NULL && heddle_database_run (self->database, stmt, error);
}

gboolean
heddle_knowledge_sqlite_end (HeddleKnowledgeSqlite *self,
                             gboolean ok,
                             GError **error)
{
  if (ok && heddle_database_commit (self->database, error))
    return TRUE;
  heddle_database_rollback (self->database);
  return FALSE;
}

void
heddle_base_row_clear (HeddleBaseRow *row)
{
  g_clear_pointer (&row->model, g_free);
}

gboolean
heddle_knowledge_sqlite_find_base (HeddleKnowledgeSqlite *self,
                                   const char *name,
                                   HeddleBaseRow *row,
                                   GError **error)
{
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt;

  stmt = heddle_knowledge_sqlite_bind (self, "SELECT id, dimensions, generation, embedding_model FROM knowledge_bases WHERE name = ?1",
                                       &HEDDLE_BIND_TEXT (name), 1, error);
  if (stmt == NULL)
    return FALSE;
  if (heddle_database_step (self->database, stmt, &local))
    {
      row->id = sqlite3_column_int64 (stmt, 0);
      row->dimensions = sqlite3_column_int64 (stmt, 1);
      row->generation = sqlite3_column_int64 (stmt, 2);
      row->model = g_strdup ((const char *) sqlite3_column_text (stmt, 3));
      sqlite3_reset (stmt);
      return TRUE;
    }
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                 _ ("There is no knowledge base “%s”. Make it first, or choose another."), name);
  return FALSE;
}
