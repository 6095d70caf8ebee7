/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

#include "plan/heddle-plan.h"
#include "value/heddle-json.h"

void
heddle_store_begin_run (HeddleStore *self,
                        HeddleRun *run,
                        HeddleDurability durability)
{
  HeddlePlan *plan;
  const char *source;
  HeddleRunHead head;

  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (HEDDLE_IS_RUN (run));

  plan = heddle_run_get_plan (run);
  head.id = heddle_run_get_id (run);
  head.workflow = heddle_plan_get_workflow_id (plan);
  head.name = heddle_plan_get_name (plan);
  source = heddle_plan_get_source (plan);
  head.source = source != NULL ? source : "{}"; /* a plan that was built by hand */
  head.started = heddle_run_get_started (run);
  head.started_by = heddle_json_get_string (heddle_run_get_trigger (run), "kind", NULL);
  heddle_store_record_run (self, &head, durability);
}

void
heddle_store_append_events (HeddleStore *self,
                            HeddleRun *run,
                            GPtrArray *events)
{
  g_return_if_fail (HEDDLE_IS_STORE (self));
  g_return_if_fail (HEDDLE_IS_RUN (run));
  g_return_if_fail (events != NULL);

  heddle_store_record_events (self, heddle_run_get_id (run), events);
}
