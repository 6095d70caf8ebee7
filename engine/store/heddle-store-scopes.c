/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

typedef struct
{
  char *run;
  char *scope;
} ScopeQuery;

static void
scope_query_free (ScopeQuery *query)
{
  g_free (query->run);
  g_free (query->scope);
  g_free (query);
}

static gpointer
load_scope (HeddleStoreThread *thread,
            gpointer data,
            GError **error)
{
  const ScopeQuery *query = data;
  g_autoptr (HeddleStoredRun) found = g_new0 (HeddleStoredRun, 1);
  gint64 run = heddle_store_find_run (thread, query->run, found, error);

  return run != 0 ? heddle_store_read_scope (thread, run, query->scope, error) : NULL;
}

GPtrArray *
heddle_store_load_scope (HeddleStore *self,
                         const char *run,
                         const char *scope,
                         GError **error)
{
  ScopeQuery query = { (char *) run, (char *) scope };

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);
  g_return_val_if_fail (run != NULL && scope != NULL, NULL);

  return heddle_store_thread_call (self->thread, load_scope, &query, error);
}

void
heddle_store_load_scope_async (HeddleStore *self,
                               const char *run,
                               const char *scope,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  ScopeQuery *query;
  GTask *task;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (run != NULL && scope != NULL);

  query = g_new (ScopeQuery, 1);
  query->run = g_strdup (run);
  query->scope = g_strdup (scope);
  task = heddle_store_new_task (self, cancellable, callback, user_data, heddle_store_load_scope_async, query, (GDestroyNotify) scope_query_free);
  heddle_store_thread_call_task (self->thread, load_scope, task, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
heddle_store_load_scope_finish (HeddleStore *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
