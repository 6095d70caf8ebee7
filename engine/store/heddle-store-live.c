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
  g_autofree char *options = NULL;
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
  head.parent = g_strcmp0 (head.started_by, "fork") == 0 ? heddle_json_get_string (heddle_run_get_trigger (run), "run", NULL) : NULL;
  options = heddle_json_to_text (heddle_run_get_options (run), HEDDLE_JSON_COMPACT);
  head.options = options;
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
