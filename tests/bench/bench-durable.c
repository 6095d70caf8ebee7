/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs that are recorded: how long a chain takes until all of it is in the database, and how large the log becomes. */
#include "bench.h"
#include "bench-peer.h"

#include <stdlib.h>

#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

/* A database in a folder of its own, and an engine that records into it. */
typedef struct
{
  char *folder;
  char *path;
  HeddleStore *store;
  HeddleEngine *engine;
} Recording;

static void
begin_recording (Recording *self, HeddleModels *models)
{
  HeddleEngineServices services = { .models = models };
  g_autoptr (GError) error = NULL;

  self->folder = bench_make_folder ();
  self->path = g_build_filename (self->folder, "bench.db", NULL);
  self->store = heddle_store_new (self->path, &error);
  g_assert_no_error (error);
  services.store = self->store;
  self->engine = heddle_engine_new (&services);
}

/* Bytes of the file once everything is in it. */
static gint64
end_recording (Recording *self)
{
  gint64 size;

  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  size = bench_get_size (self->path);
  bench_remove_folder (self->folder);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->folder, g_free);
  return size;
}

static void
measure_chain (const BenchCase *self)
{
  HeddleRunOptions options = { .durability = g_str_equal (self->variant, "full") ? HEDDLE_DURABILITY_FULL : HEDDLE_DURABILITY_NORMAL };
  g_autoptr (HeddlePlan) plan = bench_new_chain (self->n, NULL, &heddle_test_node_echo, NULL);
  Recording recording;
  gint64 begin;

  begin_recording (&recording, NULL);
  bench_time_run (recording.engine, plan, &options);
  heddle_store_flush (recording.store);
  begin = g_get_monotonic_time ();
  bench_time_run (recording.engine, plan, &options);
  heddle_store_flush (recording.store);
  bench_report (self->name, (g_get_monotonic_time () - begin) / 1e3, "ms");
  end_recording (&recording);
}

static gint64
measure_empty (void)
{
  Recording recording;

  begin_recording (&recording, NULL);
  return end_recording (&recording);
}

/* A chain in which each node makes a new value of so many bytes. */
static HeddlePlan *
new_growing_chain (guint n_nodes, guint value_bytes)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("bench", "Bench");
  g_autofree char *padding = g_strnfill (value_bytes, 'v');

  for (guint i = 0; i < n_nodes; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);
      g_autofree char *edge = g_strdup_printf ("n%u %s", i - 1, id);
      g_autofree char *params = g_strdup_printf ("{\"text\":\"%u%s\"}", i, padding);

      heddle_test_nodes_add (builder, id, heddle_registry_lookup ("template"), params);
      if (i > 0)
        heddle_test_nodes_connect (builder, edge);
    }
  return heddle_harness_finish (builder);
}

/* In times of the data: the whole log, and what is left of it after 150 bytes for each event. */
static void
report_ratios (const BenchCase *self, gint64 n_bytes, guint n_events, double n_data)
{
  bench_report_more (self, "ratio-all", n_bytes / n_data, "×");
  bench_report_more (self, "ratio", (n_bytes - 150. * n_events) / n_data, "×");
}

static HeddleHarnessResult *
record (Recording *recording, HeddlePlan *plan)
{
  g_autoptr (HeddleRun) run = heddle_engine_start (recording->engine, plan, NULL, NULL);
  HeddleHarnessResult *result = heddle_harness_wait (run);

  g_assert_no_error (result->error);
  return result;
}

/* What an event costs where there is no data to speak of, and how much the log is larger than the data where there is. */
static void
measure_growth (const BenchCase *self)
{
  const guint value_bytes = 2048;
  g_autoptr (HeddlePlan) small = bench_new_chain (self->n, NULL, &heddle_test_node_echo, NULL);
  g_autoptr (HeddlePlan) large = new_growing_chain (self->n, value_bytes);
  g_autoptr (HeddleHarnessResult) result = NULL;
  Recording recording;
  gint64 empty = measure_empty ();

  begin_recording (&recording, NULL);
  result = record (&recording, small);
  bench_report_more (self, "per-event", (double) (end_recording (&recording) - empty) / result->events->len, "B");
  begin_recording (&recording, NULL);
  heddle_harness_result_free (record (&recording, large));
  report_ratios (self, end_recording (&recording) - empty, result->events->len, (double) value_bytes * self->n);
}

/* The Agent, with room for as many turns as are wanted. */
static HeddleNodeType *
new_patient_agent (guint n_turns)
{
  const HeddleNodeType *agent = heddle_registry_lookup ("agent");
  HeddleNodeType *patient = g_memdup2 (agent, sizeof *agent);
  GArray *rows = g_array_new (TRUE, TRUE, sizeof (HeddleParamSpec));
  guint n_rows = 0;

  while (agent->params[n_rows].name != NULL)
    n_rows++;
  g_array_append_vals (rows, agent->params, n_rows + 1);
  for (guint i = 0; i < n_rows; i++)
    {
      HeddleParamSpec *row = &g_array_index (rows, HeddleParamSpec, i);

      if (g_str_equal (row->name, "max_tool_iterations"))
        row->max = n_turns;
    }
  patient->params = (const HeddleParamSpec *) (gpointer) g_array_free (rows, FALSE);
  return patient;
}

/* An agent that reads a page of 2 kB in each turn. */
static HeddlePlan *
new_agent_plan (guint n_turns)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("bench", "Bench");
  HeddleNodeType *agent = new_patient_agent (n_turns + 1);
  g_autofree char *padding = g_strnfill (2000, 'p');
  g_autofree char *page = g_strdup_printf ("{\"text\":\"{{ $args.page }} %s\"}", padding);
  g_autofree char *params = g_strdup_printf ("{\"model\":\"fake/m\",\"prompt\":\"Read all.\",\"stream\":false,\"max_tool_iterations\":%u}", n_turns + 1);
  g_autoptr (JsonNode) spec = heddle_harness_json ("{\"name\":\"read\",\"description\":\"Reads a page.\",\"parameters\":{\"type\":\"object\",\"properties\":"
                                                   "{\"page\":{\"type\":\"string\"}},\"required\":[\"page\"]}}");
  g_autoptr (GError) error = NULL;

  heddle_test_nodes_add (builder, "agent", agent, params);
  heddle_test_nodes_add (builder, "read", heddle_registry_lookup ("template"), page);
  heddle_plan_builder_add_tool (builder, "read", spec, "agent", &error);
  g_assert_no_error (error);
  return heddle_harness_finish (builder);
}

static HeddleModels *
new_models (const BenchPeer *peer)
{
  g_autofree char *url = bench_peer_dup_url (peer, 0, "");
  HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) "openai-compatible", .base_url = url };
  HeddleModels *models = heddle_models_new (NULL, NULL);
  g_autoptr (GError) error = NULL;

  heddle_models_set_provider (models, &info, &error);
  g_assert_no_error (error);
  return models;
}

/* The conversation of the last request: all there was to keep. */
static gint64
count_messages (const HeddleHarnessResult *result)
{
  gint64 length = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);
      JsonNode *messages = event->kind == HEDDLE_EVENT_SPAN_STARTED ? heddle_json_member (event->data, "messages") : NULL;
      g_autofree char *text = messages != NULL ? heddle_json_to_text (messages, HEDDLE_JSON_COMPACT) : NULL;

      length = text != NULL ? (gint64) strlen (text) : length;
    }
  return length;
}

static void
measure_agent (const BenchCase *self)
{
  g_autofree char *turns = g_strdup_printf ("%u", self->n);
  g_autoptr (HeddlePlan) plan = new_agent_plan (self->n);
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (HeddleModels) models = NULL;
  g_auto (BenchPeer) peer = { NULL };
  Recording recording;
  gint64 empty = measure_empty ();
  gint64 begin;

  bench_peer_start (&peer, turns);
  models = new_models (&peer);
  begin_recording (&recording, models);
  begin = g_get_monotonic_time ();
  result = record (&recording, plan);
  bench_report_more (self, "time", (g_get_monotonic_time () - begin) / 1e3 / self->n, "ms");
  report_ratios (self, end_recording (&recording) - empty, result->events->len, (double) count_messages (result));
}

static const BenchCase cases[] = {
  { "durable-normal", measure_chain, 1000, "normal" },
  { "durable-full", measure_chain, 1000, "full" },
  { "log", measure_growth, 1000, NULL, 1 },
  { "log-agent-100", measure_agent, 100, NULL, 1 },
  { "log-agent-500", measure_agent, 500, NULL, 1 },
  { NULL },
};

int
main (int argc, char **argv)
{
  return bench_main (argc, argv, cases);
}
