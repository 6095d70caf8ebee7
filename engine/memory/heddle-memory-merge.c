/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-merge.h"

#include "memory/heddle-memory-text.h"

#define MAX_CONFIDENCE 0.99

/* What is the same for all of one merge. */
typedef struct
{
  HeddleDatabase *database;
  gint64 graph;
  const HeddleMemoryOrigin *origin;
} Merge;

/* A claim with its entities found. */
typedef struct
{
  gint64 subject;
  gint64 object; /* 0: a text */
  char *text;
  char *text_key;
  const char *predicate;
  double confidence;
} Found;

static void
found_clear (Found *found)
{
  g_free (found->text);
  g_free (found->text_key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Found, found_clear)

/* The first of its names that is known says which entity it is. */
static gint64
find_entity (const Merge *merge,
             const HeddleMemoryEntity *entity,
             GError **error)
{
  gint64 id = heddle_memory_find_entity (merge->database, merge->graph, entity->name, error);

  for (guint i = 0; id == 0 && i < entity->aliases->len; i++)
    id = heddle_memory_find_entity (merge->database, merge->graph, g_ptr_array_index (entity->aliases, i), error);
  return id;
}

static gboolean
merge_entity (const Merge *merge,
              const HeddleMemoryEntity *entity,
              GError **error)
{
  gint64 known = find_entity (merge, entity, error);
  gint64 id = known;
  gboolean ok;

  if (known == 0)
    id = heddle_memory_ensure_entity (merge->database, merge->graph, entity->name, entity->kind, error);
  ok = id > 0 && heddle_memory_add_alias (merge->database, merge->graph, id, entity->name, error) &&
       heddle_memory_execute (merge->database, error, "UPDATE memory_entities SET kind = ?1 WHERE id = ?2 AND kind = ''", "ti",
                              entity->kind, id);
  for (guint i = 0; ok && i < entity->aliases->len; i++)
    ok = heddle_memory_add_alias (merge->database, merge->graph, id, g_ptr_array_index (entity->aliases, i), error);
  return ok && (known == 0 || heddle_memory_index_entity (merge->database, id, error));
}

static char *
dup_name (const Merge *merge,
          gint64 entity,
          GError **error)
{
  sqlite3_stmt *stmt = heddle_memory_bind (merge->database, error, "SELECT name FROM memory_entities WHERE id = ?1", "i", entity);
  char *name = NULL;

  if (stmt != NULL && heddle_database_step (merge->database, stmt, error))
    name = g_strdup (heddle_memory_column_text (stmt, 0));
  if (stmt != NULL)
    sqlite3_reset (stmt);
  return name;
}

/* What names an entity is called as that is, so that "ACME" and "Acme Inc." are one object. */
static gboolean
find_object (const Merge *merge,
             const HeddleMemoryClaim *claim,
             Found *found,
             GError **error)
{
  gint64 object = heddle_memory_find_entity (merge->database, merge->graph, claim->object, error);

  if (object < 0)
    return FALSE;
  /* "Ada's name is Ada" relates nothing. */
  found->object = object != found->subject ? object : 0;
  found->text = object > 0 ? dup_name (merge, object, error) : g_strdup (claim->object);
  found->text_key = found->text != NULL ? heddle_memory_dup_key (found->text) : NULL;
  return found->text_key != NULL;
}

static gint64
find_fact (const Merge *merge,
           const Found *found,
           GError **error)
{
  return heddle_memory_query_int (merge->database, error,
                                  "SELECT id FROM memory_facts WHERE subject = ?1 AND predicate_key = ?2 AND text_key = ?3", "itt",
                                  found->subject, found->predicate, found->text_key);
}

static gint64
insert_fact (const Merge *merge,
             const Found *found,
             GError **error)
{
  const char *sql = "INSERT INTO memory_facts (graph, subject, predicate, predicate_key, object, text, text_key, confidence, is_active, since, updated) "
                    "VALUES (?1, ?2, ?3, ?3, nullif(?4, 0), ?5, ?6, ?7, 1, ?8, ?8)";
  gint64 id;

  if (!heddle_memory_execute (merge->database, error, sql, "iitittdi", merge->graph, found->subject, found->predicate, found->object,
                              found->text, found->text_key, found->confidence, merge->origin->time))
    return -1;
  id = sqlite3_last_insert_rowid (heddle_database_get_handle (merge->database));
  return heddle_memory_add_source (merge->database, id, merge->origin, merge->origin->action, error) &&
             heddle_memory_index_fact (merge->database, id, error)
           ? id
           : -1;
}

/* Hearing it again halves what is left of the doubt, as far as the new claim is sure. */
static gboolean
confirm_fact (const Merge *merge,
              gint64 fact,
              const Found *found,
              GError **error)
{
  return heddle_memory_execute (merge->database, error,
                                "UPDATE memory_facts SET confidence = min(?1, confidence + (1 - confidence) * 0.5 * ?2), "
                                "object = coalesce(object, nullif(?3, 0)), updated = ?4 WHERE id = ?5",
                                "ddiii", MAX_CONFIDENCE, found->confidence, found->object, merge->origin->time, fact) &&
         heddle_memory_add_source (merge->database, fact, merge->origin, "confirmed", error);
}

/* What held once and was revoked holds again from now on. */
static gboolean
renew_fact (const Merge *merge,
            gint64 fact,
            const Found *found,
            GError **error)
{
  return heddle_memory_execute (merge->database, error, "UPDATE memory_facts SET confidence = ?1, since = ?2 WHERE id = ?3", "dii",
                                found->confidence, merge->origin->time, fact) &&
         heddle_memory_activate (merge->database, fact, TRUE, merge->origin, merge->origin->action, error);
}

static gint64
keep_fact (const Merge *merge,
           const Found *found,
           GError **error)
{
  gint64 fact = find_fact (merge, found, error);
  gint64 is_active;
  gboolean ok;

  if (fact == 0)
    return insert_fact (merge, found, error);
  is_active = fact < 0 ? -1 : heddle_memory_query_int (merge->database, error, "SELECT is_active FROM memory_facts WHERE id = ?1", "i", fact);
  if (is_active < 0)
    return -1;
  ok = is_active ? confirm_fact (merge, fact, found, error) : renew_fact (merge, fact, found, error);
  return ok ? fact : -1;
}

/* stmt lists ids of facts. */
static gboolean
revoke_listed (const Merge *merge,
               sqlite3_stmt *stmt,
               GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local = NULL;

  while (stmt != NULL && heddle_database_step (merge->database, stmt, &local))
    {
      gint64 id = sqlite3_column_int64 (stmt, 0);

      g_array_append_val (ids, id);
    }
  for (guint i = 0; local == NULL && i < ids->len; i++)
    heddle_memory_activate (merge->database, g_array_index (ids, gint64, i), FALSE, merge->origin, "revoked", &local);
  if (local == NULL)
    return stmt != NULL;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
replace_others (const Merge *merge,
                gint64 fact,
                const Found *found,
                GError **error)
{
  sqlite3_stmt *stmt = heddle_memory_bind (merge->database, error,
                                           "SELECT id FROM memory_facts WHERE subject = ?1 AND predicate_key = ?2 AND id != ?3 AND is_active",
                                           "iti", found->subject, found->predicate, fact);

  return revoke_listed (merge, stmt, error);
}

static gboolean
merge_claim (const Merge *merge,
             const HeddleMemoryClaim *claim,
             GError **error)
{
  g_auto (Found) found = { .predicate = claim->predicate, .confidence = claim->confidence };
  gint64 fact;

  found.subject = heddle_memory_ensure_entity (merge->database, merge->graph, claim->subject, "", error);
  if (found.subject < 0 || !find_object (merge, claim, &found, error))
    return FALSE;
  fact = keep_fact (merge, &found, error);
  if (fact < 0)
    return FALSE;
  return (!claim->replaces && !heddle_memory_is_functional (claim->predicate)) || replace_others (merge, fact, &found, error);
}

static gboolean
merge_revoked (const Merge *merge,
               const HeddleMemoryClaim *claim,
               GError **error)
{
  g_autofree char *object_key = heddle_memory_dup_key (claim->object);
  gint64 subject = heddle_memory_find_entity (merge->database, merge->graph, claim->subject, error);
  gint64 object = subject > 0 ? heddle_memory_find_entity (merge->database, merge->graph, claim->object, error) : 0;
  sqlite3_stmt *stmt;

  if (subject <= 0 || object < 0)
    return subject == 0;
  stmt = heddle_memory_bind (merge->database, error,
                             "SELECT id FROM memory_facts WHERE subject = ?1 AND is_active AND (?2 = '' OR predicate_key = ?2) "
                             "AND (?3 = '' OR text_key = ?3 OR object = nullif(?4, 0))",
                             "itti", subject, claim->predicate, object_key, object);
  return revoke_listed (merge, stmt, error);
}

gint
heddle_memory_merge (HeddleDatabase *database,
                     const char *graph,
                     const HeddleMemoryExtraction *extraction,
                     const HeddleMemoryOrigin *origin,
                     GError **error)
{
  Merge merge = { .database = database, .origin = origin };
  gboolean ok;

  g_return_val_if_fail (graph != NULL && extraction != NULL && origin != NULL, -1);

  merge.graph = heddle_memory_ensure_graph (database, graph, error);
  ok = merge.graph > 0;
  for (guint i = 0; ok && i < extraction->entities->len; i++)
    ok = merge_entity (&merge, g_ptr_array_index (extraction->entities, i), error);
  for (guint i = 0; ok && i < extraction->revoked->len; i++)
    ok = merge_revoked (&merge, g_ptr_array_index (extraction->revoked, i), error);
  for (guint i = 0; ok && i < extraction->claims->len; i++)
    ok = merge_claim (&merge, g_ptr_array_index (extraction->claims, i), error);
  return ok ? (gint) extraction->claims->len : -1;
}
