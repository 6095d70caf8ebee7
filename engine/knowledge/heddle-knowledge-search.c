/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-knowledge-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "value/heddle-text.h"

/* A query is a question; of a longer text, its beginning stands for it. */
#define MAX_QUERY_CHARACTERS 1200

typedef struct
{
  char *base;
  char *query;
  HeddleSearchMode mode;
  guint limit;
  HeddleSearchObserver observer;
  gpointer observer_data;
  HeddleEmbeddings *embedding; /* of the query, once made */
  HeddleVectorServer *server;  /* that has the vectors; NULL: the store */
  GArray *server_hits;         /* what it found */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->base);
  g_free (search->query);
  heddle_embeddings_free (search->embedding);
  heddle_vector_server_free (search->server);
  g_clear_pointer (&search->server_hits, g_array_unref);
  g_free (search);
}

/* The best of each search that the mode asks for; with the lock held. */
static GArray *
find_hits (HeddleKnowledge *self,
           const Search *search,
           GError **error)
{
  const HeddleKnowledgeStoreClass *klass = self->store->klass;
  guint depth = MAX (search->limit, HEDDLE_FUSION_DEPTH);
  g_autoptr (GArray) keywords = NULL;
  g_autoptr (GArray) vectors = NULL;

  if (search->mode != HEDDLE_SEARCH_VECTORS)
    {
      keywords = klass->query_keywords (self->store, search->base, search->query, depth, error);
      if (keywords == NULL)
        return NULL;
    }
  if (search->server_hits != NULL)
    {
      vectors = g_array_ref (search->server_hits);
    }
  else if (search->embedding != NULL)
    {
      vectors = klass->query_vectors (self->store, search->base, search->embedding->values,
                                      search->embedding->dimensions, depth, error);
      if (vectors == NULL)
        return NULL;
    }
  return heddle_fuse_hits (keywords, vectors, search->limit);
}

static void
query_thread (HeddleKnowledge *self,
              GTask *task)
{
  Search *search = g_task_get_task_data (task);
  g_autoptr (GArray) hits = NULL;
  GPtrArray *passages = NULL;
  GError *error = NULL;

  g_mutex_lock (&self->store_lock);
  hits = find_hits (self, search, &error);
  if (hits != NULL)
    passages = self->store->klass->load_passages (self->store, hits, &error);
  g_mutex_unlock (&self->store_lock);
  if (passages != NULL)
    g_task_return_pointer (task, passages, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
found_cb (GArray *hits,
          GError *error,
          gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *search = g_task_get_task_data (task);

  if (hits == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  search->server_hits = hits;
  heddle_knowledge_push (g_task_get_source_object (task), HEDDLE_WORK_QUERY, g_object_ref (task), query_thread);
}

static void
embedded_cb (HeddleEmbeddings *embeddings,
             GError *error,
             gpointer data)
{
  g_autoptr (GTask) task = data;
  HeddleKnowledge *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);

  if (embeddings == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  search->embedding = embeddings;
  if (search->server != NULL)
    heddle_qdrant_query (self, search->server, embeddings->values, embeddings->dimensions, MAX (search->limit, HEDDLE_FUSION_DEPTH),
                         g_task_get_cancellable (task), found_cb, g_object_ref (task));
  else
    heddle_knowledge_push (self, HEDDLE_WORK_QUERY, g_steal_pointer (&task), query_thread);
}

/* Whether vectors take part; FALSE with error when the mode asks for what the base has not. */
static gboolean
choose_mode (Search *search,
             const char *model,
             gboolean has_vectors,
             GError **error)
{
  if (search->mode == HEDDLE_SEARCH_AUTO && (model == NULL || !has_vectors))
    search->mode = HEDDLE_SEARCH_KEYWORDS;
  if (search->mode != HEDDLE_SEARCH_VECTORS || (model != NULL && has_vectors))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               model == NULL ? _ ("The knowledge base “%s” has no embedding model. Set one, or search by keywords.")
                             : _ ("Nothing in the knowledge base “%s” is embedded yet. Add its documents again, or search by keywords."),
               search->base);
  return FALSE;
}

static char *
dup_model (HeddleKnowledge *self,
           const char *base,
           gboolean *has_vectors,
           GError **error)
{
  char *model;

  g_mutex_lock (&self->store_lock);
  model = self->store->klass->dup_model (self->store, base, has_vectors, error);
  g_mutex_unlock (&self->store_lock);
  return model;
}

static void
embed_query (HeddleKnowledge *self,
             const char *model,
             GTask *task)
{
  Search *search = g_task_get_task_data (task);
  g_autofree char *text = heddle_knowledge_dup_embedding_text (search->query, MAX_QUERY_CHARACTERS);
  const char *const texts[] = { text, NULL };
  const HeddleEmbedRequest request = {
    .model = model,
    .texts = texts,
    .observer = &search->observer,
    .observer_data = search->observer_data,
  };

  heddle_knowledge_embed (self, &request, g_task_get_cancellable (task), embedded_cb, g_object_ref (task));
}

static void
begin_thread (HeddleKnowledge *self,
              GTask *task)
{
  Search *search = g_task_get_task_data (task);
  gboolean has_vectors = FALSE;
  GError *error = NULL;
  g_autofree char *model = dup_model (self, search->base, &has_vectors, &error);

  search->server = heddle_knowledge_dup_server (self, search->base);
  if (error == NULL)
    choose_mode (search, model, has_vectors, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (search->mode == HEDDLE_SEARCH_KEYWORDS || heddle_text_is_blank (search->query))
    query_thread (self, task);
  else
    embed_query (self, model, task);
}

void
heddle_knowledge_search_observed_async (HeddleKnowledge *self,
                                        const char *base,
                                        const char *query,
                                        HeddleSearchMode mode,
                                        guint limit,
                                        const HeddleSearchObserver *observer,
                                        gpointer observer_data,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  GTask *task;
  Search *search;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self) && base != NULL && query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_search_async);
  search = g_new0 (Search, 1);
  search->base = g_strdup (base);
  search->query = g_utf8_make_valid (query, -1);
  search->mode = mode;
  search->limit = limit;
  if (observer != NULL)
    search->observer = *observer;
  search->observer_data = observer_data;
  g_task_set_task_data (task, search, search_free);
  heddle_knowledge_push (self, HEDDLE_WORK_QUERY, task, begin_thread);
}

void
heddle_knowledge_search_async (HeddleKnowledge *self,
                               const char *base,
                               const char *query,
                               HeddleSearchMode mode,
                               guint limit,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  heddle_knowledge_search_observed_async (self, base, query, mode, limit, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
heddle_knowledge_search_finish (HeddleKnowledge *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

HeddleSearchMode
heddle_knowledge_search_get_mode (GAsyncResult *result)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, heddle_knowledge_search_async), HEDDLE_SEARCH_AUTO);

  return ((Search *) g_task_get_task_data (G_TASK (result)))->mode;
}
