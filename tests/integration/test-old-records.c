/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sqlite3.h>
#include <string.h>

#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "run/heddle-run-again.h"
#include "store/heddle-store.h"
#include "test-database.h"
#include "value/heddle-json.h"

/* Runs as older versions recorded them, whose answers of models had other names and were written as they are. */

#define LLM(id, prompt) "{\"id\":\"" id "\",\"type\":\"llm\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"" prompt "\",\"stream\":false}}"

static const char workflow[] = "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"W\",\"nodes\":[" LLM ("a", "Say hello") "," LLM ("b", "Then {{ $a.output }}") "],"
                                                                                                                                                                                    "\"edges\":[{\"from\":\"a\",\"to\":\"b\"}]}";

typedef struct
{
  char *path;
  HeddleFakeServer *server;
  HeddleModels *models;
  HeddleEngineServices services;
} Fixture;

static void
open_store (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->services.store = heddle_store_new (f->path, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->path = heddle_test_new_database_path ();
  f->server = heddle_fake_server_new ();
  f->models = heddle_fake_model_new_models (f->server);
  f->services = (HeddleEngineServices){ .models = f->models };
  open_store (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->services.store);
  g_object_unref (f->models);
  heddle_fake_server_free (f->server);
  heddle_test_remove_database (f->path);
}

static void
rename_member (JsonObject *object, const char *name, const char *old_name)
{
  g_assert_true (json_object_has_member (object, name));
  json_object_set_member (object, old_name, json_node_ref (json_object_get_member (object, name)));
  json_object_remove_member (object, name);
}

/* The text of the record of a call, with the names of then. */
static char *
dup_old (JsonNode *data)
{
  g_autofree char *text = heddle_json_to_text (data, HEDDLE_JSON_COMPACT);
  g_autoptr (JsonNode) old = heddle_harness_json (text);
  JsonObject *response = json_node_get_object (heddle_json_member (old, "response"));

  rename_member (response, "response", "text");
  rename_member (response, "response_model", "model");
  return heddle_json_to_text (old, HEDDLE_JSON_COMPACT);
}

/* data is ?1 of the statement; NULL: it has none. */
static void
execute (Fixture *f, const char *sql, const char *data)
{
  sqlite3 *database;
  sqlite3_stmt *stmt;

  g_assert_cmpint (sqlite3_open (f->path, &database), ==, SQLITE_OK);
  sqlite3_busy_timeout (database, 5000);
  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  if (data != NULL)
    g_assert_cmpint (sqlite3_bind_text (stmt, 1, data, -1, SQLITE_STATIC), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_DONE);
  g_assert_cmpint (sqlite3_finalize (stmt), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
}

static void
make_old (Fixture *f, const HeddleEvent *event)
{
  g_autofree char *data = dup_old (event->data);
  g_autofree char *sql = g_strdup_printf ("UPDATE events SET data = ?1, span = NULL WHERE seq = %" G_GUINT64_FORMAT
                                          " AND run = (SELECT key FROM runs WHERE id = 'old-run')",
                                          (guint64) event->seq);

  execute (f, sql, data);
}

/* A run of both nodes, then put into words of before; is_cut: and cut off where the second began. */
static void
record (Fixture *f, gboolean is_cut)
{
  const HeddleRunOptions options = { .id = "old-run" };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (workflow, -1, NULL);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, NULL);
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GPtrArray) events = NULL;
  guint n_made = 0;

  heddle_fake_model_push_text (f->server, "one");
  heddle_fake_model_push_text (f->server, "two");
  run = heddle_engine_start (engine, plan, NULL, &options);
  result = heddle_harness_wait (run);
  g_assert_no_error (result->error);
  heddle_engine_shutdown (engine);
  events = heddle_store_load_run (f->services.store, "old-run", NULL, NULL, NULL);
  g_clear_object (&f->services.store);
  for (guint i = 0; i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      if (event->kind != HEDDLE_EVENT_NODE_EFFECT)
        continue;
      make_old (f, event);
      n_made++;
    }
  g_assert_cmpuint (n_made, ==, 2);
  if (is_cut)
    {
      execute (f, "UPDATE runs SET state = 'interrupted' WHERE id = 'old-run'", NULL);
      execute (f, "DELETE FROM events WHERE seq > (SELECT seq FROM events WHERE node = 'b' AND kind = 'node.started')", NULL);
    }
  open_store (f);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static HeddleHarnessResult *
replay (Fixture *f)
{
  const HeddleRunAgain again = { .run = "old-run", .replay = TRUE };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleRun) run = NULL;
  HeddleHarnessResult *result;

  heddle_engine_run_again_async (engine, &again, NULL, result_cb, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_run_again_finish (engine, done, &error);
  g_assert_no_error (error);
  result = heddle_harness_wait (run);
  heddle_engine_shutdown (engine);
  return result;
}

static HeddleHarnessResult *
resume (Fixture *f)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleRun) run = NULL;
  HeddleHarnessResult *result;

  heddle_engine_resume_async (engine, "old-run", NULL, NULL, result_cb, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_resume_finish (engine, done, &error);
  g_assert_no_error (error);
  result = heddle_harness_wait (run);
  heddle_engine_shutdown (engine);
  return result;
}

static JsonNode *
get_given (const HeddleHarnessResult *result, const char *node)
{
  g_assert_no_error (result->error);
  return heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, node)->data, "result");
}

static void
check_replayed (Fixture *f, const char *last)
{
  guint n_asked = heddle_fake_server_count (f->server);
  g_autoptr (HeddleHarnessResult) result = replay (f);

  g_assert_cmpstr (heddle_json_get_string (get_given (result, "a"), "output", ""), ==, "one");
  g_assert_cmpstr (heddle_json_get_string (get_given (result, "a"), "model", ""), ==, "m-1");
  g_assert_cmpstr (heddle_json_get_string (get_given (result, "b"), "output", ""), ==, last);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, n_asked);
}

static void
test_replay (Fixture *f, gconstpointer data)
{
  record (f, FALSE);
  check_replayed (f, "two");
}

/* What goes on writes under the names of now, beside those of then; both are read. */
static void
test_resume (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  record (f, TRUE);
  heddle_fake_model_push_text (f->server, "three");
  result = resume (f);
  g_assert_cmpstr (heddle_json_get_string (get_given (result, "b"), "output", ""), ==, "three");
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 3);
  check_replayed (f, "three");
}

/* A record that lacks what it should hold is an answer without text. */
static void
test_damaged (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  record (f, FALSE);
  execute (f, "UPDATE events SET data = json_set (data, '$.response', json ('{}')) WHERE node = 'b' AND kind = 'node.effect'", NULL);
  result = replay (f);
  g_assert_cmpstr (heddle_json_get_string (get_given (result, "a"), "output", ""), ==, "one");
  g_assert_cmpstr (heddle_json_get_string (get_given (result, "b"), "output", NULL), ==, "");
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/old-records/replay", Fixture, NULL, set_up, test_replay, tear_down);
  g_test_add ("/old-records/resume", Fixture, NULL, set_up, test_resume, tear_down);
  g_test_add ("/old-records/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  return g_test_run ();
}
