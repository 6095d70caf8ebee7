/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-private.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"
#include "memory/heddle-memory-merge.h"
#include "value/heddle-json.h"

#define FORMAT "heddle-memory"
#define VERSION 1

typedef struct
{
  char *graph;
  JsonNode *exported; /* NULL: to be made */
} Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  g_free (exchange->graph);
  g_clear_pointer (&exchange->exported, json_node_unref);
  g_free (exchange);
}

static GTask *
exchange_task_new (HeddleMemory *self,
                   const char *graph,
                   JsonNode *exported,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->graph = g_strdup (graph);
  exchange->exported = exported != NULL ? json_node_ref (exported) : NULL;
  g_task_set_task_data (task, exchange, exchange_free);
  return task;
}

static JsonObject *
source_to_json (sqlite3_stmt *stmt)
{
  static const char *const members[] = { "action", "run", "node", "excerpt" };
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    json_object_set_string_member (object, members[i], heddle_memory_column_text (stmt, i));
  json_object_set_int_member (object, "time", sqlite3_column_int64 (stmt, 4));
  return object;
}

static JsonArray *
sources_to_json (HeddleDatabase *database,
                 gint64 fact,
                 GError **error)
{
  g_autoptr (JsonArray) sources = json_array_new ();
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error, "SELECT action, run, node, excerpt, time FROM memory_sources WHERE fact = ?1 ORDER BY id", "i", fact);

  while (stmt != NULL && heddle_database_step (database, stmt, &local))
    json_array_add_object_element (sources, source_to_json (stmt));
  if (local == NULL)
    return stmt != NULL ? g_steal_pointer (&sources) : NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static JsonObject *
fact_to_json (const HeddleMemoryFact *fact)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "subject", fact->subject);
  json_object_set_string_member (object, "subject_kind", fact->subject_kind);
  json_object_set_string_member (object, "predicate", fact->predicate);
  json_object_set_string_member (object, "object", fact->object);
  if (fact->object_kind != NULL)
    json_object_set_string_member (object, "object_kind", fact->object_kind);
  json_object_set_double_member (object, "confidence", fact->confidence);
  json_object_set_boolean_member (object, "active", fact->is_active);
  json_object_set_int_member (object, "since", fact->since);
  if (fact->until != 0)
    json_object_set_int_member (object, "until", fact->until);
  json_object_set_int_member (object, "updated", fact->updated);
  return object;
}

static GPtrArray *
load_facts (HeddleDatabase *database,
            gint64 graph,
            GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_memory_fact_free);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error,
                                           "SELECT " HEDDLE_MEMORY_FACT_COLUMNS "FROM memory_facts f " HEDDLE_MEMORY_FACT_JOINS
                                           "WHERE f.graph = ?1 ORDER BY f.id",
                                           "i", graph);

  while (stmt != NULL && heddle_database_step (database, stmt, &local))
    g_ptr_array_add (facts, heddle_memory_read_fact (stmt));
  if (local == NULL)
    return stmt != NULL ? g_steal_pointer (&facts) : NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static JsonArray *
facts_to_json (HeddleDatabase *database,
               gint64 graph,
               GError **error)
{
  g_autoptr (GPtrArray) facts = load_facts (database, graph, error);
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; facts != NULL && i < facts->len; i++)
    {
      const HeddleMemoryFact *fact = g_ptr_array_index (facts, i);
      JsonArray *sources = sources_to_json (database, fact->id, error);
      JsonObject *object;

      if (sources == NULL)
        return NULL;
      object = fact_to_json (fact);
      json_object_set_array_member (object, "sources", sources);
      json_array_add_object_element (array, object);
    }
  return facts != NULL ? g_steal_pointer (&array) : NULL;
}

static gpointer
export_work (HeddleDatabase *database,
             gpointer data,
             GError **error)
{
  const Exchange *exchange = data;
  gint64 graph = heddle_memory_find_graph (database, exchange->graph, error);
  JsonArray *facts;
  JsonObject *object;

  if (graph == 0)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
                 _ ("Nothing is remembered under “%s”. “heddle memory list” shows what there is."), exchange->graph);
  facts = graph > 0 ? facts_to_json (database, graph, error) : NULL;
  if (facts == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "format", FORMAT);
  json_object_set_int_member (object, "version", VERSION);
  json_object_set_string_member (object, "graph", exchange->graph);
  json_object_set_array_member (object, "facts", facts);
  return heddle_json_object (object);
}

void
heddle_memory_export_async (HeddleMemory *self,
                            const char *graph,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graph != NULL);

  task = exchange_task_new (self, graph, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_memory_export_async);
  heddle_memory_call (self, task, export_work, (GDestroyNotify) json_node_unref, FALSE);
}

JsonNode *
heddle_memory_export_finish (HeddleMemory *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* With the last of its sources. What no longer held when it was exported is left out. */
static gboolean
import_fact (HeddleDatabase *database,
             const char *graph,
             JsonNode *fact,
             GError **error)
{
  g_autoptr (HeddleMemoryExtraction) extraction = heddle_memory_extraction_new ();
  const char *subject = heddle_json_get_string (fact, "subject", "");
  const char *object = heddle_json_get_string (fact, "object", "");
  JsonArray *sources = heddle_json_get_array (fact, "sources");
  JsonNode *source = sources != NULL && json_array_get_length (sources) > 0 ? json_array_get_element (sources, json_array_get_length (sources) - 1) : NULL;
  const HeddleMemoryOrigin origin = {
    "imported",
    heddle_json_get_string (source, "run", ""),
    heddle_json_get_string (source, "node", ""),
    heddle_json_get_string (source, "excerpt", ""),
    g_get_real_time (),
  };

  if (!heddle_json_get_boolean (fact, "active", TRUE))
    return TRUE;
  if (*heddle_json_get_string (fact, "subject_kind", "") != '\0')
    heddle_memory_extraction_add_entity (extraction, subject, heddle_json_get_string (fact, "subject_kind", ""));
  if (heddle_json_member (fact, "object_kind") != NULL)
    heddle_memory_extraction_add_entity (extraction, object, heddle_json_get_string (fact, "object_kind", ""));
  heddle_memory_extraction_add (extraction, subject, heddle_json_get_string (fact, "predicate", ""), object,
                                heddle_json_get_double (fact, "confidence", 0.5), FALSE);
  return heddle_memory_merge (database, graph, extraction, &origin, error) >= 0;
}

static gpointer
import_work (HeddleDatabase *database,
             gpointer data,
             GError **error)
{
  const Exchange *exchange = data;
  JsonArray *facts = heddle_json_get_array (exchange->exported, "facts");
  gboolean ok;

  if (g_strcmp0 (heddle_json_get_string (exchange->exported, "format", NULL), FORMAT) != 0 || facts == NULL)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This is no exported memory. Choose a file that Heddle exported from the memory page."));
      return NULL;
    }
  ok = heddle_memory_ensure_graph (database, exchange->graph, error) > 0;
  for (guint i = 0; ok && i < json_array_get_length (facts); i++)
    ok = import_fact (database, exchange->graph, json_array_get_element (facts, i), error);
  return GINT_TO_POINTER (ok);
}

void
heddle_memory_import_async (HeddleMemory *self,
                            const char *graph,
                            JsonNode *exported,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graph != NULL && exported != NULL);

  task = exchange_task_new (self, graph, exported, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_memory_import_async);
  heddle_memory_call (self, task, import_work, NULL, TRUE);
}
