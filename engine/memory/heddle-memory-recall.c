/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-recall.h"

#include <math.h>

#include "memory/heddle-memory-text.h"

#define MAX_HITS 48
/* Entities whose other facts are looked at, and how many of each. */
#define MAX_SEEDS 12
#define MAX_NEIGHBOURS 12
#define MAX_RECENT 8
/* Of a graph, in all. */
#define MAX_FACTS 120
/* Words of a query; the rest of a document is passed over. */
#define MAX_QUERY_CHARS 4000

/* What counts beside relevance, which is 1 for the best hit: a neighbour of it has this much, certainty and age so much. */
#define NEIGHBOUR_WEIGHT 0.4
#define CONFIDENCE_WEIGHT 0.25
#define RECENCY_WEIGHT 0.15
#define HALF_LIFE_US (30.0 * 24 * 3600 * G_USEC_PER_SEC)

/* Relevance of facts and of the entities in them. */
typedef struct
{
  HeddleDatabase *database;
  GHashTable *facts;    /* gint64* → double* */
  GHashTable *entities; /* gint64* → double* */
} Search;

static void
search_clear (Search *search)
{
  g_hash_table_unref (search->facts);
  g_hash_table_unref (search->entities);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static GHashTable *
scores_new (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

static void
raise_score (GHashTable *scores,
             gint64 id,
             double score)
{
  double *known = g_hash_table_lookup (scores, &id);

  if (id == 0 || (known != NULL && *known >= score))
    return;
  g_hash_table_replace (scores, g_memdup2 (&id, sizeof id), g_memdup2 (&score, sizeof score));
}

static gboolean
find_hits (Search *search,
           gint64 graph,
           const char *query,
           GError **error)
{
  g_autofree char *match = heddle_memory_build_query (search->database, graph, query, error);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt;
  double best = 0;

  if (match == NULL || *match == '\0')
    return match != NULL;
  stmt = heddle_memory_bind (search->database, error,
                             "SELECT f.id, f.subject, f.object, h.score FROM (SELECT rowid AS id, bm25 (memory_words, 0, 1) AS score "
                             "FROM memory_words WHERE memory_words MATCH ?1 ORDER BY score LIMIT ?2) h JOIN memory_facts f ON f.id = h.id ORDER BY h.score",
                             "ti", match, (gint64) MAX_HITS);
  while (stmt != NULL && heddle_database_step (search->database, stmt, &local))
    {
      /* Words that every fact has count nothing, or less. */
      double bm25 = MAX (-sqlite3_column_double (stmt, 3), 1e-9);

      best = best > 0 ? best : bm25;
      raise_score (search->facts, sqlite3_column_int64 (stmt, 0), bm25 / best);
      raise_score (search->entities, sqlite3_column_int64 (stmt, 1), bm25 / best);
      raise_score (search->entities, sqlite3_column_int64 (stmt, 2), bm25 / best);
    }
  if (local == NULL)
    return stmt != NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

typedef struct
{
  gint64 id;
  double score;
} Scored;

static int
compare_scored (gconstpointer a,
                gconstpointer b)
{
  const Scored *first = a;
  const Scored *second = b;

  if (first->score != second->score)
    return first->score > second->score ? -1 : 1;
  /* What was learnt last, so that the order is always the same. */
  return first->id > second->id ? -1 : first->id < second->id;
}

static GArray *
list_scored (GHashTable *scores)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Scored));
  GHashTableIter iter;
  gpointer id, score;

  g_hash_table_iter_init (&iter, scores);
  while (g_hash_table_iter_next (&iter, &id, &score))
    {
      Scored scored = { *(gint64 *) id, *(double *) score };

      g_array_append_val (list, scored);
    }
  g_array_sort (list, compare_scored);
  return list;
}

static gboolean
add_ids (Search *search,
         sqlite3_stmt *stmt,
         double score,
         GError **error)
{
  g_autoptr (GError) local = NULL;

  while (stmt != NULL && heddle_database_step (search->database, stmt, &local))
    raise_score (search->facts, sqlite3_column_int64 (stmt, 0), score);
  if (local == NULL)
    return stmt != NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
find_neighbours (Search *search,
                 GError **error)
{
  g_autoptr (GArray) seeds = list_scored (search->entities);

  for (guint i = 0; i < MIN (seeds->len, MAX_SEEDS); i++)
    {
      const Scored *seed = &g_array_index (seeds, Scored, i);
      sqlite3_stmt *stmt = heddle_memory_bind (search->database, error,
                                               "SELECT id FROM (SELECT id, updated FROM memory_facts WHERE subject = ?1 AND is_active UNION "
                                               "SELECT id, updated FROM memory_facts WHERE object = ?1 AND is_active) ORDER BY updated DESC LIMIT ?2",
                                               "ii", seed->id, (gint64) MAX_NEIGHBOURS);

      if (!add_ids (search, stmt, seed->score * NEIGHBOUR_WEIGHT, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_recent (Search *search,
             gint64 graph,
             GError **error)
{
  sqlite3_stmt *stmt = heddle_memory_bind (search->database, error,
                                           "SELECT id FROM (SELECT id, confidence FROM memory_facts WHERE graph = ?1 AND is_active ORDER BY updated DESC LIMIT 50) "
                                           "ORDER BY confidence DESC LIMIT ?2",
                                           "ii", graph, (gint64) MAX_RECENT);

  return add_ids (search, stmt, 0, error);
}

static HeddleMemoryFact *
load_fact (Search *search,
           gint64 id,
           GError **error)
{
  sqlite3_stmt *stmt = heddle_memory_bind (search->database, error,
                                           "SELECT " HEDDLE_MEMORY_FACT_COLUMNS "FROM memory_facts f " HEDDLE_MEMORY_FACT_JOINS "WHERE f.id = ?1", "i", id);
  HeddleMemoryFact *fact = NULL;

  if (stmt != NULL && heddle_database_step (search->database, stmt, error))
    fact = heddle_memory_read_fact (stmt);
  if (stmt != NULL)
    sqlite3_reset (stmt);
  return fact;
}

static double
weigh (const HeddleMemoryFact *fact,
       double relevance,
       gint64 now)
{
  double age = MAX (now - fact->updated, 0);

  return relevance + CONFIDENCE_WEIGHT * fact->confidence + RECENCY_WEIGHT * exp2 (-age / HALF_LIFE_US);
}

/* Consumes facts: the same in order of their weights. */
static GPtrArray *
sort_facts (GPtrArray *facts,
            GArray *weights)
{
  GPtrArray *sorted = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_memory_fact_free);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < facts->len; i++)
    {
      HeddleMemoryFact *fact = g_ptr_array_index (facts, i);

      g_hash_table_insert (by_id, &fact->id, fact);
    }
  g_array_sort (weights, compare_scored);
  for (guint i = 0; i < weights->len; i++)
    g_ptr_array_add (sorted, g_hash_table_lookup (by_id, &g_array_index (weights, Scored, i).id));
  g_ptr_array_set_free_func (facts, NULL);
  g_ptr_array_unref (facts);
  return sorted;
}

static GPtrArray *
load_best (Search *search,
           GError **error)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_memory_fact_free);
  g_autoptr (GArray) relevant = list_scored (search->facts);
  g_autoptr (GArray) weights = g_array_new (FALSE, FALSE, sizeof (Scored));
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < MIN (relevant->len, MAX_FACTS); i++)
    {
      const Scored *scored = &g_array_index (relevant, Scored, i);
      HeddleMemoryFact *fact = load_fact (search, scored->id, error);
      Scored weighed;

      if (fact == NULL)
        {
          g_ptr_array_unref (facts);
          return NULL;
        }
      weighed = (Scored){ fact->id, weigh (fact, scored->score, now) };
      g_array_append_val (weights, weighed);
      g_ptr_array_add (facts, fact);
    }
  return sort_facts (facts, weights);
}

GPtrArray *
heddle_memory_rank (HeddleDatabase *database,
                    gint64 graph,
                    const char *query,
                    gboolean or_recent,
                    GError **error)
{
  g_auto (Search) search = { database, scores_new (), scores_new () };
  g_autofree char *line = heddle_memory_dup_line (query, MAX_QUERY_CHARS);

  if (!find_hits (&search, graph, line, error) || !find_neighbours (&search, error))
    return NULL;
  if (or_recent && g_hash_table_size (search.facts) == 0 && !find_recent (&search, graph, error))
    return NULL;
  return load_best (&search, error);
}

static void
add_name (GPtrArray *names,
          const char *name)
{
  if (name != NULL && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

/* The node's own, those that are named, and those that are lent to it. */
static GPtrArray *
list_graphs (HeddleDatabase *database,
             const char *const *graphs,
             GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt;

  for (guint i = 0; graphs[i] != NULL; i++)
    add_name (names, graphs[i]);
  if (names->len == 0)
    return g_steal_pointer (&names);
  stmt = heddle_memory_bind (database, error,
                             "SELECT g.name FROM memory_shares s JOIN memory_graphs g ON g.id = s.graph WHERE s.borrower = ?1 ORDER BY s.writes DESC, g.name",
                             "t", graphs[0]);
  while (stmt != NULL && heddle_database_step (database, stmt, &local))
    add_name (names, heddle_memory_column_text (stmt, 0));
  if (local == NULL)
    return stmt != NULL ? g_steal_pointer (&names) : NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static gboolean
append_graph (HeddleDatabase *database,
              const char *name,
              const char *query,
              GPtrArray *facts,
              GError **error)
{
  gint64 graph = heddle_memory_find_graph (database, name, error);
  g_autoptr (GPtrArray) found = NULL;

  if (graph <= 0)
    return graph == 0;
  found = heddle_memory_rank (database, graph, query, TRUE, error);
  if (found == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (facts, g_steal_pointer (&found));
  return TRUE;
}

char *
heddle_memory_recall (HeddleDatabase *database,
                      const char *const *graphs,
                      const char *query,
                      gsize max_chars,
                      GError **error)
{
  g_autoptr (GPtrArray) names = list_graphs (database, graphs, error);
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_memory_fact_free);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      if (!append_graph (database, g_ptr_array_index (names, i), query, facts, error))
        return NULL;
    }
  return names != NULL ? heddle_memory_render (facts, max_chars) : NULL;
}

char *
heddle_memory_dup_target (HeddleDatabase *database,
                          const char *graph,
                          GError **error)
{
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = heddle_memory_bind (database, error,
                                           "SELECT g.name FROM memory_shares s JOIN memory_graphs g ON g.id = s.graph WHERE s.borrower = ?1 AND s.writes",
                                           "t", graph);
  char *target = NULL;

  if (stmt == NULL)
    return NULL;
  if (heddle_database_step (database, stmt, &local))
    target = g_strdup (heddle_memory_column_text (stmt, 0));
  sqlite3_reset (stmt);
  if (local == NULL)
    return target != NULL ? target : g_strdup (graph);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
