/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-knowledge-sqlite-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "knowledge/heddle-keyword-query.h"

static char *
dup_column (sqlite3_stmt *stmt,
            int column)
{
  return g_strdup ((const char *) sqlite3_column_text (stmt, column));
}

static HeddlePendingChunk *
read_pending (sqlite3_stmt *stmt)
{
  HeddlePendingChunk *pending = g_new0 (HeddlePendingChunk, 1);
  g_autofree char *title = dup_column (stmt, 1);
  g_autofree char *heading = dup_column (stmt, 2);
  g_autofree char *body = dup_column (stmt, 3);

  pending->chunk = sqlite3_column_int64 (stmt, 0);
  pending->document = sqlite3_column_int64 (stmt, 4);
  pending->text = g_strconcat (title, *heading != '\0' ? " > " : "", heading, "\n", body, NULL);
  return pending;
}

GPtrArray *
heddle_knowledge_sqlite_list_pending (HeddleKnowledgeStore *store,
                                      const char *name,
                                      gint64 after,
                                      guint limit,
                                      GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_autoptr (GPtrArray) chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_pending_chunk_free);
  const HeddleBinding bindings[] = { HEDDLE_BIND_TEXT (name), HEDDLE_BIND_INT (after), HEDDLE_BIND_INT (limit) };
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt;

  stmt = heddle_knowledge_sqlite_bind (self,
                                       "SELECT id, title, heading, body, document FROM knowledge_chunks c "
                                       "WHERE base = (SELECT id FROM knowledge_bases WHERE name = ?1) AND id > ?2 "
                                       "AND NOT EXISTS (SELECT 1 FROM knowledge_vectors WHERE chunk = c.id) ORDER BY id LIMIT ?3",
                                       bindings, G_N_ELEMENTS (bindings), error);
  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (self->database, stmt, &local))
    g_ptr_array_add (chunks, read_pending (stmt));
  if (local == NULL)
    return g_steal_pointer (&chunks);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

guint
heddle_knowledge_sqlite_count_pending (HeddleKnowledgeStore *store,
                                       const char *name,
                                       GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  sqlite3_stmt *stmt;
  guint n = 0;

  stmt = heddle_knowledge_sqlite_bind (self,
                                       "SELECT (SELECT count(*) FROM knowledge_chunks WHERE base = b.id) -"
                                       " (SELECT count(*) FROM knowledge_vectors WHERE base = b.id) "
                                       "FROM knowledge_bases b WHERE name = ?1",
                                       &HEDDLE_BIND_TEXT (name), 1, error);
  if (stmt != NULL && heddle_database_step (self->database, stmt, error))
    n = sqlite3_column_int64 (stmt, 0);
  if (stmt != NULL)
    sqlite3_reset (stmt);
  return n;
}

/* On a server: only that it is there. */
static gboolean
mark_vector (HeddleKnowledgeSqlite *self,
             gint64 chunk,
             GError **error)
{
  return heddle_knowledge_sqlite_run (self,
                                      "INSERT OR REPLACE INTO knowledge_vectors (chunk, base, embedding) "
                                      "SELECT id, base, x'' FROM knowledge_chunks WHERE id = ?1",
                                      &HEDDLE_BIND_INT (chunk), 1, error);
}

static gboolean
write_vector (HeddleKnowledgeSqlite *self,
              gint64 chunk,
              const float *values,
              guint dimensions,
              GError **error)
{
  g_autofree float *unit = g_memdup2 (values, dimensions * sizeof (float));
  sqlite3_stmt *stmt;

  if (!heddle_vector_normalize (unit, dimensions))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER,
                           _ ("The embedding model returned something that is no number. Choose another model."));
      return FALSE;
    }
  stmt = heddle_knowledge_sqlite_bind (self,
                                       "INSERT OR REPLACE INTO knowledge_vectors (chunk, base, embedding) "
                                       "SELECT id, base, ?2 FROM knowledge_chunks WHERE id = ?1",
                                       &HEDDLE_BIND_INT (chunk), 1, error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_blob (stmt, 2, unit, dimensions * sizeof (float), SQLITE_STATIC);
  return heddle_database_run (self->database, stmt, error);
}

static gboolean
check_vectors (const HeddleBaseRow *row,
               const HeddleStoredVectors *vectors,
               GError **error)
{
  if (g_strcmp0 (row->model, vectors->model) != 0)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("The embedding model of the knowledge base was changed meanwhile. Add the documents again."));
      return FALSE;
    }
  if (vectors->dimensions > 0 && (row->dimensions == 0 || row->dimensions == vectors->dimensions))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER,
               _ ("The embedding model now returns %u numbers instead of %u. Set the model again to embed everything anew."),
               vectors->dimensions, row->dimensions);
  return FALSE;
}

static gboolean
write_vectors (HeddleKnowledgeSqlite *self,
               const char *name,
               const HeddleStoredVectors *vectors,
               GError **error)
{
  g_auto (HeddleBaseRow) row = { 0 };
  const HeddleBinding *bindings;

  if (!heddle_knowledge_sqlite_find_base (self, name, &row, error) || !check_vectors (&row, vectors, error))
    return FALSE;
  for (guint i = 0; i < vectors->n; i++)
    {
      const float *values = vectors->values != NULL ? vectors->values + (gsize) i * vectors->dimensions : NULL;
      gboolean ok = values != NULL ? write_vector (self, vectors->chunks[i], values, vectors->dimensions, error)
                                   : mark_vector (self, vectors->chunks[i], error);

      if (!ok)
        return FALSE;
    }
  bindings = (const HeddleBinding[]){ HEDDLE_BIND_INT (row.id), HEDDLE_BIND_INT (vectors->dimensions) };
  return heddle_knowledge_sqlite_run (self, "UPDATE knowledge_bases SET dimensions = ?2, generation = generation + 1 WHERE id = ?1",
                                      bindings, 2, error);
}

gboolean
heddle_knowledge_sqlite_set_vectors (HeddleKnowledgeStore *store,
                                     const char *name,
                                     const HeddleStoredVectors *vectors,
                                     GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;

  if (!heddle_database_begin (self->database, error))
    return FALSE;
  return heddle_knowledge_sqlite_end (self, write_vectors (self, name, vectors, error), error);
}

/* A word in a title or heading tells twice and one and a half times as much as one in the text. */
#define KEYWORDS_SQL                                                  \
  "SELECT c.id, -bm25 (knowledge_words, 2.0, 1.5, 1.0) AS score "     \
  "FROM knowledge_words w JOIN knowledge_chunks c ON c.id = w.rowid " \
  "WHERE knowledge_words MATCH ?1 AND c.base = ?2 ORDER BY score DESC, c.id LIMIT ?3"

GArray *
heddle_knowledge_sqlite_query_keywords (HeddleKnowledgeStore *store,
                                        const char *name,
                                        const char *query,
                                        guint limit,
                                        GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_autofree char *match = heddle_keyword_query_build (query);
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (HeddleHit));
  g_auto (HeddleBaseRow) row = { 0 };
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt;

  if (!heddle_knowledge_sqlite_find_base (self, name, &row, error))
    return NULL;
  if (match == NULL)
    return g_steal_pointer (&hits);
  stmt = heddle_knowledge_sqlite_bind (self, KEYWORDS_SQL,
                                       (const HeddleBinding[]){ HEDDLE_BIND_TEXT (match), HEDDLE_BIND_INT (row.id), HEDDLE_BIND_INT (limit) },
                                       3, error);
  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (self->database, stmt, &local))
    g_array_append_vals (hits, &(HeddleHit){ sqlite3_column_int64 (stmt, 0), sqlite3_column_double (stmt, 1) }, 1);
  if (local == NULL)
    return g_steal_pointer (&hits);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static HeddleVectorIndex *
load_index (HeddleKnowledgeSqlite *self,
            const HeddleBaseRow *row,
            GError **error)
{
  g_autoptr (HeddleVectorIndex) index = heddle_vector_index_new (row->dimensions);
  g_autofree float *vector = g_new (float, row->dimensions);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt;

  stmt = heddle_knowledge_sqlite_bind (self, "SELECT chunk, embedding FROM knowledge_vectors WHERE base = ?1 ORDER BY chunk",
                                       &HEDDLE_BIND_INT (row->id), 1, error);
  if (stmt == NULL)
    return NULL;
  while (heddle_database_step (self->database, stmt, &local))
    {
      if ((gsize) sqlite3_column_bytes (stmt, 1) != row->dimensions * sizeof (float))
        continue;
      memcpy (vector, sqlite3_column_blob (stmt, 1), row->dimensions * sizeof (float));
      heddle_vector_index_add (index, sqlite3_column_int64 (stmt, 0), vector);
    }
  if (local == NULL)
    return g_steal_pointer (&index);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* From memory unless somebody, perhaps another process, changed the base. */
static HeddleVectorIndex *
get_index (HeddleKnowledgeSqlite *self,
           const HeddleBaseRow *row,
           GError **error)
{
  HeddleLoadedIndex *loaded = g_hash_table_lookup (self->indexes, &row->id);
  HeddleVectorIndex *index;

  if (loaded != NULL && loaded->generation == row->generation)
    return loaded->index;
  index = load_index (self, row, error);
  if (index == NULL)
    return NULL;
  loaded = g_new0 (HeddleLoadedIndex, 1);
  loaded->generation = row->generation;
  loaded->index = index;
  g_hash_table_replace (self->indexes, g_memdup2 (&row->id, sizeof row->id), loaded);
  return index;
}

/* What is at a right angle or further has nothing to do with the query. */
static GArray *
drop_unrelated (GArray *hits)
{
  guint n = hits->len;

  while (n > 0 && g_array_index (hits, HeddleHit, n - 1).score <= 0)
    n--;
  return g_array_set_size (hits, n);
}

GArray *
heddle_knowledge_sqlite_query_vectors (HeddleKnowledgeStore *store,
                                       const char *name,
                                       const float *query,
                                       guint dimensions,
                                       guint limit,
                                       GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_auto (HeddleBaseRow) row = { 0 };
  HeddleVectorIndex *index;

  if (!heddle_knowledge_sqlite_find_base (self, name, &row, error))
    return NULL;
  if (row.dimensions == 0)
    return g_array_new (FALSE, FALSE, sizeof (HeddleHit));
  if (row.dimensions != dimensions)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER,
                   _ ("The embedding model now returns %u numbers instead of %u. Set the model again to embed everything anew."),
                   dimensions, row.dimensions);
      return NULL;
    }
  index = get_index (self, &row, error);
  return index != NULL ? drop_unrelated (heddle_vector_index_search (index, query, limit)) : NULL;
}

static HeddlePassage *
read_passage (sqlite3_stmt *stmt,
              const HeddleFusedHit *hit)
{
  HeddlePassage *passage = g_new0 (HeddlePassage, 1);

  passage->chunk = hit->chunk;
  passage->score = hit->score;
  passage->keyword_score = hit->keyword_score;
  passage->vector_score = hit->vector_score;
  passage->document = sqlite3_column_int64 (stmt, 0);
  passage->title = dup_column (stmt, 1);
  passage->source = dup_column (stmt, 2);
  passage->heading = dup_column (stmt, 3);
  passage->text = dup_column (stmt, 4);
  passage->page = sqlite3_column_int64 (stmt, 5);
  passage->start = sqlite3_column_int64 (stmt, 6);
  passage->end = sqlite3_column_int64 (stmt, 7);
  return passage;
}

GPtrArray *
heddle_knowledge_sqlite_load_passages (HeddleKnowledgeStore *store,
                                       GArray *hits,
                                       GError **error)
{
  HeddleKnowledgeSqlite *self = (HeddleKnowledgeSqlite *) store;
  g_autoptr (GPtrArray) passages = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_passage_free);

  for (guint i = 0; i < hits->len; i++)
    {
      HeddleFusedHit *hit = &g_array_index (hits, HeddleFusedHit, i);
      g_autoptr (GError) local = NULL;
      sqlite3_stmt *stmt;

      stmt = heddle_knowledge_sqlite_bind (self,
                                           "SELECT c.document, c.title, d.source, c.heading, c.body, c.page, c.start, c.end "
                                           "FROM knowledge_chunks c JOIN knowledge_documents d ON d.id = c.document WHERE c.id = ?1",
                                           &HEDDLE_BIND_INT (hit->chunk), 1, error);
      if (stmt == NULL)
        return NULL;
      if (heddle_database_step (self->database, stmt, &local))
        g_ptr_array_add (passages, read_passage (stmt, hit));
      sqlite3_reset (stmt);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }
  return g_steal_pointer (&passages);
}
