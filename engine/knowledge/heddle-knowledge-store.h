/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "knowledge/heddle-fusion.h"
#include "knowledge/heddle-knowledge.h"
#include "knowledge/heddle-qdrant.h"

G_BEGIN_DECLS

/*
 * Where passages and vectors are kept, behind one table of functions, so that servers can join the
 * database file. All block, and one thread at a time calls them. An unknown collection is
 * HEDDLE_ERROR_NOT_FOUND. "collection" is what such servers call a knowledge base.
 */
typedef struct _HeddleKnowledgeStore HeddleKnowledgeStore;

/* A document to keep; everything borrowed. */
typedef struct
{
  const char *identity; /* a document of the same identity is replaced */
  const char *title;
  const char *source;
  const char *mime;
  const char *hash;
  const char *error; /* or NULL */
  gint64 bytes;
  gint64 added;      /* µs since the epoch */
  GPtrArray *chunks; /* of HeddleChunk*; NULL: none */
} HeddleStoredDocument;

/* A chunk that has no vector yet. */
typedef struct
{
  gint64 chunk;
  gint64 document;
  char *text; /* what to embed: title, headings and body */
} HeddlePendingChunk;
void heddle_pending_chunk_free (HeddlePendingChunk *pending);

/* Vectors for chunks, in the same order; n × dimensions floats, scaled to length 1 when kept. */
typedef struct
{
  const char *model; /* refused when the collection has another by now */
  const gint64 *chunks;
  const float *values; /* NULL: kept by the collection's server, which has them by now */
  guint n;
  guint dimensions;
} HeddleStoredVectors;

typedef struct
{
  void (*free) (HeddleKnowledgeStore *self);

  /* Makes it or changes it; NULL description keeps the one it has. Another model drops the vectors. */
  gboolean (*ensure_collection) (HeddleKnowledgeStore *self, const char *name, const char *description, const char *model, GError **error);
  gboolean (*drop_collection) (HeddleKnowledgeStore *self, const char *name, GError **error);
  /* New array of HeddleKnowledgeInfo*; of the one collection unless name is NULL. */
  GPtrArray *(*list_collections) (HeddleKnowledgeStore *self, const char *name, GError **error);

  /* Its embedding model, NULL without error when it has none; whether there are vectors. Cheap. */
  char *(*dup_model) (HeddleKnowledgeStore *self, const char *name, gboolean *has_vectors, GError **error);

  /* Where its vectors are kept; NULL: here, or there is no such collection. */
  HeddleVectorServer *(*dup_server) (HeddleKnowledgeStore *self, const char *name);
  /* server NULL: here. Forgets all vectors. */
  gboolean (*set_server) (HeddleKnowledgeStore *self, const char *name, const HeddleVectorServer *server, GError **error);

  /* The document of that identity if it was kept with that hash (NULL: any) and without an error; else 0. n_chunks may be NULL. */
  gint64 (*find) (HeddleKnowledgeStore *self, const char *name, const char *identity, const char *hash, guint *n_chunks, GError **error);
  /* The document's id; 0 on failure. */
  gint64 (*upsert) (HeddleKnowledgeStore *self, const char *name, const HeddleStoredDocument *document, GError **error);
  gboolean (*remove) (HeddleKnowledgeStore *self, const char *name, gint64 document, GError **error);
  /* New array of HeddleDocumentInfo*, by title. */
  GPtrArray *(*scroll) (HeddleKnowledgeStore *self, const char *name, GError **error);

  /* Chunks without vectors whose id is above after, by id. New array of HeddlePendingChunk*. */
  GPtrArray *(*list_pending) (HeddleKnowledgeStore *self, const char *name, gint64 after, guint limit, GError **error);
  guint (*count_pending) (HeddleKnowledgeStore *self, const char *name, GError **error);
  /* Chunks that are gone by now are left out. */
  gboolean (*set_vectors) (HeddleKnowledgeStore *self, const char *name, const HeddleStoredVectors *vectors, GError **error);

  /* New arrays of HeddleHit, best first. Any text may be a query. */
  GArray *(*query_keywords) (HeddleKnowledgeStore *self, const char *name, const char *query, guint limit, GError **error);
  GArray *(*query_vectors) (HeddleKnowledgeStore *self, const char *name, const float *query, guint dimensions, guint limit, GError **error);
  /* Array of HeddleFusedHit to new array of HeddlePassage*, in the same order. */
  GPtrArray *(*load_passages) (HeddleKnowledgeStore *self, GArray *hits, GError **error);
} HeddleKnowledgeStoreClass;

struct _HeddleKnowledgeStore
{
  const HeddleKnowledgeStoreClass *klass;
};

/* In the database file. */
HeddleKnowledgeStore *heddle_knowledge_store_new_sqlite (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_knowledge_store_free (HeddleKnowledgeStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleKnowledgeStore, heddle_knowledge_store_free)

G_END_DECLS
