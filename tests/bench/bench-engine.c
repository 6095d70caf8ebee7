/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long the engine itself takes, in memory: from the start of a run until the program has heard of its end. */
#include "bench.h"

#include "heddle-test-nodes.h"

static void
measure_chain (const BenchCase *self)
{
  double ms = bench_time_plan_ms (bench_new_chain (self->n, NULL, &heddle_test_node_echo, NULL), NULL);

  bench_report (self->name, ms, "ms");
  bench_report_more (self, "per-node", ms * 1000 / self->n, "µs");
}

static void
measure_templates (const BenchCase *self)
{
  const HeddleNodeType *type = heddle_registry_lookup ("template");

  bench_report (self->name, bench_time_plan_ms (bench_new_chain (self->n, NULL, type, "{\"text\":\"{{ $input }}\"}"), NULL), "ms");
}

static void
measure_fan (const BenchCase *self)
{
  bench_report (self->name, bench_time_plan_ms (bench_new_fan (self->n, &heddle_test_node_echo, NULL), NULL), "ms");
}

static void
measure_waits (const BenchCase *self)
{
  HeddleEngineServices services = { .max_running = self->n };

  bench_report (self->name, bench_time_plan_ms (bench_new_fan (self->n, heddle_registry_lookup ("wait"), "{\"seconds\":0.05}"), &services), "ms");
}

static void
measure_diamonds (const BenchCase *self)
{
  bench_report (self->name, bench_time_plan_ms (bench_new_skipped (0, self->n), NULL), "ms");
}

static void
measure_skipped_row (const BenchCase *self)
{
  bench_report (self->name, bench_time_plan_ms (bench_new_skipped (self->n, 0), NULL), "ms");
}

static const BenchCase cases[] = {
  { "chain-1000", measure_chain, 1000 },
  { "chain-10000", measure_chain, 10000 },
  { "chain-templates", measure_templates, 1000 },
  { "fan-1000", measure_fan, 1000 },
  { "waits-100", measure_waits, 100 },
  { "skip-diamonds", measure_diamonds, 20 },
  { "skip-row", measure_skipped_row, 1200 },
  { NULL },
};

int
main (int argc, char **argv)
{
  return bench_main (argc, argv, cases);
}
