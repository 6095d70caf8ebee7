/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "knowledge/heddle-knowledge-store.h"
#include "knowledge/heddle-qdrant.h"
#include "net/heddle-http.h"
#include "provider/heddle-models.h"

G_BEGIN_DECLS

struct _HeddleKnowledge
{
  GObject parent_instance;

  HeddleModels *models;   /* or NULL */
  HeddleSecrets *secrets; /* or NULL */
  GMainContext *context;  /* of the creator */
  GThreadPool *queries;   /* one thread: what takes milliseconds */
  GThreadPool *ingests;   /* a few: what takes minutes */
  int closing;            /* atomic */

  GMutex store_lock; /* held while the store works, never while anything waits */
  HeddleKnowledgeStore *store;

  GMutex network_lock;
  GMainContext *network;
  HeddleHttp *http;
};

/* Work for a thread of the knowledge's own; ends by returning from the task. */
typedef void (*HeddleKnowledgeFunc) (HeddleKnowledge *self, GTask *task);
typedef enum
{
  HEDDLE_WORK_QUERY,
  HEDDLE_WORK_INGEST,
} HeddleWorkKind;
/* Takes the task. */
void heddle_knowledge_push (HeddleKnowledge *self, HeddleWorkKind kind, GTask *task, HeddleKnowledgeFunc func);
/* What takes long asks now and then; FALSE and HEDDLE_ERROR_CANCELLED after shutdown. Any thread. */
gboolean heddle_knowledge_is_open (HeddleKnowledge *self, GError **error);
/* From any thread. */
void heddle_knowledge_emit_changed (HeddleKnowledge *self);

/* Where requests are made and with what; NULL when there is no network. The client is for the context's own thread. */
GMainContext *heddle_knowledge_ref_network (HeddleKnowledge *self) G_GNUC_WARN_UNUSED_RESULT;
HeddleHttp *heddle_knowledge_ref_http (HeddleKnowledge *self) G_GNUC_WARN_UNUSED_RESULT;
/* Where the vectors of the base are; NULL: in the store, or there is no such base. Any thread without the lock. */
HeddleVectorServer *heddle_knowledge_dup_server (HeddleKnowledge *self, const char *base) G_GNUC_WARN_UNUSED_RESULT;

/* done is called on the network context, or at once when there is none; it owns what it gets. */
typedef void (*HeddleEmbedDone) (HeddleEmbeddings *embeddings, GError *error, gpointer data);
typedef struct
{
  const char *model;
  const char *const *texts;
  const HeddleSearchObserver *observer; /* or NULL */
  gpointer observer_data;
} HeddleEmbedRequest;
void heddle_knowledge_embed (HeddleKnowledge *self, const HeddleEmbedRequest *request, GCancellable *cancellable, HeddleEmbedDone done, gpointer data);
/* Runs of the same punctuation, such as dots in a table of contents, cost a model a token each and tell it nothing. */
char *heddle_knowledge_dup_embedding_text (const char *text, gsize max_characters);
/* Embeds every passage of the base that has no vector yet. Blocks; for an ingest thread. */
typedef void (*HeddleEmbedProgress) (guint done, guint total, gpointer data);
gboolean heddle_knowledge_embed_pending (HeddleKnowledge *self, const char *base, HeddleEmbedProgress progress, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS
