/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs that are recorded and replayed without the network. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "heddle-error.h"
#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "plan/heddle-plan.h"
#include "run/heddle-effects.h"
#include "run/heddle-past.h"
#include "secret/heddle-secrets.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#define WORKFLOW(nodes, edges) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"W\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}," nodes "],\"edges\":[" edges "]}"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"
#define LLM(id, prompt) "{\"id\":\"" id "\",\"type\":\"llm\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"" prompt "\",\"stream\":false}}"
#define TEMPLATE(id, text) "{\"id\":\"" id "\",\"type\":\"template\",\"params\":{\"text\":\"" text "\"}}"
#define CANARY "canary-4f1d9c"

typedef struct
{
  HeddleFakeServer *server;
  HeddleModels *models;
  HeddleSecrets *secrets;
  HeddleEngineServices services;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->server = heddle_fake_server_new ();
  f->models = heddle_fake_model_new_models (f->server);
  f->secrets = heddle_secrets_new (NULL);
  f->services = (HeddleEngineServices){ .models = f->models, .secrets = f->secrets, .retry_base_ms = 1 };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->secrets);
  g_object_unref (f->models);
  heddle_fake_server_free (f->server);
}

static HeddlePlan *
compile (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  HeddlePlan *plan;

  g_assert_no_error (error);
  plan = heddle_plan_compile (graph, NULL, &error);
  g_assert_no_error (error);
  return plan;
}

static HeddleHarnessResult *
run (Fixture *f, const char *json, const HeddleRunOptions *options)
{
  g_autoptr (HeddlePlan) plan = compile (json);
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"Hello\"}");
  g_autoptr (HeddleRun) started = heddle_engine_start (engine, plan, input, options);

  return heddle_harness_wait (started);
}

/* The recorded run once more: all nodes run again. */
static HeddleHarnessResult *
replay (Fixture *f, const char *json, const HeddleHarnessResult *recorded, const char *live)
{
  g_autoptr (HeddlePlan) plan = compile (json);
  g_autoptr (HeddlePast) past = heddle_past_new ("recorded", recorded->events);
  const HeddleRunOptions options = { .past = past, .replay = TRUE, .live = live };

  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    heddle_past_forget (past, plan, heddle_plan_get_step (plan, i)->id);
  return run (f, json, &options);
}

static char *
dup_texts (const HeddleHarnessResult *result, HeddleEventKind kind)
{
  GString *texts = g_string_new (NULL);

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);
      g_autofree char *data = event->kind == kind && event->data != NULL ? heddle_json_to_text (event->data, HEDDLE_JSON_COMPACT) : NULL;

      if (event->kind == kind)
        g_string_append_printf (texts, "%s%s\n", event->text != NULL ? event->text : "", data != NULL ? data : "");
    }
  return g_string_free (texts, FALSE);
}

static void
assert_same_outcome (const HeddleHarnessResult *a, const HeddleHarnessResult *b)
{
  g_assert_no_error (a->error);
  g_assert_no_error (b->error);
  g_assert_true (heddle_json_equal (a->output, b->output));
}

#define TWO WORKFLOW (LLM ("a", "Say {{ $start.message }}") "," LLM ("b", "Then {{ $a.output }}"), EDGE ("start", "a") "," EDGE ("a", "b"))
#define TWO_CHANGED WORKFLOW (LLM ("a", "Say {{ $start.message }}") "," LLM ("b", "And then {{ $a.output }}"), EDGE ("start", "a") "," EDGE ("a", "b"))

static void
test_whole (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) recorded = NULL;
  g_autoptr (HeddleHarnessResult) again = NULL;
  g_autoptr (HeddleHarnessResult) third = NULL;
  g_autofree char *deltas = NULL;
  g_autofree char *ends = NULL;

  heddle_fake_model_push_text (f->server, "one");
  heddle_fake_model_push_text (f->server, "two");
  recorded = run (f, TWO, NULL);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 2);
  g_assert_cmpuint (heddle_harness_count (recorded, HEDDLE_EVENT_NODE_EFFECT, NULL), ==, 2);
  again = replay (f, TWO, recorded, NULL);
  assert_same_outcome (recorded, again);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 2);
  deltas = dup_texts (again, HEDDLE_EVENT_NODE_DELTA);
  g_assert_cmpstr (deltas, ==, "one\ntwo\n");
  ends = dup_texts (again, HEDDLE_EVENT_SPAN_FINISHED);
  g_assert_nonnull (strstr (ends, "\"cost\":0"));
  g_assert_nonnull (strstr (ends, "\"replayed\":true"));
  /* A replayed run has a record of its own. */
  third = replay (f, TWO, again, NULL);
  assert_same_outcome (recorded, third);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 2);
}

static void
test_difference (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) recorded = NULL;
  g_autoptr (HeddleHarnessResult) again = NULL;

  heddle_fake_model_push_text (f->server, "one");
  heddle_fake_model_push_text (f->server, "two");
  recorded = run (f, TWO, NULL);
  again = replay (f, TWO_CHANGED, recorded, NULL);
  g_assert_error (again->error, HEDDLE_ERROR, HEDDLE_ERROR_REPLAY);
  g_assert_nonnull (strstr (heddle_error_detail (again->error)->hint, "messages[0].content: “Then one” → “And then one”"));
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 2);
}

static void
test_hybrid (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) recorded = NULL;
  g_autoptr (HeddleHarnessResult) again = NULL;
  g_autoptr (JsonNode) message = NULL;

  heddle_fake_model_push_text (f->server, "one");
  heddle_fake_model_push_text (f->server, "two");
  recorded = run (f, TWO, NULL);
  heddle_fake_model_push_text (f->server, "another");
  again = replay (f, TWO_CHANGED, recorded, "b");
  g_assert_no_error (again->error);
  heddle_harness_assert_json (again->output, "\"another\"");
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 3);
  message = heddle_fake_model_dup_message (f->server, 2, -1);
  g_assert_cmpstr (heddle_json_get_string (message, "content", NULL), ==, "And then one");
}

/* What failed then fails again, and is tried again as then; what took too long does so at once. */
static void
test_errors (Fixture *f, gconstpointer data)
{
  static const char json[] = WORKFLOW ("{\"id\":\"a\",\"type\":\"llm\",\"policy\":{\"attempt_timeout\":0.2,\"retry_delay\":0},"
                                       "\"params\":{\"model\":\"fake/m\",\"prompt\":\"Hi\",\"stream\":false}}",
                                       EDGE ("start", "a"));
  g_autoptr (HeddleHarnessResult) recorded = NULL;
  g_autoptr (HeddleHarnessResult) again = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  heddle_fake_server_push_body (f->server, "500 Oops", "application/json", "{\"error\":{\"message\":\"Broken\"}}");
  heddle_fake_server_push_hanging (f->server, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n");
  heddle_fake_model_push_text (f->server, "at last");
  recorded = run (f, json, NULL);
  g_assert_no_error (recorded->error);
  again = replay (f, json, recorded, NULL);
  assert_same_outcome (recorded, again);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 3);
  g_assert_cmpuint (heddle_harness_count (again, HEDDLE_EVENT_NODE_RETRY, "a"), ==, 2);
  before = dup_texts (recorded, HEDDLE_EVENT_NODE_EFFECT);
  after = dup_texts (again, HEDDLE_EVENT_NODE_EFFECT);
  g_assert_cmpstr (after, ==, before);
}

static void
test_time (Fixture *f, gconstpointer data)
{
  static const char json[] = WORKFLOW (TEMPLATE ("a", "{{ $now }} {{ Date.now () }}") "," TEMPLATE ("b", "no time"), EDGE ("start", "a") "," EDGE ("start", "b"));
  g_autoptr (HeddleHarnessResult) recorded = run (f, json, NULL);
  g_autoptr (HeddleHarnessResult) again = NULL;

  g_assert_cmpuint (heddle_harness_count (recorded, HEDDLE_EVENT_NODE_EFFECT, "a"), ==, 1);
  g_assert_cmpuint (heddle_harness_count (recorded, HEDDLE_EVENT_NODE_EFFECT, "b"), ==, 0);
  g_usleep (3000);
  again = replay (f, json, recorded, NULL);
  assert_same_outcome (recorded, again);
}

static void
test_http (Fixture *f, gconstpointer data)
{
  g_autofree char *url = heddle_fake_server_dup_url (f->server, "/orders?api_key=" CANARY);
  g_autofree char *json = g_strdup_printf (WORKFLOW ("{\"id\":\"a\",\"type\":\"http\",\"params\":{\"method\":\"POST\",\"url\":\"%s\",\"credential\":\"shop\","
                                                     "\"headers\":[{\"name\":\"X-Api-Key\",\"value\":\"" CANARY "\"},{\"name\":\"Accept\",\"value\":\"*/*\"}],"
                                                     "\"body_type\":\"json\",\"body\":\"{\\\"name\\\":\\\"Ada\\\",\\\"password\\\":\\\"" CANARY "\\\"}\"}}",
                                                     EDGE ("start", "a")),
                                           url);
  g_autoptr (HeddleHarnessResult) recorded = NULL;
  g_autoptr (HeddleHarnessResult) again = NULL;
  g_autofree char *effects = NULL;

  g_setenv ("HEDDLE_CREDENTIAL_SHOP", CANARY, TRUE);
  heddle_fake_server_push_body (f->server, "200 OK", "application/json", "{\"total\":3,\"seen\":\"" CANARY "\"}");
  recorded = run (f, json, NULL);
  g_assert_no_error (recorded->error);
  effects = dup_texts (recorded, HEDDLE_EVENT_NODE_EFFECT);
  g_assert_nonnull (strstr (effects, "\"credential\":\"shop\""));
  g_assert_nonnull (strstr (effects, "\"name\":\"Ada\""));
  g_assert_null (strstr (effects, CANARY));
  g_unsetenv ("HEDDLE_CREDENTIAL_SHOP");
  again = replay (f, json, recorded, NULL);
  assert_same_outcome (recorded, again);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 1);
}

/* An agent's tools are nodes, which run again and are answered as well; one that took too long does so again. */
static void
test_agent (Fixture *f, gconstpointer data)
{
  static const char format[] = WORKFLOW ("{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"%s\",\"stream\":false,\"tool_timeout\":1}},"
                                         "{\"id\":\"get\",\"type\":\"http\",\"params\":{\"url\":\"%s/{{ $args.name }}\"}}",
                                         EDGE ("start", "agent") "," EDGE ("get", "agent.tools"));
  g_autofree char *url = heddle_fake_server_dup_url (f->server, "");
  g_autofree char *json = g_strdup_printf (format, "Do it.", url);
  g_autofree char *elsewhere = g_strdup_printf (format, "Do it.", "http://127.0.0.1:1");
  g_autoptr (HeddleHarnessResult) recorded = NULL;
  g_autoptr (HeddleHarnessResult) again = NULL;
  g_autoptr (HeddleHarnessResult) different = NULL;

  heddle_fake_model_push_calls (f->server, "[{\"id\":\"c1\",\"name\":\"get\",\"arguments\":{\"name\":\"a\"}},{\"id\":\"c2\",\"name\":\"get\",\"arguments\":{\"name\":\"b\"}}]");
  heddle_fake_server_push_body (f->server, "200 OK", "text/plain", "found");
  heddle_fake_server_push_hanging (f->server, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\n");
  heddle_fake_model_push_text (f->server, "One of two.");
  recorded = run (f, json, NULL);
  g_assert_no_error (recorded->error);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 4);
  again = replay (f, json, recorded, NULL);
  assert_same_outcome (recorded, again);
  different = replay (f, elsewhere, recorded, NULL);
  g_assert_error (different->error, HEDDLE_ERROR, HEDDLE_ERROR_REPLAY);
  g_assert_nonnull (strstr (heddle_error_detail (different->error)->hint, "url: "));
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 4);
}

/* What the run is called and when it began is of then; what a person said is not asked again. */
static void
test_run_and_questions (Fixture *f, gconstpointer data)
{
  static const char json[] = WORKFLOW (TEMPLATE ("a", "{{ $run.id }} {{ $run.started }}") ",{\"id\":\"ask\",\"type\":\"approval\",\"params\":{}}", EDGE ("start", "a") "," EDGE ("a", "ask"));
  const HeddleRunOptions approving = { .asking = HEDDLE_ASKING_APPROVES };
  g_autoptr (HeddleHarnessResult) recorded = run (f, json, &approving);
  g_autoptr (HeddleHarnessResult) again = NULL;

  g_assert_no_error (recorded->error);
  again = replay (f, json, recorded, NULL);
  assert_same_outcome (recorded, again);
  g_assert_cmpuint (heddle_harness_count (again, HEDDLE_EVENT_RUN_ASKED, NULL), ==, 0);
}

/* What could not even be sent then is not sent now either. */
static void
test_missing_credential (Fixture *f, gconstpointer data)
{
  static const char json[] = WORKFLOW ("{\"id\":\"a\",\"type\":\"http\",\"policy\":{\"on_error\":\"continue\"},\"params\":{\"url\":\"http://127.0.0.1:1/\",\"credential\":\"nowhere\"}}",
                                       EDGE ("start", "a"));
  g_autoptr (HeddleHarnessResult) recorded = run (f, json, NULL);
  g_autoptr (HeddleHarnessResult) again = replay (f, json, recorded, NULL);

  assert_same_outcome (recorded, again);
}

/* A replay reads nothing and writes nothing. */
static void
test_files (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("heddle-replay-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "note.txt", NULL);
  g_autofree char *json = g_strdup_printf (WORKFLOW ("{\"id\":\"write\",\"type\":\"write-file\",\"params\":{\"path\":\"%s\",\"content\":\"Remember\"}},"
                                                     "{\"id\":\"read\",\"type\":\"read-file\",\"params\":{\"path\":\"%s\"}}",
                                                     EDGE ("start", "write") "," EDGE ("write", "read")),
                                           path, path);
  g_autoptr (HeddleHarnessResult) recorded = run (f, json, NULL);
  g_autoptr (HeddleHarnessResult) again = NULL;

  g_assert_no_error (recorded->error);
  heddle_harness_assert_json (recorded->output, "\"Remember\"");
  g_assert_cmpint (g_remove (path), ==, 0);
  again = replay (f, json, recorded, NULL);
  assert_same_outcome (recorded, again);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
}

/* Messages are kept once each, however many turns send them again: a hundred copies of them would be ten million bytes. */
static void
test_log_size (Fixture *f, gconstpointer data)
{
  enum
  {
    N_TURNS = 100,
    SIZE = 2048
  };
  g_autofree char *path = g_strdup_printf ("%s/heddle-replay-%d.db", g_get_tmp_dir (), (int) getpid ());
  g_autofree char *url = heddle_fake_server_dup_url (f->server, "");
  g_autofree char *json = g_strdup_printf (WORKFLOW ("{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"Go on.\",\"stream\":false,\"max_tool_iterations\":%d,\"context_window\":0}},"
                                                     "{\"id\":\"get\",\"type\":\"http\",\"params\":{\"url\":\"%s/{{ $args.name }}\"}}",
                                                     EDGE ("start", "agent") "," EDGE ("get", "agent.tools")),
                                           N_TURNS, url);
  HeddleStore *store = heddle_store_new (path, NULL);
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  gint64 data_size = 0;
  gint64 before;
  GStatBuf info;

  for (guint i = 0; i < N_TURNS - 1; i++)
    {
      g_autofree char *calls = g_strdup_printf ("[{\"id\":\"c%u\",\"name\":\"get\",\"arguments\":{\"name\":\"n%u\"}}]", i, i);
      GString *body = g_string_new (NULL);

      while (body->len < SIZE)
        g_string_append_printf (body, "%08x ", g_random_int ());
      heddle_fake_model_push_calls (f->server, calls);
      heddle_fake_server_push_body (f->server, "200 OK", "text/plain", body->str);
      data_size += (gint64) body->len;
      g_string_free (body, TRUE);
    }
  heddle_fake_model_push_text (f->server, "Done.");
  g_object_unref (store);
  before = g_stat (path, &info) == 0 ? info.st_size : 0;
  store = heddle_store_new (path, NULL);
  f->services.store = store;
  result = run (f, json, NULL);
  g_assert_no_error (result->error);
  f->services.store = NULL;
  g_clear_object (&store);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_test_message ("%d turns, %" G_GINT64_FORMAT " bytes of data, %" G_GINT64_FORMAT " in the file", N_TURNS, data_size, info.st_size - before);
  /* The values, and what each event says besides. */
  g_assert_cmpint (info.st_size - before, <, data_size * 3 / 2 + 320 * (gint64) result->events->len);
  g_remove (path);
  g_remove (wal);
  g_remove (shm);
}

static void
assert_difference (const char *a, const char *b, const char *expected)
{
  g_autoptr (JsonNode) before = heddle_harness_json (a);
  g_autoptr (JsonNode) after = heddle_harness_json (b);
  g_autofree char *text = heddle_effect_describe_difference (before, after);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_describe (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'x');
  g_autofree char *before = g_strdup_printf ("{\"t\":\"%s1\"}", long_text);
  g_autofree char *after = g_strdup_printf ("{\"t\":\"%s2\"}", long_text);
  g_autoptr (GString) many = g_string_new ("[0");

  assert_difference ("{\"a\":1}", "{\"a\":1}", "");
  assert_difference ("{\"a\":{\"b\":[1,2]}}", "{\"a\":{\"b\":[1,3]}}", "a.b[1]: 2 → 3");
  assert_difference ("{\"a\":\"x\"}", "{\"b\":true}", "a: “x” → nothing\nb: nothing → true");
  assert_difference ("\"ä\\nb\"", "[1]", "“ä b” → [1]");
  assert_difference (before, after, "t: “…xxxxxxxxxxxxxxxxxxxx1” → “…xxxxxxxxxxxxxxxxxxxx2”");
  for (guint i = 1; i < 1000; i++)
    g_string_append_printf (many, ",%u", i);
  g_string_append_c (many, ']');
  {
    g_autoptr (JsonNode) list = heddle_harness_json (many->str);
    g_autoptr (JsonNode) none = heddle_harness_json ("[]");
    g_autofree char *text = heddle_effect_describe_difference (list, none);

    g_assert_true (g_str_has_suffix (text, "\n…"));
    g_assert_cmpuint (strlen (text), <, 1000);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/replay/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("whole", test_whole);
  ADD ("difference", test_difference);
  ADD ("hybrid", test_hybrid);
  ADD ("errors", test_errors);
  ADD ("time", test_time);
  ADD ("http", test_http);
  ADD ("agent", test_agent);
  ADD ("run-and-questions", test_run_and_questions);
  ADD ("missing-credential", test_missing_credential);
  ADD ("files", test_files);
  ADD ("log-size", test_log_size);
  g_test_add_func ("/replay/describe", test_describe);
  return g_test_run ();
}
