/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "memory/heddle-memory.h"
#include "store/heddle-database.h"

G_BEGIN_DECLS

/*
 * The rows of the tables memory_…: graphs, entities by their names, facts and the words they are found by. On the
 * thread of the connection; what changes something is called within a transaction.
 */

/* types has a letter for each parameter: i gint64, t text (NULL is one), d double. NULL with error. */
sqlite3_stmt *heddle_memory_bind (HeddleDatabase *database, GError **error, const char *sql, const char *types, ...);
/* The same, run to its end. */
gboolean heddle_memory_execute (HeddleDatabase *database, GError **error, const char *sql, const char *types, ...);
/* The first column of the first row; 0 when there is none, -1 with error. */
gint64 heddle_memory_query_int (HeddleDatabase *database, GError **error, const char *sql, const char *types, ...);
/* Never NULL. */
const char *heddle_memory_column_text (sqlite3_stmt *stmt, int column);
/* Commits when ok, else takes everything back. Returns whether it was committed. */
gboolean heddle_memory_end (HeddleDatabase *database, gboolean ok, GError **error);

/* Ids; 0 when there is none, -1 with error. */
gint64 heddle_memory_find_graph (HeddleDatabase *database, const char *name, GError **error);
gint64 heddle_memory_find_entity (HeddleDatabase *database, gint64 graph, const char *name, GError **error);
/* The same, made when there is none; -1 with error. */
gint64 heddle_memory_ensure_graph (HeddleDatabase *database, const char *name, GError **error);
gint64 heddle_memory_ensure_entity (HeddleDatabase *database, gint64 graph, const char *name, const char *kind, GError **error);
/* Another name of the entity, unless some entity has it already. */
gboolean heddle_memory_add_alias (HeddleDatabase *database, gint64 graph, gint64 entity, const char *name, GError **error);

/* Where something was learnt; excerpt may be NULL. */
typedef struct
{
  const char *action;
  const char *run;
  const char *node;
  const char *excerpt;
  gint64 time; /* µs since the epoch */
} HeddleMemoryOrigin;
gboolean heddle_memory_add_source (HeddleDatabase *database, gint64 fact, const HeddleMemoryOrigin *origin, const char *action, GError **error);
/* Makes a fact hold or not from origin's time on, with a source. */
gboolean heddle_memory_activate (HeddleDatabase *database, gint64 fact, gboolean is_active, const HeddleMemoryOrigin *origin, const char *action, GError **error);
/* With its words, sources and those of its entities that nothing else speaks of. */
gboolean heddle_memory_remove_fact (HeddleDatabase *database, gint64 fact, GError **error);

/* Brings the words of a fact in step with it. */
gboolean heddle_memory_index_fact (HeddleDatabase *database, gint64 fact, GError **error);
gboolean heddle_memory_index_entity (HeddleDatabase *database, gint64 entity, GError **error);
gboolean heddle_memory_unindex_fact (HeddleDatabase *database, gint64 fact, GError **error);
/* The query for memory_words that finds words of text in the graph; "" when text has none. NULL with error. */
char *heddle_memory_build_query (HeddleDatabase *database, gint64 graph, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The columns that heddle_memory_read_fact reads, from memory_facts f. */
#define HEDDLE_MEMORY_FACT_COLUMNS                                                                   \
  "f.id, s.name, s.kind, f.predicate, coalesce(o.name, f.text), o.kind, f.confidence, f.is_active, " \
  "f.since, f.until, f.updated, "                                                                    \
  "(SELECT run FROM memory_sources WHERE fact = f.id ORDER BY id DESC LIMIT 1), "                    \
  "(SELECT node FROM memory_sources WHERE fact = f.id ORDER BY id DESC LIMIT 1) "
#define HEDDLE_MEMORY_FACT_JOINS \
  "JOIN memory_entities s ON s.id = f.subject LEFT JOIN memory_entities o ON o.id = f.object "
HeddleMemoryFact *heddle_memory_read_fact (sqlite3_stmt *stmt) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
