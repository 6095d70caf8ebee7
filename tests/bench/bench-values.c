/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Expressions by themselves, and large values: looked at by many expressions, and handed along a chain. */
#include "bench.h"

#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#define MIB (1024 * 1024)

/* About so many bytes of records as an API gives them. */
static JsonNode *
new_records (guint n_bytes)
{
  g_autoptr (GString) text = g_string_new ("{\"records\":[");

  for (guint i = 0; text->len < n_bytes; i++)
    g_string_append_printf (text, "%s{\"id\":%u,\"name\":\"Customer number %u\",\"active\":%s,\"balance\":%u.25,\"tags\":[\"a\",\"b\"]}",
                            i > 0 ? "," : "", i, i, i % 3 == 0 ? "true" : "false", i * 7 % 1000);
  g_string_append (text, "]}");
  return heddle_harness_json (text->str);
}

static void
measure_expression (const BenchCase *self)
{
  const guint n_times = 20000;
  g_autoptr (JsonNode) context = heddle_harness_json ("{\"nodes\":{\"order\":{\"output\":{\"items\":[{\"price\":3,\"n\":2},{\"price\":5,\"n\":1}],\"name\":\"Ada\"}}},\"input\":\"x\"}");
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleExpr) expr = heddle_expr_compile (self->variant, &error);
  HeddleScope scope;
  gint64 begin;

  g_assert_no_error (error);
  heddle_scope_init_context (&scope, context);
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < n_times; i++)
    {
      g_autoptr (JsonNode) value = heddle_expr_evaluate (expr, &scope, &error);

      g_assert_no_error (error);
      g_assert_false (heddle_json_is_null (value));
    }
  bench_report (self->name, (double) (g_get_monotonic_time () - begin) / n_times, "µs");
}

/* Twenty expressions of one node over what another one gave. */
static void
measure_many_expressions (const BenchCase *self)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("bench", "Bench");
  g_autoptr (JsonNode) records = new_records (self->n);
  g_autoptr (GString) params = g_string_new ("{\"mode\":\"only\",\"values\":[");

  for (guint i = 0; i < 20; i++)
    g_string_append_printf (params, "%s{\"name\":\"v%u\",\"value\":\"{{ $start.output.records[%u].name }}\"}", i > 0 ? "," : "", i, i * 10);
  g_string_append (params, "]}");
  heddle_test_nodes_add_value (builder, "start", records);
  heddle_test_nodes_add (builder, "look", heddle_registry_lookup ("set"), params->str);
  heddle_test_nodes_connect (builder, "start look");
  bench_report (self->name, bench_time_plan_ms (heddle_harness_finish (builder), NULL), "ms");
}

static void
measure_large_chain (const BenchCase *self)
{
  g_autoptr (JsonNode) records = new_records (MIB);

  bench_report (self->name, bench_time_plan_ms (bench_new_chain (self->n, records, &heddle_test_node_echo, NULL), NULL), "ms");
}

/* Until all of it is in the database. */
static void
measure_large_durable_chain (const BenchCase *self)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
  g_autoptr (JsonNode) records = new_records (MIB);
  g_autoptr (HeddlePlan) plan = bench_new_chain (self->n, records, &heddle_test_node_echo, NULL);
  g_autoptr (HeddleStore) store = heddle_store_new (path, NULL);
  HeddleEngineServices services = { .store = store };
  HeddleEngine *engine = heddle_engine_new (&services);
  gint64 begin = g_get_monotonic_time ();

  bench_time_run (engine, plan, NULL);
  heddle_store_flush (store);
  bench_report (self->name, (g_get_monotonic_time () - begin) / 1e3, "ms");
  g_object_unref (engine);
  g_clear_object (&store);
  bench_remove_folder (folder);
}

static const BenchCase cases[] = {
  { "expression-path", measure_expression, 0, "$order.output.items[0].price" },
  { "expression-compare", measure_expression, 0, "$order.output.name === 'Ada' && $order.output.items.length > 1" },
  { "expression-reduce", measure_expression, 0, "$order.output.items.map(i => i.price * i.n).reduce((a, b) => a + b, 0)" },
  { "large-expressions", measure_many_expressions, MIB },
  { "large-chain", measure_large_chain, 1000 },
  { "large-durable-chain", measure_large_durable_chain, 100 },
  { NULL },
};

int
main (int argc, char **argv)
{
  return bench_main (argc, argv, cases);
}
