/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The store by itself: how many events it takes in, what that costs those who hand them over, and saving as a person works. */
#include "bench.h"

#include "store/heddle-store-private.h"
#include "test-script.h"
#include "trace/heddle-trace.h"

#define BATCH 64
#define N_SAVES 50

/* Each value is seen three times: as input, in the parameters and as output; every tenth node makes a new one. */
static TestScript
write_script (guint n_nodes, guint value_bytes)
{
  TestScript script = test_script_new ();
  g_autofree char *padding = g_strnfill (value_bytes, 'v');

  for (guint i = 0; i < n_nodes; i++)
    {
      g_autofree char *node = g_strdup_printf ("node%u", i % 500);
      g_autofree char *value = g_strdup_printf ("%u%s", i / 10, padding);
      g_autofree char *started = g_strdup_printf ("{\"title\":\"Template\",\"type\":\"template\",\"params\":{\"text\":\"%s\"},\"inputs\":{\"in\":\"%s\"}}", value, value);
      g_autofree char *finished = g_strdup_printf ("{\"result\":{\"output\":\"%s\"},\"live\":[\"out\"]}", value);

      test_script_add (&script, HEDDLE_EVENT_NODE_READY, node, NULL);
      test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, node, started);
      test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, node, finished);
    }
  return script;
}

static void
hand_over (HeddleStore *store, TestScript *script)
{
  for (guint first = 0; first < script->events->len; first += BATCH)
    {
      g_autoptr (GPtrArray) batch = g_ptr_array_new ();

      for (guint i = first; i < MIN (first + BATCH, script->events->len); i++)
        g_ptr_array_add (batch, script->events->pdata[i]);
      heddle_store_record_events (store, "run", batch);
    }
}

static void
measure_events (const BenchCase *self)
{
  const guint n_nodes = 5000;
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
  g_autoptr (HeddleStore) store = heddle_store_new (path, NULL);
  HeddleRunHead head = { "run", "w", "Bench", "{}", 1, NULL };
  TestScript script = write_script (n_nodes, self->n);
  gint64 begin, handed;

  heddle_store_flush (store);
  begin = g_get_monotonic_time ();
  heddle_store_record_run (store, &head, HEDDLE_DURABILITY_NORMAL);
  hand_over (store, &script);
  handed = g_get_monotonic_time ();
  heddle_store_flush (store);
  bench_report (self->name, (double) (g_get_monotonic_time () - begin) / script.events->len, "µs");
  bench_report_more (self, "caller", (double) (handed - begin) / script.events->len, "µs");
  g_ptr_array_unref (script.events);
  g_clear_object (&store);
  bench_remove_folder (folder);
}

static void
measure_saves (const BenchCase *self)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
  g_autoptr (HeddleStore) store = heddle_store_new (path, NULL);
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < N_SAVES; i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"nodes\":[],\"n\":%u}", i);

      g_assert_true (heddle_store_save_workflow (store, "w", "W", json, NULL));
    }
  bench_report (self->name, (g_get_monotonic_time () - begin) / 1e3 / N_SAVES, "ms");
  g_clear_object (&store);
  bench_remove_folder (folder);
}

static void
measure_trace (const BenchCase *self)
{
  TestScript script = write_script (self->n, 100);
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  gint64 begin = g_get_monotonic_time ();

  heddle_trace_apply (trace, script.events);
  bench_report (self->name, (double) (g_get_monotonic_time () - begin) / script.events->len, "µs");
  g_ptr_array_unref (script.events);
}

static const BenchCase cases[] = {
  { "store-events", measure_events, 20 },
  { "store-events-1k", measure_events, 1000 },
  { "store-events-20k", measure_events, 20000 },
  { "store-save", measure_saves },
  { "trace", measure_trace, 5000 },
  { NULL },
};

int
main (int argc, char **argv)
{
  return bench_main (argc, argv, cases);
}
