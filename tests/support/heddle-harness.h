/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan-builder.h"
#include "run/heddle-run-engine.h"

G_BEGIN_DECLS

/* What came of a run, with all its events. */
typedef struct
{
  HeddleRunState state;
  JsonNode *output; /* NULL when it did not end well */
  GError *error;
  GPtrArray *events; /* HeddleEvent*, deltas of one batch merged */
  gint64 duration;   /* µs, from the first event to the last */
} HeddleHarnessResult;

void heddle_harness_result_free (HeddleHarnessResult *result);

/* Parses JSON that a test wrote; aborts on a mistake in it. */
JsonNode *heddle_harness_json (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for an event of that kind, or for the end of the run. */
void heddle_harness_wait_for (HeddleRun *run, HeddleEventKind kind);
/* The same for an event of that node. */
void heddle_harness_wait_for_node (HeddleRun *run, HeddleEventKind kind, const char *node);
/* Waits for the end of a run in the thread's default context. */
HeddleHarnessResult *heddle_harness_wait (HeddleRun *run) G_GNUC_WARN_UNUSED_RESULT;

/* Consumes the builder; aborts when it makes no plan. */
HeddlePlan *heddle_harness_finish (HeddlePlanBuilder *builder) G_GNUC_WARN_UNUSED_RESULT;
/* Runs to the end. services, input (JSON text): may be NULL. Consumes plan. */
HeddleHarnessResult *heddle_harness_run_plan (HeddlePlan *plan, const HeddleEngineServices *services, const char *input) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a workflow file's text; aborts when it does not compile. */
HeddleHarnessResult *heddle_harness_run_workflow (const char *json, const HeddleEngineServices *services, const char *input) G_GNUC_WARN_UNUSED_RESULT;

/*
 * A plan of one node called "node" with something to feed it. spec: {"params","inputs":{port:value},
 * "sources":{port:{node:value}}} as in a node type's example.
 */
HeddlePlan *heddle_harness_plan_node (const HeddleNodeType *type, JsonNode *spec) G_GNUC_WARN_UNUSED_RESULT;

/* The first event of that kind and node (NULL: any), or NULL. Borrowed. */
const HeddleEvent *heddle_harness_find (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node);
guint heddle_harness_count (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node);
/* "kind node" of all events of these kinds in order, joined by ", ", such as "node.finished a, node.skipped b". */
char *heddle_harness_list (const HeddleHarnessResult *result, ...) G_GNUC_WARN_UNUSED_RESULT; /* HeddleEventKind…, -1 */

/* FALSE, and the test is skipped with the reason, where the system allows no sandbox for code, as in a chroot. */
gboolean heddle_harness_has_sandbox (void);

/* Compares with JSON text and shows both when they differ. */
void heddle_harness_assert_json (JsonNode *value, const char *expected);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleHarnessResult, heddle_harness_result_free)

G_END_DECLS
