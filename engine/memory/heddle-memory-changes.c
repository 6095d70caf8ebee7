/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "memory/heddle-memory-merge.h"
#include "memory/heddle-memory-text.h"
#include "value/heddle-text.h"

#define MAX_GRAPH_NAME_BYTES 400

/* What the changes of this file are about; each uses some of it. */
typedef struct
{
  char *graph;
  char *borrower;
  HeddleMemoryFact fact; /* as far as it is set */
  HeddleMemoryAccess access;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->graph);
  g_free (change->borrower);
  g_free (change->fact.subject);
  g_free (change->fact.subject_kind);
  g_free (change->fact.predicate);
  g_free (change->fact.object);
  g_free (change->fact.object_kind);
  g_free (change);
}

static void
call_change (HeddleMemory *self,
             gpointer tag,
             Change change,
             HeddleMemoryWork work,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_memdup2 (&change, sizeof change), change_free);
  heddle_memory_call (self, task, work, NULL, TRUE);
}

gboolean
heddle_memory_change_finish (HeddleMemory *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

static HeddleMemoryOrigin
by_hand (const char *action)
{
  return (HeddleMemoryOrigin){ action, "", "", NULL, g_get_real_time () };
}

static gpointer
create_graph_work (HeddleDatabase *database,
                   gpointer data,
                   GError **error)
{
  const Change *change = data;

  if (heddle_text_is_blank (change->graph) || strlen (change->graph) > MAX_GRAPH_NAME_BYTES || !g_utf8_validate (change->graph, -1, NULL))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A memory needs a name of at most 400 letters. Type one."));
      return NULL;
    }
  return GINT_TO_POINTER (heddle_memory_ensure_graph (database, change->graph, error) > 0);
}

void
heddle_memory_create_graph_async (HeddleMemory *self,
                                  const char *graph,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graph != NULL);

  call_change (self, heddle_memory_create_graph_async, (Change){ .graph = g_strdup (graph) }, create_graph_work, cancellable, callback, user_data);
}

/* With all that waits to be learnt into it: what is forgotten does not come back. */
static gpointer
delete_graph_work (HeddleDatabase *database,
                   gpointer data,
                   GError **error)
{
  const Change *change = data;

  return GINT_TO_POINTER (heddle_memory_execute (database, error,
                                                 "DELETE FROM memory_words WHERE rowid IN (SELECT f.id FROM memory_facts f JOIN memory_graphs g ON g.id = f.graph WHERE g.name = ?1)",
                                                 "t", change->graph) &&
                          heddle_memory_execute (database, error, "DELETE FROM memory_lessons WHERE graph = ?1", "t", change->graph) &&
                          heddle_memory_execute (database, error, "DELETE FROM memory_graphs WHERE name = ?1", "t", change->graph));
}

void
heddle_memory_delete_graph_async (HeddleMemory *self,
                                  const char *graph,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graph != NULL);

  call_change (self, heddle_memory_delete_graph_async, (Change){ .graph = g_strdup (graph) }, delete_graph_work, cancellable, callback, user_data);
}

static HeddleMemoryExtraction *
extract_fact (const HeddleMemoryFact *fact,
              GError **error)
{
  HeddleMemoryExtraction *extraction = heddle_memory_extraction_new ();

  if (fact->subject_kind != NULL && *fact->subject_kind != '\0')
    heddle_memory_extraction_add_entity (extraction, fact->subject, fact->subject_kind);
  if (fact->object_kind != NULL && *fact->object_kind != '\0')
    heddle_memory_extraction_add_entity (extraction, fact->object, fact->object_kind);
  heddle_memory_extraction_add (extraction, fact->subject, fact->predicate, fact->object, fact->confidence, FALSE);
  if (extraction->claims->len == 1)
    return extraction;
  heddle_memory_extraction_free (extraction);
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                       _ ("A fact needs a subject, a predicate and an object. Keys and passwords are not remembered; store those as a credential."));
  return NULL;
}

static gint64
find_claim (HeddleDatabase *database,
            gint64 graph,
            const HeddleMemoryClaim *claim,
            GError **error)
{
  gint64 subject = heddle_memory_find_entity (database, graph, claim->subject, error);
  gint64 object = subject < 0 ? -1 : heddle_memory_find_entity (database, graph, claim->object, error);
  g_autofree char *key = heddle_memory_dup_key (claim->object);

  if (object < 0)
    return -1;
  return heddle_memory_query_int (database, error,
                                  "SELECT id FROM memory_facts WHERE subject = ?1 AND predicate_key = ?2 AND (text_key = ?3 OR object = nullif(?4, 0))",
                                  "itti", subject, claim->predicate, key, object);
}

/* Its sources go on with the fact that it became. */
static gboolean
replace_fact (HeddleDatabase *database,
              gint64 old,
              gint64 fact,
              GError **error)
{
  return old == 0 || old == fact ||
         (heddle_memory_execute (database, error, "UPDATE memory_sources SET fact = ?1 WHERE fact = ?2", "ii", fact, old) &&
          heddle_memory_remove_fact (database, old, error));
}

/* What a person says counts as it is said: neither more nor less certain. */
static gpointer
set_fact_work (HeddleDatabase *database,
               gpointer data,
               GError **error)
{
  const Change *change = data;
  const HeddleMemoryOrigin origin = by_hand ("edited");
  g_autoptr (HeddleMemoryExtraction) extraction = extract_fact (&change->fact, error);
  gint64 graph, fact;

  if (extraction == NULL || heddle_memory_merge (database, change->graph, extraction, &origin, error) < 0)
    return NULL;
  graph = heddle_memory_find_graph (database, change->graph, error);
  fact = find_claim (database, graph, g_ptr_array_index (extraction->claims, 0), error);
  return GINT_TO_POINTER (fact > 0 &&
                          heddle_memory_execute (database, error, "UPDATE memory_facts SET confidence = ?1 WHERE id = ?2", "di",
                                                 CLAMP (change->fact.confidence, 0, 1), fact) &&
                          replace_fact (database, change->fact.id, fact, error));
}

void
heddle_memory_set_fact_async (HeddleMemory *self,
                              const char *graph,
                              const HeddleMemoryFact *fact,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Change change = { 0 };

  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graph != NULL && fact != NULL);

  change.graph = g_strdup (graph);
  change.fact.id = fact->id;
  change.fact.subject = g_strdup (fact->subject);
  change.fact.subject_kind = g_strdup (fact->subject_kind);
  change.fact.predicate = g_strdup (fact->predicate);
  change.fact.object = g_strdup (fact->object);
  change.fact.object_kind = g_strdup (fact->object_kind);
  change.fact.confidence = fact->confidence;
  call_change (self, heddle_memory_set_fact_async, change, set_fact_work, cancellable, callback, user_data);
}

static gpointer
set_active_work (HeddleDatabase *database,
                 gpointer data,
                 GError **error)
{
  const Change *change = data;
  const HeddleMemoryOrigin origin = by_hand ("edited");

  return GINT_TO_POINTER (heddle_memory_activate (database, change->fact.id, change->fact.is_active, &origin,
                                                  change->fact.is_active ? "restored" : "revoked", error));
}

void
heddle_memory_set_active_async (HeddleMemory *self,
                                gint64 fact,
                                gboolean is_active,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));

  call_change (self, heddle_memory_set_active_async, (Change){ .fact = { .id = fact, .is_active = is_active } }, set_active_work,
               cancellable, callback, user_data);
}

static gpointer
delete_fact_work (HeddleDatabase *database,
                  gpointer data,
                  GError **error)
{
  const Change *change = data;

  return GINT_TO_POINTER (heddle_memory_remove_fact (database, change->fact.id, error));
}

void
heddle_memory_delete_fact_async (HeddleMemory *self,
                                 gint64 fact,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));

  call_change (self, heddle_memory_delete_fact_async, (Change){ .fact = { .id = fact } }, delete_fact_work, cancellable, callback, user_data);
}

/* A node learns into one graph only, so a new one takes the place of the other. */
static gboolean
add_share (HeddleDatabase *database,
           gint64 graph,
           const Change *change,
           GError **error)
{
  gboolean writes = change->access == HEDDLE_MEMORY_WRITES;

  return (!writes || heddle_memory_execute (database, error, "UPDATE memory_shares SET writes = 0 WHERE borrower = ?1", "t", change->borrower)) &&
         heddle_memory_execute (database, error, "INSERT OR REPLACE INTO memory_shares (graph, borrower, writes) VALUES (?1, ?2, ?3)", "iti",
                                graph, change->borrower, (gint64) writes);
}

static gpointer
set_share_work (HeddleDatabase *database,
                gpointer data,
                GError **error)
{
  const Change *change = data;
  gint64 graph;

  if (heddle_text_is_blank (change->borrower) || strcmp (change->borrower, change->graph) == 0)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Choose another node to share this memory with, as “WORKFLOW/NODE”."));
      return NULL;
    }
  graph = heddle_memory_ensure_graph (database, change->graph, error);
  if (graph < 0)
    return NULL;
  if (change->access != HEDDLE_MEMORY_NOT_SHARED)
    return GINT_TO_POINTER (add_share (database, graph, change, error));
  return GINT_TO_POINTER (heddle_memory_execute (database, error, "DELETE FROM memory_shares WHERE graph = ?1 AND borrower = ?2", "it", graph, change->borrower));
}

void
heddle_memory_set_share_async (HeddleMemory *self,
                               const char *graph,
                               const char *borrower,
                               HeddleMemoryAccess access,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (graph != NULL && borrower != NULL);

  call_change (self, heddle_memory_set_share_async, (Change){ .graph = g_strdup (graph), .borrower = g_strdup (borrower), .access = access },
               set_share_work, cancellable, callback, user_data);
}
