/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-harness.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

/* The node that waits for a person. */

#define WORKFLOW                                                                                                                         \
  "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"a\",\"name\":\"a\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},"          \
  "{\"id\":\"approval\",\"type\":\"approval\",\"params\":{\"title\":\"Send it to {{ $input.message }}?\",\"message\":\"**Look**.\"%s}}," \
  "{\"id\":\"yes\",\"type\":\"output\"},{\"id\":\"no\",\"type\":\"output\",\"params\":{\"name\":\"no\"}}],"                              \
  "\"edges\":[{\"from\":\"start\",\"to\":\"approval\"},{\"from\":\"approval.approved\",\"to\":\"yes\"},{\"from\":\"approval.refused\",\"to\":\"no\"}]}"

static HeddleRun *
start (HeddleEngine *engine, const char *params, HeddleAsking asking)
{
  g_autofree char *text = g_strdup_printf (WORKFLOW, params);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);
  g_autoptr (HeddlePlan) plan = graph != NULL ? heddle_plan_compile (graph, NULL, &error) : NULL;
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"Ada\"}");
  const HeddleRunOptions options = { .asking = asking };

  g_assert_no_error (error);
  return heddle_engine_start (engine, plan, input, &options);
}

/* The one question that is open once the run asked. */
static JsonNode *
wait_for_question (HeddleRun *run)
{
  g_autoptr (JsonNode) questions = NULL;

  heddle_harness_wait_for (run, HEDDLE_EVENT_RUN_ASKED);
  do
    {
      g_clear_pointer (&questions, json_node_unref);
      questions = heddle_run_dup_questions (run);
    }
  while (json_array_get_length (json_node_get_array (questions)) == 0 && heddle_run_get_state (run) == HEDDLE_RUN_RUNNING);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (questions)), ==, 1);
  return json_node_ref (json_array_get_element (json_node_get_array (questions), 0));
}

static gboolean
answer (HeddleRun *run, const char *text, GError **error)
{
  g_autoptr (JsonNode) question = wait_for_question (run);
  g_autoptr (JsonNode) value = text != NULL ? heddle_harness_json (text) : NULL;

  return heddle_run_answer (run, heddle_json_get_string (question, "id", ""), value, error);
}

static JsonNode *
result_of (const HeddleHarnessResult *result)
{
  g_assert_no_error (result->error);
  return heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "approval")->data, "result");
}

static HeddleHarnessResult *
run_answered (const char *params, const char *text)
{
  HeddleEngineServices services = { 0 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, params, HEDDLE_ASKING_PEOPLE);
  g_autoptr (GError) error = NULL;

  answer (run, text, &error);
  g_assert_no_error (error);
  return heddle_harness_wait (run);
}

static void
test_question (void)
{
  HeddleEngineServices services = { 0 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, ",\"timeout\":1000,\"fields\":[{\"name\":\"n\",\"type\":\"number\"}]", HEDDLE_ASKING_PEOPLE);
  g_autoptr (JsonNode) question = wait_for_question (run);

  g_assert_cmpstr (heddle_json_get_string (question, "kind", ""), ==, "approval-step");
  g_assert_cmpstr (heddle_json_get_string (question, "title", ""), ==, "Send it to Ada?");
  g_assert_cmpstr (heddle_json_get_string (question, "text", ""), ==, "**Look**.");
  g_assert_cmpstr (heddle_json_get_string (question, "node", ""), ==, "approval");
  g_assert_cmpstr (heddle_json_get_string (question, "otherwise", ""), ==, "refuse");
  g_assert_nonnull (heddle_json_get_string (question, "until", NULL));
  g_assert_true (heddle_json_get_boolean (question, "editable", FALSE));
  heddle_harness_assert_json (heddle_json_member (question, "value"), "{\"message\":\"Ada\"}");
}

static void
test_approve (void)
{
  g_autoptr (HeddleHarnessResult) result = run_answered ("", "{\"approve\":true}");

  heddle_harness_assert_json (result->output, "{\"message\":\"Ada\"}");
  heddle_harness_assert_json (result_of (result), "{\"output\":{\"message\":\"Ada\"},\"approved\":true,\"edited\":false,\"reason\":\"\",\"fields\":{}}");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, "no"), ==, 1);
}

static void
test_edit (void)
{
  g_autoptr (HeddleHarnessResult) result = run_answered ("", "{\"approve\":true,\"value\":[1]}");

  heddle_harness_assert_json (result->output, "[1]");
  g_assert_true (heddle_json_get_boolean (result_of (result), "edited", FALSE));
}

static void
test_refuse (void)
{
  g_autoptr (HeddleHarnessResult) result = run_answered ("", "{\"approve\":false,\"reason\":\"Too long.\"}");

  heddle_harness_assert_json (result->output, "\"Too long.\"");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, "yes"), ==, 1);
}

/* Who declines to answer at all does not refuse. */
static void
test_decline (void)
{
  g_autoptr (HeddleHarnessResult) result = run_answered ("", NULL);

  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED);
}

static void
test_not_editable (void)
{
  HeddleEngineServices services = { 0 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, ",\"editable\":false", HEDDLE_ASKING_PEOPLE);
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (answer (run, "{\"approve\":true,\"value\":2}", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_assert_true (answer (run, "{\"approve\":true}", NULL));
  result = heddle_harness_wait (run);
  heddle_harness_assert_json (result->output, "{\"message\":\"Ada\"}");
}

/* What does not do is asked again, with the reason. */
static void
test_fields (void)
{
  HeddleEngineServices services = { 0 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, ",\"fields\":[{\"name\":\"amount\",\"type\":\"number\",\"required\":true}]", HEDDLE_ASKING_PEOPLE);
  g_autoptr (JsonNode) again = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  g_assert_true (answer (run, "{\"approve\":true}", NULL));
  while (again == NULL || heddle_json_get_string (again, "problem", NULL) == NULL)
    {
      g_clear_pointer (&again, json_node_unref);
      again = wait_for_question (run);
    }
  g_assert_nonnull (strstr (heddle_json_get_string (again, "problem", ""), "amount"));
  g_assert_true (answer (run, "{\"approve\":true,\"fields\":{\"amount\":\"12.5\"}}", NULL));
  result = heddle_harness_wait (run);
  heddle_harness_assert_json (heddle_json_member (result_of (result), "fields"), "{\"amount\":12.5}");
}

static HeddleHarnessResult *
run_alone (const char *params, HeddleAsking asking, HeddleStore *store)
{
  HeddleEngineServices services = { .store = store };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, params, asking);

  return heddle_harness_wait (run);
}

static void
test_timeout (void)
{
  g_autoptr (HeddleHarnessResult) refused = run_alone (",\"timeout\":0.02", HEDDLE_ASKING_PEOPLE, NULL);
  g_autoptr (HeddleHarnessResult) approved = run_alone (",\"timeout\":0.02,\"otherwise\":\"approve\"", HEDDLE_ASKING_PEOPLE, NULL);
  g_autoptr (HeddleHarnessResult) failed = run_alone (",\"timeout\":0.02,\"otherwise\":\"fail\"", HEDDLE_ASKING_PEOPLE, NULL);
  g_autoptr (HeddleHarnessResult) incomplete = run_alone (",\"timeout\":0.02,\"otherwise\":\"approve\",\"fields\":[{\"name\":\"n\",\"required\":true}]", HEDDLE_ASKING_PEOPLE, NULL);

  heddle_harness_assert_json (refused->output, "\"Nobody answered in time.\"");
  heddle_harness_assert_json (approved->output, "{\"message\":\"Ada\"}");
  g_assert_error (failed->error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED);
  /* Nobody made up what has to be filled in. */
  g_assert_error (incomplete->error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED);
}

static void
test_nobody (void)
{
  g_autoptr (HeddleHarnessResult) nobody = run_alone ("", HEDDLE_ASKING_NOBODY, NULL);
  g_autoptr (HeddleHarnessResult) all = run_alone ("", HEDDLE_ASKING_APPROVES, NULL);
  g_autoptr (HeddleHarnessResult) incomplete = run_alone (",\"fields\":[{\"name\":\"n\",\"required\":true}]", HEDDLE_ASKING_APPROVES, NULL);
  g_autoptr (HeddleHarnessResult) unstored = run_alone ("", HEDDLE_ASKING_LATER, NULL);

  g_assert_error (nobody->error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED);
  g_assert_error (incomplete->error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED);
  g_assert_error (unstored->error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED);
  heddle_harness_assert_json (all->output, "{\"message\":\"Ada\"}");
}

static void
test_later (void)
{
  g_autoptr (HeddleStore) store = heddle_store_new (":memory:", NULL);
  HeddleEngineServices services = { .store = store };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, "", HEDDLE_ASKING_LATER);
  g_autoptr (HeddleHarnessResult) result = NULL;

  g_assert_true (answer (run, "{\"approve\":true}", NULL));
  result = heddle_harness_wait (run);
  g_assert_no_error (result->error);
}

static void
test_cancel (void)
{
  HeddleEngineServices services = { 0 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, ",\"timeout\":1000", HEDDLE_ASKING_PEOPLE);
  g_autoptr (JsonNode) question = wait_for_question (run);
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;

  heddle_run_cancel (run);
  result = heddle_harness_wait (run);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  g_assert_false (heddle_run_answer (run, heddle_json_get_string (question, "id", ""), NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node-approval/question", test_question);
  g_test_add_func ("/node-approval/approve", test_approve);
  g_test_add_func ("/node-approval/edit", test_edit);
  g_test_add_func ("/node-approval/refuse", test_refuse);
  g_test_add_func ("/node-approval/decline", test_decline);
  g_test_add_func ("/node-approval/not-editable", test_not_editable);
  g_test_add_func ("/node-approval/fields", test_fields);
  g_test_add_func ("/node-approval/timeout", test_timeout);
  g_test_add_func ("/node-approval/nobody", test_nobody);
  g_test_add_func ("/node-approval/later", test_later);
  g_test_add_func ("/node-approval/cancel", test_cancel);
  return g_test_run ();
}
