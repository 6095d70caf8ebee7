/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "value/heddle-json.h"

static HeddlePlanBuilder *
new_builder (JsonNode *value)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("bench", "Bench");
  g_autoptr (JsonNode) text = heddle_json_string ("value");

  heddle_test_nodes_add_value (builder, "start", value != NULL ? value : text);
  return builder;
}

static void
connect (HeddlePlanBuilder *builder, const char *from, const char *to)
{
  g_autofree char *edge = g_strdup_printf ("%s %s", from, to);

  heddle_test_nodes_connect (builder, edge);
}

/* Adds nodes in a row behind from ("node" or "node.port"). Returns the id of the last one. */
static char *
add_row (HeddlePlanBuilder *builder, const char *from, guint n_nodes, const HeddleNodeType *type, const char *params)
{
  g_autofree char *previous = g_strdup (from);

  for (guint i = 0; i < n_nodes; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);

      heddle_test_nodes_add (builder, id, type, params);
      connect (builder, previous, id);
      g_free (previous);
      previous = g_steal_pointer (&id);
    }
  return g_steal_pointer (&previous);
}

static void
add_diamonds (HeddlePlanBuilder *builder, const char *from, guint n_diamonds)
{
  g_autofree char *previous = g_strdup (from);

  for (guint i = 0; i < n_diamonds; i++)
    {
      g_autofree char *left = g_strdup_printf ("l%u", i);
      g_autofree char *right = g_strdup_printf ("r%u", i);
      g_autofree char *join = g_strdup_printf ("j%u", i);

      heddle_test_nodes_add (builder, left, &heddle_test_node_echo, NULL);
      heddle_test_nodes_add (builder, right, &heddle_test_node_echo, NULL);
      heddle_test_nodes_add (builder, join, &heddle_test_node_echo, NULL);
      connect (builder, previous, left);
      connect (builder, previous, right);
      connect (builder, left, join);
      connect (builder, right, join);
      g_free (previous);
      previous = g_steal_pointer (&join);
    }
}

HeddlePlan *
bench_new_chain (guint n_nodes, JsonNode *value, const HeddleNodeType *type, const char *params)
{
  HeddlePlanBuilder *builder = new_builder (value);

  g_free (add_row (builder, "start", n_nodes - 1, type, params));
  return heddle_harness_finish (builder);
}

HeddlePlan *
bench_new_fan (guint n_nodes, const HeddleNodeType *type, const char *params)
{
  HeddlePlanBuilder *builder = new_builder (NULL);

  heddle_test_nodes_add (builder, "end", &heddle_test_node_echo, NULL);
  for (guint i = 0; i < n_nodes; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);

      heddle_test_nodes_add (builder, id, type, params);
      connect (builder, "start", id);
      connect (builder, id, "end");
    }
  return heddle_harness_finish (builder);
}

HeddlePlan *
bench_new_skipped (guint n_row, guint n_diamonds)
{
  HeddlePlanBuilder *builder = new_builder (NULL);

  heddle_test_nodes_add (builder, "check", heddle_registry_lookup ("if-else"), "{\"condition\":\"false\"}");
  connect (builder, "start", "check");
  g_free (add_row (builder, "check.true", n_row, &heddle_test_node_echo, NULL));
  add_diamonds (builder, "check.true", n_diamonds);
  return heddle_harness_finish (builder);
}
