/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <stdio.h>

#include "store/heddle-store-private.h"
#include "test-script.h"
#include "trace/heddle-trace.h"

#define N_NODES 20000
#define BATCH 64
/* A durable chain of 1 000 nodes takes at most 60 ms, and each node has three events. */
#define MIN_EVENTS_PER_SECOND 50000
#define MAX_BYTES_PER_EVENT 150
#define MAX_DATA_FACTOR 1.5

typedef struct
{
  double seconds;
  double hand_over; /* seconds of the caller's time */
  gint64 bytes;     /* of the file */
  guint n_events;
} Result;

static gint64
file_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

static void
remove_files (const char *directory, const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-lease" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
  g_rmdir (directory);
}

/* Each value is seen three times: as input, in the parameters and as output; every tenth node makes a new one. */
static TestScript
write_script (guint value_bytes)
{
  TestScript script = test_script_new ();

  for (guint i = 0; i < N_NODES; i++)
    {
      g_autofree char *node = g_strdup_printf ("node%u", i % 500);
      g_autofree char *padding = g_strnfill (value_bytes, 'v');
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

static Result
measure (guint value_bytes)
{
  g_autofree char *directory = g_dir_make_tmp ("heddle-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "bench.db", NULL);
  HeddleStore *store = heddle_store_new (path, NULL);
  HeddleRunHead head = { "run", "w", "Bench", "{}", 1, NULL };
  TestScript script = write_script (value_bytes);
  Result result = { .n_events = script.events->len };
  gint64 start;

  heddle_store_flush (store);
  start = g_get_monotonic_time ();
  heddle_store_record_run (store, &head, HEDDLE_DURABILITY_NORMAL);
  hand_over (store, &script);
  result.hand_over = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  heddle_store_flush (store);
  result.seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_object_unref (store);
  result.bytes = file_size (path);
  g_ptr_array_unref (script.events);
  remove_files (directory, path);
  return result;
}

static gboolean
report (const char *name, guint value_bytes, double min_rate)
{
  Result result = measure (value_bytes);
  gint64 data_bytes = (gint64) value_bytes * N_NODES / 10;
  double per_event = (double) (result.bytes - (gint64) (data_bytes * MAX_DATA_FACTOR)) / result.n_events;
  double rate = result.n_events / result.seconds;

  printf ("%-14s %8.0f events/s  %5.2f us per event for the caller  %6.1f bytes per event beyond 1.5 x data\n", name, rate,
          result.hand_over * 1e6 / result.n_events, per_event);
  return rate >= min_rate && per_event <= MAX_BYTES_PER_EVENT;
}

/* Saving with every edit in the journal, as a person works. */
static gboolean
report_saves (void)
{
  g_autofree char *directory = g_dir_make_tmp ("heddle-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "bench.db", NULL);
  HeddleStore *store = heddle_store_new (path, NULL);
  gint64 start = g_get_monotonic_time ();
  double ms;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"nodes\":[],\"n\":%u}", i);

      if (!heddle_store_save_workflow (store, "w", "W", json, NULL))
        return FALSE;
    }
  ms = (double) (g_get_monotonic_time () - start) / 200000;
  printf ("%-14s %8.2f ms each, on the disk when it returns\n", "save", ms);
  g_object_unref (store);
  remove_files (directory, path);
  return ms < 50;
}

static gboolean
report_trace (void)
{
  TestScript script = write_script (100);
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  gint64 start = g_get_monotonic_time ();
  double us;

  heddle_trace_apply (trace, script.events);
  us = (double) (g_get_monotonic_time () - start) / script.events->len;
  printf ("%-14s %8.2f us per event\n", "trace", us);
  g_ptr_array_unref (script.events);
  return us < 10;
}

int
main (void)
{
  gboolean fine = report ("small values", 20, MIN_EVENTS_PER_SECOND);

  fine &= report ("1 kB values", 1000, MIN_EVENTS_PER_SECOND / 4);
  fine &= report ("20 kB values", 20000, 0);
  fine &= report_saves ();
  fine &= report_trace ();
  return fine ? 0 : 1;
}
