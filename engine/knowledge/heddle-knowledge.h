/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Knowledge bases. Documents are read, chunked by structure, stored in the database file with an FTS5 index and,
 * when the base has an embedding model, float vectors. Search fuses BM25 and exact vector search by
 * reciprocal rank; BM25's word frequencies are those of all bases of the file. Work is done in threads of its
 * own, so that a search does not wait for a folder being added. Async calls complete in the caller's
 * context; requests to an embedding model are made on the context given to set_network. Any thread.
 *
 * Signal "changed", in the context of the creator: a base or its documents changed.
 */
#define HEDDLE_TYPE_KNOWLEDGE (heddle_knowledge_get_type ())
G_DECLARE_FINAL_TYPE (HeddleKnowledge, heddle_knowledge, HEDDLE, KNOWLEDGE, GObject)

/* path: of the database; models may be NULL (keywords only). */
HeddleKnowledge *heddle_knowledge_new (const char *path, HeddleModels *models, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For the credentials of vector servers; before the first use. */
void heddle_knowledge_set_secrets (HeddleKnowledge *self, HeddleSecrets *secrets);
/* Called by the engine: where HTTP may be used; http may follow until context runs. NULL, NULL when it may no longer be. */
void heddle_knowledge_set_network (HeddleKnowledge *self, GMainContext *context, HeddleHttp *http);

/* Ends what is being done, after the file at hand, and waits for it; what is asked for later is cancelled. After the engine. */
void heddle_knowledge_shutdown (HeddleKnowledge *self);

typedef struct
{
  char *name;
  char *description;
  char *embedding_model;   /* reference or NULL: keywords only */
  char *server_url;        /* of the Qdrant server that keeps its vectors; NULL: the database */
  char *server_credential; /* name or NULL */
  guint n_documents;
  guint n_chunks;
  guint n_vectors; /* chunks that have one; less than n_chunks: add the documents again to embed the rest */
  gint64 bytes;    /* of text */
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
/* Creates the base or changes its description (NULL: as it is) and model (a new model embeds again, NULL drops vectors). */
void heddle_knowledge_set_base_async (HeddleKnowledge *self, const char *name, const char *description, const char *embedding_model, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_knowledge_set_base_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error);
/*
 * Where the vectors of the base are kept: on the Qdrant server at url, with the credential of that name or none (NULL), or in the
 * database (url NULL). A change embeds everything again and deletes the vectors from where they were.
 */
void heddle_knowledge_set_server_async (HeddleKnowledge *self, const char *name, const char *url, const char *credential, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_knowledge_set_server_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error);
void heddle_knowledge_delete_base_async (HeddleKnowledge *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_knowledge_delete_base_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error);
void heddle_knowledge_list_documents_async (HeddleKnowledge *self, const char *base, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_knowledge_list_documents_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_knowledge_delete_document_async (HeddleKnowledge *self, const char *base, gint64 document, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_knowledge_delete_document_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error);

/*
 * Adds files and folders (recursively): text, Markdown, HTML, PDF of at most 64 MB. A file already there is replaced when
 * it changed. One that cannot be read is kept as a document with its error. In folders, hidden files and those of other
 * kinds are skipped. When embedding fails, that is the error; the passages are kept, are found by keywords, and
 * adding again embeds them. progress in the caller's context.
 */
typedef void (*HeddleKnowledgeProgress) (const char *what, guint done, guint total, gpointer user_data);
typedef struct
{
  guint n_added, n_unchanged, n_failed;
  guint n_skipped;     /* in folders: of no known kind, hidden, or beyond a limit */
  char *first_error;   /* or NULL */
  char *first_skipped; /* what and why, or NULL */
} HeddleIngestResult;
void heddle_ingest_result_free (HeddleIngestResult *result);
void heddle_knowledge_add_files_async (HeddleKnowledge *self, const char *base, const char *const *paths, HeddleKnowledgeProgress progress, gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleIngestResult *heddle_knowledge_add_files_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* mime: "text/plain", "text/markdown", "text/html"; source may be NULL. Replaces a document of the same title and source. */
void heddle_knowledge_add_text_async (HeddleKnowledge *self, const char *base, const char *title, const char *source, const char *mime, const char *text, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The document's id, 0 on failure; n_chunks may be NULL. */
gint64 heddle_knowledge_add_text_finish (HeddleKnowledge *self, GAsyncResult *result, guint *n_chunks, GError **error);

typedef enum
{
  HEDDLE_SEARCH_AUTO, /* fused when the base has vectors, else keywords; never anything less because a server fails */
  HEDDLE_SEARCH_KEYWORDS,
  HEDDLE_SEARCH_VECTORS, /* an error when the base has no vectors */
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
/* New array of HeddlePassage*, best first. */
GPtrArray *heddle_knowledge_search_finish (HeddleKnowledge *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How a search was made; valid as long as result. AUTO: keywords and vectors, fused. */
HeddleSearchMode heddle_knowledge_search_get_mode (GAsyncResult *result);

/* Told on the network context when the query begins to be embedded and when that ended (error borrowed, may be NULL). */
typedef struct
{
  void (*begin) (const char *model, gpointer user_data);
  void (*end) (gint64 input_tokens, const GError *error, gpointer user_data); /* -1: unknown */
} HeddleSearchObserver;
void heddle_knowledge_search_observed_async (HeddleKnowledge *self, const char *base, const char *query, HeddleSearchMode mode, guint limit, const HeddleSearchObserver *observer, gpointer observer_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleIngestResult, heddle_ingest_result_free)

G_END_DECLS
