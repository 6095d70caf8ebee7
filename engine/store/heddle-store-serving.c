/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-activation.h"

#include "store/heddle-store-private.h"

#include <unistd.h>

typedef struct
{
  const char *program;
  const char *address;
  HeddleServing *other;
} Claim;

void
heddle_serving_free (HeddleServing *serving)
{
  if (serving == NULL)
    return;
  g_free (serving->program);
  g_free (serving->address);
  g_free (serving);
}

/* Who serves and is still there; NULL without error: nobody. lease: theirs. */
static HeddleServing *
read_serving (HeddleStoreThread *thread, gint64 *lease, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  g_autoptr (HeddleServing) serving = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, "SELECT lease, process, program, address FROM servers", error);

  *lease = 0;
  if (stmt == NULL)
    return NULL;
  if (heddle_database_step (database, stmt, error))
    {
      serving = g_new0 (HeddleServing, 1);
      *lease = sqlite3_column_int64 (stmt, 0);
      serving->process = sqlite3_column_int64 (stmt, 1);
      serving->program = heddle_store_dup_column (stmt, 2);
      serving->address = heddle_store_dup_column (stmt, 3);
    }
  sqlite3_reset (stmt);
  if (serving == NULL || !heddle_lease_is_held (heddle_store_thread_get_lease (thread), *lease))
    return NULL;
  return g_steal_pointer (&serving);
}

static gboolean
write_serving (HeddleStoreThread *thread, const Claim *claim, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database,
                                                "INSERT OR REPLACE INTO servers (id, lease, process, program, address) "
                                                "VALUES (1, ?1, ?2, ?3, ?4)",
                                                error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, heddle_lease_get_id (heddle_store_thread_get_lease (thread)));
  sqlite3_bind_int64 (stmt, 2, getpid ());
  sqlite3_bind_text (stmt, 3, claim->program, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 4, claim->address, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}

/* In a transaction that no other process can be in, so that of two that ask at once one gets it. */
static gboolean
claim_in_transaction (HeddleStoreThread *thread, Claim *claim, GError **error)
{
  GError *local_error = NULL;
  gint64 lease;
  g_autoptr (HeddleServing) serving = read_serving (thread, &lease, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (serving != NULL && lease != heddle_lease_get_id (heddle_store_thread_get_lease (thread)))
    {
      claim->other = g_steal_pointer (&serving);
      return FALSE;
    }
  return write_serving (thread, claim, error);
}

static gpointer
claim_serving (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);

  if (!heddle_database_begin (database, error))
    return NULL;
  if (claim_in_transaction (thread, data, error) && heddle_database_commit (database, error))
    return data;
  heddle_database_rollback (database);
  return NULL;
}

gboolean
heddle_store_claim_serving (HeddleStore *self, const char *program, const char *address, HeddleServing **other, GError **error)
{
  Claim claim = { program, address, NULL };
  gboolean claimed;

  g_return_val_if_fail (HEDDLE_IS_STORE (self) && program != NULL && address != NULL && other != NULL, FALSE);

  claimed = heddle_store_thread_call (self->thread, claim_serving, &claim, error) != NULL;
  *other = claim.other;
  return claimed;
}

static gpointer
release_serving (HeddleStoreThread *thread, gpointer data, GError **error)
{
  HeddleDatabase *database = heddle_store_thread_get_database (thread);
  sqlite3_stmt *stmt = heddle_database_prepare (database, "DELETE FROM servers WHERE lease = ?1", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, heddle_lease_get_id (heddle_store_thread_get_lease (thread)));
  return GINT_TO_POINTER (heddle_database_run (database, stmt, error));
}

void
heddle_store_release_serving (HeddleStore *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (HEDDLE_IS_STORE (self));

  /* Left as it is, it counts for nothing once the process is gone. */
  if (heddle_store_thread_call (self->thread, release_serving, NULL, &error) == NULL)
    g_debug ("The end of the server cannot be noted: %s", error->message);
}

static gpointer
get_serving (HeddleStoreThread *thread, gpointer data, GError **error)
{
  gint64 lease;

  return read_serving (thread, &lease, error);
}

HeddleServing *
heddle_store_get_serving (HeddleStore *self)
{
  g_autoptr (GError) error = NULL;
  HeddleServing *serving;

  g_return_val_if_fail (HEDDLE_IS_STORE (self), NULL);

  serving = heddle_store_thread_call (self->thread, get_serving, NULL, &error);
  if (error != NULL)
    g_warning ("It cannot be read who serves: %s", error->message);
  return serving;
}
