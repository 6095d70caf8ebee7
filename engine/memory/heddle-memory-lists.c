/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "memory/heddle-memory-recall.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

typedef struct
{
  char *graph;
  char *query; /* or NULL */
  guint limit;
  gint64 fact;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->graph);
  g_free (request->query);
  g_free (request);
}

/* Makes something of each row; the array owns it. */
static GPtrArray *
read_all (HeddleDatabase *database,
          sqlite3_stmt *stmt,
          gpointer (*read) (sqlite3_stmt *stmt),
          GDestroyNotify free_item,
          GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (GError) local = NULL;

  while (stmt != NULL && heddle_database_step (database, stmt, &local))
    g_ptr_array_add (items, read (stmt));
  if (local == NULL)
    return stmt != NULL ? g_steal_pointer (&items) : NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static void
call_list (HeddleMemory *self,
           gpointer tag,
           Request request,
           HeddleMemoryWork work,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_memdup2 (&request, sizeof request), request_free);
  heddle_memory_call (self, task, work, (GDestroyNotify) g_ptr_array_unref, FALSE);
}

static GPtrArray *
list_finish (HeddleMemory *self,
             GAsyncResult *result,
             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A graph that has nothing but lessons is one too. */
static gpointer
read_graph (sqlite3_stmt *stmt)
{
  HeddleMemoryGraphInfo *info = g_new0 (HeddleMemoryGraphInfo, 1);

  info->name = g_strdup (heddle_memory_column_text (stmt, 0));
  info->n_entities = sqlite3_column_int64 (stmt, 1);
  info->n_facts = sqlite3_column_int64 (stmt, 2);
  info->n_revoked = sqlite3_column_int64 (stmt, 3);
  info->n_waiting = sqlite3_column_int64 (stmt, 4);
  info->n_failed = sqlite3_column_int64 (stmt, 5);
  info->error = g_strdup ((const char *) sqlite3_column_text (stmt, 6));
  info->updated = sqlite3_column_int64 (stmt, 7);
  return info;
}

static void
add_usage (HeddleMemoryGraphInfo *info,
           const char *text)
{
  g_autoptr (JsonNode) json = heddle_json_parse (text, -1, NULL);
  HeddleUsage usage = json != NULL ? heddle_usage_from_json (json) : HEDDLE_USAGE_UNKNOWN;

  info->input_tokens += MAX (heddle_usage_get_input (&usage), 0);
  info->output_tokens += MAX (heddle_usage_get_output (&usage), 0);
  info->cost += MAX (usage.cost, 0);
  info->has_unpriced |= usage.cost < 0;
}

static gboolean
sum_usage (HeddleDatabase *database,
           HeddleMemoryGraphInfo *info,
           GError **error)
{
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error, "SELECT usage FROM memory_lessons WHERE graph = ?1 AND usage IS NOT NULL", "t", info->name);

  while (stmt != NULL && heddle_database_step (database, stmt, &local))
    add_usage (info, heddle_memory_column_text (stmt, 0));
  if (local == NULL)
    return stmt != NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gpointer
list_work (HeddleDatabase *database,
           gpointer request,
           GError **error)
{
  sqlite3_stmt *stmt = heddle_memory_bind (database, error,
                                           "SELECT n.name, (SELECT count(*) FROM memory_entities WHERE graph = g.id), "
                                           "(SELECT count(*) FROM memory_facts WHERE graph = g.id AND is_active), "
                                           "(SELECT count(*) FROM memory_facts WHERE graph = g.id AND NOT is_active), "
                                           "(SELECT count(*) FROM memory_lessons WHERE graph = n.name AND state = 'waiting'), "
                                           "(SELECT count(*) FROM memory_lessons WHERE graph = n.name AND state = 'failed'), "
                                           "(SELECT error FROM memory_lessons WHERE graph = n.name ORDER BY id DESC LIMIT 1), "
                                           "coalesce((SELECT max(updated) FROM memory_facts WHERE graph = g.id), g.created) "
                                           "FROM (SELECT name FROM memory_graphs UNION SELECT graph FROM memory_lessons WHERE state != 'done') n "
                                           "LEFT JOIN memory_graphs g ON g.name = n.name ORDER BY n.name",
                                           "");
  g_autoptr (GPtrArray) infos = read_all (database, stmt, read_graph, (GDestroyNotify) heddle_memory_graph_info_free, error);

  for (guint i = 0; infos != NULL && i < infos->len; i++)
    {
      if (!sum_usage (database, g_ptr_array_index (infos, i), error))
        return NULL;
    }
  return g_steal_pointer (&infos);
}

void
heddle_memory_list_async (HeddleMemory *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));

  call_list (self, heddle_memory_list_async, (Request){ 0 }, list_work, cancellable, callback, user_data);
}

GPtrArray *
heddle_memory_list_finish (HeddleMemory *self,
                           GAsyncResult *result,
                           GError **error)
{
  return list_finish (self, result, error);
}

static gpointer
read_fact (sqlite3_stmt *stmt)
{
  return heddle_memory_read_fact (stmt);
}

static GPtrArray *
list_all (HeddleDatabase *database,
          gint64 graph,
          guint limit,
          GError **error)
{
  sqlite3_stmt *stmt = heddle_memory_bind (database, error,
                                           "SELECT " HEDDLE_MEMORY_FACT_COLUMNS "FROM memory_facts f " HEDDLE_MEMORY_FACT_JOINS
                                           "WHERE f.graph = ?1 ORDER BY f.is_active DESC, f.updated DESC, f.id DESC LIMIT ?2",
                                           "ii", graph, limit > 0 ? (gint64) limit : -1);

  return read_all (database, stmt, read_fact, (GDestroyNotify) heddle_memory_fact_free, error);
}

/* Revoked facts have no words in the index; they are looked through. */
static GPtrArray *
list_revoked (HeddleDatabase *database,
              const Request *request,
              gint64 graph,
              GError **error)
{
  sqlite3_stmt *stmt = heddle_memory_bind (database, error,
                                           "SELECT " HEDDLE_MEMORY_FACT_COLUMNS "FROM memory_facts f " HEDDLE_MEMORY_FACT_JOINS
                                           "WHERE f.graph = ?1 AND NOT f.is_active AND instr(lower(s.name || ' ' || f.predicate || ' ' || f.text), lower(?2)) "
                                           "ORDER BY f.updated DESC LIMIT 100",
                                           "it", graph, request->query);

  return read_all (database, stmt, read_fact, (GDestroyNotify) heddle_memory_fact_free, error);
}

static GPtrArray *
search_facts (HeddleDatabase *database,
              const Request *request,
              gint64 graph,
              GError **error)
{
  GPtrArray *found = heddle_memory_rank (database, graph, request->query, FALSE, error);
  GPtrArray *revoked = found != NULL ? list_revoked (database, request, graph, error) : NULL;

  if (revoked == NULL)
    {
      g_clear_pointer (&found, g_ptr_array_unref);
      return NULL;
    }
  g_ptr_array_extend_and_steal (found, revoked);
  if (request->limit > 0 && found->len > request->limit)
    g_ptr_array_remove_range (found, request->limit, found->len - request->limit);
  return found;
}

static gpointer
list_facts_work (HeddleDatabase *database,
                 gpointer data,
                 GError **error)
{
  const Request *request = data;
  gint64 graph = heddle_memory_find_graph (database, request->graph, error);

  if (graph < 0)
    return NULL;
  if (graph == 0)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                   _ ("Nothing is remembered under “%s”. “heddle memory list” shows what there is."), request->graph);
      return NULL;
    }
  return heddle_text_is_blank (request->query) ? list_all (database, graph, request->limit, error)
                                               : search_facts (database, request, graph, error);
}

void
heddle_memory_list_facts_async (HeddleMemory *self,
                                const char *graph,
                                const char *query,
                                guint limit,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graph != NULL);

  call_list (self, heddle_memory_list_facts_async, (Request){ g_strdup (graph), g_strdup (query), limit, 0 }, list_facts_work,
             cancellable, callback, user_data);
}

GPtrArray *
heddle_memory_list_facts_finish (HeddleMemory *self,
                                 GAsyncResult *result,
                                 GError **error)
{
  return list_finish (self, result, error);
}

static gpointer
read_source (sqlite3_stmt *stmt)
{
  HeddleMemorySource *source = g_new0 (HeddleMemorySource, 1);

  source->action = g_strdup (heddle_memory_column_text (stmt, 0));
  source->run = g_strdup (heddle_memory_column_text (stmt, 1));
  source->node = g_strdup (heddle_memory_column_text (stmt, 2));
  source->excerpt = g_strdup (heddle_memory_column_text (stmt, 3));
  source->time = sqlite3_column_int64 (stmt, 4);
  return source;
}

static gpointer
list_sources_work (HeddleDatabase *database,
                   gpointer data,
                   GError **error)
{
  const Request *request = data;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error, "SELECT action, run, node, excerpt, time FROM memory_sources WHERE fact = ?1 ORDER BY id", "i", request->fact);

  return read_all (database, stmt, read_source, (GDestroyNotify) heddle_memory_source_free, error);
}

void
heddle_memory_list_sources_async (HeddleMemory *self,
                                  gint64 fact,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));

  call_list (self, heddle_memory_list_sources_async, (Request){ .fact = fact }, list_sources_work, cancellable, callback, user_data);
}

GPtrArray *
heddle_memory_list_sources_finish (HeddleMemory *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  return list_finish (self, result, error);
}

static gpointer
read_share (sqlite3_stmt *stmt)
{
  HeddleMemoryShare *share = g_new0 (HeddleMemoryShare, 1);

  share->graph = g_strdup (heddle_memory_column_text (stmt, 0));
  share->borrower = g_strdup (heddle_memory_column_text (stmt, 1));
  share->writes = sqlite3_column_int (stmt, 2) != 0;
  return share;
}

static gpointer
list_shares_work (HeddleDatabase *database,
                  gpointer data,
                  GError **error)
{
  const Request *request = data;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error,
                                           "SELECT g.name, s.borrower, s.writes FROM memory_shares s JOIN memory_graphs g ON g.id = s.graph WHERE g.name = ?1 ORDER BY s.borrower",
                                           "t", request->graph);

  return read_all (database, stmt, read_share, (GDestroyNotify) heddle_memory_share_free, error);
}

void
heddle_memory_list_shares_async (HeddleMemory *self,
                                 const char *graph,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graph != NULL);

  call_list (self, heddle_memory_list_shares_async, (Request){ .graph = g_strdup (graph) }, list_shares_work, cancellable, callback, user_data);
}

GPtrArray *
heddle_memory_list_shares_finish (HeddleMemory *self,
                                  GAsyncResult *result,
                                  GError **error)
{
  return list_finish (self, result, error);
}
