/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Knowledge bases. Documents are read, chunked by structure, stored in the database file with an FTS5 index and,
 * when the base has an embedding model, float vectors. Search fuses BM25 and exact vector search by
 * reciprocal rank. One worker thread owns its connection. Async calls complete in the caller's context;
 * requests to an embedding model are made on the context given to set_network.
 */
#define HEDDLE_TYPE_KNOWLEDGE (heddle_knowledge_get_type ())
G_DECLARE_FINAL_TYPE (HeddleKnowledge, heddle_knowledge, HEDDLE, KNOWLEDGE, GObject)

/* path: of the database; models may be NULL (keywords only). */
HeddleKnowledge *heddle_knowledge_new (const char *path, HeddleModels *models, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Called by the engine: where HTTP may be used. */
void heddle_knowledge_set_network (HeddleKnowledge *self, GMainContext *context, HeddleHttp *http);

typedef struct
{
  char *name;
  char *description;
  char *embedding_model; /* reference or NULL: keywords only */
  guint n_documents;
  guint n_chunks;
  gint64 bytes; /* of text */
} HeddleKnowledgeInfo;
void heddle_knowledge_info_free (HeddleKnowledgeInfo *info);

typedef struct
{
  gint64 id;
  char *title;
  char *source; /* path or URI */
  char *mime;
  guint n_chunks;
  gint64 added; /* µs since the epoch */
  char *error;  /* why it could not be read, or NULL */
} HeddleDocumentInfo;
void heddle_document_info_free (HeddleDocumentInfo *info);

void heddle_knowledge_list_async (HeddleKnowledge *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_knowledge_list_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Creates the base or changes its description and model (a new model embeds again). Emits "changed". */
void heddle_knowledge_set_base_async (HeddleKnowledge *self, const char *name, const char *description, const char *embedding_model, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_knowledge_set_base_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error);
void heddle_knowledge_delete_base_async (HeddleKnowledge *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_knowledge_delete_base_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error);
void heddle_knowledge_list_documents_async (HeddleKnowledge *self, const char *base, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_knowledge_list_documents_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_knowledge_delete_document_async (HeddleKnowledge *self, const char *base, gint64 document, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_knowledge_delete_document_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error);

/* Adds files and folders (recursively): text, Markdown, HTML, PDF. A file already there is replaced when it changed. progress in the caller's context. */
typedef void (*HeddleKnowledgeProgress) (const char *what, guint done, guint total, gpointer user_data);
typedef struct
{
  guint n_added, n_unchanged, n_failed;
  char *first_error; /* or NULL */
} HeddleIngestResult;
void heddle_ingest_result_free (HeddleIngestResult *result);
void heddle_knowledge_add_files_async (HeddleKnowledge *self, const char *base, const char *const *paths, HeddleKnowledgeProgress progress, gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleIngestResult *heddle_knowledge_add_files_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* mime: "text/plain", "text/markdown", "text/html". Replaces a document of the same title and source. */
void heddle_knowledge_add_text_async (HeddleKnowledge *self, const char *base, const char *title, const char *source, const char *mime, const char *text, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_knowledge_add_text_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error);

typedef enum
{
  HEDDLE_SEARCH_AUTO, /* fused when the base has vectors */
  HEDDLE_SEARCH_KEYWORDS,
  HEDDLE_SEARCH_VECTORS,
} HeddleSearchMode;

typedef struct
{
  gint64 chunk;
  gint64 document;
  char *title;
  char *source;
  char *heading; /* "Chapter > Section" or "" */
  char *text;
  guint page;           /* from 1; 0: has no pages */
  gint64 start, end;    /* character offsets in the document */
  double score;         /* fused, else of its one search; higher is better */
  double keyword_score; /* BM25, NaN when not found by it */
  double vector_score;  /* cosine, NaN when not found by it */
} HeddlePassage;
void heddle_passage_free (HeddlePassage *passage);
void heddle_knowledge_search_async (HeddleKnowledge *self, const char *base, const char *query, HeddleSearchMode mode, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_knowledge_search_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
