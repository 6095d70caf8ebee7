/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>

#include "heddle-fake-server.h"
#include "heddle-harness.h"
#include "run/heddle-run-again.h"
#include "store/heddle-store.h"
#include "test-database.h"
#include "value/heddle-json.h"

/*
 * Workflows that a run called, and the loss of the process: what had finished in them stays. The outer workflow asks for /before, calls the one in
 * the middle, which calls the inner one, and asks for /after; the inner one asks for /one, /two, /three and /four.
 */

#define HEAD(id) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"" id "\",\"name\":\"" id "\",\"nodes\":["
#define CALL(id) "{\"id\":\"call\",\"type\":\"sub-workflow\",\"params\":{\"workflow\":\"" id "\"}}"
#define REQUEST(id, method) "{\"id\":\"" id "\",\"type\":\"http\",\"params\":{\"method\":\"" method "\",\"url\":\"%1$s/" id "\"}}"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"

#define OUTER HEAD ("outer") REQUEST ("before", "POST") "," CALL ("middle") "," REQUEST ("after", "POST") "],\"edges\":[" EDGE ("before", "call") "," EDGE ("call", "after") "]}"
#define MIDDLE HEAD ("middle") "{\"id\":\"start\",\"type\":\"template\",\"params\":{\"text\":\"go\"}}," CALL ("inner") "],\"edges\":[" EDGE ("start", "call") "]}"
#define INNER    \
  HEAD ("inner") \
  "{\"id\":\"start\",\"type\":\"template\",\"params\":{\"text\":\"go\"}}," REQUEST ("one", "POST") "," REQUEST ("two", "PUT") "," REQUEST ("three", "%2$s") "," REQUEST ("four", "POST") ",{\"id\":\"end\",\"type\":\"output\",\"params\":{\"value\":\"inner\"}}],\"edges\":[" EDGE ("start", "one") "," EDGE ("one", "two") "," EDGE ("two", "three") "," EDGE ("three", "four") "," EDGE ("four", "end") "]}"

/* A millisecond apart; so that what never comes fails. */
#define MAX_LOOKS 30000

static char *program;

typedef struct
{
  char *path;
  char *url;
  HeddleFakeServer *server;
  HeddleStore *store;
} Fixture;

static void
save (Fixture *f, const char *id, const char *json)
{
  g_autoptr (GError) error = NULL;

  heddle_store_save_workflow (f->store, id, id, json, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer method)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *inner = NULL;

  f->path = heddle_test_new_database_path ();
  f->server = heddle_fake_server_new ();
  f->url = heddle_fake_server_dup_url (f->server, "");
  if (g_str_has_suffix (f->url, "/"))
    f->url[strlen (f->url) - 1] = '\0';
  f->store = heddle_store_new (f->path, &error);
  g_assert_no_error (error);
  heddle_fake_server_set_default (f->server, 0, "{}");
  inner = g_strdup_printf (INNER, f->url, (const char *) method);
  save (f, "inner", inner);
  save (f, "middle", MIDDLE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->store);
  heddle_fake_server_free (f->server);
  heddle_test_remove_database (f->path);
  g_free (f->url);
}

static HeddleRun *
start (HeddleEngine *engine, const char *url, const char *id)
{
  const HeddleRunOptions options = { .id = id };
  g_autofree char *json = g_strdup_printf (OUTER, url);
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, NULL);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, NULL);

  return heddle_engine_start (engine, plan, NULL, &options);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static HeddleRun *
resume (HeddleEngine *engine, const char *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  HeddleRun *run;

  heddle_engine_resume_async (engine, id, NULL, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_resume_finish (engine, result, &error);
  g_assert_no_error (error);
  return run;
}

/* The child: it is killed while it waits. */
static int
run_child (const char *path, const char *url)
{
  g_autoptr (GError) error = NULL;
  HeddleEngineServices services = { .store = heddle_store_new (path, &error) };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, url, "outer-run");

  g_assert_no_error (error);
  while (heddle_run_get_state (run) == HEDDLE_RUN_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  return 1;
}

static char *
dup_inner_run (Fixture *f)
{
  g_autoptr (GPtrArray) runs = heddle_store_list_runs (f->store, "inner", 10, NULL);

  return runs->len > 0 ? g_strdup (((const HeddleRunInfo *) g_ptr_array_index (runs, 0))->id) : NULL;
}

static guint
count_events (Fixture *f, const char *run, HeddleEventKind kind, const char *node)
{
  g_autoptr (GPtrArray) events = heddle_store_load_run (f->store, run, NULL, NULL, NULL);
  guint count = 0;

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      count += event->kind == kind && (node == NULL || g_strcmp0 (event->node, node) == 0);
    }
  return count;
}

/* Until it is known to all processes that the third node has begun, and the server has its request. */
static void
wait_for_third (Fixture *f)
{
  for (guint i = 0; i < MAX_LOOKS; i++)
    {
      g_autofree char *run = dup_inner_run (f);

      if (heddle_fake_server_count (f->server) == 4 && run != NULL && count_events (f, run, HEDDLE_EVENT_NODE_STARTED, "three") == 1)
        return;
      g_usleep (1000);
    }
  g_error ("the third node never began");
}

static void
hang_at_third (Fixture *f)
{
  for (guint i = 0; i < 3; i++)
    heddle_fake_server_push_body (f->server, "200 OK", "application/json", "{}");
  heddle_fake_server_push_hanging (f->server, "");
}

static void
kill_at_third (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;

  hang_at_third (f);
  child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--child", f->path, f->url, NULL);
  g_assert_no_error (error);
  wait_for_third (f);
  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
}

static guint
count_requests (Fixture *f, const char *name)
{
  g_autofree char *path = g_strdup_printf (" /%s ", name);
  guint count = 0;

  for (guint i = 0; i < heddle_fake_server_count (f->server); i++)
    {
      g_autofree char *request = heddle_fake_server_dup_request (f->server, i);
      g_autofree char *line = g_strndup (request, strcspn (request, "\r"));

      count += strstr (line, path) != NULL;
    }
  return count;
}

/* Everything once but the third, in one run of each workflow. */
static void
check_end (Fixture *f, HeddleHarnessResult *result, guint n_third)
{
  static const char *const once[] = { "before", "one", "two", "four", "after" };
  g_autoptr (GPtrArray) inner = heddle_store_list_runs (f->store, "inner", 10, NULL);
  g_autoptr (GPtrArray) middle = heddle_store_list_runs (f->store, "middle", 10, NULL);
  const HeddleRunInfo *info;

  g_assert_no_error (result->error);
  for (guint i = 0; i < G_N_ELEMENTS (once); i++)
    g_assert_cmpuint (count_requests (f, once[i]), ==, 1);
  g_assert_cmpuint (count_requests (f, "three"), ==, n_third);
  g_assert_cmpuint (inner->len, ==, 1);
  g_assert_cmpuint (middle->len, ==, 1);
  info = g_ptr_array_index (inner, 0);
  g_assert_cmpint (info->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpuint (count_events (f, info->id, HEDDLE_EVENT_RUN_STARTED, NULL), ==, 1);
  g_assert_cmpuint (count_events (f, info->id, HEDDLE_EVENT_RUN_FINISHED, NULL), ==, 1);
  g_assert_cmpuint (count_events (f, info->id, HEDDLE_EVENT_NODE_FINISHED, "one"), ==, 1);
  heddle_harness_assert_json (heddle_json_member (heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "call")->data, "result"), "output"), "\"inner\"");
}

static HeddleHarnessResult *
go_on (Fixture *f)
{
  const HeddleEngineServices services = { .store = f->store };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = resume (engine, "outer-run");
  HeddleHarnessResult *result = heddle_harness_wait (run);

  heddle_engine_shutdown (engine);
  return result;
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  kill_at_third (f);
  result = go_on (f);
  check_end (f, result, 2);
}

static char *
wait_for_question (HeddleRun *run)
{
  for (guint i = 0; i < MAX_LOOKS; i++)
    {
      g_autoptr (JsonNode) questions = heddle_run_dup_questions (run);
      JsonArray *array = json_node_get_array (questions);

      if (json_array_get_length (array) > 0)
        return g_strdup (heddle_json_get_string (json_array_get_element (array, 0), "id", NULL));
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_error ("nothing was asked");
}

/* What may have been done in the called workflow is asked once, of who follows the outer run. */
static void
test_doubt (Fixture *f, gconstpointer data)
{
  const HeddleEngineServices services = { .store = f->store };
  g_autoptr (HeddleEngine) engine = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) done = heddle_harness_json ("{\"action\":\"done\",\"value\":1}");
  g_autoptr (HeddleRun) run = NULL;
  g_autofree char *question = NULL;

  kill_at_third (f);
  engine = heddle_engine_new (&services);
  run = resume (engine, "outer-run");
  question = wait_for_question (run);
  g_assert_true (heddle_run_answer (run, question, done, NULL));
  result = heddle_harness_wait (run);
  heddle_engine_shutdown (engine);
  check_end (f, result, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_ASKED, NULL), ==, 1);
}

static void
test_closed (Fixture *f, gconstpointer data)
{
  const HeddleEngineServices services = { .store = f->store };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  hang_at_third (f);
  run = start (engine, f->url, "outer-run");
  wait_for_third (f);
  heddle_engine_shutdown (engine);
  g_assert_cmpint (heddle_run_get_state (run), ==, HEDDLE_RUN_INTERRUPTED);
  result = go_on (f);
  check_end (f, result, 2);
}

/* As if the process had been gone behind the caller's first or last (MIN or MAX) record of what it called, which tells its begin or its answer. */
static void
cut_off (Fixture *f, const char *which)
{
  static const char format[] =
    "UPDATE runs SET state = 'interrupted' WHERE id = 'outer-run';"
    "DELETE FROM events WHERE run = (SELECT key FROM runs WHERE id = 'outer-run') AND seq >"
    " (SELECT %s (seq) FROM events WHERE run = (SELECT key FROM runs WHERE id = 'outer-run') AND node = 'call' AND kind = 'node.effect')";
  g_autofree char *sql = g_strdup_printf (format, which);
  /* Answered after all that was to be written before. */
  g_autofree char *inner = dup_inner_run (f);
  sqlite3 *database;

  g_assert_nonnull (inner);
  g_assert_cmpint (sqlite3_open (f->path, &database), ==, SQLITE_OK);
  sqlite3_busy_timeout (database, 5000);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
}

/* What was called had ended, and the caller had not. */
static void
check_ended (Fixture *f, const char *which)
{
  const HeddleEngineServices services = { .store = f->store };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = start (engine, f->url, "outer-run");
  g_autoptr (HeddleHarnessResult) before = heddle_harness_wait (run);
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_engine_shutdown (engine);
  g_assert_no_error (before->error);
  cut_off (f, which);
  result = go_on (f);
  g_assert_no_error (result->error);
  g_assert_cmpuint (count_requests (f, "after"), ==, 2); /* whose end was cut off too */
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 7);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "call"), ==, 1 + 1);
  heddle_harness_assert_json (heddle_json_member (heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "call")->data, "result"), "output"), "\"inner\"");
}

static void
test_ended (Fixture *f, gconstpointer data)
{
  check_ended (f, "MIN");
}

static void
test_answered (Fixture *f, gconstpointer data)
{
  check_ended (f, "MAX");
}

/* One that was deleted meanwhile is called anew. */
static void
test_deleted (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  sqlite3 *database;

  kill_at_third (f);
  g_assert_cmpint (sqlite3_open (f->path, &database), ==, SQLITE_OK);
  sqlite3_busy_timeout (database, 5000);
  g_assert_cmpint (sqlite3_exec (database, "PRAGMA foreign_keys = ON; DELETE FROM runs WHERE workflow IN ('middle', 'inner')", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
  result = go_on (f);
  g_assert_no_error (result->error);
  g_assert_cmpuint (count_requests (f, "before"), ==, 1);
  g_assert_cmpuint (count_requests (f, "one"), ==, 2);
  runs = heddle_store_list_runs (f->store, "inner", 10, NULL);
  g_assert_cmpuint (runs->len, ==, 1);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], argv[3]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/called-workflows/killed", Fixture, "GET", set_up, test_killed, tear_down);
  g_test_add ("/called-workflows/doubt", Fixture, "POST", set_up, test_doubt, tear_down);
  g_test_add ("/called-workflows/closed", Fixture, "GET", set_up, test_closed, tear_down);
  g_test_add ("/called-workflows/ended", Fixture, "GET", set_up, test_ended, tear_down);
  g_test_add ("/called-workflows/answered", Fixture, "GET", set_up, test_answered, tear_down);
  g_test_add ("/called-workflows/deleted", Fixture, "GET", set_up, test_deleted, tear_down);
  return g_test_run ();
}
