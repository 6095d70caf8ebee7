/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-pools.h"

#include "run/heddle-scope-run.h"
#include "run/heddle-scheduler-private.h"

typedef struct
{
  HeddleScopeRun *scope; /* a reference */
  guint index;
} Waiter;

typedef struct
{
  guint n_taken;
  GQueue waiters; /* of Waiter* */
} Pool;

struct _HeddlePools
{
  GHashTable *pools; /* name → Pool */
};

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  heddle_scope_run_unref (waiter->scope);
  g_free (waiter);
}

static void
pool_free (gpointer data)
{
  Pool *pool = data;

  g_queue_clear_full (&pool->waiters, waiter_free);
  g_free (pool);
}

HeddlePools *
heddle_pools_new (void)
{
  HeddlePools *self = g_new0 (HeddlePools, 1);

  self->pools = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pool_free);
  return self;
}

void
heddle_pools_free (HeddlePools *self)
{
  g_hash_table_unref (self->pools);
  g_free (self);
}

static Pool *
find_pool (HeddlePools *self, const char *name)
{
  Pool *pool = g_hash_table_lookup (self->pools, name);

  if (pool != NULL)
    return pool;
  pool = g_new0 (Pool, 1);
  g_hash_table_insert (self->pools, g_strdup (name), pool);
  return pool;
}

gboolean
heddle_pools_take (HeddlePools *self, const char *name, guint size, HeddleScopeRun *scope, guint index)
{
  Pool *pool = find_pool (self, name);
  Waiter *waiter;

  if (pool->n_taken < size)
    {
      pool->n_taken++;
      return TRUE;
    }
  waiter = g_new (Waiter, 1);
  waiter->scope = heddle_scope_run_ref (scope);
  waiter->index = index;
  g_queue_push_tail (&pool->waiters, waiter);
  return FALSE;
}

/* Whether the step still waits; its run may have been stopped. */
static gboolean
hand_over (Waiter *waiter)
{
  HeddleStepRun *step = &waiter->scope->steps[waiter->index];

  if (waiter->scope->ended || !step->queued)
    return FALSE;
  step->has_pool = TRUE;
  heddle_scope_run_enqueue (waiter->scope, waiter->index);
  heddle_scheduler_schedule_pump (waiter->scope->scheduler);
  return TRUE;
}

void
heddle_pools_give (HeddlePools *self, const char *name)
{
  Pool *pool = find_pool (self, name);

  pool->n_taken--;
  while (!g_queue_is_empty (&pool->waiters))
    {
      Waiter *waiter = g_queue_pop_head (&pool->waiters);
      gboolean taken = hand_over (waiter);

      waiter_free (waiter);
      if (!taken)
        continue;
      pool->n_taken++;
      return;
    }
  if (pool->n_taken == 0)
    g_hash_table_remove (self->pools, name);
}
