/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-knowledge-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"

/* One request, made on the network context. */
typedef struct
{
  HeddleKnowledge *self;
  HeddleHttp *http;
  char *model;
  char **texts;
  HeddleSearchObserver observer;
  gpointer observer_data;
  GCancellable *cancellable;
  HeddleEmbedDone done;
  gpointer data;
} Call;

static void
call_free (Call *call)
{
  g_object_unref (call->self);
  g_clear_pointer (&call->http, heddle_http_unref);
  g_free (call->model);
  g_strfreev (call->texts);
  g_clear_object (&call->cancellable);
  g_free (call);
}

static gboolean
check_embeddings (const Call *call,
                  const HeddleEmbeddings *embeddings,
                  GError **error)
{
  if (embeddings->n_vectors == g_strv_length (call->texts) && embeddings->dimensions > 0)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER,
                       _ ("The embedding model did not return one vector for each text. Choose another model."));
  return FALSE;
}

static void
embedded_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;
  g_autoptr (HeddleEmbeddings) embeddings = heddle_models_embed_finish (HEDDLE_MODELS (source), result, &error);

  if (embeddings != NULL && !check_embeddings (call, embeddings, &error))
    g_clear_pointer (&embeddings, heddle_embeddings_free);
  if (call->observer.end != NULL)
    call->observer.end (embeddings != NULL ? embeddings->input_tokens : -1, error, call->observer_data);
  call->done (g_steal_pointer (&embeddings), error, call->data);
  call_free (call);
}

static void
fail_without_network (Call *call)
{
  call->done (NULL,
              g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                                   _ ("No embedding model can be used here. Search by keywords instead.")),
              call->data);
  call_free (call);
}

/* On the network context, whose owner has told the HTTP client by now. */
static gboolean
send_cb (gpointer user_data)
{
  Call *call = user_data;
  HeddleKnowledge *self = call->self;

  call->http = heddle_knowledge_ref_http (self);
  if (call->http == NULL)
    {
      fail_without_network (call);
      return G_SOURCE_REMOVE;
    }
  if (call->observer.begin != NULL)
    call->observer.begin (call->model, call->observer_data);
  heddle_models_embed_async (self->models, call->http, call->model, (const char *const *) call->texts,
                             call->cancellable, embedded_cb, call);
  return G_SOURCE_REMOVE;
}

static Call *
call_new (HeddleKnowledge *self,
          const HeddleEmbedRequest *request,
          GCancellable *cancellable)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->model = g_strdup (request->model);
  call->texts = g_strdupv ((char **) request->texts);
  if (request->observer != NULL)
    call->observer = *request->observer;
  call->observer_data = request->observer_data;
  call->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  return call;
}

void
heddle_knowledge_embed (HeddleKnowledge *self,
                        const HeddleEmbedRequest *request,
                        GCancellable *cancellable,
                        HeddleEmbedDone done,
                        gpointer data)
{
  Call *call = call_new (self, request, cancellable);
  g_autoptr (GMainContext) context = self->models != NULL ? heddle_knowledge_ref_network (self) : NULL;
  g_autoptr (GSource) source = NULL;

  call->done = done;
  call->data = data;
  if (context == NULL)
    {
      fail_without_network (call);
      return;
    }
  /* Never at once, although that context may be idle: its own thread makes the request. */
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, send_cb, call, NULL);
  g_source_attach (source, context);
}

char *
heddle_knowledge_dup_embedding_text (const char *text,
                                     gsize max_characters)
{
  g_autoptr (GString) result = g_string_sized_new (strlen (text));
  gunichar last = 0;
  guint n_same = 0;

  for (const char *p = text; *p != '\0' && max_characters > 0; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      n_same = c == last ? n_same + 1 : 0;
      last = c;
      if (n_same >= 3 && !g_unichar_isalnum (c))
        continue;
      g_string_append_unichar (result, c);
      max_characters--;
    }
  return g_strdup (result->str);
}
