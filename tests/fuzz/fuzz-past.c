/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz-driver.h"
#include "heddle-harness.h"
#include "run/heddle-past.h"
#include "trace/heddle-trace.h"
#include "value/heddle-json.h"

/* Nodes of the names that the corpus has. */
static const char workflow[] = "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
                               "{\"id\":\"a\",\"type\":\"template\",\"params\":{\"text\":\"A\"}},{\"id\":\"b\",\"type\":\"template\",\"params\":{\"text\":\"B\"}},"
                               "{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"[1,2]\"}},{\"id\":\"t\",\"type\":\"template\",\"parent\":\"m\",\"params\":{\"text\":\"T\"}},"
                               "{\"id\":\"out\",\"type\":\"output\"}],\"edges\":[{\"from\":\"a\",\"to\":\"b\"},{\"from\":\"a\",\"to\":\"m\"},{\"from\":\"m.item\",\"to\":\"t\"},"
                               "{\"from\":\"t\",\"to\":\"m.result\"},{\"from\":\"b\",\"to\":\"out\"},{\"from\":\"m\",\"to\":\"out\"}]}";

typedef struct
{
  HeddleEngine *engine;
  HeddlePlan *plan;
} Target;

/* Made once, as a thread for each of thousands of inputs would take longer than they do. */
static const Target *
get_target (void)
{
  static Target target;

  if (target.engine == NULL)
    {
      g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (workflow, -1, NULL);

      target.engine = heddle_engine_new (NULL);
      target.plan = heddle_plan_compile (graph, NULL, NULL);
    }
  return &target;
}

/* Lines that are events; the others are left out. */
static GPtrArray *
read_events (const char *data, gsize size)
{
  g_autofree char *text = g_strndup (data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (JsonNode) json = heddle_json_parse (lines[i], -1, NULL);
      HeddleEvent *event = json != NULL ? heddle_event_new_from_json (json, NULL) : NULL;

      if (event != NULL)
        g_ptr_array_add (events, event);
    }
  return events;
}

/* What another run is told it takes from this one makes the same of it. */
static void
check_taken (HeddlePast *past)
{
  g_autoptr (GPtrArray) taken = heddle_past_list_taken (past);
  g_autoptr (HeddlePast) again = heddle_past_new ("again", taken);

  for (guint i = 0; i < taken->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (taken, i);

      if (event->kind == HEDDLE_EVENT_NODE_FINISHED)
        g_assert_nonnull (heddle_past_find (again, event->scope, event->node));
    }
}

/* A run that begins with it ends, in whatever way. */
static void
check_run (HeddlePast *past)
{
  const Target *target = get_target ();
  HeddleRunOptions options = { .durability = HEDDLE_DURABILITY_MEMORY, .asking = HEDDLE_ASKING_NOBODY, .past = past };
  g_autoptr (HeddleRun) run = heddle_engine_start (target->engine, target->plan, NULL, &options);
  g_autoptr (HeddleHarnessResult) result = heddle_harness_wait (run);

  g_assert_cmpint (result->state, !=, HEDDLE_RUN_RUNNING);
}

/* Any list of events can be looked back at, shown, and gone on with. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) events = read_events ((const char *) data, size);
  g_autoptr (HeddlePast) past = heddle_past_new ("run", events);
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);

  heddle_trace_apply (trace, events);
  check_taken (past);
  check_run (past);
  heddle_past_forget (past, get_target ()->plan, "a");
  check_taken (past);
  return 0;
}
