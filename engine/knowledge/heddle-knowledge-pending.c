/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-knowledge-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"

#define BATCH_SIZE 32
#define MAX_ATTEMPTS 4
#define FIRST_DELAY_MS 500
#define MAX_DELAY_MS 60000
/* A model that refuses even this much is not refusing for its length. */
#define MIN_TEXT_BYTES 200

/* Lets a thread wait for a request made on the network context. */
typedef struct
{
  GMutex lock;
  GCond ended;
  gboolean has_ended;
  HeddleEmbeddings *embeddings;
  GError *error;
} Waiter;

static void
ended_cb (HeddleEmbeddings *embeddings,
          GError *error,
          gpointer data)
{
  Waiter *waiter = data;

  g_mutex_lock (&waiter->lock);
  waiter->embeddings = embeddings;
  waiter->error = error;
  waiter->has_ended = TRUE;
  g_cond_signal (&waiter->ended);
  g_mutex_unlock (&waiter->lock);
}

static HeddleEmbeddings *
embed_once (HeddleKnowledge *self,
            const HeddleEmbedRequest *request,
            GCancellable *cancellable,
            GError **error)
{
  Waiter waiter = { 0 };

  g_mutex_init (&waiter.lock);
  g_cond_init (&waiter.ended);
  heddle_knowledge_embed (self, request, cancellable, ended_cb, &waiter);
  g_mutex_lock (&waiter.lock);
  while (!waiter.has_ended)
    g_cond_wait (&waiter.ended, &waiter.lock);
  g_mutex_unlock (&waiter.lock);
  g_mutex_clear (&waiter.lock);
  g_cond_clear (&waiter.ended);
  if (waiter.error != NULL)
    g_propagate_error (error, waiter.error);
  return waiter.embeddings;
}

/* What the server asks for wins over our own guess. */
static gint64
get_delay (const GError *error,
           guint attempt)
{
  HeddleErrorDetail *detail = heddle_error_detail (error);
  gint64 delay = detail != NULL && detail->retry_after >= 0 ? detail->retry_after : FIRST_DELAY_MS << attempt;

  return MIN (delay, MAX_DELAY_MS);
}

static void
wait_cancellable (gint64 milliseconds,
                  GCancellable *cancellable)
{
  GPollFD fd;

  if (cancellable == NULL || !g_cancellable_make_pollfd (cancellable, &fd))
    {
      g_usleep (milliseconds * 1000);
      return;
    }
  g_poll (&fd, 1, milliseconds);
  g_cancellable_release_fd (cancellable);
}

static HeddleEmbeddings *
embed_with_retries (HeddleKnowledge *self,
                    const HeddleEmbedRequest *request,
                    GCancellable *cancellable,
                    GError **error)
{
  for (guint attempt = 0;; attempt++)
    {
      g_autoptr (GError) local = NULL;
      HeddleEmbeddings *embeddings = embed_once (self, request, cancellable, &local);

      if (embeddings != NULL)
        return embeddings;
      if (attempt + 1 == MAX_ATTEMPTS || !heddle_error_is_retryable (local))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      wait_cancellable (get_delay (local, attempt), cancellable);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
    }
}

/* One batch of passages and what they are embedded as. */
typedef struct
{
  HeddleKnowledge *self;
  const char *base;
  const char *model;
  const HeddleVectorServer *server; /* or NULL */
  gint64 *chunks;
  gint64 *documents;
  char **texts; /* NULL-terminated */
} Batch;

/* The server has them before the store says so. */
static gboolean
send_vectors (const Batch *batch,
              guint first,
              const HeddleEmbeddings *embeddings,
              GCancellable *cancellable,
              GError **error)
{
  const HeddleQdrantPoints points = {
    .chunks = batch->chunks + first,
    .documents = batch->documents + first,
    .texts = (const char *const *) batch->texts + first,
    .values = embeddings->values,
    .n = embeddings->n_vectors,
    .dimensions = embeddings->dimensions,
  };

  return heddle_qdrant_ensure_collection (batch->self, batch->server, embeddings->dimensions, cancellable, error) &&
         heddle_qdrant_upsert (batch->self, batch->server, &points, cancellable, error);
}

static gboolean
store_vectors (const Batch *batch,
               guint first,
               const HeddleEmbeddings *embeddings,
               GCancellable *cancellable,
               GError **error)
{
  const HeddleStoredVectors vectors = {
    .model = batch->model,
    .chunks = batch->chunks + first,
    .values = batch->server == NULL ? embeddings->values : NULL,
    .n = embeddings->n_vectors,
    .dimensions = embeddings->dimensions,
  };
  HeddleKnowledge *self = batch->self;
  gboolean ok;

  if (batch->server != NULL && !send_vectors (batch, first, embeddings, cancellable, error))
    return FALSE;
  g_mutex_lock (&self->store_lock);
  ok = self->store->klass->set_vectors (self->store, batch->base, &vectors, error);
  g_mutex_unlock (&self->store_lock);
  return ok;
}

/* Our count of tokens is an estimate: what is too long after all is cut in half until it fits. */
static gboolean
shorten (char *text)
{
  gsize length = strlen (text);
  const char *middle;

  if (length < MIN_TEXT_BYTES)
    return FALSE;
  middle = g_utf8_find_prev_char (text, text + length / 2);
  text[middle - text] = '\0';
  return TRUE;
}

/* Recursive: halves a batch that is too long until it finds the passage that is. */
static gboolean
embed_range (Batch *batch,
             guint first,
             guint n,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char **texts = g_new0 (char *, n + 1);
  const HeddleEmbedRequest request = { .model = batch->model, .texts = (const char *const *) texts };
  g_autoptr (HeddleEmbeddings) embeddings = NULL;
  g_autoptr (GError) local = NULL;

  memcpy (texts, batch->texts + first, n * sizeof (char *));
  embeddings = embed_with_retries (batch->self, &request, cancellable, &local);
  if (embeddings != NULL)
    return store_vectors (batch, first, embeddings, cancellable, error);
  if (g_error_matches (local, HEDDLE_ERROR, HEDDLE_ERROR_CONTEXT_LENGTH))
    {
      if (n > 1)
        return embed_range (batch, first, n / 2, cancellable, error) &&
               embed_range (batch, first + n / 2, n - n / 2, cancellable, error);
      if (shorten (batch->texts[first]))
        return embed_range (batch, first, n, cancellable, error);
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
embed_chunks (HeddleKnowledge *self,
              const char *base,
              const char *model,
              const HeddleVectorServer *server,
              GPtrArray *pending,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree gint64 *chunks = g_new (gint64, pending->len);
  g_autofree gint64 *documents = g_new (gint64, pending->len);
  g_auto (GStrv) texts = g_new0 (char *, pending->len + 1);
  Batch batch = { self, base, model, server, chunks, documents, texts };

  for (guint i = 0; i < pending->len; i++)
    {
      HeddlePendingChunk *chunk = g_ptr_array_index (pending, i);

      chunks[i] = chunk->chunk;
      documents[i] = chunk->document;
      texts[i] = heddle_knowledge_dup_embedding_text (chunk->text, G_MAXSIZE);
    }
  return embed_range (&batch, 0, pending->len, cancellable, error);
}

static GPtrArray *
list_pending (HeddleKnowledge *self,
              const char *base,
              gint64 after,
              GError **error)
{
  GPtrArray *pending;

  g_mutex_lock (&self->store_lock);
  pending = self->store->klass->list_pending (self->store, base, after, BATCH_SIZE, error);
  g_mutex_unlock (&self->store_lock);
  return pending;
}

/* The model of the base, and how many of its passages lack a vector. */
static char *
dup_model (HeddleKnowledge *self,
           const char *base,
           guint *n_pending,
           GError **error)
{
  gboolean has_vectors;
  char *model;

  g_mutex_lock (&self->store_lock);
  model = self->store->klass->dup_model (self->store, base, &has_vectors, error);
  *n_pending = model != NULL ? self->store->klass->count_pending (self->store, base, NULL) : 0;
  g_mutex_unlock (&self->store_lock);
  return model;
}

gboolean
heddle_knowledge_embed_pending (HeddleKnowledge *self,
                                const char *base,
                                HeddleEmbedProgress progress,
                                gpointer data,
                                GCancellable *cancellable,
                                GError **error)
{
  g_autoptr (GError) local = NULL;
  guint total;
  g_autofree char *model = dup_model (self, base, &total, &local);
  g_autoptr (HeddleVectorServer) server = heddle_knowledge_dup_server (self, base);
  gint64 after = 0;

  for (guint done = 0; model != NULL && local == NULL && !g_cancellable_set_error_if_cancelled (cancellable, &local);)
    {
      g_autoptr (GPtrArray) pending = list_pending (self, base, after, &local);

      if (pending == NULL || pending->len == 0)
        break;
      if (progress != NULL)
        progress (done, MAX (total, done), data);
      embed_chunks (self, base, model, server, pending, cancellable, &local);
      after = ((HeddlePendingChunk *) g_ptr_array_index (pending, pending->len - 1))->chunk;
      done += pending->len;
    }
  if (local == NULL)
    return TRUE;
  if (!heddle_error_is_cancelled (local))
    g_prefix_error (&local, "%s ", _ ("The passages could not be embedded; they are found by keywords only."));
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
