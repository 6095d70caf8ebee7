/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Maps over many items, loops of many rounds, and going on with a run in which much has finished. */
#include "bench.h"

#include "heddle-harness.h"
#include "run/heddle-run-again.h"
#include "store/heddle-store.h"

#define WORKFLOW(nodes, edges) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"Bench\",\"nodes\":[" nodes "],\"edges\":[" edges "]}"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"
#define CHILD(id, parent) "{\"id\":\"" id "\",\"type\":\"template\",\"parent\":\"" parent "\",\"params\":{\"text\":\"{{ $input }}\"}}"

/* How long the node waits at which a run is interrupted. */
#define PAUSE_MS 500

static HeddlePlan *
compile (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  HeddlePlan *plan = graph != NULL ? heddle_plan_compile (graph, NULL, &error) : NULL;

  g_assert_no_error (error);
  return plan;
}

/* So many items, and one node or three in a row for each of them. */
static HeddlePlan *
new_map (guint n_items, gboolean three)
{
  const char *body = three ? CHILD ("a", "m") "," CHILD ("b", "m") "," CHILD ("c", "m") : CHILD ("a", "m");
  const char *edges = three ? EDGE ("m.item", "a") "," EDGE ("a", "b") "," EDGE ("b", "c") "," EDGE ("c", "m.result") : EDGE ("m.item", "a") "," EDGE ("a", "m.result");
  g_autofree char *json = g_strdup_printf (WORKFLOW ("{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"'x'.repeat(%u).split('')\"}},%s", "%s"), n_items, body, edges);

  return compile (json);
}

static void
measure_map (const BenchCase *self)
{
  bench_report (self->name, bench_time_plan_ms (new_map (self->n, TRUE), NULL), "ms");
}

/* What the process needs more than before, with all the events of the run, which stay as long as somebody looks at it. */
static void
measure_memory (const BenchCase *self)
{
  g_autoptr (HeddlePlan) plan = new_map (self->n, FALSE);
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  double before = bench_get_memory_mb ();
  gint64 took = bench_time_run (engine, plan, NULL);

  bench_report (self->name, bench_get_peak_mb () - before, "MB");
  bench_report_more (self, "time", took / 1e3, "ms");
}

static void
measure_loop (const BenchCase *self)
{
  g_autofree char *json = g_strdup_printf (WORKFLOW ("{\"id\":\"l\",\"type\":\"loop\",\"params\":{\"mode\":\"times\",\"times\":%u,\"max_iterations\":%u,\"initial\":\"x\"}}," CHILD ("a", "l"),
                                                     EDGE ("l.body", "a") "," EDGE ("a", "l.next")),
                                           self->n, self->n);

  bench_report (self->name, bench_time_plan_ms (compile (json), NULL), "ms");
}

/* A row of texts, and a node that waits at its end. */
static HeddlePlan *
new_row_with_pause (guint n_nodes)
{
  g_autoptr (GString) nodes = g_string_new (NULL);
  g_autoptr (GString) edges = g_string_new (NULL);
  g_autofree char *json = NULL;

  for (guint i = 0; i < n_nodes; i++)
    {
      g_string_append_printf (nodes, "{\"id\":\"n%u\",\"type\":\"template\",\"params\":{\"text\":\"x\"}},", i);
      g_string_append_printf (edges, "{\"from\":\"n%u\",\"to\":\"%s%u\"}%s", i, i + 1 < n_nodes ? "n" : "pause", i + 1, i + 1 < n_nodes ? "," : "");
    }
  g_string_append_printf (nodes, "{\"id\":\"pause%u\",\"type\":\"wait\",\"params\":{\"seconds\":%g}}", n_nodes, PAUSE_MS / 1e3);
  json = g_strdup_printf (WORKFLOW ("%s", "%s"), nodes->str, edges->str);
  return compile (json);
}

/* Runs until the pause, and closes the program there. */
static char *
interrupt_at_pause (HeddleStore *store, guint n_nodes)
{
  HeddleEngineServices services = { .store = store };
  g_autoptr (HeddlePlan) plan = new_row_with_pause (n_nodes);
  HeddleEngine *engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);
  g_autofree char *pause = g_strdup_printf ("pause%u", n_nodes);
  char *id = g_strdup (heddle_run_get_id (run));

  heddle_harness_wait_for_node (run, HEDDLE_EVENT_NODE_STARTED, pause);
  heddle_engine_shutdown (engine);
  g_object_unref (engine);
  return id;
}

static void
resumed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
measure_resume (const BenchCase *self)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
  g_autoptr (HeddleStore) store = heddle_store_new (path, NULL);
  HeddleEngineServices services = { .store = store };
  g_autofree char *id = interrupt_at_pause (store, self->n);
  HeddleEngine *engine = heddle_engine_new (&services);
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  heddle_engine_resume_async (engine, id, NULL, NULL, resumed_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_resume_finish (engine, answer, &error);
  g_assert_no_error (error);
  result = heddle_harness_wait (run);
  g_assert_no_error (result->error);
  bench_report (self->name, (g_get_monotonic_time () - begin) / 1e3 - PAUSE_MS, "ms");
  g_object_unref (engine);
  g_clear_object (&store);
  bench_remove_folder (folder);
}

/* The one of memory comes first, before others need more. */
static const BenchCase cases[] = {
  { "map-100000-memory", measure_memory, 100000, NULL, 1 },
  { "map-10000", measure_map, 10000 },
  { "loop-1000", measure_loop, 1000 },
  { "resume-10000", measure_resume, 10000 },
  { NULL },
};

int
main (int argc, char **argv)
{
  return bench_main (argc, argv, cases);
}
