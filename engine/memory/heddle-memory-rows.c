/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-rows.h"

#include "memory/heddle-memory-text.h"

static void
bind_all (sqlite3_stmt *stmt,
          const char *types,
          va_list args)
{
  for (int i = 1; *types != '\0'; types++, i++)
    {
      if (*types == 'i')
        sqlite3_bind_int64 (stmt, i, va_arg (args, gint64));
      else if (*types == 'd')
        sqlite3_bind_double (stmt, i, va_arg (args, double));
      else if (*types == 't')
        sqlite3_bind_text (stmt, i, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
    }
}

static sqlite3_stmt *
bind_list (HeddleDatabase *database,
           GError **error,
           const char *sql,
           const char *types,
           va_list args)
{
  sqlite3_stmt *stmt = heddle_database_prepare (database, sql, error);

  if (stmt != NULL)
    bind_all (stmt, types, args);
  return stmt;
}

sqlite3_stmt *
heddle_memory_bind (HeddleDatabase *database,
                    GError **error,
                    const char *sql,
                    const char *types,
                    ...)
{
  sqlite3_stmt *stmt;
  va_list args;

  va_start (args, types);
  stmt = bind_list (database, error, sql, types, args);
  va_end (args);
  return stmt;
}

gboolean
heddle_memory_execute (HeddleDatabase *database,
                       GError **error,
                       const char *sql,
                       const char *types,
                       ...)
{
  sqlite3_stmt *stmt;
  va_list args;

  va_start (args, types);
  stmt = bind_list (database, error, sql, types, args);
  va_end (args);
  return stmt != NULL && heddle_database_run (database, stmt, error);
}

gint64
heddle_memory_query_int (HeddleDatabase *database,
                         GError **error,
                         const char *sql,
                         const char *types,
                         ...)
{
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt;
  gint64 value = 0;
  va_list args;

  va_start (args, types);
  stmt = bind_list (database, error, sql, types, args);
  va_end (args);
  if (stmt == NULL)
    return -1;
  if (heddle_database_step (database, stmt, &local))
    value = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  if (local == NULL)
    return value;
  g_propagate_error (error, g_steal_pointer (&local));
  return -1;
}

const char *
heddle_memory_column_text (sqlite3_stmt *stmt,
                           int column)
{
  const char *text = (const char *) sqlite3_column_text (stmt, column);

  return text != NULL ? text : "";
}

gboolean
heddle_memory_end (HeddleDatabase *database,
                   gboolean ok,
                   GError **error)
{
  if (ok && heddle_database_commit (database, error))
    return TRUE;
  heddle_database_rollback (database);
  return FALSE;
}

gint64
heddle_memory_find_graph (HeddleDatabase *database,
                          const char *name,
                          GError **error)
{
  return heddle_memory_query_int (database, error, "SELECT id FROM memory_graphs WHERE name = ?1", "t", name);
}

gint64
heddle_memory_ensure_graph (HeddleDatabase *database,
                            const char *name,
                            GError **error)
{
  gint64 id = heddle_memory_find_graph (database, name, error);

  if (id != 0)
    return id;
  if (!heddle_memory_execute (database, error, "INSERT INTO memory_graphs (name, created) VALUES (?1, ?2)", "ti",
                              name, g_get_real_time ()))
    return -1;
  return sqlite3_last_insert_rowid (heddle_database_get_handle (database));
}

gint64
heddle_memory_find_entity (HeddleDatabase *database,
                           gint64 graph,
                           const char *name,
                           GError **error)
{
  g_autofree char *key = heddle_memory_dup_key (name);

  return heddle_memory_query_int (database, error, "SELECT entity FROM memory_names WHERE graph = ?1 AND key = ?2", "it", graph, key);
}

gboolean
heddle_memory_add_alias (HeddleDatabase *database,
                         gint64 graph,
                         gint64 entity,
                         const char *name,
                         GError **error)
{
  g_autofree char *key = heddle_memory_dup_key (name);

  return *key == '\0' ||
         heddle_memory_execute (database, error, "INSERT OR IGNORE INTO memory_names (graph, key, entity, name) VALUES (?1, ?2, ?3, ?4)",
                                "itit", graph, key, entity, name);
}

/* What kind an entity is may become known later; what is known stays. */
static gboolean
learn_kind (HeddleDatabase *database,
            gint64 entity,
            const char *kind,
            GError **error)
{
  return *kind == '\0' ||
         heddle_memory_execute (database, error, "UPDATE memory_entities SET kind = ?1 WHERE id = ?2 AND kind = ''", "ti", kind, entity);
}

gint64
heddle_memory_ensure_entity (HeddleDatabase *database,
                             gint64 graph,
                             const char *name,
                             const char *kind,
                             GError **error)
{
  gint64 id = heddle_memory_find_entity (database, graph, name, error);

  if (id < 0)
    return -1;
  if (id > 0)
    return learn_kind (database, id, kind, error) ? id : -1;
  if (!heddle_memory_execute (database, error, "INSERT INTO memory_entities (graph, name, kind, created) VALUES (?1, ?2, ?3, ?4)",
                              "itti", graph, name, kind, g_get_real_time ()))
    return -1;
  id = sqlite3_last_insert_rowid (heddle_database_get_handle (database));
  return heddle_memory_add_alias (database, graph, id, name, error) ? id : -1;
}

gboolean
heddle_memory_add_source (HeddleDatabase *database,
                          gint64 fact,
                          const HeddleMemoryOrigin *origin,
                          const char *action,
                          GError **error)
{
  return heddle_memory_execute (database, error,
                                "INSERT INTO memory_sources (fact, action, run, node, excerpt, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                "itttti", fact, action, origin->run, origin->node, origin->excerpt != NULL ? origin->excerpt : "", origin->time);
}

gboolean
heddle_memory_activate (HeddleDatabase *database,
                        gint64 fact,
                        gboolean is_active,
                        const HeddleMemoryOrigin *origin,
                        const char *action,
                        GError **error)
{
  const char *sql = is_active ? "UPDATE memory_facts SET is_active = 1, until = NULL, updated = ?1 WHERE id = ?2"
                              : "UPDATE memory_facts SET is_active = 0, until = ?1, updated = ?1 WHERE id = ?2";

  return heddle_memory_execute (database, error, sql, "ii", origin->time, fact) &&
         heddle_memory_add_source (database, fact, origin, action, error) &&
         heddle_memory_index_fact (database, fact, error);
}

/* Those that no fact is about. */
static gboolean
drop_orphan (HeddleDatabase *database,
             gint64 entity,
             GError **error)
{
  return heddle_memory_execute (database, error,
                                "DELETE FROM memory_entities WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM memory_facts WHERE subject = ?1) "
                                "AND NOT EXISTS (SELECT 1 FROM memory_facts WHERE object = ?1)",
                                "i", entity);
}

gboolean
heddle_memory_remove_fact (HeddleDatabase *database,
                           gint64 fact,
                           GError **error)
{
  gint64 subject = heddle_memory_query_int (database, error, "SELECT subject FROM memory_facts WHERE id = ?1", "i", fact);
  gint64 object = subject < 0 ? -1 : heddle_memory_query_int (database, error, "SELECT object FROM memory_facts WHERE id = ?1", "i", fact);

  return object >= 0 && heddle_memory_unindex_fact (database, fact, error) &&
         heddle_memory_execute (database, error, "DELETE FROM memory_facts WHERE id = ?1", "i", fact) &&
         drop_orphan (database, subject, error) && drop_orphan (database, object, error);
}

HeddleMemoryFact *
heddle_memory_read_fact (sqlite3_stmt *stmt)
{
  HeddleMemoryFact *fact = g_new0 (HeddleMemoryFact, 1);

  fact->id = sqlite3_column_int64 (stmt, 0);
  fact->subject = g_strdup (heddle_memory_column_text (stmt, 1));
  fact->subject_kind = g_strdup (heddle_memory_column_text (stmt, 2));
  fact->predicate = g_strdup (heddle_memory_column_text (stmt, 3));
  fact->object = g_strdup (heddle_memory_column_text (stmt, 4));
  fact->object_kind = g_strdup ((const char *) sqlite3_column_text (stmt, 5));
  fact->confidence = sqlite3_column_double (stmt, 6);
  fact->is_active = sqlite3_column_int (stmt, 7) != 0;
  fact->since = sqlite3_column_int64 (stmt, 8);
  fact->until = sqlite3_column_int64 (stmt, 9);
  fact->updated = sqlite3_column_int64 (stmt, 10);
  fact->run = g_strdup (heddle_memory_column_text (stmt, 11));
  fact->node = g_strdup (heddle_memory_column_text (stmt, 12));
  return fact;
}
