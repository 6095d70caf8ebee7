/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

#include <stdio.h>

/* How long the engine itself takes: from the start of a run to its last event, in memory, median of seven. */

#define N_RUNS 7

static HeddlePlanBuilder *
new_builder (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("bench", "Bench");
  g_autoptr (JsonNode) value = heddle_json_string ("value");

  heddle_test_nodes_add_value (builder, "start", value);
  return builder;
}

static void
add_linked (HeddlePlanBuilder *builder, const char *from, const char *id, const HeddleNodeType *type, const char *params)
{
  g_autofree char *edge = g_strdup_printf ("%s %s", from, id);

  heddle_test_nodes_add (builder, id, type, params);
  heddle_test_nodes_connect (builder, edge);
}

static HeddlePlan *
new_chain (guint n_nodes, const HeddleNodeType *type, const char *params)
{
  HeddlePlanBuilder *builder = new_builder ();
  g_autofree char *previous = g_strdup ("start");

  for (guint i = 1; i < n_nodes; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);

      add_linked (builder, previous, id, type, params);
      g_free (previous);
      previous = g_steal_pointer (&id);
    }
  return heddle_harness_finish (builder);
}

/* start → n in parallel → end. */
static HeddlePlan *
new_fan (guint n_nodes, const HeddleNodeType *type, const char *params)
{
  HeddlePlanBuilder *builder = new_builder ();

  heddle_test_nodes_add (builder, "end", &heddle_test_node_echo, NULL);
  for (guint i = 0; i < n_nodes; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);
      g_autofree char *edge = g_strdup_printf ("%s end", id);

      add_linked (builder, "start", id, type, params);
      heddle_test_nodes_connect (builder, edge);
    }
  return heddle_harness_finish (builder);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static gint64
time_run (HeddleEngine *engine, HeddlePlan *plan)
{
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);
  g_autoptr (HeddleHarnessResult) result = heddle_harness_wait (run);

  g_assert_no_error (result->error);
  return result->duration;
}

static void
measure (const char *what, HeddlePlan *plan, double target_ms)
{
  HeddleEngineServices services = { .max_running = 128 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  gint64 times[N_RUNS];
  guint n_steps = heddle_plan_get_n_steps (plan);
  double median;

  time_run (engine, plan);
  for (guint i = 0; i < N_RUNS; i++)
    times[i] = time_run (engine, plan);
  qsort (times, N_RUNS, sizeof (gint64), compare);
  median = times[N_RUNS / 2] / 1000.0;
  printf ("%-40s %9.2f %9.2f %9.2f   %s\n", what, median, median * 1000 / n_steps, target_ms, median <= target_ms ? "" : "missed");
  heddle_plan_unref (plan);
}

int
main (void)
{
  const HeddleNodeType *template = heddle_registry_lookup ("template");
  const HeddleNodeType *wait = heddle_registry_lookup ("wait");

  printf ("%-40s %9s %9s %9s\n", "", "ms", "µs/node", "target ms");
  measure ("chain of 1 000, trivial", new_chain (1000, &heddle_test_node_echo, NULL), 10);
  measure ("chain of 10 000, trivial", new_chain (10000, &heddle_test_node_echo, NULL), 100);
  measure ("chain of 1 000, a template each", new_chain (1000, template, "{\"text\":\"{{ $input }}\"}"), 20);
  measure ("fan-out and in of 1 000, trivial", new_fan (1000, &heddle_test_node_echo, NULL), 20);
  measure ("100 waits of 50 ms in parallel", new_fan (100, wait, "{\"seconds\":0.05}"), 60);
  return 0;
}
