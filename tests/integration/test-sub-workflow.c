/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "provider/heddle-models.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#include <string.h>

#define HEAD(id, name) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"" id "\",\"name\":\"" name "\",\"nodes\":["
#define CALL(name) "{\"id\":\"call\",\"type\":\"sub-workflow\",\"params\":{\"workflow\":\"" name "\"}}"

static const char shout[] = HEAD ("inner", "Shout") "{\"id\":\"start\",\"type\":\"input\"},"
                                                    "{\"id\":\"end\",\"type\":\"output\",\"params\":{\"value\":\"{{ $start.message.toUpperCase () }}\"}}],"
                                                    "\"edges\":[{\"from\":\"start\",\"to\":\"end\"}]}";
static const char outer[] = HEAD ("outer", "Outer") "{\"id\":\"start\",\"type\":\"input\"}," CALL ("Shout") "],\"edges\":[{\"from\":\"start\",\"to\":\"call\"}]}";

typedef struct
{
  HeddleStore *store;
  HeddleEngineServices services;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->store = heddle_store_new (":memory:", &error);
  g_assert_no_error (error);
  f->services.store = f->store;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->store);
}

static void
save (Fixture *f, const char *id, const char *name, const char *json)
{
  g_autoptr (GError) error = NULL;

  heddle_store_save_workflow (f->store, id, name, json, &error);
  g_assert_no_error (error);
}

static void
test_output (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  const HeddleEvent *finished;
  const char *id;

  save (f, "inner", "Shout", shout);
  result = heddle_harness_run_workflow (outer, &f->services, "{\"message\":\"hello\"}");
  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "\"HELLO\"");
  finished = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "call");
  id = heddle_json_get_string (heddle_json_member (finished->data, "result"), "run", NULL);
  runs = heddle_store_list_runs (f->store, "inner", 10, NULL);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpstr (((const HeddleRunInfo *) g_ptr_array_index (runs, 0))->id, ==, id);
}

/* What its models use counts for the whole. */
static void
test_usage (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleModels) models = heddle_models_new (NULL, NULL);
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *finished;

  f->services.models = models;
  save (f, "inner", "Shout", HEAD ("inner", "Shout") "{\"id\":\"ask\",\"type\":\"llm\",\"params\":{\"prompt\":\"Hello\"}}],\"edges\":[]}");
  result = heddle_harness_run_workflow (outer, &f->services, "{\"message\":\"hello\"}");
  g_assert_no_error (result->error);
  finished = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  g_assert_cmpint (heddle_json_get_int (heddle_json_member (finished->data, "usage"), "output_tokens", 0), >, 0);
}

/* What was edited since the last save counts as well. */
static void
test_journal (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) edits = heddle_harness_json ("{\"op\":\"edit\",\"label\":\"Edit\",\"edits\":[{\"kind\":\"param\",\"key\":\"end.value\",\"index\":0,"
                                                    "\"before\":\"{{ $start.message.toUpperCase () }}\",\"after\":\"edited\"}]}");
  g_autoptr (HeddleHarnessResult) result = NULL;

  save (f, "inner", "Shout", shout);
  heddle_store_append_journal (f->store, "inner", edits);
  result = heddle_harness_run_workflow (outer, &f->services, "{\"message\":\"hello\"}");
  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "\"edited\"");
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = heddle_harness_run_workflow (outer, &f->services, "{\"message\":\"hello\"}");

  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

static void
test_failure (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  save (f, "inner", "Shout", HEAD ("inner", "Shout") "{\"id\":\"stop\",\"type\":\"fail\",\"params\":{\"message\":\"enough\"}}],\"edges\":[]}");
  result = heddle_harness_run_workflow (outer, &f->services, "{\"message\":\"hello\"}");
  g_assert_nonnull (result->error);
  g_assert_nonnull (strstr (result->error->message, "enough"));
}

static void
test_calls_itself (Fixture *f, gconstpointer data)
{
  static const char endless[] = HEAD ("endless", "Endless") CALL ("Endless") "],\"edges\":[]}";
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GPtrArray) runs = NULL;

  save (f, "endless", "Endless", endless);
  result = heddle_harness_run_workflow (endless, &f->services, NULL);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT);
  runs = heddle_store_list_runs (f->store, "endless", 100, NULL);
  g_assert_cmpuint (runs->len, ==, 17);
}

/* The inner run ends with the outer one. */
static void
test_cancel (Fixture *f, gconstpointer data)
{
  static const char slow[] = HEAD ("inner", "Shout") "{\"id\":\"wait\",\"type\":\"wait\",\"params\":{\"seconds\":600}}],\"edges\":[]}";
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (outer, -1, NULL);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, NULL);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"hello\"}");
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (GPtrArray) runs = NULL;

  save (f, "inner", "Shout", slow);
  run = heddle_engine_start (engine, plan, input, NULL);
  do
    {
      g_clear_pointer (&runs, g_ptr_array_unref);
      runs = heddle_store_list_runs (f->store, "inner", 10, NULL);
    }
  while (runs->len == 0);
  heddle_run_cancel (run);
  result = heddle_harness_wait (run);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  heddle_engine_shutdown (engine);
  g_clear_pointer (&runs, g_ptr_array_unref);
  runs = heddle_store_list_runs (f->store, "inner", 10, NULL);
  g_assert_cmpint (((const HeddleRunInfo *) g_ptr_array_index (runs, 0))->state, ==, HEDDLE_RUN_CANCELLED);
}

static char *
wait_for_question (HeddleRun *run)
{
  for (;;)
    {
      g_autoptr (JsonNode) questions = heddle_run_dup_questions (run);
      JsonArray *array = json_node_get_array (questions);

      if (json_array_get_length (array) == 0)
        {
          g_usleep (1000);
          continue;
        }
      g_assert_cmpstr (heddle_json_get_string (json_array_get_element (array, 0), "node", ""), ==, "call");
      return g_strdup (heddle_json_get_string (json_array_get_element (array, 0), "id", NULL));
    }
}

#define INNER_AGENT                                                                                                                                     \
  HEAD ("inner", "Shout")                                                                                                                               \
  "{\"id\":\"start\",\"type\":\"input\"},{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"Do it.\",\"stream\":false," \
  "\"approval\":\"always\"}},{\"id\":\"greet\",\"type\":\"template\",\"params\":{\"text\":\"Hello {{ $args.name }}\"}}],"                               \
  "\"edges\":[{\"from\":\"start\",\"to\":\"agent\"},{\"from\":\"greet\",\"to\":\"agent.tools\"}]}"

static JsonNode *
run_asking (Fixture *f, HeddleFakeServer *model, HeddleAsking asking, const char *answer)
{
  const HeddleRunOptions options = { .asking = asking };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (outer, -1, NULL);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, NULL);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"hello\"}");
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (HeddleRun) run = NULL;

  save (f, "inner", "Shout", INNER_AGENT);
  heddle_fake_model_push_calls (model, "[{\"id\":\"c1\",\"name\":\"greet\",\"arguments\":{\"name\":\"Ada\"}}]");
  heddle_fake_model_push_text (model, "Done.");
  run = heddle_engine_start (engine, plan, input, &options);
  if (answer != NULL)
    {
      g_autoptr (JsonNode) json = heddle_harness_json (answer);
      g_autofree char *question = wait_for_question (run);

      g_assert_true (heddle_run_answer (run, question, json, NULL));
    }
  result = heddle_harness_wait (run);
  g_assert_no_error (result->error);
  heddle_engine_shutdown (engine);
  return heddle_fake_model_dup_message (model, 1, -1);
}

/* People follow the outer run: what the inner one asks is asked there. */
static void
test_asks (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) model = heddle_fake_server_new ();
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (model);
  g_autoptr (JsonNode) told = NULL;

  f->services.models = models;
  told = run_asking (f, model, HEDDLE_ASKING_PEOPLE, "{\"approve\":true,\"arguments\":{\"name\":\"Eve\"}}");
  g_assert_cmpstr (heddle_json_get_string (told, "content", ""), ==, "Hello Eve");
}

static void
test_asks_nobody (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) model = heddle_fake_server_new ();
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (model);
  g_autoptr (JsonNode) told = NULL;

  f->services.models = models;
  told = run_asking (f, model, HEDDLE_ASKING_NOBODY, NULL);
  g_assert_nonnull (strstr (heddle_json_get_string (told, "content", ""), "Nobody is there"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/sub-workflow/output", Fixture, NULL, set_up, test_output, tear_down);
  g_test_add ("/sub-workflow/usage", Fixture, NULL, set_up, test_usage, tear_down);
  g_test_add ("/sub-workflow/journal", Fixture, NULL, set_up, test_journal, tear_down);
  g_test_add ("/sub-workflow/missing", Fixture, NULL, set_up, test_missing, tear_down);
  g_test_add ("/sub-workflow/failure", Fixture, NULL, set_up, test_failure, tear_down);
  g_test_add ("/sub-workflow/calls-itself", Fixture, NULL, set_up, test_calls_itself, tear_down);
  g_test_add ("/sub-workflow/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/sub-workflow/asks", Fixture, NULL, set_up, test_asks, tear_down);
  g_test_add ("/sub-workflow/asks-nobody", Fixture, NULL, set_up, test_asks_nobody, tear_down);
  return g_test_run ();
}
