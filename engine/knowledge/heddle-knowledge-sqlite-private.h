/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "knowledge/heddle-knowledge-store.h"
#include "store/heddle-database.h"

G_BEGIN_DECLS

typedef struct
{
  HeddleKnowledgeStore parent;
  HeddleDatabase *database;
  GHashTable *indexes; /* gint64* id of a base → HeddleLoadedIndex* */
} HeddleKnowledgeSqlite;

/* Vectors of a base in memory; good while its generation is this one. */
typedef struct
{
  gint64 generation;
  HeddleVectorIndex *index;
} HeddleLoadedIndex;

/* One row of knowledge_bases, as far as code needs it. */
typedef struct
{
  gint64 id;
  guint dimensions;
  gint64 generation;
  char *model; /* or NULL */
} HeddleBaseRow;

/* FALSE with NOT_FOUND when there is none. Clear the row with heddle_base_row_clear. */
gboolean heddle_knowledge_sqlite_find_base (HeddleKnowledgeSqlite *self, const char *name, HeddleBaseRow *row, GError **error);
void heddle_base_row_clear (HeddleBaseRow *row);

/* One value for a parameter of a statement; text is borrowed until the statement is reset. */
typedef struct
{
  const char *text; /* used unless it is NULL and is_int */
  gint64 integer;
  gboolean is_int;
} HeddleBinding;
#define HEDDLE_BIND_INT(value) ((HeddleBinding){ .integer = (value), .is_int = TRUE })
#define HEDDLE_BIND_TEXT(value) ((HeddleBinding){ .text = (value) })

/* Prepared with parameters 1 to n bound. NULL with error. */
sqlite3_stmt *heddle_knowledge_sqlite_bind (HeddleKnowledgeSqlite *self, const char *sql, const HeddleBinding *bindings, guint n, GError **error);
/* The same, run to its end. */
gboolean heddle_knowledge_sqlite_run (HeddleKnowledgeSqlite *self, const char *sql, const HeddleBinding *bindings, guint n, GError **error);

/* Ends the transaction: commits when ok, else takes everything back. Returns whether it was committed. */
gboolean heddle_knowledge_sqlite_end (HeddleKnowledgeSqlite *self, gboolean ok, GError **error);

/* The functions of the table that live in the other files. */
gboolean heddle_knowledge_sqlite_ensure_collection (HeddleKnowledgeStore *store, const char *name, const char *description, const char *model, GError **error);
gboolean heddle_knowledge_sqlite_drop_collection (HeddleKnowledgeStore *store, const char *name, GError **error);
GPtrArray *heddle_knowledge_sqlite_list_collections (HeddleKnowledgeStore *store, const char *name, GError **error);
char *heddle_knowledge_sqlite_dup_model (HeddleKnowledgeStore *store, const char *name, gboolean *has_vectors, GError **error);
HeddleVectorServer *heddle_knowledge_sqlite_dup_server (HeddleKnowledgeStore *store, const char *name);
gboolean heddle_knowledge_sqlite_set_server (HeddleKnowledgeStore *store, const char *name, const HeddleVectorServer *server, GError **error);
gint64 heddle_knowledge_sqlite_find (HeddleKnowledgeStore *store, const char *name, const char *identity, const char *hash, guint *n_chunks, GError **error);
gint64 heddle_knowledge_sqlite_upsert (HeddleKnowledgeStore *store, const char *name, const HeddleStoredDocument *document, GError **error);
gboolean heddle_knowledge_sqlite_remove (HeddleKnowledgeStore *store, const char *name, gint64 document, GError **error);
GPtrArray *heddle_knowledge_sqlite_scroll (HeddleKnowledgeStore *store, const char *name, GError **error);
GPtrArray *heddle_knowledge_sqlite_list_pending (HeddleKnowledgeStore *store, const char *name, gint64 after, guint limit, GError **error);
guint heddle_knowledge_sqlite_count_pending (HeddleKnowledgeStore *store, const char *name, GError **error);
gboolean heddle_knowledge_sqlite_set_vectors (HeddleKnowledgeStore *store, const char *name, const HeddleStoredVectors *vectors, GError **error);
GArray *heddle_knowledge_sqlite_query_keywords (HeddleKnowledgeStore *store, const char *name, const char *query, guint limit, GError **error);
GArray *heddle_knowledge_sqlite_query_vectors (HeddleKnowledgeStore *store, const char *name, const float *query, guint dimensions, guint limit, GError **error);
GPtrArray *heddle_knowledge_sqlite_load_passages (HeddleKnowledgeStore *store, GArray *hits, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeddleBaseRow, heddle_base_row_clear)

G_END_DECLS
