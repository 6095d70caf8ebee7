/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-keyword-query.h"
#include "memory/heddle-memory-rows.h"

/* Names, aliases and kind of an entity. */
static gboolean
append_entity (HeddleDatabase *database,
               GString *words,
               gint64 entity,
               GError **error)
{
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error,
                                           "SELECT name FROM memory_names WHERE entity = ?1 UNION ALL SELECT kind FROM memory_entities WHERE id = ?1",
                                           "i", entity);

  while (stmt != NULL && heddle_database_step (database, stmt, &local))
    g_string_append_printf (words, " %s", heddle_memory_column_text (stmt, 0));
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return stmt != NULL && local == NULL;
}

static gboolean
insert_words (HeddleDatabase *database,
              gint64 fact,
              gint64 graph,
              const char *body,
              GError **error)
{
  g_autofree char *scope = g_strdup_printf ("g%" G_GINT64_FORMAT, graph);

  return heddle_memory_execute (database, error, "INSERT INTO memory_words (rowid, scope, body) VALUES (?1, ?2, ?3)", "itt", fact, scope, body);
}

gboolean
heddle_memory_unindex_fact (HeddleDatabase *database,
                            gint64 fact,
                            GError **error)
{
  return heddle_memory_execute (database, error, "DELETE FROM memory_words WHERE rowid = ?1", "i", fact);
}

gboolean
heddle_memory_index_fact (HeddleDatabase *database,
                          gint64 fact,
                          GError **error)
{
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GError) local = NULL;
  gint64 graph = 0, subject = 0, object = 0;
  sqlite3_stmt *stmt;

  if (!heddle_memory_unindex_fact (database, fact, error))
    return FALSE;
  stmt = heddle_memory_bind (database, error, "SELECT graph, subject, object, predicate, text FROM memory_facts WHERE id = ?1 AND is_active", "i", fact);
  if (stmt == NULL)
    return FALSE;
  if (heddle_database_step (database, stmt, &local))
    {
      graph = sqlite3_column_int64 (stmt, 0);
      subject = sqlite3_column_int64 (stmt, 1);
      object = sqlite3_column_int64 (stmt, 2);
      g_string_append_printf (words, "%s %s", heddle_memory_column_text (stmt, 3), heddle_memory_column_text (stmt, 4));
    }
  sqlite3_reset (stmt);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return graph == 0 || (append_entity (database, words, subject, error) && append_entity (database, words, object, error) &&
                        insert_words (database, fact, graph, words->str, error));
}

gboolean
heddle_memory_index_entity (HeddleDatabase *database,
                            gint64 entity,
                            GError **error)
{
  g_autoptr (GArray) facts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error, "SELECT id FROM memory_facts WHERE subject = ?1 OR object = ?1", "i", entity);

  while (stmt != NULL && heddle_database_step (database, stmt, &local))
    {
      gint64 fact = sqlite3_column_int64 (stmt, 0);

      g_array_append_val (facts, fact);
    }
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (stmt != NULL)
    {
      gboolean ok = TRUE;

      for (guint i = 0; ok && i < facts->len; i++)
        ok = heddle_memory_index_fact (database, g_array_index (facts, gint64, i), error);
      return ok;
    }
  return FALSE;
}

char *
heddle_memory_build_query (gint64 graph,
                           const char *text)
{
  g_autofree char *words = heddle_keyword_query_build (text);

  return words == NULL ? NULL : g_strdup_printf ("scope : g%" G_GINT64_FORMAT " AND body : (%s)", graph, words);
}
