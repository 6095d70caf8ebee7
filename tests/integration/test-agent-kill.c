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
 * An agent in a child process that is killed while a tool, which may be a workflow, or the model is at work. Going on, what the model and its tools had
 * answered is not asked again, and the end is that of a run that nothing disturbed.
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

/* Five turns, in the third of which two tools are called. */
#define TURNS                                                              \
  HEAD ("outer")                                                           \
  "{\"id\":\"start\",\"type\":\"template\",\"params\":{\"text\":\"go\"}}," \
  "{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"%3$s\",\"stream\":false,\"max_parallel_tools\":2}}," TOOL ("send", "%2$s") "," TOOL ("ask", "%4$s") "],\"edges\":[" EDGE ("start", "agent") "," EDGE ("send", "agent.tools") "," EDGE ("ask", "agent.tools") "]}"
#define TOOL(id, url)                                                                                                                                                       \
  "{\"id\":\"" id "\",\"type\":\"http\",\"params\":{\"method\":\"%1$s\",\"url\":\"" url "/\",\"headers\":[{\"name\":\"X-Key\",\"value\":\"{{ $run.idempotency_key }}\"}]}," \
  "\"tool\":{\"parameters\":[{\"name\":\"n\",\"type\":\"number\"}]}}"
#define SEND(n) "[{\"id\":\"c" #n "\",\"name\":\"send\",\"arguments\":{\"n\":1}}]"
#define BOTH "[{\"id\":\"c3\",\"name\":\"send\",\"arguments\":{\"n\":3}},{\"id\":\"c4\",\"name\":\"ask\",\"arguments\":{\"n\":3}}]"

/* A millisecond apart; so that what never comes fails. */
#define MAX_LOOKS 30000

static char *program;

typedef struct
{
  char *path;
  char *outer;
  HeddleFakeServer *server; /* that the workflows turn to */
  HeddleFakeServer *other;  /* and one of the tools */
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
  f->other = heddle_fake_server_new ();
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
  heddle_fake_server_free (f->other);
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

      found = event->kind == HEDDLE_EVENT_NODE_EFFECT && strcmp (heddle_json_get_string (event->data, "kind", ""), "call") == 0;
    }
  return found;
}

/* The agent's record has what it was given. */
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

static HeddleHarnessResult *
run_pushed (Fixture *f, gboolean goes_on)
{
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (f->model);
  const HeddleEngineServices services = { .store = f->store, .models = models };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = NULL;
  HeddleHarnessResult *result;
  guint answering;

  run = goes_on ? resume (engine) : start (engine, f->outer);
  answering = g_timeout_add (2, answer_cb, run);
  result = heddle_harness_wait (run);
  g_source_remove (answering);
  heddle_engine_shutdown (engine);
  g_assert_no_error (result->error);
  return result;
}

/* Begins, with a model that calls the tool and then answers; or goes on, with one that answers. */
static HeddleHarnessResult *
run_to_end (Fixture *f, gboolean goes_on)
{
  if (!goes_on)
    heddle_fake_model_push_calls (f->model, CALLS);
  heddle_fake_model_push_text (f->model, "Said it.");
  return run_pushed (f, goes_on);
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
  check_end (f, result, "01", method);
}

static void
test_in_model (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_model_push_calls (f->model, CALLS);
  kill_in_model (f, "--begin", 2);
  result = run_to_end (f, TRUE);
  g_assert_cmpuint (count_requests (f, "two"), ==, 1);
  /* All that was done had ended, so nothing is in doubt. */
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_ASKED, "agent"), ==, 0);
  check_end (f, result, "011", method);
}

/* First in the workflow, then what went on with it while the model is asked for its answer. */
static void
test_twice (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  kill_in_workflow (f);
  kill_in_model (f, "--go-on", 2);
  result = run_to_end (f, TRUE);
  g_assert_cmpuint (count_requests (f, "two"), ==, 2);
  check_end (f, result, "011", method);
}

/* What was used counts once, though answers are taken twice. */
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
  g_assert_cmpuint (heddle_fake_server_count (f->model), ==, 4);
  end = heddle_harness_find (result, HEDDLE_EVENT_RUN_FINISHED, NULL);
  /* Three answers, each of as many. */
  g_assert_cmpint (heddle_json_get_int (heddle_json_member (end->data, "usage"), "input_tokens", 0), ==, 3 * 10);
}

static void
set_turns (Fixture *f, const char *method, const char *prompt)
{
  g_autofree char *url = heddle_fake_server_dup_url (f->server, "");
  g_autofree char *other = heddle_fake_server_dup_url (f->other, "");

  g_free (f->outer);
  f->outer = g_strdup_printf (TURNS, method, url, prompt, other);
}

/* Of the five, those from one to before another. */
static void
push_turns (Fixture *f, guint from, guint to)
{
  static const char *const calls[] = { SEND (1), SEND (2), BOTH, SEND (5) };

  for (guint i = from; i < MIN (to, G_N_ELEMENTS (calls)); i++)
    heddle_fake_model_push_calls (f->model, calls[i]);
  if (to > G_N_ELEMENTS (calls))
    heddle_fake_model_push_text (f->model, "Said it.");
}

/* What is asked for twice has two answers. */
static void
push_answers (HeddleFakeServer *server, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"answer\":%u}", i);

      heddle_fake_server_push_body (server, "200 OK", "application/json", body);
    }
}

static guint
count_ended_calls (Fixture *f)
{
  g_autoptr (GPtrArray) events = heddle_store_load_run (f->store, "outer-run", NULL, NULL, NULL);
  guint count = 0;

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      count += event->kind == HEDDLE_EVENT_NODE_EFFECT && strcmp (heddle_json_get_string (event->data, "kind", ""), "call") == 0;
    }
  return count;
}

static gboolean
hangs_in_third_turn (Fixture *f)
{
  return heddle_fake_server_count (f->model) == 3 && count_ended_calls (f) == 2;
}

/* Of the third turn's two calls one has ended. */
static gboolean
hangs_in_third_call (Fixture *f)
{
  return heddle_fake_server_count (f->server) == 3 && count_ended_calls (f) == 3;
}

static char *
dup_key (Fixture *f, guint request)
{
  g_autofree char *text = heddle_fake_server_dup_request (f->server, request);
  const char *header = strstr (text, "X-Key: ");

  g_assert_nonnull (header);
  return g_strndup (header, strcspn (header, "\r"));
}

static gint64
count_tokens (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node)
{
  JsonNode *data = heddle_harness_find (result, kind, node)->data;

  return heddle_json_get_int (heddle_json_member (node != NULL ? heddle_json_member (data, "result") : data, "usage"), "input_tokens", 0);
}

/* The conversation, and what is told of it, are those of a run that nothing disturbed. questions: see check_end (). */
static void
check_turns (Fixture *f, const HeddleHarnessResult *result, const char *questions, const char *method)
{
  g_autoptr (HeddleHarnessResult) undisturbed = NULL;
  g_autoptr (JsonNode) given = dup_given (result);
  g_autoptr (JsonNode) expected = NULL;
  g_autofree char *text = NULL;
  Fixture calm = { 0 };

  set_up (&calm, method);
  set_turns (&calm, method, "Do it.");
  push_turns (&calm, 0, 5);
  push_answers (calm.server, 1, 5);
  undisturbed = run_pushed (&calm, FALSE);
  expected = dup_given (undisturbed);
  text = heddle_json_to_text (expected, HEDDLE_JSON_COMPACT);
  heddle_harness_assert_json (given, text);
  g_assert_cmpuint (heddle_fake_server_count (f->model), ==, strlen (questions));
  for (guint i = 0; questions[i] != '\0'; i++)
    assert_same_question (f, i, &calm, (guint) g_ascii_digit_value (questions[i]));
  g_assert_cmpint (count_tokens (result, HEDDLE_EVENT_NODE_FINISHED, "agent"), ==, 5 * 10);
  g_assert_cmpint (count_tokens (result, HEDDLE_EVENT_RUN_FINISHED, NULL), ==, 5 * 10);
  tear_down (&calm, NULL);
}

static void
kill_in_third_turn (Fixture *f)
{
  push_turns (f, 0, 2);
  push_answers (f->server, 1, 3);
  heddle_fake_server_push_hanging (f->model, "");
  kill_when (f, "--begin", hangs_in_third_turn);
}

static void
test_turn (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  set_turns (f, method, "Do it.");
  kill_in_third_turn (f);
  push_turns (f, 2, 5);
  push_answers (f->server, 3, 5);
  result = run_pushed (f, TRUE);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 4);
  g_assert_cmpuint (heddle_fake_server_count (f->other), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_ASKED, NULL), ==, 0);
  check_turns (f, result, "012234", method);
}

/* Of two calls at once one had ended; the other is made again, with the same key, and after a person was asked where that may do harm. */
static void
test_call (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  set_turns (f, method, "Do it.");
  push_turns (f, 0, 3);
  push_answers (f->server, 1, 3);
  heddle_fake_server_push_hanging (f->server, "");
  kill_when (f, "--begin", hangs_in_third_call);
  push_turns (f, 3, 5);
  push_answers (f->server, 3, 5);
  heddle_fake_server_set_default (f->other, 0, "{\"answer\":\"another\"}");
  result = run_pushed (f, TRUE);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 5);
  g_assert_cmpuint (heddle_fake_server_count (f->other), ==, 1);
  before = dup_key (f, 2);
  after = dup_key (f, 3);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_ASKED, NULL), ==, strcmp (method, "POST") == 0 ? 1 : 0);
  check_turns (f, result, "01234", method);
}

/* Killed in the third turn, and again in the call of the same turn. */
static void
test_turn_and_call (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  set_turns (f, method, "Do it.");
  kill_in_third_turn (f);
  push_turns (f, 2, 3);
  heddle_fake_server_push_hanging (f->server, "");
  kill_when (f, "--go-on", hangs_in_third_call);
  push_turns (f, 3, 5);
  push_answers (f->server, 3, 5);
  result = run_pushed (f, TRUE);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 5);
  g_assert_cmpuint (heddle_fake_server_count (f->other), ==, 1);
  check_turns (f, result, "012234", method);
}

/* What the model is asked has the time in it, which is that of then. */
static void
test_time (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  set_turns (f, method, "It is {{ $now }}.");
  kill_in_third_turn (f);
  push_turns (f, 2, 5);
  push_answers (f->server, 3, 5);
  result = run_pushed (f, TRUE);
  g_assert_cmpuint (heddle_fake_server_count (f->model), ==, 6);
  assert_same_question (f, 3, f, 2);
}

/* Another run asks anew, as it does when the workflow has changed since. */
static void
test_changed (Fixture *f, gconstpointer method)
{
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (f->model);
  const HeddleEngineServices services = { .store = f->store, .models = models };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) end = NULL;
  HeddleRunAgain again = { .run = "outer-run" };
  g_autoptr (JsonNode) message = NULL;

  set_turns (f, method, "Do it.");
  kill_in_third_turn (f);
  set_turns (f, method, "Do it well.");
  graph = heddle_graph_new_from_json (f->outer, -1, NULL);
  again.plan = plan = heddle_plan_compile (graph, NULL, NULL);
  push_turns (f, 0, 5);
  push_answers (f->server, 1, 5);
  heddle_engine_run_again_async (engine, &again, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_run_again_finish (engine, result, NULL);
  end = heddle_harness_wait (run);
  heddle_engine_shutdown (engine);
  g_assert_no_error (end->error);
  g_assert_cmpuint (heddle_fake_server_count (f->model), ==, 3 + 5);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 2 + 4);
  message = heddle_fake_model_dup_message (f->model, 3, -1);
  g_assert_cmpstr (heddle_json_get_string (message, "content", ""), ==, "Do it well.");
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
  g_test_add ("/agent-kill/turn/repeatable", Fixture, "PUT", set_up, test_turn, tear_down);
  g_test_add ("/agent-kill/turn/unsafe", Fixture, "POST", set_up, test_turn, tear_down);
  g_test_add ("/agent-kill/call/repeatable", Fixture, "PUT", set_up, test_call, tear_down);
  g_test_add ("/agent-kill/call/unsafe", Fixture, "POST", set_up, test_call, tear_down);
  g_test_add ("/agent-kill/turn-and-call/repeatable", Fixture, "PUT", set_up, test_turn_and_call, tear_down);
  g_test_add ("/agent-kill/turn-and-call/unsafe", Fixture, "POST", set_up, test_turn_and_call, tear_down);
  g_test_add ("/agent-kill/time", Fixture, "PUT", set_up, test_time, tear_down);
  g_test_add ("/agent-kill/changed", Fixture, "PUT", set_up, test_changed, tear_down);
  return g_test_run ();
}
