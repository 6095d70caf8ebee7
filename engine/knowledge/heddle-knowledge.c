/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-knowledge-private.h"

#include "heddle-error.h"
#include "secret/heddle-secrets.h"

#include <glib/gi18n-lib.h>

#define N_INGEST_THREADS 3

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleKnowledge, heddle_knowledge, G_TYPE_OBJECT)

typedef struct
{
  GTask *task;
  HeddleKnowledgeFunc func;
} Work;

static void
work_thread (gpointer data,
             gpointer user_data)
{
  g_autofree Work *work = data;
  g_autoptr (GTask) task = work->task;
  HeddleKnowledge *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (heddle_knowledge_is_open (self, &error))
    work->func (self, task);
  else
    g_task_return_error (task, error);
}

gboolean
heddle_knowledge_is_open (HeddleKnowledge *self,
                          GError **error)
{
  if (!g_atomic_int_get (&self->closing))
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("Heddle is closing."));
  return FALSE;
}

void
heddle_knowledge_push (HeddleKnowledge *self,
                       HeddleWorkKind kind,
                       GTask *task,
                       HeddleKnowledgeFunc func)
{
  GThreadPool *pool = kind == HEDDLE_WORK_QUERY ? self->queries : self->ingests;
  Work *work = g_new0 (Work, 1);

  g_assert (HEDDLE_IS_KNOWLEDGE (self));

  work->task = task;
  work->func = func;
  if (pool != NULL)
    g_thread_pool_push (pool, work, NULL);
  else
    work_thread (work, NULL);
}

static gboolean
emit_changed_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

void
heddle_knowledge_emit_changed (HeddleKnowledge *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_assert (HEDDLE_IS_KNOWLEDGE (self));

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, emit_changed_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

static void
free_pool (GThreadPool **pool,
           gboolean wait)
{
  GThreadPool *idle = g_steal_pointer (pool);

  if (idle != NULL)
    g_thread_pool_free (idle, FALSE, wait);
}

void
heddle_knowledge_shutdown (HeddleKnowledge *self)
{
  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self));

  g_atomic_int_set (&self->closing, TRUE);
  free_pool (&self->queries, TRUE);
  free_pool (&self->ingests, TRUE);
}

static void
heddle_knowledge_finalize (GObject *object)
{
  HeddleKnowledge *self = HEDDLE_KNOWLEDGE (object);

  /* Both are idle: whatever they had to do held a reference. This may be one of their threads. */
  free_pool (&self->queries, FALSE);
  free_pool (&self->ingests, FALSE);
  g_clear_pointer (&self->store, heddle_knowledge_store_free);
  heddle_knowledge_set_network (self, NULL, NULL);
  g_clear_object (&self->models);
  g_clear_object (&self->secrets);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->store_lock);
  g_mutex_clear (&self->network_lock);

  G_OBJECT_CLASS (heddle_knowledge_parent_class)->finalize (object);
}

static void
heddle_knowledge_class_init (HeddleKnowledgeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_knowledge_finalize;

  signals[CHANGED] = g_signal_new ("changed", HEDDLE_TYPE_KNOWLEDGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_knowledge_init (HeddleKnowledge *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->queries = g_thread_pool_new (work_thread, NULL, 1, FALSE, NULL);
  self->ingests = g_thread_pool_new (work_thread, NULL, N_INGEST_THREADS, FALSE, NULL);
  g_mutex_init (&self->store_lock);
  g_mutex_init (&self->network_lock);
}

HeddleKnowledge *
heddle_knowledge_new (const char *path,
                      HeddleModels *models,
                      GError **error)
{
  HeddleKnowledgeStore *store;
  HeddleKnowledge *self;

  g_return_val_if_fail (path != NULL, NULL);

  store = heddle_knowledge_store_new_sqlite (path, error);
  if (store == NULL)
    return NULL;
  self = g_object_new (HEDDLE_TYPE_KNOWLEDGE, NULL);
  self->store = store;
  self->models = models != NULL ? g_object_ref (models) : NULL;
  return self;
}

void
heddle_knowledge_set_secrets (HeddleKnowledge *self,
                              HeddleSecrets *secrets)
{
  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self));

  g_set_object (&self->secrets, secrets);
}

GMainContext *
heddle_knowledge_ref_network (HeddleKnowledge *self)
{
  GMainContext *context;

  g_mutex_lock (&self->network_lock);
  context = self->network != NULL ? g_main_context_ref (self->network) : NULL;
  g_mutex_unlock (&self->network_lock);
  return context;
}

HeddleHttp *
heddle_knowledge_ref_http (HeddleKnowledge *self)
{
  HeddleHttp *http;

  g_mutex_lock (&self->network_lock);
  http = self->http != NULL ? heddle_http_ref (self->http) : NULL;
  g_mutex_unlock (&self->network_lock);
  return http;
}

HeddleVectorServer *
heddle_knowledge_dup_server (HeddleKnowledge *self,
                             const char *base)
{
  HeddleVectorServer *server;

  g_mutex_lock (&self->store_lock);
  server = self->store->klass->dup_server (self->store, base);
  g_mutex_unlock (&self->store_lock);
  return server;
}

void
heddle_knowledge_set_network (HeddleKnowledge *self,
                              GMainContext *context,
                              HeddleHttp *http)
{
  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self));
  g_return_if_fail (context != NULL || http == NULL);

  g_mutex_lock (&self->network_lock);
  g_clear_pointer (&self->network, g_main_context_unref);
  g_clear_pointer (&self->http, heddle_http_unref);
  self->network = context != NULL ? g_main_context_ref (context) : NULL;
  self->http = http != NULL ? heddle_http_ref (http) : NULL;
  g_mutex_unlock (&self->network_lock);
}
