/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-harness.h"
#include "store/heddle-store-questions.h"
#include "value/heddle-json.h"

/* What runs ask people, as the database knows it, and answers that come by it. */

#define WORKFLOW                                                                                                                  \
  "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"Ask\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}," \
  "{\"id\":\"approval\",\"type\":\"approval\",\"params\":{\"title\":\"Right?\"}},{\"id\":\"end\",\"type\":\"output\"}],"          \
  "\"edges\":[{\"from\":\"start\",\"to\":\"approval\"},{\"from\":\"approval.approved\",\"to\":\"end\"}]}"
#define OUTER                                                                                                                   \
  "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"o\",\"name\":\"o\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}," \
  "{\"id\":\"call\",\"type\":\"sub-workflow\",\"params\":{\"workflow\":\"w\",\"input\":\"{{ $input }}\"}}],"                    \
  "\"edges\":[{\"from\":\"start\",\"to\":\"call\"}]}"

typedef struct
{
  HeddleStore *store;
  HeddleEngine *engine;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  HeddleEngineServices services;

  f->store = heddle_store_new (":memory:", NULL);
  services = (HeddleEngineServices){ .store = f->store };
  f->engine = heddle_engine_new (&services);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->engine);
  g_object_unref (f->store);
}

static HeddleRun *
start (Fixture *f, const char *workflow)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (workflow, -1, NULL);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, NULL);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"Ada\"}");
  const HeddleRunOptions options = { .asking = HEDDLE_ASKING_LATER };
  HeddleRun *run = heddle_engine_start (f->engine, plan, input, &options);

  heddle_harness_wait_for (run, HEDDLE_EVENT_RUN_ASKED);
  return run;
}

static GPtrArray *
list (Fixture *f, const char *run)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *questions = heddle_store_list_questions (f->store, run, &error);

  g_assert_no_error (error);
  return questions;
}

static void
test_list (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (f, WORKFLOW);
  g_autoptr (HeddleRun) second = start (f, WORKFLOW);
  g_autoptr (GPtrArray) all = list (f, NULL);
  g_autoptr (GPtrArray) one = list (f, heddle_run_get_id (second));
  g_autoptr (GPtrArray) none = NULL;
  const HeddleQuestionInfo *info = g_ptr_array_index (all, 0);

  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (info->run, ==, heddle_run_get_id (first));
  g_assert_cmpstr (info->workflow, ==, "w");
  g_assert_cmpstr (info->name, ==, "Ask");
  g_assert_true (info->is_running);
  g_assert_cmpint (ABS (g_get_real_time () - info->asked), <, 60 * G_USEC_PER_SEC);
  g_assert_cmpstr (heddle_json_get_string (info->question, "title", ""), ==, "Right?");
  heddle_run_cancel (first);
  heddle_run_cancel (second);
  heddle_harness_result_free (heddle_harness_wait (first));
  heddle_harness_result_free (heddle_harness_wait (second));
  none = list (f, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_answer (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleRun) run = start (f, WORKFLOW);
  g_autoptr (GPtrArray) open = list (f, NULL);
  g_autoptr (GPtrArray) none = NULL;
  const HeddleQuestionInfo *info = g_ptr_array_index (open, 0);
  g_autoptr (JsonNode) answer = heddle_harness_json ("{\"approve\":true,\"value\":\"Eve\"}");
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = heddle_store_leave_answer (f->store, info->run, heddle_json_get_string (info->question, "id", ""), answer, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  result = heddle_harness_wait (run);
  heddle_harness_assert_json (result->output, "\"Eve\"");
  g_assert_false (heddle_store_has_answer (f->store, id, FALSE));
  none = list (f, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleRun) run = start (f, WORKFLOW);
  g_autoptr (GPtrArray) open = list (f, NULL);
  const char *id = heddle_json_get_string (((HeddleQuestionInfo *) open->pdata[0])->question, "id", "");
  g_autoptr (JsonNode) wrong = heddle_harness_json ("{\"approve\":\"yes\"}");
  g_autoptr (JsonNode) right = heddle_harness_json ("{\"approve\":true}");
  g_autoptr (GError) misfit = NULL;
  g_autoptr (GError) unknown = NULL;
  gint64 left;

  g_assert_cmpint (heddle_store_leave_answer (f->store, heddle_run_get_id (run), id, wrong, &misfit), ==, 0);
  g_assert_error (misfit, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_assert_cmpint (heddle_store_leave_answer (f->store, heddle_run_get_id (run), "q999", right, &unknown), ==, 0);
  g_assert_error (unknown, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  /* What is taken back in time was never given. */
  left = heddle_store_leave_answer (f->store, heddle_run_get_id (run), id, right, NULL);
  if (heddle_store_has_answer (f->store, left, TRUE))
    g_assert_false (heddle_store_has_answer (f->store, left, FALSE));
  heddle_run_cancel (run);
  heddle_harness_result_free (heddle_harness_wait (run));
}

/* People are asked by the run that they started, once. */
static void
test_nested (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (GPtrArray) open = NULL;

  g_assert_true (heddle_store_save_workflow (f->store, "w", "w", WORKFLOW, NULL));
  run = start (f, OUTER);
  open = list (f, NULL);
  g_assert_cmpuint (open->len, ==, 1);
  g_assert_cmpstr (((HeddleQuestionInfo *) open->pdata[0])->run, ==, heddle_run_get_id (run));
  heddle_run_cancel (run);
  heddle_harness_result_free (heddle_harness_wait (run));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/questions/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("list", test_list);
  ADD ("answer", test_answer);
  ADD ("refused", test_refused);
  ADD ("nested", test_nested);
  return g_test_run ();
}
