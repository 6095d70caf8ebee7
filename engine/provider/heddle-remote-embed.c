/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-remote-private.h"

#include "heddle-error.h"
#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define BATCH_TEXTS 64
#define BATCH_BYTES (64 * 1024)
#define MAX_DIMENSIONS 65536
#define MAX_REPLY_BYTES (64 * 1024 * 1024)
#define TIMEOUT_MS 120000

typedef struct
{
  HeddleHttp *http;
  HeddleEndpoint *endpoint; /* with the credential: each batch needs it */
  const HeddleAdapter *adapter;
  char *model;
  char **texts;
  guint n_texts;
  guint next;        /* first text not yet embedded */
  guint batch;       /* how many are under way */
  guint batch_limit; /* halved when a server finds a batch too large */
  HeddleEmbeddings *embeddings;
} Embedding;

static void
embedding_free (gpointer data)
{
  Embedding *self = data;

  heddle_http_unref (self->http);
  heddle_endpoint_free (self->endpoint);
  g_free (self->model);
  g_strfreev (self->texts);
  heddle_embeddings_free (self->embeddings);
  g_free (self);
}

static guint
choose_batch (Embedding *self)
{
  gsize size = 0;
  guint n_texts = 0;

  while (self->next + n_texts < self->n_texts && n_texts < self->batch_limit)
    {
      size += strlen (self->texts[self->next + n_texts]);
      if (n_texts > 0 && size > BATCH_BYTES)
        break;
      n_texts++;
    }
  return n_texts;
}

/* Servers refuse an empty text; a blank one has a vector like any other. */
static GBytes *
create_body (Embedding *self)
{
  g_autofree const char **batch = g_new0 (const char *, self->batch);

  for (guint i = 0; i < self->batch; i++)
    {
      const char *text = self->texts[self->next + i];

      batch[i] = *text == '\0' ? " " : text;
    }
  return heddle_wire_to_bytes (self->adapter->create_embed (self->model, batch, self->batch));
}

static GError *
nonsense_error (Embedding *self,
                const char *what)
{
  return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The embeddings of %s cannot be used: %s"), self->endpoint->host, what);
}

static gboolean
set_dimensions (Embedding *self,
                guint dimensions,
                GError **error)
{
  HeddleEmbeddings *embeddings = self->embeddings;

  if (dimensions == 0 || dimensions > MAX_DIMENSIONS)
    {
      g_propagate_error (error, nonsense_error (self, _ ("a vector is empty or far too long.")));
      return FALSE;
    }
  if (embeddings->dimensions == 0)
    {
      embeddings->dimensions = dimensions;
      embeddings->n_vectors = self->n_texts;
      embeddings->values = g_new0 (float, (gsize) self->n_texts *dimensions);
    }
  if (embeddings->dimensions == dimensions)
    return TRUE;
  g_propagate_error (error, nonsense_error (self, _ ("the vectors differ in length.")));
  return FALSE;
}

static gboolean
read_vector (Embedding *self,
             JsonArray *numbers,
             guint index,
             GError **error)
{
  guint dimensions = numbers == NULL ? 0 : json_array_get_length (numbers);
  double sum = 0;
  float *vector;

  if (!set_dimensions (self, dimensions, error))
    return FALSE;
  vector = self->embeddings->values + (gsize) index * dimensions;
  for (guint i = 0; i < dimensions; i++)
    {
      JsonNode *number = json_array_get_element (numbers, i);

      vector[i] = heddle_json_is_number (number) ? (float) json_node_get_double (number) : 0;
      sum += (double) vector[i] * vector[i];
    }
  if (sum <= 0 || !isfinite (sum))
    {
      g_propagate_error (error, nonsense_error (self, _ ("a vector is all zero.")));
      return FALSE;
    }
  for (guint i = 0; i < dimensions; i++)
    vector[i] = (float) (vector[i] / sqrt (sum));
  return TRUE;
}

/* Where a vector says to which text it belongs, that counts, else its place. */
static gboolean
read_batch (Embedding *self,
            JsonNode *body,
            GError **error)
{
  JsonArray *data = heddle_json_get_array (body, self->adapter->embed_array);
  g_autofree gboolean *seen = g_new0 (gboolean, self->batch);

  if (data == NULL || json_array_get_length (data) != self->batch)
    {
      g_propagate_error (error, nonsense_error (self, _ ("there is not one for each text.")));
      return FALSE;
    }
  for (guint i = 0; i < self->batch; i++)
    {
      JsonNode *item = json_array_get_element (data, i);
      gint64 index = i;
      JsonArray *numbers = self->adapter->get_vector (item, &index);

      if (index < 0 || index >= self->batch || seen[index])
        {
          g_propagate_error (error, nonsense_error (self, _ ("two belong to the same text.")));
          return FALSE;
        }
      seen[index] = TRUE;
      if (!read_vector (self, numbers, self->next + index, error))
        return FALSE;
    }
  self->embeddings->input_tokens += MAX (self->adapter->get_embed_tokens (body), 0);
  return TRUE;
}

/* Recursive: one batch after the other. */
static void send_batch (GTask *task);

static gboolean
should_halve (Embedding *self,
              guint status)
{
  return self->batch > 1 && (status == 400 || status == 413);
}

static gboolean
take_batch (Embedding *self,
            const HeddleHttpResponse *response,
            GError **error)
{
  g_autoptr (JsonNode) body = NULL;
  GError *problem = heddle_remote_error_from_response (response, self->endpoint, self->model);

  if (problem != NULL && should_halve (self, response->status))
    {
      g_error_free (problem);
      self->batch_limit = self->batch / 2;
      return TRUE;
    }
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  body = heddle_remote_parse_body (response);
  if (!heddle_json_is_null (heddle_json_member (body, "error")))
    {
      g_propagate_error (error, heddle_http_error_from_json (body, 0, self->endpoint->host));
      return FALSE;
    }
  if (!read_batch (self, body, error))
    return FALSE;
  self->next += self->batch;
  return TRUE;
}

static void
sent_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Embedding *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (HeddleHttpResponse) response = heddle_http_send_finish (self->http, result, &error);

  if (response == NULL || !take_batch (self, response, &error))
    g_task_return_error (task, error);
  else
    send_batch (task);
}

static void
send_batch (GTask *task)
{
  Embedding *self = g_task_get_task_data (task);
  g_autofree char *path = self->adapter->dup_embed_path (self->model);
  g_autofree char *url = heddle_adapter_dup_url (self->adapter, self->endpoint->base_url, path);
  g_autoptr (GBytes) body = NULL;
  HeddleHttpHeader headers[HEDDLE_REMOTE_MAX_HEADERS];
  HeddleHttpRequest message = {
    .method = "POST",
    .url = url,
    .headers = headers,
    .content_type = "application/json",
    .timeout_ms = TIMEOUT_MS,
    .max_bytes = MAX_REPLY_BYTES,
  };

  self->batch = choose_batch (self);
  if (self->batch == 0)
    {
      g_task_return_pointer (task, g_steal_pointer (&self->embeddings), (GDestroyNotify) heddle_embeddings_free);
      return;
    }
  message.body = body = create_body (self);
  heddle_remote_set_headers (headers, self->endpoint, self->adapter, "application/json");
  heddle_http_send_async (self->http, &message, g_task_get_cancellable (task), sent_cb, g_object_ref (task));
}

void
heddle_remote_embed_async (HeddleHttp *http,
                           const HeddleEndpoint *endpoint,
                           const char *model,
                           const char *const *texts,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Embedding *self = g_new0 (Embedding, 1);

  g_task_set_source_tag (task, heddle_remote_embed_async);
  self->http = heddle_http_ref (http);
  self->endpoint = heddle_endpoint_copy_public (endpoint);
  self->endpoint->header_name = g_strdup (endpoint->header_name);
  self->endpoint->header_value = g_strdup (endpoint->header_value);
  self->adapter = heddle_adapter_find (endpoint->kind);
  self->model = g_strdup (model);
  self->texts = g_strdupv ((char **) texts);
  self->n_texts = g_strv_length (self->texts);
  self->batch_limit = BATCH_TEXTS;
  self->embeddings = g_new0 (HeddleEmbeddings, 1);
  g_task_set_task_data (task, self, embedding_free);
  if (self->adapter->dup_embed_path != NULL)
    send_batch (task);
  else
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                             _ ("%s has no embeddings. Choose an embedding model of another provider."), self->adapter->title);
}

HeddleEmbeddings *
heddle_remote_embed_finish (GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
