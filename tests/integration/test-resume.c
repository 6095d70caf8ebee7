/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "heddle-harness.h"
#include "run/heddle-run-again.h"
#include "store/heddle-store-claims.h"
#include "store/heddle-store-private.h"
#include "test-database.h"
#include "value/heddle-json.h"

#define WORKFLOW(nodes, edges) "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w1\",\"name\":\"Resumed\",\"nodes\":[" nodes "],\"edges\":[" edges "]}"
#define NODE(id, type, params) "{\"id\":\"" id "\",\"type\":\"" type "\",\"params\":" params "}"
#define CHILD(id, type, parent, params) "{\"id\":\"" id "\",\"type\":\"" type "\",\"parent\":\"" parent "\",\"params\":" params "}"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"

/* Two nodes, a pause, and one after it; "skipped" is behind a branch that is not taken. */
static const char chain[] =
  WORKFLOW (NODE ("start", "input", "{}") "," NODE ("first", "template", "{\"text\":\"one\"}") "," NODE ("check", "if-else", "{\"condition\":\"true\"}") "," NODE ("skipped", "template", "{\"text\":\"no\"}") "," NODE ("pause", "wait", "{\"seconds\":0.3}") "," NODE ("after", "template", "{\"text\":\"{{ $first.text }} and {{ $input }}\"}") "," NODE ("out", "output", "{}"),
            EDGE ("start", "first") "," EDGE ("first", "check") "," EDGE ("check.true", "pause") "," EDGE ("check.false", "skipped") "," EDGE ("pause", "after") "," EDGE ("after", "out"));

/* Items that take a while; and the same with an item that fails. */
static const char map[] =
  WORKFLOW (NODE ("m", "map", "{\"items\":\"[1,2,3,4,5,6]\",\"concurrency\":2}") "," CHILD ("before", "template", "m", "{\"text\":\"{{ $m.item }}\"}") "," CHILD ("pause", "wait", "m", "{\"seconds\":0.15}") "," CHILD ("text", "template", "m", "{\"text\":\"<{{ $before.text }}>\"}") "," NODE ("out", "output", "{}"),
            EDGE ("m.item", "before") "," EDGE ("before", "pause") "," EDGE ("pause", "text") "," EDGE ("text", "m.result") "," EDGE ("m", "out"));

/* A circle, then a loop with an Output that sets a variable, then a pause; what comes after it reads all of that. */
static const char remains[] =
  WORKFLOW (NODE ("start", "input", "{}") "," NODE ("count", "set", "{\"mode\":\"only\",\"values\":[{\"name\":\"v\",\"value\":\"{{ ($input.v ?? 0) + 1 }}\"}]}") "," NODE ("c", "if-else", "{\"condition\":\"$count.output.v < 3\"}") "," NODE ("l", "loop", "{\"mode\":\"times\",\"times\":2}") "," CHILD ("seen", "variable", "l", "{\"operation\":\"set\",\"name\":\"seen\",\"value\":\"{{ $loop.index }}\"}") "," CHILD ("round", "template", "l", "{\"text\":\"round {{ $loop.index }}\"}") "," CHILD ("out", "output", "l", "{}") "," NODE ("pause", "wait", "{\"seconds\":0.3}") "," NODE ("after", "template", "{\"text\":\"{{ $count.output.v }} {{ $vars.seen }}\"}"),
            EDGE ("start", "count") "," EDGE ("count", "c") "," EDGE ("c.true", "count") "," EDGE ("c.false", "l") "," EDGE ("l.body", "seen") "," EDGE ("seen", "round") "," EDGE ("round", "out") "," EDGE ("round", "l.next") "," EDGE ("l", "pause") "," EDGE ("pause", "after"));

typedef struct
{
  char *path;
  HeddleStore *store;
  HeddleEngine *engine;
} Fixture;

static HeddleStore *
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  HeddleStore *store = heddle_store_new (fixture->path, &error);

  g_assert_no_error (error);
  return store;
}

static void
open_engine (Fixture *fixture)
{
  HeddleEngineServices services = { .retry_base_ms = 1 };

  if (fixture->store == NULL)
    fixture->store = open_store (fixture);
  services.store = fixture->store;
  fixture->engine = heddle_engine_new (&services);
}

/* As when a person closes the program. */
static void
close_engine (Fixture *fixture)
{
  heddle_engine_shutdown (fixture->engine);
  g_clear_object (&fixture->engine);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->path = heddle_test_new_database_path ();
  open_engine (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  if (fixture->engine != NULL)
    close_engine (fixture);
  g_clear_object (&fixture->store);
  heddle_test_remove_database (fixture->path);
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

static HeddleRun *
start (Fixture *fixture, const char *json, const HeddleRunOptions *options)
{
  g_autoptr (HeddlePlan) plan = compile (json);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"hello\"}");

  return heddle_engine_start (fixture->engine, plan, input, options);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static HeddleRun *
resume (Fixture *fixture, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  heddle_engine_resume_async (fixture->engine, id, NULL, NULL, result_cb, &result);
  return heddle_engine_resume_finish (fixture->engine, wait_for (&result), error);
}

static HeddleHarnessResult *
resume_to_end (Fixture *fixture, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleRun) run = resume (fixture, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (heddle_run_get_id (run), ==, id);
  return heddle_harness_wait (run);
}

static HeddleRun *
run_again (Fixture *fixture, const HeddleRunAgain *again, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  heddle_engine_run_again_async (fixture->engine, again, NULL, result_cb, &result);
  return heddle_engine_run_again_finish (fixture->engine, wait_for (&result), error);
}

static HeddleHarnessResult *
run_again_to_end (Fixture *fixture, const HeddleRunAgain *again)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleRun) run = run_again (fixture, again, &error);

  g_assert_no_error (error);
  return heddle_harness_wait (run);
}

static HeddleRunInfo *
look_up (Fixture *fixture, const char *id)
{
  HeddleRunInfo *info = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_run (fixture->store, id, &info, NULL, NULL);

  g_assert_nonnull (events);
  return info;
}

static HeddleRunState
state_of (Fixture *fixture, const char *id)
{
  HeddleRunInfo *info = look_up (fixture, id);
  HeddleRunState state = info->state;

  heddle_run_info_free (info);
  return state;
}

/* Starts a run and closes the program after an event of that kind; the run's id. */
static char *
interrupt (Fixture *fixture, const char *json, HeddleEventKind kind)
{
  g_autoptr (HeddleRun) run = start (fixture, json, NULL);
  char *id = g_strdup (heddle_run_get_id (run));

  heddle_harness_wait_for (run, kind);
  close_engine (fixture);
  g_assert_cmpint (heddle_run_get_state (run), ==, HEDDLE_RUN_INTERRUPTED);
  g_assert_cmpint (state_of (fixture, id), ==, HEDDLE_RUN_INTERRUPTED);
  return id;
}

/* The log reads as that of one run: numbers and times go up, and what was seen is what is stored. */
static void
assert_log (Fixture *fixture, const char *id, const HeddleHarnessResult *result)
{
  g_autoptr (GPtrArray) events = heddle_store_load_run (fixture->store, id, NULL, NULL, NULL);
  const HeddleEvent *last = NULL;
  guint n_stored = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *seen = g_ptr_array_index (result->events, i);
      const HeddleEvent *event;

      if (seen->kind == HEDDLE_EVENT_NODE_PROGRESS || seen->kind == HEDDLE_EVENT_NODE_DELTA)
        continue;
      g_assert_cmpuint (n_stored, <, events->len);
      event = g_ptr_array_index (events, n_stored++);
      g_assert_cmpuint (event->seq, ==, seen->seq);
      g_assert_cmpint (event->kind, ==, seen->kind);
      g_assert_true (last == NULL || (event->seq > last->seq && event->time >= last->time));
      last = event;
    }
  g_assert_cmpuint (n_stored, ==, events->len);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = interrupt (fixture, chain, HEDDLE_EVENT_NODE_SKIPPED);
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *again;

  g_clear_object (&fixture->store);
  open_engine (fixture);
  result = resume_to_end (fixture, id);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "\"one and one\"");
  g_assert_cmpint (state_of (fixture, id), ==, HEDDLE_RUN_OK);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_STARTED, NULL), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_CONTINUED, NULL), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_FINISHED, NULL), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "first"), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, "skipped"), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "pause"), ==, 1);
  again = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "pause");
  g_assert_cmpuint (again->attempt, ==, heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "pause"));
  assert_log (fixture, id, result);
}

/* Items that are through stay so; no item gives its result twice. */
static void
test_map (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (fixture, map, NULL);
  g_autofree char *id = g_strdup (heddle_run_get_id (first));
  g_autoptr (HeddleHarnessResult) result = NULL;
  gint64 deadline = g_get_monotonic_time () + 200 * 1000;

  while (g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, FALSE);
  close_engine (fixture);
  open_engine (fixture);
  result = resume_to_end (fixture, id);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "[\"<1>\",\"<2>\",\"<3>\",\"<4>\",\"<5>\",\"<6>\"]");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "before"), ==, 6);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "text"), ==, 6);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "pause"), ==, 6);
  assert_log (fixture, id, result);
}

/* What circles and containers leave behind beyond their results is there again, without entering them. */
static void
test_remains (Fixture *fixture, gconstpointer data)
{
  static const char *const once[] = { "@count", "l", "after" };
  g_autoptr (HeddleRun) first = start (fixture, remains, NULL);
  g_autofree char *id = g_strdup (heddle_run_get_id (first));
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *after;

  heddle_harness_wait_for_node (first, HEDDLE_EVENT_NODE_STARTED, "pause");
  close_engine (fixture);
  open_engine (fixture);
  result = resume_to_end (fixture, id);
  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "\"round 1\"");
  after = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "after");
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (after->data, "result"), "output", ""), ==, "3 1");
  for (guint i = 0; i < G_N_ELEMENTS (once); i++)
    {
      g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, once[i]), ==, 1);
      g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, once[i]), ==, 1);
    }
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "count"), ==, 3);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "out"), ==, 2);
  assert_log (fixture, id, result);
}

/* The same for a run that begins with another's results. */
static void
test_remains_of_another (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (fixture, remains, NULL);
  g_autoptr (HeddleHarnessResult) before = heddle_harness_wait (first);
  HeddleRunAgain again = { .run = heddle_run_get_id (first), .from = "after" };
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *after;

  g_assert_no_error (before->error);
  result = run_again_to_end (fixture, &again);
  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "\"round 1\"");
  after = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "after");
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (after->data, "result"), "output", ""), ==, "3 1");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "@count"), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "count"), ==, 3);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "l"), ==, 1);
}

/* What was stopped, because another branch came first, stays so. */
static void
test_losers (Fixture *fixture, gconstpointer data)
{
  static const char race[] =
    WORKFLOW (NODE ("start", "input", "{}") "," NODE ("fast", "wait", "{\"seconds\":0.01}") "," NODE ("slow", "wait", "{\"seconds\":30}") "," NODE ("behind", "template", "{\"text\":\"no\"}") "," NODE ("first", "merge", "{\"mode\":\"first\",\"cancel_losers\":true}") "," NODE ("pause", "wait", "{\"seconds\":0.3}") "," NODE ("out", "output", "{\"value\":\"done\"}"),
              EDGE ("start", "fast") "," EDGE ("start", "slow") "," EDGE ("slow", "behind") "," EDGE ("behind", "first") "," EDGE ("fast", "first") "," EDGE ("first", "pause") "," EDGE ("pause", "out"));
  g_autoptr (HeddleRun) first = start (fixture, race, NULL);
  HeddleRunAgain again = { .run = heddle_run_get_id (first), .from = "pause" };
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (HeddleHarnessResult) fork = NULL;

  heddle_harness_wait_for_node (first, HEDDLE_EVENT_NODE_STARTED, "pause");
  close_engine (fixture);
  open_engine (fixture);
  result = resume_to_end (fixture, heddle_run_get_id (first));
  heddle_harness_assert_json (result->output, "\"done\"");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "slow"), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_CANCELLED, "slow"), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, "behind"), ==, 1);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "first"), ==, 1);

  fork = run_again_to_end (fixture, &again);
  heddle_harness_assert_json (fork->output, "\"done\"");
  g_assert_cmpuint (heddle_harness_count (fork, HEDDLE_EVENT_NODE_STARTED, "slow"), ==, 0);
}

static const HeddleEvent *
find_nth (const HeddleHarnessResult *result, HeddleEventKind kind, guint n)
{
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (event->kind == kind && n-- == 0)
        return event;
    }
  g_assert_not_reached ();
}

/* A request that is refused and is to be tried again in a second; the program is closed in that time, for so long. */
static HeddleHarnessResult *
close_while_retrying (Fixture *fixture, guint gone_ms)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/flaky");
  g_autofree char *node = g_strdup_printf ("{\"id\":\"call\",\"type\":\"http\",\"params\":{\"url\":\"%s\"}}", url);
  g_autofree char *json = g_strdup_printf (WORKFLOW ("%s", ""), node);
  g_autoptr (HeddleRun) first = NULL;
  HeddleHarnessResult *result;

  heddle_fake_server_push (server, "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", -1, HEDDLE_FAKE_WHOLE);
  heddle_fake_server_push_body (server, "200 OK", "text/plain", "fine");
  first = start (fixture, json, NULL);
  heddle_harness_wait_for (first, HEDDLE_EVENT_NODE_RETRY);
  close_engine (fixture);
  g_usleep (gone_ms * 1000);
  open_engine (fixture);
  result = resume_to_end (fixture, heddle_run_get_id (first));
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_fake_server_count (server), ==, 2);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "call"), ==, 2);
  g_assert_cmpuint (find_nth (result, HEDDLE_EVENT_NODE_STARTED, 1)->attempt, ==, 2);
  g_assert_cmpuint (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "call")->attempt, ==, 2);
  return result;
}

/* µs between when the attempt was told to be made again and when it was, in which the program was closed too. */
static gint64
measure_wait (const HeddleHarnessResult *result)
{
  const HeddleEvent *retry = find_nth (result, HEDDLE_EVENT_NODE_RETRY, 0);
  const HeddleEvent *again = find_nth (result, HEDDLE_EVENT_NODE_STARTED, 1);
  const HeddleEvent *continued = find_nth (result, HEDDLE_EVENT_RUN_CONTINUED, 0);

  return again->time - retry->time + heddle_json_get_int (continued->data, "gone", 0);
}

/* What waited for its next attempt waits on until it is due, counted over the time that nobody was at it. */
static void
test_retry_wait (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) soon = close_while_retrying (fixture, 0);
  g_autoptr (HeddleHarnessResult) late = close_while_retrying (fixture, 1050);

  g_assert_cmpint (measure_wait (soon), >=, 990 * 1000);
  /* Its time had come before anybody was there. */
  g_assert_cmpuint (heddle_harness_count (late, HEDDLE_EVENT_NODE_RETRY, NULL), ==, 1);
  g_assert_cmpint (find_nth (late, HEDDLE_EVENT_NODE_STARTED, 1)->seq, ==, find_nth (late, HEDDLE_EVENT_RUN_CONTINUED, 0)->seq + 1);
}

/* One process at a time; others can look at it. */
static void
test_claims (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (fixture, chain, NULL);
  const char *id = heddle_run_get_id (first);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) news = NULL;
  HeddleRunInfo *info = NULL;
  HeddleStore *own = g_steal_pointer (&fixture->store);
  HeddleEngine *engine = g_steal_pointer (&fixture->engine);

  heddle_harness_wait_for (first, HEDDLE_EVENT_NODE_SKIPPED);
  g_assert_true (heddle_store_flush (own));
  open_engine (fixture);
  g_assert_null (resume (fixture, id, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY);
  g_clear_error (&error);
  heddle_store_load_news_async (fixture->store, id, 2, 100, NULL, result_cb, &result);
  news = heddle_store_load_news_finish (fixture->store, wait_for (&result), &info, &error);
  g_assert_no_error (error);
  g_assert_true (info->is_elsewhere);
  g_assert_cmpint (((HeddleEvent *) g_ptr_array_index (news, 0))->seq, ==, 3);
  heddle_run_info_free (info);

  heddle_engine_shutdown (engine);
  g_object_unref (engine);
  g_object_unref (own);
  g_object_unref (resume (fixture, id, &error));
  g_assert_no_error (error);
  g_assert_null (resume (fixture, id, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_null (resume (fixture, "nonsense", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

static void
test_nothing_to_resume (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (fixture, chain, NULL);
  g_autoptr (HeddleHarnessResult) result = heddle_harness_wait (first);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_null (resume (fixture, heddle_run_get_id (first), &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
}

/* What is not stored is not lost by surprise: it ends as stopped. */
static void
test_memory (Fixture *fixture, gconstpointer data)
{
  HeddleRunOptions options = { .durability = HEDDLE_DURABILITY_MEMORY };
  g_autoptr (HeddleRun) run = start (fixture, chain, &options);

  heddle_harness_wait_for (run, HEDDLE_EVENT_NODE_SKIPPED);
  close_engine (fixture);
  g_assert_cmpint (heddle_run_get_state (run), ==, HEDDLE_RUN_CANCELLED);
}

/* How often a node was done in this run; what is taken from another says where it is from. */
static guint
count_done (const HeddleHarnessResult *result, const char *node)
{
  guint count = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = result->events->pdata[i];

      count += event->kind == HEDDLE_EVENT_NODE_FINISHED && g_strcmp0 (event->node, node) == 0 && heddle_json_member (event->data, "source") == NULL;
    }
  return count;
}

static void
test_from_here (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (fixture, chain, NULL);
  g_autoptr (HeddleHarnessResult) before = heddle_harness_wait (first);
  HeddleRunAgain again = { .run = heddle_run_get_id (first), .from = "after" };
  g_autoptr (HeddleHarnessResult) result = run_again_to_end (fixture, &again);
  const HeddleEvent *taken = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "pause");
  const HeddleEvent *started = heddle_harness_find (result, HEDDLE_EVENT_RUN_STARTED, NULL);

  g_assert_cmpint (before->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "\"one and one\"");
  g_assert_cmpuint (count_done (result, "pause"), ==, 0);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (taken->data, "source"), "run", NULL), ==, heddle_run_get_id (first));
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (started->data, "trigger"), "kind", NULL), ==, "fork");
  g_assert_null (heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "after")->data, "source"));
}

static void
test_edited_output (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (fixture, chain, NULL);
  g_autoptr (HeddleHarnessResult) before = heddle_harness_wait (first);
  g_autoptr (JsonNode) outputs = heddle_harness_json ("{\"first\":\"ONE\"}");
  HeddleRunAgain again = { .run = heddle_run_get_id (first), .outputs = outputs };
  g_autoptr (HeddleRun) fork = run_again (fixture, &again, NULL);
  g_autoptr (HeddleHarnessResult) result = heddle_harness_wait (fork);
  HeddleRunInfo *info = look_up (fixture, heddle_run_get_id (fork));

  g_assert_cmpint (before->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "\"ONE and ONE\"");
  g_assert_cmpstr (info->parent, ==, heddle_run_get_id (first));
  g_assert_cmpstr (info->started_by, ==, "fork");
  heddle_run_info_free (info);
}

/* One item's output is edited: the others keep theirs. */
static void
test_edited_item (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (fixture, map, NULL);
  g_autoptr (HeddleHarnessResult) before = heddle_harness_wait (first);
  g_autoptr (JsonNode) outputs = heddle_harness_json ("{\"m#3/before\":\"FOUR\"}");
  HeddleRunAgain again = { .run = heddle_run_get_id (first), .outputs = outputs };
  g_autoptr (HeddleHarnessResult) result = run_again_to_end (fixture, &again);

  g_assert_cmpint (before->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "[\"<1>\",\"<2>\",\"<3>\",\"<FOUR>\",\"<5>\",\"<6>\"]");
  g_assert_cmpuint (count_done (result, "pause"), ==, 1);
}

static void
test_until (Fixture *fixture, gconstpointer data)
{
  HeddleRunOptions options = { .until = "first" };
  g_autoptr (HeddleRun) run = start (fixture, chain, &options);
  g_autoptr (HeddleHarnessResult) result = heddle_harness_wait (run);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "\"one\"");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, NULL), ==, 2);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_SKIPPED, NULL), ==, 0);
}

static void
test_only_this (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (fixture, chain, NULL);
  g_autoptr (HeddleHarnessResult) before = heddle_harness_wait (first);
  g_autoptr (HeddlePlan) plan = compile (chain);
  HeddleRunAgain again = { .run = heddle_run_get_id (first), .plan = plan, .from = "after", .until = "after" };
  g_autoptr (HeddleHarnessResult) result = run_again_to_end (fixture, &again);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (before->state, ==, HEDDLE_RUN_OK);
  heddle_harness_assert_json (result->output, "\"one and one\"");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_STARTED, "out"), ==, 0);

  again.run = NULL;
  g_assert_null (run_again (fixture, &again, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "pin the outputs of"));
  g_clear_error (&error);
  again.from = again.until = "nowhere";
  g_assert_null (run_again (fixture, &again, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

static char *
turn (const char *workflow, const char *node, const char *mode)
{
  g_autofree char *id = g_strdup_printf ("\"id\":\"%s\",", node);
  g_auto (GStrv) parts = g_strsplit (workflow, id, 2);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strdup_printf ("%s%s\"mode\":\"%s\",%s", parts[0], id, mode, parts[1]);
}

/* What was turned off since is skipped with all that follows, whatever it gave then; turned on again, it runs. */
static void
test_turned (Fixture *fixture, gconstpointer data)
{
  g_autofree char *off = turn (chain, "pause", "off");
  g_autofree char *bypass = turn (chain, "after", "bypass");
  g_autoptr (HeddleRun) first = start (fixture, chain, NULL);
  g_autoptr (HeddleHarnessResult) before = heddle_harness_wait (first);
  g_autoptr (HeddlePlan) off_plan = compile (off);
  g_autoptr (HeddlePlan) bypass_plan = compile (bypass);
  HeddleRunAgain again = { .run = heddle_run_get_id (first), .plan = off_plan };
  g_autoptr (HeddleRun) off_run = run_again (fixture, &again, NULL);
  g_autoptr (HeddleHarnessResult) result = heddle_harness_wait (off_run);
  g_autoptr (HeddleHarnessResult) bypassed = NULL;
  g_autoptr (HeddlePlan) plan = compile (chain);

  g_assert_cmpint (before->state, ==, HEDDLE_RUN_OK);
  g_assert_nonnull (heddle_harness_find (result, HEDDLE_EVENT_NODE_SKIPPED, "pause"));
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "pause"));
  g_assert_null (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "after"));
  heddle_harness_assert_json (result->output, "null");

  again.plan = bypass_plan;
  bypassed = run_again_to_end (fixture, &again);
  g_assert_cmpuint (heddle_harness_count (bypassed, HEDDLE_EVENT_NODE_FINISHED, "after"), ==, 1);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (heddle_harness_find (bypassed, HEDDLE_EVENT_NODE_FINISHED, "after")->data, "source"), "kind", NULL), ==, "bypass");

  again.run = heddle_run_get_id (off_run);
  again.plan = plan;
  heddle_harness_result_free (g_steal_pointer (&bypassed));
  bypassed = run_again_to_end (fixture, &again);
  heddle_harness_assert_json (bypassed->output, "\"one and one\"");
}

/* A node that failed is mended, and nothing that had finished happens again. */
static void
test_mended (Fixture *fixture, gconstpointer data)
{
#define BROKEN(condition)                                                                                                                                         \
  WORKFLOW (NODE ("start", "input", "{}") "," NODE ("pause", "wait", "{\"seconds\":0.3}") "," NODE ("check", "fail", condition) "," NODE ("out", "output", "{}"), \
            EDGE ("start", "pause") "," EDGE ("pause", "check") "," EDGE ("pause", "out"))
  static const char mended[] =
    WORKFLOW (NODE ("start", "input", "{}") "," NODE ("pause", "wait", "{\"seconds\":0.3}") "," NODE ("check", "template", "{\"text\":\"fine\"}") "," NODE ("out", "output", "{}"),
              EDGE ("start", "pause") "," EDGE ("pause", "check") "," EDGE ("check", "out"));
  g_autoptr (HeddleRun) first = start (fixture, BROKEN ("{\"message\":\"broken\"}"), NULL);
  g_autoptr (HeddleHarnessResult) before = heddle_harness_wait (first);
  g_autoptr (HeddlePlan) plan = compile (mended);
  HeddleRunAgain again = { .run = heddle_run_get_id (first), .plan = plan };
  g_autoptr (HeddleHarnessResult) result = run_again_to_end (fixture, &again);

  g_assert_cmpint (before->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpuint (count_done (result, "pause"), ==, 0);
}

static gpointer
set_pages (HeddleStoreThread *thread, gpointer data, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %d", GPOINTER_TO_INT (data));

  return GINT_TO_POINTER (heddle_database_exec (heddle_store_thread_get_database (thread), sql, error));
}

static void
limit_pages (Fixture *fixture, int n_pages)
{
  g_autoptr (GError) error = NULL;

  heddle_store_thread_call (fixture->store->thread, set_pages, GINT_TO_POINTER (n_pages), &error);
  g_assert_no_error (error);
}

/* Without space the run waits, starts nothing more, and goes on by itself. */
static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  static const char large[] =
    WORKFLOW (NODE ("start", "input", "{}") "," NODE ("big", "template", "{\"text\":\"{{ 'x'.repeat(200000) }}\"}") "," NODE ("pause", "wait", "{\"seconds\":0.1}") "," NODE ("after", "template", "{\"text\":\"done\"}"),
              EDGE ("start", "big") "," EDGE ("big", "pause") "," EDGE ("pause", "after"));
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *paused, *unpaused, *after;

  limit_pages (fixture, 1);
  run = start (fixture, large, NULL);
  heddle_harness_wait_for (run, HEDDLE_EVENT_RUN_PAUSED);
  g_usleep (300 * 1000);
  g_assert_cmpint (heddle_run_get_state (run), ==, HEDDLE_RUN_RUNNING);
  limit_pages (fixture, 1000000);
  result = heddle_harness_wait (run);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  paused = heddle_harness_find (result, HEDDLE_EVENT_RUN_PAUSED, NULL);
  unpaused = heddle_harness_find (result, HEDDLE_EVENT_RUN_UNPAUSED, NULL);
  after = heddle_harness_find (result, HEDDLE_EVENT_NODE_STARTED, "after");
  g_assert_nonnull (strstr (paused->text, "no space left"));
  g_assert_cmpuint (unpaused->seq, >, paused->seq);
  g_assert_cmpuint (after->seq, >, unpaused->seq);
  assert_log (fixture, heddle_run_get_id (run), result);
}

#define ADD(name, func) g_test_add ("/resume/" name, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("closed", test_closed);
  ADD ("map", test_map);
  ADD ("remains", test_remains);
  ADD ("remains-of-another", test_remains_of_another);
  ADD ("losers", test_losers);
  ADD ("retry-wait", test_retry_wait);
  ADD ("claims", test_claims);
  ADD ("nothing-to-resume", test_nothing_to_resume);
  ADD ("memory", test_memory);
  ADD ("from-here", test_from_here);
  ADD ("edited-output", test_edited_output);
  ADD ("edited-item", test_edited_item);
  ADD ("until", test_until);
  ADD ("only-this", test_only_this);
  ADD ("turned", test_turned);
  ADD ("mended", test_mended);
  ADD ("disk-full", test_disk_full);
  return g_test_run ();
}
