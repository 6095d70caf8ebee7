/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "run/heddle-run-again.h"
#include "store/heddle-store.h"
#include "test-database.h"
#include "value/heddle-json.h"

/*
 * An agent whose tool is a workflow, in a child process that is killed amid the workflow, or while the model reads what it gave. Going on, the model
 * is asked the same, what had finished is not done again, and the end is that of a run that nothing disturbed.
 */

#define HEAD(id) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"" id "\",\"name\":\"" id "\",\"nodes\":["
#define REQUEST(id) "{\"id\":\"" id "\",\"type\":\"http\",\"params\":{\"method\":\"%1$s\",\"url\":\"%2$s/" id "\"}}"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"

#define OUTER                                                                                                                                \
  HEAD ("outer")                                                                                                                             \
  "{\"id\":\"start\",\"type\":\"template\",\"params\":{\"text\":\"go\"}},"                                                                   \
  "{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"Do it.\",\"stream\":false}},"                          \
  "{\"id\":\"tool\",\"type\":\"sub-workflow\",\"params\":{\"workflow\":\"inner\"},\"tool\":{\"parameters\":[{\"name\":\"message\",\"type\":" \
  "\"text\"}]}}," REQUEST ("after") "],\"edges\":[" EDGE ("start", "agent") "," EDGE ("tool", "agent.tools") "," EDGE ("agent", "after") "]}"
#define INNER    \
  HEAD ("inner") \
  "{\"id\":\"start\",\"type\":\"input\"}," REQUEST ("one") "," REQUEST ("two") "," REQUEST ("three") ",{\"id\":\"end\",\"type\":\"output\",\"params\":{\"value\":\"{{ $start.message.toUpperCase () }}\"}}],\"edges\":[" EDGE ("start", "one") "," EDGE ("one", "two") "," EDGE ("two", "three") "," EDGE ("three", "end") "]}"

#define CALLS "[{\"id\":\"c1\",\"name\":\"tool\",\"arguments\":{\"message\":\"hello\"}}]"

/* A millisecond apart; so that what never comes fails. */
#define MAX_LOOKS 30000

static char *program;

typedef struct
{
  char *path;
  char *outer;
  HeddleFakeServer *server; /* that the workflows turn to */
  HeddleFakeServer *model;
  guint n_asked; /* how often the model has been asked when it is to be killed */
  HeddleStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer method)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;
  g_autofree char *inner = NULL;

  f->path = heddle_test_new_database_path ();
  f->server = heddle_fake_server_new ();
  f->model = heddle_fake_server_new ();
  url = heddle_fake_server_dup_url (f->server, "");
  f->store = heddle_store_new (f->path, &error);
  g_assert_no_error (error);
  heddle_fake_server_set_default (f->server, 0, "{}");
  f->outer = g_strdup_printf (OUTER, (const char *) method, url);
  inner = g_strdup_printf (INNER, (const char *) method, url);
  heddle_store_save_workflow (f->store, "inner", "inner", inner, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->store);
  heddle_fake_server_free (f->server);
  heddle_fake_server_free (f->model);
  heddle_test_remove_database (f->path);
  g_free (f->outer);
}

static HeddleRun *
start (HeddleEngine *engine, const char *json)
{
  const HeddleRunOptions options = { .id = "outer-run" };
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, NULL);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, NULL);

  return heddle_engine_start (engine, plan, NULL, &options);
}

/* The person says of all that is in doubt that it is to be done again. */
static gboolean
answer_cb (gpointer run)
{
  g_autoptr (JsonNode) questions = heddle_run_dup_questions (run);
  g_autoptr (JsonNode) answer = heddle_harness_json ("{\"action\":\"retry\"}");
  JsonArray *array = json_node_get_array (questions);

  for (guint i = 0; i < json_array_get_length (array); i++)
    heddle_run_answer (run, heddle_json_get_string (json_array_get_element (array, i), "id", ""), answer, NULL);
  return G_SOURCE_CONTINUE;
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static HeddleRun *
resume (HeddleEngine *engine)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  HeddleRun *run;

  heddle_engine_resume_async (engine, "outer-run", NULL, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_resume_finish (engine, result, &error);
  g_assert_no_error (error);
  return run;
}

/* The child: it is killed while it waits. */
static int
run_child (const char *path, char *model_url, const char *outer, gboolean goes_on)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleModels) models = heddle_models_new (NULL, NULL);
  const HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) "openai-compatible", .base_url = model_url };
  HeddleEngineServices services = { .store = heddle_store_new (path, &error), .models = models };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = NULL;

  g_assert_no_error (error);
  g_assert_true (heddle_models_set_provider (models, &info, NULL));
  run = goes_on ? resume (engine) : start (engine, outer);
  g_timeout_add (2, answer_cb, run);
  while (heddle_run_get_state (run) == HEDDLE_RUN_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  return 1;
}

static guint
count_events (Fixture *f, const char *run, HeddleEventKind kind, const char *node)
{
  g_autoptr (GPtrArray) events = heddle_store_load_run (f->store, run, NULL, NULL, NULL);
  guint count = 0;

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      count += event->kind == kind && g_strcmp0 (event->node, node) == 0;
    }
  return count;
}

/* A request is there that gets no answer, and all before it is on the disk. */
static gboolean
hangs_in_workflow (Fixture *f)
{
  g_autoptr (GPtrArray) runs = heddle_store_list_runs (f->store, "inner", 10, NULL);

  return heddle_fake_server_count (f->server) == 2 && runs->len == 1 &&
         count_events (f, ((const HeddleRunInfo *) g_ptr_array_index (runs, 0))->id, HEDDLE_EVENT_NODE_STARTED, "two") == 1;
}

static gboolean
has_answer (Fixture *f)
{
  g_autoptr (GPtrArray) events = heddle_store_load_run (f->store, "outer-run", NULL, NULL, NULL);
  gboolean found = FALSE;

  for (guint i = 0; events != NULL && i < events->len && !found; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      found = event->kind == HEDDLE_EVENT_NODE_EFFECT && strcmp (heddle_json_get_string (event->data, "kind", ""), "workflow") == 0;
    }
  return found;
}

/* The agent's record has what the workflow gave. */
static gboolean
hangs_in_model (Fixture *f)
{
  return heddle_fake_server_count (f->model) == f->n_asked && has_answer (f);
}

static void
kill_when (Fixture *f, const char *how, gboolean (*is_there) (Fixture *f))
{
  g_autofree char *model_url = heddle_fake_server_dup_url (f->model, "/v1");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, how, f->path, model_url, f->outer, NULL);
  guint n_looks = 0;

  g_assert_no_error (error);
  while (!is_there (f) && n_looks++ < MAX_LOOKS)
    g_usleep (1000);
  g_assert_cmpuint (n_looks, <, MAX_LOOKS);
  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
}

static void
kill_in_workflow (Fixture *f)
{
  heddle_fake_model_push_calls (f->model, CALLS);
  heddle_fake_server_push_body (f->server, "200 OK", "application/json", "{}");
  heddle_fake_server_push_hanging (f->server, "");
  kill_when (f, "--begin", hangs_in_workflow);
}

/* n_asked: how often the model has been asked by then. */
static void
kill_in_model (Fixture *f, const char *how, guint n_asked)
{
  heddle_fake_server_push_hanging (f->model, "");
  f->n_asked = n_asked;
  kill_when (f, how, hangs_in_model);
}

/* Begins, or goes on, with a model that calls the tool and then answers. */
static HeddleHarnessResult *
run_to_end (Fixture *f, gboolean goes_on)
{
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (f->model);
  const HeddleEngineServices services = { .store = f->store, .models = models };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = NULL;
  HeddleHarnessResult *result;
  guint answering;

  heddle_fake_model_push_calls (f->model, CALLS);
  heddle_fake_model_push_text (f->model, "Said it.");
  run = goes_on ? resume (engine) : start (engine, f->outer);
  answering = g_timeout_add (2, answer_cb, run);
  result = heddle_harness_wait (run);
  g_source_remove (answering);
  heddle_engine_shutdown (engine);
  g_assert_no_error (result->error);
  return result;
}

static guint
count_requests (Fixture *f, const char *name)
{
  g_autofree char *path = g_strdup_printf ("/%s ", name);
  guint count = 0;

  for (guint i = 0; i < heddle_fake_server_count (f->server); i++)
    {
      g_autofree char *request = heddle_fake_server_dup_request (f->server, i);
      g_autofree char *line = g_strndup (request, strcspn (request, "\r"));

      count += strstr (line, path) != NULL;
    }
  return count;
}

/* What the agent gave, without how long it took. */
static JsonNode *
dup_given (const HeddleHarnessResult *result)
{
  JsonNode *given = heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "agent")->data, "result");
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) calls = NULL;
  JsonArray *array;

  g_assert_nonnull (heddle_json_get_array (given, "tool_calls"));
  calls = json_node_copy (heddle_json_member (given, "tool_calls"));
  array = json_array_new ();
  for (guint i = 0; i < json_array_get_length (json_node_get_array (calls)); i++)
    {
      JsonNode *call = json_array_get_element (json_node_get_array (calls), i);
      JsonObject *entry = json_object_new ();

      json_object_set_member (entry, "name", json_node_ref (heddle_json_member (call, "name")));
      json_object_set_member (entry, "arguments", json_node_ref (heddle_json_member (call, "arguments")));
      json_object_set_member (entry, "result", json_node_ref (heddle_json_member (call, "result")));
      json_object_set_member (entry, "is_error", json_node_ref (heddle_json_member (call, "is_error")));
      json_array_add_object_element (array, entry);
    }
  json_object_set_member (object, "output", json_node_ref (heddle_json_member (given, "output")));
  json_object_set_array_member (object, "tool_calls", array);
  return heddle_json_object (object);
}

static void
assert_same_question (Fixture *f, guint nth, Fixture *calm, guint calm_nth)
{
  g_autoptr (JsonNode) asked = heddle_fake_model_dup_request (f->model, nth);
  g_autoptr (JsonNode) expected = heddle_fake_model_dup_request (calm->model, calm_nth);
  g_autofree char *text = heddle_json_to_text (expected, HEDDLE_JSON_COMPACT);

  heddle_harness_assert_json (asked, text);
}

/* The same as without a disturbance. questions: which of the two of a calm run the model got, such as "0101". */
static void
check_end (Fixture *f, const HeddleHarnessResult *result, const char *questions, gconstpointer method)
{
  static const char *const once[] = { "one", "three", "after" };
  g_autoptr (GPtrArray) inner = heddle_store_list_runs (f->store, "inner", 10, NULL);
  g_autoptr (HeddleHarnessResult) undisturbed = NULL;
  g_autoptr (JsonNode) given = dup_given (result);
  g_autoptr (JsonNode) expected = NULL;
  g_autofree char *text = NULL;
  Fixture calm = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (once); i++)
    g_assert_cmpuint (count_requests (f, once[i]), ==, 1);
  g_assert_cmpuint (inner->len, ==, 1);
  g_assert_cmpint (((const HeddleRunInfo *) g_ptr_array_index (inner, 0))->state, ==, HEDDLE_RUN_OK);
  set_up (&calm, method);
  undisturbed = run_to_end (&calm, FALSE);
  expected = dup_given (undisturbed);
  text = heddle_json_to_text (expected, HEDDLE_JSON_COMPACT);
  heddle_harness_assert_json (given, text);
  g_assert_true (heddle_json_equal (result->output, undisturbed->output));
  g_assert_cmpuint (heddle_fake_server_count (f->model), ==, strlen (questions));
  for (guint i = 0; questions[i] != '\0'; i++)
    assert_same_question (f, i, &calm, (guint) g_ascii_digit_value (questions[i]));
  tear_down (&calm, NULL);
}

static void
test_in_workflow (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  kill_in_workflow (f);
  result = run_to_end (f, TRUE);
  g_assert_cmpuint (count_requests (f, "two"), ==, 2);
  check_end (f, result, "001", method);
}

static void
test_in_model (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_model_push_calls (f->model, CALLS);
  kill_in_model (f, "--begin", 2);
  result = run_to_end (f, TRUE);
  g_assert_cmpuint (count_requests (f, "two"), ==, 1);
  /* What may have been done twice is asked once; nothing is where nothing may. */
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_ASKED, "agent"), ==, strcmp (method, "POST") == 0 ? 1 : 0);
  check_end (f, result, "0101", method);
}

/* First in the workflow, then what went on with it while the model is asked for its answer. */
static void
test_twice (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  kill_in_workflow (f);
  heddle_fake_model_push_calls (f->model, CALLS);
  kill_in_model (f, "--go-on", 3);
  result = run_to_end (f, TRUE);
  g_assert_cmpuint (count_requests (f, "two"), ==, 2);
  check_end (f, result, "00101", method);
}

/* What the workflow's model used counts once, though its answer is taken twice. */
static void
test_usage (Fixture *f, gconstpointer data)
{
  static const char inner[] = HEAD ("inner") "{\"id\":\"start\",\"type\":\"input\"},{\"id\":\"say\",\"type\":\"llm\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"Hi\",\"stream\":false}}],\"edges\":[" EDGE ("start", "say") "]}";
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const HeddleEvent *end;

  heddle_store_save_workflow (f->store, "inner", "inner", inner, &error);
  g_assert_no_error (error);
  heddle_fake_model_push_calls (f->model, CALLS);
  heddle_fake_model_push_text (f->model, "hello");
  kill_in_model (f, "--begin", 3);
  result = run_to_end (f, TRUE);
  g_assert_cmpuint (heddle_fake_server_count (f->model), ==, 5);
  end = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  /* Four answers, each of as many. */
  g_assert_cmpint (heddle_json_get_int (heddle_json_member (end->data, "usage"), "input_tokens", 0), ==, 4 * 10);
}
int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_has_prefix (argv[1], "--"))
    return run_child (argv[2], argv[3], argv[4], g_str_equal (argv[1], "--go-on"));

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/agent-kill/workflow/repeatable", Fixture, "PUT", set_up, test_in_workflow, tear_down);
  g_test_add ("/agent-kill/workflow/unsafe", Fixture, "POST", set_up, test_in_workflow, tear_down);
  g_test_add ("/agent-kill/model/repeatable", Fixture, "PUT", set_up, test_in_model, tear_down);
  g_test_add ("/agent-kill/model/unsafe", Fixture, "POST", set_up, test_in_model, tear_down);
  g_test_add ("/agent-kill/twice/repeatable", Fixture, "PUT", set_up, test_twice, tear_down);
  g_test_add ("/agent-kill/twice/unsafe", Fixture, "POST", set_up, test_twice, tear_down);
  g_test_add ("/agent-kill/usage", Fixture, "PUT", set_up, test_usage, tear_down);
  return g_test_run ();
}
