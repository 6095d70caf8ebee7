/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-knowledge-sqlite-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "knowledge/heddle-chunker.h"

static const char *
column_text (sqlite3_stmt *stmt,
             int column)
{
  return (const char *) sqlite3_column_text (stmt, column);
}

static gboolean
set_model (HeddleKnowledgeSqlite *self,
           gint64 base,
           const char *model,
           GError **error)
{
  const HeddleBinding bindings[] = { HEDDLE_BIND_INT (base), HEDDLE_BIND_TEXT (model) };

  return heddle_knowledge_sqlite_run (self, "DELETE FROM knowledge_vectors WHERE base = ?1", bindings, 1, error) &&
         heddle_knowledge_sqlite_run (self,
                                      "UPDATE knowledge_bases SET embedding_model = ?2, dimensions = 0, "
                                      "generation = generation + 1 WHERE id = ?1",
                                      bindings, 2, error);
}

static gboolean
write_collection (HeddleKnowledgeSqlite *self,
                  const char *name,
                  const char *description,
                  const char *model,
                  GError **error)
{
  const HeddleBinding bindings[] = { HEDDLE_BIND_TEXT (name), HEDDLE_BIND_TEXT (description) };
  g_auto (HeddleBaseRow) row = { 0 };

  if (!heddle_knowledge_sqlite_run (self,
                                    "INSERT INTO knowledge_bases (name, description) VALUES (?1, coalesce (?2, '')) "
                                    "ON CONFLICT (name) DO UPDATE SET description = coalesce (?2, description)",
                                    bindings, G_N_ELEMENTS (bindings), error) ||
      !heddle_knowledge_sqlite_find_base (self, name, &row, error))
    return FALSE;
  return g_strcmp0 (row.model, model) == 0 || set_model (self, row.id, model, error);
}

gboolean
heddle_knowledge_sqlite_ensure_collection (HeddleKnowledgeStore *store,
                                           const char *name,
                                           const char *description,
                                           const char *model,
                                           GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;

  if (!heddle_database_begin (self->database, error))
    return FALSE;
  return heddle_knowledge_sqlite_end (self, write_collection (self, name, description, model, error), error);
}

#define FORGET_WORDS(column)                                                    \
  "INSERT INTO knowledge_words (knowledge_words, rowid, title, heading, body) " \
  "SELECT 'delete', id, title, heading, body FROM knowledge_chunks WHERE " column " = ?1"

static gboolean
delete_collection (HeddleKnowledgeSqlite *self,
                   const char *name,
                   GError **error)
{
  g_auto (HeddleBaseRow) row = { 0 };

  if (!heddle_knowledge_sqlite_find_base (self, name, &row, error))
    return FALSE;
  g_hash_table_remove (self->indexes, &row.id);
  return heddle_knowledge_sqlite_run (self, FORGET_WORDS ("base"), &HEDDLE_BIND_INT (row.id), 1, error) &&
         heddle_knowledge_sqlite_run (self, "DELETE FROM knowledge_bases WHERE id = ?1", &HEDDLE_BIND_INT (row.id), 1, error);
}

gboolean
heddle_knowledge_sqlite_drop_collection (HeddleKnowledgeStore *store,
                                         const char *name,
                                         GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;

  if (!heddle_database_begin (self->database, error))
    return FALSE;
  return heddle_knowledge_sqlite_end (self, delete_collection (self, name, error), error);
}

static HeddleKnowledgeInfo *
read_info (sqlite3_stmt *stmt)
{
  HeddleKnowledgeInfo *info = g_new0 (HeddleKnowledgeInfo, 1);

  info->name = g_strdup (column_text (stmt, 0));
  info->description = g_strdup (column_text (stmt, 1));
  info->embedding_model = g_strdup (column_text (stmt, 2));
  info->n_documents = sqlite3_column_int64 (stmt, 3);
  info->bytes = sqlite3_column_int64 (stmt, 4);
  info->n_chunks = sqlite3_column_int64 (stmt, 5);
  info->n_vectors = sqlite3_column_int64 (stmt, 6);
  info->server_url = g_strdup (column_text (stmt, 7));
  info->server_credential = g_strdup (column_text (stmt, 8));
  return info;
}

GPtrArray *
heddle_knowledge_sqlite_list_collections (HeddleKnowledgeStore *store,
                                          const char *name,
                                          GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_knowledge_info_free);
  g_autoptr (GError) local = NULL;
  g_auto (HeddleBaseRow) row = { 0 };
  sqlite3_stmt *stmt;

  if (name != NULL && !heddle_knowledge_sqlite_find_base (self, name, &row, error))
    return NULL;
  stmt = heddle_knowledge_sqlite_bind (self,
                                       "SELECT name, description, embedding_model,"
                                       " (SELECT count(*) FROM knowledge_documents WHERE base = b.id),"
                                       " (SELECT coalesce (sum (bytes), 0) FROM knowledge_documents WHERE base = b.id),"
                                       " (SELECT count(*) FROM knowledge_chunks WHERE base = b.id),"
                                       " (SELECT count(*) FROM knowledge_vectors WHERE base = b.id), server_url, server_credential "
                                       "FROM knowledge_bases b WHERE ?1 IS NULL OR name = ?1 ORDER BY name",
                                       &HEDDLE_BIND_TEXT (name), 1, error);
  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (self->database, stmt, &local))
    g_ptr_array_add (infos, read_info (stmt));
  if (local == NULL)
    return g_steal_pointer (&infos);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

char *
heddle_knowledge_sqlite_dup_model (HeddleKnowledgeStore *store,
                                   const char *name,
                                   gboolean *has_vectors,
                                   GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_auto (HeddleBaseRow) row = { 0 };

  if (!heddle_knowledge_sqlite_find_base (self, name, &row, error))
    return NULL;
  *has_vectors = row.dimensions > 0;
  return g_steal_pointer (&row.model);
}

HeddleVectorServer *
heddle_knowledge_sqlite_dup_server (HeddleKnowledgeStore *store,
                                    const char *name)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_autoptr (HeddleVectorServer) server = g_new0 (HeddleVectorServer, 1);
  sqlite3_stmt *stmt;

  stmt = heddle_knowledge_sqlite_bind (self,
                                       "SELECT server_url, server_credential, server_collection FROM knowledge_bases "
                                       "WHERE name = ?1 AND server_url IS NOT NULL",
                                       &HEDDLE_BIND_TEXT (name), 1, NULL);
  if (stmt == NULL || !heddle_database_step (self->database, stmt, NULL))
    return NULL;
  server->url = g_strdup (column_text (stmt, 0));
  server->credential = g_strdup (column_text (stmt, 1));
  server->collection = g_strdup (column_text (stmt, 2));
  sqlite3_reset (stmt);
  return g_steal_pointer (&server);
}

static gboolean
write_server (HeddleKnowledgeSqlite *self,
              const char *name,
              const HeddleVectorServer *server,
              GError **error)
{
  g_auto (HeddleBaseRow) row = { 0 };
  const HeddleBinding *bindings;

  if (!heddle_knowledge_sqlite_find_base (self, name, &row, error) || !set_model (self, row.id, row.model, error))
    return FALSE;
  bindings = (const HeddleBinding[]){
    HEDDLE_BIND_INT (row.id),
    HEDDLE_BIND_TEXT (server != NULL ? server->url : NULL),
    HEDDLE_BIND_TEXT (server != NULL ? server->credential : NULL),
    HEDDLE_BIND_TEXT (server != NULL ? server->collection : NULL),
  };
  return heddle_knowledge_sqlite_run (self,
                                      "UPDATE knowledge_bases SET server_url = ?2, server_credential = ?3, server_collection = ?4 "
                                      "WHERE id = ?1",
                                      bindings, 4, error);
}

gboolean
heddle_knowledge_sqlite_set_server (HeddleKnowledgeStore *store,
                                    const char *name,
                                    const HeddleVectorServer *server,
                                    GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;

  if (!heddle_database_begin (self->database, error))
    return FALSE;
  return heddle_knowledge_sqlite_end (self, write_server (self, name, server, error), error);
}

gint64
heddle_knowledge_sqlite_find (HeddleKnowledgeStore *store,
                              const char *name,
                              const char *identity,
                              const char *hash,
                              guint *n_chunks,
                              GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  const HeddleBinding bindings[] = { HEDDLE_BIND_TEXT (name), HEDDLE_BIND_TEXT (identity), HEDDLE_BIND_TEXT (hash) };
  gint64 id = 0;
  sqlite3_stmt *stmt;

  stmt = heddle_knowledge_sqlite_bind (self,
                                       "SELECT id, (SELECT count(*) FROM knowledge_chunks WHERE document = d.id) "
                                       "FROM knowledge_documents d WHERE identity = ?2 AND (?3 IS NULL OR (hash = ?3 AND error IS NULL)) "
                                       "AND base = (SELECT id FROM knowledge_bases WHERE name = ?1)",
                                       bindings, G_N_ELEMENTS (bindings), error);
  if (stmt == NULL || !heddle_database_step (self->database, stmt, error))
    return 0;
  id = sqlite3_column_int64 (stmt, 0);
  if (n_chunks != NULL)
    *n_chunks = sqlite3_column_int64 (stmt, 1);
  sqlite3_reset (stmt);
  return id;
}

static gboolean
insert_chunk (HeddleKnowledgeSqlite *self,
              gint64 base,
              gint64 document,
              const char *title,
              const HeddleChunk *chunk,
              GError **error)
{
  const HeddleBinding bindings[] = {
    HEDDLE_BIND_INT (base),
    HEDDLE_BIND_INT (document),
    HEDDLE_BIND_TEXT (title),
    HEDDLE_BIND_TEXT (chunk->heading),
    HEDDLE_BIND_TEXT (chunk->text),
    HEDDLE_BIND_INT (chunk->page),
    HEDDLE_BIND_INT (chunk->start),
    HEDDLE_BIND_INT (chunk->end),
  };

  return heddle_knowledge_sqlite_run (self,
                                      "INSERT INTO knowledge_chunks (base, document, title, heading, body, page, start, end) "
                                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                                      bindings, G_N_ELEMENTS (bindings), error);
}

static gboolean
insert_document (HeddleKnowledgeSqlite *self,
                 gint64 base,
                 const HeddleStoredDocument *document,
                 GError **error)
{
  const HeddleBinding bindings[] = {
    HEDDLE_BIND_INT (base),
    HEDDLE_BIND_TEXT (document->identity),
    HEDDLE_BIND_TEXT (document->title),
    HEDDLE_BIND_TEXT (document->source),
    HEDDLE_BIND_TEXT (document->mime),
    HEDDLE_BIND_TEXT (document->hash),
    HEDDLE_BIND_TEXT (document->error),
    HEDDLE_BIND_INT (document->bytes),
    HEDDLE_BIND_INT (document->added),
  };

  return heddle_knowledge_sqlite_run (self,
                                      "INSERT INTO knowledge_documents (base, identity, title, source, mime, hash, error, bytes, added) "
                                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                                      bindings, G_N_ELEMENTS (bindings), error);
}

static gboolean
insert_chunks (HeddleKnowledgeSqlite *self,
               gint64 base,
               gint64 id,
               const HeddleStoredDocument *document,
               GError **error)
{
  for (guint i = 0; document->chunks != NULL && i < document->chunks->len; i++)
    {
      if (!insert_chunk (self, base, id, document->title, g_ptr_array_index (document->chunks, i), error))
        return FALSE;
    }
  return heddle_knowledge_sqlite_run (self,
                                      "INSERT INTO knowledge_words (rowid, title, heading, body) "
                                      "SELECT id, title, heading, body FROM knowledge_chunks WHERE document = ?1",
                                      &HEDDLE_BIND_INT (id), 1, error);
}

static gboolean
delete_document (HeddleKnowledgeSqlite *self,
                 gint64 base,
                 gint64 document,
                 GError **error)
{
  const HeddleBinding bindings[] = { HEDDLE_BIND_INT (base), HEDDLE_BIND_INT (document) };

  return heddle_knowledge_sqlite_run (self, FORGET_WORDS ("document"), bindings + 1, 1, error) &&
         heddle_knowledge_sqlite_run (self, "DELETE FROM knowledge_documents WHERE id = ?1", bindings + 1, 1, error) &&
         heddle_knowledge_sqlite_run (self, "UPDATE knowledge_bases SET generation = generation + 1 WHERE id = ?1", bindings, 1, error);
}

/* The id of a document; 0 when there is none, and with error set on failure. */
static gint64
find_document (HeddleKnowledgeSqlite *self,
               const char *sql,
               const HeddleBinding bindings[2],
               GError **error)
{
  sqlite3_stmt *stmt = heddle_knowledge_sqlite_bind (self, sql, bindings, 2, error);
  gint64 id = 0;

  if (stmt != NULL && heddle_database_step (self->database, stmt, error))
    {
      id = sqlite3_column_int64 (stmt, 0);
      sqlite3_reset (stmt);
    }
  return id;
}

static gint64
replace_document (HeddleKnowledgeSqlite *self,
                  gint64 base,
                  const HeddleStoredDocument *document,
                  GError **error)
{
  const HeddleBinding key[] = { HEDDLE_BIND_INT (base), HEDDLE_BIND_TEXT (document->identity) };
  g_autoptr (GError) local = NULL;
  gint64 id;

  id = find_document (self, "SELECT id FROM knowledge_documents WHERE base = ?1 AND identity = ?2", key, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return 0;
    }
  if ((id != 0 && !delete_document (self, base, id, error)) || !insert_document (self, base, document, error))
    return 0;
  id = sqlite3_last_insert_rowid (heddle_database_get_handle (self->database));
  return insert_chunks (self, base, id, document, error) ? id : 0;
}

gint64
heddle_knowledge_sqlite_upsert (HeddleKnowledgeStore *store,
                                const char *name,
                                const HeddleStoredDocument *document,
                                GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_auto (HeddleBaseRow) row = { 0 };
  gint64 id = 0;

  if (!heddle_database_begin (self->database, error))
    return 0;
  if (heddle_knowledge_sqlite_find_base (self, name, &row, error))
    id = replace_document (self, row.id, document, error);
  return heddle_knowledge_sqlite_end (self, id != 0, error) ? id : 0;
}

static gboolean
remove_document (HeddleKnowledgeSqlite *self,
                 gint64 base,
                 gint64 document,
                 GError **error)
{
  const HeddleBinding key[] = { HEDDLE_BIND_INT (base), HEDDLE_BIND_INT (document) };
  g_autoptr (GError) local = NULL;

  if (find_document (self, "SELECT id FROM knowledge_documents WHERE base = ?1 AND id = ?2", key, &local) != 0)
    return delete_document (self, base, document, error);
  if (local == NULL)
    g_set_error_literal (&local, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                         _ ("The document is no longer in the knowledge base. Look at its list again."));
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
heddle_knowledge_sqlite_remove (HeddleKnowledgeStore *store,
                                const char *name,
                                gint64 document,
                                GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_auto (HeddleBaseRow) row = { 0 };
  gboolean ok;

  if (!heddle_database_begin (self->database, error))
    return FALSE;
  ok = heddle_knowledge_sqlite_find_base (self, name, &row, error) && remove_document (self, row.id, document, error);
  return heddle_knowledge_sqlite_end (self, ok, error);
}

static HeddleDocumentInfo *
read_document (sqlite3_stmt *stmt)
{
  HeddleDocumentInfo *info = g_new0 (HeddleDocumentInfo, 1);

  info->id = sqlite3_column_int64 (stmt, 0);
  info->title = g_strdup (column_text (stmt, 1));
  info->source = g_strdup (column_text (stmt, 2));
  info->mime = g_strdup (column_text (stmt, 3));
  info->added = sqlite3_column_int64 (stmt, 4);
  info->error = g_strdup (column_text (stmt, 5));
  info->n_chunks = sqlite3_column_int64 (stmt, 6);
  return info;
}

GPtrArray *
heddle_knowledge_sqlite_scroll (HeddleKnowledgeStore *store,
                                const char *name,
                                GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_document_info_free);
  g_autoptr (GError) local = NULL;
  g_auto (HeddleBaseRow) row = { 0 };
  sqlite3_stmt *stmt;

  if (!heddle_knowledge_sqlite_find_base (self, name, &row, error))
    return NULL;
  stmt = heddle_knowledge_sqlite_bind (self,
                                       "SELECT id, title, source, mime, added, error,"
                                       " (SELECT count(*) FROM knowledge_chunks WHERE document = d.id) "
                                       "FROM knowledge_documents d WHERE base = ?1 ORDER BY title COLLATE NOCASE, id",
                                       &HEDDLE_BIND_INT (row.id), 1, error);
  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (self->database, stmt, &local))
    g_ptr_array_add (infos, read_document (stmt));
  if (local == NULL)
    return g_steal_pointer (&infos);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
