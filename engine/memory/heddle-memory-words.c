/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-keyword-query.h"
#include "memory/heddle-memory-rows.h"

/* A word in more facts than this is frequent. */
#define FREQUENT 1000

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

/* Whether so many facts have a word that it tells little: -1 with error. */
static int
is_frequent (HeddleDatabase *database,
             const char *word,
             GError **error)
{
  g_autofree char *match = g_strdup_printf ("body : %s", word);
  gint64 n_facts = heddle_memory_query_int (database, error, "SELECT count(*) FROM (SELECT 1 FROM memory_words WHERE memory_words MATCH ?1 LIMIT ?2)", "ti",
                                            match, (gint64) FREQUENT);

  return n_facts < 0 ? -1 : n_facts == FREQUENT;
}

static void
append_word (GString *words,
             const char *word)
{
  g_string_append_printf (words, "%s%s", words->len > 0 ? " OR " : "", word);
}

/* Parts the quoted words of a query. */
static gboolean
sort_words (HeddleDatabase *database,
            const char *query,
            GString *rare,
            GString *frequent,
            GError **error)
{
  g_auto (GStrv) words = g_strsplit (query, " OR ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      int much = is_frequent (database, *word, error);

      if (much < 0)
        return FALSE;
      append_word (much ? frequent : rare, *word);
    }
  return TRUE;
}

/* Facts are found by rare words alone, as weighing all of a large graph takes long; the other words count in those. */
char *
heddle_memory_build_query (HeddleDatabase *database,
                           gint64 graph,
                           const char *text,
                           GError **error)
{
  g_autofree char *words = heddle_keyword_query_build (text);
  g_autoptr (GString) rare = g_string_new (NULL);
  g_autoptr (GString) frequent = g_string_new (NULL);

  if (words == NULL)
    return g_strdup ("");
  if (!sort_words (database, words, rare, frequent, error))
    return NULL;
  if (rare->len == 0 || frequent->len == 0)
    return g_strdup_printf ("scope : g%" G_GINT64_FORMAT " AND body : (%s)", graph, words);
  return g_strdup_printf ("scope : g%" G_GINT64_FORMAT " AND body : ((%s) OR ((%s) AND (%s)))", graph, rare->str, rare->str, frequent->str);
}
