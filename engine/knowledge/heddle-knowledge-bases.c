/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-knowledge-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"

#define MAX_NAME_BYTES 200

/* What the calls of this file are about; each uses some of it. */
typedef struct
{
  char *name;
  char *description;
  char *model;
  HeddleVectorServer *server; /* or NULL */
  gint64 document;
} Target;

static void
target_free (gpointer data)
{
  Target *target = data;

  g_free (target->name);
  g_free (target->description);
  g_free (target->model);
  heddle_vector_server_free (target->server);
  g_free (target);
}

static GTask *
target_task_new (HeddleKnowledge *self,
                 const char *name,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Target *target = g_new0 (Target, 1);

  target->name = g_strdup (name);
  g_task_set_task_data (task, target, target_free);
  return task;
}

static void
return_array (GTask *task,
              GPtrArray *array,
              GError *error)
{
  if (array != NULL)
    g_task_return_pointer (task, array, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
return_change (HeddleKnowledge *self,
               GTask *task,
               gboolean ok,
               GError *error)
{
  if (ok)
    heddle_knowledge_emit_changed (self);
  if (ok && error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
list_thread (HeddleKnowledge *self,
             GTask *task)
{
  Target *target = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *infos;

  g_mutex_lock (&self->store_lock);
  infos = self->store->klass->list_collections (self->store, target->name, &error);
  g_mutex_unlock (&self->store_lock);
  return_array (task, infos, error);
}

void
heddle_knowledge_list_async (HeddleKnowledge *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self));

  task = target_task_new (self, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_list_async);
  heddle_knowledge_push (self, HEDDLE_WORK_QUERY, task, list_thread);
}

GPtrArray *
heddle_knowledge_list_finish (HeddleKnowledge *self,
                              GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What a server has of a base is of no use once the base has another model or is gone. */
static gboolean
drop_from_server (HeddleKnowledge *self,
                  const HeddleVectorServer *server,
                  GError **error)
{
  if (server == NULL || heddle_qdrant_drop_collection (self, server, NULL, error))
    return TRUE;
  g_prefix_error (error, _ ("The collection “%s” on the vector server could not be deleted: "), server->collection);
  return FALSE;
}

static gboolean
has_model (HeddleKnowledge *self,
           const char *base,
           const char *model)
{
  g_autofree char *current = NULL;
  gboolean has_vectors;

  g_mutex_lock (&self->store_lock);
  current = self->store->klass->dup_model (self->store, base, &has_vectors, NULL);
  g_mutex_unlock (&self->store_lock);
  return g_strcmp0 (current, model) == 0;
}

static void
set_base_thread (HeddleKnowledge *self,
                 GTask *task)
{
  Target *target = g_task_get_task_data (task);
  g_autoptr (HeddleVectorServer) server = has_model (self, target->name, target->model) ? NULL : heddle_knowledge_dup_server (self, target->name);
  GError *error = NULL;
  gboolean ok;

  g_mutex_lock (&self->store_lock);
  ok = self->store->klass->ensure_collection (self->store, target->name, target->description, target->model, &error);
  g_mutex_unlock (&self->store_lock);
  if (ok && drop_from_server (self, server, &error) && target->model != NULL)
    heddle_knowledge_embed_pending (self, target->name, NULL, NULL, g_task_get_cancellable (task), &error);
  return_change (self, task, ok, error);
}

/* Empty model means none, as an empty entry does. */
static gboolean
check_base (HeddleKnowledge *self,
            const char *name,
            const char *model,
            GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (name));

  if (*trimmed == '\0' || strlen (name) > MAX_NAME_BYTES || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("A knowledge base needs a name of at most 200 letters. Type one."));
      return FALSE;
    }
  return model == NULL || self->models == NULL || heddle_models_check_reference (self->models, model, error);
}

void
heddle_knowledge_set_base_async (HeddleKnowledge *self,
                                 const char *name,
                                 const char *description,
                                 const char *embedding_model,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  const char *model = embedding_model != NULL && *embedding_model != '\0' ? embedding_model : NULL;
  GError *error = NULL;
  GTask *task;
  Target *target;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self) && name != NULL);

  task = target_task_new (self, name, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_set_base_async);
  target = g_task_get_task_data (task);
  target->description = g_strdup (description);
  target->model = g_strdup (model);
  if (check_base (self, name, model, &error))
    {
      heddle_knowledge_push (self, HEDDLE_WORK_INGEST, task, set_base_thread);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

gboolean
heddle_knowledge_set_base_finish (HeddleKnowledge *self,
                                  GAsyncResult *result,
                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
is_same (const HeddleVectorServer *a,
         const HeddleVectorServer *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strcmp0 (a->url, b->url) == 0 && g_strcmp0 (a->credential, b->credential) == 0;
}

static void
set_server_thread (HeddleKnowledge *self,
                   GTask *task)
{
  Target *target = g_task_get_task_data (task);
  g_autoptr (HeddleVectorServer) old = heddle_knowledge_dup_server (self, target->name);
  GError *error = NULL;
  gboolean ok = TRUE;

  if (!is_same (old, target->server))
    {
      g_mutex_lock (&self->store_lock);
      ok = self->store->klass->set_server (self->store, target->name, target->server, &error);
      g_mutex_unlock (&self->store_lock);
      if (ok)
        drop_from_server (self, old, &error);
    }
  if (error == NULL)
    heddle_knowledge_embed_pending (self, target->name, NULL, NULL, g_task_get_cancellable (task), &error);
  return_change (self, task, ok, error);
}

/* Named so that a person finds it on the server, and so that no two are the same. */
static char *
make_collection_name (const char *base)
{
  g_autofree char *ascii = g_str_to_ascii (base, "C");
  g_autofree char *slug = g_strcanon (g_ascii_strdown (ascii, 40), "abcdefghijklmnopqrstuvwxyz0123456789-", '-');

  return g_strdup_printf ("heddle-%s-%08x", slug, g_random_int ());
}

static HeddleVectorServer *
create_server (const char *base,
               const char *url,
               const char *credential,
               GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  HeddleVectorServer *server;

  if (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Write the address of the Qdrant server as http://host:6333 or https://host."));
      return NULL;
    }
  server = g_new0 (HeddleVectorServer, 1);
  server->url = g_strdup (url);
  while (g_str_has_suffix (server->url, "/"))
    server->url[strlen (server->url) - 1] = '\0';
  server->credential = credential != NULL && *credential != '\0' ? g_strdup (credential) : NULL;
  server->collection = make_collection_name (base);
  return server;
}

void
heddle_knowledge_set_server_async (HeddleKnowledge *self,
                                   const char *name,
                                   const char *url,
                                   const char *credential,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Target *target;
  GError *error = NULL;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self) && name != NULL);

  task = target_task_new (self, name, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_set_server_async);
  target = g_task_get_task_data (task);
  if (url != NULL && *url != '\0')
    target->server = create_server (name, url, credential, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    heddle_knowledge_push (self, HEDDLE_WORK_INGEST, g_object_ref (task), set_server_thread);
}

gboolean
heddle_knowledge_set_server_finish (HeddleKnowledge *self,
                                    GAsyncResult *result,
                                    GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
delete_base_thread (HeddleKnowledge *self,
                    GTask *task)
{
  Target *target = g_task_get_task_data (task);
  g_autoptr (HeddleVectorServer) server = heddle_knowledge_dup_server (self, target->name);
  GError *error = NULL;
  gboolean ok;

  g_mutex_lock (&self->store_lock);
  ok = self->store->klass->drop_collection (self->store, target->name, &error);
  g_mutex_unlock (&self->store_lock);
  if (ok)
    drop_from_server (self, server, &error);
  return_change (self, task, ok, error);
}

void
heddle_knowledge_delete_base_async (HeddleKnowledge *self,
                                    const char *name,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self) && name != NULL);

  task = target_task_new (self, name, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_delete_base_async);
  heddle_knowledge_push (self, HEDDLE_WORK_INGEST, task, delete_base_thread);
}

gboolean
heddle_knowledge_delete_base_finish (HeddleKnowledge *self,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
list_documents_thread (HeddleKnowledge *self,
                       GTask *task)
{
  Target *target = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *documents;

  g_mutex_lock (&self->store_lock);
  documents = self->store->klass->scroll (self->store, target->name, &error);
  g_mutex_unlock (&self->store_lock);
  return_array (task, documents, error);
}

void
heddle_knowledge_list_documents_async (HeddleKnowledge *self,
                                       const char *base,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self) && base != NULL);

  task = target_task_new (self, base, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_list_documents_async);
  heddle_knowledge_push (self, HEDDLE_WORK_QUERY, task, list_documents_thread);
}

GPtrArray *
heddle_knowledge_list_documents_finish (HeddleKnowledge *self,
                                        GAsyncResult *result,
                                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
delete_document_thread (HeddleKnowledge *self,
                        GTask *task)
{
  Target *target = g_task_get_task_data (task);
  g_autoptr (HeddleVectorServer) server = heddle_knowledge_dup_server (self, target->name);
  GError *error = NULL;
  gboolean ok;

  /* The server first: what it still had would take places in searches. */
  ok = server == NULL || heddle_qdrant_delete_document (self, server, target->document, NULL, &error);
  g_mutex_lock (&self->store_lock);
  ok = ok && self->store->klass->remove (self->store, target->name, target->document, &error);
  g_mutex_unlock (&self->store_lock);
  return_change (self, task, ok, error);
}

void
heddle_knowledge_delete_document_async (HeddleKnowledge *self,
                                        const char *base,
                                        gint64 document,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self) && base != NULL);

  task = target_task_new (self, base, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_delete_document_async);
  ((Target *) g_task_get_task_data (task))->document = document;
  heddle_knowledge_push (self, HEDDLE_WORK_INGEST, task, delete_document_thread);
}

gboolean
heddle_knowledge_delete_document_finish (HeddleKnowledge *self,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
