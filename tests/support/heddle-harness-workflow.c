/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-harness.h"

HeddleHarnessResult *
heddle_harness_run_workflow (const char *json, const HeddleEngineServices *services, const char *input)
{
  GError *error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  HeddlePlan *plan;

  g_assert_no_error (error);
  plan = heddle_plan_compile (graph, NULL, &error);
  g_assert_no_error (error);
  return heddle_harness_run_plan (plan, services, input);
}
