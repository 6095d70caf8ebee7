/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Graphs made up by chance, with maps and loops and nodes that wait, are stopped at any moment. Whatever began has to end, once, and
 * nothing may stay behind. HEDDLE_TEST_CANCELS says how many.
 */
#include "heddle-harness.h"
#include "random-graph.h"
#include "value/heddle-json.h"

#include <stdlib.h>

#define N_CANCELS 1000
#define N_TOGETHER 4
#define MAX_DELAY_US 4000

/* What is bypassed has a result without an attempt. */
static gboolean
is_end (const HeddleEvent *event)
{
  if (heddle_json_member (event->data, "source") != NULL)
    return FALSE;
  return event->kind == HEDDLE_EVENT_NODE_FINISHED || event->kind == HEDDLE_EVENT_NODE_FAILED || event->kind == HEDDLE_EVENT_NODE_CANCELLED;
}

/* Attempts that began and have not ended, by scope and node. */
static void
assert_all_ended (const HeddleHarnessResult *result)
{
  g_autoptr (GHashTable) open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const HeddleEvent *last = g_ptr_array_index (result->events, result->events->len - 1);

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);
      g_autofree char *key = g_strdup_printf ("%s %s", event->scope != NULL ? event->scope : "", event->node);

      if (event->kind == HEDDLE_EVENT_NODE_STARTED)
        g_assert_true (g_hash_table_add (open, g_steal_pointer (&key)));
      else if (event->kind == HEDDLE_EVENT_NODE_RETRY || is_end (event))
        g_assert_true (g_hash_table_remove (open, key));
    }
  g_assert_cmpuint (g_hash_table_size (open), ==, 0);
  g_assert_cmpint (last->kind, ==, HEDDLE_EVENT_RUN_FINISHED);
}

static gpointer
cancel_thread (gpointer data)
{
  HeddleRun *run = data;
  guint delay = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (run), "delay"));

  g_usleep (delay);
  heddle_run_cancel (run);
  g_object_unref (run);
  return NULL;
}

/* From a thread of its own, as the window does it from another than the engine's. */
static GThread *
cancel_later (HeddleRun *run, guint delay)
{
  g_object_set_data (G_OBJECT (run), "delay", GUINT_TO_POINTER (delay));
  return g_thread_new ("cancel", cancel_thread, g_object_ref (run));
}

static HeddleRun *
start (HeddleEngine *engine, guint32 seed)
{
  g_autoptr (RandomGraph) graph = random_graph_new (seed, RANDOM_WAITING);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddlePlan) plan = random_graph_compile (graph, &error);

  g_assert_no_error (error);
  return heddle_engine_start (engine, plan, NULL, NULL);
}

static guint
cancel_some (HeddleEngine *engine, GRand *random, guint32 seed)
{
  HeddleRun *runs[N_TOGETHER];
  GThread *threads[N_TOGETHER];
  guint n_cancelled = 0;

  for (guint i = 0; i < N_TOGETHER; i++)
    {
      runs[i] = start (engine, seed + i);
      threads[i] = cancel_later (runs[i], (guint) g_rand_int_range (random, 0, MAX_DELAY_US));
    }
  for (guint i = 0; i < N_TOGETHER; i++)
    {
      g_autoptr (HeddleHarnessResult) result = heddle_harness_wait (runs[i]);

      g_thread_join (threads[i]);
      n_cancelled += result->state == HEDDLE_RUN_CANCELLED;
      assert_all_ended (result);
      g_object_unref (runs[i]);
    }
  return n_cancelled;
}

static void
test_cancels (void)
{
  HeddleEngineServices services = { .retry_base_ms = 1, .max_running = 16 };
  HeddleEngine *engine = heddle_engine_new (&services);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  const char *wanted = g_getenv ("HEDDLE_TEST_CANCELS");
  guint n_cancels = wanted != NULL ? (guint) strtoul (wanted, NULL, 10) : N_CANCELS;
  guint n_cancelled = 0;

  for (guint32 seed = 1; seed < n_cancels; seed += N_TOGETHER)
    n_cancelled += cancel_some (engine, random, seed);
  g_test_message ("%u of %u were stopped before their end", n_cancelled, n_cancels);
  g_assert_cmpuint (n_cancelled, >, n_cancels / 10);
  heddle_engine_shutdown (engine);
  g_assert_finalize_object (engine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random-cancels", test_cancels);
  return g_test_run ();
}
